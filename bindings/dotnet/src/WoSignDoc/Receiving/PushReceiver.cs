using System;
using System.Buffers;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Receives a push: whole by the static methods, or piece by piece in constant memory by an instance. Either
/// way nothing comes out unless the body was complete and the hash held. An instance is for one
/// push and one thread at a time; disposing it before <see cref="Finish"/> leaves nothing behind.
/// </summary>
public sealed class PushReceiver : IDisposable
{
    // The size of the pieces in which streams are read, in bytes.
    private const int Piece = 64 * 1024;

    private readonly PushHandle _handle;
    private readonly string? _path;
    private readonly Memory<byte> _buffer;

    private PushReceiver(PushOptions? options, string? path, Memory<byte> buffer)
    {
        _path = path;
        _buffer = buffer;
        _handle = Core.OpenPush((options ?? new PushOptions()).ToJson(path), buffer);
    }

    /// <summary>Receives a whole body; the document comes as an array of its own.</summary>
    /// <param name="body">The request body as it came: JSON in UTF-8.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <exception cref="ProtocolException">The body is not a push, cut short, or over a limit.</exception>
    /// <exception cref="IntegrityException">The document does not match its hash.</exception>
    /// <exception cref="UntrustedException">
    /// It is for another order than expected, or its signatures do not prove it.
    /// </exception>
    public static ReceivedPush Receive(ReadOnlySpan<byte> body, PushOptions? options = null)
    {
        // Base64 of n bytes is at least 4n/3 characters, so this always suffices: no second copy.
        int max = (int)(body.Length / 4L * 3L) + 3;
#if NET8_0_OR_GREATER
        byte[] buffer = GC.AllocateUninitializedArray<byte>(max);
#else
        byte[] buffer = new byte[max];
#endif
        JsonElement answer = Core.Receive(body, (options ?? new PushOptions()).ToJson(null), buffer);
        return new ReceivedPush(answer, Filled(buffer, answer), null);
    }

    /// <summary>Receives a whole body; the document goes into your buffer.</summary>
    /// <param name="body">The request body as it came: JSON in UTF-8.</param>
    /// <param name="buffer">Three quarters of the body's length always suffice.</param>
    /// <param name="options">Null: the defaults.</param>
    /// <returns>
    /// Its <see cref="ReceivedPush.Length"/> says how much of the buffer is the document. After a failure the
    /// buffer's content is of no use.
    /// </returns>
    /// <inheritdoc cref="Receive(ReadOnlySpan{byte}, PushOptions?)" path="/exception"/>
    /// <exception cref="InvalidCallException">The buffer is too small.</exception>
    public static ReceivedPush ReceiveInto(ReadOnlySpan<byte> body, Memory<byte> buffer, PushOptions? options = null)
    {
        byte[] settings = (options ?? new PushOptions()).ToJson(null);
        JsonElement answer;
        if (buffer.IsEmpty)
        {
            // No buffer would mean an owned one; a failed order needs none, and a document does not fit.
            answer = Core.Receive(body, settings, new byte[1]);
            if (answer.Long("length") > 0)
            {
                throw new ArgumentException("the buffer is empty", nameof(buffer));
            }
        }
        else
        {
            answer = Core.Receive(body, settings, buffer.Span);
        }

        return new ReceivedPush(answer, Filled(buffer, answer), null);
    }

    /// <summary>Receives a whole body into a file.</summary>
    /// <param name="body">The request body as it came: JSON in UTF-8.</param>
    /// <param name="path">
    /// The file; it gets this name only after the hash held and the document is on the disk.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <inheritdoc cref="Receive(ReadOnlySpan{byte}, PushOptions?)" path="/exception"/>
    /// <exception cref="FileException">The file cannot be written.</exception>
    public static ReceivedPush ReceiveToFile(ReadOnlySpan<byte> body, string path, PushOptions? options = null)
    {
        string full = Path.GetFullPath(Argument.NotEmpty(path, nameof(path)));
        JsonElement answer = Core.Receive(body, (options ?? new PushOptions()).ToJson(full), default);
        return new ReceivedPush(answer, null, full);
    }

    /// <summary>Receives a stream into a file, in constant memory.</summary>
    /// <param name="body">The request body; read to its end, not closed.</param>
    /// <param name="path">
    /// The file; it gets this name only after the hash held and the document is on the disk.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <inheritdoc cref="ReceiveToFile(ReadOnlySpan{byte}, string, PushOptions?)" path="/exception"/>
    public static ReceivedPush ReadToFile(Stream body, string path, PushOptions? options = null)
    {
        Argument.NotNull(body, nameof(body));
        using PushReceiver receiver = ToFile(path, options);
        receiver.FeedAsync(body, synchronous: true, CancellationToken.None).GetAwaiter().GetResult();
        return receiver.Finish();
    }

    /// <summary>Receives a stream into a file, in constant memory, reading it asynchronously.</summary>
    /// <param name="body">The request body; read to its end, not closed.</param>
    /// <param name="path">
    /// The file; it gets this name only after the hash held and the document is on the disk.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="cancellationToken">Ends the reading; nothing is left behind then.</param>
    /// <inheritdoc cref="ReceiveToFile(ReadOnlySpan{byte}, string, PushOptions?)" path="/exception"/>
    public static async Task<ReceivedPush> ReadToFileAsync(
        Stream body, string path, PushOptions? options = null, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(body, nameof(body));
        using PushReceiver receiver = ToFile(path, options);
        await receiver.FeedAsync(body, synchronous: false, cancellationToken).ConfigureAwait(false);
        return receiver.Finish();
    }

    /// <summary>Opens a receiver into memory of its own.</summary>
    public static PushReceiver ToMemory(PushOptions? options = null) => new(options, null, default);

    /// <summary>Opens a receiver into your buffer, which stays pinned until the receiver is disposed.</summary>
    public static PushReceiver ToBuffer(Memory<byte> buffer, PushOptions? options = null) =>
        buffer.IsEmpty
            ? throw new ArgumentException("must not be empty", nameof(buffer))
            : new PushReceiver(options, null, buffer);

    /// <summary>
    /// Opens a receiver into a file, which gets its name only after the hash held and the document is on the disk.
    /// </summary>
    public static PushReceiver ToFile(string path, PushOptions? options = null) =>
        new(options, Path.GetFullPath(Argument.NotEmpty(path, nameof(path))), default);

    /// <summary>Takes the next piece of the body, of any length.</summary>
    /// <inheritdoc cref="ReceiveToFile(ReadOnlySpan{byte}, string, PushOptions?)" path="/exception"/>
    /// <exception cref="InvalidCallException">This receiver has ended.</exception>
    public void Feed(ReadOnlySpan<byte> piece) => Core.Feed(_handle, piece);

    /// <summary>Verifies the push, whose body is complete, and stores the document.</summary>
    /// <inheritdoc cref="ReceiveToFile(ReadOnlySpan{byte}, string, PushOptions?)" path="/exception"/>
    /// <exception cref="InvalidCallException">This receiver has ended.</exception>
    public ReceivedPush Finish()
    {
        JsonElement answer = Core.Finish(_handle, out byte[] document);
        if (_path is not null)
        {
            return new ReceivedPush(answer, null, _path);
        }

        return new ReceivedPush(answer, _buffer.IsEmpty ? document : Filled(_buffer, answer), null);
    }

    /// <summary>Ends the receiver. What was not finished leaves nothing behind.</summary>
    public void Dispose() => _handle.Dispose();

    internal async Task FeedAsync(Stream body, bool synchronous, CancellationToken cancellation)
    {
        byte[] piece = ArrayPool<byte>.Shared.Rent(Piece);
        try
        {
            int read;
            do
            {
#pragma warning disable CA1835 // The Memory overload does not exist on .NET Framework.
                read = synchronous
                    ? body.Read(piece, 0, Piece)
                    : await body.ReadAsync(piece, 0, Piece, cancellation).ConfigureAwait(false);
#pragma warning restore CA1835
                Feed(piece.AsSpan(0, read));
            }
            while (read > 0);
        }
        finally
        {
            // It held a contract.
            ArrayPool<byte>.Shared.Return(piece, clearArray: true);
        }
    }

    private static ReadOnlyMemory<byte> Filled(Memory<byte> buffer, JsonElement answer) =>
        buffer.Slice(0, (int)(answer.Long("length") ?? 0));
}
