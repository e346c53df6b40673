using System;
using System.IO;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

// Several sandboxes at once: what they wait for is mostly each other's processor time.
[assembly: Parallelizable(ParallelScope.All)]
[assembly: LevelOfParallelism(4)]

namespace WoSignDoc.Testing.Tests;

/// <summary>Names program and library of this tree, unless others are named, and gives the sandboxes a folder of their own.</summary>
[SetUpFixture]
public sealed class Surroundings
{
    /// <summary>Where the sandboxes make their folders.</summary>
    internal static string Folder { get; } = Repository.NewFolder();

    [OneTimeSetUp]
    public void Start()
    {
        Default("WOSIGNDOC_LIBRARY", Repository.File("target", "debug", "libwosigndoc.so"));
        Default("WOSIGNDOC_SERVER", Repository.File("target", "debug", "wosigndoc-server"));
        Environment.SetEnvironmentVariable("TMPDIR", Folder);
    }

    [OneTimeTearDown]
    public void Stop() => Repository.DeleteFolders();

    private static void Default(string variable, string value)
    {
        if (string.IsNullOrEmpty(Environment.GetEnvironmentVariable(variable)))
        {
            Environment.SetEnvironmentVariable(variable, value);
        }
    }
}
