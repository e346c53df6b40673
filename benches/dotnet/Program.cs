// Receiving a document of 10 MB in .NET, beside what .NET does by itself, in one process, turn by turn. What counts
// is the mean: what a way leaves for the garbage collector is part of its price, and a best round has none of it. The
// best is shown too. Fails when a ratio is below its target.
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using WoSignDoc;

const int Rounds = 41, WarmUp = 2;
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

double[] mean = new double[ways.Length];
double[] best = [.. ways.Select(_ => double.MaxValue)];
for (int round = -WarmUp; round < Rounds; round++)
{
    for (int way = 0; way < ways.Length; way++)
    {
        double time = Time(ways[way]);
        if (round >= 0)
        {
            mean[way] += time / Rounds;
            best[way] = Math.Min(best[way], time);
        }
    }
}

Console.WriteLine($".NET {Environment.Version}, 10 MB, mean of {Rounds} rounds (and the best of them):");
for (int way = 0; way < ways.Length; way++)
{
    Console.WriteLine(FormattableString.Invariant($"{mean[way],8:F2} ms ({best[way]:F2} ms)  {ways[way].Name}"));
}

bool reached = true;
foreach ((int way, double target) in new[] { (2, 6.0), (3, 1.7) })
{
    double ratio = mean[way] / mean[0];
    reached &= ratio >= target;
    Console.WriteLine(FormattableString.Invariant(
        $"{ratio:F2} ({best[way] / best[0]:F2}) times as fast as {ways[way].Name}; target {target:F1}{(ratio >= target ? "" : ": MISSED")}"));
}

return reached ? 0 : 1;

double Time((string Name, Func<int> Run) way)
{
    long start = Stopwatch.GetTimestamp();
    int length = way.Run();
    double time = Stopwatch.GetElapsedTime(start).TotalMilliseconds;
    return length == document.Length ? time : throw new InvalidOperationException($"{way.Name} gave {length} bytes");
}

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
