//! What a failure of TLS means, in the handshake and after it, in words that an administrator can act on.

use rustls::{
    AlertDescription, CertificateError, Error as TlsError, HandshakeType, PeerIncompatible, PeerMisbehaved,
};

use crate::credentials::rfc3339;
use crate::protocol::{Bilingual, Error, Reason};

/// Says why no TLS connection came about; nothing was sent.
pub(super) fn in_handshake(error: &TlsError) -> Error {
    use AlertDescription as A;
    use PeerIncompatible as P;
    match error {
        TlsError::InvalidCertificate(certificate) => of_certificate(certificate),
        TlsError::AlertReceived(A::ProtocolVersion)
        | TlsError::PeerIncompatible(
            P::ServerDoesNotSupportTls12Or13 | P::ServerTlsVersionIsDisabledByOurConfig,
        ) => failed(
            "there is no common version: the server speaks neither TLS 1.2 nor 1.3",
            "没有共同的版本：服务器既不支持 TLS 1.2 也不支持 1.3",
        ),
        TlsError::AlertReceived(A::HandshakeFailure | A::InsufficientSecurity)
        | TlsError::PeerIncompatible(_) => nothing_in_common(),
        TlsError::AlertReceived(A::UnrecognisedName) => failed(
            "the server does not serve this host name (UnrecognisedName)",
            "服务器不提供该主机名的服务（UnrecognisedName）",
        )
        .advise(Reason::ServerName.entry().advice, false),
        TlsError::AlertReceived(alert) if judges_certificate(*alert) => refused(*alert),
        TlsError::InvalidMessage(_) => failed(
            "what answers there does not speak TLS: perhaps plain HTTP",
            "对方使用的不是 TLS，可能是明文 HTTP",
        )
        .advise(Bilingual::fixed("check the endpoint's port", "请检查接口地址的端口"), false),
        other => {
            let words = other.to_string();
            let kind = format!("{other:?}");
            let kind = kind.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
            failed(words, format!("协议错误（{kind}）"))
        }
    }
}

/// Says what ended a connection that had come about, where the other side said why or asked for what cannot be; `None`
/// for all that amounts to a loss.
pub(super) fn afterwards(error: &TlsError) -> Option<Error> {
    use AlertDescription as A;
    Some(match error {
        TlsError::InvalidCertificate(certificate) => of_certificate(certificate),
        TlsError::InappropriateHandshakeMessage { got_type: HandshakeType::CertificateRequest, .. }
        | TlsError::PeerMisbehaved(PeerMisbehaved::TooManyRenegotiationRequests)
        | TlsError::AlertReceived(A::HandshakeFailure | A::NoRenegotiation) => asked_late(),
        // In TLS 1.3 the server judges the client's certificate after the client thinks it is connected.
        TlsError::AlertReceived(alert) if judges_certificate(*alert) => refused(*alert),
        TlsError::AlertReceived(alert) => {
            let advice = Reason::ConnectionLost.entry().advice;
            failed(
                format!("the server ended the connection ({alert:?}); the order may have arrived"),
                format!("服务器中止了连接（{alert:?}），订单可能已送达"),
            )
            .advise(advice, true)
            .ambiguous()
        }
        _ => return None,
    })
}

fn failed(
    en: impl Into<std::borrow::Cow<'static, str>>,
    zh: impl Into<std::borrow::Cow<'static, str>>,
) -> Error {
    Error::new(Reason::TlsFailed).detail(en, zh)
}

fn nothing_in_common() -> Error {
    failed(
        "there is no common cipher suite, curve or signature algorithm, or the server takes none of this kind of key",
        "没有共同的加密套件、曲线或签名算法，或服务器不接受此类密钥",
    )
    .advise(
        Bilingual::fixed(
            "have the platform allow TLS 1.3, or ECDHE with AES-GCM or ChaCha20-Poly1305 on X25519, P-256 or P-384, and a certificate of RSA, P-256, P-384 or Ed25519",
            "请平台启用 TLS 1.3，或 ECDHE 与 AES-GCM 或 ChaCha20-Poly1305（曲线 X25519、P-256 或 P-384），并使用 RSA、P-256、P-384 或 Ed25519 证书",
        ),
        false,
    )
}

fn refused(alert: AlertDescription) -> Error {
    failed(
        format!("the server refused the client certificate ({alert:?})"),
        format!("服务器拒绝了客户端证书（{alert:?}）"),
    )
    .advise(
        Bilingual::fixed(
            "use a certificate of a CA that the platform takes, with its intermediate certificates, and see that it is for client authentication and neither expired nor revoked",
            "请使用平台接受的 CA 签发的证书并附上中间证书，并确认其用于客户端认证，且未过期、未吊销",
        ),
        false,
    )
}

fn asked_late() -> Error {
    failed(
        "the server asks for the client certificate only after the handshake (renegotiation, or post-handshake authentication), which this TLS library cannot do",
        "服务器在握手之后才索取客户端证书（重新协商或握手后认证），本 TLS 库不支持",
    )
    .advise(
        Bilingual::fixed(
            "have the server ask in the handshake (IIS: netsh http update sslcert … clientcertnegotiation=enable; Apache: SSLVerifyClient for the whole host; nginx: ssl_verify_client on), or send through the host's own HTTP client",
            "请让服务器在握手时索取（IIS：netsh http update sslcert … clientcertnegotiation=enable；Apache：为整个主机设置 SSLVerifyClient；nginx：ssl_verify_client on），或改用宿主程序自己的 HTTP 客户端发送",
        ),
        false,
    )
}

/// Tells whether an alert comes of a handshake that the server did not finish, so that it has read no order.
fn judges_certificate(alert: AlertDescription) -> bool {
    use AlertDescription as A;
    matches!(
        alert,
        A::BadCertificate
            | A::UnsupportedCertificate
            | A::CertificateRevoked
            | A::CertificateExpired
            | A::CertificateUnknown
            | A::CertificateRequired
            | A::UnknownCA
            | A::AccessDenied
            | A::DecryptError
            | A::DecodeError
            | A::IllegalParameter
            | A::InsufficientSecurity
            | A::MissingExtension
            | A::UnsupportedExtension
    )
}

/// Says what is wrong with the endpoint's certificate.
fn of_certificate(error: &CertificateError) -> Error {
    use CertificateError as C;
    const REISSUE: Bilingual =
        Bilingual::fixed("have the platform issue itself another certificate", "请平台重新签发服务器证书");
    let (reason, en, zh, advice) = match error {
        C::NotValidForNameContext { presented, .. } if presented.is_empty() => (
            Reason::ServerName,
            "it has no subject alternative name (SAN), and the common name (CN) does not count".into(),
            "没有使用者可选名称（SAN），而通用名（CN）不作数".into(),
            Some(Bilingual::fixed(
                "have the platform issue itself a certificate with its host name in subjectAltName",
                "请平台重新签发证书，并将主机名写入 subjectAltName",
            )),
        ),
        C::NotValidForNameContext { expected, presented } => {
            let host = expected.to_str();
            let names: Vec<&str> = presented.iter().map(|name| bare(name)).collect();
            (
                Reason::ServerName,
                format!("it is for {}, not for {host}", names.join(", ")),
                format!("它属于 {}，而不是 {host}", names.join("、")),
                None,
            )
        }
        C::ExpiredContext { not_after, .. } => {
            let day = rfc3339(i64::try_from(not_after.as_secs()).unwrap_or(i64::MAX));
            (Reason::ServerExpired, format!("valid until {day}"), format!("有效期至 {day}"), None)
        }
        C::NotValidYetContext { not_before, .. } => {
            let day = rfc3339(i64::try_from(not_before.as_secs()).unwrap_or(i64::MAX));
            (Reason::ServerExpired, format!("valid from {day}"), format!("{day} 起有效"), None)
        }
        C::UnknownIssuer => (
            Reason::ServerUntrusted,
            "no trusted root issued it, or the server does not send its intermediate certificate".into(),
            "没有受信任的根证书签发它，或服务器未发送中间证书".into(),
            Some(Bilingual::fixed(
                "put the CA that issued the platform's certificate, and no other, into roots.ca_file (without it the system's roots count), or have the platform send its intermediate certificates",
                "请将签发平台证书的 CA 写入 roots.ca_file（未设置时使用系统根证书），或请平台发送中间证书",
            )),
        ),
        C::Revoked => (Reason::ServerUntrusted, "it is revoked".into(), "已被吊销".into(), Some(REISSUE)),
        C::BadEncoding => {
            (Reason::ServerUntrusted, "it cannot be read".into(), "无法读取".into(), Some(REISSUE))
        }
        C::InvalidPurpose | C::InvalidPurposeContext { .. } => (
            Reason::ServerUntrusted,
            "it is not for servers: its extended key usage lacks serverAuth".into(),
            "它不用于服务器：扩展密钥用法不含 serverAuth".into(),
            Some(REISSUE),
        ),
        C::BadSignature
        | C::UnsupportedSignatureAlgorithmContext { .. }
        | C::UnsupportedSignatureAlgorithmForPublicKeyContext { .. } => (
            Reason::ServerUntrusted,
            "a signature in its chain is wrong, or of a kind that is not supported (SHA-1, MD5, SM2, P-521, RSA below 2048 bits)".into(),
            "证书链中的签名有误，或其类型不受支持（SHA-1、MD5、SM2、P-521、低于 2048 位的 RSA）".into(),
            Some(REISSUE),
        ),
        other => match of_verifier(&format!("{other:?}")) {
            Some((en, zh)) => (Reason::ServerUntrusted, en.into(), zh.into(), Some(REISSUE)),
            None => {
                let reason = match other {
                    C::NotValidForName => Reason::ServerName,
                    C::Expired | C::NotValidYet => Reason::ServerExpired,
                    _ => Reason::ServerUntrusted,
                };
                return Error::new(reason).because(bare(&format!("{other:?}")));
            }
        },
    };
    let error = Error::new(reason).detail(en, zh);
    match advice {
        Some(advice) => error.advise(advice, false),
        None => error,
    }
}

/// Reads the verifier's own word where rustls hands it on as it is.
fn of_verifier(said: &str) -> Option<(&'static str, &'static str)> {
    const WORDS: [(&str, &str, &str); 6] = [
        (
            "CaUsedAsEndEntity",
            "it is a CA certificate (CA:TRUE), often a self-signed one: a server needs one of its own, issued by that CA (CA:FALSE)",
            "它是 CA 证书（CA:TRUE），常见于自签名证书：服务器应使用由该 CA 签发的独立证书（CA:FALSE）",
        ),
        (
            "EndEntityUsedAsCa",
            "it was issued by a certificate that is no CA (CA:FALSE)",
            "签发它的证书不是 CA（CA:FALSE）",
        ),
        (
            "UnsupportedCertVersion",
            "it, or one of its chain, is of X.509 version 1: version 3 is needed, with subjectAltName (openssl x509 -req takes it by -extfile)",
            "它或其证书链中的证书是 X.509 第 1 版：需要含 subjectAltName 的第 3 版（openssl x509 -req 请加 -extfile）",
        ),
        ("PathLenConstraint", "its chain is longer than its CA allows", "证书链长度超过其 CA 的限制"),
        ("NameConstraint", "its CA is not allowed to issue for this name", "其 CA 不得为该名称签发证书"),
        (
            "CriticalExtension",
            "it has a critical extension that is not supported",
            "它含有不受支持的关键扩展",
        ),
    ];
    WORDS.iter().find(|(word, _, _)| said.contains(word)).map(|(_, en, zh)| (*en, *zh))
}

/// Returns the innermost word: the name in `DnsName("example.org")`.
fn bare(name: &str) -> &str {
    name.split(['"', '(', ')']).rfind(|part| !part.is_empty()).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rustls::ContentType;

    #[test]
    fn an_alert_after_the_handshake_is_no_loss() {
        use AlertDescription as A;
        for (alert, words, arrived) in [
            (A::DecodeError, "refused the client certificate", false),
            (A::CertificateRequired, "refused the client certificate", false),
            (A::HandshakeFailure, "only after the handshake", false),
            (A::NoRenegotiation, "only after the handshake", false),
            (A::InternalError, "may have arrived", true),
            (A::BadRecordMac, "may have arrived", true),
            (A::Unknown(200), "may have arrived", true),
        ] {
            let error = afterwards(&TlsError::AlertReceived(alert)).unwrap();
            assert_eq!((error.reason(), error.may_have_arrived()), (Reason::TlsFailed, arrived), "{error}");
            assert!(error.message().en.contains(words), "{error}");
        }
        // TLS 1.3's request after the handshake, from a server that does not mind what the client offers.
        let request = TlsError::InappropriateHandshakeMessage {
            expect_types: vec![HandshakeType::NewSessionTicket],
            got_type: HandshakeType::CertificateRequest,
        };
        assert!(afterwards(&request).unwrap().entry().advice.en.contains("clientcertnegotiation=enable"));
        assert!(afterwards(&TlsError::DecryptError).is_none());
    }

    #[test]
    fn no_language_holds_the_other() {
        use CertificateError as C;
        let of = |certificate: C| TlsError::InvalidCertificate(certificate);
        let foreign = |word: &'static str| {
            of(C::Other(rustls::OtherError(std::sync::Arc::new(std::io::Error::other(word)))))
        };
        for error in [
            of(C::UnknownIssuer),
            of(C::Revoked),
            of(C::BadSignature),
            of(C::BadEncoding),
            of(C::InvalidPurpose),
            of(C::NotValidForName),
            of(C::ApplicationVerificationFailure),
            foreign("CaUsedAsEndEntity"),
            foreign("Whatever"),
            TlsError::NoApplicationProtocol,
            TlsError::General("some words".to_owned()),
            TlsError::PeerMisbehaved(PeerMisbehaved::InvalidKeyShare),
            TlsError::InappropriateMessage { expect_types: vec![], got_type: ContentType::Heartbeat },
        ] {
            let message = in_handshake(&error).message();
            let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
            assert!(!chinese(&message.en) && chinese(&message.zh), "{message:?}");
            let longest = message
                .zh
                .split(|c: char| !c.is_ascii_alphabetic() && c != ' ')
                .max_by_key(|run| run.trim().matches(' ').count());
            assert!(longest.unwrap().trim().matches(' ').count() < 2, "{message:?}");
        }
    }
}
