using System;
using System.IO;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Every kind of failure, provoked and caught by its own type, with either sender.</summary>
[TestFixture(Sender.Library)]
[TestFixture(Sender.HttpClient)]
public sealed class ErrorKindTests(Sender sender)
{
    [Test]
    public void Argument() => Expect<InvalidCallException>(
        ErrorKind.Argument, "endpoint_not_https", () => Client(options => options.Endpoint = "http://127.0.0.1/"));

    [Test]
    public void InvalidOrder() => Expect<InvalidOrderException>(ErrorKind.InvalidOrder, "invalid_order", () =>
    {
        using WoSignDocClient client = Client();
        client.Create(new SignOrder("A-1"));
    });

    /// Covers P-18: the platform's own refusals.
    [Test]
    public void PlatformRefusal()
    {
        PlatformException exception = Expect<PlatformException>(ErrorKind.Platform, "platform_refused", () =>
        {
            using WoSignDocClient client = Client(static options => options.TokenId = "no-such-token");
            client.Create(Orders.Person());
        });
        Assert.That((exception.Code, exception.Retry), Is.EqualTo((-65, false)));
        Assert.That(exception.AdviceZh, Does.Contain("tokenid"));
    }

    [Test]
    public void Transport()
    {
        TransportException exception = Expect<TransportException>(ErrorKind.Transport, "connect_failed", () =>
        {
            using WoSignDocClient client =
                Client(static options => options.Endpoint = $"https://127.0.0.1:{RunningProgram.FreePort()}/");
            client.Create(Orders.Person());
        });
        Assert.That((exception.Retry, exception.MayHaveArrived), Is.EqualTo((true, false)));
    }

    /// Covers P-3: a server that is not trusted gets nothing.
    [Test]
    public void Tls() => Expect<TlsException>(ErrorKind.Tls, TlsReason(sender), () =>
    {
        var options = new WoSignDocOptions
        {
            ConfigurationFile = Platform.One.ClientJson,
            Roots = { CaFile = Certificate("client.pem"), System = false },
        };
        options.By(sender);
#if NETFRAMEWORK
        if (sender == Sender.HttpClient)
        {
            options.Transport.UseHttpClient(new System.Net.Http.HttpClient()); // It knows the system's roots alone.
        }
#endif
        using var client = new WoSignDocClient(options);
        client.Create(Orders.Person());
    });

    [Test]
    public void Timeout()
    {
        var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        try
        {
            Expect<CallTimeoutException>(ErrorKind.Timeout, null, () =>
            {
                using WoSignDocClient client = Client(options =>
                    options.Endpoint = $"https://127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}/");
                client.Create(Orders.Person(), TimeSpan.FromMilliseconds(300));
            });
        }
        finally
        {
            silent.Stop();
        }
    }

    /// Covers P-22: what is no answer of the protocol.
    [Test]
    public void Protocol()
    {
        ProtocolException exception = Expect<ProtocolException>(
            ErrorKind.Protocol, "answer_not_protocol", () => OrderCheck.ReadAnswer(502, "<html>bad\ngateway"u8));
        Assert.That((exception.HttpStatus, exception.BodyStart), Is.EqualTo((502, "<html>bad.gateway")));
        Assert.That(exception.Message, Does.Contain("HTTP 502"));
        Expect<ProtocolException>(ErrorKind.Protocol, "push_not_protocol", () => PushReceiver.Receive("[]"u8));
    }

    [Test]
    public void Integrity() => Expect<IntegrityException>(
        ErrorKind.Integrity,
        "hash_mismatch",
        () => PushReceiver.Receive(Pushes.Signed([1, 2, 3], hash: new string('0', 64))));

    [Test]
    public void Untrusted() => Expect<UntrustedException>(
        ErrorKind.Untrusted,
        "unexpected_order",
        () => PushReceiver.Receive(Pushes.Signed([1, 2, 3]), new PushOptions { ExpectedOrderNumber = "A-2" }));

    [Test]
    public void Io()
    {
        FileException exception = Expect<FileException>(ErrorKind.Io, "file_unreadable", () =>
        {
            using WoSignDocClient client = Client();
            SignOrder order = Orders.Person();
            order.Document = DocumentSource.FromFile("/nonexistent/contract.pdf");
            client.Create(order);
        });
        Assert.That(exception.Field, Is.EqualTo("filebase"));
    }

    /// <summary>The one kind that nothing provokes from outside: a defect. Its document is read as the others'.</summary>
    [Test]
    public void Internal()
    {
        using JsonDocument json = JsonDocument.Parse("""{"kind": "internal", "reason": "defect", "message": "a defect"}""");
        Assert.That(ErrorReader.Read(-11, json.RootElement), Is.InstanceOf<InternalException>());
        WoSignDocException silent = ErrorReader.Read(-99, default);
        Assert.That(silent, Is.InstanceOf<InternalException>());
        Assert.That(silent.Message, Does.Contain("-99"));
    }

    // What an HTTP client says of a handshake is in its words alone.
    private static string TlsReason(Sender sender) => sender == Sender.Library ? "server_untrusted" : "tls_failed";

    private static string Certificate(string name) => Path.Combine(Platform.One.Folder, name);

    private WoSignDocClient Client(Action<WoSignDocOptions>? change = null)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).By(sender);
        options.RetryAttempts = 1;
        change?.Invoke(options);
        return new WoSignDocClient(options);
    }

    private static T Expect<T>(ErrorKind kind, string? reason, TestDelegate act)
        where T : WoSignDocException
    {
        T exception = Assert.Throws<T>(act)!;
        Assert.Multiple(() =>
        {
            Assert.That(exception.Kind, Is.EqualTo(kind));
            Assert.That(exception.Reason, reason is null ? Is.Not.Empty : Is.EqualTo(reason));
            Assert.That(exception.MessageEn, Is.Not.Empty);
            Assert.That(exception.MessageZh, Is.Not.Empty);
            Assert.That(exception.Advice, Is.Not.Empty);
            Assert.That(exception.AdviceZh, Is.Not.Empty);
            Assert.That(exception.Message, Does.Contain(exception.MessageEn).And.Contain(exception.Advice));
            Assert.That(exception.Message, Does.Not.Contain("11010519491231002X"));
        });
        return exception;
    }
}
