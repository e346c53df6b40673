using System;
using System.Collections.Generic;
using System.Data.Common;
using System.IO;
using System.Text.Json.Nodes;
using System.Threading.Tasks;
using NUnit.Framework;

namespace WoSignDoc.Tests.Support;

/// <summary>The delivery stores of the package, made in a folder with an expiry; those of one folder are one store.</summary>
internal static class DeliveryStores
{
    public static IEnumerable<TestCaseData> All()
    {
        yield return new TestCaseData((Func<string, TimeSpan?, IDeliveryStore>)OfFiles).SetArgDisplayNames("files");
        yield return new TestCaseData((Func<string, TimeSpan?, IDeliveryStore>)OfDatabase).SetArgDisplayNames("database");
    }

    internal static DbDeliveryStore OfDatabase(string folder, TimeSpan? expiry)
    {
        var store = new DbDeliveryStore(Connection(folder), expiry);
        store.CreateTableAsync().GetAwaiter().GetResult();
        return store;
    }

    /// <summary>Lets time pass in the stores of a folder, by moving back every time that they have noted.</summary>
    internal static void Pass(string folder, long seconds)
    {
        if (Directory.Exists(Files(folder)))
        {
            foreach (string file in Directory.GetFiles(Files(folder), "*.claim", SearchOption.AllDirectories))
            {
                JsonNode claim = JsonNode.Parse(File.ReadAllText(file))!;
                claim["claimed_at"] = (long)claim["claimed_at"]! - seconds;
                File.WriteAllText(file, claim.ToJsonString());
            }
        }

        if (File.Exists(DatabaseFile(folder)))
        {
            RunAsync(folder, $"UPDATE wosigndoc_delivery SET claimed_at = claimed_at - {seconds}").GetAwaiter().GetResult();
        }
    }

    /// <summary>Makes the database of that folder forget everything.</summary>
    internal static Task EmptyTableAsync(string folder) => RunAsync(folder, "DELETE FROM wosigndoc_delivery");

    /// <summary>Connects to the database of that folder.</summary>
    internal static Func<DbConnection> Connection(string folder) => () => Database.Connect(DatabaseFile(folder));

    private static FileDeliveryStore OfFiles(string folder, TimeSpan? expiry) => new(Files(folder), expiry);

    private static async Task RunAsync(string folder, string sql)
    {
        using DbConnection connection = Connection(folder)();
        await connection.OpenAsync();
        using DbCommand command = connection.CreateCommand();
#pragma warning disable CA2100 // A test's own text.
        command.CommandText = sql;
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync();
    }

    private static string Files(string folder) => Path.Combine(folder, "deliveries");

    private static string DatabaseFile(string folder) => Path.Combine(folder, "site.db");
}
