using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
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

    internal static DateTimeOffset? Time(this JsonElement element, string name) => DateTimeOffset.TryParse(
        element.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        ? time
        : null;

    // Reads a word such as "not_permitted"; one that this package does not know is the first of the type.
    internal static T Word<T>(this JsonElement element, string name)
        where T : struct, Enum =>
        element.Text(name) is { } word && word.All(static letter => letter is '_' or (>= 'a' and <= 'z'))
            && Enum.TryParse(word.Replace("_", string.Empty), ignoreCase: true, out T value) ? value : default;

    // Reads a field that may be null.
    internal static T? Read<T>(this JsonElement element, string name, Func<JsonElement, T?> read)
        where T : class =>
        element.Field(name) is { ValueKind: not JsonValueKind.Null } value ? read(value) : null;

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
