using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What the endpoint does with folders and stores that fail, and where documents lie meanwhile.</summary>
public sealed class EndpointFaultTests
{
    private static readonly byte[] Body = Pushes.Signed(Pushes.Document(1000));

    /// <summary>The system's temporary folder is everybody's, and a contract is not.</summary>
    [Test]
    public void Without_a_folder_nobody_else_can_enter_where_a_document_lies()
    {
        string kept = Path.Combine(Repository.NewFolder(), "kept.pdf"), seen = string.Empty, mode = string.Empty;
        var endpoint = new PushEndpoint((push, _) =>
        {
            seen = Path.GetDirectoryName(push.Path)!;
            mode = RunningProgram.Run("stat", $"-c %a {seen}").Trim();
            File.WriteAllText(Path.Combine(seen, "more"), "of the function's own");
            push.MoveTo(kept);
            return Task.CompletedTask;
        });
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
        Assert.That(mode, Is.EqualTo("700"));
        Assert.That(Path.GetDirectoryName(seen), Is.EqualTo(Path.GetTempPath().TrimEnd('/')));
        Assert.That(Directory.Exists(seen), Is.False, "it is left behind");
        Assert.That(File.Exists(kept), Is.True);
    }

    [Test]
    public void What_cannot_be_removed_afterwards_spoils_no_acknowledgement()
    {
        var options = new PushEndpointOptions { Folder = Repository.NewFolder() };
        var endpoint = new PushEndpoint(
            (push, _) =>
            {
                File.Delete(push.Path!);
                Directory.CreateDirectory(push.Path!);
                return Task.CompletedTask;
            },
            options);
        Assert.That(endpoint.Handle("POST", Pushes.Stream(Body)).Body, Is.EqualTo("1"));
    }

    /// Covers P-30: a claim that took effect although it failed, or was given up, does not keep the next push waiting.
    [Test]
    public async Task A_claim_that_failed_is_released()
    {
        using var source = new CancellationTokenSource();
        foreach (Exception failure in new Exception[]
        {
            new IOException("the answer was lost"), new OperationCanceledException(source.Token),
        })
        {
            var store = new FailingAfterwards(failure);
            int calls = 0;
            var endpoint = new PushEndpoint(
                (_, _) => Task.FromResult(++calls),
                new PushEndpointOptions { Folder = Repository.NewFolder(), DeliveryStore = store });
            PushAnswer answer = await endpoint.HandleAsync("POST", Pushes.Stream(Body), source.Token);
            Assert.That((answer.StatusCode, answer.Body), Is.EqualTo((500, "not acknowledged: store_failed")));
            answer = await endpoint.HandleAsync("POST", Pushes.Stream(Body), source.Token);
            Assert.That((answer.Body, calls), Is.EqualTo(("1", 1)), failure.Message);
        }
    }

    /// <summary>Files, whose first claim fails when it has been made.</summary>
    private sealed class FailingAfterwards(Exception failure) : IDeliveryStore
    {
        private readonly FileDeliveryStore _store = new(Repository.NewFolder());
        private bool _failed;

        public async Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken)
        {
            DeliveryClaim claim = await _store.ClaimAsync(key, owner, cancellationToken);
            if (!_failed)
            {
                _failed = true;
                throw failure;
            }

            return claim;
        }

        public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
            _store.CompleteAsync(key, owner, cancellationToken);

        public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
            _store.ReleaseAsync(key, owner, cancellationToken);
    }
}
