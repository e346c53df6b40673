using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The client against the real platform: configuration, sending, receiving what comes back.</summary>
public sealed class ClientTests
{
    private static Platform One => Platform.One;

    [Test]
    public void Every_way_to_configure_gives_the_same_client()
    {
        JsonNode json = JsonNode.Parse(AbsoluteJson())!;
        string tokenId = json["tokenid"]!.GetValue<string>();
        var options = new WoSignDocOptions { ConfigurationFile = One.ClientJson, UserAgent = "tests/1.0" };
        var byHand = new WoSignDocOptions
        {
            Endpoint = One.Endpoint,
            TokenId = tokenId,
            Identity = { CertificateFile = Path.Combine(One.Folder, "client.pem"), KeyFile = Path.Combine(One.Folder, "client.key") },
            Roots = { CaFile = One.CaFile },
            ConnectTimeout = TimeSpan.FromSeconds(5),
            TotalTimeout = TimeSpan.FromSeconds(60),
            IdleTimeout = TimeSpan.FromSeconds(10),
            RetryAttempts = 2,
            RetryPause = TimeSpan.FromMilliseconds(10),
            AllowEmptyMaterial = false,
        };
        byHand.Identity.Passphrase = json["identity"]!["passphrase"]?.GetValue<string>();
        var variables = new Dictionary<string, string> { ["WOSIGNDOC_CONFIG"] = One.ClientJson, ["PATH"] = "/bin" };
        WoSignDocClient[] clients =
        [
            WoSignDocClient.FromFile(One.ClientJson), WoSignDocClient.FromJson(AbsoluteJson()),
            WoSignDocClient.FromEnvironment(variables), new WoSignDocClient(options), new WoSignDocClient(byHand),
            new WoSignDocClient(WoSignDocOptions.FromFile(One.ClientJson)),
        ];
        foreach (WoSignDocClient client in clients)
        {
            using (client)
            {
                Assert.That(client.About.Endpoint, Is.EqualTo(clients[0].About.Endpoint));
                Assert.That(client.About.PublicKeySha256, Is.EqualTo(clients[0].About.PublicKeySha256).And.Not.Empty);
                Assert.That(client.About.CertificateSubject, Is.Not.Empty);
                Assert.That(client.About.CertificateNotAfter, Is.GreaterThan(DateTimeOffset.UtcNow));
                Assert.That(client.Validate(Orders.Person()), Is.Empty);
                Assert.That(
                    Encoding.UTF8.GetString(client.Wire(Orders.Person()).Body.ToArray()),
                    Does.StartWith($"{{\"tokenid\":\"{tokenId}\""));
            }
        }

        using var fromOptions = new WoSignDocClient(byHand);
        Assert.That(fromOptions.Create(Orders.Person()).SignId, Is.Not.Null);
    }

    [Test]
    public void The_process_environment_configures_too()
    {
        Environment.SetEnvironmentVariable("WOSIGNDOC_CONFIG", One.ClientJson);
        Environment.SetEnvironmentVariable("WOSIGNDOC_USER_AGENT", "tests/1.0");
        try
        {
            using var client = new WoSignDocClient(WoSignDocOptions.FromEnvironment());
            Assert.That(client.About.Endpoint, Does.StartWith("https://127.0.0.1:"));
        }
        finally
        {
            Environment.SetEnvironmentVariable("WOSIGNDOC_CONFIG", null);
            Environment.SetEnvironmentVariable("WOSIGNDOC_USER_AGENT", null);
        }
    }

    [Test]
    public void A_wrong_setting_is_named()
    {
        Assert.Multiple(() =>
        {
            Assert.That(
                Assert.Throws<InvalidCallException>(() => WoSignDocClient.FromJson(
                    "{\"user_agnet\": \"x\", " + AbsoluteJson().TrimStart().Substring(1)))!.Message,
                Does.Contain("user_agnet").And.Contain("user_agent"));
            Assert.Throws<InvalidCallException>(() => new WoSignDocClient(new WoSignDocOptions()));
            Assert.Throws<ArgumentException>(() => new WoSignDocClient(
                new WoSignDocOptions { ConfigurationFile = One.ClientJson, UseEnvironment = true }));
            Assert.Throws<ArgumentOutOfRangeException>(() => new WoSignDocClient(
                new WoSignDocOptions { ConfigurationFile = One.ClientJson, TotalTimeout = TimeSpan.FromSeconds(-1) }));
            Assert.That(
                Assert.Catch<WoSignDocException>(() => WoSignDocClient.FromFile("/nonexistent.json"))!.Message,
                Does.Contain("/nonexistent.json"));
            using WoSignDocClient client = WoSignDocClient.FromFile(One.ClientJson);
            Assert.Throws<ArgumentOutOfRangeException>(() => client.Create(Orders.Person(), TimeSpan.Zero));
            Assert.Throws<ArgumentNullException>(() => client.Create(null!));
            Assert.Throws<ArgumentNullException>(() => client.CreateJson(null!));
        });
    }

    [Test]
    public void A_wrong_passphrase_is_told_from_a_wrong_file()
    {
        var options = new WoSignDocOptions { ConfigurationFile = One.ClientJson };
        options.Identity.Pkcs12 = File.ReadAllBytes(Path.Combine(One.Folder, "client.p12"));
        options.Identity.Passphrase = "wrong";
        Assert.That(
            Assert.Throws<InvalidCallException>(() => new WoSignDocClient(options))!.Reason,
            Is.EqualTo("identity_passphrase"));
        options.Identity.Pkcs12 = [1, 2, 3];
        Assert.That(
            Assert.Throws<InvalidCallException>(() => new WoSignDocClient(options))!.Reason,
            Is.EqualTo("identity_unreadable"));
    }

    [Test]
    public void A_preflight_reports_what_is_right_and_what_is_wrong()
    {
        using WoSignDocClient client = WoSignDocClient.FromFile(One.ClientJson);
        PreflightReport good = client.Preflight();
        Assert.That(good.Ok, Is.True, good.Text);
        Assert.That(good.Checks.Select(static one => one.Name), Has.Some.EqualTo("endpoint").And.Some.EqualTo("expiry"));
        Assert.That(good.TextZh, Is.Not.Empty.And.Not.EqualTo(good.Text));

        var options = new WoSignDocOptions
        {
            ConfigurationFile = One.ClientJson,
            Endpoint = $"https://127.0.0.1:{RunningProgram.FreePort()}/",
        };
        PreflightReport bad = PreflightReport.For(options, TimeSpan.FromSeconds(5));
        Assert.That(bad.Ok, Is.False);
        PreflightCheck endpoint = bad.Checks.Single(static one => one.Level == PreflightLevel.Error);
        Assert.That(endpoint.Name, Is.EqualTo("endpoint"));
        Assert.That((endpoint.Advice, endpoint.AdviceZh), Is.Not.EqualTo((string.Empty, string.Empty)));
        Assert.That(PreflightReport.For(new WoSignDocOptions()).Ok, Is.False, "nothing is configured");
    }

    /// <summary>Covers P-3, P-18: what only orders tell; nothing comes of them.</summary>
    [Test]
    public async Task A_live_preflight_tells_token_and_certificate()
    {
        using WoSignDocClient client = WoSignDocClient.FromFile(One.ClientJson);
        WoSignDocOptions options = WoSignDocOptions.FromFile(One.ClientJson);
        foreach (PreflightReport report in new[]
                 {
                     client.Preflight(live: true), await client.PreflightAsync(live: true),
                     PreflightReport.For(options, live: true), await PreflightReport.ForAsync(options, live: true),
                 })
        {
            Assert.That(report.Ok, Is.True, report.Text);
            Assert.That(
                report.Checks.SkipWhile(static one => one.Name != "live").Select(static one => (one.Name, one.Level)),
                Is.EqualTo(new[]
                {
                    ("live", PreflightLevel.Ok), ("token", PreflightLevel.Ok), ("registration", PreflightLevel.Ok),
                }));
            Assert.That(
                report.Text,
                Does.Contain("tokenid (-65)").And.Contain("made for this call (-80)")
                    .And.Contain("template (-43); none was created"));
        }

        options.TokenId = "nobody-has-this-one";
        PreflightReport unknown = await PreflightReport.ForAsync(options, live: true);
        Assert.That(unknown.Ok, Is.False);
        PreflightCheck token = unknown.Checks.Single(static one => one.Level == PreflightLevel.Error);
        Assert.That(token.Name, Is.EqualTo("token"), unknown.Text);
        Assert.That(token.Advice, Does.Contain("tokenid"));
        Assert.That(client.Preflight().Checks.Select(static one => one.Name), Has.None.EqualTo("live"));
    }

    [Test]
    public void A_preflight_reports_a_configuration_that_cannot_be_read()
    {
        string none = Path.Combine(Repository.NewFolder(), "none.json"), broken = Path.Combine(Repository.NewFolder(), "b.json");
        File.WriteAllText(broken, "{");
        foreach (string path in new[] { none, broken })
        {
            var options = new WoSignDocOptions { ConfigurationFile = path, Endpoint = One.Endpoint };
            foreach (WoSignDocOptions one in new[] { options, WoSignDocOptions.FromFile(path) })
            {
                PreflightReport report = PreflightReport.For(one);
                Assert.That(report.Ok, Is.False);
                Assert.That(report.Checks.Single().Level, Is.EqualTo(PreflightLevel.Error), report.Text);
                Assert.That(report.Checks.Single().Name, Is.EqualTo("configuration"));
            }
        }

        Assert.That(PreflightReport.For(WoSignDocOptions.FromFile(none)).Text, Does.Contain(none));
        Environment.SetEnvironmentVariable("WOSIGNDOC_CONFIG", none);
        try
        {
            Assert.That(PreflightReport.For(WoSignDocOptions.FromEnvironment()).Text, Does.Contain(none));
        }
        finally
        {
            Environment.SetEnvironmentVariable("WOSIGNDOC_CONFIG", null);
        }
    }

    [Test]
    public void Eight_threads_receive_different_documents_at_once()
    {
        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 8 }, static at =>
        {
            byte[] document = Pushes.Document(100_000 + at, seed: at);
            ReceivedPush push = PushReceiver.Receive(Pushes.Signed(document, $"A-{at}"));
            Assert.That(push.OrderNumber, Is.EqualTo($"A-{at}"));
            Assert.That(push.Document.Span.SequenceEqual(document), Is.True);
        });
    }

    /// <summary>The platform's configuration with the paths of its folder written out.</summary>
    private static string AbsoluteJson()
    {
        JsonNode json = JsonNode.Parse(File.ReadAllText(One.ClientJson))!;
        foreach ((string section, string name) in new[]
        {
            ("identity", "certificate_file"), ("identity", "key_file"), ("identity", "pkcs12_file"), ("roots", "ca_file"),
        })
        {
            if (json[section]?[name]?.GetValue<string>() is { } path)
            {
                json[section]![name] = Path.Combine(One.Folder, path);
            }
        }

        return json.ToJsonString();
    }
}
