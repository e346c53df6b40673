using System;
using System.IO;
using System.Threading;

namespace WoSignDoc.Tests.Support;

/// <summary>A network that only counts.</summary>
internal sealed class Sink(ManualResetEventSlim? gate = null) : Stream
{
    private long _length;

    internal ManualResetEventSlim Reached { get; } = new();

    internal int Largest { get; private set; }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => _length;

    public override long Position
    {
        get => _length;
        set => throw new NotSupportedException();
    }

    public override void Write(byte[] buffer, int offset, int count)
    {
        Reached.Set();
        gate?.Wait();
        _length += count;
        Largest = Math.Max(Largest, count);
    }

    public override void Flush()
    {
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
