//! Orders that the host sends by its own HTTP client: opened, read piece by piece, and told what came of each try.

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::boundary::boundary;
use super::buffers::{self, timeout};
use super::handles::{self, HandleSlot};
use super::order::Input;
use crate::client::{HostedOrder, check_hosted, preflight_hosted};
use crate::protocol::{Error, Reason};

/// An order that the host sends. Calls on it wait for each other.
pub struct WsdOrder(Mutex<HostedOrder>);

const _: () = handles::from_any_thread::<WsdOrder>();

impl WsdOrder {
    fn with<T>(&self, call: impl FnOnce(&mut HostedOrder) -> T) -> T {
        call(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// Checks the configuration of a client whose orders the host's own HTTP client sends, without an identity. Gives
/// {"endpoint"}.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_config_hosted(
    settings: *const c_char,
    settings_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends the text for the call.
        let settings = unsafe { buffers::text("settings", settings, settings_len) }?;
        check_hosted(settings)
    })
}

/// wsd_preflight for hosts that send by their own HTTP client. `told` is {"transport": its name, for people, "certificate":
/// the client certificate that it shows, base64 of the DER, where it can tell}. Gives the report and a "request", {"method",
/// "url", "headers", "connect_timeout_ms", "timeout_ms"}: make it, and call once more with what came of it, "answer":
/// {"http_status", "date": that header, "body": base64} or "failure" as in wsd_order_failed. timeout_ms is the time that the
/// request gets; 0: as configured. With "live": true in `told` the requests are orders that must be refused, as
/// wsd_preflight_with sends them, with their "body" and "content_length": post each once, add what came of it to "orders",
/// a list of {"answer"} or {"failure"}, and call again until "request" is null.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_preflight_hosted(
    settings: *const c_char,
    settings_len: usize,
    told: *const c_char,
    told_len: usize,
    timeout_ms: u32,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let (settings, told) = unsafe {
            (buffers::text("settings", settings, settings_len)?, buffers::text("told", told, told_len)?)
        };
        preflight_hosted(settings, told, timeout(timeout_ms))
    })
}

/// Judges an order and opens it, for hosts that send by their own HTTP client: one whose certificate cannot leave a store
/// or a smart card, or that speaks what this library cannot. `settings` is the client's configuration, without an
/// identity. Gives what the request needs, {"method", "url", "headers", "content_length", "connect_timeout_ms",
/// "timeout_ms", "warnings"}; a broken rule is WSD_INVALID_ORDER with all "violations". `attachments` must live, untouched,
/// until wsd_order_close. timeout_ms bounds the whole call with its repeats; 0: as configured. Then: read the body by
/// wsd_order_read, send it, and tell what came of it by wsd_order_answered or wsd_order_failed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_open(
    settings: *const c_char,
    settings_len: usize,
    order: *const c_char,
    order_len: usize,
    attachments: *const *const c_char,
    attachment_lens: *const usize,
    attachment_count: usize,
    timeout_ms: u32,
    opened: *mut *mut WsdOrder,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends the texts for the call and the attachments for the handle's life, and gives a place
        // that may be written.
        let (place, settings, input) = unsafe {
            (
                HandleSlot::claim("opened", opened)?,
                buffers::text("settings", settings, settings_len)?,
                Input::lend(order, order_len, attachments, attachment_lens, attachment_count)?,
            )
        };
        let (order, about) =
            HostedOrder::open(settings, input.order, input.attachments, timeout(timeout_ms))?;
        place.give(WsdOrder(Mutex::new(order)));
        Ok(about)
    })
}

/// Copies the next bytes of the body into `buffer`, as many as fit or are left, and their number to `read`: 0 after the
/// last. A failure (a file that changed) gives an error document: break the request off then. Gives nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_read(
    order: *mut WsdOrder,
    buffer: *mut c_char,
    buffer_len: usize,
    read: *mut usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        if read.is_null() {
            return Err(buffers::null("read"));
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { read.write(0) };
        // SAFETY: the caller's handle is live, and the buffer is lent for the call.
        let (order, space) = unsafe {
            (
                handles::borrow("order", order.cast_const())?,
                buffers::writable("buffer", buffer, buffer_len)?.unwrap_or_default(),
            )
        };
        if space.is_empty() {
            return Err(Error::new(Reason::BufferTooSmall).field("buffer"));
        }
        let count = order.with(|order| order.read(space))?;
        // SAFETY: as above.
        unsafe { read.write(count) };
        Ok(Value::Null)
    })
}

/// Goes back to the first byte of the body, for HTTP clients that send it again by themselves. Once the last byte was read
/// it counts as another try, since the order may have arrived by the one before. Gives nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_rewind(
    order: *mut WsdOrder,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller's handle is live.
        let order = unsafe { handles::borrow("order", order.cast_const()) }?;
        order.with(HostedOrder::rewind);
        Ok(Value::Null)
    })
}

/// Reads the platform's answer to the order, up to 1 MiB of it. Gives what wsd_order_create gives, and fails as that does.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_answered(
    order: *mut WsdOrder,
    http_status: u32,
    body: *const c_char,
    body_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller's handle is live, and the body is lent for the call.
        let (order, body) = unsafe {
            (handles::borrow("order", order.cast_const())?, buffers::bytes("body", body, body_len)?)
        };
        let status = u16::try_from(http_status).unwrap_or_default();
        let created = order.with(|order| order.answered(status, body))?;
        serde_json::to_value(&created).map_err(|error| Error::new(Reason::Defect).because(error))
    })
}

/// Tells that a try got no answer: `failure` is {"stage", "timeout", "tls", "message"}, where the stage is "connect" as long
/// as no byte of the order was sent (name, connection, proxy, TLS), "answer" once an answer has begun, and "exchange" in
/// between. Gives {"pause_ms", "timeout_ms"}
/// when the order may be sent once more: wait so long, then send the body from its first byte within the time that is
/// left. Otherwise it fails with what the call fails with, which says whether the order may have arrived.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_failed(
    order: *mut WsdOrder,
    failure: *const c_char,
    failure_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller's handle is live, and the text is lent for the call.
        let (order, failure) = unsafe {
            (handles::borrow("order", order.cast_const())?, buffers::text("failure", failure, failure_len)?)
        };
        order.with(|order| order.failed(failure))
    })
}

/// Frees an order that wsd_order_open opened, sent or not. NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_close(order: *mut WsdOrder) {
    boundary!(frees {
        // SAFETY: the caller frees the handle that it was given, once.
        unsafe { handles::free(order) }
    });
}
