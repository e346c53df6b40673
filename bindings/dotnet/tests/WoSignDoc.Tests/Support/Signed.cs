using System;
using System.IO;

namespace WoSignDoc.Tests.Support;

/// <summary>The signed documents of vectors/, and whom a site trusts that takes the valid one.</summary>
internal static class Signed
{
    /// <summary>The common name that the valid one's certificate has, and the stranger's too.</summary>
    internal const string Name = "云杉软件（示例）有限公司";

    internal static string RootFile { get; } = Path("root.pem");

    internal static byte[] Valid { get; } = File.ReadAllBytes(Path("valid.pdf"));

    internal static byte[] Stranger { get; } = File.ReadAllBytes(Path("stranger.pdf"));

    internal static string Path(string name) => Repository.File("vectors", "signed", name);

    /// <summary>Options that trust the root, on a day on which its certificates are valid.</summary>
    internal static VerifyOptions Trusting() => new()
    {
        RootFiles = { RootFile },
        At = new DateTimeOffset(2026, 6, 1, 8, 0, 0, TimeSpan.FromHours(8)),
    };
}
