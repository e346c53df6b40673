using System;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Json;

namespace WoSignDoc.Interop;

// Owns an order that this program sends by its own HTTP client, and the byte ranges that it reads from: both stay until
// no call uses it any more.
internal sealed unsafe class HostedOrder : SafeHandle
{
    private readonly Attachments _attachments;

    private HostedOrder(Attachments attachments)
        : base(IntPtr.Zero, ownsHandle: true) => _attachments = attachments;

    // Without an order there are the byte ranges to let go of.
    public override bool IsInvalid => false;

    private static NativeFunctions Native => NativeLoader.Functions;

    // Judges an order and opens it.
    // `opened`: What the request needs: "url", "headers", "content_length", "timeout_ms" and so on.
    internal static HostedOrder Open(
        ReadOnlySpan<byte> settings, WrittenOrder order, uint timeout, out JsonElement opened)
    {
        NativeFunctions native = Native;
        nint pointer = 0;
        byte* output = null;
        nuint length = 0;
        var handle = new HostedOrder(new Attachments(order.Attachments));
        try
        {
            fixed (byte* options = settings)
            fixed (byte* text = order.Text.Span)
            fixed (nint* pointers = handle._attachments.Pointers)
            fixed (nuint* lengths = handle._attachments.Lengths)
            {
                int status = native.wsd_order_open(
                    options, (nuint)settings.Length, text, (nuint)order.Text.Length, (byte**)pointers, lengths,
                    handle._attachments.Count, timeout, &pointer, &output, &length);
                handle.SetHandle(pointer);
                opened = Answers.Take(status, output, length);
                return handle;
            }
        }
        catch
        {
            handle.Dispose();
            throw;
        }
    }

    // Reads the next bytes of the body: 0 after the last.
    internal int Read(Span<byte> buffer)
    {
        byte* output = null;
        nuint length = 0;
        nuint read = 0;
        using var lease = new Lease(this);
        fixed (byte* start = buffer)
        {
            int status = Native.wsd_order_read(
                lease.Pointer, start, (nuint)buffer.Length, &read, &output, &length);
            Answers.Expect(status, output, length);
        }

        return (int)read;
    }

    // Goes back to the first byte of the body.
    internal void Rewind()
    {
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(this);
        int status = Native.wsd_order_rewind(lease.Pointer, &output, &length);
        Answers.Expect(status, output, length);
    }

    // Reads the platform's answer, and throws what the order ends with when it is a no.
    internal JsonElement Answered(int httpStatus, ReadOnlySpan<byte> body)
    {
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(this);
        fixed (byte* start = body)
        {
            int status = Native.wsd_order_answered(
                lease.Pointer, (uint)httpStatus, start, (nuint)body.Length, &output, &length);
            return Answers.Take(status, output, length);
        }
    }

    // Tells that a try got no answer. Gives the pause before the next, and the time that is left then, or throws what
    // the order ends with.
    internal (TimeSpan Pause, TimeSpan Left) Failed(JsonObject told)
    {
        byte[] failure = told.Bytes();
        byte* output = null;
        nuint length = 0;
        using var lease = new Lease(this);
        fixed (byte* start = failure)
        {
            int status = Native.wsd_order_failed(lease.Pointer, start, (nuint)failure.Length, &output, &length);
            JsonElement next = Answers.Take(status, output, length);
            return (next.Milliseconds("pause_ms"), next.Milliseconds("timeout_ms"));
        }
    }

    protected override bool ReleaseHandle()
    {
        Native.wsd_order_close(handle);
        _attachments.Dispose();
        return true;
    }
}
