//! The C ABI from outside: the real shared object, loaded as a host loads it, every function called.

use std::ptr;

use crate::support::{Abi, Answer, Handle, Len, Out, Text, header, lend, order};
use serde_json::{Value, json};

#[test]
fn the_abi_number_is_the_headers() {
    let abi = Abi::load();
    // SAFETY: takes nothing.
    let number = unsafe { (abi.abi_version)() };
    assert!(header().contains(&format!("#define WSD_ABI_VERSION {number}\n")));
    // SAFETY: the places live until the call returns.
    let version = abi.call(|out, len| unsafe { (abi.version)(out, len) }).ok();
    assert_eq!(version, json!({ "version": env!("CARGO_PKG_VERSION"), "abi": number }));
}

#[test]
fn the_catalogue_has_every_kind_code_and_reason_with_all_its_texts() {
    let abi = Abi::load();
    // SAFETY: the places live until the call returns.
    let catalogue = abi.call(|out, len| unsafe { (abi.catalogue)(out, len) }).ok();
    let list = |name: &str| catalogue[name].as_array().unwrap().clone();
    assert_eq!(list("kinds").len(), 11);
    assert_eq!(list("codes").len(), 23);
    let header = header();
    for kind in list("kinds") {
        let name = kind["kind"].as_str().unwrap().to_uppercase();
        assert!(header.contains(&format!("#define WSD_{name} {}\n", kind["status"])), "{name}");
    }
    let kinds: Vec<Value> = list("kinds").iter().map(|kind| kind["kind"].clone()).collect();
    assert!(list("reasons").iter().all(|reason| kinds.contains(&reason["kind"])));
    for entry in list("codes").into_iter().chain(list("reasons")) {
        for text in ["message", "message_zh", "advice", "advice_zh"] {
            assert!(entry[text].as_str().is_some_and(|text| !text.is_empty()), "{entry}");
        }
        assert!(entry["retry"].is_boolean(), "{entry}");
    }
}

#[test]
fn freeing_null_does_nothing() {
    let abi = Abi::load();
    // SAFETY: the header allows NULL here.
    unsafe {
        (abi.free)(ptr::null_mut(), 0);
        (abi.free)(ptr::null_mut(), 9);
        (abi.client_free)(ptr::null_mut());
        (abi.push_abandon)(ptr::null_mut());
    }
}

/// Every function with an answer, called with these texts and handles.
type Calls<'a> = Vec<(&'static str, Box<dyn Fn(Out, Len) -> i32 + 'a>)>;

/// All functions with good or empty inputs and these bulk outputs.
#[allow(clippy::undocumented_unsafe_blocks, reason = "one comment holds for all of them")]
fn calls<'a>(abi: &'a Abi, bulk: Out, bulk_len: Len, handle: *mut Handle) -> Calls<'a> {
    let no: Text = ptr::null();
    // SAFETY (all): NULL goes with the length 0; the callers of `calls` keep the places alive.
    vec![
        ("version", Box::new(move |o, l| unsafe { (abi.version)(o, l) })),
        ("catalogue", Box::new(move |o, l| unsafe { (abi.catalogue)(o, l) })),
        ("answer_read", Box::new(move |o, l| unsafe { (abi.answer_read)(200, no, 0, o, l) })),
        ("config_resolve", Box::new(move |o, l| unsafe { (abi.config_resolve)(no, 0, o, l) })),
        ("client_new", Box::new(move |o, l| unsafe { (abi.client_new)(no, 0, handle, o, l) })),
        ("client_shared", Box::new(move |o, l| unsafe { (abi.client_shared)(no, 0, handle, o, l) })),
        ("preflight", Box::new(move |o, l| unsafe { (abi.preflight)(no, 0, 0, o, l) })),
        ("preflight_with", Box::new(move |o, l| unsafe { (abi.preflight_with)(no, 0, no, 0, 0, o, l) })),
        (
            "order_create",
            Box::new(move |o, l| unsafe {
                (abi.order_create)(ptr::null_mut(), no, 0, ptr::null(), ptr::null(), 0, 0, o, l)
            }),
        ),
        (
            "order_validate",
            Box::new(move |o, l| unsafe {
                (abi.order_validate)(no, 0, no, 0, ptr::null(), ptr::null(), 0, o, l)
            }),
        ),
        (
            "order_wire",
            Box::new(move |o, l| unsafe {
                (abi.order_wire)(no, 0, no, 0, ptr::null(), ptr::null(), 0, bulk, bulk_len, o, l)
            }),
        ),
        (
            "push_receive",
            Box::new(move |o, l| unsafe {
                (abi.push_receive)(no, 0, no, 0, ptr::null_mut(), 0, bulk, bulk_len, o, l)
            }),
        ),
        (
            "push_open",
            Box::new(move |o, l| unsafe { (abi.push_open)(no, 0, ptr::null_mut(), 0, handle, o, l) }),
        ),
        ("push_feed", Box::new(move |o, l| unsafe { (abi.push_feed)(ptr::null_mut(), no, 0, o, l) })),
        (
            "push_finish",
            Box::new(move |o, l| unsafe { (abi.push_finish)(ptr::null_mut(), bulk, bulk_len, o, l) }),
        ),
        ("delivery_claim", Box::new(move |o, l| unsafe { (abi.delivery_claim)(no, 0, o, l) })),
        ("delivery_complete", Box::new(move |o, l| unsafe { (abi.delivery_complete)(no, 0, o, l) })),
        ("delivery_release", Box::new(move |o, l| unsafe { (abi.delivery_release)(no, 0, o, l) })),
        ("delivery_renew", Box::new(move |o, l| unsafe { (abi.delivery_renew)(no, 0, o, l) })),
        ("document_write", Box::new(move |o, l| unsafe { (abi.document_write)(no, 0, no, 0, o, l) })),
        ("document_move", Box::new(move |o, l| unsafe { (abi.document_move)(no, 0, no, 0, o, l) })),
    ]
}

#[test]
fn without_a_place_for_the_answer_nothing_is_written() {
    let abi = Abi::load();
    let (mut bulk, mut bulk_len, mut handle) = (ptr::dangling_mut(), 77, ptr::dangling_mut());
    let (mut out, mut len) = (ptr::dangling_mut(), 77);
    for (name, call) in calls(&abi, &raw mut bulk, &raw mut bulk_len, &raw mut handle) {
        assert_eq!(call(ptr::null_mut(), ptr::null_mut()), -1, "{name}");
        assert_eq!(call(ptr::null_mut(), &raw mut len), -1, "{name}");
        assert_eq!(call(&raw mut out, ptr::null_mut()), -1, "{name}");
    }
    assert_eq!((out, len), (ptr::dangling_mut(), 77));
    assert_eq!((bulk, bulk_len, handle), (ptr::dangling_mut(), 77, ptr::dangling_mut()));
}

#[test]
fn empty_inputs_get_an_answer_or_a_whole_error_document() {
    let abi = Abi::load();
    let (mut bulk, mut bulk_len, mut handle) = (ptr::dangling_mut(), 77, ptr::dangling_mut());
    for (name, call) in calls(&abi, &raw mut bulk, &raw mut bulk_len, &raw mut handle) {
        let answer = abi.call(call);
        match name {
            "version" | "catalogue" | "preflight" | "preflight_with" => {
                assert!(answer.ok().is_object(), "{name}")
            }
            "push_open" => {
                assert_eq!(answer.ok(), Value::Null);
                // SAFETY: the handle was made by this call.
                unsafe { (abi.push_abandon)(handle) };
            }
            _ => assert_error_document(&answer),
        }
    }
    assert_eq!((bulk, bulk_len), (ptr::null_mut(), 0), "written on failure too");
}

#[test]
fn a_missing_place_for_a_bulk_output_or_handle_is_named() {
    let abi = Abi::load();
    let mut names = Vec::new();
    for (name, call) in calls(&abi, ptr::null_mut(), ptr::null_mut(), ptr::null_mut()) {
        let answer = abi.call(call);
        if answer.json["reason"] == "null_pointer" {
            names.push((name, answer.json["field"].as_str().unwrap().to_owned()));
        }
    }
    let expected = [
        ("client_new", "client"),
        ("client_shared", "client"),
        ("order_create", "client"),
        ("order_wire", "body"),
        ("push_receive", "document"),
        ("push_open", "push"),
        ("push_feed", "push"),
        ("push_finish", "document"),
    ];
    assert_eq!(names, expected.map(|(name, field)| (name, field.to_owned())));
}

/// The shape of every error document.
#[track_caller]
fn assert_error_document(answer: &Answer) {
    let document = &answer.json;
    assert!((-11..=-1).contains(&answer.status), "{answer:?}");
    for text in ["kind", "reason", "message", "message_zh", "advice", "advice_zh"] {
        assert!(document[text].as_str().is_some_and(|text| !text.is_empty()), "{text}: {document}");
    }
    assert!(document["retry"].is_boolean() && document["may_have_arrived"].is_boolean(), "{document}");
}

/// Calls each function once per input, with that input replaced by (pointer, length).
#[allow(clippy::undocumented_unsafe_blocks, reason = "one comment holds for all of them")]
fn with_each_input(abi: &Abi, bad: (Text, usize)) -> Vec<(&'static str, Answer)> {
    let (no, (text, n)) = (ptr::null::<Text>(), bad);
    let (good, m) = lend(b"{}");
    let (folder, f) = lend(b".");
    let buffer = text.cast_mut();
    let (handle, _) = abi.open(b"", None);
    let mut place: Handle = ptr::null_mut();
    let place = &raw mut place;
    // SAFETY (all): what is bad here is refused before it is read.
    let answers = vec![
        ("body", abi.call(|o, l| unsafe { (abi.answer_read)(200, text, n, o, l) })),
        ("source", abi.call(|o, l| unsafe { (abi.config_resolve)(text, n, o, l) })),
        ("config", abi.call(|o, l| unsafe { (abi.client_new)(text, n, place, o, l) })),
        ("config", abi.call(|o, l| unsafe { (abi.client_shared)(text, n, place, o, l) })),
        (
            "settings",
            abi.call(|o, l| unsafe { (abi.order_validate)(text, n, good, m, no, ptr::null(), 0, o, l) }),
        ),
        (
            "order",
            abi.call(|o, l| unsafe { (abi.order_validate)(good, m, text, n, no, ptr::null(), 0, o, l) }),
        ),
        (
            "settings",
            abi.call_bulk(|b, s, o, l| unsafe {
                (abi.order_wire)(text, n, good, m, no, ptr::null(), 0, b, s, o, l)
            }),
        ),
        (
            "body",
            abi.call_bulk(|b, s, o, l| unsafe {
                (abi.push_receive)(text, n, good, m, ptr::null_mut(), 0, b, s, o, l)
            }),
        ),
        (
            "options",
            abi.call_bulk(|b, s, o, l| unsafe {
                (abi.push_receive)(good, m, text, n, ptr::null_mut(), 0, b, s, o, l)
            }),
        ),
        ("options", abi.call(|o, l| unsafe { (abi.push_open)(text, n, ptr::null_mut(), 0, place, o, l) })),
        ("buffer", abi.call(|o, l| unsafe { (abi.push_open)(good, m, buffer, n, place, o, l) })),
        ("piece", abi.call(|o, l| unsafe { (abi.push_feed)(handle, text, n, o, l) })),
        ("delivery", abi.call(|o, l| unsafe { (abi.delivery_claim)(text, n, o, l) })),
        ("delivery", abi.call(|o, l| unsafe { (abi.delivery_complete)(text, n, o, l) })),
        ("delivery", abi.call(|o, l| unsafe { (abi.delivery_release)(text, n, o, l) })),
        ("delivery", abi.call(|o, l| unsafe { (abi.delivery_renew)(text, n, o, l) })),
        ("document", abi.call(|o, l| unsafe { (abi.document_write)(text, n, folder, f, o, l) })),
        ("path", abi.call(|o, l| unsafe { (abi.document_write)(good, m, text, n, o, l) })),
        ("from", abi.call(|o, l| unsafe { (abi.document_move)(text, n, good, m, o, l) })),
        ("path", abi.call(|o, l| unsafe { (abi.document_move)(good, m, text, n, o, l) })),
    ];
    // SAFETY: the handle is live, and freed once.
    unsafe { (abi.push_abandon)(handle) };
    answers
}

#[test]
fn null_with_a_length_is_refused_and_named() {
    let abi = Abi::load();
    for (name, answer) in with_each_input(&abi, (ptr::null(), 5)) {
        assert_eq!(answer.failed("argument", "null_pointer")["field"], name);
    }
}

#[test]
fn a_length_beyond_memory_is_refused_and_named() {
    let abi = Abi::load();
    for (name, answer) in with_each_input(&abi, (c"{}".as_ptr(), usize::MAX)) {
        assert_eq!(answer.failed("argument", "bad_length")["field"], name);
    }
}

#[test]
fn attachments_are_checked_one_by_one() {
    let abi = Abi::load();
    let (order, m) = lend(b"{}");
    let call = |pointers: *const Text, lens: *const usize, count: usize| {
        // SAFETY: what is bad here is refused before it is read.
        abi.call(|o, l| unsafe { (abi.order_validate)(order, m, order, m, pointers, lens, count, o, l) })
    };
    let (pointers, lens) = ([order, ptr::null()], [m, 5usize]);
    let field = |answer: Answer, reason: &str| answer.failed("argument", reason)["field"].clone();
    assert_eq!(field(call(ptr::null(), lens.as_ptr(), 2), "null_pointer"), "attachments");
    assert_eq!(field(call(pointers.as_ptr(), ptr::null(), 2), "null_pointer"), "attachment_lens");
    assert_eq!(field(call(pointers.as_ptr(), lens.as_ptr(), 2), "null_pointer"), "attachments[1]");
    assert_eq!(field(call(pointers.as_ptr(), lens.as_ptr(), usize::MAX / 2), "bad_length"), "attachments");
    // An empty range may be NULL.
    let lens = [m, 0usize];
    call(pointers.as_ptr(), lens.as_ptr(), 2).failed("invalid_order", "invalid_order");
}

#[test]
fn text_that_is_not_utf8_is_refused_with_its_place() {
    let abi = Abi::load();
    let (bad, n) = lend(b"{\"a\":\"\xff\"}");
    for (name, answer) in with_each_input(&abi, (bad, n)) {
        if matches!(name, "body" | "buffer" | "piece" | "document") {
            continue; // Bytes, not text: the protocol judges them.
        }
        let error = answer.failed("argument", "not_utf8");
        assert_eq!(error["field"], name);
        assert!(error["message"].as_str().unwrap().contains("byte 6"), "{error}");
    }
}

#[test]
fn an_order_is_judged_and_written_out() {
    let abi = Abi::load();
    let mut order = order();
    assert_eq!(abi.validate(b"", order.to_string().as_bytes(), &[]).ok()["warnings"], json!([]));
    order["filebase"] = json!({ "attachment": 0 });
    order["signerlist"][0]["pic"] = json!({ "attachment": 1 });
    let written = abi.wire(b"{\"tokenid\":\"T-1\"}", order.to_string().as_bytes(), &[b"%PDF", b"A"]);
    assert_eq!(written.json["content_length"], written.bulk.len());
    let body: Value = serde_json::from_slice(&written.bulk).unwrap();
    assert_eq!(
        (&body["tokenid"], &body["filebase"], &body["signerlist"][0]["pic"]),
        (&json!("T-1"), &json!("JVBERg=="), &json!("QQ=="))
    );
    // Settings may be where they are kept, as every configuration.
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "{\"tokenid\":\"T-1\"}").unwrap();
    let place = json!({ "file": file.path() }).to_string();
    let again = abi.wire(place.as_bytes(), order.to_string().as_bytes(), &[b"%PDF", b"A"]);
    assert_eq!(again.bulk, written.bulk);
    order["signerlist"][0]["userNo"] = json!("");
    order["orderNumber"] = json!("");
    let error = abi.wire(b"", order.to_string().as_bytes(), &[b"%PDF", b"A"]);
    let error = error.failed("invalid_order", "invalid_order");
    let codes: Vec<&Value> = error["violations"].as_array().unwrap().iter().map(|v| &v["code"]).collect();
    assert_eq!(codes, [&json!(-55), &json!(-54)]);
}

/// Covers P-20, P-21, P-22: the answers of the platform, read for hosts with an HTTP client of their own.
#[test]
fn an_answer_is_read() {
    let abi = Abi::load();
    let result = abi.answer(200, br#"{"status":1,"errorcode":0,"signid":"s","orderNumber":"A-1"}"#).ok();
    assert_eq!(result, json!({ "signid": "s", "orderNumber": "A-1" }));
    let refused = abi.answer(200, br#"{"status":0,"errorcode":"-68"}"#);
    assert_eq!(refused.failed("platform", "platform_refused")["code"], -68);
    let unknown = abi.answer(200, br#"{"status":0,"errorcode":-999}"#);
    assert_eq!(unknown.failed("platform", "unknown_code")["code"], -999);
    let page = abi.answer(502, b"<html>Bad Gateway</html>").failed("protocol", "answer_not_protocol");
    assert_eq!(
        (&page["http_status"], &page["body_start"]),
        (&json!(502), &json!("<html>Bad Gateway</html>"))
    );
    assert_eq!(abi.answer(70_000, b"{}").failed("argument", "bad_option")["field"], "http_status");
}
