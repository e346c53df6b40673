using System;
using System.IO;
using System.Linq;
using System.Reflection;

namespace WoSignDoc.Tests.Support;

/// <summary>Where things are in the repository.</summary>
internal static class Repository
{
    internal static string Root { get; } = Metadata("RepositoryRoot");

    internal static string Configuration { get; } = Metadata("Configuration");

    private static string Folders { get; } = Path.Combine(Path.GetTempPath(), $"wosigndoc-tests-{Guid.NewGuid():N}");

    /// <summary>Built programs, one folder each.</summary>
    internal static string Built(string project, string target) =>
        File("target", "dotnet", "bin", project, target.Length > 0 ? $"{Configuration}_{target}" : Configuration);

    internal static string File(params string[] parts) => Path.Combine([Root, .. parts]);

    internal static string Example(string name) => File("examples", name);

    /// <summary>A new folder, gone when the tests end.</summary>
    internal static string NewFolder()
    {
        string folder = Path.Combine(Folders, Guid.NewGuid().ToString("N"));
        Directory.CreateDirectory(folder);
        return folder;
    }

    internal static void DeleteFolders()
    {
        if (Directory.Exists(Folders))
        {
            Directory.Delete(Folders, recursive: true);
        }
    }

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(one => one.Key == key).Value!;
}
