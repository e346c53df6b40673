using System;
using System.Data.Common;
using System.Globalization;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

/// <summary>
/// Keeps deliveries in a table of the site's database, for any number of servers; programs in other languages may
/// share it. In every dialect of SQL:
/// <code>
/// CREATE TABLE wosigndoc_delivery (
///     delivery_key VARCHAR(64) NOT NULL PRIMARY KEY,
///     owner VARCHAR(32) NOT NULL,
///     claimed_at NUMERIC(19) NOT NULL,   -- seconds since 1970
///     done_at NUMERIC(19) NULL
/// )
/// </code>
/// </summary>
public sealed class DbDeliveryStore : IRenewableDeliveryStore
{
    private const long DefaultExpiry = 15 * 60;

    private readonly Func<DbConnection> _connect;
    private readonly long _expiry;
    private readonly string _prefix;

    /// <summary>Makes a store that opens a connection for each step.</summary>
    /// <param name="connect">Makes a connection, not opened yet and in no transaction.</param>
    /// <param name="expiry">
    /// After which time a claim may be taken over; an endpoint renews that of a function that runs. Null: 15 minutes.
    /// </param>
    /// <param name="parameterPrefix">
    /// How the database's provider marks parameters. <c>@</c>: Microsoft.Data.SqlClient, Npgsql, MySqlConnector,
    /// Microsoft.Data.Sqlite. <c>:</c>: Oracle.ManagedDataAccess. <c>?</c>, without names and in their order:
    /// System.Data.Odbc, System.Data.OleDb.
    /// </param>
    public DbDeliveryStore(Func<DbConnection> connect, TimeSpan? expiry = null, string parameterPrefix = "@")
    {
        _connect = Argument.NotNull(connect, nameof(connect));
        _expiry = Argument.Seconds(expiry, nameof(expiry)) ?? DefaultExpiry;
        _prefix = Argument.NotEmpty(parameterPrefix, nameof(parameterPrefix));
    }

    private static long Now => DateTimeOffset.UtcNow.ToUnixTimeSeconds();

    /// <summary>Makes the table where there is none, for sites whose migrations do not.</summary>
    /// <exception cref="DbException">It cannot be made.</exception>
    public async Task CreateTableAsync(CancellationToken cancellationToken = default)
    {
        using Session session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await IsThereAsync(session).ConfigureAwait(false))
        {
            return;
        }

        try
        {
            await session.RunAsync(
                "CREATE TABLE wosigndoc_delivery (delivery_key VARCHAR(64) NOT NULL PRIMARY KEY, owner VARCHAR(32) "
                + "NOT NULL, claimed_at NUMERIC(19) NOT NULL, done_at NUMERIC(19) NULL)").ConfigureAwait(false);
        }
        catch (DbException)
        {
            // Another process may have been faster.
            if (!await IsThereAsync(session).ConfigureAwait(false))
            {
                throw;
            }
        }
    }

    /// <inheritdoc/>
    public async Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken)
    {
        using Session session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        if (await InsertAsync(session, key, owner).ConfigureAwait(false) is not { } found)
        {
            return DeliveryClaim.Granted;
        }

        if (found.Done)
        {
            return DeliveryClaim.Done;
        }

        if (found.ClaimedAt > Now)
        {
            // The clock was set back: the claim counts from now, so that it neither ends early nor holds for years.
            await session.RunAsync(
                "UPDATE wosigndoc_delivery SET claimed_at = @now "
                + "WHERE delivery_key = @key AND claimed_at = @seen AND done_at IS NULL",
                ("now", Now), ("key", key), ("seen", found.ClaimedAt)).ConfigureAwait(false);
            return DeliveryClaim.Busy;
        }

        // Whole seconds are cut off both times: only one more has surely passed.
        if (Now - found.ClaimedAt <= _expiry)
        {
            return DeliveryClaim.Busy;
        }

        // Of several that see it expired, one takes it over: the others no longer find the old time.
        int changed = await session.RunAsync(
            "UPDATE wosigndoc_delivery SET owner = @owner, claimed_at = @now "
            + "WHERE delivery_key = @key AND claimed_at = @seen AND done_at IS NULL",
            ("owner", owner), ("now", Now), ("key", key), ("seen", found.ClaimedAt)).ConfigureAwait(false);
        return changed == 1 ? DeliveryClaim.GrantedAgain : DeliveryClaim.Busy;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The claim is no longer in the table.</exception>
    public async Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken)
    {
        using Session session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.RunAsync(
            "UPDATE wosigndoc_delivery SET done_at = @now WHERE delivery_key = @key AND done_at IS NULL",
            ("now", Now), ("key", key)).ConfigureAwait(false);
        // Not by the number of changed rows: databases count differently.
        Row row = await FindAsync(session, key).ConfigureAwait(false)
            // Acknowledged, it would be processed again when it comes again, because nothing remembers it.
            ?? throw new InvalidOperationException("the delivery store has lost a claim（交付记录中的认领已丢失）");
        return row.Owner == owner;
    }

    /// <inheritdoc/>
    public async Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken)
    {
        using Session session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.RunAsync(
            "DELETE FROM wosigndoc_delivery WHERE delivery_key = @key AND owner = @owner AND done_at IS NULL",
            ("key", key), ("owner", owner)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public TimeSpan Expiry => TimeSpan.FromSeconds(_expiry);

    /// <inheritdoc/>
    public async Task<bool> RenewAsync(string key, string owner, CancellationToken cancellationToken)
    {
        using Session session = await OpenAsync(cancellationToken).ConfigureAwait(false);
        await session.RunAsync(
            "UPDATE wosigndoc_delivery SET claimed_at = @now "
            + "WHERE delivery_key = @key AND owner = @owner AND done_at IS NULL",
            ("now", Now), ("key", key), ("owner", owner)).ConfigureAwait(false);
        return await FindAsync(session, key).ConfigureAwait(false) is { Done: false } row && row.Owner == owner;
    }

    // Tells whether there is a table, in the one way that every database understands.
    private static async Task<bool> IsThereAsync(Session session)
    {
        try
        {
            await FindAsync(session, string.Empty).ConfigureAwait(false);
            return true;
        }
        catch (DbException)
        {
            return false;
        }
    }

    private static async Task<Row?> FindAsync(Session session, string key)
    {
        using DbCommand command = session.Command(
            "SELECT owner, claimed_at, done_at FROM wosigndoc_delivery WHERE delivery_key = @key", ("key", key));
        using DbDataReader row = await command.ExecuteReaderAsync(session.Cancellation).ConfigureAwait(false);
        return await row.ReadAsync(session.Cancellation).ConfigureAwait(false)
            ? new Row(row.GetString(0), Convert.ToInt64(row.GetValue(1), CultureInfo.InvariantCulture), !row.IsDBNull(2))
            : null;
    }

    // Inserts a claim; gives the other's when that was faster: the primary key decides.
    private static async Task<Row?> InsertAsync(Session session, string key, string owner)
    {
        try
        {
            await session.RunAsync(
                "INSERT INTO wosigndoc_delivery (delivery_key, owner, claimed_at) VALUES (@key, @owner, @now)",
                ("key", key), ("owner", owner), ("now", Now)).ConfigureAwait(false);
            return null;
        }
        catch (DbException)
        {
            // What kind of error it is, each driver says in its own way; the row being there says it too.
            if (await FindAsync(session, key).ConfigureAwait(false) is { } row)
            {
                return row;
            }

            throw;
        }
    }

    private async Task<Session> OpenAsync(CancellationToken cancellation)
    {
        var session = new Session(_connect(), _prefix, cancellation);
        try
        {
            await session.OpenAsync().ConfigureAwait(false);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    // A row of the table.
    private sealed record Row(string Owner, long ClaimedAt, bool Done);

    // Holds one connection, for one step.
    private sealed class Session(DbConnection connection, string prefix, CancellationToken cancellation) : IDisposable
    {
        internal CancellationToken Cancellation => cancellation;

        public void Dispose() => connection.Dispose();

        internal Task OpenAsync() => connection.OpenAsync(cancellation);

        internal async Task<int> RunAsync(string sql, params (string Name, object Value)[] values)
        {
            using DbCommand command = Command(sql, values);
            return await command.ExecuteNonQueryAsync(cancellation).ConfigureAwait(false);
        }

        // Makes a command with the provider's own marks of parameters.
        // `sql`: With its parameters as @name.
        // `values`: In the order of the text: some providers look at nothing else.
        internal DbCommand Command(string sql, params (string Name, object Value)[] values)
        {
            DbCommand command = connection.CreateCommand();
            foreach ((string name, object value) in values)
            {
                string mark = prefix == "?" ? prefix : prefix + name;
                sql = sql.Replace("@" + name, mark);
                DbParameter parameter = command.CreateParameter();
                parameter.ParameterName = prefix == "?" ? string.Empty : mark;
                parameter.Value = value;
                command.Parameters.Add(parameter);
            }

#pragma warning disable CA2100 // Every text is a constant of this file; the prefix is the program's own.
            command.CommandText = sql;
#pragma warning restore CA2100
            return command;
        }
    }
}
