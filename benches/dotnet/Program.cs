// Receiving a document of 10 MB in .NET, beside what .NET does by itself, in one process, turn by turn: the best
// of all rounds counts. Fails when a ratio is below its target.
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WoSignDoc;

const int Rounds = 41;
byte[] document = new byte[10 * 1024 * 1024];
new Random(1).NextBytes(document);
string hash = Convert.ToHexString(SHA256.HashData(document)).ToLowerInvariant();
byte[] body = Encoding.UTF8.GetBytes(
    "{\"actiontype\":\"PushSignedDoc\",\"status\":1,\"errorcode\":\"0\",\"extendData\":{\"signid\":\"S-1\","
    + "\"ordernumber\":\"A-1\",\"content\":\"" + Convert.ToBase64String(document) + "\",\"hash\":\"" + hash + "\"}}");
string text = Encoding.UTF8.GetString(body);
byte[] buffer = new byte[document.Length];

(string Name, Func<int> Run)[] ways =
[
    ("wosigndoc into the caller's buffer", () => (int)PushReceiver.ReceiveInto(body, buffer).Length),
    ("wosigndoc into an array of its own", () => PushReceiver.Receive(body).Document.Length),
    // The same input for all: the body's bytes. Whoever deserializes a string has to make it first.
    ("the body as a string, JsonSerializer, FromBase64String, SHA256", () => FromString(Encoding.UTF8.GetString(body))),
    ("JsonDocument over bytes, GetBytesFromBase64, SHA256.HashData", () =>
    {
        using JsonDocument json = JsonDocument.Parse(body);
        JsonElement data = json.RootElement.GetProperty("extendData");
        byte[] content = data.GetProperty("content").GetBytesFromBase64();
        Check(Convert.ToHexString(SHA256.HashData(content)), data.GetProperty("hash").GetString()!);
        return content.Length;
    }),
    ("JsonSerializer of a string that is there already, FromBase64String, SHA256", () => FromString(text)),
];

double[] best = [.. ways.Select(_ => double.MaxValue)];
for (int round = -2; round < Rounds; round++)
{
    for (int way = 0; way < ways.Length; way++)
    {
        long start = Stopwatch.GetTimestamp();
        int length = ways[way].Run();
        double milliseconds = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
        if (length != document.Length)
        {
            throw new InvalidOperationException($"{ways[way].Name} gave {length} bytes");
        }

        // The first rounds warm up.
        best[way] = round < 0 ? best[way] : Math.Min(best[way], milliseconds);
    }
}

Console.WriteLine($".NET {Environment.Version}, 10 MB, best of {Rounds} rounds:");
for (int way = 0; way < ways.Length; way++)
{
    Console.WriteLine(FormattableString.Invariant($"{best[way],8:F2} ms  {ways[way].Name}"));
}

bool reached = true;
foreach ((int way, double target) in new[] { (2, 6.0), (3, 1.7) })
{
    double ratio = best[way] / best[0];
    reached &= ratio >= target;
    Console.WriteLine(FormattableString.Invariant(
        $"{ratio:F2} ({best[way] / best[1]:F2} with an array of its own) times as fast as {ways[way].Name}; target {target:F1}{(ratio >= target ? "" : ": MISSED")}"));
}

Console.WriteLine(FormattableString.Invariant($"{best[4] / best[0]:F2} times as fast as {ways[4].Name}"));

return reached ? 0 : 1;

static int FromString(string text)
{
    Push push = JsonSerializer.Deserialize<Push>(text)!;
    byte[] content = Convert.FromBase64String(push.extendData.content);
    using var sha256 = SHA256.Create();
    Check(Convert.ToHexString(sha256.ComputeHash(content)), push.extendData.hash);
    return content.Length;
}

static void Check(string found, string given)
{
    if (!found.Equals(given, StringComparison.OrdinalIgnoreCase))
    {
        throw new InvalidOperationException("the hash does not hold");
    }
}

internal sealed record Push(string actiontype, int status, string errorcode, ExtendData extendData);

internal sealed record ExtendData(string signid, string ordernumber, string content, string hash);
