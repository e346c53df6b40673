using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

// Keeps a stream's content, in memory or in a temporary file that goes with it.
internal sealed class Spool : IDisposable
{
    // How much is kept in memory, in bytes.
    internal const int InMemory = 1024 * 1024;

    private const int Piece = 64 * 1024;

    private SpoolPlace? _place;

    private Spool()
    {
    }

    // The content, when there is no file.
    internal ReadOnlyMemory<byte> Bytes { get; private set; }

    // The file with the content, when it was too large for memory.
    internal string? Path => _place?.File("document");

    // Reads a stream to its end.
    internal static async Task<Spool> ReadAsync(Stream stream, bool synchronous, CancellationToken cancellation)
    {
        var spool = new Spool();
        Stream into = new MemoryStream();
        try
        {
            byte[] piece = new byte[Piece];
            int read;
            while ((read = await NextAsync(stream, piece, synchronous, cancellation).ConfigureAwait(false)) > 0)
            {
                if (spool._place is null && into.Length + read > InMemory)
                {
                    into = spool.MoveToFile((MemoryStream)into);
                }

                into.Write(piece, 0, read);
            }

            if (into is MemoryStream memory)
            {
                spool.Bytes = new ReadOnlyMemory<byte>(memory.GetBuffer(), 0, (int)memory.Length);
            }

            into.Dispose(); // Writes what is buffered, and fails when the disk is full.
            return spool;
        }
        catch
        {
            using (spool)
            {
                into.Dispose();
            }

            throw;
        }
    }

    // Removes the file. Never throws: the platform may have taken the order already.
    public void Dispose() => _place?.Dispose();

    private static Task<int> NextAsync(Stream stream, byte[] piece, bool synchronous, CancellationToken cancellation)
    {
#pragma warning disable CA1835 // The Memory overload does not exist on .NET Framework.
        return synchronous
            ? Task.FromResult(stream.Read(piece, 0, piece.Length))
            : stream.ReadAsync(piece, 0, piece.Length, cancellation);
#pragma warning restore CA1835
    }

    private FileStream MoveToFile(MemoryStream memory)
    {
        _place = SpoolFolder.Open(null).NewPlace();
        var file = new FileStream(_place.File("document"), FileMode.CreateNew, FileAccess.Write, FileShare.Read, Piece);
        memory.WriteTo(file);
        memory.Dispose();
        return file;
    }
}
