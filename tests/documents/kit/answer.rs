//! The schema of the answer to an order, as it is read.

use serde_json::{Value, json};
use wosigndoc::protocol::Code;
use wosigndoc::protocol::answer::MAX_ANSWER;

use super::{both, described, examples, id, said};

pub fn schema() -> Value {
    let text = |en: &str, zh: &str, rules: &[u32]| {
        described(json!({ "type": ["string", "null"] }), said(en, zh, rules))
    };
    json!({
        "$schema": super::DRAFT,
        "$id": id("answer"),
        "title": "Answer",
        "description": said(
            format!("The answer to an order, as it is read: at most {MAX_ANSWER} bytes. Field names may come in any letter case: spell them as here first. What does not keep to this is no answer of the platform, and the order may have arrived."),
            format!("对订单的应答的读取格式：最多 {MAX_ANSWER} 字节。字段名的大小写可能不同，请先统一为此处的写法。不符合者不是平台的应答，订单可能已送达。"),
            &[5, 6, 20, 22, 23]),
        "type": "object",
        "required": ["status"],
        "properties": {
            "status": described(json!({ "enum": [1, 0, "1", "0"] }), said(
                "1: accepted, whatever errorcode stands beside it; 0: refused.",
                "1：已接受，无论 errorcode 为何；0：已拒绝。", &[20])),
            "errorcode": described(errorcode(), said(
                "0, or why the order is refused: a number, or its digits as a string. A code that is not listed is a refusal too.",
                "0，或拒绝的原因：数字，或数字组成的字符串。未列出的错误码同样表示拒绝。", &[20, 21])),
            "signid": text("The platform's id of the order: treat it as opaque.", "平台的订单 id：请视为不透明字符串。", &[20]),
            "orderNumber": text("The caller's number; also spelt ordernumber.", "调用方的订单号；也写作 ordernumber。", &[20]),
            "message": text("What wosigndoc-server adds to a refusal, in English.", "wosigndoc-server 对拒绝的补充说明，英文。", &[6]),
            "message_zh": text("The same in Chinese.", "同上，中文。", &[6]),
            "field": text("The field at fault, e.g. signerlist[1].userNo.", "有问题的字段，例如 signerlist[1].userNo。", &[6]),
        },
        "examples": [examples::accepted(), examples::refused()],
    })
}

/// Every code that is known, and whatever else may come.
fn errorcode() -> Value {
    let known = Code::ALL.iter().map(|code| {
        let title = format!("{code:?}");
        described(json!({ "title": title, "const": code.number() }), both(&code.entry().message))
    });
    let mut forms = vec![json!({ "title": "None", "const": 0 })];
    forms.extend(known);
    forms.push(json!({ "title": "Other", "type": ["integer", "string", "null"] }));
    json!({ "anyOf": forms })
}
