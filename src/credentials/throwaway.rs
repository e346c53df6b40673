//! A certificate that is made for one call, signed by its own key: nobody can know it.

use data_encoding::HEXLOWER;
use ring::rand::{SecureRandom, SystemRandom};
use ring::signature::{ECDSA_P256_SHA256_ASN1_SIGNING, EcdsaKeyPair, KeyPair};
use zeroize::Zeroizing;

use super::certificate::rfc3339;
use super::der::{BIT_STRING, CONTEXT_0, INTEGER, SEQUENCE, UTC_TIME, write};
use super::now;
use crate::protocol::{Error, Reason, Result};

/// Whom it names, for who finds it in a log.
const NAME: &[u8] = b"wosigndoc preflight, made for one call";
/// Seconds that it is valid before and after this moment: clocks differ.
const VALID: i64 = 86_400;

const SET: u8 = 0x31;
const UTF8_STRING: u8 = 0x0c;
const CONTEXT_3: u8 = 0xa3;
/// 2.5.4.3
const COMMON_NAME: &[u8] = &[0x06, 3, 0x55, 4, 3];
/// 1.2.840.10045.4.3.2
const ECDSA_WITH_SHA256: &[u8] = &[0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
/// 1.2.840.10045.2.1 and 1.2.840.10045.3.1.7
const ON_P256: &[u8] =
    &[0x06, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1, 0x06, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
/// What a client's certificate has: keyUsage digitalSignature, critical, and extendedKeyUsage clientAuth.
const EXTENSIONS: &[u8] = &[
    0x30, 14, 0x06, 3, 0x55, 0x1d, 15, 0x01, 1, 0xff, 0x04, 4, 0x03, 2, 7, 0x80, //
    0x30, 19, 0x06, 3, 0x55, 0x1d, 37, 0x04, 12, 0x30, 10, 0x06, 8, 0x2b, 6, 1, 5, 5, 7, 3, 2,
];

/// A certificate and its key, in DER.
pub(crate) struct Throwaway {
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Zeroizing<Vec<u8>>,
}

/// Makes a certificate for client authentication with a new key on P-256.
///
/// # Errors
/// `defect` where the system has no random numbers.
pub(crate) fn throwaway() -> Result<Throwaway> {
    let random = SystemRandom::new();
    let failed = |error: &dyn std::fmt::Display| Error::new(Reason::Defect).because(error);
    let key =
        EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &random).map_err(|e| failed(&e))?;
    let key = Zeroizing::new(key.as_ref().to_vec());
    let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_ASN1_SIGNING, &key, &random);
    let pair = pair.map_err(|error| failed(&error))?;
    let told = told(&random_id()?, pair.public_key().as_ref());
    let signature = pair.sign(&random, &told).map_err(|error| failed(&error))?;
    let algorithm = write(SEQUENCE, &[ECDSA_WITH_SHA256]);
    let certificate = write(SEQUENCE, &[&told, &algorithm, &write(BIT_STRING, &[&[0], signature.as_ref()])]);
    Ok(Throwaway { certificate: certificate.to_vec(), key })
}

/// Returns 128 random bits in hexadecimal digits: what nobody else has.
///
/// # Errors
/// `defect` where the system has no random numbers.
pub(crate) fn random_id() -> Result<String> {
    let mut bytes = [0; 16];
    SystemRandom::new().fill(&mut bytes).map_err(|error| Error::new(Reason::Defect).because(error))?;
    Ok(HEXLOWER.encode(&bytes))
}

/// Writes what is signed (RFC 5280, TBSCertificate).
fn told(serial: &str, public_key: &[u8]) -> Vec<u8> {
    let name = write(SEQUENCE, &[COMMON_NAME, &write(UTF8_STRING, &[NAME])]);
    let name = write(SEQUENCE, &[&write(SET, &[&name])]);
    let time = now();
    let valid = write(SEQUENCE, &[&utc_time(time - VALID), &utc_time(time + VALID)]);
    let key = write(SEQUENCE, &[&write(SEQUENCE, &[ON_P256]), &write(BIT_STRING, &[&[0], public_key])]);
    let version_3 = write(CONTEXT_0, &[&write(INTEGER, &[&[2]])]);
    // Fifteen digits as they are: positive, and without a zero byte before them.
    let serial = write(INTEGER, &[b"1", serial.as_bytes().get(..15).unwrap_or_default()]);
    let algorithm = write(SEQUENCE, &[ECDSA_WITH_SHA256]);
    let extensions = write(CONTEXT_3, &[&write(SEQUENCE, &[EXTENSIONS])]);
    write(SEQUENCE, &[&version_3, &serial, &algorithm, &name, &valid, &name, &key, &extensions]).to_vec()
}

/// Writes a moment as `YYMMDDhhmmssZ`.
fn utc_time(seconds: i64) -> Zeroizing<Vec<u8>> {
    let digits: String = rfc3339(seconds).chars().filter(char::is_ascii_digit).collect();
    write(UTC_TIME, &[digits.get(2..).unwrap_or_default().as_bytes(), b"Z"])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::credentials::Facts;

    #[test]
    fn it_is_valid_now_and_another_each_time() {
        let (one, other) = (throwaway().unwrap(), throwaway().unwrap());
        let facts = Facts::of(&one.certificate).unwrap();
        assert!(facts.not_before < now() && now() < facts.not_after, "{facts:?}");
        assert_eq!(facts.subject, facts.issuer);
        assert!(facts.subject.contains("wosigndoc preflight"), "{facts:?}");
        assert_ne!(facts.spki_sha256, Facts::of(&other.certificate).unwrap().spki_sha256);
        let (_, read) = x509_parser::parse_x509_certificate(&one.certificate).unwrap();
        assert!(read.extended_key_usage().unwrap().unwrap().value.client_auth);
        assert!(read.key_usage().unwrap().unwrap().value.digital_signature());
        let at = read.signature_value.data.to_vec();
        let key = ring::signature::UnparsedPublicKey::new(
            &ring::signature::ECDSA_P256_SHA256_ASN1,
            read.public_key().subject_public_key.data.to_vec(),
        );
        key.verify(read.tbs_certificate.as_ref(), &at).unwrap();
    }
}
