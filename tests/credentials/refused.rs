//! What cannot be used, and what is said of it.

use serde_json::json;
use wosigndoc::client::{Client, Config};
use wosigndoc::credentials::{Given, certificates};
use wosigndoc::protocol::Reason;

use super::desk::Desk;
use super::{SIGNS, configuration, fault, used};

/// Covers P-3: what cannot be read is called by its name, with the setting and the command that converts it.
#[test]
fn names_what_is_something_else() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("pkey -in one.key -pubout -out public.pem");
    desk.openssl("pkey -in one.key -pubout -outform DER -out public.der");
    desk.openssl("req -in one.csr -outform DER -out one.csr.der");
    desk.openssl("ca -config ca.cnf -cert ca.pem -keyfile ca.key -gencrl -crldays 9 -out list.crl");
    desk.openssl("crl -in list.crl -outform DER -out list.crl.der");
    desk.openssl("pkcs12 -export -inkey one.key -in one.pem -passout pass:secret -out one.p12");
    desk.write("store.jks", b"\xfe\xed\xfe\xed\0\0\0\x02\0\0\0\x01");
    desk.write(
        "openssh",
        b"-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXktdjEA\n-----END OPENSSH PRIVATE KEY-----\n",
    );
    desk.write("id.pub", b"ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI me@host\n");
    desk.write("key.ppk", b"PuTTY-User-Key-File-3: ssh-ed25519\n");
    desk.write("page", b"<!DOCTYPE html><html></html>");
    desk.write("empty", b" \r\n");
    desk.write("ber", &[0x30, 0x80, 2, 1, 3, 0, 0]);
    desk.write("dashes", desk.text("one.pem").replace("-----", "\u{2014}\u{2014}").as_bytes());
    let cases = [
        ("one.csr", "certificate request", "that the CA issued"),
        ("one.csr.der", "certificate request", "that the CA issued"),
        ("list.crl", "revocation list", "the certificate itself"),
        ("list.crl.der", "revocation list", "the certificate itself"),
        ("public.pem", "public key", "the certificate, or the private key"),
        ("public.der", "public key", "the certificate, or the private key"),
        ("id.pub", "public key", "the certificate, or the private key"),
        ("store.jks", "Java keystore", "keytool -importkeystore"),
        ("openssh", "OpenSSH", "ssh-keygen -p -m PKCS8"),
        ("key.ppk", "PuTTY", "puttygen"),
        ("page", "HTML", "download"),
        ("empty", "it is empty", "write the file again"),
        ("ber", "indefinite lengths", "openssl pkcs12 -in FILE"),
        ("dashes", "neither PEM nor DER", "-----BEGIN"),
    ];
    for (file, words, advice) in cases {
        for (identity, field) in [
            (json!({"certificate_file": desk.path(file)}), "identity.certificate_file"),
            (
                json!({"certificate_file": desk.path(file), "key_file": desk.path("one.key")}),
                "identity.certificate_file",
            ),
            (
                json!({"certificate_file": desk.path("one.pem"), "key_file": desk.path(file)}),
                "identity.key_file",
            ),
            (json!({"pkcs12_file": desk.path(file)}), "identity.pkcs12_file"),
        ] {
            let error = fault(&desk, &identity);
            assert_eq!(error.field_path(), Some(field), "{file}: {error}");
            assert!(error.message().en.contains(words), "{file}: {error}");
            assert!(error.entry().advice.en.contains(advice), "{file}: {:?}", error.entry().advice);
        }
        let mut config =
            configuration(&desk, &json!({"certificate": desk.text("one.pem"), "key": desk.text("one.key")}));
        config["roots"]["ca_file"] = json!(desk.path(file));
        let error = Client::new(Config::from_json(config.to_string().as_bytes()).unwrap()).unwrap_err();
        assert_eq!((error.reason(), error.field_path()), (Reason::RootsUnreadable, Some("roots.ca_file")));
        let words = if file == "openssh" { "private key" } else { words };
        assert!(error.message().en.contains(words), "{file}: {error}");
    }
    let archive = desk.read("one.p12");
    let error = certificates(Given { bytes: &archive, setting: "roots.ca_file" }).unwrap_err();
    assert!(error.message().en.contains("PKCS#12") && error.entry().advice.en.contains("-nokeys"), "{error}");
    let key = desk.read("one.key");
    let error = certificates(Given { bytes: &key, setting: "roots.ca_file" }).unwrap_err();
    assert!(error.message().en.contains("private key"), "{error}");
}

/// Covers P-3: damage is laid to the file and the block that have it.
#[test]
fn names_the_damaged_block() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    let (pem, ca) = (desk.text("one.pem"), desk.text("ca.pem"));
    let cut = |text: &str| {
        let at = text.len() / 2;
        format!("{}{}", &text[..at], &text[text.find("-----END").unwrap()..])
    };
    let mutations: [&dyn Fn(&str) -> String; 3] =
        [&cut, &|text| text.replace("-----END", "----END"), &|text| text.replacen("MII", "!!!", 1)];
    for mutate in mutations {
        desk.write("bad.pem", format!("{ca}{}", mutate(&pem)).as_bytes());
        let identity = json!({"certificate_file": desk.path("bad.pem"), "key_file": desk.path("one.key")});
        let error = fault(&desk, &identity);
        assert_eq!(error.reason(), Reason::IdentityUnreadable, "{error}");
        assert_eq!(error.field_path(), Some("identity.certificate_file"));
        assert!(error.message().en.contains("PEM block 2 (CERTIFICATE)"), "{error}");
        assert!(error.message().zh.contains("第 2 个 PEM 块（CERTIFICATE）"), "{error}");
        let bytes = desk.read("bad.pem");
        let error = certificates(Given { bytes: &bytes, setting: "roots.ca_file" }).unwrap_err();
        assert_eq!((error.reason(), error.field_path()), (Reason::RootsUnreadable, Some("roots.ca_file")));
        assert!(error.message().en.contains("PEM block 2 (CERTIFICATE)"), "{error}");
    }
    desk.write("bad.key", cut(&desk.text("one.key")).as_bytes());
    let identity = json!({"certificate_file": desk.path("one.pem"), "key_file": desk.path("bad.key")});
    let error = fault(&desk, &identity);
    assert_eq!(error.field_path(), Some("identity.key_file"));
    assert!(error.message().en.contains("PEM block 1 (PRIVATE KEY)"), "{error}");
    desk.openssl("x509 -in one.pem -outform DER -out one.der");
    let der = desk.read("one.der");
    desk.write("bad.der", &der[..der.len() / 2]);
    let identity = json!({"certificate_file": desk.path("bad.der"), "key_file": desk.path("one.key")});
    assert_eq!(fault(&desk, &identity).field_path(), Some("identity.certificate_file"));
}

/// Covers P-3: a key that TLS cannot sign with is named, with the real limits.
#[test]
fn names_the_kind_of_a_key() {
    let Some(desk) = Desk::new() else { return };
    let ec = "EC -pkeyopt ec_paramgen_curve";
    for (options, kind) in [
        ("RSA -pkeyopt rsa_keygen_bits:2050".to_owned(), "RSA, 2050 bits, e = 65537"),
        // Of four primes it is made several times sooner than of two.
        (
            "RSA -pkeyopt rsa_keygen_bits:4104 -pkeyopt rsa_keygen_primes:4".to_owned(),
            "RSA, 4104 bits, e = 65537",
        ),
        ("RSA -pkeyopt rsa_keygen_bits:1024".to_owned(), "RSA, 1024 bits, e = 65537"),
        (
            "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3".to_owned(),
            "RSA, 2048 bits, e = 3",
        ),
        ("RSA-PSS -pkeyopt rsa_keygen_bits:2048".to_owned(), "RSASSA-PSS"),
        (format!("{ec}:P-521"), "EC P-521"),
        (format!("{ec}:secp256k1"), "EC secp256k1"),
        (format!("{ec}:brainpoolP256r1"), "EC brainpool"),
        (format!("{ec}:SM2"), "SM2"),
        ("ED448".to_owned(), "Ed448"),
    ] {
        desk.openssl(&format!("genpkey -algorithm {options} -out odd.key"));
        desk.issue("odd", "odd", "ca", SIGNS, (-1, 400));
        let identity = json!({"certificate_file": desk.path("odd.pem"), "key_file": desk.path("odd.key")});
        let error = fault(&desk, &identity);
        assert_eq!(
            (error.reason(), error.field_path()),
            (Reason::IdentityKeyKind, Some("identity.key_file"))
        );
        for message in [error.message().en, error.message().zh] {
            assert!(message.contains(kind), "{kind}: {message}");
        }
        let advice = error.entry().advice;
        for limit in ["2048", "3072", "4096", "65537", "P-256", "P-384", "Ed25519"] {
            assert!(advice.en.contains(limit) && advice.zh.contains(limit), "{advice:?}");
        }
    }
    // The same key in its older forms.
    desk.openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521 -out odd.key");
    desk.issue("odd", "odd", "ca", SIGNS, (-1, 400));
    desk.openssl("ec -in odd.key -out sec1.key");
    let identity = json!({"certificate_file": desk.path("odd.pem"), "key_file": desk.path("sec1.key")});
    assert!(fault(&desk, &identity).message().en.contains("EC P-521"));
    desk.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 -out good.key");
    desk.issue("good", "good", "ca", SIGNS, (-1, 400));
    let identity = json!({"certificate_file": desk.path("good.pem"), "key_file": desk.path("good.key")});
    assert_eq!(used(&desk, &identity).0, "CN=good");
}

/// Covers P-3: a curve that is written out is named as such, with the command that names it again.
#[test]
fn names_explicit_parameters() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    desk.openssl("ecparam -genkey -noout -name prime256v1 -param_enc explicit -out sec1.key");
    desk.openssl("pkcs8 -topk8 -nocrypt -in sec1.key -out pkcs8.key");
    for key in ["sec1.key", "pkcs8.key"] {
        let identity = json!({"certificate_file": desk.path("one.pem"), "key_file": desk.path(key)});
        let error = fault(&desk, &identity);
        assert_eq!(error.reason(), Reason::IdentityKeyKind);
        assert!(error.message().zh.contains("EC, explicit parameters"), "{error}");
        assert!(error.entry().advice.en.contains("-param_enc named_curve"), "{error}");
    }
}

/// A folder in place of a file is called one, and a passphrase that came with its line end is told.
#[test]
fn names_what_slipped_in() {
    let Some(desk) = Desk::new() else { return };
    desk.client("one", "ca");
    std::fs::create_dir(desk.path("folder")).unwrap();
    desk.write("large", &vec![b'-'; 1024 * 1024 + 1]);
    for (file, en, zh) in
        [("folder", "it is a folder", "是目录"), ("large", "larger than 1 MiB", "超过 1 MiB")]
    {
        let error =
            fault(&desk, &json!({"certificate_file": desk.path("one.pem"), "key_file": desk.path(file)}));
        assert_eq!((error.reason(), error.field_path()), (Reason::FileUnreadable, Some("identity.key_file")));
        assert!(error.message().en.contains(en) && error.message().zh.contains(zh), "{error}");
    }
    desk.openssl("pkcs12 -export -inkey one.key -in one.pem -passout pass:secret -out one.p12");
    for (passphrase, told) in [("secret\n", true), ("secret ", true), ("wrong", false)] {
        let identity = json!({"pkcs12_file": desk.path("one.p12"), "passphrase": passphrase});
        let error = fault(&desk, &identity);
        assert_eq!(error.reason(), Reason::IdentityPassphrase);
        assert_eq!(error.message().en.contains("ends in a line end or a blank"), told, "{error}");
    }
}
