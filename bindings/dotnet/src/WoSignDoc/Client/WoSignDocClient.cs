using System;
using System.Collections.Generic;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

/// <summary>
/// Sends signing orders to the platform over mutual TLS. One client serves a whole program: it may be used by
/// many threads at once, and keeps its connections open between calls.
/// </summary>
public sealed class WoSignDocClient : IWoSignDocClient, IDisposable
{
    private readonly IOrderSender _sender;
    private readonly byte[] _configuration;
    private readonly ILogger _logger;

    /// <summary>Makes a client of these options; no network is used yet.</summary>
    /// <param name="options">The configuration.</param>
    /// <param name="logger">Where orders and their outcome are noted, by number only; null: nowhere.</param>
    /// <exception cref="InvalidCallException">The configuration, the certificate or its key is not right.</exception>
    /// <exception cref="NativeLibraryException">There is no usable native library.</exception>
    public WoSignDocClient(WoSignDocOptions options, ILogger<WoSignDocClient>? logger = null)
        : this(Argument.NotNull(options, nameof(options)).ToJson(), logger, options.Transport)
    {
    }

    private WoSignDocClient(
        byte[] configuration, ILogger<WoSignDocClient>? logger, TransportOptions? transport = null)
    {
        _logger = (ILogger?)logger ?? NullLogger.Instance;
        _configuration = configuration;
        _sender = transport?.IsUsed == true ? new HostSender(configuration, transport) : new NativeSender(configuration);
        foreach (OrderWarning warning in About.Warnings)
        {
            Log.Configuration(_logger, warning.ToString());
        }
    }

    /// <summary>The endpoint and the certificate that the client was made of; nothing secret.</summary>
    public ClientAbout About => _sender.About;

    /// <summary>Makes a client of a configuration file, such as the platform's <c>client.json</c>.</summary>
    /// <inheritdoc cref="WoSignDocClient(WoSignDocOptions, ILogger{WoSignDocClient})" path="/exception"/>
    public static WoSignDocClient FromFile(string path, ILogger<WoSignDocClient>? logger = null) =>
        new(ConfigurationSource.File(Argument.NotEmpty(path, nameof(path))).Bytes(), logger);

    /// <summary>
    /// Makes a client of a configuration that is JSON already, or that says where it is kept: <c>{"file": path}</c> or
    /// <c>{"environment": {…}}</c>.
    /// </summary>
    /// <inheritdoc cref="WoSignDocClient(WoSignDocOptions, ILogger{WoSignDocClient})" path="/exception"/>
    public static WoSignDocClient FromJson(string json, ILogger<WoSignDocClient>? logger = null) =>
        new(ConfigurationSource.Own(Argument.NotNull(json, nameof(json))), logger);

    /// <summary>Makes a client of environment variables (<c>WOSIGNDOC_ENDPOINT</c>, <c>WOSIGNDOC_TOKEN</c>, …).</summary>
    /// <param name="variables">Null: those of the process.</param>
    /// <param name="logger">Where orders and their outcome are noted, by number only; null: nowhere.</param>
    /// <inheritdoc cref="WoSignDocClient(WoSignDocOptions, ILogger{WoSignDocClient})" path="/exception"/>
    public static WoSignDocClient FromEnvironment(
        IEnumerable<KeyValuePair<string, string>>? variables = null, ILogger<WoSignDocClient>? logger = null) =>
        new(ConfigurationSource.Environment(variables).Bytes(), logger);

    /// <inheritdoc/>
    public SignOrderResult Create(SignOrder order, TimeSpan? timeout = null)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        using WrittenOrder written = OrderWriter.Write(order);
        return Noted(() => _sender.Send(written, limit));
    }

    /// <inheritdoc/>
    public SignOrderResult CreateJson(
        string orderJson, IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null, TimeSpan? timeout = null)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        WrittenOrder written = WrittenOrder.FromJson(orderJson, attachments);
        return Noted(() => _sender.Send(written, limit));
    }

    /// <inheritdoc/>
    public async Task<SignOrderResult> CreateAsync(
        SignOrder order, TimeSpan? timeout = null, CancellationToken cancellationToken = default)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        cancellationToken.ThrowIfCancellationRequested();
        using WrittenOrder written =
            await OrderWriter.WriteAsync(order, synchronous: false, cancellationToken).ConfigureAwait(false);
        return await NotedAsync(_sender.SendAsync(written, limit, cancellationToken)).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public Task<SignOrderResult> CreateJsonAsync(
        string orderJson,
        IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default)
    {
        uint limit = Argument.Milliseconds(timeout, nameof(timeout));
        WrittenOrder written = WrittenOrder.FromJson(orderJson, attachments);
        return NotedAsync(_sender.SendAsync(written, limit, cancellationToken));
    }

    /// <inheritdoc/>
    public IReadOnlyList<OrderWarning> Validate(SignOrder order) => OrderCheck.Validate(order, _configuration);

    /// <inheritdoc/>
    public WiredOrder Wire(SignOrder order) => OrderCheck.Wire(order, _configuration);

    /// <inheritdoc/>
    public PreflightReport Preflight(TimeSpan? timeout = null, bool live = false) =>
        _sender.Preflight(Argument.Milliseconds(timeout, nameof(timeout)), live);

    /// <inheritdoc/>
    public Task<PreflightReport> PreflightAsync(
        TimeSpan? timeout = null, bool live = false, CancellationToken cancellationToken = default) =>
        _sender.PreflightAsync(Argument.Milliseconds(timeout, nameof(timeout)), live, cancellationToken);

    /// <summary>Closes the connections, once calls that are under way have ended.</summary>
    public void Dispose() => _sender.Dispose();

    private SignOrderResult Noted(Func<SignOrderResult> send)
    {
        try
        {
            return Note(send());
        }
        catch (WoSignDocException exception)
        {
            Log.Refused(_logger, exception.Reason, exception.Code, exception.MayHaveArrived);
            throw;
        }
    }

    private async Task<SignOrderResult> NotedAsync(Task<SignOrderResult> sending)
    {
        try
        {
            return Note(await sending.ConfigureAwait(false));
        }
        catch (WoSignDocException exception)
        {
            Log.Refused(_logger, exception.Reason, exception.Code, exception.MayHaveArrived);
            throw;
        }
    }

    private SignOrderResult Note(SignOrderResult result)
    {
        Log.Accepted(_logger, result.OrderNumber, result.SignId, result.Attempts, result.AcceptedBefore);
        return result;
    }
}
