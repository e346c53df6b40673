//! An order, from the request that brings it to its signed document.

pub mod accept;
mod checks;
mod document;
pub mod material;
pub mod means;
pub mod refusal;
mod request;
pub mod retention;
pub mod spool;
mod twist;
pub mod worker;
