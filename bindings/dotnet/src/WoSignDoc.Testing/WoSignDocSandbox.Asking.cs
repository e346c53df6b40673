using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Net.Http;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Testing;

// What a test asks of the sandbox.
public sealed partial class WoSignDocSandbox
{
    /// <summary>Gives what the platform calls now.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Now(await _control.GetAsync("clock", cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Gives options that trust this sandbox's signatures alone. They judge at its own time where a test has moved its clock.
    /// </summary>
    public async Task<VerifyOptions> TrustAsync(CancellationToken cancellationToken = default)
    {
        JsonNode clock = await _control.GetAsync("clock", cancellationToken).ConfigureAwait(false);
        return new VerifyOptions { RootFiles = { CaFile }, At = clock.Time("judge_at") };
    }

    /// <summary>
    /// Waits for the next push of this order to the inbox, and receives it as a site would; the document is in memory. Each is
    /// given once: a second call waits for a second push. A push that is not right, such as one with a wrong hash, is not waited
    /// for.
    /// </summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="options">Those of your endpoint, which may refuse the push; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxTimeoutException">
    /// None came in time, or none can, since documents are pushed elsewhere or it was given up; the message has the order's journal.
    /// </exception>
    public async Task<ReceivedPush> AwaitPushAsync(
        string number,
        TimeSpan? timeout = null,
        PushOptions? options = null,
        CancellationToken cancellationToken = default) =>
        PushReceiver.Receive(await AwaitBodyAsync(number, timeout, cancellationToken).ConfigureAwait(false), options);

    /// <summary>Waits as <see cref="AwaitPushAsync"/> does, and gives the push's body, byte for byte as it came.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <inheritdoc cref="AwaitPushAsync" path="/exception"/>
    public async Task<byte[]> AwaitBodyAsync(
        string number, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        var wanted = new JsonObject { ["number"] = NotNull(number, nameof(number)), ["timeout"] = Seconds(timeout) };
        JsonNode next = await _control.WaitAsync(HttpMethod.Post, "inbox/next", wanted, cancellationToken).ConfigureAwait(false);
        return await new InboxEntry(next, _control).BodyAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Lists what was pushed to the inbox, the oldest first, what is not right too.</summary>
    /// <param name="number">Only the right pushes of this order number, or platform's id; null: all.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    public async Task<IReadOnlyList<InboxEntry>> InboxAsync(
        string? number = null, CancellationToken cancellationToken = default)
    {
        string which = number is null ? string.Empty : $"?number={ControlApi.Part(number)}";
        JsonNode json = await _control.GetAsync($"inbox{which}", cancellationToken).ConfigureAwait(false);
        return List(json, one => new InboxEntry(one, _control));
    }

    /// <summary>Waits until an order has come so far. It need not be there yet.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="state">How far it has to be.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxTimeoutException">
    /// It has not come so far in time, or cannot any longer; the message has its journal.
    /// </exception>
    public async Task<SandboxOrder> AwaitStateAsync(
        string number, OrderState state, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        string seconds = Seconds(timeout).ToString(CultureInfo.InvariantCulture);
        string call = $"wait?number={ControlApi.Part(NotNull(number, nameof(number)))}"
            + $"&until={state.ToString().ToLowerInvariant()}&timeout={seconds}";
        return new SandboxOrder(await _control.WaitAsync(HttpMethod.Get, call, null, cancellationToken).ConfigureAwait(false));
    }

    /// <summary>Lists the orders, the newest first.</summary>
    public async Task<IReadOnlyList<SandboxOrder>> OrdersAsync(CancellationToken cancellationToken = default) =>
        List(
            await _control.GetAsync("orders?limit=1000", cancellationToken).ConfigureAwait(false),
            static one => new SandboxOrder(one));

    /// <summary>Shows an order; who signs it, and where, is in its <see cref="SandboxOrder.Json"/>.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">There is no such order.</exception>
    public async Task<SandboxOrder> OrderAsync(string number, CancellationToken cancellationToken = default) =>
        new(await _control.GetAsync(OrderPath(number), cancellationToken).ConfigureAwait(false));

    /// <summary>Gives the bytes of the signed document.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">There is no such order, or it is not signed.</exception>
    public Task<byte[]> DocumentAsync(string number, CancellationToken cancellationToken = default) =>
        _control.GetBytesAsync($"{OrderPath(number)}/document", cancellationToken);

    /// <summary>Lists what came in and went out, the oldest first. No document, identity number, or TokenID is in it.</summary>
    /// <param name="number">The order number, or the platform's id; null: all.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    public async Task<IReadOnlyList<JournalEntry>> JournalAsync(
        string? number = null, CancellationToken cancellationToken = default)
    {
        string which = number is null ? string.Empty : $"&number={ControlApi.Part(number)}";
        JsonNode json = await _control.GetAsync($"journal?limit=1000{which}", cancellationToken).ConfigureAwait(false);
        return [.. List(json, static one => new JournalEntry(one)).Reverse()];
    }

    /// <summary>Gives log and journal as text, for the output of a test that failed.</summary>
    public async Task<string> ReportAsync(CancellationToken cancellationToken = default)
    {
        string journal;
        try
        {
            journal = Text(await JournalAsync(null, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception exception) when (exception is SandboxException or ObjectDisposedException)
        {
            journal = "The sandbox does not run any longer.\n";
        }

        return $"The sandbox's log:\n{Log}The sandbox's journal:\n{journal}";
    }

    private static DateTimeOffset Now(JsonNode json) => json.Time("now") ?? default;

    private static IReadOnlyList<T> List<T>(JsonNode json, Func<JsonNode, T> read) =>
        [.. json.AsArray().Select(one => read(one!))];

    private static string OrderPath(string number) => $"orders/{ControlApi.Part(NotNull(number, nameof(number)))}";

    private static double Seconds(TimeSpan? timeout) => (timeout ?? TimeSpan.FromSeconds(30)).TotalSeconds;

    private static string Text(IReadOnlyList<JournalEntry> journal)
    {
        var text = new StringBuilder();
        foreach (JournalEntry one in journal)
        {
            text.Append("  ").Append(one).Append('\n');
        }

        return journal.Count > 0 ? text.ToString() : "  nothing\n";
    }
}
