//! The platform from outside: its command, its interface over real TLS, its pushes, and its death.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod calls;
mod certify;
mod certify_options;
mod clock;
mod codes;
mod consent;
mod control;
mod control_time;
mod control_waits;
mod crash;
mod edges;
mod encodings;
mod faults;
mod kit;
#[path = "../../../tests/support/language.rs"]
mod language;
mod life;
mod ordered_faults;
mod orders;
#[path = "../../../tests/support/paper.rs"]
mod paper;
mod preflight;
mod pushes;
mod receiver;
mod renewal;
mod retention;
mod sandbox;
#[path = "../../../tests/support/schema.rs"]
mod schema;
mod site;
mod temporary;
#[path = "../../../tests/support/tools.rs"]
mod tools;
mod transport;
mod verify;
