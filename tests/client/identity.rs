//! Identities as people have them: PEM and PKCS#12 by openssl and Java, good ones and all the ways of
//! being wrong. `tests/fixtures/identity/make.sh` made the files.

use std::path::PathBuf;

use serde_json::{Value, json};
use wosigndoc::client::{Client, Config, CreateOptions, Identity};
use wosigndoc::protocol::{Error, Reason};

const CHINESE: &str = "密码口令";

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/identity").join(name)
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

fn configured(identity: Value) -> Result<Client, Error> {
    let config = json!({"endpoint": "https://localhost/", "tokenid": "T", "identity": identity,
        "roots": {"ca_file": path("chain.pem")}});
    Client::new(Config::from_json(config.to_string().as_bytes())?)
}

/// Covers P-3: every archive that openssl or Java writes is opened, with its own passphrase only.
#[test]
fn opens_pkcs12() {
    let mut matrix: Vec<(String, &str)> = Vec::new();
    for (tag, passphrase) in [("plain", "secret"), ("empty", ""), ("chinese", CHINESE)] {
        for leaf in ["rsa", "p256"] {
            for form in ["legacy", "aes", "aes-nomac"] {
                matrix.push((format!("{leaf}-{form}-{tag}.p12"), passphrase));
            }
        }
    }
    let others = [
        "p256-legacy-nomac",
        "p384-aes-plain",
        "ed25519-aes-plain",
        "p256-chain",
        "p256-des3",
        "p256-among-others",
        "p256-pbmac1",
        "java-ec",
        "java-rs",
    ];
    matrix.extend(others.map(|name| (format!("{name}.p12"), "secret")));
    for (name, passphrase) in matrix {
        let bytes = read(&name);
        Identity::from_pkcs12(&bytes, passphrase).unwrap_or_else(|error| panic!("{name}: {error}"));
        let error = Identity::from_pkcs12(&bytes, "wrong").expect_err(&name);
        assert_eq!(error.reason(), Reason::IdentityPassphrase, "{name}");
    }
    Identity::from_pkcs12(&read("p256-clear.p12"), "anything").unwrap();
}

/// Covers P-3: every key form in PEM, in a file of its own or beside the certificate.
#[test]
fn opens_pem() {
    for (certificate, key, passphrase) in [
        ("rsa", "rsa.key", None),
        ("rsa", "rsa-pkcs1.key", None),
        ("rsa", "rsa-aes256.key", Some("secret")),
        ("rsa", "rsa-aes128-sha1.key", Some("secret")),
        ("rsa", "rsa-des3.key", Some("secret")),
        ("p256", "p256.key", None),
        ("p256", "p256.key", Some("not needed")),
        ("p256", "p256-sec1.key", None),
        ("p256", "p256-scrypt.key", Some("secret")),
        ("p256", "p256-chinese.key", Some(CHINESE)),
        ("p384", "p384.key", None),
        ("ed25519", "ed25519.key", None),
    ] {
        let (certificate, key) = (read(&format!("{certificate}.pem")), read(key));
        let together = [certificate.as_slice(), &key].concat();
        for (certificate, key) in [(certificate.as_slice(), key.as_slice()), (&together, b"")] {
            Identity::from_pem(certificate, key, passphrase).unwrap_or_else(|error| {
                panic!("{error}: {}", String::from_utf8_lossy(key));
            });
        }
    }
}

/// Covers P-3: the certificate is the key's own, wherever it stands; its public key is what to register.
#[test]
fn finds_its_own_certificate_among_others() {
    let about = |identity| configured(identity).unwrap().about()["certificate"].clone();
    let expected = about(json!({"certificate_file": path("p256.pem"), "key_file": path("p256.key")}));
    assert_eq!(expected["issuer"], "CN=Test Issuing CA");
    assert_eq!(expected["spki_sha256"].as_str().unwrap().len(), 64);
    for name in ["p256-among-others.p12", "p256-chain.p12", "p256-legacy-plain.p12"] {
        assert_eq!(about(json!({"pkcs12_file": path(name), "passphrase": "secret"})), expected, "{name}");
    }
}

fn pem(certificate: &str, key: &str, passphrase: Option<&str>) -> Reason {
    let certificate = if certificate.is_empty() { Vec::new() } else { read(certificate) };
    let key = if key.is_empty() { Vec::new() } else { read(key) };
    Identity::from_pem(&certificate, &key, passphrase).expect_err("accepted").reason()
}

/// Covers P-3: each way of being wrong has its own reason.
#[test]
fn names_what_is_wrong() {
    use Reason as R;
    assert_eq!(pem("p256.pem", "rsa.key", None), R::IdentityMismatch);
    assert_eq!(pem("expired.pem", "p256.key", None), R::IdentityExpired);
    assert_eq!(pem("not-yet.pem", "p256.key", None), R::IdentityNotYetValid);
    assert_eq!(pem("rsa.pem", "rsa-aes256.key", None), R::IdentityPassphrase);
    assert_eq!(pem("rsa.pem", "rsa-aes256.key", Some("wrong")), R::IdentityPassphrase);
    assert_eq!(pem("p256.pem", "p256-scrypt.key", Some("wrong")), R::IdentityPassphrase);
    assert_eq!(pem("rsa.pem", "rsa-pbes1.key", Some("secret")), R::IdentityEncryption);
    assert_eq!(pem("rsa.pem", "rsa-dek.key", Some("secret")), R::IdentityEncryption);
    assert_eq!(pem("rsa.pem", "rsa-rounds.key", Some("secret")), R::IdentityEncryption);
    assert_eq!(pem("p256.pem", "", None), R::IdentityNoKey);
    assert_eq!(pem("", "p256.key", None), R::IdentityNoCertificate);
    assert_eq!(pem("p521.pem", "p521.key", None), R::IdentityKeyKind);
    assert_eq!(pem("rsa1024.pem", "rsa1024.key", None), R::IdentityKeyKind);
    let p12 =
        |name: &str, passphrase: &str| Identity::from_pkcs12(&read(name), passphrase).unwrap_err().reason();
    assert_eq!(p12("no-key.p12", "secret"), R::IdentityNoKey);
    assert_eq!(p12("no-certificate.p12", "secret"), R::IdentityNoCertificate);
    assert_eq!(p12("p521-aes-plain.p12", "secret"), R::IdentityKeyKind);
    assert_eq!(p12("p256-rc4.p12", "secret"), R::IdentityEncryption);
    assert_eq!(p12("p256-rounds.p12", "secret"), R::IdentityEncryption);
    // The advice is for the form that it is in.
    let advice = Identity::from_pkcs12(&read("p256-rc4.p12"), "secret").unwrap_err().entry().advice;
    assert!(advice.en.contains("openssl pkcs12 -legacy") && advice.zh.contains("openssl pkcs12 -legacy"));
    assert_eq!(p12("p256.pem", ""), R::IdentityNoKey);
    let garbage = |text: &[u8]| Identity::from_pem(text, b"", None).unwrap_err().reason();
    assert_eq!(
        garbage(b"-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----"),
        R::IdentityUnreadable
    );
    assert_eq!(
        garbage(b"-----BEGIN CERTIFICATE-----\nQUJD\n-----END CERTIFICATE-----"),
        R::IdentityUnreadable
    );
    assert_eq!(garbage(&read("p256-aes-plain.p12")), R::IdentityPassphrase);
}

/// A configuration's error names the setting at fault, and never shows a secret.
#[test]
fn names_the_setting_at_fault() {
    for (identity, field, reason) in [
        (
            json!({"pkcs12_file": path("p256-aes-plain.p12"), "passphrase": "top-secret"}),
            "identity.pkcs12_file",
            Reason::IdentityPassphrase,
        ),
        (json!({"pkcs12": "QUJD*"}), "identity.pkcs12", Reason::IdentityUnreadable),
        (json!({"pkcs12_file": path("none.p12")}), "identity.pkcs12_file", Reason::FileUnreadable),
        (
            json!({"certificate_file": path("p256.pem"), "key_file": path("rsa.key")}),
            "identity.key_file",
            Reason::IdentityMismatch,
        ),
        (
            json!({"certificate_file": path("expired.pem"), "key_file": path("p256.key")}),
            "identity.certificate_file",
            Reason::IdentityExpired,
        ),
        (
            json!({"certificate_file": path("rsa.pem"), "key_file": path("rsa-aes256.key"), "passphrase": "top-secret"}),
            "identity.key_file",
            Reason::IdentityPassphrase,
        ),
    ] {
        let error = configured(identity).unwrap_err();
        assert_eq!((error.field_path(), error.reason()), (Some(field), reason), "{error}");
        assert!(!error.to_json().to_string().contains("top-secret"));
    }
}

/// Every prefix and many mutations of an archive and of a PEM text: an error or an identity, never a panic.
#[test]
fn survives_damage() {
    for name in ["p256-aes-plain.p12", "p256-legacy-nomac.p12", "p256-clear.p12"] {
        let good = read(name);
        let mut seed = 1_u32;
        for at in 0..good.len() {
            // The cut and the changed byte differ from round to round, without randomness.
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let mut bad = good.clone();
            bad[at] ^= (seed >> 24) as u8 | 1;
            let _ = Identity::from_pkcs12(&bad, "secret");
            if at % 16 == 0 {
                assert!(Identity::from_pkcs12(&good[..at], "secret").is_err());
            }
        }
    }
    let good = [read("p256.pem"), read("p256.key")].concat();
    for at in 0..good.len() {
        let mut bad = good.clone();
        bad[at] ^= 1;
        let _ = Identity::from_pem(&bad, b"", None);
        let _ = Identity::from_pem(&good[..at], b"", None);
    }
}

/// Covers P-3: an identity out of an archive proves itself to a server, chain and all.
#[test]
fn connects_with_each_kind_of_key() {
    use crate::common::{Act, Server, World, order, taken};
    // The server trusts the root alone: the client must send the issuing CA's certificate.
    let server = Server::trusting(World::new(), &read("chain.pem"), Act::Answer(200, taken()));
    let chain = String::from_utf8(read("chain.pem")).unwrap();
    for (name, key) in
        [("rsa", "rsa.key"), ("p256", "p256-sec1.key"), ("p384", "p384.key"), ("ed25519", "ed25519.key")]
    {
        let certificate = String::from_utf8(read(&format!("{name}.pem"))).unwrap();
        let client = server.client(|config| {
            config["identity"] =
                json!({"certificate": format!("{certificate}{chain}"), "key_file": path(key)});
        });
        client
            .create_json(&order(), &CreateOptions::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
    for name in ["p256-chain.p12", "p256-among-others.p12"] {
        let client = server.client(|config| {
            config["identity"] = json!({"pkcs12_file": path(name), "passphrase": "secret"});
        });
        client
            .create_json(&order(), &CreateOptions::default())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}
