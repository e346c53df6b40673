//! Live preflight against servers that do as a test says: what is sent, how often, and where it stops.

use std::time::Duration;

use crate::common::{Act, Server, World, language, refused, taken};
use crate::preflight::level;
use serde_json::{Value, json};
use wosigndoc::client::{PreflightOptions, preflight_with};

fn look(config: &Value) -> Value {
    let options = PreflightOptions { timeout: Some(Duration::from_secs(5)), live: true };
    let report = preflight_with(config.to_string().as_bytes(), &options);
    language::assert_apart(&report);
    report
}

fn text(report: &Value) -> &str {
    report["text"].as_str().unwrap()
}

/// The answer to the GET, and then those to the orders.
fn platform(answers: impl IntoIterator<Item = Act>) -> Server {
    let get = Act::Answer(405, refused(-64));
    // What is asked more than it should be is taken, and shows.
    Server::start(std::iter::once(get).chain(answers))
}

/// The orders that arrived.
fn orders(server: &Server) -> Vec<Value> {
    let posts = server.requests().into_iter().filter(|request| request.head.starts_with("POST "));
    posts.map(|request| serde_json::from_slice(&request.body).unwrap()).collect()
}

/// Covers P-3, P-23: each order goes out once. The server takes certificates of its CA alone, so that the one that is made
/// for the call does not get in.
#[test]
fn sends_what_must_be_refused_and_nothing_else() {
    let server = platform([Act::Answer(200, refused(-65)), Act::Answer(200, refused(-43))]);
    let report = look(&server.config());
    assert_eq!(report["ok"], true, "{report:#}");
    for check in ["live", "token", "registration"] {
        assert_eq!(level(&report, check), "ok", "{check}: {report:#}");
    }
    assert!(text(&report).contains("made for this call (no answer of the protocol)"), "{}", text(&report));
    let orders = orders(&server);
    assert_eq!(orders.len(), 2);
    assert_ne!(orders[0]["tokenid"], "T-1");
    assert_eq!(orders[1]["tokenid"], "T-1");
    assert_ne!(orders[0]["orderNumber"], orders[1]["orderNumber"]);
    for order in orders {
        let signer = &order["signerlist"][0];
        assert_eq!((&signer["signType"], &signer["userName"]), (&json!(0), &json!("")));
        assert_eq!((&signer["pic"], &order["filebase"]), (&json!(""), &json!("bm8gZG9jdW1lbnQ=")));
        assert!(order["tempid"].as_str().unwrap().len() > 32, "{order}");
    }
}

#[test]
fn sends_nothing_unless_it_is_asked_to() {
    let server = platform([]);
    let options = PreflightOptions { timeout: Some(Duration::from_secs(5)), live: false };
    let report = preflight_with(server.config().to_string().as_bytes(), &options);
    assert_eq!((level(&report, "live").as_str(), orders(&server).len()), ("absent", 0));
}

/// What answers and is no platform learns nothing of the caller's: neither the tokenid nor a second order.
#[test]
fn stops_at_what_is_no_platform() {
    for (act, said) in [
        (Act::Answer(502, b"<html>Bad Gateway</html>".to_vec()), "HTTP 502"),
        (Act::Answer(200, b"<html>Welcome</html>".to_vec()), "HTML"),
        (Act::Answer(404, b"".to_vec()), "HTTP 404"),
        (Act::CloseAfterRequest, "was closed"),
        (Act::Answer(200, refused(-69)), "internal error"),
    ] {
        let server = platform([act.clone()]);
        let report = look(&server.config());
        assert_eq!((level(&report, "live").as_str(), &report["ok"]), ("error", &json!(false)));
        let orders = orders(&server);
        assert_eq!(orders.len(), 1, "{act:?}");
        assert_ne!(orders[0]["tokenid"], "T-1");
        let line = text(&report).lines().find(|line| line.starts_with("ERROR   live: ")).unwrap();
        assert!(line.contains("did not get as far as the tokenid") && line.contains(said), "{line}");
        assert!(!line.contains("may have arrived"), "{line}");
    }
}

/// An order that is lost on its way is not sent again, whatever the configuration says of repeats.
#[test]
fn never_repeats() {
    let lost = [Act::Answer(200, refused(-65)), Act::CloseAfterRequest];
    let server = platform(lost);
    let mut config = server.config();
    config["retry"] = json!({"attempts": 5, "pause_ms": 1});
    let report = look(&config);
    assert_eq!((level(&report, "live").as_str(), orders(&server).len()), ("error", 2), "{report:#}");
}

#[test]
fn nothing_follows_where_nothing_is_reached() {
    let world = World::new();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let report = look(&world.config(closed));
    assert_eq!((level(&report, "endpoint").as_str(), level(&report, "live").as_str()), ("error", "absent"));
    // Nor to whom the roots do not vouch for.
    let server = platform([]);
    let mut config = server.config();
    config["roots"]["ca"] = json!(world.ca.pem());
    let report = look(&config);
    assert_eq!(
        (level(&report, "server_certificate").as_str(), level(&report, "live").as_str()),
        ("error", "absent")
    );
    assert_eq!(server.requests().len(), 0);
}

/// A platform that takes what it must refuse is told with what it answered, and gets no further order.
#[test]
fn tells_of_an_order_that_was_taken() {
    for (before, count) in [(&[][..], 1), (&[Act::Answer(200, refused(-65))][..], 2)] {
        let server = platform(before.iter().cloned().chain([Act::Answer(200, taken())]));
        let report = look(&server.config());
        assert_eq!((level(&report, "live").as_str(), &report["ok"]), ("error", &json!(false)));
        let said = text(&report);
        assert!(said.contains("orderNumber A-1, signid 5ba2fd41-1"), "{said}");
        assert!(!said.contains("none was created"), "{said}");
        assert_eq!(orders(&server).len(), count);
    }
}
