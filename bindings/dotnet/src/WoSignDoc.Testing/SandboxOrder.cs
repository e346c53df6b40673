using System;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace WoSignDoc.Testing;

/// <summary>Describes an order, and where it stands.</summary>
public sealed class SandboxOrder
{
    internal SandboxOrder(JsonNode json)
    {
        SignId = json.Text("signid") ?? string.Empty;
        OrderNumber = json.Text("order_number") ?? string.Empty;
        State = json.Text("state") ?? string.Empty;
        AcceptedAt = json.Time("accepted_at") ?? default;
        ErrorCode = (int?)json["errorcode"];
        Sha256 = json.Text("sha256");
        Push = json["push"] is { } push ? new SandboxDelivery(push) : null;
        Json = json.ToJsonString();
    }

    /// <summary>The platform's id of it.</summary>
    public string SignId { get; }

    /// <summary>Your number of the contract.</summary>
    public string OrderNumber { get; }

    /// <summary><c>accepted</c>, <c>signed</c> or <c>failed</c>.</summary>
    public string State { get; }

    /// <summary>The time at which it was accepted, by the platform's clock.</summary>
    public DateTimeOffset AcceptedAt { get; }

    /// <summary>The code of a failed order, such as -50; otherwise null.</summary>
    public int? ErrorCode { get; }

    /// <summary>The SHA-256 of the signed document, in lower-case hex; null: there is none.</summary>
    public string? Sha256 { get; }

    /// <summary>Where its push stands; null until it is signed or failed.</summary>
    public SandboxDelivery? Push { get; }

    /// <summary>The whole answer of the control API.</summary>
    public string Json { get; }

    /// <summary>Gives number and state on one line.</summary>
    public override string ToString()
    {
        string code = ErrorCode is { } number ? Invariant($" ({number})") : string.Empty;
        return $"{OrderNumber} is {State}{code}" + (Push is null ? string.Empty : $", its push {Push}");
    }
}

/// <summary>Describes the push of an order, and where it stands.</summary>
public sealed class SandboxDelivery
{
    internal SandboxDelivery(JsonNode json)
    {
        State = json.Text("state") ?? string.Empty;
        HasCallback = (bool?)json["has_callback"] ?? false;
        Tries = (int?)json["tries"] ?? 0;
        NextTry = json.Time("next_try");
        LastError = json.Text("last_error");
    }

    /// <summary><c>pending</c>, <c>acknowledged</c> or <c>undelivered</c>.</summary>
    public string State { get; }

    /// <summary>Whether there is a URL to push to.</summary>
    public bool HasCallback { get; }

    /// <summary>The number of tries so far.</summary>
    public int Tries { get; }

    /// <summary>The time of the next try, by the platform's clock; null: there is none.</summary>
    public DateTimeOffset? NextTry { get; }

    /// <summary>Why the last try was not acknowledged; null: it was, or there was none.</summary>
    public string? LastError { get; }

    /// <summary>Gives state, tries and error on one line.</summary>
    public override string ToString() =>
        Invariant($"{State} after {Tries} tries") + (LastError is null ? string.Empty : $" ({LastError})");
}
