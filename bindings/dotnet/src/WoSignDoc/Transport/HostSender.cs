using System;
using System.Net.Http;
using System.Runtime.ExceptionServices;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

// Sends orders by .NET's HTTP client: the native library judges them, gives their bytes, reads the answers, and says
// whether a try that got none may be made once more.
internal sealed class HostSender : IOrderSender
{
    private readonly byte[] _configuration;
    private readonly (string En, string Zh)? _certificateSource;
    private readonly bool _expectContinue;
    private readonly Func<HttpClient> _client;
    private readonly X509Certificate2? _certificate;
    private readonly X509Certificate2? _ownCertificate;
    private readonly HttpClient? _ownClient;
    private int _disposed;

    // Throws WoSignDocException: The configuration or the certificate is not right.
    internal HostSender(byte[] configuration, TransportOptions options)
    {
        options.CheckOneWay();
        string? endpoint = Core.CheckHosted(configuration).Text("endpoint");
        _configuration = configuration;
        _certificateSource = options.CertificateSource;
        _expectContinue = options.ExpectContinue ?? true;
        if (options.GivenClient is { } client)
        {
            _client = client;
        }
        else
        {
            _ownCertificate = options.GivenCertificate is null
                ? StoredCertificate.Find(options.Store, options.Thumbprint)
                : null;
            _certificate = options.GivenCertificate ?? _ownCertificate!;
            ClientCertificate.Check(_certificate);
            using JsonDocument document = JsonDocument.Parse(configuration);
            _ownClient = OwnClient.Make(_certificate, document.RootElement);
            _client = () => _ownClient;
        }

        About = new ClientAbout(endpoint, _certificate);
    }

    public ClientAbout About { get; }

    // From a thread of the pool: what the application's own handlers await may want the caller's context, which waits here.
    public SignOrderResult Send(WrittenOrder order, uint timeout) =>
        Task.Run(() => SendAsync(order, timeout, CancellationToken.None)).GetAwaiter().GetResult();

    public async Task<SignOrderResult> SendAsync(WrittenOrder order, uint timeout, CancellationToken cancellation)
    {
        CheckOpen();
        using HostedOrder hosted = HostedOrder.Open(_configuration, order, timeout, out JsonElement opened);
        TimeSpan left = opened.Milliseconds("timeout_ms");
        while (true)
        {
            using var departure = new Departure(opened.Milliseconds("connect_timeout_ms"), left, cancellation);
            (HttpAnswer? answer, Exception? failure) =
                await TryAsync(hosted, opened, departure).ConfigureAwait(false);
            if (answer is not null)
            {
                return new SignOrderResult(hosted.Answered(answer.Status, answer.Body));
            }

            if (departure.IsCancelled)
            {
                cancellation.ThrowIfCancellationRequested();
            }

            (TimeSpan pause, left) = NextTry(hosted, departure, failure!);
            await Task.Delay(pause, CancellationToken.None).ConfigureAwait(false);
            cancellation = CancellationToken.None; // The platform may have the order: it cannot be called back.
        }
    }

    public PreflightReport Preflight(uint timeout, bool live) =>
        Task.Run(() => PreflightAsync(timeout, live, CancellationToken.None)).GetAwaiter().GetResult();

    public Task<PreflightReport> PreflightAsync(uint timeout, bool live, CancellationToken cancellation)
    {
        CheckOpen();
        var preflight = new HostPreflight(
            _configuration, HostPreflight.Describe(_certificate), _certificateSource, timeout, live);
        return preflight.RunAsync(_client, _expectContinue, cancellation);
    }

    // Makes a request and reads its answer.
    internal static Task<HttpAnswer> ExchangeAsync(
        Func<HttpClient> client, HttpRequestMessage request, Departure departure) => departure.RunAsync(async () =>
    {
        HttpClient one = client() ?? throw new InvalidOperationException("the function that gives it returned null");
        HttpResponseMessage response = await one
            .SendAsync(request, HttpCompletionOption.ResponseHeadersRead, departure.Stopped).ConfigureAwait(false)
            ?? throw new InvalidOperationException("it returned null");
        departure.Answer();
        try
        {
            return await HttpAnswer.ReadAsync(response, departure.Stopped).ConfigureAwait(false);
        }
        finally
        {
            Closing.Quietly(response);
        }
    });

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, 1) == 0)
        {
            _ownClient?.Dispose();
            _ownCertificate?.Dispose();
        }
    }

    private void CheckOpen()
    {
#pragma warning disable CA1513 // ThrowIf does not exist on .NET Framework.
        if (Volatile.Read(ref _disposed) != 0)
        {
            throw new ObjectDisposedException(nameof(WoSignDocClient));
        }
#pragma warning restore CA1513
    }

    // Sends once, and gives the answer or what came instead of one.
    // Throws WoSignDocException: The order could not be read.
    private async Task<(HttpAnswer? Answer, Exception? Failure)> TryAsync(
        HostedOrder order, JsonElement opened, Departure departure)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, opened.Text("url"));
        var content = new OrderContent(order, opened.Long("content_length") ?? 0, departure, request);
        request.Content = content;
        request.Headers.ExpectContinue = _expectContinue;
        JsonElement headers = opened.Field("headers") ?? default;
        request.Headers.TryAddWithoutValidation("User-Agent", headers.Text("User-Agent"));
        content.Headers.TryAddWithoutValidation("Content-Type", headers.Text("Content-Type"));
        try
        {
            return (await ExchangeAsync(_client, request, departure).ConfigureAwait(false), null);
        }
        catch (Exception) when (content.Failure is not null)
        {
            ExceptionDispatchInfo.Capture(content.Failure).Throw();
            throw;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Of any other kind: an application's handlers throw what they like, and the order may have left.
            return (null, exception);
        }
        finally
        {
            Closing.Quietly(content); // A handler may have put one of its own in its place.
            Closing.Quietly(request);
        }
    }

    private static (TimeSpan Pause, TimeSpan Left) NextTry(HostedOrder order, Departure departure, Exception failure)
    {
        try
        {
            return order.Failed(HttpFailure.Describe(failure, departure.HasLeft, departure));
        }
        catch (WoSignDocException told)
        {
            throw HttpFailure.Told(told, failure);
        }
    }
}
