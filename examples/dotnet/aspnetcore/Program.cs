// A contract is sent, signed by the platform, and received by ASP.NET Core:
// SignContract client.json contract.pdf signed.pdf host:port [material first-page last-page]
using System.Diagnostics;
using WoSignDoc;

if (args.Length is not (4 or 7))
{
    Console.Error.WriteLine("usage: SignContract client.json contract.pdf signed.pdf host:port [material first last]");
    return 2;
}

var clock = Stopwatch.StartNew();
void Say(string step) => Console.WriteLine($"[{clock.ElapsedMilliseconds,6} ms] {step}");

string contract = args[1], target = Path.GetFullPath(args[2]);
string material = args.Length == 7 ? args[4] : "examples/material.png";
int first = args.Length == 7 ? int.Parse(args[5]) : 3, last = args.Length == 7 ? int.Parse(args[6]) : 4;
string folder = Directory.CreateDirectory(target + ".received").FullName;
var arrived = new TaskCompletionSource<ReceivedPush>();

// [receive]
WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Services.AddWoSignDoc(options => options.ConfigurationFile = args[0]);
builder.Services.AddHealthChecks().AddWoSignDocCheck();
builder.Services.AddSingleton<IDeliveryStore>(new FileDeliveryStore(Path.Combine(folder, "deliveries")));
builder.Logging.AddFilter("Microsoft", LogLevel.Warning);

WebApplication app = builder.Build();
app.MapHealthChecks("/ready");
// The function runs only for a document that arrived whole and whose hash held. The platform is told "1" when
// its task has completed; when it throws, the platform pushes again.
app.MapWoSignDocPush("/push", (push, request) =>
{
    if (!push.Failed)
    {
        // Whoever can reach this URL chooses the ids of a push, so none of them is part of a path. The hash was
        // computed here.
        push.MoveTo(Path.Combine(folder, push.Sha256 + ".pdf"));
    }

    arrived.TrySetResult(push);
    return Task.CompletedTask;
});
// [/receive]
app.Urls.Add($"http://{args[3]}");
await app.StartAsync();
Say($"listening on http://{args[3]}/push");

// [send]
var client = app.Services.GetRequiredService<IWoSignDocClient>();
DocumentSource scan = DocumentSource.FromFile(material);
var order = new SignOrder("NET-" + Guid.NewGuid())
{
    Document = DocumentSource.FromFile(contract),
    Subject = "软件服务合同",
    Signers =
    {
        new Signer(SignerKind.Organisation, "云杉软件（示例）有限公司", "91350100M000100Y43")
        {
            Material = scan,
            OtherMaterial = scan,
            Boxes = { new(first, 0.62, 0.32, 0.82, 0.4614), new(last, 0.17, 0.60, 0.37, 0.7414) },
        },
        new Signer(SignerKind.Person, "李明", "11010519491231002X")
        {
            Material = scan,
            OtherMaterial = scan,
            Boxes = { new(last, 0.56, 0.62, 0.70, 0.719) },
        },
    },
};
SignOrderResult result = await client.CreateAsync(order);
// [/send]
Say($"accepted: {result.SignId}");

Task winner = await Task.WhenAny(arrived.Task, Task.Delay(TimeSpan.FromSeconds(60)));
await app.StopAsync();
if (winner != arrived.Task || (await arrived.Task).Failed)
{
    Say(winner == arrived.Task ? $"the order failed: {await arrived.Task}" : "no signed document within 60 s");
    return 1;
}

File.Copy((await arrived.Task).Path!, target, overwrite: true);
Say($"saved {target} ({new FileInfo(target).Length} bytes)");
return 0;
