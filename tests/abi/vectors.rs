//! The shared cases of `vectors/`, run over the C ABI of the real shared object.

use crate::support::{Abi, Answer};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

fn cases(file: &str) -> Vec<Value> {
    let path = format!("{}/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let document: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let cases = document["cases"].as_array().unwrap().clone();
    assert!(!cases.is_empty());
    println!("{file}: {} cases over the C ABI", cases.len());
    cases
}

/// A text as the vectors write it: a string, or pieces to be joined.
fn text(value: &Value) -> Vec<u8> {
    let piece = |piece: &Value| match piece {
        Value::String(text) => text.as_bytes().to_vec(),
        Value::Object(_) if piece["base64"].is_string() => {
            STANDARD.decode(piece["base64"].as_str().unwrap()).unwrap()
        }
        _ => piece["repeat"].as_str().unwrap().repeat(piece["times"].as_u64().unwrap() as usize).into_bytes(),
    };
    match value {
        Value::Array(pieces) => pieces.iter().flat_map(piece).collect(),
        other => piece(other),
    }
}

/// JSON to pass; absent: `{}`.
fn document(value: &Value) -> Vec<u8> {
    if value.is_null() { b"{}".to_vec() } else { value.to_string().into_bytes() }
}

/// The order of a case (an object, or a text passed as it is) and its attachments.
fn order(case: &Value) -> (Vec<u8>, Vec<Vec<u8>>) {
    let order = &case["order"];
    let order = if order.is_object() { document(order) } else { text(order) };
    let attachments = case["attachments"].as_array().into_iter().flatten();
    (order, attachments.map(|bytes| STANDARD.decode(bytes.as_str().unwrap()).unwrap()).collect())
}

/// Every member of `wanted` stands in `found`.
#[track_caller]
fn assert_holds(name: &str, wanted: &Value, found: &Value) {
    for (member, value) in wanted.as_object().unwrap() {
        assert_eq!(&found[member], value, "{name}: {member} in {found}");
    }
}

#[track_caller]
fn assert_outcome(name: &str, expect: &Value, answer: &Answer) {
    if expect["error"].is_object() {
        assert!(answer.status < 0, "{name}: {}", answer.json);
        assert_holds(name, &expect["error"], &answer.json);
    } else {
        assert_eq!(answer.status, 0, "{name}: {}", answer.json);
        assert_holds(name, &expect["result"], &answer.json);
    }
}

/// Pairs of a list's members, sorted.
fn pairs(list: &Value, first: &str) -> Vec<String> {
    let mut pairs: Vec<String> = list
        .as_array()
        .into_iter()
        .flatten()
        .map(|entry| match entry {
            Value::Array(pair) => json!([pair[0], pair[1]]).to_string(),
            entry => json!([entry[first], entry["field"]]).to_string(),
        })
        .collect();
    pairs.sort();
    pairs
}

#[test]
fn orders_are_written_out() {
    let abi = Abi::load();
    for case in cases("wire") {
        let (order, attachments) = order(&case);
        let attachments: Vec<&[u8]> = attachments.iter().map(Vec::as_slice).collect();
        let answer = abi.wire(&document(&case["settings"]), &order, &attachments);
        assert_eq!(answer.status, 0, "{}: {}", case["name"], answer.json);
        let (wanted, found) = (text(&case["expect"]["body"]), &answer.bulk);
        assert!(&wanted == found, "{}: {}", case["name"], String::from_utf8_lossy(found));
        let warnings = pairs(&answer.json["warnings"], "warning");
        assert_eq!(warnings, pairs(&case["expect"]["warnings"], ""), "{}", case["name"]);
    }
}

#[test]
fn orders_are_judged() {
    let abi = Abi::load();
    for case in cases("violations") {
        let (order, attachments) = order(&case);
        let attachments: Vec<&[u8]> = attachments.iter().map(Vec::as_slice).collect();
        let answer = abi.validate(&document(&case["settings"]), &order, &attachments);
        let (name, expect) = (&case["name"], &case["expect"]);
        if expect["error"].is_object() {
            assert_outcome(&name.to_string(), expect, &answer);
            continue;
        }
        assert_eq!(answer.json["violations"].is_array(), answer.status == -2, "{name}: {}", answer.json);
        let violations = pairs(&answer.json["violations"], "code");
        assert_eq!(violations, pairs(&expect["violations"], ""), "{name}");
        assert_eq!(pairs(&answer.json["warnings"], "warning"), pairs(&expect["warnings"], ""), "{name}");
    }
}

#[test]
fn answers_are_read() {
    let abi = Abi::load();
    for case in cases("answers") {
        let status = u32::try_from(case["http_status"].as_u64().unwrap()).unwrap();
        let answer = abi.answer(status, &text(&case["body"]));
        assert_outcome(&case["name"].to_string(), &case["expect"], &answer);
    }
}

#[test]
fn pushes_are_received_whole_and_in_pieces() {
    let abi = Abi::load();
    for case in cases("pushes") {
        let (name, body, options) =
            (case["name"].to_string(), text(&case["body"]), document(&case["options"]));
        let whole = abi.receive(&body, &options, None);
        assert_outcome(&name, &case["expect"], &whole);
        for size in [1, 3, 1000] {
            let pieces = in_pieces(&abi, &body, &options, size);
            assert_eq!((whole.status, &whole.json), (pieces.status, &pieces.json), "{name} by {size}");
            assert!(whole.bulk == pieces.bulk, "{name} by {size}");
        }
    }
}

fn in_pieces(abi: &Abi, body: &[u8], options: &[u8], size: usize) -> Answer {
    let (push, opened) = abi.open(options, None);
    if opened.status != 0 {
        return opened;
    }
    let failure = body.chunks(size).map(|piece| abi.feed(push, piece)).find(|answer| answer.status != 0);
    let answer = failure.unwrap_or_else(|| abi.finish(push));
    // SAFETY: the handle is live, and freed once.
    unsafe { (abi.push_abandon)(push) };
    answer
}
