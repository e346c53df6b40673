#if NET // The server of these tests is not Mono's, whose TLS loses handshakes in that place.
using System;
using System.Diagnostics;
using System.IO;
using System.Linq;
using System.Text;
using System.Threading;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What an endpoint may do instead of answering as it should, to orders of either sender.</summary>
[TestFixture(Sender.Library)]
[TestFixture(Sender.HttpClient)]
public sealed class AnswerTests(Sender sender)
{
    private const string Taken = """{"status":1,"signid":"S-1"}""";

    /// Covers P-4, P-5: the same bytes by either sender, in a request of a known length.
    [Test]
    public void The_request_is_the_librarys()
    {
        using var platform = new FakePlatform(static request => request.Reply(200, Taken));
        using WoSignDocClient client = Client(platform);
        SignOrder order = Orders.Person();
        Assert.That(client.Create(order).SignId, Is.EqualTo("S-1"));
        FakeRequest request = platform.Requests.Single();
        Assert.That(request.Body, Is.EqualTo(client.Wire(order).Body.ToArray()));
        Assert.That(
            request.Head.ToLowerInvariant(),
            Does.StartWith("post / http/1.1\r\n").And.Contain("user-agent: wosigndoc/")
                .And.Contain("content-type: application/json; charset=utf-8\r\n").And.Not.Contain("chunked"));
    }

    [Test]
    public void An_answer_that_drips_is_read()
    {
        using var platform = new FakePlatform(static request =>
        {
            _ = request.Body;
            foreach (char one in $"HTTP/1.1 200 OK\r\nContent-Length: {Taken.Length}\r\n\r\n{Taken}")
            {
                request.Write(one.ToString());
                Thread.Sleep(5);
            }

            return true;
        });
        using WoSignDocClient client = Client(platform);
        Assert.That(client.Create(Orders.Person()).SignId, Is.EqualTo("S-1"));
    }

    /// <summary>An answer without end is bounded by the call's time.</summary>
    [Test]
    public void An_answer_that_drips_for_ever_ends_with_the_call()
    {
        using var platform = new FakePlatform(static request =>
        {
            _ = request.Body;
            request.Write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{");
            for (int times = 0; times < 300; times++)
            {
                Thread.Sleep(50);
                request.Write(" ");
            }

            return false;
        });
        using WoSignDocClient client = Client(platform);
        var watch = Stopwatch.StartNew();
        CallTimeoutException exception = Assert.Throws<CallTimeoutException>(
            () => client.Create(Orders.Person(), TimeSpan.FromSeconds(3)))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("call_timeout", true)));
        Assert.That(watch.Elapsed, Is.LessThan(TimeSpan.FromSeconds(10)));
    }

    /// Covers P-22: a gateway's page is no answer of the protocol.
    [Test]
    public void A_page_of_a_gateway_is_told_by_its_status()
    {
        using var platform = new FakePlatform(
            static request => request.Reply(502, "<html>bad gateway</html>"));
        using WoSignDocClient client = Client(platform);
        ProtocolException exception = Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!;
        Assert.That(
            (exception.HttpStatus, exception.BodyStart, exception.MayHaveArrived),
            Is.EqualTo((502, "<html>bad gateway</html>", true)));
    }

    /// Covers P-22: of an answer without end a megabyte is read.
    [Test]
    public void An_answer_that_is_too_large_is_not_read_to_its_end()
    {
        const int All = 64;
        int megabytes = 0;
        using var platform = new FakePlatform(request =>
        {
            _ = request.Body;
            request.Write($"HTTP/1.1 200 OK\r\nContent-Length: {All * 1024 * 1024}\r\n\r\n");
            string megabyte = new(' ', 1024 * 1024);
            for (; megabytes < All; megabytes++)
            {
                request.Write(megabyte);
            }

            return false;
        });
        using WoSignDocClient client = Client(platform);
        ProtocolException exception = Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!;
        Assert.That(exception.Reason, Is.EqualTo("answer_too_large"));
        Thread.Sleep(200);
        Assert.That(megabytes, Is.LessThan(All / 2));
    }

    /// Covers P-23: three tries, each with the whole order, and then the failure says that it may have arrived.
    [Test]
    public void A_connection_that_is_cut_after_sending_may_have_brought_the_order()
    {
        using var platform = new FakePlatform(static request =>
        {
            _ = request.Body;
            return false;
        });
        using WoSignDocClient client = Client(platform);
        TransportException exception = Assert.Throws<TransportException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("connection_lost", true)));
        byte[][] bodies = [.. platform.Requests.Select(static one => one.Body)];
        Assert.That(bodies, Has.Length.EqualTo(3));
        Assert.That(bodies.Skip(1), Has.All.EqualTo(bodies[0]));
    }

    /// Covers P-23: an answer that breaks off is no answer, and the next may say that the order is known.
    [Test]
    public void An_answer_that_is_cut_is_made_good()
    {
        int requests = 0;
        using var platform = new FakePlatform(request =>
        {
            _ = request.Body;
            if (Interlocked.Increment(ref requests) > 1)
            {
                return request.Reply(200, """{"status":0,"errorcode":-46}""");
            }

            request.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":1,");
            return false;
        });
        using WoSignDocClient client = Client(platform);
        SignOrderResult result = client.Create(Orders.Person());
        Assert.That((result.AcceptedBefore, result.Attempts), Is.EqualTo((true, 2)));
    }

    /// Covers P-23: the last one that breaks off is told as such.
    [Test]
    public void An_answer_that_is_always_cut_may_belong_to_an_order_that_arrived()
    {
        using var platform = new FakePlatform(static request =>
        {
            _ = request.Body;
            request.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"status\":1,");
            return false;
        });
        using WoSignDocClient client = Client(platform);
        ProtocolException exception = Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("answer_cut", true)));
        Assert.That(platform.Requests, Has.Length.EqualTo(3));
    }

    /// Covers P-22: a server that closes instead of saying how long its answer is.
    [Test]
    public void An_answer_that_is_whole_is_taken_although_its_end_is_missing()
    {
        using var platform = new FakePlatform(static request =>
        {
            _ = request.Body;
            request.Write($"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{Taken}");
            return false;
        });
        using WoSignDocClient client = Client(platform);
        Assert.That(client.Create(Orders.Person()).Attempts, Is.EqualTo(1));
    }

    /// Covers P-4: the order goes to the endpoint and nowhere else.
    [Test]
    public void A_redirect_is_not_followed()
    {
        using var elsewhere = new FakePlatform(static request => request.Reply(200, Taken));
        using var platform = new FakePlatform(
            request => request.Reply(307, "moved", $"Location: {elsewhere.Endpoint}\r\n"));
        using WoSignDocClient client = Client(platform);
        ProtocolException exception = Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!;
        Assert.That(exception.HttpStatus, Is.EqualTo(307));
        Assert.That(elsewhere.Requests, Is.Empty);
    }

    /// <summary>A file that changes while it is sent breaks the request off, and is named.</summary>
    [Test]
    public void A_file_that_changes_breaks_the_request_off()
    {
        string file = Path.Combine(Repository.NewFolder(), "a.pdf");
        File.WriteAllBytes(file, Pushes.Document(8_000_000));
        using var platform = new FakePlatform(request =>
        {
            File.WriteAllBytes(file, Pushes.Document(4_000_000));
            _ = request.Body;
            return request.Reply(200, Taken);
        });
        using WoSignDocClient client = Client(platform);
        SignOrder order = Orders.Person();
        order.Document = DocumentSource.FromFile(file);
        FileException exception = Assert.Throws<FileException>(() => client.Create(order))!;
        Assert.That((exception.Reason, exception.Field), Is.EqualTo(("file_changed", "filebase")));
    }

    private WoSignDocClient Client(FakePlatform platform)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).By(sender);
        options.Endpoint = platform.Endpoint;
        options.RetryPause = TimeSpan.FromMilliseconds(10);
        options.TotalTimeout = TimeSpan.FromSeconds(60);
        return new WoSignDocClient(options);
    }
}
#endif
