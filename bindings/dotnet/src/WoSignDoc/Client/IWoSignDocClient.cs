using System;
using System.Collections.Generic;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

/// <summary>Has what a site uses of <see cref="WoSignDocClient"/>, so that its own tests can stand in for it.</summary>
public interface IWoSignDocClient
{
    /// <summary>
    /// Sends an order and returns when the platform has accepted it. After a failure in which the order may have
    /// arrived it is sent again, as configured: the platform accepts an order number once only.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="timeout">For the whole call with all its attempts; null: as configured.</param>
    /// <exception cref="InvalidOrderException">The order breaks rules; nothing was sent.</exception>
    /// <exception cref="PlatformException">The platform refused it.</exception>
    /// <exception cref="TransportException">The network failed.</exception>
    /// <exception cref="TlsException">No trusted connection came about.</exception>
    /// <exception cref="CallTimeoutException">Time ran out.</exception>
    /// <exception cref="ProtocolException">The answer is not the protocol's.</exception>
    /// <exception cref="FileException">A file of the order cannot be read.</exception>
    SignOrderResult Create(SignOrder order, TimeSpan? timeout = null);

    /// <summary>Sends an order that is JSON already, in the protocol's field names.</summary>
    /// <param name="orderJson">The order.</param>
    /// <param name="attachments">The byte ranges that <c>{"attachment": n}</c> in it means, not copied.</param>
    /// <param name="timeout">For the whole call with all its attempts; null: as configured.</param>
    /// <inheritdoc cref="Create(SignOrder, TimeSpan?)" path="/exception"/>
    SignOrderResult CreateJson(
        string orderJson, IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null, TimeSpan? timeout = null);

    /// <summary>
    /// Sends an order from a thread of the pool, which the call occupies until it ends. For a server that sends many
    /// orders at once that is a thread each; with <see cref="WoSignDocOptions.Transport"/> no thread waits.
    /// </summary>
    /// <param name="order">The order.</param>
    /// <param name="timeout">For the whole call with all its attempts; null: as configured.</param>
    /// <param name="cancellationToken">
    /// Ends the call until sending begins. An order that is on its way cannot be called back, since the platform
    /// may have it already, so from then on only <paramref name="timeout"/> ends the call.
    /// </param>
    /// <inheritdoc cref="Create(SignOrder, TimeSpan?)" path="/exception"/>
    Task<SignOrderResult> CreateAsync(
        SignOrder order, TimeSpan? timeout = null, CancellationToken cancellationToken = default);

    /// <summary>Sends an order that is JSON already, as the other does.</summary>
    /// <param name="orderJson">The order.</param>
    /// <param name="attachments">The byte ranges that <c>{"attachment": n}</c> in it means, not copied.</param>
    /// <param name="timeout">For the whole call with all its attempts; null: as configured.</param>
    /// <param name="cancellationToken">Ends the call until sending begins.</param>
    /// <inheritdoc cref="Create(SignOrder, TimeSpan?)" path="/exception"/>
    Task<SignOrderResult> CreateJsonAsync(
        string orderJson,
        IReadOnlyList<ReadOnlyMemory<byte>>? attachments = null,
        TimeSpan? timeout = null,
        CancellationToken cancellationToken = default);

    /// <summary>Checks an order without sending it.</summary>
    /// <returns>The oddities, which stop nothing.</returns>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    IReadOnlyList<OrderWarning> Validate(SignOrder order);

    /// <summary>Writes out an order as it would be sent.</summary>
    /// <exception cref="InvalidOrderException">It breaks rules; all of them are listed.</exception>
    WiredOrder Wire(SignOrder order);

    /// <summary>Checks the configuration, and whether the endpoint can be reached.</summary>
    /// <param name="timeout">For reaching the endpoint; null: as configured.</param>
    /// <param name="live">
    /// Whether up to three orders are sent that must be refused, each once, since only an order shows whether the platform
    /// knows the TokenID, and whether the certificate belongs to it. They hold no document of yours, and nothing can come
    /// of them; the report says what was sent and what was answered, in the checks <c>live</c>, <c>token</c>,
    /// <c>registration</c> and <c>balance</c>.
    /// </param>
    PreflightReport Preflight(TimeSpan? timeout = null, bool live = false);

    /// <summary>Does the same without holding up its caller.</summary>
    /// <param name="timeout">For reaching the endpoint; null: as configured.</param>
    /// <param name="live">Whether orders are sent that must be refused, as <see cref="Preflight"/> does.</param>
    /// <param name="cancellationToken">Ends the call before a request is sent.</param>
    Task<PreflightReport> PreflightAsync(
        TimeSpan? timeout = null, bool live = false, CancellationToken cancellationToken = default);
}
