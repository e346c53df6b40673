//! The PDF reader: what it reads, what it makes of damaged files, and what it refuses.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod corpus;
mod limits;
mod reader;
#[path = "../support/skip.rs"]
mod skip;
mod slips;
mod support;
