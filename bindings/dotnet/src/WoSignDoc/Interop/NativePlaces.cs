using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace WoSignDoc.Interop;

// Lists where the native library may be, in the order of looking.
internal static class NativePlaces
{
    internal const string Variable = "WOSIGNDOC_LIBRARY";

    // Gives the one file that was named, in full; null: none was.
    internal static string? Named(string? explicitPath)
    {
        string? named = explicitPath ?? Environment.GetEnvironmentVariable(Variable);
        return string.IsNullOrEmpty(named) ? null : Path.GetFullPath(named);
    }

    // Gives the one file that was named, since whoever names a file means it; otherwise the packaged one with the
    // program, then the system's.
    internal static IEnumerable<string> All(string? named, ProcessFacts facts)
    {
        if (named is not null)
        {
            return [named];
        }

        return Packaged(Roots(facts).Where(Directory.Exists), facts)
            .Concat(SearchFolders().Select(folder => Path.Combine(folder, NativePlatforms.FileName(facts.Os))))
            .Distinct()
            .Concat(SystemNames(facts.Os));
    }

    // Beside the program, as a build for one platform puts it, and in the folders of the platforms that fit.
    internal static IEnumerable<string> Packaged(IEnumerable<string> roots, ProcessFacts facts)
    {
        string file = NativePlatforms.FileName(facts.Os);
        string[] folders =
            [string.Empty, .. NativePlatforms.For(facts).Select(static one => Path.Combine("runtimes", one, "native"))];
        return from root in roots from folder in folders select Path.Combine(root, folder, file);
    }

    // Where a program on .NET Framework has its assemblies. ASP.NET keeps them in bin and runs copies of them from
    // elsewhere: the code base is the place of the original.
    internal static IEnumerable<string> FrameworkRoots(
        string baseDirectory, string? searchPath, string? codeBase, ProcessFacts facts)
    {
        yield return baseDirectory;
        foreach (string folder in (searchPath ?? string.Empty).Split([';'], StringSplitOptions.RemoveEmptyEntries))
        {
            yield return Path.Combine(baseDirectory, folder);
        }

        yield return Path.Combine(baseDirectory, "bin");
        if (CodeBaseFolder(codeBase, facts.Os == ProcessFacts.Windows) is { } home)
        {
            yield return home;
        }
    }

    // Gives the folder of a code base, which is a path behind "file://" with nothing escaped: read as a URI it would
    // end at a "#", and "%41" in it would be taken for "A".
    internal static string? CodeBaseFolder(string? codeBase, bool windows)
    {
        const string Scheme = "file://";
        if (codeBase?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true)
        {
            return null;
        }

        // "/C:/site/bin/a.dll", "server/share/a.dll", "/srv/site/bin/a.dll"
        string path = codeBase.Substring(Scheme.Length);
        if (windows)
        {
            path = path.Length > 0 && path[0] == '/' ? path.Substring(1) : "//" + path;
            path = path.Replace('/', '\\');
        }

        int end = path.LastIndexOf(windows ? '\\' : '/');
        return end > 0 ? path.Substring(0, end) : null;
    }

    // Nothing looks for a bare name on Windows: the current folder and every folder of PATH could hand in a file there.
    private static string[] SystemNames(string os) => os switch
    {
        ProcessFacts.Windows => [],
        ProcessFacts.Mac => [NativePlatforms.FileName(os)],
        _ => ["libwosigndoc.so.1", NativePlatforms.FileName(os)],
    };

#if NET8_0_OR_GREATER
    // A single-file program has no assembly location; its base directory is the whole answer then.
    private static string[] Roots(ProcessFacts _) => [AppDomain.CurrentDomain.BaseDirectory, AppContext.BaseDirectory];

    // Gives the folders in which a modern runtime found the native files of packages.
    private static string[] SearchFolders() =>
        (AppContext.GetData("NATIVE_DLL_SEARCH_DIRECTORIES") as string ?? string.Empty)
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries);
#else
    private static IEnumerable<string> Roots(ProcessFacts facts)
    {
        AppDomain domain = AppDomain.CurrentDomain;
        return FrameworkRoots(
            domain.BaseDirectory, domain.RelativeSearchPath, typeof(NativePlaces).Assembly.CodeBase, facts);
    }

    private static string[] SearchFolders() => [];
#endif
}
