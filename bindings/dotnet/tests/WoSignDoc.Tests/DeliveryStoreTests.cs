using System;
using System.Linq;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>All stores keep the same promises.</summary>
public sealed class DeliveryStoreTests
{
    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    /// Covers P-30, P-35: a crash in the middle loses nothing.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task A_claim_of_a_process_that_died_expires(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        IDeliveryStore store = make(_folder, null);
        Assert.That(await store.ClaimAsync("key", "dead", default), Is.EqualTo(DeliveryClaim.Granted));
        Assert.That(await store.ClaimAsync("key", "next", default), Is.EqualTo(DeliveryClaim.Busy));
        await TakeOverAsync(make, "key");
        Assert.That(
            await store.ClaimAsync("key", "third", default), Is.EqualTo(DeliveryClaim.Busy), "taken over once only");
        await store.CompleteAsync("key", default);
        Assert.That(await store.ClaimAsync("key", "third", default), Is.EqualTo(DeliveryClaim.Done));
        await store.ReleaseAsync("key", "next", default);
        Assert.That(
            await store.ClaimAsync("key", "third", default), Is.EqualTo(DeliveryClaim.Done), "done stays done");
    }

    /// Covers P-30: who fails after another took over leaves the other's claim alone; who succeeds is done.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task Only_the_owner_releases_a_claim(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        IDeliveryStore store = make(_folder, null);
        foreach (string key in new[] { "a", "b" })
        {
            Assert.That(await store.ClaimAsync(key, "slow", default), Is.EqualTo(DeliveryClaim.Granted));
            await TakeOverAsync(make, key);
        }

        await store.ReleaseAsync("a", "slow", default);
        Assert.That(await store.ClaimAsync("a", "third", default), Is.EqualTo(DeliveryClaim.Busy));
        await store.ReleaseAsync("a", "next", default);
        await TakeOverAsync(make, "a");

        await store.CompleteAsync("b", default);
        await store.ReleaseAsync("b", "next", default);
        Assert.That(await store.ClaimAsync("b", "third", default), Is.EqualTo(DeliveryClaim.Done));
    }

    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void Of_many_claims_at_once_one_is_granted(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        IDeliveryStore store = make(_folder, null);
        for (int round = 0; round < 10; round++)
        {
            string key = $"key {round}";
            DeliveryClaim[] claims = [.. Enumerable.Range(0, 16).AsParallel().WithDegreeOfParallelism(8)
                .Select(one => store.ClaimAsync(key, $"owner {one}", default).GetAwaiter().GetResult())];
            Assert.That(claims.Count(static one => one == DeliveryClaim.Granted), Is.EqualTo(1), key);
        }
    }

    /// <summary>Claims as "next", from a store whose claims soon expire.</summary>
    private async Task TakeOverAsync(Func<string, TimeSpan?, IDeliveryStore> make, string key)
    {
        IDeliveryStore store = make(_folder, TimeSpan.FromSeconds(1));
        DeliveryClaim claim = DeliveryClaim.Busy;
        for (int tries = 0; tries < 100 && claim == DeliveryClaim.Busy; tries++)
        {
            claim = await store.ClaimAsync(key, "next", default);
            await Task.Delay(claim == DeliveryClaim.Busy ? 100 : 0);
        }

        Assert.That(claim, Is.EqualTo(DeliveryClaim.Granted));
    }
}
