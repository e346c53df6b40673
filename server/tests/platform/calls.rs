//! Calls of the control API that are wrong, whatever is wrong with them: each is answered, in both languages.

use std::sync::mpsc::channel;
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};
use tempfile::tempdir;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::control::Driven;
use crate::receiver::{Receiver, reply};
use crate::sandbox::{Sandbox, encode, order};
use crate::tools::tool;

/// Makes a call, expects this status and these words, and that both languages say it.
#[track_caller]
fn refused(driven: &Driven, (method, path, body): (&str, &str, &str), status: u16, words: &str) -> Value {
    let (found, answer) = driven.json(method, path, body);
    let call = format!("{method} {path} {}", body.chars().take(200).collect::<String>());
    assert_eq!(found, status, "{call}: {answer}");
    let said = |name: &str| answer[name].as_str().unwrap_or_else(|| panic!("{call}: no {name}: {answer}"));
    assert!(said("message").contains(words), "{call}: {answer}");
    assert!(!said("message_zh").is_empty(), "{call}");
    answer
}

#[test]
fn what_is_no_call_is_answered() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let long = format!("/orders/{}", "x".repeat(10_000));
    for (call, status, words) in [
        (("GET", "/nowhere", ""), 404, "no such call"),
        (("GET", "/orders/", ""), 404, "no such call"),
        (("OPTIONS", "/orders", ""), 405, "no such method"),
        (("BREW", "/orders", ""), 405, "no such method"),
        (("GET", &long, ""), 404, "no such order"),
        (("GET", "/orders/%ff", ""), 400, "UTF-8"),
        (("GET", "/inbox/-1", ""), 400, "no id"),
        (("POST", "/journal/seven/replay", ""), 400, "no id"),
        (("DELETE", "/faults/99999999999999999999999", ""), 400, "no id"),
        (("DELETE", "/faults/9", ""), 404, "no such fault"),
        (("GET", "/orders?limit=-1", ""), 400, "limit: it is no number"),
        (("GET", "/orders?limit=99999999999999999999999", ""), 400, "limit: the number is too large"),
        (("GET", "/orders?colour=red", ""), 400, "unknown field `colour`"),
        (("GET", "/journal?kind=letter", ""), 400, "`order` or `push`"),
        (("GET", "/wait", ""), 400, "missing field `number`"),
        (("GET", "/wait?number=1&until=signed&timeout=NaN", ""), 400, "from 0 to 3600"),
        (("GET", "/wait?number=1&until=signed&timeout=", ""), 400, "it is empty"),
        (("POST", "/inbox/next", r#"{"number":"1","timeout":"5"}"#), 422, "expected a number at"),
        (("POST", "/faults", ""), 400, "missing field `fault`"),
        (("POST", "/faults", "{\"fault\":"), 400, "EOF"),
        (("POST", "/faults", "hello"), 400, "line 1"),
        (("POST", "/faults", "[]"), 422, "invalid length"),
        (("POST", "/faults", r#"{"fault":"slow=601"}"#), 400, "SECONDS is a whole number from 0 to 600"),
        (("POST", "/faults", r#"{"fault":"explode"}"#), 400, "fault is one of refuse=CODE, "),
        (("POST", "/faults", r#"{"fault":7}"#), 422, "fault: invalid type: integer `7`"),
        (("POST", "/faults", r#"{"fault":"dribble","times":-1}"#), 422, "a number from 0 to 4294967295"),
        (("POST", "/faults", r#"{"fault":"dribble","tims":1}"#), 422, "unknown field `tims`"),
        (("POST", "/clock", r#"{"advance":7}"#), 422, "advance: invalid type"),
        (("PATCH", "/inbox", r#"{"status":70000}"#), 422, "from 0 to 65535"),
    ] {
        refused(&driven, call, status, words);
    }
    let large = format!("{{\"fault\":\"{}\"}}", "x".repeat(2 << 20));
    let answer = refused(&driven, ("POST", "/faults", &large), 413, "longer");
    assert!(answer["message_zh"].as_str().unwrap().contains("上限"), "{answer}");
    let (status, head, body) = driven.ask("HEAD", "/orders/none", "", "");
    assert!(status == 404 && body.is_empty(), "{head}");
    let described = driven.get("/openapi.json").to_string();
    assert!(!described.contains("`None`"), "a word of the code stands in the description");
}

/// What the database, a certificate or a document says is wrong comes in both languages too, with the field and its limit.
#[test]
fn what_cannot_be_used_is_told() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let token = format!("/tokens/{}", driven.sandbox.token());
    let document = encode(&crate::sandbox::small_pdf(2));
    let template = |signers: Value| json!({"signers": signers, "document": document}).to_string();
    let at = |page: i64, position: &str| {
        template(json!([{"signType": 1, "signlist": [{"pagenumber": page, "position": position}]}]))
    };
    let certificate = |text: &str| json!({ "certificate": text }).to_string();
    let (long, name) = (format!("/templates/{}", "x".repeat(129)), "x".repeat(257));
    for (call, status, words) in [
        (("PATCH", "/tokens/none", r#"{"manual":true}"#), 404, "no token none"),
        (("PATCH", &token, r#"{"balance":-1}"#), 400, "from 0"),
        (("PATCH", &token, r#"{"callback":"shop"}"#), 400, "not a URL"),
        (("PATCH", &token, r#"{"callback":"http://shop.example/"}"#), 400, "http_callbacks"),
        (("PATCH", &token, r#"{"callback":"ftp://localhost/"}"#), 400, "https URL"),
        (("POST", "/tokens", &certificate("")), 400, "empty"),
        (("POST", "/tokens", &certificate("x")), 400, "PEM"),
        (("PUT", "/templates/a.b", &template(json!([]))), 400, "1 to 128 letters"),
        (("PUT", &long, &template(json!([]))), 400, "1 to 128 letters"),
        (("PUT", "/templates/t", r#"{"signers":[],"document":"aGVsbG8="}"#), 400, "PDF"),
        (("PUT", "/templates/t", &template(json!([]))), 400, "signers: there is none"),
        (
            ("PUT", "/templates/t", &template(json!([{"signType": 3, "signlist": []}]))),
            400,
            "signers[0]: signType",
        ),
        (("PUT", "/templates/t", &at(9, "0.1,0.1,0.2,0.2")), 400, "no page 9"),
        (("PUT", "/templates/t", &at(1, "left")), 400, "four decimals"),
        (("PUT", "/templates/t", &at(1, "0.1,0.1,2,0.2")), 400, "position: every number"),
        (("PUT", "/registry/1", &json!({ "name": name }).to_string()), 400, "name has at most 256"),
        (("PUT", "/registry/1", r#"{"name":" "}"#), 400, "name is empty"),
        (("PUT", "/registry/%0a", r#"{"name":"x"}"#), 400, "number has at most 256"),
        (("DELETE", "/templates/none", ""), 404, "no such template"),
        (("POST", "/orders/none/sign", ""), 404, "no such order"),
        (("POST", "/orders/none/decline", r#"{"code":5}"#), 400, "protocol"),
    ] {
        refused(&driven, call, status, words);
    }
    driven.sandbox.order(&order(&driven.sandbox.token(), "W-1"));
    driven.get("/wait?number=W-1&until=signed&timeout=60");
    refused(&driven, ("POST", "/orders/W-1/sign", ""), 409, "nobody is asked");
    driven.json("PATCH", &token, r#"{"manual": true}"#);
    driven.sandbox.order(&order(&driven.sandbox.token(), "W-2"));
    refused(&driven, ("POST", "/orders/W-2/sign", r#"{"signer": 2}"#), 409, "turn of signer 1");
    refused(&driven, ("POST", "/orders/W-2/push-again", ""), 409, "nothing to push");
}

/// The rule for callbacks is that of the start, whoever sets them.
#[test]
fn a_callback_may_be_http_where_the_start_says_so() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--http-callbacks"]);
    let token = format!("/tokens/{}", driven.sandbox.token());
    let (status, token) = driven.json("PATCH", &token, r#"{"callback":"http://shop.example/push"}"#);
    assert_eq!((status, &token["callback"]), (200, &json!("http://shop.example/push")), "{token}");
}

/// However many wait, others are answered.
#[test]
fn those_who_wait_keep_nobody_out() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    std::thread::scope(|scope| {
        let wait = || driven.json("GET", "/wait?number=MANY&until=acknowledged&timeout=60", "").0;
        let waits: Vec<_> = (0..300).map(|_| scope.spawn(wait)).collect();
        driven.sandbox.order(&order(&driven.sandbox.token(), "MANY"));
        let statuses: Vec<u16> = waits.into_iter().map(|wait| wait.join().unwrap()).collect();
        assert!(statuses.contains(&200), "{statuses:?}");
        assert!(statuses.iter().all(|status| [200, 503].contains(status)), "{statuses:?}");
    });
}

/// A push that is under way when everything is forgotten is waited for, though the clock was set back since: nothing of it is noted on
/// an order that comes later.
#[test]
fn nothing_of_before_a_reset_is_noted_after_it() {
    let folder = tempdir().unwrap();
    let (arrived, arrivals) = channel();
    let (release, held) = channel::<()>();
    let held = Arc::new(Mutex::new(held));
    let receiver = Receiver::start(move |push| {
        if push.number() == "OLD" {
            arrived.send(()).unwrap();
            held.lock().unwrap().recv().unwrap();
        }
        reply(503, "later")
    });
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    driven.sandbox.order(&order(&driven.sandbox.token(), "OLD"));
    arrivals.recv().unwrap();
    let earlier = OffsetDateTime::now_utc() - time::Duration::minutes(10);
    driven.move_clock(&json!({ "set": earlier.format(&Rfc3339).unwrap() }));
    std::thread::scope(|scope| {
        let reset = scope.spawn(|| driven.json("POST", "/reset", ""));
        release.send(()).unwrap();
        assert_eq!(reset.join().unwrap().0, 204);
    });
    assert_eq!(driven.get("/journal"), json!([]));
    driven.sandbox.order(&order(&driven.sandbox.token(), "NEW"));
    let tried = driven.get("/wait?number=NEW&until=pushed&timeout=60");
    assert_eq!(tried["push"]["tries"], 1, "{tried}");
    let journal = driven.get("/journal?kind=push");
    assert!(journal.as_array().unwrap().iter().all(|entry| entry["order_number"] == "NEW"), "{journal}");
}

/// A push that is late on purpose is late no longer when faults are taken back, so that a reset need not wait for it.
#[test]
fn a_reset_waits_for_no_fault() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    for fault in ["push-late=600", "push-after-next"] {
        driven.order_fault(&json!({ "fault": fault }));
        driven.sandbox.order(&order(&driven.sandbox.token(), "LATE"));
        driven.get("/wait?number=LATE&until=signed&timeout=60");
        while driven.get("/faults") != json!([]) {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        assert_eq!(driven.json("POST", "/reset", "").0, 204, "{fault}");
        assert_eq!((driven.get("/orders"), driven.get("/inbox")), (json!([]), json!([])));
    }
}

/// The journal's commands push again when they are run: over a socket, and behind a password.
#[cfg(unix)]
#[test]
fn commands_of_the_journal_push_again() {
    let folder = tempdir().unwrap();
    let password = folder.path().join("password");
    std::fs::write(&password, "correct horse battery\n").unwrap();
    let socket = format!("unix:{}", folder.path().join("it's a socket").display());
    for (at, place) in ["127.0.0.1:0", &socket].into_iter().enumerate() {
        let receiver = Receiver::acknowledging();
        let data = folder.path().join(at.to_string());
        let more = ["--control", place, "--control-password", password.to_str().unwrap()];
        let sandbox = Sandbox::start(&data, &[&["--callback", &receiver.url][..], &more].concat());
        sandbox.order(&order(&sandbox.token(), "C-1"));
        assert_eq!(receiver.next().number(), "C-1");
        sandbox.wait_for("C-1", "acknowledged");
        let (_, rest) = sandbox.printed.split_once("control API:          ").unwrap();
        let way = match rest.lines().next().unwrap() {
            socket if socket.starts_with("unix:") => {
                vec!["--unix-socket".to_owned(), socket[5..].to_owned(), "http://localhost/".to_owned()]
            }
            address => vec![address.to_owned()],
        };
        let url = format!("{}journal?format=curl", way.last().unwrap());
        let asked = tool("curl")
            .args(["-sS", "--user", ":correct horse battery"])
            .args(&way[..way.len() - 1])
            .arg(url)
            .output()
            .unwrap();
        let commands = String::from_utf8(asked.stdout).unwrap();
        assert!(commands.starts_with("curl ") && !commands.contains("horse"), "{commands}");
        let done = tool("sh")
            .args(["-c", &commands])
            .env("CALLBACK", &receiver.url)
            .env("CONTROL_PASSWORD", "correct horse battery")
            .output()
            .unwrap();
        assert_eq!(String::from_utf8_lossy(&done.stdout), "1", "{commands}: {done:?}");
        assert_eq!(receiver.next().number(), "C-1");
    }
}
