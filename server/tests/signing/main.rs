//! Signing PDFs: what is signed is valid by tools that this project did not write, and what cannot be signed is refused.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod encrypted;
mod forms;
mod limits;
mod look;
mod refused;
mod scripts;
mod signed;
mod slips;
mod support;
