//! The signature itself: a CMS SignedData by PAdES-B-B over a hash of the document.

use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
    SignerInfos,
};
use der::asn1::{Any, ObjectIdentifier, OctetString, SetOfVec};
use der::{Decode, Encode, Sequence};
use rcgen::SigningKey;
use sha2::{Digest, Sha256};
use x509_cert::Certificate;
use x509_cert::attr::Attribute;
use x509_cert::spki::AlgorithmIdentifierOwned;

use super::authority::SignerIdentity;
use super::error::{Result, SigningError};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const CONTENT_TYPE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.3");
const MESSAGE_DIGEST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.4");
const SIGNING_CERTIFICATE_V2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");
const SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.16.840.1.101.3.4.2.1");
const ECDSA_WITH_SHA256: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2");

/// RFC 5035; the hash algorithm is left out because SHA-256 is its default.
#[derive(Sequence)]
struct EssCertIdV2 {
    hash: OctetString,
}

#[derive(Sequence)]
struct SigningCertificateV2 {
    certificates: Vec<EssCertIdV2>,
}

/// Signs a document's SHA-256, and returns the DER of the whole CMS message, the issuer's certificate included.
///
/// There is no signing-time attribute: PAdES has the time in the signature dictionary's `/M` instead.
pub fn sign(document_hash: &[u8], signer: &SignerIdentity, issuer: &[u8]) -> Result<Vec<u8>> {
    let certificate = Certificate::from_der(&signer.certificate).map_err(encoding)?;
    let issuer = Certificate::from_der(issuer).map_err(encoding)?;
    let attributes = attributes(document_hash, &signer.certificate).map_err(encoding)?;
    let to_sign = attributes.to_der().map_err(encoding)?;
    let signature = signer.key.sign(&to_sign).map_err(|error| SigningError::internal("signature", error))?;
    wrap(certificate, issuer, attributes, signature).map_err(encoding)
}

fn attributes(document_hash: &[u8], certificate: &[u8]) -> der::Result<SignedAttributes> {
    let own = EssCertIdV2 { hash: OctetString::new(Sha256::digest(certificate).to_vec())? };
    let own = SigningCertificateV2 { certificates: vec![own] };
    SetOfVec::try_from(vec![
        attribute(CONTENT_TYPE, Any::encode_from(&DATA)?)?,
        attribute(MESSAGE_DIGEST, Any::encode_from(&OctetString::new(document_hash)?)?)?,
        attribute(SIGNING_CERTIFICATE_V2, Any::encode_from(&own)?)?,
    ])
}

fn attribute(oid: ObjectIdentifier, value: Any) -> der::Result<Attribute> {
    Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
}

fn wrap(
    certificate: Certificate,
    issuer: Certificate,
    attributes: SignedAttributes,
    signature: Vec<u8>,
) -> der::Result<Vec<u8>> {
    let sha256 = AlgorithmIdentifierOwned { oid: SHA256, parameters: None };
    let sid = SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
        issuer: certificate.tbs_certificate().issuer().clone(),
        serial_number: certificate.tbs_certificate().serial_number().clone(),
    });
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid,
        digest_alg: sha256.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned { oid: ECDSA_WITH_SHA256, parameters: None },
        signature: OctetString::new(signature)?,
        unsigned_attrs: None,
    };
    let certificates = [certificate, issuer].map(CertificateChoices::Certificate);
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![sha256])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: DATA, econtent: None },
        certificates: Some(CertificateSet(SetOfVec::try_from(Vec::from(certificates))?)),
        crls: None,
        signer_infos: SignerInfos(SetOfVec::try_from(vec![info])?),
    };
    ContentInfo { content_type: SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn encoding(error: der::Error) -> SigningError {
    SigningError::internal("signature encoding", error)
}
