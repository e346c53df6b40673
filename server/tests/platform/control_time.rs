//! The control API over time: days and years that pass in seconds, and everything forgotten.

use serde_json::json;
use tempfile::tempdir;

use crate::control::Driven;
use crate::receiver::{Receiver, reply};
use crate::sandbox::order;

/// Covers P-34: three days of tries are over in seconds, each at its own moment.
#[test]
fn three_days_pass() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::start(|_| reply(200, "not yet"));
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    driven.sandbox.order(&order(&driven.sandbox.token(), "DAYS"));
    driven.get("/wait?number=DAYS&until=pushed&timeout=60");
    let before = driven.get("/clock");
    let after = driven.move_clock(&json!({"advance": "80h"}));
    assert!(after["ahead_ms"].as_i64().unwrap() > 79 * 3_600_000, "{before} {after}");
    let order = driven.get("/orders/DAYS");
    assert_eq!(order["push"]["state"], "undelivered");
    let tries = order["push"]["tries"].as_u64().unwrap();
    assert!((72..120).contains(&tries), "{tries}");
    let journal = driven.get("/journal?kind=push&limit=1000");
    let times: Vec<&str> =
        journal.as_array().unwrap().iter().map(|entry| entry["at"].as_str().unwrap()).collect();
    assert_eq!(times.len() as u64, tries);
    assert!(
        times.windows(2).all(|pair| pair[0] > pair[1]),
        "newest first, each at its own moment: {times:?}"
    );
    // At least 48 minutes lie between two of them.
    assert!(times[1].get(..13) != times[3].get(..13), "{times:?}");
    // Pushed once more by hand, by the same clock.
    driven.json("POST", "/orders/DAYS/push-again", "");
    let again = driven.get("/wait?number=DAYS&until=pushed&timeout=60");
    assert_eq!(again["push"]["tries"], 1);
    driven.move_clock(&json!({"reset": true}));
    assert_eq!(driven.get("/clock")["ahead_ms"], 0);
}

/// A certificate is renewed, and what need not be kept is deleted, when their time has come.
#[test]
fn a_year_passes() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    driven.sandbox.order(&order(&driven.sandbox.token(), "YEAR"));
    let done = driven.get("/wait?number=YEAR&until=acknowledged&timeout=60");
    let place = driven.sandbox.path("documents/orders").join(done["signid"].as_str().unwrap());
    let files = || std::fs::read_dir(&place).unwrap().count();
    assert!(files() > 1);
    let certificate = || std::fs::read(driven.sandbox.path("server.pem")).unwrap();
    let first = certificate();
    driven.move_clock(&json!({"advance": "380d"}));
    assert_eq!(files(), 1, "the materials go, the document stays");
    assert_ne!(certificate(), first, "the listener's certificate is renewed");
    assert_eq!(driven.json("GET", "/readyz", "").0, 200);
    // Signed next year, by the platform's clock.
    let year = &driven.get("/clock")["now"].as_str().unwrap()[..4].to_owned();
    driven.sandbox.order(&order(&driven.sandbox.token(), "NEXT"));
    let next = driven.get("/wait?number=NEXT&until=signed&timeout=60");
    assert!(next["accepted_at"].as_str().unwrap().starts_with(year), "{next}");
    let (_, _, document) = driven.ask("GET", "/orders/NEXT/document", "", "");
    let signed_in = format!("/M <{}", wosigndoc::protocol::hex::encode(format!("D:{year}").as_bytes()));
    assert!(String::from_utf8_lossy(&document).contains(&signed_in));
    for (change, words) in [
        (json!({"advance": "soon"}), "90s"),
        (json!({"set": "tomorrow"}), "2027"),
        (json!({}), "one of"),
        (json!({"advance": "1h", "reset": true}), "one of"),
    ] {
        let (status, error) = driven.json("POST", "/clock", &change.to_string());
        assert!(status == 400 && error["message"].as_str().unwrap().contains(words), "{error}");
    }
    driven.move_clock(&json!({"set": "2038-01-19T03:14:08Z"}));
    assert!(driven.get("/clock")["now"].as_str().unwrap().starts_with("2038-01-19T03:14:0"));
    driven.move_clock(&json!({"set": "2026-01-01T00:00:00+08:00"}));
    assert!(driven.get("/clock")["now"].as_str().unwrap().starts_with("2025-12-31T16:00:0"), "backwards");
}

#[test]
fn everything_is_forgotten_but_tokens() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let balance = || driven.get("/tokens")[0]["balance"].as_i64().unwrap();
    let before = balance();
    driven.sandbox.order(&order(&driven.sandbox.token(), "R-1"));
    let done = driven.get("/wait?number=R-1&until=acknowledged&timeout=60");
    let place = driven.sandbox.path("documents/orders").join(done["signid"].as_str().unwrap());
    assert!(place.exists() && balance() == before - 1);
    driven.move_clock(&json!({"advance": "1h"}));
    assert_eq!(driven.json("POST", "/reset", "").0, 204);
    assert_eq!((driven.get("/orders"), driven.get("/journal")), (json!([]), json!([])));
    assert_eq!(driven.get("/clock")["ahead_ms"], 0);
    assert!(!place.exists() && balance() == before);
    // The number may be used again.
    driven.sandbox.order(&order(&driven.sandbox.token(), "R-1"));
    driven.get("/wait?number=R-1&until=acknowledged&timeout=60");
    let token = driven.sandbox.token();
    let (status, changed) = driven.json("PATCH", &format!("/tokens/{token}"), r#"{"balance": 0}"#);
    assert_eq!((status, &changed["balance"]), (200, &json!(0)));
    assert_eq!(driven.sandbox.code(&order(&token, "R-2")), -68);
    assert_eq!(driven.json("PATCH", "/tokens/none", r#"{"balance": 0}"#).0, 404);
    let (status, error) = driven.json("PATCH", &format!("/tokens/{token}"), r#"{"callback": "ftp://x/"}"#);
    assert!(status == 400 && error["message_zh"].as_str().unwrap().contains("须为 https"), "{error}");
}
