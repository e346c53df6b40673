using System;
using System.IO;
using System.Text;
using System.Text.RegularExpressions;

namespace WoSignDoc.Tests.Support;

/// <summary>Orders that the platform takes.</summary>
internal static class Orders
{
    /// <summary>One person, one place on the last page of the example's contract.</summary>
    internal static SignOrder Person(string? number = null)
    {
        DocumentSource scan = DocumentSource.FromFile(Repository.Example("material.png"));
        Signer person = Signer.Person("李明", "11010519491231002X");
        person.Material = scan;
        person.OtherMaterial = scan;
        person.Boxes.Add(new SignatureBox(4, 0.56, 0.62, 0.70, 0.719));
        return new SignOrder(number ?? "T-" + Guid.NewGuid())
        {
            Document = DocumentSource.FromFile(Repository.Example("contract.pdf")),
            Signers = { person },
        };
    }

    /// <summary>The same with the number in its document, so that one that was swapped is seen.</summary>
    internal static SignOrder WithItsNumber()
    {
        SignOrder order = Person();
        byte[] contract = File.ReadAllBytes(Repository.Example("contract.pdf"));
        order.Document = (byte[])[.. contract, .. Encoding.ASCII.GetBytes($"\n% number {order.OrderNumber} .\n")];
        order.FileFormat = "pdf";
        return order;
    }

    /// <summary>The number that such a document holds.</summary>
    internal static string NumberIn(byte[] document) =>
        Regex.Match(Encoding.ASCII.GetString(document), @"\n% number (\S+) \.\n").Groups[1].Value;
}
