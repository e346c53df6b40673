using System;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

/// <summary>Says what claiming a delivery found.</summary>
public enum DeliveryClaim
{
    /// <summary>It was not processed yet: the caller processes it now, and nobody else does.</summary>
    Granted,

    /// <summary>Somebody else is processing it at this moment: it must not be acknowledged yet.</summary>
    Busy,

    /// <summary>It was processed before: it is acknowledged again.</summary>
    Done,

    /// <summary>
    /// The caller processes it now, after another's claim expired, as after its process died: the function may have
    /// run before.
    /// </summary>
    GrantedAgain,
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

    /// <summary>Marks a claimed delivery as processed. Throws when there is neither a claim nor a mark.</summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="owner">As it was claimed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    /// <returns>False: the claim had expired and another owner took it over, so the function may have run twice.</returns>
    Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken);

    /// <summary>
    /// Gives up a claimed delivery that could not be processed: the next push may claim it at once. Nothing happens
    /// when there is no open claim of this owner's. It is also called when claiming or completing threw, since that may
    /// have taken effect all the same.
    /// </summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="owner">As it was claimed.</param>
    /// <param name="cancellationToken">Ends the attempt.</param>
    Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken);
}

/// <summary>
/// Is a store whose claims can be renewed. An endpoint does that while the site's function runs, three times within an
/// expiry, so that a slow function is not run twice.
/// </summary>
public interface IRenewableDeliveryStore : IDeliveryStore
{
    /// <summary>The time after which a claim may be taken over, at least a second.</summary>
    TimeSpan Expiry { get; }

    /// <summary>Lets a claim begin now. It is called while the site's function runs.</summary>
    /// <param name="key">As it was claimed.</param>
    /// <param name="owner">As it was claimed.</param>
    /// <param name="cancellationToken">The function has ended.</param>
    /// <returns>False: the claim is no longer this owner's, or the push is done.</returns>
    Task<bool> RenewAsync(string key, string owner, CancellationToken cancellationToken);
}
