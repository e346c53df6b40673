//! The platform's answer to an order.

use serde_json::Value;

use super::bilingual::Bilingual;
use super::catalogue::{Code, Reason};
use super::error::{Error, Result};
use super::fields::{Fields, Findings};
use super::{foreign, http_status, json};

/// The longest answer that is read, in bytes.
pub const MAX_ANSWER: usize = 1024 * 1024;

/// How much of an answer that is not the protocol is shown, in bytes.
pub const SHOWN: usize = 512;

/// An answer by the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// True: status 1, the order is taken. False: status 0, it is refused.
    pub taken: bool,
    /// The code of the refusal; `None` when the order is taken, or the code cannot be read.
    pub errorcode: Option<i32>,
    /// The platform's opaque id of the order.
    pub signid: Option<String>,
    /// The caller's own number, as the platform repeats it.
    pub order_number: Option<String>,
    /// Words that a platform may add to a refusal, or its code when that cannot be read.
    pub message: Option<String>,
    /// Why such words cannot be read.
    pub message_fault: Option<Bilingual>,
    /// The same words in Chinese.
    pub message_zh: Option<String>,
    /// The field that a platform may name in a refusal.
    pub field: Option<String>,
    /// What `errorcode` says although the order is taken, when it is not 0.
    pub ignored_errorcode: Option<String>,
    /// The HTTP status that it came with.
    pub http_status: u16,
}

impl Answer {
    /// Reads a whole answer.
    ///
    /// # Errors
    /// `answer_not_protocol` with the HTTP status and the printable beginning of the body when it is not
    /// JSON or lacks a `status` of 0 or 1, or when it says nothing but that and the HTTP status is that of a
    /// broken server: some gateways speak so. `answer_too_large` above [`MAX_ANSWER`]. Somebody answered
    /// then, and may have taken the order.
    pub fn read(http_status: u16, body: &[u8]) -> Result<Answer> {
        let (answer, reason) = if body.len() > MAX_ANSWER {
            (None, Reason::AnswerTooLarge)
        } else {
            let parsed = Answer::parse(http_status, body)
                .filter(|answer| http_status < 500 || answer.says_something());
            (parsed, Reason::AnswerNotProtocol)
        };
        answer.ok_or_else(|| {
            let error = Error::new(reason).answer(http_status, printable(body)).ambiguous();
            match http_status::advice(http_status).filter(|_| reason == Reason::AnswerNotProtocol) {
                Some((advice, retry)) => error.because(format!("HTTP {http_status}")).advise(advice, retry),
                None if reason == Reason::AnswerTooLarge => error,
                None => error.detailed(what_it_is(body)),
            }
        })
    }

    /// Returns the platform's no as an error; `None` when the order is taken.
    #[must_use]
    pub fn refusal(&self) -> Option<Error> {
        if self.taken {
            return None;
        }
        let mut error = self.errorcode.map_or_else(|| Error::new(Reason::UnknownCode), Error::platform);
        if let Some(words) = self.words(&error.entry().message) {
            error = error.detailed(words);
        }
        let names_field = [Code::WrongParameter, Code::Incomplete].map(Code::number);
        Some(match (&self.field, self.http_status) {
            (Some(field), _) => error.field(printable(field.as_bytes())),
            (None, 413) => match http_status::advice(413) {
                Some((advice, retry)) => error.advise(advice, retry),
                None => error,
            },
            (None, _) if self.errorcode.is_some_and(|code| names_field.contains(&code)) => {
                error.advise(NO_FIELD, false)
            }
            (None, _) => error,
        })
    }

    /// Returns what the platform adds to what its code says: each language's words where it gives both, else its words in
    /// quotes.
    fn words(&self, known: &Bilingual) -> Option<Bilingual> {
        let shown = |text: &Option<String>| text.as_ref().map(|text| printable(text.as_bytes()));
        let Some(said) = shown(&self.message) else { return self.message_fault.clone() };
        if let Some(zh) = shown(&self.message_zh) {
            let en = beyond(&said, &known.en)?.to_owned();
            return Some(Bilingual::new(en, beyond(&zh, &known.zh)?.to_owned()));
        }
        let more = beyond(&said, &known.en).and_then(|more| beyond(more, &known.zh))?;
        Some(match more.is_ascii() && !more.contains(' ') {
            true => Bilingual::same(more),
            false => Bilingual::new(format!("the platform says \"{more}\""), format!("平台说明“{more}”")),
        })
    }

    /// Tells whether it has what only the platform knows: an order's id, or a reason of the protocol.
    fn says_something(&self) -> bool {
        if self.taken { self.signid.is_some() } else { self.errorcode.is_some() }
    }

    fn parse(http_status: u16, body: &[u8]) -> Option<Answer> {
        let value = foreign::parse(body).ok()?;
        let mut fields = Fields::new(value.as_object()?, "");
        let taken = match fields.integer("status")?? {
            1 => true,
            0 => false,
            _ => return None,
        };
        let given = fields.integer("errorcode").flatten();
        let errorcode = given.and_then(|code| i32::try_from(code).ok()).filter(|code| *code != 0 && !taken);
        // P-21: a code that is no number of ours is kept as it was written.
        let written = fields.value("errorcode").map(Value::to_string);
        let unread = written.clone().filter(|_| errorcode.is_none());
        let ignored_errorcode =
            written.filter(|text| taken && given != Some(0) && !text.trim_matches(['"', ' ']).is_empty());
        // What a code that stands twice is, nobody can know.
        if fields.value("errorcode").and_then(foreign::fault).is_some() {
            return None;
        }
        let fault = fields.value("message").and_then(foreign::fault);
        let mut ignored = Findings::default();
        let mut text = |name| fields.text(name, &mut ignored).filter(|text| !text.is_empty());
        Some(Answer {
            taken,
            errorcode,
            signid: text("signid"),
            order_number: text("orderNumber"),
            message_fault: fault.map(|fault| fault.after("message", "message")),
            message_zh: text("message_zh"),
            field: text("field").filter(|_| !taken),
            message: text("message").or(unread),
            ignored_errorcode: ignored_errorcode.map(|text| printable(text.as_bytes())),
            http_status,
        })
    }
}

const NO_STATUS: Bilingual = Bilingual::fixed("it has no status of 0 or 1", "没有取值为 0 或 1 的 status");

/// Says what an answer is that is not the protocol's.
fn what_it_is(body: &[u8]) -> Bilingual {
    match json::without_mark(body).trim_ascii_start() {
        [] => Bilingual::fixed("it is empty", "内容为空"),
        [0x1f, 0x8b, ..] => Bilingual::fixed(
            "it is compressed (gzip), which nobody asked for",
            "内容经 gzip 压缩，但请求并未要求压缩",
        ),
        text if foreign::is_utf16(text) => Bilingual::fixed("it is in UTF-16", "内容为 UTF-16 编码"),
        [b'<', ..] => Bilingual::fixed("it is a page (HTML or XML)", "内容为网页（HTML 或 XML）"),
        _ => match foreign::parse(body) {
            Ok(value) => ["status", "errorcode"]
                .into_iter()
                .find_map(|name| Some(foreign::fault(value.get(name)?)?.after(name, name)))
                .unwrap_or(NO_STATUS),
            Err(error) => json::describe(&error),
        },
    }
}

/// What to do when a platform says that a field is wrong, but not which.
const NO_FIELD: Bilingual = Bilingual::fixed(
    "the platform does not say which field: compare each with docs/protocol.md, then ask the platform",
    "平台没有指出是哪个字段：请对照 docs/protocol.md 逐个检查，仍无法确定时请咨询平台",
);

/// Returns what a text says beyond these words, if anything.
fn beyond<'a>(text: &'a str, known: &str) -> Option<&'a str> {
    let more = text.strip_prefix(known).unwrap_or(text).trim_start_matches([':', '：', ' ']);
    (!more.is_empty()).then_some(more)
}

/// Returns the beginning of a body as one printable line: what is not printable becomes `.`.
#[must_use]
pub fn printable(body: &[u8]) -> String {
    let start = body.get(..SHOWN).unwrap_or(body);
    String::from_utf8_lossy(start)
        .chars()
        .map(|c| if c.is_control() || c == '\u{fffd}' { '.' } else { c })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-20, P-21: a refusal is one, whatever its code looks like, and its words are bounded.
    #[test]
    fn keeps_what_a_refusal_says() {
        let refusal = |body: &str| Answer::read(200, body.as_bytes()).unwrap().refusal().unwrap();
        for code in ["99999999999", "-3000000000", "\"E17\"", "1.5"] {
            let error = refusal(&format!("{{\"status\":0,\"errorcode\":{code}}}"));
            assert_eq!((error.reason(), error.code()), (Reason::UnknownCode, None));
            assert!(error.message().en.contains(code), "{error}");
        }
        assert_eq!(refusal("{\"status\":0}").reason(), Reason::UnknownCode);
        let words = "坏\\n".repeat(100_000);
        let error = refusal(&format!("{{\"status\":0,\"errorcode\":-79,\"message\":\"{words}\"}}"));
        let message = error.message().en;
        assert!(message.len() < 700 && !message.contains(char::is_control), "{message}");
    }

    /// Covers P-20: a platform's words come once, each in its language, and the field that it names is passed on.
    #[test]
    fn says_each_thing_once() {
        let refusal = |body: &str| Answer::read(200, body.as_bytes()).unwrap().refusal().unwrap();
        let both = refusal(
            r#"{"status":0,"errorcode":-79,"message":"a parameter is wrong: use POST","message_zh":"参数错误：请使用 POST","field":"signerlist[0].pic"}"#,
        );
        let message = both.message();
        assert_eq!((&*message.en, &*message.zh), ("a parameter is wrong: use POST", "参数错误：请使用 POST"));
        assert_eq!(both.field_path(), Some("signerlist[0].pic"));
        assert!(both.entry().advice.en.contains("that is named"));
        for known in ["余额不足", "账号余额不足", "the account's balance is too low"] {
            let message =
                refusal(&format!(r#"{{"status":0,"errorcode":-68,"message":"{known}"}}"#)).message();
            assert!(message.en.matches("balance").count() == 1 && message.zh.matches("余额").count() <= 2);
            assert_eq!(message.zh.contains('“'), known == "余额不足", "{message:?}");
        }
        let nameless = refusal(r#"{"status":0,"errorcode":-79}"#);
        assert!(nameless.field_path().is_none() && !nameless.entry().advice.en.contains("that is named"));
    }

    /// Covers P-20: what stands beside a code, in whatever encoding, does not keep it from being read.
    #[test]
    fn keeps_the_code_of_an_answer_in_another_encoding() {
        let body = b"{\"status\":0,\"errorcode\":-68,\"message\":\"\xd3\xe0\xb6\xee\xb2\xbb\xd7\xe3\",\"next\":1e999}";
        let error = Answer::read(200, body).unwrap().refusal().unwrap();
        assert_eq!(error.code(), Some(-68));
        let message = error.message();
        assert!(message.en.contains("message: is not in UTF-8") && message.en.contains("GBK"), "{message:?}");
        let taken = b"{\"status\":1,\"signid\":\"s\",\"orderNumber\":\"\xba\xcf\xcd\xac\"}";
        assert!(Answer::read(200, taken).unwrap().taken);
    }

    /// Covers P-6: a field that nobody reads may stand twice; one that says what became of the order may not.
    #[test]
    fn reads_past_names_that_stand_twice() {
        let read = |body: &str| Answer::read(200, body.as_bytes());
        assert!(read(r#"{"status":1,"signid":"s","trace":1,"trace":2,"more":{"a":1,"a":2}}"#).unwrap().taken);
        for twice in
            [r#"{"status":1,"status":0,"errorcode":-68}"#, r#"{"status":0,"errorcode":-68,"errorcode":-69}"#]
        {
            assert_eq!(read(twice).unwrap_err().reason(), Reason::AnswerNotProtocol, "{twice}");
        }
    }

    /// Covers P-22: what is not the protocol's is called what it is, in both languages.
    #[test]
    fn tells_what_is_no_answer() {
        let deep = format!("{{\"status\":1,\"x\":{}{}}}", "[".repeat(10_000), "]".repeat(10_000));
        for (body, en, zh) in [
            (&b""[..], "it is empty", "为空"),
            (b"\xef\xbb\xbf \r\n", "it is empty", "为空"),
            (b"\x1f\x8b\x08\0", "gzip", "gzip"),
            (b"{\0\"\0s\0", "UTF-16", "UTF-16"),
            (b"\xff\xfe{\0", "UTF-16", "UTF-16"),
            (b"\n<!DOCTYPE html>", "HTML", "HTML"),
            (b"{\"status\":2}", "no status", "status"),
            (b"[{\"status\":1}]", "no status", "status"),
            (b"{\"status\":0,\"errorcode\":-68,\"errorcode\":-69}", "errorcode: is given twice", "errorcode"),
            (b"{\"status\":1}{\"status\":1}", "syntax error at line 1", "语法错误"),
            (deep.as_bytes(), "syntax error", "语法错误"),
        ] {
            let message = Answer::read(200, body).unwrap_err().message();
            assert!(message.en.contains(en) && message.zh.contains(zh), "{message:?}");
            assert!(message.en.is_ascii(), "{message:?}");
        }
    }

    /// Covers P-20: status 1 is accepted, whatever stands beside it, and what that is is told.
    #[test]
    fn an_errorcode_beside_status_1_is_told() {
        let ignored = |code: &str| {
            let answer =
                Answer::read(200, format!(r#"{{"status":1,"errorcode":{code}}}"#).as_bytes()).unwrap();
            assert!(answer.taken && answer.refusal().is_none());
            answer.ignored_errorcode
        };
        for nothing in ["0", "\"0\"", "null", "\"\"", "0.0"] {
            assert_eq!(ignored(nothing), None, "{nothing}");
        }
        for (code, said) in [("-68", "-68"), ("\"-68\"", "\"-68\""), ("\"x\"", "\"x\""), ("[]", "[]")] {
            assert_eq!(ignored(code).as_deref(), Some(said));
        }
    }

    /// Covers P-22: each status has its advice, and only those that pass by themselves are worth another try.
    #[test]
    fn each_http_status_has_its_advice() {
        let entry = |status| Answer::read(status, b"<html>").unwrap_err().entry();
        for (status, said) in [
            (301, "endpoint"),
            (302, "endpoint"),
            (308, "endpoint"),
            (400, "client certificate"),
            (403, "firewall"),
            (404, "path"),
            (405, "path"),
            (413, "client_max_body_size"),
            (418, "proxy"),
            (495, "client certificate"),
        ] {
            assert!(entry(status).advice.en.contains(said) && !entry(status).retry, "{status}");
        }
        for status in [200, 408, 429, 500, 502, 503, 504] {
            assert!(entry(status).retry, "{status}");
        }
        let refused = r#"{"status":0,"errorcode":-79,"message":"the request is larger than 9 bytes","message_zh":"请求超过 9 字节"}"#;
        let error = Answer::read(413, refused.as_bytes()).unwrap().refusal().unwrap();
        assert!(error.message().en.contains("9 bytes") && error.entry().advice.en.contains("smaller"));
    }

    /// Covers P-23: whoever answered something else may have taken the order.
    #[test]
    fn an_answer_of_another_kind_is_ambiguous() {
        let huge = vec![b' '; MAX_ANSWER + 1];
        for body in [&b"<html>"[..], b"{}", &huge] {
            assert!(Answer::read(502, body).unwrap_err().may_have_arrived());
        }
    }
}
