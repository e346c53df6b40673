//! What a client of the sandbox needs, written at each start: in the data folder, and where `dev --share` says.

use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use tracing::warn;

use super::bootstrap::Sandbox;
use super::sandbox_template;
use crate::folder::{self, Folder};
use crate::rights;

/// The files that client.json names, and the archive for hosts that take PKCS#12.
const FILES: [&str; 4] = ["ca.pem", "client.pem", "client.key", "client.p12"];

/// Writes client.json, with the port of this start, and server.json about the rest.
pub fn write(folder: &Folder, sandbox: &Sandbox, address: SocketAddr, control: Option<&str>) -> Result<()> {
    let endpoint = endpoint(address);
    let server = json!({
        "endpoint": endpoint,
        "control": control,
        "pid": std::process::id(),
        "tempid": sandbox_template::ID,
        "ca_file": folder.path("ca.pem"),
        "pkcs12_file": folder.path("client.p12"),
    });
    let client = configuration(&endpoint, sandbox, |name| folder.path(name));
    for (name, value) in [("client.json", client), ("server.json", server)] {
        folder::write(&folder.path(name), &text(&value)?).with_context(|| format!("cannot write {name}"))?;
    }
    Ok(())
}

/// Writes a folder that other users of this machine may read, such as the one that PHP runs as: client.json and
/// the files that it names. Who may enter an existing folder stays as it is.
pub fn share(folder: &Folder, shared: &Path, sandbox: &Sandbox, address: SocketAddr) -> Result<()> {
    let shared = std::path::absolute(shared)?;
    let there = shared.ancestors().find_map(|path| folder::real(path).ok());
    if there.is_some_and(|there| there.starts_with(folder.path(""))) {
        bail!(
            "--share {}: the data folder is its owner's alone; name a folder outside of it",
            shared.display()
        );
    }
    rights::shared_folder(&shared)
        .with_context(|| format!("cannot make the shared folder {}", shared.display()))?;
    for name in FILES {
        let bytes = std::fs::read(folder.path(name)).with_context(|| format!("cannot read {name}"))?;
        readable(&shared.join(name), &bytes)?;
    }
    let client = configuration(&endpoint(address), sandbox, |name| PathBuf::from(name));
    readable(&shared.join("client.json"), &text(&client)?)?;
    if let Some(closed) = rights::closed(&shared) {
        warn!(folder = %closed.display(), "other users cannot enter this folder, so they cannot read the shared files");
    }
    Ok(())
}

/// Writes a file that everybody may read who may enter its folder.
fn readable(path: &Path, bytes: &[u8]) -> Result<()> {
    folder::write(path, bytes)
        .and_then(|()| rights::let_everybody_read(path))
        .with_context(|| format!("cannot write {}", path.display()))
}

/// Returns a client's configuration; `place` says where each file lies.
fn configuration(endpoint: &str, sandbox: &Sandbox, place: impl Fn(&str) -> PathBuf) -> Value {
    json!({
        "endpoint": endpoint,
        "tokenid": sandbox.token,
        "identity": {
            "certificate_file": place("client.pem"),
            "key_file": place("client.key"),
            "passphrase": sandbox.passphrase,
        },
        "roots": {"ca_file": place("ca.pem")},
    })
}

fn text(value: &Value) -> Result<Vec<u8>> {
    Ok((serde_json::to_string_pretty(value)? + "\n").into_bytes())
}

/// Returns the URL where a client on this machine finds a listener of this address.
pub fn endpoint(address: SocketAddr) -> String {
    let mut address = address;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    format!("https://{address}/")
}
