//! The delivery store in a folder, and what to answer to a push that failed, over the C ABI.

use crate::support::{Abi, Answer, Len, Out, Text, lend, push};
use serde_json::{Value, json};

type Step = unsafe extern "C" fn(Text, usize, Out, Len) -> i32;

fn take(abi: &Abi, step: Step, delivery: &Value) -> Answer {
    let text = delivery.to_string();
    let (text, n) = lend(text.as_bytes());
    // SAFETY: the text lives until the call returns.
    abi.call(|out, len| unsafe { step(text, n, out, len) })
}

/// Covers P-30: a push that comes twice is known, through claim, renewal, completion and release.
#[test]
fn a_delivery_takes_its_steps() {
    let abi = Abi::load();
    let folder = tempfile::tempdir().unwrap();
    let by = |owner: &str| json!({"folder": folder.path().join("deliveries"), "key": "k", "owner": owner});
    let claim = |owner: &str| take(&abi, abi.delivery_claim, &by(owner)).ok()["claim"].clone();
    assert_eq!(claim("a"), "granted");
    assert_eq!(claim("b"), "busy");
    assert_eq!(take(&abi, abi.delivery_release, &by("b")).ok(), Value::Null);
    assert_eq!(claim("b"), "busy");
    assert_eq!(take(&abi, abi.delivery_release, &by("a")).ok(), Value::Null);
    assert_eq!(claim("b"), "granted");
    assert_eq!(take(&abi, abi.delivery_renew, &by("a")).ok(), json!({"renewed": false}));
    assert_eq!(take(&abi, abi.delivery_renew, &by("b")).ok(), json!({"renewed": true}));
    let completed = |taken_over: bool| json!({"completed": true, "taken_over": taken_over});
    assert_eq!(take(&abi, abi.delivery_complete, &by("b")).ok(), completed(false));
    assert_eq!(claim("c"), "done");
    assert_eq!(take(&abi, abi.delivery_complete, &by("a")).ok(), completed(true));
    // What a process that died has left is told: the function may run a second time.
    let brief =
        |owner: &str| json!({"folder": folder.path(), "key": "brief", "owner": owner, "expire_seconds": 1});
    let found = |owner: &str| take(&abi, abi.delivery_claim, &brief(owner)).ok();
    assert_eq!(found("a"), json!({"claim": "granted", "taken_over": false}));
    let later = std::iter::repeat_with(|| {
        std::thread::sleep(std::time::Duration::from_millis(50));
        found("b")
    });
    let mut later = later.skip_while(|found| *found == json!({"claim": "busy", "taken_over": false}));
    assert_eq!(later.next(), Some(json!({"claim": "granted", "taken_over": true})));
    let mut other = by("b");
    other["key"] = json!("another");
    take(&abi, abi.delivery_complete, &other).failed("io", "claim_lost");
}

/// Covers P-30, P-31, P-33: the core says which status answers a push that it refuses.
#[test]
fn a_refused_push_says_what_to_answer() {
    let abi = Abi::load();
    let (body, _) = push(1, "A-1");
    let status = |body: &[u8], options: &[u8]| abi.receive(body, options, None).json["answer_status"].clone();
    assert_eq!(status(b"no push", b""), 400);
    assert_eq!(status(&body, br#"{"limits": {"body": 9}}"#), 413);
    assert_eq!(status(&body, br#"{"expect": {"ordernumber": "B"}}"#), 400);
    let hash = "\"hash\":\"".len() + String::from_utf8_lossy(&body).find("\"hash\":\"").unwrap();
    let mut broken = body.clone();
    broken[hash] = if broken[hash] == b'0' { b'1' } else { b'0' };
    assert_eq!(status(&broken, b""), 400);
    assert_eq!(status(&body, br#"{"path": "/dev/null/a.pdf"}"#), 500);
    assert_eq!(status(&body, b"{"), 500, "a wrong call is this side's fault");

    let (push, answer) = abi.open(br#"{"limits": {"body": 9}}"#, None);
    assert_eq!(answer.ok(), Value::Null);
    assert_eq!(abi.feed(push, &body).json["answer_status"], 413);
    assert_eq!(abi.finish(push).json["answer_status"], 500, "spent");
    // SAFETY: the handle is live, and freed once.
    unsafe { (abi.push_abandon)(push) };
    assert_eq!(abi.open(br#"{"path": "/dev/null/a.pdf"}"#, None).1.json["answer_status"], 500);
    assert!(abi.validate(b"", b"", &[]).json["answer_status"].is_null(), "of pushes alone");
}
