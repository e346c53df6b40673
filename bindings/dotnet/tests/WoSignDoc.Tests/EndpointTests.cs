using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The endpoint that cannot acknowledge wrongly.</summary>
public sealed class EndpointTests
{
    private static readonly byte[] Document = Pushes.Document(100_000);
    private static readonly byte[] Body = Pushes.Signed(Document);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    /// Covers P-30: acknowledged when, and only when, the function has returned.
    [Test]
    public async Task A_push_is_acknowledged_when_the_function_is_done()
    {
        var gate = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        string kept = Path.Combine(_folder, "kept.pdf");
        PushEndpoint endpoint = Endpoint(async (push, _) =>
        {
            await gate.Task.ConfigureAwait(false);
            push.MoveTo(kept);
        });
        Task<PushAnswer> answering = Task.Run(() => endpoint.HandleAsync("POST", new Dripping(Body, 999)));
        await Task.WhenAny(answering, Task.Delay(200));
        Assert.That(answering.IsCompleted, Is.False, "answered before the function was done");
        gate.SetResult(true);
        PushAnswer answer = await answering;
        Assert.Multiple(() =>
        {
            Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((200, "1")));
            Assert.That(answer.ContentType, Does.StartWith("text/plain"));
            Assert.That(answer.Acknowledged, Is.True);
            Assert.That(File.ReadAllBytes(kept), Is.EqualTo(Document));
        });
        Assert.That(Directory.GetFiles(_folder), Is.EqualTo(new[] { kept }), "the temporary file is gone");
    }

    /// Covers P-30, P-35: a function that fails is not acknowledged.
    [Test]
    public void A_function_that_throws_is_logged_and_not_acknowledged()
    {
        var log = new Notes();
        var endpoint = new PushEndpoint(
            (_, _) => throw new InvalidOperationException("the database is full"), Options(), log);
        PushAnswer answer = endpoint.Handle("POST", Pushes.Stream(Body));
        Assert.That((answer.StatusCode, answer.Acknowledged), Is.EqualTo((500, false)));
        Assert.That(answer.Body, Is.Not.EqualTo("1").And.Not.Contain("database"));
        Assert.That(log.Lines, Has.Some.Contain("A-1").And.Contain("the database is full"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    /// Covers P-30, P-31: what cannot be verified never reaches the function.
    [TestCase("push_cut", 400)]
    [TestCase("hash_mismatch", 400)]
    [TestCase("unexpected_order", 400)]
    [TestCase("push_too_large", 413)]
    public void What_is_wrong_is_answered_with_its_reason(string reason, int status)
    {
        PushEndpointOptions options = Options();
        byte[] body = Body;
        switch (reason)
        {
            case "push_cut":
                body = [.. Body.Take(Body.Length - 3)];
                break;
            case "hash_mismatch":
                body = Pushes.Signed(Document, hash: new string('a', 64));
                break;
            case "unexpected_order":
                options.Push.ExpectedOrderNumber = "A-2";
                break;
            default:
                options.Push.BodyLimit = 1000;
                break;
        }

        var endpoint = new PushEndpoint((_, _) => throw new AssertionException("it reached the function"), options);
        PushAnswer answer = endpoint.Handle("POST", Pushes.Stream(body));
        Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((status, "not acknowledged: " + reason)));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    [Test]
    public async Task Only_POST_is_taken()
    {
        PushEndpoint endpoint = Endpoint((_, _) => throw new AssertionException("it reached the function"));
        Assert.That(endpoint.Handle("GET", Stream.Null).StatusCode, Is.EqualTo(405));
        Assert.That((await endpoint.HandleAsync("PUT", Pushes.Stream(Body))).StatusCode, Is.EqualTo(405));
    }

    /// Covers P-30, P-35: a body that cannot be read, for whatever reason, is logged and not acknowledged.
    [TestCaseSource(nameof(ReadingFailures))]
    public async Task A_body_that_cannot_be_read_is_logged_and_not_acknowledged(Exception failure)
    {
        var log = new Notes();
        var endpoint = new PushEndpoint((_, _) => throw new AssertionException("it reached the function"), Options(), log);
        PushAnswer answer = await endpoint.HandlePiecesAsync("POST", (receiver, _) =>
        {
            receiver.Feed(Body.AsSpan(0, 1000));
            throw failure;
        });
        Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((500, "not acknowledged: receiving_failed")));
        Assert.That(log.Lines, Has.Some.Contain("the reader failed"));
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    public static IEnumerable<TestCaseData> ReadingFailures()
    {
        yield return new TestCaseData(new IOException("the reader failed")).SetArgDisplayNames("cut");
        yield return new TestCaseData(new InvalidOperationException("the reader failed")).SetArgDisplayNames("other");
        yield return new TestCaseData(new OperationCanceledException("the reader failed"))
            .SetArgDisplayNames("a cancellation of the reader's own");
    }

    [Test]
    public void A_request_that_was_given_up_is_cancelled()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        PushEndpoint endpoint = Endpoint((_, _) => throw new AssertionException("it reached the function"));
        Assert.That(
            () => endpoint.HandlePiecesAsync("POST", static (_, cancellation) => Task.FromCanceled(cancellation), source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    /// Covers P-32: failed orders reach the function, and are acknowledged.
    [Test]
    public void A_failed_order_reaches_the_function()
    {
        ReceivedPush? seen = null;
        PushEndpoint endpoint = Endpoint((push, _) =>
        {
            seen = push;
            return Task.CompletedTask;
        });
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Pushes.Failed())).Acknowledged, Is.True);
        Assert.That(seen!.Failed, Is.True);
        Assert.That(seen.ErrorCodes, Is.EqualTo(new[] { -50, -61 }));
    }

    [Test]
    public void A_blocked_synchronisation_context_is_not_waited_for()
    {
        // As in classic ASP.NET: continuations posted to the context would wait for the very thread that blocks.
        SynchronizationContext? before = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new Stuck());
        try
        {
            PushEndpoint endpoint = Endpoint(async (_, _) => await Task.Delay(5));
            Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Acknowledged, Is.True);
            Assert.That(SynchronizationContext.Current, Is.InstanceOf<Stuck>());
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(before);
        }
    }

    /// Covers P-30: a document already stored is acknowledged again without being processed twice.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void With_a_store_a_document_reaches_the_function_once(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        int calls = 0;
        PushEndpointOptions options = Options(make(_folder, null));
        var endpoint = new PushEndpoint((_, _) => Task.FromResult(Interlocked.Increment(ref calls)), options);
        for (int round = 0; round < 3; round++)
        {
            Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        }

        Assert.That(calls, Is.EqualTo(1));

        // Another document, another order, and a failure are other deliveries.
        endpoint.Handle("POST", Pushes.Stream(Pushes.Signed(Pushes.Document(10))));
        endpoint.Handle("POST", Pushes.Stream(Pushes.Signed(Document, "A-2", signId: new string('长', 200))));
        endpoint.Handle("POST", Pushes.Stream(Pushes.Failed()));
        endpoint.Handle("POST", Pushes.Stream(Pushes.Failed(codes: "-50")));
        Assert.That(calls, Is.EqualTo(5));
        endpoint.Handle("POST", Pushes.Stream(Pushes.Failed()));
        endpoint.Handle("POST", Pushes.Stream(Pushes.Signed(Document, "A-2", signId: new string('长', 200))));
        Assert.That(calls, Is.EqualTo(5));
    }

    /// Covers P-32: failures that name no order may be of different ones, and none of them is lost.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void With_a_store_a_failure_without_ids_reaches_the_function_each_time(
        Func<string, TimeSpan?, IDeliveryStore> make)
    {
        int calls = 0;
        var endpoint = new PushEndpoint((_, _) => Task.FromResult(++calls), Options(make(_folder, null)));
        foreach (string ids in new[] { string.Empty, string.Empty, "\"signid\":\"\",\"ordernumber\":\"\"" })
        {
            Assert.That(endpoint.Handle("POST", Pushes.Stream(Pushes.FailedOf(ids))).Body, Is.EqualTo("1"));
        }

        Assert.That(calls, Is.EqualTo(3));
    }

    /// Covers P-32: reasons that are no codes are told apart as well as those that are.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void With_a_store_reasons_that_are_no_codes_are_told_apart(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        int calls = 0;
        var endpoint = new PushEndpoint((_, _) => Task.FromResult(++calls), Options(make(_folder, null)));
        foreach (string reason in new[] { "E17", "E18", "E17" })
        {
            Assert.That(endpoint.Handle("POST", Pushes.Stream(Pushes.Failed(codes: reason))).Body, Is.EqualTo("1"));
        }

        Assert.That(calls, Is.EqualTo(2));
    }

    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task With_a_store_a_duplicate_at_the_same_time_is_not_acknowledged(
        Func<string, TimeSpan?, IDeliveryStore> make)
    {
        var entered = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        var gate = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        int calls = 0;
        var endpoint = new PushEndpoint(
            async (_, _) =>
            {
                calls++;
                entered.SetResult(true);
                await gate.Task.ConfigureAwait(false);
            },
            Options(make(_folder, null)));
        Task<PushAnswer> first = Task.Run(() => endpoint.HandleAsync("POST", Pushes.Stream(Body)));
        Assert.That(await Task.WhenAny(entered.Task, first), Is.SameAs(entered.Task), "it never reached the function");
        PushAnswer second = await endpoint.HandleAsync("POST", Pushes.Stream(Body));
        Assert.That((second.StatusCode, second.Acknowledged), Is.EqualTo((503, false)));
        gate.SetResult(true);
        Assert.That((await first).Body, Is.EqualTo("1"));
        Assert.That((await endpoint.HandleAsync("POST", Pushes.Stream(Body))).Body, Is.EqualTo("1"));
        Assert.That(calls, Is.EqualTo(1));
    }

    /// Covers P-30: what the table does not remember is not acknowledged.
    [Test]
    public void A_claim_that_the_database_lost_is_not_acknowledged()
    {
        DbDeliveryStore store = DeliveryStores.OfDatabase(_folder, null);
        bool losing = true;
        var endpoint = new PushEndpoint(
            (_, _) => losing ? DeliveryStores.EmptyTableAsync(_folder) : Task.CompletedTask, Options(store));
        PushAnswer answer = endpoint.Handle("POST", Pushes.Stream(Body));
        Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((500, "not acknowledged: store_failed")));
        losing = false;
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
    }

    private PushEndpointOptions Options(IDeliveryStore? store = null)
    {
        // Documents lie in a folder of their own, so that a test can see that nothing is left in it.
        string folder = store is null ? _folder : Repository.NewFolder();
        return new PushEndpointOptions { Folder = folder, DeliveryStore = store };
    }

    private PushEndpoint Endpoint(Func<ReceivedPush, CancellationToken, Task> handler) => new(handler, Options());

    private sealed class Stuck : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state)
        {
            // Never runs it.
        }
    }
}
