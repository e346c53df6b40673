//! The forms in which a signature may be written, and what is wrong with some.

use sha2::{Digest, Sha256};
use wosigndoc::verify::report::{Integrity, Report};
use wosigndoc::verify::{State, Verdict};

use crate::cms::{Form, der};
use crate::paper::Paper;
use crate::pki::{Ca, Person, ca, clock, codes, judge, person};

fn desk() -> (Ca, Person) {
    let root = ca("Root", |_| {});
    let person = person(&root, "Li Ming", |_| {});
    (root, person)
}

fn made(root: &Ca, person: &Person, form: Form<'_>) -> Report {
    judge(&person.paper(&Paper::default(), &[root], form), &[root])
}

#[test]
fn every_form_is_read() {
    let (root, person) = desk();
    let gm = (b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x02", b"\x2a\x81\x1c\xcf\x55\x06\x01\x04\x02\x01");
    for form in [
        Form::default(),
        Form { ber: true, ..Form::default() },
        Form { unordered: true, ..Form::default() },
        Form { without_attributes: true, ..Form::default() },
        Form { names: Some(Vec::new()), ..Form::default() },
        Form { signed_data: gm.0, content_type: gm.1, ..Form::default() },
    ] {
        let report = made(&root, &person, form);
        assert_eq!((report.verdict, report.state), (Verdict::Valid, State::Intact), "{report:?}");
        let signature = &report.signatures[0];
        assert_eq!(signature.signer.as_ref().unwrap().subject, "CN=Li Ming");
        assert_eq!((signature.page, signature.rectangle), (Some(1), Some([10.0, 20.0, 110.0, 70.0])));
    }
}

#[test]
fn old_kind_over_a_digest_is_read() {
    let (root, person) = desk();
    let paper = Paper { sub_filter: "adbe.pkcs7.sha1", ..Paper::default() };
    let over = |bytes: &[u8]| {
        let content = Some(sha1::Sha1::digest(bytes).to_vec());
        let certificates = vec![person.der.clone()];
        Form { content, certificates, ..Form::default() }.sign(bytes, &|bytes| person.sign(bytes))
    };
    let report = judge(&paper.sign(&over), &[&root]);
    assert_eq!((report.state, report.verdict), (State::Intact, Verdict::Indeterminate), "{report:?}");
    assert_eq!(report.signatures[0].strength.weak, ["sha1"]);
    assert_eq!(judge(&paper.sign(&|_| over(b"something else")), &[&root]).state, State::Altered);
}

#[test]
fn what_is_wrong_is_said() {
    let (root, person) = desk();
    let other = crate::pki::person(&root, "Another", |_| {});
    let (wrong_type, two_hashes) =
        (b"\x2a\x03", der(0x30, &[&der(6, &[b"\x2a\x86\x48\xce\x3d\x04\x03\x03"])]));
    let wrong_hash: &dyn Fn(&[u8]) -> Vec<u8> = &|bytes| Sha256::digest([bytes, b"x"].concat()).to_vec();
    for (form, words) in [
        (Form { names: Some(other.der.clone()), ..Form::default() }, "names another certificate"),
        (Form { hash: wrong_hash, ..Form::default() }, "another digest"),
        (Form { scheme: two_hashes, ..Form::default() }, "another hash"),
        (Form { content: Some(b"else".to_vec()), ..Form::default() }, "a content of its own"),
        (
            Form { content_type: wrong_type, without_attributes: true, ..Form::default() },
            "needs signed attributes",
        ),
    ] {
        let report = made(&root, &person, form);
        let found = &report.signatures[0].integrity;
        assert_eq!((report.verdict, found.value), (Verdict::Invalid, Integrity::Broken), "{words}");
        assert!(found.reasons.iter().any(|reason| reason.en.contains(words)), "{words}: {:?}", found.reasons);
    }
}

#[test]
fn what_is_not_known_is_not_judged() {
    let (root, person) = desk();
    let unknown = der(0x30, &[&der(6, &[b"\x2a\x03\x04"])]);
    for (form, paper) in [
        (Form { scheme: unknown, ..Form::default() }, Paper::default()),
        (Form { digest_oid: b"\x2a\x03\x04", ..Form::default() }, Paper::default()),
        (Form::default(), Paper { sub_filter: "GB.38540", ..Paper::default() }),
        (Form { content: Some(Vec::new()), ..Form::default() }, Paper::default()),
    ] {
        let report = judge(&person.paper(&paper, &[&root], form), &[&root]);
        assert_eq!(report.signatures[0].integrity.value, Integrity::Unsupported, "{report:?}");
        assert_ne!(report.verdict, Verdict::Valid);
    }
}

#[test]
fn every_byte_counts() {
    let (root, person) = desk();
    let signed = person.paper(&Paper::default(), &[&root], Form::default());
    let find = |word: &str| signed.windows(word.len()).position(|window| window == word.as_bytes()).unwrap();
    for place in [
        find("MediaBox") + 10,
        find("9 9\nend"),
        find("%PDF-") + 5,
        find("20260101"),
        find("0000000000 65535") + 40,
    ] {
        let mut changed = signed.clone();
        changed[place] ^= 1;
        let report = judge(&changed, &[&root]);
        assert_ne!(report.verdict, Verdict::Valid, "{place}");
    }
    // The signature itself: every tenth of its bytes.
    let start = find("/Contents <") + 11;
    let length = Form { certificates: vec![person.der.clone(), root.der().to_vec()], ..Form::default() };
    let length = 2 * length.sign(b"", &|bytes| person.sign(bytes)).len();
    for place in (start + 60..start + length - 20).step_by(20) {
        let mut changed = signed.clone();
        changed[place] = if changed[place] == b'0' { b'1' } else { b'0' };
        let report = judge(&changed, &[&root]);
        // What is changed in the root's certificate or in a name is not signed by this signature, and changes nothing.
        if report.verdict == Verdict::Valid {
            assert_eq!(report.signatures[0].signer.as_ref().unwrap().subject, "CN=Li Ming");
        }
    }
    assert_eq!(judge(&signed, &[&root]).verdict, Verdict::Valid);
}

#[test]
fn signature_of_another_document_is_none() {
    let (root, person) = desk();
    let paper = Paper { store: vec![("Certs", b"x".to_vec())], ..Paper::default() };
    let form = Form { certificates: vec![person.der.clone()], ..Form::default() };
    let stolen = form.sign(b"another document", &|bytes| person.sign(bytes));
    let report = judge(&paper.sign(&|_| stolen.clone()), &[&root]);
    assert_eq!((report.verdict, codes(&report)[0]), (Verdict::Invalid, "broken"));
}

#[test]
fn documents_are_stamped() {
    let root = ca("Root", |_| {});
    let clock = clock(&root);
    let paper = Paper { sub_filter: "ETSI.RFC3161", ..Paper::default() };
    for ber in [false, true] {
        let form = || Form { ber, ..Form::default() };
        let stamped = paper.sign(&|bytes| clock.stamp(bytes, "20260203040506Z", form()));
        let report = judge(&stamped, &[&root]);
        let signature = &report.signatures[0];
        assert_eq!(report.state, State::Intact, "{report:?}");
        assert_eq!(signature.proven_time.as_ref().unwrap().time, "2026-02-03T04:05:06Z");
        // A time stamp is nobody's signature.
        assert_eq!(report.verdict, Verdict::Indeterminate);
        let other = paper.sign(&|_| clock.stamp(b"something else", "20260203040506Z", form()));
        assert_eq!(judge(&other, &[&root]).state, State::Altered);
    }
}

#[test]
fn nothing_panics() {
    let (root, person) = desk();
    let signed = person.paper(&Paper::default(), &[&root], Form { ber: true, ..Form::default() });
    for length in (0..signed.len()).step_by(397) {
        assert_ne!(judge(&signed[..length], &[&root]).verdict, Verdict::Valid, "{length}");
    }
    let bomb = b"\x30\x80".repeat(8000);
    let report = judge(&Paper::default().sign(&|_| bomb.clone()), &[&root]);
    assert_eq!(report.state, State::Altered);
}
