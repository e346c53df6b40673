using System.Collections.Generic;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Holds the platform's answer to an order that it accepted.</summary>
public sealed class SignOrderResult
{
    internal SignOrderResult(JsonElement json)
    {
        SignId = json.Text("signid");
        OrderNumber = json.Text("orderNumber") ?? json.Text("ordernumber");
        AcceptedBefore = json.Flag("accepted_before");
        Attempts = json.Number("attempts") ?? 1;
        Warnings = json.List("warnings", static one => new OrderWarning(one));
    }

    /// <summary>
    /// The platform's id of the order; null when <see cref="AcceptedBefore"/>: the push will tell it.
    /// </summary>
    public string? SignId { get; }

    /// <summary>Your number of the contract.</summary>
    public string? OrderNumber { get; }

    /// <summary>Whether the order was accepted at an earlier attempt, whose answer was lost.</summary>
    public bool AcceptedBefore { get; }

    /// <summary>The number of times that the order was sent, at least 1.</summary>
    public int Attempts { get; }

    /// <summary>The oddities of the order, which stopped nothing.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; }
}
