//! The C ABI of `include/wosigndoc.h`: every `extern "C"` function, and nothing else. The only place
//! with `unsafe`.
//!
//! The comments on the exported functions are the header's: written for whoever calls from C.

#![allow(unsafe_code)]

mod abi_version;
mod boundary;
mod buffers;
mod client;
mod deliveries;
mod document;
mod facts;
mod handles;
mod hosted;
mod memory;
mod order;
mod push;
mod sigpipe;
mod status;
mod stay;
mod verify;
