//! The cases of vectors/verify.json, and where they come from: what is signed here is committed, so that every language
//! verifies the same documents. TEST_REFRESH=1 signs them anew.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use wosigndoc::verify::{Options, trust_of, verify};

use crate::algorithms::Sm2;
use crate::cms::Form;
use crate::paper::Paper;
use crate::pki::{ca, person};

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("vectors")
}

fn document(name: &str) -> Vec<u8> {
    fs::read(folder().join("signed").join(name)).unwrap()
}

/// Draws over the page in a later revision.
fn altered(signed: &[u8]) -> Vec<u8> {
    let table = signed.windows(10).rposition(|window| window == b"\nstartxref").unwrap() + 11;
    let start: usize =
        std::str::from_utf8(&signed[table..]).unwrap().split_whitespace().next().unwrap().parse().unwrap();
    let at = signed.len();
    let later = "6 0 obj\n<</Length 11>>\nstream\n0 0 m 100 9\nendstream\nendobj\n";
    let table = format!(
        "xref\n6 1\n{at:010} 00000 n \ntrailer\n<</Size 7 /Root 1 0 R /Prev {start}>>\nstartxref\n{}\n%%EOF\n",
        at + later.len()
    );
    [signed, later.as_bytes(), table.as_bytes()].concat()
}

/// Signs the documents and writes the cases.
fn refresh() {
    // They are to be good for as long as anybody runs the tests.
    let long = |params: &mut rcgen::CertificateParams| params.not_after = rcgen::date_time_ymd(2099, 1, 1);
    let (root, stranger) = (ca("Example Root", long), ca("Somebody Else", long));
    let paper = Paper { room: 3000, ..Paper::default() };
    let sign = |above: &crate::pki::Ca| {
        let form = Form::default();
        person(above, "云杉软件（示例）有限公司", long).paper(&paper, &[above], form)
    };
    let valid = sign(&root);
    let mut broken = valid.clone();
    let at = valid.windows(10).position(|window| window == b"0 0 m 9 9\n").unwrap();
    broken[at] = b'1';
    let mut unsigned = valid.clone();
    let at = valid.windows(8).position(|window| window == b"/V 5 0 R").unwrap();
    unsigned[at..at + 8].fill(b' ');
    fs::create_dir_all(folder().join("signed")).unwrap();
    for (name, bytes) in [
        ("valid.pdf", &valid),
        ("altered.pdf", &altered(&valid)),
        ("broken.pdf", &broken),
        ("stranger.pdf", &sign(&stranger)),
        ("unsigned.pdf", &unsigned),
        ("no-pdf.pdf", &b"This is no PDF.\n".to_vec()),
    ] {
        fs::write(folder().join("signed").join(name), bytes).unwrap();
    }
    fs::write(folder().join("signed/root.pem"), root.pem()).unwrap();
    let sm2 = Sm2::new("/CN=国密签署人", &[]).expect("OpenSSL makes the documents of the Chinese standard");
    let form = sm2.form();
    let by_sm2 = paper.sign(&|bytes| form.sign(bytes, &|bytes| sm2.sign(bytes)));
    let other = paper.sign(&|bytes| form.sign(bytes, &|bytes| sm2.sign(&[bytes, b"x"].concat())));
    for (name, bytes) in [("sm2.pdf", &by_sm2), ("sm2-broken.pdf", &other)] {
        fs::write(folder().join("signed").join(name), bytes).unwrap();
    }
    let sm2 = json!({"roots": {"ca": sm2.pem()}, "at": "2027-06-01T00:00:00Z"});
    let trust = trust_of(valid, &Options::default()).trust;
    let own = json!({"roots": {"ca": root.pem()}, "at": "2026-06-01T00:00:00Z"});
    let with = |more: Value| {
        let mut options = own.clone();
        more.as_object().unwrap().iter().for_each(|(key, value)| options[key] = value.clone());
        options
    };
    let order = json!({"signerlist": [{"signType": 1, "orgName": "云杉软件(示例)有限公司", "orgNo": "91350100M000100Y43"}]});
    let case = |name: &str, document: &str, options: Value, expect: Value| json!({"name": name, "rules": ["P-33"], "document": document, "options": options, "expect": expect});
    let found = |verdict: &str, state: &str, reasons: &[&str]| json!({"verdict": verdict, "state": state, "reasons": reasons});
    let cases = [
        case(
            "signed by whom the site trusts",
            "valid.pdf",
            own.clone(),
            found("valid", "intact", &["revocation_unknown"]),
        ),
        case(
            "nobody is trusted by itself",
            "valid.pdf",
            json!({}),
            found("invalid", "intact", &["untrusted"]),
        ),
        case(
            "trusted by what a person has looked at",
            "valid.pdf",
            json!({"trust": trust, "at": "2026-06-01T00:00:00Z"}),
            found("valid", "intact", &["revocation_unknown"]),
        ),
        case(
            "the issuer has changed",
            "stranger.pdf",
            json!({"trust": trust}),
            found("invalid", "intact", &["issuer_changed", "untrusted"]),
        ),
        case("signed by a stranger", "stranger.pdf", own.clone(), found("invalid", "intact", &["untrusted"])),
        case(
            "a page changed in a later revision",
            "altered.pdf",
            own.clone(),
            found("invalid", "altered", &["changed", "revocation_unknown"]),
        ),
        case(
            "a byte changed",
            "broken.pdf",
            own.clone(),
            found("invalid", "altered", &["broken", "revocation_unknown"]),
        ),
        case("signed by SM2 with SM3", "sm2.pdf", sm2.clone(), found("valid", "intact", &[])),
        case("another value by SM2", "sm2-broken.pdf", sm2, found("invalid", "altered", &["broken"])),
        case("no signature", "unsigned.pdf", own.clone(), found("invalid", "unsigned", &["unsigned"])),
        case("no PDF", "no-pdf.pdf", own.clone(), found("indeterminate", "unreadable", &["unreadable"])),
        case(
            "strict: revocation has to be proven",
            "valid.pdf",
            with(json!({"preset": "strict"})),
            found("indeterminate", "intact", &["revocation_unknown"]),
        ),
        case(
            "the order's signer signed",
            "valid.pdf",
            with(json!({"order": order})),
            found("valid", "intact", &["revocation_unknown"]),
        ),
        case(
            "somebody else should have signed",
            "valid.pdf",
            with(json!({"signers": {"names": ["李明"]}})),
            found("invalid", "intact", &["revocation_unknown", "signer_missing"]),
        ),
        case(
            "a setting that does not exist",
            "valid.pdf",
            json!({"root": {}}),
            json!({"error": {"kind": "argument", "reason": "unknown_option", "field": "root"}}),
        ),
    ];
    let mut cases = Vec::from(cases);
    // Nobody could ever be taken with such options, so a receiver refuses them.
    cases[1]["push"] =
        json!({"error": {"kind": "argument", "reason": "missing_option", "field": "verify.roots"}});
    let about = "Signed documents of vectors/signed, and what is found about them: \
        read vectors/README.md. Written by tests/verify/vectors.rs.";
    let text = serde_json::to_string_pretty(&json!({"about": about, "cases": cases})).unwrap();
    fs::write(folder().join("verify.json"), text + "\n").unwrap();
}

/// Covers P-33.
#[test]
fn every_case_is_found_as_expected() {
    if std::env::var_os("TEST_REFRESH").is_some() {
        refresh();
    }
    let file: Value = serde_json::from_slice(&fs::read(folder().join("verify.json")).unwrap()).unwrap();
    let mut differing = Vec::new();
    for case in file["cases"].as_array().unwrap() {
        let (name, expect) = (&case["name"], &case["expect"]);
        let options = Options::from_json(case["options"].to_string().as_bytes());
        if let Some(error) = expect["error"].as_object() {
            let found = options.unwrap_err().to_json();
            error.iter().for_each(|(key, value)| assert_eq!(&found[key], value, "{name}"));
            continue;
        }
        let report = verify(document(case["document"].as_str().unwrap()), &options.unwrap());
        let found = json!(report);
        for member in ["verdict", "state"] {
            assert_eq!(found[member], expect[member], "{name}: {:?}", report.reasons);
        }
        let mut codes: Vec<&str> = report.reasons.iter().map(|reason| reason.code).collect();
        codes.sort_unstable();
        codes.dedup();
        if json!(codes) != expect["reasons"] {
            differing.push(format!("{name}: {codes:?}"));
        }
    }
    assert!(differing.is_empty(), "{differing:#?}");
}
