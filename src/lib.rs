//! Client library for the WoSignDoc e-signing platform, and the protocol that both halves share.
//!
//! - [`protocol`]: orders, codes and pushes as data; no I/O.
//! - `ffi`: the C ABI of `include/wosigndoc.h`, on top of all the others.

mod ffi;
pub mod protocol;
