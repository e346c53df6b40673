using System;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using WoSignDoc;
using WoSignDoc.AspNetCore;

namespace Microsoft.AspNetCore.Builder;

/// <summary>Maps the callback URL to which the platform pushes signed documents.</summary>
public static class WoSignDocEndpointRouteBuilderExtensions
{
    /// <summary>
    /// Receives pushes: each is verified, handed to the site's function, and acknowledged only when that function's
    /// task has completed; see <see cref="PushEndpoint"/>. A document pushed twice reaches the function once if the
    /// options or, at each request, the services have an <see cref="IDeliveryStore"/>.
    /// </summary>
    /// <param name="endpoints">The routes.</param>
    /// <param name="pattern">The callback URL's path.</param>
    /// <param name="handler">
    /// Stores the document, for good, before its task completes. It is called for failed orders too.
    /// What it writes to the response is discarded: the answer is the endpoint's alone.
    /// </param>
    /// <param name="configure">Limits, folder, delivery store; null: the defaults.</param>
    /// <exception cref="FileException">
    /// The folder, or that of a <see cref="FileDeliveryStore"/>, can neither be used nor made.
    /// </exception>
    public static IEndpointConventionBuilder MapWoSignDocPush(
        this IEndpointRouteBuilder endpoints,
        string pattern,
        Func<ReceivedPush, HttpContext, Task> handler,
        Action<PushEndpointOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(endpoints);
        ArgumentNullException.ThrowIfNull(pattern);
        ArgumentNullException.ThrowIfNull(handler);
        var options = new PushEndpointOptions();
        configure?.Invoke(options);
        ILogger logger = endpoints.ServiceProvider.GetRequiredService<ILoggerFactory>().CreateLogger<PushEndpoint>();
        var receiving = new PushRequest(handler, options, logger);
        AsyncServiceScope scope = endpoints.ServiceProvider.CreateAsyncScope();
        try
        {
            receiving.Prepare(scope.ServiceProvider);
        }
        finally
        {
            scope.DisposeAsync().AsTask().GetAwaiter().GetResult();
        }

        endpoints.ServiceProvider.GetService<MappedPushes>()?.All.Enqueue(receiving);
        return endpoints.Map(pattern, receiving.HandleAsync).WithDisplayName("WoSignDoc push");
    }
}
