//! Sending orders by the library, against real TLS servers that do as a test says.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

mod answers;
#[path = "../common/mod.rs"]
mod common;
#[path = "../support/desk.rs"]
mod desk;
mod example;
mod identity;
mod live;
mod preflight;
mod proxy;
mod send;
mod shared;
mod tls;
mod tls_words;
#[path = "../support/tools.rs"]
mod tools;
