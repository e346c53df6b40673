using System;
using System.Globalization;
using System.Net.Http;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

// Makes a preflight's requests by .NET's HTTP client; what comes of them is judged by the native library.
// `certificateSource`: Where the certificate is from; null where only the application's HTTP client knows it.
// `live`: They are orders that must be refused, each of them made once; else it is a GET.
internal sealed class HostPreflight(
    byte[] configuration, JsonObject told, (string En, string Zh)? certificateSource, uint timeout, bool live)
{
    // What is told of an answer, in bytes: the platform's own is shorter.
    private const int Told = 64 * 1024;

    // Makes a sender for it. What .NET finds wrong with the certificate or the roots is added to the report.
    internal static PreflightReport For(WoSignDocOptions options, uint timeout, bool live)
    {
        TransportOptions transport = options.Transport;
        try
        {
            using var sender = new HostSender(options.ToJson(), transport);
            return sender.Preflight(timeout, live);
        }
        catch (WoSignDocException exception)
        {
            JsonObject told = Describe(transport.GivenCertificate);
            var preflight = new HostPreflight(
                options.ToJsonOrPlace(), told, transport.CertificateSource, timeout, live: false);
            JsonElement report = preflight.Look();
            // The native library tells by itself what is wrong with the configuration.
            return report.Flag("ok")
                ? preflight.Report(report).With(new PreflightCheck(Name(exception), exception))
                : preflight.Report(report);
        }
    }

    // Tells who sends, and what certificate is shown; null where only the application's HTTP client knows it.
    internal static JsonObject Describe(X509Certificate2? certificate)
    {
        var told = new JsonObject { ["transport"] = TransportOptions.Name };
        if (certificate is not null)
        {
            told["certificate"] = Convert.ToBase64String(certificate.RawData);
        }

        return told;
    }

    internal async Task<PreflightReport> RunAsync(
        Func<HttpClient> client, bool expectContinue, CancellationToken cancellation)
    {
        var orders = new JsonArray();
        if (live)
        {
            told["live"] = true;
            told["orders"] = orders;
        }

        JsonElement report = Look();
        while (report.Field("request") is { ValueKind: JsonValueKind.Object } request)
        {
            cancellation.ThrowIfCancellationRequested();
            (string name, JsonObject came) = await AskAsync(client, request, expectContinue).ConfigureAwait(false);
            if (live)
            {
                orders.Add((JsonNode)new JsonObject { [name] = came });
            }
            else
            {
                told[name] = came;
            }

            report = Look();
        }

        return Report(report);
    }

    // The native library says that roots and proxy are the HTTP client's own. Where this package has made that, they are
    // those of the configuration.
    private PreflightReport Report(JsonElement json)
    {
        var report = new PreflightReport(json);
        return certificateSource is var (en, zh)
            ? report.With(
                "transport",
                $"orders are sent by {TransportOptions.Name}, with {en}; trusted roots, proxy and times are those of the configuration",
                $"订单由 {TransportOptions.Name} 发送，使用{zh}；受信任的根证书、代理和各项时限取自配置")
            : report;
    }

    private JsonElement Look() => Core.PreflightHosted(configuration, told.Bytes(), timeout);

    // Makes a request, and gives what is told of it, with its name.
    private static async Task<(string Name, JsonObject Came)> AskAsync(
        Func<HttpClient> client, JsonElement about, bool expectContinue)
    {
        var request = new HttpRequestMessage(new HttpMethod(about.Text("method")!), about.Text("url"));
        JsonElement headers = about.Field("headers") ?? default;
        request.Headers.TryAddWithoutValidation("User-Agent", headers.Text("User-Agent"));
        // HttpClient does not tell when a connection stands, so that it has no limit of its own.
        using var departure = new Departure(
            Timeout.InfiniteTimeSpan, about.Milliseconds("timeout_ms"), CancellationToken.None);
        if (about.Text("body") is { } text)
        {
            request.Content = new TextContent(Encoding.UTF8.GetBytes(text), departure, request);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", headers.Text("Content-Type"));
            request.Headers.ExpectContinue = expectContinue;
        }

        try
        {
            HttpAnswer answer = await HostSender.ExchangeAsync(client, request, departure).ConfigureAwait(false);
            return ("answer", new JsonObject
            {
                ["http_status"] = answer.Status,
                ["date"] = answer.Date?.ToString("r", CultureInfo.InvariantCulture),
                ["body"] = Convert.ToBase64String(answer.Body, 0, Math.Min(answer.Body.Length, Told)),
            });
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Of any other kind: an application's handlers throw what they like.
            bool begun = departure.HasLeft || departure.IsAnswered || HttpFailure.IsOfExchange(exception);
            return ("failure", HttpFailure.Describe(exception, begun, departure));
        }
        finally
        {
            Closing.Quietly(request);
        }
    }

    // The check that a failure belongs to.
    private static string Name(WoSignDocException exception) => exception.Reason switch
    {
        "identity_expired" or "identity_not_yet_valid" => "expiry",
        "identity_no_key" => "key",
        "roots_unreadable" => "roots",
        _ when exception.Reason.StartsWith("identity", StringComparison.Ordinal) => "identity",
        _ => "configuration",
    };
}
