//! Hashes, keys and signature values, out of well-kept crates. Only checking: nothing here is secret, so time may tell.
//!
//! RSA is one power by `num-bigint`; ECDSA and SM2 are the crates of RustCrypto, Ed25519 is ring's, which is here anyway.

mod curve;
mod hash;
mod key;
mod message;
mod rsa;
mod scheme;

pub(crate) use hash::Hash;
pub(crate) use key::PublicKey;
pub(crate) use message::{Document, Message};
pub(crate) use scheme::{Outcome, Scheme, check};
