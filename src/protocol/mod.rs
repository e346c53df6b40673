//! What both halves share: orders, codes, answers and pushes as data. No I/O here.

pub mod answer;
pub mod base64_text;
pub mod bilingual;
pub mod catalogue;
pub mod error;
pub mod fields;
pub(crate) mod foreign;
pub mod hash;
pub mod hex;
mod http_status;
pub mod json;
pub mod limits;
pub mod numbers;
pub mod order;
pub(crate) mod parse;
pub mod position;
pub mod push;
pub mod scan;
pub mod stream;
pub mod subject;
pub(crate) mod system;
pub mod valid_order;
pub mod validate;
pub mod wire;
#[cfg(test)]
mod wire_tests;

pub use answer::Answer;
pub use bilingual::Bilingual;
pub use catalogue::{Code, Kind, Reason};
pub use error::{Error, Result, Violation, Warning};
pub use order::{DocumentSource, RawSource, SignOrder, SignatureBox, Signer};
pub use position::Position;
pub use validate::{ValidOrder, validate};
