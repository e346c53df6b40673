//! Paths to roots: what holds, and each thing that does not.

use rcgen::{
    BasicConstraints, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, KeyUsagePurpose, NameConstraints,
    date_time_ymd,
};
use wosigndoc::verify::report::{Report, Revocation, Trust};
use wosigndoc::verify::{Verdict, trust_of, verify};

use crate::cms::Form;
use crate::paper::Paper;
use crate::pki::{Ca, Person, ca, ca_below, clock, codes, crl, judge, options, person};

/// Judges what this person signs, with a root and a CA below it.
fn judged(change: impl Fn(&mut rcgen::CertificateParams)) -> Report {
    let root = ca("Root", |_| {});
    let below = ca_below(&root, "Issuer", |_| {});
    let person = person(&below, "Li Ming", change);
    judge(&person.paper(&Paper::default(), &[&below], Form::default()), &[&root])
}

fn found(report: &Report) -> (Trust, String) {
    let trust = &report.signatures[0].trust;
    (trust.value, trust.reasons.first().map(|reason| reason.en.to_string()).unwrap_or_default())
}

#[track_caller]
fn fails(report: &Report, value: Trust, words: &str) {
    let (trust, reason) = found(report);
    assert_eq!(trust, value, "{reason}");
    assert!(reason.contains(words), "{reason}");
    assert_ne!(report.verdict, Verdict::Valid);
    let chinese = &report.signatures[0].trust.reasons[0].zh;
    assert!(chinese.chars().any(|letter| letter >= '\u{4e00}'), "{chinese}");
}

#[test]
fn path_holds() {
    let report = judged(|params| {
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::EmailProtection];
    });
    assert_eq!((report.verdict, found(&report).0), (Verdict::Valid, Trust::Trusted), "{report:?}");
    assert_eq!(report.signatures[0].chain.len(), 2);
    assert_eq!(report.signatures[0].revocation.value, Revocation::Unknown);
}

#[test]
fn certificate_is_judged() {
    let expired = judged(|params| params.not_after = date_time_ymd(2026, 1, 2));
    fails(&expired, Trust::Expired, "expired at 2026-01-02");
    assert_eq!(expired.verdict, Verdict::Indeterminate);
    fails(
        &judged(|params| params.not_before = date_time_ymd(2026, 12, 2)),
        Trust::Untrusted,
        "not valid before",
    );
    fails(
        &judged(|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth]),
        Trust::Untrusted,
        "extended key usage",
    );
    fails(
        &judged(|params| params.key_usages = vec![KeyUsagePurpose::KeyEncipherment]),
        Trust::Untrusted,
        "key usage",
    );
    fails(
        &judged(|params| {
            let mut extension = rcgen::CustomExtension::from_oid_content(&[1, 2, 3, 4], vec![5, 0]);
            extension.set_criticality(true);
            params.custom_extensions.push(extension);
        }),
        Trust::Untrusted,
        "critical extension is not known here (1.2.3.4)",
    );
}

#[test]
fn authorities_are_judged() {
    let root = ca("Root", |_| {});
    let signed = |below: &Ca, above: &[&Ca]| {
        let person = person(below, "Li Ming", |_| {});
        judge(&person.paper(&Paper::default(), above, Form::default()), &[&root])
    };
    let no_ca = ca_below(&root, "No CA", |params| params.is_ca = IsCa::ExplicitNoCa);
    fails(&signed(&no_ca, &[&no_ca]), Trust::Untrusted, "no CA's");
    let no_use =
        ca_below(&root, "No use", |params| params.key_usages = vec![KeyUsagePurpose::DigitalSignature]);
    fails(&signed(&no_use, &[&no_use]), Trust::Untrusted, "does not allow issuing");
    let short = ca_below(&root, "Short", |params| params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0)));
    let below = ca_below(&short, "Below", |_| {});
    fails(&signed(&below, &[&below, &short]), Trust::Untrusted, "longer than it allows");
    let narrow = ca_below(&root, "Narrow", |params| {
        let mut name = rcgen::DistinguishedName::new();
        name.push(rcgen::DnType::CommonName, "Wang Fang");
        let subtrees = vec![GeneralSubtree::DirectoryName(name)];
        let constraints = NameConstraints { permitted_subtrees: subtrees, excluded_subtrees: Vec::new() };
        params.name_constraints = Some(constraints);
    });
    fails(&signed(&narrow, &[&narrow]), Trust::Untrusted, "name constraints");
    let gone = ca_below(&root, "Gone", |_| {});
    fails(&signed(&gone, &[]), Trust::Untrusted, "the certificate of CN=Gone is not there");
}

#[test]
fn only_given_roots_are_trusted() {
    let (root, other) = (ca("Root", |_| {}), ca("Root", |_| {}));
    let person = person(&root, "Li Ming", |_| {});
    let signed = person.paper(&Paper::default(), &[&root], Form::default());
    assert_eq!(judge(&signed, &[&root]).verdict, Verdict::Valid);
    // One of the same name with another key.
    fails(&judge(&signed, &[&other]), Trust::Untrusted, "not among those given");
    fails(&judge(&signed, &[]), Trust::Untrusted, "no roots are given");
}

#[test]
fn lists_are_heard() {
    let root = ca("Root", |_| {});
    let person = person(&root, "Li Ming", |_| {});
    let with = |list: Vec<u8>| {
        let paper = Paper { store: vec![("CRLs", list)], ..Paper::default() };
        judge(&person.paper(&paper, &[&root], Form::default()), &[&root])
    };
    assert_eq!(with(crl(&root, None)).signatures[0].revocation.value, Revocation::Good);
    let revoked = with(crl(&root, Some((2026, 2, 3))));
    fails(&revoked, Trust::Revoked, "revoked at 2026-02-03");
    assert_eq!(revoked.verdict, Verdict::Invalid);
    // Another CA's list, of the same name, says nothing.
    let stranger = with(crl(&ca("Root", |_| {}), Some((2026, 2, 3))));
    assert_eq!(
        (stranger.verdict, stranger.signatures[0].revocation.value),
        (Verdict::Valid, Revocation::Unknown)
    );
}

/// Signs with a certificate that lived a day, and a time stamp.
fn stamped(person: &Person, root: &Ca, clock: &Person, time: &str) -> Vec<u8> {
    let stamp = |value: &[u8]| clock.stamp(value, time, Form::default());
    person.paper(&Paper::default(), &[root], Form { stamp: Some(&stamp), ..Form::default() })
}

#[test]
fn time_stamp_proves_the_time() {
    let root = ca("Root", |_| {});
    let person = person(&root, "Li Ming", |params| {
        (params.not_before, params.not_after) = (date_time_ymd(2025, 6, 1), date_time_ymd(2025, 6, 2));
    });
    let (ours, others) = (clock(&root), clock(&ca("Others", |_| {})));
    let good = judge(&stamped(&person, &root, &ours, "20250601120000Z"), &[&root]);
    assert_eq!(good.verdict, Verdict::Valid, "{good:?}");
    let proven = good.signatures[0].proven_time.as_ref().unwrap();
    assert_eq!((proven.time.as_str(), proven.source), ("2025-06-01T12:00:00Z", "time_stamp"));
    fails(&judge(&stamped(&person, &root, &ours, "20250701120000Z"), &[&root]), Trust::Expired, "expired");
    fails(&judge(&stamped(&person, &root, &others, "20250601120000Z"), &[&root]), Trust::Expired, "expired");
    // A certificate that is none for time stamps.
    let signer = crate::pki::person(&root, "Nobody", |_| {});
    let report = judge(&stamped(&person, &root, &signer, "20250601120000Z"), &[&root]);
    fails(&report, Trust::Expired, "expired");
    assert!(codes(&report).contains(&"time_stamp_untrusted"));
}

#[test]
fn chain_that_a_person_has_looked_at_is_trusted() {
    let (root, other) = (ca("Root", |_| {}), ca("Root", |_| {}));
    let person = |ca: &Ca| person(ca, "Li Ming", |_| {}).paper(&Paper::default(), &[ca], Form::default());
    let first = trust_of(person(&root), &options(&[]));
    assert_eq!(first.trust.len(), 1);
    assert_eq!(first.trust[0].subject, "CN=Root");
    let mut options = options(&[]);
    options.trust = first.trust;
    assert_eq!(verify(person(&root), &options).verdict, Verdict::Valid);
    let changed = verify(person(&other), &options);
    assert_eq!(changed.verdict, Verdict::Invalid);
    assert!(codes(&changed).contains(&"issuer_changed"), "{:?}", codes(&changed));
}

#[test]
fn forests_of_certificates_come_to_an_end() {
    let root = ca("Root", |_| {});
    // Every one could have issued every other by its name; none has.
    let strangers: Vec<Ca> = (0..60).map(|_| ca("Issuer", |_| {})).collect();
    let issuer = ca_below(&root, "Issuer", |_| {});
    let person = person(&issuer, "Li Ming", |_| {});
    let above: Vec<&Ca> = strangers.iter().collect();
    fails(
        &judge(&person.paper(&Paper::default(), &above[..30], Form::default()), &[&root]),
        Trust::Untrusted,
        "the certificate of CN=Issuer is not there",
    );
}
