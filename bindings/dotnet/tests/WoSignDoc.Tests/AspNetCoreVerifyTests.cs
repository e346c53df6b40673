#if NET
using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The README's endpoint that verifies, in Kestrel, with contracts of the real platform.</summary>
public sealed class AspNetCoreVerifyTests
{
    private static readonly HttpClient Http = new();

    private readonly string _folder = Repository.NewFolder();
    private readonly Dictionary<string, (SignOrder Order, string File)> _orders = [];

    [Test]
    public async Task A_contract_that_nobody_signed_as_ordered_is_not_taken()
    {
        using var client = WoSignDocClient.FromFile(Platform.One.ClientJson);
        SignOrder order = Orders.Person();
        await client.CreateAsync(order);
        byte[] signed = Platform.One.Callback!.WaitFor(order.OrderNumber).Document;
        await using WebApplication site = Site();
        Map(site);
        await site.StartAsync();

        await Expect(site, 400, "not acknowledged: document_untrusted", Signed.Stranger, order);
        Assert.That(Directory.GetFiles(Path.Combine(_folder, "quarantine")), Has.Length.EqualTo(2));
        await Expect(site, 500, "not acknowledged: not_stored", signed, new SignOrder("ANOTHER"));
        string contract = Repository.Example("contract.pdf");
        var other = new SignOrder(order.OrderNumber) { Signers = { Signer.Person("王芳", "1") } };
        foreach ((SignOrder, string) sent in new[] { (other, contract), (order, Signed.Path("valid.pdf")) })
        {
            _orders[order.OrderNumber] = sent;
            await Expect(site, 500, "not acknowledged: not_stored", signed, order);
        }

        _orders[order.OrderNumber] = (order, contract);
        await Expect(site, 200, "1", signed, order);
        Assert.That(File.ReadAllBytes(Path.Combine(_folder, Pushes.Sha256(signed) + ".pdf")), Is.EqualTo(signed));
    }

    /// <summary>The settings bind to appsettings.json, trust blocks as they were printed too.</summary>
    [Test]
    public async Task Settings_bind_to_a_configuration()
    {
        string trust = DocumentVerifier.TrustOf(Signed.Valid).TrustJson, quarantine = Path.Combine(_folder, "aside");
        string json = $$"""
            {"WoSignDoc": {"Receive": {"Folder": {{JsonSerializer.Serialize(Path.Combine(_folder, "spool"))}}, "Push": {
              "BodyLimit": 1000000,
              "Verify": {"Trust": {{trust}}, "RootFiles": [{{JsonSerializer.Serialize(Platform.One.CaFile)}}],
                "At": "2026-06-01T00:00:00Z", "Preset": "Default",
                "Policy": {"Weak": "Invalid"}, "Signers": {"Names": ["{{Signed.Name}}"], "NameMatch": "Exact"} },
              "Quarantine": {"Folder": {{JsonSerializer.Serialize(quarantine)}}, "MaxFiles": 7} } } } }
            """;
        IConfigurationRoot configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        await using WebApplication site = Site();
        PushEndpointOptions? bound = null;
        site.MapWoSignDocPush("/push", static (_, _) => Task.CompletedTask, options =>
        {
            configuration.GetSection("WoSignDoc:Receive").Bind(options);
            bound = options;
        });
        await site.StartAsync();

        VerifyOptions verify = bound!.Push.Verify!;
        Assert.That(verify.Trust.Single().Certificate, Is.Not.Null);
        Assert.That(verify.RootFiles, Is.EqualTo(new[] { Platform.One.CaFile }));
        Assert.That(verify.At, Is.EqualTo(Signed.Trusting().At));
        Assert.That(verify.Preset, Is.EqualTo(VerifyPreset.Default));
        Assert.That(verify.Policy.Weak, Is.EqualTo(Consequence.Invalid));
        Assert.That(verify.Signers.NameMatch, Is.EqualTo(NameMatch.Exact));
        Assert.That(bound.Push.Quarantine!.MaxFiles, Is.EqualTo(7));
        Assert.That(bound.DeliveryStore, Is.Null);
        await Expect(site, 200, "1", Signed.Valid, new SignOrder("A-1"));
        await Expect(site, 400, "not acknowledged: document_untrusted", Signed.Stranger, new SignOrder("A-1"));
        Assert.That(Directory.GetFiles(quarantine), Has.Length.EqualTo(2));
    }

    /// <summary>A wrong root stops the program when it starts, not each contract when it comes.</summary>
    [Test]
    public async Task A_wrong_setting_is_said_when_the_url_is_mapped()
    {
        await using WebApplication site = Site();
        var exception = Assert.Throws<InvalidCallException>(() => site.MapWoSignDocPush(
            "/push",
            static (_, _) => Task.CompletedTask,
            static options => options.Push.Verify = new VerifyOptions { RootFiles = { "none.pem" } }))!;
        Assert.That(exception.Field, Is.EqualTo("verify.roots.ca_file"));
    }

    private void Map(WebApplication app)
    {
        string ca = Platform.One.CaFile, folder = _folder;
        Dictionary<string, (SignOrder Order, string File)> orders = _orders;

        // [verify]
        app.MapWoSignDocPush(
            "/push",
            (push, request) =>
            {
                // That an order failed nothing proves: ask the platform before you act on it.
                if (!push.Failed)
                {
                    // The number is not signed. What was ordered is what the document has to be: an earlier contract of
                    // the same people is valid, too.
                    if (!orders.TryGetValue(push.OrderNumber ?? string.Empty, out (SignOrder Order, string File) sent))
                    {
                        throw new InvalidOperationException($"no such order: {push.OrderNumber}");
                    }

                    var demand = new VerifyOptions { RootFiles = { ca }, Order = sent.Order, SentFile = sent.File };
                    VerificationReport report = push.Verify(demand);
                    if (!report.IsValid)
                    {
                        // So it is not acknowledged, and comes again.
                        throw new InvalidOperationException($"contract {push.Sha256}: {report}");
                    }

                    push.MoveTo(Path.Combine(folder, push.Sha256 + ".pdf"));
                }

                return Task.CompletedTask;
            },
            options =>
            {
                // What nobody signed whom this CA vouches for is answered with 400, and kept aside.
                options.Push.Verify = new VerifyOptions { RootFiles = { ca } };
                options.Push.Quarantine = new QuarantineOptions { Folder = Path.Combine(folder, "quarantine") };
            });
        // [/verify]
    }

    private static WebApplication Site()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        return builder.Build();
    }

    private static async Task Expect(WebApplication site, int status, string body, byte[] document, SignOrder order)
    {
        byte[] push = TestPush.SignedDocument(order.OrderNumber, document).ToBody();
        using HttpResponseMessage answer = await Http.PostAsync(site.Urls.Single() + "/push", new ByteArrayContent(push));
        Assert.That(
            (answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo(((HttpStatusCode)status, body)));
    }
}
#endif
