using System;
using System.IO;
using System.Net;
using System.Net.Http;
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
    private readonly object _turn = new();
    private int _times;
    private bool _ended;

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
        departure.Leave(request, _endpoint);
        lock (_turn)
        {
            if (_ended)
            {
                throw NoLonger();
            }

            if (++_times > 1)
            {
                order.Rewind();
            }

            return _times;
        }
    }

    // A handler may leave a body half sent behind: nothing of it takes a piece from the next.
    private int Next(byte[] piece, int time)
    {
        lock (_turn)
        {
            if (_ended || time != _times)
            {
                throw NoLonger();
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

    private static IOException NoLonger() => new("the body is no longer sent");

    // Comes with the end of the try.
    protected override void Dispose(bool disposing)
    {
        lock (_turn)
        {
            _ended = true;
        }

        base.Dispose(disposing);
    }
}
