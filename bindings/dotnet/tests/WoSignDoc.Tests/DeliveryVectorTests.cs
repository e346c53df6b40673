using System;
using System.Text.Json;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The cases of vectors/deliveries.json, with every store of the package.</summary>
public sealed class DeliveryVectorTests
{
    /// Covers P-30: what each step gives, also when claims expire, are taken over or lost, and clocks are set back.
    [TestCaseSource(typeof(DeliveryStores), nameof(DeliveryStores.All))]
    public void Steps_of_deliveries(Func<string, TimeSpan?, IDeliveryStore> make) =>
        Vectors.RunAll("deliveries.json", (test, _) =>
        {
            TimeSpan? expiry = test.TryGetProperty("expire_seconds", out JsonElement seconds)
                ? TimeSpan.FromSeconds(seconds.GetInt64())
                : null;
            string folder = Repository.NewFolder();
            var steps = new DeliverySteps(make(folder, expiry), folder, defaultKey: "key");
            foreach (JsonElement step in test.GetProperty("steps").EnumerateArray())
            {
                steps.Take(step);
            }
        });
}
