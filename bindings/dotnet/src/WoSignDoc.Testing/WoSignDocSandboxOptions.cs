using System;
using System.Collections.Generic;

namespace WoSignDoc.Testing;

/// <summary>Says how a sandbox is started.</summary>
public sealed class WoSignDocSandboxOptions
{
    /// <summary>
    /// The path of the program <c>wosigndoc-server</c>. Null: what the variable <c>WOSIGNDOC_SERVER</c> names; otherwise the one
    /// beside the tests' assemblies; otherwise the one on <c>PATH</c>.
    /// </summary>
    public string? Server { get; set; }

    /// <summary>
    /// The URL of a callback of the test's own, to which signed documents are pushed. Null: the sandbox's inbox, which is
    /// asked by <see cref="WoSignDocSandbox.AwaitPushAsync"/>.
    /// </summary>
    public string? Callback { get; set; }

    /// <summary>Whether faults are obeyed that an order's number orders, such as <c>A-1!lose-answer</c>.</summary>
    public bool FaultsByNumber { get; set; }

    /// <summary>The further arguments of <c>wosigndoc-server dev</c>.</summary>
    public IList<string> Arguments { get; } = new List<string>();

    /// <summary>The limit of the time until the sandbox is ready; a minute, unless it is set.</summary>
    public TimeSpan StartTimeout { get; set; } = TimeSpan.FromMinutes(1);

    // What the program is started with.
    internal IEnumerable<string> CommandLine()
    {
        yield return "dev";
        yield return "--temporary";
        if (FaultsByNumber)
        {
            yield return "--faults";
        }

        if (Callback is not null)
        {
            yield return "--callback";
            yield return Callback;
        }

        foreach (string argument in Arguments)
        {
            yield return argument;
        }
    }
}
