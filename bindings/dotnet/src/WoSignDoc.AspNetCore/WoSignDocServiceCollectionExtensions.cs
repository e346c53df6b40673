using System;
using System.Linq;
using System.Net.Http;
using System.Threading;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using WoSignDoc;
using WoSignDoc.AspNetCore;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Makes the WoSignDoc client a service.</summary>
public static class WoSignDocServiceCollectionExtensions
{
    /// <summary>
    /// Adds <see cref="WoSignDocClient"/> and <see cref="IWoSignDocClient"/>, one for the whole program. It is
    /// made when first asked for; a configuration that is not right throws then, and
    /// <see cref="AddWoSignDocCheck"/> shows it before.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="configure">Sets endpoint, TokenID, certificate and so on.</param>
    /// <exception cref="InvalidOperationException">
    /// It was added before: the settings of both would end up in one client. A second client is made by
    /// <c>new WoSignDocClient(options)</c>.
    /// </exception>
    public static IServiceCollection AddWoSignDoc(
        this IServiceCollection services, Action<WoSignDocOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(configure);
        if (services.Any(static service => service.ServiceType == typeof(Added)))
        {
            throw new InvalidOperationException(
                "AddWoSignDoc was called before, and there is one client only（AddWoSignDoc 只能调用一次）");
        }

        services.AddSingleton<Added>();
        services.AddOptions<WoSignDocOptions>().Configure(configure);
        services.TryAddSingleton(static provider => new WoSignDocClient(
            provider.GetRequiredService<IOptions<WoSignDocOptions>>().Value,
            provider.GetService<ILogger<WoSignDocClient>>()));
        services.TryAddSingleton<IWoSignDocClient>(static provider => provider.GetRequiredService<WoSignDocClient>());
        return services;
    }

    /// <summary>
    /// Lets the client of <see cref="AddWoSignDoc"/> send by an <see cref="HttpClient"/> of IHttpClientFactory, whose
    /// handler shows the certificate and knows roots and proxy. Set it by what is returned
    /// (ConfigurePrimaryHttpMessageHandler). By itself it follows no redirect, and its limits are those of
    /// <see cref="WoSignDocOptions"/>; add nothing that repeats requests: repeats are the library's. For a certificate from
    /// a store no handler is needed: see <see cref="TransportOptions.Thumbprint"/>.
    /// </summary>
    /// <param name="services">The services.</param>
    /// <param name="name">The client's name in the factory.</param>
    public static IHttpClientBuilder AddWoSignDocHttpClient(this IServiceCollection services, string name = "WoSignDoc")
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentException.ThrowIfNullOrEmpty(name);
        services.AddOptions<WoSignDocOptions>().Configure<IHttpClientFactory>(
            (options, factory) => options.Transport.UseHttpClient(() => factory.CreateClient(name)));
        return services
            .AddHttpClient(name, static client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(
                static () => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });
    }

    /// <summary>
    /// Adds a health check that looks at the configuration and reaches the endpoint, as
    /// <see cref="PreflightReport"/> reports it, and whether the folders and delivery stores of the callback URLs that
    /// were mapped can be used. Every run opens a connection, so it is for readiness, not for
    /// a probe every second.
    /// </summary>
    /// <param name="builder">The health checks.</param>
    /// <param name="name">The check's name.</param>
    /// <param name="timeout">For reaching the endpoint; null: 10 seconds.</param>
    public static IHealthChecksBuilder AddWoSignDocCheck(
        this IHealthChecksBuilder builder, string name = "wosigndoc", TimeSpan? timeout = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        builder.Services.TryAddSingleton<MappedPushes>();
        TimeSpan limit = timeout ?? TimeSpan.FromSeconds(10);
        return builder.Add(new(
            name,
            provider => new WoSignDocHealthCheck(provider, limit),
            failureStatus: null,
            tags: null));
    }

    // Says, among the services, that the client is there.
    private sealed class Added;
}
