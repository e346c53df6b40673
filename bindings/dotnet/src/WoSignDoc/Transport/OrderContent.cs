using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;

namespace WoSignDoc;

// The body of a request: an order that is read piece by piece while it is sent, and again from its first byte when the
// handler sends it again, as after a proxy has asked who this is.
internal sealed class OrderContent(HostedOrder order, long length, Departure departure, HttpRequestMessage request)
    : HttpContent
{
    private const int Piece = 64 * 1024;

    private readonly Uri _endpoint = request.RequestUri!;
    private int _times;

    // What kept the order from being read; the request is broken off then.
    internal Exception? Failure { get; private set; }

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        int time = Begin();
        byte[] piece = new byte[Piece];
        int count;
        while ((count = Next(piece, time)) > 0)
        {
#pragma warning disable CA1835 // The Memory overload does not exist on .NET Framework.
            await stream.WriteAsync(piece, 0, count).ConfigureAwait(false);
#pragma warning restore CA1835
        }
    }

    protected override bool TryComputeLength(out long size)
    {
        size = length;
        return true;
    }

    // Gives how often the body has been begun.
    private int Begin()
    {
        if (request.RequestUri != _endpoint)
        {
            throw new HttpRequestException(
                "the HTTP client follows a redirect away from the endpoint: set AllowAutoRedirect of its handler to false");
        }

        departure.Leave();
        int time = Interlocked.Increment(ref _times);
        if (time > 1)
        {
            order.Rewind();
        }

        return time;
    }

    private int Next(byte[] piece, int time)
    {
        if (time != Volatile.Read(ref _times))
        {
            throw new IOException("the body is being sent once more");
        }

        try
        {
            return order.Read(piece);
        }
        catch (WoSignDocException exception)
        {
            Failure = exception;
            throw;
        }
    }
}
