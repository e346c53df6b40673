//! The whole story in Rust: an order goes out, the platform signs, the signed document comes back.
//!
//!     sign_contract client.json contract.pdf signed.pdf 127.0.0.1:9000 [material.png [page last-page]]
//!
//! `client.json` is what `wosigndoc-server dev` writes; the platform pushes to the address given here. The
//! organisation seals on `page` (default: 3) and, as the person does, on `last-page` (default: 4).
//!
//! One push at a time and no TLS on the callback: fine on one machine. In production let your web server take
//! the HTTPS request, and do what `receive` does.

use std::error::Error;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use wosigndoc::push::{Options, Received, Receiver, Sink};
use wosigndoc::{Client, DocumentSource, SignOrder, Signer};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    let values: Vec<String> = std::env::args().collect();
    let [_, client_json, contract, signed, address, more @ ..] = values.as_slice() else {
        eprintln!("usage: sign_contract client.json contract.pdf signed.pdf host:port");
        std::process::exit(2);
    };
    let start = Instant::now();
    let say = |words: String| println!("[{:7.3} s] {words}", start.elapsed().as_secs_f64());
    let material = more.first().map_or("examples/material.png", String::as_str);
    let page = |at: usize, usual: u32| more.get(at).and_then(|text| text.parse().ok()).unwrap_or(usual);

    let listener = TcpListener::bind(address)?; // before the order: the push may come at once
    say(format!("listening for the push on {address}"));

    let client = Client::from_file(client_json)?;
    say(format!("client certificate and trusted roots loaded, endpoint {}", endpoint(&client)));

    let number = unique_number()?;
    let created = client.create(&order(&number, contract, material, [page(1, 3), page(2, 4)]))?;
    say(format!("order {number} accepted, signid {}", created.signid.as_deref().unwrap_or("unknown yet")));

    for connection in listener.incoming() {
        say("the platform connects to push".to_owned());
        let mut connection = connection?;
        let stored = receive(&mut connection, &number, Path::new(signed));
        acknowledge(&mut connection, stored.is_ok())?;
        match stored {
            Ok(received) => {
                let Some(sha256) = received.sha256 else {
                    return Err(format!("the order failed: {:?}", received.errorcodes).into());
                };
                say(format!("signed document stored as {signed} and acknowledged, SHA-256 {sha256}"));
                return Ok(());
            }
            Err(error) => say(format!("not acknowledged: {error}")), // the platform pushes again
        }
    }
    Ok(())
}

fn endpoint(client: &Client) -> String {
    client.about().get("endpoint").and_then(|url| url.as_str()).unwrap_or_default().to_owned()
}

/// An organisation seals twice, then a person once. Positions are fractions of the page, from its lower left
/// corner: left, bottom, right, top. Files are read while sending, never held in memory.
fn order(number: &str, contract: &str, material: &str, [page, last]: [u32; 2]) -> SignOrder {
    let file = |path: &str| DocumentSource::Path(PathBuf::from(path));
    SignOrder::new(number)
        .subject("软件服务合同")
        .document(file(contract), "pdf")
        .signer(
            Signer::organisation("云杉软件（示例）有限公司", "91350100M000100Y43")
                .materials(file(material), file(material))
                .sign_at(page, 0.62, 0.32, 0.82, 0.4614)
                .sign_at(last, 0.17, 0.60, 0.37, 0.7414),
        )
        .signer(
            Signer::person("李明", "11010519491231002X")
                .materials(file(material), file(material))
                .sign_at(last, 0.56, 0.62, 0.70, 0.719),
        )
}

/// Receives one push into `target`. Good only when the document is whole, its hash holds and it is on disk:
/// nothing else may be acknowledged.
fn receive(connection: &mut TcpStream, number: &str, target: &Path) -> Result<Received> {
    let options = Options { expect_ordernumber: Some(number.to_owned()), ..Options::default() };
    let mut receiver = Receiver::open(options, Sink::File(target.to_owned()))?;
    connection.set_read_timeout(Some(Duration::from_secs(60)))?;
    let mut request = BufReader::with_capacity(64 * 1024, connection);
    let head = read_head(&mut request)?;
    let header = |name: &str| {
        head.lines().filter_map(|line| line.split_once(':')).find(|(key, _)| key.eq_ignore_ascii_case(name))
    };
    if header("transfer-encoding").is_some() {
        while let length @ 1.. = chunk_length(&mut request)? {
            feed(&mut receiver, &mut request, length)?;
            request.read_line(&mut String::new())?;
        }
    } else {
        let (_, length) = header("content-length").ok_or("no length")?;
        feed(&mut receiver, &mut request, length.trim().parse()?)?;
    }
    Ok(receiver.finish()?)
}

/// The lines up to the empty one, of at most 32 KB.
fn read_head(request: &mut impl BufRead) -> Result<String> {
    let mut head = String::new();
    let mut limited = request.take(32 * 1024);
    while limited.read_line(&mut head)? > 2 {}
    Ok(head)
}

fn chunk_length(request: &mut impl BufRead) -> Result<u64> {
    let mut line = String::new();
    request.take(64).read_line(&mut line)?;
    Ok(u64::from_str_radix(line.trim(), 16)?)
}

/// Feeds exactly so many bytes of the body.
fn feed(receiver: &mut Receiver<'_>, request: &mut impl BufRead, mut left: u64) -> Result<()> {
    while left > 0 {
        let piece = request.fill_buf()?;
        let taken = piece.len().min(usize::try_from(left)?);
        if taken == 0 {
            return Err("the connection ended early".into());
        }
        receiver.feed(piece.get(..taken).unwrap_or_default())?;
        request.consume(taken);
        left -= taken as u64;
    }
    Ok(())
}

fn acknowledge(connection: &mut TcpStream, stored: bool) -> Result<()> {
    let (status, words) = if stored { ("200 OK", "1") } else { ("500 Not stored", "not stored") };
    let length = words.len();
    write!(connection, "HTTP/1.1 {status}\r\nContent-Type: text/plain\r\nContent-Length: {length}\r\n")?;
    write!(connection, "Connection: close\r\n\r\n{words}")?;
    Ok(())
}

fn unique_number() -> Result<String> {
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?;
    Ok(format!("R-{}-{}", now.as_millis(), std::process::id()))
}
