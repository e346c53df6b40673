//! What becomes of a document after it was signed: small papers made here, each changed in one way.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod corpus;
mod encrypted;
mod hostile;
mod misread;
mod paper;
mod permitted;
mod range;
mod refused;
mod repaired;
mod sent;
mod shadow;
#[path = "../support/skip.rs"]
mod skip;
#[path = "../pdf/support.rs"]
#[allow(dead_code)]
mod support;
mod unread;
