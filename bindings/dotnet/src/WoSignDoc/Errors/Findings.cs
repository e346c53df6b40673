using System;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Describes a rule that an order breaks.</summary>
public sealed class Violation
{
    internal Violation(JsonElement json)
    {
        Code = json.Number("code") ?? 0;
        Field = json.Text("field") ?? string.Empty;
        Message = json.Text("message") ?? string.Empty;
        MessageZh = json.Text("message_zh") ?? string.Empty;
        Advice = json.Text("advice") ?? string.Empty;
        AdviceZh = json.Text("advice_zh") ?? string.Empty;
    }

    /// <summary>The platform's code for it, e.g. -54.</summary>
    public int Code { get; }

    /// <summary>The path of the field, e.g. <c>signerlist[1].userNo</c>.</summary>
    public string Field { get; }

    /// <summary>What is wrong, in English.</summary>
    public string Message { get; }

    /// <summary>What is wrong, in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>What to do, in English.</summary>
    public string Advice { get; }

    /// <summary>What to do, in Chinese (simplified).</summary>
    public string AdviceZh { get; }

    /// <summary>Gives code, field and message on one line.</summary>
    public override string ToString() => FormattableString.Invariant($"[{Code}] {Field}: {Message}");
}

/// <summary>Describes something odd about an order, or a configuration, that does not stop it.</summary>
public sealed class OrderWarning
{
    internal OrderWarning(JsonElement json)
    {
        Word = json.Text("warning") ?? string.Empty;
        Field = json.Text("field") ?? string.Empty;
        Message = json.Text("message") ?? string.Empty;
        MessageZh = json.Text("message_zh") ?? string.Empty;
    }

    /// <summary>A stable word for programs, e.g. <c>subject_cut</c>.</summary>
    public string Word { get; }

    /// <summary>The path of the field.</summary>
    public string Field { get; }

    /// <summary>What is odd, in English.</summary>
    public string Message { get; }

    /// <summary>What is odd, in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>Gives field and message on one line.</summary>
    public override string ToString() => $"{Field}: {Message}";
}
