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

    /// <summary>So that each is listed fast, however many pushes there were.</summary>
    [Test]
    public async Task Files_lie_in_folders_by_the_beginning_of_their_names()
    {
        var store = new FileDeliveryStore(_folder);
        for (int at = 0; at < 20; at++)
        {
            Assert.That(await store.ClaimAsync($"key {at}", "owner", default), Is.EqualTo(DeliveryClaim.Granted));
            if (at % 2 == 0)
            {
                await store.CompleteAsync($"key {at}", default);
            }
        }

        string[] files = Directory.GetFiles(_folder, "*", SearchOption.AllDirectories);
        Assert.That(files, Has.Length.EqualTo(20));
        foreach (string file in files)
        {
            string name = Path.GetFileName(file);
            Assert.That(file, Is.EqualTo(Path.Combine(_folder, name.Substring(0, 2), name)));
        }
    }

    /// Covers P-30: what could not be written is nobody's claim, and no push that is done.
    [Test]
    public async Task A_full_disk_leaves_no_claim_behind()
    {
        string Outcome() => NativeLibraryTests.RunProbe($"full {_folder}", WoSignDocLibrary.LoadedFrom);
        Assert.That(Outcome(), Does.Contain("claim: ").And.Not.Contain("claim: done"));
        Assert.That(Directory.GetFiles(_folder, "*", SearchOption.AllDirectories), Is.Empty);
        var store = new FileDeliveryStore(_folder);
        Assert.That(await store.ClaimAsync("key", "owner", default), Is.EqualTo(DeliveryClaim.Granted));

        Assert.That(Outcome(), Does.Contain("complete: ").And.Not.Contain("complete: done"));
        await store.ReleaseAsync("key", "owner", default);
        Assert.That(await store.ClaimAsync("key", "owner", default), Is.EqualTo(DeliveryClaim.Granted), "it was not done");
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
