using System;
using System.IO;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc;

// The body of a request that is a short text: an order of a preflight. It notes that it leaves, and leaves once, for
// the endpoint alone: HTTP clients send a request again by themselves when a connection ends.
internal sealed class TextContent(byte[] text, Departure departure, HttpRequestMessage request) : HttpContent
{
    private readonly Uri _endpoint = request.RequestUri!;
    private int _times;

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        departure.Leave(request, _endpoint);
        if (Interlocked.Increment(ref _times) > 1)
        {
            throw new HttpRequestException("an order of a preflight is sent once only");
        }

        return stream.WriteAsync(text, 0, text.Length);
    }

    protected override bool TryComputeLength(out long size)
    {
        size = text.Length;
        return true;
    }
}
