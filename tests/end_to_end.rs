//! The library against the real platform, over real TLS: orders out, signed documents back.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "support/paper.rs"]
mod paper;
#[path = "support/platform.rs"]
mod platform;
#[path = "support/skip.rs"]
mod skip;

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use platform::{PATIENCE, Platform, callback};
use serde_json::{Value, json};
use wosigndoc::client::{Client, Config, Created};
use wosigndoc::protocol::{DocumentSource, Kind, Reason, Result, SignOrder, Signer};
use wosigndoc::push::{self, Options, Received, Receiver, Sink};
use wosigndoc::verify::{self, Report, Verdict};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn file(name: &str) -> DocumentSource {
    DocumentSource::Path(Path::new(ROOT).join("examples").join(name))
}

fn organisation() -> Signer {
    Signer::organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
        .materials(file("material.png"), file("material.png"))
}

fn person(name: &str, number: &str) -> Signer {
    Signer::person(name, number).materials(file("material.png"), file("material.png"))
}

fn li_ming() -> Signer {
    person("李明", "11010519491231002X")
}

fn client(configuration: &Value) -> Result<Client> {
    Client::new(Config::from_json(configuration.to_string().as_bytes())?)
}

/// Verifies a file by the platform's root.
fn verified(path: &Path, platform: &Platform, password: &str) -> Report {
    let options = json!({"path": path, "password": password, "roots": {"ca_file": platform.path("ca.pem")}});
    let options = verify::Options::from_json(options.to_string().as_bytes()).unwrap();
    verify::verify(options.document(b"").unwrap(), &options)
}

/// A platform, its client, and what it pushes: each body received as a file beside the platform's own.
struct Story {
    platform: Platform,
    client: Client,
    bodies: std::sync::mpsc::Receiver<Vec<u8>>,
}

impl Story {
    fn begin() -> Story {
        let (url, bodies) = callback(|_| "1");
        let platform = Platform::start(&url);
        let client = client(&platform.client_json()).unwrap();
        Story { platform, client, bodies }
    }

    /// Sends an order and receives its document as a file, fed in pieces as a web server would.
    fn sign(&self, order: &SignOrder) -> (Created, Received) {
        let created = self.client.create(order).unwrap();
        let body = self.bodies.recv_timeout(PATIENCE).expect("no push came");
        let target = self.platform.path(&format!("{}.pdf", created.order_number));
        let options = json!({"path": target, "expect": {"ordernumber": created.order_number}});
        let options = Options::from_json(options.to_string().as_bytes()).unwrap();
        let sink = options.sink(None);
        let mut receiver = Receiver::open(options, sink).unwrap();
        for piece in body.chunks(16 * 1024) {
            receiver.feed(piece).unwrap();
        }
        (created, receiver.finish().unwrap())
    }

    /// Checks the signatures of a received file, by the library and by three other programs.
    fn check(&self, received: &Received, password: &str, signatures: usize) {
        let path = received.path.as_ref().unwrap();
        let report = verified(path, &self.platform, password);
        assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.reasons);
        assert_eq!(report.signatures.len(), signatures);
        let checked = Command::new(Path::new(ROOT).join("scripts/check-pdf"))
            .args([path, &self.platform.path("ca.pem"), &PathBuf::from(password)])
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&checked.stdout).into_owned();
        if checked.status.code() == Some(2) {
            let why = String::from_utf8_lossy(&checked.stderr);
            return skip::skip(&format!("signatures not checked: {}", why.trim_end()));
        }
        assert!(checked.status.success(), "{said}{}", String::from_utf8_lossy(&checked.stderr));
        assert!(said.contains(&format!(" {signatures} signatures intact")), "{said}");
    }
}

/// Covers P-2, P-3, P-5, P-11, P-14, P-20, P-30, P-31, P-36, P-40: the contract of the examples goes out, two
/// parties sign at three places, and it comes back whole.
#[test]
fn a_contract_is_signed_and_comes_back() {
    let story = Story::begin();
    let order = SignOrder::new("E2E-1")
        .document(file("contract.pdf"), "pdf")
        .subject("软件开发服务合同")
        .signer(organisation().sign_at(3, 0.62, 0.32, 0.82, 0.4614).sign_at(4, 0.17, 0.60, 0.37, 0.7414))
        .signer(li_ming().sign_at(4, 0.56, 0.62, 0.70, 0.719));
    let (created, received) = story.sign(&order);
    assert_eq!((created.attempts, created.accepted_before, created.warnings.len()), (1, false, 0));
    assert_eq!(received.signid, created.signid);
    assert_eq!(received.ordernumber.as_deref(), Some("E2E-1"));
    let original = std::fs::read(Path::new(ROOT).join("examples/contract.pdf")).unwrap();
    let signed = std::fs::read(received.path.as_ref().unwrap()).unwrap();
    assert!(signed.starts_with(&original), "the contract's own bytes stay as they are");
    story.check(&received, "", 3);
}

/// Covers P-33: another platform's contract has a right hash, and is not taken all the same.
#[test]
fn a_contract_of_another_platform() {
    let (ours, theirs) = (Story::begin(), Story::begin());
    let order = SignOrder::new("E2E-V").template("sandbox-contract").signer(organisation()).signer(li_ming());
    theirs.client.create(&order).unwrap();
    let body = theirs.bodies.recv_timeout(PATIENCE).expect("no push came");
    let wire = json!({"signerlist": [
        {"signType": 1, "orgName": "云杉软件（示例）有限公司"}, {"signType": 2, "userName": "李明"}]});
    let receive = |platform: &Platform, order: &Value| {
        let roots = json!({"ca_file": platform.path("ca.pem")});
        let options = json!({"verify": {"roots": roots, "order": order}}).to_string();
        push::receive(&body, Options::from_json(options.as_bytes()).unwrap(), Sink::Owned)
    };
    assert_eq!(receive(&ours.platform, &wire).unwrap_err().reason(), Reason::DocumentUntrusted);
    assert_eq!(receive(&theirs.platform, &wire).unwrap().report.unwrap().verdict, Verdict::Valid);
    let other = json!({"signerlist": [{"signType": 2, "userName": "王芳"}]});
    assert_eq!(receive(&theirs.platform, &other).unwrap_err().reason(), Reason::DocumentUntrusted);
}

/// Covers P-14, P-15, P-40: three signers at five places, in the document's own example's spelling.
#[test]
fn three_signers_at_five_places() {
    let story = Story::begin();
    let order = SignOrder::new("E2E-5")
        .document(DocumentSource::Bytes(paper::pdf(3, "").into()), ".PDF")
        .signer(organisation().sign_at(1, 0.1, 0.1, 0.3, 0.25).sign_at(3, 0.1, 0.1, 0.3, 0.25))
        .signer(li_ming().sign_at(3, 0.4, 0.1, 0.5, 0.17))
        .signer(
            person("王芳", "440524188001010014")
                .sign_at(2, 0.6, 0.1, 0.7, 0.17)
                .sign_at(3, 0.6, 0.1, 0.7, 0.17),
        );
    let (_, received) = story.sign(&order);
    story.check(&received, "", 5);
}

/// Covers P-14: a page that is rotated and cropped.
#[test]
fn a_rotated_page() {
    let story = Story::begin();
    let rotated = paper::pdf(2, "/Rotate 90/CropBox[20.5 30.25 575.29998779 800]");
    let order = SignOrder::new("E2E-R")
        .document(DocumentSource::Bytes(rotated.into()), "pdf")
        .signer(organisation().sign_at(1, 0.6, 0.1, 0.8, 0.3))
        .signer(li_ming().sign_at(2, 0.1, 0.7, 0.2, 0.85));
    let (_, received) = story.sign(&order);
    story.check(&received, "", 2);
}

/// Covers P-40: a password of Chinese characters opens the signed document, and nothing else does.
#[test]
fn a_document_with_a_password() {
    let story = Story::begin();
    let order = SignOrder::new("E2E-P")
        .document(file("contract.pdf"), "pdf")
        .password("合同 密码-1")
        .signer(organisation().sign_at(4, 0.17, 0.60, 0.37, 0.7414));
    let (_, received) = story.sign(&order);
    story.check(&received, "合同 密码-1", 1);
    let signed = std::fs::read(received.path.as_ref().unwrap()).unwrap();
    assert!(signed.windows(8).any(|window| window == b"/Encrypt"));
}

/// Covers P-11, P-13: a template brings document, subject and places.
#[test]
fn a_template() {
    let story = Story::begin();
    let order = SignOrder::new("E2E-T").template("sandbox-contract").signer(organisation()).signer(li_ming());
    let (_, received) = story.sign(&order);
    story.check(&received, "", 3);
}

/// Covers P-30, P-31, P-33: what is not acknowledged is pushed again; a push that was changed, or is another
/// order's, is refused and leaves nothing behind.
#[test]
fn a_push_is_repeated_until_it_is_acknowledged() {
    let tries = std::sync::atomic::AtomicU32::new(0);
    let (url, bodies) = callback(move |_| match tries.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
        0 => "success",
        1 => "",
        _ => "1",
    });
    let platform = Platform::start(&url);
    let order = SignOrder::new("E2E-A").template("sandbox-contract").signer(organisation()).signer(li_ming());
    client(&platform.client_json()).unwrap().create(&order).unwrap();
    let pushed: Vec<Vec<u8>> = (0..3).map(|_| bodies.recv_timeout(PATIENCE).expect("no push came")).collect();
    assert!(pushed.iter().all(|body| *body == pushed[0]), "every try brings the same");

    let target = platform.path("refused.pdf");
    let refused = |body: &[u8], expect: Value| {
        let options = json!({"expect": expect}).to_string();
        let options = Options::from_json(options.as_bytes()).unwrap();
        let outcome = push::receive(body, options, Sink::File(target.clone()));
        let left: Vec<_> = std::fs::read_dir(target.parent().unwrap())
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .filter(|name| name.contains("refused"))
            .collect();
        assert_eq!(left, [""; 0], "nothing is left behind");
        outcome.unwrap_err()
    };
    let mut changed = pushed[0].clone();
    let at = changed.windows(11).position(|window| window == b"\"content\":\"").unwrap() + 2011;
    changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
    assert_eq!(refused(&changed, json!({})).kind(), Kind::Integrity);
    assert_eq!(refused(&pushed[0], json!({"ordernumber": "E2E-B"})).kind(), Kind::Untrusted);
    assert_eq!(refused(&pushed[0][..pushed[0].len() / 2], json!({})).reason(), Reason::PushCut);
}

/// Covers P-32: a document that is no PDF fails after it was accepted, or is refused at once; either way the
/// caller hears of it.
#[test]
fn a_document_that_cannot_be_signed() {
    let story = Story::begin();
    let order = SignOrder::new("E2E-X")
        .document(DocumentSource::Bytes(b"this is no PDF".as_slice().into()), "pdf")
        .signer(organisation().sign_at(1, 0.1, 0.1, 0.3, 0.25));
    match story.client.create(&order) {
        Err(error) => assert_eq!((error.kind(), error.code()), (Kind::Platform, Some(-79))),
        Ok(_) => {
            let body = story.bodies.recv_timeout(PATIENCE).expect("no push came");
            let received = push::receive(&body, Options::from_json(b"").unwrap(), Sink::Owned).unwrap();
            assert_eq!((received.signed, received.errorcodes), (false, vec![-79]));
        }
    }
}

/// Covers P-1, P-3, P-18, P-23: every kind of failure that sending can have, each as its own.
#[test]
fn failures_of_sending() {
    let story = Story::begin();
    let good = story.platform.client_json();
    let order = |number: &str| {
        SignOrder::new(number).template("sandbox-contract").signer(organisation()).signer(li_ming())
    };
    let failure = |setting: &str, value: Value| {
        let mut changed = good.clone();
        *changed.pointer_mut(setting).unwrap_or_else(|| panic!("no {setting}")) = value;
        client(&changed).and_then(|client| client.create(&order("E2E-F"))).unwrap_err()
    };

    let endpoint = good["endpoint"].as_str().unwrap();
    let plain = failure("/endpoint", json!(endpoint.replace("https", "http")));
    assert_eq!((plain.kind(), plain.reason()), (Kind::Argument, Reason::EndpointNotHttps));

    let unknown_token = failure("/tokenid", json!("nobody"));
    assert_eq!((unknown_token.kind(), unknown_token.code()), (Kind::Platform, Some(-65)));

    let untrusted = failure("/roots", json!({"system": true}));
    assert_eq!((untrusted.kind(), untrusted.reason()), (Kind::Tls, Reason::ServerUntrusted));

    // A port that was free a moment ago.
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let refused = failure("/endpoint", json!(format!("https://{closed}/")));
    assert_eq!((refused.kind(), refused.may_have_arrived()), (Kind::Transport, false));

    // A listener that takes connections and says nothing.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut slow = good.clone();
    slow["endpoint"] = json!(format!("https://{}/", silent.local_addr().unwrap()));
    slow["timeouts"] = json!({"connect_ms": 300, "total_ms": 600});
    let timeout = client(&slow).unwrap().create(&order("E2E-F")).unwrap_err();
    assert_eq!(timeout.kind(), Kind::Timeout);

    let mut missing = order("E2E-F");
    missing.filebase = Some(file("no-such.pdf"));
    missing.fileformat = Some("pdf".into());
    let unreadable = story.client.create(&missing).unwrap_err();
    assert_eq!((unreadable.kind(), unreadable.field_path()), (Kind::Io, Some("filebase")));

    let empty = story.client.create(&SignOrder::new("")).unwrap_err();
    assert_eq!(empty.kind(), Kind::InvalidOrder);
    let codes: Vec<i32> = empty.violations().iter().map(|violation| violation.code.number()).collect();
    assert_eq!(codes, [-55, -48, -79]);

    let no_template = order("E2E-F").template("no-such");
    let refused = story.client.create(&no_template).unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (Kind::Platform, Some(-43)));

    // The same number twice: the second is refused, for no answer was lost.
    story.client.create(&order("E2E-F")).unwrap();
    let again = story.client.create(&order("E2E-F")).unwrap_err();
    assert!(matches!(again.code(), Some(-46 | -47)), "{again}");
}

/// Covers P-3: a certificate whose key is not the registered one is refused with -80, not with a bare alert.
#[test]
fn another_certificate() {
    let (ours, theirs) = (Story::begin(), Story::begin());
    let mut mixed = ours.platform.client_json();
    mixed["identity"] = theirs.platform.client_json()["identity"].clone();
    let order = SignOrder::new("E2E-C").template("sandbox-contract").signer(organisation()).signer(li_ming());
    let refused = client(&mixed).unwrap().create(&order).unwrap_err();
    assert_eq!((refused.kind(), refused.code()), (Kind::Platform, Some(-80)));
}
