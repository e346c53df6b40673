//! The verifier: every algorithm, every form of CMS, the paths to given roots, and what a report says. All material is made
//! here.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, missing_docs)]

mod algorithms;
mod cms;
mod corpus;
mod forms;
mod paper;
mod pki;
mod proofs;
mod receiving;
mod report;
#[path = "../support/tools.rs"]
mod tools;
mod trust;
mod vectors;
