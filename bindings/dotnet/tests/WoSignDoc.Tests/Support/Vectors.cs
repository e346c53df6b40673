using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Text;
using System.Text.Json;
using NUnit.Framework;

namespace WoSignDoc.Tests.Support;

/// <summary>Reads the cases of vectors/, which every language runs.</summary>
internal static class Vectors
{
    /// <summary>Runs every case of a file, and fails when one of them does.</summary>
    /// <param name="file">Its name in vectors/.</param>
    /// <param name="run">Runs one case; what is given besides is the whole file.</param>
    internal static void RunAll(string file, Action<JsonElement, JsonElement> run)
    {
        using JsonDocument json = JsonDocument.Parse(File.ReadAllBytes(Repository.File("vectors", file)));
        var failures = new List<string>();
        int count = 0;
        foreach (JsonElement test in json.RootElement.GetProperty("cases").EnumerateArray())
        {
            count++;
            using (new NUnit.Framework.Internal.TestExecutionContext.IsolatedContext())
            {
                try
                {
                    run(test, json.RootElement);
                }
                catch (Exception exception)
                {
                    failures.Add($"{test.GetProperty("name").GetString()}: {exception.Message}");
                }
            }
        }

        TestContext.Progress.WriteLine($"vectors/{file}: {count} cases");
        Assert.That(count, Is.Positive);
        Assert.That(failures, Is.Empty, string.Join("\n", failures));
    }

    /// <summary>Reads the options of a case.</summary>
    internal static PushOptions PushOptionsOf(JsonElement test)
    {
        var options = new PushOptions();
        if (!test.TryGetProperty("options", out JsonElement given))
        {
            return options;
        }

        foreach (JsonProperty section in given.EnumerateObject())
        {
            foreach (JsonProperty field in section.Value.EnumerateObject())
            {
                switch (section.Name + "." + field.Name)
                {
                    case "expect.ordernumber":
                        options.ExpectedOrderNumber = field.Value.GetString();
                        break;
                    case "expect.signid":
                        options.ExpectedSignId = field.Value.GetString();
                        break;
                    case "limits.body":
                        options.BodyLimit = field.Value.GetInt64();
                        break;
                    case "limits.envelope":
                        options.EnvelopeLimit = field.Value.GetInt32();
                        break;
                    case "limits.depth":
                        options.DepthLimit = field.Value.GetInt32();
                        break;
                    default:
                        throw new AssertionException($"unknown option {section.Name}.{field.Name}");
                }
            }
        }

        return options;
    }

    /// <summary>A text of the vectors: a string, or pieces to be joined.</summary>
    internal static byte[] Body(JsonElement text)
    {
        if (text.ValueKind == JsonValueKind.String)
        {
            return Encoding.UTF8.GetBytes(text.GetString()!);
        }

        var body = new MemoryStream();
        foreach (JsonElement piece in text.EnumerateArray())
        {
            byte[] bytes = Piece(piece);
            body.Write(bytes, 0, bytes.Length);
        }

        return body.ToArray();
    }

    private static byte[] Piece(JsonElement piece)
    {
        if (piece.ValueKind == JsonValueKind.String)
        {
            return Encoding.UTF8.GetBytes(piece.GetString()!);
        }

        return piece.TryGetProperty("base64", out JsonElement base64)
            ? base64.GetBytesFromBase64()
            : Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(
                piece.GetProperty("repeat").GetString(), piece.GetProperty("times").GetInt32())));
    }
}
