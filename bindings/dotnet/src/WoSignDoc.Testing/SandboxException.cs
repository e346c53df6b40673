using System;

namespace WoSignDoc.Testing;

/// <summary>Reports that the sandbox could not be started, or did not do what it was asked for.</summary>
public class SandboxException : Exception
{
    internal SandboxException(string english, string chinese, Exception? inner = null)
        : base(english, inner) => MessageZh = chinese;

    /// <summary>What is wrong and what to do, in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>The HTTP status with which the control API refused; null: it was not asked, or did not answer.</summary>
    public int? HttpStatus { get; internal init; }

    /// <summary>Gives both languages, and where it happened.</summary>
    public override string ToString() => $"{base.ToString()}\n{MessageZh}";
}

/// <summary>
/// Reports that what was waited for has not happened in time, or cannot any longer. The message says where the order stands, and has
/// its journal.
/// </summary>
public sealed class SandboxTimeoutException : SandboxException
{
    internal SandboxTimeoutException(string english, string chinese)
        : base(english, chinese)
    {
    }
}
