//! The way to the platform: pooled connections over mutual TLS, where the bytes of an order are, and what failures mean.

mod body;
mod failure;
mod lookup;
mod pool;
mod route;
mod supply;
mod tls;
mod tls_failure;
mod tunnel;

pub(crate) use body::{OrderBody, feed};
pub(crate) use pool::{Driver, Pool};
pub(crate) use supply::{Located, Supplied, locate};
pub(crate) use tls::Handshake;
