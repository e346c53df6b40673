namespace WoSignDoc;

/// <summary>Says whether a document is what it claims to be.</summary>
public enum Verdict
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>It is signed, unchanged, by somebody whom your roots vouch for. It may be another contract than you ordered.</summary>
    Valid,

    /// <summary>Something cannot be judged: the reasons say what.</summary>
    Indeterminate,

    /// <summary>A signature is broken, something was changed, or a signer is not trusted.</summary>
    Invalid,
}

/// <summary>
/// Says what a document's signatures say of its contents, whoever signed. Never take <see cref="Intact"/> for valid:
/// anybody can sign.
/// </summary>
public enum DocumentState
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>Every signature fits, and what came after it is permitted.</summary>
    Intact,

    /// <summary>A signature is broken, or something was changed that may not be.</summary>
    Altered,

    /// <summary>Neither is proven.</summary>
    Undecided,

    /// <summary>It has no signature.</summary>
#pragma warning disable CA1720 // The word means no number here.
    Unsigned,
#pragma warning restore CA1720

    /// <summary>It cannot be read.</summary>
    Unreadable,
}

/// <summary>Says what follows from something that was found.</summary>
public enum Consequence
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>Nothing follows: it is worth knowing.</summary>
    Accept,

    /// <summary>The document is not valid.</summary>
    Indeterminate,

    /// <summary>The document is invalid.</summary>
    Invalid,
}

/// <summary>Says what kind of signature it is.</summary>
public enum SignatureKind
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>Somebody's signature.</summary>
    Signature,

    /// <summary>A time stamp over the document.</summary>
    DocumentTimeStamp,
}

/// <summary>Says whether a signature fits what it is over.</summary>
public enum SignatureIntegrity
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>It does.</summary>
    Ok,

    /// <summary>It does not.</summary>
    Broken,

    /// <summary>The library cannot say, as with an algorithm that it does not know.</summary>
    Unsupported,
}

/// <summary>Says whether a signer is trusted.</summary>
public enum SignerTrust
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>Its certificate leads to a root that you gave, and was good at the time.</summary>
    Trusted,

    /// <summary>Its certificate leads to none, or may not be used so.</summary>
    Untrusted,

    /// <summary>Its certificate, or one above it, had expired.</summary>
    Expired,

    /// <summary>Its certificate, or one above it, was revoked.</summary>
    Revoked,

    /// <summary>The library cannot say.</summary>
    Undecided,
}

/// <summary>Says whether certificates were revoked.</summary>
public enum Revocation
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>The document proves that none was.</summary>
    Good,

    /// <summary>One was.</summary>
    Revoked,

    /// <summary>The document does not prove it.</summary>
    Unknown,
}

/// <summary>Says how far a signature reaches.</summary>
public enum SignatureCoverage
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>To the end of the file.</summary>
    WholeFile,

    /// <summary>To the end of an earlier revision.</summary>
    Revision,

    /// <summary>To somewhere within a revision.</summary>
    PartOfRevision,

    /// <summary>Its byte range has not the shape that it must have.</summary>
    Malformed,
}

/// <summary>Says what was changed after a signature.</summary>
public enum ChangesSince
{
    /// <summary>A word that this package does not know yet: see the report's JSON.</summary>
    Other,

    /// <summary>Nothing.</summary>
    None,

    /// <summary>Only what may be.</summary>
    Permitted,

    /// <summary>What may not be.</summary>
    NotPermitted,

    /// <summary>The library cannot say.</summary>
    Undecided,
}

/// <summary>Names the policies that are ready-made.</summary>
public enum VerifyPreset
{
    /// <summary>What contracts need.</summary>
    Default,

    /// <summary>Nothing weak or open is valid.</summary>
    Strict,

    /// <summary>Only what is broken, altered or not trusted counts.</summary>
    Report,
}

/// <summary>Says how the names of signers are compared with those in the certificates.</summary>
public enum NameMatch
{
    /// <summary>Without regard to case, spaces, and full or half width.</summary>
    Folded,

    /// <summary>Letter by letter.</summary>
    Exact,

    /// <summary>Folded, and the name may be a part of what the certificate says.</summary>
    Contains,

    /// <summary>Not at all: whoever signs counts.</summary>
    Ignore,
}

/// <summary>Says how the numbers of signers are compared with those in the certificates.</summary>
public enum NumberMatch
{
    /// <summary>Not at all.</summary>
    Ignore,

    /// <summary>If the certificate has one.</summary>
    IfPresent,

    /// <summary>The certificate has to have it.</summary>
    Required,
}
