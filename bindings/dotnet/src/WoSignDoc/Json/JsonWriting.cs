using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace WoSignDoc.Json;

// Writes documents and texts for the core, which takes a null for a setting that is absent. Half of a surrogate pair is
// refused: replaced, two different numbers could become one.
internal static class JsonWriting
{
    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    internal static byte[] Bytes(this JsonObject json)
    {
        Refuse(json, string.Empty);
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            json.WriteTo(writer);
        }

        return stream.ToArray();
    }

    // Puts these behind what a list holds already, or what stands in the place of one. No list is made for nothing.
    internal static void Append(JsonObject json, string name, IEnumerable<JsonNode?> more)
    {
        JsonNode?[] added = [.. more];
        if (added.Length == 0)
        {
            return;
        }

        JsonNode? given = json[name];
        json.Remove(name);
        JsonArray list = given as JsonArray ?? (given is null ? [] : [given]);
        foreach (JsonNode? one in added)
        {
            list.Add(one);
        }

        json[name] = list;
    }

    // Writes the name of a value as the core's word: IfPresent is "if_present".
    internal static string? Word(Enum? value) => value is null
        ? null
        : string.Concat(value.ToString().Select(static (letter, at) => char.IsUpper(letter)
            ? (at > 0 ? "_" : string.Empty) + char.ToLowerInvariant(letter)
            : letter.ToString()));

    // Turns a text of this name into UTF-8.
    internal static byte[] Utf8(string text, string field)
    {
        try
        {
            return Strict.GetBytes(text);
        }
        catch (EncoderFallbackException)
        {
            throw InvalidCallException.HalfACharacter(field);
        }
    }

    // Gives the text, when it is whole.
    internal static string Whole(string text, string field)
    {
        for (int at = 0; at < text.Length; at++)
        {
            if (char.IsSurrogate(text[at]))
            {
                if (!char.IsSurrogatePair(text, at))
                {
                    throw InvalidCallException.HalfACharacter(field);
                }

                at++;
            }
        }

        return text;
    }

    private static void Refuse(JsonNode? node, string field)
    {
        switch (node)
        {
            case JsonObject json:
                foreach (KeyValuePair<string, JsonNode?> each in json)
                {
                    string name = Whole(each.Key, field.Length > 0 ? field : "?");
                    Refuse(each.Value, field.Length > 0 ? $"{field}.{name}" : name);
                }

                break;
            case JsonArray list:
                for (int at = 0; at < list.Count; at++)
                {
                    Refuse(list[at], $"{field}[{at}]");
                }

                break;
            case JsonValue value when value.TryGetValue(out string? text):
                Whole(text, field);
                break;
        }
    }
}
