//! One request to the callback, and what a right site does with it.

use bytes::Bytes;
use serde::Serialize;
use sha2::{Digest, Sha256};
use wosigndoc::protocol::Bilingual;

/// How grave something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Nothing is wrong.
    Passed,
    /// It should be otherwise, and costs no contract today.
    Advice,
    /// A contract would be lost or pushed for ever, or a forgery was taken.
    Wrong,
}

/// A document as it is known again: its length and its SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Print {
    /// The length in bytes.
    pub length: u64,
    /// SHA-256.
    pub sha256: [u8; 32],
}

impl Print {
    /// Returns that of these bytes.
    pub fn of(bytes: &[u8]) -> Print {
        Print { length: bytes.len() as u64, sha256: Sha256::digest(bytes).into() }
    }
}

/// How a request goes over the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As the platform pushes.
    Plain,
    /// In chunks, its length not told beforehand.
    Chunked,
    /// With `Expect: 100-continue`, as some clients send what is long.
    Expecting,
    /// In pieces that take two seconds.
    Slow,
    /// Half of it, then the connection breaks.
    Cut,
    /// Over a connection that is kept for the next.
    Kept,
    /// GET, with no body.
    Get,
}

/// What a right site does.
#[derive(Clone, Debug)]
pub enum Rule {
    /// It stores the push and answers `1`; anything else is as grave as this.
    Take(Grade),
    /// It does not answer `1`.
    Refuse(Harm),
    /// It does as it likes, but answers `1` only to what it has stored.
    Either,
}

/// What it means that a push was acknowledged which should not have been.
#[derive(Clone, Debug)]
pub struct Harm {
    /// Whether it is a forgery that only the document's signatures show.
    pub forgery: bool,
    /// How grave it is where signatures are verified.
    pub grade: Grade,
    /// What the site did, in words that go on after "it answered 1".
    pub words: Bilingual,
}

/// A request.
#[derive(Clone, Debug)]
pub struct Shot {
    /// orderNumber.
    pub number: String,
    /// signid.
    pub signid: String,
    /// What is stored once it is acknowledged; `None`: it has no document.
    pub document: Option<Print>,
    /// The body.
    pub body: Bytes,
    /// What it says that the body is.
    pub content_type: &'static str,
    /// How it goes over the wire.
    pub way: Way,
    /// What a right site does.
    pub rule: Rule,
}

impl Shot {
    /// Sends it in another way.
    pub fn by(self, way: Way) -> Shot {
        Shot { way, ..self }
    }
}
