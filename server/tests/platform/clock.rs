//! Times that are hard: other zones, the hour that a town has twice, leap seconds, 2038, the end of the CA.

use std::path::Path;
use std::process::Command;

use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tempfile::tempdir;
use wosigndoc::protocol::hex;

use crate::control::Driven;
use crate::receiver::Receiver;
use crate::sandbox::{code, exchange, order, request};
use crate::tools::skip::skip;

/// The digits of a time, from the year to the second: those of two times compare as the times do.
fn digits(time: &str) -> String {
    time.chars().filter(char::is_ascii_digit).take(14).collect()
}

fn now(driven: &Driven) -> String {
    digits(driven.get("/clock")["now"].as_str().unwrap())
}

/// The signing times of a document, as they stand there.
fn signing_times(document: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(document);
    let written = text.split("/M <").skip(1).map(|rest| rest.split('>').next().unwrap().to_owned());
    written.map(|digits| String::from_utf8(hex::decode(&digits).unwrap()).unwrap()).collect()
}

/// The document of an order, whose signing times lie in this span, in UTC.
fn signed_between(driven: &Driven, number: &str, begin: &str) -> Vec<u8> {
    let (status, _, document) = driven.ask("GET", &format!("/orders/{number}/document"), "", "");
    assert_eq!(status, 200);
    let times = signing_times(&document);
    assert_eq!(times.len(), 2, "{number}");
    for time in times {
        let (date, zone) = time.strip_prefix("D:").unwrap().split_at(14);
        assert_eq!(zone, "+00'00'", "{time}");
        assert!(*digits(begin) <= *date && *date <= *now(driven), "{number}: {begin} {time}");
    }
    document
}

/// Both sides of the hour that New York has twice, in zones on either side of UTC: every time is in UTC.
#[test]
fn zones_change_no_time() {
    for zone in ["America/New_York", "Asia/Shanghai"] {
        let folder = tempdir().unwrap();
        let receiver = Receiver::acknowledging();
        let driven =
            Driven::start_with(&folder.path().join("data"), &["--callback", &receiver.url], &[("TZ", zone)]);
        for (number, begin) in [("FIRST", "2026-11-01T05:59:30Z"), ("SECOND", "2026-11-01T06:30:30Z")] {
            driven.move_clock(&json!({"set": begin}));
            driven.sandbox.order(&order(&driven.sandbox.token(), number));
            let done = driven.get(&format!("/wait?number={number}&until=acknowledged&timeout=300"));
            assert_eq!(receiver.next().number(), number);
            signed_between(&driven, number, begin);
            let journal = driven.get(&format!("/journal?number={number}"));
            let entries = journal.as_array().unwrap().iter().map(|entry| &entry["at"]);
            let times: Vec<&Value> = entries.chain([&done["accepted_at"]]).collect();
            assert_eq!(times.len(), 3, "the order, its push, and when it was accepted: {journal}");
            for time in times {
                let time = time.as_str().unwrap();
                assert!(time.ends_with('Z'), "{time}");
                assert!(
                    digits(begin) <= digits(time) && digits(time) <= now(&driven),
                    "{zone}: {begin} {time}"
                );
            }
        }
    }
}

/// A leap second is the end of its minute; what is no time is told so.
#[test]
fn a_leap_second_has_an_answer() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let (status, moved) = driven.json("POST", "/clock", r#"{"set": "2016-12-31T23:59:60Z"}"#);
    assert_eq!(status, 200, "{moved}");
    let time = moved["now"].as_str().unwrap();
    assert!(time.starts_with("2016-12-31T23:59:59") || time.starts_with("2017-01-01T00:0"), "{time}");
    for none in ["2016-12-31T23:58:60Z", "2016-02-30T00:00:00Z", "2016-12-31T24:00:00Z", "2016-12-31"] {
        let (status, error) = driven.json("POST", "/clock", &json!({"set": none}).to_string());
        assert!(
            status == 400 && error["message"].as_str().unwrap().contains("2027"),
            "{none}: {status} {error}"
        );
    }
    // Nor does it go where certificates cannot.
    for beyond in [
        json!({"set": "9999-12-31T23:59:59Z"}),
        json!({"set": "1960-01-01T00:00:00Z"}),
        json!({"advance": "3000000d"}),
    ] {
        let (status, error) = driven.json("POST", "/clock", &beyond.to_string());
        assert!(status == 400 && error["message"].as_str().unwrap().contains("1980"), "{beyond}: {error}");
    }
    driven.json("POST", "/clock", r#"{"reset": true}"#);
    assert_eq!(driven.json("GET", "/readyz", "").0, 200);
}

/// Has a certificate that outlasts the clock sign for the sandbox's token.
fn lasting_certificate(driven: &Driven, name: &Path) {
    let key = KeyPair::generate().unwrap();
    // To 4096, unless it is told otherwise.
    let certificate = CertificateParams::new(Vec::new()).unwrap().self_signed(&key).unwrap();
    std::fs::write(name.with_extension("pem"), certificate.pem()).unwrap();
    std::fs::write(name.with_extension("key"), key.serialize_pem()).unwrap();
    let file = name.with_extension("pem");
    driven.sandbox.admin(&["token", "key", &driven.sandbox.token(), file.to_str().unwrap()]);
}

/// Covers P-3, P-32: beyond what 32 bits of seconds hold everything goes on; beyond the CA's twenty years nothing can be
/// signed, and the caller is told by a push.
#[test]
fn years_far_away() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let name = folder.path().join("lasting");
    let send = |number: &str| {
        let body = order(&driven.sandbox.token(), number).to_string();
        let sent = request("POST", "/", "application/json", body.as_bytes());
        code(&exchange(driven.sandbox.connect_as(Some(&name)), &sent).unwrap().1)
    };
    let set = |time: &str| drop(driven.move_clock(&json!({"set": time})));
    set("2038-01-19T03:14:08Z");
    // The sandbox's own certificate ended after ten years.
    assert_eq!(driven.sandbox.code(&order(&driven.sandbox.token(), "OLD")), -80);
    lasting_certificate(&driven, &name);
    assert_eq!(send("Y2038"), 0);
    driven.get("/wait?number=Y2038&until=acknowledged&timeout=300");
    signed_between(&driven, "Y2038", "2038-01-19T03:14:08Z");
    assert_eq!(receiver.next().number(), "Y2038");
    set("2100-02-28T23:59:59Z");
    assert_eq!(send("Y2100"), 0);
    let failed = driven.get("/wait?number=Y2100&until=acknowledged&timeout=300");
    assert_eq!(failed["state"], "failed", "{failed}");
    let push = receiver.next();
    assert_eq!((push.number(), &push.body["errorcode"]), ("Y2100".to_owned(), &json!("-69")));
    assert!(driven.sandbox.log().contains("certificate has expired"), "{}", driven.sandbox.log());
    // 2100 has no leap day.
    assert!(now(&driven).as_str() >= "21000228235959" && !now(&driven).starts_with("21000229"));
    driven.move_clock(&json!({"reset": true}));
    assert_eq!(send("TODAY"), 0);
    driven.get("/wait?number=TODAY&until=acknowledged&timeout=300");
}

/// What pyHanko says of each signature at a time; `None` when it is not installed.
fn pyhanko(document: &Path, ca: &Path, at: Option<&str>) -> Option<Vec<Value>> {
    let here = env!("CARGO_MANIFEST_DIR");
    let python = format!("{here}/../target/venv/bin/python3");
    let there = Command::new(&python).args(["-c", "import pyhanko"]).output();
    if !there.is_ok_and(|output| output.status.success()) {
        skip("there is no pyHanko in target/venv; scripts/setup installs it");
        return None;
    }
    let mut command = Command::new(python);
    command.arg(format!("{here}/tests/signing/validate.py")).arg(document).arg("").arg(ca);
    let output = command.args(at.map(|time| format!("at={time}"))).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).unwrap();
    Some(lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

/// Covers P-40: what is signed next year, by the moved clock, pyHanko finds good next year, and not yet today.
#[test]
fn a_signature_of_next_year_is_good_next_year() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let moved = driven.move_clock(&json!({"advance": "365d"}));
    let begin = moved["now"].as_str().unwrap();
    driven.sandbox.order(&order(&driven.sandbox.token(), "NEXT"));
    driven.get("/wait?number=NEXT&until=signed&timeout=300");
    let file = folder.path().join("next.pdf");
    std::fs::write(&file, signed_between(&driven, "NEXT", begin)).unwrap();
    let then = driven.get("/clock")["now"].as_str().unwrap().get(..19).unwrap().to_owned() + "+00:00";
    for (at, trusted) in [(Some(then.as_str()), true), (None, false)] {
        let Some(found) = pyhanko(&file, &driven.sandbox.path("ca.pem"), at) else { return };
        assert_eq!(found.len(), 2);
        for signature in found {
            let told = [&signature["intact"], &signature["valid"], &signature["trusted"]];
            assert_eq!(told, [&json!(true), &json!(true), &json!(trusted)], "{at:?}: {signature}");
        }
    }
}
