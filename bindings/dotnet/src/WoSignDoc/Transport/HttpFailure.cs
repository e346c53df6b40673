using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Runtime.InteropServices;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Text.Json.Nodes;

namespace WoSignDoc;

// Puts what an HTTP client throws into the words and types of this library.
internal static class HttpFailure
{
    // Tells the native library what a try came to.
    // `begun`: Whether a byte of the order may have been sent.
    internal static JsonObject Describe(Exception exception, bool begun, Departure departure)
    {
        bool timedOut = departure.IsOutOfTime || IsTimeout(exception);
        return new JsonObject
        {
            ["stage"] = !begun ? "connect" : departure.IsAnswered ? "answer" : "exchange",
            ["timeout"] = timedOut,
            ["tls"] = !timedOut && Chain(exception).Any(static one => one is AuthenticationException),
            ["message"] = timedOut ? string.Empty : Words(exception),
        };
    }

    // Gives what the native library made of a failure, with its cause.
    internal static WoSignDocException Told(WoSignDocException told, Exception cause)
    {
        ErrorDetails details = told.Details with { Cause = cause };
        return ErrorReader.Create(!IsTimeout(cause) && !IsOfNetwork(cause)
            ? details with
            {
                Advice = "mend the application's HTTP client, whose handlers returned null or threw the cause of this",
                AdviceZh = "请修正应用程序的 HTTP 客户端：其处理程序返回了 null，或抛出了作为原因的异常",
            }
            : details);
    }

    // Whether a request without a body ended only after its connection stood, as far as the client says so.
    internal static bool IsOfExchange(Exception exception) => Chain(exception).Any(static one =>
#if NET8_0_OR_GREATER
        one is HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse }
            or HttpIOException ||
#endif
        one is WebException { Status: WebExceptionStatus.ReceiveFailure or WebExceptionStatus.ConnectionClosed });

    // Whether the client's own limit ended the request.
    private static bool IsTimeout(Exception exception) =>
        Chain(exception).Any(static one => one is TimeoutException or OperationCanceledException);

    // Whether the network, the server or the system may be at fault; everything else comes of the program's own handlers.
    private static bool IsOfNetwork(Exception exception) => Chain(exception).Any(static one =>
        one is HttpRequestException or WebException or IOException or AuthenticationException
            or CryptographicException or ExternalException);

    // The words of the innermost cause, which says most. Those of a handler's fault say too little without its type.
    private static string Words(Exception exception)
    {
        Exception cause = Chain(exception).Last();
        string words = cause.Message.Trim();
        // The library leaves out what must not be shown.
        return IsOfNetwork(exception) ? words : $"the HTTP client threw {cause.GetType().Name}: {words}";
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
