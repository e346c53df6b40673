using System;
using System.Collections.Concurrent;
using System.IO;
using System.Text.Json;
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
public sealed class FileDeliveryStore : IRenewableDeliveryStore
{
    private const long DefaultExpiry = 15 * 60;

    private static readonly ConcurrentDictionary<string, bool> Prepared = new(StringComparer.Ordinal);

    private readonly string _folder;
    private readonly long? _expiry;

    /// <summary>Makes a store of this folder.</summary>
    /// <param name="folder">
    /// Belongs to this store alone. Where it is missing, an endpoint that is made with the store makes it, for this user
    /// only, or the first claim.
    /// </param>
    /// <param name="expiry">
    /// After which time a claim may be taken over; an endpoint renews that of a function that runs. Null: 15 minutes.
    /// </param>
    public FileDeliveryStore(string folder, TimeSpan? expiry = null)
    {
        _folder = Path.GetFullPath(Argument.NotEmpty(folder, nameof(folder)));
        _expiry = Argument.Seconds(expiry, nameof(expiry));
    }

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written.</exception>
    public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Found(Core.ClaimDelivery(Delivery(key, owner, cancellationToken))));

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written, or has lost the claim.</exception>
    public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(!Core.CompleteDelivery(Delivery(key, owner, cancellationToken)).Flag("taken_over"));

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written.</exception>
    public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Core.ReleaseDelivery(Delivery(key, owner, cancellationToken)));

    private static DeliveryClaim Found(JsonElement claim) => claim.Text("claim") switch
    {
        "granted" when claim.Flag("taken_over") => DeliveryClaim.GrantedAgain,
        "granted" => DeliveryClaim.Granted,
        "done" => DeliveryClaim.Done,
        _ => DeliveryClaim.Busy,
    };

    /// <inheritdoc/>
    public TimeSpan Expiry => TimeSpan.FromSeconds(_expiry ?? DefaultExpiry);

    /// <inheritdoc/>
    /// <exception cref="FileException">The folder cannot be read or written.</exception>
    public Task<bool> RenewAsync(string key, string owner, CancellationToken cancellationToken) =>
        Task.FromResult(Core.RenewDelivery(Delivery(key, owner, cancellationToken)).Flag("renewed"));

    // Makes the folder, or throws; once for all stores of it, since there may be one for each request.
    internal void Prepare()
    {
        if (!Prepared.ContainsKey(_folder) || !Directory.Exists(_folder))
        {
            DeliveryCheck.RunAsync(this, CancellationToken.None).GetAwaiter().GetResult();
            Prepared[_folder] = true;
        }
    }

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
