using System;
using System.Text.Json.Nodes;

namespace WoSignDoc.Testing;

/// <summary>Describes one exchange of the journal: an order that came in, or a push that went out.</summary>
public sealed class JournalEntry
{
    private readonly string _line;

    internal JournalEntry(JsonNode json)
    {
        Id = (long?)json["id"] ?? 0;
        IsPush = json.Text("kind") == "push";
        At = json.Time("at") ?? default;
        OrderNumber = json.Text("order_number");
        SignId = json.Text("signid");
        Tries = (int?)json["tries"];
        Status = (int?)json["answer"]?["status"];
        Answer = json["answer"]?.Text("start");
        Error = json.Text("error");
        Json = json.ToJsonString();
        _line = json.Text("line") ?? Json;
    }

    /// <summary>Its number in the journal.</summary>
    public long Id { get; }

    /// <summary>Whether it is a push that went out, and not an order that came in.</summary>
    public bool IsPush { get; }

    /// <summary>The time at which it began, by the platform's clock.</summary>
    public DateTimeOffset At { get; }

    /// <summary>Your number of the contract, where it is known.</summary>
    public string? OrderNumber { get; }

    /// <summary>The platform's id of the order, where it is known.</summary>
    public string? SignId { get; }

    /// <summary>How often this push was tried, this try included; null for an order.</summary>
    public int? Tries { get; }

    /// <summary>The HTTP status of the answer; null: none came.</summary>
    public int? Status { get; }

    /// <summary>The printable beginning of the answer, where it holds nothing secret; otherwise null.</summary>
    public string? Answer { get; }

    /// <summary>Why an order was refused, or a push not acknowledged; otherwise null.</summary>
    public string? Error { get; }

    /// <summary>The whole entry as the control API gives it: heads and sizes too.</summary>
    public string Json { get; }

    /// <summary>Says on one line what happened.</summary>
    public override string ToString() => _line;
}
