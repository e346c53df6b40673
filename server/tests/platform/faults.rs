//! Faults that an integrator orders.

use serde_json::json;
use tempfile::tempdir;

use crate::receiver::{Receiver, reply};
use crate::sandbox::{Sandbox, exchange, order, request};

/// Covers P-23, P-31, P-32: every fault does what it says, and the order's own fate is as without it.
#[test]
fn commits_the_faults_that_are_ordered() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::start_unchecked(|push| {
        let whole = push.body["status"] == 0 || push.hash_holds();
        reply(200, if whole { "1" } else { "0" })
    });
    let more = ["--faults", "--callback", &receiver.url];
    let sandbox = Sandbox::start(&folder.path().join("data"), &more);
    let ordered = |fault: &str| order(&sandbox.token(), &format!("F!{fault}"));
    assert_eq!(sandbox.code(&ordered("refuse=-68")), -68);
    let lost = request("POST", "/", "application/json", ordered("lose-answer").to_string().as_bytes());
    let answer = exchange(sandbox.connect(), &lost);
    assert!(answer.is_err() || answer.unwrap().1.is_null());
    assert!([-46, -47].contains(&sandbox.code(&ordered("lose-answer"))));
    assert_eq!(receiver.next().number(), "F!lose-answer");
    assert_eq!(sandbox.code(&ordered("slow=1")), 0);
    assert_eq!(receiver.next().number(), "F!slow=1");
    assert_eq!(sandbox.code(&ordered("fail=-50")), 0);
    let failed = receiver.next().body;
    assert_eq!((&failed["status"], &failed["errorcode"]), (&json!(0), &json!("-50")));
    // Of the orders taken so far only this one gave back what it cost.
    assert!(sandbox.admin(&["token", "list"]).contains("balance 999998 "));
    assert_eq!(sandbox.code(&ordered("push-twice")), 0);
    let twice = [receiver.next(), receiver.next()].map(|push| (push.number(), push.hash_holds()));
    assert_eq!(twice, [("F!push-twice".to_owned(), true), ("F!push-twice".to_owned(), true)]);
    assert_eq!(sandbox.code(&ordered("wrong-hash")), 0);
    let hashes = [receiver.next(), receiver.next()].map(|push| push.hash_holds());
    assert_eq!(hashes, [false, true]);
}

/// Without the flag a number is a number.
#[test]
fn commits_none_unasked() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "F!refuse=-68")), 0);
}
