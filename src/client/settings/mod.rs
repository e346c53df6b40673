//! Settings as JSON: where they are kept, and files or texts that one names.

mod origin;
mod source;

pub(crate) use origin::{Origin, Pair};
pub use source::resolve;
pub(crate) use source::{FILES, from_file, from_process, object, settings, starting_file};
#[cfg(test)]
pub(crate) use source::{VARIABLES, VariableKind};
