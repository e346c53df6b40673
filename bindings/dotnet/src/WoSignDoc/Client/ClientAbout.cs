using System;
using System.Collections.Generic;
using System.Globalization;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>What a client was made of; nothing secret.</summary>
public sealed class ClientAbout
{
    internal ClientAbout(JsonElement json)
    {
        Endpoint = json.Text("endpoint") ?? string.Empty;
        JsonElement certificate = json.Field("certificate") ?? default;
        CertificateSubject = certificate.Text("subject") ?? string.Empty;
        CertificateIssuer = certificate.Text("issuer") ?? string.Empty;
        CertificateSerial = certificate.Text("serial") ?? string.Empty;
        CertificateNotBefore = Time(certificate.Text("not_before"));
        CertificateNotAfter = Time(certificate.Text("not_after"));
        PublicKeySha256 = certificate.Text("spki_sha256") ?? string.Empty;
        Warnings = json.List("warnings", static one => new OrderWarning(one));
    }

    /// <summary>The URL that orders go to.</summary>
    public string Endpoint { get; }

    /// <summary>Whom the client certificate names.</summary>
    public string CertificateSubject { get; }

    /// <summary>Who issued it.</summary>
    public string CertificateIssuer { get; }

    /// <summary>Its serial number, in hex.</summary>
    public string CertificateSerial { get; }

    /// <summary>From when on it is valid.</summary>
    public DateTimeOffset? CertificateNotBefore { get; }

    /// <summary>Until when it is valid.</summary>
    public DateTimeOffset? CertificateNotAfter { get; }

    /// <summary>SHA-256 of its public key (SPKI): what is registered with the platform (P-3).</summary>
    public string PublicKeySha256 { get; }

    /// <summary>Oddities of the configuration that stopped nothing.</summary>
    public IReadOnlyList<OrderWarning> Warnings { get; }

    private static DateTimeOffset? Time(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
            ? time
            : null;
}
