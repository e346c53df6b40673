//! Orders that a host sends by its own HTTP client: the same bytes, the same verdicts and the same repeats as ours.

use std::ptr;

use crate::support::{Abi, Answer, Handle, List, lend, order};
use serde_json::{Value, json};

/// What a host that shows its own certificate must configure.
fn settings() -> Value {
    json!({"endpoint": "https://sign.example/api", "tokenid": "T-1", "retry": {"attempts": 3, "pause_ms": 20}})
}

/// An order that is closed with its test.
struct Hosted<'a>(&'a Abi, Handle);

impl<'a> Hosted<'a> {
    fn open(abi: &'a Abi, settings: &Value, order: &Value, files: &List) -> (Option<Hosted<'a>>, Answer) {
        let (settings, order) = (settings.to_string(), order.to_string());
        let ((settings, n), (order, m)) = (lend(settings.as_bytes()), lend(order.as_bytes()));
        let mut handle = ptr::dangling_mut();
        // SAFETY: the texts live until the call returns; the tests keep the attachments.
        let answer = abi.call(|out, len| unsafe {
            let (at, lens, count) = (files.at(), files.lens(), files.count());
            (abi.order_open)(settings, n, order, m, at, lens, count, 0, &raw mut handle, out, len)
        });
        assert_eq!(handle.is_null(), answer.status != 0, "a handle exactly on success");
        ((!handle.is_null()).then_some(Hosted(abi, handle)), answer)
    }

    /// Opens an order that breaks no rule.
    fn good(abi: &'a Abi, order: &Value) -> Hosted<'a> {
        let (hosted, answer) = Hosted::open(abi, &settings(), order, &List::new(&[]));
        answer.ok();
        hosted.unwrap()
    }

    /// Reads so many bytes at a time, to the end.
    fn read(&self, room: usize) -> Vec<u8> {
        let (mut body, mut space) = (Vec::new(), vec![0; room]);
        loop {
            let (count, answer) = self.read_into(&mut space);
            answer.ok();
            body.extend_from_slice(&space[..count]);
            if count == 0 {
                return body;
            }
        }
    }

    fn read_into(&self, space: &mut [u8]) -> (usize, Answer) {
        let mut count = usize::MAX;
        let buffer = if space.is_empty() { ptr::null_mut() } else { space.as_mut_ptr().cast() };
        // SAFETY: the handle is live, and the space may be written.
        let answer = self.0.call(|out, len| unsafe {
            (self.0.order_read)(self.1, buffer, space.len(), &raw mut count, out, len)
        });
        (count, answer)
    }

    fn rewind(&self) {
        // SAFETY: the handle is live.
        self.0.call(|out, len| unsafe { (self.0.order_rewind)(self.1, out, len) }).ok();
    }

    fn answered(&self, status: u32, body: &Value) -> Answer {
        let body = body.to_string();
        let (body, n) = lend(body.as_bytes());
        // SAFETY: the handle is live, and the body lives until the call returns.
        self.0.call(|out, len| unsafe { (self.0.order_answered)(self.1, status, body, n, out, len) })
    }

    fn failed(&self, failure: &Value) -> Answer {
        let failure = failure.to_string();
        let (failure, n) = lend(failure.as_bytes());
        // SAFETY: the handle is live, and the text lives until the call returns.
        self.0.call(|out, len| unsafe { (self.0.order_failed)(self.1, failure, n, out, len) })
    }
}

impl Drop for Hosted<'_> {
    fn drop(&mut self) {
        // SAFETY: it was handed out by `open`, and is not used again.
        unsafe { (self.0.order_close)(self.1) }
    }
}

/// Covers P-4, P-5, P-6: what the host sends is what the library would send, whatever room it reads it into, and as often
/// as its HTTP client begins again.
#[test]
fn the_body_is_the_librarys_own() {
    let abi = Abi::load();
    let document: Vec<u8> = (0..100_000u32).map(|at| (at % 251) as u8).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.png");
    std::fs::write(&file, &document[..30_000]).unwrap();
    let mut order = order();
    order["filebase"] = json!({"attachment": 0});
    order["signerlist"][0]["pic"] = json!({"path": file});
    let files = List::new(&[&document]);
    let (hosted, about) = Hosted::open(&abi, &settings(), &order, &files);
    let (hosted, about) = (hosted.unwrap(), about.ok());
    let wire = abi.wire(settings().to_string().as_bytes(), order.to_string().as_bytes(), &[&document]);
    assert_eq!(about["content_length"], wire.bulk.len());
    assert_eq!((&about["method"], &about["url"]), (&json!("POST"), &json!("https://sign.example/api")));
    assert_eq!(about["headers"]["Content-Type"], "application/json; charset=utf-8");
    assert!(about["headers"]["User-Agent"].as_str().unwrap().starts_with("wosigndoc/"));
    assert_eq!((&about["connect_timeout_ms"], &about["timeout_ms"]), (&json!(10_000), &json!(120_000)));
    for room in [1 << 20, 16 * 1024, 1000, 7] {
        assert!(hosted.read(room) == wire.bulk, "read by {room}");
        hosted.rewind();
        let (count, _) = hosted.read_into(&mut [0; 100]);
        assert_eq!(count, 100);
        hosted.rewind();
    }
}

/// Covers P-10: an order that breaks a rule opens nothing; nor do settings without an endpoint.
#[test]
fn what_is_wrong_is_said_before_anything_is_sent() {
    let abi = Abi::load();
    let none = List::new(&[]);
    let (hosted, answer) = Hosted::open(&abi, &settings(), &json!({}), &none);
    assert!(hosted.is_none());
    assert!(!answer.failed("invalid_order", "invalid_order")["violations"].as_array().unwrap().is_empty());
    let mut bare = settings();
    bare.as_object_mut().unwrap().remove("endpoint");
    let (_, answer) = Hosted::open(&abi, &bare, &order(), &none);
    assert_eq!(answer.failed("argument", "missing_option")["field"], "endpoint");
    let mut wrong = settings();
    wrong["endpoint"] = json!("http://sign.example/");
    Hosted::open(&abi, &wrong, &order(), &none).1.failed("argument", "endpoint_not_https");
    let (hosted, _) = Hosted::open(&abi, &settings(), &order(), &none);
    let (count, answer) = hosted.unwrap().read_into(&mut []);
    assert_eq!((count, &answer.failed("argument", "buffer_too_small")["field"]), (0, &json!("buffer")));
}

/// Covers P-20, P-21: an answer means what it means to the library itself.
#[test]
fn answers_are_read_as_the_librarys_own() {
    let abi = Abi::load();
    let hosted = Hosted::good(&abi, &order());
    let created = hosted.answered(200, &json!({"status": 1, "signid": "s-1", "orderNumber": "A-1"})).ok();
    assert_eq!((&created["signid"], &created["attempts"]), (&json!("s-1"), &json!(1)));
    let refused =
        hosted.answered(200, &json!({"status": 0, "errorcode": -46})).failed("platform", "platform_refused");
    assert_eq!((&refused["code"], &refused["may_have_arrived"]), (&json!(-46), &json!(false)));
    hosted.answered(502, &json!("gateway")).failed("protocol", "answer_not_protocol");
}

/// Covers P-23: a lost answer is made good by the same order once more, and -46 then means that it was accepted.
#[test]
fn a_lost_answer_is_made_good() {
    let abi = Abi::load();
    let hosted = Hosted::good(&abi, &order());
    let first = hosted.read(1000);
    let lost = json!({"stage": "exchange", "message": "127.0.0.1"});
    let next = hosted.failed(&lost).ok();
    assert_eq!(next["pause_ms"], 20);
    assert!((1..=119_980).contains(&next["timeout_ms"].as_u64().unwrap()), "{next}");
    assert!(hosted.read(1000) == first, "it begins again");
    // No connection now says nothing about the first try.
    assert_eq!(hosted.failed(&json!({"stage": "connect"})).ok()["pause_ms"], 40);
    let created = hosted.answered(200, &json!({"status": 0, "errorcode": -46})).ok();
    assert_eq!((&created["accepted_before"], &created["attempts"]), (&json!(true), &json!(3)));
    let end = hosted.failed(&lost).failed("transport", "connection_lost");
    assert_eq!((&end["may_have_arrived"], &end["retry"]), (&json!(true), &json!(true)));
}

/// Covers P-23: what never left is not repeated, and what may have arrived is said so.
#[test]
fn failures_say_whether_the_order_may_have_arrived() {
    let abi = Abi::load();
    for (failure, kind, reason, arrived) in [
        (json!({"stage": "connect"}), "transport", "connect_failed", false),
        (json!({"stage": "connect", "timeout": true}), "timeout", "connect_timeout", false),
        (json!({"stage": "connect", "tls": true}), "tls", "tls_failed", false),
        (json!({"stage": "exchange", "tls": true}), "tls", "tls_failed", true),
        (json!({"stage": "exchange", "timeout": true}), "timeout", "call_timeout", true),
        (json!({"stage": "answer", "timeout": true}), "timeout", "call_timeout", true),
    ] {
        let error = Hosted::good(&abi, &order()).failed(&failure).failed(kind, reason);
        assert_eq!(error["may_have_arrived"], arrived, "{error}");
    }
    for (failure, reason) in [
        (json!({}), "missing_option"),
        (json!({"stage": "dns"}), "bad_option"),
        (json!({"stage": "connect", "words": ""}), "unknown_option"),
        (json!([]), "bad_option"),
    ] {
        Hosted::good(&abi, &order()).failed(&failure).failed("argument", reason);
    }
}

/// A file that changes while it is read breaks the body off, and names the field.
#[test]
fn a_file_that_changes_breaks_the_body_off() {
    let abi = Abi::load();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("a.pdf");
    std::fs::write(&file, vec![7; 200_000]).unwrap();
    let mut order = order();
    order["filebase"] = json!({"path": file});
    let hosted = Hosted::good(&abi, &order);
    assert_eq!(hosted.read_into(&mut [0; 1000]).0, 1000);
    std::fs::write(&file, vec![7; 150_000]).unwrap();
    let mut space = vec![0; 100_000];
    let error = loop {
        let (_, answer) = hosted.read_into(&mut space);
        if answer.status != 0 {
            break answer.failed("io", "file_changed");
        }
    };
    assert_eq!(error["field"], "filebase");
}

/// Covers P-23: an HTTP client that sends the whole order again by itself has made another try, and the answer is judged so.
#[test]
fn a_body_that_was_sent_twice_may_have_arrived() {
    let abi = Abi::load();
    let known = json!({"status": 0, "errorcode": -46});
    for (whole, accepted) in [(true, true), (false, false)] {
        let hosted = Hosted::good(&abi, &order());
        if whole {
            hosted.read(1000);
        } else {
            hosted.read_into(&mut [0; 10]);
        }
        hosted.rewind();
        let answer = hosted.answered(200, &known);
        if accepted {
            assert_eq!(answer.ok()["accepted_before"], true);
        } else {
            assert_eq!(answer.failed("platform", "platform_refused")["code"], -46);
        }
    }
    let hosted = Hosted::good(&abi, &order());
    hosted.read(1000);
    hosted.rewind();
    let error = hosted.failed(&json!({"stage": "connect", "tls": true})).failed("tls", "tls_failed");
    assert_eq!(error["may_have_arrived"], true, "{error}");
}

/// A client is judged when it is made, before there is an order.
#[test]
fn settings_are_checked_without_an_order() {
    let abi = Abi::load();
    let check = |settings: &Value| {
        let settings = settings.to_string();
        let (settings, n) = lend(settings.as_bytes());
        // SAFETY: the text lives until the call returns.
        abi.call(|out, len| unsafe { (abi.config_hosted)(settings, n, out, len) })
    };
    assert_eq!(check(&settings()).ok(), json!({"endpoint": settings()["endpoint"]}));
    let error = check(&json!({"endpoint": "https://a.example/"})).failed("argument", "missing_option");
    assert_eq!(error["field"], "tokenid");
}

/// Looks once, as a host that has told so much.
fn look(abi: &Abi, settings: &Value, told: &Value) -> Answer {
    let (settings, told) = (settings.to_string(), told.to_string());
    let ((settings, n), (told, m)) = (lend(settings.as_bytes()), lend(told.as_bytes()));
    // SAFETY: the texts live until the call returns.
    abi.call(|out, len| unsafe { (abi.preflight_hosted)(settings, n, told, m, 5000, out, len) })
}

/// The checks of a report with their levels.
fn levels(report: &Value) -> Vec<(&str, &str)> {
    let checks = report["checks"].as_array().unwrap();
    checks.iter().map(|check| (check["check"].as_str().unwrap(), check["level"].as_str().unwrap())).collect()
}

/// Covers P-2: the host asks as it is told, and what it saw is judged as the library judges what itself sees.
#[test]
fn a_preflight_judges_what_the_host_saw() {
    let abi = Abi::load();
    let base64 = |bytes: &[u8]| data_encoding::BASE64.encode(bytes);
    let certificate = rcgen::generate_simple_self_signed(vec!["site".to_owned()]).unwrap().cert;
    let told = json!({"transport": "Curl 8", "certificate": base64(certificate.der())});
    let first = look(&abi, &settings(), &told).ok();
    assert_eq!(
        levels(&first),
        [("configuration", "ok"), ("transport", "ok"), ("identity", "ok"), ("expiry", "ok")]
    );
    assert!(first["text"].as_str().unwrap().contains("Curl 8"), "{first}");
    let request = &first["request"];
    assert_eq!((&request["method"], &request["url"]), (&json!("GET"), &settings()["endpoint"]));
    assert!(request["headers"]["User-Agent"].as_str().unwrap().starts_with("wosigndoc/"));
    assert_eq!((&request["connect_timeout_ms"], &request["timeout_ms"]), (&json!(5000), &json!(5000)));

    let now = httpdate::fmt_http_date(std::time::SystemTime::now());
    let refused = base64(br#"{"status":0,"errorcode":-80}"#);
    for (saw, expected) in [
        (
            json!({"answer": {"http_status": 405, "date": now}}),
            &[("endpoint", "ok"), ("clock", "ok"), ("platform", "ok")][..],
        ),
        (
            json!({"answer": {"http_status": 200, "body": refused}}),
            &[("endpoint", "ok"), ("platform", "error")],
        ),
        (
            json!({"answer": {"http_status": 502, "date": "Sun, 06 Nov 1994 08:49:37 GMT"}}),
            &[("endpoint", "ok"), ("clock", "warning"), ("platform", "error")],
        ),
        (json!({"failure": {"stage": "connect", "message": "no route"}}), &[("endpoint", "error")]),
        (json!({"failure": {"stage": "exchange", "timeout": true}}), &[("platform", "error")]),
    ] {
        let mut told = saw.clone();
        told["transport"] = json!("Curl 8");
        let report = look(&abi, &settings(), &told).ok();
        assert_eq!(levels(&report)[2..], *expected, "{report}");
        assert_eq!(
            (&report["request"], &report["ok"]),
            (&Value::Null, &json!(expected.last().unwrap().1 == "ok"))
        );
    }
}

/// Covers P-23: the host sends what it is told to, order by order, each once, as long as the answers allow it.
#[test]
fn a_live_preflight_asks_the_host_for_orders() {
    let abi = Abi::load();
    let answer = |body: &str| json!({"answer": {"http_status": 200, "body": data_encoding::BASE64.encode(body.as_bytes())}});
    let code = |code: i32| answer(&format!(r#"{{"status":0,"errorcode":{code}}}"#));
    let tell = |orders: &[Value]| {
        look(&abi, &settings(), &json!({"transport": "Curl 8", "live": true, "orders": orders})).ok()
    };
    let body = |report: &Value| -> Value {
        let request = &report["request"];
        assert_eq!((&request["method"], &request["url"]), (&json!("POST"), &settings()["endpoint"]));
        assert_eq!(request["headers"]["Content-Type"], "application/json; charset=utf-8");
        let text = request["body"].as_str().unwrap();
        assert_eq!(request["content_length"], text.len());
        serde_json::from_str(text).unwrap()
    };
    let first = tell(&[]);
    assert_ne!(body(&first)["tokenid"], "T-1");
    let second = tell(&[code(-65)]);
    assert_eq!(
        (&body(&second)["tokenid"], &body(&second)["signerlist"][0]["signType"]),
        (&json!("T-1"), &json!(0))
    );
    let last = tell(&[code(-65), code(-43)]);
    let expected = [("endpoint", "ok"), ("live", "ok"), ("token", "ok"), ("registration", "ok")];
    assert_eq!((&levels(&last)[2..], &last["request"]), (&expected[..], &Value::Null));

    let taken = r#"{"status":1,"errorcode":0,"signid":"S-1","orderNumber":"N-1"}"#;
    let unreached = json!({"failure": {"stage": "connect", "message": "no route"}});
    let lost = json!({"failure": {"stage": "exchange"}});
    for (orders, check, said) in [
        (vec![answer(taken)], "live", "orderNumber N-1, signid S-1"),
        (vec![code(-65), answer(taken)], "live", "orderNumber N-1, signid S-1"),
        (vec![answer("<html>")], "live", "did not get as far as the tokenid"),
        (vec![lost], "live", "was closed"),
        (vec![unreached], "endpoint", "no route"),
        (vec![code(-65), code(-80)], "registration", "register"),
    ] {
        let report = tell(&orders);
        assert!(report["request"].is_null() && levels(&report).contains(&(check, "error")), "{report:#}");
        assert!(report["text"].as_str().unwrap().contains(said), "{report:#}");
    }
    for (told, reason, field) in [
        (json!({"transport": "x", "orders": [code(-65)]}), "bad_option", "orders"),
        (json!({"transport": "x", "live": true, "orders": [{}]}), "missing_option", "orders.answer"),
        (json!({"transport": "x", "live": true, "orders": [1]}), "bad_option", "orders"),
    ] {
        assert_eq!(look(&abi, &settings(), &told).failed("argument", reason)["field"], field);
    }
}

/// What is wrong with the settings and the certificate is in the report; what the host may not tell is an error.
#[test]
fn a_preflight_says_what_is_wrong() {
    let abi = Abi::load();
    let report = look(&abi, &json!({"endpoint": "http://a.example/"}), &json!({"transport": "x"})).ok();
    assert_eq!(
        levels(&report),
        [("configuration", "error"), ("configuration", "error"), ("transport", "ok")]
    );
    assert_eq!(report["request"], Value::Null, "nothing is asked of a wrong address");
    let report = look(&abi, &settings(), &json!({"transport": "x", "certificate": "AA=="})).ok();
    assert_eq!(levels(&report)[2], ("identity", "error"));
    let mut params = rcgen::CertificateParams::default();
    params.not_after = rcgen::date_time_ymd(2020, 1, 1);
    let old = params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap();
    let told = json!({"transport": "x", "certificate": data_encoding::BASE64.encode(old.der())});
    assert_eq!(levels(&look(&abi, &settings(), &told).ok())[3], ("expiry", "error"));
    for (told, reason, field) in [
        (json!({}), "missing_option", "transport"),
        (json!({"transport": "x", "certificate": "?"}), "bad_option", "certificate"),
        (json!({"transport": "x", "answer": {}}), "missing_option", "answer.http_status"),
        (json!({"transport": "x", "answer": {"http_status": 405, "body": "?"}}), "bad_option", "answer.body"),
        (json!({"transport": "x", "failure": {"stage": "dns"}}), "bad_option", "stage"),
        (json!({"transport": "x", "request": 1}), "unknown_option", "request"),
    ] {
        let error = look(&abi, &settings(), &told).failed("argument", reason);
        assert_eq!(error["field"], field, "{error}");
    }
}
