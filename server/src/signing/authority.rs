//! The platform's certificate authority: makes itself, loads itself, and vouches for signers.

use rcgen::{
    BasicConstraints, CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    PublicKeyData,
};
use time::{Duration, OffsetDateTime};

use super::error::{Result, SigningError};
use super::{SignerKind, SignerRequest};

/// How long the authority's own certificate is valid.
const AUTHORITY_YEARS: i64 = 20;
/// How long a signer's certificate is valid; its key signs one order and is then forgotten.
const SIGNER_YEARS: i64 = 5;
/// Clocks differ: certificates are valid a little earlier than now.
const CLOCK_SLACK: Duration = Duration::minutes(5);
/// Longest common name by X.520.
const MAX_NAME: usize = 64;
/// X.520 `organizationIdentifier`.
const ORGANISATION_IDENTIFIER: &[u64] = &[2, 5, 4, 97];

/// A certificate authority with its key (P-256).
pub struct CertificateAuthority {
    issuer: Issuer<'static, KeyPair>,
    certificate: Vec<u8>,
    certificate_pem: String,
    not_after: OffsetDateTime,
}

/// A signer's certificate and the key that belongs to it.
pub struct SignerIdentity {
    /// The private key (P-256).
    pub key: KeyPair,
    /// The certificate in DER.
    pub certificate: Vec<u8>,
}

impl CertificateAuthority {
    /// Makes a new authority of this name.
    pub fn generate(name: &str, now: OffsetDateTime) -> Result<CertificateAuthority> {
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = now - CLOCK_SLACK;
        params.not_after = now + Duration::days(365 * AUTHORITY_YEARS);
        let certificate = params.self_signed(&key).map_err(failed)?;
        CertificateAuthority::load(&certificate.pem(), &key.serialize_pem())
    }

    /// Loads an authority from its certificate and key, both PEM; the key must belong to the certificate.
    pub fn load(certificate_pem: &str, key_pem: &str) -> Result<CertificateAuthority> {
        let key = KeyPair::from_pem(key_pem).map_err(failed)?;
        let (_, pem) = x509_parser::pem::parse_x509_pem(certificate_pem.as_bytes()).map_err(failed)?;
        let parsed = pem.parse_x509().map_err(failed)?;
        if parsed.public_key().raw != key.subject_public_key_info() {
            return Err(failed("the authority's key does not belong to its certificate"));
        }
        let not_after = parsed.validity().not_after.to_datetime();
        let issuer = Issuer::from_ca_cert_pem(certificate_pem, key).map_err(failed)?;
        Ok(CertificateAuthority {
            issuer,
            certificate: pem.contents.clone(),
            certificate_pem: certificate_pem.to_owned(),
            not_after,
        })
    }

    /// Returns its certificate in PEM: what a verifier has to trust.
    pub fn certificate_pem(&self) -> &str {
        &self.certificate_pem
    }

    /// Returns its certificate in DER.
    pub fn certificate_der(&self) -> &[u8] {
        &self.certificate
    }

    /// Returns its private key in PEM (PKCS#8). A secret.
    pub fn key_pem(&self) -> String {
        self.issuer.key().serialize_pem()
    }

    /// Issues a certificate for a signer, with a new key. It names the signer and, for an organisation, the
    /// number of its licence; never a person's identity number.
    pub fn issue(&self, signer: &SignerRequest, now: OffsetDateTime) -> Result<SignerIdentity> {
        let key = KeyPair::generate().map_err(failed)?;
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(signer);
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::ContentCommitment];
        params.use_authority_key_identifier_extension = true;
        params.not_before = now - CLOCK_SLACK;
        params.not_after = self.not_after.min(now + Duration::days(365 * SIGNER_YEARS));
        if params.not_after <= now {
            return Err(failed("the authority's certificate has expired"));
        }
        let certificate = params.signed_by(&key, &self.issuer).map_err(failed)?;
        Ok(SignerIdentity { key, certificate: certificate.der().to_vec() })
    }
}

impl std::fmt::Debug for CertificateAuthority {
    /// Shows it without the key.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("CertificateAuthority").field("not_after", &self.not_after).finish_non_exhaustive()
    }
}

fn subject(signer: &SignerRequest) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    let country = signer.country.as_str();
    if country.len() == 2 && country.bytes().all(|byte| byte.is_ascii_uppercase()) {
        subject.push(DnType::CountryName, country);
    }
    let name: String = signer.name.trim().chars().take(MAX_NAME).collect();
    if signer.kind == SignerKind::Organisation {
        subject.push(DnType::OrganizationName, name.as_str());
        if let Some(number) = signer.licence_number.as_deref().map(str::trim).filter(|n| !n.is_empty()) {
            // EN 319 412-1: a number in a national trade register.
            let identifier = format!("NTR{country}-{number}");
            subject.push(DnType::from_oid(ORGANISATION_IDENTIFIER), identifier.as_str());
        }
    }
    subject.push(DnType::CommonName, name.as_str());
    subject
}

fn failed(error: impl std::fmt::Display) -> SigningError {
    SigningError::internal("certificate authority", error)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer(kind: SignerKind) -> SignerRequest {
        SignerRequest {
            name: " 北京沃通 ".to_owned(),
            kind,
            licence_number: Some("91110108".to_owned()),
            country: "CN".to_owned(),
            picture: None,
            boxes: Vec::new(),
        }
    }

    /// Covers P-40: what a signer's certificate says, and what it leaves out.
    #[test]
    fn issues_certificates_for_signing() {
        let now = OffsetDateTime::now_utc();
        let ca = CertificateAuthority::generate("CA", now).unwrap();
        let ca = CertificateAuthority::load(ca.certificate_pem(), &ca.key_pem()).unwrap();
        for (kind, subject) in [
            (SignerKind::Organisation, "C=CN, O=北京沃通, OID(2.5.4.97)=NTRCN-91110108, CN=北京沃通"),
            (SignerKind::Person, "C=CN, CN=北京沃通"),
        ] {
            let identity = ca.issue(&signer(kind), now).unwrap();
            let (_, certificate) = x509_parser::parse_x509_certificate(&identity.certificate).unwrap();
            assert_eq!(certificate.subject().to_string(), subject);
            assert_eq!(certificate.issuer().to_string(), "CN=CA");
            let usage = certificate.key_usage().unwrap().unwrap().value;
            assert!(usage.digital_signature() && usage.non_repudiation() && !usage.key_cert_sign());
            assert!(!certificate.is_ca() && certificate.validity().is_valid());
            let (_, authority) = x509_parser::parse_x509_certificate(ca.certificate_der()).unwrap();
            certificate.verify_signature(Some(authority.public_key())).unwrap();
            assert!(certificate.extensions().iter().any(|extension| {
                matches!(
                    extension.parsed_extension(),
                    x509_parser::extensions::ParsedExtension::AuthorityKeyIdentifier(id)
                        if id.key_identifier.is_some()
                )
            }));
        }
    }

    #[test]
    fn refuses_what_does_not_fit() {
        let now = OffsetDateTime::now_utc();
        let (one, other) = (
            CertificateAuthority::generate("A", now).unwrap(),
            CertificateAuthority::generate("B", now).unwrap(),
        );
        assert!(CertificateAuthority::load(one.certificate_pem(), &other.key_pem()).is_err());
        assert!(CertificateAuthority::load("", &one.key_pem()).is_err());
        assert!(CertificateAuthority::load(one.certificate_pem(), "").is_err());
        let later = now + Duration::days(366 * AUTHORITY_YEARS);
        assert!(one.issue(&signer(SignerKind::Person), later).is_err());
        assert!(!format!("{one:?}").contains("PRIVATE"));
    }
}
