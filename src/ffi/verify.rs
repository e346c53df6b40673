//! Verifying signed documents, offline.

use std::ffi::c_char;
use std::sync::Arc;

use serde_json::json;

use super::boundary::boundary;
use super::buffers;
use crate::verify::{self, Options};

/// Verifies a signed document, which is `document` or the file "path" of `options`: by its own signatures and by
/// the roots that the options trust. `sent`, or the file "sent", is what was sent for signing, to be compared; it may be
/// NULL. Gives the report: {"verdict": "valid" | "indeterminate" | "invalid", "reasons", "state", "document",
/// "signatures", "signers", "sent"}. A document that fails is no failure of the call: read "verdict". Nothing is asked
/// over the network, and nobody is trusted by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_verify(
    document: *const c_char,
    document_len: usize,
    sent: *const c_char,
    sent_len: usize,
    options: *const c_char,
    options_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends all of it for the call.
        let (document, sent, options) = unsafe {
            (
                buffers::bytes("document", document, document_len)?,
                buffers::bytes("sent", sent, sent_len)?,
                buffers::text("options", options, options_len)?,
            )
        };
        let mut options = Options::from_json(options)?;
        if !sent.is_empty() {
            options.sent = Some(Arc::new(sent.to_vec()));
        }
        Ok(json!(verify::verify(options.document(document)?, &options)))
    })
}

/// Names the top of each chain of certificates in a signed document, which is `document` or the file "path" of
/// `options`. Gives {"trust": [{"subject", "sha256", "certificate"}], "state", "reasons"}: a person looks at the first
/// contract, and if it is right puts "trust" into the options of wsd_verify. Nothing is trusted by itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_trust_of(
    document: *const c_char,
    document_len: usize,
    options: *const c_char,
    options_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends all of it for the call.
        let (document, options) = unsafe {
            (
                buffers::bytes("document", document, document_len)?,
                buffers::text("options", options, options_len)?,
            )
        };
        let options = Options::from_json(options)?;
        Ok(json!(verify::trust_of(options.document(document)?, &options)))
    })
}
