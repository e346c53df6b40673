//! The schemas say what the code does: the cases of vectors/ through both, by a validator that is not ours.

use std::collections::BTreeSet;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::schema::Schema;

/// The cases of a file: name, and the case.
fn cases(file: &str) -> Vec<(String, Value)> {
    let path = format!("{}/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    let mut all: Value = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let Value::Array(cases) = all["cases"].take() else { panic!("vectors/{file}.json has no cases") };
    cases.into_iter().map(|case| (case["name"].as_str().unwrap().to_owned(), case)).collect()
}

/// A text of a case (vectors/README.md).
fn text(value: &Value) -> Vec<u8> {
    match (value, &value["base64"], &value["repeat"]) {
        (Value::String(text), ..) => text.clone().into_bytes(),
        (Value::Array(pieces), ..) => pieces.iter().flat_map(text).collect(),
        (_, Value::String(bytes), _) => STANDARD.decode(bytes).unwrap(),
        (_, _, Value::String(unit)) => {
            unit.repeat(usize::try_from(value["times"].as_u64().unwrap()).unwrap()).into()
        }
        _ => panic!("no text: {value}"),
    }
}

/// A body as data, if it is JSON.
fn json_of(body: &Value) -> Option<Value> {
    let body = text(body);
    serde_json::from_slice(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&body)).ok()
}

/// The schema of orders, for platforms that know their signers or do not.
fn orders(knows_signers: bool) -> Schema {
    let mut schema = Schema::file("order.schema.json");
    if knows_signers {
        schema.0["$defs"]["Material"]["minLength"] = json!(0);
    }
    schema
}

fn knows_signers(case: &Value) -> bool {
    case["settings"]["allow_empty_material"] == true
}

/// A body, and whether the code takes it.
struct Judged {
    name: String,
    body: Value,
    is_right: bool,
}

/// Compares a schema with the code. Exceptions are cases that the code refuses, and the schema cannot.
fn agree(schema: &Schema, judged: &[Judged], exceptions: &[&str]) {
    let bodies: Vec<&Value> = judged.iter().map(|judged| &judged.body).collect();
    let Some(faults) = schema.faults(&bodies) else { return };
    let mut found = Vec::new();
    let mut excepted = BTreeSet::new();
    for (Judged { name, is_right, .. }, fault) in judged.iter().zip(faults) {
        match fault {
            fault if fault.is_none() == *is_right => {}
            None if exceptions.contains(&name.as_str()) => drop(excepted.insert(name.as_str())),
            fault => found.push(format!("{name}: {}", fault.as_deref().unwrap_or("taken"))),
        }
    }
    assert!(found.is_empty(), "the schema and the code differ:\n{}", found.join("\n"));
    let idle: Vec<_> = exceptions.iter().filter(|name| !excepted.contains(**name)).collect();
    assert!(idle.is_empty(), "no exceptions any longer: {idle:?}");
}

/// Covers P-5: what the library sends keeps to the schema, and has no field that it lacks.
#[test]
fn what_is_sent_keeps_to_the_schema() {
    let mut sent = BTreeSet::new();
    for knows in [false, true] {
        let mut judged = Vec::new();
        for (name, case) in cases("wire").into_iter().filter(|(_, case)| knows_signers(case) == knows) {
            let body = json_of(&case["expect"]["body"]).unwrap();
            let signers = body["signerlist"].as_array().unwrap();
            let places = signers.iter().flat_map(|signer| signer["signlist"].as_array().unwrap());
            let objects = [&body].into_iter().chain(signers).chain(places);
            sent.extend(objects.flat_map(|object| object.as_object().unwrap().keys().cloned()));
            judged.push(Judged { name, body, is_right: true });
        }
        assert!(!judged.is_empty());
        agree(&orders(knows), &judged, &[]);
    }
    let Schema(schema) = orders(false);
    let parts = [&schema, &schema["$defs"]["Signer"], &schema["$defs"]["Place"]];
    let fields = parts.iter().flat_map(|part| part["properties"].as_object().unwrap().keys().cloned());
    assert_eq!(sent, fields.collect());
}

/// Covers P-11, P-12, P-13, P-14, P-15, P-16: what the library refuses, the schema refuses.
#[test]
fn what_is_refused_breaks_the_schema() {
    // A schema cannot tell that one number is less than another, nor count the padding.
    let exceptions = [
        "left is right of right",
        "a place without width",
        "bottom is above top",
        "a place without height",
        "base64 expected, got a path: a string is never one",
        "base64 expected, got missing padding",
    ];
    let schema = orders(false);
    let mut judged = Vec::new();
    for (name, case) in cases("violations") {
        let wrong = case["expect"]["violations"].as_array().is_some_and(|list| !list.is_empty());
        let (true, Some(order)) = (wrong, case["order"].as_object()) else { continue };
        let mut body = schema.spelt(&Value::Object(order.clone()));
        (body["tokenid"], body["actiontype"]) = (json!("T-0001"), json!("CreateSignOrder"));
        judged.push(Judged { name, body, is_right: false });
    }
    assert!(judged.len() > 60, "{}", judged.len());
    agree(&schema, &judged, &exceptions);
}

/// Covers P-20, P-21, P-22: what the library reads as an answer keeps to the schema, and nothing else does.
#[test]
fn answers_keep_to_the_schema() {
    // These are told by the HTTP status, by the length, or by a JSON reader that sees both fields.
    let exceptions = [
        "a gateway that says status 0 and no code",
        "a gateway that says status 1 and no id",
        "a status that stands twice, differently",
        "over 1 MiB",
    ];
    let schema = Schema::file("answer.schema.json");
    let read = |(name, case): (String, Value)| {
        let body = schema.spelt(&json_of(&case["body"])?);
        Some(Judged { name, body, is_right: case["expect"]["error"]["kind"] != "protocol" })
    };
    let judged: Vec<_> = cases("answers").into_iter().filter_map(read).collect();
    assert!(judged.len() > 45, "{}", judged.len());
    agree(&schema, &judged, &exceptions);
}

/// Covers P-30, P-31, P-32: what the library reads as a push keeps to the schema, and nothing else does.
#[test]
fn pushes_keep_to_the_schema() {
    // These are told by a limit, by a JSON reader that sees both fields, by counting `=`, or by looking into the string.
    let exceptions = [
        "a body over its limit",
        "an envelope over its limit",
        "nested deeper than the limit",
        "a status that stands twice, differently",
        "an order number that stands twice, differently",
        "in extendData as a string, an id that stands twice, differently",
        "extendData as a string that holds no JSON",
        "content with one character too many",
    ];
    let schema = Schema::file("push.schema.json");
    let read = |(name, case): (String, Value)| {
        let body = schema.spelt(&json_of(&case["body"])?);
        let error = &case["expect"]["error"];
        // A push that is not the expected one may lack its number, too.
        let is_push = error["kind"] != "protocol" && error["reason"] != "hash_unusable";
        let is_right = is_push && name != "no order number although one is expected";
        Some(Judged { name, body, is_right })
    };
    let judged: Vec<_> = cases("pushes").into_iter().filter_map(read).collect();
    assert!(judged.len() > 80, "{}", judged.len());
    agree(&schema, &judged, &exceptions);
}

/// Every example keeps to its schema.
#[test]
fn examples_keep_to_the_schemas() {
    for file in ["order", "answer", "push"] {
        let schema = Schema::file(&format!("{file}.schema.json"));
        let examples: Vec<&Value> = schema.0["examples"].as_array().unwrap().iter().collect();
        assert_eq!(examples.len(), 2, "{file}");
        let Some(faults) = schema.faults(&examples) else { return };
        assert_eq!(faults, [None, None], "{file}");
    }
}

/// Each text in Chinese has the punctuation of Chinese.
#[test]
fn chinese_is_written_as_chinese() {
    let mut wrong = Vec::new();
    for (name, file) in super::files() {
        let mut texts = Vec::new();
        gather(&file, &mut texts);
        for text in texts {
            // A position is written in ASCII.
            let text = text.replace("左,下,右,上", "");
            let found = text.lines().flat_map(crate::chinese::ascii_punctuation);
            wrong.extend(found.map(|place| format!("protocol/{name}: {place}")));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn gather<'a>(value: &'a Value, texts: &mut Vec<&'a str>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| gather(value, texts)),
        Value::Array(list) => list.iter().for_each(|value| gather(value, texts)),
        // Bodies hold names and JSON's own punctuation.
        Value::String(text) if !text.starts_with('{') => texts.push(text),
        _ => {}
    }
}
