//! TCP connections by host name.
//!
//! The name is looked up by the system's own resolver on the calling thread. The runtime's usual way is a pool
//! thread that lingers for ten seconds after the call: after a fork it is gone, and a library that is unloaded
//! meanwhile crashes. A lookup cannot be interrupted from outside either, so a thread of our own could only be left
//! behind or waited for. The calling thread waits, for as long as resolv.conf allows; the connect timeout is applied
//! when it returns.

use std::io;
use std::net::{SocketAddr, ToSocketAddrs};
use std::time::Duration;

use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

/// The family of addresses that the resolver puts first is tried alone for so long.
const HEAD_START: Duration = Duration::from_millis(300);

/// Why there is no connection.
pub(super) enum Fault {
    /// The name has no address, or could not be looked up.
    Name(io::Error),
    /// Nobody answered at any address.
    Connection(io::Error),
}

/// Connects to a host by name or address, which together may take so long.
pub(super) async fn connect(host: &str, port: u16, limit: Duration) -> Result<TcpStream, Fault> {
    let found: Vec<SocketAddr> = (host, port).to_socket_addrs().map_err(Fault::Name)?.collect();
    let first = found.first().map(SocketAddr::is_ipv4);
    let (preferred, others): (Vec<_>, Vec<_>) =
        found.into_iter().partition(|address| Some(address.is_ipv4()) == first);
    let stream = either(&preferred, &others, limit).await.map_err(Fault::Connection)?;
    stream.set_nodelay(true).map_err(Fault::Connection)?;
    Ok(stream)
}

/// Tries one family of addresses, and the other too as soon as the first has failed or had its head start.
async fn either(preferred: &[SocketAddr], others: &[SocketAddr], limit: Duration) -> io::Result<TcpStream> {
    let late = async {
        if others.is_empty() {
            std::future::pending::<()>().await;
        }
        sleep(HEAD_START).await;
        each(others, limit).await
    };
    let early = each(preferred, limit);
    tokio::pin!(early, late);
    tokio::select! {
        biased;
        stream = &mut early => match stream {
            Err(_) if !others.is_empty() => each(others, limit).await,
            done => done,
        },
        stream = &mut late => match stream {
            Err(_) => early.await,
            done => done,
        },
    }
}

/// Tries one address after the other; each has its share of the time.
async fn each(addresses: &[SocketAddr], limit: Duration) -> io::Result<TcpStream> {
    let share = limit / u32::try_from(addresses.len()).unwrap_or(u32::MAX).max(1);
    let mut failure = io::Error::from(io::ErrorKind::NotFound);
    for address in addresses {
        match timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => return Ok(stream),
            Ok(Err(error)) => failure = error,
            Err(_) => failure = io::ErrorKind::TimedOut.into(),
        }
    }
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run<T>(future: impl Future<Output = T>) -> T {
        tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(future)
    }

    /// An address that nobody listens at costs no more than its share; another of its family or the other is tried.
    #[test]
    fn tries_every_address() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let open = listener.local_addr().unwrap();
        let closed: SocketAddr = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let closed6 = SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], closed.port()));
        let limit = Duration::from_secs(5);
        for (preferred, others) in
            [(vec![closed, open], vec![]), (vec![closed6], vec![open]), (vec![open], vec![closed6])]
        {
            let stream = run(either(&preferred, &others, limit)).unwrap();
            assert_eq!(stream.peer_addr().unwrap(), open);
        }
        assert!(run(either(&[closed], &[closed6], limit)).is_err());
        assert!(run(either(&[], &[], limit)).is_err());
    }
}
