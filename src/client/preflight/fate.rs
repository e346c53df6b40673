//! What became of the orders of a live preflight.

use crate::protocol::{Answer, Bilingual, Code, Error, Reason, Result};

/// What became of one order.
pub(super) enum Fate {
    /// The platform refused it, as it must.
    Refused(Error),
    /// The platform took it, which it must not.
    Accepted { number: Option<String>, signid: Option<String> },
    /// No answer of the protocol came, and why.
    Lost(Error),
}

/// What the orders came to that were sent: none after one that showed that it cannot tell anything, or must not be sent.
#[derive(Default)]
pub(super) struct Fates {
    /// With a tokenid that nobody has.
    pub(super) unknown_token: Option<Fate>,
    /// With the configured tokenid, by a certificate that nobody knows.
    pub(super) unknown_certificate: Option<Fate>,
    /// With the configured tokenid and certificate, for a template that does not exist.
    pub(super) unknown_template: Option<Fate>,
}

/// How far a platform got that refuses so, in the order in which it judges (P-18).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It knows no such token.
    NoToken,
    /// It knows the token, or not, and does not let it in.
    Disabled,
    /// It does not take the certificate.
    Certificate,
    /// It has let token and certificate in, and the balance is used up.
    Balance,
    /// It has let token and certificate in, and judges the order.
    Order,
    /// Its code says nothing of where it stands.
    Elsewhere,
}

impl Fate {
    pub(super) fn of(answer: Result<Answer>) -> Fate {
        match answer {
            Ok(answer) => match answer.refusal() {
                Some(refusal) => Fate::Refused(refusal),
                None => Fate::Accepted { number: answer.order_number, signid: answer.signid },
            },
            Err(error) => Fate::Lost(error),
        }
    }

    pub(super) fn is_refused(&self) -> bool {
        matches!(self, Fate::Refused(_))
    }

    /// Returns what kept the platform from judging: no answer, or a failure of its own.
    pub(super) fn failure(&self) -> Option<&Error> {
        match self {
            Fate::Lost(error) => Some(error),
            Fate::Refused(error) if error.code() == Some(Code::PlatformInternal.number()) => Some(error),
            _ => None,
        }
    }

    /// Tells whether a further order may be sent after this one, and can tell anything.
    pub(super) fn goes_on(&self) -> bool {
        self.is_refused() && self.failure().is_none()
    }

    /// Returns how far the platform got; `None` without a refusal.
    pub(super) fn step(&self) -> Option<Step> {
        let Fate::Refused(error) = self else { return None };
        let known = error.code().and_then(|number| Code::from_number(i64::from(number)));
        Some(match known {
            Some(Code::NoToken) => Step::NoToken,
            Some(Code::TokenDisabled) => Step::Disabled,
            Some(Code::WrongCertificate) => Step::Certificate,
            Some(Code::NoBalance) => Step::Balance,
            None
            | Some(Code::MalformedJson | Code::UnknownAction | Code::PlatformInternal | Code::Incomplete) => {
                Step::Elsewhere
            }
            Some(_) => Step::Order,
        })
    }

    /// Returns what was answered, in a word.
    pub(super) fn word(&self) -> Bilingual {
        match self {
            Fate::Refused(error) => match error.code() {
                Some(code) => Bilingual::same(code),
                None => Bilingual::fixed("refused without a code", "拒绝但没有错误码"),
            },
            Fate::Accepted { .. } => Bilingual::fixed("accepted", "已接受"),
            Fate::Lost(_) => Bilingual::fixed("no answer of the protocol", "没有协议应答"),
        }
    }
}

impl Fates {
    /// Returns those that were sent, with what was unknown about each.
    pub(super) fn sent(&self) -> impl Iterator<Item = (&'static Bilingual, &Fate)> {
        let all = [
            (&UNKNOWN_TOKEN, &self.unknown_token),
            (&UNKNOWN_CERTIFICATE, &self.unknown_certificate),
            (&UNKNOWN_TEMPLATE, &self.unknown_template),
        ];
        all.into_iter().filter_map(|(what, fate)| Some((what, fate.as_ref()?)))
    }
}

static UNKNOWN_TOKEN: Bilingual = Bilingual::fixed("a made-up tokenid", "虚构的 tokenid");
static UNKNOWN_CERTIFICATE: Bilingual = Bilingual::fixed(
    "the configured tokenid by a certificate made for this call",
    "配置的 tokenid 与临时生成的证书",
);
static UNKNOWN_TEMPLATE: Bilingual = Bilingual::fixed(
    "the configured tokenid and certificate with a made-up template",
    "配置的 tokenid 和证书与虚构的模板",
);

/// Says why there is no answer of the protocol. Nothing is said of an order that may have arrived: none of these may be
/// taken.
pub(super) fn why(error: &Error) -> Bilingual {
    match error.reason() {
        Reason::CallTimeout => Bilingual::fixed("no answer came in time", "在时限内没有得到应答"),
        Reason::ConnectionLost | Reason::AnswerCut => {
            Bilingual::fixed("the connection was closed instead of an answer", "没有应答，连接即被关闭")
        }
        _ => error.message(),
    }
}
