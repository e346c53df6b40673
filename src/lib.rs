//! Client library for the WoSignDoc e-signing platform, and the protocol that both halves share.
//!
//! - [`protocol`]: orders, codes and pushes as data; no I/O.

pub mod protocol;
