//! A WoSignDoc platform for one test: a process of its own that really signs and really pushes, does on order what goes wrong
//! once a year, and ends with the test, whatever becomes of that.
//!
//! ```no_run
//! use wosigndoc_testing::WoSignDocSandbox;
//! # fn contract(number: &str) -> wosigndoc::SignOrder { wosigndoc::SignOrder::new(number) }
//!
//! let sandbox = WoSignDocSandbox::start().unwrap();
//! sandbox.client().create(&contract("A-1")).unwrap();
//! let push = sandbox.await_push("A-1").unwrap();
//! assert_eq!(push.document.unwrap(), sandbox.document("A-1").unwrap());
//! ```

mod asking;
mod control;
mod error;
mod program;
mod sandbox;
mod told;

pub use error::SandboxError;
pub use program::Options;
pub use sandbox::WoSignDocSandbox;
pub use told::{InboxEntry, JournalEntry, OrderState, SandboxOrder};
