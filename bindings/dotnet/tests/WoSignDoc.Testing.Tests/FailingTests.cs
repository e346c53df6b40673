using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Testing.Tests;

/// <summary>A test that fails, to be run by <see cref="ReportTests"/> alone.</summary>
[Explicit("it fails on purpose")]
public sealed class FailingTests : SandboxTests
{
    [Test]
    public async Task Fails()
    {
        await Sandbox.Client.CreateAsync(Orders.Person("FAILING-1"));
        await Sandbox.AwaitStateAsync("FAILING-1", OrderState.Acknowledged);
        Assert.Fail("on purpose");
    }
}
