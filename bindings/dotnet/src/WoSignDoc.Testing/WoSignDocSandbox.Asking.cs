using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using static System.FormattableString;

namespace WoSignDoc.Testing;

// What a test asks of the sandbox.
public sealed partial class WoSignDocSandbox
{
    // The pause between two looks at the inbox, in milliseconds.
    private const int Pause = 20;

    // The longest time that the control API lets anybody wait.
    private static readonly TimeSpan MaxTimeout = TimeSpan.FromHours(1);

    /// <summary>Gives what the platform calls now.</summary>
    public async Task<DateTimeOffset> NowAsync(CancellationToken cancellationToken = default) =>
        Now(await _control.GetAsync("clock", cancellationToken).ConfigureAwait(false));

    /// <summary>
    /// Waits for the next push of this order to the inbox, and receives it as a site would; the document is in memory. Each is
    /// given once: a second call waits for a second push. A push that is not right, such as one with a wrong hash, is not waited
    /// for.
    /// </summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="options">Those of your endpoint, which may refuse the push; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxTimeoutException">None came in time; the message has the order's journal.</exception>
    /// <exception cref="InvalidOperationException">This sandbox pushes to another URL than its inbox.</exception>
    public async Task<ReceivedPush> AwaitPushAsync(
        string number,
        TimeSpan? timeout = null,
        PushOptions? options = null,
        CancellationToken cancellationToken = default) =>
        PushReceiver.Receive(await AwaitPushBodyAsync(number, timeout, cancellationToken).ConfigureAwait(false), options);

    /// <summary>Waits as <see cref="AwaitPushAsync"/> does, and gives the push's body, byte for byte as it came.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <inheritdoc cref="AwaitPushAsync" path="/exception"/>
    public async Task<byte[]> AwaitPushBodyAsync(
        string number, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        NotNull(number, nameof(number));
        if (CallbackUrl != InboxUrl)
        {
            throw new InvalidOperationException(
                $"this sandbox pushes to {CallbackUrl}, not to its inbox: ask that site, or call CallbackAsync(null)"
                    + $"（沙箱推送到 {CallbackUrl}，而不是其收件箱：请查看该站点，或调用 CallbackAsync(null)）");
        }

        TimeSpan limit = Limit(timeout);
        DateTime end = DateTime.UtcNow + limit;
        while (true)
        {
            long next = await NextPushAsync(number, cancellationToken).ConfigureAwait(false);
            if (next > 0)
            {
                return await _control.GetBytesAsync(Invariant($"inbox/{next}"), cancellationToken).ConfigureAwait(false);
            }

            if (DateTime.UtcNow >= end)
            {
                throw await LateAsync(number, "was not pushed to the inbox", "没有被推送到收件箱", limit, cancellationToken)
                    .ConfigureAwait(false);
            }

            await Task.Delay(Pause, cancellationToken).ConfigureAwait(false);
        }
    }

    /// <summary>Lists what was pushed to the inbox, the oldest first, what is not right too.</summary>
    public async Task<IReadOnlyList<SandboxInboxEntry>> InboxAsync(CancellationToken cancellationToken = default) =>
        List(
            await _control.GetAsync("inbox", cancellationToken).ConfigureAwait(false),
            static one => new SandboxInboxEntry(one));

    /// <summary>Waits until an order has come so far. It need not be there yet.</summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="state">How far it has to be.</param>
    /// <param name="timeout">At most an hour; null: 30 seconds.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxTimeoutException">It has not come so far in time; the message has its journal.</exception>
    public async Task<SandboxOrder> AwaitStateAsync(
        string number, SandboxState state, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        NotNull(number, nameof(number));
        TimeSpan limit = Limit(timeout);
        string word = state.ToString().ToLowerInvariant();
        string call = $"wait?number={ControlApi.Part(number)}&until={word}&timeout={Seconds(limit)}";
        try
        {
            return new SandboxOrder(await _control.GetAsync(call, cancellationToken).ConfigureAwait(false));
        }
        catch (SandboxException exception) when (exception.HttpStatus == 408)
        {
            throw await LateAsync(number, $"was not {word}", $"没有到达状态 {word}", limit, cancellationToken).ConfigureAwait(false);
        }
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
    public async Task<IReadOnlyList<SandboxExchange>> JournalAsync(
        string? number = null, CancellationToken cancellationToken = default)
    {
        string which = number is null ? string.Empty : $"&number={ControlApi.Part(number)}";
        JsonNode json = await _control.GetAsync($"journal?limit=1000{which}", cancellationToken).ConfigureAwait(false);
        return [.. List(json, static one => new SandboxExchange(one)).Reverse()];
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

    private static string Seconds(TimeSpan span) => span.TotalSeconds.ToString("0.###", CultureInfo.InvariantCulture);

    private static TimeSpan Limit(TimeSpan? timeout) =>
        timeout is not { } given ? TimeSpan.FromSeconds(30)
        : given >= TimeSpan.Zero && given <= MaxTimeout ? given
        : throw new ArgumentOutOfRangeException(
            nameof(timeout), given, "must be from 0 to an hour; null: 30 s（应为 0 到 1 小时；null 为 30 秒）");

    private static string Text(IReadOnlyList<SandboxExchange> journal)
    {
        var text = new StringBuilder();
        foreach (SandboxExchange one in journal)
        {
            text.Append("  ").Append(one).Append('\n');
        }

        return journal.Count > 0 ? text.ToString() : "  nothing\n";
    }

    // The id of the oldest right push of an order that was not given yet; it is given now. 0: there is none.
    private async Task<long> NextPushAsync(string number, CancellationToken cancellationToken)
    {
        string call = $"inbox?number={ControlApi.Part(number)}";
        JsonNode pushes = await _control.GetAsync(call, cancellationToken).ConfigureAwait(false);
        return pushes.AsArray()
            .Select(static one => (long?)one!["id"] ?? 0)
            .FirstOrDefault(id => _given.TryAdd(id, true));
    }

    private async Task<SandboxTimeoutException> LateAsync(
        string number, string english, string chinese, TimeSpan limit, CancellationToken cancellationToken)
    {
        string call = $"orders?number={ControlApi.Part(number)}&limit=1";
        JsonNode found = await _control.GetAsync(call, cancellationToken).ConfigureAwait(false);
        SandboxOrder? order = found.AsArray() is [{ } first, ..] ? new SandboxOrder(first) : null;
        string journal = Text(await JournalAsync(number, cancellationToken).ConfigureAwait(false));
        string standing = order?.ToString() ?? "there is no such order";
        return new SandboxTimeoutException(
            $"the order {number} {english} within {Seconds(limit)} s: {standing}. Its journal:\n{journal}",
            $"订单 {number} 在 {Seconds(limit)} 秒内{chinese}（{order?.ToString() ?? "没有该订单"}）。其日志：\n{journal}",
            order);
    }
}
