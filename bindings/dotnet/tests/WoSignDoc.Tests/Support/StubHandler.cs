using System;
using System.Net.Http;
using System.Text;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Tests.Support;

/// <summary>Takes requests in the place of a network.</summary>
internal sealed class StubHandler(Func<HttpRequestMessage, CancellationToken, Task<HttpResponseMessage>> answer)
    : HttpMessageHandler
{
    /// <summary>The answer that takes an order.</summary>
    internal static readonly byte[] Taken = Encoding.ASCII.GetBytes("""{"status":1,"signid":"S-1"}""");

    /// <summary>Reads the body, and answers with these bytes.</summary>
    internal static StubHandler Answering(int status, byte[] body, Action<byte[]>? sent = null) => new(async (request, _) =>
    {
        byte[] read = await request.Content!.ReadAsByteArrayAsync();
        sent?.Invoke(read);
        return Answer(status, body);
    });

    internal static HttpResponseMessage Answer(int status, byte[] body) =>
        new((System.Net.HttpStatusCode)status) { Content = new ByteArrayContent(body) };

    protected override Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken) => answer(request, cancellationToken);
}
