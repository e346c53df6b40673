//! Waiting by the control API: for a state, and for the next push to the inbox; what is said when it was in vain.

use std::io::Write;
use std::net::TcpStream;

use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};

use crate::control::Driven;
use crate::sandbox::order;

fn with_inbox() -> (TempDir, Driven) {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    (folder, driven)
}

fn next(driven: &Driven, number: &str, timeout: f64) -> (u16, Value) {
    driven.json("POST", "/inbox/next", &json!({"number": number, "timeout": timeout}).to_string())
}

/// Both languages of an answer that says why.
fn said(answer: &Value) -> (&str, &str) {
    (answer["message"].as_str().unwrap(), answer["message_zh"].as_str().unwrap())
}

/// Whoever waited in vain is told where the order stands, with its journal and with no secret.
#[test]
fn waiting_in_vain_says_where_the_order_stands() {
    let (_folder, driven) = with_inbox();
    let (status, none) = driven.json("GET", "/wait?number=T-0&until=accepted&timeout=0", "");
    assert_eq!((status, &none["state"]), (408, &Value::Null));
    assert_eq!(
        said(&none),
        (
            "T-0 is not accepted in time: the platform has accepted no such order; its journal: nothing",
            "T-0 未能及时到达状态 accepted：平台没有接受过该订单；其往来记录：无"
        )
    );
    driven.json("PATCH", "/inbox", r#"{"status": 503, "answer": "the shop", "times": 0}"#);
    let token = driven.sandbox.token();
    driven.sandbox.order(&order(&token, "T-1"));
    let signid = driven.get("/wait?number=T-1&until=pushed&timeout=60")["signid"].clone();
    let signid = signid.as_str().unwrap();
    let (status, late) = driven.json("GET", "/wait?number=T-1&until=undelivered&timeout=0.01", "");
    assert_eq!((status, &late["state"]["signid"]), (408, &json!(signid)));
    let (en, zh) = said(&late);
    let begin = format!("T-1 is not undelivered in time: signed (signid {signid}), its push pending after ");
    assert!(en.starts_with(&begin) && en.contains(", the next at 2"), "{en}");
    assert!(
        zh.starts_with(&format!(
            "T-1 未能及时到达状态 undelivered：已签署（signid {signid}），推送待推送，已尝试 "
        )),
        "{zh}"
    );
    for (text, order, push) in [
        (en, "Z order T-1: 200", "Z push T-1, try 1: 503 the shop ("),
        (zh, "Z 订单 T-1：200", "Z 推送 T-1，第 1 次：503 the shop（"),
    ] {
        let lines: Vec<&str> = text.lines().collect();
        assert!(lines[1].contains(order) && lines[2].contains(push), "the oldest first: {text}");
        for secret in [token.as_str(), "11010519491231002X", "/inbox"] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    // The queue goes on meanwhile: the two that were there stand last.
    for entry in driven.get("/journal?number=T-1").as_array().unwrap().iter().rev().take(2) {
        let (line, line_zh) = (entry["line"].as_str().unwrap(), entry["line_zh"].as_str().unwrap());
        assert!(en.contains(line) && zh.contains(line_zh), "{entry}: {late}");
    }
    let (status, never) = driven.json("GET", "/wait?number=T-1&until=failed&timeout=3600", "");
    assert_eq!(status, 409, "{never}");
    let (en, zh) = said(&never);
    assert!(
        en.starts_with("T-1 cannot become failed any longer: signed (signid ")
            && en.contains(" push T-1, try 1"),
        "{en}"
    );
    assert!(zh.starts_with("T-1 已不可能到达状态 failed：已签署（signid "), "{zh}");
}

/// What was refused is told by its journal.
#[test]
fn a_refused_order_is_told_by_its_journal() {
    let (_folder, driven) = with_inbox();
    driven.order_fault(&json!({"fault": "refuse=-68"}));
    driven.sandbox.order(&order(&driven.sandbox.token(), "T-2"));
    let (status, late) = next(&driven, "T-2", 0.0);
    assert_eq!(status, 408);
    let (en, zh) = said(&late);
    assert!(en.starts_with("no push of T-2 that was not handed out has come into the inbox in time: the platform has accepted no such order"), "{en}");
    assert!(en.contains("Z order T-2: 200") && en.contains("[-68]"), "{en}");
    assert!(
        zh.starts_with("T-2 没有尚未取出的推送及时到达收件箱：平台没有接受过该订单") && zh.contains("[-68]"),
        "{zh}"
    );
}

/// Each push is handed out once, the oldest first, what is not right never; the inbox keeps them all.
#[test]
fn each_push_is_handed_out_once() {
    let (_folder, driven) = with_inbox();
    driven.order_fault(&json!({"fault": "wrong-hash"}));
    driven.sandbox.order(&order(&driven.sandbox.token(), "N-1"));
    let signid =
        driven.get("/wait?number=N-1&until=pushed&timeout=60")["signid"].as_str().unwrap().to_owned();
    driven.move_clock(&json!({"advance": "1m"}));
    let (status, first) = next(&driven, "N-1", 60.0);
    assert_eq!((status, &first["id"], &first["error"]), (200, &json!(2), &Value::Null), "{first}");
    assert!(first.get("handed_out").is_none(), "{first}");
    assert_eq!(next(&driven, "N-1", 0.0).0, 408);
    assert_eq!(driven.get("/inbox").as_array().unwrap().len(), 2);
    driven.json("POST", "/orders/N-1/push-again", "");
    assert_eq!(next(&driven, &signid, 60.0).1["id"], 3, "by signid too");
    // Whatever is forgotten may be handed out anew.
    assert_eq!(driven.json("DELETE", "/inbox", "").0, 204);
    driven.json("POST", "/orders/N-1/push-again", "");
    assert_eq!(next(&driven, "N-1", 60.0).0, 200);
    assert_eq!(driven.json("POST", "/reset", "").0, 204);
    driven.sandbox.order(&order(&driven.sandbox.token(), "N-1"));
    assert_eq!(next(&driven, "N-1", 60.0).0, 200);
    for wrong in ["{}", r#"{"number": "N-1", "timeout": 3601}"#, r#"{"number": "N-1", "until": "signed"}"#] {
        let (status, error) = driven.json("POST", "/inbox/next", wrong);
        assert!((400..500).contains(&status) && error["message_zh"].is_string(), "{wrong}: {error}");
    }
}

/// Callers that wait at the same time get pushes of their own, and one that went away takes none with it.
#[test]
fn callers_at_once_get_different_pushes() {
    let (_folder, driven) = with_inbox();
    let body = r#"{"number": "N-2", "timeout": 600}"#;
    let mut gone = TcpStream::connect(driven.address()).unwrap();
    let length = body.len();
    let host = driven.address();
    write!(gone, "POST /inbox/next HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}").unwrap();
    // What is answered after this was begun after it.
    assert_eq!(next(&driven, "N-2", 0.1).0, 408);
    drop(gone);
    assert_eq!(next(&driven, "N-2", 0.1).0, 408);
    driven.order_fault(&json!({"fault": "push-at-once"}));
    driven.sandbox.order(&order(&driven.sandbox.token(), "N-2"));
    let mut got: Vec<u64> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..2).map(|_| scope.spawn(|| next(&driven, "N-2", 60.0))).collect();
        callers.into_iter().map(|caller| caller.join().unwrap().1["id"].as_u64().unwrap()).collect()
    });
    got.sort_unstable();
    assert_eq!(got, [1, 2]);
}

/// Nobody waits for what cannot come.
#[test]
fn a_push_that_cannot_come_is_not_waited_for() {
    let (_folder, driven) = with_inbox();
    let token = driven.sandbox.token();
    driven.json("PATCH", "/inbox", r#"{"status": 503, "times": 0}"#);
    driven.order_fault(&json!({"fault": "fail=-50"}));
    driven.sandbox.order(&order(&token, "N-3"));
    driven.get("/wait?number=N-3&until=pushed&timeout=60");
    driven.move_clock(&json!({"advance": "80h"}));
    let came = driven.get("/inbox?number=N-3").as_array().unwrap().len();
    for _ in 0..came {
        assert_eq!(next(&driven, "N-3", 0.0).0, 200);
    }
    let (status, given_up) = next(&driven, "N-3", 600.0);
    assert_eq!(status, 409, "{given_up}");
    let (en, zh) = said(&given_up);
    assert!(
        en.starts_with("no push of N-3 comes into the inbox any longer, since it was given up")
            && en.contains("failed with -50 (signid "),
        "{en}"
    );
    assert!(zh.contains("推送已被放弃") && zh.contains("失败（-50）"), "{zh}");

    let change = r#"{"callback": "http://127.0.0.1:1/inbox?key=secret"}"#;
    assert_eq!(driven.json("PATCH", &format!("/tokens/{token}"), change).0, 200);
    for number in ["N-3", "NONE"] {
        let (status, elsewhere) = next(&driven, number, 600.0);
        let (en, zh) = said(&elsewhere);
        assert!(
            status == 409 && en.contains("pushed to another callback") && zh.contains("其他回调地址"),
            "{elsewhere}"
        );
        assert!(!elsewhere.to_string().contains("secret"), "{elsewhere}");
    }
}

/// Where there is no order yet, it may be of any token; one of a token without callback URL is pushed nowhere.
#[test]
fn a_push_of_another_token_is_waited_for() {
    let (_folder, driven) = with_inbox();
    let certificate = std::fs::read_to_string(driven.sandbox.path("client.pem")).unwrap();
    let new = json!({"certificate": certificate, "label": "second", "balance": 1}).to_string();
    let second = driven.json("POST", "/tokens", &new).1["tokenid"].as_str().unwrap().to_owned();
    let change = |token: &str, url: &str| {
        let change = json!({"callback": url}).to_string();
        assert_eq!(driven.json("PATCH", &format!("/tokens/{token}"), &change).0, 200);
    };
    change(&driven.sandbox.token(), "http://127.0.0.1:1/elsewhere");
    driven.sandbox.order(&order(&second, "N-4"));
    let (status, nowhere) = next(&driven, "N-4", 600.0);
    let (en, zh) = said(&nowhere);
    assert!(status == 409 && en.contains("no callback URL") && zh.contains("没有回调地址"), "{nowhere}");
    change(&second, &format!("http://{}/inbox", driven.address()));
    assert_eq!(next(&driven, "NONE", 0.0).0, 408);
    assert_eq!(next(&driven, "N-4", 60.0).0, 200);
}

/// The clock says at what time documents are to be judged, where it was moved.
#[test]
fn the_clock_says_when_documents_are_judged() {
    let (_folder, driven) = with_inbox();
    assert_eq!(driven.get("/clock")["judge_at"], Value::Null);
    for time in ["2038-01-19T03:14:08.25Z", "2020-01-19T03:14:08.25Z"] {
        let moved = driven.move_clock(&json!({"set": time}));
        let (now, judged) = (moved["now"].as_str().unwrap(), moved["judge_at"].as_str().unwrap());
        assert!(
            judged.len() == "2038-01-19T03:14:09Z".len() && now < judged && now.get(..17) <= judged.get(..17),
            "{moved}"
        );
    }
    assert_eq!(driven.move_clock(&json!({"reset": true}))["judge_at"], Value::Null);
}
