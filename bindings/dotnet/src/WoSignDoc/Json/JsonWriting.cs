using System.IO;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WoSignDoc.Json;

/// <summary>Writes documents for the core, which takes a null for a setting that is absent.</summary>
internal static class JsonWriting
{
    internal static byte[] Bytes(this JsonObject json)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            json.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
