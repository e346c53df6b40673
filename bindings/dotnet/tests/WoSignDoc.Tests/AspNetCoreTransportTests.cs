#if NET
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Threading.Tasks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using NUnit.Framework;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Tests;

/// <summary>The transport as services of ASP.NET Core have it: by the configuration, or from IHttpClientFactory.</summary>
public sealed class AspNetCoreTransportTests
{
    [Test]
    public async Task A_certificate_of_a_store_is_named_in_the_configuration()
    {
        using (var store = new X509Store(StoreName.My, StoreLocation.CurrentUser))
        {
            store.Open(OpenFlags.ReadWrite);
            store.Add(Certificates.OfClient);
        }

        string json = $$"""
            {"WoSignDoc": {"ConfigurationFile": "{{Platform.One.ClientJson}}",
             "Transport": {"Store": "CurrentUser/My", "Thumbprint": "{{Certificates.OfClient.Thumbprint}}"} } }
            """;
        IConfiguration configuration = new ConfigurationBuilder()
            .AddJsonStream(new System.IO.MemoryStream(Encoding.UTF8.GetBytes(json))).Build();
        IServiceCollection services = new ServiceCollection().AddLogging();
        services.AddWoSignDoc(options => configuration.GetSection("WoSignDoc").Bind(options));
        services.AddHealthChecks().AddWoSignDocCheck();
        await using ServiceProvider provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<WoSignDocClient>();
        Assert.That((await client.CreateAsync(Orders.Person())).SignId, Is.Not.Null);
        Assert.That(client.Preflight().Checks.Select(static one => one.Name), Has.Some.EqualTo("transport"));
        HealthReport report = await provider.GetRequiredService<HealthCheckService>().CheckHealthAsync();
        Assert.That(report.Status, Is.EqualTo(HealthStatus.Healthy));
        Assert.That(report.Entries["wosigndoc"].Data["report"], Does.Contain("HttpClient"));
    }

    [Test]
    public void Without_a_transport_the_library_sends()
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            new Dictionary<string, string?> { ["WoSignDoc:ConfigurationFile"] = Platform.One.ClientJson }).Build();
        var services = new ServiceCollection();
        services.AddWoSignDoc(options => configuration.GetSection("WoSignDoc").Bind(options));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<IOptions<WoSignDocOptions>>().Value.Transport.IsUsed, Is.False);
    }

    [Test]
    public async Task A_client_of_the_factory_sends()
    {
        string file = Platform.One.ClientJson;
        X509Certificate2 certificate = Certificates.OfClient;
        using X509Certificate2 root = X509CertificateLoader.LoadCertificateFromFile(Platform.One.CaFile);
        IServiceCollection services = new ServiceCollection().AddLogging();
        // [factory]
        services.AddWoSignDoc(options => options.ConfigurationFile = file);
        services.AddWoSignDocHttpClient().ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler
        {
            AllowAutoRedirect = false, // The order goes to the endpoint and nowhere else.
            DefaultProxyCredentials = CredentialCache.DefaultCredentials, // This account, by NTLM or Kerberos.
            SslOptions =
            {
                LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate,
                CertificateChainPolicy = new X509ChainPolicy // For a platform with a CA of its own.
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { root },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        });
        // [/factory]
        await using ServiceProvider provider = services.BuildServiceProvider();
        var client = provider.GetRequiredService<WoSignDocClient>();
        Assert.That((await client.CreateAsync(Orders.Person())).SignId, Is.Not.Null);
        Assert.That(client.About.PublicKeySha256, Is.Empty, "the certificate is the handler's");
        using HttpClient named = provider.GetRequiredService<IHttpClientFactory>().CreateClient("WoSignDoc");
        Assert.That(named.Timeout, Is.EqualTo(System.Threading.Timeout.InfiniteTimeSpan));
    }

    [Test]
    public async Task A_certificate_is_given()
    {
        string file = Platform.One.ClientJson;
        X509Certificate2 certificate = Certificates.OfClient;
        SignOrder order = Orders.Person();
        // [certificate]
        WoSignDocOptions options = WoSignDocOptions.FromFile(file);
        options.Transport.UseCertificate(certificate); // Or UseHttpClient, or Transport.Store and Thumbprint.
        using var client = new WoSignDocClient(options);
        SignOrderResult result = await client.CreateAsync(order);
        // [/certificate]
        Assert.That(result.SignId, Is.Not.Null);
    }
}
#endif
