using System;
using System.Runtime.InteropServices;

namespace WoSignDoc.Interop;

#if NET8_0_OR_GREATER
// Opens libraries through the runtime.
internal static class DynamicLinker
{
    // Opens a library; gives zero and the linker's own words when it cannot.
    internal static IntPtr Open(string path, out string? failure)
    {
        failure = null;
        try
        {
            return NativeLibrary.Load(path);
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            failure = exception.Message.Trim();
            return IntPtr.Zero;
        }
    }

    internal static bool TryFind(IntPtr handle, string name, out IntPtr address) =>
        NativeLibrary.TryGetExport(handle, name, out address);
}
#else
// Opens libraries through the system's linker: .NET Framework and Mono have no API for it.
internal static class DynamicLinker
{
    private const int Now = 2;
    private const uint AlteredSearchPath = 8;

    // Opens a library; gives zero and the linker's own words when it cannot.
    internal static IntPtr Open(string path, out string? failure)
    {
        if (RuntimeInformation.IsOSPlatform(OSPlatform.Windows))
        {
            // The wide one, for Chinese letters in the path, which is a full one: the flag is for those alone.
            IntPtr module = LoadLibraryEx(path, IntPtr.Zero, AlteredSearchPath);
            failure = module == IntPtr.Zero ? new System.ComponentModel.Win32Exception().Message : null;
            return module;
        }

        // Once before, so that binding dlerror itself, on its first call, does not eat what it should tell.
        dlerror();
        IntPtr handle = dlopen(path, Now);
        failure = handle == IntPtr.Zero ? Marshal.PtrToStringAnsi(dlerror()) : null;
        return handle;
    }

    internal static bool TryFind(IntPtr handle, string name, out IntPtr address)
    {
        address = RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
            ? GetProcAddress(handle, name)
            : dlsym(handle, name);
        return address != IntPtr.Zero;
    }

    // glibc's libdl.so.2 stays even where libc itself holds these functions, and musl takes the name for its own; macOS
    // maps libdl to libSystem.
    private static readonly bool Versioned = RuntimeInformation.IsOSPlatform(OSPlatform.Linux);

    private static IntPtr dlopen(string path, int flags) => Versioned ? dlopen2(path, flags) : dlopen0(path, flags);

    private static IntPtr dlsym(IntPtr handle, string name) =>
        Versioned ? dlsym2(handle, name) : dlsym0(handle, name);

    private static IntPtr dlerror() => Versioned ? dlerror2() : dlerror0();

    // The names are ASCII; a path is the one string here that is not blittable, before anything is loaded.
    [DllImport("libdl.so.2", EntryPoint = "dlopen")]
    private static extern IntPtr dlopen2([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libdl.so.2", EntryPoint = "dlsym")]
    private static extern IntPtr dlsym2(IntPtr handle, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libdl.so.2", EntryPoint = "dlerror")]
    private static extern IntPtr dlerror2();

    [DllImport("libdl", EntryPoint = "dlopen")]
    private static extern IntPtr dlopen0([MarshalAs(UnmanagedType.LPStr)] string path, int flags);

    [DllImport("libdl", EntryPoint = "dlsym")]
    private static extern IntPtr dlsym0(IntPtr handle, [MarshalAs(UnmanagedType.LPStr)] string name);

    [DllImport("libdl", EntryPoint = "dlerror")]
    private static extern IntPtr dlerror0();

    [DllImport("kernel32", EntryPoint = "LoadLibraryExW", CharSet = CharSet.Unicode, SetLastError = true)]
    private static extern IntPtr LoadLibraryEx(string path, IntPtr reserved, uint flags);

    [DllImport("kernel32", CharSet = CharSet.Ansi, BestFitMapping = false, ThrowOnUnmappableChar = true)]
    private static extern IntPtr GetProcAddress(IntPtr module, [MarshalAs(UnmanagedType.LPStr)] string name);
}
#endif
