using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
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
        await TakeOverAsync(store, "key");
        Assert.That(
            await store.ClaimAsync("key", "third", default), Is.EqualTo(DeliveryClaim.Busy), "taken over once only");
        Assert.That(await store.CompleteAsync("key", "next", default), Is.True);
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
        }

        await TakeOverAsync(store, "a", "b");

        await store.ReleaseAsync("a", "slow", default);
        Assert.That(await store.ClaimAsync("a", "third", default), Is.EqualTo(DeliveryClaim.Busy));
        await store.ReleaseAsync("a", "next", default);
        Assert.That(
            await store.ClaimAsync("a", "fourth", default), Is.EqualTo(DeliveryClaim.Granted), "released, not taken over");

        Assert.That(await store.CompleteAsync("b", "slow", default), Is.False, "taken over");
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

    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void Releasing_what_was_never_claimed_does_nothing(Func<string, TimeSpan?, IDeliveryStore> make) =>
        Assert.DoesNotThrowAsync(() => make(_folder, null).ReleaseAsync("key", "nobody", default));

    /// Covers P-32: whatever the table's letter case means, orders whose numbers differ in it are two.
    [Test]
    public async Task A_database_that_ignores_letter_case_tells_orders_apart()
    {
        Func<DbConnection> connect = DeliveryStores.Connection(_folder);
        using (DbConnection connection = connect())
        {
            await connection.OpenAsync();
            using DbCommand command = connection.CreateCommand();
            command.CommandText =
                "CREATE TABLE wosigndoc_delivery (delivery_key VARCHAR(64) COLLATE NOCASE NOT NULL PRIMARY KEY, "
                + "owner VARCHAR(32) NOT NULL, claimed_at NUMERIC(19) NOT NULL, done_at NUMERIC(19) NULL)";
            await command.ExecuteNonQueryAsync();
        }

        var seen = new List<string?>();
        var endpoint = new PushEndpoint(
            (push, _) =>
            {
                seen.Add(push.OrderNumber);
                return Task.CompletedTask;
            },
            new PushEndpointOptions { DeliveryStore = new DbDeliveryStore(connect) });
        foreach (string number in new[] { "ht-a1", "HT-A1", "ht-a1" })
        {
            byte[] body = Pushes.FailedOf($"\"ordernumber\":\"{number}\"");
            Assert.That(endpoint.Handle("POST", Pushes.Stream(body)).Body, Is.EqualTo("1"));
        }

        Assert.That(seen, Is.EqualTo(new[] { "ht-a1", "HT-A1" }));
    }

    /// <summary>The names that the drivers of SQLite know; Mono's knows those without a name too.</summary>
    [TestCase("@")]
    [TestCase(":")]
    [TestCase("$")]
#if NETFRAMEWORK
    [TestCase("?")]
#endif
    public async Task Parameters_are_marked_as_the_provider_wants_them(string prefix)
    {
        DeliveryStores.OfDatabase(_folder, null);
        IDeliveryStore Make(string folder, TimeSpan? expiry) =>
            new DbDeliveryStore(DeliveryStores.Connection(folder), expiry, prefix);
        await A_claim_of_a_process_that_died_expires(Make);
        Assert.Throws<ArgumentException>(() => new DbDeliveryStore(DeliveryStores.Connection(_folder), null, string.Empty));
    }

    [Test]
    public void An_expiry_below_a_second_is_refused()
    {
        foreach (TimeSpan each in new[] { TimeSpan.Zero, TimeSpan.FromMilliseconds(999), TimeSpan.FromSeconds(-1) })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => new FileDeliveryStore(_folder, each));
            Assert.Throws<ArgumentOutOfRangeException>(
                () => new DbDeliveryStore(DeliveryStores.Connection(_folder), each));
        }
    }

    /// <summary>Claims as "next", once the claim that is there has expired.</summary>
    private async Task TakeOverAsync(IDeliveryStore store, params string[] keys)
    {
        DeliveryStores.Pass(_folder, 901);
        foreach (string key in keys)
        {
            Assert.That(await store.ClaimAsync(key, "next", default), Is.EqualTo(DeliveryClaim.GrantedAgain));
        }
    }
}
