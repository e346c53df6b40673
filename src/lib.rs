//! Client library for the WoSignDoc e-signing platform, and the protocol that both halves share.
//!
//! A [`Client`] sends a [`SignOrder`]; the platform signs the contract and pushes the document back, to where
//! [`push`] receives it:
//!
//! ```no_run
//! use wosigndoc::push::{Options, Sink, receive};
//! use wosigndoc::{Client, SignOrder};
//!
//! let client = Client::from_file("client.json")?;
//! client.create(&SignOrder::new("A-1").template("T-1"))?;
//!
//! // Later, in what answers the callback URL:
//! # let body = b"";
//! let received = receive(body, Options::default(), Sink::File("signed/A-1.pdf".into()))?;
//! println!("{:?} is stored: answer with HTTP 200 and the single character 1", received.ordernumber);
//! # Ok::<(), wosigndoc::Error>(())
//! ```
//!
//! - [`client`]: configuration, identity, and sending an order over mutual TLS.
//! - [`credentials`]: certificates and keys, out of PEM, DER, PKCS#7 and PKCS#12.
//! - [`protocol`]: orders, codes and pushes as data; no I/O.
//! - [`push`]: receiving signed documents.
//! - [`verify`]: is a signed document what it claims to be.
//! - [`pdf`]: reading a PDF's objects, pages and signatures; knows nothing of signing.
//! - [`verify`]: is a signed document what it claims to be.
//! - `ffi`: the C ABI of `include/wosigndoc.h`, on top of all the others.
//!
//! Calls block the calling thread, and the library starts no thread that outlives a call. An [`Error`] carries what
//! happened and what to do, in English and Chinese. Rules of the protocol are cited as P-1 to P-41 in the code;
//! `docs/protocol.md` has their words.

pub mod client;
pub mod credentials;
mod ffi;
pub mod pdf;
pub mod protocol;
pub mod push;
mod section;
pub mod verify;

pub use client::{Client, Config, Created};
pub use protocol::{Bilingual, Code, DocumentSource, Error, Kind, Reason, Result, SignOrder, Signer};

/// The READMEs' programs compile.
#[cfg(doctest)]
mod readme {
    #[doc = include_str!("../README.md")]
    struct English;
    #[doc = include_str!("../README.zh.md")]
    struct Chinese;
}
