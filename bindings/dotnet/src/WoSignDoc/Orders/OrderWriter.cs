using System;
using System.Collections.Generic;
using System.Globalization;
using System.IO;
using System.Linq;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Json;

namespace WoSignDoc;

// Writes an order as the native library takes it: JSON, and byte ranges beside it.
internal sealed class OrderWriter : IDisposable
{
    private readonly MemoryStream _text = new();
    private readonly Utf8JsonWriter _json;
    private readonly List<ReadOnlyMemory<byte>> _attachments = [];
    private readonly Dictionary<DocumentSource, Spool> _spools = [];
    private string _path = string.Empty; // What stands before the name of a field.

    private OrderWriter() =>
        // For a JSON reader, never for HTML: Chinese stays as it is.
        _json = new Utf8JsonWriter(_text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    // Writes an order; streams in it are read here.
    internal static async Task<WrittenOrder> WriteAsync(
        SignOrder order, bool synchronous, CancellationToken cancellation)
    {
        Argument.NotNull(order, nameof(order));
        var writer = new OrderWriter();
        try
        {
            foreach (DocumentSource source in Sources(order))
            {
                await source.PrepareAsync(writer, synchronous, cancellation).ConfigureAwait(false);
            }

            writer.Order(order);
            writer._json.Flush();
            var text = new ReadOnlyMemory<byte>(writer._text.GetBuffer(), 0, (int)writer._text.Length);
            return new WrittenOrder(text, writer._attachments, writer);
        }
        catch
        {
            writer.Dispose();
            throw;
        }
    }

    // Does the same for callers that block.
    internal static WrittenOrder Write(SignOrder order) =>
        WriteAsync(order, synchronous: true, CancellationToken.None).GetAwaiter().GetResult();

    // Writes who signs an order, and nothing else of it.
    internal static JsonObject SignersOf(SignOrder order)
    {
        IEnumerable<JsonNode?> signers = order.Signers.Select(static signer => new JsonObject
        {
            ["signType"] = (int)signer.Kind,
            [NameField(signer)] = signer.Name,
            [NumberField(signer)] = signer.Number,
        });
        return new JsonObject { ["signerlist"] = new JsonArray([.. signers]) };
    }

    internal void Text(string field, string? value)
    {
        if (value is not null)
        {
            _json.WriteString(field, JsonWriting.Whole(value, _path + field));
        }
    }

    internal void File(string field, string path)
    {
        _json.WriteStartObject(field);
        _json.WriteString("path", JsonWriting.Whole(path, $"{_path}{field}.path"));
        _json.WriteEndObject();
    }

    internal void Attachment(string field, ReadOnlyMemory<byte> bytes)
    {
        _json.WriteStartObject(field);
        _json.WriteNumber("attachment", _attachments.Count);
        _json.WriteEndObject();
        _attachments.Add(bytes);
    }

    internal void Keep(DocumentSource source, Spool spool) => _spools.Add(source, spool);

    internal Spool? Spooled(DocumentSource source) => _spools.TryGetValue(source, out Spool? spool) ? spool : null;

    public void Dispose()
    {
        _json.Dispose();
        foreach (Spool spool in _spools.Values)
        {
            spool.Dispose();
        }
    }

    private static IEnumerable<DocumentSource> Sources(SignOrder order)
    {
        if (order.Document is { } document)
        {
            yield return document;
        }

        foreach (Signer signer in order.Signers)
        {
            foreach (DocumentSource? source in new[] { signer.Seal, signer.Material, signer.OtherMaterial })
            {
                if (source is not null)
                {
                    yield return source;
                }
            }
        }
    }

    private void Order(SignOrder order)
    {
        _json.WriteStartObject();
        Text("tempid", order.TemplateId);
        Text("subject", order.Subject);
        Text("password", order.Password);
        order.Document?.Write(this, "filebase");
        Text("fileformat", order.FileFormat ?? order.Document?.Suffix);
        Text("orderNumber", order.OrderNumber);
        _json.WriteStartArray("signerlist");
        for (int at = 0; at < order.Signers.Count; at++)
        {
            _path = FormattableString.Invariant($"signerlist[{at}].");
            Signer(order.Signers[at]);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private void Signer(Signer signer)
    {
        _json.WriteStartObject();
        _json.WriteNumber("signType", (int)signer.Kind);
        Text(NameField(signer), signer.Name);
        Text(NumberField(signer), signer.Number);
        Text("country", signer.Country);
        signer.Seal?.Write(this, "stampbase");
        signer.Material?.Write(this, "pic");
        signer.OtherMaterial?.Write(this, "otherpic");
        _json.WriteStartArray("signlist");
        foreach (SignatureBox box in signer.Boxes)
        {
            Box(box);
        }

        _json.WriteEndArray();
        _json.WriteEndObject();
    }

    private static string NameField(Signer signer) =>
        signer.Kind == SignerKind.Organisation ? "orgName" : "userName";

    private static string NumberField(Signer signer) =>
        signer.Kind == SignerKind.Organisation ? "orgNo" : "userNo";

    private void Box(SignatureBox box)
    {
        _json.WriteStartObject();
        _json.WriteNumber("page", box.Page);
        Edge("left", box.Left);
        Edge("bottom", box.Bottom);
        Edge("right", box.Right);
        Edge("top", box.Top);
        _json.WriteEndObject();
    }

    // JSON has no NaN or infinity; as text the core refuses them and names the field.
    private void Edge(string name, double value)
    {
        if (double.IsNaN(value) || double.IsInfinity(value))
        {
            _json.WriteString(name, value.ToString(CultureInfo.InvariantCulture));
        }
        else
        {
            _json.WriteNumber(name, value);
        }
    }
}

// Holds an order for the native library; what it reads from is there until this is disposed of.
internal sealed class WrittenOrder(
    ReadOnlyMemory<byte> text, IReadOnlyList<ReadOnlyMemory<byte>> attachments, IDisposable? resources) : IDisposable
{
    internal ReadOnlyMemory<byte> Text { get; } = text;

    internal IReadOnlyList<ReadOnlyMemory<byte>> Attachments { get; } = attachments;

    // Takes an order that the caller wrote.
    internal static WrittenOrder FromJson(string order, IReadOnlyList<ReadOnlyMemory<byte>>? attachments) =>
        new(JsonWriting.Utf8(Argument.NotNull(order, nameof(order)), nameof(order)), attachments ?? [], null);

    public void Dispose() => resources?.Dispose();
}
