//! The control API: a running sandbox, driven and asked over HTTP.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::language::assert_apart;
use crate::receiver::{Receiver, reply};
use crate::sandbox::{Sandbox, order};

/// A sandbox with its control API.
pub struct Driven {
    pub sandbox: Sandbox,
    address: String,
}

impl Driven {
    pub fn start(data: &Path, more: &[&str]) -> Driven {
        Driven::start_with(data, more, &[])
    }

    /// The same, with these variables in its environment.
    pub fn start_with(data: &Path, more: &[&str], variables: &[(&str, &str)]) -> Driven {
        Driven::run_with("dev", data, more, variables)
    }

    /// Starts `dev` or `serve`.
    pub fn run(command: &str, data: &Path, more: &[&str]) -> Driven {
        Driven::run_with(command, data, more, &[])
    }

    fn run_with(command: &str, data: &Path, more: &[&str], variables: &[(&str, &str)]) -> Driven {
        let more = [&["--control", "127.0.0.1:0"], more].concat();
        let sandbox = Sandbox::run_with(command, data, &more, variables);
        let said = sandbox.printed.clone();
        let (_, rest) = said.split_once("control API:          http://").unwrap();
        Driven { sandbox, address: rest.split('/').next().unwrap().to_owned() }
    }

    /// Host and port of the control API.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Status, head and body of an answer.
    pub fn ask(&self, method: &str, path: &str, head: &str, body: &str) -> (u16, String, Vec<u8>) {
        let mut stream = TcpStream::connect(&self.address).unwrap();
        let length = body.len();
        let host = if head.contains("Host:") { String::new() } else { format!("Host: {}\r\n", self.address) };
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\n{host}{head}Content-Type: application/json\r\nContent-Length: {length}\r\n\
             Connection: close\r\n\r\n{body}"
        )
        .unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").unwrap();
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        (head.split(' ').nth(1).unwrap().parse().unwrap(), head, answer[end + 4..].to_vec())
    }

    pub fn json(&self, method: &str, path: &str, body: &str) -> (u16, Value) {
        let (status, _, answer) = self.ask(method, path, "", body);
        let json =
            serde_json::from_slice(&answer).unwrap_or_else(|_| json!(String::from_utf8_lossy(&answer)));
        assert_apart(&json);
        (status, json)
    }

    /// The bytes of an answer.
    pub fn bytes(&self, path: &str) -> Vec<u8> {
        self.ask("GET", path, "", "").2
    }

    /// The answer of a call that succeeds.
    #[track_caller]
    pub fn get(&self, path: &str) -> Value {
        let (status, json) = self.json("GET", path, "");
        assert!((200..300).contains(&status), "{path}: {status} {json}");
        json
    }

    /// Orders a fault.
    #[track_caller]
    pub fn order_fault(&self, fault: &Value) -> Value {
        let (status, json) = self.json("POST", "/faults", &fault.to_string());
        assert_eq!(status, 201, "{json}");
        json
    }

    #[track_caller]
    pub fn move_clock(&self, change: &Value) -> Value {
        let (status, json) = self.json("POST", "/clock", &change.to_string());
        assert_eq!(status, 200, "{json}");
        json
    }
}

#[test]
fn an_order_is_followed() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let waiting = driven.json("GET", "/wait?number=C-1&until=accepted&timeout=0.1", "");
    assert_eq!((waiting.0, &waiting.1["state"]), (408, &Value::Null));
    driven.sandbox.order(&order(&driven.sandbox.token(), "C-1"));
    let done = driven.get("/wait?number=C-1&until=acknowledged&timeout=60");
    assert_eq!((&done["state"], &done["push"]["tries"]), (&json!("signed"), &json!(1)));
    let push = receiver.next();
    let signid = done["signid"].as_str().unwrap();
    let (status, head, document) = driven.ask("GET", &format!("/orders/{signid}/document"), "", "");
    assert!(status == 200 && head.to_lowercase().contains("application/pdf"), "{head}");
    assert!(Some(document) == push.document);
    assert_eq!(driven.get(&format!("/orders/{signid}/push")), push.body);
    let shown = driven.get("/orders/C-1");
    assert_eq!(shown["signers"].as_array().unwrap().len(), 2);
    assert!(!shown.to_string().contains("11010519491231002X"), "an identity number is shown to nobody");
    assert_eq!(driven.get("/orders?state=failed"), json!([]));
    assert_eq!(driven.get("/orders?number=C-1&state=signed")[0]["signid"], signid);
    let (status, again) = driven.json("POST", &format!("/orders/{signid}/push-again"), "");
    assert_eq!(status, 202, "{again}");
    assert_eq!(receiver.next().number(), "C-1");
    for (path, status) in [
        ("/orders/none", 404),
        ("/orders/none/document", 404),
        ("/orders?state=lost", 400),
        ("/wait?number=C-1&until=lost", 400),
        ("/wait?number=C-1&until=failed&timeout=-1", 400),
        ("/wait?number=C-1&until=failed", 409),
        ("/registry/1", 405),
        ("/nowhere", 404),
    ] {
        assert_eq!(driven.json("GET", path, "").0, status, "{path}");
    }
}

/// `serve` has the control API too: behind a password or on a socket, and with nothing in it that only a sandbox may do.
#[test]
fn a_platform_is_driven_behind_a_password() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    drop(Sandbox::start(&data, &[]));
    let file = folder.path().join("password");
    let serve = |more: &[&str]| {
        crate::sandbox::command(&[&["serve", "--data", data.to_str().unwrap()], more].concat())
    };
    let refused = |more: &[&str], word: &str| {
        let done = serve(&[&["--listen", "127.0.0.1:0"], more].concat());
        let said = String::from_utf8_lossy(&done.stderr).into_owned();
        assert!(!done.status.success() && said.contains(word), "{more:?}: {said}");
    };
    let password = ["--control-password", file.to_str().unwrap()];
    refused(&["--control", "127.0.0.1:0"], "--control-password");
    refused(&password, "needs --control");
    std::fs::write(&file, "short\n").unwrap();
    refused(&[&["--control", "127.0.0.1:0"][..], &password].concat(), "12 characters");
    std::fs::write(&file, "correct horse battery\n").unwrap();
    refused(&[&["--control", "0.0.0.0:0"][..], &password].concat(), "loopback");
    let driven = Driven::run("serve", &data, &password);
    assert_eq!(driven.json("GET", "/orders", "").0, 401);
    let with = |user: &str| format!("Authorization: Basic {}\r\n", crate::sandbox::encode(user.as_bytes()));
    let (right, wrong) = (with("ops:correct horse battery"), with("ops:correct horse"));
    let (status, head, _) = driven.ask("GET", "/orders", &wrong, "");
    assert!(status == 401 && head.to_lowercase().contains("www-authenticate: basic"), "{head}");
    assert_eq!(driven.ask("GET", "/orders", &right, "").0, 200);
    let (_, _, described) = driven.ask("GET", "/openapi.json", &right, "");
    let described: Value = serde_json::from_slice(&described).unwrap();
    for (path, is_there) in [("/orders", true), ("/tokens", true), ("/clock", false), ("/faults", false)] {
        assert_eq!(described["paths"].get(path).is_some(), is_there, "{path}");
        let status = driven.ask("GET", path, &right, "").0;
        assert_eq!(status, if is_there { 200 } else { 404 }, "{path}");
    }
}

/// Whoever makes a client from the description finds each call under a name of its own.
#[test]
fn every_call_has_a_name() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let described = driven.get("/openapi.json");
    let paths =
        described["paths"].as_object().unwrap().values().flat_map(|path| path.as_object().unwrap().values());
    let names: Vec<&str> = paths.map(|call| call["operationId"].as_str().unwrap()).collect();
    let apart: std::collections::HashSet<&str> = names.iter().copied().collect();
    for (path, calls) in described["paths"].as_object().unwrap() {
        let named =
            calls.as_object().unwrap().values().filter_map(|call| call["parameters"].as_array()).flatten();
        for parameter in named.filter(|parameter| parameter["in"] == "path") {
            assert!(
                path.contains(&format!("{{{}}}", parameter["name"].as_str().unwrap())),
                "{path}: {parameter}"
            );
        }
    }
    assert!(names.len() > 35 && apart.len() == names.len(), "{names:?}");
    assert_eq!(described["components"]["securitySchemes"]["password"]["scheme"], "basic");
}

/// A socket of the file system is its owner's alone, needs no password, and is gone at the end.
#[cfg(unix)]
#[test]
fn a_platform_is_driven_on_a_socket() {
    use std::os::unix::fs::PermissionsExt;
    use std::os::unix::net::UnixStream;
    let folder = tempdir().unwrap();
    let (data, socket) = (folder.path().join("data"), folder.path().join("control.sock"));
    drop(Sandbox::start(&data, &[]));
    let place = format!("unix:{}", socket.display());
    let sandbox = Sandbox::run("serve", &data, &["--control", &place]);
    assert!(sandbox.printed.contains(&place), "{}", sandbox.printed);
    assert_eq!(socket.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    let mut stream = UnixStream::connect(&socket).unwrap();
    stream.write_all(b"GET /healthz HTTP/1.1\r\nHost: control\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 200") && answer.ends_with("ok\n"), "{answer}");
    assert!(sandbox.signal("TERM").success());
    assert!(!socket.exists());
}

/// The command line orders faults and moves the clock of the running sandbox.
#[test]
fn a_sandbox_is_driven_by_hand() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let token = driven.sandbox.token();
    driven.sandbox.admin(&["fault", "order", "refuse=-68", "--number", "H-1", "--times", "2"]);
    driven.sandbox.admin(&["fault", "order", "lose-answer", "--token", "another"]);
    let listed = driven.sandbox.admin(&["fault", "list"]);
    assert!(listed.contains("refuse=-68") && listed.contains("lose-answer"), "{listed}");
    assert_eq!(driven.sandbox.code(&order(&token, "H-1")), -68);
    driven.sandbox.admin(&["fault", "clear"]);
    assert_eq!(driven.sandbox.code(&order(&token, "H-1")), 0);
    let before = driven.get("/clock")["ahead_ms"].as_i64().unwrap();
    driven.sandbox.admin(&["clock", "advance", "2d"]);
    assert!(driven.get("/clock")["ahead_ms"].as_i64().unwrap() > before + 86_400_000);
    assert!(driven.sandbox.admin(&["clock", "show"]).contains("ahead_ms"));
    driven.sandbox.admin(&["clock", "set", "2038-01-19T03:14:08Z"]);
    driven.sandbox.admin(&["clock", "reset"]);
    assert_eq!(driven.get("/clock")["ahead_ms"], 0);
    let wrong = crate::sandbox::admin(&driven.sandbox.path(""), &["fault", "order", "explode"]);
    assert!(!wrong.status.success() && String::from_utf8_lossy(&wrong.stderr).contains("push-cut"));
}

/// A push of the journal is repeated beside the queue.
#[test]
fn a_push_is_repeated() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    driven.sandbox.order(&order(&driven.sandbox.token(), "P-1"));
    driven.get("/wait?number=P-1&until=acknowledged&timeout=60");
    let entry = driven.get("/journal?kind=push")[0].clone();
    let replay = |id: &Value| driven.json("POST", &format!("/journal/{id}/replay"), "");
    let (status, repeated) = replay(&entry["id"]);
    assert_eq!((status, &repeated["acknowledged"]), (200, &json!(true)), "{repeated}");
    assert_eq!(driven.get("/inbox?number=P-1").as_array().unwrap().len(), 2);
    assert_eq!(driven.get("/orders/P-1")["push"]["tries"], 1, "the queue knows nothing of it");
    driven.json("PATCH", "/inbox", r#"{"status": 500, "answer": "down"}"#);
    let (_, repeated) = replay(&entry["id"]);
    assert_eq!((&repeated["acknowledged"], &repeated["answer"]["status"]), (&json!(false), &json!(500)));
    assert_eq!(driven.get("/orders/P-1")["push"]["state"], "acknowledged");
    assert_eq!(replay(&driven.get("/journal?kind=order")[0]["id"]).0, 409);
    assert_eq!(replay(&json!(999_999)).0, 404);
}

/// The journal has both sides of each exchange, and nothing that nobody may read.
#[test]
fn a_journal_is_kept() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::start(|_| reply(503, "busy"));
    let driven = Driven::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let token = driven.sandbox.token();
    driven.sandbox.order(&order(&token, "J-1"));
    let mut wrong = order(&token, "J-2");
    wrong["signerlist"][0]["signType"] = json!(9);
    driven.sandbox.order(&wrong);
    driven.get("/wait?number=J-1&until=pushed&timeout=60");
    let journal = driven.get("/journal");
    let text = journal.to_string();
    let of = |kind: &str, number: &str| {
        let found = journal.as_array().unwrap().iter();
        let mut found = found.filter(|entry| entry["kind"] == kind && entry["order_number"] == number);
        found.next_back().unwrap_or_else(|| panic!("{kind} {number}: {text}")).clone()
    };
    let push = of("push", "J-1");
    assert_eq!((&push["answer"]["status"], &push["answer"]["start"]), (&json!(503), &json!("busy")));
    assert!(
        push["error"].as_str().unwrap().contains("503") && push["request"]["bytes"].as_u64().unwrap() > 1000
    );
    let (taken, refused) = (of("order", "J-1"), of("order", "J-2"));
    assert_eq!((&taken["answer"]["status"], &taken["error"]), (&json!(200), &Value::Null));
    assert!(refused["error"].as_str().unwrap().starts_with("[-49]"), "{refused}");
    for secret in [token.as_str(), "11010519491231002X", "JVBERi", "shop=1"] {
        assert!(!text.contains(secret), "{secret} stands in the journal");
    }
    let pushes = driven.get("/journal?kind=push&number=J-1&limit=1");
    assert_eq!(pushes.as_array().unwrap().len(), 1);
    let (_, head, commands) = driven.ask("GET", "/journal?format=curl&limit=1000", "", "");
    let commands = String::from_utf8(commands).unwrap();
    assert!(head.contains("text/plain") && commands.contains("/push | curl"), "{commands}");
}

#[test]
fn figures_and_a_description_are_given() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    driven.sandbox.order(&order(&driven.sandbox.token(), "M-1"));
    driven.get("/wait?number=M-1&until=signed&timeout=60");
    assert_eq!(driven.ask("GET", "/healthz", "", "").2, b"ok\n");
    assert_eq!(driven.get("/readyz").as_array().unwrap().len(), 3);
    let figures = String::from_utf8(driven.ask("GET", "/metrics", "", "").2).unwrap();
    for line in [
        "wosigndoc_orders{state=\"signed\"} 1",
        "wosigndoc_pushes{state=\"pending\"} 1",
        "wosigndoc_certificate_days_left{certificate=\"listener\"} 39",
        "wosigndoc_order_seconds_count 1",
        "# EOF",
    ] {
        assert!(figures.contains(line), "{line}: {figures}");
    }
    let description = driven.get("/openapi.json");
    assert!(description["openapi"].as_str().unwrap().starts_with("3.1"));
    for path in ["/wait", "/clock", "/orders/{signid}/document", "/tokens/{tokenid}"] {
        assert!(description["paths"][path].is_object(), "{path}");
    }
}

/// A page of another site, open in a browser on this machine, drives nothing.
#[test]
fn web_pages_are_kept_out() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let port = driven.address.split(':').nth(1).unwrap();
    for head in [
        "Origin: https://shop.example\r\n".to_owned(),
        "Origin: null\r\n".to_owned(),
        format!("Host: shop.example:{port}\r\n"),
        "Host: 127.0.0.1:1\r\n".to_owned(),
        format!("Host: localhost:{port}\r\nHost: shop.example:{port}\r\n"),
    ] {
        let (status, _, body) = driven.ask("POST", "/reset", &head, "");
        assert_eq!(status, 403, "{head}: {}", String::from_utf8_lossy(&body));
    }
    assert_eq!(driven.ask("POST", "/reset", &format!("Origin: http://localhost:{port}\r\n"), "").0, 204);
    // It has no password, so it listens for this machine alone.
    let refused = crate::sandbox::admin(&folder.path().join("other"), &["dev", "--control=0.0.0.0:0"]);
    assert!(!refused.status.success());
    assert!(String::from_utf8_lossy(&refused.stderr).contains("loopback"), "{refused:?}");
}
