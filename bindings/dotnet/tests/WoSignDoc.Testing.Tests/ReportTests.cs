#if NET
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Testing.Tests;

/// <summary>What the base class for NUnit prints for a test that failed, by NUnit itself.</summary>
public sealed class ReportTests
{
    [Test]
    public void A_test_that_failed_prints_log_and_journal()
    {
        string tests = typeof(FailingTests).Assembly.Location;
        using var run = new RunningProgram(
            "dotnet",
            $"vstest {tests} --TestCaseFilter:FullyQualifiedName={typeof(FailingTests).FullName}.Fails --logger:console;verbosity=normal");
        Assert.That(run.WaitForExit(600), Is.EqualTo(1), run.Output);
        Assert.That(run.Output, Does.Contain("on purpose").And.Contain("The sandbox's log:").And.Contain("serving address="));
        Assert.That(run.Output, Does.Contain("order FAILING-1: 200").And.Contain("push FAILING-1, try 1: 200"));
    }
}
#endif
