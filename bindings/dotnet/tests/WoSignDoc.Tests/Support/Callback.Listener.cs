#if NETFRAMEWORK
using System;
using System.Net;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Tests.Support;

internal sealed partial class Callback
{
    private readonly HttpListener _listener = new();

    public void Dispose() => _listener.Close();

    private void Start()
    {
        _listener.Prefixes.Add(Url);
        _listener.Start();
        var endpoint = new PushEndpoint(
            (push, _) => Keep(push), new PushEndpointOptions { DeliveryStore = _store });
        var thread = new Thread(() => Serve(endpoint)) { IsBackground = true };
        thread.Start();
    }

    private void Serve(PushEndpoint endpoint)
    {
        while (_listener.IsListening)
        {
            HttpListenerContext context;
            try
            {
                context = _listener.GetContext();
            }
            catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            Task.Run(() => Answer(endpoint, context));
        }
    }

    private static void Answer(PushEndpoint endpoint, HttpListenerContext context)
    {
        PushAnswer answer = endpoint.Handle(context.Request.HttpMethod, context.Request.InputStream);
        byte[] body = Encoding.ASCII.GetBytes(answer.Body);
        context.Response.StatusCode = answer.StatusCode;
        context.Response.ContentType = answer.ContentType;
        context.Response.ContentLength64 = body.Length;
        context.Response.OutputStream.Write(body, 0, body.Length);
        context.Response.Close();
    }
}
#endif
