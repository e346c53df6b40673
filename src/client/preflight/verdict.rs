//! What the answers to the orders of a live preflight tell together: whether the platform knows the token, and whether
//! the certificate belongs to it. Only what differs between them tells it, since a platform may judge in another order
//! than the protocol's.

use super::super::report::Report;
use super::fate::{Fate, Fates, Step, why};
use crate::protocol::answer::printable;
use crate::protocol::{Bilingual, Code};

/// Reports what the fates tell. `spki` is the SHA-256 of the certificate's public key, where it is known.
pub(super) fn judge(fates: &Fates, spki: Option<&str>, report: &mut Report) {
    let sent = said(fates);
    report.good("live", sent.en, sent.zh);
    for (_, fate) in fates.sent() {
        if let Fate::Accepted { number, signid } = fate {
            return accepted(number.as_deref(), signid.as_deref(), report);
        }
    }
    let deciding = [&fates.unknown_token, &fates.unknown_template];
    if let Some(error) = deciding.into_iter().flatten().find_map(Fate::failure) {
        return report.fail("live", why(error).after(NOT_REACHED.en, NOT_REACHED.zh), error.entry().advice);
    }
    let steps = |fate: &Option<Fate>| fate.as_ref().and_then(Fate::step);
    let (Some(made_up), Some(real)) = (steps(&fates.unknown_token), steps(&fates.unknown_template)) else {
        return;
    };
    match (made_up, real) {
        (_, Step::NoToken) => token(&UNKNOWN, Code::NoToken, report),
        (Step::Disabled, Step::Disabled) => token(&UNKNOWN_OR_DISABLED, Code::TokenDisabled, report),
        (_, Step::Disabled) => token(&DISABLED, Code::TokenDisabled, report),
        (Step::NoToken | Step::Disabled, Step::Certificate) => {
            known(report);
            report.fail("registration", NOT_REGISTERED, register(spki));
        }
        (Step::Certificate, Step::Certificate) => {
            report.warn("token", TOKEN_UNSEEN, AGAIN_ADVICE);
            report.fail("registration", NOT_KNOWN, register(spki));
        }
        (Step::NoToken | Step::Disabled | Step::Certificate, Step::Balance | Step::Order) => {
            known(report);
            registration(fates, report);
            if real == Step::Balance {
                let entry = Code::NoBalance.entry();
                report.fail("balance", entry.message, entry.advice);
            }
        }
        _ => unclear(fates, report),
    }
}

/// Says what was sent and what was answered, and that nothing was created, where all were refused.
fn said(fates: &Fates) -> Bilingual {
    let list = |open: &str, close: &str, between: &str, of: fn(&Bilingual) -> &str| {
        let parts = fates.sent().map(|(what, fate)| format!("{}{open}{}{close}", of(what), of(&fate.word())));
        parts.collect::<Vec<_>>().join(between)
    };
    let (none, none_zh) = match fates.sent().all(|(_, fate)| fate.is_refused()) {
        true => ("; none was created", "；没有产生任何订单"),
        false => ("", ""),
    };
    Bilingual::new(
        format!(
            "sent orders that must be refused, with no document of yours: {}{none}",
            list(" (", ")", ", ", |words| &words.en)
        ),
        format!(
            "已发送必被拒绝且不含您任何文档的订单：{}{none_zh}",
            list("（", "）", "、", |words| &words.zh)
        ),
    )
}

fn accepted(number: Option<&str>, signid: Option<&str>, report: &mut Report) {
    let [number, signid] = [number, signid].map(|text| printable(text.unwrap_or("?").as_bytes()));
    let message = Bilingual::new(
        format!(
            "the platform accepted an order that must be refused: orderNumber {number}, signid {signid}; no further one was sent"
        ),
        format!("平台接受了必须拒绝的订单：orderNumber {number}，signid {signid}；未再发送其他订单"),
    );
    report.fail("live", message, ACCEPTED_ADVICE);
}

/// Reports a token that is not let in: the platform did not look at the certificate then.
fn token(message: &Bilingual, code: Code, report: &mut Report) {
    report.fail("token", message.clone(), code.entry().advice);
    report.warn("registration", CERTIFICATE_UNSEEN, AGAIN_ADVICE);
}

fn known(report: &mut Report) {
    report.good("token", "the platform knows the tokenid", "平台认识该 tokenid");
}

/// Reports whether the certificate made a difference, once the platform has let it in.
fn registration(fates: &Fates, report: &mut Report) {
    match &fates.unknown_certificate {
        None => report.good(
            "registration",
            "the platform takes the certificate with this tokenid; no other was tried, since the HTTP client shows its own",
            "平台接受该证书与此 tokenid；HTTP 客户端只出示自己的证书，因此未尝试其他证书",
        ),
        Some(Fate::Lost(error)) => {
            let why = why(error);
            report.good(
                "registration",
                format!("the platform takes the certificate with this tokenid; one that it does not know got no answer ({})", why.en),
                format!("平台接受该证书与此 tokenid；不认识的证书没有得到应答（{}）", why.zh),
            );
        }
        Some(fate) => match fate.step() {
            Some(Step::NoToken | Step::Disabled | Step::Certificate) => report.good(
                "registration",
                "the certificate belongs to the tokenid: the platform refuses another one",
                "证书属于该 tokenid：平台拒绝其他证书",
            ),
            Some(Step::Balance | Step::Order) => {
                report.warn("registration", NOT_CHECKED, NOT_CHECKED_ADVICE);
            }
            _ => unclear(fates, report),
        },
    }
}

/// Says that the answers do not tell, with all of them.
fn unclear(fates: &Fates, report: &mut Report) {
    let words: Vec<Bilingual> = fates.sent().map(|(_, fate)| fate.word()).collect();
    let list =
        |between: &str, of: fn(&Bilingual) -> &str| words.iter().map(of).collect::<Vec<_>>().join(between);
    let message = Bilingual::new(
        format!(
            "it is unclear whether the platform knows tokenid and certificate: it answered {}",
            list(", ", |words| &words.en)
        ),
        format!("无法判断平台是否认识 tokenid 和证书：应答为 {}", list("、", |words| &words.zh)),
    );
    report.warn("live", message, UNCLEAR_ADVICE);
}

/// Says what to register.
fn register(spki: Option<&str>) -> Bilingual {
    match spki {
        Some(spki) => Bilingual::new(
            format!(
                "register this certificate's public key with the platform for this tokenid (SPKI SHA-256 {spki}), or use the certificate that is registered"
            ),
            format!("请在平台为该 tokenid 登记此证书的公钥（SPKI SHA-256 {spki}），或使用已登记的证书"),
        ),
        None => Code::WrongCertificate.entry().advice,
    }
}

const NOT_REACHED: Bilingual =
    Bilingual::fixed("the platform did not get as far as the tokenid", "平台尚未判断到 tokenid");
const UNKNOWN: Bilingual =
    Bilingual::fixed("the platform does not know the tokenid (-65)", "平台不认识该 tokenid（-65）");
const UNKNOWN_OR_DISABLED: Bilingual = Bilingual::fixed(
    "the tokenid is disabled or does not exist: the platform says the same (-67) of a made-up one",
    "该 tokenid 已被禁用或不存在：平台对虚构的 tokenid 应答相同（-67）",
);
const DISABLED: Bilingual = Bilingual::fixed("the tokenid is disabled (-67)", "该 tokenid 已被禁用（-67）");
const TOKEN_UNSEEN: Bilingual = Bilingual::fixed(
    "it cannot be told whether the platform knows the tokenid: it answers a made-up one the same (-80)",
    "无法判断平台是否认识该 tokenid：对虚构的 tokenid 应答相同（-80）",
);
const CERTIFICATE_UNSEEN: Bilingual =
    Bilingual::fixed("the platform did not get as far as the certificate", "平台尚未判断到证书");
const NOT_REGISTERED: Bilingual = Bilingual::fixed(
    "the platform does not know this certificate for the tokenid (-80)",
    "平台没有为该 tokenid 登记此证书（-80）",
);
const NOT_KNOWN: Bilingual = Bilingual::fixed(
    "the platform does not know this certificate, whatever the tokenid (-80), or not together with this one",
    "无论 tokenid 为何，平台都不认识此证书（-80），或没有为该 tokenid 登记此证书",
);
const NOT_CHECKED: Bilingual = Bilingual::fixed(
    "the platform judges an order by a certificate that nobody registered: it does not look at the certificate, or does not see it",
    "平台照样判断以从未登记的证书发送的订单：它不检查证书，或看不到证书",
);
const NOT_CHECKED_ADVICE: Bilingual = Bilingual::fixed(
    "tell the platform's administrator: whoever learns the tokenid can send orders in your name, or what ends TLS before the platform hands no certificate on",
    "请告知平台管理员：知道 tokenid 的任何人都能以您的名义发送订单，或平台之前终止 TLS 的设备没有转交证书",
);
const AGAIN_ADVICE: Bilingual = Bilingual::fixed(
    "mend what is said beside it, then look once more",
    "请先解决同时报告的问题，然后再次检查",
);
const UNCLEAR_ADVICE: Bilingual = Bilingual::fixed(
    "ask the platform's administrator what these answers mean; send a first real order and see",
    "请向平台管理员询问这些应答的含义；也可发送第一个真实订单来确认",
);
const ACCEPTED_ADVICE: Bilingual = Bilingual::fixed(
    "have the platform's administrator remove it, with its orderNumber and signid; check that the endpoint is the platform: nothing in the order could be signed",
    "请将 orderNumber 和 signid 告知平台管理员并请其删除；请确认接口地址是平台：该订单中没有任何内容可以签署",
);

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::{Answer, Error, Reason};

    /// What an order came to: a code; 0: accepted; 1: no answer.
    fn fate(code: i32) -> Fate {
        let body = |status: u8| {
            format!(r#"{{"status":{status},"errorcode":{code},"signid":"S-1","orderNumber":"N-1"}}"#)
        };
        match code {
            1 => Fate::of(Err(Error::new(Reason::ConnectionLost).ambiguous())),
            0 => Fate::of(Answer::read(200, body(1).as_bytes())),
            _ => Fate::of(Answer::read(200, body(0).as_bytes())),
        }
    }

    fn judged(token: i32, certificate: Option<i32>, template: Option<i32>) -> serde_json::Value {
        let mut report = Report::default();
        let fates = Fates {
            unknown_token: Some(fate(token)),
            unknown_certificate: certificate.map(fate),
            unknown_template: template.map(fate),
        };
        judge(&fates, Some("ab12"), &mut report);
        report.to_json()
    }

    fn levels(report: &serde_json::Value) -> String {
        let checks = report["checks"].as_array().unwrap().iter();
        let words = checks.map(|check| {
            format!("{}={}", check["check"].as_str().unwrap(), check["level"].as_str().unwrap())
        });
        // The first says what was sent.
        words.skip(1).collect::<Vec<_>>().join(" ")
    }

    /// Covers P-18: what each difference between the answers tells, and what tells nothing.
    #[test]
    fn the_difference_tells() {
        const RIGHT: &str = "token=ok registration=ok";
        const UNSEEN: &str = "token=error registration=warning";
        const UNCLEAR: &str = "live=warning";
        for (token, certificate, template, expected) in [
            (-65, Some(-80), -43, RIGHT),
            (-67, Some(-80), -43, RIGHT),
            // A platform that looks for the pair, or at the certificate first, or at the signers before the template.
            (-80, Some(-80), -43, RIGHT),
            (-65, Some(-65), -43, RIGHT),
            (-65, Some(-80), -49, RIGHT),
            // One that ends TLS with a certificate that it does not know, and a host that can show no other.
            (-65, Some(1), -43, RIGHT),
            (-65, None, -43, RIGHT),
            (-65, Some(-80), -68, "token=ok registration=ok balance=error"),
            (-65, Some(-65), -65, UNSEEN),
            (-65, Some(-67), -67, UNSEEN),
            (-67, Some(-67), -67, UNSEEN),
            (-65, Some(-80), -80, "token=ok registration=error"),
            (-80, Some(-80), -80, "token=warning registration=error"),
            (-65, Some(-43), -43, "token=ok registration=warning"),
            (-65, Some(-79), -43, "token=ok registration=warning"),
            (-65, Some(-69), -43, "token=ok live=warning"),
            (-43, Some(-43), -43, UNCLEAR),
            (-100, Some(-100), -100, UNCLEAR),
            (-65, Some(-80), -63, UNCLEAR),
            (-43, Some(-80), -80, UNCLEAR),
            (-65, Some(-80), -999, UNCLEAR),
            (-65, Some(-80), -69, "live=error"),
            (-69, Some(-80), -43, "live=error"),
            (-65, Some(-80), 1, "live=error"),
            (-65, Some(-80), 0, "live=error"),
        ] {
            let report = judged(token, certificate, Some(template));
            assert_eq!(levels(&report), expected, "{token} {certificate:?} {template}: {}", report["text"]);
        }
        assert_eq!(levels(&judged(1, None, None)), "live=error");
        assert_eq!(levels(&judged(-65, Some(0), None)), "live=error");
    }

    #[test]
    fn the_report_says_what_was_sent_and_what_to_do() {
        let text = |report: &serde_json::Value| report["text"].as_str().unwrap().to_owned();
        let right = text(&judged(-65, Some(-80), Some(-43)));
        for part in [
            "made-up tokenid (-65)",
            "made for this call (-80)",
            "made-up template (-43)",
            "none was created",
        ] {
            assert!(right.contains(part), "{part}: {right}");
        }
        assert!(text(&judged(-65, Some(-80), Some(-80))).contains("SPKI SHA-256 ab12"));
        assert!(text(&judged(-43, Some(-79), Some(-43))).contains("-43, -79, -43"));
        let accepted = text(&judged(0, None, None));
        assert!(accepted.contains("orderNumber N-1, signid S-1") && !accepted.contains("none was created"));
        assert!(!text(&judged(-65, Some(-80), Some(1))).contains("may have arrived"));
    }
}
