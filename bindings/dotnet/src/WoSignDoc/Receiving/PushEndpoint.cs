using System;
using System.IO;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace WoSignDoc;

/// <summary>
/// Answers the requests of a callback URL, in any web framework. It cannot acknowledge wrongly: a push is verified,
/// handed to the site's function, and answered with <c>1</c> only when that function's task has completed. A function
/// that throws is logged and answered with status 500, so that the push comes again. Pushes of failed orders reach
/// the function too. One endpoint serves any number of requests at once.
/// </summary>
public sealed class PushEndpoint
{
    private readonly Func<ReceivedPush, CancellationToken, Task> _handler;
    private readonly PushEndpointOptions _options;
    private readonly ILogger _logger;
    private readonly SpoolFolder _spool;

    /// <summary>
    /// Makes an endpoint of the site's function. Documents that a killed process left in the folder are removed.
    /// </summary>
    /// <param name="handler">
    /// Stores the document, for good, before its task completes: by <see cref="ReceivedPush.MoveTo"/> in a folder, or
    /// from <see cref="ReceivedPush.Document"/> in a database. It may run again for a push that it has stored, as when
    /// its process died before that was noted: let it do the same again.
    /// </param>
    /// <param name="options">Limits, folder, delivery store; null: the defaults.</param>
    /// <param name="logger">Where outcomes are noted, by number only; null: nowhere.</param>
    /// <exception cref="FileException">
    /// The folder, or that of a <see cref="FileDeliveryStore"/>, can neither be used nor made.
    /// </exception>
    /// <exception cref="InvalidCallException">A setting of the verification is wrong: it is named.</exception>
    public PushEndpoint(
        Func<ReceivedPush, CancellationToken, Task> handler,
        PushEndpointOptions? options = null,
        ILogger? logger = null)
    {
        _handler = Argument.NotNull(handler, nameof(handler));
        _options = options ?? new PushEndpointOptions();
        _logger = logger ?? NullLogger.Instance;
        _spool = SpoolFolder.Open(_options.Folder);
        // Its folder is made now. A database may come later than this program.
        (_options.DeliveryStore as FileDeliveryStore)?.Prepare();
        if (_options.Push.Verify is not null || _options.Push.Quarantine is not null)
        {
            CheckPushOptions();
        }
    }

    /// <summary>
    /// Makes sure that pushes can be received now, as a readiness check wants to know: that the native library is there,
    /// that it takes the options, that the folder can be written, and that the delivery store can be used.
    /// </summary>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <exception cref="WoSignDocException">The library or a folder cannot be used; a store throws its own.</exception>
    public async Task CheckAsync(CancellationToken cancellationToken = default)
    {
        CheckPushOptions();
        _spool.Check();
        if (_options.DeliveryStore is { } store)
        {
            await DeliveryCheck.RunAsync(store, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Answers one request, on the calling thread.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="body">The request's body.</param>
    public PushAnswer Handle(string method, Stream body)
    {
        Argument.NotNull(body, nameof(body));
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
    public Task<PushAnswer> HandleAsync(string method, Stream body, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(body, nameof(body));
        return HandlePiecesAsync(
            method,
            (receiver, cancellation) => receiver.FeedAsync(body, synchronous: false, cancellation),
            cancellationToken);
    }

    /// <summary>Answers one request whose body is read by a function of yours.</summary>
    /// <param name="method">The request's method.</param>
    /// <param name="feed">
    /// Feeds the whole body to the receiver, and does not finish it. What it throws is logged and answered with
    /// status 500, so that the push comes again.
    /// </param>
    /// <param name="cancellationToken">The request was given up; also handed to the site's function.</param>
    public async Task<PushAnswer> HandlePiecesAsync(
        string method, Func<PushReceiver, CancellationToken, Task> feed, CancellationToken cancellationToken = default)
    {
        Argument.NotNull(feed, nameof(feed));
        if (method != "POST")
        {
            return PushAnswer.MethodNotAllowed();
        }

        try
        {
            // Until the function has moved the document away, it lies here.
            using SpoolPlace place = _spool.NewPlace();
            string file = place.File("push.pdf");
            ReceivedPush push = await ReceiveAsync(file, feed, cancellationToken).ConfigureAwait(false);
            if (!push.Failed)
            {
                push.Hidden(place.Hide(file));
            }

            return await DeliverAsync(push, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception) when (!GivenUp(exception, cancellationToken))
        {
            return Refuse(exception);
        }
    }

    // Throws when the core would not take the options: with a wrong root, no push could ever be received.
    private void CheckPushOptions() => PushReceiver.ToMemory(_options.Push).Dispose();

    private async Task<ReceivedPush> ReceiveAsync(
        string path, Func<PushReceiver, CancellationToken, Task> feed, CancellationToken cancellation)
    {
        using PushReceiver receiver = PushReceiver.ToFile(path, _options.Push);
        await feed(receiver, cancellation).ConfigureAwait(false);
        return receiver.Finish();
    }

    // Whether nobody waits for an answer: the caller knows, and expects its own cancellation.
    private static bool GivenUp(Exception exception, CancellationToken cancellation) =>
        exception is OperationCanceledException && cancellation.IsCancellationRequested;

    // Answers a push that could not be received: the core knows what its own failures mean.
    private PushAnswer Refuse(Exception exception)
    {
        if (exception is WoSignDocException { AnswerStatus: { } status, Reason: { } reason })
        {
            if (exception is UntrustedException { Report: { } report } untrusted)
            {
                Log.DocumentUntrusted(_logger, exception, reason, report, Kept(untrusted));
            }
            else
            {
                Log.PushRefused(_logger, exception, reason);
            }

            return PushAnswer.Refuse(status, reason);
        }

        Log.ReceivingFailed(_logger, exception);
        return PushAnswer.Refuse(500, "receiving_failed");
    }

    // Says where a document is that was refused.
    private static string Kept(UntrustedException exception) => exception.QuarantinePath
        ?? (exception.QuarantineError is { } error ? $"no ({error.Message})" : "no");

    // Brings a push to the site's function, once where there is a store.
    private async Task<PushAnswer> DeliverAsync(ReceivedPush push, CancellationToken cancellation)
    {
        if (_options.DeliveryStore is not { } store || push.DeliveryKey is not { } key)
        {
            return await RunAsync(push, cancellation).ConfigureAwait(false) ? Acknowledge(push) : NotStored();
        }

        string owner = Guid.NewGuid().ToString("N");
        try
        {
            DeliveryClaim claim = await store.ClaimAsync(key, owner, cancellation).ConfigureAwait(false);
            switch (claim)
            {
                case DeliveryClaim.Done:
                    Log.AcknowledgedAgain(_logger, push.LoggedNumber, push.LoggedId);
                    return PushAnswer.Acknowledge(push.Acknowledgement);
                case DeliveryClaim.Busy:
                    Log.Busy(_logger, push.LoggedNumber, push.LoggedId);
                    return PushAnswer.Busy();
                case DeliveryClaim.GrantedAgain:
                    Log.GrantedAgain(_logger, push.LoggedNumber, push.LoggedId);
                    break;
                case not DeliveryClaim.Granted:
                    throw new InvalidOperationException($"the delivery store gave the claim {claim}");
            }

            var renewal = Renewal.Start(store, key, owner, push, _logger);
            bool stored = await RunAsync(push, cancellation).ConfigureAwait(false);
            await (renewal?.EndAsync() ?? Task.CompletedTask).ConfigureAwait(false);
            if (!stored)
            {
                await TryReleaseAsync(store, key, owner).ConfigureAwait(false);
                return NotStored();
            }

            // Not to be given up half-way, even when the other side has hung up.
            if (!await store.CompleteAsync(key, owner, CancellationToken.None).ConfigureAwait(false))
            {
                Log.TakenOver(_logger, push.LoggedNumber, push.LoggedId);
            }

            return Acknowledge(push);
        }
        catch (Exception exception)
        {
            Log.StoreFailed(_logger, exception);
            // The claim may be there all the same, as when only the answer to it was lost.
            await TryReleaseAsync(store, key, owner).ConfigureAwait(false);
            return PushAnswer.Refuse(500, "store_failed");
        }
    }

    // Runs the site's function; false when it failed.
    private async Task<bool> RunAsync(ReceivedPush push, CancellationToken cancellation)
    {
        try
        {
            await _handler(push, cancellation).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception)
        {
            Log.HandlerFailed(_logger, exception, push.LoggedNumber, push.LoggedId);
            return false;
        }
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

    private PushAnswer Acknowledge(ReceivedPush push)
    {
        Log.Acknowledged(_logger, push.LoggedNumber, push.LoggedId);
        return PushAnswer.Acknowledge(push.Acknowledgement);
    }

    private static PushAnswer NotStored() => PushAnswer.Refuse(500, "not_stored");
}
