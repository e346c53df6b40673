//! The client handle, its configuration, and checking both before the first order.

use std::ffi::c_char;
use std::sync::Arc;

use serde_json::Value;

use super::boundary::boundary;
use super::buffers::{self, timeout};
use super::handles::{self, HandleSlot};
use super::sigpipe;
use crate::client::{self, Client, Config, PreflightOptions};
use crate::protocol::Result;

/// A client: configuration, identity, trusted roots, connections. Many threads may use one at once.
pub struct WsdClient(pub(super) Arc<Client>);

const _: () = handles::from_any_thread::<WsdClient>();

/// Makes a configuration from where it is kept: {"file": "client.json"} (paths in the file are then
/// relative to it) or {"environment": {"WOSIGNDOC_ENDPOINT": "…", …}}. Gives the configuration. Whatever takes
/// a configuration takes such a place of one too. The library never reads these variables itself.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_config_resolve(
    source: *const c_char,
    source_len: usize,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let source = unsafe { buffers::text("source", source, source_len) }?;
        client::resolve(&json("source", source)?)
    })
}

/// Makes a client from a configuration: {"endpoint", "tokenid", "identity", …}, as docs/configuration.md has
/// it. Reads the identity and the roots and checks all that needs no network. Gives {"endpoint",
/// "certificate", "warnings"}, and the handle in `client` (NULL when it failed).
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_client_new(
    config: *const c_char,
    config_len: usize,
    client: *mut *mut WsdClient,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends the text for the call, and gives a place that may be written, or NULL.
        unsafe {
            open(config, config_len, client, |text| Client::new(Config::from_json(text)?).map(Arc::new))
        }
    })
}

/// Does the same for a host whose objects end with each request, such as PHP's: the client stays when its
/// handle is freed, and the next handle made here with an equal configuration, in the same process, gets it and its
/// open connection. A changed file makes a new one, and so do ten minutes; eight are kept at most. Nothing
/// else in the library keeps state of the process; a program that keeps its handle wants wsd_client_new.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_client_shared(
    config: *const c_char,
    config_len: usize,
    client: *mut *mut WsdClient,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends the text for the call, and gives a place that may be written, or NULL.
        unsafe { open(config, config_len, client, client::shared) }
    })
}

/// Frees a client, when no thread uses it any more. NULL is a no-op.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_client_free(client: *mut WsdClient) {
    boundary!(frees {
        // SAFETY: the caller frees the handle that it was given, once.
        unsafe { handles::free(client) }
    });
}

/// Checks a configuration and the way to the platform without sending an order. Gives {"ok", "checks", "text",
/// "text_zh"}; docs/c-abi.md has the word of each check. What is wrong is in the report, and the call succeeds.
/// timeout_ms bounds the whole call; 0: as configured.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_preflight(
    config: *const c_char,
    config_len: usize,
    timeout_ms: u32,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let config = unsafe { buffers::text("config", config, config_len) }?;
        Ok(sigpipe::held(|| client::preflight(config, timeout(timeout_ms))))
    })
}

/// Does the same, and what `options` say: {"live": true} sends up to three orders that must be refused, each once, since only
/// an order shows whether the platform knows the tokenid, and whether the certificate belongs to it. They hold no document
/// of the caller's, and nothing can come of them; the report says what was sent and what was answered. Without options, or
/// NULL, it is wsd_preflight.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn wsd_preflight_with(
    config: *const c_char,
    config_len: usize,
    options: *const c_char,
    options_len: usize,
    timeout_ms: u32,
    out: *mut *mut c_char,
    out_len: *mut usize,
) -> i32 {
    boundary!(out, out_len, {
        // SAFETY: the caller lends these bytes for the call.
        let (config, options) = unsafe {
            (buffers::text("config", config, config_len)?, buffers::text("options", options, options_len)?)
        };
        let options = PreflightOptions::from_json(options, timeout(timeout_ms))?;
        Ok(sigpipe::held(|| client::preflight_with(config, &options)))
    })
}

/// Makes a client of a configuration's text and hands its handle out.
///
/// # Safety
/// `config` is as [`buffers::text`] asks, `place` as [`HandleSlot::claim`] does.
unsafe fn open(
    config: *const c_char,
    len: usize,
    place: *mut *mut WsdClient,
    make: impl FnOnce(&[u8]) -> Result<Arc<Client>>,
) -> Result<String> {
    // SAFETY: as the caller promises.
    let (place, config) =
        unsafe { (HandleSlot::claim("client", place)?, buffers::text("config", config, len)?) };
    let client = make(config)?;
    let about = client.about_text().to_owned();
    place.give(WsdClient(client));
    Ok(about)
}

/// Reads one JSON value.
fn json(name: &str, text: &[u8]) -> Result<Value> {
    crate::protocol::json::value(text).map_err(|error| error.field(name))
}
