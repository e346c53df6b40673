// A site in .NET for tests/deliveries/run.py, which says in SITE what it needs: paths are /STORE/EXPIRE_SECONDS, with /verify
// behind them for documents whose signatures are looked at.
using System;
using System.Collections.Concurrent;
using System.IO;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using WoSignDoc;

JsonElement site = JsonDocument.Parse(Environment.GetEnvironmentVariable("SITE")!).RootElement;
string folder = site.GetProperty("folder").GetString()!;
var faults = new Faults(Path.Combine(folder, "faults"));
var endpoints = new ConcurrentDictionary<string, PushEndpoint>();

WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
builder.Logging.ClearProviders();
WebApplication app = builder.Build();
app.Run(async context =>
{
    PushEndpoint endpoint = endpoints.GetOrAdd(context.Request.Path.Value!, Endpoint);
    PushAnswer answer = await endpoint.HandleAsync(context.Request.Method, context.Request.Body);
    context.Response.StatusCode = answer.StatusCode;
    await context.Response.WriteAsync(answer.Body);
});
app.Urls.Add($"http://127.0.0.1:{args[0]}");
await app.RunAsync();

PushEndpoint Endpoint(string path)
{
    string[] parts = path.Split('/');
    string place = site.GetProperty("stores").GetProperty(parts[1]).GetString()!;
    var options = new PushEndpointOptions
    {
        Folder = Path.Combine(folder, "incoming"),
        DeliveryStore = new FaultyStore(Store(place, TimeSpan.FromSeconds(int.Parse(parts[2]))), faults),
    };
    if (parts.Length > 3)
    {
        options.Push.Verify = new VerifyOptions { RootFiles = { site.GetProperty("root").GetString()! } };
    }

    return new PushEndpoint(ProcessAsync, options);
}

static IDeliveryStore Store(string place, TimeSpan expiry)
{
    const string Folder = "folder:";
    if (place.StartsWith(Folder, StringComparison.Ordinal))
    {
        return new FileDeliveryStore(place[Folder.Length..], expiry);
    }

    var store = new DbDeliveryStore(() => new SqliteConnection(place), expiry);
    store.CreateTableAsync().GetAwaiter().GetResult();
    return store;
}

async Task ProcessAsync(ReceivedPush push, CancellationToken cancellation)
{
    string key = push.DeliveryKey!;
    string run = Path.Combine(folder, "runs", $"{key}.{Guid.NewGuid():N}");
    File.Create(run + ".start").Dispose();
    try
    {
        await Task.Delay(faults.Strikes(key, "function.slow") ? 6000 : 20, cancellation);
        faults.MayThrow(key, "function.before");
        if (!push.Failed)
        {
            push.MoveTo(Path.Combine(folder, "stored", key + ".pdf"));
        }

        faults.MayThrow(key, "function.after");
    }
    finally
    {
        File.Create(run + ".end").Dispose();
    }
}

/// <summary>Faults that run.py has ordered, as files; each strikes once, whoever is first.</summary>
internal sealed class Faults(string folder)
{
    internal bool Strikes(string key, string what)
    {
        string ordered = Path.Combine(folder, $"{key}.{what}");
        try
        {
            // Deleting says nothing when another was faster; a rename does.
            File.Move(ordered, $"{ordered}.{Guid.NewGuid():N}", overwrite: true);
            return true;
        }
        catch (FileNotFoundException)
        {
            return false;
        }
    }

    internal void MayThrow(string key, string what)
    {
        if (Strikes(key, what))
        {
            throw new InvalidOperationException("ordered: " + what);
        }
    }
}

/// <summary>A real store whose steps throw before or after they have taken effect.</summary>
internal sealed class FaultyStore(IDeliveryStore store, Faults faults) : IDeliveryStore
{
    public Task<DeliveryClaim> ClaimAsync(string key, string owner, CancellationToken cancellationToken) =>
        StepAsync("claim", key, () => store.ClaimAsync(key, owner, cancellationToken));

    public Task<bool> CompleteAsync(string key, string owner, CancellationToken cancellationToken) =>
        StepAsync("complete", key, () => store.CompleteAsync(key, owner, cancellationToken));

    public Task ReleaseAsync(string key, string owner, CancellationToken cancellationToken) =>
        StepAsync("release", key, async () =>
        {
            await store.ReleaseAsync(key, owner, cancellationToken);
            return true;
        });

    private async Task<T> StepAsync<T>(string name, string key, Func<Task<T>> step)
    {
        faults.MayThrow(key, name + ".before");
        T result = await step();
        faults.MayThrow(key, name + ".after");
        return result;
    }
}
