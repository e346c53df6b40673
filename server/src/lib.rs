//! The WoSignDoc platform: takes signing orders, signs PDFs, pushes them back.
//!
//! - `cli`, `settings`, `folder`, `bootstrap`, `pki`, `template`: how it is started and what lies in its
//!   data folder
//! - `tls`, `listener`, `api`: how an order comes in (CreateSignOrder)
//! - `store`: what must survive, in an embedded database
//! - `worker`: has every signer of an accepted order sign
//! - `picture`: whether a picture is whole, and where it ends
//! - [`signing`]: a PDF and its signers go in, a signed PDF comes out; no network, no database
//! - `push`: the durable queue that hands signed documents over (PushSignedDoc)
//! - `retention`: deletes what need not be kept any longer
//! - `admin`: what a person does by hand
//! - `faults`: what goes wrong on purpose, for integrators' tests

mod admin;
mod api;
mod bootstrap;
mod cli;
mod faults;
mod folder;
mod listener;
mod picture;
mod pki;
mod push;
mod retention;
mod serve;
mod settings;
pub mod signing;
mod store;
mod template;
mod tls;
mod worker;

pub use cli::run;
