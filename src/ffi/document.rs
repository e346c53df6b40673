//! Storing a received document under the name where it stays.

use std::ffi::c_char;
use std::path::Path;

use serde_json::Value;

use super::boundary::boundary;
use super::buffers;
use crate::protocol::{Error, Reason, Result};
use crate::push;

/// Writes a document into the file `path`: when the call has succeeded it is whole and on the disk, whatever
/// happens to the machine then; when it has failed, what stood there stands there still. A file that is there
/// already is replaced; so is a symbolic link, which is not followed. Gives nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_document_write(
    document: *const c_char,
    document_len: usize,
    path: *const c_char,
    path_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let document = unsafe { buffers::bytes("document", document, document_len) }?;
        // SAFETY: the caller lends these bytes for the call.
        let path = unsafe { file("path", path, path_len) }?;
        push::write_document(document, path)?;
        Ok(Value::Null)
    })
}

/// Moves the file `from`, in which a document was received, to `path`, with the promises of wsd_document_write:
/// by a rename where that can be done, else, as to another disk, by a copy. When it has failed, the file is
/// where it was. Gives nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_document_move(
    from: *const c_char,
    from_len: usize,
    path: *const c_char,
    path_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let (from, path) = unsafe { (file("from", from, from_len)?, file("path", path, path_len)?) };
        push::move_document(from, path)?;
        Ok(Value::Null)
    })
}

/// Returns the path of a file that a caller names.
///
/// # Safety
/// As [`buffers::text`] asks.
unsafe fn file<'a>(name: &str, path: *const c_char, len: usize) -> Result<&'a Path> {
    // SAFETY: as the caller promises.
    let path = unsafe { buffers::text(name, path, len) }?;
    match std::str::from_utf8(path) {
        Ok(path) if !path.is_empty() => Ok(Path::new(path)),
        _ => Err(Error::new(Reason::BadOption).field(name).detail("must not be empty", "不能为空")),
    }
}
