using System;
using System.Collections.Concurrent;
using System.IO;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Tests.Support;

/// <summary>What a site keeps of a push.</summary>
internal sealed class KeptPush(ReceivedPush push, byte[] document)
{
    internal ReceivedPush Push { get; } = push;

    internal byte[] Document { get; } = document;
}

/// <summary>
/// The callback URL of the tests' site: the package's endpoint, in Kestrel on modern .NET and in HttpListener on
/// .NET Framework. Tests wait for the push of their own order.
/// </summary>
internal sealed partial class Callback : IDisposable
{
    private readonly ConcurrentDictionary<string, TaskCompletionSource<KeptPush>> _pushes = new();
    private readonly ConcurrentDictionary<string, int> _calls = new();
    private readonly CountingStore _store = new();

    internal Callback()
    {
        Port = RunningProgram.FreePort();
        Start();
    }

    internal int Port { get; }

    internal string Url => $"http://127.0.0.1:{Port}/push/";

    /// <summary>How often the site's function was called for an order.</summary>
    internal int Calls(string orderNumber) => _calls.TryGetValue(orderNumber, out int calls) ? calls : 0;

    /// <summary>How often a delivery was recognised as one that was processed before.</summary>
    internal int Repeats(string key) => _store.Repeats(key);

    /// <summary>Waits for the push of an order.</summary>
    internal KeptPush WaitFor(string orderNumber)
    {
        Task<KeptPush> push = Slot(orderNumber).Task;
        return push.Wait(TimeSpan.FromSeconds(120))
            ? push.Result
            : throw new InvalidOperationException($"no push of {orderNumber} within 120 s");
    }

    private TaskCompletionSource<KeptPush> Slot(string orderNumber) =>
        _pushes.GetOrAdd(
            orderNumber,
            _ => new TaskCompletionSource<KeptPush>(TaskCreationOptions.RunContinuationsAsynchronously));

    private Task Keep(ReceivedPush push)
    {
        _calls.AddOrUpdate(push.OrderNumber!, 1, static (_, calls) => calls + 1);
        byte[] document = push.Failed ? [] : File.ReadAllBytes(push.Path!);
        Slot(push.OrderNumber!).TrySetResult(new KeptPush(push, document));
        return Task.CompletedTask;
    }
}

/// <summary>The store of files, counting what it has seen before.</summary>
internal sealed class CountingStore : IDeliveryStore
{
    private readonly FileDeliveryStore _store = new(Repository.NewFolder());
    private readonly ConcurrentDictionary<string, int> _done = new();

    internal int Repeats(string key) => _done.TryGetValue(key, out int count) ? count : 0;

    public async Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken)
    {
        DeliveryClaim claim = await _store.ClaimAsync(key, owner, cancellationToken).ConfigureAwait(false);
        if (claim == DeliveryClaim.Done)
        {
            _done.AddOrUpdate(key, 1, static (_, count) => count + 1);
        }

        return claim;
    }

    public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
        _store.CompleteAsync(key, owner, cancellationToken);

    public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        _store.ReleaseAsync(key, owner, cancellationToken);
}
