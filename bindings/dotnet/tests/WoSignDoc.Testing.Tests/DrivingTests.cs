using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Sockets;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Testing.Tests;

/// <summary>What a sandbox does when it is told to; each test has one of its own.</summary>
[FixtureLifeCycle(LifeCycle.InstancePerTestCase)]
public sealed class DrivingTests : SandboxTests
{
    [Test]
    public async Task An_order_that_fails_is_pushed_with_its_code()
    {
        await Sandbox.FailAsync(-50);
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        ReceivedPush push = await Sandbox.AwaitPushAsync("A-1");
        Assert.That((push.Failed, push.ErrorCodes.Single()), Is.EqualTo((true, -50)));
        SandboxOrder order = await Sandbox.OrderAsync("A-1");
        Assert.That((order.State, order.ErrorCode, order.Sha256), Is.EqualTo((OrderState.Failed, (int?)-50, (string?)null)));
        Assert.That(
            Assert.ThrowsAsync<SandboxException>(() => Sandbox.DocumentAsync("A-1"))!.HttpStatus, Is.EqualTo(409));
    }

    [Test]
    public async Task The_next_order_is_refused_and_the_one_after_is_not()
    {
        await Sandbox.RefuseAsync(-80);
        Assert.That(
            Assert.ThrowsAsync<PlatformException>(() => Sandbox.Client.CreateAsync(Orders.Person("A-1")))!.Code,
            Is.EqualTo(-80));
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        Assert.That((await Sandbox.AwaitStateAsync("A-1", OrderState.Signed)).State, Is.EqualTo(OrderState.Signed));
        SandboxException unknown = Assert.ThrowsAsync<SandboxException>(() => Sandbox.RefuseAsync(-1))!;
        Assert.That(unknown.Message, Does.Contain("CODE is one of the protocol's"));
        Assert.That(unknown.MessageZh, Does.Contain("应为"));
        unknown = Assert.ThrowsAsync<SandboxException>(() => Sandbox.FaultAsync("none-such"))!;
        Assert.That(unknown.Message, Does.Contain("fault is one of").And.Contain("lose-answer"));
    }

    [Test]
    public async Task A_contract_for_a_site_that_is_down_is_parked_after_days_and_pushed_later()
    {
        // A port that is taken, at which nobody listens.
        using var down = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        down.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        await Sandbox.CallbackAsync($"http://127.0.0.1:{((IPEndPoint)down.LocalEndPoint!).Port}/push");
        SandboxTimeoutException elsewhere =
            Assert.ThrowsAsync<SandboxTimeoutException>(() => Sandbox.AwaitPushAsync("A-1"))!;
        Assert.That(elsewhere.HttpStatus, Is.EqualTo(409));
        Assert.That(elsewhere.Message, Does.Contain("pushed to another callback"));

        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        DateTimeOffset began = await Sandbox.NowAsync();
        DateTimeOffset now = await Sandbox.AdvanceAsync("80h");
        Assert.That(now - began, Is.GreaterThanOrEqualTo(TimeSpan.FromHours(80)));
        SandboxOrder order = await Sandbox.AwaitStateAsync("A-1", OrderState.Undelivered);
        Assert.That(order.PushTries, Is.GreaterThanOrEqualTo(48));
        Assert.That(order.PushError, Is.Not.Empty);

        await Sandbox.CallbackAsync(null);
        await Sandbox.PushAgainAsync("A-1");
        byte[] pushed = (await Sandbox.AwaitPushAsync("A-1")).Document.ToArray();
        Assert.That(pushed, Is.EqualTo(await Sandbox.DocumentAsync("A-1")));

        // What is signed later is judged at that time.
        await Sandbox.Client.CreateAsync(Orders.Person("A-2"));
        ReceivedPush later = await Sandbox.AwaitPushAsync("A-2", options: new PushOptions { Verify = await Sandbox.TrustAsync() });
        Assert.That(later.Report!.IsValid, Is.True);
    }

    [Test]
    public async Task An_answer_that_was_lost_is_made_good_by_the_clients_second_try()
    {
        await Sandbox.FaultAsync("lose-order", times: 0);
        await Sandbox.ClearFaultsAsync();
        await Sandbox.FaultAsync("lose-answer");
        SignOrderResult result = await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        Assert.That((result.AcceptedBefore, result.Attempts), Is.EqualTo((true, 2)));
        Assert.That(await Sandbox.OrdersAsync(), Has.Count.EqualTo(1));
        Assert.That((await Sandbox.AwaitPushAsync("A-1")).Verify(await Sandbox.TrustAsync()).IsValid, Is.True);
    }

    [Test]
    public async Task A_wrong_hash_is_refused_and_the_right_one_taken()
    {
        await Sandbox.FaultAsync("wrong-hash", "A-1");
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        await Sandbox.AwaitStateAsync("A-1", OrderState.Pushed);
        await Sandbox.AdvanceAsync(TimeSpan.FromSeconds(10));
        ReceivedPush push = await Sandbox.AwaitPushAsync("A-1");
        Assert.That(push.Sha256, Is.EqualTo((await Sandbox.OrderAsync("A-1")).Sha256));
        Assert.ThrowsAsync<SandboxTimeoutException>(
            () => Sandbox.AwaitPushAsync("A-1", TimeSpan.Zero), "each push is given once");
        await Sandbox.AwaitStateAsync("A-1", OrderState.Acknowledged);
        Assert.That(
            (await Sandbox.InboxAsync()).Select(static one => (one.OrderNumber, one.Error is null, one.Status, one.Answer)),
            Is.EqualTo(new (string?, bool, int, string)[] { (null, false, 400, "0"), ("A-1", true, 200, "1") }));
        IEnumerable<JournalEntry> pushes = (await Sandbox.JournalAsync("A-1")).Where(static one => one.IsPush);
        Assert.That(pushes.Select(static one => (one.Tries, one.Status)), Is.EqualTo(new (int?, int?)[] { (1, 400), (2, 200) }));
    }

    [Test]
    public async Task A_document_that_was_altered_is_refused_by_its_signatures()
    {
        await Sandbox.FaultAsync("altered-document", "A-1");
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        byte[] body = await Sandbox.AwaitBodyAsync("A-1");
        Assert.That(PushReceiver.Receive(body).Verify(await Sandbox.TrustAsync()).IsValid, Is.False);
        var options = new PushOptions { Verify = await Sandbox.TrustAsync() };
        Assert.Throws<UntrustedException>(() => PushReceiver.Receive(body, options));
        byte[] document = await Sandbox.DocumentAsync("A-1");
        Assert.That(DocumentVerifier.Verify(document, options.Verify).IsValid, Is.True);
    }

    [Test]
    public async Task An_inbox_that_says_no_gets_the_same_again_and_a_reset_forgets_all()
    {
        await Sandbox.AnswerPushesAsync(503, "busy", 2);
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        await Sandbox.AwaitStateAsync("A-1", OrderState.Pushed);
        Assert.That((await Sandbox.OrderAsync("A-1")).PushState, Is.EqualTo("pending"));
        await Sandbox.AdvanceAsync("5m");
        Assert.That((await Sandbox.AwaitStateAsync("A-1", OrderState.Acknowledged)).PushTries, Is.EqualTo(3));

        var later = new DateTimeOffset(2031, 1, 31, 16, 0, 0, TimeSpan.FromHours(8));
        Assert.That(await Sandbox.SetClockAsync(later), Is.GreaterThanOrEqualTo(later));
        await Sandbox.CallbackAsync("http://127.0.0.1:1/");
        await Sandbox.ResetAsync();
        Assert.That((await Sandbox.TrustAsync()).At, Is.Null);
        Assert.That(await Sandbox.OrdersAsync(), Is.Empty);
        Assert.That(await Sandbox.JournalAsync(), Is.Empty);
        Assert.That(await Sandbox.NowAsync(), Is.LessThan(later));
        Assert.That(await Sandbox.ResetClockAsync(), Is.LessThan(later));
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        Assert.That((await Sandbox.AwaitPushAsync("A-1")).Failed, Is.False, "the callback went back too");
    }

    [Test]
    public async Task What_does_not_come_in_time_says_where_it_stands()
    {
        await Sandbox.AnswerPushesAsync(503, "busy", 0);
        await Sandbox.Client.CreateAsync(Orders.Person("A-1"));
        await Sandbox.AwaitStateAsync("A-1", OrderState.Pushed);
        foreach (Func<Task> wait in new Func<Task>[]
        {
            () => Sandbox.AwaitStateAsync("A-1", OrderState.Acknowledged, TimeSpan.Zero),
            () => Sandbox.AwaitPushAsync("A-2", TimeSpan.Zero),
        })
        {
            SandboxTimeoutException late = Assert.ThrowsAsync<SandboxTimeoutException>(() => wait())!;
            bool isKnown = late.Message.Contains("A-1");
            Assert.That(late.Message, Does.Contain(isKnown ? "push A-1, try 1: 503 busy" : "no such order").And.Contain("in time"));
            Assert.That(late.MessageZh, Does.Contain("未能及时到达").Or.Contain("及时到达收件箱"));
            Assert.That(late.ToString(), Does.Contain(late.Message).And.Contain(late.MessageZh));
        }
    }

    [Test]
    public void What_is_wrong_is_refused_with_what_to_do()
    {
        Assert.That(
            Assert.ThrowsAsync<SandboxException>(() => Sandbox.AdvanceAsync("soon"))!.Message, Does.Contain("72h"));
        Assert.That(
            Assert.ThrowsAsync<SandboxException>(() => Sandbox.OrderAsync("A/1 ü"))!.HttpStatus, Is.EqualTo(404));
        Assert.ThrowsAsync<SandboxException>(() => Sandbox.CallbackAsync("ftp://shop.example/"));
        Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => Sandbox.AdvanceAsync(TimeSpan.FromSeconds(-1)));
        Assert.That(
            Assert.ThrowsAsync<SandboxException>(() => Sandbox.AwaitPushAsync("A-1", TimeSpan.FromHours(2)))!.Message,
            Does.Contain("from 0 to 3600"));
        using var given = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        Assert.CatchAsync<OperationCanceledException>(() => Sandbox.AwaitPushAsync("A-1", cancellationToken: given.Token));
    }
}
