//! Host names, looked up by the system's own resolver on the calling thread.
//!
//! The runtime's usual way is a pool thread that lingers for ten seconds after the call: after a fork it
//! is gone, and a library that is unloaded meanwhile crashes. A lookup cannot be interrupted from outside
//! either, so a thread of our own could only be left behind or waited for. The calling thread waits, for as
//! long as resolv.conf allows; the connect timeout is applied when it returns.

use std::fmt;
use std::net::ToSocketAddrs;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// The system's resolver.
pub(crate) struct Lookup;

/// The name was not found; holds the system's words.
#[derive(Debug)]
pub(crate) struct NotFound(std::io::Error);

impl Resolve for Lookup {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = (name.as_str(), 0).to_socket_addrs().map_err(NotFound)?;
            Ok(Box::new(found) as Addrs)
        })
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for NotFound {}
