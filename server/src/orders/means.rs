//! What every order needs besides itself.

use std::sync::Arc;

use crate::faults::Faults;
use crate::signing::{CertificateAuthority, Fonts};

/// The CA, the fonts and the rules that signing needs besides the order.
pub struct Means {
    /// Vouches for the signers.
    pub authority: CertificateAuthority,
    /// What seals are written with.
    pub fonts: Fonts,
    /// What goes wrong on purpose.
    pub faults: Arc<Faults>,
}
