//! Certificates made by the tests, with keys on P-256.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer, CustomExtension,
    DnType, IsCa, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber, SigningKey,
    date_time_ymd,
};
use wosigndoc::verify::{Options, Report, verify};

use crate::cms::{Form, TST_INFO, information};
use crate::paper::Paper;

/// A CA.
pub type Ca = CertifiedIssuer<'static, KeyPair>;

/// A certificate of somebody who signs.
pub struct Person {
    pub der: Vec<u8>,
    pub key: KeyPair,
}

pub fn ca(name: &str, change: impl Fn(&mut CertificateParams)) -> Ca {
    CertifiedIssuer::self_signed(authority(name, change), KeyPair::generate().unwrap()).unwrap()
}

pub fn ca_below(above: &Ca, name: &str, change: impl Fn(&mut CertificateParams)) -> Ca {
    CertifiedIssuer::signed_by(authority(name, change), KeyPair::generate().unwrap(), above).unwrap()
}

fn authority(name: &str, change: impl Fn(&mut CertificateParams)) -> CertificateParams {
    let mut params = params(name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    change(&mut params);
    params
}

fn params(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    (params.not_before, params.not_after) = (date_time_ymd(2025, 1, 1), date_time_ymd(2027, 1, 1));
    params.use_authority_key_identifier_extension = true;
    params
}

pub fn person(ca: &Ca, name: &str, change: impl Fn(&mut CertificateParams)) -> Person {
    let key = KeyPair::generate().unwrap();
    let mut params = params(name);
    params.serial_number = Some(SerialNumber::from(77_u64));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    change(&mut params);
    Person { der: params.signed_by(&key, ca).unwrap().der().to_vec(), key }
}

/// Somebody who makes time stamps, between these years.
pub fn clock_between(ca: &Ca, years: (i32, i32)) -> Person {
    person(ca, "TSA", |params| {
        // id-ce-extKeyUsage, critical, time stamping alone.
        let content = b"\x30\x0a\x06\x08\x2b\x06\x01\x05\x05\x07\x03\x08".to_vec();
        let mut extension = CustomExtension::from_oid_content(&[2, 5, 29, 37], content);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
        (params.not_before, params.not_after) = (date_time_ymd(years.0, 1, 1), date_time_ymd(years.1, 1, 1));
    })
}

pub fn clock(ca: &Ca) -> Person {
    clock_between(ca, (2020, 2040))
}

/// A list that revokes number 77 since this day, or nobody.
pub fn crl(ca: &Ca, since: Option<(i32, u8, u8)>) -> Vec<u8> {
    let revoked = since.map(|(year, month, day)| RevokedCertParams {
        serial_number: SerialNumber::from(77_u64),
        revocation_time: date_time_ymd(year, month, day),
        reason_code: None,
        invalidity_date: None,
    });
    let params = CertificateRevocationListParams {
        this_update: date_time_ymd(2026, 6, 1),
        next_update: date_time_ymd(2026, 12, 31),
        crl_number: SerialNumber::from(1_u64),
        issuing_distribution_point: None,
        revoked_certs: revoked.into_iter().collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    params.signed_by(ca).unwrap().der().to_vec()
}

impl Person {
    pub fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        SigningKey::sign(&self.key, bytes).unwrap()
    }

    /// Signs a PDF, with these certificates beside its own.
    pub fn paper(&self, paper: &Paper, above: &[&Ca], form: Form<'_>) -> Vec<u8> {
        let form = Form { certificates: self.chain(above), ..form };
        paper.sign(&|bytes| form.sign(bytes, &|bytes| self.sign(bytes)))
    }

    /// Makes a time stamp token over these bytes.
    pub fn stamp(&self, over: &[u8], time: &str, form: Form<'_>) -> Vec<u8> {
        let content = Some(information(form.digest_oid, &(form.hash)(over), time));
        let form = Form { content, content_type: TST_INFO, certificates: self.chain(&[]), ..form };
        form.sign(&[], &|bytes| self.sign(bytes))
    }

    fn chain(&self, above: &[&Ca]) -> Vec<Vec<u8>> {
        let above = above.iter().map(|ca| ca.der().to_vec());
        std::iter::once(self.der.clone()).chain(above).collect()
    }
}

/// The options with these roots, judged in the middle of 2026.
pub fn options(roots: &[&Ca]) -> Options {
    let mut options = Options { at: Some(1_780_000_000), ..Options::default() };
    roots.iter().for_each(|root| options.roots.add(root.der(), "roots").unwrap());
    options
}

pub fn judge(document: &[u8], roots: &[&Ca]) -> Report {
    verify(document, &options(roots))
}

/// The codes of a report's reasons.
pub fn codes(report: &Report) -> Vec<&'static str> {
    report.reasons.iter().map(|reason| reason.code).collect()
}
