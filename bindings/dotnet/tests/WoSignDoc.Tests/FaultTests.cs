using System;
using System.Linq;
using System.Threading;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What this side does when the platform fails, by the faults that its sandbox commits on order.</summary>
[TestFixture(Sender.Library)]
[TestFixture(Sender.HttpClient)]
public sealed class FaultTests(Sender sender)
{
    private static Callback Site => Platform.One.Callback!;

    [TestCase(-43)]
    [TestCase(-68)]
    [TestCase(-80)]
    public void A_refusal_has_its_code(int code)
    {
        using WoSignDocClient client = Client();
        PlatformException exception =
            Assert.Throws<PlatformException>(() => client.Create(Orders.Person(Number($"refuse={code}"))))!;
        Assert.That(exception.Code, Is.EqualTo(code));
        Assert.That(exception.Advice, Is.Not.Empty);
    }

    /// Covers P-23: an order whose answer was lost is sent again, and found to have arrived.
    [Test]
    public void A_lost_answer_is_made_good()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person(Number("lose-answer"));
        SignOrderResult result = client.Create(order);
        Assert.That((result.AcceptedBefore, result.SignId), Is.EqualTo((true, (string?)null)));
        Assert.That(result.Attempts, Is.GreaterThan(1));
        Assert.That(Site.WaitFor(order.OrderNumber).Push.SignId, Is.Not.Empty);
    }

    /// Covers P-23: without a second attempt the failure says that the order may have arrived.
    [Test]
    public void A_lost_answer_may_have_arrived()
    {
        using WoSignDocClient client = Client(static options => options.RetryAttempts = 1);
        TransportException exception =
            Assert.Throws<TransportException>(() => client.Create(Orders.Person(Number("lose-answer"))))!;
        Assert.That((exception.MayHaveArrived, exception.Reason), Is.EqualTo((true, "connection_lost")));
    }

    [Test]
    public void A_slow_answer_ends_in_a_timeout_that_may_have_arrived()
    {
        using WoSignDocClient client = Client(static options => options.RetryAttempts = 1);
        CallTimeoutException exception = Assert.Throws<CallTimeoutException>(
            () => client.Create(Orders.Person(Number("slow=30")), TimeSpan.FromSeconds(1)))!;
        Assert.That((exception.MayHaveArrived, exception.Reason), Is.EqualTo((true, "call_timeout")));
    }

    /// Covers P-32: a failed order is pushed, and acknowledged.
    [Test]
    public void A_failed_order_is_pushed()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person(Number("fail=-50"));
        client.Create(order);
        KeptPush kept = Site.WaitFor(order.OrderNumber);
        Assert.That(kept.Push.Failed, Is.True);
        Assert.That(kept.Push.Errors.Select(static one => one.Code), Is.EqualTo(new[] { -50 }));
        Assert.That(kept.Document, Is.Empty);
    }

    /// Covers P-30: a document pushed twice reaches the function once.
    [Test]
    public void A_document_pushed_twice_reaches_the_function_once()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person(Number("push-twice"));
        client.Create(order);
        string key = Site.WaitFor(order.OrderNumber).Push.DeliveryKey!;
        for (int tries = 0; tries < 600 && Site.Repeats(key) == 0; tries++)
        {
            Thread.Sleep(100);
        }

        Assert.That((Site.Repeats(key), Site.Calls(order.OrderNumber)), Is.EqualTo((1, 1)));
    }

    /// Covers P-30, P-31: a push with a wrong hash is not acknowledged, so the right one comes.
    [Test]
    public void A_wrong_hash_is_refused_and_the_right_one_taken()
    {
        using WoSignDocClient client = Client();
        SignOrder order = Orders.Person(Number("wrong-hash"));
        client.Create(order);
        KeptPush kept = Site.WaitFor(order.OrderNumber);
        Assert.That(Pushes.Sha256(kept.Document), Is.EqualTo(kept.Push.Sha256));
        Assert.That(Site.Calls(order.OrderNumber), Is.EqualTo(1));
    }

    private static string Number(string fault) => $"T-{Guid.NewGuid()}!{fault}";

    private WoSignDocClient Client(Action<WoSignDocOptions>? change = null)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).By(sender);
        change?.Invoke(options);
        return new WoSignDocClient(options);
    }
}
