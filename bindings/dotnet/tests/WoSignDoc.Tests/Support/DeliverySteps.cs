using System;
using System.Text.Json;
using NUnit.Framework;

namespace WoSignDoc.Tests.Support;

/// <summary>Takes the steps of the vectors on a delivery store.</summary>
/// <param name="store">The store.</param>
/// <param name="folder">The folder that the store was made in.</param>
/// <param name="defaultKey">The key of a step that names none.</param>
internal sealed class DeliverySteps(IDeliveryStore store, string folder, string defaultKey)
{
    /// <summary>Takes one step, and compares what it gives.</summary>
    internal void Take(JsonElement step)
    {
        if (step.TryGetProperty("pass_seconds", out JsonElement seconds))
        {
            DeliveryStores.Pass(folder, seconds.GetInt64());
            return;
        }

        string key = step.TryGetProperty("key", out JsonElement given) ? given.GetString()! : defaultKey;
        string? found = step switch
        {
            _ when step.TryGetProperty("claim", out JsonElement owner) => Claim(key, owner.GetString()!),
            _ when step.TryGetProperty("complete", out JsonElement owner) => Complete(key, owner.GetString()!),
            _ when step.TryGetProperty("renew", out JsonElement owner) => Renew(key, owner.GetString()!),
            _ when step.TryGetProperty("release", out JsonElement owner) => Release(key, owner.GetString()!),
            _ => throw new AssertionException($"unknown step {step.GetRawText()}"),
        };
        string? expected = step.TryGetProperty("gives", out JsonElement gives) ? gives.GetString() : null;
        Assert.That(found, Is.EqualTo(expected), step.GetRawText());
    }

    /// <summary>Tells what the store says of a key: none, open or done.</summary>
    internal string StateOf(string key)
    {
        string found = Claim(key, "probe");
        if (found is "granted" or "granted_again")
        {
            Release(key, "probe");
        }

        return found switch { "granted" or "granted_again" => "none", "busy" => "open", _ => found };
    }

    private string Claim(string key, string owner) =>
        store.ClaimAsync(key, owner, default).GetAwaiter().GetResult() switch
        {
            DeliveryClaim.GrantedAgain => "granted_again",
            DeliveryClaim claim => claim.ToString().ToLowerInvariant(),
        };

    private string Complete(string key, string owner)
    {
        try
        {
            return store.CompleteAsync(key, owner, default).GetAwaiter().GetResult() ? "completed" : "taken_over";
        }
        catch (Exception exception) when (
            exception is InvalidOperationException or FileException { Reason: "claim_lost" })
        {
            return "lost";
        }
    }

    private string Renew(string key, string owner) =>
        ((IRenewableDeliveryStore)store).RenewAsync(key, owner, default).GetAwaiter().GetResult() ? "renewed" : "not_renewed";

    private string? Release(string key, string owner)
    {
        store.ReleaseAsync(key, owner, default).GetAwaiter().GetResult();
        return null;
    }
}
