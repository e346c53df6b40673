using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;

namespace WoSignDoc;

// Renews a claim again and again while the site's function runs, so that a slow one is not run twice.
#pragma warning disable CA1001 // EndAsync disposes of it: there is no asynchronous disposal on .NET Framework.
internal sealed class Renewal
#pragma warning restore CA1001
{
    private readonly CancellationTokenSource _ended = new();
    private readonly Task _renewing;

    private Renewal(IRenewableDeliveryStore store, string key, string owner, ReceivedPush push, ILogger logger) =>
        _renewing = Task.Run(() => RenewAsync(store, key, owner, push, logger));

    // Null for a store that cannot renew.
    internal static Renewal? Start(IDeliveryStore store, string key, string owner, ReceivedPush push, ILogger logger) =>
        store is IRenewableDeliveryStore renewable ? new Renewal(renewable, key, owner, push, logger) : null;

    // Ends it. Nothing of it goes on afterwards: the store may be gone with its request.
    internal async Task EndAsync()
    {
        _ended.Cancel();
        await _renewing.ConfigureAwait(false);
        _ended.Dispose();
    }

    private async Task RenewAsync(
        IRenewableDeliveryStore store, string key, string owner, ReceivedPush push, ILogger logger)
    {
        CancellationToken ended = _ended.Token;
        bool ours = true;
        while (ours && !ended.IsCancellationRequested)
        {
            try
            {
                var pause = TimeSpan.FromMilliseconds(Math.Max(1, Math.Min(store.Expiry.TotalMilliseconds / 3, MaxPause)));
                await Task.Delay(pause, ended).ConfigureAwait(false);
                ours = await store.RenewAsync(key, owner, ended).ConfigureAwait(false);
                if (!ours)
                {
                    Log.ClaimLost(logger, push.LoggedNumber, push.LoggedId);
                }
            }
            catch (Exception exception)
            {
                // The next time is early enough.
                if (!ended.IsCancellationRequested)
                {
                    Log.RenewalFailed(logger, exception);
                }
            }
        }
    }

    private const double MaxPause = 24 * 60 * 60 * 1000;
}
