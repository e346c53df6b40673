//! The delivery store in a folder: which pushes a site has processed.

use std::ffi::c_char;

use serde_json::{Value, json};

use super::boundary::boundary;
use super::buffers;
use crate::protocol::Result;
use crate::push::deliveries::{Claim, Delivery};

/// Claims a push before the site's function gets it, so that one that is pushed twice reaches the function once.
/// `delivery` is {"folder", "key", "owner", "expire_seconds"}: the store's own folder, shared by all processes of
/// a site on one machine and made (mode 0700) where it is missing; the push's "delivery_key"; a name that no other
/// claim has, such as 32 random hex digits; the time after which the claim may be taken over, at least 1, absent:
/// 900. Gives {"claim": "granted", "taken_over"}: process the push, then wsd_delivery_complete; "busy": another does,
/// answer HTTP 503; "done": it was processed, acknowledge it. "taken_over" is true beside "granted" when another's
/// claim had expired, as after its process died: the function may run a second time. What a call answered is on the
/// disk.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_delivery_claim(
    delivery: *const c_char,
    delivery_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let delivery = unsafe { lend(delivery, delivery_len) }?;
        let claim = delivery.ledger.claim(&delivery.key, &delivery.owner, delivery.expire_after)?;
        let (taken_over, word) = match claim {
            Claim::GrantedAgain => (true, Claim::Granted.word()),
            other => (false, other.word()),
        };
        Ok(json!({ "claim": word, "taken_over": taken_over }))
    })
}

/// Marks a claimed push as processed: only then acknowledge it. Gives {"completed": true, "taken_over"}; the latter
/// is true when the claim expired and another owner took it over: the function may have run twice. Fails with the
/// reason "claim_lost" when the store knows of no claim.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_delivery_complete(
    delivery: *const c_char,
    delivery_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let delivery = unsafe { lend(delivery, delivery_len) }?;
        let completed = delivery.ledger.complete(&delivery.key, &delivery.owner)?;
        Ok(json!({ "completed": true, "taken_over": completed.taken_over }))
    })
}

/// Gives a claim up, so that the next push may try at once. Does nothing when it is no longer this owner's, or the
/// push is done. Gives nothing.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_delivery_release(
    delivery: *const c_char,
    delivery_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let delivery = unsafe { lend(delivery, delivery_len) }?;
        delivery.ledger.release(&delivery.key, &delivery.owner)?;
        Ok(Value::Null)
    })
}

/// Lets a claim begin now, for a function that takes longer than was thought. Gives {"renewed"}; false: it is no
/// longer this owner's, or the push is done.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_delivery_renew(
    delivery: *const c_char,
    delivery_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let delivery = unsafe { lend(delivery, delivery_len) }?;
        Ok(json!({ "renewed": delivery.ledger.renew(&delivery.key, &delivery.owner)? }))
    })
}

/// Reads the request of a call.
///
/// # Safety
/// As for [`buffers::text`].
unsafe fn lend(delivery: *const c_char, len: usize) -> Result<Delivery> {
    // SAFETY: as the caller promises.
    Delivery::from_json(unsafe { buffers::text("delivery", delivery, len) }?)
}
