#if NET
using System.IO;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using NUnit.Framework;
using Shop.Tests;
using WoSignDoc.Tests.Support;

namespace WoSignDoc.Testing.Tests;

/// <summary>A site of the test's own, which the sandbox pushes to.</summary>
public sealed class OwnCallbackTests
{
    // [own_callback]
    [Test]
    public async Task The_site_stores_what_the_sandbox_pushes()
    {
        string folder = Repository.NewFolder();
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0"); // A free port.
        await using WebApplication site = builder.Build();
        site.MapWoSignDocPush(
            "/push",
            (push, _) =>
            {
                push.MoveTo(Path.Combine(folder, push.Sha256 + ".pdf"));
                return Task.CompletedTask;
            },
            options => options.DeliveryStore = new FileDeliveryStore(Path.Combine(folder, "deliveries")));
        await site.StartAsync();

        var options = new WoSignDocSandboxOptions { Callback = site.Urls.Single() + "/push" };
        await using WoSignDocSandbox sandbox = await WoSignDocSandbox.StartAsync(options);
        await sandbox.Client.CreateAsync(Contracts.New("A-1"));
        SandboxOrder order = await sandbox.AwaitStateAsync("A-1", OrderState.Acknowledged);
        byte[] stored = await File.ReadAllBytesAsync(Path.Combine(folder, order.Sha256 + ".pdf"));
        Assert.That(stored, Is.EqualTo(await sandbox.DocumentAsync("A-1")));
    }
    // [/own_callback]
}
#endif
