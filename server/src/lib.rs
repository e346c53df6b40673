//! The WoSignDoc platform: takes signing orders, signs PDFs, pushes them back.
//!
//! From the top; what stands lower knows nothing of what stands higher:
//!
//! - `cli`: the command line; `serve`: starts the parts, and stops them in good order
//! - `control`: the running platform driven over HTTP; `journal`: what came in and went out
//! - `certify`: a site's callback tried with pushes of every kind; `verify`: a document verified by hand
//! - `admin`: what a person does by hand; `start`: what a data folder needs before it is served
//! - `api`: how an order comes in over HTTP (CreateSignOrder)
//! - `orders`: judges it, stores it, has every signer sign, deletes what need not be kept
//! - `push`: the durable queue that hands signed documents over (PushSignedDoc)
//! - `server_identity`: the listener's certificate, kept up to date
//! - `listener`: connections; `settings`; `signals`: what the system asks of the process; `stop`: how the parts learn
//!   that the platform stops
//! - [`signing`]: a PDF and its signers go in, a signed PDF comes out; no network, no database
//! - `store`: what must survive, in an embedded database; `folder`: the files beside it; `rights`: who may read them
//! - `clock`: what the platform calls now; `terminal`: what is printed for people; `problem`: what is wrong with what was asked
//! - `given`: certificates, keys and settings in files that an operator gives
//! - `tls`, `pki`: who is at the other end, and the platform's certificates
//! - `picture`: whether a picture is whole; `faults`: what goes wrong on purpose, for integrators' tests;
//!   `broken_body`: how a body breaks off

mod admin;
mod api;
mod broken_body;
mod certify;
mod cli;
mod clock;
mod control;
mod faults;
mod folder;
mod given;
mod journal;
mod lifeline;
mod listener;
mod orders;
mod picture;
mod pki;
mod problem;
mod push;
mod rights;
mod serve;
mod server_identity;
mod settings;
mod signals;
pub mod signing;
mod start;
mod stop;
mod store;
mod terminal;
mod tls;
mod verify;

pub use cli::run;
