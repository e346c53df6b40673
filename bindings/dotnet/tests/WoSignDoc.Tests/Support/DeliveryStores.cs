using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WoSignDoc.Tests.Support;

/// <summary>The delivery stores of the package, made in a folder with an expiry; those of one folder are one store.</summary>
internal static class DeliveryStores
{
    public static IEnumerable<TestCaseData> All()
    {
        yield return new TestCaseData(
            (Func<string, TimeSpan?, IDeliveryStore>)((folder, expiry) =>
                new FileDeliveryStore(Path.Combine(folder, "deliveries"), expiry))).SetArgDisplayNames("files");
        yield return new TestCaseData(
            (Func<string, TimeSpan?, IDeliveryStore>)OfDatabase).SetArgDisplayNames("database");
    }

    internal static DbDeliveryStore OfDatabase(string folder, TimeSpan? expiry)
    {
        var store = new DbDeliveryStore(Connection(folder), expiry);
        store.CreateTableAsync().GetAwaiter().GetResult();
        return store;
    }

    /// <summary>Makes the database of that folder forget everything.</summary>
    internal static async Task EmptyTableAsync(string folder)
    {
        using DbConnection connection = Connect(folder);
        await connection.OpenAsync();
        using DbCommand command = connection.CreateCommand();
        command.CommandText = "DELETE FROM wosigndoc_delivery";
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Connects to the database of that folder.</summary>
    internal static Func<DbConnection> Connection(string folder) => () => Connect(folder);

    private static DbConnection Connect(string folder) => Database.Connect(DatabaseFile(folder));

    private static string DatabaseFile(string folder) => Path.Combine(folder, "site.db");
}
