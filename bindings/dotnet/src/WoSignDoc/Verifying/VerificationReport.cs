using System.Collections.Generic;
using System.Linq;
using System.Text.Json;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Tells whether a signed document is what it claims to be, and why. It names people, so keep it as safe as the document;
/// only <see cref="ToString"/> is fit for a log.
/// </summary>
public sealed class VerificationReport
{
    internal VerificationReport(JsonElement json)
    {
        Verdict = json.Word<Verdict>("verdict");
        State = json.Word<DocumentState>("state");
        Reasons = json.List("reasons", static one => new VerificationReason(one));
        Document = json.Read("document", static one => new DocumentFacts(one));
        Signatures = json.List("signatures", static one => new SignatureReport(one));
        Signers = json.Read("signers", static one => new SignersReport(one));
        Sent = json.Read("sent", static one => new SentReport(one));
        Json = json.ValueKind == JsonValueKind.Undefined ? "{}" : json.GetRawText();
    }

    /// <summary>
    /// Whether the document is signed, unchanged, by somebody whom your roots vouch for: take it only then. That does not say
    /// by whom, nor which contract it is: <see cref="VerifyOptions.Order"/> and <see cref="VerifyOptions.SentFile"/> bind
    /// it to what was ordered.
    /// </summary>
    public bool IsValid => Verdict == Verdict.Valid;

    /// <summary>The verdict.</summary>
    public Verdict Verdict { get; }

    /// <summary>What the signatures say of the contents, whoever signed.</summary>
    public DocumentState State { get; }

    /// <summary>What made the verdict so, and what is worth knowing besides: the worst first.</summary>
    public IReadOnlyList<VerificationReason> Reasons { get; }

    /// <summary>Facts about the document; null when it cannot be read.</summary>
    public DocumentFacts? Document { get; }

    /// <summary>The signatures and time stamps of the document, in the order in which they were made.</summary>
    public IReadOnlyList<SignatureReport> Signatures { get; }

    /// <summary>Who should have signed; null when that was not asked.</summary>
    public SignersReport? Signers { get; }

    /// <summary>How the document differs from the one that was sent; null when that was not given.</summary>
    public SentReport? Sent { get; }

    /// <summary>The whole report as JSON, also what is newer than this package. It names people.</summary>
    public string Json { get; }

    /// <summary>Gives the verdict and the codes of its reasons; no names.</summary>
    public override string ToString()
    {
        string codes = string.Join(", ", Reasons.Select(static one => one.Code).Distinct());
        return Verdict.ToString().ToLowerInvariant() + (codes.Length > 0 ? $" ({codes})" : string.Empty);
    }
}

/// <summary>A text in two languages.</summary>
public sealed class BilingualText
{
    internal BilingualText(JsonElement json)
    {
        Message = json.Text("en") ?? string.Empty;
        MessageZh = json.Text("zh") ?? string.Empty;
    }

    /// <summary>The text in English.</summary>
    public string Message { get; }

    /// <summary>The text in Chinese (simplified).</summary>
    public string MessageZh { get; }

    /// <summary>Gives the text in English.</summary>
    public override string ToString() => Message;
}

/// <summary>Describes one reason of a verdict. Its messages may name people.</summary>
public sealed class VerificationReason
{
    internal VerificationReason(JsonElement json)
    {
        Code = json.Text("code") ?? string.Empty;
        Then = json.Word<Consequence>("then");
        Signature = json.Text("signature");
        var message = new BilingualText(json.Field("message") ?? default);
        (Message, MessageZh) = (message.Message, message.MessageZh);
    }

    /// <summary>A stable code for programs, e.g. <c>untrusted</c>.</summary>
    public string Code { get; }

    /// <summary>What follows from it.</summary>
    public Consequence Then { get; }

    /// <summary>The form field of the signature that it is about; null: it is about the document.</summary>
    public string? Signature { get; }

    /// <summary>What was found, in English.</summary>
    public string Message { get; }

    /// <summary>What was found, in Chinese (simplified).</summary>
    public string MessageZh { get; }
}

/// <summary>Holds facts about a document.</summary>
public sealed class DocumentFacts
{
    internal DocumentFacts(JsonElement json)
    {
        Size = json.Long("size") ?? 0;
        Sha256 = json.Text("sha256") ?? string.Empty;
        Pages = json.Number("pages");
        Revisions = json.Number("revisions") ?? 0;
        Encrypted = json.Flag("encrypted");
        Certification = json.Number("certification");
    }

    /// <summary>The length in bytes.</summary>
    public long Size { get; }

    /// <summary>The SHA-256, in lower-case hex.</summary>
    public string Sha256 { get; }

    /// <summary>How many pages it has; null when they cannot be read.</summary>
    public int? Pages { get; }

    /// <summary>How many revisions it has.</summary>
    public int Revisions { get; }

    /// <summary>Whether it is encrypted.</summary>
    public bool Encrypted { get; }

    /// <summary>
    /// What the certifying signature allows: 1 nothing, 2 filling in and signing, 3 also annotations; null: there is none.
    /// </summary>
    public int? Certification { get; }
}

/// <summary>Tells whether everybody signed who had to.</summary>
public sealed class SignersReport
{
    internal SignersReport(JsonElement json)
    {
        Complete = json.Flag("complete");
        Required = json.List("required", static one => new RequiredSigner(one));
        Rule = new BilingualText(json.Field("rule") ?? default);
    }

    /// <summary>Whether everybody did.</summary>
    public bool Complete { get; }

    /// <summary>Each who had to.</summary>
    public IReadOnlyList<RequiredSigner> Required { get; }

    /// <summary>How names were compared.</summary>
    public BilingualText Rule { get; }
}

/// <summary>Describes one who had to sign.</summary>
public sealed class RequiredSigner
{
    internal RequiredSigner(JsonElement json)
    {
        Name = json.Text("name") ?? string.Empty;
        Signature = json.Text("signature");
        var message = new BilingualText(json.Field("message") ?? default);
        (Message, MessageZh) = (message.Message, message.MessageZh);
    }

    /// <summary>The name.</summary>
    public string Name { get; }

    /// <summary>The form field of the signature; null: there is none.</summary>
    public string? Signature { get; }

    /// <summary>What was compared with what, in English.</summary>
    public string Message { get; }

    /// <summary>What was compared with what, in Chinese (simplified).</summary>
    public string MessageZh { get; }
}

/// <summary>Tells how a document differs from the one that was sent.</summary>
public sealed class SentReport
{
    internal SentReport(JsonElement json)
    {
        Same = json.Field("same")?.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => null,
        };
        Differences = json.List("differences", static one => new DocumentChange(one));
        More = json.Flag("more");
    }

    /// <summary>Whether it shows the same pages; null: the library cannot say.</summary>
    public bool? Same { get; }

    /// <summary>What differs.</summary>
    public IReadOnlyList<DocumentChange> Differences { get; }

    /// <summary>Whether there are more than are listed.</summary>
    public bool More { get; }
}

/// <summary>Describes a change in a document.</summary>
public sealed class DocumentChange
{
    internal DocumentChange(JsonElement json)
    {
        Kind = json.Text("kind") ?? string.Empty;
        Value = json.Word<ChangesSince>("value");
        ObjectNumber = json.Long("object");
        Page = json.Number("page");
        Field = json.Text("field");
        var message = new BilingualText(json.Field("message") ?? default);
        (Message, MessageZh) = (message.Message, message.MessageZh);
    }

    /// <summary>A stable word for what kind of thing was changed, e.g. <c>page</c> or <c>form_value</c>.</summary>
    public string Kind { get; }

    /// <summary>Whether it may be.</summary>
    public ChangesSince Value { get; }

    /// <summary>The number of the object that was changed; null: it is about none.</summary>
    public long? ObjectNumber { get; }

    /// <summary>The page, counted from 1; null: it is about none.</summary>
    public int? Page { get; }

    /// <summary>The form field; null: it is about none.</summary>
    public string? Field { get; }

    /// <summary>What was changed, in English.</summary>
    public string Message { get; }

    /// <summary>What was changed, in Chinese (simplified).</summary>
    public string MessageZh { get; }
}
