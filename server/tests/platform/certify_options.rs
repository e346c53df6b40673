//! `certify-callback` beside its cases: how it reaches a site, what it needs to be told, and what it cannot do.

use serde_json::Value;
use tempfile::tempdir;

use crate::certify::{certify, prepared};
use crate::sandbox::Sandbox;
use crate::site::{ONE, start};

/// Covers P-36: the callback's certificate is verified as the queue verifies it; a CA file can be added.
#[test]
fn verifies_the_certificate_of_a_callback() {
    let folder = tempdir().unwrap();
    // A platform is an https server with a CA of its own; it answers JSON, never `1`.
    let other = Sandbox::start(&folder.path().join("other"), &[]);
    let url = format!("https://localhost:{}/", other.port);
    let (code, _, said) = certify(folder.path(), &["--only", "plain", &url]);
    assert!(code == Some(3) && said.contains("UnknownIssuer"), "{said}");
    let ca = other.path("ca.pem");
    let words = ["--only", "plain", "--callback-ca", ca.to_str().unwrap(), &url];
    let (code, said, _) = certify(folder.path(), &words);
    assert!(code == Some(1) && said.contains("did not answer 1"), "{said}");
}

/// What cannot be done says why, and gives 3.
#[test]
fn what_cannot_be_certified_says_why() {
    let (folder, _) = prepared();
    let closed = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        format!("http://{}/push", listener.local_addr().unwrap())
    };
    for (words, says) in [
        (&[&*closed][..], "cannot be reached"),
        (&["http://shop.example/push"], "https"),
        (&["shop.example"], "is not a URL"),
        (&[], "URL"),
        (&[&closed, "--only", "plane"], "there is no case plane; there are plain, "),
        (&[&closed, "--number-prefix", "a b"], "--number-prefix"),
        (&[&closed, "--stored", "no-such-folder"], "no-such-folder"),
        (&[&closed, "--stored", ".", "--stored-command", "true"], "cannot be used with"),
    ] {
        let (code, _, said) = certify(folder.path(), words);
        assert_eq!(code, Some(3), "{words:?}: {said}");
        assert!(said.contains(says), "{words:?}: {said}");
    }
    let url = start(|_| ONE);
    let (code, _, said) = certify(folder.path(), &["--stored-command", "no-such-command", &url]);
    assert!(code == Some(3) && said.contains("no-such-command"), "{said}");
}

/// The orders are told beforehand, the same for the same prefix, and the CA stays.
#[test]
fn tells_what_the_site_must_know() {
    let (folder, _) = prepared();
    let list = || certify(folder.path(), &["--prepare", "--json", "--number-prefix", "TRY-1-"]).1;
    let ca = || std::fs::read(folder.path().join("ca.pem")).unwrap();
    let (told, first): (Value, _) = (serde_json::from_str(&list()).unwrap(), ca());
    let orders = told["orders"].as_array().unwrap();
    assert!(orders.len() > 40, "{told}");
    let has = |number: &str| orders.iter().any(|order| order["number"] == number);
    assert!(has("TRY-1-plain") && has("TRY-1-eight-at-once-8") && has("TRY-1-chinese-合同"), "{told}");
    assert_eq!((serde_json::from_str::<Value>(&list()).unwrap(), ca()), (told, first));
}
