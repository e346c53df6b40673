using System;
using System.Collections.Generic;
using System.Linq;
using System.Net;
using System.Net.Http;
using System.Security.Authentication;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

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
    internal static WoSignDocException Told(WoSignDocException told, Exception cause) =>
        ErrorReader.Create(told.Details with { Cause = cause });

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

    // The words of the innermost cause, which says most.
    private static string Words(Exception exception)
    {
        string words = Chain(exception).Last().Message.Trim();
        // An application's own proxy may carry its password in its URL, and that an "@" of its own.
        return Regex.Replace(words, @"//[^/\s]*@", "//");
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
