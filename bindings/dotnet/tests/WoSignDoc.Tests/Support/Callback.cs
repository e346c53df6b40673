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

    internal Callback()
    {
        Port = RunningProgram.FreePort();
        Start();
    }

    internal int Port { get; }

    internal string Url => $"http://127.0.0.1:{Port}/push/";

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
        byte[] document = push.Failed ? [] : File.ReadAllBytes(push.Path!);
        Slot(push.OrderNumber!).TrySetResult(new KeptPush(push, document));
        return Task.CompletedTask;
    }
}
