//! Receiving with trust: what the signatures do not prove is not taken, and is kept aside. Covers P-33.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use wosigndoc::protocol::{Error, Kind, Reason};
use wosigndoc::push::{Options, Received, Receiver, Sink, receive};
use wosigndoc::verify::Verdict;

use crate::cms::Form;
use crate::paper::Paper;
use crate::pki::{Ca, ca, person};

fn signed_by(root: &Ca) -> Vec<u8> {
    let person = person(root, "Li Ming", |_| {});
    person.paper(&Paper::default(), &[root], Form { names: Some(Vec::new()), ..Form::default() })
}

fn pushed(document: &[u8]) -> Vec<u8> {
    let hash = Sha256::digest(document).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    let extend =
        json!({"ordernumber": "A-1", "signid": "s-1", "content": STANDARD.encode(document), "hash": hash});
    let push = json!({"actiontype": "PushSignedDoc", "status": 1, "errorcode": "0", "extendData": extend});
    push.to_string().into_bytes()
}

fn options(root: &Ca, more: &Value) -> Options {
    let mut all = json!({"verify": {"roots": {"ca": root.pem()}, "at": "2026-06-01T00:00:00Z"}});
    more.as_object().unwrap().iter().for_each(|(key, value)| all[key] = value.clone());
    Options::from_json(all.to_string().as_bytes()).unwrap()
}

/// Receives a push into memory, a buffer and a file, whole and in pieces.
fn each_way(body: &[u8], options: &Options, check: impl Fn(Result<Received, Error>, Option<&[u8]>)) {
    let folder = tempfile::tempdir().unwrap();
    let mut buffer = vec![7; body.len()];
    check(receive(body, options.clone(), Sink::Owned), None);
    let received = receive(body, options.clone(), Sink::Buffer(&mut buffer));
    check(received, Some(&buffer));
    let sink = Sink::File(folder.path().join("a.pdf"));
    let mut receiver = Receiver::open(options.clone(), sink).unwrap();
    body.chunks(1000).for_each(|piece| receiver.feed(piece).unwrap());
    check(receiver.finish(), None);
    let names = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(names, usize::from(folder.path().join("a.pdf").exists()), "nothing else is left");
}

#[test]
fn what_is_trusted_is_taken() {
    let root = ca("Root", |_| {});
    let document = signed_by(&root);
    each_way(&pushed(&document), &options(&root, &json!({})), |received, buffer| {
        let received = received.unwrap();
        assert_eq!(received.report.as_ref().unwrap().verdict, Verdict::Valid);
        assert_eq!(received.to_json()["report"]["signatures"][0]["signer"]["name"], "Li Ming");
        assert!(!format!("{received:?}").contains("Li Ming"), "a log names nobody");
        let stored = received.document.or_else(|| Some(std::fs::read(received.path?).unwrap()));
        let stored = stored.unwrap_or_else(|| buffer.unwrap()[..document.len()].to_vec());
        assert!(stored == document);
    });
}

#[test]
fn what_is_not_trusted_is_not_taken_and_is_kept_aside() {
    let (root, stranger) = (ca("Root", |_| {}), ca("Stranger", |_| {}));
    let document = signed_by(&stranger);
    let folder = tempfile::tempdir().unwrap();
    let quarantine = folder.path().join("made/quarantine");
    let options = options(&root, &json!({"quarantine": {"folder": quarantine}}));
    each_way(&pushed(&document), &options, |received, buffer| {
        let error = received.unwrap_err();
        assert_eq!((error.reason(), error.kind()), (Reason::DocumentUntrusted, Kind::Untrusted));
        assert_eq!(error.answer_status(), 400);
        assert!(error.message().en.contains("invalid (untrusted"), "{error}");
        assert!(!error.to_string().contains("Li Ming"), "{error}");
        let json = error.to_push_json();
        assert_eq!(json["report"]["verdict"], "invalid");
        let path = json["quarantine"]["path"].as_str().unwrap();
        assert!(std::fs::read(path).unwrap() == document);
        let kept: Value =
            serde_json::from_slice(&std::fs::read(path.replace(".pdf", ".json")).unwrap()).unwrap();
        assert_eq!((&kept["ordernumber"], &kept["report"]["verdict"]), (&json!("A-1"), &json!("invalid")));
        assert!(buffer.is_none_or(|buffer| buffer[..document.len()].iter().all(|byte| *byte == 0)));
    });
    assert_eq!(std::fs::read_dir(&quarantine).unwrap().count(), 2, "the same document is kept once");
    #[cfg(unix)]
    assert_eq!(
        std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&quarantine).unwrap().permissions())
            & 0o777,
        0o700
    );
}

/// Strangers cannot fill the disk, and a folder that cannot be written changes no verdict.
#[test]
fn a_quarantine_has_a_limit() {
    let (root, stranger) = (ca("Root", |_| {}), ca("Stranger", |_| {}));
    let folder = tempfile::tempdir().unwrap();
    let full = options(&root, &json!({"quarantine": {"folder": folder.path(), "max_files": 2}}));
    for number in 1..=3 {
        let error = receive(&pushed(&signed_by(&stranger)), full.clone(), Sink::Owned).unwrap_err();
        let json = error.to_json();
        assert_eq!(json["quarantine"]["path"].is_string(), number < 3, "{json}");
        if number == 3 {
            assert_eq!(json["quarantine"]["error"]["field"], "quarantine.max_files");
        }
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 4);
    let file = folder.path().join("file");
    std::fs::write(&file, "").unwrap();
    let unwritable = options(&root, &json!({"quarantine": {"folder": file}}));
    let error = receive(&pushed(&signed_by(&stranger)), unwritable, Sink::Owned).unwrap_err();
    assert_eq!(error.reason(), Reason::DocumentUntrusted);
    assert_eq!(error.to_json()["quarantine"]["error"]["reason"], "file_unwritable");
}

/// What is no document at all, or has no signature, is no better; a hash proves nothing.
#[test]
fn a_right_hash_proves_nothing() {
    let root = ca("Root", |_| {});
    let unsigned =
        std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/vectors/signed/unsigned.pdf")).unwrap();
    for (document, verdict) in
        [(&b"%PDF-1.7 forged"[..], "indeterminate"), (b"PK\x03\x04", "indeterminate"), (&unsigned, "invalid")]
    {
        let error = receive(&pushed(document), options(&root, &json!({})), Sink::Owned).unwrap_err();
        assert_eq!(error.to_json()["report"]["verdict"], verdict, "{error}");
        assert_eq!(error.to_json().get("quarantine"), None);
    }
    let failed = br#"{"actiontype":"PushSignedDoc","status":0,"errorcode":"-68","extendData":{"ordernumber":"A-1","signid":"s"}}"#;
    let received = receive(failed, options(&root, &json!({})), Sink::Owned).unwrap();
    assert!(
        !received.signed && received.report.is_none(),
        "an order that failed has no document to prove it"
    );
}
