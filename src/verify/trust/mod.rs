//! Whether a certificate leads to a root that the caller trusts, and was good at a given time.

mod crl;
mod names;
mod ocsp;
mod path;
mod revocation;
mod roots;
mod usage;

pub use roots::Roots;

pub(crate) use path::{Judged, Pool, Trust, judge, top};
pub(crate) use revocation::{Evidence, Revocation};
pub(crate) use usage::Purpose;
