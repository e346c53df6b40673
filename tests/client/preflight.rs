//! Preflight: everything that is wrong is found without an order.

use std::time::{Duration, SystemTime};

use crate::common::{Act, Server, World};
use serde_json::{Value, json};
use wosigndoc::client::preflight;

fn look(config: &Value) -> Value {
    preflight(config.to_string().as_bytes(), Some(Duration::from_secs(5)))
}

/// The level of a check; the worst, if there are several of the name.
pub fn level(report: &Value, check: &str) -> String {
    let levels: Vec<&str> = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| one["check"] == check)
        .map(|one| one["level"].as_str().unwrap())
        .collect();
    let worst = ["error", "warning", "ok"].into_iter().find(|level| levels.contains(level));
    worst.unwrap_or("absent").to_owned()
}

fn refusal(date: SystemTime) -> Act {
    let body = r#"{"status":0,"errorcode":-64}"#;
    let date = httpdate::fmt_http_date(date);
    let length = body.len();
    Act::Raw(
        format!("HTTP/1.1 405 No\r\nDate: {date}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes(),
    )
}

/// Covers P-2, P-3: the GET that the platform refuses shows the connection and mutual TLS at work.
#[test]
fn finds_everything_in_order() {
    let server = Server::start([refusal(SystemTime::now())]);
    let report = look(&server.config());
    assert_eq!(report["ok"], true, "{report:#}");
    for check in [
        "configuration",
        "identity",
        "key",
        "expiry",
        "chain",
        "endpoint",
        "server_certificate",
        "clock",
        "platform",
    ] {
        assert_eq!(level(&report, check), "ok", "{check}: {report:#}");
    }
    assert!(server.requests()[0].head.starts_with("GET / "));
    assert!(report["text"].as_str().unwrap().contains("ok      platform: "));
    assert!(report["text_zh"].as_str().unwrap().contains("正常 platform："));
}

#[test]
fn compares_the_clocks() {
    let server = Server::start([refusal(SystemTime::now() - Duration::from_secs(900))]);
    let report = look(&server.config());
    assert_eq!((level(&report, "clock").as_str(), &report["ok"]), ("warning", &json!(true)));
}

/// Covers P-3: a certificate that is not registered is told.
#[test]
fn tells_what_the_endpoint_says() {
    let server =
        Server::start([Act::Answer(200, crate::common::refused(-80)), Act::Answer(502, b"<html>".to_vec())]);
    let report = look(&server.config());
    assert_eq!((level(&report, "platform").as_str(), &report["ok"]), ("error", &json!(false)));
    let report = look(&server.config());
    assert_eq!((level(&report, "platform").as_str(), &report["ok"]), ("error", &json!(false)));
}

#[test]
fn names_every_problem_of_the_configuration() {
    let report = look(&json!({"endpoint": "http://x", "tokenn": 1}));
    assert_eq!(report["ok"], false);
    let said = report["text"].as_str().unwrap();
    for name in ["endpoint", "tokenid", "identity", "tokenn"] {
        assert!(said.contains(&format!("ERROR   configuration: {name}: ")), "{said}");
    }
}

#[test]
fn finds_each_fault() {
    let server = Server::start([]);
    let other = World::new();
    let find = |change: &dyn Fn(&mut Value)| {
        let mut config = server.config();
        change(&mut config);
        look(&config)
    };
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let report = find(&|config| config["endpoint"] = json!(format!("https://{closed}")));
    assert_eq!(level(&report, "endpoint"), "error");
    let report = find(&|config| config["identity"]["key"] = json!(other.client_key));
    assert_eq!(level(&report, "key"), "error");
    let report = find(&|config| config["roots"]["ca"] = json!(other.ca.pem()));
    assert_eq!(
        (level(&report, "endpoint").as_str(), level(&report, "server_certificate").as_str()),
        ("ok", "error")
    );
    let report = find(&|config| config["roots"]["ca"] = json!("nothing"));
    assert_eq!(level(&report, "roots"), "error");
    let report = find(&|config| {
        config["identity"] = json!({"certificate": other.client_pem, "key": other.client_key});
    });
    // Windows may forget why the connection was closed, since it is reset after that.
    let lost = cfg!(windows) && level(&report, "platform") == "error";
    assert!(lost || level(&report, "tls") == "error", "{report}");
    assert_eq!(server.requests().len(), 0);
}

/// What an endpoint does instead of answering is told as it is, and not as the fate of an order.
#[test]
fn tells_what_an_endpoint_does_instead() {
    let redirect = b"HTTP/1.1 302 X\r\nLocation: /login\r\nContent-Length: 0\r\n\r\n".to_vec();
    for (act, said) in [
        (Act::Never, "no answer in time"),
        (Act::CloseAfterRequest, "was closed"),
        (Act::Answer(502, b"<html>".to_vec()), "HTTP 502"),
        (Act::Answer(403, b"<html>".to_vec()), "HTTP 403"),
        (Act::Raw(redirect), "/login"),
    ] {
        let server = Server::start([act]);
        let report = preflight(server.config().to_string().as_bytes(), Some(Duration::from_millis(700)));
        assert_eq!(
            (level(&report, "platform").as_str(), level(&report, "endpoint").as_str()),
            ("error", "ok")
        );
        let text = report["text"].as_str().unwrap();
        assert!(text.contains(said) && !text.contains("may have arrived"), "{text}");
        assert_eq!(report["ok"], false);
    }
}
