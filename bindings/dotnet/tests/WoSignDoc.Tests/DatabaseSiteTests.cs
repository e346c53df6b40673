#if NET
using System;
using System.Data;
using System.IO;
using System.Threading.Tasks;
using Microsoft.Data.Sqlite;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The README's function that keeps documents in a database, as a site runs it.</summary>
public sealed class DatabaseSiteTests
{
    private static readonly byte[] Document = Pushes.Document(50_000);

    private string _connection = string.Empty;
    private PushEndpoint _endpoint = null!;

    [SetUp]
    public void MakeSite()
    {
        string folder = Repository.NewFolder();
        _connection = $"Data Source={Path.Combine(folder, "site.db")}";
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText =
            "CREATE TABLE contract (order_number TEXT PRIMARY KEY, state TEXT NOT NULL, document BLOB);"
            + "INSERT INTO contract (order_number, state) VALUES ('A-1', 'sending'), ('A-2', 'accepted');";
        command.ExecuteNonQuery();
        _endpoint = new PushEndpoint(
            (push, _) => KeepAsync(_connection, push), new PushEndpointOptions { Folder = folder });
    }

    [Test]
    public void A_document_is_in_the_database_when_it_is_acknowledged()
    {
        for (int time = 0; time < 2; time++)
        {
            Assert.That(TestPush.SignedDocument("A-1", Document).PostTo(_endpoint).Body, Is.EqualTo("1"));
            (string? state, byte[]? document) = Row("A-1");
            Assert.That(state, Is.EqualTo("signed"));
            Assert.That(document, Is.EqualTo(Document));
        }

        Assert.That(Row("A-2"), Is.EqualTo(("accepted", (byte[]?)null)), "another order's");
    }

    [Test]
    public void A_state_moves_forwards_only()
    {
        Assert.That(TestPush.FailedOrder("A-2", -50).PostTo(_endpoint).Body, Is.EqualTo("1"));
        Assert.That(Row("A-2"), Is.EqualTo(("failed", (byte[]?)null)));
        Assert.That(TestPush.SignedDocument("A-1", Document).PostTo(_endpoint).Acknowledged, Is.True);
        Assert.That(TestPush.FailedOrder("A-1", -50).PostTo(_endpoint).Acknowledged, Is.True);
        Assert.That(Row("A-1").State, Is.EqualTo("signed"));
    }

    [Test]
    public void A_push_of_an_order_without_a_row_is_not_acknowledged()
    {
        Assert.That(TestPush.SignedDocument("A-3", Document).PostTo(_endpoint).Acknowledged, Is.False);
        Assert.That(TestPush.FailedOrder("A-3", -50).PostTo(_endpoint).Acknowledged, Is.False);
        Assert.That(Row("A-3").State, Is.Null);
    }

    private static async Task KeepAsync(string database, ReceivedPush push)
    {
        // [database]
        await using var connection = new SqliteConnection(database); // or your database's
        await connection.OpenAsync();
        await using SqliteCommand command = connection.CreateCommand();
        command.CommandText = push.Failed
            ? "UPDATE contract SET state = 'failed' WHERE order_number = @number AND state IN ('sending', 'accepted')"
            : "UPDATE contract SET state = 'signed', document = @document "
                + "WHERE order_number = @number AND state IN ('sending', 'accepted')";
        command.Parameters.AddWithValue("@number", push.OrderNumber);
        if (!push.Failed)
        {
            command.Parameters.AddWithValue("@document", push.Document.ToArray());
        }

        if (await command.ExecuteNonQueryAsync() == 0)
        {
            command.Parameters.Clear();
            command.Parameters.AddWithValue("@number", push.OrderNumber);
            command.CommandText = "SELECT COUNT(*) FROM contract WHERE order_number = @number";
            if (Convert.ToInt64(await command.ExecuteScalarAsync()) == 0)
            {
                throw new InvalidOperationException("there is no contract " + push.OrderNumber); // so it is not acknowledged
            }
        }
        // [/database]
    }

    private (string? State, byte[]? Document) Row(string orderNumber)
    {
        using var connection = new SqliteConnection(_connection);
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT state, document FROM contract WHERE order_number = @number";
        command.Parameters.AddWithValue("@number", orderNumber);
        using SqliteDataReader row = command.ExecuteReader(CommandBehavior.SingleRow);
        return row.Read() ? (row.GetString(0), row.IsDBNull(1) ? null : (byte[])row[1]) : (null, null);
    }
}
#endif
