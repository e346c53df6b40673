using System;
using NUnit.Framework;
using WoSignDoc.Tests.Support;
#if NET
using System.IO;
using System.Linq;
using System.Security.Authentication;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.Logging;
#endif

namespace WoSignDoc.Tests;

/// <summary>A server that asks for the client certificate only after the handshake, by renegotiation, as IIS does.</summary>
public sealed class RenegotiationTests
{
#if NET
    private WebApplication? _site;

    [SetUp]
    public async Task Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(static kestrel => kestrel.ConfigureHttpsDefaults(static https =>
        {
            https.ServerCertificate = Certificates.OfServer;
            https.SslProtocols = SslProtocols.Tls12;
            https.ClientCertificateMode = ClientCertificateMode.DelayCertificate;
            https.AllowAnyClientCertificate();
        }));
        builder.WebHost.UseUrls("https://127.0.0.1:0");
        _site = builder.Build();
        // IIS asks before it reads the order, an application's own code after that.
        _site.MapPost("/before", static async context =>
        {
            string asked = await Asked(context);
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync(asked);
        });
        _site.MapPost("/after", static async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            await context.Response.WriteAsync(await Asked(context));
        });
        await _site.StartAsync();
    }

    [TearDown]
    public async Task Stop() => await _site!.DisposeAsync();

    /// Covers P-3: the certificate is shown whenever the server asks for it.
    [TestCase("before")]
    [TestCase("after")]
    public void NETs_client_answers_it(string when)
    {
        using var client = new WoSignDocClient(Options(when, Sender.HttpClient));
        Assert.That(client.Create(Orders.Person()).SignId, Is.EqualTo(Certificates.OfClient.Thumbprint));
    }

    /// <summary>A server that asks before it has read the order can only do so when it was asked to agree first.</summary>
    [Test]
    public void An_order_that_comes_unasked_is_in_the_way()
    {
        WoSignDocOptions options = Options("before", Sender.HttpClient);
        options.Transport.ExpectContinue = false;
        using var client = new WoSignDocClient(options);
        // An answer of 500, or a handshake that the rest of the order disturbs: as the network has it.
        Assert.Catch<WoSignDocException>(() => client.Create(Orders.Person()));
    }

    /// Covers P-3: what cannot be done is told with its cause and its way out.
    [Test]
    public void The_librarys_own_says_why_it_cannot()
    {
        using var client = new WoSignDocClient(Options("after", Sender.Library));
        TlsException exception = Assert.Throws<TlsException>(() => client.Create(Orders.Person()))!;
        Assert.That(exception.Message, Does.Contain("only after the handshake").And.Contain("the host's own HTTP client"));
        Assert.That(exception.AdviceZh, Does.Contain("HTTP 客户端"));
    }

    private static async Task<string> Asked(HttpContext context) =>
        await context.Connection.GetClientCertificateAsync() is { } shown
            ? $$"""{"status":1,"signid":"{{shown.Thumbprint}}"}"""
            : """{"status":0,"errorcode":-80}""";

    private WoSignDocOptions Options(string when, Sender sender)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).By(sender);
        options.Endpoint = $"{_site!.Urls.Single()}/{when}";
        options.RetryAttempts = 1;
        return options;
    }
#else
    [Test]
    public void Mono_cannot() => TestContext.Progress.WriteLine(
        "Mono's TLS (BoringSSL) refuses every renegotiation, so this is tried on .NET only; .NET Framework has Windows' TLS");
#endif
}
