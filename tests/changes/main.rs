//! What becomes of a document after it was signed: small papers made here, each changed in one way.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod added;
mod corpus;
mod encrypted;
mod filled;
mod grants;
mod hostile;
mod measured;
mod misread;
mod painted;
mod paper;
mod permitted;
mod poses;
mod range;
mod refused;
mod repaired;
mod sent;
mod shadow;
#[path = "../support/skip.rs"]
mod skip;
mod strict;
#[path = "../pdf/support.rs"]
#[allow(dead_code)]
mod support;
mod unread;
