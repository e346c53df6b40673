using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Holds the configuration of a client. What is set here overrides what <see cref="ConfigurationFile"/> or the
/// environment say; everything is checked when the client is made.
/// </summary>
public sealed class WoSignDocOptions
{
    /// <summary>
    /// A configuration file to start from, such as the platform's <c>client.json</c>; paths in it are relative
    /// to it. Null: none.
    /// </summary>
    public string? ConfigurationFile { get; set; }

    /// <summary>
    /// Whether to start from the variables <c>WOSIGNDOC_ENDPOINT</c>, <c>WOSIGNDOC_TOKEN</c>, <c>WOSIGNDOC_IDENTITY</c>
    /// and so on. Not together with <see cref="ConfigurationFile"/>: <c>WOSIGNDOC_CONFIG</c> names a file too.
    /// </summary>
    public bool UseEnvironment { get; set; }

    /// <summary>The platform's URL, which begins with <c>https:</c>.</summary>
    public string? Endpoint { get; set; }

    /// <summary>The TokenID that the platform gave you.</summary>
    public string? TokenId { get; set; }

    /// <summary>The client certificate and its key.</summary>
    public IdentityOptions Identity { get; } = new();

    /// <summary>The certificate authorities that the server certificate may come from.</summary>
    public RootsOptions Roots { get; } = new();

    /// <summary>
    /// Sends by .NET's own HTTP client, for a certificate from a store and for what the native library does not speak;
    /// as it is, the native library sends.
    /// </summary>
    public TransportOptions Transport { get; } = new();

    /// <summary>The limit for a connection to come about; null: 10 seconds.</summary>
    public TimeSpan? ConnectTimeout { get; set; }

    /// <summary>The limit for a whole call; null: 120 seconds.</summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>The time for which an unused connection is kept; null: 55 seconds.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>The URL of an HTTP proxy, or <c>system</c>; null: none.</summary>
    public string? Proxy { get; set; }

    /// <summary>The text that the user agent has besides <c>wosigndoc/x.y.z</c>, e.g. <c>shop/1.0</c>.</summary>
    public string? UserAgent { get; set; }

    /// <summary>Whether orders without materials are sent, for platforms that know the signer; null: they are not.</summary>
    public bool? AllowEmptyMaterial { get; set; }

    /// <summary>
    /// The limit of how often an order is sent when no answer comes; the platform takes an order number once only.
    /// 1: it is sent once; null: 3.
    /// </summary>
    public int? RetryAttempts { get; set; }

    /// <summary>The pause between two attempts, up to a minute, also zero; null: 0.5 seconds.</summary>
    public TimeSpan? RetryPause { get; set; }

    /// <summary>Makes options that start from a file.</summary>
    public static WoSignDocOptions FromFile(string path) => new() { ConfigurationFile = path };

    /// <summary>Makes options that start from the environment.</summary>
    public static WoSignDocOptions FromEnvironment() => new() { UseEnvironment = true };

    // Writes the configuration document. It may hold a key and its passphrase.
    // Throws InvalidCallException: The file or the environment does not hold together.
    internal byte[] ToJson()
    {
        JsonObject json = Base();
        Put(json, "endpoint", Endpoint);
        Put(json, "tokenid", TokenId);
        Put(json, "proxy", Proxy);
        Put(json, "user_agent", UserAgent);
        Put(json, "allow_empty_material", AllowEmptyMaterial);
        Section(json, "identity", Identity.Put);
        Section(json, "roots", Roots.Put);
        Section(json, "timeouts", timeouts =>
        {
            Put(timeouts, "connect_ms", ConnectTimeout, nameof(ConnectTimeout));
            Put(timeouts, "total_ms", TotalTimeout, nameof(TotalTimeout));
            Put(timeouts, "idle_ms", IdleTimeout, nameof(IdleTimeout));
        });
        Section(json, "retry", retry =>
        {
            Put(retry, "attempts", RetryAttempts);
            Put(retry, "pause_ms", RetryPause, nameof(RetryPause), min: 0);
        });
        return json.Bytes();
    }

    // Writes the configuration document, or where it is kept when it cannot be read: a preflight reports why
    // then.
    internal byte[] ToJsonOrPlace()
    {
        try
        {
            return ToJson();
        }
        catch (Exception exception) when (exception is InvalidCallException or FileException)
        {
            JsonObject place = ConfigurationFile is { } path
                ? ConfigurationSource.PlaceOfFile(path)
                : ConfigurationSource.PlaceOfEnvironment(null);
            return place.Bytes();
        }
    }

    internal static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    // Sets these in place of all that are there; nothing happens when none of them has a value.
    internal static bool Replace(JsonObject json, params (string Name, string? Value)[] values)
    {
        if (!Array.Exists(values, static one => one.Value is not null))
        {
            return false;
        }

        foreach ((string name, string? value) in values)
        {
            json.Remove(name);
            Put(json, name, value);
        }

        return true;
    }

    private static void Put(JsonObject json, string name, TimeSpan? time, string property, uint min = 1) =>
        Put(json, name, time is null ? null : Argument.Milliseconds(time, property, min));

    internal static void Section(JsonObject json, string name, Action<JsonObject> fill)
    {
        JsonObject section = json[name] as JsonObject ?? [];
        fill(section);
        if (section.Count > 0 && section.Parent is null)
        {
            json[name] = section;
        }
    }

    private JsonObject Base() => (ConfigurationFile, UseEnvironment) switch
    {
        ({ } path, false) => ConfigurationSource.File(path),
        (null, true) => ConfigurationSource.Environment(null),
        (null, false) => [],
        _ => throw new ArgumentException(
            "set ConfigurationFile or UseEnvironment, not both（ConfigurationFile 和 UseEnvironment 只能设置一个）"),
    };
}

/// <summary>
/// Holds a client certificate and its key, in one of three forms: PEM files, PEM text, or PKCS#12. Setting one form
/// here replaces whatever form the file or the environment has, with its passphrase.
/// </summary>
public sealed class IdentityOptions
{
    /// <summary>The path of a PEM file with the certificate.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>The path of a PEM file with the key; null: it is in the certificate's file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The certificate as PEM text.</summary>
    public string? Certificate { get; set; }

    /// <summary>The key as PEM text.</summary>
    public string? Key { get; set; }

    /// <summary>The path of a PKCS#12 file (.p12, .pfx).</summary>
    public string? Pkcs12File { get; set; }

    /// <summary>The bytes of a PKCS#12 file.</summary>
    public byte[]? Pkcs12 { get; set; }

    /// <summary>The passphrase of the key or of the PKCS#12 file.</summary>
    public string? Passphrase { get; set; }

    internal void Put(JsonObject json)
    {
        bool replaced = WoSignDocOptions.Replace(
            json,
            ("certificate_file", CertificateFile),
            ("key_file", KeyFile),
            ("certificate", Certificate),
            ("key", Key),
            ("pkcs12_file", Pkcs12File),
            ("pkcs12", Pkcs12 is null ? null : Convert.ToBase64String(Pkcs12)));
        if (replaced)
        {
            json.Remove("passphrase");
        }

        WoSignDocOptions.Put(json, "passphrase", Passphrase);
    }
}

/// <summary>
/// Says which certificate authorities the server certificate may come from; by default the system's roots. Further roots that are set here, as a file
/// or as text, replace those that the file or the environment has.
/// </summary>
public sealed class RootsOptions
{
    /// <summary>Whether the system's roots are trusted; null: unless a CA is given.</summary>
    public bool? System { get; set; }

    /// <summary>The path of a PEM file with further roots.</summary>
    public string? CaFile { get; set; }

    /// <summary>The further roots as PEM text.</summary>
    public string? Ca { get; set; }

    internal void Put(JsonObject json)
    {
        WoSignDocOptions.Put(json, "system", System);
        WoSignDocOptions.Replace(json, ("ca_file", CaFile), ("ca", Ca));
    }
}

// Lets the core read files and variables: it knows their names and meaning.
internal static class ConfigurationSource
{
    internal static JsonObject File(string path) => Resolve(PlaceOfFile(path));

    // Reads a configuration from these variables, or from those of the process.
    internal static JsonObject Environment(IEnumerable<KeyValuePair<string, string>>? variables) =>
        Resolve(PlaceOfEnvironment(variables));

    // Takes JSON of the program's own. Where it only says where the settings are kept they are read here,
    // once: orders are judged by the settings that they are sent with.
    internal static byte[] Own(string json)
    {
        // A byte order mark comes with the text of many a file, and JSON has none.
        byte[] given = JsonWriting.Utf8(json.TrimStart('\uFEFF'), "configuration");
        return IsPlace(given) ? Resolve(given).Bytes() : given;
    }

    internal static JsonObject PlaceOfFile(string path) => new() { ["file"] = path };

    internal static JsonObject PlaceOfEnvironment(IEnumerable<KeyValuePair<string, string>>? variables)
    {
        var given = new JsonObject();
        foreach (KeyValuePair<string, string> variable in variables ?? Process())
        {
            if (variable.Key.StartsWith("WOSIGNDOC_", StringComparison.Ordinal))
            {
                given[variable.Key] = variable.Value;
            }
        }

        return new JsonObject { ["environment"] = given };
    }

    private static JsonObject Resolve(JsonObject source) => Resolve(source.Bytes());

    private static JsonObject Resolve(byte[] source) =>
        JsonObject.Create(Core.ResolveConfiguration(source)) ?? [];

    private static bool IsPlace(byte[] json)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            JsonElement root = document.RootElement;
            return (root.Field("file") ?? root.Field("environment")) is not null && root.EnumerateObject().Count() == 1;
        }
        catch (JsonException)
        {
            return false; // The core says what is wrong with it.
        }
    }

    private static IEnumerable<KeyValuePair<string, string>> Process()
    {
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            yield return new KeyValuePair<string, string>((string)entry.Key, (string?)entry.Value ?? string.Empty);
        }
    }
}
