#if NET8_0_OR_GREATER
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

[assembly: DisableRuntimeMarshalling]

namespace WoSignDoc.Interop;

/// <summary>The C ABI, bound by the source generator. Every type that crosses is blittable.</summary>
internal static unsafe partial class Native
{
    private const string Library = NativeLoader.Name;

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void wsd_free(byte* buffer, nuint length);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_version(byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_catalogue(byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_config_resolve(
        byte* source, nuint sourceLength, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_client_new(
        byte* config, nuint configLength, nint* client, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void wsd_client_free(nint client);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_preflight(
        byte* config, nuint configLength, uint timeoutMilliseconds, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_order_create(
        nint client, byte* order, nuint orderLength, byte** attachments, nuint* attachmentLengths,
        nuint attachmentCount, uint timeoutMilliseconds, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_order_validate(
        byte* settings, nuint settingsLength, byte* order, nuint orderLength, byte** attachments,
        nuint* attachmentLengths, nuint attachmentCount, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_order_wire(
        byte* settings, nuint settingsLength, byte* order, nuint orderLength, byte** attachments,
        nuint* attachmentLengths, nuint attachmentCount, byte** body, nuint* bodyLength,
        byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_answer_read(
        uint httpStatus, byte* body, nuint bodyLength, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_push_receive(
        byte* body, nuint bodyLength, byte* options, nuint optionsLength, byte* buffer, nuint bufferLength,
        byte** document, nuint* documentLength, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_push_open(
        byte* options, nuint optionsLength, byte* buffer, nuint bufferLength, nint* push,
        byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_push_feed(
        nint push, byte* piece, nuint pieceLength, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial int wsd_push_finish(
        nint push, byte** document, nuint* documentLength, byte** output, nuint* outputLength);

    [LibraryImport(Library)]
    [UnmanagedCallConv(CallConvs = [typeof(CallConvCdecl)])]
    internal static partial void wsd_push_abandon(nint push);
}
#endif
