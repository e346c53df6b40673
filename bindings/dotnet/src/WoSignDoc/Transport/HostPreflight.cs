using System;
using System.Collections.Generic;
using System.Security.Cryptography.X509Certificates;
using System.Threading;
using System.Threading.Tasks;
using WoSignDoc.Interop;
using static System.FormattableString;

namespace WoSignDoc;

// Looks at what orders need that this program's own HTTP client sends: the settings, the certificate, and how far a GET
// gets. The checks have the names that the native library's have, and "transport" says who sends.
internal static class HostPreflight
{
    private const int WarnDays = 30;
    private static readonly TimeSpan ClockTolerance = TimeSpan.FromMinutes(5);

    // Makes a sender for it; what is wrong then is in the report.
    internal static PreflightReport For(WoSignDocOptions options, uint timeout)
    {
        try
        {
            using var sender = new HostSender(options.ToJson(), options.Transport);
            return sender.Preflight(timeout);
        }
        catch (WoSignDocException exception)
        {
            return new PreflightReport([Bad(Name(exception), exception)]);
        }
    }

    internal static async Task<PreflightReport> RunAsync(HostSender sender, uint timeout)
    {
        string endpoint = sender.About.Endpoint;
        List<PreflightCheck> checks =
        [
            Good("configuration", $"complete, for {endpoint}", $"完整，用于 {endpoint}"),
            Good(
                "transport",
                "orders are sent by this program's own HttpClient",
                "订单由本程序自己的 HttpClient 发送"),
        ];
        if (sender.Certificate is { } certificate)
        {
            Describe(sender.About, certificate, checks);
        }

        await AskAsync(sender, sender.Limit(timeout), checks).ConfigureAwait(false);
        return new PreflightReport(checks);
    }

    private static void Describe(ClientAbout about, X509Certificate2 certificate, List<PreflightCheck> checks)
    {
        checks.Add(Good(
            "identity",
            $"{about.CertificateSubject}, issued by {about.CertificateIssuer}, public key SHA-256 {about.PublicKeySha256}",
            $"{about.CertificateSubject}，由 {about.CertificateIssuer} 签发，公钥 SHA-256 为 {about.PublicKeySha256}"));
        checks.Add(Good("key", "can be opened by this process", "当前进程可以使用"));
        int left = (int)(certificate.NotAfter - DateTime.Now).TotalDays;
        string day = TransportErrors.Day(certificate.NotAfter);
        string en = Invariant($"valid until {day}, {left} days from now");
        string zh = Invariant($"有效期至 {day}，还有 {left} 天");
        checks.Add(left < WarnDays
            ? new PreflightCheck(
                "expiry", PreflightLevel.Warning, (en, zh),
                ("renew the certificate and register its public key with the platform", "请更新证书并在平台登记其公钥"))
            : Good("expiry", en, zh));
    }

    private static async Task AskAsync(HostSender sender, TimeSpan limit, List<PreflightCheck> checks)
    {
        using var stop = new CancellationTokenSource(limit);
        HttpAnswer answer;
        try
        {
            answer = await sender.AskAsync(stop.Token).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not ObjectDisposedException)
        {
            // Of any kind: an application's handlers throw what they like.
            string words = stop.IsCancellationRequested ? "timeout" : HttpFailure.Words(exception);
            checks.Add(new PreflightCheck(
                "endpoint", PreflightLevel.Error,
                ($"a GET got no answer: {words}", $"对 GET 请求没有应答：{words}"),
                ("check the endpoint, the certificate and the HTTP client's proxy and roots",
                    "请检查接口地址、证书，以及 HTTP 客户端的代理和根证书")));
            return;
        }

        checks.Add(Good("endpoint", "reached, and its certificate is trusted", "可连接，其证书受信任"));
        if (answer.Date is { } date)
        {
            checks.Add(Clock(DateTimeOffset.UtcNow - date));
        }

        checks.Add(Platform(answer));
    }

    private static PreflightCheck Clock(TimeSpan apart)
    {
        TimeSpan size = apart.Duration();
        string en = Invariant($"{(long)size.TotalSeconds} s apart from the server's");
        string zh = Invariant($"与服务器相差 {(long)size.TotalSeconds} 秒");
        return size > ClockTolerance
            ? new PreflightCheck(
                "clock", PreflightLevel.Warning, (en, zh),
                ("set this machine's clock, best by NTP", "请校准本机时钟，建议使用 NTP"))
            : Good("clock", en, zh);
    }

    // Judges the answer to a GET as the native library does.
    private static PreflightCheck Platform(HttpAnswer answer)
    {
        const int WrongCertificate = -80;
        WoSignDocException? refusal = Refusal(answer);
        bool refused = answer.Status is (>= 300 and < 400) or 401 or 403 or 407 or (>= 495 and <= 497) or >= 500;
        if (refusal is { Code: WrongCertificate } || (refused && refusal is ProtocolException))
        {
            return Bad("platform", refusal);
        }

        return answer.Status == 405
            ? Good(
                "platform",
                "answers over this transport, and takes no GET, as the protocol says",
                "经此传输应答，并按协议拒绝 GET")
            : new PreflightCheck(
                "platform", PreflightLevel.Warning,
                (Invariant($"answers HTTP {answer.Status} to a GET, where the protocol says 405"),
                    Invariant($"对 GET 应答 HTTP {answer.Status}，而协议规定为 405")),
                ("check that the endpoint is the platform's and not a proxy's", "请确认接口地址是平台而非代理"));
    }

    private static WoSignDocException? Refusal(HttpAnswer answer)
    {
        try
        {
            Core.ReadAnswer(answer.Status, answer.Body);
            return null;
        }
        catch (WoSignDocException exception)
        {
            return exception;
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

    private static PreflightCheck Good(string name, string en, string zh) =>
        new(name, PreflightLevel.Ok, (en, zh), (string.Empty, string.Empty));

    private static PreflightCheck Bad(string name, WoSignDocException exception)
    {
        string field = exception.Field is { } path ? path + ": " : string.Empty;
        string fieldZh = exception.Field is { } same ? same + "：" : string.Empty;
        return new PreflightCheck(
            name, PreflightLevel.Error,
            (field + exception.MessageEn, fieldZh + exception.MessageZh), (exception.Advice, exception.AdviceZh));
    }
}
