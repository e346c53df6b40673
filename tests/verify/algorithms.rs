//! Every algorithm, with keys and signatures made by OpenSSL.

use std::fs;
use std::path::Path;

use sm3::Digest;
use wosigndoc::verify::report::Integrity;
use wosigndoc::verify::{Options, Verdict, verify};

use crate::cms::{Form, SHA256, der};
use crate::paper::Paper;
use crate::tools::{run, tool};

/// A key, and how it signs.
struct Case {
    name: &'static str,
    /// Arguments of genpkey, of req and of pkeyutl.
    key: &'static [&'static str],
    request: &'static [&'static str],
    sign: &'static [&'static str],
    hash: &'static str,
    digest: &'static [u8],
    scheme: Vec<u8>,
}

const SHA1: &[u8] = b"\x2b\x0e\x03\x02\x1a";
const SHA384: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x02";
const SHA512: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x03";
const SHA3_256: &[u8] = b"\x60\x86\x48\x01\x65\x03\x04\x02\x08";
const SM3: &[u8] = b"\x2a\x81\x1c\xcf\x55\x01\x83\x11";
const RSA: &[u8] = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01";
/// By this name and by that of the curve alone, as one field document has it.
pub const SM2_SM3: &[u8] = b"\x2a\x81\x1c\xcf\x55\x01\x83\x75";
const SM2_ID: &str = "distid:1234567812345678";

fn named(oid: &[u8]) -> Vec<u8> {
    der(0x30, &[&der(6, &[oid])])
}

/// PSS with this hash, and a salt of this length.
fn pss(hash: &[u8], salt: u8) -> Vec<u8> {
    let mask = der(0x30, &[&der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x08"]), &named(hash)]);
    let parameters =
        der(0x30, &[&der(0xa0, &[&named(hash)]), &der(0xa1, &[&mask]), &der(0xa2, &[&der(2, &[&[salt]])])]);
    der(0x30, &[&der(6, &[b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0a"]), &parameters])
}

fn cases() -> Vec<Case> {
    let case =
        |name, key, hash, digest, scheme| Case { name, key, request: &[], sign: &[], hash, digest, scheme };
    const RSA_1024: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"];
    const RSA_512: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:512"];
    const RSA_2048: &[&str] = &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"];
    const RSA_EXPONENT: &[&str] =
        &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2041", "-pkeyopt", "rsa_keygen_pubexp:3"];
    const P256: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    const P384: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"];
    const P521: &[&str] = &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"];
    let sm2 = |name, scheme| Case {
        name,
        key: &["-algorithm", "SM2"],
        request: &["-sm3", "-sigopt", SM2_ID],
        sign: &["-pkeyopt", SM2_ID],
        hash: "sm3",
        digest: SM3,
        scheme,
    };
    vec![
        case("rsa", RSA_2048, "sha256", SHA256, named(RSA)),
        case("short rsa with sha1", RSA_1024, "sha1", SHA1, named(b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x05")),
        case("very short rsa", RSA_512, "sha1", SHA1, named(RSA)),
        case("rsa of odd length, exponent 3", RSA_EXPONENT, "sha512", SHA512, named(RSA)),
        case("rsa with sha3", RSA_2048, "sha3-256", SHA3_256, named(b"\x60\x86\x48\x01\x65\x03\x04\x03\x0e")),
        Case {
            sign: &["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:32"],
            ..case("pss", RSA_2048, "sha256", SHA256, pss(SHA256, 32))
        },
        Case {
            sign: &["-pkeyopt", "rsa_padding_mode:pss", "-pkeyopt", "rsa_pss_saltlen:7"],
            ..case("pss with a short salt", RSA_EXPONENT, "sha384", SHA384, pss(SHA384, 7))
        },
        case("p-256", P256, "sha256", SHA256, named(b"\x2a\x86\x48\xce\x3d\x04\x03\x02")),
        case("p-256 with a long hash", P256, "sha512", SHA512, named(b"\x2a\x86\x48\xce\x3d\x04\x03\x04")),
        case("p-384", P384, "sha384", SHA384, named(b"\x2a\x86\x48\xce\x3d\x04\x03\x03")),
        case("p-521", P521, "sha512", SHA512, named(b"\x2a\x86\x48\xce\x3d\x04\x03\x04")),
        case("p-521 with a short hash", P521, "sha1", SHA1, named(b"\x2a\x86\x48\xce\x3d\x04\x01")),
        case("ed25519", &["-algorithm", "ED25519"], "sha512", SHA512, named(b"\x2b\x65\x70")),
        sm2("sm2 with sm3", named(SM2_SM3)),
        sm2("sm2 by the curve's name", named(b"\x2a\x81\x1c\xcf\x55\x01\x82\x2d")),
    ]
}

/// Runs OpenSSL in a folder; `None` where it is not there.
fn openssl(folder: &Path, arguments: &[&str]) -> Option<Vec<u8>> {
    let output = run(tool("openssl").current_dir(folder).args(arguments))?;
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "openssl {arguments:?}: {said}");
    Some(output.stdout)
}

fn sign(folder: &Path, case: &Case, bytes: &[u8]) -> Vec<u8> {
    fs::write(folder.join("in"), bytes).unwrap();
    let mut arguments = vec!["pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "in"];
    if case.name != "ed25519" {
        arguments.extend(["-digest", case.hash]);
    }
    arguments.extend(case.sign);
    openssl(folder, &arguments).unwrap()
}

fn hash(folder: &Path, case: &Case, bytes: &[u8]) -> Vec<u8> {
    fs::write(folder.join("in"), bytes).unwrap();
    openssl(folder, &["dgst", &format!("-{}", case.hash), "-binary", "in"]).unwrap()
}

/// Somebody with a key on SM2, in a folder of OpenSSL's.
pub struct Sm2 {
    folder: tempfile::TempDir,
    pub certificate: Vec<u8>,
}

impl Sm2 {
    /// Makes key and certificate, with these further arguments; `None` where there is no OpenSSL.
    pub fn new(name: &str, more: &[&str]) -> Option<Sm2> {
        let folder = tempfile::tempdir().unwrap();
        openssl(folder.path(), &["genpkey", "-out", "key", "-algorithm", "SM2"])?;
        let request =
            ["req", "-x509", "-new", "-key", "key", "-subj", name, "-utf8", "-days", "3650", "-sm3"];
        openssl(folder.path(), &[&request[..], &["-sigopt", SM2_ID, "-out", "pem"], more].concat());
        let certificate = openssl(folder.path(), &["x509", "-in", "pem", "-outform", "DER"]).unwrap();
        Some(Sm2 { folder, certificate })
    }

    pub fn pem(&self) -> String {
        fs::read_to_string(self.folder.path().join("pem")).unwrap()
    }

    /// The form of its signatures.
    pub fn form(&self) -> Form<'_> {
        Form {
            digest_oid: SM3,
            hash: &|bytes| sm3::Sm3::digest(bytes).to_vec(),
            scheme: named(SM2_SM3),
            certificates: vec![self.certificate.clone()],
            ..Form::default()
        }
    }

    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        let path = self.folder.path();
        fs::write(path.join("in"), bytes).unwrap();
        let arguments = ["pkeyutl", "-sign", "-rawin", "-inkey", "key", "-in", "in", "-digest", "sm3"];
        openssl(path, &[&arguments[..], &["-pkeyopt", SM2_ID]].concat()).unwrap()
    }
}

/// The oldest kind: no CMS, but a bare value by RSA and SHA-1, and the certificate in the dictionary.
#[test]
fn oldest_kind_is_read() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    let case = &cases()[0];
    if openssl(folder, &[&["genpkey", "-out", "key"], case.key].concat()).is_none() {
        return;
    }
    openssl(
        folder,
        &["req", "-x509", "-new", "-key", "key", "-subj", "/CN=Li Ming", "-days", "99", "-out", "pem"],
    );
    let certificate = openssl(folder, &["x509", "-in", "pem", "-outform", "DER"]).unwrap();
    let digits: String = certificate.iter().map(|byte| format!("{byte:02x}")).collect();
    let paper =
        Paper { sub_filter: "adbe.x509.rsa_sha1", entries: format!("/Cert <{digits}>"), ..Paper::default() };
    let value = |bytes: &[u8]| {
        let sha1 = Case {
            name: "",
            key: &[],
            request: &[],
            sign: &[],
            hash: "sha1",
            digest: SHA1,
            scheme: Vec::new(),
        };
        der(4, &[&sign(folder, &sha1, bytes)])
    };
    let mut options = Options::default();
    options.roots.add(&certificate, "roots").unwrap();
    let report = verify(paper.sign(&value), &options);
    let found = &report.signatures[0];
    assert_eq!(found.integrity.value, Integrity::Ok, "{:?}", found.integrity.reasons);
    assert_eq!(
        (report.verdict, found.strength.weak.as_slice()),
        (Verdict::Indeterminate, &["sha1".to_owned()][..])
    );
    let broken = verify(paper.sign(&|_| value(b"something else")), &options);
    assert_eq!(broken.signatures[0].integrity.value, Integrity::Broken);
}

#[test]
fn every_algorithm_is_checked() {
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        if openssl(folder, &[&["genpkey", "-out", "key"], case.key].concat()).is_none() {
            return;
        }
        let request =
            ["req", "-x509", "-new", "-key", "key", "-subj", "/CN=Li Ming", "-days", "3650", "-out", "pem"];
        openssl(folder, &[&request[..], case.request].concat());
        let certificate = openssl(folder, &["x509", "-in", "pem", "-outform", "DER"]).unwrap();
        let form = Form {
            digest_oid: case.digest,
            hash: &|bytes| hash(folder, &case, bytes),
            scheme: case.scheme.clone(),
            certificates: vec![certificate.clone()],
            ..Form::default()
        };
        let signed = Paper::default().sign(&|bytes| form.sign(bytes, &|bytes| sign(folder, &case, bytes)));
        let mut options = Options::default();
        options.roots.add(&certificate, "roots").unwrap();
        let report = verify(signed.clone(), &options);
        let found = &report.signatures[0];
        assert_eq!(found.integrity.value, Integrity::Ok, "{}: {:?}", case.name, found.integrity.reasons);
        let is_weak = case.hash == "sha1" || case.name.contains("short rsa");
        let verdict = if is_weak { Verdict::Indeterminate } else { Verdict::Valid };
        let odd = case.name.contains("odd") || case.name.contains("short salt");
        assert!(odd || report.verdict == verdict, "{}: {:?}", case.name, report.reasons);

        let other = form.sign(b"something else", &|bytes| sign(folder, &case, bytes));
        let broken = verify(Paper::default().sign(&|_| other.clone()), &options);
        assert_eq!(broken.signatures[0].integrity.value, Integrity::Broken, "{}", case.name);
        let wrong = Paper::default()
            .sign(&|bytes| form.sign(bytes, &|bytes| sign(folder, &case, &[bytes, b"x"].concat())));
        let wrong = verify(wrong, &options);
        assert_eq!(wrong.signatures[0].integrity.value, Integrity::Broken, "{}", case.name);
    }
}
