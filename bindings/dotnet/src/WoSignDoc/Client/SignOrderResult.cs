using System.Collections.Generic;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>What the platform answered to an order that it took.</summary>
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
    /// The platform's id of the order; null when <see cref="AcceptedBefore"/>: the push will tell it (P-23).
    /// </summary>
    public string? SignId { get; }

    /// <summary>Your number of the contract.</summary>
    public string? OrderNumber { get; }

    /// <summary>An attempt whose answer was lost had arrived: the order was taken then (P-23).</summary>
    public bool AcceptedBefore { get; }

    /// <summary>How often the order was sent, at least 1.</summary>
    public int Attempts { get; }

    /// <summary>Oddities of the order that stopped nothing.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; }
}
