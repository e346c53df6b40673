//! The schema of a push, as it is read.

use serde_json::{Value, json};
use wosigndoc::protocol::push::{ACKNOWLEDGEMENT, PUSH_SIGNED_DOC};

use super::{base64, described, examples, id, not_blank, said};

pub fn schema() -> Value {
    json!({
        "$schema": super::DRAFT,
        "$id": id("push"),
        "title": PUSH_SIGNED_DOC,
        "description": said(
            format!("A push, as it is read. Field names may come in any letter case: spell them as here first. Answer HTTP 200 with the single character {ACKNOWLEDGEMENT} once the document is whole, its hash right and it is stored; anything else brings the push again."),
            format!("推送的读取格式。字段名的大小写可能不同，请先统一为此处的写法。文档完整、哈希正确且已保存之后，应答 HTTP 200 和单个字符 {ACKNOWLEDGEMENT}；其他应答会使平台再次推送。"),
            &[5, 6, 30, 32, 33]),
        "type": "object",
        "required": ["actiontype", "status"],
        "properties": {
            "actiontype": described(json!({ "const": PUSH_SIGNED_DOC }), said("The action.", "动作。", &[])),
            "status": described(json!({ "enum": [1, 0, "1", "0"] }), said(
                "1: signed; 0: the order failed, which needs to be acknowledged too.",
                "1：已签署；0：订单失败，同样需要确认。", &[30, 32])),
            "errorcode": described(json!({ "type": ["string", "integer", "null"] }), said(
                "Why the order failed: codes joined by &. With status 1 it says nothing.",
                "订单失败的原因：多个错误码以 & 连接。status 为 1 时没有意义。", &[32])),
            "extendData": said_of_extend_data(),
        },
        "if": { "required": ["status"], "properties": { "status": { "enum": [1, "1"] } } },
        "then": { "required": ["extendData"], "properties": { "extendData": forms("SignedDocument") } },
        "else": { "properties": { "extendData": { "anyOf": [forms("FailedOrder"), { "type": "null" }] } } },
        "$defs": {
            "Base64": base64(),
            "Hash": hash(),
            "SignedDocument": signed(),
            "FailedOrder": failed(),
        },
        "examples": [examples::parsed(&examples::pushed()), examples::parsed(&examples::failed())],
    })
}

fn said_of_extend_data() -> Value {
    described(
        json!({}),
        said(
            "What follows: an object; some send a string that holds the object's JSON, or an array of exactly one.",
            "其余内容：对象；也可能是含该对象 JSON 的字符串，或恰好含一个对象的数组。",
            &[],
        ),
    )
}

/// The three ways in which the object may come. A schema does not look into the string.
fn forms(name: &str) -> Value {
    let object = json!({ "$ref": format!("#/$defs/{name}") });
    json!({ "anyOf": [
        object.clone(),
        { "type": "array", "minItems": 1, "maxItems": 1, "items": object.clone() },
        { "type": "string", "contentMediaType": "application/json", "contentSchema": object },
    ] })
}

fn ids() -> [Value; 2] {
    let text = || json!({ "type": ["string", "null"] });
    [
        described(text(), said("The platform's id of the order.", "平台的订单 id。", &[33])),
        described(
            text(),
            said(
                "The caller's number; also spelt orderNumber.",
                "调用方的订单号；也写作 orderNumber。",
                &[33],
            ),
        ),
    ]
}

fn signed() -> Value {
    let [signid, ordernumber] = ids();
    let present = |field: Value| {
        let mut field = field;
        field["type"] = "string".into();
        field["pattern"] = not_blank()["pattern"].clone();
        field
    };
    json!({
        "title": "SignedDocument",
        "description": said("The signed document and whose it is.", "已签署的文档及其所属订单。", &[30]),
        "type": "object",
        "required": ["signid", "ordernumber", "content", "hash"],
        "properties": {
            "signid": present(signid),
            "ordernumber": present(ordernumber),
            "content": described(json!({ "$ref": "#/$defs/Base64", "minLength": 1 }), said(
                "The document. Writers may escape its characters (\\/ and \\uXXXX), as in any JSON string.",
                "文档。其中的字符可能带转义（\\/ 和 \\uXXXX），与任何 JSON 字符串相同。", &[30])),
            "hash": { "$ref": "#/$defs/Hash" },
        },
    })
}

fn failed() -> Value {
    let [signid, ordernumber] = ids();
    json!({
        "title": "FailedOrder",
        "description": said("The order that failed.", "失败的订单。", &[32]),
        "type": "object",
        "properties": { "signid": signid, "ordernumber": ordernumber },
    })
}

/// P-31: told apart by length and alphabet.
fn hash() -> Value {
    let forms = [
        "[0-9A-Fa-f]{64}",
        "[0-9A-Fa-f]{96}",
        "[0-9A-Fa-f]{128}",
        "[A-Za-z0-9+/_-]{43}=?",
        "[A-Za-z0-9+/_-]{64}",
        "[A-Za-z0-9+/_-]{86}(==)?",
    ];
    described(
        json!({ "title": "Hash", "type": "string", "pattern": format!("^({})$", forms.join("|")) }),
        said(
            "Of the document's bytes: SHA-256, SHA-384 or SHA-512, in hex or base64. 64 characters that are all hex digits are SHA-256. wosigndoc-server sends SHA-256 in lower-case hex.",
            "文档字节的哈希：SHA-256、SHA-384 或 SHA-512，十六进制或 base64。64 个字符若全为十六进制数字，则是 SHA-256。wosigndoc-server 发送小写十六进制的 SHA-256。",
            &[31],
        ),
    )
}
