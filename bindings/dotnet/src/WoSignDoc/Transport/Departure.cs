using System;
using System.Net.Http;
using System.Threading;

namespace WoSignDoc;

// Knows of one try whether its order has begun to leave, and stops it: at the end of its time, and before it leaves also
// when no connection comes about in time or the caller gives up.
internal sealed class Departure : IDisposable
{
    private const int Waiting = 0, Left = 1, Cancelled = 2, Late = 3;

    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenRegistration _givenUp;
    private readonly Timer _connecting;
    private int _state;
    private volatile bool _answered;

    internal Departure(TimeSpan connect, TimeSpan total, CancellationToken cancellation)
    {
        _stop.CancelAfter(total);
        _connecting = new Timer(_ => StopBefore(Late), null, connect, Timeout.InfiniteTimeSpan);
        _givenUp = cancellation.Register(() => StopBefore(Cancelled));
    }

    internal CancellationToken Stopped => _stop.Token;

    // Whether a byte of the order may have been sent.
    internal bool HasLeft => Volatile.Read(ref _state) == Left;

    // Whether an answer has begun.
    internal bool IsAnswered => _answered;

    internal bool IsCancelled => Volatile.Read(ref _state) == Cancelled;

    internal bool IsOutOfTime => !IsCancelled && _stop.IsCancellationRequested;

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

        if (Interlocked.CompareExchange(ref _state, Left, Waiting) is Cancelled or Late)
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
        _stop.Dispose();
    }

    private void StopBefore(int why)
    {
        if (Interlocked.CompareExchange(ref _state, why, Waiting) == Waiting)
        {
            try
            {
                _stop.Cancel();
            }
            catch (ObjectDisposedException)
            {
                // The try has ended meanwhile.
            }
        }
    }
}
