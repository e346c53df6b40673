using System.IO;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace WoSignDoc;

/// <summary>What a push must be, and how large it may be.</summary>
public sealed class PushOptions
{
    /// <summary>The order that it must be for; null: any (P-33).</summary>
    public string? ExpectedOrderNumber { get; set; }

    /// <summary>The platform's id that it must have; null: any (P-33).</summary>
    public string? ExpectedSignId { get; set; }

    /// <summary>Longest body, in bytes; null: 256 MiB.</summary>
    public long? BodyLimit { get; set; }

    /// <summary>Longest part of the body that is not the document, in bytes; null: 64 KiB.</summary>
    public int? EnvelopeLimit { get; set; }

    /// <summary>Deepest nesting of the JSON; null: 32.</summary>
    public int? DepthLimit { get; set; }

    /// <summary>
    /// Whether a file that is there already is replaced. If not, one that holds the very same document is fine
    /// (<see cref="ReceivedPush.AlreadyStored"/>), and any other is an error.
    /// </summary>
    public bool Overwrite { get; set; } = true;

    internal byte[] ToJson(string? path)
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(
            stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            json.WriteStartObject();
            if (path is not null)
            {
                json.WriteString("path", path);
                json.WriteBoolean("overwrite", Overwrite);
            }

            WriteExpected(json);
            WriteLimits(json);
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    private void WriteExpected(Utf8JsonWriter json)
    {
        json.WriteStartObject("expect");
        if (ExpectedOrderNumber is not null)
        {
            json.WriteString("ordernumber", ExpectedOrderNumber);
        }

        if (ExpectedSignId is not null)
        {
            json.WriteString("signid", ExpectedSignId);
        }

        json.WriteEndObject();
    }

    private void WriteLimits(Utf8JsonWriter json)
    {
        json.WriteStartObject("limits");
        foreach ((string name, long? limit) in new[]
        {
            ("body", BodyLimit), ("envelope", EnvelopeLimit), ("depth", DepthLimit),
        })
        {
            if (limit is { } number)
            {
                json.WriteNumber(name, number);
            }
        }

        json.WriteEndObject();
    }
}
