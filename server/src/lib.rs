//! The WoSignDoc platform: takes signing orders, signs PDFs, pushes them back.
//!
//! - [`signing`]: a PDF and its signers go in, a signed PDF comes out; no network, no database.

pub mod signing;
