using System;
using System.Net;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading;
using WoSignDoc.Json;

namespace WoSignDoc;

// Makes the HTTP client that shows a certificate of this program's, by the configuration's roots, proxy and times.
internal static class OwnClient
{
    // Throws InvalidCallException: The roots or the proxy cannot be read.
    internal static HttpClient Make(X509Certificate2 certificate, JsonElement configuration)
    {
        var trust = new ServerTrust(configuration);
        return new HttpClient(Handler(certificate, trust, configuration), disposeHandler: true)
        {
            Timeout = Timeout.InfiniteTimeSpan, // Each request has its own limits.
        };
    }

#if NET8_0_OR_GREATER
    private static SocketsHttpHandler Handler(
        X509Certificate2 certificate, ServerTrust trust, JsonElement configuration)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            PooledConnectionIdleTimeout =
                TimeSpan.FromMilliseconds(configuration.Field("timeouts")?.Long("idle_ms") ?? 55_000),
        };
        handler.SslOptions.ClientCertificates = [certificate];
        // Without a choice of ours Windows shows none to a server that names other issuers.
        handler.SslOptions.LocalCertificateSelectionCallback = (_, _, _, _, _) => certificate;
        handler.SslOptions.RemoteCertificateValidationCallback = (_, server, chain, errors) =>
            trust.Accept(server, chain, errors);
        handler.Proxy = Proxy(configuration.Text("proxy"));
        handler.UseProxy = configuration.Text("proxy") is not null;
        handler.DefaultProxyCredentials = CredentialCache.DefaultCredentials;
        return handler;
    }
#else
    private static HttpClientHandler Handler(
        X509Certificate2 certificate, ServerTrust trust, JsonElement configuration)
    {
        var handler = new HttpClientHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            ClientCertificateOptions = ClientCertificateOption.Manual,
            MaxConnectionsPerServer = int.MaxValue, // .NET Framework has two, and lets others wait.
            ServerCertificateCustomValidationCallback = (_, server, chain, errors) => trust.Accept(server, chain, errors),
        };
        handler.ClientCertificates.Add(certificate);
        handler.Proxy = Proxy(configuration.Text("proxy"));
        handler.UseProxy = configuration.Text("proxy") is not null;
        handler.DefaultProxyCredentials = CredentialCache.DefaultCredentials;
        return handler;
    }
#endif

    // Null is the system's. Without a user the account that runs this program is known to the proxy, by NTLM or Kerberos.
    private static WebProxy? Proxy(string? setting)
    {
        if (setting is null or "system")
        {
            return null;
        }

        string address = setting.IndexOf("://", StringComparison.Ordinal) < 0 ? "http://" + setting : setting;
        if (!Uri.TryCreate(address, UriKind.Absolute, out Uri? url))
        {
            throw TransportErrors.BadProxy();
        }

        string[] user = url.UserInfo.Split([':'], 2);
        return new WebProxy(new UriBuilder(url) { UserName = string.Empty, Password = string.Empty }.Uri)
        {
            Credentials = user[0].Length == 0
                ? CredentialCache.DefaultCredentials
                : new NetworkCredential(
                    Uri.UnescapeDataString(user[0]), user.Length > 1 ? Uri.UnescapeDataString(user[1]) : string.Empty),
        };
    }
}
