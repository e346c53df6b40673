//! The cases of vectors/, run against the core, and bodies that nobody would write.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod deliveries;
#[path = "../support/language.rs"]
mod language;
mod mutations;
mod protocol;
