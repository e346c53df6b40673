using System;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace WoSignDoc.Testing;

/// <summary>Describes one exchange of the journal: an order that came in, or a push that went out.</summary>
public sealed class SandboxExchange
{
    internal SandboxExchange(JsonNode json)
    {
        Id = (long?)json["id"] ?? 0;
        Kind = json.Text("kind") ?? string.Empty;
        At = json.Time("at") ?? default;
        Took = TimeSpan.FromMilliseconds((long?)json["took_ms"] ?? 0);
        OrderNumber = json.Text("order_number");
        SignId = json.Text("signid");
        Tries = (int?)json["tries"];
        AnswerStatus = (int?)json["answer"]?["status"];
        AnswerStart = json["answer"]?.Text("start");
        Error = json.Text("error");
        Json = json.ToJsonString();
    }

    /// <summary>Its number in the journal.</summary>
    public long Id { get; }

    /// <summary><c>order</c> or <c>push</c>.</summary>
    public string Kind { get; }

    /// <summary>The time at which it began, by the platform's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>The time that it took, by the machine's clock.</summary>
    public TimeSpan Took { get; }

    /// <summary>Your number of the contract, where it is known.</summary>
    public string? OrderNumber { get; }

    /// <summary>The platform's id of the order, where it is known.</summary>
    public string? SignId { get; }

    /// <summary>How often this push was tried, this try included; null for an order.</summary>
    public int? Tries { get; }

    /// <summary>The HTTP status of the answer; null: none came.</summary>
    public int? AnswerStatus { get; }

    /// <summary>The printable beginning of the answer, where it holds nothing secret; otherwise null.</summary>
    public string? AnswerStart { get; }

    /// <summary>Why an order was refused, or a push not acknowledged; otherwise null.</summary>
    public string? Error { get; }

    /// <summary>The whole entry as the control API gives it: heads and sizes too.</summary>
    public string Json { get; }

    /// <summary>Gives the exchange on one line.</summary>
    public override string ToString()
    {
        string tries = Tries is { } number ? Invariant($" (try {number})") : string.Empty;
        string answer = AnswerStatus is { } status ? Invariant($"answered {status}") : "not answered";
        string error = Error is null ? string.Empty : $": {Error}";
        return Invariant($"{At:yyyy-MM-dd'T'HH:mm:ss.fff'Z'} {Kind} {OrderNumber}{tries} {answer}{error}");
    }
}
