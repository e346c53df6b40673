using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Holds a push that was received and verified: a signed document, or the news that the order failed. The protocol
/// does not say who pushed it; what does are the signatures inside the document.
/// </summary>
public sealed class ReceivedPush
{
    private ReadOnlyMemory<byte>? _memory; // Once it was read, or when it lies in no file.
    private int? _modeWhenMoved;

    // `json`: The core's answer.
    // `document`: The document, when it is in memory; null: it is in the file.
    // `path`: Its file, by its full path: the current folder may be another later.
    internal ReceivedPush(JsonElement json, ReadOnlyMemory<byte>? document, string? path)
    {
        Acknowledgement = json.Text("acknowledgement") ?? string.Empty;
        Failed = json.Number("status") == 0;
        ErrorCodes = json.List("errorcodes", static one => one.GetInt32());
        UnreadErrorCode = json.Text("unread_errorcode");
        Errors = json.List("errors", static one => new PlatformError(one));
        SignId = json.Text("signid");
        OrderNumber = json.Text("ordernumber");
        JsonElement hash = json.Field("hash") ?? default;
        HashAlgorithm = hash.Text("algorithm");
        HashEncoding = hash.Text("encoding");
        Sha256 = json.Text("sha256");
        Length = json.Long("length") ?? 0;
        DeliveryKey = json.Text("delivery_key");
        AlreadyStored = json.Flag("already_stored");
        Report = json.Read("report", static one => new VerificationReport(one));
        _memory = document;
        Path = Failed ? null : path;
    }

    /// <summary>The answer, with status 200 and as <c>text/plain</c>, to give once the document is stored.</summary>
    public string Acknowledgement { get; }

    /// <summary>Whether the order failed; then there is no document, and <see cref="Errors"/> say why.</summary>
    public bool Failed { get; }

    /// <summary>
    /// The codes of the failure; empty for a signed document, and when no code could be read: see
    /// <see cref="UnreadErrorCode"/>.
    /// </summary>
    public IReadOnlyList<int> ErrorCodes { get; }

    /// <summary>The reason as it was given, when some of it is no code; else null.</summary>
    public string? UnreadErrorCode { get; }

    // The reason of a failure as one text.
    private string Why => UnreadErrorCode
        ?? string.Join("&", ErrorCodes.Select(static code => code.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The codes with what they mean.</summary>
    public IReadOnlyList<PlatformError> Errors { get; }

    /// <summary>The platform's id of the order.</summary>
    public string? SignId { get; }

    /// <summary>Your number of the contract.</summary>
    public string? OrderNumber { get; }

    // The order number for a log.
    internal string? LoggedNumber => Printable(OrderNumber);

    // The platform's id for a log.
    internal string? LoggedId => Printable(SignId);

    /// <summary>The hash that the platform sent and that holds: <c>sha256</c>, <c>sha384</c> or <c>sha512</c>.</summary>
    public string? HashAlgorithm { get; }

    /// <summary>The form in which that hash was written: <c>hex</c> or <c>base64</c>.</summary>
    public string? HashEncoding { get; }

    /// <summary>The SHA-256 of the document, in lower-case hex.</summary>
    public string? Sha256 { get; }

    /// <summary>The length of the document, in bytes.</summary>
    public long Length { get; }

    /// <summary>
    /// The name under which to remember that this push was processed: the same whenever the same document, or
    /// failure, of an order comes again. 64 hex digits; null for a push that names no order.
    /// </summary>
    public string? DeliveryKey { get; }

    /// <summary>Whether the file held this very document already, and was left as it was.</summary>
    public bool AlreadyStored { get; }

    /// <summary>
    /// What the document's signatures prove, with <see cref="PushOptions.Verify"/>: it is valid then. Null without, and
    /// when the order failed.
    /// </summary>
    public VerificationReport? Report { get; }

    /// <summary>
    /// Verifies the document, wherever it lies, by further demands, such as the order as it was sent.
    /// </summary>
    /// <param name="options">Whom you trust, and what you demand.</param>
    /// <exception cref="InvalidOperationException">The order failed: there is no document.</exception>
    /// <exception cref="InvalidCallException">A setting is wrong.</exception>
    /// <exception cref="FileException">Its file is gone, as after the endpoint's function has returned.</exception>
    public VerificationReport Verify(VerifyOptions options)
    {
        ThrowIfFailed();
        Argument.NotNull(options, nameof(options));
        return _memory is { } memory
            ? DocumentVerifier.Verify(memory.Span, options)
            : DocumentVerifier.VerifyFile(Path!, options);
    }

    /// <summary>
    /// The document's bytes, wherever it lies, for instance for a column of a database (<c>Document.ToArray()</c>). A file
    /// is read once, when this is first asked for; <see cref="OpenRead"/> needs less memory for a large one.
    /// </summary>
    /// <exception cref="InvalidOperationException">The order failed: there is no document.</exception>
    /// <exception cref="FileException">Its file is gone, as after the endpoint's function has returned.</exception>
    public ReadOnlyMemory<byte> Document
    {
        get
        {
            ThrowIfFailed();
            return _memory ??= Read(Path!);
        }
    }

    /// <summary>
    /// The file with the document; null while it is in memory. In an endpoint's function there always is one, gone
    /// afterwards: <see cref="MoveTo"/> keeps it, and <see cref="Document"/> has its bytes.
    /// </summary>
    public string? Path { get; private set; }

    /// <summary>Opens the document for reading, in memory or in its file.</summary>
    /// <exception cref="InvalidOperationException">The order failed: there is no document.</exception>
    /// <exception cref="FileException">Its file is gone, as after the endpoint's function has returned.</exception>
    public Stream OpenRead()
    {
        ThrowIfFailed();
        if (_memory is not { } memory)
        {
            return Open(Path!);
        }

        return MemoryMarshal.TryGetArray(memory, out ArraySegment<byte> array)
            ? new MemoryStream(array.Array!, array.Offset, array.Count, writable: false)
            : new MemoryStream(memory.ToArray(), writable: false);
    }

    /// <summary>
    /// Stores the document as a file: when this returns, it is on the disk under that name, whatever happens to
    /// the machine then. On the same disk that is a rename, to another a copy. A file that is there already is
    /// replaced; a symbolic link is replaced too, not followed.
    /// </summary>
    /// <param name="path">The file's final name.</param>
    /// <exception cref="FileException">It cannot be stored there; the document is where it was.</exception>
    /// <exception cref="InvalidOperationException">The order failed: there is no document.</exception>
    public void MoveTo(string path)
    {
        string target = System.IO.Path.GetFullPath(Argument.NotEmpty(path, nameof(path)));
        ThrowIfFailed();
        if (Path is { } source)
        {
            Show(source);
            Core.MoveDocument(source, target);
        }
        else
        {
            Core.WriteDocument(Document.Span, target);
        }

        Path = target;
    }

    /// <summary>Writes the document to a stream, a piece at a time.</summary>
    /// <exception cref="InvalidOperationException">The order failed: there is no document.</exception>
    public async Task CopyToAsync(Stream stream, CancellationToken cancellationToken = default)
    {
        using Stream document = OpenRead();
        await document.CopyToAsync(
            Argument.NotNull(stream, nameof(stream)), 64 * 1024, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Gives the order number and the outcome.</summary>
    public override string ToString() =>
        Failed
            ? $"order {LoggedNumber} failed: {Printable(Why)}"
            : FormattableString.Invariant($"order {LoggedNumber}: {Length} bytes");

    // Makes text of a push fit for a log: whoever sent it could forge lines of it, or fill it.
    private static string? Printable(string? text)
    {
        const int Limit = 128;
        static char Replace(char character) => char.GetUnicodeCategory(character) is UnicodeCategory.Control
            or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
            ? '?'
            : character;
        return text is null ? null : new string([.. text.Take(Limit).Select(Replace)]) + (text.Length > Limit ? "…" : "");
    }

    // Says which permissions the file gets when it leaves the place where it is hidden.
    internal void Hidden(int? modeWhenMoved) => _modeWhenMoved = modeWhenMoved;

    private void Show(string path)
    {
        if (_modeWhenMoved is not { } mode)
        {
            return;
        }

        try
        {
            Posix.SetMode(path, mode);
            _modeWhenMoved = null;
        }
        catch (IOException exception)
        {
            throw FileException.Gone(path, exception);
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileException.Gone(path, exception);
        }
    }

    private static FileStream Open(string path)
    {
        try
        {
            // Whoever reads it must not keep it from being moved or removed, on Windows.
            return new FileStream(
                path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 64 * 1024, useAsync: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw FileException.Gone(path, exception);
        }
    }

    private void ThrowIfFailed()
    {
        if (Failed)
        {
            throw new InvalidOperationException("the order failed: there is no document（订单失败，没有文档）");
        }
    }
}

/// <summary>Describes why the platform let an order fail.</summary>
public sealed class PlatformError
{
    internal PlatformError(JsonElement json)
    {
        Code = json.Number("code") ?? 0;
        Message = json.Text("message") ?? string.Empty;
        MessageZh = json.Text("message_zh") ?? string.Empty;
        Advice = json.Text("advice") ?? string.Empty;
        AdviceZh = json.Text("advice_zh") ?? string.Empty;
        Retry = json.Flag("retry");
    }

    /// <summary>The protocol's code, e.g. -50.</summary>
    public int Code { get; }

    /// <summary>The meaning of the code, in English.</summary>
    public string Message { get; }

    /// <summary>The meaning of the code, in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>What to do, in English.</summary>
    public string Advice { get; }

    /// <summary>What to do, in Chinese (simplified).</summary>
    public string AdviceZh { get; }

    /// <summary>Whether the same order can succeed later without a change.</summary>
    public bool Retry { get; }

    /// <summary>Gives code and message on one line.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Code}] {Message}");
}
