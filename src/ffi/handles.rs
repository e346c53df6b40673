//! Opaque handles: boxes that the caller holds by a pointer.

use std::ptr;

use super::buffers::null;
use crate::protocol::Result;

/// Where a caller wants a handle. Cleared when it is claimed, so that it is NULL after a failure.
pub(super) struct HandleSlot<T>(*mut *mut T);

impl<T> HandleSlot<T> {
    /// Takes the place and clears it.
    ///
    /// # Errors
    /// `null_pointer` when it is NULL.
    ///
    /// # Safety
    /// `place` is NULL or may be written until the call returns.
    pub(super) unsafe fn claim(name: &str, place: *mut *mut T) -> Result<HandleSlot<T>> {
        if place.is_null() {
            return Err(null(name));
        }
        // SAFETY: not NULL, and writable as the caller promises.
        unsafe { place.write(ptr::null_mut()) };
        Ok(HandleSlot(place))
    }

    /// Hands the handle out; [`free`] takes it back.
    pub(super) fn give(self, handle: T) {
        // SAFETY: `claim` saw that it is not NULL, and it is writable until the call returns.
        unsafe { self.0.write(Box::into_raw(Box::new(handle))) };
    }
}

/// Borrows the handle behind a pointer that [`HandleSlot::give`] handed out.
///
/// # Errors
/// `null_pointer` when it is NULL.
///
/// # Safety
/// `handle` is NULL or a handle that is not freed before the call returns.
pub(super) unsafe fn borrow<'a, T>(name: &str, handle: *const T) -> Result<&'a T> {
    // SAFETY: NULL, or a live box, as the caller promises.
    unsafe { handle.as_ref() }.ok_or_else(|| null(name))
}

/// Frees a handle; NULL is a no-op.
///
/// # Safety
/// `handle` is NULL, or was handed out by [`HandleSlot::give`] and is not used again.
pub(super) unsafe fn free<T>(handle: *mut T) {
    if !handle.is_null() {
        // SAFETY: the box that `give` took apart, as the caller promises.
        drop(unsafe { Box::from_raw(handle) });
    }
}

/// Compiles only for a handle that may be used from any thread, as the header promises of each.
pub(super) const fn from_any_thread<T: Send + Sync>() {}
