//! Settings as JSON: where they are kept, sections read setting by setting, and files or texts that one names.

mod origin;
mod section;
mod source;

pub(crate) use origin::Origin;
pub(crate) use section::Section;
pub use source::resolve;
pub(crate) use source::{FILES, object, settings, starting_file};
#[cfg(test)]
pub(crate) use source::{Form, VARIABLES};
