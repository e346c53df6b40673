//! What a document carries to prove its signatures by: answers of responders, and time stamps over time stamps.

use rcgen::{ExtendedKeyUsagePurpose, PublicKeyData, SigningKey, date_time_ymd};
use sha1::{Digest, Sha1};
use wosigndoc::verify::report::{Report, Revocation, Trust};
use wosigndoc::verify::{State, Verdict, verify};

use crate::algorithms::Sm2;
use crate::cms::{ECDSA_SHA256, Form, TST_INFO, der, information};
use crate::paper::{Paper, again};
use crate::pki::{Ca, Person, ca, clock, clock_between, codes, judge, options, person};

/// What a responder says of number 77.
#[derive(Clone, Copy)]
enum Says {
    Good,
    RevokedSince(&'static str),
    Unknown,
}

/// An answer about number 77 of this CA's, of the first of June 2026, signed by this key.
fn answer(
    about: &Ca,
    says: Says,
    responder: &str,
    key: &impl SigningKey,
    certificates: &[Vec<u8>],
) -> Vec<u8> {
    let text = |name: &str| der(0x0c, &[name.as_bytes()]);
    let name =
        |name: &str| der(0x30, &[&der(0x31, &[&der(0x30, &[&der(6, &[b"\x55\x04\x03"]), &text(name)])])]);
    let sha1 = |bytes: &[u8]| der(4, &[&Sha1::digest(bytes)]);
    let id = der(
        0x30,
        &[
            &der(0x30, &[&der(6, &[b"\x2b\x0e\x03\x02\x1a"]), &[5, 0]]),
            &sha1(&name("Root")),
            &sha1(about.key().der_bytes()),
            &der(2, &[&[77]]),
        ],
    );
    let status = match says {
        Says::Good => der(0x80, &[]),
        Says::RevokedSince(time) => der(0xa1, &[&der(0x18, &[time.as_bytes()])]),
        Says::Unknown => der(0x82, &[]),
    };
    let (this, next) = (der(0x18, &[b"20260601000000Z"]), der(0x18, &[b"20261231000000Z"]));
    let single = der(0x30, &[&id, &status, &this, &der(0xa0, &[&next])]);
    let data = der(0x30, &[&der(0xa1, &[&name(responder)]), &this, &der(0x30, &[&single])]);
    let signature = [&[0], &key.sign(&data).unwrap()[..]].concat();
    let held = der(0xa0, &[&der(0x30, &[&certificates.concat()])]);
    let scheme = der(0x30, &[&der(6, &[ECDSA_SHA256])]);
    let basic = der(0x30, &[&data, &scheme, &der(3, &[&signature]), &held]);
    let kind = der(6, &[b"\x2b\x06\x01\x05\x05\x07\x30\x01\x01"]);
    der(0x30, &[&der(0x0a, &[&[0]]), &der(0xa0, &[&der(0x30, &[&kind, &der(4, &[&basic])])])])
}

fn with(root: &Ca, answer: Vec<u8>) -> Report {
    let person = person(root, "Li Ming", |_| {});
    let paper = Paper { store: vec![("OCSPs", answer)], ..Paper::default() };
    judge(&person.paper(&paper, &[root], Form::default()), &[root])
}

#[test]
fn answers_are_heard() {
    let root = ca("Root", |_| {});
    for (says, verdict, revocation) in [
        (Says::Good, Verdict::Valid, Revocation::Good),
        (Says::RevokedSince("20260203000000Z"), Verdict::Invalid, Revocation::Revoked),
        // Revoked after the time that is judged at.
        (Says::RevokedSince("20261203000000Z"), Verdict::Valid, Revocation::Good),
        (Says::Unknown, Verdict::Valid, Revocation::Unknown),
    ] {
        let report = with(&root, answer(&root, says, "Root", root.key(), &[]));
        assert_eq!(
            (report.verdict, report.signatures[0].revocation.value),
            (verdict, revocation),
            "{report:?}"
        );
    }
}

#[test]
fn only_those_may_answer_who_are_asked() {
    let root = ca("Root", |_| {});
    let delegate = |usage: ExtendedKeyUsagePurpose, root: &Ca| {
        person(root, "Responder", |params| {
            params.extended_key_usages = vec![usage.clone()];
            params.serial_number = Some(78_u64.into());
        })
    };
    let revoked = Says::RevokedSince("20260203000000Z");
    let told = |by: &Person| {
        let answer = answer(&root, revoked, "Responder", &by.key, std::slice::from_ref(&by.der));
        with(&root, answer).signatures[0].revocation.value
    };
    assert_eq!(told(&delegate(ExtendedKeyUsagePurpose::OcspSigning, &root)), Revocation::Revoked);
    assert_eq!(told(&delegate(ExtendedKeyUsagePurpose::ServerAuth, &root)), Revocation::Unknown);
    let other = ca("Root", |_| {});
    assert_eq!(told(&delegate(ExtendedKeyUsagePurpose::OcspSigning, &other)), Revocation::Unknown);
    // Signed by nobody who may, or about another CA's number 77.
    let strange = with(&root, answer(&root, revoked, "Root", other.key(), &[]));
    assert_eq!(strange.signatures[0].revocation.value, Revocation::Unknown);
    let elsewhere = with(&root, answer(&other, revoked, "Root", root.key(), &[]));
    assert_eq!(elsewhere.signatures[0].revocation.value, Revocation::Unknown);
}

/// A signature outlives its certificate by a stamp over the document, and that stamp its own by another.
#[test]
fn stamps_prove_stamps() {
    let root = ca("Root", |_| {});
    let day = |year| (date_time_ymd(year, 6, 1), date_time_ymd(year, 6, 3));
    let signer = person(&root, "Li Ming", |params| (params.not_before, params.not_after) = day(2025));
    let old = clock_between(&root, (2025, 2026));
    let young = clock(&root);
    let stamp = |signed: &[u8], by: &Person, time: &str| {
        again(signed, "ETSI.RFC3161", "", &|bytes| by.stamp(bytes, time, Form::default()))
    };
    let signed = signer.paper(&Paper::default(), &[&root], Form::default());
    let once = stamp(&signed, &old, "20250601120000Z");
    let twice = stamp(&once, &young, "20251201000000Z");
    let late = stamp(&once, &young, "20260102000000Z");
    let look = |document: &[u8]| judge(document, &[&root]);
    let first = |report: &Report| {
        let one = &report.signatures[0];
        (one.trust.value, one.proven_time.as_ref().map(|proven| (proven.time.clone(), proven.source)))
    };
    assert_eq!(first(&look(&signed)), (Trust::Expired, None));
    // The stamp's own certificate has expired, and nothing proves that it had not when it stamped.
    assert_eq!(first(&look(&once)).0, Trust::Expired);
    let report = look(&twice);
    let proven = Some(("2025-06-01T12:00:00Z".to_owned(), "document_time_stamp"));
    assert_eq!((report.verdict, first(&report)), (Verdict::Valid, (Trust::Trusted, proven)), "{report:?}");
    // Stamped again only when the old stamp had expired already: it proves that the signature is no younger than that.
    assert_eq!(first(&look(&late)).0, Trust::Expired);
    assert_eq!(look(&late).state, State::Intact);
}

#[test]
fn chinese_stamps_are_heard() {
    let root = ca("Root", |_| {});
    let usage = ["-addext", "extendedKeyUsage=critical,timeStamping"];
    let Some(tsa) = Sm2::new("/CN=SM2 TSA", &usage) else { return };
    let signer = person(&root, "Li Ming", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2026, 5, 1), date_time_ymd(2026, 5, 3));
    });
    let token = |over: &[u8]| {
        let digest = (tsa.form().hash)(over);
        let content = Some(information(tsa.form().digest_oid, &digest, "20260502000000Z"));
        let form = Form { content, content_type: TST_INFO, ..tsa.form() };
        form.sign(&[], &|bytes| tsa.sign(bytes))
    };
    let mut options = options(&[&root]);
    options.roots.add(&tsa.certificate, "roots").unwrap();
    options.at = None;
    let form = Form { stamp: Some(&token), ..Form::default() };
    let report = verify(signer.paper(&Paper::default(), &[&root], form), &options);
    assert_eq!(report.verdict, Verdict::Valid, "{:?}", report.reasons);
    let stamp = report.signatures[0].time_stamp.as_ref().unwrap();
    assert_eq!(stamp.algorithms.as_ref().unwrap().digest, "sm3");
    let proven = report.signatures[0].proven_time.as_ref().unwrap();
    assert_eq!((proven.time.as_str(), proven.source), ("2026-05-02T00:00:00Z", "time_stamp"));
    // Over something else.
    let token = |_: &[u8]| token(b"something else");
    let form = Form { stamp: Some(&token), ..Form::default() };
    let report = verify(signer.paper(&Paper::default(), &[&root], form), &options);
    assert_eq!(report.signatures[0].trust.value, Trust::Expired);
    assert!(codes(&report).contains(&"time_stamp_broken"), "{:?}", codes(&report));
}
