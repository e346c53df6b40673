//! Reads PDFs without changing a byte: objects, pages and signatures.
//!
//! - [`PdfFile`] is a file in memory whose objects are read on demand.
//! - [`pages::pages`] lists its pages, [`signatures::existing`] the signatures that it carries.
//!
//! Objects keep the place where they stand, so that a new version of one can be its old text with a few bytes
//! put in, and a signature can be held against the very bytes that it covers. Nothing is
//! repaired: what cannot be read as it stands is refused. Reading is bounded in time and memory, whatever the
//! file says.

pub mod error;
pub mod file;
pub mod lexer;
pub mod pages;
pub mod signatures;
mod stream;
pub mod string;
pub mod value;
pub mod xref;

pub use error::{PdfError, PdfErrorKind};
pub use file::{Object, ObjectId, PdfFile};
pub use pages::Page;
pub use value::{Dict, Item, Value};
pub use xref::Place;
