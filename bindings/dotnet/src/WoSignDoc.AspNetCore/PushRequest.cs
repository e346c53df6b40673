using System;
using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace WoSignDoc.AspNetCore;

// Takes a push from a request's body and answers it.
internal sealed class PushRequest(
    Func<ReceivedPush, HttpContext, Task> handler, PushEndpointOptions options, ILogger logger)
{
    // Answers one request.
    internal async Task HandleAsync(HttpContext context)
    {
        // The receiver has its own limit; the server's, usually 30 MB, would cut documents short.
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
        {
            size.MaxRequestBodySize = null;
        }

        // What the site's function writes could acknowledge a push that it then fails to store. Hidden until the
        // answer is out, the response is also safe from what that function left running.
        using var real = new HiddenResponse(context.Features);
        var endpoint = new PushEndpoint((push, _) => handler(push, context), OptionsFor(context.RequestServices), logger);
        PushAnswer answer = await endpoint.HandlePiecesAsync(
            context.Request.Method,
            (receiver, cancellation) => FeedAsync(context.Request.BodyReader, receiver, cancellation),
            context.RequestAborted);
        await WriteAsync(context.Request.Method, real, answer);
    }

    // Throws when pushes could not be received now. To make the endpoint makes the folders that are missing.
    internal Task CheckAsync(IServiceProvider services, CancellationToken cancellation) =>
        Endpoint(services).CheckAsync(cancellation);

    // Makes the folders that are missing, or throws.
    internal void Prepare(IServiceProvider services) => Endpoint(services);

    private PushEndpoint Endpoint(IServiceProvider services) =>
        new(static (_, _) => Task.CompletedTask, OptionsFor(services), logger);

    // Looks for a store in the services of the request: it may be one for each, as a database's context is.
    private PushEndpointOptions OptionsFor(IServiceProvider services) => new()
    {
        Push = options.Push,
        Folder = options.Folder,
        DeliveryStore = options.DeliveryStore ?? services.GetService<IDeliveryStore>(),
    };

    // Feeds what arrives as it arrives: the pipe's own memory, no copy.
    private static async Task FeedAsync(PipeReader body, PushReceiver receiver, CancellationToken cancellation)
    {
        while (true)
        {
            ReadResult read = await body.ReadAsync(cancellation);
            try
            {
                foreach (ReadOnlyMemory<byte> piece in read.Buffer)
                {
                    receiver.Feed(piece.Span);
                }
            }
            finally
            {
                // Also after a failure: a server that finds a read unfinished closes the connection.
                body.AdvanceTo(read.Buffer.End);
            }

            if (read.IsCompleted)
            {
                return;
            }
        }
    }

    private static async Task WriteAsync(string method, HiddenResponse real, PushAnswer answer)
    {
        IHttpResponseFeature response = real.Response;
        response.StatusCode = answer.StatusCode;
        response.Headers.ContentType = answer.ContentType;
        response.Headers.ContentLength = answer.Body.Length;
        foreach ((string name, string value) in answer.Headers)
        {
            response.Headers[name] = value;
        }

        if (!HttpMethods.IsHead(method))
        {
            await real.StartAsync();
            await real.Body.Stream.WriteAsync(Encoding.ASCII.GetBytes(answer.Body));
        }
    }
}
