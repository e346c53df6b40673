using System;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using static System.FormattableString;

namespace WoSignDoc.Testing;

/// <summary>Describes a push that came to the sandbox's inbox.</summary>
public sealed class InboxEntry
{
    private readonly ControlApi _control;

    internal InboxEntry(JsonNode json, ControlApi control)
    {
        _control = control;
        Id = (long?)json["id"] ?? 0;
        At = json.Time("at") ?? default;
        OrderNumber = json.Text("order_number");
        SignId = json.Text("signid");
        Length = (long?)json["bytes"] ?? 0;
        Error = json.Text("error");
        Status = (int?)json["status"] ?? 0;
        Answer = json.Text("answer") ?? string.Empty;
    }

    /// <summary>Its number in the inbox.</summary>
    public long Id { get; }

    /// <summary>The time at which it came, by the platform's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Your number of the contract; null: the push is not right.</summary>
    public string? OrderNumber { get; }

    /// <summary>The platform's id of the order; null: the push is not right.</summary>
    public string? SignId { get; }

    /// <summary>The length of its body, in bytes.</summary>
    public long Length { get; }

    /// <summary>Why it is not right, such as a wrong hash; otherwise null.</summary>
    public string? Error { get; }

    /// <summary>The HTTP status that was answered.</summary>
    public int Status { get; }

    /// <summary>The text that was answered.</summary>
    public string Answer { get; }

    /// <summary>Gives its body, byte for byte as it came.</summary>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    public Task<byte[]> BodyAsync(CancellationToken cancellationToken = default) =>
        _control.GetBytesAsync(Invariant($"inbox/{Id}"), cancellationToken);

    /// <summary>Receives it as a site does; the document is in memory.</summary>
    /// <param name="options">Those of your endpoint; null: the defaults.</param>
    /// <param name="cancellationToken">Gives the waiting up.</param>
    /// <exception cref="WoSignDocException">It is not right, or the options refuse it.</exception>
    public async Task<ReceivedPush> ReceiveAsync(
        PushOptions? options = null, CancellationToken cancellationToken = default) =>
        PushReceiver.Receive(await BodyAsync(cancellationToken).ConfigureAwait(false), options);

    /// <summary>Gives the push on one line.</summary>
    public override string ToString() =>
        Invariant($"{Id} {OrderNumber} {Length} bytes, answered {Status}") + (Error is null ? string.Empty : $": {Error}");
}
