using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
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

    // The same in other words.
    internal PreflightCheck(PreflightCheck other, string message, string messageZh)
    {
        (Name, Level, Advice, AdviceZh) = (other.Name, other.Level, other.Advice, other.AdviceZh);
        (Message, MessageZh) = (message, messageZh);
    }

    // What .NET found wrong.
    internal PreflightCheck(string name, WoSignDocException exception)
    {
        Name = name;
        Level = PreflightLevel.Error;
        Message = (exception.Field is { } field ? field + ": " : string.Empty) + exception.MessageEn;
        MessageZh = (exception.Field is { } same ? same + "：" : string.Empty) + exception.MessageZh;
        Advice = exception.Advice;
        AdviceZh = exception.AdviceZh;
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

    private PreflightReport(bool ok, string text, string textZh, IReadOnlyList<PreflightCheck> checks) =>
        (Ok, Text, TextZh, Checks) = (ok, text, textZh, checks);

    // Adds what .NET found wrong, laid out as the native library lays out its own checks.
    internal PreflightReport With(PreflightCheck wrong) => new(
        false,
        Text + $"ERROR   {wrong.Name}: {wrong.Message}\n        -> {wrong.Advice}\n",
        TextZh + $"错误 {wrong.Name}：{wrong.MessageZh}\n     -> {wrong.AdviceZh}\n",
        [.. Checks, wrong]);

    // Says what a check found in other words.
    internal PreflightReport With(string check, string message, string messageZh)
    {
        PreflightCheck old = Checks.Single(one => one.Name == check);
        return new(
            Ok,
            Text.Replace(old.Message, message),
            TextZh.Replace(old.MessageZh, messageZh),
            [.. Checks.Select(one => one == old ? new PreflightCheck(old, message, messageZh) : one)]);
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
    /// <param name="live">
    /// Whether up to three orders are sent that must be refused, each once, since only an order shows whether the platform
    /// knows the TokenID, and whether the certificate belongs to it. They hold no document of yours, and nothing can come
    /// of them; the report says what was sent and what was answered, in the checks <c>live</c>, <c>token</c>,
    /// <c>registration</c> and <c>balance</c>.
    /// </param>
    public static PreflightReport For(WoSignDocOptions options, TimeSpan? timeout = null, bool live = false)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        return Argument.NotNull(options, nameof(options)).Transport.IsUsed
            ? HostPreflight.For(options, limit, live)
            : new PreflightReport(Core.Preflight(options.ToJsonOrPlace(), limit, live));
    }

    /// <summary>Does the same without holding up its caller.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="timeout">For reaching the endpoint; null: as configured.</param>
    /// <param name="live">Whether orders are sent that must be refused, as <see cref="For"/> does.</param>
    /// <param name="cancellationToken">Ends the call before it begins.</param>
    public static Task<PreflightReport> ForAsync(
        WoSignDocOptions options, TimeSpan? timeout = null, bool live = false, CancellationToken cancellationToken = default) =>
        Task.Run(() => For(options, timeout, live), cancellationToken);

    /// <summary>Gives the report for people, in English.</summary>
    public override string ToString() => Text;
}
