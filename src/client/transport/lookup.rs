//! Host names, looked up by the system's own resolver on the calling thread.
//!
//! The runtime's usual way is a pool thread that lingers for ten seconds after the call: after a fork it is gone, and
//! a library that is unloaded meanwhile crashes. A lookup cannot be interrupted from outside either, so a thread of our
//! own could only be left behind or waited for. The calling thread waits, for as long as resolv.conf allows; the
//! connect timeout is applied when it returns.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::timeout;

/// Returns the addresses of a host name, or the address itself.
pub(super) fn addresses(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    Ok((host, port).to_socket_addrs()?.collect())
}

/// Connects to the first of these addresses that answers; each has its share of the time.
pub(super) async fn connect(addresses: &[SocketAddr], limit: Duration) -> io::Result<TcpStream> {
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut failure = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                stream.set_nodelay(true)?;
                return Ok(stream);
            }
            Ok(Err(error)) => failure = error,
            Err(_) => failure = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An address that nobody listens at does not keep the next from being tried.
    #[test]
    fn tries_every_address() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let limit = Duration::from_secs(5);
        let stream = runtime.block_on(connect(&[closed, open], limit)).unwrap();
        assert_eq!(stream.peer_addr().unwrap(), open);
        assert!(runtime.block_on(connect(&[closed], limit)).is_err());
        assert!(runtime.block_on(connect(&[], limit)).is_err());
    }
}
