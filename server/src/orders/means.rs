//! What every order needs besides itself.

use crate::faults::Fault;
use crate::signing::{CertificateAuthority, Fonts};

/// What signing needs besides the order.
pub struct Means {
    /// Vouches for the signers.
    pub authority: CertificateAuthority,
    /// What seals are written with.
    pub fonts: Fonts,
    /// Whether faults that an order names are obeyed.
    pub faults: bool,
}

impl Means {
    /// The fault to commit on this order.
    pub fn fault(&self, order_number: &str) -> Option<Fault> {
        Fault::named(order_number).filter(|_| self.faults)
    }
}
