//! Each code of the catalogue, brought about by what really causes it: no fault is ordered.

use std::path::Path;

use rcgen::{CertificateParams, KeyPair};
use serde_json::{Value, json};
use tempfile::{TempDir, tempdir};
use time::{Duration, OffsetDateTime};
use wosigndoc::protocol::Code;

use crate::control::Driven;
use crate::kit::change;
use crate::sandbox::{PICTURE, code, encode, exchange, order, pdf, request};

/// A platform, and the orders that it is sent.
struct Scene {
    driven: Driven,
    folder: TempDir,
}

/// What brings about a code: a field of an order that is right otherwise, or more than that. Each leaves the platform as it
/// was, and returns the answer.
enum Cause {
    Field(&'static str, Value),
    Missing(&'static str),
    State(fn(&Scene) -> Value),
}
use Cause::{Field, Missing, State};

type Causes = Vec<(&'static str, Cause)>;

/// The table. Every code can be had of this platform: none is left out, and a new one does not compile without its row.
fn causes(code: Code) -> Causes {
    let empty = |pointer| {
        vec![("it is empty", Field(pointer, json!(""))), ("blanks alone", Field(pointer, json!(" ")))]
    };
    match code {
        Code::NoTemplate => vec![("a template that nobody made", Field("/tempid", json!("nothing")))],
        Code::AlreadySigned => vec![("the same order once more", State(signed_already))],
        Code::BeingSigned => vec![("the same order while it is signed", State(being_signed))],
        Code::SignerCount => signer_count(),
        Code::SignerType => signer_type(),
        Code::LicenceMismatch => vec![("the company has another name by now", State(renamed_company))],
        Code::OrgNameEmpty => empty("/signerlist/0/orgName"),
        Code::OrgNoEmpty => empty("/signerlist/0/orgNo"),
        Code::UserNameEmpty => empty("/signerlist/1/userName"),
        Code::UserNoEmpty => empty("/signerlist/1/userNo"),
        Code::OrderNumberEmpty => empty("/orderNumber"),
        Code::SuffixEmpty => vec![
            ("it is empty", Field("/fileformat", json!(""))),
            ("a dot alone", Field("/fileformat", json!("."))),
        ],
        Code::MaterialEmpty => material_empty(),
        Code::Dangerous => dangerous(),
        Code::MalformedJson => vec![
            ("JSON that is cut", State(|scene| scene.raw(b"{\"tokenid\":"))),
            ("text in GBK", State(in_gbk)),
        ],
        Code::UnknownAction => {
            vec![("an action that the protocol lacks", Field("/actiontype", json!("QueryOrder")))]
        }
        Code::NoToken => vec![("a token that nobody has", Field("/tokenid", json!("nobody")))],
        Code::TokenDisabled => vec![("the token is disabled", State(disabled_token))],
        Code::NoBalance => vec![("the balance is used up", State(no_balance))],
        Code::PlatformInternal => platform_internal(),
        Code::WrongParameter => wrong_parameter(),
        Code::WrongCertificate => wrong_certificate(),
        Code::Incomplete => incomplete(),
    }
}

/// Covers P-18, P-20: every code has a cause, and the answer says what the catalogue says of it.
#[test]
fn every_code_has_a_cause() {
    let scene = Scene::start();
    for code in Code::ALL {
        let causes = causes(*code);
        assert!(!causes.is_empty(), "nothing causes {code:?}");
        for (what, cause) in causes {
            let answer = scene.meet(cause);
            assert_eq!(self::code(&answer), i64::from(code.number()), "{what}: {answer}");
            let words = code.entry().message;
            let says = |name: &str, words: &str| answer[name].as_str().unwrap().starts_with(words);
            assert!(says("message", &words.en) && says("message_zh", &words.zh), "{what}: {answer}");
        }
    }
    // Nothing is left of it all.
    assert_eq!(scene.driven.sandbox.code(&scene.order("RIGHT")), 0);
}

impl Scene {
    fn start() -> Scene {
        let folder = tempdir().unwrap();
        Scene { driven: Driven::start(&folder.path().join("data"), &[]), folder }
    }

    fn order(&self, number: &str) -> Value {
        order(&self.driven.sandbox.token(), number)
    }

    fn send(&self, order: &Value) -> Value {
        self.driven.sandbox.order(order)
    }

    fn raw(&self, body: &[u8]) -> Value {
        self.driven.sandbox.post(body, "application/json").1
    }

    /// Sends an order over a connection that shows NAME.pem, or no certificate.
    fn send_as(&self, identity: Option<&Path>) -> Value {
        let body = self.order("CERTIFICATE").to_string();
        let sent = request("POST", "/", "application/json", body.as_bytes());
        exchange(self.driven.sandbox.connect_as(identity), &sent).unwrap().1
    }

    /// Changes the sandbox's token for one order.
    fn with_token(&self, before: &[&str], after: &[&str]) -> Value {
        let token = self.driven.sandbox.token();
        let change = |words: &[&str]| {
            let (command, rest) = words.split_first().unwrap();
            self.driven.sandbox.admin(&[&["token", *command, token.as_str()], rest].concat())
        };
        change(before);
        let answer = self.send(&self.order("TOKEN"));
        change(after);
        answer
    }

    /// Sends an order while a folder of the platform is gone; then it is taken.
    fn without_folder(&self, name: &str) -> Value {
        let (place, aside) = (self.driven.sandbox.path(name), self.driven.sandbox.path("aside"));
        std::fs::rename(&place, &aside).unwrap();
        // Nobody makes a folder where a file is.
        std::fs::write(&place, "").unwrap();
        let order = self.order(&format!("DISK {name}"));
        let answer = self.send(&order);
        std::fs::remove_file(&place).unwrap();
        std::fs::rename(&aside, &place).unwrap();
        assert!(Code::PlatformInternal.entry().retry && self.driven.sandbox.code(&order) == 0);
        answer
    }

    fn meet(&self, cause: Cause) -> Value {
        let mut order = self.order("CAUSE");
        match cause {
            Field(field, value) => change(&mut order, field, Some(&value)),
            Missing(field) => change(&mut order, field, None),
            State(state) => return state(self),
        }
        self.send(&order)
    }
}

fn signed_already(scene: &Scene) -> Value {
    let order = scene.order("SIGNED");
    assert_eq!(code(&scene.send(&order)), 0);
    scene.driven.get("/wait?number=SIGNED&until=signed&timeout=300");
    scene.send(&order)
}

/// On a platform of its own, which is not waited for: so many signatures take a while.
fn being_signed(_: &Scene) -> Value {
    let scene = Scene::start();
    let mut order = scene.order("LONG");
    order["signerlist"][0]["signlist"] =
        vec![json!({"pagenumber": 1, "position": "0.1,0.1,0.3,0.2"}); 600].into();
    assert_eq!(code(&scene.send(&order)), 0);
    scene.send(&scene.order("LONG"))
}

fn signer_count() -> Causes {
    vec![
        ("nobody signs", Field("/signerlist", json!([]))),
        (
            "far too many",
            State(|scene| {
                let mut order = scene.order("MANY");
                order["signerlist"] = vec![order["signerlist"][0].clone(); 201].into();
                scene.send(&order)
            }),
        ),
        (
            "fewer than the template has",
            State(|scene| {
                let mut order = scene.order("FEW");
                order["tempid"] = json!("sandbox-contract");
                order["signerlist"].as_array_mut().unwrap().pop();
                scene.send(&order)
            }),
        ),
    ]
}

fn signer_type() -> Causes {
    vec![
        ("a third kind", Field("/signerlist/0/signType", json!(3))),
        (
            "another kind than the template has",
            State(|scene| {
                let mut order = scene.order("KIND");
                order["tempid"] = json!("sandbox-contract");
                order["signerlist"].as_array_mut().unwrap().reverse();
                scene.send(&order)
            }),
        ),
    ]
}

fn material_empty() -> Causes {
    vec![
        ("no scan", Field("/signerlist/0/pic", json!(""))),
        ("no other material", Field("/signerlist/1/otherpic", json!(""))),
    ]
}

fn platform_internal() -> Causes {
    vec![
        ("no place for what comes in", State(|scene| scene.without_folder("documents/incoming"))),
        ("no place for what is accepted", State(|scene| scene.without_folder("documents/orders"))),
    ]
}

fn incomplete() -> Causes {
    vec![
        ("no number", Missing("/orderNumber")),
        ("no identity number", Missing("/signerlist/1/userNo")),
        ("no position", Missing("/signerlist/0/signlist/0/position")),
        ("null is as good as missing", Field("/signerlist/0/pic", Value::Null)),
    ]
}

fn renamed_company(scene: &Scene) -> Value {
    let number = "91350100M000100Y43";
    scene.driven.sandbox.admin(&["registry", "add", number, "另一家公司"]);
    let answer = scene.send(&scene.order("RENAMED"));
    scene.driven.sandbox.admin(&["registry", "remove", number]);
    answer
}

fn dangerous() -> Causes {
    let pages = [
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    let script = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>";
    let document = pdf(&[script, pages[0], pages[1]].map(str::to_owned));
    let picture = |bytes: &[u8]| json!(encode(bytes));
    vec![
        ("a script behind a picture", Field("/signerlist/0/pic", picture(&[PICTURE, b"<?php x"].concat()))),
        ("a picture that is cut", Field("/signerlist/0/otherpic", picture(&PICTURE[..PICTURE.len() / 2]))),
        ("a seal that is no picture", Field("/signerlist/1/stampbase", picture(b"GIF89a"))),
        ("a document that runs a script", Field("/filebase", picture(&document))),
        ("a program for a document", Field("/filebase", picture(b"MZ\x90\x00"))),
    ]
}

fn in_gbk(scene: &Scene) -> Value {
    let text = scene.order("GBK").to_string();
    let (before, after) = text.split_once("租赁合同").unwrap();
    // 合同
    scene.raw(&[before.as_bytes(), b"\xba\xcf\xcd\xac", after.as_bytes()].concat())
}

fn disabled_token(scene: &Scene) -> Value {
    scene.with_token(&["disable"], &["enable"])
}

fn no_balance(scene: &Scene) -> Value {
    scene.with_token(&["balance", "0"], &["balance", "1000"])
}

fn wrong_parameter() -> Causes {
    let certified: &[u8] = include_bytes!("../fixtures/final.pdf");
    vec![
        ("a seal outside the page", Field("/signerlist/0/signlist/0/position", json!("0.9,0.5,1.1,0.6"))),
        ("a seal without width", Field("/signerlist/0/signlist/0/position", json!("0.5,0.5,0.5,0.6"))),
        ("a page that is not there", Field("/signerlist/1/signlist/0/pagenumber", json!(3))),
        ("nowhere to sign", Field("/signerlist/0/signlist", json!([]))),
        ("neither document nor template", Field("/filebase", json!(""))),
        ("a document of another kind", Field("/fileformat", json!("docx"))),
        ("a document that is no PDF", Field("/filebase", json!(encode(b"PK\x03\x04")))),
        ("a document that may not change any more", Field("/filebase", json!(encode(certified)))),
        ("no base64", Field("/filebase", json!("%%%%"))),
        ("a name that no font has", Field("/signerlist/1/userName", json!("李\u{20bb7}"))),
        ("a number beyond all measure", Field("/orderNumber", json!("9".repeat(257)))),
        ("a password that PDF cannot hold", Field("/password", json!("9".repeat(128)))),
        ("a country in words", Field("/signerlist/0/country", json!("China"))),
    ]
}

fn wrong_certificate() -> Causes {
    vec![
        ("no certificate", State(|scene| scene.send_as(None))),
        (
            "a certificate of another key",
            State(|scene| {
                let other = scene.folder.path().join("other");
                crate::transport::stranger(&other);
                scene.send_as(Some(&other))
            }),
        ),
        ("a certificate that has expired", State(expired_certificate)),
    ]
}

/// Covers P-3: a certificate that is good for a day, the day after tomorrow; set back, the clock lets it in.
fn expired_certificate(scene: &Scene) -> Value {
    let (sandbox, name) = (&scene.driven.sandbox, scene.folder.path().join("short"));
    let tomorrow = OffsetDateTime::now_utc() + Duration::days(1);
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.not_after = tomorrow;
    std::fs::write(name.with_extension("pem"), params.self_signed(&key).unwrap().pem()).unwrap();
    std::fs::write(name.with_extension("key"), key.serialize_pem()).unwrap();
    let register = |certificate: &Path| {
        sandbox.admin(&["token", "key", &sandbox.token(), certificate.to_str().unwrap()]);
    };
    register(&name.with_extension("pem"));
    scene.driven.move_clock(&json!({"advance": "2d"}));
    let answer = scene.send_as(Some(&name));
    let day = tomorrow.date().to_string();
    assert!(
        ["message", "message_zh"].iter().all(|name| answer[name].as_str().unwrap().contains(&day)),
        "{answer}"
    );
    scene.driven.move_clock(&json!({"reset": true}));
    assert_eq!(code(&scene.send_as(Some(&name))), 0);
    register(&sandbox.path("client.pem"));
    answer
}
