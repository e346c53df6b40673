//! What the project says of itself holds: pages in both languages, tables that are made from the code, the layout.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::string_slice, clippy::unwrap_used)]

mod chinese;
mod conformance;
mod errors;
mod imports;
mod kit;
mod layout;
mod page;
mod pages;
#[path = "../support/paper.rs"]
mod paper;
mod programs;
mod rooms;
mod rules;
#[path = "../support/schema.rs"]
mod schema;
#[path = "../support/tools.rs"]
mod tools;
