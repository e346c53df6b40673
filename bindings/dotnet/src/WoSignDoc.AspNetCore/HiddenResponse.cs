using System;
using System.IO;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace WoSignDoc.AspNetCore;

// Takes a request's response out of its context, until it is disposed: status, headers and body that are written
// by way of the context go nowhere.
internal sealed class HiddenResponse : IDisposable
{
    private readonly IFeatureCollection _features;

    internal HiddenResponse(IFeatureCollection features)
    {
        _features = features;
        Response = features.GetRequiredFeature<IHttpResponseFeature>();
        Body = features.GetRequiredFeature<IHttpResponseBodyFeature>();
        Hide();
    }

    // The real response.
    internal IHttpResponseFeature Response { get; }

    // The real response's body.
    internal IHttpResponseBodyFeature Body { get; }

    // Sends status and headers, to which middleware adds its own at this moment, by way of the context.
    internal async Task StartAsync()
    {
        Show();
        await Body.StartAsync();
        Hide();
    }

    public void Dispose() => Show();

    private void Show()
    {
        _features.Set(Response);
        _features.Set(Body);
    }

    private void Hide()
    {
        _features.Set<IHttpResponseFeature>(new Nowhere(Response));
        _features.Set<IHttpResponseBodyFeature>(new StreamResponseBodyFeature(Stream.Null));
    }

    private sealed class Nowhere(IHttpResponseFeature real) : HttpResponseFeature
    {
        // Runs after the answer: this is how what a function registers for disposal is disposed.
        public override void OnCompleted(Func<object, Task> callback, object state) =>
            real.OnCompleted(callback, state);
    }
}
