using System;
using System.Globalization;
using System.Text.Json.Nodes;

namespace WoSignDoc.Testing;

// Reads the control API's answers: a field that is missing is absent.
internal static class JsonNodes
{
    internal static string? Text(this JsonNode json, string name) => (string?)json[name];

    internal static DateTimeOffset? Time(this JsonNode json, string name) => DateTimeOffset.TryParse(
        json.Text(name), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)
        ? time
        : null;
}
