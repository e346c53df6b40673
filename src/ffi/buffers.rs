//! Values across the boundary: what a caller lends, and the owned buffers that it gets.

use std::ffi::c_char;
use std::ptr;
use std::time::Duration;

use crate::protocol::{Error, Reason, Result};

/// Where a caller wants an owned buffer: a pointer and its length. Both are cleared when it is claimed,
/// so that they are written on success and on failure alike.
pub(super) struct BufferSlot {
    buffer: *mut *mut c_char,
    len: *mut usize,
}

impl BufferSlot {
    /// Takes the two places and clears them.
    ///
    /// # Errors
    /// `null_pointer` when one of them is NULL; then neither is written.
    ///
    /// # Safety
    /// Each is NULL or may be written until the call returns.
    pub(super) unsafe fn claim(name: &str, buffer: *mut *mut c_char, len: *mut usize) -> Result<BufferSlot> {
        if buffer.is_null() || len.is_null() {
            return Err(null(name));
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe {
            buffer.write(ptr::null_mut());
            len.write(0);
        }
        Ok(BufferSlot { buffer, len })
    }

    /// Hands these bytes to the caller, who frees them with `wsd_free`. None: NULL and 0.
    pub(super) fn give(self, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let bytes = bytes.into_boxed_slice();
        // SAFETY: `claim` saw that both are not NULL, and they are writable until the call returns.
        unsafe {
            self.len.write(bytes.len());
            self.buffer.write(Box::into_raw(bytes).cast());
        }
    }
}

/// Frees a buffer that [`BufferSlot::give`] handed out; NULL is a no-op.
///
/// # Safety
/// `buffer` is NULL, or was handed out with this length and is not used again.
pub(super) unsafe fn free(buffer: *mut c_char, len: usize) {
    if !buffer.is_null() {
        // SAFETY: these are the parts of the box that `give` took apart.
        drop(unsafe { Box::from_raw(ptr::slice_from_raw_parts_mut(buffer.cast::<u8>(), len)) });
    }
}

/// Borrows the bytes that a caller lends; NULL is allowed when the length is 0.
///
/// # Errors
/// `null_pointer` or `bad_length`, naming the parameter.
///
/// # Safety
/// `pointer` is NULL or points to `len` bytes that nobody changes during the call.
pub(super) unsafe fn bytes<'a>(name: &str, pointer: *const c_char, len: usize) -> Result<&'a [u8]> {
    if !present(name, pointer, len, 1)? {
        return Ok(&[]);
    }
    // SAFETY: not NULL, not longer than an object can be, and readable as the caller promises.
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast::<u8>(), len) })
}

/// Borrows UTF-8 text that a caller lends.
///
/// # Errors
/// Those of [`bytes`], and `not_utf8` naming the parameter and where the text goes wrong.
///
/// # Safety
/// As for [`bytes`].
pub(super) unsafe fn text<'a>(name: &str, pointer: *const c_char, len: usize) -> Result<&'a [u8]> {
    // SAFETY: as the caller promises.
    let bytes = unsafe { bytes(name, pointer, len) }?;
    match std::str::from_utf8(bytes) {
        Ok(_) => Ok(bytes),
        Err(error) => {
            let at = error.valid_up_to();
            Err(Error::new(Reason::NotUtf8)
                .field(name)
                .detail(format!("at byte {at}"), format!("位于第 {at} 字节")))
        }
    }
}

/// Borrows the byte ranges that a caller passes beside the JSON.
///
/// # Errors
/// Those of [`bytes`], naming the list or the attachment.
///
/// # Safety
/// The two arrays are NULL or have `count` members, each pair of which is as for [`bytes`].
pub(super) unsafe fn attachments<'a>(
    pointers: *const *const c_char,
    lens: *const usize,
    count: usize,
) -> Result<Vec<&'a [u8]>> {
    let width = size_of::<usize>();
    if !present("attachments", pointers, count, width)? || !present("attachment_lens", lens, count, width)? {
        return Ok(Vec::new());
    }
    // SAFETY: not NULL, not longer than an object can be, and readable as the caller promises.
    let (pointers, lens) =
        unsafe { (std::slice::from_raw_parts(pointers, count), std::slice::from_raw_parts(lens, count)) };
    let pairs = pointers.iter().zip(lens).enumerate();
    // SAFETY: each pair is as the caller promises.
    pairs
        .map(|(at, (&pointer, &len))| unsafe { bytes(&format!("attachments[{at}]"), pointer, len) })
        .collect()
}

/// Borrows the caller's own buffer for a document; `None` when it gives none (NULL and 0).
///
/// # Errors
/// As for [`bytes`].
///
/// # Safety
/// `pointer` is NULL or points to `len` bytes that only this library uses as long as `'a` lasts.
pub(super) unsafe fn writable<'a>(
    name: &str,
    pointer: *mut c_char,
    len: usize,
) -> Result<Option<&'a mut [u8]>> {
    if !present(name, pointer, len, 1)? && pointer.is_null() {
        return Ok(None);
    }
    // SAFETY: not NULL, not longer than an object can be, and ours as the caller promises. What it
    // holds at first is never read.
    Ok(Some(unsafe { std::slice::from_raw_parts_mut(pointer.cast::<u8>(), len) }))
}

/// Reads a time limit as it is passed: 0 is none.
pub(super) fn timeout(milliseconds: u32) -> Option<Duration> {
    (milliseconds != 0).then(|| Duration::from_millis(milliseconds.into()))
}

/// Tells whether there is something to read; NULL is right exactly when the length is 0.
fn present<T>(name: &str, pointer: *const T, len: usize, width: usize) -> Result<bool> {
    if len == 0 {
        return Ok(false);
    }
    if pointer.is_null() {
        return Err(null(name));
    }
    if len > isize::MAX.unsigned_abs() / width {
        return Err(Error::new(Reason::BadLength).field(name));
    }
    Ok(true)
}

/// Says that a parameter must not be NULL.
pub(super) fn null(name: &str) -> Error {
    Error::new(Reason::NullPointer).field(name)
}
