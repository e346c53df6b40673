//! Sending over the C ABI, against a real TLS server: one order, many threads, and what goes wrong.

use std::time::Duration;

use crate::common::{Act, Server, order_of, refused, taken};
use crate::support::{Abi, Handle, List, lend};
use serde_json::{Value, json};

/// A client that is freed with its test.
struct Client<'a>(&'a Abi, Handle);

// SAFETY: the header allows many threads to use a client at once.
unsafe impl Sync for Client<'_> {}

impl<'a> Client<'a> {
    fn of(abi: &'a Abi, server: &Server) -> Client<'a> {
        let (client, about) = abi.client(server.config().to_string().as_bytes());
        let about = about.ok();
        assert_eq!(about["endpoint"], format!("https://{}/", server.address));
        assert_eq!(about["certificate"]["spki_sha256"].as_str().unwrap().len(), 64);
        Client(abi, client)
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is live, and freed once.
        unsafe { (self.0.client_free)(self.1) };
    }
}

#[test]
fn an_order_goes_out_with_its_attachments() {
    let (abi, server) = (Abi::load(), Server::start([]));
    let client = Client::of(&abi, &server);
    let order = order_of(json!({ "attachment": 1 }));
    let list = List::new(&[b"", b"%PDF-1.7"]);
    let (text, len) = lend(&order);
    // SAFETY: everything lives until the call returns.
    let created = abi.call(|out, out_len| unsafe {
        (abi.order_create)(client.1, text, len, list.at(), list.lens(), list.count(), 0, out, out_len)
    });
    let created = created.ok();
    assert_eq!((&created["signid"], &created["orderNumber"]), (&json!("5ba2fd41-1"), &json!("A-1")));
    assert_eq!((&created["accepted_before"], &created["attempts"]), (&json!(false), &json!(1)));
    let sent: Value = serde_json::from_slice(&server.requests()[0].body).unwrap();
    assert_eq!(sent["filebase"], "JVBERi0xLjc=");
}

/// Covers P-23: accepted before, and a refusal that is no repeat.
#[test]
fn answers_and_failures_keep_their_kinds() {
    let (abi, order) = (Abi::load(), crate::common::order());
    let server = Server::start([
        Act::CloseAfterRequest,
        Act::Answer(200, refused(-47)),
        Act::Answer(200, refused(-68)),
    ]);
    let client = Client::of(&abi, &server);
    let repeated = abi.create(client.1, &order, 0).ok();
    assert_eq!((&repeated["accepted_before"], &repeated["signid"]), (&json!(true), &Value::Null));
    assert_eq!(abi.create(client.1, &order, 0).failed("platform", "platform_refused")["code"], -68);
    let error = abi.create(client.1, b"{}", 0).failed("invalid_order", "invalid_order");
    assert_eq!(error["violations"].as_array().unwrap().len(), 3, "{error}");
}

#[test]
fn a_shared_client_outlives_its_handle_with_its_connection() {
    let (abi, server) = (Abi::load(), Server::start([]));
    let config = server.config().to_string();
    let (text, len) = lend(config.as_bytes());
    for _ in 0..3 {
        let mut handle = std::ptr::null_mut();
        // SAFETY: everything lives until the call returns.
        abi.call(|out, out_len| unsafe { (abi.client_shared)(text, len, &raw mut handle, out, out_len) })
            .ok();
        let client = Client(&abi, handle);
        abi.create(client.1, &crate::common::order(), 0).ok();
    }
    assert_eq!(server.connections(), 1);
}

#[test]
fn a_call_can_bring_its_own_time_limit() {
    let (abi, server) = (Abi::load(), Server::start([Act::Never]));
    let client = Client::of(&abi, &server);
    let error = abi.create(client.1, &crate::common::order(), 300).failed("timeout", "call_timeout");
    assert_eq!(error["may_have_arrived"], true);
}

#[test]
fn many_threads_send_by_one_client_and_nothing_is_mixed_up() {
    let slow = Act::Slow(Duration::from_millis(2), taken());
    let (abi, server) = (Abi::load(), Server::in_world(crate::common::World::new(), [], slow, true));
    let client = Client::of(&abi, &server);
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let (abi, client) = (&abi, &client);
            scope.spawn(move || {
                for round in 0..10 {
                    let number = format!("{thread}-{round}");
                    let mut order: Value = serde_json::from_slice(&crate::common::order()).unwrap();
                    order["orderNumber"] = json!(number);
                    let created = abi.create(client.1, order.to_string().as_bytes(), 0).ok();
                    assert_eq!(created["orderNumber"], number);
                }
            });
        }
    });
    let mut numbers: Vec<String> = server
        .requests()
        .iter()
        .map(|request| serde_json::from_slice::<Value>(&request.body).unwrap()["orderNumber"].to_string())
        .collect();
    numbers.sort();
    numbers.dedup();
    assert_eq!(numbers.len(), 80);
}

#[test]
fn a_configuration_comes_from_a_file_or_an_environment() {
    let (abi, server) = (Abi::load(), Server::start([]));
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("ca.pem"), server.world.ca.pem()).unwrap();
    let identity = format!("{}{}", server.world.client_pem, server.world.client_key);
    std::fs::write(folder.path().join("client.pem"), identity).unwrap();
    let file = json!({
        "endpoint": format!("https://{}/", server.address), "tokenid": "T-1",
        "identity": { "certificate_file": "client.pem" }, "roots": { "ca_file": "ca.pem" },
    });
    std::fs::write(folder.path().join("client.json"), file.to_string()).unwrap();
    let path = |name: &str| folder.path().join(name).display().to_string();
    let sources = [
        json!({ "file": path("client.json") }),
        json!({ "environment": {
            "PATH": "/usr/bin", "WOSIGNDOC_ENDPOINT": format!("https://{}/", server.address),
            "WOSIGNDOC_TOKEN": "T-1", "WOSIGNDOC_IDENTITY": path("client.pem"), "WOSIGNDOC_CA_FILE": path("ca.pem"),
        } }),
    ];
    for source in sources {
        let config = abi.resolve(source.to_string().as_bytes()).ok().to_string();
        let (client, opened) = abi.client(config.as_bytes());
        opened.ok();
        let client = Client(&abi, client);
        abi.create(client.1, &crate::common::order(), 0).ok();
    }
    let missing = json!({ "file": path("none.json") }).to_string();
    abi.resolve(missing.as_bytes()).failed("io", "file_unreadable");
    abi.resolve(b"{\"file\":").failed("argument", "bad_json");
    let misspelt = json!({ "environment": { "WOSIGNDOC_TOKENS": "x" } }).to_string();
    abi.resolve(misspelt.as_bytes()).failed("argument", "unknown_option");
}

#[test]
fn a_preflight_reports_what_is_right_and_what_is_wrong() {
    let (abi, server) = (Abi::load(), Server::start([]));
    let report = |config: &Value| {
        let config = config.to_string();
        let (text, len) = lend(config.as_bytes());
        // SAFETY: the text lives until the call returns.
        abi.call(|out, out_len| unsafe { (abi.preflight)(text, len, 5000, out, out_len) }).ok()
    };
    let good = report(&server.config());
    assert!(good["checks"].as_array().unwrap().iter().any(|check| check["check"] == "identity"), "{good}");
    assert!(!good["text"].as_str().unwrap().is_empty() && !good["text_zh"].as_str().unwrap().is_empty());
    let mut config = server.config();
    config["endpoint"] = json!("http://127.0.0.1/");
    let bad = report(&config);
    assert_eq!(bad["ok"], false);
    assert!(bad["checks"].as_array().unwrap().iter().any(|check| check["level"] == "error"), "{bad}");
}

/// The options say whether orders are sent that must be refused; without any nothing is.
#[test]
fn a_preflight_sends_orders_only_when_told_to() {
    let get = || Act::Answer(405, refused(-64));
    let orders = [Act::Answer(200, refused(-65)), Act::Answer(200, refused(-43))];
    let (abi, server) = (Abi::load(), Server::start([get(), get(), get()].into_iter().chain(orders)));
    let config = server.config().to_string();
    let call = |options: &[u8]| {
        let ((text, len), (options, n)) = (lend(config.as_bytes()), lend(options));
        // SAFETY: the texts live until the call returns.
        abi.call(|out, out_len| unsafe { (abi.preflight_with)(text, len, options, n, 5000, out, out_len) })
    };
    let has = |report: &Value, word: &str| {
        report["checks"].as_array().unwrap().iter().any(|check| check["check"] == word && check["ok"] == true)
    };
    for options in [&b""[..], b"{\"live\":false}"] {
        let report = call(options).ok();
        assert!(report["ok"] == true && !has(&report, "live"), "{report}");
    }
    let report = call(b"{\"live\":true}").ok();
    assert!(has(&report, "live") && has(&report, "token") && has(&report, "registration"), "{report}");
    assert_eq!(server.requests().len(), 5, "three questions, and two orders that arrived");
    assert_eq!(call(b"{\"alive\":true}").failed("argument", "unknown_option")["field"], "alive");
    assert_eq!(call(b"{\"live\":1}").failed("argument", "bad_option")["field"], "live");
    assert_eq!(call(b"[]").failed("argument", "bad_option")["field"], "options");
}

#[test]
fn a_client_that_cannot_work_is_not_made() {
    let (abi, server) = (Abi::load(), Server::start([]));
    let open = |change: &dyn Fn(&mut Value)| {
        let mut config = server.config();
        change(&mut config);
        let (client, answer) = abi.client(config.to_string().as_bytes());
        assert!(client.is_null());
        answer
    };
    open(&|config| config["endpoint"] = json!("http://127.0.0.1/")).failed("argument", "endpoint_not_https");
    open(&|config| config["tokenid"] = Value::Null).failed("argument", "missing_option");
    let error = open(&|config| config["endpont"] = json!("x")).failed("argument", "unknown_option");
    assert_eq!(error["field"], "endpont");
    open(&|config| config["identity"]["key"] = json!("x")).failed("argument", "identity_unreadable");
    let stranger = crate::common::World::new().client_key;
    open(&|config| config["identity"]["key"] = json!(stranger)).failed("argument", "identity_mismatch");
}
