//! PushSignedDoc: what is pushed, when it counts as delivered, and that it comes again until then.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::json;
use tempfile::tempdir;

use crate::receiver::{Receiver, reply};
use crate::sandbox::{Sandbox, encode, order, pdf};

/// How long is waited for a push that should not come: several times its first pause.
const QUIET: Duration = Duration::from_secs(4);

/// Covers P-30, P-31, P-40: the signed document with its hash; acknowledged by `1`, it does not come again.
#[test]
fn pushes_the_signed_document_once() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let accepted = sandbox.order(&order(&sandbox.token(), "推送 1"));
    let push = receiver.next();
    assert!(push.head.starts_with("POST /push?shop=1 HTTP/1.1\r\n"), "{}", push.head);
    assert!(push.head.to_lowercase().contains("content-type: application/json; charset=utf-8"));
    assert_eq!((&push.body["status"], &push.body["errorcode"]), (&json!(1), &json!("0")));
    assert_eq!(push.number(), "推送 1");
    assert_eq!(push.body["extendData"]["signid"], accepted["signid"]);
    let document = push.document.unwrap();
    assert!(document.starts_with(b"%PDF-"));
    let signatures = document.windows(10).filter(|window| window == b"/ByteRange").count();
    assert_eq!(signatures, 2);
    sandbox.wait_for("推送 1", "push:         acknowledged after 1 try");
    assert!(receiver.soon(QUIET).is_none());
    // Unless a person wants it.
    sandbox.admin(&["order", "push-again", "推送 1"]);
    assert_eq!(receiver.next().number(), "推送 1");
}

/// Covers P-30, P-34, P-35: nothing but HTTP 200 with exactly `1` acknowledges; redirects are not followed.
#[test]
fn pushes_again_until_acknowledged() {
    let folder = tempdir().unwrap();
    let elsewhere = Receiver::acknowledging();
    let redirect = format!("HTTP/1.1 307 Moved\r\nLocation: {}\r\nContent-Length: 0\r\n\r\n", elsewhere.url);
    let answers =
        [reply(200, "success"), reply(500, "1"), redirect, String::new(), reply(200, "1\n"), reply(200, "1")];
    let (count, tries) = (AtomicUsize::new(0), answers.len());
    let receiver = Receiver::start(move |_| answers[count.fetch_add(1, Ordering::SeqCst).min(5)].clone());
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    sandbox.order(&order(&sandbox.token(), "AGAIN"));
    let first = receiver.next();
    for _ in 1..tries {
        let push = receiver.next();
        assert_eq!((push.body, push.document), (first.body.clone(), first.document.clone()));
    }
    sandbox.wait_for("AGAIN", "push:         acknowledged after 6 tries");
    assert!(elsewhere.soon(Duration::from_millis(100)).is_none());
    let log = sandbox.log();
    for cause in ["did not answer 1: success", "HTTP 500", "HTTP 307", "redirects are not followed"] {
        assert!(log.contains(cause), "{cause} in {log}");
    }
}

/// Covers P-32, P-18: an order that fails is pushed with its code, until acknowledged; its number is free then.
#[test]
fn pushes_a_failed_order() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let body = order(&sandbox.token(), "FAILS");
    let signid = sandbox.order(&body)["signid"].as_str().unwrap().to_owned();
    sandbox.wait_for("FAILS", "state:        signed");
    assert!(sandbox.signal("TERM").success());
    // As if the disk had lost the document between acceptance and signing.
    std::fs::write(data.join("documents/orders").join(&signid).join("filebase"), "%PDF-1.7 nothing").unwrap();
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    database
        .execute_batch("DELETE FROM pushes; UPDATE orders SET state = 'accepted', sha256 = NULL")
        .unwrap();
    drop(database);
    let count = AtomicUsize::new(0);
    let receiver = Receiver::start(move |_| {
        reply(200, if count.fetch_add(1, Ordering::SeqCst) == 0 { "0" } else { "1" })
    });
    let sandbox = Sandbox::start(&data, &["--callback", &receiver.url]);
    for _ in 0..2 {
        let push = receiver.next();
        assert_eq!((&push.body["status"], &push.body["errorcode"]), (&json!(0), &json!("-79")));
        assert_eq!(push.body["extendData"], json!({"signid": signid, "ordernumber": "FAILS"}));
    }
    sandbox.wait_for("FAILS", "push:         acknowledged after 2 tries");
    assert!(sandbox.admin(&["order", "show", "FAILS"]).contains("failure:      [-79]"));
    assert_eq!(sandbox.code(&body), 0);
    assert_eq!(receiver.next().body["status"], 1);
}

/// Covers P-34: pushes survive the process; those of a token without a callback wait for one.
#[test]
fn keeps_pushes_until_there_is_a_callback() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    sandbox.order(&order(&sandbox.token(), "WAITS"));
    sandbox.wait_for("WAITS", "push:         pending after 0 tries");
    assert!(sandbox.signal("KILL").code().is_none());
    let sandbox = Sandbox::start(&data, &[]);
    let receiver = Receiver::acknowledging();
    // While the platform is running.
    sandbox.admin(&["token", "callback", &sandbox.token(), &receiver.url]);
    assert_eq!(receiver.next().number(), "WAITS");
}

/// Covers P-34: a try ends after 15 s in which no byte moved, and a receiver that hangs keeps nobody else's
/// pushes back.
#[test]
fn a_receiver_that_hangs_holds_up_nobody() {
    let folder = tempdir().unwrap();
    let hung = Arc::new(AtomicUsize::new(0));
    let counted = Arc::clone(&hung);
    let slow = Receiver::start(move |_| {
        if counted.fetch_add(1, Ordering::SeqCst) < 6 {
            std::thread::sleep(Duration::from_secs(120));
        }
        reply(200, "1")
    });
    let quick = Receiver::acknowledging();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--callback", &slow.url]);
    let certificate = sandbox.path("client.pem");
    let certificate = certificate.to_str().unwrap();
    let added = sandbox.admin(&["token", "add", "--certificate", certificate, "--balance", "9"]);
    sandbox.admin(&["token", "callback", added.trim(), &quick.url]);
    for at in 0..6 {
        assert_eq!(sandbox.code(&order(&sandbox.token(), &format!("HANGS-{at}"))), 0);
    }
    assert_eq!(sandbox.code(&order(added.trim(), "QUICK")), 0);
    assert_eq!(quick.next().number(), "QUICK");
    // The first tries are given up for want of movement; later ones get through.
    let mut delivered: Vec<_> = (0..6).map(|_| slow.next().number()).collect();
    delivered.sort();
    delivered.dedup();
    assert_eq!(delivered.len(), 6);
    assert!(sandbox.log().contains("no byte moved for 1"));
}

/// Covers P-36: a callback's certificate is verified; a CA file can be added.
#[test]
fn verifies_the_callbacks_certificate() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    // Another platform is an https server with a CA of its own; it answers JSON, never `1`.
    let other = Sandbox::start(&folder.path().join("other"), &[]);
    let url = format!("https://localhost:{}/", other.port);
    let sandbox = Sandbox::start(&data, &["--callback", &url]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "TLS")), 0);
    sandbox.wait_for("TLS", "UnknownIssuer");
    assert!(sandbox.signal("TERM").success());
    let ca = other.path("ca.pem");
    let sandbox = Sandbox::start(&data, &["--callback", &url, "--callback-ca", ca.to_str().unwrap()]);
    sandbox.wait_for("TLS", "the receiver did not answer 1");
}

/// Covers P-33, P-36: the platform shows its certificate to a callback that asks for one, and delivers over
/// mutual TLS; without it such a callback lets nobody in.
#[test]
fn pushes_over_mutual_tls() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    // One CA for both ends; the platform's own would do as well.
    let ca = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = params.self_signed(&ca).unwrap();
    let issuer = rcgen::Issuer::from_params(&params, &ca);
    let issue = |names: &[&str]| {
        let key = rcgen::KeyPair::generate().unwrap();
        let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
        let certificate = rcgen::CertificateParams::new(names).unwrap().signed_by(&key, &issuer).unwrap();
        (certificate.pem(), key.serialize_pem())
    };
    let receiver = Receiver::mutual(&authority.pem(), &issue(&["localhost"]));
    let (certificate, key) = issue(&["platform.example"]);
    let file = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path.to_str().unwrap().to_owned()
    };
    let (ca, identity) = (file("ca.pem", &authority.pem()), file("identity.pem", &(certificate + &key)));
    let more = ["--callback", &receiver.url, "--callback-ca", &ca];
    let sandbox = Sandbox::start(&data, &more);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "MUTUAL")), 0);
    // What is wrong the receiver says in an alert, unless it has hung up before the push is out.
    sandbox.wait_for("MUTUAL", "last error:");
    assert!(sandbox.signal("TERM").success());
    let more = [&more[..], &["--callback-identity", &identity]].concat();
    let sandbox = Sandbox::start(&data, &more);
    assert_eq!(receiver.next().number(), "MUTUAL");
    sandbox.wait_for("MUTUAL", "push:         acknowledged");
}

/// Covers P-34: a clock that is set back keeps no push waiting for longer than an hour.
#[test]
fn a_clock_set_back_keeps_no_push_waiting() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "CLOCK")), 0);
    sandbox.wait_for("CLOCK", "push:         pending after 0 tries");
    assert!(sandbox.signal("TERM").success());
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    // As a clock that ran a day fast would have left it.
    database.execute("UPDATE pushes SET next_try = next_try + 86400000", []).unwrap();
    drop(database);
    let receiver = Receiver::acknowledging();
    let _sandbox = Sandbox::start(&data, &["--callback", &receiver.url]);
    assert_eq!(receiver.next().number(), "CLOCK");
}

/// Covers P-34: a receiver that reads slowly gets its document, though the last of it lies in buffers for more than
/// 15 s.
#[test]
fn a_slow_receiver_gets_its_document() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::slow(100_000);
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned();
    let bulk = "x".repeat(1_800_000);
    let document = pdf(&[
        "<< /Type /Catalog /Pages 2 0 R >>".to_owned(),
        "<< /Type /Pages /Kids [3 0 R 4 0 R] /Count 2 >>".to_owned(),
        page.clone(),
        page,
        format!("<< /Length {} >>\nstream\n{bulk}\nendstream", bulk.len()),
    ]);
    let mut body = order(&sandbox.token(), "SLOW");
    body["filebase"] = json!(encode(&document));
    assert_eq!(sandbox.code(&body), 0);
    assert!(receiver.next().hash_holds());
    sandbox.wait_for("SLOW", "push:         acknowledged after 1 try");
}

/// Covers P-36: plain http elsewhere than to a loopback address ends with the setting that allowed it.
#[test]
fn plain_http_ends_with_its_setting() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let receiver = Receiver::acknowledging();
    // No loopback address by its look, and yet this machine.
    let url = receiver.url.replace("127.0.0.1", "0.0.0.0");
    let sandbox = Sandbox::start(&data, &["--callback", &url, "--http-callbacks"]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "ALLOWED")), 0);
    assert_eq!(receiver.next().number(), "ALLOWED");
    assert!(sandbox.signal("TERM").success());
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(sandbox.code(&order(&sandbox.token(), "FORBIDDEN")), 0);
    sandbox.wait_for("FORBIDDEN", "last error:   plain http");
    assert!(receiver.soon(Duration::from_millis(100)).is_none());
}
