#if NET
using System.IO;
using System.Text;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>
/// The ASP.NET Core example tells the whole story, in Kestrel, with a platform of its own; the other one verifies.
/// </summary>
public sealed class ExampleTests
{
    /// Covers P-40: order, signatures, push.
    [Test]
    public void The_example_leaves_a_signed_document()
    {
        int port = RunningProgram.FreePort();
        using var platform = new Platform(null, $"http://127.0.0.1:{port}/push");
        string signed = Path.Combine(Repository.NewFolder(), "signed.pdf");
        string program = Path.Combine(Repository.Built("SignContract", string.Empty), "SignContract.dll");
        string output = RunningProgram.Run(
            "dotnet",
            $"{program} {platform.ClientJson} {Repository.Example("contract.pdf")} {signed} 127.0.0.1:{port}");
        Assert.That(output, Does.Contain("accepted: ").And.Contain($"saved {signed}"));
        string text = Encoding.Latin1.GetString(File.ReadAllBytes(signed));
        Assert.That(text.Split("/ByteRange").Length - 1, Is.EqualTo(3), "one signature per box");

        Assert.That(Verify(signed, platform.CaFile), Does.StartWith("0: valid (intact)"));
        Assert.That(Verify(signed), Does.StartWith("1: invalid (intact)\nuntrusted: ").And.Contain("\"sha256\""));
        Assert.That(Verify(platform.CaFile, platform.CaFile), Does.StartWith("2: indeterminate (unreadable)\nunreadable: "));
        Assert.That(Verify(signed, "none.pem"), Does.StartWith("3: ").And.Contain("roots.ca_file"));
        Assert.That(Verify(), Does.StartWith("3: usage: "));
    }

    /// <summary>What the example that verifies ends with, and what it prints.</summary>
    private static string Verify(params string[] arguments)
    {
        string program = Path.Combine(Repository.Built("VerifyContract", string.Empty), "VerifyContract.dll");
        using var run = new RunningProgram("dotnet", $"{program} {string.Join(" ", arguments)}");
        return $"{run.WaitForExit()}: {run.Output}";
    }
}
#endif
