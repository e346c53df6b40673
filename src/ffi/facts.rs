//! Functions that need no handle: the library's version, its catalogue, an answer read, and freeing.

use std::ffi::c_char;

use serde_json::json;

use super::abi_version::WSD_ABI_VERSION;
use super::boundary::boundary;
use super::buffers;
use crate::protocol::{Answer, Error, Reason, catalogue};

/// Returns the ABI number of the library that was loaded; compare it with WSD_ABI_VERSION.
#[unsafe(no_mangle)]
pub extern "C" fn wsd_abi_version() -> u32 {
    boundary!(gives 0, { WSD_ABI_VERSION })
}

/// Frees a buffer that a function of this library handed out, with the length that came with it.
/// NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_free(buffer: *mut c_char, len: usize) {
    boundary!(frees {
        // SAFETY: the caller frees what it was given, once.
        unsafe { buffers::free(buffer, len) }
    });
}

/// Gives {"version": "0.1.0", "abi": 1}.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_version(out: *mut *mut c_char, out_len: *mut usize) -> i32 {
    boundary!(out, out_len, { Ok(json!({ "version": env!("CARGO_PKG_VERSION"), "abi": WSD_ABI_VERSION })) })
}

/// Gives every kind with its status, every code of the protocol and every reason, with texts in English
/// and Chinese: {"kinds", "codes", "reasons"}.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_catalogue(out: *mut *mut c_char, out_len: *mut usize) -> i32 {
    boundary!(out, out_len, { Ok(catalogue::to_json()) })
}

/// Reads the platform's answer to an order, for hosts that send by their own HTTP client. Gives
/// {"signid", "orderNumber"}, either of them null when the answer lacks it; a refusal is WSD_PLATFORM with
/// its code; what is not the protocol is WSD_PROTOCOL with "http_status" and "body_start".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_answer_read(
    http_status: u32,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let body = unsafe { buffers::bytes("body", body, body_len) }?;
        let http_status = u16::try_from(http_status)
            .map_err(|_| Error::new(Reason::BadOption).field("http_status").because(http_status))?;
        let answer = Answer::read(http_status, body)?;
        match answer.refusal() {
            None => Ok(json!({ "signid": answer.signid, "orderNumber": answer.order_number })),
            Some(refusal) => Err(refusal),
        }
    })
}
