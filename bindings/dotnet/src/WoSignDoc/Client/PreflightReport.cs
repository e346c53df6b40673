using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Says how a check of a preflight came out.</summary>
public enum PreflightLevel
{
    /// <summary>There is nothing to do.</summary>
    Ok,

    /// <summary>It works, but something needs attention, such as a certificate that expires soon.</summary>
    Warning,

    /// <summary>Orders cannot be sent.</summary>
    Error,
}

/// <summary>Describes one thing that a preflight looked at.</summary>
public sealed class PreflightCheck
{
    internal PreflightCheck(JsonElement json)
    {
        Name = json.Text("check") ?? string.Empty;
        Level = json.Text("level") switch
        {
            "ok" => PreflightLevel.Ok,
            "warning" => PreflightLevel.Warning,
            _ => PreflightLevel.Error,
        };
        Message = json.Text("message") ?? string.Empty;
        MessageZh = json.Text("message_zh") ?? string.Empty;
        Advice = json.Text("advice") ?? string.Empty;
        AdviceZh = json.Text("advice_zh") ?? string.Empty;
    }

    internal PreflightCheck(
        string name, PreflightLevel level, (string En, string Zh) message, (string En, string Zh) advice)
    {
        Name = name;
        Level = level;
        (Message, MessageZh) = message;
        (Advice, AdviceZh) = advice;
    }

    /// <summary>The thing that was looked at, e.g. <c>identity</c>, <c>expiry</c>, <c>endpoint</c>, <c>clock</c>.</summary>
    public string Name { get; }

    /// <summary>The outcome.</summary>
    public PreflightLevel Level { get; }

    /// <summary>What was found, in English.</summary>
    public string Message { get; }

    /// <summary>What was found, in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>What to do, in English; empty when there is nothing to do.</summary>
    public string Advice { get; }

    /// <summary>What to do, in Chinese (simplified); empty when there is nothing to do.</summary>
    public string AdviceZh { get; }

    /// <summary>Gives name, level and message on one line.</summary>
    public override string ToString() => $"{Name}: {Level}: {Message}";
}

/// <summary>Tells what is right and wrong about a configuration, with the endpoint reached; no order is sent.</summary>
public sealed class PreflightReport
{
    internal PreflightReport(JsonElement json)
    {
        Ok = json.Flag("ok");
        Text = json.Text("text") ?? string.Empty;
        TextZh = json.Text("text_zh") ?? string.Empty;
        Checks = json.List("checks", static one => new PreflightCheck(one));
    }

    // Lays out the checks of this program's own transport as the native library lays out its own.
    internal PreflightReport(IReadOnlyList<PreflightCheck> checks)
    {
        Ok = checks.All(static one => one.Level != PreflightLevel.Error);
        Checks = checks;
        Text = string.Concat(checks.Select(static one =>
            $"{Mark(one.Level).En}{one.Name}: {one.Message}\n" + (one.Advice.Length > 0 ? $"        -> {one.Advice}\n" : "")));
        TextZh = string.Concat(checks.Select(static one =>
            $"{Mark(one.Level).Zh}{one.Name}：{one.MessageZh}\n" + (one.AdviceZh.Length > 0 ? $"     -> {one.AdviceZh}\n" : "")));
    }

    /// <summary>Whether orders can be sent.</summary>
    public bool Ok { get; }

    /// <summary>The checks, in the order in which they were made.</summary>
    public IReadOnlyList<PreflightCheck> Checks { get; }

    /// <summary>The report for people, line by line, in English.</summary>
    public string Text { get; }

    /// <summary>The report for people, line by line, in Chinese (simplified).</summary>
    public string TextZh { get; }

    /// <summary>Loads a configuration and reports what is wrong with it, without a client.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="timeout">For reaching the endpoint; null: as configured.</param>
    public static PreflightReport For(WoSignDocOptions options, TimeSpan? timeout = null)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        return Argument.NotNull(options, nameof(options)).Transport.IsUsed
            ? HostPreflight.For(options, limit)
            : new PreflightReport(Core.Preflight(options.ToJsonOrPlace(), limit));
    }

    private static (string En, string Zh) Mark(PreflightLevel level) => level switch
    {
        PreflightLevel.Ok => ("ok      ", "正常 "),
        PreflightLevel.Warning => ("warning ", "警告 "),
        _ => ("ERROR   ", "错误 "),
    };

    /// <summary>Gives the report for people, in English.</summary>
    public override string ToString() => Text;
}
