//! The C ABI from outside: its calls, its header, the object and programs in C that use it.

#![allow(clippy::expect_used, clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, unsafe_code)]

mod calls;
mod client;
#[path = "../common/mod.rs"]
mod common;
mod deliveries;
mod example;
mod header;
mod hosted;
mod object;
mod programs;
mod push;
mod support;
#[path = "../support/tools.rs"]
mod tools;
mod vectors;
mod verify;
