using System;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>A slow function keeps its claim.</summary>
public sealed class RenewalTests
{
    private static readonly byte[] Body = Pushes.Signed(Pushes.Document(1000));
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    /// Covers P-30: a function that takes longer than its claim holds is not run by another.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task A_slow_function_is_not_run_twice(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        int calls = 0;
        var entered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        PushEndpoint endpoint = Endpoint(make(Repository.NewFolder(), Second), async _ =>
        {
            Interlocked.Increment(ref calls);
            entered.TrySetResult(true);
            await Task.Delay(3500);
        });
        Task<PushAnswer> first = Task.Run(() => endpoint.HandleAsync("POST", Pushes.Stream(Body)));
        await entered.Task;
        await Task.Delay(2800);
        Assert.That(
            (await endpoint.HandleAsync("POST", Pushes.Stream(Body))).Body, Is.EqualTo("not acknowledged: busy"));
        Assert.That((await first).Body, Is.EqualTo("1"));
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        Assert.That(calls, Is.EqualTo(1));
    }

    /// <summary>As after a machine that stood still.</summary>
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void A_claim_that_was_taken_over_all_the_same_is_logged(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        string folder = Repository.NewFolder();
        IDeliveryStore store = make(folder, Second);
        var log = new Notes();
        PushEndpoint endpoint = Endpoint(
            store,
            async push =>
            {
                DeliveryStores.Pass(folder, 10);
                Assert.That(await store.ClaimAsync(push.DeliveryKey!, "another", default), Is.EqualTo(DeliveryClaim.GrantedAgain));
                await Task.Delay(1000);
            },
            log);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        Assert.That(log.Lines, Has.Some.Contain("its claim was taken over"));
        Assert.That(log.Lines, Has.Some.Contain("took longer than its claim held"));
    }

    /// <summary>What a process that died has left: the function may have run before.</summary>
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task A_claim_of_a_dead_process_is_taken_over_with_a_warning(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        string folder = Repository.NewFolder();
        IDeliveryStore store = make(folder, Second);
        string key = PushReceiver.Receive(Body).DeliveryKey!;
        Assert.That(await store.ClaimAsync(key, "dead", default), Is.EqualTo(DeliveryClaim.Granted));
        DeliveryStores.Pass(folder, 10);
        var log = new Notes();
        PushEndpoint endpoint = Endpoint(store, static _ => Task.CompletedTask, log);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        Assert.That(log.Lines, Has.Exactly(1).Contain("may run a second time for this push"));
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        Assert.That(log.Lines, Has.Exactly(1).Contain("may run a second time for this push"));
    }

    [Test]
    public async Task A_renewal_that_failed_is_tried_again_and_ends_with_the_function()
    {
        var store = new Failing();
        var log = new Notes();
        PushEndpoint endpoint = Endpoint(store, static _ => Task.Delay(700), log);
        Assert.That((await endpoint.HandleAsync("POST", Pushes.Stream(Body))).Body, Is.EqualTo("1"));
        int during = store.Renewals;
        Assert.That(during, Is.GreaterThanOrEqualTo(3));
        Assert.That(log.Lines, Has.Some.Contain("the database is away"));
        await Task.Delay(400);
        Assert.That(store.Renewals, Is.EqualTo(during));
    }

    private static PushEndpoint Endpoint(IDeliveryStore store, Func<ReceivedPush, Task> function, Notes? log = null) =>
        new(
            (push, _) => function(push),
            new PushEndpointOptions { Folder = Repository.NewFolder(), DeliveryStore = store },
            log);

    /// <summary>Its first renewal fails.</summary>
    private sealed class Failing : IRenewableDeliveryStore
    {
        private int _renewals;

        public TimeSpan Expiry => TimeSpan.FromMilliseconds(300);

        internal int Renewals => _renewals;

        public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
            Task.FromResult(DeliveryClaim.Granted);

        public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
            Task.FromResult(true);

        public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<bool> RenewAsync(string key, string owner, CancellationToken cancellationToken) =>
            Interlocked.Increment(ref _renewals) == 1
                ? throw new InvalidOperationException("the database is away")
                : Task.FromResult(true);
    }
}
