using System;
using System.Buffers.Binary;
using System.IO;
using System.Linq;

namespace WoSignDoc.Interop;

// Looks at a library's file before the system's linker does: Linux ends a process by a signal that maps a file which is cut
// off, waits for ever at a pipe, and says of a file for another processor that it cannot be opened.
internal static class ElfFile
{
    private const int HeaderLength = 64;

    private static readonly byte[] Magic = [0x7F, (byte)'E', (byte)'L', (byte)'F'];

    // The numbers that ELF has for processors, their names in .NET, and those by which Linux knows them.
    private static readonly (int Number, string Architecture, string Name)[] Machines =
    [
        (3, "x86", "x86"), (21, "ppc64le", "ppc64le"), (22, "s390x", "s390x"), (40, "arm", "arm"),
        (62, "x64", "x86_64"), (183, "arm64", "aarch64"), (243, "riscv64", "riscv64"), (258, "loongarch64", "loongarch64"),
    ];

    // Says why a file cannot be loaded; null: it may be, as far as can be seen.
    internal static LibraryRefusal? RefusalOf(string path, ProcessFacts facts)
    {
        if (Directory.Exists(path) || (facts.Os == ProcessFacts.Linux && Posix.IsRegular(path) == false))
        {
            return LibraryRefusal.NotRegular(path);
        }

        if (facts.Os != ProcessFacts.Linux)
        {
            return null;
        }

        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return RefusalOf(path, Header(file), (ulong)file.Length, facts.Architecture);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // The linker says why it cannot be opened.
        }
    }

    private static LibraryRefusal? RefusalOf(string path, ReadOnlySpan<byte> header, ulong length, string architecture)
    {
        if (header.IsEmpty)
        {
            return LibraryRefusal.CutOff(path);
        }

        if (!header.StartsWith(Magic))
        {
            return LibraryRefusal.NotElf(path);
        }

        if (header.Length < HeaderLength)
        {
            return LibraryRefusal.CutOff(path);
        }

        bool bigEndian = header[5] == 2;
        int machine = bigEndian
            ? BinaryPrimitives.ReadUInt16BigEndian(header.Slice(18))
            : BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(18));
        (int number, _, string here) = Machines.FirstOrDefault(one => one.Architecture == architecture);
        if (here is not null && machine != number)
        {
            string? there = Machines.FirstOrDefault(one => one.Number == machine).Name;
            return LibraryRefusal.OtherProcessor(path, there ?? FormattableString.Invariant($"ELF machine {machine}"), here);
        }

        return header[4] == 2 && !bigEndian && IsCutOff(header, length) ? LibraryRefusal.CutOff(path) : null;
    }

    // The table of sections is the last of a file of 64 bits; without one it is at 0.
    private static bool IsCutOff(ReadOnlySpan<byte> header, ulong length)
    {
        ulong sections = BinaryPrimitives.ReadUInt64LittleEndian(header.Slice(0x28));
        ulong size = (ulong)BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(0x3A))
            * BinaryPrimitives.ReadUInt16LittleEndian(header.Slice(0x3C));
        return sections > length || size > length - sections;
    }

    // Gives the beginning of a file: less than a header of one that is shorter.
    private static byte[] Header(FileStream file)
    {
        byte[] header = new byte[HeaderLength];
        int length = 0, read;
        while (length < header.Length && (read = file.Read(header, length, header.Length - length)) > 0)
        {
            length += read;
        }

        Array.Resize(ref header, length);
        return header;
    }
}
