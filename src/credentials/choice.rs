//! Which certificate and key of those found are used: the pair that fits the purpose and is valid now.

use std::sync::Arc;

use rustls::sign::SigningKey;

use super::Purpose;
use super::certificate::{Certificate, Facts, key_bits, rfc3339};
use super::parts::Parts;
use super::private_key;
use crate::protocol::{Bilingual, Error, Reason, Result, Warning};

/// A certificate with the key that belongs to it.
#[derive(Clone)]
pub(super) struct Pair<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) key: Arc<dyn SigningKey>,
}

impl Pair<'_> {
    fn suits(&self, purpose: Purpose) -> bool {
        let facts = &self.certificate.facts;
        facts.signs && facts.serves(purpose)
    }
}

/// Picks the pair that TLS uses, with what is odd about the choice.
///
/// Those whose certificate is for signatures and for this purpose come first, among them one that is valid now, and the
/// one valid longest. A renewed certificate of such a key is as good as the old one, although its purposes are named
/// otherwise.
pub(super) fn choose(parts: &Parts, purpose: Purpose, now: i64) -> Result<(Pair<'_>, Vec<Warning>)> {
    let all = pairs(parts)?;
    let of_suited_key = |pair: &Pair<'_>| {
        all.iter()
            .any(|other| other.suits(purpose) && other.certificate.key_bits == pair.certificate.key_bits)
    };
    let suited: Vec<&Pair<'_>> = all.iter().filter(|pair| of_suited_key(pair)).collect();
    let suited = if suited.is_empty() { all.iter().collect() } else { suited };
    let rank = |pair: &Pair<'_>| {
        let facts = &pair.certificate.facts;
        (facts.signs, facts.is_valid(now), facts.serves(purpose), facts.not_after)
    };
    let mut ranked = suited;
    ranked.sort_by_key(|pair| std::cmp::Reverse(rank(pair)));
    let chosen = ranked.first().ok_or_else(|| Error::new(Reason::IdentityMismatch))?;
    let mut warnings = oddities(&chosen.certificate.facts, purpose);
    let rivals = ranked.iter().filter(|pair| {
        pair.certificate.key_bits != chosen.certificate.key_bits
            && pair.suits(purpose) == chosen.suits(purpose)
            && pair.certificate.facts.is_valid(now)
    });
    let left: Vec<String> = rivals.map(|rival| rival.certificate.facts.named()).collect();
    if !left.is_empty() {
        let (used, number) = (chosen.certificate.facts.named(), left.len() + 1);
        let (left, left_zh) = (left.join(", "), left.join("、"));
        warnings.push(warning(
            "identity_ambiguous",
            Bilingual::new(
                format!("there are {number} keys that fit: the one of {used} is used, not that of {left}: leave in the registered one alone"),
                format!("有 {number} 个可用的私钥：使用 {used} 的私钥，未使用 {left_zh} 的私钥：请只保留已登记的一个"),
            ),
        ));
    }
    Ok(((*chosen).clone(), warnings))
}

/// Finds every certificate whose key is there.
fn pairs(parts: &Parts) -> Result<Vec<Pair<'_>>> {
    if parts.certificates.is_empty() {
        return Err(parts.lacks(Reason::IdentityNoCertificate));
    }
    if parts.keys.is_empty() {
        return Err(parts.lacks(Reason::IdentityNoKey));
    }
    let mut failure = Error::new(Reason::IdentityMismatch);
    let mut pairs = Vec::new();
    for der in &parts.keys {
        match private_key::load(der, &parts.certificates) {
            Ok(key) => {
                let bits = key.public_key().and_then(|spki| key_bits(&spki));
                let own = parts.certificates.iter().filter(|known| bits.as_ref() == Some(&known.key_bits));
                pairs.extend(own.map(|certificate| Pair { certificate, key: Arc::clone(&key) }));
            }
            Err(error) => failure = error,
        }
    }
    if pairs.is_empty() { Err(failure) } else { Ok(pairs) }
}

/// Says what may keep the other side from taking a certificate.
fn oddities(facts: &Facts, purpose: Purpose) -> Vec<Warning> {
    let mut warnings = Vec::new();
    if !facts.signs {
        let message = Bilingual::fixed(
            "the certificate's key usage has no digitalSignature: it looks like the encryption certificate of a pair, and TLS needs the signing certificate",
            "证书的密钥用法不含 digitalSignature：这似乎是双证书中的加密证书，而 TLS 需要签名证书",
        );
        warnings.push(warning("identity_key_usage", message));
    }
    if !facts.serves(purpose) {
        let (en, zh) = match purpose {
            Purpose::Client => (
                "the certificate's purposes do not include client authentication: servers may refuse it",
                "证书用途不含客户端认证：服务器可能拒绝",
            ),
            Purpose::Server => (
                "the certificate's purposes do not include server authentication: clients may refuse it",
                "证书用途不含服务器认证：客户端可能拒绝",
            ),
        };
        warnings.push(warning("identity_purpose", Bilingual::fixed(en, zh)));
    }
    warnings
}

fn warning(word: &'static str, message: Bilingual) -> Warning {
    Warning { word, field: "identity".to_owned(), message }
}

pub(super) fn check_time(facts: &Facts, now: i64) -> Result<()> {
    if now > facts.not_after {
        let day = rfc3339(facts.not_after);
        return Err(Error::new(Reason::IdentityExpired).detail(format!("on {day}"), format!("于 {day}")));
    }
    if now < facts.not_before {
        let day = rfc3339(facts.not_before);
        return Err(
            Error::new(Reason::IdentityNotYetValid).detail(format!("before {day}"), format!("{day} 起有效"))
        );
    }
    Ok(())
}
