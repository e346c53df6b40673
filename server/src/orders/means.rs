//! What every order needs besides itself.

use crate::faults::Faults;
use crate::signing::{CertificateAuthority, Fonts};

/// The CA, the fonts and the rules that signing needs besides the order.
pub struct Means {
    /// Vouches for the signers.
    pub authority: CertificateAuthority,
    /// What seals are written with.
    pub fonts: Fonts,
    /// Whether faults that an orderNumber names are committed.
    pub faults: Faults,
}
