using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>Handlers of an application's HTTP client that do what none should.</summary>
public sealed class HandlerTests
{
#pragma warning disable CA2201 // What a runtime throws, in its place.
    private static readonly Exception NullReference = new NullReferenceException(), NoMemory = new OutOfMemoryException();
#pragma warning restore CA2201

    /// Covers P-23: the limits hold for handlers that mind no token, whether they wait or block; what has left may have arrived.
    [TestCase("waits", "connect_timeout", false)]
    [TestCase("blocks", "connect_timeout", false)]
    [TestCase("waits sent", "call_timeout", true)]
    [TestCase("body", "call_timeout", true)]
    public void A_handler_that_minds_no_token_holds_no_call(string how, string reason, bool sent)
    {
        using var gate = new ManualResetEventSlim();
        WoSignDocOptions options = Once();
        options.ConnectTimeout = TimeSpan.FromMilliseconds(300);
        options.TotalTimeout = TimeSpan.FromSeconds(2);
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (request, _) =>
            {
                if (sent)
                {
                    await request.Content!.CopyToAsync(new Sink());
                }

                if (how == "body")
                {
                    return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StreamContent(new Held(gate)) };
                }

                if (how == "blocks")
                {
                    gate.Wait(TimeSpan.FromSeconds(60));
                }
                else
                {
                    await Task.Run(() => gate.Wait(TimeSpan.FromSeconds(60)), CancellationToken.None);
                }

                return StubHandler.Answer(200, StubHandler.Taken);
            }),
            options);
        try
        {
            CallTimeoutException exception = Assert.Throws<CallTimeoutException>(() => client.Create(Orders.Person()))!;
            Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo((reason, sent)));
        }
        finally
        {
            gate.Set();
        }
    }

    /// <summary>The caller is let go too, while its order has not left.</summary>
    [Test]
    public void A_handler_that_minds_no_token_holds_no_caller()
    {
        using var source = new CancellationTokenSource();
        var gate = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        using WoSignDocClient client = Senders.Of(
            new StubHandler(async (_, _) =>
            {
                source.Cancel();
                await Task.WhenAny(gate.Task, Task.Delay(TimeSpan.FromSeconds(60), CancellationToken.None));
                return StubHandler.Answer(200, StubHandler.Taken);
            }),
            Once());
        Assert.That(
            async () => await client.CreateAsync(Orders.Person(), null, source.Token),
            Throws.InstanceOf<OperationCanceledException>());
        gate.SetResult(true);
    }

    /// Covers P-23: an answer that was read whole is one, whatever closing it or the request's body throws.
    [TestCase(200)]
    [TestCase(502)]
    public void What_closing_throws_outranks_no_answer(int status)
    {
        int sent = 0;
        using WoSignDocClient client = Senders.Of(new StubHandler(async (request, _) =>
        {
            sent++;
            await request.Content!.CopyToAsync(new Sink());
            request.Content = new Unclosable(new MemoryStream());
            byte[] body = status == 200 ? StubHandler.Taken : Encoding.ASCII.GetBytes("no JSON");
            return new HttpResponseMessage((HttpStatusCode)status) { Content = new Unclosable(new MemoryStream(body)) };
        }));
        if (status == 200)
        {
            Assert.That(client.Create(Orders.Person()).SignId, Is.EqualTo("S-1"));
        }
        else
        {
            Assert.That(Assert.Throws<ProtocolException>(() => client.Create(Orders.Person()))!.HttpStatus, Is.EqualTo(502));
        }

        Assert.That(sent, Is.EqualTo(1));
    }

    /// <summary>A handler's own fault is no reason to look at the network.</summary>
    [TestCase(true, "the HTTP client threw InvalidOperationException: ")]
    [TestCase(false, "the HTTP client threw NullReferenceException: ")]
    public void A_handlers_fault_is_told_as_one(bool answers, string words)
    {
        using WoSignDocClient client = Senders.Of(
            new StubHandler((_, _) => answers
                ? Task.FromResult<HttpResponseMessage>(null!)
                : Task.FromException<HttpResponseMessage>(NullReference)),
            Once());
        TransportException exception = Assert.Throws<TransportException>(() => client.Create(Orders.Person()))!;
        Assert.That((exception.Reason, exception.MayHaveArrived), Is.EqualTo(("connect_failed", false)));
        Assert.That(exception.Message, Does.Contain(words).And.Contain("handlers returned null").And.Not.Contain("firewall"));
        Assert.That(exception.AdviceZh, Does.Contain("返回了 null"));
    }

    [Test]
    public void A_process_without_memory_is_no_failure_of_the_network()
    {
        using WoSignDocClient client = Senders.Of(
            new StubHandler(static (_, _) => Task.FromException<HttpResponseMessage>(NoMemory)));
        Assert.Throws<OutOfMemoryException>(() => client.Create(Orders.Person()));
        Assert.Throws<OutOfMemoryException>(() => client.Preflight());
    }

    private static WoSignDocOptions Once() =>
        new() { Endpoint = "https://sign.example/", TokenId = "T-1", RetryAttempts = 1 };

    // A body that cannot be closed, nor its stream.
    private sealed class Unclosable(Stream body) : HttpContent
    {
        protected override Task<Stream> CreateContentReadStreamAsync() => Task.FromResult<Stream>(new UnclosableStream(body));

        protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => body.CopyToAsync(stream);

        protected override bool TryComputeLength(out long length)
        {
            length = body.Length;
            return true;
        }

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new IOException("cannot be closed");
        }
    }

    private sealed class UnclosableStream(Stream body) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count) => body.Read(buffer, offset, count);

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            body.ReadAsync(buffer, offset, count, cancellationToken);

        protected override void Dispose(bool disposing)
        {
            base.Dispose(disposing);
            throw new IOException("cannot be closed");
        }
    }

    // An answer whose body does not come until the gate opens.
    private sealed class Held(ManualResetEventSlim gate) : MemoryStream
    {
        public override int Read(byte[] buffer, int offset, int count)
        {
            gate.Wait(TimeSpan.FromSeconds(60));
            return 0;
        }

        public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            Task.Run(() => Read(buffer, offset, count), CancellationToken.None);
    }
}
