using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Orders to the real platform by either sender, and what comes back.</summary>
[TestFixture(Sender.Library)]
[TestFixture(Sender.HttpClient)]
public sealed class SendingTests(Sender sender)
{
    private static Platform One => Platform.One;

    /// Covers P-20, P-30, P-40: the whole path.
    [Test]
    public async Task An_order_is_sent_signed_and_pushed()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person();
        SignOrderResult result = await client.CreateAsync(order, TimeSpan.FromSeconds(30));
        Assert.Multiple(() =>
        {
            Assert.That(result.SignId, Is.Not.Null.And.Not.Empty);
            Assert.That(result.OrderNumber, Is.EqualTo(order.OrderNumber));
            Assert.That(result.AcceptedBefore, Is.False);
            Assert.That(result.Attempts, Is.EqualTo(1));
            Assert.That(result.Warnings, Is.Empty);
        });
        KeptPush kept = One.Callback!.WaitFor(order.OrderNumber);
        Assert.That(kept.Push.SignId, Is.EqualTo(result.SignId));
        Assert.That(Encoding.ASCII.GetString(kept.Document, 0, 5), Is.EqualTo("%PDF-"));
        Assert.That(Encoding.ASCII.GetString(kept.Document), Does.Contain("/ByteRange"));
        Assert.That(Pushes.Sha256(kept.Document), Is.EqualTo(kept.Push.Sha256));
    }

    [Test]
    public void Json_with_attachments_is_sent()
    {
        using WoSignDocClient client = Client();
        string number = "T-" + Guid.NewGuid(), scan = "{\"attachment\": 1}";
        string json = $$"""
            {"orderNumber": "{{number}}", "subject": "附件", "filebase": {"attachment": 0}, "fileformat": "pdf",
             "signerlist": [{"signType": 2, "userName": "李明", "userNo": "11010519491231002X", "pic": {{scan}},
              "otherpic": {{scan}}, "signlist": [{"pagenumber": 1, "position": "0.1,0.1,0.3,0.3"}]}]}
            """;
        ReadOnlyMemory<byte>[] attachments =
        [
            File.ReadAllBytes(Repository.Example("contract.pdf")), File.ReadAllBytes(Repository.Example("material.png")),
        ];
        SignOrderResult result = client.CreateJson(json, attachments);
        Assert.That(One.Callback!.WaitFor(number).Push.SignId, Is.EqualTo(result.SignId));
    }

    /// Covers P-23: the platform takes an order number once.
    [Test]
    public void An_order_number_is_taken_once()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person();
        client.Create(order);
        PlatformException exception = Assert.Throws<PlatformException>(() => client.Create(order))!;
        Assert.That(exception.Code, Is.EqualTo(-46).Or.EqualTo(-47));
    }

    [Test]
    public void A_cancelled_call_sends_nothing()
    {
        using WoSignDocClient client = Client();
        using var source = new CancellationTokenSource();
        source.Cancel();
        SignOrder order = Orders.Person();
        Assert.That(
            async () => await client.CreateAsync(order, null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        Assert.DoesNotThrow(() => client.Create(order), "the platform would refuse a second order of this number");
    }

    [Test]
    public void A_disposed_client_says_so()
    {
        WoSignDocClient client = Client();
        client.Dispose();
        client.Dispose();
        Assert.Throws<ObjectDisposedException>(() => client.Create(Orders.Person()));
    }

    [Test]
    public void Eight_threads_send_and_receive_at_once()
    {
        const int Threads = 8, Each = 5;
        using WoSignDocClient client = Client();
        var results = new (SignOrder Order, SignOrderResult Result)[Threads * Each];
        var failures = new List<Exception>();
        Thread[] threads = [.. Enumerable.Range(0, Threads).Select(thread => new Thread(() =>
        {
            try
            {
                for (int at = 0; at < Each; at++)
                {
                    SignOrder order = Orders.WithItsNumber();
                    order.Subject = $"合同 {thread}-{at}";
                    results[(thread * Each) + at] = (order, client.Create(order));
                }
            }
            catch (Exception exception)
            {
                lock (failures)
                {
                    failures.Add(exception);
                }
            }
        }))];
        Array.ForEach(threads, static thread => thread.Start());
        Array.ForEach(threads, static thread => thread.Join());
        Assert.That(failures, Is.Empty);
        foreach ((SignOrder order, SignOrderResult result) in results)
        {
            Assert.That(result.OrderNumber, Is.EqualTo(order.OrderNumber));
            KeptPush kept = One.Callback!.WaitFor(order.OrderNumber);
            Assert.That(kept.Push.SignId, Is.EqualTo(result.SignId));
            Assert.That(Pushes.Sha256(kept.Document), Is.EqualTo(kept.Push.Sha256));
            Assert.That(Orders.NumberIn(kept.Document), Is.EqualTo(order.OrderNumber), "another order's document");
        }
    }

    private WoSignDocClient Client() => new(WoSignDocOptions.FromFile(One.ClientJson).By(sender));
}
