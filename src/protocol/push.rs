//! PushSignedDoc as data: its body laid out for the platform, read by the library; and the
//! acknowledgement.

use serde_json::{Map, Value};

use super::answer::printable;
use super::bilingual::{Bilingual, NO_OBJECT};
use super::catalogue::Reason;
use super::error::{Error, Result};
use super::fields::{Fields, Findings};
use super::json::without_mark;
use super::stream::{Plan, Segment};

/// The action of a push on the wire.
pub const PUSH_SIGNED_DOC: &str = "PushSignedDoc";

/// What acknowledges a push.
pub const ACKNOWLEDGEMENT: &str = "1";

/// Lays out the push of a signed document of so many bytes, with its SHA-256 in hex.
#[must_use]
pub fn signed<S>(signid: &str, order_number: &str, document: S, length: u64, sha256: &str) -> Plan<S> {
    let before = format!("{}\"0\"{},\"content\":\"", start(1), extend(signid, order_number));
    let after = format!("\",\"hash\":{}}}}}", quoted(sha256));
    let document = Segment::Encode { source: document, length };
    Plan { segments: vec![Segment::Text(before.into()), document, Segment::Text(after.into())] }
}

/// Lays out the push of an order that failed for these codes.
#[must_use]
pub fn failed<S>(signid: &str, order_number: &str, codes: &[i32]) -> Plan<S> {
    let codes: Vec<String> = codes.iter().map(i32::to_string).collect();
    let text = format!("{}{}{}}}}}", start(0), quoted(&codes.join("&")), extend(signid, order_number));
    Plan { segments: vec![Segment::Text(text.into())] }
}

fn start(status: u8) -> String {
    format!("{{\"actiontype\":\"{PUSH_SIGNED_DOC}\",\"status\":{status},\"errorcode\":")
}

fn extend(signid: &str, order_number: &str) -> String {
    format!(",\"extendData\":{{\"signid\":{},\"ordernumber\":{}", quoted(signid), quoted(order_number))
}

fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// Judges what a receiver answered: only HTTP 200 with the single character 1 acknowledges.
/// Nothing around it is accepted, because the platform that this one stands in for accepts nothing.
///
/// # Errors
/// Words for whoever looks into why the push comes again.
pub fn acknowledged(http_status: u16, body: &[u8]) -> std::result::Result<(), Bilingual> {
    if http_status != 200 {
        return Err(Bilingual::new(
            format!("the receiver answered HTTP {http_status} instead of 200"),
            format!("接收方返回 HTTP {http_status}，而不是 200"),
        ));
    }
    if body == ACKNOWLEDGEMENT.as_bytes() {
        return Ok(());
    }
    let near = without_mark(body).trim_ascii();
    Err(if near == ACKNOWLEDGEMENT.as_bytes() || near == b"\"1\"" {
        Bilingual::new(
            "the receiver answered 1 with something around it: a blank, a line break, quotes or a byte order mark",
            "接收方返回的 1 前后有多余内容：空格、换行、引号或 BOM",
        )
    } else {
        Bilingual::new("the receiver did not answer 1", "接收方没有返回 1")
    })
}

/// A push without its document: the envelope that the scanner leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Push {
    /// True: status 1, the document is signed. False: status 0, the order failed.
    pub signed: bool,
    /// Why it failed; empty when it did not.
    pub errorcodes: Vec<i32>,
    /// The printable beginning of `errorcode`, 512 bytes at most, when some of it is no code: the order failed all
    /// the same.
    pub unread_errorcode: Option<String>,
    /// The platform's opaque id of the order.
    pub signid: Option<String>,
    /// The caller's own number of the contract.
    pub order_number: Option<String>,
    /// The hash as given.
    pub hash: Option<String>,
    /// A document came along.
    pub has_content: bool,
}

impl Push {
    /// Reads an envelope. What a status demands is not checked here but in [`Push::complete`].
    ///
    /// # Errors
    /// `push_not_protocol`, naming the field.
    pub fn read(envelope: &Value) -> Result<Push> {
        let Value::Object(map) = envelope else {
            return Err(wrong("", "the body must be a JSON object", "请求体应为 JSON 对象"));
        };
        let mut findings = Findings::default();
        let mut fields = Fields::new(map, "");
        if fields.text("actiontype", &mut findings).as_deref() != Some(PUSH_SIGNED_DOC) {
            return Err(wrong("actiontype", "must be \"PushSignedDoc\"", "应为 \"PushSignedDoc\""));
        }
        let signed = match fields.integer("status").flatten() {
            Some(0) => false,
            Some(1) => true,
            _ => return Err(wrong("status", "must be 1 or 0", "应为 1 或 0")),
        };
        let errorcode = fields.value("errorcode");
        // With a signed document the code has nothing to say: it must not keep the document out.
        let (errorcodes, unread_errorcode) = if signed { Default::default() } else { errorcodes(errorcode) };
        let extend = extend_data(fields.value("extendData"))?;
        fields.close(&mut findings);
        let (signid, order_number, hash, has_content) = (None, None, None, false);
        let mut push = Push { signed, errorcodes, unread_errorcode, signid, order_number, hash, has_content };
        if let Some(map) = extend {
            push.extend(map, &mut findings);
        }
        match findings.violations.into_iter().next() {
            None => Ok(push),
            Some(violation) => Err(at(&violation.field, violation.detail.unwrap_or_default())),
        }
    }

    fn extend(&mut self, map: &Map<String, Value>, findings: &mut Findings) {
        let mut fields = Fields::new(map, "extendData");
        let mut text = |name| fields.text(name, findings).filter(|text| !text.trim().is_empty());
        self.signid = text("signid");
        self.order_number = text("ordernumber");
        self.hash = text("hash");
        // The scanner has put an object in the place of every string that was not empty.
        self.has_content = fields.value("content").is_some_and(Value::is_object);
        fields.close(findings);
    }

    /// Checks that a signed document comes with all that belongs to it.
    ///
    /// # Errors
    /// `push_not_protocol` naming the field that is missing; `hash_unusable` when that is the hash.
    pub fn complete(&self) -> Result<()> {
        let missing = |field| wrong(field, "is missing although status is 1", "status 为 1 但缺少该字段");
        match self {
            push if !push.signed => Ok(()),
            Push { has_content: false, .. } => Err(missing("extendData.content")),
            Push { order_number: None, .. } => Err(missing("extendData.ordernumber")),
            Push { signid: None, .. } => Err(missing("extendData.signid")),
            Push { hash: None, .. } => Err(Error::new(Reason::HashUnusable).field("extendData.hash")),
            _ => Ok(()),
        }
    }
}

fn wrong(field: &str, en: &'static str, zh: &'static str) -> Error {
    at(field, Bilingual::fixed(en, zh))
}

fn at(field: &str, words: Bilingual) -> Error {
    let error = Error::new(Reason::PushNotProtocol).detailed(words);
    if field.is_empty() { error } else { error.field(field) }
}

/// Reads several codes, joined by `&`; 0 is none. Beside them it returns the whole text, when some of it is no code: refusing
/// the push would bring it again for ever (P-32).
fn errorcodes(value: Option<&Value>) -> (Vec<i32>, Option<String>) {
    let text = match value {
        None => return Default::default(),
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
    };
    let parts = text.split('&').map(str::trim).filter(|part| !part.is_empty());
    let codes: Vec<Option<i32>> = parts.map(|part| part.parse().ok()).collect();
    let unread = codes.contains(&None).then(|| printable(text.as_bytes()));
    (codes.into_iter().flatten().filter(|code| *code != 0).collect(), unread)
}

/// Returns the object, or that of an array of exactly one; a string that holds either was opened by the scanner.
fn extend_data(value: Option<&Value>) -> Result<Option<&Map<String, Value>>> {
    match value {
        None => Ok(None),
        Some(Value::Object(map)) => Ok(Some(map)),
        Some(Value::Array(list)) => match list.as_slice() {
            [Value::Object(map)] => Ok(Some(map)),
            _ => Err(wrong("extendData", "must hold exactly one object", "应恰好包含一个对象")),
        },
        Some(_) => Err(at("extendData", NO_OBJECT)),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// Covers P-5, P-32: the body is compact, in the protocol's order of fields, its length known.
    #[test]
    fn lays_out_pushes() {
        let text = |plan: Plan<&[u8]>| {
            let length = plan.content_length();
            let body = plan.into_pieces().collect().unwrap();
            assert_eq!(body.len() as u64, length);
            String::from_utf8(body).unwrap()
        };
        assert_eq!(
            text(signed("s\"1", "订单", &b"ABCD"[..], 4, "ab")),
            r#"{"actiontype":"PushSignedDoc","status":1,"errorcode":"0","extendData":{"signid":"s\"1","ordernumber":"订单","content":"QUJDRA==","hash":"ab"}}"#
        );
        assert_eq!(
            text(failed("s", "A-1", &[-50, -61])),
            r#"{"actiontype":"PushSignedDoc","status":0,"errorcode":"-50&-61","extendData":{"signid":"s","ordernumber":"A-1"}}"#
        );
    }

    /// Covers P-30: only the single character 1 with HTTP 200 acknowledges.
    #[test]
    fn takes_only_1_for_an_acknowledgement() {
        assert_eq!(acknowledged(200, b"1"), Ok(()));
        assert!(acknowledged(201, b"1").unwrap_err().en.contains("HTTP 201"));
        for near in [&b"1\n"[..], b" 1", b"\xef\xbb\xbf1", b"\"1\""] {
            assert!(acknowledged(200, near).unwrap_err().en.contains("around"), "{near:?}");
        }
        for no in [&b""[..], b"success", b"11", b"0", b"{\"status\":1}"] {
            assert!(acknowledged(200, no).unwrap_err().en.contains("did not"), "{no:?}");
        }
    }

    fn read(envelope: Value) -> Result<Push> {
        Push::read(&envelope)
    }

    /// Covers P-32: errorcode is a number or text, several joined by `&`.
    #[test]
    fn reads_errorcodes() {
        let codes = |status: i32, code: Value| {
            read(json!({"actiontype": "PushSignedDoc", "status": status, "errorcode": code}))
                .map(|push| push.errorcodes)
        };
        assert_eq!(codes(0, json!("-50& -61&")), Ok(vec![-50, -61]));
        assert_eq!(codes(0, json!(-50)), Ok(vec![-50]));
        assert_eq!(codes(0, json!("")), Ok(vec![]));
        assert_eq!(codes(0, json!(null)), Ok(vec![]));
        for whatever in [json!("0"), json!(0), json!("ok"), json!({}), json!(-50)] {
            assert_eq!(codes(1, whatever), Ok(vec![]));
        }
        for (odd, known, text) in [
            (json!("x"), vec![], "x"),
            (json!([]), vec![], "[]"),
            (json!(1.5), vec![], "1.5"),
            (json!("-50&99999999999"), vec![-50], "-50&99999999999"),
        ] {
            let push = read(json!({"actiontype": "PushSignedDoc", "status": 0, "errorcode": odd})).unwrap();
            assert_eq!((push.errorcodes, push.unread_errorcode.as_deref()), (known, Some(text)));
        }
    }

    /// Covers P-5: field names in any letter case, and never two different values of one field.
    #[test]
    fn reads_fields_in_any_case() {
        let push = read(json!({"ActionType": "PushSignedDoc", "STATUS": "1",
            "extenddata": [{"SignID": 7, "orderNumber": "A", "Hash": "h", "CONTENT": {"attachment": 0}}]}))
        .unwrap();
        assert_eq!(push.signid.as_deref(), Some("7"));
        assert_eq!(push.order_number.as_deref(), Some("A"));
        assert_eq!(push.complete(), Ok(()));
        let twice = read(json!({"actiontype": "PushSignedDoc", "status": 1, "extendData":
            {"ordernumber": "A", "orderNumber": "B"}}));
        assert_eq!(twice.unwrap_err().reason(), Reason::PushNotProtocol);
    }

    /// Every field that a signed document must come with.
    #[test]
    fn names_what_is_missing() {
        let whole = json!({"signid": "s", "ordernumber": "A", "hash": "h", "content": {"attachment": 0}});
        for field in ["signid", "ordernumber", "hash", "content"] {
            for nothing in [json!(null), json!("")] {
                let mut extend = whole.clone();
                extend[field] = nothing;
                let body = json!({"actiontype": "PushSignedDoc", "status": 1, "extendData": extend});
                let error = read(body.clone()).unwrap().complete().unwrap_err();
                assert_eq!(error.field_path(), Some(format!("extendData.{field}").as_str()));
                let mut failed = body;
                failed["status"] = json!(0);
                assert_eq!(read(failed).unwrap().complete(), Ok(()));
            }
        }
    }
}
