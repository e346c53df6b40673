//! Where the control API is reached: a loopback address, or a socket of the file system, with or without a password.

#[cfg(unix)]
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::Path;
#[cfg(unix)]
use std::path::PathBuf;

use anyhow::{Context, Result, ensure};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::TcpListener;

use super::guard::Guard;
use crate::given;

/// The beginning of a `--control` that names a socket.
const UNIX: &str = "unix:";

/// Where it is reached, and who is let in.
pub struct Door {
    /// Where connections come in.
    pub listener: Listener,
    /// Who is let in.
    pub guard: Guard,
}

/// Where connections come in.
pub enum Listener {
    /// An address of this machine.
    Address(TcpListener),
    /// A socket that only its owner may open, and that is removed at the end.
    #[cfg(unix)]
    Socket(tokio::net::UnixListener, Socket),
}

/// What bytes of a connection come and go through.
pub trait Stream: AsyncRead + AsyncWrite + Send + Unpin {}

impl<T: AsyncRead + AsyncWrite + Send + Unpin> Stream for T {}

impl Listener {
    /// Waits for the next connection.
    pub async fn accept(&self) -> std::io::Result<Box<dyn Stream>> {
        match self {
            Listener::Address(listener) => Ok(Box::new(listener.accept().await?.0)),
            #[cfg(unix)]
            Listener::Socket(listener, _) => Ok(Box::new(listener.accept().await?.0)),
        }
    }
}

/// The name of a socket, which is removed with this value.
#[cfg(unix)]
pub struct Socket(PathBuf);

impl Door {
    /// Listens where `place` says; `password` is a file. A sandbox needs no password.
    pub async fn open(place: &str, password: Option<&Path>, is_sandbox: bool) -> Result<Door> {
        let password = password.map(given::password).transpose()?;
        if let Some(path) = place.strip_prefix(UNIX) {
            let listener = socket(Path::new(path))
                .with_context(|| format!("the control API cannot listen on the socket {path}"))?;
            return Ok(Door { listener, guard: Guard { address: None, password } });
        }
        ensure!(
            is_sandbox || password.is_some(),
            "the control API of `serve` needs --control-password FILE, or a socket: --control unix:PATH"
        );
        let listener = TcpListener::bind(place).await;
        let listener = listener.with_context(|| format!("the control API cannot listen on {place}"))?;
        let address = listener.local_addr()?;
        ensure!(
            address.ip().is_loopback(),
            "the control API is not encrypted: let it listen on a loopback address, not on {place}"
        );
        let guard = Guard { address: Some(address), password };
        Ok(Door { listener: Listener::Address(listener), guard })
    }

    /// Returns its address, unless it is a socket.
    pub fn address(&self) -> Option<SocketAddr> {
        self.guard.address
    }

    /// Returns the words of a shell that lead curl to a path of it.
    pub fn curl(&self) -> String {
        let way = match &self.listener {
            Listener::Address(_) => format!("curl -sS {}", self.shown()),
            #[cfg(unix)]
            Listener::Socket(_, Socket(path)) => {
                let quoted = path.to_string_lossy().replace('\'', "'\\''");
                format!("curl -sS --unix-socket '{quoted}' http://localhost/")
            }
        };
        match self.guard.password {
            // Whoever runs it knows the password: it stands in no answer.
            Some(_) => way.replacen("curl -sS", "curl -sS --user \":$CONTROL_PASSWORD\"", 1),
            None => way,
        }
    }

    /// Returns where it is reached, in words.
    pub fn shown(&self) -> String {
        match &self.listener {
            Listener::Address(_) => self.address().map(|it| format!("http://{it}/")).unwrap_or_default(),
            #[cfg(unix)]
            Listener::Socket(_, Socket(path)) => format!("{UNIX}{}", path.display()),
        }
    }
}

/// Listens on a socket. It gets its name only when nobody but its owner may open it any longer; one that is left behind goes.
#[cfg(unix)]
fn socket(path: &Path) -> Result<Listener> {
    use std::os::unix::fs::{FileTypeExt, PermissionsExt};
    let path = std::path::absolute(path)?;
    if let Ok(found) = path.symlink_metadata() {
        ensure!(found.file_type().is_socket(), "there is something else of this name");
        let answer = std::os::unix::net::UnixStream::connect(&path);
        let is_dead = answer.is_err_and(|error| error.kind() == ErrorKind::ConnectionRefused);
        ensure!(is_dead, "another process listens there");
    }
    let mut new = path.clone().into_os_string();
    new.push(format!(".{}.new", std::process::id()));
    let new = PathBuf::from(new);
    let listener = tokio::net::UnixListener::bind(&new)?;
    std::fs::set_permissions(&new, std::fs::Permissions::from_mode(0o600))?;
    std::fs::rename(&new, &path)?;
    Ok(Listener::Socket(listener, Socket(path)))
}

#[cfg(not(unix))]
fn socket(_path: &Path) -> Result<Listener> {
    anyhow::bail!("there are no sockets of the file system here: use an address and --control-password FILE")
}

#[cfg(unix)]
impl Drop for Socket {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}
