//! Receiving a signed document: the whole body at once, or piece by piece.

use std::ffi::c_char;
use std::sync::{Mutex, PoisonError};

use serde_json::Value;

use super::boundary::boundary;
use super::buffers::{self, BufferSlot};
use super::handles::{self, HandleSlot};
use super::memory;
use crate::protocol::{Error, Reason, Result};
use crate::push::{self, Options, Received, Receiver, Sink};

/// A push that is being received. Belongs to one request; calls on it wait for each other.
pub struct WsdPush(Mutex<Option<Receiver<'static>>>);

const _: () = handles::from_any_thread::<WsdPush>();

/// Receives a whole push: checks that it is one, that the document arrived whole and that its hash holds.
/// The document goes into `buffer` if that is not NULL (three quarters of body_len always suffice; up to
/// 3,072 bytes after the document may be changed; it must not overlap `body`), else into the file "path" of
/// `options`, else into an owned buffer in `document`. Options: {"path", "overwrite", "expect", "limits"}.
/// Gives {"status", "ordernumber", "sha256", "delivery_key", "acknowledgement", …}. Answer the platform with
/// "acknowledgement" ("1", HTTP 200, text/plain) only when the document is stored safely, with anything else
/// otherwise: it then pushes again. Error documents of pushes have the member "answer_status": the HTTP status to
/// answer. A push with "status" 0 (the order failed) has no document, and needs the
/// same acknowledgement.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_push_receive(
    body: *const c_char,
    body_len: usize,
    options: *const c_char,
    options_len: usize,
    buffer: *mut c_char,
    buffer_len: usize,
    document: *mut *mut c_char,
    document_len: *mut usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(push out, out_len, {
        // SAFETY: the caller lends all of it for the call, and gives places that may be written.
        let (slot, body, options, buffer) = unsafe {
            (
                BufferSlot::claim("document", document, document_len)?,
                buffers::bytes("body", body, body_len)?,
                buffers::text("options", options, options_len)?,
                buffers::writable("buffer", buffer, buffer_len)?,
            )
        };
        let options = Options::from_json(options)?;
        let sink = match options.sink(buffer) {
            Sink::Owned => Sink::Memory(memory::for_body(body.len())),
            chosen => chosen,
        };
        Ok(hand_over(push::receive(body, options, sink)?, slot))
    })
}

/// Begins to receive a push piece by piece, in constant memory. Where the document goes is chosen as in
/// wsd_push_receive; `buffer` must live, untouched, until wsd_push_abandon. A file gets its name only in
/// wsd_push_finish, when the hash held and the bytes are on disk. Gives nothing; the handle is in `push`
/// (NULL when it failed).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_push_open(
    options: *const c_char,
    options_len: usize,
    buffer: *mut c_char,
    buffer_len: usize,
    push: *mut *mut WsdPush,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(push out, out_len, {
        // SAFETY: the caller lends the options for the call and the buffer for the handle's life, and
        // gives a place that may be written.
        let (place, options, buffer) = unsafe {
            (
                HandleSlot::claim("push", push)?,
                buffers::text("options", options, options_len)?,
                buffers::writable("buffer", buffer, buffer_len)?,
            )
        };
        let options = Options::from_json(options)?;
        let sink = options.sink(buffer);
        place.give(WsdPush(Mutex::new(Some(Receiver::open(options, sink)?))));
        Ok(Value::Null)
    })
}

/// Takes the next piece of the body, of any size. Gives nothing. After a failure the push is spent: do not
/// acknowledge it, and free the handle by wsd_push_abandon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_push_feed(
    push: *mut WsdPush,
    piece: *const c_char,
    piece_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(push out, out_len, {
        // SAFETY: the caller's handle is live, and the piece is lent for the call.
        let (push, piece) = unsafe {
            (handles::borrow("push", push.cast_const())?, buffers::bytes("piece", piece, piece_len)?)
        };
        push.with(|receiver| receiver.feed(piece))?;
        Ok(Value::Null)
    })
}

/// Ends a push after its last piece: checks the hash and stores the document. Gives what wsd_push_receive
/// gives; only after it returned WSD_OK may the push be acknowledged. The handle is spent, and still to be
/// freed by wsd_push_abandon.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_push_finish(
    push: *mut WsdPush,
    document: *mut *mut c_char,
    document_len: *mut usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(push out, out_len, {
        // SAFETY: the caller's handle is live, and gives places that may be written.
        let (slot, push) = unsafe {
            (
                BufferSlot::claim("document", document, document_len)?,
                handles::borrow("push", push.cast_const())?,
            )
        };
        Ok(hand_over(push.with(Receiver::finish)?, slot))
    })
}

/// Frees a push, finished or not; what was not finished leaves no file behind. NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_push_abandon(push: *mut WsdPush) {
    boundary!(frees {
        // SAFETY: the caller frees the handle that it was given, once.
        unsafe { handles::free(push) }
    });
}

impl WsdPush {
    /// Uses the receiver. It is put back only when the call succeeded: after a failure, or a panic, the
    /// handle is spent, and the receiver gone with all that it kept.
    fn with<T>(&self, call: impl FnOnce(&mut Receiver<'static>) -> Result<T>) -> Result<T> {
        let mut guard = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut receiver = guard.take().ok_or_else(|| Error::new(Reason::HandleSpent))?;
        let result = call(&mut receiver)?;
        *guard = Some(receiver);
        Ok(result)
    }
}

/// Returns the result as data, and hands an owned document over beside it.
fn hand_over(mut received: Received, slot: BufferSlot) -> Value {
    let result = received.to_json();
    if let Some(document) = received.document.take() {
        slot.give(document);
    }
    result
}
