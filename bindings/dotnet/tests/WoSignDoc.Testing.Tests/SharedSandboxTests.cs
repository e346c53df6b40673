using System.Collections.Concurrent;
using System.Linq;
using NUnit.Framework;

namespace WoSignDoc.Testing.Tests;

/// <summary>Tests of a class share a sandbox, unless they say otherwise.</summary>
public sealed class SharedSandboxTests : SandboxTests
{
    private static readonly ConcurrentBag<string> Endpoints = [];

    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    public void They_share_one(int number)
    {
        Endpoints.Add(Sandbox.Endpoint);
        Assert.That(Endpoints.Distinct().Count(), Is.EqualTo(1), $"test {number}");
    }
}
