//! Every case of vectors/, through the Rust API. Their format: vectors/README.md.

use std::collections::BTreeSet;

use crate::language::keeps_languages_apart;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use sha2::{Digest, Sha256};
use wosigndoc::client::{OrderSettings, order_validate, order_wire};
use wosigndoc::protocol::{Answer, Result};
use wosigndoc::push::{Options, Received, Receiver, Sink, receive};

/// Runs each case of a file; all that fail are reported together.
fn run(file: &str, check: impl Fn(&Value) -> std::result::Result<(), String>) {
    let path = format!("{}/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = value["cases"].as_array().unwrap();
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case).err().map(|why| format!("{}: {why}", case["name"])))
        .collect();
    println!("vectors/{file}.json: {} cases, {} failed", cases.len(), failures.len());
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

#[test]
fn wire() {
    run("wire", |case| {
        let (settings, order, attachments) = order_input(case);
        let (body, about) =
            order_wire(&settings, &order, &slices(&attachments)).map_err(|error| error.to_string())?;
        let expected = text(&case["expect"]["body"]);
        same(&String::from_utf8_lossy(&body), &String::from_utf8_lossy(&expected))?;
        same(&about["content_length"], &Value::from(body.len()))?;
        same(&pairs(&about["warnings"], "warning"), &pairs(&case["expect"]["warnings"], "warning"))
    });
}

#[test]
fn violations() {
    run("violations", |case| {
        let (settings, order, attachments) = order_input(case);
        let expect = &case["expect"];
        let outcome = order_validate(&settings, &order, &slices(&attachments));
        if expect["error"].is_object() {
            return holds(&error_of(outcome)?, &expect["error"]);
        }
        let found = outcome.unwrap_or_else(|error| error.to_json());
        let violations = &found["violations"];
        if violations.is_null() && !found["kind"].is_null() {
            return Err(found.to_string());
        }
        same(&pairs(violations, "code"), &pairs(&expect["violations"], "code"))?;
        same(&codes(violations), &codes(&expect["violations"]))?;
        says(violations, &expect["says"])?;
        same(&pairs(&found["warnings"], "warning"), &pairs(&expect["warnings"], "warning"))
    });
}

#[test]
fn pushes() {
    run("pushes", |case| {
        let body = text(&case["body"]);
        let options = case.get("options").map(Value::to_string).unwrap_or_default();
        let options = || Options::from_json(options.as_bytes()).unwrap();
        judge_push(receive(&body, options(), Sink::Owned), case).map_err(|why| format!("whole: {why}"))?;
        for length in [1, 7, 4096] {
            let fed = feed(&body, options(), length);
            judge_push(fed, case).map_err(|why| format!("in pieces of {length}: {why}"))?;
        }
        Ok(())
    });
}

fn feed(body: &[u8], options: Options, length: usize) -> Result<Received> {
    let mut receiver = Receiver::open(options, Sink::Owned)?;
    for piece in body.chunks(length) {
        receiver.feed(piece)?;
    }
    receiver.finish()
}

fn judge_push(outcome: Result<Received>, case: &Value) -> std::result::Result<(), String> {
    let expect = &case["expect"];
    if expect["error"].is_object() {
        return holds(&error_of(outcome)?, &expect["error"]);
    }
    let received = outcome.map_err(|error| error.to_string())?;
    holds(&received.to_json(), &expect["result"])?;
    let document = received.document.as_deref();
    same(&document.map(|d| Value::from(d.len())).unwrap_or_default(), &expect["result"]["length"])?;
    let digest = |d: &[u8]| wosigndoc::protocol::hex::encode(&Sha256::digest(d));
    same(&document.map(|d| Value::from(digest(d))).unwrap_or_default(), &expect["result"]["sha256"])
}

#[test]
fn answers() {
    run("answers", |case| {
        let status = u16::try_from(case["http_status"].as_u64().unwrap()).unwrap();
        let expect = &case["expect"];
        let found = match Answer::read(status, &text(&case["body"])) {
            Err(error) => error.to_json(),
            Ok(answer) => match answer.refusal() {
                Some(refusal) => refusal.to_json(),
                None => serde_json::json!({"signid": answer.signid, "orderNumber": answer.order_number}),
            },
        };
        holds(&found, if expect["error"].is_object() { &expect["error"] } else { &expect["result"] })
    });
}

fn order_input(case: &Value) -> (OrderSettings, Vec<u8>, Vec<Vec<u8>>) {
    let settings = case.get("settings").map_or_else(|| "{}".to_owned(), Value::to_string);
    let order =
        if case["order"].is_object() { case["order"].to_string().into_bytes() } else { text(&case["order"]) };
    let attachments = case["attachments"].as_array().into_iter().flatten();
    let attachments = attachments.map(|given| STANDARD.decode(given.as_str().unwrap()).unwrap()).collect();
    (OrderSettings::from_json(settings.as_bytes()).unwrap(), order, attachments)
}

fn slices(attachments: &[Vec<u8>]) -> Vec<&[u8]> {
    attachments.iter().map(Vec::as_slice).collect()
}

/// A text of a case: a string, or pieces to be joined.
fn text(value: &Value) -> Vec<u8> {
    match value {
        Value::String(text) => text.clone().into_bytes(),
        Value::Array(pieces) => pieces.iter().flat_map(text).collect(),
        piece => match (&piece["base64"], &piece["repeat"]) {
            (Value::String(bytes), _) => STANDARD.decode(bytes).unwrap(),
            (_, Value::String(unit)) => {
                unit.repeat(usize::try_from(piece["times"].as_u64().unwrap()).unwrap()).into_bytes()
            }
            _ => panic!("no text: {piece}"),
        },
    }
}

/// Code or word, and field, of each violation or warning: as the vectors write them, or as documents do.
fn pairs(list: &Value, first: &str) -> BTreeSet<String> {
    let list = list.as_array().into_iter().flatten();
    list.map(|item| match item.as_array() {
        Some(pair) => format!("{} {}", pair[0], pair[1]),
        None => format!("{} {}", item[first], item["field"]),
    })
    .collect()
}

fn codes(list: &Value) -> Vec<Value> {
    let list = list.as_array().into_iter().flatten();
    list.map(|item| item.get(0).unwrap_or(&item["code"]).clone()).collect()
}

/// Each pair of words, English and Chinese, stands in one violation's messages.
fn says(violations: &Value, expected: &Value) -> std::result::Result<(), String> {
    let contains =
        |message: &Value, words: &Value| message.as_str().unwrap().contains(words.as_str().unwrap());
    let violations: Vec<&Value> = violations.as_array().into_iter().flatten().collect();
    let mut missing = expected.as_array().into_iter().flatten().filter(|pair| {
        !violations
            .iter()
            .any(|found| contains(&found["message"], &pair[0]) && contains(&found["message_zh"], &pair[1]))
    });
    missing.next().map_or(Ok(()), |pair| Err(format!("nothing says {pair}: {violations:?}")))
}

fn error_of<T>(outcome: Result<T>) -> std::result::Result<Value, String> {
    outcome.err().map(|error| error.to_json()).ok_or_else(|| "succeeded".to_owned())
}

/// `found` has every field of `expected`, with its value.
fn holds(found: &Value, expected: &Value) -> std::result::Result<(), String> {
    match expected.as_object() {
        Some(fields) => fields
            .iter()
            .try_for_each(|(name, value)| holds(&found[name], value).map_err(|why| format!("{name}: {why}"))),
        None => same(found, expected),
    }
}

fn same<T: PartialEq + std::fmt::Debug>(found: &T, expected: &T) -> std::result::Result<(), String> {
    if found == expected { Ok(()) } else { Err(format!("got {found:?}, expected {expected:?}")) }
}

/// The catalogue, and every message that a case of vectors/ brings about, keep to their language.
#[test]
fn messages_keep_to_their_language() {
    let mut found = Vec::new();
    keeps_languages_apart(&wosigndoc::protocol::catalogue::to_json(), &mut found);
    let cases = |file: &str| {
        let path = format!("{}/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
        let value: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
        value["cases"].as_array().unwrap().clone()
    };
    let mut documents = 0;
    let mut look = |document: Value| {
        documents += 1;
        keeps_languages_apart(&document, &mut found);
    };
    for case in cases("answers") {
        let status = u16::try_from(case["http_status"].as_u64().unwrap()).unwrap();
        match Answer::read(status, &text(&case["body"])) {
            Err(error) => look(error.to_json()),
            Ok(answer) => answer.refusal().into_iter().for_each(|refusal| look(refusal.to_json())),
        }
    }
    for case in cases("pushes") {
        let options = case.get("options").map(Value::to_string).unwrap_or_default();
        let options = Options::from_json(options.as_bytes()).unwrap();
        look(match receive(&text(&case["body"]), options, Sink::Owned) {
            Ok(received) => received.to_json(),
            Err(error) => error.to_json(),
        });
    }
    for case in cases("violations") {
        let (settings, order, attachments) = order_input(&case);
        let outcome = order_validate(&settings, &order, &slices(&attachments));
        look(outcome.unwrap_or_else(|error| error.to_json()));
    }
    // What the system says, and what a parser says.
    for error in [
        receive(b"{}", Options::default(), Sink::File("/nowhere/a.pdf".into())).unwrap_err(),
        Options::from_json(b"{").unwrap_err(),
        wosigndoc::client::Config::from_file("/nowhere/client.json").unwrap_err(),
        wosigndoc::client::Config::from_json(b"{\"endpoint\":1}").unwrap_err(),
    ] {
        look(error.to_json());
    }
    assert!(documents > 100, "{documents}");
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn knows_a_sentence() {
    assert!(
        crate::language::has_sentence("无法 check the free space")
            && !crate::language::has_sentence("检查 a.pdf 与 openssl x509 -in")
    );
}
