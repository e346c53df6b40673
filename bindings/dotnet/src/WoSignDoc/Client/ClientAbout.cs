using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Describes what a client was made of; it holds nothing secret. With an HttpClient of the
/// application's own the certificate is unknown, and its texts are empty.</summary>
public sealed class ClientAbout
{
    internal ClientAbout(JsonElement json)
    {
        Endpoint = json.Text("endpoint") ?? string.Empty;
        JsonElement certificate = json.Field("certificate") ?? default;
        CertificateSubject = certificate.Text("subject") ?? string.Empty;
        CertificateIssuer = certificate.Text("issuer") ?? string.Empty;
        CertificateSerial = certificate.Text("serial") ?? string.Empty;
        CertificateNotBefore = certificate.Time("not_before");
        CertificateNotAfter = certificate.Time("not_after");
        PublicKeySha256 = certificate.Text("spki_sha256") ?? string.Empty;
        Warnings = json.List("warnings", static one => new OrderWarning(one));
    }

    // `certificate`: Null where only the application's HTTP client knows it.
    internal ClientAbout(string? endpoint, X509Certificate2? certificate)
    {
        Endpoint = endpoint ?? string.Empty;
        CertificateSubject = certificate?.Subject ?? string.Empty;
        CertificateIssuer = certificate?.Issuer ?? string.Empty;
        CertificateSerial = certificate?.SerialNumber.ToLowerInvariant() ?? string.Empty;
        CertificateNotBefore = certificate?.NotBefore;
        CertificateNotAfter = certificate?.NotAfter;
        PublicKeySha256 = certificate is null ? string.Empty : ClientCertificate.PublicKeySha256(certificate);
        Warnings = [];
    }

    /// <summary>The URL that orders go to.</summary>
    public string Endpoint { get; }

    /// <summary>The subject of the client certificate.</summary>
    public string CertificateSubject { get; }

    /// <summary>The issuer of the client certificate.</summary>
    public string CertificateIssuer { get; }

    /// <summary>The serial number of the client certificate, in hex.</summary>
    public string CertificateSerial { get; }

    /// <summary>The beginning of its validity.</summary>
    public DateTimeOffset? CertificateNotBefore { get; }

    /// <summary>The end of its validity.</summary>
    public DateTimeOffset? CertificateNotAfter { get; }

    /// <summary>The SHA-256 of its public key (SPKI), in hex: that key is registered with the platform.</summary>
    public string PublicKeySha256 { get; }

    /// <summary>The oddities of the configuration, which stopped nothing.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; }
}
