using System.IO;
using System.Linq;
using System.Text.Json.Nodes;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What the real platform signs is valid for whoever trusts its CA, and for nobody else.</summary>
public sealed class VerifyPlatformTests
{
    private static Platform One => Platform.One;

    /// Covers P-33, P-40: by its CA and by the order as it was sent.
    [Test]
    public void A_contract_of_the_platform()
    {
        (SignOrder order, byte[] document) = SignedOrder();
        // The root that the client's configuration names, too, is the one of those who sign.
        string ca = JsonNode.Parse(File.ReadAllText(One.ClientJson))!["roots"]!["ca_file"]!.GetValue<string>();
        ca = Path.Combine(One.Folder, ca);
        var options = new VerifyOptions
        {
            RootFiles = { ca },
            Order = order,
            SentFile = Repository.Example("contract.pdf"),
        };
        VerificationReport report = DocumentVerifier.Verify(document, options);
        Assert.That(report.IsValid, Is.True, report.Json);
        Assert.That((report.Signers!.Complete, report.Sent!.Same), Is.EqualTo((true, (bool?)true)));
        Assert.That(report.Signatures.Single().Signer!.Name, Is.EqualTo("李明"));

        Assert.That(DocumentVerifier.Verify(document).ToString(), Does.StartWith("invalid (untrusted"));
        options.Order = new SignOrder("A-1") { Signers = { Signer.Person("王芳", "1") } };
        Assert.That(DocumentVerifier.Verify(document, options).ToString(), Does.StartWith("invalid (signer_missing"));
        options.Order = null;
        options.SentFile = null;
        options.Sent = Signed.Valid;
        report = DocumentVerifier.Verify(document, options);
        Assert.That((report.Sent!.Same, report.IsValid), Is.EqualTo(((bool?)false, false)));
        document[document.Length / 2] ^= 1;
        Assert.That(DocumentVerifier.Verify(document, options).IsValid, Is.False);
    }

    /// <summary>Whoever has looked at the first contract takes the second, without a root from anybody.</summary>
    [Test]
    public void The_first_contract_can_be_trusted()
    {
        TrustReport trust = DocumentVerifier.TrustOf(SignedOrder().Document);
        Assert.That(trust.Trust, Is.Not.Empty);
        var options = new VerifyOptions();
        foreach (TrustBlock block in trust.Trust)
        {
            options.Trust.Add(block);
        }

        byte[] second = SignedOrder().Document;
        Assert.That(DocumentVerifier.Verify(second, options).IsValid, Is.True);
        Assert.That(DocumentVerifier.Verify(Signed.Stranger, options).IsValid, Is.False);
    }

    [Test]
    public void An_encrypted_contract_needs_its_password()
    {
        byte[] document = SignedOrder("Pa55-word").Document;
        var options = new VerifyOptions { RootFiles = { One.CaFile } };
        Assert.That(DocumentVerifier.Verify(document, options).IsValid, Is.False);
        options.Password = "Pa55-word";
        VerificationReport report = DocumentVerifier.Verify(document, options);
        Assert.That((report.IsValid, report.Document!.Encrypted), Is.EqualTo((true, true)), report.Json);
        Assert.That(DocumentVerifier.TrustOf(document, options).Trust, Is.Not.Empty);
    }

    private static (SignOrder Order, byte[] Document) SignedOrder(string? password = null)
    {
        using var client = WoSignDocClient.FromFile(One.ClientJson);
        SignOrder order = Orders.Person();
        order.Password = password;
        client.Create(order);
        return (order, One.Callback!.WaitFor(order.OrderNumber).Document);
    }
}
