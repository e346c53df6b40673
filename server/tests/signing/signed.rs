//! Signed documents before programs that this project did not write: qpdf, pdfsig and pyHanko.

use crate::support::{Signed, authority, fixture, organisation, person, sign, signer};
use wosigndoc::verify::{State, Verdict};
use wosigndoc_server::signing::SignerKind;

/// Covers P-40: every signer signs in turn, every box is a signature, and the earlier ones stay valid.
#[test]
fn three_signers_and_five_boxes() {
    let ca = authority();
    let signers = [
        organisation(&[(1, "0.1,0.1,0.35,0.3"), (3, "0.5,0.5,0.8,0.7")]),
        person(&[(1, "0.6,0.1,0.8,0.25"), (2, "0.6,0.1,0.8,0.25")]),
        signer("John Smith", SignerKind::Person, &[(2, "0.1,0.1,0.3,0.25")]),
    ];
    let signed = Signed::new(&sign(&fixture("plain.pdf"), None, &signers, &ca), &ca);
    signed.assert_valid(None, 5, 0);
    if let Some(verdicts) = crate::support::pyhanko(&signed, None) {
        let subjects: Vec<_> = verdicts.iter().map(|verdict| verdict["subject"].as_str().unwrap()).collect();
        assert!(
            subjects[0].contains("北京沃通信息技术有限公司")
                && subjects[0].contains("NTRCN-91110108MA00000001")
        );
        assert!(subjects[2].contains("张小三") && !subjects[2].contains("NTR"), "{subjects:?}");
        assert!(subjects[4].contains("John Smith"));
    }
}

/// Covers P-40: files of every structure; not a byte of what was there changes.
#[test]
fn every_structure() {
    let ca = authority();
    for name in ["plain.pdf", "objects.pdf", "linear.pdf", "hybrid.pdf", "turned.pdf", "form.pdf"] {
        let input = fixture(name);
        let signers = [
            organisation(&[(1, "0.1,0.1,0.35,0.3")]),
            person(&[(1, "0.6,0.1,0.8,0.25"), (1, "0,0.4,1,0.8")]),
        ];
        let output = sign(&input, None, &signers, &ca);
        assert!(output.starts_with(&input), "{name}");
        println!("{name}");
        Signed::new(&output, &ca).assert_valid(None, 3, 0);
    }
}

/// A further signer's picture over a whole page may hide what the first one signed: a person has to look.
#[test]
fn a_picture_over_a_page_is_undecided() {
    let ca = authority();
    let signers = [organisation(&[(1, "0.1,0.1,0.35,0.3")]), person(&[(1, "0,0,1,1")])];
    let signed = Signed::new(&sign(&fixture("plain.pdf"), None, &signers, &ca), &ca);
    let report = signed.report(None, 0);
    assert_eq!((report.verdict, report.state), (Verdict::Indeterminate, State::Undecided), "{report:#?}");
    assert_eq!(report.reasons[0].code, "changes_undecided");
}

/// Covers P-41: signatures that are there already stay valid, a certification that allows signing and a DSS
/// after it included.
#[test]
fn earlier_signatures_stay_valid() {
    let ca = authority();
    for name in ["signed.pdf", "certified.pdf"] {
        let signers = [organisation(&[(1, "0.1,0.1,0.35,0.3")]), person(&[(2, "0.6,0.1,0.8,0.25")])];
        println!("{name}");
        Signed::new(&sign(&fixture(name), None, &signers, &ca), &ca).assert_valid(None, 2, 1);
    }
}

/// A document that the platform signed can be signed in another order.
#[test]
fn signed_again() {
    let (first, second) = (authority(), authority());
    let once = sign(&fixture("objects.pdf"), None, &[person(&[(1, "0.6,0.1,0.8,0.25")])], &first);
    let twice = sign(&once, None, &[organisation(&[(1, "0.1,0.1,0.35,0.3")])], &second);
    let both = Signed::new(&twice, &second);
    let trusted = [first.certificate_pem(), second.certificate_pem()].concat();
    std::fs::write(&both.ca, trusted).unwrap();
    both.assert_valid(None, 2, 0);
}

/// Covers P-40: a password opens the signed document, and it alone does.
#[test]
fn with_a_password() {
    let ca = authority();
    for (name, password) in [("plain.pdf", "open sesame"), ("objects.pdf", "密码123")] {
        let signers = [
            organisation(&[(1, "0.1,0.1,0.35,0.3"), (2, "0.1,0.1,0.35,0.3")]),
            person(&[(1, "0.6,0.1,0.8,0.25")]),
        ];
        let output = sign(&fixture(name), Some(password), &signers, &ca);
        let signed = Signed::new(&output, &ca);
        signed.assert_valid(Some(password), 3, 0);
        assert_kept(&signed, password);
    }
}

/// What the document said before it was encrypted, it says after: numbers to the last digit, strings.
fn assert_kept(signed: &Signed, password: &str) {
    if !crate::support::has("qpdf", &["--version"]) {
        return;
    }
    let open = signed.folder.path().join("open.pdf");
    let status = crate::support::tools::tool("qpdf")
        .args([format!("--password={password}").as_str(), "--decrypt", "--qdf"])
        .args([&signed.pdf, &open])
        .status();
    assert!(status.unwrap().success());
    let text = String::from_utf8_lossy(&std::fs::read(open).unwrap()).into_owned();
    for kept in ["595.29998779", "1.000000123", "(zh-CN)", "(Page 3) Tj"] {
        assert!(text.contains(kept), "{kept}");
    }
    // Without the password nothing of it can be read, the signers' names in UTF-16 included.
    let closed = std::fs::read(&signed.pdf).unwrap();
    assert!(!closed.windows(8).any(|window| window == b"FEFF5317" || window == b"(Page 3)"));
}
