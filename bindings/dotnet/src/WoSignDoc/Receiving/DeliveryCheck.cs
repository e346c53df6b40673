using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

// Makes sure that a store can be used: a delivery that no push has is claimed and released.
internal static class DeliveryCheck
{
    private static readonly string Key = new('0', 64);

    // One for all: what a check that was killed has left, the next one removes.
    private static readonly string Owner = new('0', 32);

    internal static async Task RunAsync(IDeliveryStore store, CancellationToken cancellation)
    {
        await store.ClaimAsync(Key, Owner, cancellation).ConfigureAwait(false);
        await store.ReleaseAsync(Key, Owner, cancellation).ConfigureAwait(false);
    }
}
