//! The catalogue: every error code of the protocol and every reason of our own, in English and
//! Chinese, with what to do and whether trying again can help. The one place for such texts.

use serde::Serialize;
use serde_json::{Value, json};

use super::bilingual::Bilingual;

/// What kind of failure it is. The C ABI returns [`Kind::status`]; bindings map each kind onto an
/// exception type of their language.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// A call was made wrongly, or a configuration does not hold together.
    Argument,
    /// The order breaks rules of the protocol; all violations are listed.
    InvalidOrder,
    /// The platform answered, and said no.
    Platform,
    /// The network failed before or while the order was sent.
    Transport,
    /// No trusted TLS connection came about.
    Tls,
    /// A time limit ran out.
    Timeout,
    /// The other side answered something that is not the protocol.
    Protocol,
    /// The document that arrived does not match its hash.
    Integrity,
    /// The document or its sender is not who was expected.
    Untrusted,
    /// A file could not be read or written, or the system has run out of something.
    Io,
    /// A defect in this library.
    Internal,
}

impl Kind {
    /// Every kind, in the order of their status numbers.
    pub const ALL: [Kind; 11] = [
        Kind::Argument,
        Kind::InvalidOrder,
        Kind::Platform,
        Kind::Transport,
        Kind::Tls,
        Kind::Timeout,
        Kind::Protocol,
        Kind::Integrity,
        Kind::Untrusted,
        Kind::Io,
        Kind::Internal,
    ];

    /// Returns the number that a C function returns for this kind: -1 for [`Kind::Argument`] down to -11.
    #[must_use]
    pub const fn status(self) -> i32 {
        -(self as i32) - 1
    }
}

/// What the catalogue says about a code or reason.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Entry {
    /// What happened.
    pub message: Bilingual,
    /// What to do about it.
    pub advice: Bilingual,
    /// Whether the same call, made again later, can succeed without a change by the caller.
    pub retry: bool,
}

const fn entry(
    en: &'static str,
    zh: &'static str,
    advice_en: &'static str,
    advice_zh: &'static str,
    retry: bool,
) -> Entry {
    Entry { message: Bilingual::fixed(en, zh), advice: Bilingual::fixed(advice_en, advice_zh), retry }
}

/// Returns the whole catalogue as data: kinds with their status numbers, codes and reasons with their texts.
#[must_use]
pub fn to_json() -> Value {
    let kinds = Kind::ALL.map(|kind| json!({ "kind": kind, "status": kind.status() }));
    let codes: Vec<Value> =
        Code::ALL.iter().map(|code| code.entry().described(json!({ "code": code.number() }))).collect();
    let reasons: Vec<Value> = Reason::ALL
        .iter()
        .map(|reason| reason.entry().described(json!({ "reason": reason.word(), "kind": reason.kind() })))
        .collect();
    json!({ "kinds": kinds, "codes": codes, "reasons": reasons })
}

impl Entry {
    /// Adds its texts to the object that names it.
    fn described(self, mut named: Value) -> Value {
        if let Some(map) = named.as_object_mut() {
            map.insert("message".into(), self.message.en.into());
            map.insert("message_zh".into(), self.message.zh.into());
            map.insert("advice".into(), self.advice.en.into());
            map.insert("advice_zh".into(), self.advice.zh.into());
            map.insert("retry".into(), self.retry.into());
        }
        named
    }
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $number:literal: $en:literal, $zh:literal; $advice:literal, $advice_zh:literal; $retry:literal)*) => {
        /// An error code of the protocol ("Error codes" in the platform's document).
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[repr(i32)]
        pub enum Code { $($(#[$doc])* $name = $number,)* }

        impl Code {
            /// Every code that the protocol knows.
            pub const ALL: &'static [Code] = &[$(Code::$name,)*];

            /// Returns the code with this number, if the protocol has one.
            #[must_use]
            pub const fn from_number(number: i64) -> Option<Code> {
                match number { $($number => Some(Code::$name),)* _ => None }
            }

            /// Returns its texts.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self { $(Code::$name => entry($en, $zh, $advice, $advice_zh, $retry),)* }
            }
        }
    };
}

impl Code {
    /// Returns the number on the wire, which is negative.
    #[must_use]
    pub const fn number(self) -> i32 {
        self as i32
    }
}

codes! {
    /// No such template.
    NoTemplate = -43: "there is no such template", "tempid 不存在"; "create the template on the platform, or correct tempid", "请登录签名平台设置模板，或更正 tempid"; false
    /// Signed already.
    AlreadySigned = -46: "the contract is signed already", "合同已签署"; "nothing to do: the signed document is pushed to the callback URL", "无需处理：已签署文档会推送到回调地址"; false
    /// Being signed.
    BeingSigned = -47: "the contract is being signed", "合同正在签署"; "wait for the push; use another orderNumber for another contract", "请等待推送；其他合同请使用不同的 orderNumber"; false
    /// Wrong number of signers.
    SignerCount = -48: "the number of signers is wrong", "签署人数量错误"; "give at least one signer, and as many as the template has", "至少提供一个签署人，并与模板的签署人数量一致"; false
    /// Wrong kind of signer.
    SignerType = -49: "the kind of signer is wrong", "签署人类型错误"; "set signType to 1 (organisation) or 2 (person), as the template has it", "signType 应为 1（单位）或 2（个人），并与模板一致"; false
    /// Name and licence number do not match.
    LicenceMismatch = -50: "company name and licence number do not match", "公司名称和营业执照号匹配失败"; "compare orgName and orgNo with the business licence", "请对照营业执照核对 orgName 和 orgNo"; false
    /// Company name empty.
    OrgNameEmpty = -51: "the company name is empty", "公司名称为空"; "set orgName to the name on the business licence", "请将 orgName 设为营业执照上的名称"; false
    /// Licence number empty.
    OrgNoEmpty = -52: "the business licence number is empty", "营业执照号为空"; "set orgNo to the number on the business licence", "请将 orgNo 设为营业执照上的号码"; false
    /// Person's name empty.
    UserNameEmpty = -53: "the person's name is empty", "用户姓名为空"; "set userName to the name on the identity card", "请将 userName 设为身份证上的姓名"; false
    /// Identity number empty.
    UserNoEmpty = -54: "the identity number is empty", "身份证号码为空"; "set userNo to the number on the identity card", "请将 userNo 设为身份证号码"; false
    /// orderNumber empty.
    OrderNumberEmpty = -55: "orderNumber is empty", "orderNumber 为空"; "set orderNumber to your unique number of this contract", "请将 orderNumber 设为该合同在贵方系统中的唯一标识"; false
    /// Document suffix empty.
    SuffixEmpty = -56: "the document suffix is empty", "文档后缀为空"; "set fileformat to the suffix of the document, e.g. pdf", "请将 fileformat 设为文档后缀，例如 pdf"; false
    /// Material empty.
    MaterialEmpty = -57: "a required material is empty", "材料为空"; "give pic and otherpic, or allow empty material in the client's configuration if your platform knows the signer", "请提供 pic 和 otherpic；若平台已认识该签署人，可在客户端配置中允许空材料"; false
    /// Dangerous content.
    Dangerous = -61: "the content is dangerous", "传入的信息存在危险性"; "send clean files: scan a picture again, print a document to PDF anew", "请发送干净的文件：重新扫描图片，重新打印文件为 PDF"; false
    /// Malformed JSON.
    MalformedJson = -63: "the JSON is malformed", "json 格式错误"; "this is a defect of the software that wrote the request: report it", "这是生成请求的软件的缺陷，请反馈"; false
    /// Action not supported.
    UnknownAction = -64: "the action is not supported", "不支持该 actionType"; "this is a defect of the software that wrote the request: report it", "这是生成请求的软件的缺陷，请反馈"; false
    /// No such TokenID.
    NoToken = -65: "the platform has no such TokenID", "系统不存在此 TokenID"; "check tokenid, and whether it belongs to this endpoint (test or production)", "请检查 tokenid，以及它是否属于该接口地址（测试或生产）"; false
    /// TokenID disabled.
    TokenDisabled = -67: "the TokenID is disabled or does not exist", "系统已禁止此 TokenID 使用 API 或请求的 TokenID 不存在"; "ask the platform to enable it", "请联系平台启用"; false
    /// Balance too low.
    NoBalance = -68: "the account's balance is too low", "账号余额不足"; "top up the account, then send the order again", "请充值后重新提交"; false
    /// Internal error of the platform.
    PlatformInternal = -69: "internal error of the platform", "内部服务器错误"; "try again later", "请稍后重试"; true
    /// Wrong parameter.
    WrongParameter = -79: "a parameter is wrong", "参数错误"; "correct the field that is named", "请更正所指出的字段"; false
    /// Wrong client certificate.
    WrongCertificate = -80: "the client certificate is not the one registered for this TokenID", "请求证书不正确"; "use the registered certificate, or register this one's public key with the platform", "请使用已登记的证书，或在平台登记该证书的公钥"; false
    /// Required parameter missing.
    Incomplete = -100: "the request is incomplete: a required parameter is missing", "请求信息不完整，缺少必传参数值"; "add the field that is named", "请补充所指出的字段"; false
}

macro_rules! reasons {
    ($($name:ident = $text:literal, $kind:ident: $en:literal, $zh:literal; $advice:literal, $advice_zh:literal; $retry:literal)*) => {
        /// Why something failed on our side: a stable word for programs, with its kind and texts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Reason {
            $(#[doc = $en] $name,)*
        }

        impl Reason {
            /// Every reason.
            pub const ALL: &'static [Reason] = &[$(Reason::$name,)*];

            /// Returns the stable word, e.g. `identity_expired`.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Reason::$name => $text,)* }
            }

            /// Returns the kind of failure it belongs to.
            #[must_use]
            pub const fn kind(self) -> Kind {
                match self { $(Reason::$name => Kind::$kind,)* }
            }

            /// Returns its texts.
            #[must_use]
            pub const fn entry(self) -> Entry {
                match self { $(Reason::$name => entry($en, $zh, $advice, $advice_zh, $retry),)* }
            }
        }
    };
}

reasons! {
    // Calls and configuration.
    NullPointer = "null_pointer", Argument: "a pointer is NULL although its length is not 0", "指针为 NULL 但长度不为 0"; "pass a pointer to that many bytes, or the length 0", "请传入指向相应字节数的指针，或将长度设为 0"; false
    BadLength = "bad_length", Argument: "a length is larger than memory can hold", "长度超过内存所能容纳的大小"; "pass the number of bytes that the pointer points to", "请传入指针所指数据的字节数"; false
    NotUtf8 = "not_utf8", Argument: "the text is not UTF-8", "文本不是 UTF-8 编码"; "convert the text to UTF-8 before the call", "请在调用前将文本转换为 UTF-8"; false
    BadJson = "bad_json", Argument: "the JSON given to the call is malformed", "传入的 JSON 格式错误"; "correct the JSON at the place that is named", "请在所指位置更正 JSON"; false
    BadOption = "bad_option", Argument: "a setting has a wrong value", "配置项的值不正确"; "correct the setting that is named", "请更正所指出的配置项"; false
    UnknownOption = "unknown_option", Argument: "there is no such setting", "没有该配置项"; "check its spelling against the documentation", "请对照文档检查拼写"; false
    MissingOption = "missing_option", Argument: "a required setting is missing", "缺少必需的配置项"; "add the setting that is named", "请补充所指出的配置项"; false
    EndpointNotHttps = "endpoint_not_https", Argument: "the endpoint is not an https URL", "接口地址不是 https URL"; "use https://docapi.wosign.com, https://docapitest.wosign.com or your platform's https URL", "请使用 https://docapi.wosign.com、https://docapitest.wosign.com 或您的平台的 https 地址"; false
    BufferTooSmall = "buffer_too_small", Argument: "the caller's buffer is too small for the document", "调用方的缓冲区放不下该文档"; "pass a larger buffer; three quarters of the body's length always suffices", "请传入更大的缓冲区；请求体长度的四分之三总是足够"; false
    HandleSpent = "handle_spent", Argument: "this receiver has ended already", "该接收器已结束"; "open a new receiver for each push", "每次推送请新建接收器"; false
    AttachmentMissing = "attachment_missing", Argument: "the order names an attachment that was not passed", "订单引用的附件未传入"; "pass as many attachments as the order refers to, counted from 0", "请传入订单所引用的全部附件，从 0 开始计数"; false
    // Identity.
    IdentityUnreadable = "identity_unreadable", Argument: "the certificate or key cannot be read", "无法读取证书或私钥"; "give a certificate with its key as PEM or DER, or a PKCS#12 file (.p12, .pfx)", "请提供 PEM 或 DER 格式的证书及私钥，或 PKCS#12 文件（.p12、.pfx）"; false
    IdentityPassphrase = "identity_passphrase", Argument: "the passphrase of the key is wrong or missing", "私钥的口令错误或缺失"; "set identity.passphrase to the passphrase of the file", "请将 identity.passphrase 设为该文件的口令"; false
    IdentityEncryption = "identity_encryption", Argument: "the key is encrypted in a way that is not supported", "不支持该私钥的加密方式"; "convert it: openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.key", "请转换：openssl pkcs8 -topk8 -v2 aes-256-cbc -in old.key -out new.key"; false
    IdentityNoKey = "identity_no_key", Argument: "there is a certificate but no private key", "有证书但没有私钥"; "add the private key: identity.key for PEM, or export the .p12 with its key", "请提供私钥：PEM 使用 identity.key，或导出含私钥的 .p12"; false
    IdentityNoCertificate = "identity_no_certificate", Argument: "there is no certificate", "没有证书"; "give the certificate: identity.certificate for PEM, or a .p12 that holds it", "请提供证书：PEM 使用 identity.certificate，或含证书的 .p12"; false
    IdentityMismatch = "identity_mismatch", Argument: "the private key does not belong to the certificate", "私钥与证书不匹配"; "use the key that the certificate was requested with", "请使用申请该证书时的私钥"; false
    IdentityExpired = "identity_expired", Argument: "the certificate has expired", "证书已过期"; "renew the certificate and register its public key with the platform", "请更新证书并在平台登记其公钥"; false
    IdentityNotYetValid = "identity_not_yet_valid", Argument: "the certificate is not valid yet", "证书尚未生效"; "check this machine's clock, or wait until the certificate is valid", "请检查本机时钟，或等到证书生效"; false
    IdentityKeyKind = "identity_key_kind", Argument: "the kind of the key is not supported", "不支持该私钥的类型"; "use RSA of 2048, 3072 or 4096 bits with e = 65537, or P-256, P-384 or Ed25519", "请使用 RSA（2048、3072 或 4096 位，e = 65537）、P-256、P-384 或 Ed25519"; false
    RootsUnreadable = "roots_unreadable", Argument: "the file of trusted certificates cannot be used", "无法使用受信任证书文件"; "give PEM, DER or .p7b with at least one CA certificate", "请提供至少包含一个 CA 证书的 PEM、DER 或 .p7b"; false
    // Orders.
    InvalidOrder = "invalid_order", InvalidOrder: "the order breaks rules of the protocol", "订单不符合协议规则"; "correct every field that is listed", "请更正列出的每个字段"; false
    // The platform's answers.
    PlatformRefused = "platform_refused", Platform: "the platform refused the order", "平台拒绝了订单"; "see the code", "请查看错误码"; false
    UnknownCode = "unknown_code", Platform: "unknown code", "未知错误码"; "ask the platform what the code means", "请向平台询问该错误码的含义"; false
    // The network.
    ConnectFailed = "connect_failed", Transport: "no connection to the endpoint came about", "无法连接接口地址"; "check the endpoint and the firewall, and whether this machine needs a proxy", "请检查接口地址和防火墙，以及本机是否需要代理"; true
    NameNotFound = "name_not_found", Transport: "the endpoint's host name was not found", "找不到接口地址的主机名"; "check the endpoint's spelling and this machine's DNS", "请检查接口地址的拼写和本机 DNS"; true
    ConnectionLost = "connection_lost", Transport: "the connection broke before the answer came; the order may have arrived", "连接在收到应答前中断，订单可能已送达"; "send the same order again: its orderNumber keeps it from being signed twice", "请再次发送同一订单：orderNumber 可防止重复签署"; true
    ProxyUnreachable = "proxy_unreachable", Transport: "no connection to the proxy came about", "无法连接代理"; "check the setting proxy (HTTPS_PROXY where it is \"system\"): its host name and port", "请检查配置项 proxy（为 \"system\" 时检查 HTTPS_PROXY）的主机名和端口"; true
    ProxyRefused = "proxy_refused", Transport: "the proxy opened no tunnel to the endpoint", "代理没有打开到接口地址的隧道"; "see the HTTP status: 407, set its user and password; 403, have it allow CONNECT to the endpoint; 5xx, the proxy does not reach it", "请查看 HTTP 状态：407 请设置用户名和密码；403 请代理允许 CONNECT 到接口地址；5xx 表示代理无法访问接口地址"; true
    ServerUntrusted = "server_untrusted", Tls: "the endpoint's certificate is not trusted", "接口地址的证书不受信任"; "check the endpoint; for a platform with its own CA set roots.ca_file", "请检查接口地址；若平台使用自有 CA，请设置 roots.ca_file"; false
    ServerName = "server_name", Tls: "the endpoint's certificate is for another host", "接口地址的证书属于其他主机"; "use the host name that the certificate was issued for", "请使用证书签发时的主机名"; false
    ServerExpired = "server_expired", Tls: "the endpoint's certificate has expired or is not valid yet", "接口地址的证书已过期或尚未生效"; "check this machine's clock; otherwise tell the platform", "请检查本机时钟；否则请通知平台"; false
    TlsFailed = "tls_failed", Tls: "the TLS handshake failed", "TLS 握手失败"; "check that the endpoint speaks TLS 1.2 or 1.3 and takes this client certificate", "请确认接口地址支持 TLS 1.2 或 1.3 并接受该客户端证书"; false
    ConnectTimeout = "connect_timeout", Timeout: "no connection within the time limit", "在时限内未能建立连接"; "check the network, or raise timeouts.connect_ms", "请检查网络，或增大 timeouts.connect_ms"; true
    CallTimeout = "call_timeout", Timeout: "no answer within the time limit; the order may have arrived", "在时限内没有收到应答，订单可能已送达"; "send the same order again: its orderNumber keeps it from being signed twice; or raise timeouts.total_ms", "请再次发送同一订单：orderNumber 可防止重复签署；或增大 timeouts.total_ms"; true
    // What arrived is not the protocol.
    AnswerNotProtocol = "answer_not_protocol", Protocol: "the answer is not the protocol's JSON", "应答不是协议规定的 JSON"; "check that the endpoint is the platform's and not a proxy's; see http_status and body_start", "请确认接口地址是平台而非代理；参见 http_status 和 body_start"; true
    AnswerTooLarge = "answer_too_large", Protocol: "the answer is larger than 1 MiB", "应答超过 1 MiB"; "check that the endpoint is the platform's", "请确认接口地址是平台的地址"; false
    AnswerCut = "answer_cut", Protocol: "the answer was cut short; the order may have been accepted", "应答不完整，订单可能已被接受"; "send the same order again: its orderNumber keeps it from being signed twice", "请再次发送同一订单：orderNumber 可防止重复签署"; true
    PushNotProtocol = "push_not_protocol", Protocol: "the body is not a push of the protocol", "请求体不是协议规定的推送"; "do not acknowledge it; check who posts to the callback URL", "请勿确认；请检查是谁在访问回调地址"; false
    PushCut = "push_cut", Protocol: "the push ended before it was complete", "推送在完成前中断"; "do not acknowledge it: the platform pushes again", "请勿确认：平台会再次推送"; true
    PushTooLarge = "push_too_large", Protocol: "the push is larger than the limit", "推送超过大小限制"; "do not acknowledge it; raise limits if documents of this size are expected", "请勿确认；若确有此大小的文档，请调大限制"; false
    PushTooDeep = "push_too_deep", Protocol: "the push is nested deeper than the limit", "推送的嵌套层数超过限制"; "do not acknowledge it", "请勿确认"; false
    ContentNotBase64 = "content_not_base64", Protocol: "the document in the push is not base64", "推送中的文档不是 base64"; "do not acknowledge it: the platform pushes again", "请勿确认：平台会再次推送"; true
    // Integrity and trust.
    HashMismatch = "hash_mismatch", Integrity: "the document does not match its hash", "文档与其 hash 值不符"; "do not acknowledge it: the platform pushes again", "请勿确认：平台会再次推送"; true
    HashUnusable = "hash_unusable", Integrity: "the hash is missing or is not SHA-256, SHA-384 or SHA-512", "hash 缺失，或不是 SHA-256、SHA-384、SHA-512"; "do not acknowledge it; ask the platform which hash it sends", "请勿确认；请向平台确认其发送的 hash"; false
    UnexpectedOrder = "unexpected_order", Untrusted: "the push is for another order than expected", "推送的订单与预期不符"; "do not acknowledge it; check who posts to the callback URL", "请勿确认；请检查是谁在访问回调地址"; false
    DocumentUntrusted = "document_untrusted", Untrusted: "the document is not signed by whom you trust, or was changed", "文档不是由您信任的一方签署，或已被改动"; "do not acknowledge it; the report's reasons say what failed: look at the document, and at the settings under verify", "请勿确认；report 的 reasons 说明了失败原因：请检查该文档以及 verify 下的配置"; false
    // Files and defects.
    FileUnreadable = "file_unreadable", Io: "a file cannot be read", "无法读取文件"; "check the path and its permissions", "请检查路径及权限"; false
    FileChanged = "file_changed", Io: "a file changed while it was being sent", "文件在发送过程中被修改"; "send the order again once the file is complete", "请在文件写完后重新发送"; true
    FileExists = "file_exists", Io: "another document stands under that name already", "该文件名下已有另一份文档"; "look which of the two is right; give this one another name, or allow it to be overwritten", "请确认哪一份正确；为该文档另取文件名，或允许覆盖"; false
    BadFileName = "bad_file_name", Io: "Windows takes no such file name", "Windows 不接受此文件名"; "name the file by what is letters and digits only, such as the document's sha256", "请使用仅含字母和数字的文件名，例如文档的 sha256"; false
    FileUnwritable = "file_unwritable", Io: "a file cannot be written", "无法写入文件"; "check the folder, its permissions and the free space", "请检查目录、权限和剩余空间"; true
    SystemResources = "system_resources", Io: "the system is out of file descriptors, memory or threads", "系统的文件描述符、内存或线程已耗尽"; "try again later; raise the limit of this process (ulimit -n, the container's memory), or find what uses it up", "请稍后重试；调高本进程的限制（ulimit -n、容器内存），或查明是什么将其耗尽"; true
    ClaimLost = "claim_lost", Io: "the delivery store has lost a claim", "交付记录中的认领已丢失"; "do not acknowledge the push: it comes again; check who removes files or rows of the delivery store", "请勿确认该推送：它会再次到来；请检查是谁删除了交付记录中的文件或数据行"; false
    Defect = "defect", Internal: "a defect in this library", "本库的缺陷"; "report it with what was called", "请反馈并说明调用方式"; false
}
