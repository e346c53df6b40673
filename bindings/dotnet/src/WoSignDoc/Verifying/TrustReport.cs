using System.Collections.Generic;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Names an issuer that a person has looked at, in a document of the platform's, and trusts. Configuration binds to it by
/// the names of its properties.
/// </summary>
public sealed class TrustBlock
{
    /// <summary>Whose certificate it is, for people.</summary>
    public string? Subject { get; set; }

    /// <summary>The SHA-256 of the certificate's DER, in hex: this is what is trusted.</summary>
    public string? Sha256 { get; set; }

    /// <summary>The certificate's DER in base64, for documents that do not carry it.</summary>
    public string? Certificate { get; set; }

    // Reads what the core names.
    internal static TrustBlock Read(JsonElement json) => new()
    {
        Subject = json.Text("subject"),
        Sha256 = json.Text("sha256"),
        Certificate = json.Text("certificate"),
    };

    internal JsonObject ToJson() => new()
    {
        ["subject"] = Subject,
        ["sha256"] = Sha256,
        ["certificate"] = Certificate,
    };
}

/// <summary>
/// Names the issuers of the certificates in a document. Look at the document; if it is right, put the blocks into
/// <see cref="VerifyOptions.Trust"/>, or <see cref="TrustJson"/> into the configuration. Nothing is trusted by itself.
/// </summary>
public sealed class TrustReport
{
    internal TrustReport(JsonElement json)
    {
        Trust = json.List("trust", TrustBlock.Read);
        State = json.Word<DocumentState>("state");
        Reasons = json.List("reasons", static one => new VerificationReason(one));
        TrustJson = json.Field("trust")?.GetRawText() ?? "[]";
        Json = json.GetRawText();
    }

    /// <summary>The top of each chain of certificates.</summary>
    public IReadOnlyList<TrustBlock> Trust { get; }

    /// <summary>What the document's signatures say of its contents: trust nobody by one that is altered.</summary>
    public DocumentState State { get; }

    /// <summary>What made it so.</summary>
    public IReadOnlyList<VerificationReason> Reasons { get; }

    /// <summary>The blocks as JSON, for the setting <c>Trust</c> in a configuration file.</summary>
    public string TrustJson { get; }

    /// <summary>Everything that the native library said, as JSON: also what is newer than this package.</summary>
    public string Json { get; }
}
