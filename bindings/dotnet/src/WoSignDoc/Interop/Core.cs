using System;
using System.Text.Json;
using WoSignDoc.Json;
using unsafe Describe = delegate* unmanaged[Cdecl]<byte**, nuint*, int>;
using unsafe Store = delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, byte**, nuint*, int>;
using unsafe Tell = delegate* unmanaged[Cdecl]<byte*, nuint, byte**, nuint*, int>;

namespace WoSignDoc.Interop;

// Calls the native functions, one by one, in .NET's types.
internal static unsafe class Core
{
    private static NativeFunctions Native => NativeLoader.Functions;

    internal static JsonElement Version() => Call(Native.wsd_version);

    internal static JsonElement Catalogue() => Call(Native.wsd_catalogue);

    internal static JsonElement ResolveConfiguration(ReadOnlySpan<byte> source) =>
        Call(Native.wsd_config_resolve, source);

    // Checks the configuration of a client whose orders this program's own HTTP client sends. Gives its "endpoint".
    internal static JsonElement CheckHosted(ReadOnlySpan<byte> configuration) =>
        Call(Native.wsd_config_hosted, configuration);

    internal static ClientHandle OpenClient(ReadOnlySpan<byte> configuration, out JsonElement about)
    {
        nint client = 0;
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = configuration)
        {
            int status = Native.wsd_client_new(start, (nuint)configuration.Length, &client, &output, &length);
            var handle = new ClientHandle(client);
            about = Answers.Take(status, output, length);
            return handle;
        }
    }

    // `live`: Whether orders are sent that must be refused.
    internal static JsonElement Preflight(ReadOnlySpan<byte> configuration, uint timeout, bool live)
    {
        byte* output = null;
        nuint length = 0;
        ReadOnlySpan<byte> options = live ? "{\"live\":true}"u8 : default;
        fixed (byte* start = configuration)
        fixed (byte* text = options)
        {
            int status = Native.wsd_preflight_with(
                start, (nuint)configuration.Length, text, (nuint)options.Length, timeout, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    // `told`: What this program's own HTTP client is, and what came of the "request" of an earlier report.
    internal static JsonElement PreflightHosted(ReadOnlySpan<byte> configuration, ReadOnlySpan<byte> told, uint timeout)
    {
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = configuration)
        fixed (byte* text = told)
        {
            int status = Native.wsd_preflight_hosted(
                start, (nuint)configuration.Length, text, (nuint)told.Length, timeout, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    internal static JsonElement Create(ClientHandle client, WrittenOrder order, uint timeout)
    {
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(client);
        using var attachments = new Attachments(order.Attachments);
        fixed (byte* text = order.Text.Span)
        fixed (nint* pointers = attachments.Pointers)
        fixed (nuint* lengths = attachments.Lengths)
        {
            int status = Native.wsd_order_create(
                lease.Pointer, text, (nuint)order.Text.Length, (byte**)pointers, lengths, attachments.Count,
                timeout, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    internal static JsonElement Validate(ReadOnlySpan<byte> settings, WrittenOrder order)
    {
        byte* output = null;
        nuint length = 0;
        using var attachments = new Attachments(order.Attachments);
        fixed (byte* options = settings)
        fixed (byte* text = order.Text.Span)
        fixed (nint* pointers = attachments.Pointers)
        fixed (nuint* lengths = attachments.Lengths)
        {
            int status = Native.wsd_order_validate(
                options, (nuint)settings.Length, text, (nuint)order.Text.Length, (byte**)pointers, lengths,
                attachments.Count, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    internal static JsonElement Wire(ReadOnlySpan<byte> settings, WrittenOrder order, out byte[] body)
    {
        byte* wire = null;
        nuint wireLength = 0;
        byte* output = null;
        nuint length = 0;
        using var attachments = new Attachments(order.Attachments);
        fixed (byte* options = settings)
        fixed (byte* text = order.Text.Span)
        fixed (nint* pointers = attachments.Pointers)
        fixed (nuint* lengths = attachments.Lengths)
        {
            int status = Native.wsd_order_wire(
                options, (nuint)settings.Length, text, (nuint)order.Text.Length, (byte**)pointers, lengths,
                attachments.Count, &wire, &wireLength, &output, &length);
            return TakeBoth(status, wire, wireLength, output, length, out body);
        }
    }

    internal static JsonElement ReadAnswer(int httpStatus, ReadOnlySpan<byte> body)
    {
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = body)
        {
            int status = Native.wsd_answer_read((uint)httpStatus, start, (nuint)body.Length, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    // Receives a whole push into the caller's buffer, or, with a path among the options, into a file.
    internal static JsonElement Receive(ReadOnlySpan<byte> body, ReadOnlySpan<byte> options, Span<byte> buffer)
    {
        byte* document = null;
        nuint documentLength = 0;
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = body)
        fixed (byte* settings = options)
        fixed (byte* into = buffer)
        {
            int status = Native.wsd_push_receive(
                start, (nuint)body.Length, settings, (nuint)options.Length, into, (nuint)buffer.Length,
                &document, &documentLength, &output, &length);
            return TakeBoth(status, document, documentLength, output, length, out _);
        }
    }

    // Opens a receiver; an empty buffer is none.
    internal static PushHandle OpenPush(ReadOnlySpan<byte> options, Memory<byte> buffer)
    {
        NativeFunctions native = Native;
        nint push = 0;
        byte* output = null;
        nuint length = 0;
        var handle = new PushHandle(buffer);
        try
        {
            fixed (byte* settings = options)
            {
                int status = native.wsd_push_open(
                    settings, (nuint)options.Length, handle.Buffer, (nuint)buffer.Length, &push, &output, &length);
                handle.Opened(push);
                Answers.Expect(status, output, length);
                return handle;
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    internal static void Feed(PushHandle push, ReadOnlySpan<byte> piece)
    {
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(push);
        fixed (byte* start = piece)
        {
            int status = Native.wsd_push_feed(lease.Pointer, start, (nuint)piece.Length, &output, &length);
            Answers.Expect(status, output, length);
        }
    }

    internal static JsonElement Finish(PushHandle push, out byte[] document)
    {
        byte* data = null;
        nuint dataLength = 0;
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(push);
        int status = Native.wsd_push_finish(lease.Pointer, &data, &dataLength, &output, &length);
        return TakeBoth(status, data, dataLength, output, length, out document);
    }

    // Verifies a document, or, with a path among the options, a file; `sent` may be empty.
    internal static JsonElement Verify(
        ReadOnlySpan<byte> document, ReadOnlySpan<byte> sent, ReadOnlySpan<byte> options)
    {
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = document)
        fixed (byte* original = sent)
        fixed (byte* settings = options)
        {
            int status = Native.wsd_verify(
                start, (nuint)document.Length, original, (nuint)sent.Length, settings, (nuint)options.Length,
                &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    // Names the tops of the chains in a document, or, with a path among the options, in a file.
    internal static JsonElement TrustOf(ReadOnlySpan<byte> document, ReadOnlySpan<byte> options)
    {
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = document)
        fixed (byte* settings = options)
        {
            int status = Native.wsd_trust_of(
                start, (nuint)document.Length, settings, (nuint)options.Length, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    internal static JsonElement ClaimDelivery(byte[] delivery) => Call(Native.wsd_delivery_claim, delivery);

    internal static JsonElement CompleteDelivery(byte[] delivery) => Call(Native.wsd_delivery_complete, delivery);

    internal static JsonElement RenewDelivery(byte[] delivery) => Call(Native.wsd_delivery_renew, delivery);

    internal static JsonElement ReleaseDelivery(byte[] delivery) => Call(Native.wsd_delivery_release, delivery);

    internal static void WriteDocument(ReadOnlySpan<byte> document, string path) =>
        Keep(Native.wsd_document_write, document, path);

    internal static void MoveDocument(string from, string path) =>
        Keep(Native.wsd_document_move, JsonWriting.Utf8(from, "path"), path);

    private static JsonElement Call(Describe function)
    {
        byte* output = null;
        nuint length = 0;
        int status = function(&output, &length);
        return Answers.Take(status, output, length);
    }

    private static JsonElement Call(Tell function, ReadOnlySpan<byte> text)
    {
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = text)
        {
            int status = function(start, (nuint)text.Length, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    private static void Keep(Store function, ReadOnlySpan<byte> what, string path)
    {
        byte[] where = JsonWriting.Utf8(path, nameof(path));
        byte* output = null;
        nuint length = 0;
        fixed (byte* start = what)
        fixed (byte* target = where)
        {
            int status = function(start, (nuint)what.Length, target, (nuint)where.Length, &output, &length);
            Answers.Expect(status, output, length);
        }
    }

    private static JsonElement TakeBoth(
        int status, byte* bulk, nuint bulkLength, byte* output, nuint length, out byte[] copy)
    {
        try
        {
            copy = Answers.Copy(bulk, bulkLength);
        }
        finally
        {
            Native.wsd_free(bulk, bulkLength);
        }

        return Answers.Take(status, output, length);
    }
}
