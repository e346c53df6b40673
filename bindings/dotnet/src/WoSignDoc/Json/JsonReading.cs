using System;
using System.Collections.Generic;
using System.Text.Json;

namespace WoSignDoc.Json;

// Reads the core's answer documents: a field that is missing or of another type is absent.
internal static class JsonReading
{
    internal static string? Text(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    internal static bool Flag(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.True };

    internal static int? Number(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt32(out int number)
            ? number
            : null;

    internal static long? Long(this JsonElement element, string name) =>
        element.Field(name) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out long number)
            ? number
            : null;

    internal static TimeSpan Milliseconds(this JsonElement element, string name) =>
        TimeSpan.FromMilliseconds(element.Long(name) ?? 0);

    // Reads every element of a list; an absent list is an empty one.
    internal static IReadOnlyList<T> List<T>(this JsonElement element, string name, Func<JsonElement, T> read)
    {
        if (element.Field(name) is not { ValueKind: JsonValueKind.Array } list)
        {
            return [];
        }

        var all = new List<T>(list.GetArrayLength());
        foreach (JsonElement one in list.EnumerateArray())
        {
            all.Add(read(one));
        }

        return all.AsReadOnly();
    }

    internal static JsonElement? Field(this JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            ? value
            : null;
}
