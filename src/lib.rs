//! Client library for the WoSignDoc e-signing platform, and the protocol that both halves share.
//!
//! - [`client`]: configuration, identity, and sending an order over mutual TLS.
//! - [`pdf`]: reading PDFs; knows nothing of signing.
//! - [`protocol`]: orders, codes and pushes as data; no I/O.
//! - [`push`]: receiving signed documents.
//! - `ffi`: the C ABI of `include/wosigndoc.h`, on top of all the others.

pub mod client;
mod ffi;
pub mod pdf;
pub mod protocol;
pub mod push;
mod section;

/// The READMEs' programs compile.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct English;
    #[doc = include_str!("../README.zh.md")]
    struct Chinese;
}
