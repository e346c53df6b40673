//! What both halves share: orders, codes, answers and pushes as data. No I/O here.

pub mod catalogue;
pub mod error;

pub use catalogue::{Code, Kind, Reason};
pub use error::{Error, Result};
