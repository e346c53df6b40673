using System;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

// Knows of one try whether its order has begun to leave, and stops it: at the end of its time, and before it leaves also
// when no connection comes about in time or the caller gives up.
internal sealed class Departure : IDisposable
{
    private const int Waiting = 0, Left = 1, Cancelled = 2, Late = 3;

#pragma warning disable CA2213 // Handlers that mind no token hold it when the try is long over; it needs no disposal.
    private readonly CancellationTokenSource _stop = new();
#pragma warning restore CA2213
    private readonly TaskCompletionSource<bool> _over = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenRegistration _givenUp;
    private readonly Timer _connecting;
    private readonly Timer _ending;
    private int _state;
    private volatile bool _answered;

    internal Departure(TimeSpan connect, TimeSpan total, CancellationToken cancellation)
    {
        _ending = new Timer(_ => Stop(), null, total, Timeout.InfiniteTimeSpan);
        _connecting = new Timer(_ => StopBefore(Late), null, connect, Timeout.InfiniteTimeSpan);
        _givenUp = cancellation.Register(() => StopBefore(Cancelled));
    }

    internal CancellationToken Stopped => _stop.Token;

    // Whether a byte of the order may have been sent.
    internal bool HasLeft => Volatile.Read(ref _state) == Left;

    // Whether an answer has begun.
    internal bool IsAnswered => _answered;

    internal bool IsCancelled => Volatile.Read(ref _state) == Cancelled;

    internal bool IsOutOfTime => !IsCancelled && _over.Task.IsCompleted;

    // Runs what makes the request, on a thread of the pool: no longer than the try may last, whether or not the
    // application's handlers mind its token.
    // Throws OperationCanceledException: The try was stopped before.
    internal async Task<T> RunAsync<T>(Func<Task<T>> exchange)
    {
        Task<T> running = Task.Run(exchange, CancellationToken.None);
        if (await Task.WhenAny(running, _over.Task).ConfigureAwait(false) != running)
        {
            Forget(running);
            throw new OperationCanceledException(_stop.Token);
        }

        return await running.ConfigureAwait(false);
    }

    // Lets the order leave for the endpoint, now and whenever its body is sent again.
    // Throws HttpRequestException: The request goes elsewhere by now.
    // Throws OperationCanceledException: The try was stopped before.
    internal void Leave(HttpRequestMessage request, Uri endpoint)
    {
        if (request.RequestUri != endpoint)
        {
            throw new HttpRequestException(
                "the HTTP client follows a redirect away from the endpoint: set AllowAutoRedirect of its handler to false");
        }

        if (Interlocked.CompareExchange(ref _state, Left, Waiting) is Cancelled or Late || _over.Task.IsCompleted)
        {
            throw new OperationCanceledException();
        }
    }

    // Notes that an answer has begun.
    internal void Answer() => _answered = true;

    public void Dispose()
    {
        _givenUp.Dispose();
        _connecting.Dispose();
        _ending.Dispose();
    }

    private void StopBefore(int why)
    {
        if (Interlocked.CompareExchange(ref _state, why, Waiting) == Waiting)
        {
            Stop();
        }
    }

    // Elsewhere, since what handlers do when they are told may block or throw.
    private void Stop()
    {
        _over.TrySetResult(true);
        Forget(Task.Run(_stop.Cancel));
    }

    // Nobody waits for it any more, so that what it throws is nobody's.
    private static void Forget(Task task) => task.ContinueWith(
        static done => done.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
}
