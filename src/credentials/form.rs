//! What a file or a PEM block is, told by its bytes and not by its name or label.

use super::der::{
    BIT_STRING, CONTEXT_0, GENERALIZED_TIME, INTEGER, OCTET_STRING, OID, SEQUENCE, UTC_TIME, children, inside,
};
use crate::protocol::Bilingual;

/// What DER bytes are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Certificate,
    Key,
    EncryptedKey,
    Pkcs7,
    Pkcs12,
    /// Something that people take for one of these.
    Other(Other),
}

/// What is neither certificate nor key, or is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Other {
    Request,
    RevocationList,
    PublicKey,
    PrivateKey,
    Archive,
    Ber,
    OpenSsh,
    Putty,
    JavaStore,
    Zip,
    Html,
    Empty,
    Unknown,
}

impl Form {
    /// Tells what DER bytes are by the tags of their outer elements.
    pub(super) fn of(der: &[u8]) -> Form {
        if let [SEQUENCE, 0x80, ..] = der {
            return Form::Other(Other::Ber);
        }
        let Some(content) = inside(der, SEQUENCE) else { return Form::Other(Other::Unknown) };
        let outer = children(content);
        let tags: Vec<u8> = outer.iter().map(|element| element.tag).collect();
        match tags.as_slice() {
            [SEQUENCE, SEQUENCE, BIT_STRING] => Form::signed(content),
            [SEQUENCE, BIT_STRING] | [INTEGER, INTEGER] => Form::Other(Other::PublicKey),
            [SEQUENCE, OCTET_STRING] => Form::EncryptedKey,
            [INTEGER, SEQUENCE, OCTET_STRING, ..]
            | [INTEGER, OCTET_STRING, ..]
            | [INTEGER, INTEGER, INTEGER, ..] => Form::Key,
            [INTEGER, SEQUENCE] | [INTEGER, SEQUENCE, SEQUENCE] => Form::Pkcs12,
            [OID, CONTEXT_0] => Form::Pkcs7,
            _ => Form::Other(Other::Unknown),
        }
    }

    /// Tells apart what a CA, or a requester, has signed.
    fn signed(content: &[u8]) -> Form {
        let body = inside(content, SEQUENCE).map(children).unwrap_or_default();
        let tags: Vec<u8> = body.iter().map(|element| element.tag).collect();
        match tags.as_slice() {
            [INTEGER, SEQUENCE, SEQUENCE, CONTEXT_0] | [INTEGER, SEQUENCE, SEQUENCE] => {
                Form::Other(Other::Request)
            }
            [INTEGER, SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..]
            | [SEQUENCE, SEQUENCE, UTC_TIME | GENERALIZED_TIME, ..] => Form::Other(Other::RevocationList),
            _ => Form::Certificate,
        }
    }
}

impl Other {
    /// Tells what a text or a file is that is neither PEM nor DER.
    pub(super) fn of(bytes: &[u8]) -> Other {
        let begins = |starts: &[&[u8]]| starts.iter().any(|start| bytes.starts_with(start));
        match bytes {
            _ if bytes.iter().all(u8::is_ascii_whitespace) => Other::Empty,
            [0xfe, 0xed, 0xfe, 0xed, ..] | [0xce, 0xce, 0xce, 0xce, ..] => Other::JavaStore,
            _ if begins(&[b"PK\x03\x04"]) => Other::Zip,
            _ if begins(&[b"PuTTY-User-Key-File"]) => Other::Putty,
            _ if begins(&[b"ssh-", b"ecdsa-sha2-", b"---- BEGIN SSH2"]) => Other::PublicKey,
            _ if begins(&[b"<"]) => Other::Html,
            _ => Other::Unknown,
        }
    }

    /// Tells what a PEM block with this label is, whose bytes are not DER.
    pub(super) fn of_label(label: &str) -> Option<Other> {
        match label {
            "OPENSSH PRIVATE KEY" => Some(Other::OpenSsh),
            _ if label.ends_with("PUBLIC KEY") => Some(Other::PublicKey),
            _ => None,
        }
    }

    /// Returns what it is, in words, and what to do about it.
    pub(super) fn words(self) -> (Bilingual, Bilingual) {
        let (en, zh, advice, advice_zh) = match self {
            Other::Request => (
                "it is a certificate request (CSR), not a certificate",
                "这是证书请求（CSR），不是证书",
                "give the certificate that the CA issued for this request",
                "请使用 CA 针对该请求签发的证书",
            ),
            Other::RevocationList => (
                "it is a revocation list (CRL), not a certificate",
                "这是吊销列表（CRL），不是证书",
                "give the certificate itself",
                "请提供证书本身",
            ),
            Other::PublicKey => (
                "it is a public key",
                "这是公钥",
                "give the certificate, or the private key, that it belongs to",
                "请提供与之对应的证书或私钥",
            ),
            Other::PrivateKey => (
                "it is a private key, not a certificate",
                "这是私钥，不是证书",
                "give the certificate in this setting",
                "请在该配置项中提供证书",
            ),
            Other::Archive => (
                "it is a PKCS#12 file",
                "这是 PKCS#12 文件",
                "take the certificates out of it: openssl pkcs12 -in FILE -nokeys -out certificates.pem",
                "请取出其中的证书：openssl pkcs12 -in FILE -nokeys -out certificates.pem",
            ),
            Other::Ber => (
                "it is BER with indefinite lengths (PKCS#12 or PKCS#7), not DER",
                "这是 BER 不定长编码（PKCS#12 或 PKCS#7），不是 DER",
                "convert it: openssl pkcs12 -in FILE -nodes -out all.pem, or openssl pkcs7 -inform DER -in FILE -print_certs -out all.pem",
                "请转换：openssl pkcs12 -in FILE -nodes -out all.pem，或 openssl pkcs7 -inform DER -in FILE -print_certs -out all.pem",
            ),
            Other::OpenSsh => (
                "it is a private key in OpenSSH's own format",
                "这是 OpenSSH 自有格式的私钥",
                "convert a copy of it: ssh-keygen -p -m PKCS8 -f COPY",
                "请转换其副本：ssh-keygen -p -m PKCS8 -f COPY",
            ),
            Other::Putty => (
                "it is a private key in PuTTY's own format",
                "这是 PuTTY 自有格式的私钥",
                "convert it: puttygen FILE -O private-openssh -o key, then ssh-keygen -p -m PKCS8 -f key",
                "请转换：puttygen FILE -O private-openssh -o key，再执行 ssh-keygen -p -m PKCS8 -f key",
            ),
            Other::JavaStore => (
                "it is a Java keystore (JKS or JCEKS)",
                "这是 Java 密钥库（JKS 或 JCEKS）",
                "convert it: keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype PKCS12; certificates alone: keytool -exportcert -rfc -keystore FILE -alias NAME",
                "请转换：keytool -importkeystore -srckeystore FILE -destkeystore new.p12 -deststoretype PKCS12；仅取证书：keytool -exportcert -rfc -keystore FILE -alias NAME",
            ),
            Other::Zip => (
                "it is a zip archive",
                "这是 zip 压缩包",
                "unpack it and give the file inside",
                "请解压后使用其中的文件",
            ),
            Other::Html => (
                "it is HTML or XML, perhaps a page that was saved in place of the file",
                "这是 HTML 或 XML，可能保存的是网页而非文件",
                "download the file again",
                "请重新下载该文件",
            ),
            Other::Empty => ("it is empty", "内容为空", "write the file again", "请重新写入该文件"),
            Other::Unknown => (
                "it is neither PEM nor DER, or it is damaged",
                "不是 PEM 或 DER，或已损坏",
                "give PEM (lines from -----BEGIN to -----END), DER, .p7b, or PKCS#12 (.p12, .pfx)",
                "请提供 PEM（从 -----BEGIN 到 -----END 的各行）、DER、.p7b 或 PKCS#12（.p12、.pfx）",
            ),
        };
        (Bilingual::fixed(en, zh), Bilingual::fixed(advice, advice_zh))
    }
}
