using System.Globalization;
using System.Text.RegularExpressions;
using NUnit.Framework;

namespace WoSignDoc.Tests;

/// <summary>Nothing leaks: a process of its own validates and receives, and stays as large as it was.</summary>
public sealed class MemoryTests
{
    [Test]
    public void Ten_thousand_orders_and_two_thousand_pushes_do_not_grow_the_process()
    {
        string output = NativeLibraryTests.RunProbe("memory", WoSignDocLibrary.LoadedFrom);
        TestContext.Progress.WriteLine(output.Trim());
        Match grown = Regex.Match(output, @"grown by (-?\d+) KB");
        Assert.That(grown.Success, output);
        Assert.That(int.Parse(grown.Groups[1].Value, CultureInfo.InvariantCulture), Is.LessThan(2048));
    }
}
