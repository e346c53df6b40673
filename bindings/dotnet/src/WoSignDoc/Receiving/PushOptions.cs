using System.Text.Json.Nodes;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Says what a push must be, and how large it may be.</summary>
public sealed class PushOptions
{
    /// <summary>The only order number that is accepted; null: any.</summary>
    public string? ExpectedOrderNumber { get; set; }

    /// <summary>The only id of the platform's that is accepted; null: any.</summary>
    public string? ExpectedSignId { get; set; }

    /// <summary>The limit of the whole body, in bytes; null: 256 MiB.</summary>
    public long? BodyLimit { get; set; }

    /// <summary>The limit of what is not the document in the body, in bytes; null: 64 KiB.</summary>
    public int? EnvelopeLimit { get; set; }

    /// <summary>The limit of the nesting of the JSON, in levels; null: 32.</summary>
    public int? DepthLimit { get; set; }

    /// <summary>
    /// Whether a file that is there already is replaced. If not, one that holds the very same document is fine
    /// (<see cref="ReceivedPush.AlreadyStored"/>), and any other is an error.
    /// </summary>
    public bool Overwrite { get; set; } = true;

    /// <summary>
    /// Whom you trust: only a document whose signatures prove it is taken then; any other is refused as
    /// <c>document_untrusted</c>. Null: signatures are not looked at.
    /// </summary>
    public VerifyOptions? Verify { get; set; }

    /// <summary>
    /// Where a document is kept that <see cref="Verify"/> refused, for a person to look at; null: nowhere.
    /// </summary>
    public QuarantineOptions? Quarantine { get; set; }

    // Writes the options as the core takes them.
    // `path`: The file that the document goes into; null: none.
    internal byte[] ToJson(string? path)
    {
        var json = new JsonObject
        {
            ["path"] = path,
            ["overwrite"] = Overwrite,
            ["expect"] = new JsonObject { ["ordernumber"] = ExpectedOrderNumber, ["signid"] = ExpectedSignId },
            ["limits"] = new JsonObject { ["body"] = BodyLimit, ["envelope"] = EnvelopeLimit, ["depth"] = DepthLimit },
            ["verify"] = Verify?.ToPushJson(),
            ["quarantine"] = Quarantine?.ToJson(),
        };
        return json.Bytes();
    }
}
