using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;

namespace WoSignDoc;

// Sends by the connections of the native library.
internal sealed class NativeSender : IOrderSender
{
    private readonly ClientHandle _handle;
    private readonly byte[] _configuration;

    internal NativeSender(byte[] configuration)
    {
        _configuration = configuration;
        _handle = Core.OpenClient(configuration, out JsonElement about);
        About = new ClientAbout(about);
    }

    public ClientAbout About { get; }

    public SignOrderResult Send(WrittenOrder order, uint timeout) => new(Core.Create(_handle, order, timeout));

    // The native call blocks its thread.
    public Task<SignOrderResult> SendAsync(WrittenOrder order, uint timeout, CancellationToken cancellation) =>
        Task.Run(() => Send(order, timeout), cancellation);

    public PreflightReport Preflight(uint timeout, bool live) => new(Core.Preflight(_configuration, timeout, live));

    public Task<PreflightReport> PreflightAsync(uint timeout, bool live, CancellationToken cancellation) =>
        Task.Run(() => Preflight(timeout, live), cancellation);

    public void Dispose() => _handle.Dispose();
}
