using System;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

// Sends the orders of a client: by the native library, or by this program's own HTTP client.
internal interface IOrderSender : IDisposable
{
    ClientAbout About { get; }

    // `timeout`: In milliseconds; 0: as configured.
    SignOrderResult Send(WrittenOrder order, uint timeout);

    Task<SignOrderResult> SendAsync(WrittenOrder order, uint timeout, CancellationToken cancellation);

    PreflightReport Preflight(uint timeout, bool live);

    Task<PreflightReport> PreflightAsync(uint timeout, bool live, CancellationToken cancellation);
}
