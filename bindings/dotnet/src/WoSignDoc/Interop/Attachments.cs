using System;
using System.Buffers;
using System.Collections.Generic;

namespace WoSignDoc.Interop;

// Holds byte ranges in place for a native call, as its two arrays of pointers and lengths.
internal sealed unsafe class Attachments : IDisposable
{
    private readonly MemoryHandle[] _pins;

    internal Attachments(IReadOnlyList<ReadOnlyMemory<byte>> ranges)
    {
        _pins = new MemoryHandle[ranges.Count];
        Pointers = new nint[ranges.Count];
        Lengths = new nuint[ranges.Count];
        for (int at = 0; at < ranges.Count; at++)
        {
            _pins[at] = ranges[at].Pin();
            Pointers[at] = (nint)_pins[at].Pointer;
            Lengths[at] = (nuint)ranges[at].Length;
        }
    }

    internal nint[] Pointers { get; }

    internal nuint[] Lengths { get; }

    internal nuint Count => (nuint)_pins.Length;

    public void Dispose()
    {
        foreach (MemoryHandle pin in _pins)
        {
            pin.Dispose();
        }
    }
}
