using System;
using System.Runtime.InteropServices;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Names the library of this tree, unless another is named, and stops what all tests share.</summary>
[SetUpFixture]
public sealed class Surroundings
{
    [OneTimeSetUp]
    public void Start()
    {
        if (Environment.GetEnvironmentVariable("WOSIGNDOC_LIBRARY") is null)
        {
            // For the programs that the tests run, too.
            Environment.SetEnvironmentVariable(
                "WOSIGNDOC_LIBRARY", Repository.File("target", "debug", "libwosigndoc.so"));
        }

        // The certificate stores of a user lie below it.
        Environment.SetEnvironmentVariable("HOME", Repository.NewFolder());
        TestContext.Progress.WriteLine($"{WoSignDocLibrary.LoadedFrom} on {RuntimeInformation.FrameworkDescription}");
    }

    [OneTimeTearDown]
    public void Stop()
    {
        Platform.Stop();
        Repository.DeleteFolders();
    }
}
