using System;
using System.Net.Http;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Threading;
using System.Threading.Tasks;

namespace WoSignDoc.Testing;

// Calls the control API, which is described at GET /openapi.json.
internal sealed class ControlApi : IDisposable
{
    private static readonly HttpMethod Patch = new("PATCH");

    private readonly HttpClient _client;
    private readonly Func<string> _log;

    internal ControlApi(Uri address, Func<string> log)
    {
        // On this machine: no proxy of the environment's. Whoever waits says how long.
        _client = new HttpClient(new HttpClientHandler { UseProxy = false, AllowAutoRedirect = false })
        {
            BaseAddress = address,
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _log = log;
    }

    public void Dispose() => _client.Dispose();

    // Writes a number or an id as a part of a path or of a query.
    internal static string Part(string text) => Uri.EscapeDataString(text);

    internal async Task<JsonNode> GetAsync(string path, CancellationToken cancellation) =>
        Json(await CallAsync(HttpMethod.Get, path, null, cancellation).ConfigureAwait(false));

    // Makes a call that answers when something has happened: in vain it is a timeout.
    internal async Task<JsonNode> WaitAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        try
        {
            return Json(await CallAsync(method, path, body, cancellation).ConfigureAwait(false));
        }
        catch (SandboxException exception) when (exception.HttpStatus is 408 or 409)
        {
            throw new SandboxTimeoutException(exception.Message, exception.MessageZh) { HttpStatus = exception.HttpStatus };
        }
    }

    internal Task<byte[]> GetBytesAsync(string path, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Get, path, null, cancellation);

    internal Task<byte[]> PostAsync(string path, JsonObject? body, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Post, path, body, cancellation);

    internal Task<byte[]> PatchAsync(string path, JsonObject body, CancellationToken cancellation) =>
        CallAsync(Patch, path, body, cancellation);

    internal Task<byte[]> DeleteAsync(string path, CancellationToken cancellation) =>
        CallAsync(HttpMethod.Delete, path, null, cancellation);

    private static JsonNode Json(byte[] body) =>
        JsonNode.Parse(body) ?? throw new JsonException("the control API answered null");

    private async Task<byte[]> CallAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(method, path);
        if (body is not null)
        {
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        }

        try
        {
            using HttpResponseMessage response = await _client.SendAsync(request, cancellation).ConfigureAwait(false);
#if NET8_0_OR_GREATER
            byte[] answer = await response.Content.ReadAsByteArrayAsync(cancellation).ConfigureAwait(false);
#else
            byte[] answer = await response.Content.ReadAsByteArrayAsync().ConfigureAwait(false);
#endif
            return response.IsSuccessStatusCode ? answer : throw Refused((int)response.StatusCode, answer);
        }
        catch (HttpRequestException exception)
        {
            throw new SandboxException(
                $"the sandbox does not answer {method} /{path}: {exception.Message}. Its log:\n{_log()}",
                $"沙箱没有应答 {method} /{path}：{exception.Message}。其日志：\n{_log()}",
                exception);
        }
    }

    private static SandboxException Refused(int status, byte[] answer)
    {
        string text = Encoding.UTF8.GetString(answer);
        string english = text, chinese = text;
        try
        {
            if (JsonNode.Parse(text) is JsonObject json)
            {
                (english, chinese) = (json.Text("message") ?? text, json.Text("message_zh") ?? text);
            }
        }
        catch (JsonException)
        {
            // The text says it.
        }

        return new SandboxException(english, chinese) { HttpStatus = status };
    }
}
