using System;
using System.Text.Json.Nodes;

namespace WoSignDoc.Testing;

/// <summary>Describes an order as the platform has it, and where its push stands.</summary>
public sealed class SandboxOrder
{
    private readonly string _line;

    internal SandboxOrder(JsonNode json)
    {
        SignId = json.Text("signid") ?? string.Empty;
        OrderNumber = json.Text("order_number") ?? string.Empty;
        TokenId = json.Text("tokenid") ?? string.Empty;
        State = Enum.TryParse(json.Text("state"), ignoreCase: true, out OrderState state) ? state : default;
        AcceptedAt = json.Time("accepted_at") ?? default;
        ErrorCode = (int?)json["errorcode"];
        Sha256 = json.Text("sha256");
        PushState = json["push"]?.Text("state");
        PushTries = (int?)json["push"]?["tries"] ?? 0;
        NextPush = json["push"]?.Time("next_try");
        PushError = json["push"]?.Text("last_error");
        Json = json.ToJsonString();
        _line = json.Text("line") ?? Json;
    }

    /// <summary>The platform's id of it.</summary>
    public string SignId { get; }

    /// <summary>Your number of the contract.</summary>
    public string OrderNumber { get; }

    /// <summary>The TokenID that it was sent with.</summary>
    public string TokenId { get; }

    /// <summary><see cref="OrderState.Accepted"/>, <see cref="OrderState.Signed"/> or <see cref="OrderState.Failed"/>.</summary>
    public OrderState State { get; }

    /// <summary>The time at which it was accepted, by the platform's clock.</summary>
    public DateTimeOffset AcceptedAt { get; }

    /// <summary>The code of a failed order, such as -50; otherwise null.</summary>
    public int? ErrorCode { get; }

    /// <summary>The SHA-256 of the signed document, in lower-case hex; null: there is none.</summary>
    public string? Sha256 { get; }

    /// <summary><c>pending</c>, <c>acknowledged</c> or <c>undelivered</c>; null while there is nothing to push.</summary>
    public string? PushState { get; }

    /// <summary>How many times the push was tried so far.</summary>
    public int PushTries { get; }

    /// <summary>The time of the next try to push, by the platform's clock; null: there is none by itself.</summary>
    public DateTimeOffset? NextPush { get; }

    /// <summary>Why the last try to push was not acknowledged; null: it was, or there was none.</summary>
    public string? PushError { get; }

    /// <summary>The whole answer of the control API.</summary>
    public string Json { get; }

    /// <summary>Says on one line where the order stands.</summary>
    public override string ToString() => _line;
}
