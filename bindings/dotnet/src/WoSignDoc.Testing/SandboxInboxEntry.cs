using System;
using System.Text.Json.Nodes;
using static System.FormattableString;

namespace WoSignDoc.Testing;

/// <summary>Describes a push that came to the sandbox's inbox.</summary>
public sealed class SandboxInboxEntry
{
    internal SandboxInboxEntry(JsonNode json)
    {
        Id = (long?)json["id"] ?? 0;
        At = json.Time("at") ?? default;
        OrderNumber = json.Text("order_number");
        SignId = json.Text("signid");
        Length = (long?)json["bytes"] ?? 0;
        Error = json.Text("error");
        AnswerStatus = (int?)json["status"] ?? 0;
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
    public int AnswerStatus { get; }

    /// <summary>The text that was answered.</summary>
    public string Answer { get; }

    /// <summary>Gives the push on one line.</summary>
    public override string ToString() =>
        Invariant($"{Id} {OrderNumber} {Length} bytes, answered {AnswerStatus}") + (Error is null ? string.Empty : $": {Error}");
}
