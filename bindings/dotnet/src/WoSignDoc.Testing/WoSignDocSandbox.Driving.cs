using System;
using System.Globalization;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using static System.FormattableString;

namespace WoSignDoc.Testing;

// What a test tells the sandbox.
public sealed partial class WoSignDocSandbox
{
    /// <inheritdoc cref="AdvanceAsync(string, CancellationToken)"/>
    public Task<DateTimeOffset> AdvanceAsync(string span) => AdvanceAsync(span, CancellationToken.None);

    /// <summary>
    /// Moves the platform's clock forward. Pushes that fall due meanwhile are made, each at its own moment, before this
    /// returns.
    /// </summary>
    /// <param name="span">A number and a unit: <c>90s</c>, <c>10m</c>, <c>72h</c>, <c>30d</c>.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <returns>What the platform calls now.</returns>
    /// <exception cref="SandboxException">It is no such span.</exception>
    public Task<DateTimeOffset> AdvanceAsync(string span, CancellationToken cancellationToken) =>
        MoveAsync(new JsonObject { ["advance"] = NotNull(span, nameof(span)) }, cancellationToken);

    /// <inheritdoc cref="AdvanceAsync(TimeSpan, CancellationToken)"/>
    public Task<DateTimeOffset> AdvanceAsync(TimeSpan span) => AdvanceAsync(span, CancellationToken.None);

    /// <summary>Moves the platform's clock forward, by whole seconds, rounded up.</summary>
    /// <inheritdoc cref="AdvanceAsync(string, CancellationToken)"/>
    public Task<DateTimeOffset> AdvanceAsync(TimeSpan span, CancellationToken cancellationToken) =>
        span >= TimeSpan.Zero
            ? AdvanceAsync(Invariant($"{Math.Ceiling(span.TotalSeconds):F0}s"), cancellationToken)
            : throw new ArgumentOutOfRangeException(
                nameof(span), span, "must not be negative: SetClockAsync sets the clock back（不能为负：回拨时钟请用 SetClockAsync）");

    /// <summary>
    /// Sets the platform's clock: forward as <see cref="AdvanceAsync(TimeSpan, CancellationToken)"/> does; when it is set
    /// backward, nothing happens.
    /// </summary>
    /// <param name="time">The time.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <returns>What the platform calls now.</returns>
    public Task<DateTimeOffset> SetClockAsync(DateTimeOffset time, CancellationToken cancellationToken = default)
    {
        string text = time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
        return MoveAsync(new JsonObject { ["set"] = text }, cancellationToken);
    }

    /// <summary>Sets the platform's clock to the machine's time.</summary>
    /// <returns>What the platform calls now.</returns>
    public Task<DateTimeOffset> ResetClockAsync(CancellationToken cancellationToken = default) =>
        MoveAsync(new JsonObject { ["reset"] = true }, cancellationToken);

    /// <summary>Lets an order be accepted, and fail with this code, which is pushed.</summary>
    /// <param name="code">One of the protocol's, such as -50.</param>
    /// <param name="number">The order number that it is meant for; null: the next order.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">There is no such code.</exception>
    public Task FailAsync(int code, string? number = null, CancellationToken cancellationToken = default) =>
        FaultAsync(Invariant($"fail={code}"), number, cancellationToken: cancellationToken);

    /// <summary>Lets an order be refused with this code.</summary>
    /// <inheritdoc cref="FailAsync"/>
    public Task RefuseAsync(int code, string? number = null, CancellationToken cancellationToken = default) =>
        FaultAsync(Invariant($"refuse={code}"), number, cancellationToken: cancellationToken);

    /// <summary>Orders a fault.</summary>
    /// <param name="word">Its word, such as <c>lose-answer</c> or <c>wrong-hash</c>: all are in <c>docs/platform.md</c>.</param>
    /// <param name="number">The order number that it is meant for; null: any.</param>
    /// <param name="times">How many times; 0: until <see cref="ClearFaultsAsync"/>.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">There is no such fault; the message lists all.</exception>
    public Task FaultAsync(
        string word, string? number = null, int times = 1, CancellationToken cancellationToken = default)
    {
        var fault = new JsonObject { ["fault"] = NotNull(word, nameof(word)), ["times"] = NotNegative(times, nameof(times)) };
        if (number is not null)
        {
            fault["number"] = number;
        }

        return _control.PostAsync("faults", fault, cancellationToken);
    }

    /// <summary>Takes back all faults that are still to be committed.</summary>
    public Task ClearFaultsAsync(CancellationToken cancellationToken = default) =>
        _control.DeleteAsync("faults", cancellationToken);

    /// <summary>Lets the inbox answer this to the next pushes, in place of <c>1</c>: a site that is down, or says no.</summary>
    /// <param name="status">The HTTP status, from 200 to 599.</param>
    /// <param name="text">The text of the answer.</param>
    /// <param name="times">To how many pushes; 0: until <see cref="ClearInboxAsync"/>.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    public Task AnswerPushesAsync(
        int status, string text = "0", int times = 1, CancellationToken cancellationToken = default) =>
        _control.PatchAsync(
            "inbox",
            new JsonObject
            {
                ["status"] = NotNegative(status, nameof(status)),
                ["answer"] = NotNull(text, nameof(text)),
                ["times"] = NotNegative(times, nameof(times)),
            },
            cancellationToken);

    /// <summary>Empties the inbox, which gives its right answers again.</summary>
    public Task ClearInboxAsync(CancellationToken cancellationToken = default) =>
        _control.DeleteAsync("inbox", cancellationToken);

    /// <summary>Has signed documents pushed to this URL from now on, those that are waiting too.</summary>
    /// <param name="url">Such as one at which nobody listens; null: the sandbox's inbox.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">It is no URL that may be pushed to.</exception>
    public Task CallbackAsync(string? url, CancellationToken cancellationToken = default) =>
        _control.PatchAsync(
            $"tokens/{ControlApi.Part(TokenId)}",
            new JsonObject { ["callback"] = url ?? new Uri(ControlAddress, "inbox").AbsoluteUri },
            cancellationToken);

    /// <summary>
    /// Pushes an order's document again, whatever became of it before.
    /// </summary>
    /// <param name="number">The order number, or the platform's id.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="SandboxException">There is no such order, or nothing to push.</exception>
    public async Task<SandboxOrder> PushAgainAsync(string number, CancellationToken cancellationToken = default)
    {
        byte[] order = await _control.PostAsync($"{OrderPath(number)}/push-again", null, cancellationToken).ConfigureAwait(false);
        return new SandboxOrder(JsonNode.Parse(order)!);
    }

    /// <summary>
    /// Forgets orders, pushes, faults, journal and inbox, and sets clock and callback back: between two tests that share the
    /// sandbox.
    /// </summary>
    public Task ResetAsync(CancellationToken cancellationToken = default) =>
        _control.PostAsync("reset", null, cancellationToken);

    private static string NotNull(string? text, string name) => text ?? throw new ArgumentNullException(name);

    private static int NotNegative(int number, string name) => number >= 0
        ? number
        : throw new ArgumentOutOfRangeException(name, number, "must not be negative（不能为负）");

    private async Task<DateTimeOffset> MoveAsync(JsonObject change, CancellationToken cancellationToken) =>
        Now(JsonNode.Parse(await _control.PostAsync("clock", change, cancellationToken).ConfigureAwait(false))!);
}
