using System.Text.Json;
using WoSignDoc.Json;
using static System.FormattableString;

namespace WoSignDoc;

// Turns the core's error documents into exceptions.
internal static class ErrorReader
{
    // Makes the exception for a call that returned status and this document.
    internal static WoSignDocException Read(int status, JsonElement document)
    {
        JsonElement quarantine = document.Field("quarantine") ?? default;
        var details = new ErrorDetails
        {
            Kind = status is <= -1 and >= -11 ? (ErrorKind)(-status) : ErrorKind.Internal,
            Reason = document.Text("reason") ?? "defect",
            MessageEn = document.Text("message") ?? Invariant($"the native library returned {status} and said nothing"),
            MessageZh = document.Text("message_zh") ?? Invariant($"原生库返回 {status}，没有说明"),
            Advice = document.Text("advice") ?? string.Empty,
            AdviceZh = document.Text("advice_zh") ?? string.Empty,
            Code = document.Number("code"),
            Field = document.Text("field"),
            Retry = document.Flag("retry"),
            MayHaveArrived = document.Flag("may_have_arrived"),
            HttpStatus = document.Number("http_status"),
            BodyStart = document.Text("body_start"),
            AnswerStatus = document.Number("answer_status"),
            Violations = document.List("violations", static json => new Violation(json)),
            Warnings = document.List("warnings", static json => new OrderWarning(json)),
            Report = document.Read("report", static json => new VerificationReport(json)),
            QuarantinePath = quarantine.Text("path"),
            QuarantineError = quarantine.Read("error", static json => Read(StatusOf(json), json)),
        };
        return Create(details);
    }

    // An error within another has its kind, and no status.
    private static int StatusOf(JsonElement document) => -(int)document.Word<ErrorKind>("kind");

    internal static WoSignDocException Create(ErrorDetails details) => details.Kind switch
    {
        ErrorKind.Argument => new InvalidCallException(details),
        ErrorKind.InvalidOrder => new InvalidOrderException(details),
        ErrorKind.Platform => new PlatformException(details),
        ErrorKind.Transport => new TransportException(details),
        ErrorKind.Tls => new TlsException(details),
        ErrorKind.Timeout => new CallTimeoutException(details),
        ErrorKind.Protocol => new ProtocolException(details),
        ErrorKind.Integrity => new IntegrityException(details),
        ErrorKind.Untrusted => new UntrustedException(details),
        ErrorKind.Io => new FileException(details),
        _ => new InternalException(details),
    };
}
