//! The cases that a right site takes, and the whole list: what is sent at once, and what in turn.

use anyhow::Result;
use serde_json::{Map, Value, json};
use wosigndoc::protocol::Bilingual;

use super::hostile;
use super::maker::Maker;
use super::shot::{Grade, Rule, Shot, Way};
use crate::faults::Push;

/// The order in which the pushes of a case are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// One after another.
    InTurn,
    /// At the same time, each on its connection; what was not acknowledged then is sent again afterwards.
    AtOnce,
    /// So too, and all are the same push.
    SameAtOnce,
}

/// Makes the pushes of a case.
pub type Make = fn(&Maker, &Case) -> Result<Vec<Shot>>;

/// A case.
pub struct Case {
    /// Its word, which its orderNumbers hold.
    pub id: &'static str,
    /// What is tried.
    pub title: Bilingual,
    /// The order of its pushes.
    pub flow: Flow,
    /// How many orders it has.
    pub orders: usize,
    /// What its orderNumbers end in.
    pub tail: &'static str,
    /// The length of its document in megabytes, where that is what is tried.
    pub size: Option<u64>,
    /// Makes its pushes.
    pub make: Make,
}

impl Case {
    /// Makes a case of one order.
    pub fn new(id: &'static str, en: &'static str, zh: &'static str, make: Make) -> Case {
        let title = Bilingual::fixed(en, zh);
        Case { id, title, flow: Flow::InTurn, orders: 1, tail: "", size: None, make }
    }

    fn of(self, orders: usize, flow: Flow) -> Case {
        Case { orders, flow, ..self }
    }
}

/// Returns all cases, in the order in which they are tried, with documents of so many megabytes at most.
pub fn all(largest: u64) -> Vec<Case> {
    let mut cases = right();
    cases.extend(at_once());
    cases.extend(odd());
    cases.extend(hashes());
    cases.extend(ways());
    cases.extend(sizes().into_iter().filter(|case| case.size.is_none_or(|size| size <= largest)));
    cases.extend(hostile::forged());
    cases.extend(hostile::broken());
    cases.push(Case::new(
        "still-there",
        "a right push, after all of that",
        "以上各项之后的正常推送",
        |maker, case| Ok(vec![maker.genuine(case, 0)?.shot(TAKE)?]),
    ));
    cases
}

/// What a site must take, or its contracts are pushed for ever.
const TAKE: Rule = Rule::Take(Grade::Wrong);
/// What it should take: the protocol allows it, and the platform does not send it today.
const SHOULD_TAKE: Rule = Rule::Take(Grade::Advice);

fn right() -> Vec<Case> {
    vec![
        Case::new("plain", "a right push", "正常推送", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.shot(TAKE)?])
        }),
        Case::new(
            "failed",
            "an order that failed (status 0)",
            "失败的订单（status 0）",
            |maker, case| Ok(vec![maker.failed(case, &[-50], TAKE)?]),
        ),
        Case::new(
            "failed-twice",
            "an order that failed for two reasons, pushed twice",
            "因两个原因失败的订单，推送两次",
            |maker, case| {
                let shot = maker.failed(case, &[-50, -61], TAKE)?;
                Ok(vec![shot.clone(), shot])
            },
        ),
        Case::new("again", "the same push, three times", "同一推送发三次", |maker, case| {
            let shot = maker.genuine(case, 0)?.shot(TAKE)?;
            Ok(vec![shot.clone(), shot.clone(), shot])
        }),
        Case::new(
            "second-document",
            "another document and signid of the same orderNumber",
            "同一 orderNumber 的另一份文档（signid 不同）",
            two_documents,
        ),
        Case {
            tail: "-合同",
            ..Case::new("chinese", "a Chinese orderNumber", "中文 orderNumber", |maker, case| {
                Ok(vec![maker.genuine(case, 0)?.shot(TAKE)?])
            })
        },
    ]
}

fn two_documents(maker: &Maker, case: &Case) -> Result<Vec<Shot>> {
    let (first, mut second) = (maker.genuine(case, 0)?, maker.genuine(case, 0)?);
    second.signid = Maker::signid(&format!("{}/2", second.number));
    // A site that has a rule against it may refuse, as long as it does not say that it has stored it.
    Ok(vec![first.shot(TAKE)?, second.shot(Rule::Either)?])
}

fn at_once() -> Vec<Case> {
    vec![
        Case::new(
            "same-at-once",
            "the same push on two connections at once",
            "同一推送经两条连接同时到达",
            |maker, case| {
                let shot = maker.genuine(case, 0)?.shot(TAKE)?;
                Ok(vec![shot.clone(), shot])
            },
        )
        .of(1, Flow::SameAtOnce),
        Case::new("two-at-once", "two orders at once", "两份订单同时到达", several).of(2, Flow::AtOnce),
        Case::new("eight-at-once", "eight orders at once", "八份订单同时到达", several).of(8, Flow::AtOnce),
    ]
}

fn several(maker: &Maker, case: &Case) -> Result<Vec<Shot>> {
    (0..case.orders).map(|at| maker.genuine(case, at)?.shot(TAKE)).collect()
}

/// What is written otherwise than our platform writes it, and right.
fn odd() -> Vec<Case> {
    vec![
        Case::new(
            "extend-string",
            "extendData as a string that holds JSON",
            "extendData 为包含 JSON 的字符串",
            |maker, case| Ok(vec![maker.genuine(case, 0)?.twisted(Push::ExtendString, TAKE)?]),
        ),
        Case::new("escapes", "escapes: \\/ and \\u0041", "转义：\\/ 与 \\u0041", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.twisted(Push::Escapes, TAKE)?])
        }),
        Case::new("field-order", "fields in another order", "字段顺序不同", |maker, case| {
            // In the order of the alphabet: the status comes last.
            Ok(vec![maker.genuine(case, 0)?.edited(|_, _| (), TAKE)?])
        }),
        Case::new("new-fields", "fields that nobody knows yet", "尚不存在的新字段", |maker, case| {
            let edit = |body: &mut Map<String, Value>, _: &[u8]| {
                body.insert("version".to_owned(), json!({"major": 2, "names": ["新", null]}));
            };
            Ok(vec![maker.genuine(case, 0)?.edited(edit, TAKE)?])
        }),
        Case::new("upper-names", "names of fields in upper case", "字段名为大写", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.twisted(Push::UpperNames, SHOULD_TAKE)?])
        }),
        Case::new("status-text", "the status as text: \"1\"", "status 为文本 \"1\"", |maker, case| {
            let edit = |body: &mut Map<String, Value>, _: &[u8]| {
                body.insert("status".to_owned(), json!("1"));
            };
            Ok(vec![maker.genuine(case, 0)?.edited(edit, SHOULD_TAKE)?])
        }),
        Case::new("mark", "a byte order mark before the body", "请求体前有 BOM", |maker, case| {
            let push = maker.genuine(case, 0)?;
            let body = ["\u{feff}".as_bytes(), &push.body()?].concat();
            Ok(vec![push.with(body, SHOULD_TAKE)?])
        }),
    ]
}

/// Hashes that are written otherwise: the protocol says "sha2" and no more.
fn hashes() -> Vec<Case> {
    vec![
        Case::new("hash-upper", "the hash in upper case", "哈希为大写", |maker, case| {
            let edit = |extend: &mut Map<String, Value>, _: &[u8]| {
                if let Some(Value::String(hash)) = extend.get_mut("hash") {
                    *hash = hash.to_uppercase();
                }
            };
            Ok(vec![maker.genuine(case, 0)?.extended(edit, SHOULD_TAKE)?])
        }),
        Case::new("hash-base64", "the hash in base64", "哈希为 base64", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.twisted(Push::Base64Hash, SHOULD_TAKE)?])
        }),
        Case::new("hash-sha512", "a hash by SHA-512", "SHA-512 哈希", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.twisted(Push::Sha512, SHOULD_TAKE)?])
        }),
    ]
}

fn ways() -> Vec<Case> {
    vec![
        Case::new(
            "slow-body",
            "a body that takes two seconds",
            "请求体持续两秒才发完",
            |maker, case| Ok(vec![maker.genuine(case, 0)?.shot(TAKE)?.by(Way::Slow)]),
        ),
        Case::new(
            "chunked",
            "a body in chunks, without Content-Length",
            "分块传输，没有 Content-Length",
            |maker, case| Ok(vec![maker.genuine(case, 0)?.shot(SHOULD_TAKE)?.by(Way::Chunked)]),
        ),
        Case::new("expect", "Expect: 100-continue", "Expect: 100-continue", |maker, case| {
            Ok(vec![maker.genuine(case, 0)?.shot(SHOULD_TAKE)?.by(Way::Expecting)])
        }),
        Case::new(
            "keep-alive",
            "two orders over one connection",
            "两份订单经同一连接",
            |maker, case| {
                let shot = |at| Ok(maker.genuine(case, at)?.shot(SHOULD_TAKE)?.by(Way::Kept));
                (0..case.orders).map(shot).collect()
            },
        )
        .of(2, Flow::InTurn),
    ]
}

fn sizes() -> Vec<Case> {
    let take: Make = |maker, case| Ok(vec![maker.of_length(case, 0, bytes(case.size))?.shot(TAKE)?]);
    let should: Make = |maker, case| Ok(vec![maker.of_length(case, 0, bytes(case.size))?.shot(SHOULD_TAKE)?]);
    let sized = |size, case| Case { size: Some(size), ..case };
    vec![
        sized(1, Case::new("size-1", "a document of 1 MB", "1 MB 的文档", take)),
        sized(8, Case::new("size-8", "a document of 8 MB", "8 MB 的文档", take)),
        sized(20, Case::new("size-20", "a document of 20 MB", "20 MB 的文档", take)),
        // More than the platform takes by its default.
        sized(60, Case::new("size-60", "a document of 60 MB", "60 MB 的文档", should)),
    ]
}

fn bytes(megabytes: Option<u64>) -> usize {
    usize::try_from(megabytes.unwrap_or_default()).unwrap_or_default() << 20
}
