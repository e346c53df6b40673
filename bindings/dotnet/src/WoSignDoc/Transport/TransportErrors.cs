using System;
using System.Globalization;

namespace WoSignDoc;

// Says what is wrong with what this program's own transport is made of, by the core's words for the reasons.
internal static class TransportErrors
{
    private const string ThumbprintField = "Transport.Thumbprint", StoreField = "Transport.Store";

    internal static InvalidCallException NoThumbprint() => Make(
        "missing_option", ThumbprintField,
        "Transport.Store is set, but no thumbprint",
        "设置了 Transport.Store，但没有设置指纹",
        "set Transport.Thumbprint to that of the client certificate",
        "请将 Transport.Thumbprint 设为客户端证书的指纹");

    internal static InvalidCallException BadThumbprint() => Make(
        "bad_option", ThumbprintField,
        "must be the 40 hex digits of a SHA-1 thumbprint",
        "应为 40 位十六进制的 SHA-1 指纹",
        "copy it from the certificate's details",
        "请从证书的“详细信息”中复制");

    internal static InvalidCallException BadStore(string store) => Make(
        "bad_option", StoreField,
        $"\"{store}\" is no certificate store",
        $"“{store}”不是证书存储区",
        "give location and name, such as LocalMachine/My or CurrentUser/My",
        "请给出位置和名称，例如 LocalMachine/My 或 CurrentUser/My");

    internal static InvalidCallException NoStore(string place, Exception cause) => Make(
        "identity_unreadable", StoreField,
        $"the certificate store {place} cannot be opened: {cause.Message}",
        $"无法打开证书存储区 {place}（{cause.GetType().Name}）",
        "name a store that exists for this account; on Linux there is CurrentUser/My",
        "请指定当前账户可用的存储区；在 Linux 上为 CurrentUser/My",
        cause);

    internal static InvalidCallException NotFound(string place, string thumbprint, int count, string? elsewhere) => Make(
        "identity_no_certificate", ThumbprintField,
        FormattableString.Invariant($"the store {place} holds no certificate {thumbprint}, among {count}")
            + (elsewhere is null ? string.Empty : $"; {elsewhere} does"),
        FormattableString.Invariant($"存储区 {place} 的 {count} 个证书中没有 {thumbprint}")
            + (elsewhere is null ? string.Empty : $"；{elsewhere} 中有"),
        "import it there with its key (certlm.msc shows LocalMachine, certmgr.msc that of the user who runs it), or set "
            + "Transport.Store: a service has another CurrentUser than you",
        "请把证书连同私钥导入该存储区（certlm.msc 显示 LocalMachine，certmgr.msc 显示运行它的用户的存储区），或设置 Transport.Store："
            + "服务的 CurrentUser 与您的不同");

    internal static InvalidCallException Expired(DateTime until) => Make(
        "identity_expired", null,
        $"the certificate has expired on {Day(until)}",
        $"证书已于 {Day(until)} 过期",
        "renew the certificate, register its public key with the platform, and set the new thumbprint",
        "请更新证书，在平台登记其公钥，并设置新的指纹");

    internal static InvalidCallException NotYetValid(DateTime from) => Make(
        "identity_not_yet_valid", null,
        $"the certificate is not valid before {Day(from)}",
        $"证书在 {Day(from)} 之前无效",
        "check this machine's clock, or wait until the certificate is valid",
        "请检查本机时钟，或等到证书生效");

    internal static InvalidCallException NoKey() => Make(
        "identity_no_key", null,
        "there is a certificate but no private key with it",
        "有证书但没有私钥",
        "import it from a .pfx file with its key, not from a .cer file",
        "请从含私钥的 .pfx 文件导入，而不是 .cer 文件");

    internal static InvalidCallException KeyRefused(Exception cause) => Make(
        "identity_unreadable", null,
        $"this process may not use the private key of the certificate: {cause.Message}",
        $"当前进程无权使用该证书的私钥（{cause.GetType().Name}）",
        "in certlm.msc choose the certificate, All Tasks, Manage Private Keys, and let the account that runs this program "
            + "read it (under IIS that is IIS AppPool\\NAME)",
        "请在 certlm.msc 中选择该证书的“所有任务”“管理私钥”（Manage Private Keys），授予运行本程序的账户读取权限"
            + "（IIS 下为 IIS AppPool\\名称）",
        cause);

    internal static InvalidCallException BadRoots(string field, string words, Exception? cause = null) => Make(
        "roots_unreadable", field,
        $"the CA certificates cannot be read: {words}",
        $"无法读取 CA 证书：{words}",
        "give CA certificates as PEM, DER or .p7b",
        "请提供 PEM、DER 或 .p7b 格式的 CA 证书",
        cause);

    // It is not shown: it may hold a password.
    internal static InvalidCallException BadProxy() => Make(
        "bad_option", "proxy",
        "cannot be read as a URL",
        "无法解析为 URL",
        "give http://user:password@host:port, or system",
        "请提供 http://user:password@host:port 或 system");

    internal static string Day(DateTime time) =>
        time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private static InvalidCallException Make(
        string reason, string? field, string en, string zh, string advice, string adviceZh, Exception? cause = null) =>
        new(new ErrorDetails
        {
            Kind = ErrorKind.Argument,
            Reason = reason,
            Field = field,
            MessageEn = en,
            MessageZh = zh,
            Advice = advice,
            AdviceZh = adviceZh,
            Cause = cause,
        });
}
