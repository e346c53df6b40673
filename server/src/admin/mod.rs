//! What a person does by hand, also while the platform runs: all of it goes through the database.

mod commands;
mod print;
pub mod questions;
mod running;
mod template_check;

pub use commands::Admin;
pub use print::run;
