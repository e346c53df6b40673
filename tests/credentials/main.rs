//! Certificates and keys in the forms that people have them in, made by openssl: what is read, what is chosen among
//! several. What is said of the rest is in `refused.rs`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic

#[path = "../support/desk.rs"]
mod desk;
mod refused;
#[path = "../support/tools.rs"]
mod tools;

use base64::Engine;
use desk::Desk;
use serde_json::{Value, json};
use wosigndoc::client::{Client, Config, preflight};
use wosigndoc::credentials::{Credentials, Given, Purpose, certificates, public_key};
use wosigndoc::protocol::{Error, Reason};

const SIGNS: &str = "keyUsage=critical,digitalSignature,nonRepudiation\nextendedKeyUsage=clientAuth";
const ENCRYPTS: &str = "keyUsage=critical,keyEncipherment,dataEncipherment,keyAgreement";

fn configuration(desk: &Desk, identity: &Value) -> Value {
    json!({"endpoint": "https://127.0.0.1:9/", "tokenid": "T", "identity": identity,
        "roots": {"ca_file": desk.path("ca.pem")}})
}

fn load(desk: &Desk, identity: &Value) -> Result<Client, Error> {
    let text = configuration(desk, identity).to_string();
    Client::new(Config::from_json(text.as_bytes())?)
}

/// Returns the subject of the certificate that is used, and the words of the warnings.
fn used(desk: &Desk, identity: &Value) -> (String, Vec<String>) {
    let about = load(desk, identity).unwrap_or_else(|error| panic!("{identity}: {error}")).about();
    let warnings = about["warnings"].as_array().unwrap();
    let words = warnings.iter().map(|one| one["warning"].as_str().unwrap().to_owned()).collect();
    (about["certificate"]["subject"].as_str().unwrap().to_owned(), words)
}

/// Returns the error of an identity, after a look at its two languages.
fn fault(desk: &Desk, identity: &Value) -> Error {
    let error = load(desk, identity).expect_err(&identity.to_string());
    let message = error.message();
    assert!(!message.en.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{error}");
    assert!(message.zh.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)), "{error}");
    error
}

/// Covers P-3: of a Chinese CA's pair the signing certificate is used, in PEM and in a keystore, in either order.
#[test]
fn takes_the_signing_certificate_of_a_pair() {
    let Some(desk) = Desk::new() else { return };
    desk.key("sign");
    desk.key("encrypt");
    desk.issue("sign", "sign", "ca", SIGNS, (-1, 100));
    // Valid longer: that does not make it the right one.
    desk.issue("encrypt", "encrypt", "ca", ENCRYPTS, (-1, 800));
    for order in [["sign", "encrypt"], ["encrypt", "sign"]] {
        let files = order.map(|name| [format!("{name}.pem"), format!("{name}.key")]).concat();
        let files: Vec<&str> = files.iter().map(String::as_str).collect();
        desk.write("both.pem", &desk.join(&files));
        let identity = json!({"certificate_file": desk.path("both.pem")});
        assert_eq!(used(&desk, &identity), ("CN=sign".to_owned(), vec![]));
    }
    // A keystore with both: openssl writes one key alone, Java both.
    for (name, alias) in [("encrypt", "a"), ("sign", "b")] {
        let export =
            format!("pkcs12 -export -inkey {name}.key -in {name}.pem -name {alias} -passout pass:secret");
        desk.openssl(&format!("{export} -out {name}.p12"));
        let mut import = tools::tool("keytool");
        import.args(["-importkeystore", "-noprompt", "-srckeystore"]).arg(desk.path(&format!("{name}.p12")));
        import.args(["-srcstorepass", "secret", "-deststoretype", "PKCS12", "-deststorepass", "secret"]);
        let Some(output) = tools::run(import.arg("-destkeystore").arg(desk.path("both.pfx"))) else { return };
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    }
    let keystore = json!({"pkcs12_file": desk.path("both.pfx"), "passphrase": "secret"});
    assert_eq!(used(&desk, &keystore), ("CN=sign".to_owned(), vec![]));
}

/// Covers P-3: the encryption certificate alone is used, with a warning when it is loaded and in the preflight.
#[test]
fn warns_of_an_encryption_certificate() {
    let Some(desk) = Desk::new() else { return };
    desk.key("encrypt");
    for (extensions, word) in [
        (ENCRYPTS, "identity_key_usage"),
        ("keyUsage=keyEncipherment", "identity_key_usage"),
        ("extendedKeyUsage=serverAuth", "identity_purpose"),
    ] {
        desk.issue("encrypt", "encrypt", "ca", extensions, (-1, 800));
        let identity =
            json!({"certificate_file": desk.path("encrypt.pem"), "key_file": desk.path("encrypt.key")});
        assert_eq!(used(&desk, &identity), ("CN=encrypt".to_owned(), vec![word.to_owned()]));
        let report = preflight(configuration(&desk, &identity).to_string().as_bytes(), None);
        let checks = report["checks"].as_array().unwrap();
        assert!(
            checks.iter().any(|check| check["check"] == "identity" && check["level"] == "warning"),
            "{report:#}"
        );
    }
    // What names no uses has every use.
    desk.issue("encrypt", "encrypt", "ca", "basicConstraints=CA:FALSE", (-1, 800));
    let identity =
        json!({"certificate_file": desk.path("encrypt.pem"), "key_file": desk.path("encrypt.key")});
    assert_eq!(used(&desk, &identity).1, Vec::<String>::new());
}

/// Covers P-3: two keys that fit are told with both their names; one that has expired is no rival.
#[test]
fn names_both_of_two_keys() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.key("two");
    desk.issue("two", "two", "ca", SIGNS, (-1, 200));
    desk.write("both.pem", &desk.join(&["two.pem", "two.key", "one.key", "one.pem"]));
    let identity = json!({"certificate_file": desk.path("both.pem")});
    assert_eq!(used(&desk, &identity), ("CN=one".to_owned(), vec!["identity_ambiguous".to_owned()]));
    let about = load(&desk, &identity).unwrap().about();
    for language in ["message", "message_zh"] {
        let said = about["warnings"][0][language].as_str().unwrap();
        assert!(said.contains("CN=one") && said.contains("CN=two"), "{said}");
    }
    desk.client("three", "ca");
    desk.write(
        "three.all",
        &desk.join(&["two.pem", "two.key", "one.key", "one.pem", "three.pem", "three.key"]),
    );
    let about = load(&desk, &json!({"certificate_file": desk.path("three.all")})).unwrap().about();
    let said = about["warnings"][0]["message"].as_str().unwrap();
    assert!(said.contains("3 keys") && said.contains("CN=two") && said.contains("CN=three"), "{said}");
    desk.issue("two", "two", "ca", SIGNS, (-9, -2));
    desk.write("both.pem", &desk.join(&["two.pem", "two.key", "one.key", "one.pem"]));
    assert_eq!(used(&desk, &identity), ("CN=one".to_owned(), vec![]));
}

/// Covers P-3: DER that an editor or a console took for a text is read all the same.
#[test]
fn reads_der_among_what_editors_add() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("x509 -in one.pem -outform DER -out one.der");
    desk.openssl("pkey -in one.key -outform DER -out key.der");
    desk.openssl("pkcs12 -export -inkey one.key -in one.pem -passout pass:secret -out one.p12");
    for (before, behind) in [("\u{feff}", ""), ("", "\n"), ("\u{feff}", " \r\n")] {
        for file in ["one.der", "key.der", "one.p12"] {
            let bytes = [before.as_bytes(), &desk.read(file), behind.as_bytes()].concat();
            desk.write(&format!("edited.{file}"), &bytes);
        }
        for identity in [
            json!({"certificate_file": desk.path("edited.one.der"), "key_file": desk.path("edited.key.der")}),
            json!({"pkcs12_file": desk.path("edited.one.p12"), "passphrase": "secret"}),
        ] {
            assert_eq!(used(&desk, &identity).0, "CN=one", "{before:?} {behind:?}");
        }
    }
}

/// Covers P-3: a renewed certificate that is not valid yet waits beside the one that is.
#[test]
fn takes_what_is_valid_now() {
    let Some(desk) = Desk::new() else { return };
    desk.key("k");
    desk.issue("now", "k", "ca", SIGNS, (-100, 20));
    desk.issue("renewed", "k", "ca", SIGNS, (2, 400));
    desk.issue("old", "k", "ca", SIGNS, (-400, -3));
    desk.write("all.pem", &desk.join(&["renewed.pem", "now.pem", "old.pem", "k.key"]));
    let identity = json!({"certificate_file": desk.path("all.pem")});
    assert_eq!(used(&desk, &identity).0, "CN=now");
    desk.write("none.pem", &desk.join(&["renewed.pem", "old.pem", "k.key"]));
    let error = fault(&desk, &json!({"certificate_file": desk.path("none.pem")}));
    assert_eq!(error.reason(), Reason::IdentityNotYetValid);
    // An expired signing certificate is not replaced by the encryption certificate.
    desk.key("e");
    desk.issue("encrypt", "e", "ca", ENCRYPTS, (-1, 800));
    desk.write("pair.pem", &desk.join(&["old.pem", "k.key", "encrypt.pem", "e.key"]));
    let error = fault(&desk, &json!({"certificate_file": desk.path("pair.pem")}));
    assert_eq!(error.reason(), Reason::IdentityExpired);
    // A renewed certificate of the same key, whose CA names client authentication no more, is better than an expired one.
    desk.issue("new", "k", "ca", "extendedKeyUsage=serverAuth", (-1, 800));
    desk.write("renewed.pem", &desk.join(&["old.pem", "new.pem", "k.key"]));
    let identity = json!({"certificate_file": desk.path("renewed.pem")});
    assert_eq!(used(&desk, &identity), ("CN=new".to_owned(), vec!["identity_purpose".to_owned()]));
}

/// Covers P-3: of two intermediates of one name the one that issued is sent, with and without key identifiers.
#[test]
fn sends_the_intermediate_that_issued() {
    let Some(desk) = Desk::new() else { return };
    for identifiers in ["subjectKeyIdentifier=hash", "subjectKeyIdentifier=none"] {
        let extensions = format!("basicConstraints=critical,CA:TRUE\n{identifiers}");
        for name in ["first", "second"] {
            desk.key(name);
            desk.openssl(&format!("req -new -key {name}.key -subj /CN=Issuing -out {name}.csr"));
            desk.sign(name, "ca", &extensions, (-1, 900));
        }
        desk.key("leaf");
        desk.issue("leaf", "leaf", "second", "extendedKeyUsage=clientAuth", (-1, 400));
        for order in [["first.pem", "second.pem"], ["second.pem", "first.pem"]] {
            let pem = desk.join(&["leaf.key", "leaf.pem", order[0], order[1], "ca.pem"]);
            let given = Given { bytes: &pem, setting: "x" };
            let read = Credentials::read(given, None, None, Purpose::Client).unwrap();
            let chain: Vec<Vec<u8>> = read.certified().cert.iter().map(|der| der.to_vec()).collect();
            desk.openssl("x509 -in second.pem -outform DER -out second.der");
            assert_eq!((chain.len(), &chain[1]), (2, &desk.read("second.der")), "{order:?}");
        }
    }
}

/// Covers P-3: what openssl adds to a trusted certificate is not sent.
#[test]
fn sends_a_trusted_certificate_alone() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("x509 -in one.pem -trustout -addtrust clientAuth -setalias mine -out trusted.pem");
    assert!(desk.text("trusted.pem").contains("BEGIN TRUSTED CERTIFICATE"));
    desk.openssl("x509 -in one.pem -outform DER -out one.der");
    let pem = desk.join(&["trusted.pem", "one.key"]);
    let given = Given { bytes: &pem, setting: "x" };
    let read = Credentials::read(given, None, None, Purpose::Client).unwrap();
    assert_eq!(read.certified().cert[0].to_vec(), desk.read("one.der"));
    let trusted = desk.read("trusted.pem");
    assert_eq!(certificates(Given { bytes: &trusted, setting: "x" }).unwrap(), [desk.read("one.der")]);
}

fn utf16(text: &str, mark: bool, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let mark = mark.then_some(0xfeff);
    mark.into_iter().chain(text.encode_utf16()).flat_map(order).collect()
}

/// Covers P-3: every form that a certificate, a key or a root comes in is read, whatever the file is called.
#[test]
fn reads_every_form() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("x509 -in one.pem -outform DER -out cert.der");
    desk.openssl("crl2pkcs7 -nocrl -certfile one.pem -certfile ca.pem -out cert.p7b");
    desk.openssl("crl2pkcs7 -nocrl -certfile one.pem -certfile ca.pem -outform DER -out cert.p7c");
    desk.openssl("pkey -in one.key -outform DER -out key.der");
    desk.openssl("ec -in one.key -outform DER -out key-sec1.der");
    desk.openssl("pkcs8 -topk8 -in one.key -outform DER -passout pass:secret -out key-encrypted.der");
    desk.openssl("pkcs12 -export -inkey one.key -in one.pem -passout pass:secret -out one.p12");
    let (pem, key) = (desk.text("one.pem"), desk.text("one.key"));
    let base64 = |name: &str| base64::engine::general_purpose::STANDARD.encode(desk.read(name)).into_bytes();
    let texts = |text: &str| -> Vec<Vec<u8>> {
        vec![
            text.replace('\n', "\r\n").into_bytes(),
            text.replace('\n', "\r").into_bytes(),
            format!("\u{feff}{text}").into_bytes(),
            text.replace('\n', "\\n").into_bytes(),
            text.replace('\n', "\\r\\n").into_bytes(),
            text.replace('\n', " ").into_bytes(),
            format!("\"{}\"", text.replace('\n', "\\n")).into_bytes(),
            [b"\xd6\xa4\xca\xe9\n", text.as_bytes()].concat(), // a line in GBK before it
            utf16(text, true, u16::to_le_bytes),
            utf16(text, true, u16::to_be_bytes),
            utf16(text, false, u16::to_le_bytes),
            utf16(text, false, u16::to_be_bytes),
        ]
    };
    let mut certificate_forms = texts(&pem);
    certificate_forms.extend(["cert.der", "cert.p7b", "cert.p7c", "one.p12"].map(|name| desk.read(name)));
    certificate_forms.push(base64("cert.der"));
    let mut key_forms = texts(&key);
    key_forms.extend(["key.der", "key-sec1.der", "key-encrypted.der", "one.p12"].map(|name| desk.read(name)));
    key_forms.push(base64("key.der"));
    for (index, form) in certificate_forms.iter().enumerate() {
        desk.write("form", form);
        let identity = json!({"certificate_file": desk.path("form"), "key_file": desk.path("one.key"), "passphrase": "secret"});
        assert_eq!(used(&desk, &identity).0, "CN=one", "certificate {index}");
    }
    for (index, form) in key_forms.iter().enumerate() {
        desk.write("form", form);
        let identity = json!({"certificate_file": desk.path("one.pem"), "key_file": desk.path("form"), "passphrase": "secret"});
        assert_eq!(used(&desk, &identity).0, "CN=one", "key {index}");
    }
    let both = [pem.as_bytes(), key.as_bytes()].concat();
    for form in [both.clone(), desk.read("one.p12"), base64("one.p12")] {
        desk.write("form", &form);
        for setting in ["pkcs12_file", "certificate_file"] {
            let identity = json!({setting: desk.path("form"), "passphrase": "secret"});
            assert_eq!(used(&desk, &identity).0, "CN=one", "{setting}");
        }
    }
    let mut roots = texts(&desk.text("ca.pem"));
    desk.openssl("x509 -in ca.pem -outform DER -out ca.der");
    roots.extend(["ca.der", "cert.p7b", "cert.p7c"].map(|name| desk.read(name)));
    for (index, form) in roots.iter().enumerate() {
        desk.write("form", form);
        let mut config = configuration(&desk, &json!({"certificate": pem, "key": key}));
        config["roots"]["ca_file"] = json!(desk.path("form"));
        let config = Config::from_json(config.to_string().as_bytes()).unwrap();
        Client::new(config).unwrap_or_else(|error| panic!("root {index}: {error}"));
    }
}

/// Covers P-3: what a platform registers is found in a certificate of any form and in a public key, and nowhere else.
#[test]
fn finds_the_public_key() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("pkey -in one.key -pubout -out public.pem");
    desk.openssl("pkey -in one.key -pubout -outform DER -out public.der");
    desk.openssl("x509 -in one.pem -outform DER -out one.der");
    for name in ["one.pem", "one.der", "public.pem", "public.der"] {
        let bytes = desk.read(name);
        assert_eq!(
            public_key(Given { bytes: &bytes, setting: "x" }).unwrap(),
            desk.read("public.der"),
            "{name}"
        );
    }
    for (name, words) in [("one.csr", "request"), ("one.key", "private key"), ("serial", "neither")] {
        let bytes = desk.read(name);
        let error = public_key(Given { bytes: &bytes, setting: "certificate" }).unwrap_err();
        assert_eq!(error.field_path(), Some("certificate"));
        assert!(error.message().en.contains(words), "{error}");
    }
}
