//! Faults that the control API orders, against the library: the right error, and nothing lost.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::tempdir;
use wosigndoc::client::{Client, Config};
use wosigndoc::protocol::{Error, Reason, SignOrder, Signer};
use wosigndoc::push::{Options, Received, Sink, receive};
use wosigndoc::verify::Verdict;

use crate::control::Driven;

fn order(number: &str) -> SignOrder {
    let scan = || {
        wosigndoc::protocol::DocumentSource::Bytes(
            std::fs::read(concat!(env!("CARGO_MANIFEST_DIR"), "/../examples/material.png")).unwrap().into(),
        )
    };
    SignOrder::new(number)
        .template("sandbox-contract")
        .signer(
            Signer::organisation("云杉软件（示例）有限公司", "91350100M000100Y43").materials(scan(), scan()),
        )
        .signer(Signer::person("李明", "11010519491231002X").materials(scan(), scan()))
}

fn client(driven: &Driven, attempts: u32) -> Client {
    let mut settings = driven.sandbox.client();
    settings["retry"] = json!({"attempts": attempts, "pause_ms": 10});
    settings["timeouts"] = json!({"total_ms": 5000});
    Client::new(Config::from_json(settings.to_string().as_bytes()).unwrap()).unwrap()
}

/// Covers P-6, P-20, P-23: what each broken answer means, and that the order is signed once all the same.
#[test]
fn answers_break_in_every_way() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let (once, patient) = (client(&driven, 1), client(&driven, 3));
    for (fault, reason, was_taken) in [
        ("lose-answer", Some(Reason::ConnectionLost), true),
        ("lose-order", Some(Reason::ConnectionLost), false),
        ("lose-midway", Some(Reason::ConnectionLost), false),
        ("cut-answer", Some(Reason::AnswerCut), true),
        ("html=502", Some(Reason::AnswerNotProtocol), true),
        ("html=401", Some(Reason::AnswerNotProtocol), true),
        ("huge-answer", Some(Reason::AnswerTooLarge), true),
        ("gbk-answer", None, true),
        ("slow=6", Some(Reason::CallTimeout), true),
        ("dribble", None, true),
        ("refuse=-68", Some(Reason::PlatformRefused), false),
    ] {
        let number = format!("ANSWER {fault}");
        driven.order_fault(&json!({"fault": fault, "number": number}));
        let sent = once.create(&order(&number));
        assert_eq!(sent.as_ref().err().map(Error::reason), reason, "{fault}");
        if let Err(error) = sent {
            assert_eq!(error.may_have_arrived(), fault != "refuse=-68", "{fault}");
        }
        let found = driven.get("/orders?limit=1000");
        let taken = found.as_array().unwrap().iter().any(|order| order["order_number"] == number);
        assert_eq!(taken, was_taken, "{fault}");
        assert_eq!(driven.get("/faults"), json!([]), "it is committed once");
    }
    // With its retries a call gets through, whatever became of the first try.
    for fault in ["lose-answer", "lose-order", "lose-midway", "cut-answer"] {
        let number = format!("PATIENT {fault}");
        driven.order_fault(&json!({"fault": fault, "number": number}));
        let created = patient.create(&order(&number)).unwrap();
        assert_eq!(
            (created.attempts, created.accepted_before),
            (2, !matches!(fault, "lose-order" | "lose-midway")),
            "{fault}"
        );
    }
}

/// A callback that hands each push to the library, and acknowledges what it takes.
fn callback() -> (String, Receiver<Result<Received, Error>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/push", listener.local_addr().unwrap());
    let (sender, receiver) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let outcome = take(stream.unwrap());
            if sender.send(outcome).is_err() {
                return;
            }
        }
    });
    (url, receiver)
}

fn take(mut stream: TcpStream) -> Result<Received, Error> {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let (mut bytes, mut piece) = (Vec::new(), [0; 65_536]);
    let head = loop {
        let count = stream.read(&mut piece).unwrap();
        assert_ne!(count, 0, "the connection broke before the head was there");
        bytes.extend_from_slice(&piece[..count]);
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end + 4;
        }
    };
    let text = String::from_utf8_lossy(&bytes[..head]).to_lowercase();
    let length: usize =
        text.split("content-length: ").nth(1).unwrap().split("\r\n").next().unwrap().parse().unwrap();
    while bytes.len() < head + length {
        match stream.read(&mut piece) {
            Ok(0) | Err(_) => break,
            Ok(count) => bytes.extend_from_slice(&piece[..count]),
        }
    }
    let outcome = receive(&bytes[head..], Options::default(), Sink::Owned);
    let (status, body) = if outcome.is_ok() { ("200 OK", "1") } else { ("400 Bad Request", "no") };
    let answer =
        format!("HTTP/1.1 {status}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let _ = stream.write_all(answer.as_bytes());
    outcome
}

/// Covers P-30, P-31, P-35: what the library says of each push, and that the right one follows a wrong one.
#[test]
fn pushes_break_in_every_way() {
    let folder = tempdir().unwrap();
    let (url, pushes) = callback();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &url]);
    let client = client(&driven, 1);
    let next = || pushes.recv_timeout(Duration::from_secs(60)).expect("no push came");
    for (fault, reason) in [
        ("wrong-hash", Some(Reason::HashMismatch)),
        ("no-hash", Some(Reason::HashUnusable)),
        ("push-cut", Some(Reason::PushCut)),
        ("empty-document", Some(Reason::PushNotProtocol)),
        ("gbk-push", Some(Reason::PushNotProtocol)),
        ("sha512-hash", None),
        ("base64-hash", None),
        ("escapes", None),
        ("extend-string", None),
        ("upper-names", None),
        ("push-late=1", None),
    ] {
        let number = format!("PUSH {fault}");
        driven.order_fault(&json!({"fault": fault, "number": number}));
        client.create(&order(&number)).unwrap();
        let first = next();
        assert_eq!(first.as_ref().err().map(Error::reason), reason, "{fault}");
        if reason.is_some() {
            assert_eq!(next().unwrap().ordernumber, Some(number.clone()), "{fault}: the right one follows");
        }
        let done =
            driven.get(&format!("/wait?number={}&until=acknowledged&timeout=60", number.replace(' ', "%20")));
        assert_eq!(done["push"]["state"], "acknowledged");
    }
    for fault in ["push-twice", "push-at-once"] {
        let number = format!("PUSH {fault}");
        driven.order_fault(&json!({"fault": fault, "number": number}));
        client.create(&order(&number)).unwrap();
        let both = [next().unwrap(), next().unwrap()];
        assert!(
            both[0].delivery_key().is_some() && both[0].delivery_key() == both[1].delivery_key(),
            "{fault}"
        );
    }
    // The first one's push waits for the second one's.
    driven.order_fault(&json!({"fault": "push-after-next", "number": "PUSH first"}));
    for number in ["PUSH first", "PUSH second"] {
        client.create(&order(number)).unwrap();
    }
    let both = [next().unwrap().ordernumber.unwrap(), next().unwrap().ordernumber.unwrap()];
    assert_eq!(both, ["PUSH second", "PUSH first"]);
}

/// Covers P-31, P-33: the hash of a wrong document fits. Only its signatures tell, or the order that it was sent for.
#[test]
fn documents_are_wrong_in_every_way() {
    let folder = tempdir().unwrap();
    let (url, pushes) = callback();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &url]);
    let client = client(&driven, 1);
    let roots = json!({"roots": {"ca_file": driven.sandbox.path("ca.pem")}}).to_string();
    let options = wosigndoc::verify::Options::from_json(roots.as_bytes()).unwrap();
    let document = |number: &str| {
        client.create(&order(number)).unwrap();
        pushes.recv_timeout(Duration::from_secs(60)).expect("no push came").unwrap().document.unwrap()
    };
    document("DOCUMENT right");
    let verify = |document: &[u8]| wosigndoc::verify::verify(document.to_vec(), &options);
    for (fault, verdict, code) in [
        ("other-document", Verdict::Valid, None),
        ("altered-document", Verdict::Invalid, Some("broken")),
        ("foreign-document", Verdict::Invalid, Some("untrusted")),
        ("huge-document=20", Verdict::Valid, None),
    ] {
        let number = format!("DOCUMENT {fault}");
        driven.order_fault(&json!({"fault": fault, "number": number}));
        let pushed = document(&number);
        let report = verify(&pushed);
        assert_eq!(report.verdict, verdict, "{fault}: {:?}", report.reasons);
        let codes: Vec<_> = report.reasons.iter().map(|reason| reason.code).collect();
        assert!(code.is_none_or(|code| codes.contains(&code)), "{fault}: {codes:?}");
        assert_eq!(pushed.len() > 20_000_000, fault == "huge-document=20");
    }
    // Whether it is that order's contract is told by what was sent for it.
    driven.order_fault(&json!({"fault": "other-document", "number": "DOCUMENT swapped"}));
    let swapped = document("DOCUMENT swapped");
    assert_ne!(swapped, driven.bytes("/orders/DOCUMENT%20swapped/document"));
}

/// Covers P-23: a platform that is down refuses connections, breaks those that are open, and comes back.
#[test]
fn the_platform_is_down_for_a_while() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let once = client(&driven, 1);
    once.create(&order("DOWN before")).unwrap();
    driven.order_fault(&json!({"fault": "down=2"}));
    // It has gone down once a new connection is refused.
    while TcpStream::connect(("127.0.0.1", driven.sandbox.port)).is_ok() {}
    // A client of its own: the other's connection broke.
    let refused = self::client(&driven, 1).create(&order("DOWN once")).unwrap_err();
    assert!(!refused.may_have_arrived(), "{refused}");
    assert_eq!(refused.reason(), Reason::ConnectFailed);
    while TcpStream::connect(("127.0.0.1", driven.sandbox.port)).is_err() {}
    once.create(&order("DOWN once")).unwrap();
    assert_eq!(driven.get("/faults"), json!([]));
}

/// Whoever takes all faults back, or resets, need not wait until a platform that is down comes back by itself.
#[test]
fn a_platform_that_is_down_comes_back_by_a_reset() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let listens = || TcpStream::connect(("127.0.0.1", driven.sandbox.port)).is_ok();
    for (method, path) in [("POST", "/reset"), ("DELETE", "/faults")] {
        driven.order_fault(&json!({"fault": "down=600"}));
        while listens() {}
        assert_eq!(driven.json(method, path, "").0, 204);
        let end = Instant::now() + Duration::from_secs(60);
        while !listens() {
            assert!(Instant::now() < end, "{method} {path}: it is down still");
        }
    }
}

/// Faults for any order of a token, for the next so many, and taken back.
#[test]
fn faults_are_ordered_and_taken_back() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let client = client(&driven, 1);
    let token = driven.sandbox.token();
    let refused = |number: &str| client.create(&order(number)).err().and_then(|error| error.code());
    driven.order_fault(&json!({"fault": "refuse=-69", "tokenid": token, "times": 2}));
    driven.order_fault(&json!({"fault": "refuse=-68", "tokenid": "another", "times": 0}));
    assert_eq!(["T-1", "T-2", "T-3"].map(refused), [Some(-69), Some(-69), None]);
    let lasting = driven.order_fault(&json!({"fault": "refuse=-67", "times": 0}));
    assert_eq!(["T-4", "T-5"].map(refused), [Some(-67), Some(-67)]);
    let id = lasting["id"].as_u64().unwrap();
    assert_eq!(driven.json("DELETE", &format!("/faults/{id}"), "").0, 204);
    assert_eq!(driven.json("DELETE", &format!("/faults/{id}"), "").0, 404);
    assert_eq!(refused("T-4"), None);
    assert_eq!(driven.get("/faults").as_array().unwrap().len(), 1);
    assert_eq!(driven.json("DELETE", "/faults", "").0, 204);
    assert_eq!(driven.get("/faults"), Value::Array(Vec::new()));
    let (status, error) = driven.json("POST", "/faults", r#"{"fault": "explode"}"#);
    assert!(status == 400 && error["message"].as_str().unwrap().contains("push-cut"), "{error}");
}
