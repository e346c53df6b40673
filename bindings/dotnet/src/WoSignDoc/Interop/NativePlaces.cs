using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Runtime.InteropServices;

namespace WoSignDoc.Interop;

// Lists where the native library may be, in the order of looking.
internal static class NativePlaces
{
    internal const string Variable = "WOSIGNDOC_LIBRARY";

    // Gives the one file that was named, since whoever names a file means it; otherwise the packaged one
    // beside the program, then the system's.
    internal static IEnumerable<string> All(string? explicitPath)
    {
        string? named = explicitPath ?? Environment.GetEnvironmentVariable(Variable);
        if (!string.IsNullOrEmpty(named))
        {
            return [Path.GetFullPath(named)];
        }

        string file = FileName;
        string[] folders = [string.Empty, Path.Combine("runtimes", Rid, "native"), Architecture];
        IEnumerable<string> packaged =
            from root in Roots()
            from folder in folders
            select Path.Combine(root, folder, file);
        return packaged.Concat(SearchFolders().Select(folder => Path.Combine(folder, file)))
            .Distinct()
            .Concat(SystemNames);
    }

    private static IEnumerable<string> Roots()
    {
        yield return AppDomain.CurrentDomain.BaseDirectory;
#if NET8_0_OR_GREATER
        // A single-file program has no assembly location; its base directory is the whole answer then.
        yield return AppContext.BaseDirectory;
#else
        // ASP.NET keeps assemblies in bin/ and runs shadow copies of them from elsewhere.
        if (AppDomain.CurrentDomain.RelativeSearchPath is { Length: > 0 } bin)
        {
            yield return Path.Combine(AppDomain.CurrentDomain.BaseDirectory, bin);
        }

        if (Uri.TryCreate(typeof(NativePlaces).Assembly.CodeBase, UriKind.Absolute, out Uri? home) && home.IsFile)
        {
            yield return Path.GetDirectoryName(home.LocalPath)!;
        }
#endif
    }

    // Gives the folders in which a modern runtime found the native files of packages.
    private static string[] SearchFolders()
    {
#if NET8_0_OR_GREATER
        return (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
#else
        return [];
#endif
    }

    private static bool IsWindows => RuntimeInformation.IsOSPlatform(OSPlatform.Windows);

    private static bool IsMac => RuntimeInformation.IsOSPlatform(OSPlatform.OSX);

    private static string FileName => IsWindows ? "wosigndoc.dll" : IsMac ? "libwosigndoc.dylib" : "libwosigndoc.so";

    private static string[] SystemNames => IsWindows || IsMac ? [FileName] : ["libwosigndoc.so.1", FileName];

    private static string Architecture => RuntimeInformation.ProcessArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "x64",
        System.Runtime.InteropServices.Architecture.X86 => "x86",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "arm",
        _ => "unknown",
    };

    private static string Rid => (IsWindows ? "win-" : IsMac ? "osx-" : "linux-") + Architecture;
}
