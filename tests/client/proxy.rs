//! Orders through a proxy: what it may be called, what it refuses, and what lies behind it.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use crate::common::{Server, fails, send};
use serde_json::{Value, json};
use wosigndoc::client::{Config, CreateOptions, preflight};
use wosigndoc::protocol::{Kind, Reason};

/// A proxy that answers every CONNECT with this line, and opens a tunnel if it is a 200.
fn proxy(answer: &'static str) -> SocketAddr {
    proxy_that(move |_, stream| tunnel(stream, answer))
}

/// A proxy that does this with each connection, which it counts from 0.
fn proxy_that(act: impl Fn(usize, TcpStream) -> std::io::Result<()> + Send + Sync + 'static) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let (address, act) = (listener.local_addr().unwrap(), Arc::new(act));
    std::thread::spawn(move || {
        for (number, stream) in listener.incoming().flatten().enumerate() {
            let act = Arc::clone(&act);
            std::thread::spawn(move || drop(act(number, stream)));
        }
    });
    address
}

fn tunnel(mut client: TcpStream, answer: &str) -> std::io::Result<()> {
    let mut head = String::new();
    let mut byte = [0];
    while !head.ends_with("\r\n\r\n") && client.read(&mut byte)? == 1 {
        head.push(char::from(byte[0]));
        // The first byte of TLS.
        if head == "\u{16}" {
            break;
        }
    }
    client.write_all(answer.as_bytes())?;
    if !answer.contains(" 200 ") {
        // To close with bytes unread would reset the connection, and Windows then forgets the answer.
        client.shutdown(Shutdown::Write)?;
        return std::io::copy(&mut client, &mut std::io::sink()).map(drop);
    }
    // Not every machine has IPv6: what is asked for there is on IPv4.
    let asked = head.split_whitespace().nth(1).unwrap_or_default().replace("[::1]", "127.0.0.1");
    let mut server = TcpStream::connect(asked)?;
    server.set_read_timeout(Some(IDLE))?;
    let (mut from_client, mut to_server) = (client.try_clone()?, server.try_clone()?);
    std::thread::spawn(move || std::io::copy(&mut from_client, &mut to_server));
    drop(std::io::copy(&mut server, &mut client));
    client.shutdown(Shutdown::Both)?;
    server.shutdown(Shutdown::Both)
}

/// How long a tunnel may be silent.
const IDLE: Duration = Duration::from_millis(1500);

/// Covers P-3: the proxy is named with its status and what to do, and not the endpoint, which nobody asked.
#[test]
fn names_the_proxy_that_refuses() {
    let server = Server::start([]);
    for (answer, said, advice, retry) in [
        ("HTTP/1.1 407 Auth\r\nContent-Length: 0\r\n\r\n", "HTTP 407", "Basic", false),
        ("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n", "HTTP 403", "allow CONNECT to", false),
        ("HTTP/1.1 302 Found\r\nLocation: http://login/\r\n\r\n", "HTTP 302", "log in first", false),
        ("HTTP/1.1 429 Often\r\n\r\n", "HTTP 429", "try again later", true),
        ("HTTP/1.0 502 Bad\r\n\r\n", "HTTP 502", "proxy itself reaches", true),
        ("SSH-2.0-OpenSSH_9\r\n", "did not answer in HTTP", "HTTP proxy", true),
        ("", "did not answer in HTTP", "HTTP proxy", true),
    ] {
        let address = proxy(answer);
        let through = |config: &mut Value| config["proxy"] = json!(format!("http://{address}"));
        let error = fails(&server.client(through));
        let document = error.to_json();
        assert_eq!((error.kind(), error.reason()), (Kind::Transport, Reason::ProxyRefused), "{error}");
        let message = document["message"].as_str().unwrap();
        assert!(message.contains(said) && message.contains(&address.to_string()), "{message}");
        assert!(document["advice"].as_str().unwrap().contains(advice), "{document}");
        assert_eq!((&document["retry"], &document["may_have_arrived"]), (&json!(retry), &json!(false)));
        let mut config = server.config();
        through(&mut config);
        let report = preflight(config.to_string().as_bytes(), Some(Duration::from_secs(5)));
        let last = report["checks"].as_array().unwrap().last().unwrap();
        assert_eq!((&last["check"], &last["level"]), (&json!("proxy"), &json!("error")), "{report:#}");
    }
    assert_eq!(server.connections(), 0);
}

#[test]
fn names_the_proxy_that_is_not_there() {
    let server = Server::start([]);
    let closed = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    for (proxy, said) in [
        (format!("http://{closed}"), "refused"),
        ("http://no-such-proxy.invalid:3128".to_owned(), "host name was not found"),
    ] {
        let error = fails(&server.client(|config| config["proxy"] = json!(proxy)));
        assert_eq!(error.reason(), Reason::ProxyUnreachable);
        assert!(error.message().en.contains(said) && error.entry().retry, "{error}");
    }
}

/// A proxy of the environment that is called by https without speaking TLS itself is told so. A process of its own, for the
/// environment is everybody's.
#[test]
fn names_the_proxy_that_speaks_no_tls() {
    if let Ok(config) = std::env::var("WSD_TEST_CONFIG") {
        let report = preflight(config.as_bytes(), Some(Duration::from_secs(5)));
        println!("REPORT {report}");
        return;
    }
    let server = Server::start([]);
    let plain = proxy("HTTP/1.1 400 Bad\r\n\r\n");
    let mut config = server.config();
    config["proxy"] = json!("system");
    let last = |proxy: String| {
        let test = ["--exact", "proxy::names_the_proxy_that_speaks_no_tls", "--nocapture"];
        let output = std::process::Command::new(std::env::current_exe().unwrap())
            .args(test)
            .env("WSD_TEST_CONFIG", config.to_string())
            .env("HTTPS_PROXY", proxy)
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        let report = text.lines().find_map(|line| line.split_once("REPORT ")).unwrap().1.to_owned();
        serde_json::from_str::<Value>(&report).unwrap()["checks"].as_array().unwrap().last().unwrap().clone()
    };
    let check = last(format!("https://{plain}"));
    assert_eq!((&check["check"], &check["ok"]), (&json!("proxy"), &json!(false)), "{check}");
    assert!(check["message"].as_str().unwrap().contains("does not speak TLS"), "{check}");
    assert!(check["message_zh"].as_str().unwrap().contains("不是 TLS"), "{check}");
    assert!(check["advice"].as_str().unwrap().contains("http://"), "{check}");
    let check = last("socks5://127.0.0.1:1".to_owned());
    assert_eq!(check["check"], "proxy", "{check}");
    assert!(check["message"].as_str().unwrap().contains("HTTPS_PROXY"), "{check}");
}

/// An endpoint with an IPv6 address is reached through a proxy.
#[test]
fn reaches_ipv6_through_a_proxy() {
    let world = crate::common::World::with(&["::1"], |_| {});
    let server = Server::in_world(world, [], crate::common::Act::Answer(200, crate::common::taken()), true);
    let proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    send(&server.client(|config| {
        config["endpoint"] = json!(format!("https://[::1]:{}/", server.address.port()));
        config["proxy"] = json!(format!("http://{proxy}"));
    }))
    .unwrap();
    assert!(server.requests()[0].header("host").unwrap().starts_with("[::1]:"));
}

/// An endpoint with an IPv6 address is reached where the machine has IPv6, and tried where it has none.
#[test]
fn reaches_ipv6_without_a_proxy() {
    let world = crate::common::World::with(&["::1"], |_| {});
    let server = Server::in_world(world, [], crate::common::Act::Answer(200, crate::common::taken()), true);
    // The server listens on IPv4; a forwarder makes it IPv6.
    let listener = TcpListener::bind("[::1]:0");
    let port = listener.as_ref().map_or(server.address.port(), |front| front.local_addr().unwrap().port());
    let client = server.client(|config| config["endpoint"] = json!(format!("https://[::1]:{port}/")));
    let Ok(listener) = listener else {
        return assert_eq!(fails(&client).reason(), Reason::ConnectFailed);
    };
    let back = server.address;
    std::thread::spawn(move || {
        for mut client in listener.incoming().flatten() {
            std::thread::spawn(move || {
                let mut server = TcpStream::connect(back).unwrap();
                let (mut from, mut to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
                std::thread::spawn(move || std::io::copy(&mut from, &mut to));
                std::io::copy(&mut server, &mut client)
            });
        }
    });
    send(&client).unwrap();
    assert!(server.requests()[0].header("host").unwrap().starts_with("[::1]:"));
}

/// An endpoint that is an address is judged by that address, though it goes by another name on the way.
#[test]
fn holds_the_certificate_to_the_address_behind_a_proxy() {
    let world = crate::common::World::with(&["127.0.0.2", "endpoint.invalid"], |_| {});
    let server = Server::in_world(world, [], crate::common::Act::Answer(200, crate::common::taken()), true);
    let proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    let error = fails(&server.client(|config| config["proxy"] = json!(format!("http://{proxy}"))));
    assert_eq!((error.reason(), error.may_have_arrived()), (Reason::ServerName, false));
    assert!(error.message().en.contains("127.0.0.2") && error.message().en.contains("not for 127.0.0.1"));
}

/// Covers P-4: orders of every size pass through one tunnel, which is kept as a connection without a proxy is.
#[test]
fn keeps_its_tunnel() {
    let server = Server::start([]);
    let proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    let client = server.client(|config| config["proxy"] = json!(format!("http://{proxy}")));
    let large = vec![7; 5_000_000];
    for document in [&b"%PDF-"[..], &large, b"%PDF-"] {
        let order = crate::common::order_of(json!({"attachment": 0}));
        let options = CreateOptions { attachments: &[document], timeout: None };
        client.create_json(&order, &options).unwrap();
    }
    assert_eq!(server.connections(), 1);
    assert!(server.requests()[1].length > large.len());
}

/// Interim answers, any number of headers and lines that end in a line feed alone belong to HTTP too.
#[test]
fn takes_a_tunnel_in_whatever_words() {
    let server = Server::start([]);
    let many = format!("HTTP/1.1 200 OK\r\n{}\r\n", "Via: x\r\n".repeat(150));
    for answer in [
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\nHTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.0 200 Connection established\r\nContent-Length: 0\r\n\r\n",
        many.leak(),
    ] {
        let proxy = proxy(answer);
        send(&server.client(|config| config["proxy"] = json!(format!("http://{proxy}")))).unwrap();
    }
}

/// Covers P-23: a tunnel that its proxy closed meanwhile is not used for the next order, which nobody would know the fate of.
#[test]
fn notices_that_the_proxy_has_hung_up() {
    let server = Server::start([]);
    let proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
    let client = server.client(|config| {
        config["proxy"] = json!(format!("http://{proxy}"));
        config["retry"] = json!({"attempts": 1});
    });
    for _ in 0..2 {
        assert_eq!(send(&client).unwrap().attempts, 1);
        std::thread::sleep(IDLE * 2);
    }
    assert_eq!(server.connections(), 2);
}

/// Covers P-21: an answer that comes before the whole order was read is heard, though the rest can no longer be sent.
#[test]
fn hears_an_early_refusal() {
    for reads in [true, false] {
        let act = crate::common::Act::AnswerAtOnce(crate::common::refused(-61), reads);
        let server = Server::in_world(crate::common::World::new(), [], act, false);
        let proxy = proxy("HTTP/1.1 200 OK\r\n\r\n");
        let client = server.client(|config| config["proxy"] = json!(format!("http://{proxy}")));
        let large = vec![7; 20_000_000];
        let order = crate::common::order_of(json!({"attachment": 0}));
        let error = client.create_json(&order, &CreateOptions { attachments: &[&large], timeout: None });
        let error = error.unwrap_err();
        // Windows forgets what has arrived when the connection is reset after it.
        if cfg!(windows) && !reads && error.reason() == Reason::ConnectionLost {
            assert!(error.may_have_arrived());
        } else {
            assert_eq!(error.code(), Some(-61), "{reads}: {error}");
        }
    }
}

/// Covers P-3: what goes wrong in the tunnel is told with the proxy that opened it.
#[test]
fn names_the_proxy_whose_tunnel_leads_nowhere() {
    let server = Server::start([]);
    let open = |after: &'static [u8], pause| {
        proxy_that(move |_, mut stream| {
            let mut some = [0; 4096];
            let heard = stream.read(&mut some)?;
            stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n")?;
            let hello = stream.read(&mut some)?;
            assert!(heard > 0 && hello > 0);
            std::thread::sleep(pause);
            stream.write_all(after)
        })
    };
    for (proxy, reason, said, said_zh, retry) in [
        (
            open(b"", Duration::ZERO),
            Reason::ConnectFailed,
            "closed in the TLS handshake",
            "TLS 握手期间",
            true,
        ),
        (
            open(b"HTTP/1.1 400 Bad\r\n\r\n", Duration::ZERO),
            Reason::TlsFailed,
            "does not speak TLS",
            "明文",
            false,
        ),
        (open(b"", Duration::from_secs(9)), Reason::ConnectTimeout, "through the proxy", "经由代理", true),
    ] {
        let error = fails(&server.client(|config| {
            config["proxy"] = json!(format!("http://{proxy}"));
            config["timeouts"] = json!({"total_ms": 1500});
        }));
        let (message, proxy) = (error.message(), proxy.to_string());
        assert_eq!((error.reason(), error.entry().retry, error.may_have_arrived()), (reason, retry, false));
        assert!(message.en.contains(said) && message.en.contains(&proxy), "{error}");
        assert!(message.zh.contains(said_zh) && message.zh.contains(&proxy), "{error}");
        assert!(reason == Reason::ConnectTimeout || error.entry().advice.en.contains("proxy"), "{error}");
    }
}

/// Covers P-23: an order whose answer was lost is sent again, although the proxy is not quite itself meanwhile.
#[test]
fn goes_on_repeating_while_the_proxy_restarts() {
    let server = Server::start([crate::common::Act::CloseAfterRequest]);
    let proxy = proxy_that(|number, stream| {
        tunnel(stream, if number == 1 { "HTTP/1.1 503 No\r\n\r\n" } else { "HTTP/1.1 200 OK\r\n\r\n" })
    });
    let created = send(&server.client(|config| config["proxy"] = json!(format!("http://{proxy}")))).unwrap();
    assert_eq!(created.attempts, 3);
}

/// A password that breaks out of the URL leads nowhere: it is refused, and not shown.
#[test]
fn refuses_a_password_that_breaks_out_of_the_url() {
    let server = Server::start([]);
    for password in ["p@secret/#1", "secret#1", "secret?1", "secret/1", "secret\\1", "secret@1", "secret%"] {
        let mut config = server.config();
        config["proxy"] = json!(format!("http://user:{password}@proxy:3128"));
        let error = Config::from_json(config.to_string().as_bytes()).unwrap_err();
        assert_eq!((error.reason(), error.field_path()), (Reason::BadOption, Some("proxy")));
        assert!(error.message().en.contains("%23") && !error.to_string().contains("secret"), "{error}");
    }
}
