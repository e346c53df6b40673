using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

/// <summary>What claiming a delivery found.</summary>
public enum DeliveryClaim
{
    /// <summary>Not processed yet: the caller processes it now, and nobody else does.</summary>
    Granted,

    /// <summary>Somebody else is processing it at this moment: not to be acknowledged yet.</summary>
    Busy,

    /// <summary>It was processed before: to be acknowledged again.</summary>
    Done,
}

/// <summary>
/// Remembers which pushes a site has processed, so that one that is pushed twice reaches the site's function
/// once. A claim that was neither completed nor released, because the machine died, expires: the next push of
/// the same document is processed then. A method that cannot do its work throws; the push is not acknowledged
/// then, and comes again.
/// </summary>
public interface IDeliveryStore
{
    /// <summary>Claims a delivery.</summary>
    /// <param name="key"><see cref="ReceivedPush.DeliveryKey"/>: 64 hex digits.</param>
    /// <param name="owner">
    /// Names this claim among all: 32 hex digits. A process that is still at work when its claim expires must not
    /// release that of the one that took over.
    /// </param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken);

    /// <summary>The claimed delivery has been processed.</summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task CompleteAsync(string key, CancellationToken cancellationToken);

    /// <summary>
    /// The claimed delivery could not be processed: the next push may claim it at once. Nothing happens when there is
    /// no claim of this owner's. Also called when claiming threw, since that may have taken effect all the same.
    /// </summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="owner">As it was claimed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken);
}
