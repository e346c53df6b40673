using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Authentication;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What is of .NET's HTTP client alone: an application's own, repeats of the body, limits, cancellation.</summary>
public sealed class TransportTests
{
    /// <summary>Needs no certificate of the configuration's, and no file that it names.</summary>
    [Test]
    public void Nothing_is_read_that_the_transport_makes_needless()
    {
        var options = new WoSignDocOptions
        {
            Endpoint = "https://sign.example/",
            TokenId = "T-1",
            Identity = { CertificateFile = "/nonexistent.pem" },
            Roots = { CaFile = "/nonexistent-ca.pem" },
            Proxy = "http://nowhere.invalid:1",
        };
        using WoSignDocClient client = Senders.Of(StubHandler.Answering(200, StubHandler.Taken), options);
        Assert.That(client.Create(Orders.Person()).SignId, Is.EqualTo("S-1"));
        Assert.That(client.About.Endpoint, Is.EqualTo("https://sign.example/"));
        Assert.That((client.About.CertificateSubject, client.About.PublicKeySha256), Is.EqualTo((string.Empty, string.Empty)));
        Assert.That(client.Validate(Orders.Person()), Is.Empty);
    }

    [Test]
    public void The_client_is_asked_for_at_each_request()
    {
        int asked = 0;
        using var http = new HttpClient(StubHandler.Answering(200, StubHandler.Taken));
        var options = new WoSignDocOptions { Endpoint = "https://sign.example/", TokenId = "T-1" };
        options.Transport.UseHttpClient(() =>
        {
            asked++;
            return http;
        });
        using (var client = new WoSignDocClient(options))
        {
            client.Create(Orders.Person());
            client.Create(Orders.Person());
        }

        Assert.That(asked, Is.EqualTo(2));
        Assert.DoesNotThrowAsync(() => http.PostAsync("https://sign.example/", new StringContent("x")), "it is not disposed of");
    }

    [Test]
    public void One_way_is_set_only()
    {
        var options = new WoSignDocOptions { Endpoint = "https://sign.example/", TokenId = "T-1" };
        options.Transport.UseCertificate(Certificates.OfClient);
        options.Transport.Thumbprint = Certificates.OfClient.Thumbprint;
        Assert.Throws<ArgumentException>(() => new WoSignDocClient(options));
    }

    /// <summary>A certificate says the same of itself by either sender.</summary>
    [Test]
    public void The_certificate_is_told()
    {
        using var library = new WoSignDocClient(WoSignDocOptions.FromFile(Platform.One.ClientJson));
        using var client = new WoSignDocClient(WoSignDocOptions.FromFile(Platform.One.ClientJson).WithCertificate());
        Assert.That(client.About.PublicKeySha256, Is.EqualTo(library.About.PublicKeySha256));
        Assert.That(client.About.Endpoint, Is.EqualTo(library.About.Endpoint));
        Assert.That(client.About.CertificateNotAfter, Is.EqualTo(library.About.CertificateNotAfter));
        Assert.That(client.About.CertificateSubject, Is.EqualTo(library.About.CertificateSubject));
    }

    /// Covers P-23: handlers send a body again, as when a proxy asks who this is. It is the same body, and another try.
    [Test]
    public void A_body_is_sent_again_from_its_first_byte()
    {
        byte[][] bodies = [];
        using WoSignDocClient client = Senders.Of(new StubHandler(async (request, _) =>
        {
            bodies = [await Sent(request), await Sent(request)];
            return StubHandler.Answer(200, StubHandler.Taken);
        }));
        SignOrder order = Orders.Person();
        Assert.That(client.Create(order).Attempts, Is.EqualTo(2));
        byte[] wired = client.Wire(order).Body.ToArray();
        Assert.That(bodies[0], Is.EqualTo(wired));
        Assert.That(bodies[1], Is.EqualTo(wired));
    }

    /// Covers P-23: the first body may have brought the order, so that a platform that knows it has accepted it.
    [Test]
    public void A_body_that_was_sent_twice_may_have_been_accepted()
    {
        using WoSignDocClient client = Senders.Of(new StubHandler(static async (request, _) =>
        {
            await Sent(request);
            await Sent(request);
            return StubHandler.Answer(200, Encoding.ASCII.GetBytes("""{"status":0,"errorcode":-46}"""));
        }));
        Assert.That(client.Create(Orders.Person()).AcceptedBefore, Is.True);
    }

    /// Covers P-23: a handshake that fails before the order has left, and one in the midst of it.
    [TestCase(false)]
    [TestCase(true)]
    public void A_handshake_that_fails_is_told_as_such(bool sent)
    {
        WoSignDocOptions options = Quick();
        options.RetryAttempts = 1;
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (request, _) =>
            {
                if (sent)
                {
                    await Sent(request);
                }

                throw new HttpRequestException("no TLS", new AuthenticationException("by the test"));
            }),
            options);
        TlsException exception = Assert.Throws<TlsException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("tls_failed", sent)));
        Assert.That(exception.Message, Does.Contain("by the test"));
    }

#if NET // As in AnswerTests.
    /// <summary>The same over a network, with a handler that answers a question for its name and password.</summary>
    [TestCase(true)]
    [TestCase(false)]
    public void A_server_that_asks_for_a_password_gets_the_order_with_it(bool expect)
    {
        using var platform = new FakePlatform(request => request.Has("Authorization: ")
            ? request.Reply(200, Encoding.ASCII.GetString(StubHandler.Taken))
            : request.Reply(401, string.Empty, "WWW-Authenticate: Basic realm=\"a\"\r\n"));
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        options.Endpoint = platform.Endpoint;
        options.Transport.ExpectContinue = expect;
        using WoSignDocClient client = Senders.Of(
            new HttpClientHandler
            {
                Credentials = new NetworkCredential("shop", "secret"),
                ServerCertificateCustomValidationCallback = static (_, server, _, _) =>
                    server!.RawData.SequenceEqual(Certificates.OfServer.RawData),
            },
            options);
        SignOrder order = Orders.Person();
        Assert.That(client.Create(order).Attempts, Is.EqualTo(2), "the server read the first one whole");
        Assert.That(platform.Requests.Select(static one => one.Expects), Is.EqualTo(new[] { expect, expect }));
        Assert.That(platform.Requests[1].Body, Is.EqualTo(client.Wire(order).Body.ToArray()));
    }

    /// <summary>An early refusal is heard before the order is sent: its connection would be cut otherwise.</summary>
    [Test]
    public void A_refusal_before_the_order_is_heard()
    {
        using var platform = new FakePlatform(static request =>
        {
            request.Write("HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            return false;
        });
        using WoSignDocClient client = OfEndpoint(platform.Endpoint);
        Assert.That(Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!.HttpStatus, Is.EqualTo(413));
        Assert.That(platform.Requests.Single().WasRead, Is.False);
    }
#endif

    /// <summary>A document flows: no piece of it is larger than a buffer, and memory does not grow with it.</summary>
    [Test]
    public void A_document_flows()
    {
        const int Size = 64 * 1024 * 1024;
        string file = Path.Combine(Repository.NewFolder(), "a.pdf");
        using (FileStream empty = File.Create(file))
        {
            empty.SetLength(Size);
        }

        var sink = new Sink();
        using WoSignDocClient client = Senders.Of(new StubHandler(async (request, _) =>
        {
            await request.Content!.CopyToAsync(sink);
            return StubHandler.Answer(200, StubHandler.Taken);
        }));
        SignOrder order = Orders.Person();
        order.Document = DocumentSource.FromFile(file);
        order.Signers[0].Boxes[0] = new SignatureBox(1, 0.1, 0.1, 0.3, 0.3);
        long before = Allocated();
        client.Create(order);
        Assert.That(sink.Length, Is.GreaterThan(Size));
        Assert.That(sink.Largest, Is.LessThanOrEqualTo(64 * 1024));
        Assert.That(Allocated() - before, Is.LessThan(8 * 1024 * 1024));
    }

    /// <summary>A handler that gives up may leave the body half sent behind: nothing of it is missing in the next try.</summary>
    [Test]
    public void A_body_that_is_left_behind_takes_nothing_from_the_next()
    {
        using var gate = new ManualResetEventSlim();
        Task? behind = null;
        byte[] second = [];
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (request, _) =>
            {
                if (behind is null)
                {
                    HttpContent content = request.Content!;
                    var sink = new Sink(gate);
                    behind = Task.Run(() => content.CopyToAsync(sink));
                    sink.Reached.Wait();
                    throw new IOException("cut");
                }

                gate.Set();
                Assert.That(async () => await behind, Throws.InstanceOf<IOException>().Or.InstanceOf<HttpRequestException>());
                second = await Sent(request);
                return StubHandler.Answer(200, StubHandler.Taken);
            }),
            Quick());
        SignOrder order = Orders.Person();
        Assert.That(client.Create(order).Attempts, Is.EqualTo(2));
        Assert.That(second, Is.EqualTo(client.Wire(order).Body.ToArray()));
    }

    /// Covers P-23: what the application's own handlers throw before the order has left, and after that.
    [TestCase(false, "connect_failed", "user:secret")]
    [TestCase(true, "connection_lost", "user:secret")]
    [TestCase(true, "connection_lost", "user:p@secret")]
    public void A_handler_may_throw_what_it_likes(bool sent, string reason, string credentials)
    {
        var thrown = new InvalidOperationException($"by http://{credentials}@proxy:3128/ for a@b");
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (request, _) =>
            {
                if (sent)
                {
                    await Sent(request);
                }

                throw thrown;
            }),
            Quick());
        TransportException exception = Assert.Throws<TransportException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo((reason, sent)));
        Assert.That(exception.InnerException, Is.SameAs(thrown));
        Assert.That(exception.Message, Does.Contain("by http://***@proxy:3128/ for a@b").And.Not.Contain("secret"));
    }

    /// Covers P-4: neither an order nor that of a preflight goes where a handler of the application's is sent on to.
    [Test]
    public void A_handler_that_follows_a_redirect_sends_nothing()
    {
        var handler = new StubHandler(async (request, _) =>
        {
            request.RequestUri = new Uri("https://elsewhere.example/");
            await Sent(request);
            return StubHandler.Answer(200, StubHandler.Taken);
        });
        WoSignDocOptions options = Quick();
        using WoSignDocClient client = Senders.Of(handler, options);
        TransportException exception = Assert.Throws<TransportException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("connect_failed", false)));
        Assert.That(exception.Message, Does.Contain("follows a redirect").And.Contain("AllowAutoRedirect"));
        PreflightCheck wrong = client.Preflight(live: true).Checks.Single(static one => one.Level == PreflightLevel.Error);
        Assert.That(wrong.Name, Is.EqualTo("endpoint"));
        Assert.That(wrong.Message, Does.Contain("follows a redirect"));
    }

    /// <summary>The limits hold for a client that has none of its own, before and after the order has left.</summary>
    [TestCase(false, "connect_timeout")]
    [TestCase(true, "call_timeout")]
    public void The_limits_are_the_configurations(bool sent, string reason)
    {
        WoSignDocOptions options = Quick();
        options.ConnectTimeout = TimeSpan.FromMilliseconds(300);
        options.TotalTimeout = TimeSpan.FromSeconds(2);
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (request, stopped) =>
            {
                if (sent)
                {
                    await Sent(request);
                }

                await Task.Delay(TimeSpan.FromSeconds(60), stopped);
                return StubHandler.Answer(200, StubHandler.Taken);
            }),
            options);
        CallTimeoutException exception = Assert.Throws<CallTimeoutException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo((reason, sent)));
    }

    /// <summary>A call can be cancelled until its order leaves, and not afterwards.</summary>
    [TestCase(false)]
    [TestCase(true)]
    public async Task A_call_is_cancelled_until_its_order_leaves(bool sent)
    {
        using var source = new CancellationTokenSource();
        using WoSignDocClient client = Senders.Of(new StubHandler(async (request, stopped) =>
        {
            if (sent)
            {
                await Sent(request);
            }

            source.Cancel();
            await Task.Delay(TimeSpan.FromMilliseconds(300), stopped);
            return StubHandler.Answer(200, StubHandler.Taken);
        }));
        Task<SignOrderResult> sending = client.CreateAsync(Orders.Person(), null, source.Token);
        if (sent)
        {
            Assert.That((await sending).SignId, Is.EqualTo("S-1"));
        }
        else
        {
            Assert.That(async () => await sending, Throws.InstanceOf<OperationCanceledException>());
        }
    }

    /// <summary>Many orders at once need no thread each.</summary>
    [Test]
    public async Task No_thread_waits_for_an_answer()
    {
        const int Orders = 200;
        var all = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        int arrived = 0;
        using WoSignDocClient client = Senders.Of(new StubHandler(async (request, _) =>
        {
            await Sent(request);
            if (Interlocked.Increment(ref arrived) == Orders)
            {
                all.SetResult(true);
            }

            await all.Task;
            return StubHandler.Answer(200, StubHandler.Taken);
        }));
        Task<SignOrderResult>[] sending =
            [.. Enumerable.Range(0, Orders).Select(_ => client.CreateAsync(Support.Orders.Person()))];
        SignOrderResult[] results = await Task.WhenAll(sending);
        Assert.That(results.Select(static one => one.SignId), Has.All.EqualTo("S-1"));
    }

#if NET
    private static WoSignDocClient OfEndpoint(string endpoint)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).WithCertificate();
        options.Endpoint = endpoint;
        return new WoSignDocClient(options);
    }
#endif

    private static WoSignDocOptions Quick() => new()
    {
        Endpoint = "https://sign.example/",
        TokenId = "T-1",
        RetryPause = TimeSpan.FromMilliseconds(1),
    };

    // What a handler sends; HttpContent's own ReadAsByteArrayAsync would keep the first body for the second time.
    private static async Task<byte[]> Sent(HttpRequestMessage request)
    {
        using var body = new MemoryStream();
        await request.Content!.CopyToAsync(body);
        return body.ToArray();
    }

    private static long Allocated() =>
#if NET
        GC.GetTotalAllocatedBytes(precise: true);
#else
        0; // Mono does not count.
#endif
}
