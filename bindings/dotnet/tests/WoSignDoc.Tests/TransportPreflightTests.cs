using System;
using System.Linq;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>What a preflight says of orders that .NET's HTTP client sends.</summary>
public sealed class TransportPreflightTests
{
#if NET
    [Test]
    public void A_preflight_says_who_sends()
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).WithCertificate();
        options.Identity.CertificateFile = "/nonexistent.pem";
        using var client = new WoSignDocClient(options);
        foreach (PreflightReport report in new[] { client.Preflight(), PreflightReport.For(options) })
        {
            Assert.That(report.Ok, Is.True, report.Text);
            Assert.That(
                report.Checks.Select(static one => one.Name),
                Is.EqualTo(new[]
                {
                    "configuration", "transport", "identity", "expiry", "endpoint", "clock", "platform",
                }));
            Assert.That(report.Text, Does.StartWith("ok      configuration: complete, for https://127.0.0.1").And.Contain("HttpClient"));
            Assert.That(report.TextZh, Does.StartWith("正常 configuration：").And.Contain(client.About.PublicKeySha256));
        }
    }

    /// <summary>Roots and proxy are the configuration's, unless the application has made the HTTP client.</summary>
    [Test]
    public void A_preflight_says_whose_roots_and_proxy_hold()
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).WithCertificate();
        Assert.That(PreflightReport.For(options).Ok, Is.True, "the roots of the file");
        ExpectSender(options, "the certificate that the program gave; trusted roots, proxy and times are those", "程序提供的证书；");
        options.Roots.CaFile = "/nonexistent-ca.pem";
        ExpectSender(options, "proxy and times are those of the configuration", "取自配置");

        options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        options.Transport.Thumbprint = new string('A', 40);
        ExpectSender(options, "with the certificate of LocalMachine/My; trusted roots", "使用LocalMachine/My 中的证书；");

        options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        using var own = new HttpClient();
        options.Transport.UseHttpClient(own);
        ExpectSender(options, "HttpClient; certificate, trusted roots and proxy are its own", "由其自身决定");
    }

    private static void ExpectSender(WoSignDocOptions options, string words, string wordsZh)
    {
        PreflightReport report = PreflightReport.For(options);
        PreflightCheck sender = report.Checks.Single(static one => one.Name == "transport");
        Assert.That(sender.Level, Is.EqualTo(PreflightLevel.Ok));
        Assert.That(sender.Message, Does.Contain(words));
        Assert.That(sender.MessageZh, Does.Contain(wordsZh));
        Assert.That(report.Text, Does.Contain($"ok      transport: {sender.Message}\n"));
        Assert.That(report.TextZh, Does.Contain($"正常 transport：{sender.MessageZh}\n"));
    }
#endif

#if NET
    /// <summary>
    /// Covers P-23: .NET's own client sends two orders that must be refused, each once, and none after a lost one.
    /// </summary>
    [Test]
    public async Task A_live_preflight_sends_orders_that_must_be_refused()
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson).WithCertificate();
        using var client = new WoSignDocClient(options);
        foreach (PreflightReport report in new[]
                 {
                     client.Preflight(live: true), await client.PreflightAsync(live: true),
                     await PreflightReport.ForAsync(options, live: true),
                 })
        {
            Assert.That(report.Ok, Is.True, report.Text);
            Assert.That(
                report.Checks.Select(static one => one.Name),
                Is.EqualTo(new[]
                {
                    "configuration", "transport", "identity", "expiry", "endpoint", "clock", "live", "token", "registration",
                }));
            Assert.That(report.Text, Does.Contain("tokenid (-65)").And.Contain("template (-43); none was created"));
        }

        int requests = 0;
        using var lost = new FakePlatform(request =>
        {
            _ = request.Body;
            Interlocked.Increment(ref requests);
            return false;
        });
        options.Endpoint = lost.Endpoint;
        PreflightReport stopped = PreflightReport.For(options, live: true);
        Assert.That(stopped.Ok, Is.False);
        Assert.That(stopped.Text, Does.Contain("the platform did not get as far as the tokenid"));
        Assert.That(requests, Is.EqualTo(1));
    }
#endif

    [Test]
    public void A_preflight_says_what_is_wrong()
    {
        Expect("configuration", "endpoint", static options => options.Endpoint = "http://127.0.0.1/");
        Expect("configuration", "Transport.Thumbprint", static options => options.Transport.Thumbprint = "12");
        Expect("roots", "/nonexistent-ca.pem", static options => options.Roots.CaFile = "/nonexistent-ca.pem");
        Expect("endpoint", "no connection", static options => options.Endpoint = $"https://127.0.0.1:{RunningProgram.FreePort()}/");
#if NET
        using var gateway = new FakePlatform(static request =>
        {
            request.Write("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 6\r\n\r\n<html>");
            return true;
        });
        Expect("platform", "HTTP 502", options => options.Endpoint = gateway.Endpoint);
        using var cut = new FakePlatform(static request =>
        {
            request.Write("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{");
            return false;
        });
        Expect("platform", "was closed instead of an answer", options => options.Endpoint = cut.Endpoint);
        using var silent = new FakePlatform(static _ => false);
        Expect("platform", "was closed instead of an answer", options => options.Endpoint = silent.Endpoint);
#endif
    }

    /// <summary>What the library finds wrong with a certificate, and what .NET does, is in one report.</summary>
    [Test]
    public void A_certificate_is_judged_with_the_configuration()
    {
        using X509Certificate2 certificate = Certificates.New(days: 10);
        using X509Certificate2 bare = Certificates.WithoutKey(certificate);
        var options = new WoSignDocOptions { Endpoint = "https://sign.example/", TokenId = "T-1" };
        options.Transport.UseCertificate(bare);
        PreflightReport report = PreflightReport.For(options);
        Assert.That(
            report.Checks.Select(static one => one.Name),
            Is.EqualTo(new[] { "configuration", "transport", "identity", "expiry", "key" }));
        Assert.That(report.Ok, Is.False);
        Assert.That(report.TextZh, Does.Contain("错误 key：").And.Contain(".pfx"));
    }

    private static void Expect(string check, string words, Action<WoSignDocOptions> change)
    {
        WoSignDocOptions options = WoSignDocOptions.FromFile(Platform.One.ClientJson);
        change(options);
        if (options.Transport.Thumbprint is null)
        {
            options.WithCertificate();
        }

        PreflightReport report = PreflightReport.For(options, TimeSpan.FromSeconds(20));
        Assert.That(report.Ok, Is.False);
        PreflightCheck wrong = report.Checks.Single(static one => one.Level == PreflightLevel.Error);
        Assert.That(wrong.Name, Is.EqualTo(check), report.Text);
        Assert.That(wrong.Message, Does.Contain(words));
        Assert.That(report.Text, Does.Contain($"ERROR   {check}: ").And.Contain("        -> "));
    }
}
