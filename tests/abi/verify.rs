//! Verifying over the C ABI, by the cases of vectors/verify.json.

use serde_json::{Value, json};

use crate::support::{Abi, Answer, lend, signed};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn path(name: &str) -> String {
    format!("{ROOT}/vectors/signed/{name}")
}

fn document(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap()
}

fn verify(abi: &Abi, document: &[u8], sent: &[u8], options: &Value) -> Answer {
    let options = options.to_string();
    let ((document, n), (sent, m), (options, k)) = (lend(document), lend(sent), lend(options.as_bytes()));
    // SAFETY: everything lives until the call returns.
    abi.call(|out, len| unsafe { (abi.verify)(document, n, sent, m, options, k, out, len) })
}

fn trust_of(abi: &Abi, document: &[u8], options: &Value) -> Answer {
    let options = options.to_string();
    let ((document, n), (options, k)) = (lend(document), lend(options.as_bytes()));
    // SAFETY: everything lives until the call returns.
    abi.call(|out, len| unsafe { (abi.trust_of)(document, n, options, k, out, len) })
}

/// Covers P-33: from memory, from a file, and in a push.
#[test]
fn every_case_is_found_as_expected() {
    let abi = Abi::load();
    let file = std::fs::read(format!("{ROOT}/vectors/verify.json")).unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    for case in file["cases"].as_array().unwrap() {
        let (name, expect, options) = (&case["name"], &case["expect"], &case["options"]);
        let document = document(case["document"].as_str().unwrap());
        let mut by_path = options.clone();
        by_path["path"] = json!(path(case["document"].as_str().unwrap()));
        let push =
            abi.receive(&signed(&document, "A-1"), json!({"verify": options}).to_string().as_bytes(), None);
        let found = [verify(&abi, &document, b"", options), verify(&abi, b"", b"", &by_path)];
        if let Some(reason) = expect["error"]["reason"].as_str() {
            found.into_iter().for_each(|answer| drop(answer.failed("argument", reason)));
            let field = push.failed("argument", reason)["field"].clone();
            assert_eq!(field, format!("verify.{}", expect["error"]["field"].as_str().unwrap()));
            continue;
        }
        for report in found.map(Answer::ok) {
            assert_eq!(
                (&report["verdict"], &report["state"]),
                (&expect["verdict"], &expect["state"]),
                "{name}"
            );
        }
        if let Some(error) = case.get("push").map(|push| &push["error"]) {
            let found = push.failed("argument", error["reason"].as_str().unwrap());
            assert_eq!(found["field"], error["field"], "{name}");
        } else if expect["verdict"] == "valid" {
            assert!(push.bulk == document, "{name}");
            assert_eq!(push.ok()["report"]["verdict"], "valid", "{name}");
        } else {
            let error = push.failed("untrusted", "document_untrusted");
            assert_eq!(
                (&error["answer_status"], &error["report"]["verdict"]),
                (&json!(400), &expect["verdict"])
            );
        }
    }
}

#[test]
fn what_was_sent_is_compared() {
    let abi = Abi::load();
    let (valid, options) = (document("valid.pdf"), json!({"preset": "report"}));
    let same = verify(&abi, &valid, &document("unsigned.pdf"), &options).ok();
    assert_eq!(same["sent"], json!({"same": true, "differences": [], "more": false}));
    let sent = json!({"preset": "report", "sent": path("valid.pdf")});
    let differs = verify(&abi, &document("broken.pdf"), b"", &sent).ok();
    assert_eq!(differs["sent"]["same"], false);
    assert!(
        differs["reasons"].as_array().unwrap().iter().any(|reason| reason["code"] == "differs_from_sent")
    );
}

#[test]
fn the_top_of_a_chain_is_named() {
    let abi = Abi::load();
    let found = trust_of(&abi, b"", &json!({"path": path("valid.pdf")})).ok();
    assert_eq!(
        (&found["trust"][0]["subject"], &found["state"]),
        (&json!("CN=Example Root"), &json!("intact"))
    );
    let trusted = json!({"trust": found["trust"], "at": "2026-06-01T00:00:00Z"});
    assert_eq!(verify(&abi, &document("valid.pdf"), b"", &trusted).ok()["verdict"], "valid");
    assert_eq!(trust_of(&abi, &document("unsigned.pdf"), &json!({})).ok()["trust"], json!([]));
}

#[test]
fn a_document_is_given_once() {
    let abi = Abi::load();
    let valid = document("valid.pdf");
    for (document, options, reason) in
        [(&b""[..], json!({}), "missing_option"), (&valid, json!({"path": path("valid.pdf")}), "bad_option")]
    {
        let error = verify(&abi, document, b"", &options).failed("argument", reason);
        assert_eq!(error["field"], "path");
        trust_of(&abi, document, &options).failed("argument", reason);
    }
    for missing in [path("none.pdf"), ROOT.to_owned()] {
        verify(&abi, b"", b"", &json!({"path": missing})).failed("io", "file_unreadable");
    }
}
