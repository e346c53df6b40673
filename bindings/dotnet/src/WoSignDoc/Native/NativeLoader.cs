using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;
using System.Text;

namespace WoSignDoc.Interop;

/// <summary>Finds, opens and checks the native library, once per process.</summary>
internal static unsafe class NativeLoader
{
    /// <summary>The name by which the imports call it.</summary>
    internal const string Name = "wosigndoc";

    /// <summary>The ABI number that this package is written for.</summary>
    internal const uint Abi = 1;

    /// <summary>Every function that this package calls once the library is open.</summary>
    internal static readonly string[] Functions =
    [
        "wsd_free", "wsd_version", "wsd_catalogue", "wsd_config_resolve", "wsd_client_new", "wsd_client_free",
        "wsd_preflight", "wsd_order_create", "wsd_order_validate", "wsd_order_wire", "wsd_answer_read",
        "wsd_push_receive", "wsd_push_open", "wsd_push_feed", "wsd_push_finish", "wsd_push_abandon",
    ];

    private static readonly object Gate = new();
    private static volatile Loaded? s_loaded;

#if NET8_0_OR_GREATER
    static NativeLoader() =>
        NativeLibrary.SetDllImportResolver(
            typeof(NativeLoader).Assembly, static (name, _, _) => name == Name ? Ensure().Handle : 0);
#endif

    /// <summary>The open library; found and opened on the first call. A failure is not remembered.</summary>
    /// <exception cref="NativeLibraryException">No usable library was found.</exception>
    internal static Loaded Ensure()
    {
        if (s_loaded is { } loaded)
        {
            return loaded;
        }

        lock (Gate)
        {
            return s_loaded ??= Find(explicitPath: null);
        }
    }

    /// <summary>Opens this very file, unless it is the one that is open already.</summary>
    internal static Loaded Load(string path)
    {
        lock (Gate)
        {
            if (s_loaded is null)
            {
                return s_loaded = Find(path);
            }

            if (!string.Equals(s_loaded.Path, Path.GetFullPath(path), StringComparison.Ordinal))
            {
                throw NativeLibraryException.AlreadyLoaded(s_loaded.Path, path);
            }

            return s_loaded;
        }
    }

    /// <summary>Address of an exported function.</summary>
    internal static IntPtr Export(string name) => DynamicLinker.Find(Ensure().Handle, name);

    private static Loaded Find(string? explicitPath)
    {
        var tried = new List<string>();
        LibraryRefusal? first = null;
        foreach (string place in NativePlaces.All(explicitPath))
        {
            // A bare name is looked up by the system; the linker's words for a missing file are many.
            if (Path.IsPathRooted(place) && !File.Exists(place))
            {
                tried.Add($"{place}: no such file");
                continue;
            }

            IntPtr handle = DynamicLinker.Open(place, out string? failure);
            if (handle == IntPtr.Zero)
            {
                tried.Add($"{place}: {LastLine(failure)}");
                continue;
            }

            if (RefusalOf(place, handle) is { } refusal)
            {
                tried.Add($"{place}: {refusal.What}");
                first ??= refusal;
                continue;
            }

            return new Loaded(place, handle);
        }

        throw first is null
            ? NativeLibraryException.NotFound(tried)
            : NativeLibraryException.Refused(first, tried);
    }

    /// <summary>.NET puts advice before what the linker said.</summary>
    private static string LastLine(string? failure) => (failure ?? "unknown").Trim().Split('\n')[^1];

    /// <summary>
    /// Why a file cannot be used: another library, another ABI, or functions that it lacks, which would else
    /// be missed at some call long after. Null: it can be.
    /// </summary>
    private static LibraryRefusal? RefusalOf(string place, IntPtr handle)
    {
        if (!DynamicLinker.TryFind(handle, "wsd_abi_version", out IntPtr address))
        {
            return LibraryRefusal.NotOurs(place);
        }

        uint found = ((delegate* unmanaged[Cdecl]<uint>)address)();
        if (found != Abi)
        {
            return LibraryRefusal.WrongAbi(place, found, Abi);
        }

        string[] missing = Array.FindAll(Functions, name => !DynamicLinker.TryFind(handle, name, out _));
        return missing.Length > 0 ? LibraryRefusal.Incomplete(place, found, missing) : null;
    }

    /// <summary>The library that is open.</summary>
    internal sealed class Loaded(string path, IntPtr handle)
    {
        /// <summary>The file, or the bare name that the system resolved.</summary>
        internal string Path { get; } = path;

        /// <summary>The dynamic linker's handle.</summary>
        internal IntPtr Handle { get; } = handle;
    }
}
