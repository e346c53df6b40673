// [sandbox_dotnet]
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc;
using WoSignDoc.Testing;

namespace Shop.Tests;

// Each test has a sandbox of its own, so that nothing that one does is seen by another. Without this line the tests of
// the class share one.
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class ContractTests : SandboxTests
{
    [Test]
    public async Task A_contract_comes_back_signed()
    {
        SignOrder order = Contracts.New("A-1");
        await Sandbox.Client.CreateAsync(order);

        ReceivedPush push = await Sandbox.AwaitPushAsync("A-1");
        VerifyOptions demand = await Sandbox.TrustAsync();
        demand.Order = order;
        Assert.That(push.Verify(demand).IsValid, Is.True);
    }

    [Test]
    public async Task The_balance_is_used_up()
    {
        await Sandbox.RefuseAsync(-68);
        PlatformException refused =
            Assert.ThrowsAsync<PlatformException>(() => Sandbox.Client.CreateAsync(Contracts.New("A-1")))!;
        Assert.That(refused.Code, Is.EqualTo(-68));
    }

    [Test]
    public async Task The_site_is_down_for_days()
    {
        await Sandbox.AnswerPushesAsync(503, "down", times: 0);
        await Sandbox.Client.CreateAsync(Contracts.New("A-1"));
        await Sandbox.AwaitStateAsync("A-1", OrderState.Pushed);
        await Sandbox.AdvanceAsync("80h");
        Assert.That((await Sandbox.OrderAsync("A-1")).PushState, Is.EqualTo("undelivered"));

        await Sandbox.ClearInboxAsync();
        await Sandbox.PushAgainAsync("A-1");
        Assert.That((await Sandbox.AwaitPushAsync("A-1")).Failed, Is.False);
    }
}
// [/sandbox_dotnet]
