using System;
using System.Collections.Generic;
using static System.FormattableString;

namespace WoSignDoc;

/// <summary>
/// Reports a failure; every exception of this library is one. There is one derived type per <see cref="ErrorKind"/>. No message
/// holds a password, a token, a key, an identity number or a document.
/// </summary>
public abstract class WoSignDocException : Exception
{
    private protected WoSignDocException(ErrorDetails details, Exception? inner = null)
        : base(details.Summary, inner ?? details.Cause) => Details = details;

    /// <summary>The kind of failure.</summary>
    public ErrorKind Kind => Details.Kind;

    /// <summary>A stable word for programs, e.g. <c>identity_expired</c>.</summary>
    public string Reason => Details.Reason;

    /// <summary>The protocol's code, e.g. -65; for an invalid order that of the first violation.</summary>
    public int? Code => Details.Code;

    /// <summary>The path of the field or setting at fault, e.g. <c>signerlist[1].userNo</c>.</summary>
    public string? Field => Details.Field;

    /// <summary>What happened, in English, without code and field.</summary>
    public string MessageEn => Details.MessageEn;

    /// <summary>What happened, in Chinese (simplified), without code and field.</summary>
    public string MessageZh => Details.MessageZh;

    /// <summary>What to do about it, in English.</summary>
    public string Advice => Details.Advice;

    /// <summary>What to do about it, in Chinese (simplified).</summary>
    public string AdviceZh => Details.AdviceZh;

    /// <summary>Whether the same call, made again later, can succeed without a change by the caller.</summary>
    public bool Retry => Details.Retry;

    /// <summary>Whether the order may have reached the platform although no answer came.</summary>
    public bool MayHaveArrived => Details.MayHaveArrived;

    /// <summary>The HTTP status of an answer that is not the protocol's; else null.</summary>
    public int? HttpStatus => Details.HttpStatus;

    /// <summary>The printable beginning of an answer that is not the protocol's, at most 512 bytes of it; else null.</summary>
    public string? BodyStart => Details.BodyStart;

    /// <summary>The HTTP status to answer to a push that could not be received; null for every other failure.</summary>
    public int? AnswerStatus => Details.AnswerStatus;

    /// <summary>The oddities of the order, which stopped nothing by themselves.</summary>
    public IReadOnlyList<OrderWarning> Warnings => Details.Warnings;

    internal ErrorDetails Details { get; }
}

// Holds a failure as data.
internal sealed record ErrorDetails
{
    internal required ErrorKind Kind { get; init; }

    internal required string Reason { get; init; }

    internal required string MessageEn { get; init; }

    internal required string MessageZh { get; init; }

    internal string Advice { get; init; } = string.Empty;

    internal string AdviceZh { get; init; } = string.Empty;

    internal int? Code { get; init; }

    internal string? Field { get; init; }

    internal bool Retry { get; init; }

    internal bool MayHaveArrived { get; init; }

    internal int? HttpStatus { get; init; }

    internal string? BodyStart { get; init; }

    internal int? AnswerStatus { get; init; }

    internal IReadOnlyList<Violation> Violations { get; init; } = [];

    internal IReadOnlyList<OrderWarning> Warnings { get; init; } = [];

    // What was found about a document that was refused. It names people, so no message has it.
    internal VerificationReport? Report { get; init; }

    internal string? QuarantinePath { get; init; }

    internal WoSignDocException? QuarantineError { get; init; }

    // What this program's own stack threw, where it did.
    internal Exception? Cause { get; init; }

    // The line with everything that a log needs: what happened, where, and what to do.
    internal string Summary
    {
        get
        {
            string status = HttpStatus is { } number ? Invariant($" (HTTP {number})") : string.Empty;
            return What + status + (Advice.Length > 0 ? $". {Advice}" : string.Empty);
        }
    }

    // The message, with every violation or with its one code and field.
    private string What
    {
        get
        {
            if (Violations.Count > 0)
            {
                return $"{MessageEn}: {string.Join("; ", Violations)}";
            }

            string code = Code is { } number ? Invariant($"[{number}] ") : string.Empty;
            return code + (Field is { } field ? $"{field}: " : string.Empty) + MessageEn;
        }
    }
}
