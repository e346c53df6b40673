using System;
using System.Collections.Generic;
using System.IO;

namespace WoSignDoc.Interop;

// Finds, opens and checks the native library, once per process.
internal static unsafe class NativeLoader
{
    // The ABI number that this package is written for.
    internal const uint Abi = 1;

    private static readonly object Gate = new();
    private static volatile Loaded? s_loaded;

    // The functions of the open library, which is found and opened on first use.
    // Throws NativeLibraryException: No usable library was found.
    internal static NativeFunctions Functions => Ensure().Functions;

    // Gives the open library, found and opened on the first call. A failure is not remembered.
    // Throws NativeLibraryException: No usable library was found.
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

    // Opens this very file, unless it is the one that is open already.
    internal static Loaded Load(string path)
    {
        lock (Gate)
        {
            if (s_loaded is null)
            {
                return s_loaded = Find(path);
            }

            // Windows knows files by names in which case makes no difference.
            bool windows = Path.DirectorySeparatorChar == '\\';
            StringComparison byCase = windows ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;
            if (!string.Equals(s_loaded.Path, Path.GetFullPath(path), byCase))
            {
                throw NativeLibraryException.AlreadyLoaded(s_loaded.Path, path);
            }

            return s_loaded;
        }
    }

    private static Loaded Find(string? explicitPath)
    {
        var tried = new List<string>();
        LibraryRefusal? first = null;
        var facts = ProcessFacts.OfThisProcess();
        string? named = NativePlaces.Named(explicitPath);
        foreach (string place in NativePlaces.All(named, facts))
        {
            // A bare name is looked up by the system; the linker's words for a missing file are many.
            bool file = Path.IsPathRooted(place);
            if (file && !File.Exists(place) && !Directory.Exists(place))
            {
                tried.Add($"{place}: no such file");
                continue;
            }

            if (file && ElfFile.RefusalOf(place, facts) is { } unfit)
            {
                tried.Add($"{place}: {unfit.What}");
                first ??= unfit;
                continue;
            }

            IntPtr handle = DynamicLinker.Open(place, out string? failure);
            if (handle == IntPtr.Zero)
            {
                tried.Add($"{place}: {LastLine(failure)}");
                continue;
            }

            if (RefusalOf(place, handle, out NativeFunctions functions) is { } refusal)
            {
                tried.Add($"{place}: {refusal.What}");
                first ??= refusal;
                continue;
            }

            return new Loaded(place, functions);
        }

        throw first is null
            ? NativeLibraryException.NotFound(facts, tried, named is not null)
            : NativeLibraryException.Refused(first, tried);
    }

    // Takes what the linker said: .NET puts advice before it.
    private static string LastLine(string? failure) => (failure ?? "unknown").Trim().Split('\n')[^1];

    // Says why a file cannot be used: another library, another ABI, or functions that it lacks, which would
    // else be missed at some call long after. Null: it can be.
    private static LibraryRefusal? RefusalOf(string place, IntPtr handle, out NativeFunctions functions)
    {
        functions = new NativeFunctions(handle, out IReadOnlyList<string> missing);
        if (!DynamicLinker.TryFind(handle, "wsd_abi_version", out IntPtr address))
        {
            return LibraryRefusal.NotOurs(place);
        }

        uint found = ((delegate* unmanaged[Cdecl]<uint>)address)();
        if (found != Abi)
        {
            return LibraryRefusal.WrongAbi(place, found, Abi);
        }

        return missing.Count > 0 ? LibraryRefusal.Incomplete(place, found, missing) : null;
    }

    // The library that is open.
    internal sealed class Loaded(string path, NativeFunctions functions)
    {
        // The file, or the bare name that the system resolved.
        internal string Path { get; } = path;

        // What it exports.
        internal NativeFunctions Functions { get; } = functions;
    }
}
