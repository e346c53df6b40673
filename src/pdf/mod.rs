//! Reads PDFs without changing a byte: objects, pages, form fields, signatures, revisions.
//!
//! - [`PdfFile`] is a file in memory whose objects are read on demand.
//! - [`pages()`] lists its pages, [`fields()`] the fields of its form, [`signatures()`] those that are signed.
//! - [`PdfFile::revisions`] tells what each revision added, [`PdfFile::revision`] opens an earlier one.
//!
//! Whatever is read keeps its place, so that a new version of an object can be its old text with a few bytes
//! put in, and a signature can be held against the very bytes that it covers. Nothing is repaired: what cannot
//! be read as it stands is refused, but for a few slips that every reader bears. Reading is bounded in time and memory, whatever the file says. An encrypted
//! file is opened with its password ([`PdfFile::open_with`]), or decrypted by whoever has its key
//! ([`PdfFile::unlocked`]).

mod crypt;
mod decrypt;
mod error;
mod file;
mod filters;
mod form;
mod lexer;
mod nearby;
mod number;
mod object;
mod pages;
mod rows;
mod section;
mod signatures;
mod stream;
mod strict;
mod string;
mod value;
mod xref;

pub use crypt::{Cipher, Key, is_exempt, key_of, password_hash, rc4};
pub use decrypt::Decrypt;
pub use error::{PdfError, PdfErrorKind, Result};
pub use file::PdfFile;
pub use form::{Field, FormFields, fields};
pub(crate) use lexer::is_regular;
pub use object::Object;
pub use pages::{Page, pages};
pub(crate) use rows::Rows;
pub use section::{MAX_OBJECTS, Place};
pub use signatures::{Signature, permission, signatures};
pub use value::{Dict, Item, ObjectId, Value};
pub use xref::Xref;
