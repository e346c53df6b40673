//! Is a signed document what it claims to be? Everything is checked offline, by what the document carries and by the
//! roots that the caller trusts.
//!
//! - [`verify`] writes a [`Report`]: one verdict with its reasons, and for each signature separate findings.
//! - [`trust_of`] names the top of each chain, for a caller who has no published root.
//! - [`changes`] tells what became of a document after it was signed.
//!
//! Nothing is trusted by itself, nothing is repaired, and what cannot be judged is said and never called valid. Work,
//! memory and depth are bounded, whatever the document says.

mod algorithms;
mod asn1;
mod assemble;
mod budget;
mod certificate;
pub mod changes;
mod cms;
mod document;
mod gather;
mod old;
mod options;
mod place;
pub mod policy;
pub mod report;
pub mod signers;
mod times;
mod trust;
mod trust_block;
mod verdict;

pub use document::{TrustOf, trust_of, verify};
pub use options::Options;
pub use policy::{Policy, Preset};
pub use report::{Report, State, Verdict};
pub use trust::Roots;
pub use trust_block::TrustBlock;
