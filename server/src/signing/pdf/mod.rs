//! Reads PDFs without changing a byte, and appends to them.
//!
//! Objects keep the place where they stand, so that a new version of one is its old text with a few bytes
//! put in: numbers such as 595.29998779 stay as they are, and earlier signatures stay valid.

pub mod actions;
pub mod append;
pub mod edit;
pub mod file;
pub mod pages;
pub mod rewrite;
pub mod signatures;
pub mod splice;
pub mod stream;
pub mod string;
pub mod token;
pub mod xref;
