using System;
using System.IO;
using System.Runtime.InteropServices;

namespace WoSignDoc.Interop;

/// <summary>What .NET cannot do with files by itself on Unix.</summary>
internal static partial class OwnFiles
{
    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    /// <summary>Lets nobody else read a file. On Windows the temporary folder belongs to the user anyway.</summary>
    internal static void ForOwnerOnly(string path)
    {
        if (IsWindows)
        {
            return;
        }

#if NET8_0_OR_GREATER
#pragma warning disable CA1416 // Guarded by IsWindows.
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
#pragma warning restore CA1416
#else
        const int ReadWriteOwner = 384; // 0600
        if (chmod(path, ReadWriteOwner) != 0)
        {
            throw new IOException($"cannot restrict access to {path}");
        }
#endif
    }

    /// <summary>
    /// Brings a rename in this folder to the disk (P-30). .NET cannot open folders, so this asks the system; on
    /// Windows the file system's journal does it.
    /// </summary>
    internal static void FlushFolder(string folder)
    {
        if (IsWindows)
        {
            return;
        }

        int descriptor = Open(folder);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open {folder} to flush it");
        }

        int failed = fsync(descriptor);
        _ = close(descriptor);
        if (failed != 0)
        {
            throw new IOException($"cannot flush {folder}");
        }
    }

    private static unsafe int Open(string folder)
    {
        byte[] path = System.Text.Encoding.UTF8.GetBytes(folder + "\0");
        fixed (byte* start = path)
        {
            return open(start, 0); // O_RDONLY is 0 on every Unix.
        }
    }

#if NET8_0_OR_GREATER
    [LibraryImport("libc")]
    private static unsafe partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
#else
    [DllImport("libc")]
    private static extern unsafe int open(byte* path, int flags);

    [DllImport("libc")]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int chmod([MarshalAs(UnmanagedType.LPStr)] string path, int mode);
#endif
}
