//! The cases that no site may acknowledge, or only if it has stored the document all the same.

use anyhow::Result;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde_json::{Map, Value};
use wosigndoc::protocol::Bilingual;

use super::cases::{Case, Make};
use super::maker::{Genuine, Maker};
use super::paper;
use super::shot::{Grade, Harm, Rule, Shot, Way};
use crate::faults::Push;

fn refuse(grade: Grade, en: &'static str, zh: &'static str) -> Rule {
    Rule::Refuse(Harm { forgery: false, grade, words: Bilingual::fixed(en, zh) })
}

fn never(en: &'static str, zh: &'static str) -> Rule {
    refuse(Grade::Wrong, en, zh)
}

fn forgery(en: &'static str, zh: &'static str) -> Rule {
    Rule::Refuse(Harm { forgery: true, grade: Grade::Wrong, words: Bilingual::fixed(en, zh) })
}

/// Forgeries, whose hash fits: whoever knows the URL can post them.
pub fn forged() -> Vec<Case> {
    vec![
        Case::new(
            "altered",
            "the amount was changed after signing, the hash fits",
            "签署后金额被改动，哈希相符",
            |maker, case| {
                let mut push = maker.genuine(case, 0)?;
                put_other_amount(&mut push.document);
                Ok(vec![push.shot(forgery(
                    "the amount in the document was changed after signing",
                    "文档中的金额在签署后被改动",
                ))?])
            },
        ),
        Case::new(
            "stranger",
            "somebody else signed it, under the platform's name",
            "由他人冒用平台名义签署",
            |maker, case| {
                let rule =
                    forgery("somebody else than the platform signed the document", "签署文档的并非平台");
                Ok(vec![maker.by_stranger(case)?.shot(rule)?])
            },
        ),
        Case::new("unsigned", "nobody signed it", "没有签名", |maker, case| {
            let document = paper::contract(&maker.number(case, 0), 0);
            let rule = forgery("nobody has signed the document", "文档没有签名");
            Ok(vec![replaced(maker, case, document)?.shot(rule)?])
        }),
        Case::new("no-pdf", "it is no PDF", "不是 PDF", |maker, case| {
            let document = format!("<html>{}</html>", maker.number(case, 0)).into_bytes();
            Ok(vec![
                replaced(maker, case, document)?.shot(forgery("the document is no PDF", "文档不是 PDF"))?,
            ])
        }),
    ]
}

fn put_other_amount(document: &mut [u8]) {
    let length = paper::AMOUNT.len();
    let at = document.windows(length).position(|window| window == paper::AMOUNT);
    if let Some(place) = at.and_then(|at| document.get_mut(at..at + length)) {
        place.copy_from_slice(paper::OTHER_AMOUNT);
    }
}

/// Returns the push of an order with another document.
fn replaced(maker: &Maker, case: &Case, document: Vec<u8>) -> Result<Genuine> {
    let number = maker.number(case, 0);
    Ok(Genuine { signid: Maker::signid(&number), number, document })
}

/// What is broken, or is no push.
pub fn broken() -> Vec<Case> {
    let mut cases = hashes();
    cases.extend(contents());
    cases.extend(bodies());
    cases.extend(fields());
    cases.extend(meanings());
    cases.extend(requests());
    cases
}

fn hashes() -> Vec<Case> {
    vec![
        Case::new(
            "wrong-hash",
            "a hash that is not the document's",
            "哈希与文档不符",
            |maker, case| {
                let rule = never("the hash is not the document's", "哈希与文档不符");
                Ok(vec![maker.genuine(case, 0)?.twisted(Push::WrongHash, rule)?])
            },
        ),
        Case::new("no-hash", "no hash", "没有哈希", |maker, case| {
            let rule = refuse(
                Grade::Advice,
                "there is no hash, so that nothing tells whether the document is whole",
                "没有哈希，无从得知文档是否完整",
            );
            Ok(vec![maker.genuine(case, 0)?.twisted(Push::NoHash, rule)?])
        }),
        Case::new("empty", "an empty document", "空文档", |maker, case| {
            let rule = never("the document is empty", "文档为空");
            let body = maker.genuine(case, 0)?.twisted(Push::Empty, rule)?;
            Ok(vec![Shot { document: None, ..body }])
        }),
    ]
}

fn contents() -> Vec<Case> {
    vec![
        Case::new("broken-base64", "a document that is not base64", "文档不是 base64", |maker, case| {
            let edit = |extend: &mut Map<String, Value>, document: &[u8]| {
                let text = STANDARD.encode(document);
                let (half, rest) = text.split_at(text.len() / 2);
                let broken = format!("{half}*{}", rest.get(1..).unwrap_or_default());
                extend.insert("content".to_owned(), broken.into());
            };
            let rule = never("the document is not base64", "文档不是 base64");
            Ok(vec![maker.genuine(case, 0)?.extended(edit, rule)?])
        }),
        Case::new("short", "a document that lacks its end", "文档缺少末尾", |maker, case| {
            let edit = |extend: &mut Map<String, Value>, document: &[u8]| {
                let start = document.get(..document.len() / 2).unwrap_or_default();
                extend.insert("content".to_owned(), STANDARD.encode(start).into());
            };
            let rule = never("the document lacks its end", "文档缺少末尾");
            Ok(vec![maker.genuine(case, 0)?.extended(edit, rule)?])
        }),
    ]
}

fn bodies() -> Vec<Case> {
    vec![
        Case::new(
            "cut",
            "a connection that breaks halfway, then the push again",
            "连接中途断开，之后重新推送",
            |maker, case| {
                let whole = maker.genuine(case, 0)?.shot(Rule::Take(Grade::Wrong))?;
                let rule = never("only half of the body had come", "请求体只到了一半");
                Ok(vec![Shot { rule, way: Way::Cut, ..whole.clone() }, whole])
            },
        ),
        Case::new(
            "broken-json",
            "a body that lacks its last brackets",
            "请求体缺少结尾括号",
            |maker, case| {
                let push = maker.genuine(case, 0)?;
                let mut body = push.body()?;
                body.truncate(body.len().saturating_sub(2));
                Ok(vec![push.with(body, never("the body is no JSON", "请求体不是 JSON"))?])
            },
        ),
        Case::new(
            "gbk",
            "a message in GBK, which is no UTF-8",
            "含 GBK 文字（不是 UTF-8）",
            |maker, case| Ok(vec![maker.genuine(case, 0)?.twisted(Push::Gbk, Rule::Either)?]),
        ),
        Case::new(
            "deep",
            "a field nested 200 and 100,000 levels deep",
            "字段嵌套 200 层与 100,000 层",
            |maker, case| Ok(vec![nested(maker, case, 200)?, nested(maker, case, 100_000)?]),
        ),
    ]
}

/// Makes a push with a field of so many arrays within each other.
fn nested(maker: &Maker, case: &Case, levels: usize) -> Result<Shot> {
    let push = maker.genuine(case, 0)?;
    let mut body = push.body()?;
    body.pop();
    body.extend_from_slice(b",\"deep\":");
    body.resize(body.len() + levels, b'[');
    body.resize(body.len() + levels, b']');
    body.push(b'}');
    push.with(body, Rule::Either)
}

fn fields() -> Vec<Case> {
    vec![
        Case::new(
            "no-content",
            "no document although the status is 1",
            "status 为 1 但没有文档",
            |maker, case| {
                let rule = never("no document came", "没有收到文档");
                let edit = |extend: &mut Map<String, Value>, _: &[u8]| drop(extend.remove("content"));
                Ok(vec![Shot { document: None, ..maker.genuine(case, 0)?.extended(edit, rule)? }])
            },
        ),
        Case::new("no-number", "no orderNumber", "没有 orderNumber", |maker, case| {
            // Its signid may say it to some sites.
            let rule = refuse(
                Grade::Advice,
                "no orderNumber says whose document it is",
                "没有 orderNumber，无从得知是哪份合同",
            );
            let edit = |extend: &mut Map<String, Value>, _: &[u8]| drop(extend.remove("ordernumber"));
            Ok(vec![maker.genuine(case, 0)?.extended(edit, rule)?])
        }),
        Case::new("no-extend", "no extendData", "没有 extendData", |maker, case| {
            let rule = never("no document came", "没有收到文档");
            let edit = |body: &mut Map<String, Value>, _: &[u8]| drop(body.remove("extendData"));
            Ok(vec![Shot { document: None, ..maker.genuine(case, 0)?.edited(edit, rule)? }])
        }),
    ]
}

fn meanings() -> Vec<Case> {
    vec![
        Case::new("no-status", "no status", "没有 status", |maker, case| {
            let rule =
                never("nothing says whether the order was signed or failed", "无从得知订单已签署还是失败");
            let edit = |body: &mut Map<String, Value>, _: &[u8]| drop(body.remove("status"));
            Ok(vec![maker.genuine(case, 0)?.edited(edit, rule)?])
        }),
        Case::new(
            "other-action",
            "an action that nobody knows yet",
            "尚不存在的动作",
            |maker, case| {
                let rule = refuse(
                    Grade::Advice,
                    "it cannot know what PushRevokedDoc asks of it",
                    "接收方不可能知道 PushRevokedDoc 的含义",
                );
                let edit = |body: &mut Map<String, Value>, _: &[u8]| {
                    body.insert("actiontype".to_owned(), "PushRevokedDoc".into());
                };
                Ok(vec![maker.genuine(case, 0)?.edited(edit, rule)?])
            },
        ),
    ]
}

fn requests() -> Vec<Case> {
    let empty: Make = |maker, case| {
        let rule = never(
            "the body was empty, as PHP hands it over when post_max_size is exceeded",
            "请求体为空（PHP 在超过 post_max_size 时也是如此）",
        );
        Ok(vec![Shot { body: Bytes::new(), document: None, ..maker.failed(case, &[-50], rule)? }])
    };
    let get: Make = |maker, case| {
        let rule = never("nothing was posted", "并没有 POST 任何内容");
        Ok(vec![Shot { body: Bytes::new(), ..maker.failed(case, &[-50], rule)? }.by(Way::Get)])
    };
    vec![
        Case::new(
            "text-type",
            "a push that says it is text/plain",
            "Content-Type 为 text/plain",
            |maker, case| {
                Ok(vec![Shot { content_type: "text/plain", ..maker.genuine(case, 0)?.shot(Rule::Either)? }])
            },
        ),
        Case::new("form-type", "a push that says it is a form", "Content-Type 为表单", |maker, case| {
            let content_type = "application/x-www-form-urlencoded";
            Ok(vec![Shot { content_type, ..maker.genuine(case, 0)?.shot(Rule::Either)? }])
        }),
        Case::new("no-body", "an empty body", "空请求体", empty),
        Case::new("get", "GET instead of POST", "以 GET 代替 POST", get),
    ]
}
