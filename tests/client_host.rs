//! What a host notices of the client: no threads left behind, no proxy that it did not ask for.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic
#![allow(unsafe_code)] // changing the environment

mod common;

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use common::{ALL, Ask, Server, World, order, send, server_config};
use serde_json::{Value, json};
use tokio::io::{AsyncReadExt, AsyncWriteExt, copy_bidirectional};
use tokio_rustls::TlsAcceptor;
use wosigndoc::client::CreateOptions;
use wosigndoc::protocol::{Kind, Reason};

/// The environment belongs to the whole process: one test at a time.
static ALONE: Mutex<()> = Mutex::new(());

/// Runs the test of this name in a process of its own, where no other test begins a thread, and tells whether this is it.
fn alone(test: &str) -> bool {
    const MARK: &str = "WSD_TEST_ALONE";
    if std::env::var_os(MARK).is_some() {
        return true;
    }
    let this = std::env::current_exe().unwrap();
    let child =
        std::process::Command::new(this).args(["--exact", test, "--test-threads=1"]).env(MARK, "").output();
    let output = child.unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    false
}

/// The process's threads, without those of the test server.
fn threads() -> usize {
    let tasks = std::fs::read_dir("/proc/self/task").unwrap().flatten();
    let names = tasks.filter_map(|task| std::fs::read_to_string(task.path().join("comm")).ok());
    names.filter(|name| !name.starts_with("test-server")).count()
}

/// The calling thread drives everything, the lookup of a host name included.
#[test]
fn leaves_no_thread_behind() {
    if !alone("leaves_no_thread_behind") {
        return;
    }
    let server = Server::start([]);
    let endpoint = format!("https://localhost:{}/", server.address.port());
    let before = threads();
    let client = server.client(|config| config["endpoint"] = json!(endpoint));
    for _ in 0..3 {
        client.create_json(&order(), &CreateOptions::default()).unwrap();
        assert!(threads() <= before, "{} threads, {before} before", threads());
    }
}

/// A proxy that opens tunnels to those who give this header line, and keeps what it was asked.
fn proxy(demanded: &'static str) -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let kept = Arc::clone(&asked);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let kept = Arc::clone(&kept);
            std::thread::spawn(move || drop(tunnel(stream, demanded, &kept)));
        }
    });
    (address, asked)
}

fn tunnel(mut client: TcpStream, demanded: &str, kept: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut head = String::new();
    let mut byte = [0];
    while !head.ends_with("\r\n\r\n") && client.read(&mut byte)? == 1 {
        head.push(char::from(byte[0]));
    }
    kept.lock().unwrap().push(head.clone());
    if !head.to_lowercase().contains(&demanded.to_lowercase()) {
        return client.write_all(b"HTTP/1.1 407 No\r\nContent-Length: 0\r\n\r\n");
    }
    let target = head.split_whitespace().nth(1).unwrap_or_default();
    let mut server = TcpStream::connect(target)?;
    client.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    std::io::copy(&mut server, &mut client).map(drop)
}

/// Covers P-3: through a proxy, TLS still ends at the platform; the proxy gets its own credentials only.
#[test]
fn goes_through_a_proxy_when_told_to() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let server = Server::start([]);
    let send = |proxy: Value| {
        server.client(|config| config["proxy"] = proxy).create_json(&order(), &CreateOptions::default())
    };

    // user:pw in base64.
    let (address, asked) = proxy("Proxy-Authorization: Basic dXNlcjpwdw==");
    send(json!(format!("http://user:pw@{address}"))).unwrap();
    assert!(asked.lock().unwrap()[0].starts_with(&format!("CONNECT {} HTTP/1.1\r\n", server.address)));
    let error = send(json!(format!("http://user:secret-of-proxy@{address}"))).unwrap_err();
    assert_eq!((error.kind(), error.reason()), (Kind::Transport, Reason::ProxyRefused));
    assert!(!error.to_json().to_string().contains("secret-of-proxy"));
    assert!(!error.may_have_arrived());

    // The environment's proxy is used only when "system" says so.
    let (address, asked) = proxy("");
    // SAFETY: the other test of this process waits for its turn.
    unsafe { std::env::set_var("HTTPS_PROXY", format!("http://{address}")) };
    send(Value::Null).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 0);
    send(json!("system")).unwrap();
    assert_eq!(asked.lock().unwrap().len(), 1);
}

/// A proxy that speaks TLS itself; tells of each connection whether a client certificate was shown.
fn tls_proxy(world: &World) -> (SocketAddr, Arc<Mutex<Vec<bool>>>) {
    let config = server_config(world, world.ca.der().clone(), ALL, Ask::Gladly);
    let (listener, shown) = (TcpListener::bind("127.0.0.1:0").unwrap(), Arc::new(Mutex::new(Vec::new())));
    let address = listener.local_addr().unwrap();
    let kept = Arc::clone(&shown);
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let (client, _) = listener.accept().unwrap();
            client.set_nonblocking(true).unwrap();
            let client = tokio::net::TcpStream::from_std(client).unwrap();
            let mut client = TlsAcceptor::from(config).accept(client).await.unwrap();
            kept.lock().unwrap().push(client.get_ref().1.peer_certificates().is_some());
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(client.read_u8().await.unwrap());
            }
            let head = String::from_utf8(head).unwrap();
            let target = head.split_whitespace().nth(1).unwrap();
            let mut server = tokio::net::TcpStream::connect(target).await.unwrap();
            client.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await.unwrap();
            drop(copy_bidirectional(&mut client, &mut server).await);
        });
    });
    (address, shown)
}

/// Covers P-3: TLS with a proxy is another's than TLS with the platform: the proxy asks for a client certificate, and
/// gets none.
#[test]
fn shows_its_certificate_to_the_platform_alone() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let server = Server::start([]);
    let (address, shown) = tls_proxy(&server.world);
    // SAFETY: the other tests of this process wait for their turn.
    unsafe { std::env::set_var("HTTPS_PROXY", format!("https://{address}")) };
    send(&server.client(|config| config["proxy"] = json!("system"))).unwrap();
    // SAFETY: as above.
    unsafe { std::env::remove_var("HTTPS_PROXY") };
    assert_eq!(*shown.lock().unwrap(), [false]);
    assert_eq!(server.connections(), 1);
}

/// Covers P-3: a machine without a store of roots, such as a bare container, still verifies, against roots
/// that are built in, and says so.
#[test]
fn has_roots_where_the_machine_has_none() {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let server = Server::start([]);
    let set = |name: &str, value: &str| {
        // SAFETY: the other tests of this process wait for their turn.
        unsafe { std::env::set_var(name, value) }
    };
    set("SSL_CERT_FILE", "/none/ca.pem");
    set("SSL_CERT_DIR", "/none");
    let client = server.client(|config| config["roots"] = json!({"system": true}));
    assert_eq!(client.about()["warnings"][0]["warning"], "roots_built_in");
    assert_eq!(
        client.create_json(&order(), &CreateOptions::default()).unwrap_err().reason(),
        Reason::ServerUntrusted
    );
    // SAFETY: as above.
    unsafe {
        std::env::remove_var("SSL_CERT_FILE");
        std::env::remove_var("SSL_CERT_DIR");
    }
}
