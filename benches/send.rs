//! Sending a document over mutual TLS on loopback, against curl sending a prepared body to the same server,
//! in interleaved rounds; and how much memory it takes.
//!
//! Ours reads the file, encodes it and sends it. curl's time is its own count from the finished TLS handshake
//! to the answer: it starts with the body in memory and is spared its start-up. A ratio above 1 is ours
//! being faster.
//!
//! `cargo bench --profile release --bench send` prints the table; with `-- --gate` it fails when a goal is missed.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a bench may panic

#[path = "../tests/common/mod.rs"]
mod common;
#[path = "../tests/support/tools.rs"]
mod tools;

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Instant;

use common::{Act, Server, World, order_of, peak_memory, taken};
use serde_json::{Value, json};
use wosigndoc::client::{Client, CreateOptions, OrderSettings, order_wire};

/// Set in the process that only receives.
const SINK: &str = "BENCH_SINK";
/// Set in the process whose memory is measured: the folder of documents, and the configuration.
const CLIENT: &str = "BENCH_CLIENT";
const CONFIG: &str = "BENCH_CONFIG";
/// Size of the document in MB, rounds.
const SIZES: [(u64, usize); 2] = [(10, 15), (100, 9)];
const TARGET: f64 = 1.0;
const TARGET_KB: u64 = 2048;

fn main() {
    if let Some(folder) = std::env::var_os(SINK) {
        sink(Path::new(&folder));
    }
    if let Some(folder) = std::env::var_os(CLIENT) {
        measured(Path::new(&folder));
    }
    let folder = tempfile::tempdir().unwrap();
    let mut server = start_sink(folder.path());
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let config: Value = serde_json::from_str(&line).unwrap();
    let client = common::client(&config);

    println!("sending over mutual TLS on loopback   ours MB/s   curl MB/s   ratio   to reach");
    let mut good = true;
    for (megabytes, rounds) in SIZES {
        let document = document_of(folder.path(), megabytes);
        let order = order_of(json!({"path": document}));
        let prepared = folder.path().join("prepared");
        let body =
            order_wire(&OrderSettings { tokenid: "T-1".into(), ..OrderSettings::default() }, &order, &[])
                .unwrap()
                .0;
        std::fs::write(&prepared, body).unwrap();
        let (mut ours, mut curls) = (f64::MAX, f64::MAX);
        for _ in 0..rounds {
            ours = ours.min(send(&client, &order));
            curls = curls.min(curl(folder.path(), &prepared, config["endpoint"].as_str().unwrap()));
        }
        let speed = |seconds: f64| megabytes as f64 / seconds;
        let ratio = curls / ours;
        good &= ratio >= TARGET;
        println!(
            "{megabytes:>4} MB document {:>30.0}{:>12.0}{ratio:>8.2}{TARGET:>11.2}",
            speed(ours),
            speed(curls)
        );
    }
    let grown = memory(folder.path());
    good &= grown <= TARGET_KB;
    println!("memory growth from 1 to 100 MB, KB {grown:>33}{TARGET_KB:>11}");
    server.kill().unwrap();
    server.wait().unwrap();
    if !good {
        println!("a goal was missed");
        std::process::exit(i32::from(std::env::args().any(|word| word == "--gate")));
    }
}

/// The receiving process: takes every order, keeps nothing.
fn sink(folder: &Path) -> ! {
    let server = Server::in_world(World::new(), [], Act::Answer(200, taken()), false);
    let config = server.config();
    for (name, text) in [
        ("ca.pem", &config["roots"]["ca"]),
        ("client.pem", &config["identity"]["certificate"]),
        ("client.key", &config["identity"]["key"]),
    ] {
        std::fs::write(folder.join(name), text.as_str().unwrap()).unwrap();
    }
    println!("{config}");
    std::io::stdout().flush().unwrap();
    loop {
        std::thread::park();
    }
}

fn start_sink(folder: &Path) -> Child {
    let own = std::env::current_exe().unwrap();
    Command::new(own).env(SINK, folder).stdout(Stdio::piped()).spawn().unwrap()
}

/// A file of bytes that differ, read once so that the disk is not measured.
fn document_of(folder: &Path, megabytes: u64) -> PathBuf {
    let path = folder.join(format!("{megabytes}.bin"));
    let bytes: Vec<u8> =
        (0..megabytes << 20).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    std::fs::write(&path, bytes).unwrap();
    path
}

fn send(client: &Client, order: &[u8]) -> f64 {
    let start = Instant::now();
    client.create_json(order, &CreateOptions::default()).unwrap();
    start.elapsed().as_secs_f64()
}

fn curl(folder: &Path, body: &Path, endpoint: &str) -> f64 {
    let output = tools::tool("curl")
        .args(["--silent", "--show-error", "--output", "/dev/null", "--http1.1", "--header", "Expect:"])
        .args(["--header", "Content-Type: application/json; charset=utf-8"])
        .args(["--write-out", "%{time_total} %{time_pretransfer}"])
        .arg("--cacert")
        .arg(folder.join("ca.pem"))
        .arg("--cert")
        .arg(folder.join("client.pem"))
        .arg("--key")
        .arg(folder.join("client.key"))
        .arg("--data-binary")
        .arg(format!("@{}", body.display()))
        .arg(endpoint)
        .output()
        .expect("curl is needed");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let times = String::from_utf8(output.stdout).unwrap();
    let (total, before) = times.split_once(' ').unwrap();
    total.parse::<f64>().unwrap() - before.trim().parse::<f64>().unwrap()
}

/// KB that the process grows by when it sends 100 MB after 1 MB: measured in a process of its own, since
/// the rounds above held whole bodies.
fn memory(folder: &Path) -> u64 {
    document_of(folder, 1);
    let mut server = start_sink(folder);
    let mut line = String::new();
    BufReader::new(server.stdout.take().unwrap()).read_line(&mut line).unwrap();
    let own = std::env::current_exe().unwrap();
    let output = Command::new(own).env(CLIENT, folder).env(CONFIG, line.trim()).output().unwrap();
    server.kill().unwrap();
    server.wait().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().parse().unwrap()
}

fn measured(folder: &Path) -> ! {
    let config = serde_json::from_str(&std::env::var(CONFIG).unwrap()).unwrap();
    let client = common::client(&config);
    let order = |name| order_of(json!({"path": folder.join(name)}));
    send(&client, &order("1.bin"));
    let before = peak_memory();
    send(&client, &order("100.bin"));
    println!("{}", peak_memory() - before);
    std::process::exit(0);
}
