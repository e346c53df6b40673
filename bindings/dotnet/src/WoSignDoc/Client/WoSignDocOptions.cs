using System;
using System.Collections.Generic;
using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;
using WoSignDoc.Interop;

namespace WoSignDoc;

/// <summary>
/// Configuration of a client. What is set here overrides what <see cref="ConfigurationFile"/> or the
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
    /// Starts from the variables <c>WOSIGNDOC_ENDPOINT</c>, <c>WOSIGNDOC_TOKEN</c>, <c>WOSIGNDOC_IDENTITY</c>
    /// and so on. Not together with <see cref="ConfigurationFile"/>: <c>WOSIGNDOC_CONFIG</c> names a file too.
    /// </summary>
    public bool UseEnvironment { get; set; }

    /// <summary>The platform's https URL (P-1, P-4).</summary>
    public string? Endpoint { get; set; }

    /// <summary>The TokenID.</summary>
    public string? TokenId { get; set; }

    /// <summary>The client certificate and its key.</summary>
    public IdentityOptions Identity { get; } = new();

    /// <summary>Whose server certificates are trusted.</summary>
    public RootsOptions Roots { get; } = new();

    /// <summary>How long a connection may take to come about; null: 10 seconds.</summary>
    public TimeSpan? ConnectTimeout { get; set; }

    /// <summary>How long a whole call may take; null: 120 seconds.</summary>
    public TimeSpan? TotalTimeout { get; set; }

    /// <summary>How long an unused connection is kept; null: 55 seconds.</summary>
    public TimeSpan? IdleTimeout { get; set; }

    /// <summary>URL of an HTTP proxy, or <c>system</c>; null: none.</summary>
    public string? Proxy { get; set; }

    /// <summary>What the user agent says besides <c>wosigndoc/x.y.z</c>, e.g. <c>shop/1.0</c>.</summary>
    public string? UserAgent { get; set; }

    /// <summary>Sends orders without materials, for platforms that know the signer already (P-16).</summary>
    public bool? AllowEmptyMaterial { get; set; }

    /// <summary>How often an order is sent at most when no answer comes (P-23); 1: once; null: 3 times.</summary>
    public int? RetryAttempts { get; set; }

    /// <summary>The pause between two attempts; null: 0.5 seconds.</summary>
    public TimeSpan? RetryPause { get; set; }

    /// <summary>Options that start from a file.</summary>
    public static WoSignDocOptions FromFile(string path) => new() { ConfigurationFile = path };

    /// <summary>Options that start from the environment.</summary>
    public static WoSignDocOptions FromEnvironment() => new() { UseEnvironment = true };

    /// <summary>The configuration document. It may hold a key and its passphrase.</summary>
    /// <exception cref="InvalidCallException">The file or the environment does not hold together.</exception>
    internal byte[] ToJson()
    {
        JsonObject json = Base();
        Put(json, "endpoint", Endpoint);
        Put(json, "tokenid", TokenId);
        Put(json, "proxy", Proxy);
        Put(json, "user_agent", UserAgent);
        Put(json, "allow_empty_material", AllowEmptyMaterial is { } allow ? JsonValue.Create(allow) : null);
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
            Put(retry, "attempts", RetryAttempts is { } attempts ? JsonValue.Create(attempts) : null);
            Put(retry, "pause_ms", RetryPause, nameof(RetryPause));
        });
        return ConfigurationSource.Bytes(json);
    }

    /// <summary>
    /// The configuration document, or where it is kept when it cannot be read: a preflight reports why then.
    /// </summary>
    internal byte[] ToJsonOrPlace()
    {
        try
        {
            return ToJson();
        }
        catch (Exception exception) when (exception is InvalidCallException or FileException)
        {
            return ConfigurationSource.Bytes(
                ConfigurationFile is { } path
                    ? ConfigurationSource.PlaceOfFile(path)
                    : ConfigurationSource.PlaceOfEnvironment(null));
        }
    }

    internal static void Put(JsonObject json, string name, JsonNode? value)
    {
        if (value is not null)
        {
            json[name] = value;
        }
    }

    private static void Put(JsonObject json, string name, TimeSpan? time, string property) =>
        Put(json, name, time is null ? null : JsonValue.Create(Argument.Milliseconds(time, property)));

    private static void Section(JsonObject json, string name, Action<JsonObject> fill)
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
            "set ConfigurationFile or UseEnvironment, not both (ConfigurationFile 和 UseEnvironment 只能设置一个)"),
    };
}

/// <summary>
/// A client certificate and its key, in one of three forms: PEM files, PEM text, or PKCS#12. Setting one form
/// here replaces whatever form the file or the environment has.
/// </summary>
public sealed class IdentityOptions
{
    private static readonly string[] Forms =
        ["certificate_file", "key_file", "certificate", "key", "pkcs12_file", "pkcs12"];

    /// <summary>Path of a PEM file with the certificate.</summary>
    public string? CertificateFile { get; set; }

    /// <summary>Path of a PEM file with the key; null: it is in the certificate's file.</summary>
    public string? KeyFile { get; set; }

    /// <summary>The certificate as PEM text.</summary>
    public string? Certificate { get; set; }

    /// <summary>The key as PEM text.</summary>
    public string? Key { get; set; }

    /// <summary>Path of a PKCS#12 file (.p12, .pfx).</summary>
    public string? Pkcs12File { get; set; }

    /// <summary>The bytes of a PKCS#12 file.</summary>
    public byte[]? Pkcs12 { get; set; }

    /// <summary>The passphrase of the key or of the PKCS#12 file.</summary>
    public string? Passphrase { get; set; }

    internal void Put(JsonObject json)
    {
        string?[] values =
            [CertificateFile, KeyFile, Certificate, Key, Pkcs12File, Pkcs12 is null ? null : Convert.ToBase64String(Pkcs12)];
        if (Array.Exists(values, static value => value is not null))
        {
            for (int at = 0; at < Forms.Length; at++)
            {
                json.Remove(Forms[at]);
                WoSignDocOptions.Put(json, Forms[at], values[at]);
            }
        }

        WoSignDocOptions.Put(json, "passphrase", Passphrase);
    }
}

/// <summary>Whose server certificates are trusted; by default the system's roots.</summary>
public sealed class RootsOptions
{
    /// <summary>The system's roots; null: unless a CA is given.</summary>
    public bool? System { get; set; }

    /// <summary>Path of a PEM file with further roots.</summary>
    public string? CaFile { get; set; }

    /// <summary>Further roots as PEM text.</summary>
    public string? Ca { get; set; }

    internal void Put(JsonObject json)
    {
        WoSignDocOptions.Put(json, "system", System is { } system ? JsonValue.Create(system) : null);
        WoSignDocOptions.Put(json, "ca_file", CaFile);
        WoSignDocOptions.Put(json, "ca", Ca);
    }
}

/// <summary>Lets the core read files and variables: it knows their names and meaning.</summary>
internal static class ConfigurationSource
{
    internal static JsonObject File(string path) => Resolve(PlaceOfFile(path));

    /// <summary>From these variables, or from those of the process.</summary>
    internal static JsonObject Environment(IEnumerable<KeyValuePair<string, string>>? variables) =>
        Resolve(PlaceOfEnvironment(variables));

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

    internal static byte[] Bytes(JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            json.WriteTo(writer);
        }

        return stream.ToArray();
    }

    private static JsonObject Resolve(JsonObject source)
    {
        JsonElement resolved = Core.ResolveConfiguration(Bytes(source));
        return JsonObject.Create(resolved) ?? [];
    }

    private static IEnumerable<KeyValuePair<string, string>> Process()
    {
        foreach (System.Collections.DictionaryEntry entry in System.Environment.GetEnvironmentVariables())
        {
            yield return new KeyValuePair<string, string>((string)entry.Key, (string?)entry.Value ?? string.Empty);
        }
    }
}
