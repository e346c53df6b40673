//! The one boundary that every exported function stands behind: no panic crosses it, and whatever
//! comes back, the answer or the error, is written to `out`.

use std::ffi::c_char;
use std::panic::{AssertUnwindSafe, catch_unwind};

use serde_json::Value;

use super::buffers::BufferSlot;
use super::stay::stay_loaded;
use crate::protocol::{Error, Kind, Reason, Result};

/// Wraps the body of an exported function.
///
/// - `boundary!(out, out_len, { … })`: the body gives a `Result` of a [`Document`]; the call returns a status.
/// - `boundary!(push out, out_len, { … })`: the same for a push, whose errors say what to answer to it.
/// - `boundary!(frees { … })`: a function without an answer.
/// - `boundary!(gives NUMBER, { … })`: a function that returns a number, `NUMBER` if it panicked.
macro_rules! boundary {
    (frees $body:block) => {
        $crate::ffi::boundary::contain((), move || $body)
    };
    (gives $otherwise:expr, $body:block) => {
        $crate::ffi::boundary::contain($otherwise, move || $body)
    };
    (push $out:expr, $out_len:expr, $body:block) => {
        boundary!(describing $crate::protocol::Error::to_push_json, $out, $out_len, $body)
    };
    ($out:expr, $out_len:expr, $body:block) => {
        boundary!(describing $crate::protocol::Error::to_json, $out, $out_len, $body)
    };
    (describing $describe:expr, $out:expr, $out_len:expr, $body:block) => {{
        let (out, out_len) = ($out, $out_len);
        let call = move || -> $crate::protocol::Result<_> { $body };
        // SAFETY: the header asks of every caller that `out` and `out_len` are NULL or point to
        // places that may be written.
        unsafe { $crate::ffi::boundary::answer(out, out_len, $describe, call) }
    }};
}
pub(crate) use boundary;

/// An answer: a JSON text. None: nothing to say, and `out` becomes NULL.
pub(crate) trait Document {
    fn text(self) -> Option<Vec<u8>>;
}

impl Document for Value {
    fn text(self) -> Option<Vec<u8>> {
        (!self.is_null()).then(|| self.to_string().into_bytes())
    }
}

impl Document for String {
    fn text(self) -> Option<Vec<u8>> {
        Some(self.into_bytes())
    }
}

/// Runs `call` and writes its answer, or its error as `describe` puts it.
///
/// # Safety
/// `out` and `out_len` are NULL or may be written.
pub(crate) unsafe fn answer<D: Document>(
    out: *mut *mut c_char,
    out_len: *mut usize,
    describe: fn(&Error) -> Value,
    call: impl FnOnce() -> Result<D>,
) -> i32 {
    contain(Kind::Internal.status(), move || {
        // SAFETY: as the caller promises.
        let Ok(slot) = (unsafe { BufferSlot::claim("out", out, out_len) }) else {
            return Kind::Argument.status();
        };
        let defect = || Err(Error::new(Reason::Defect));
        let (status, document) = match contain(None, move || Some(call())).unwrap_or_else(defect) {
            Ok(document) => (0, document.text()),
            Err(error) => (error.kind().status(), describe(&error).text()),
        };
        if let Some(document) = document {
            slot.give(document);
        }
        status
    })
}

/// Runs `call`; a panic in it becomes `otherwise`.
pub(crate) fn contain<T>(otherwise: T, call: impl FnOnce() -> T) -> T {
    stay_loaded();
    match catch_unwind(AssertUnwindSafe(call)) {
        Ok(value) => value,
        Err(payload) => {
            // Dropping what was thrown could panic once more, outside of the net.
            std::mem::forget(payload);
            otherwise
        }
    }
}

#[cfg(test)]
mod tests {
    use std::ptr;

    use super::*;
    use crate::ffi::facts::wsd_free;

    unsafe extern "C" fn panics(out: *mut *mut c_char, out_len: *mut usize) -> i32 {
        boundary!(out, out_len, {
            if out_len.is_aligned() {
                panic!("on purpose, in a test");
            }
            Ok(Value::Null)
        })
    }

    struct Bomb;

    impl Drop for Bomb {
        fn drop(&mut self) {
            panic!("on purpose, when the payload is dropped");
        }
    }

    #[test]
    fn a_panic_becomes_an_error_document() {
        let (mut out, mut out_len) = (ptr::null_mut(), 0);
        // SAFETY: both point to this function's variables.
        let status = unsafe { panics(&raw mut out, &raw mut out_len) };
        assert_eq!(status, Kind::Internal.status());
        // SAFETY: the call wrote a buffer of that length.
        let text = unsafe { std::slice::from_raw_parts(out.cast::<u8>(), out_len) };
        let document: Value = serde_json::from_slice(text).unwrap();
        assert_eq!(document["kind"], "internal");
        assert_eq!(document["reason"], "defect");
        assert!(!document.to_string().contains("on purpose"), "a panic's words may hold data");
        // SAFETY: the buffer is the call's, freed once.
        unsafe { wsd_free(out, out_len) };
    }

    #[test]
    fn a_payload_that_panics_when_dropped_is_contained() {
        assert_eq!(contain(7, || std::panic::panic_any(Bomb)), 7);
    }

    #[test]
    fn frees_and_numbers_are_contained_too() {
        boundary!(frees { panic!("on purpose, in a free") });
        assert_eq!(boundary!(gives 9, { panic!("on purpose, in a number") }), 9);
    }

    #[test]
    fn without_a_place_for_the_answer_nothing_is_written_and_nothing_is_run() {
        let mut length = 5;
        // SAFETY: NULL and a variable of this function.
        let status = unsafe { panics(ptr::null_mut(), &raw mut length) };
        assert_eq!((status, length), (Kind::Argument.status(), 5));
        let mut out = ptr::dangling_mut();
        // SAFETY: as above.
        let status = unsafe { panics(&raw mut out, ptr::null_mut()) };
        assert_eq!((status, out), (Kind::Argument.status(), ptr::dangling_mut()));
    }
}
