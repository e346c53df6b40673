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
}

/// <summary>Reports that an order has not come so far in time. The message has the order's journal.</summary>
public sealed class SandboxTimeoutException : SandboxException
{
    internal SandboxTimeoutException(string english, string chinese, SandboxOrder? order)
        : base(english, chinese) => Order = order;

    /// <summary>The order as it stood then; null: the sandbox knew of none with that number.</summary>
    public SandboxOrder? Order { get; }
}
