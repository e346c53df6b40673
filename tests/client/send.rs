//! Orders over real TLS: what is sent, what answers mean, and what happens when none comes.

use std::time::Duration;

use crate::common::{Act, Server, World, client, fails, order, refused, send, taken};
use serde_json::{Value, json};
use wosigndoc::client::{Config, CreateOptions, OrderSettings, order_wire};
use wosigndoc::protocol::{Kind, Reason};

/// Covers P-2, P-3, P-4, P-5, P-20: one POST with the client's certificate to the endpoint as configured,
/// with the exact length, and no waiting for permission.
#[test]
fn sends_the_order_as_the_protocol_says() {
    let server = Server::start([]);
    let created = send(&server.client(|config| config["user_agent"] = json!("shop/1.0"))).unwrap();
    assert_eq!(created.signid.as_deref(), Some("5ba2fd41-1"));
    assert_eq!((created.order_number.as_str(), created.accepted_before, created.attempts), ("A-1", false, 1));
    let [request] = &server.requests()[..] else { panic!("one request") };
    assert!(request.head.starts_with("POST / HTTP/1.1\r\n"), "{}", request.head);
    assert_eq!(request.header("content-type"), Some("application/json; charset=utf-8"));
    assert_eq!(request.header("content-length"), Some(request.length.to_string().as_str()));
    assert_eq!(request.header("expect"), None);
    assert_eq!(request.header("transfer-encoding"), None);
    let agent = request.header("user-agent").unwrap();
    assert!(agent.starts_with("wosigndoc/") && agent.ends_with(" shop/1.0"), "{agent}");
    let settings = OrderSettings { tokenid: "T-1".to_owned(), allow_empty_material: false };
    assert_eq!(request.body, order_wire(&settings, &order(), &[]).unwrap().0);
    assert_eq!(serde_json::from_slice::<Value>(&request.body).unwrap()["tokenid"], "T-1");
}

/// Covers P-4: the path is the endpoint's own.
#[test]
fn posts_to_the_url_as_configured() {
    let server = Server::start([]);
    let endpoint = format!("https://{}/a/b?c=d", server.address);
    send(&server.client(|config| config["endpoint"] = json!(endpoint))).unwrap();
    assert!(server.requests()[0].head.starts_with("POST /a/b?c=d HTTP/1.1\r\n"));
}

/// Covers P-20, P-21: refusals keep their number, known or not, and are never repeated (P-23).
#[test]
fn reports_refusals() {
    let server = Server::start([-80, -47, -46, -123].map(|code| Act::Answer(200, refused(code))));
    let client = server.client(|_| {});
    for (code, reason) in [
        (-80, Reason::PlatformRefused),
        (-47, Reason::PlatformRefused),
        (-46, Reason::PlatformRefused),
        (-123, Reason::UnknownCode),
    ] {
        let error = fails(&client);
        assert_eq!((error.kind(), error.code(), error.reason()), (Kind::Platform, Some(code), reason));
        assert!(!error.may_have_arrived());
    }
    assert_eq!(server.requests().len(), 4);
}

/// Covers P-22: what is not the protocol is told with its HTTP status and printable beginning, and is
/// an answer: not repeated (P-23).
#[test]
fn reports_what_is_not_the_protocol() {
    let huge = vec![b'{'; 1024 * 1024 + 1];
    let server = Server::start([
        Act::Answer(502, b"<html>\x01\r\nBad Gateway".to_vec()),
        Act::Answer(302, b"elsewhere".to_vec()),
        Act::Answer(200, b"{}".to_vec()),
        Act::Answer(200, huge),
    ]);
    let client = server.client(|_| {});
    for (status, reason, start) in [
        (502, Reason::AnswerNotProtocol, "<html>...Bad Gateway"),
        (302, Reason::AnswerNotProtocol, "elsewhere"),
        (200, Reason::AnswerNotProtocol, "{}"),
        (200, Reason::AnswerTooLarge, "{{{"),
    ] {
        let error = fails(&client);
        let document = error.to_json();
        assert_eq!((error.kind(), error.reason()), (Kind::Protocol, reason));
        assert_eq!(document["http_status"], status);
        let shown = document["body_start"].as_str().unwrap();
        assert!(shown.starts_with(start) && shown.len() <= 512, "{shown}");
        assert!(error.may_have_arrived());
    }
    assert_eq!(server.requests().len(), 4);
}

/// Covers P-23: after an ambiguous failure the same order goes out again, and "being signed" then means
/// that the first one arrived.
#[test]
fn repeats_after_an_ambiguous_failure() {
    let cut = Act::Raw(b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n{\"status\":1".to_vec());
    for (lost, code) in [(Act::CloseAfterRequest, -47), (cut, -46)] {
        let server = Server::start([lost, Act::Answer(200, refused(code))]);
        let created = send(&server.client(|_| {})).unwrap();
        assert_eq!((created.accepted_before, created.attempts, created.signid), (true, 2, None));
        let requests = server.requests();
        assert_eq!(requests.len(), 2);
        assert_eq!(requests[0].body, requests[1].body);
    }
}

/// Covers P-18, P-23: the balance is looked at before the number, so a repeat that is refused for it says
/// nothing about the first try, which may have taken the last of it.
#[test]
fn a_refused_repeat_leaves_the_first_try_open() {
    let server = Server::start([Act::CloseAfterRequest, Act::Answer(200, refused(-68))]);
    let error = fails(&server.client(|_| {}));
    assert_eq!((error.kind(), error.code()), (Kind::Platform, Some(-68)));
    assert!(error.may_have_arrived());
}

/// Covers P-23: a repeat that is taken is reported with its signid; tries are bounded and can be turned off.
#[test]
fn bounds_its_tries() {
    let server = Server::start([Act::CloseAfterHead, Act::CloseAfterRequest]);
    let created = send(&server.client(|_| {})).unwrap();
    assert_eq!((created.attempts, created.accepted_before), (3, false));
    assert_eq!(created.signid.as_deref(), Some("5ba2fd41-1"));

    for (attempts, expected) in [(1, 1), (2, 2), (3, 3)] {
        let server = Server::in_world(World::new(), [], Act::CloseAfterRequest, true);
        let error = fails(&server.client(|config| config["retry"]["attempts"] = json!(attempts)));
        assert_eq!(error.reason(), Reason::ConnectionLost);
        assert!(error.may_have_arrived());
        assert_eq!(server.requests().len(), expected);
    }
}

/// Covers P-22, P-23: an answer cut short is no answer, and says so when it stays the last word.
#[test]
fn reports_a_cut_answer() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 70\r\n\r\n{\"status\":1".to_vec();
    let server = Server::in_world(World::new(), [], Act::Raw(cut), true);
    let error = fails(&server.client(|config| config["retry"]["attempts"] = json!(1)));
    assert_eq!((error.kind(), error.reason()), (Kind::Protocol, Reason::AnswerCut));
    assert_eq!(error.to_json()["body_start"], "{\"status\":1");
    assert!(error.may_have_arrived());
}

/// Covers P-23: no answer in time is ambiguous, and a call's own limit wins over the configured one.
#[test]
fn ends_in_time() {
    let server = Server::in_world(World::new(), [], Act::Never, true);
    let client = server.client(|_| {});
    let error = client
        .create_json(
            &order(),
            &CreateOptions { timeout: Some(Duration::from_millis(300)), ..CreateOptions::default() },
        )
        .unwrap_err();
    assert_eq!((error.kind(), error.reason()), (Kind::Timeout, Reason::CallTimeout));
    assert!(error.may_have_arrived());
    let error = fails(&server.client(|config| config["timeouts"] = json!({"total_ms": 300})));
    assert_eq!(error.reason(), Reason::CallTimeout);
    assert_eq!(server.requests().len(), 2, "a call whose time is over is not repeated");
}

/// Covers P-22: an answer that comes before the order was sent to its end is heard, and the connection
/// stays in order.
#[test]
fn hears_an_early_answer() {
    let document = vec![7; 8 << 20];
    let order = crate::common::order_of(json!({"attachment": 0}));
    let early = |reads| Act::AnswerAtOnce(b"too large".to_vec(), reads);
    let server = Server::start([early(true), early(false)]);
    let client = server.client(|config| config["retry"]["attempts"] = json!(1));
    let create = || client.create_json(&order, &CreateOptions { attachments: &[&document], timeout: None });
    let error = create().unwrap_err();
    assert_eq!((error.reason(), &error.to_json()["http_status"]), (Reason::AnswerNotProtocol, &json!(413)));
    // Closed without reading: the answer may be lost on the way, but nothing hangs.
    let error = create().unwrap_err();
    assert!([Reason::AnswerNotProtocol, Reason::ConnectionLost].contains(&error.reason()), "{error}");
    println!("{error}");
    assert!(create().is_ok());
}

#[test]
fn waits_for_a_slow_answer() {
    let server = Server::start([Act::Slow(Duration::from_millis(300), taken())]);
    assert_eq!(send(&server.client(|_| {})).unwrap().attempts, 1);
}

/// Covers P-23: what failed before anything was sent is not repeated and not ambiguous.
#[test]
fn tells_failures_before_sending_apart() {
    let server = Server::start([]);
    let mut config = server.config();
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (endpoint, reason) in [
        (format!("https://{closed}/"), Reason::ConnectFailed),
        ("https://no-such-host.invalid/".to_owned(), Reason::NameNotFound),
    ] {
        config["endpoint"] = json!(endpoint);
        let error = fails(&client(&config));
        assert_eq!((error.kind(), error.reason()), (Kind::Transport, reason));
        assert!(!error.may_have_arrived());
    }
    // Takes the connection, but never says a word of TLS.
    let silent = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    config["endpoint"] = json!(format!("https://{}/", silent.local_addr().unwrap()));
    config["timeouts"] = json!({"connect_ms": 200});
    let error = fails(&client(&config));
    assert_eq!((error.reason(), error.may_have_arrived()), (Reason::ConnectTimeout, false));
    config["timeouts"] = json!({"total_ms": 200});
    let error = fails(&client(&config));
    assert_eq!((error.reason(), error.may_have_arrived()), (Reason::ConnectTimeout, false));
}

#[test]
fn keeps_the_connection_for_the_next_order() {
    let server = Server::start([]);
    let client_kept = server.client(|_| {});
    for _ in 0..5 {
        send(&client_kept).unwrap();
    }
    assert_eq!(server.connections(), 1);
    let client = server.client(|config| config["timeouts"] = json!({"idle_ms": 0}));
    for _ in 0..2 {
        send(&client).unwrap();
    }
    assert_eq!(server.connections(), 3);
}

/// Covers P-23: a kept connection that the server closed meanwhile costs nothing.
#[test]
fn survives_a_kept_connection_that_was_closed() {
    let closing = Act::AnswerThenClose(crate::common::message(200, &taken()));
    let server = Server::start([closing.clone(), closing]);
    let client = server.client(|_| {});
    for _ in 0..3 {
        assert!(!send(&client).unwrap().accepted_before);
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(server.requests().len(), 3);
}

#[test]
fn serves_many_threads_at_once() {
    let server = Server::start([]);
    let client = server.client(|_| {});
    let all_at_once = std::sync::Barrier::new(8);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| {
                all_at_once.wait();
                for _ in 0..20 {
                    send(&client).unwrap();
                }
            });
        }
    });
    assert_eq!(server.requests().len(), 160);
    assert!(server.connections() <= 8, "{} connections", server.connections());
}

/// The calling thread drives the request: none is left behind.
#[test]
fn works_inside_a_hosts_own_runtime() {
    let server = Server::start([]);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let client = server.client(|_| {});
        send(&client).unwrap();
        drop(client);
    });
}

/// Covers P-18: an order that breaks rules is not sent.
#[test]
fn refuses_a_broken_order_before_sending() {
    let server = Server::start([]);
    let error =
        server.client(|_| {}).create_json(b"{\"orderNumber\":\"\"}", &CreateOptions::default()).unwrap_err();
    assert_eq!(error.kind(), Kind::InvalidOrder);
    assert!(error.violations().len() > 1);
    assert_eq!(server.connections(), 0);
}

/// Covers P-1: a plain-HTTP endpoint is refused before anything is sent.
#[test]
fn refuses_plain_http() {
    let server = Server::start([]);
    let mut config = server.config();
    config["endpoint"] = json!(format!("http://{}/", server.address));
    let error = Config::from_json(config.to_string().as_bytes()).unwrap_err();
    assert_eq!((error.reason(), error.field_path()), (Reason::EndpointNotHttps, Some("endpoint")));
    assert_eq!(server.connections(), 0);
}

/// A file that vanishes or changes while it is sent fails the call by its own name, and is not repeated.
#[test]
fn names_a_file_that_cannot_be_sent() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::start([]);
    let client = server.client(|_| {});
    let missing = crate::common::order_of(json!({"path": folder.path().join("none.pdf")}));
    let error = client.create_json(&missing, &CreateOptions::default()).unwrap_err();
    assert_eq!((error.reason(), error.field_path()), (Reason::FileUnreadable, Some("filebase")));
    let error = client
        .create_json(
            &crate::common::order_of(json!({"attachment": 1})),
            &CreateOptions { attachments: &[b"x"], timeout: None },
        )
        .unwrap_err();
    assert_eq!((error.reason(), error.field_path()), (Reason::AttachmentMissing, Some("filebase")));
    assert_eq!(server.connections(), 0);
}

/// An order that names more bytes than memory can hold, by naming the same file many times.
#[test]
fn refuses_to_write_out_what_memory_cannot_hold() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("sparse.png");
    if let Err(error) = std::fs::File::create(&path).unwrap().set_len(8 << 40) {
        return crate::tools::skip::skip(&format!("this file system has no files of 8 TiB ({error})"));
    }
    let mut order: Value = serde_json::from_slice(&order()).unwrap();
    let mut signer = order["signerlist"][0].take();
    signer["pic"] = json!({ "path": path });
    order["signerlist"] = json!(vec![signer; 40]);
    let error = order_wire(&OrderSettings::default(), order.to_string().as_bytes(), &[]).unwrap_err();
    assert_eq!((error.reason(), error.entry().retry), (Reason::SystemResources, true), "{error}");
}

/// Covers P-16: empty material is refused, unless the configuration says that the platform knows the signer.
#[test]
fn sends_empty_material_when_allowed() {
    let server = Server::start([]);
    let text = String::from_utf8(order()).unwrap();
    let order = text.replace("\"pic\":\"QQ==\"", "\"pic\":\"\"").into_bytes();
    let error = server.client(|_| {}).create_json(&order, &CreateOptions::default()).unwrap_err();
    let violation = &error.violations()[0];
    assert_eq!((violation.code.number(), violation.field.as_str()), (-57, "signerlist[0].pic"));
    let client = server.client(|config| config["allow_empty_material"] = json!(true));
    client.create_json(&order, &CreateOptions::default()).unwrap();
    let sent: Value = serde_json::from_slice(&server.requests()[0].body).unwrap();
    assert_eq!(sent["signerlist"][0]["pic"], "");
}

/// Covers P-6, P-10, P-17, P-20: an order that is odd but right is sent, and its result says what is odd; so
/// does an answer for another number.
#[test]
fn hands_warnings_on() {
    let answer = br#"{"status":"1","errorcode":"-68","ordernumber":"B-2","signid":"s","more":1}"#;
    let server = Server::start([Act::Answer(200, answer.to_vec())]);
    let mut order: Value = serde_json::from_slice(&order()).unwrap();
    order["subject"] = json!("长".repeat(300));
    order["signerlist"][0]["userNo"] = json!("110105194912310021");
    order["colour"] = json!("red");
    let created =
        server.client(|_| {}).create_json(order.to_string().as_bytes(), &CreateOptions::default()).unwrap();
    let words: Vec<&str> = created.warnings.iter().map(|warning| warning.word).collect();
    assert_eq!(
        words,
        ["unknown_field", "subject_cut", "check_digit", "order_number_differs", "errorcode_ignored"]
    );
    assert_eq!(serde_json::to_value(&created).unwrap()["orderNumber"], "A-1");
    let sent: Value = serde_json::from_slice(&server.requests()[0].body).unwrap();
    assert_eq!(sent["subject"].as_str().unwrap().chars().count(), 256);
}

/// Covers P-17: what is odd about an order comes with a failure too, whatever the failure.
#[test]
fn hands_warnings_on_with_a_failure() {
    let server =
        Server::in_world(World::new(), [Act::Answer(200, refused(-50))], Act::CloseAfterRequest, true);
    let client = server.client(|config| config["retry"]["attempts"] = json!(1));
    let mut order: Value = serde_json::from_slice(&order()).unwrap();
    order["signerlist"][0]["userNo"] = json!("110105194912310021");
    let mut missing = order.clone();
    missing["filebase"] = json!({"attachment": 7});
    for (order, reason) in [
        (&order, Reason::PlatformRefused),
        (&order, Reason::ConnectionLost),
        (&missing, Reason::AttachmentMissing),
    ] {
        let error = client.create_json(order.to_string().as_bytes(), &CreateOptions::default()).unwrap_err();
        assert_eq!(error.reason(), reason);
        assert_eq!(error.to_json()["warnings"][0]["warning"], "check_digit", "{error}");
    }
}
