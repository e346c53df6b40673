//! What a site demands of a document.

use serde::{Deserialize, Serialize};

/// What follows from a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Then {
    /// Nothing: it stands in the report.
    Accept,
    /// The document is not called valid.
    Indeterminate,
    /// The document is invalid.
    Invalid,
}

/// Policies that are ready to use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Preset {
    /// Nothing is left open: revocation has to be proven, and nothing may be weak.
    Strict,
    /// What the platform signs is valid, and what is weak has to be looked at.
    #[default]
    Default,
    /// Only what is broken, altered or not trusted counts; all else stands in the report.
    Report,
}

/// What follows from what, and what is demanded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Policy {
    /// The document does not prove whether a certificate was revoked.
    pub unknown_revocation: Then,
    /// A certificate has expired, and no trusted time stamp proves that it had not when it signed.
    pub expired: Then,
    /// A hash or key is weaker than [`Policy::minimum`] demands.
    pub weak: Then,
    /// Something is odd, and breaks nothing.
    pub warnings: Then,
    /// The least strength.
    pub minimum: Minimum,
}

/// The least strength of hashes and keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Minimum {
    /// Bits of an RSA key.
    pub rsa_bits: usize,
    /// Whether SHA-1 will do. MD5 never does.
    pub sha1: bool,
}

impl Policy {
    /// Returns a ready policy.
    #[must_use]
    pub fn of(preset: Preset) -> Policy {
        let minimum = Minimum { rsa_bits: 2048, sha1: false };
        match preset {
            Preset::Strict => Policy {
                unknown_revocation: Then::Indeterminate,
                expired: Then::Invalid,
                weak: Then::Invalid,
                warnings: Then::Indeterminate,
                minimum,
            },
            Preset::Default => Policy {
                unknown_revocation: Then::Accept,
                expired: Then::Indeterminate,
                weak: Then::Indeterminate,
                warnings: Then::Accept,
                minimum,
            },
            Preset::Report => Policy {
                unknown_revocation: Then::Accept,
                expired: Then::Indeterminate,
                weak: Then::Accept,
                warnings: Then::Accept,
                minimum,
            },
        }
    }
}

impl Default for Policy {
    fn default() -> Policy {
        Policy::of(Preset::Default)
    }
}
