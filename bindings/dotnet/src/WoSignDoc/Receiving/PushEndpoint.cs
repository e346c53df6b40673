using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WoSignDoc;

/// <summary>How an endpoint receives pushes.</summary>
public sealed class PushEndpointOptions
{
    /// <summary>What a push must be, and how large it may be.</summary>
    public PushOptions Push { get; set; } = new();

    /// <summary>
    /// Where documents lie until the site's function has stored them. On the disk where they will stay,
    /// <see cref="ReceivedPush.MoveTo"/> is a rename. Null: the system's temporary folder, each push in a folder of
    /// its own there that only this user can enter.
    /// </summary>
    public string? Folder { get; set; }

    /// <summary>
    /// Remembers what was processed; null: a document pushed twice reaches the function twice. So does, with any
    /// store, a push with neither id nor order number.
    /// </summary>
    public IDeliveryStore? DeliveryStore { get; set; }
}

/// <summary>What to answer to a push.</summary>
public sealed class PushAnswer
{
    internal PushAnswer(int statusCode, string body)
    {
        StatusCode = statusCode;
        Body = body;
    }

    /// <summary>HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>The whole body, ASCII: <c>1</c> only when the push is acknowledged.</summary>
    public string Body { get; }

    /// <summary>Its type.</summary>
    public string ContentType { get; } = "text/plain; charset=utf-8";

    /// <summary>Whether the push is acknowledged (P-30).</summary>
    public bool Acknowledged => StatusCode == 200;
}

/// <summary>
/// The callback URL's side of the protocol, for any web framework. It cannot acknowledge wrongly: a push is
/// verified, handed to the site's function, and answered with <c>1</c> only when that function has returned
/// (P-30). A function that throws is logged and answered with status 500, so the push comes again. Pushes of
/// failed orders reach the function too (P-32). One endpoint serves any number of requests at once.
/// </summary>
public sealed class PushEndpoint
{
    private readonly Func<ReceivedPush, CancellationToken, Task> _handler;
    private readonly PushEndpointOptions _options;
    private readonly ILogger _logger;

    /// <summary>An endpoint with the site's function.</summary>
    /// <param name="handler">
    /// Stores the document, for good, before its task completes. There is no form without a task, because the
    /// compiler would take an <c>async</c> function for it that returns before it is done.
    /// </param>
    /// <param name="options">Null: the defaults.</param>
    /// <param name="logger">Where outcomes are noted, by number only; null: nowhere.</param>
    public PushEndpoint(
        Func<ReceivedPush, CancellationToken, Task> handler,
        PushEndpointOptions? options = null,
        ILogger? logger = null)
    {
        _handler = Argument.NotNull(handler, nameof(handler));
        _options = options ?? new PushEndpointOptions();
        _logger = logger ?? NullLogger.Instance;
    }

    /// <summary>Answers one request, on the calling thread.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="body">The request's body.</param>
    public PushAnswer Handle(string method, Stream body)
    {
        // Nothing may wait for a context that this thread is blocking, as classic ASP.NET's would be.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            return HandlePiecesAsync(
                method,
                (receiver, cancellation) => receiver.FeedAsync(body, synchronous: true, cancellation),
                CancellationToken.None).GetAwaiter().GetResult();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(context);
        }
    }

    /// <summary>Answers one request.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="body">The request's body.</param>
    /// <param name="cancellationToken">The request was given up; also handed to the site's function.</param>
    public Task<PushAnswer> HandleAsync(string method, Stream body, CancellationToken cancellationToken = default) =>
        HandlePiecesAsync(
            method,
            (receiver, cancellation) => receiver.FeedAsync(body, synchronous: false, cancellation),
            cancellationToken);

    /// <summary>Answers one request whose body is read by a function of yours.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="feed">
    /// Feeds the whole body to the receiver, and does not finish it. What it throws is logged and answered with
    /// status 500, so the push comes again.
    /// </param>
    /// <param name="cancellationToken">The request was given up; also handed to the site's function.</param>
    public async Task<PushAnswer> HandlePiecesAsync(
        string method, Func<PushReceiver, CancellationToken, Task> feed, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(feed, nameof(feed));
        if (!string.Equals(method, "POST", StringComparison.OrdinalIgnoreCase))
        {
            return new PushAnswer(405, "POST only");
        }

        using var place = new ReceivingPlace(_options.Folder);
        ReceivedPush push;
        try
        {
            push = await ReceiveAsync(place, feed, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!GivenUp(exception, cancellationToken))
        {
            return AnswerTo(exception, reading: place.Path is not null);
        }

        return await DeliverAsync(push, cancellationToken).ConfigureAwait(false);
    }

    private async Task<ReceivedPush> ReceiveAsync(
        ReceivingPlace place, Func<PushReceiver, CancellationToken, Task> feed, CancellationToken cancellation)
    {
        using PushReceiver receiver = PushReceiver.ToFile(place.Make(), _options.Push);
        await feed(receiver, cancellation).ConfigureAwait(false);
        return receiver.Finish();
    }

    /// <summary>Nobody waits for an answer: the caller knows, and expects its own cancellation.</summary>
    private static bool GivenUp(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && cancellation.IsCancellationRequested;

    /// <summary>The answer to a push that could not be received.</summary>
    private PushAnswer AnswerTo(Exception exception, bool reading)
    {
        if (exception is ProtocolException or IntegrityException or UntrustedException)
        {
            string reason = ((WoSignDocException)exception).Reason;
            Log.PushRefused(_logger, exception, reason);
            return new PushAnswer(reason == "push_too_large" ? 413 : 400, reason);
        }

        Log.ReceivingFailed(_logger, exception);
        // The rest is this side's fault, such as a full disk: no reason to tell the other side which.
        return reading && exception is IOException ? new PushAnswer(400, "push_cut") : new PushAnswer(500, "not received");
    }

    private async Task<PushAnswer> DeliverAsync(ReceivedPush push, CancellationToken cancellation)
    {
        if (_options.DeliveryStore is not { } store || push.DeliveryKey is not { } key)
        {
            return await RunAsync(push, cancellation).ConfigureAwait(false);
        }

        string owner = Guid.NewGuid().ToString("N");
        DeliveryClaim claim;
        try
        {
            claim = await store.ClaimAsync(key, owner, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.StoreFailed(_logger, exception);
            // It may have taken effect all the same, as when only the answer to it was lost.
            await TryReleaseAsync(store, key, owner).ConfigureAwait(false);
            return new PushAnswer(500, "not stored");
        }

        switch (claim)
        {
            case DeliveryClaim.Done:
                Log.AcknowledgedAgain(_logger, push.OrderNumber, push.SignId);
                return new PushAnswer(200, ReceivedPush.Acknowledgement);
            case DeliveryClaim.Busy:
                Log.Busy(_logger, push.OrderNumber, push.SignId);
                return new PushAnswer(503, "being stored");
            default:
                return await RunClaimedAsync(store, key, owner, push, cancellation).ConfigureAwait(false);
        }
    }

    private async Task<PushAnswer> RunClaimedAsync(
        IDeliveryStore store, string key, string owner, ReceivedPush push, CancellationToken cancellation)
    {
        PushAnswer answer = await RunAsync(push, cancellation).ConfigureAwait(false);
        if (!answer.Acknowledged)
        {
            await TryReleaseAsync(store, key, owner).ConfigureAwait(false);
            return answer;
        }

        try
        {
            // Not to be given up half-way, even when the other side has hung up.
            await store.CompleteAsync(key, CancellationToken.None).ConfigureAwait(false);
            return answer;
        }
        catch (Exception exception)
        {
            // The document is stored, but nobody would know when it comes again: let it come while the claim
            // is still held, and be decided then.
            Log.StoreFailed(_logger, exception);
            return new PushAnswer(500, "not stored");
        }
    }

    private async Task<PushAnswer> RunAsync(ReceivedPush push, CancellationToken cancellation)
    {
        try
        {
            await _handler(push, cancellation).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, push.OrderNumber, push.SignId);
            return new PushAnswer(500, "not stored");
        }

        Log.Acknowledged(_logger, push.OrderNumber, push.SignId);
        return new PushAnswer(200, ReceivedPush.Acknowledgement);
    }

    private async Task TryReleaseAsync(IDeliveryStore store, string key, string owner)
    {
        try
        {
            await store.ReleaseAsync(key, owner, CancellationToken.None).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            // It expires by itself.
            Log.StoreFailed(_logger, exception);
        }
    }
}
