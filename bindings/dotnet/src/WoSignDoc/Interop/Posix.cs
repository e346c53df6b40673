using System;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace WoSignDoc.Interop;

// What Unix says of files and .NET does not tell, on all targets alike.
internal static unsafe class Posix
{
    internal const int OwnerOnly = 0x180; // 0600
    private const int AllOfOwner = 0x1C0; // 0700
    private const int PermissionBits = 0x1FF;
    private const int NoFollow = 0x100;

    internal static bool IsHere { get; } = !RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    // Makes a folder for this user alone; false when it is there already.
    internal static bool MakeFolder(string path)
    {
        if (!IsHere)
        {
            // With the permissions that it inherits: in the temporary folder these keep other users from reading.
            Directory.CreateDirectory(path);
            return true;
        }

        const int AlreadyThere = 17;
        if (With(path, static name => mkdir(name, AllOfOwner)) == 0)
        {
            return true;
        }

        return Marshal.GetLastWin32Error() == AlreadyThere
            ? false
            : throw new IOException($"cannot make {path} (error {Marshal.GetLastWin32Error()})");
    }

    internal static void SetMode(string path, int mode)
    {
        if (IsHere && With(path, name => chmod(name, (uint)mode)) != 0)
        {
            throw new IOException($"cannot change the permissions of {path}");
        }
    }

    // Takes the lock of a file that is open; it ends with the file, or the process. False: another has it. A file
    // system without locks says so by null.
    internal static bool? TryLock(FileStream file)
    {
        const int Exclusive = 2, NotBlocking = 4, Taken = 11, TakenOnMac = 35;
        if (!IsHere)
        {
            return true; // Whoever could open it has it: no other may share it.
        }

        if (flock((int)file.SafeFileHandle.DangerousGetHandle(), Exclusive | NotBlocking) == 0)
        {
            return true;
        }

        return Marshal.GetLastWin32Error() is Taken or TakenOnMac ? false : null;
    }

    // The owner and the permissions of what has this very name, links not followed; null where that cannot be told.
    // `direct`: By the kernel's own call, for which glibc before 2.28 and musl before 1.2.5 have no function.
    internal static (uint Owner, int Mode)? Look(string path, bool direct = false) =>
        Status(path, NoFollow, direct) is { } found ? (found.Owner, found.Mode & PermissionBits) : null;

    // Whether this is a file with contents of its own, or a link to one, and no folder, pipe or device; null where that
    // cannot be told.
    internal static bool? IsRegular(string path)
    {
        const int Kind = 0xF000, Regular = 0x8000;
        return Status(path, 0, direct: false) is { } found ? (found.Mode & Kind) == Regular : null;
    }

    private static (uint Owner, int Mode)? Status(string path, int flags, bool direct)
    {
        const int CurrentFolder = -100, OwnerAt = 20, ModeAt = 28;
        const uint Basic = 0x7FF;
        byte* found = stackalloc byte[256];
        try
        {
            // Laid out alike on every machine, unlike what stat fills.
            fixed (byte* name = Terminated(path))
            {
                bool seen = direct
                    ? syscall(StatxNumber, CurrentFolder, name, flags, (nint)Basic, found) == 0
                    : statx(CurrentFolder, name, flags, Basic, found) == 0;
                return seen ? (*(uint*)(found + OwnerAt), *(ushort*)(found + ModeAt)) : null;
            }
        }
        catch (EntryPointNotFoundException) when (!direct && StatxNumber != 0)
        {
            return Status(path, flags, direct: true);
        }
        catch (Exception exception) when (exception is EntryPointNotFoundException or DllNotFoundException)
        {
            return null;
        }
    }

    // Linux's number of the call.
    private static nint StatxNumber => !RuntimeInformation.IsOSPlatform(OSPlatform.Linux)
        ? 0
        : RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => 332,
            Architecture.Arm64 => 291,
            _ => 0,
        };

    private delegate int Call(byte* path);

    private static int With(string path, Call call)
    {
        fixed (byte* name = Terminated(path))
        {
            return call(name);
        }
    }

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

#pragma warning disable SYSLIB1054, CA5392 // The other targets have no generated imports; libc is the system's own.
    [DllImport("libc", SetLastError = true)]
    private static extern int mkdir(byte* path, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int chmod(byte* path, uint mode);

    [DllImport("libc", SetLastError = true)]
    private static extern int flock(int file, int operation);

    [DllImport("libc", SetLastError = true)]
    private static extern int statx(int folder, byte* path, int flags, uint mask, byte* found);

    [DllImport("libc", SetLastError = true)]
    private static extern nint syscall(nint number, nint folder, byte* path, nint flags, nint mask, byte* found);
#pragma warning restore SYSLIB1054, CA5392
}
