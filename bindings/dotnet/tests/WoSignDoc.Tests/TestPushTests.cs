using System;
using System.Collections.Generic;
using System.IO;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The pushes that sites test themselves with are those that arrive; and texts arrive as they were given.</summary>
public sealed class TestPushTests
{
    private static readonly byte[] Document = Pushes.Document(5000);

    private string _folder = string.Empty;

    [SetUp]
    public void MakeFolder() => _folder = Repository.NewFolder();

    [Test]
    public void A_signed_document()
    {
        TestPush test = TestPush.SignedDocument("合同-1😀", Document);
        test.SignId = "S-7";
        foreach (ReceivedPush push in new[] { test.Receive(), test.ReceiveToFile(Path.Combine(_folder, "in.pdf")) })
        {
            Assert.That((push.Failed, push.OrderNumber, push.SignId), Is.EqualTo((false, "合同-1😀", "S-7")));
            Assert.That(push.Length, Is.EqualTo(Document.Length));
            Assert.That(push.Document.ToArray(), Is.EqualTo(Document));
            string kept = Path.Combine(_folder, "kept.pdf");
            push.MoveTo(kept);
            Assert.That(push.Path, Is.EqualTo(kept));
            Assert.That(push.Document.ToArray(), Is.EqualTo(File.ReadAllBytes(kept)));
        }
    }

    /// <summary>Nothing may be taken for its document.</summary>
    [Test]
    public void A_failed_order()
    {
        ReceivedPush push = TestPush.FailedOrder("A-1", -50, -61).Receive();
        Assert.That((push.Failed, push.SignId), Is.EqualTo((true, "TEST-A-1")));
        Assert.That(push.ErrorCodes, Is.EqualTo(new[] { -50, -61 }));
        Assert.Throws<InvalidOperationException>(() => _ = push.Document);
        Assert.Throws<InvalidOperationException>(() => push.OpenRead());
        Assert.Throws<InvalidOperationException>(() => push.MoveTo(Path.Combine(_folder, "x")));
    }

    [Test]
    public void Through_an_endpoint()
    {
        var seen = new List<string?>();
        var endpoint = new PushEndpoint(
            (push, _) =>
            {
                seen.Add(push.OrderNumber);
                return Task.CompletedTask;
            },
            new PushEndpointOptions { Folder = _folder });
        Assert.That(TestPush.SignedDocument("A-1", Document).PostTo(endpoint).Body, Is.EqualTo("1"));
        Assert.That(TestPush.FailedOrder("A-2", -50).PostTo(endpoint).Body, Is.EqualTo("1"));
        Assert.That(seen, Is.EqualTo(new[] { "A-1", "A-2" }));
    }

    /// <summary>Replaced, two order numbers became one.</summary>
    [Test]
    public void Half_a_character_is_refused_by_its_field()
    {
        // No test cases: the names of these would be no text either.
        foreach (string half in new[] { "A-\ud83d", "\ude00", "\ude00\ud83d", "x\ud800y" })
        {
            IsRefused(half);
        }
    }

    private void IsRefused(string half)
    {
        static SignOrder Order(Action<SignOrder> change)
        {
            var order = new SignOrder("A-1") { Signers = { Signer.Person("李明", "1"), Signer.Person("李明", "2") } };
            change(order);
            return order;
        }

        Fails("orderNumber", () => OrderCheck.Validate(Order(order => order.OrderNumber = half)));
        Fails("subject", () => OrderCheck.Validate(Order(order => order.Subject = half)));
        Fails("password", () => OrderCheck.Wire(Order(order => order.Password = half)));
        Fails("signerlist[1].userName", () => OrderCheck.Validate(Order(order => order.Signers[1] = Signer.Person(half, "2"))));
        Fails("signerlist[0].country", () => OrderCheck.Validate(Order(order => order.Signers[0].Country = half)));
        Fails("filebase.path", () => OrderCheck.Validate(Order(order => order.Document = DocumentSource.FromFile(half))));
        Fails("filebase", () => OrderCheck.Validate(Order(order => order.Document = DocumentSource.FromBase64(half))));
        Fails("signerlist[0].pic.path", () =>
            OrderCheck.Validate(Order(order => order.Signers[0].Material = DocumentSource.FromFile(half))));
        Fails("order", () => OrderCheck.ValidateJson("{\"orderNumber\":\"" + half + "\"}"));
        Fails("tokenid", () => OrderCheck.Validate(Order(_ => { }), new OrderSettings { TokenId = half }));
        Fails("tokenid", () => new WoSignDocClient(new WoSignDocOptions { TokenId = half }).Dispose());
        Fails("expect.ordernumber", () => PushReceiver.Receive([1], new PushOptions { ExpectedOrderNumber = half }));
        Fails("path", () => PushReceiver.ReceiveToFile([1], "/tmp/" + half));
        Fails("path", () => TestPush.SignedDocument("A", Document).Receive().MoveTo("/tmp/" + half));
        Fails("key", () => new FileDeliveryStore(_folder).ClaimAsync(half, "o", default).GetAwaiter().GetResult());
        Fails("extendData.signid", () => TestPush.SignedDocument(half, Document).ToBody());
    }

    private static void Fails(string field, TestDelegate call)
    {
        InvalidCallException failure = Assert.Throws<InvalidCallException>(call)!;
        Assert.That((failure.Reason, failure.Field), Is.EqualTo(("not_utf8", field)));
    }
}
