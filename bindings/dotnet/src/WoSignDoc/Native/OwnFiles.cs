using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

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

    /// <summary>Makes a folder that nobody else can enter. On Windows the temporary folder is the user's anyway.</summary>
    internal static string MakeTemporaryFolder()
    {
#if NET8_0_OR_GREATER
        return Directory.CreateTempSubdirectory("wosigndoc-").FullName;
#else
        const int AllOfOwner = 448; // 0700
        string folder = Path.Combine(Path.GetTempPath(), $"wosigndoc-{Guid.NewGuid():N}");
        if (IsWindows)
        {
            Directory.CreateDirectory(folder);
        }
        else if (mkdir(folder, AllOfOwner) != 0)
        {
            throw new IOException($"cannot make {folder}");
        }

        return folder;
#endif
    }

    /// <summary>
    /// Renames a file, replacing what is there: .NET's own moves copy across disks. False when it cannot be done.
    /// </summary>
    internal static bool Rename(string source, string target)
    {
        if (IsWindows)
        {
            const uint ReplaceExisting = 1, WriteThrough = 8;
            return MoveFileEx(Long(source), Long(target), ReplaceExisting | WriteThrough) != 0;
        }

        return RenameOnUnix(source, target);
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
        fixed (byte* path = Bytes(folder))
        {
            return open(path, 0); // O_RDONLY is 0 on every Unix.
        }
    }

    private static unsafe bool RenameOnUnix(string source, string target)
    {
        fixed (byte* from = Bytes(source))
        fixed (byte* to = Bytes(target))
        {
            return rename(from, to) == 0;
        }
    }

    private static byte[] Bytes(string path) => Encoding.UTF8.GetBytes(path + "\0");

    /// <summary>A full path as Windows takes it at any length.</summary>
    private static string Long(string path) =>
        path.StartsWith(@"\\", StringComparison.Ordinal) ? path : @"\\?\" + path;

#if NET8_0_OR_GREATER
    [LibraryImport("libc")]
    private static unsafe partial int open(byte* path, int flags);

    [LibraryImport("libc")]
    private static unsafe partial int rename(byte* source, byte* target);

    [LibraryImport("kernel32", EntryPoint = "MoveFileExW", StringMarshalling = StringMarshalling.Utf16)]
    private static partial int MoveFileEx(string source, string target, uint flags);

    [LibraryImport("libc")]
    private static partial int fsync(int descriptor);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
#else
    [DllImport("libc")]
    private static extern unsafe int open(byte* path, int flags);

    [DllImport("libc")]
    private static extern unsafe int rename(byte* source, byte* target);

    [DllImport("kernel32", EntryPoint = "MoveFileExW", CharSet = CharSet.Unicode)]
    private static extern int MoveFileEx(string source, string target, uint flags);

    [DllImport("libc")]
    private static extern int fsync(int descriptor);

    [DllImport("libc")]
    private static extern int close(int descriptor);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int chmod([MarshalAs(UnmanagedType.LPStr)] string path, int mode);

    [DllImport("libc", CharSet = CharSet.Ansi, BestFitMapping = false)]
    private static extern int mkdir([MarshalAs(UnmanagedType.LPStr)] string path, int mode);
#endif
}
