// [sandbox_dotnet]
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc;
using WoSignDoc.Testing;

namespace Shop.Tests;

// One sandbox for the tests of this class; each test names its orders by a number of its own.
public sealed class ContractTests : SandboxTests
{
    [Test]
    public async Task A_contract_comes_back_signed()
    {
        SignOrder order = Contracts.New("A-1");
        await Sandbox.Client.CreateAsync(order);

        ReceivedPush push = await Sandbox.AwaitPushAsync("A-1");
        VerifyOptions demand = Sandbox.Trust;
        demand.Order = order;
        Assert.That(push.Verify(demand).IsValid, Is.True);
    }

    [Test]
    public async Task An_order_that_was_refused_says_why()
    {
        await Sandbox.FaultAsync("refuse=-68", "A-2");
        PlatformException refused =
            Assert.ThrowsAsync<PlatformException>(() => Sandbox.Client.CreateAsync(Contracts.New("A-2")))!;
        Assert.That(refused.Code, Is.EqualTo(-68));
    }
}
// [/sandbox_dotnet]
