//! Orders whose text is not in UTF-8: what is told is the encoding, and where it stands.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::sandbox::{Sandbox, code, order};

/// A request's bytes, with this text in GBK in place of the mark `@@`.
fn with_gbk(order: &Value, gbk: &[u8]) -> Vec<u8> {
    let text = order.to_string();
    let (before, after) = text.split_once("@@").unwrap();
    [before.as_bytes(), gbk, after.as_bytes()].concat()
}

/// Covers P-5, P-18: text in GBK in a field that is read is malformed JSON, told with its field before anything else,
/// whatever kind of field it is, and although a character's second byte is a backslash before a quote.
#[test]
fn names_the_field_that_is_in_gbk() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let refused = |change: &dyn Fn(&mut Value), gbk: &[u8]| {
        let mut body = order(&sandbox.token(), "GBK");
        change(&mut body);
        let (status, answer) = sandbox.post(&with_gbk(&body, gbk), "application/json");
        assert_eq!((status, code(&answer)), (200, -63), "{answer}");
        for (name, words) in [("message", "GBK"), ("message_zh", "GBK")] {
            assert!(answer[name].as_str().unwrap().contains(words), "{answer}");
        }
        answer["field"].as_str().unwrap_or_default().to_owned()
    };
    let contract = b"\xba\xcf\xcd\xac";
    assert_eq!(refused(&|body| body["subject"] = json!("@@"), contract), "subject");
    // 誠, whose second byte is a backslash.
    assert_eq!(refused(&|body| body["subject"] = json!("@@"), b"\xd5\\"), "subject");
    assert_eq!(
        refused(&|body| body["signerlist"][1]["userName"] = json!("@@"), contract),
        "signerlist[1].userName"
    );
    let position = |body: &mut Value| body["signerlist"][0]["signlist"][0]["position"] = json!("0.1@@0.2");
    assert_eq!(refused(&position, b"\xa3\xac"), "signerlist[0].signlist[0].position");
    // Before -100: the field is there.
    let both = |body: &mut Value| {
        body["signerlist"][1]["userName"] = json!("@@");
        body.as_object_mut().unwrap().remove("orderNumber");
    };
    assert_eq!(refused(&both, contract), "signerlist[1].userName");
}

/// Covers P-6: what nobody reads may be in any encoding.
#[test]
fn takes_an_order_with_gbk_where_nobody_reads() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "NOTE");
    body["note"] = json!("@@");
    assert_eq!(code(&sandbox.post(&with_gbk(&body, b"\xd5\\"), "application/json").1), 0);
}

/// Covers P-5, P-18: half a surrogate pair in a field that is read is named; a body in UTF-16 is told to be in it.
#[test]
fn names_what_else_is_no_text() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let body = order(&sandbox.token(), "HALF");
    let half = body.to_string().replace("李明", "\\ud800");
    let answer = sandbox.post(half.as_bytes(), "application/json").1;
    assert_eq!((code(&answer), answer["field"].as_str()), (-63, Some("signerlist[1].userName")), "{answer}");
    assert!(answer["message"].as_str().unwrap().contains("half a surrogate pair"), "{answer}");
    let units: Vec<u16> = body.to_string().encode_utf16().collect();
    let wide: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
    let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
    for bytes in [[b"\xff\xfe", &wide[..]].concat(), wide, [b"\xfe\xff", &big[..]].concat(), big] {
        let answer = sandbox.post(&bytes, "application/json").1;
        assert_eq!(code(&answer), -63);
        assert!(answer["message"].as_str().unwrap().contains("UTF-16"), "{answer}");
        assert!(answer["message_zh"].as_str().unwrap().contains("UTF-16"), "{answer}");
    }
}
