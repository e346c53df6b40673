#if NET
using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Net.Sockets;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>WoSignDoc.AspNetCore in Kestrel.</summary>
public sealed class AspNetCoreTests
{
    private static readonly HttpClient Http = new();

    private readonly ConcurrentQueue<byte[]> _kept = new();
    private string _folder = string.Empty;
    private WebApplication? _site;
    private string _url = string.Empty;
    private int _completed;
    private int _stores;

    [SetUp]
    public async Task StartSite()
    {
        _kept.Clear();
        _completed = 0;
        _folder = Repository.NewFolder();
        // In development a service of a request that is asked for outside of one is an error.
        var development = new WebApplicationOptions { EnvironmentName = "Development" };
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder(development);
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Services.AddWoSignDoc(static options => options.ConfigurationFile = Platform.One.ClientJson);
        builder.Services.AddHealthChecks().AddWoSignDocCheck();
        builder.Services.AddScoped<IDeliveryStore>(_ =>
        {
            Interlocked.Increment(ref _stores);
            return new FileDeliveryStore(Path.Combine(_folder, "deliveries"));
        });
        _site = builder.Build();
        _site.Use((context, next) =>
        {
            context.Response.OnStarting(() =>
            {
                context.Response.Headers["X-Middleware"] = "here";
                return Task.CompletedTask;
            });
            return next();
        });
        _site.MapHealthChecks("/ready");
        _site.MapWoSignDocPush(
            "/push",
            async (push, request) =>
            {
                if (request.Request.Query["write"].ToString() is { Length: > 0 } text)
                {
                    request.Response.OnCompleted(() => Task.FromResult(Interlocked.Increment(ref _completed)));
                    request.Response.StatusCode = 200;
                    request.Response.Headers["X-Site"] = text;
                    request.Response.ContentLength = text.Length;
                    await request.Response.WriteAsync(text);
                    await request.Response.Body.FlushAsync();
                }

                if (request.Request.Query.ContainsKey("fail"))
                {
                    throw new InvalidOperationException("the site's own failure");
                }

                using var copy = new MemoryStream();
                await push.CopyToAsync(copy, request.RequestAborted);
                _kept.Enqueue(copy.ToArray());
            },
            options =>
            {
                options.Folder = _folder;
                options.Push.BodyLimit = 64 * 1024 * 1024;
            }).WithMetadata("named");
        await _site.StartAsync();
        _url = _site.Urls.Single();
        _stores = 0;
    }

    [TearDown]
    public async Task StopSite()
    {
        await _site!.DisposeAsync();
        Assert.That(Directory.GetFiles(_folder), Is.Empty, "temporary files are left");
    }

    /// Covers P-30: verified as it streams in, acknowledged when the function is done; 40 MB exceed Kestrel's own limit.
    [TestCase(1000, false)]
    [TestCase(200_000, true)]
    [TestCase(30_000_000, false)]
    [TestCase(30_000_000, true)]
    public async Task A_push_streams_in(int length, bool chunked)
    {
        byte[] document = Pushes.Document(length);
        using var request = new HttpRequestMessage(HttpMethod.Post, _url + "/push")
        {
            Content = new ByteArrayContent(Pushes.Signed(document)),
        };
        request.Headers.TransferEncodingChunked = chunked;
        using HttpResponseMessage answer = await Http.SendAsync(request);
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "1")));
        Assert.That(answer.Content.Headers.ContentType!.MediaType, Is.EqualTo("text/plain"));
        Assert.That(_kept.Single().AsSpan().SequenceEqual(document), Is.True);

        // The store in the services is used: pushed again, the function is not called again.
        using HttpResponseMessage again = await Http.PostAsync(_url + "/push", new ByteArrayContent(Pushes.Signed(document)));
        Assert.That(await again.Content.ReadAsStringAsync(), Is.EqualTo("1"));
        Assert.That(_kept, Has.Count.EqualTo(1));
        Assert.That(_stores, Is.EqualTo(2), "each request has its own");
    }

    /// Covers P-30, P-35: whatever goes wrong is not acknowledged.
    [Test]
    public async Task What_goes_wrong_is_not_acknowledged()
    {
        byte[] document = Pushes.Document(1000);
        await Expect(HttpStatusCode.InternalServerError, "not_stored", "/push?fail=1", Pushes.Signed(document));
        await Expect(HttpStatusCode.BadRequest, "push_cut", "/push", Pushes.Signed(document)[..^5]);
        await Expect(HttpStatusCode.BadRequest, "push_not_protocol", "/push", Encoding.UTF8.GetBytes("not json"));
        await Expect(
            HttpStatusCode.BadRequest, "hash_mismatch", "/push", Pushes.Signed(document, hash: new string('0', 64)));
        Assert.That(_kept, Is.Empty);
    }

    /// Covers P-30: a function cannot acknowledge what it does not store, nor spoil the acknowledgement.
    [Test]
    public async Task What_the_function_writes_goes_nowhere()
    {
        byte[] body = Pushes.Signed(Pushes.Document(1000));
        await Expect(HttpStatusCode.InternalServerError, "not_stored", "/push?write=1&fail=1", body);
        using HttpResponseMessage answer = await Http.PostAsync(_url + "/push?write=rubbish", new ByteArrayContent(body));
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((HttpStatusCode.OK, "1")));
        Assert.That(answer.Headers.Contains("X-Site"), Is.False);
        Assert.That(answer.Headers.Contains("X-Middleware"), Is.True, "the site's middleware is no part of the function");
        Assert.That(_kept, Has.Count.EqualTo(1));
        Assert.That(() => _completed, Is.EqualTo(2).After(5000, 20), "what it registered for disposal is disposed");
    }

    /// The connection stays as good as it was, so that the next push comes through.
    [Test]
    public async Task A_refused_push_leaves_the_connection_open()
    {
        int connections = 0;
        using var http = new HttpClient(new SocketsHttpHandler
        {
            ConnectCallback = async (context, cancellation) =>
            {
                connections++;
                var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
                await socket.ConnectAsync(context.DnsEndPoint, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        });
        byte[] broken = [.. Encoding.UTF8.GetBytes("not json"), .. new byte[100_000]];
        for (int round = 0; round < 5; round++)
        {
            using HttpResponseMessage answer = await http.PostAsync(_url + "/push", new ByteArrayContent(broken));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.BadRequest));
        }

        Assert.That(connections, Is.EqualTo(1));
    }

    [Test]
    public async Task A_body_over_the_limit_is_too_large()
    {
        try
        {
            using HttpResponseMessage answer = await Http.PostAsync(
                _url + "/push", new ByteArrayContent(Pushes.Signed(Pushes.Document(60_000_000))));
            Assert.That(answer.StatusCode, Is.EqualTo(HttpStatusCode.RequestEntityTooLarge));
        }
        catch (HttpRequestException)
        {
            // The server may close while the rest is still being sent: not acknowledged either.
        }

        Assert.That(_kept, Is.Empty);
    }

    [Test]
    public async Task Only_POST_is_taken()
    {
        using HttpResponseMessage get = await Http.GetAsync(_url + "/push");
        Assert.That(get.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
        Assert.That(get.Content.Headers.Allow, Is.EqualTo(new[] { "POST" }));
        using HttpResponseMessage head = await Http.SendAsync(new HttpRequestMessage(HttpMethod.Head, _url + "/push"));
        Assert.That(head.StatusCode, Is.EqualTo(HttpStatusCode.MethodNotAllowed));
    }

    [Test]
    public async Task The_client_is_a_service()
    {
        var client = _site!.Services.GetRequiredService<IWoSignDocClient>();
        Assert.That(client, Is.SameAs(_site.Services.GetRequiredService<WoSignDocClient>()));
        Assert.That((await client.CreateAsync(Orders.Person())).SignId, Is.Not.Null);
    }

    [Test]
    public void Options_bind_to_a_configuration()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["WoSignDoc:ConfigurationFile"] = "client.json",
            ["WoSignDoc:TotalTimeout"] = "00:00:30",
            ["WoSignDoc:Roots:System"] = "true",
            ["WoSignDoc:Identity:Pkcs12File"] = "client.p12",
        }).Build();
        ServiceCollection services = new();
        services.AddWoSignDoc(options => configuration.GetSection("WoSignDoc").Bind(options));
        using ServiceProvider provider = services.BuildServiceProvider();
        WoSignDocOptions bound = provider.GetRequiredService<IOptions<WoSignDocOptions>>().Value;
        Assert.That(
            (bound.ConfigurationFile, bound.TotalTimeout, bound.Roots.System, bound.Identity.Pkcs12File),
            Is.EqualTo(("client.json", (TimeSpan?)TimeSpan.FromSeconds(30), (bool?)true, "client.p12")));
    }

    [Test]
    public void The_client_is_added_once()
    {
        IServiceCollection services = new ServiceCollection().AddWoSignDoc(static options => options.TokenId = "A");
        InvalidOperationException exception = Assert.Throws<InvalidOperationException>(
            () => services.AddWoSignDoc(static options => options.TokenId = "B"))!;
        Assert.That(exception.Message, Does.Contain("AddWoSignDoc"));
    }

    [Test]
    public async Task The_health_check_is_a_preflight()
    {
        using HttpResponseMessage ready = await Http.GetAsync(_url + "/ready");
        Assert.That(await ready.Content.ReadAsStringAsync(), Is.EqualTo("Healthy"));

        var services = new ServiceCollection().AddLogging();
        services.AddWoSignDoc(static options =>
        {
            options.ConfigurationFile = Platform.One.ClientJson;
            options.Endpoint = $"https://127.0.0.1:{RunningProgram.FreePort()}/";
        });
        services.AddHealthChecks().AddWoSignDocCheck(timeout: TimeSpan.FromSeconds(5));
        await using ServiceProvider provider = services.BuildServiceProvider();
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Unhealthy));
        Assert.That(
            report.Entries.Values.Single().Description, Does.StartWith("orders cannot be sent: ").And.Contain(": Error: "));
        Assert.That(report.Entries["wosigndoc"].Data["report"], Does.Contain("endpoint"));
    }

    /// <summary>A folder that is missing is made when the URL is mapped; the health check says what became of it since.</summary>
    [Test]
    public async Task The_health_check_looks_at_folders_and_stores()
    {
        foreach (string part in new[] { "spool", "deliveries" })
        {
            string folder = Repository.NewFolder(), spool = Path.Combine(folder, "spool");
            WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
            builder.Logging.ClearProviders();
            builder.Services.AddWoSignDoc(static options => options.ConfigurationFile = Platform.One.ClientJson);
            builder.Services.AddHealthChecks().AddWoSignDocCheck();
            builder.Services.AddSingleton<IDeliveryStore>(new FileDeliveryStore(Path.Combine(folder, "deliveries")));
            await using WebApplication site = builder.Build();
            site.MapWoSignDocPush("/push", static (_, _) => Task.CompletedTask, options => options.Folder = spool);
            Assert.That(Directory.Exists(Path.Combine(folder, "deliveries")), Is.True);
            var health = site.Services.GetRequiredService<HealthCheckService>();
            Assert.That((await health.CheckHealthAsync()).Status, Is.EqualTo(HealthStatus.Healthy));

            string gone = Path.Combine(folder, part);
            Directory.Delete(gone, recursive: true);
            File.WriteAllText(gone, "no folder");
            HealthReport report = await health.CheckHealthAsync();
            Assert.That(report.Status, Is.EqualTo(HealthStatus.Unhealthy), part);
            Assert.That(report.Entries["wosigndoc"].Description, Does.Contain("pushes cannot be received").And.Contain(gone));
        }
    }

    private async Task Expect(HttpStatusCode status, string body, string path, byte[] push)
    {
        using HttpResponseMessage answer = await Http.PostAsync(_url + path, new ByteArrayContent(push));
        Assert.That((answer.StatusCode, await answer.Content.ReadAsStringAsync()), Is.EqualTo((status, "not acknowledged: " + body)));
    }
}
#endif
