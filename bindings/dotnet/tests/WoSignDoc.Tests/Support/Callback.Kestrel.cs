#if NET
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace WoSignDoc.Tests.Support;

internal sealed partial class Callback
{
    private WebApplication? _site;

    public void Dispose() => _site?.DisposeAsync().AsTask().GetAwaiter().GetResult();

    private void Start()
    {
        WebApplicationBuilder builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls($"http://127.0.0.1:{Port}");
        _site = builder.Build();
        _site.MapWoSignDocPush("/push/", (push, _) => Keep(push), options => options.DeliveryStore = _store);
        _site.StartAsync().GetAwaiter().GetResult();
    }
}
#endif
