using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Says whom you trust, and what you demand of a signed document. The native library checks every setting and names the one
/// that is wrong. Nobody is trusted by itself: give <see cref="RootFiles"/>, <see cref="Roots"/> or <see cref="Trust"/>.
/// Files are read anew at every call, so that a root that was replaced counts.
/// </summary>
public sealed class VerifyOptions
{
    private JsonObject _given = [];

    /// <summary>The files with trusted roots: PEM, DER or PKCS#7.</summary>
    public IList<string> RootFiles { get; } = new List<string>();

    /// <summary>The trusted roots as PEM texts.</summary>
    public IList<string> Roots { get; } = new List<string>();

    /// <summary>The issuers that a person has looked at: see <see cref="DocumentVerifier.TrustOf"/>.</summary>
    public IList<TrustBlock> Trust { get; } = new List<TrustBlock>();

    /// <summary>The password of an encrypted document, the user's or the owner's.</summary>
    public string? Password { get; set; }

    /// <summary>The time to judge at; null: now. A trusted time stamp goes before it.</summary>
    public DateTimeOffset? At { get; set; }

    /// <summary>The ready-made policy; null: <see cref="VerifyPreset.Default"/>.</summary>
    public VerifyPreset? Preset { get; set; }

    /// <summary>What differs from the ready-made policy.</summary>
    public VerifyPolicy Policy { get; } = new();

    /// <summary>Who has to have signed.</summary>
    public RequiredSignersOptions Signers { get; } = new();

    /// <summary>
    /// The order as it was sent: each of its signers has to have signed, in their order. Only their names and numbers
    /// are looked at. Null: none.
    /// </summary>
    public SignOrder? Order { get; set; }

    /// <summary>
    /// The document that was sent for signing, to be compared, as bytes. Not for receiving: name
    /// <see cref="SentFile"/> there. Null: none.
    /// </summary>
    public byte[]? Sent { get; set; }

    /// <summary>The file of the document that was sent for signing, to be compared; null: none.</summary>
    public string? SentFile { get; set; }

    /// <summary>
    /// Starts from JSON, by the names of <c>docs/verification.md</c>: also for settings that are newer than this package.
    /// What is set besides goes on top, and drops nothing that stands there: a list grows, another setting is replaced.
    /// </summary>
    /// <param name="json">An object, such as <c>{"roots": {"ca_file": "platform-ca.pem"}}</c>.</param>
    /// <exception cref="InvalidCallException">It is not JSON, or no object.</exception>
    public static VerifyOptions FromJson(string json)
    {
        byte[] text = JsonWriting.Utf8(Argument.NotNull(json, nameof(json)).TrimStart('\uFEFF'), "options");
        return new VerifyOptions { _given = Read(text) };
    }

    // Writes the settings as the core takes them. They may hold a password.
    // `path`: The file of the document; null: it is in memory.
    internal JsonObject ToJson(string? path)
    {
        var json = (JsonObject)_given.DeepClone();
        WoSignDocOptions.Put(json, "path", path);
        WoSignDocOptions.Put(json, "password", Password);
        WoSignDocOptions.Put(
            json, "at", At?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        WoSignDocOptions.Put(json, "preset", JsonWriting.Word(Preset));
        WoSignDocOptions.Section(json, "roots", roots =>
        {
            JsonWriting.Append(roots, "ca_file", RootFiles.Select(static file => (JsonNode?)file));
            JsonWriting.Append(roots, "ca", Roots.Select(static text => (JsonNode?)text));
        });
        JsonWriting.Append(json, "trust", Trust.Select(static block => block.ToJson()));
        if (Sent is not null)
        {
            // The bytes are given beside the settings.
            json.Remove("sent");
        }

        WoSignDocOptions.Put(json, "sent", SentFile);
        WoSignDocOptions.Section(json, "policy", Policy.Put);
        WoSignDocOptions.Section(json, "signers", Signers.Put);
        if (Order is { } order)
        {
            json["order"] = OrderWriter.SignersOf(order);
        }

        return json;
    }

    // Writes the settings for a push, which has the document.
    internal JsonObject ToPushJson() => Sent is null
        ? ToJson(null)
        : throw InvalidCallException.SentAsBytes();

    // Turns text into settings; what is wrong with it, the core says best.
    private static JsonObject Read(byte[] text)
    {
        try
        {
            if (JsonNode.Parse(text) is JsonObject json)
            {
                return json;
            }
        }
        catch (JsonException)
        {
            // As below.
        }

        Core.Verify(default, default, text);
        throw new InvalidOperationException("the native library took settings that are no JSON object");
    }
}

/// <summary>Says what follows from what; null leaves it to the ready-made policy.</summary>
public sealed class VerifyPolicy
{
    /// <summary>The document does not prove whether a certificate was revoked.</summary>
    public Consequence? UnknownRevocation { get; set; }

    /// <summary>A certificate had expired.</summary>
    public Consequence? Expired { get; set; }

    /// <summary>An algorithm or a key is weak.</summary>
    public Consequence? Weak { get; set; }

    /// <summary>Something is odd.</summary>
    public Consequence? Warnings { get; set; }

    /// <summary>The least length of an RSA key, in bits; null: 2048.</summary>
    public int? RsaBits { get; set; }

    /// <summary>Whether SHA-1 will do; null: it will not.</summary>
    public bool? Sha1 { get; set; }

    internal void Put(JsonObject json)
    {
        WoSignDocOptions.Put(json, "unknown_revocation", JsonWriting.Word(UnknownRevocation));
        WoSignDocOptions.Put(json, "expired", JsonWriting.Word(Expired));
        WoSignDocOptions.Put(json, "weak", JsonWriting.Word(Weak));
        WoSignDocOptions.Put(json, "warnings", JsonWriting.Word(Warnings));
        WoSignDocOptions.Put(json, "rsa_bits", RsaBits);
        WoSignDocOptions.Put(json, "sha1", Sha1);
    }
}

/// <summary>Says who has to have signed.</summary>
public sealed class RequiredSignersOptions
{
    /// <summary>The names of organisations and persons, besides those of the order.</summary>
    public IList<string> Names { get; } = new List<string>();

    /// <summary>Whether in this order; null: if there is an order that was sent.</summary>
    public bool? InOrder { get; set; }

    /// <summary>
    /// How many trusted signatures there have to be: one that is not trusted, and a time stamp, do not count. Null: any
    /// number.
    /// </summary>
    public int? Count { get; set; }

    /// <summary>How names are compared; null: <see cref="NameMatch.Folded"/>.</summary>
    public NameMatch? NameMatch { get; set; }

    /// <summary>
    /// How the numbers of licences and identity cards are compared; null: <see cref="NumberMatch.Ignore"/>.
    /// </summary>
    public NumberMatch? NumberMatch { get; set; }

    /// <summary>
    /// Whether the signature's <c>/Name</c>, <c>/Reason</c> and <c>/Location</c> count as names; null: they do not.
    /// </summary>
    public bool? MatchDictionary { get; set; }

    internal void Put(JsonObject json)
    {
        JsonWriting.Append(json, "names", Names.Select(static name => (JsonNode?)name));
        WoSignDocOptions.Put(json, "in_order", InOrder);
        WoSignDocOptions.Put(json, "count", Count);
        WoSignDocOptions.Section(json, "match", match =>
        {
            WoSignDocOptions.Put(match, "name", JsonWriting.Word(NameMatch));
            WoSignDocOptions.Put(match, "number", JsonWriting.Word(NumberMatch));
            WoSignDocOptions.Put(match, "dictionary", MatchDictionary);
        });
    }
}
