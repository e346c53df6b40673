#if !NET8_0_OR_GREATER
using System;

namespace WoSignDoc.Interop;

/// <summary>
/// The C ABI for .NET Framework and Mono, which have no import resolver: function pointers looked up in the
/// library that <see cref="NativeLoader"/> opened. The same names and signatures as the generated ones.
/// </summary>
internal static unsafe class Native
{
    private static IntPtr At(string name) => NativeLoader.Export(name);

    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, void> Free =
        (delegate* unmanaged[Cdecl]<byte*, nuint, void>)At("wsd_free");
    private static readonly delegate* unmanaged[Cdecl]<byte**, nuint*, int> Version =
        (delegate* unmanaged[Cdecl]<byte**, nuint*, int>)At("wsd_version");
    private static readonly delegate* unmanaged[Cdecl]<byte**, nuint*, int> Catalogue =
        (delegate* unmanaged[Cdecl]<byte**, nuint*, int>)At("wsd_catalogue");
    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, byte**, nuint*, int> ConfigResolve =
        (delegate* unmanaged[Cdecl]<byte*, nuint, byte**, nuint*, int>)At("wsd_config_resolve");
    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, nint*, byte**, nuint*, int> ClientNew =
        (delegate* unmanaged[Cdecl]<byte*, nuint, nint*, byte**, nuint*, int>)At("wsd_client_new");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> ClientFree =
        (delegate* unmanaged[Cdecl]<nint, void>)At("wsd_client_free");
    private static readonly delegate* unmanaged[Cdecl]<byte*, nuint, uint, byte**, nuint*, int> Preflight =
        (delegate* unmanaged[Cdecl]<byte*, nuint, uint, byte**, nuint*, int>)At("wsd_preflight");
    private static readonly delegate* unmanaged[Cdecl]<
        nint, byte*, nuint, byte**, nuint*, nuint, uint, byte**, nuint*, int> OrderCreate =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, nuint, uint, byte**, nuint*, int>)
        At("wsd_order_create");
    private static readonly delegate* unmanaged[Cdecl]<
        byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, int> OrderValidate =
        (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, int>)
        At("wsd_order_validate");
    private static readonly delegate* unmanaged[Cdecl]<
        byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, byte**, nuint*, int> OrderWire =
        (delegate* unmanaged[Cdecl]<
            byte*, nuint, byte*, nuint, byte**, nuint*, nuint, byte**, nuint*, byte**, nuint*, int>)
        At("wsd_order_wire");
    private static readonly delegate* unmanaged[Cdecl]<uint, byte*, nuint, byte**, nuint*, int> AnswerRead =
        (delegate* unmanaged[Cdecl]<uint, byte*, nuint, byte**, nuint*, int>)At("wsd_answer_read");
    private static readonly delegate* unmanaged[Cdecl]<
        byte*, nuint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, int> PushReceive =
        (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, byte*, nuint, byte**, nuint*, byte**, nuint*, int>)
        At("wsd_push_receive");
    private static readonly delegate* unmanaged[Cdecl]<
        byte*, nuint, byte*, nuint, nint*, byte**, nuint*, int> PushOpen =
        (delegate* unmanaged[Cdecl]<byte*, nuint, byte*, nuint, nint*, byte**, nuint*, int>)At("wsd_push_open");
    private static readonly delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, int> PushFeed =
        (delegate* unmanaged[Cdecl]<nint, byte*, nuint, byte**, nuint*, int>)At("wsd_push_feed");
    private static readonly delegate* unmanaged[Cdecl]<nint, byte**, nuint*, byte**, nuint*, int> PushFinish =
        (delegate* unmanaged[Cdecl]<nint, byte**, nuint*, byte**, nuint*, int>)At("wsd_push_finish");
    private static readonly delegate* unmanaged[Cdecl]<nint, void> PushAbandon =
        (delegate* unmanaged[Cdecl]<nint, void>)At("wsd_push_abandon");

    internal static void wsd_free(byte* buffer, nuint length) => Free(buffer, length);

    internal static int wsd_version(byte** output, nuint* outputLength) => Version(output, outputLength);

    internal static int wsd_catalogue(byte** output, nuint* outputLength) => Catalogue(output, outputLength);

    internal static int wsd_config_resolve(byte* source, nuint sourceLength, byte** output, nuint* outputLength) =>
        ConfigResolve(source, sourceLength, output, outputLength);

    internal static int wsd_client_new(
        byte* config, nuint configLength, nint* client, byte** output, nuint* outputLength) =>
        ClientNew(config, configLength, client, output, outputLength);

    internal static void wsd_client_free(nint client) => ClientFree(client);

    internal static int wsd_preflight(
        byte* config, nuint configLength, uint timeoutMilliseconds, byte** output, nuint* outputLength) =>
        Preflight(config, configLength, timeoutMilliseconds, output, outputLength);

    internal static int wsd_order_create(
        nint client, byte* order, nuint orderLength, byte** attachments, nuint* attachmentLengths,
        nuint attachmentCount, uint timeoutMilliseconds, byte** output, nuint* outputLength) =>
        OrderCreate(client, order, orderLength, attachments, attachmentLengths, attachmentCount,
            timeoutMilliseconds, output, outputLength);

    internal static int wsd_order_validate(
        byte* settings, nuint settingsLength, byte* order, nuint orderLength, byte** attachments,
        nuint* attachmentLengths, nuint attachmentCount, byte** output, nuint* outputLength) =>
        OrderValidate(settings, settingsLength, order, orderLength, attachments, attachmentLengths,
            attachmentCount, output, outputLength);

    internal static int wsd_order_wire(
        byte* settings, nuint settingsLength, byte* order, nuint orderLength, byte** attachments,
        nuint* attachmentLengths, nuint attachmentCount, byte** body, nuint* bodyLength,
        byte** output, nuint* outputLength) =>
        OrderWire(settings, settingsLength, order, orderLength, attachments, attachmentLengths,
            attachmentCount, body, bodyLength, output, outputLength);

    internal static int wsd_answer_read(
        uint httpStatus, byte* body, nuint bodyLength, byte** output, nuint* outputLength) =>
        AnswerRead(httpStatus, body, bodyLength, output, outputLength);

    internal static int wsd_push_receive(
        byte* body, nuint bodyLength, byte* options, nuint optionsLength, byte* buffer, nuint bufferLength,
        byte** document, nuint* documentLength, byte** output, nuint* outputLength) =>
        PushReceive(body, bodyLength, options, optionsLength, buffer, bufferLength, document, documentLength,
            output, outputLength);

    internal static int wsd_push_open(
        byte* options, nuint optionsLength, byte* buffer, nuint bufferLength, nint* push,
        byte** output, nuint* outputLength) =>
        PushOpen(options, optionsLength, buffer, bufferLength, push, output, outputLength);

    internal static int wsd_push_feed(
        nint push, byte* piece, nuint pieceLength, byte** output, nuint* outputLength) =>
        PushFeed(push, piece, pieceLength, output, outputLength);

    internal static int wsd_push_finish(
        nint push, byte** document, nuint* documentLength, byte** output, nuint* outputLength) =>
        PushFinish(push, document, documentLength, output, outputLength);

    internal static void wsd_push_abandon(nint push) => PushAbandon(push);
}
#endif
