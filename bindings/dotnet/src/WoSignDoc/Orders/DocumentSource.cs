using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

/// <summary>
/// Says where the bytes of a document, a seal or a material come from. Files are read, and bytes encoded, while the
/// order is sent.
/// </summary>
public abstract class DocumentSource
{
    private protected DocumentSource()
    {
    }

    /// <summary>Names a file, which is read while the order is sent.</summary>
    public static DocumentSource FromFile(string path) => new FileSource(Argument.NotEmpty(path, nameof(path)));

    /// <summary>
    /// Takes bytes, which are not copied: leave them unchanged until the call has returned.
    /// </summary>
    public static DocumentSource FromBytes(byte[] bytes) => new BytesSource(Argument.NotNull(bytes, nameof(bytes)));

    /// <inheritdoc cref="FromBytes(byte[])"/>
    public static DocumentSource FromBytes(ReadOnlyMemory<byte> bytes) => new BytesSource(bytes);

    /// <summary>
    /// Takes a stream, which is read from its present position when the order is checked or sent: up to 1 MiB in
    /// memory, more in a temporary file that only this user can read and that is gone when the call returns. A stream that
    /// cannot seek serves one call only. Calls that share this source read it one after the other; nothing else may
    /// read the stream meanwhile. It is not closed.
    /// </summary>
    public static DocumentSource FromStream(Stream stream) =>
        new StreamSource(Argument.NotNull(stream, nameof(stream)));

    /// <summary>Takes base64 text that you have already; it is checked and passed on.</summary>
    public static DocumentSource FromBase64(string base64) =>
        new Base64Source(Argument.NotNull(base64, nameof(base64)));

    /// <summary>Takes bytes, as by <see cref="FromBytes(byte[])"/>.</summary>
    public static implicit operator DocumentSource(byte[] bytes) => FromBytes(bytes);

    // The suffix that its name has, without the dot; null when it has no name.
    internal virtual string? Suffix => null;

    // Writes where the bytes are, and keeps for the call what they need.
    internal abstract void Write(OrderWriter writer, string field);

    // Reads ahead what the native library cannot read by itself.
    internal virtual Task PrepareAsync(OrderWriter writer, bool synchronous, CancellationToken cancellation) =>
        Task.CompletedTask;

    private sealed class FileSource(string path) : DocumentSource
    {
        internal override string? Suffix => Path.GetExtension(path).TrimStart('.') is { Length: > 0 } s ? s : null;

        internal override void Write(OrderWriter writer, string field) => writer.File(field, path);
    }

    private sealed class BytesSource(ReadOnlyMemory<byte> bytes) : DocumentSource
    {
        internal override void Write(OrderWriter writer, string field) => writer.Attachment(field, bytes);
    }

    private sealed class Base64Source(string base64) : DocumentSource
    {
        internal override void Write(OrderWriter writer, string field) => writer.Text(field, base64);
    }

#pragma warning disable CA1001 // A semaphore whose wait handle nobody asks for holds nothing to dispose of.
    private sealed class StreamSource : DocumentSource
#pragma warning restore CA1001
    {
        private readonly Stream _stream;
        private readonly long _start;
        private readonly SemaphoreSlim _turn = new(1, 1);
        private bool _used;

        internal StreamSource(Stream stream)
        {
            _stream = stream;
            _start = stream.CanSeek ? stream.Position : 0;
        }

        internal override string? Suffix => _stream is FileStream { Name: { } name }
            && Path.GetExtension(name).TrimStart('.') is { Length: > 0 } suffix ? suffix : null;

        internal override async Task PrepareAsync(
            OrderWriter writer, bool synchronous, CancellationToken cancellation)
        {
            if (writer.Spooled(this) is not null)
            {
                return;
            }

            if (synchronous)
            {
                _turn.Wait(cancellation);
            }
            else
            {
                await _turn.WaitAsync(cancellation).ConfigureAwait(false);
            }

            try
            {
                Rewind();
                writer.Keep(this, await Spool.ReadAsync(_stream, synchronous, cancellation).ConfigureAwait(false));
            }
            finally
            {
                _turn.Release();
            }
        }

        private void Rewind()
        {
            if (_stream.CanSeek)
            {
                _stream.Position = _start;
            }
            else if (_used)
            {
                throw new InvalidOperationException(
                    "the stream of this document was read by an earlier call and cannot seek: give a new one"
                    + "（该文档的流已被读取且不能回退，请提供新的流）");
            }

            _used = true;
        }

        internal override void Write(OrderWriter writer, string field)
        {
            Spool spool = writer.Spooled(this) ?? throw new InvalidOperationException("not prepared");
            if (spool.Path is { } path)
            {
                writer.File(field, path);
            }
            else
            {
                writer.Attachment(field, spool.Bytes);
            }
        }
    }
}
