//! The way to the platform: pooled connections over mutual TLS, a request body in pieces, and what failures mean.

mod body;
mod failure;
mod pieces;
mod pool;
mod resolver;
mod tls;

pub(crate) use body::{OrderBody, feed};
pub(crate) use failure::of_request;
pub(crate) use pieces::{Pieces, measure};
pub(crate) use pool::{Driver, Pool};
pub(crate) use tls::client_config;
