using System;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Keeps deliveries in a folder, for sites on one machine; all their processes, in any language, may share it. Small
/// files that end in <c>.done</c> stay there, and remember.
/// </summary>
public sealed class FileDeliveryStore : IDeliveryStore
{
    private readonly string _folder;
    private readonly long? _expiry;

    /// <summary>Makes a store of this folder.</summary>
    /// <param name="folder">Belongs to this store alone; the first claim makes it, for this user only.</param>
    /// <param name="expiry">
    /// After which time a claim may be taken over: longer than the site's function ever takes. Null: 15 minutes.
    /// </param>
    public FileDeliveryStore(string folder, TimeSpan? expiry = null)
    {
        _folder = Path.GetFullPath(Argument.NotEmpty(folder, nameof(folder)));
        _expiry = Argument.Seconds(expiry, nameof(expiry));
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written.</exception>
    public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Core.ClaimDelivery(Delivery(key, owner, cancellationToken)).Text("claim") switch
        {
            "granted" => DeliveryClaim.Granted,
            "done" => DeliveryClaim.Done,
            _ => DeliveryClaim.Busy,
        });

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written, or has lost the claim.</exception>
    public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(!Core.CompleteDelivery(Delivery(key, owner, cancellationToken)).Flag("taken_over"));

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written.</exception>
    public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Core.ReleaseDelivery(Delivery(key, owner, cancellationToken)));

    private byte[] Delivery(string key, string owner, CancellationToken cancellation)
    {
        cancellation.ThrowIfCancellationRequested();
        var delivery = new JsonObject
        {
            ["folder"] = _folder,
            ["key"] = key,
            ["owner"] = owner,
            ["expire_seconds"] = _expiry,
        };
        return delivery.Bytes();
    }
}
