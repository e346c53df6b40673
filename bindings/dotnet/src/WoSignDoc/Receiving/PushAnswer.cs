using System.Collections.Generic;

namespace WoSignDoc;

/// <summary>What to answer to a push. Only an acknowledgement has the status 200.</summary>
public sealed class PushAnswer
{
    private static readonly Dictionary<string, string> NoHeaders = [];

    private PushAnswer(int statusCode, string body, IReadOnlyDictionary<string, string>? headers = null)
    {
        StatusCode = statusCode;
        Body = body;
        Headers = headers ?? NoHeaders;
    }

    /// <summary>The HTTP status.</summary>
    public int StatusCode { get; }

    /// <summary>
    /// The whole body, ASCII: <c>1</c> for an acknowledgement, else <c>not acknowledged:</c> and a word that says why.
    /// </summary>
    public string Body { get; }

    /// <summary>The type of the body.</summary>
    public string ContentType { get; } = "text/plain; charset=utf-8";

    /// <summary>The headers to send besides the type and the length, such as <c>Retry-After</c>; often none.</summary>
    public IReadOnlyDictionary<string, string> Headers { get; }

    /// <summary>Whether the push is acknowledged, so that the platform does not push it again.</summary>
    public bool Acknowledged => StatusCode == 200;

    internal static PushAnswer Acknowledge(string acknowledgement) => new(200, acknowledgement);

    internal static PushAnswer Refuse(int statusCode, string word) => new(statusCode, "not acknowledged: " + word);

    internal static PushAnswer MethodNotAllowed() =>
        new(405, "not acknowledged: method_not_allowed", new Dictionary<string, string> { ["Allow"] = "POST" });

    internal static PushAnswer Busy() =>
        new(503, "not acknowledged: busy", new Dictionary<string, string> { ["Retry-After"] = "5" });
}
