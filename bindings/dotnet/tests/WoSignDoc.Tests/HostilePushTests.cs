using System;
using System.Collections.Concurrent;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What whoever can reach a callback URL may try, and what happens to run at the worst moment.</summary>
public sealed class HostilePushTests
{
    private static readonly byte[] Document = Pushes.Document(300);
    private static readonly byte[] Body = Pushes.Signed(Document);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    /// Covers P-30, P-31: however a body is damaged, the function gets the whole document or is not called.
    [Test]
    public void A_damaged_body_never_passes_for_another_document()
    {
        int calls = 0;
        var endpoint = Endpoint((push, _) =>
        {
            calls++;
            Assert.That(push.Failed || File.ReadAllBytes(push.Path!).SequenceEqual(Document), Is.True);
            return Task.CompletedTask;
        });
        for (int at = 0; at < Body.Length; at++)
        {
            foreach (byte[] damaged in new[] { Cut(at), Changed(at, 0), Changed(at, (byte)'"'), Changed(at, 0xFF) })
            {
                int before = calls;
                PushAnswer answer = endpoint.Handle("POST", Pushes.Stream(damaged));
                Assert.That(answer.Acknowledged, Is.EqualTo(calls > before), $"at {at}: {answer.Body}");
                Assert.That(answer.Acknowledged || answer.Body.StartsWith("not acknowledged: ", StringComparison.Ordinal));
            }
        }

        Assert.That(Directory.GetFiles(_folder), Is.Empty);
    }

    /// Covers P-33: the sender is not known, and what it calls an order forges no line of a log.
    [Test]
    public void Names_of_orders_forge_no_line_of_a_log()
    {
        var log = new Notes();
        var endpoint = new PushEndpoint(
            (_, _) => throw new IOException("full"), new PushEndpointOptions { Folder = _folder }, log);
        endpoint.Handle("POST", Pushes.Stream(Pushes.FailedOf(
            $"\"ordernumber\":\"A\\r\\n2026 Push of order B\\u2028{new string('x', 10_000)}\",\"signid\":\"\\u001b[2J\"")));
        string line = log.Lines.Single().Split(["System.IO"], StringSplitOptions.None)[0];
        Assert.That(line, Does.Contain("A??2026 Push of order B?xxx").And.Contain("?[2J"));
        Assert.That(line, Has.Length.LessThan(500));
    }

    /// Covers P-30: of the same push many times at once, one reaches the function.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task Of_many_pushes_at_once_one_reaches_the_function(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        IDeliveryStore store = make(_folder, null);
        for (int round = 0; round < 5; round++)
        {
            byte[] body = Pushes.Signed(Pushes.Document(1000, round));
            int calls = 0;
            var endpoint = new PushEndpoint(
                async (_, cancellation) =>
                {
                    Interlocked.Increment(ref calls);
                    await Task.Delay(50, cancellation);
                },
                new PushEndpointOptions { Folder = Repository.NewFolder(), DeliveryStore = store });
            using var start = new Barrier(8);
            PushAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Factory.StartNew(
                () =>
                {
                    start.SignalAndWait();
                    return endpoint.Handle("POST", Pushes.Stream(body));
                },
                CancellationToken.None,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
            Assert.That(calls, Is.EqualTo(1));
            Assert.That(answers.Count(static answer => answer.Acknowledged), Is.GreaterThanOrEqualTo(1));
            Assert.That(
                answers.Where(static answer => !answer.Acknowledged).Select(static answer => answer.StatusCode),
                Has.All.EqualTo(503));
            Assert.That(endpoint.Handle("POST", Pushes.Stream(body)).Acknowledged, Is.True);
        }
    }

    /// Covers P-30: whenever a request is given up, nothing is acknowledged that is not stored, and nothing stays claimed.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public async Task A_request_may_be_given_up_at_every_step(Func<string, TimeSpan?, IDeliveryStore> make)
    {
        IDeliveryStore store = make(_folder, null);
        foreach (string step in new[] { "read", "claim", "function", "complete" })
        {
            using var source = new CancellationTokenSource();
            byte[] body = Pushes.Signed(Document, step, signId: step);
            string received = Repository.NewFolder();
            bool stored = false;
            var endpoint = new PushEndpoint(
                (_, cancellation) =>
                {
                    Cancel(source, step == "function");
                    cancellation.ThrowIfCancellationRequested();
                    stored = true;
                    Cancel(source, step == "complete");
                    return Task.CompletedTask;
                },
                new PushEndpointOptions { Folder = received, DeliveryStore = store });
            PushAnswer? answer = null;
            try
            {
                answer = await endpoint.HandlePiecesAsync("POST", (receiver, cancellation) =>
                {
                    receiver.Feed(body);
                    Cancel(source, step is "read" or "claim");
                    if (step == "read")
                    {
                        cancellation.ThrowIfCancellationRequested();
                    }

                    return Task.CompletedTask;
                }, source.Token);
            }
            catch (OperationCanceledException) when (step == "read")
            {
                // Nobody waits for an answer.
            }

            Assert.That(answer is { Acknowledged: true }, Is.EqualTo(stored), step);
            Assert.That(stored, Is.EqualTo(step == "complete"), step);
            Assert.That(Directory.GetFiles(received), Is.Empty, step);
            var next = new PushEndpoint(
                (_, _) => Task.CompletedTask, new PushEndpointOptions { Folder = received, DeliveryStore = store });
            Assert.That(next.Handle("POST", Pushes.Stream(body)).Body, Is.EqualTo("1"), step);
        }
    }

    /// Covers P-30: a store that gives nonsense grants nothing.
    [Test]
    public void A_store_that_gives_nonsense_grants_nothing()
    {
        foreach (Task<DeliveryClaim>? claim in new[] { null, Task.FromResult((DeliveryClaim)7) })
        {
            var endpoint = new PushEndpoint(
                (_, _) => throw new AssertionException("it reached the function"),
                new PushEndpointOptions { Folder = _folder, DeliveryStore = new Nonsense(claim!) });
            Assert.That(
                endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("not acknowledged: store_failed"));
        }
    }

    /// Covers P-30: without a folder to remember in, nothing reaches the function.
    [Test]
    public void A_store_whose_folder_is_a_file_grants_nothing()
    {
        // Since the endpoint was made, which would have refused it.
        string file = Path.Combine(_folder, "deliveries");
        var log = new Notes();
        var endpoint = new PushEndpoint(
            (_, _) => throw new AssertionException("it reached the function"),
            new PushEndpointOptions { Folder = _folder, DeliveryStore = new FileDeliveryStore(file) },
            log);
        Directory.Delete(file, recursive: true);
        File.WriteAllText(file, "precious");
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("not acknowledged: store_failed"));
        Assert.That(log.Lines, Has.Some.Contain(file));
        Assert.That(File.ReadAllText(file), Is.EqualTo("precious"));
        Assert.That(
            Assert.ThrowsAsync<FileException>(() => new FileDeliveryStore(file).ClaimAsync("key", "owner", default))!.Reason,
            Does.StartWith("file_un"));
    }

    private PushEndpoint Endpoint(Func<ReceivedPush, CancellationToken, Task> handler) =>
        new(handler, new PushEndpointOptions { Folder = _folder });

    private static void Cancel(CancellationTokenSource source, bool now)
    {
        if (now)
        {
            source.Cancel();
        }
    }

    private static byte[] Cut(int length) => [.. Body.Take(length)];

    private static byte[] Changed(int at, byte value)
    {
        byte[] body = [.. Body];
        body[at] = value;
        return body;
    }

    private sealed class Nonsense(Task<DeliveryClaim> claim) : IDeliveryStore
    {
        public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) => claim;

        public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) => Task.FromResult(true);

        public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
