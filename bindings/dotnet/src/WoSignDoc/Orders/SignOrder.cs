using System.Collections.Generic;

namespace WoSignDoc;

/// <summary>
/// Describes a contract to be signed. Nothing is checked here: <see cref="WoSignDocClient.Create"/>
/// and <see cref="OrderCheck"/> report every violation at once.
/// </summary>
public sealed class SignOrder
{
    /// <summary>Makes an order under your own unique number of the contract.</summary>
    /// <param name="orderNumber">Unique per contract; the platform refuses a second one.</param>
    public SignOrder(string orderNumber) => OrderNumber = orderNumber;

    /// <summary>Your own unique number of the contract.</summary>
    public string OrderNumber { get; set; }

    /// <summary>The template's id on the platform; null: no template.</summary>
    public string? TemplateId { get; set; }

    /// <summary>The subject; one of more than 256 UTF-16 code units is cut, with a warning.</summary>
    public string? Subject { get; set; }

    /// <summary>The password that opens the signed document; null: not encrypted.</summary>
    public string? Password { get; set; }

    /// <summary>The document to sign; needed unless there is a template.</summary>
    public DocumentSource? Document { get; set; }

    /// <summary>
    /// The suffix of the document, e.g. <c>pdf</c>. Null: that of the file, for a document from a file.
    /// </summary>
    public string? FileFormat { get; set; }

    /// <summary>The signers, in signing order.</summary>
    public IList<Signer> Signers { get; } = new List<Signer>();

    /// <summary>Gives the order's number; nothing confidential.</summary>
    public override string ToString() => $"order {OrderNumber} with {Signers.Count} signers";
}
