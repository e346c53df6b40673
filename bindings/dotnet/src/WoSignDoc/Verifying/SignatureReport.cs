using System;
using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>Tells what was found about one signature.</summary>
public sealed class SignatureReport
{
    internal SignatureReport(JsonElement json)
    {
        Field = json.Text("field") ?? string.Empty;
        Kind = json.Word<SignatureKind>("kind");
        SubFilter = json.Text("sub_filter");
        Page = json.Number("page");
        Box = json.Read("box", static box => box.ValueKind == JsonValueKind.Array
            ? (IReadOnlyList<double>)[.. box.EnumerateArray().Select(static edge => edge.GetDouble())]
            : null);
        Signer = json.Read("signer", static one => new SigningCertificate(one));
        Chain = json.List("chain", static one => new SigningCertificate(one));
        Name = json.Text("name");
        Reason = json.Text("reason");
        Location = json.Text("location");
        ClaimedTime = json.Read("claimed_time", static one => new SignatureTime(one));
        ProvenTime = json.Read("proven_time", static one => new SignatureTime(one));
        JudgedAt = json.Time("judged_at");
        Algorithms = json.Read("algorithms", static one => new SignatureAlgorithms(one));
        Integrity = new Finding<SignatureIntegrity>(json.Field("integrity") ?? default);
        Trust = new Finding<SignerTrust>(json.Field("trust") ?? default);
        Revocation = new Finding<Revocation>(json.Field("revocation") ?? default);
        Coverage = new Finding<SignatureCoverage>(json.Field("coverage") ?? default);
        SignedEnd = json.Long("signed_end");
        Revision = json.Number("revision");
        Changes = new Finding<ChangesSince>(json.Field("changes") ?? default);
        Changed = json.List("changed", static one => new DocumentChange(one));
        MoreChanges = json.Flag("more_changes");
        Certification = json.Number("certification");
        Weak = (json.Field("strength") ?? default).List("weak", static one => one.GetString() ?? string.Empty);
        TimeStamp = json.Read("time_stamp", static one => new TimeStampReport(one));
        Warnings = json.List("warnings", static one => new BilingualText(one));
    }

    /// <summary>The full name of its form field.</summary>
    public string Field { get; }

    /// <summary>What it is.</summary>
    public SignatureKind Kind { get; }

    /// <summary>Its <c>/SubFilter</c>, e.g. <c>ETSI.CAdES.detached</c>.</summary>
    public string? SubFilter { get; }

    /// <summary>The page that it is seen on, counted from 1; null: it is seen on none.</summary>
    public int? Page { get; }

    /// <summary>Where on the page, in its own units: left, bottom, right, top; null: nowhere.</summary>
    public IReadOnlyList<double>? Box { get; }

    /// <summary>The certificate that signed; null: it cannot be told.</summary>
    public SigningCertificate? Signer { get; }

    /// <summary>The certificates from there up, as far as they are known.</summary>
    public IReadOnlyList<SigningCertificate> Chain { get; }

    /// <summary>Its <c>/Name</c>, for which nobody vouches but the signer.</summary>
    public string? Name { get; }

    /// <summary>Its <c>/Reason</c>, for which nobody vouches but the signer.</summary>
    public string? Reason { get; }

    /// <summary>Its <c>/Location</c>, for which nobody vouches but the signer.</summary>
    public string? Location { get; }

    /// <summary>The time that the signer claims, which proves nothing.</summary>
    public SignatureTime? ClaimedTime { get; }

    /// <summary>The time by which a trusted time stamp proves that it was signed.</summary>
    public SignatureTime? ProvenTime { get; }

    /// <summary>The time that its certificate was judged at.</summary>
    public DateTimeOffset? JudgedAt { get; }

    /// <summary>Its algorithms; null: they cannot be told.</summary>
    public SignatureAlgorithms? Algorithms { get; }

    /// <summary>Whether it fits what it is over.</summary>
    public Finding<SignatureIntegrity> Integrity { get; }

    /// <summary>Whether the signer is trusted.</summary>
    public Finding<SignerTrust> Trust { get; }

    /// <summary>Whether a certificate was revoked.</summary>
    public Finding<Revocation> Revocation { get; }

    /// <summary>How far it reaches.</summary>
    public Finding<SignatureCoverage> Coverage { get; }

    /// <summary>The position behind the last signed byte.</summary>
    public long? SignedEnd { get; }

    /// <summary>The revision that it covers, counted from 1.</summary>
    public int? Revision { get; }

    /// <summary>What was changed since.</summary>
    public Finding<ChangesSince> Changes { get; }

    /// <summary>Each change.</summary>
    public IReadOnlyList<DocumentChange> Changed { get; }

    /// <summary>Whether there are more changes than are listed.</summary>
    public bool MoreChanges { get; }

    /// <summary>What it allows afterwards, if it certifies the document: see <see cref="DocumentFacts"/>.</summary>
    public int? Certification { get; }

    /// <summary>Its weaknesses, e.g. <c>sha1</c> or <c>rsa 1024</c>.</summary>
    public IReadOnlyList<string> Weak { get; }

    /// <summary>The time stamp over it; null: there is none.</summary>
    public TimeStampReport? TimeStamp { get; }

    /// <summary>What is odd, and breaks nothing.</summary>
    public IReadOnlyList<BilingualText> Warnings { get; }
}

/// <summary>Holds what was found about one thing, and why.</summary>
/// <typeparam name="T">The words for it.</typeparam>
public sealed class Finding<T>
    where T : struct, Enum
{
    internal Finding(JsonElement json)
    {
        Value = json.Word<T>("value");
        Word = json.Text("value") ?? string.Empty;
        Reasons = json.List("reasons", static one => new BilingualText(one));
    }

    /// <summary>The finding.</summary>
    public T Value { get; }

    /// <summary>The finding as the native library's word, also one that is newer than this package.</summary>
    public string Word { get; }

    /// <summary>Why. It may name people.</summary>
    public IReadOnlyList<BilingualText> Reasons { get; }

    /// <summary>Gives the word.</summary>
    public override string ToString() => Word;
}

/// <summary>Describes a certificate in a signed document.</summary>
public sealed class SigningCertificate
{
    internal SigningCertificate(JsonElement json)
    {
        Subject = json.Text("subject") ?? string.Empty;
        Name = json.Text("name");
        Issuer = json.Text("issuer") ?? string.Empty;
        SerialNumber = json.Text("serial") ?? string.Empty;
        NotBefore = json.Time("not_before");
        NotAfter = json.Time("not_after");
        Sha256 = json.Text("sha256") ?? string.Empty;
        Der = json.Field("certificate") is { ValueKind: JsonValueKind.String } text
            && text.TryGetBytesFromBase64(out byte[]? der) ? der : [];
    }

    /// <summary>Whose it is.</summary>
    public string Subject { get; }

    /// <summary>The common name of the subject; null: it has none.</summary>
    public string? Name { get; }

    /// <summary>Who issued it.</summary>
    public string Issuer { get; }

    /// <summary>The serial number, in hex.</summary>
    public string SerialNumber { get; }

    /// <summary>The beginning of its validity.</summary>
    public DateTimeOffset? NotBefore { get; }

    /// <summary>The end of its validity.</summary>
    public DateTimeOffset? NotAfter { get; }

    /// <summary>The SHA-256 of <see cref="Der"/>, in hex.</summary>
    public string Sha256 { get; }

    /// <summary>The certificate in DER, as <c>X509Certificate2</c> takes it.</summary>
    public ReadOnlyMemory<byte> Der { get; }
}

/// <summary>Holds a time, and where it is from.</summary>
public sealed class SignatureTime
{
    internal SignatureTime(JsonElement json)
    {
        Time = json.Time("time");
        Source = json.Text("source") ?? string.Empty;
    }

    /// <summary>The time; null: .NET cannot express it.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>
    /// The place where it stands: <c>signing_time</c>, <c>m</c>, <c>time_stamp</c> or <c>document_time_stamp</c>.
    /// </summary>
    public string Source { get; }
}

/// <summary>Names the algorithms of a signature.</summary>
public sealed class SignatureAlgorithms
{
    internal SignatureAlgorithms(JsonElement json)
    {
        Digest = json.Text("digest") ?? string.Empty;
        Signature = json.Text("signature") ?? string.Empty;
        Key = json.Text("key");
        Bits = json.Number("bits");
        Curve = json.Text("curve");
    }

    /// <summary>The hash over the document.</summary>
    public string Digest { get; }

    /// <summary>How it is signed.</summary>
    public string Signature { get; }

    /// <summary>The kind of key.</summary>
    public string? Key { get; }

    /// <summary>The length of the key, in bits.</summary>
    public int? Bits { get; }

    /// <summary>The curve of the key.</summary>
    public string? Curve { get; }
}

/// <summary>Tells what was found about a time stamp over a signature.</summary>
public sealed class TimeStampReport
{
    internal TimeStampReport(JsonElement json)
    {
        Time = json.Time("time");
        Integrity = new Finding<SignatureIntegrity>(json.Field("integrity") ?? default);
        Trust = json.Read("trust", static one => new Finding<SignerTrust>(one));
        Signer = json.Read("signer", static one => new SigningCertificate(one));
        Algorithms = json.Read("algorithms", static one => new SignatureAlgorithms(one));
    }

    /// <summary>The time that it says.</summary>
    public DateTimeOffset? Time { get; }

    /// <summary>Whether it fits what it is over.</summary>
    public Finding<SignatureIntegrity> Integrity { get; }

    /// <summary>Whether whoever made it is trusted; null: that was not looked at.</summary>
    public Finding<SignerTrust>? Trust { get; }

    /// <summary>The certificate that made it.</summary>
    public SigningCertificate? Signer { get; }

    /// <summary>Its algorithms.</summary>
    public SignatureAlgorithms? Algorithms { get; }
}
