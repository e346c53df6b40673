using System;
using System.Collections.Generic;
using System.Linq;
using System.Security.Authentication;
using System.Text.Json;
using System.Text.RegularExpressions;
using WoSignDoc.Interop;
using WoSignDoc.Json;

namespace WoSignDoc;

// Puts what an HTTP client throws into the words and types of this library.
internal static class HttpFailure
{
    // The words of the innermost cause, which says most.
    internal static string Words(Exception exception)
    {
        string words = Chain(exception).Last().Message.Trim();
        // An application's own proxy may carry its password in its URL.
        return Regex.Replace(words, @"//[^/\s@]*@", "//");
    }

    // Whether the client's own limit ended the request.
    internal static bool IsTimeout(Exception exception) =>
        Chain(exception).Any(static one => one is TimeoutException or OperationCanceledException);

    // Gives what the core made of a failure, with its cause; a handshake that failed is told as such.
    internal static WoSignDocException Told(WoSignDocException told, Exception cause)
    {
        ErrorDetails details = told.Details with { Cause = cause };
        return told is TransportException && Chain(cause).Any(static one => one is AuthenticationException)
            ? ErrorReader.Create(OfHandshake(details, cause))
            : ErrorReader.Create(details);
    }

    private static ErrorDetails OfHandshake(ErrorDetails details, Exception cause)
    {
        bool untrusted = Chain(cause).Any(static one => one is ServerUntrustedException);
        string reason = untrusted ? "server_untrusted" : "tls_failed", words = Words(cause);
        JsonElement entry = Core.Catalogue().List("reasons", static one => one).First(one => one.Text("reason") == reason);
        return details with
        {
            Kind = ErrorKind.Tls,
            Reason = reason,
            MessageEn = $"{entry.Text("message")}: {words}",
            MessageZh = $"{entry.Text("message_zh")}：{words}",
            Advice = entry.Text("advice") ?? string.Empty,
            AdviceZh = entry.Text("advice_zh") ?? string.Empty,
            Retry = entry.Flag("retry"),
        };
    }

    private static IEnumerable<Exception> Chain(Exception exception)
    {
        for (Exception? one = exception; one is not null; one = one.InnerException)
        {
            yield return one;
        }
    }
}
