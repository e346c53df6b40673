//! Is a signed document what it claims to be.

pub mod changes;
