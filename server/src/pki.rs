//! The platform's certificates: its CA, the server's, and a client's as PEM and PKCS#12.

use std::net::IpAddr;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose, SanType,
};
use sha2::{Digest, Sha256};
use time::{Duration, OffsetDateTime};
use wosigndoc::protocol::hex;
use x509_parser::pem::parse_x509_pem;
use x509_parser::prelude::{FromDer, GeneralName, X509Certificate};

use crate::clock;
use crate::folder::{self, Folder};

/// A certificate and its key, both PEM.
#[derive(Clone)]
pub struct Pair {
    /// The certificate.
    pub certificate: String,
    /// Its key, PKCS#8.
    pub key: String,
}

impl Pair {
    /// Reads NAME.pem and NAME.key from the data folder; `None`: they are not there.
    pub fn read(folder: &Folder, name: &str) -> Result<Option<Pair>> {
        let certificate = folder.path(format!("{name}.pem"));
        // The certificate is written last: where it is, its key is.
        if !certificate.exists() {
            return Ok(None);
        }
        let read = |path: &Path| {
            std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))
        };
        let key = read(&folder.path(format!("{name}.key")))?;
        Ok(Some(Pair { certificate: read(&certificate)?, key }))
    }

    /// Writes NAME.pem and NAME.key into the data folder.
    pub fn write(&self, folder: &Folder, name: &str) -> Result<()> {
        for (end, text) in [("key", &self.key), ("pem", &self.certificate)] {
            let path = folder.path(format!("{name}.{end}"));
            folder::write(&path, text.as_bytes())
                .with_context(|| format!("cannot write {}", path.display()))?;
        }
        Ok(())
    }
}

/// The time left at which a server's certificate is renewed.
pub const RENEWAL: Duration = Duration::days(30);

/// Makes a new CA, good for twenty years.
pub fn authority() -> Result<Pair> {
    let mut params = named("WoSignDoc Platform CA", Duration::days(20 * 365));
    // A CA of its own name each time: two sandboxes' certificates are not taken for one another.
    let serial = uuid::Uuid::new_v4().simple().to_string();
    params.distinguished_name.push(DnType::OrganizationName, "WoSignDoc");
    params.distinguished_name.push(DnType::OrganizationalUnitName, serial.get(..8).unwrap_or("sandbox"));
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages =
        vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign, KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// Issues a server's certificate for these names and addresses.
pub fn server(authority: &Pair, hosts: &[String]) -> Result<Pair> {
    let mut params = named("WoSignDoc platform", Duration::days(397));
    for host in hosts {
        params.subject_alt_names.push(match host.parse::<IpAddr>() {
            Ok(address) => SanType::IpAddress(address),
            Err(_) => SanType::DnsName(
                host.as_str().try_into().with_context(|| format!("{host} is not a host name"))?,
            ),
        });
    }
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    issue(authority, params)
}

/// Issues a client's certificate.
pub fn client(authority: &Pair) -> Result<Pair> {
    let mut params = named("WoSignDoc sandbox client", Duration::days(10 * 365));
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
    issue(authority, params)
}

fn named(name: &str, life: Duration) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name.remove(DnType::CommonName);
    params.distinguished_name.push(DnType::CommonName, name);
    let now = clock::utc();
    // An hour back, for clocks that run late; and good by the machine's clock too, which clients go by when a test has moved
    // the platform's.
    params.not_before = now.min(OffsetDateTime::now_utc()) - Duration::hours(1);
    params.not_after = now + life;
    params
}

fn issue(authority: &Pair, mut params: CertificateParams) -> Result<Pair> {
    let issuer = Issuer::from_ca_cert_pem(&authority.certificate, KeyPair::from_pem(&authority.key)?)
        .context("the CA in the data folder cannot be used")?;
    params.use_authority_key_identifier_extension = true;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &issuer)?;
    Ok(Pair { certificate: certificate.pem(), key: key.serialize_pem() })
}

/// Returns a certificate and key as PKCS#12 (AES-256), with the CA's certificate.
pub fn pkcs12(pair: &Pair, authority: &Pair, passphrase: &str) -> Result<Vec<u8>> {
    let certificate = |text: &str| -> Result<p12_keystore::Certificate> {
        Ok(p12_keystore::Certificate::from_der(&der(text)?)?)
    };
    let key = p12_keystore::PrivateKey::from_der(&KeyPair::from_pem(&pair.key)?.serialize_der())?;
    let chain = [certificate(&pair.certificate)?, certificate(&authority.certificate)?];
    let mut store = p12_keystore::KeyStore::new();
    let id = spki(&der(&pair.certificate)?).context("the certificate cannot be read")?;
    let entry = p12_keystore::PrivateKeyChain::new(id.as_bytes().to_vec(), key, chain);
    store.add_entry("client", p12_keystore::KeyStoreEntry::PrivateKeyChain(entry));
    Ok(store.writer(passphrase).write()?)
}

/// Returns the DER of the first block of a PEM text.
pub fn der(pem: &str) -> Result<Vec<u8>> {
    let (_, block) = parse_x509_pem(pem.as_bytes()).map_err(|_| anyhow!("this is not a PEM file"))?;
    Ok(block.contents)
}

/// Returns a certificate's public key (SPKI).
pub fn key(certificate: &[u8]) -> Option<&[u8]> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    Some(certificate.tbs_certificate.subject_pki.raw)
}

/// The time in which a certificate is good.
pub struct Validity {
    /// The beginning.
    pub not_before: OffsetDateTime,
    /// The end.
    pub not_after: OffsetDateTime,
}

/// Returns when a certificate (DER) is good.
pub fn validity(certificate: &[u8]) -> Option<Validity> {
    let (_, certificate) = X509Certificate::from_der(certificate).ok()?;
    let validity = certificate.validity();
    Some(Validity {
        not_before: validity.not_before.to_datetime(),
        not_after: validity.not_after.to_datetime(),
    })
}

/// Returns what a token is bound to: the SHA-256 of the certificate's public key (SPKI), lower-case hex.
pub fn spki(certificate: &[u8]) -> Option<String> {
    Some(hex::encode(&Sha256::digest(key(certificate)?)))
}

/// Returns whether a server's certificate still serves: not near its end, for all of these hosts, and from this CA.
pub fn serves(pem: &str, hosts: &[String], authority: &str) -> bool {
    let Ok(der) = der(pem) else { return false };
    let Ok((_, certificate)) = X509Certificate::from_der(&der) else { return false };
    let left = certificate.validity().not_after.timestamp() - clock::utc().unix_timestamp();
    let Ok(Some(names)) = certificate.subject_alternative_name() else { return false };
    let named = |host: &String| names.value.general_names.iter().any(|name| is(name, host));
    left > RENEWAL.whole_seconds() && hosts.iter().all(named) && issued(&certificate, authority)
}

fn issued(certificate: &X509Certificate<'_>, authority: &str) -> bool {
    let Ok(der) = der(authority) else { return false };
    let Ok((_, authority)) = X509Certificate::from_der(&der) else { return false };
    certificate.verify_signature(Some(authority.public_key())).is_ok()
}

fn is(name: &GeneralName<'_>, host: &str) -> bool {
    match name {
        GeneralName::DNSName(name) => *name == host,
        GeneralName::IPAddress(bytes) => match host.parse::<IpAddr>() {
            Ok(IpAddr::V4(address)) => address.octets() == *bytes,
            Ok(IpAddr::V6(address)) => address.octets() == *bytes,
            Err(_) => false,
        },
        _ => false,
    }
}
