using System;
using System.Collections.Generic;
using System.IO;
using System.Runtime.InteropServices;

namespace WoSignDoc.Interop;

// Which C library a process runs on. What is made for one cannot be loaded where the other is.
internal enum CLibrary
{
    Unknown,
    Glibc,
    Musl,
}

// Holds what decides about the native library: of this process, or of one that a test thinks up.
internal sealed record ProcessFacts
{
    internal const string Windows = "win", Linux = "linux", Mac = "osx";

    // The system, as in a runtime identifier.
    internal required string Os { get; init; }

    // The architecture, as in a runtime identifier: x64, x86, arm64, …
    internal required string Architecture { get; init; }

    internal CLibrary CLibrary { get; init; }

    // Whether this is .NET Framework, or Mono in its place.
    internal bool IsFramework { get; init; }

    // The name of the program without folder and suffix: w3wp is IIS.
    internal string Program { get; init; } = string.Empty;

    internal bool Is32Bit => Architecture is "x86" or "arm" or "armv6";

    internal static ProcessFacts OfThisProcess()
    {
        string os = Is(OSPlatform.Windows) ? Windows
            : Is(OSPlatform.Linux) ? Linux
            : Is(OSPlatform.OSX) ? Mac
            : "unknown";
        return new ProcessFacts
        {
            Os = os,
            Architecture = RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant(),
            CLibrary = os == Linux ? LoadedCLibrary() : CLibrary.Unknown,
            IsFramework = IsFrameworkName(RuntimeInformation.FrameworkDescription),
            Program = Path.GetFileNameWithoutExtension(ProgramPath) ?? string.Empty,
        };
    }

    // Tells the C library by the files that are mapped into the process. Those on the disk say nothing, since a system
    // may have both.
    internal static CLibrary CLibraryAmong(IEnumerable<string> mappings)
    {
        foreach (string mapping in mappings)
        {
            string file = mapping.Substring(mapping.LastIndexOf('/') + 1);
            // One that was replaced by an update is followed by " (deleted)".
            if (Starts(file, "ld-musl-") || Starts(file, "libc.musl-") || file.Split(' ')[0] == "libc.so")
            {
                return CLibrary.Musl;
            }

            // Before glibc 2.34 the names are links, and the files carry the version: libc-2.17.so.
            if (Starts(file, "libc.so.6") || Starts(file, "libc-2.") || Starts(file, "ld-linux")
                || Starts(file, "ld-2."))
            {
                return CLibrary.Glibc;
            }
        }

        return CLibrary.Unknown;
    }

    // The modern ones are called ".NET 8.0.1", ".NET Core 3.1".
    internal static bool IsFrameworkName(string description) =>
        Starts(description, ".NET Framework") || Starts(description, "Mono");

    private static CLibrary LoadedCLibrary()
    {
        try
        {
            return CLibraryAmong(File.ReadLines("/proc/self/maps"));
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return CLibrary.Unknown; // No /proc, as in some containers: the other library is tried too.
        }
    }

    private static string? ProgramPath =>
#if NET8_0_OR_GREATER
        Environment.ProcessPath;
#else
        Environment.GetCommandLineArgs()[0];
#endif

    private static bool Is(OSPlatform system) => RuntimeInformation.IsOSPlatform(system);

    private static bool Starts(string text, string beginning) => text.StartsWith(beginning, StringComparison.Ordinal);
}
