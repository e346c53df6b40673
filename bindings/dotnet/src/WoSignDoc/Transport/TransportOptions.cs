using System;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;

namespace WoSignDoc;

/// <summary>
/// Says that orders are sent by .NET's own <see cref="System.Net.Http.HttpClient"/> in place of the native library's
/// connections: with a certificate whose key cannot leave a store or a smart card, to a server that asks for the
/// certificate only after the handshake, or through a proxy that speaks NTLM. Set a <see cref="Thumbprint"/>, or call one
/// of the methods; the identity of the configuration is not read then. Without either the native library sends.
/// </summary>
public sealed class TransportOptions
{
    private X509Certificate2? _certificate;
    private Func<HttpClient>? _client;

    /// <summary>
    /// The certificate store that <see cref="Thumbprint"/> is looked up in, as location and name: <c>LocalMachine/My</c>
    /// (null means this) or <c>CurrentUser/My</c>.
    /// </summary>
    public string? Store { get; set; }

    /// <summary>
    /// The SHA-1 thumbprint of the client certificate, as the certificate's details show it: 40 hex digits; blanks and
    /// colons between them do not matter. Null: no certificate from a store.
    /// </summary>
    public string? Thumbprint { get; set; }

    /// <summary>
    /// Whether the server is asked to agree (<c>Expect: 100-continue</c>) before the order is sent; null: it is. A server
    /// that asks for the certificate after the handshake, as IIS does by default, refuses a large body otherwise (413).
    /// </summary>
    public bool? ExpectContinue { get; set; }

    // Who sends, for people.
    internal static string Name => typeof(HttpClient).FullName!;

    // Where the certificate is from, for people, in English and Chinese; null: the application's HTTP client has its own.
    internal (string En, string Zh)? CertificateSource => _client is not null
        ? null
        : IsStored
            ? ($"the certificate of {Store ?? StoredCertificate.Usual}", $"{Store ?? StoredCertificate.Usual} 中的证书")
            : ("the certificate that the program gave", "程序提供的证书");

    // Whether anything is set, so that the native library does not send.
    internal bool IsUsed => _client is not null || _certificate is not null || IsStored;

    // The certificate and the client that were given; at most one of them.
    internal X509Certificate2? GivenCertificate => _certificate;

    internal Func<HttpClient>? GivenClient => _client;

    /// <summary>
    /// Shows this certificate. Roots, proxy and times stay those of the configuration.
    /// </summary>
    /// <param name="certificate">With its private key, wherever that lies; dispose of it after the client.</param>
    public void UseCertificate(X509Certificate2 certificate) =>
        _certificate = Argument.NotNull(certificate, nameof(certificate));

    /// <summary>
    /// Sends by this client: certificate, roots and proxy are its own. Let its handler follow no redirect and repeat
    /// nothing: repeats are this library's, which knows what an answer to a repeat means.
    /// </summary>
    /// <param name="client">Dispose of it after the <see cref="WoSignDocClient"/>.</param>
    public void UseHttpClient(HttpClient client)
    {
        Argument.NotNull(client, nameof(client));
        _client = () => client;
    }

    /// <summary>Sends by the client that this function gives, as by IHttpClientFactory's CreateClient.</summary>
    /// <param name="client">Called for each request; what it gives is not disposed of here.</param>
    /// <inheritdoc cref="UseHttpClient(HttpClient)" path="/summary"/>
    public void UseHttpClient(Func<HttpClient> client) => _client = Argument.NotNull(client, nameof(client));

    private bool IsStored => Thumbprint is not null || Store is not null;

    // Throws ArgumentException: More than one way is set.
    internal void CheckOneWay()
    {
        if ((_client is not null ? 1 : 0) + (_certificate is not null ? 1 : 0) + (IsStored ? 1 : 0) > 1)
        {
            throw new ArgumentException(
                "set one of Transport.Thumbprint, UseCertificate and UseHttpClient"
                + "（Transport.Thumbprint、UseCertificate 和 UseHttpClient 只能设置一个）");
        }
    }
}
