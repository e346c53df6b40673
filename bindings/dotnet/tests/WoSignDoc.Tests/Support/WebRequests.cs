#if NETFRAMEWORK
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Tests.Support;

/// <summary>
/// A handler of an application's own, over HttpWebRequest: Mono's HttpClientHandler shows no client certificate, and builds
/// no chain of elliptic curves, as the sandbox's is, so that here the application trusts one certificate.
/// </summary>
internal sealed class WebRequests : HttpMessageHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken stopped)
    {
        HttpWebRequest web = WebRequest.CreateHttp(request.RequestUri);
        web.Method = request.Method.Method;
        web.AllowAutoRedirect = false;
        web.AllowWriteStreamBuffering = false;
        web.ContentLength = request.Content.Headers.ContentLength!.Value;
        web.ContentType = request.Content.Headers.ContentType.ToString();
        web.UserAgent = request.Headers.UserAgent.ToString();
        web.ClientCertificates.Add(Certificates.OfClient);
        web.ServerCertificateValidationCallback = static (_, server, _, _) =>
            server.GetRawCertData().SequenceEqual(Certificates.OfServer.RawData);
        using CancellationTokenRegistration ending = stopped.Register(web.Abort);
        using (System.IO.Stream body = await web.GetRequestStreamAsync())
        {
            await request.Content.CopyToAsync(body);
        }

        HttpWebResponse answer;
        try
        {
            answer = (HttpWebResponse)await web.GetResponseAsync();
        }
        catch (WebException exception) when (exception.Response is HttpWebResponse refusal)
        {
            answer = refusal;
        }

        return new HttpResponseMessage(answer.StatusCode) { Content = new StreamContent(answer.GetResponseStream()) };
    }
}
#endif
