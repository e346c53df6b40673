//! Orders: sent, judged without sending, and written out without sending.

use std::ffi::c_char;

use super::boundary::boundary;
use super::buffers::{self, BufferSlot, timeout};
use super::client::WsdClient;
use super::handles;
use super::sigpipe;
use crate::client::{self, CreateOptions, OrderSettings};
use crate::protocol::{Error, Reason, Result};

/// Sends an order and waits for the platform's answer. The order's field names are the protocol's; where
/// it takes base64, a string is base64, {"path": "…"} is a file, and {"attachment": 0} the first of
/// `attachments`. Gives {"signid", "orderNumber", "accepted_before", "attempts", "warnings"}.
/// timeout_ms bounds the whole call; 0: as configured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_create(
    client: *const WsdClient,
    order: *const c_char,
    order_len: usize,
    attachments: *const *const c_char,
    attachment_lens: *const usize,
    attachment_count: usize,
    timeout_ms: u32,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller's handle is live, and the rest is lent for the call.
        let (client, input) = unsafe {
            (
                handles::borrow("client", client)?,
                Input::lend(order, order_len, attachments, attachment_lens, attachment_count)?,
            )
        };
        let options = CreateOptions { attachments: &input.attachments, timeout: timeout(timeout_ms) };
        let created = sigpipe::held(|| client.0.create_json(input.order, &options))?;
        serde_json::to_string(&created).map_err(|error| Error::new(Reason::Defect).because(error))
    })
}

/// Judges an order without sending it, and without a network. `settings` is the client's configuration or
/// any part of it; only "allow_empty_material" counts here. Gives {"warnings"}; a broken rule is
/// WSD_INVALID_ORDER with all "violations".
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_validate(
    settings: *const c_char,
    settings_len: usize,
    order: *const c_char,
    order_len: usize,
    attachments: *const *const c_char,
    attachment_lens: *const usize,
    attachment_count: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends all of it for the call.
        let (settings, input) = unsafe {
            (
                settings_of(settings, settings_len)?,
                Input::lend(order, order_len, attachments, attachment_lens, attachment_count)?,
            )
        };
        client::order_validate(&settings, input.order, &input.attachments)
    })
}

/// Writes an order out without sending it: `body` is what wsd_order_create would send, to the byte. Gives
/// {"content_length", "warnings"}. `settings` is the client's configuration or the part with "tokenid" and
/// "allow_empty_material". For tests, and for hosts that send by their own HTTP client.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_order_wire(
    settings: *const c_char,
    settings_len: usize,
    order: *const c_char,
    order_len: usize,
    attachments: *const *const c_char,
    attachment_lens: *const usize,
    attachment_count: usize,
    body: *mut *mut c_char,
    body_len: *mut usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends all of it for the call, and gives places that may be written.
        let (slot, settings, input) = unsafe {
            (
                BufferSlot::claim("body", body, body_len)?,
                settings_of(settings, settings_len)?,
                Input::lend(order, order_len, attachments, attachment_lens, attachment_count)?,
            )
        };
        let (body, about) = client::order_wire(&settings, input.order, &input.attachments)?;
        slot.give(body);
        Ok(about)
    })
}

/// An order as it is passed: JSON, and byte ranges beside it.
pub(super) struct Input<'a> {
    pub(super) order: &'a [u8],
    pub(super) attachments: Vec<&'a [u8]>,
}

impl<'a> Input<'a> {
    /// Borrows an order, lent for the call, and its attachments, lent as long as `'a` lasts.
    ///
    /// # Safety
    /// Each pointer is as [`buffers::text`] and [`buffers::attachments`] ask.
    pub(super) unsafe fn lend(
        order: *const c_char,
        order_len: usize,
        attachments: *const *const c_char,
        lens: *const usize,
        count: usize,
    ) -> Result<Input<'a>> {
        // SAFETY: as the caller promises.
        unsafe {
            Ok(Input {
                order: buffers::text("order", order, order_len)?,
                attachments: buffers::attachments(attachments, lens, count)?,
            })
        }
    }
}

/// Reads settings; without any, the defaults.
///
/// # Safety
/// As for [`buffers::text`].
unsafe fn settings_of(settings: *const c_char, len: usize) -> Result<OrderSettings> {
    // SAFETY: as the caller promises.
    let text = unsafe { buffers::text("settings", settings, len) }?;
    OrderSettings::from_json(text)
}
