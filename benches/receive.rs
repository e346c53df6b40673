//! How fast and in how much memory a push is received, as a share of the speed of SHA-256 alone over
//! the same documents: no receiver that checks the hash can be faster than that.
//!
//! `cargo bench --profile release --bench receive` prints the table; with `-- --gate` it fails when a goal is missed.
//! Several different documents take turns, so that the processor cannot learn one by heart, and what is
//! compared takes turns too; each figure is the best of many rounds.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing)]

use std::hint::black_box;
use std::process::{Command, ExitCode};
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wosigndoc::protocol::hex;
use wosigndoc::protocol::push;
use wosigndoc::protocol::stream::Segment;
use wosigndoc::push::{Options, Receiver, Sink, receive};

const MB: usize = 1_000_000;
const PIECE: usize = 64 * 1024;

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().collect();
    if let Some(at) = arguments.iter().position(|argument| argument == "--memory") {
        memory_child(arguments.get(at + 1).map_or("buffer", String::as_str));
        return ExitCode::SUCCESS;
    }
    let speed = speeds();
    let memory = memories();
    let gate = arguments.iter().any(|argument| argument == "--gate");
    if gate && !(speed && memory) { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

// Speed.

struct Case {
    megabytes: usize,
    /// How many different documents take turns.
    documents: usize,
    rounds: usize,
    goals: [Option<f64>; 3],
}

const CASES: [Case; 3] = [
    Case { megabytes: 1, documents: 16, rounds: 31, goals: [None; 3] },
    Case { megabytes: 10, documents: 5, rounds: 21, goals: [Some(0.72), Some(0.50), None] },
    Case { megabytes: 100, documents: 2, rounds: 9, goals: [None; 3] },
];

fn speeds() -> bool {
    println!("Receiving, as a share of SHA-256 alone over the same documents (best of interleaved rounds)");
    println!("| document | SHA-256 alone | into the buffer | with `\\/` escapes | in 64 KB pieces | goals |");
    println!("|---|---|---|---|---|---|");
    let results: Vec<bool> = CASES.iter().map(speed).collect();
    results.iter().all(|met| *met)
}

fn speed(case: &Case) -> bool {
    let length = case.megabytes * MB;
    let documents: Vec<Vec<u8>> = (0..case.documents).map(|n| noise(n as u64 + 1, length)).collect();
    let plain: Vec<Vec<u8>> = documents.iter().map(|document| body(document, false)).collect();
    let escaped: Vec<Vec<u8>> = documents.iter().map(|document| body(document, true)).collect();
    let mut buffer = vec![1; length + 4096];
    let mut best = [Duration::MAX; 4];
    for round in 0..case.rounds {
        let at = round % case.documents;
        let mut clock = |which: usize, work: &mut dyn FnMut()| {
            let start = Instant::now();
            work();
            best[which] = best[which].min(start.elapsed());
        };
        clock(0, &mut || {
            black_box(Sha256::digest(&documents[at]));
        });
        clock(1, &mut || whole(&plain[at], &mut buffer));
        clock(2, &mut || whole(&escaped[at], &mut buffer));
        clock(3, &mut || pieces(&plain[at], &mut buffer));
        assert!(buffer[..length] == documents[at][..], "the document has arrived");
    }
    report(case, best)
}

fn report(case: &Case, best: [Duration; 4]) -> bool {
    let speed = (case.megabytes * MB) as f64 / best[0].as_secs_f64() / 1e9;
    let ratios: Vec<f64> =
        best.iter().skip(1).map(|time| best[0].as_secs_f64() / time.as_secs_f64()).collect();
    let verdicts: Vec<(f64, bool)> = case
        .goals
        .iter()
        .zip(&ratios)
        .filter_map(|(goal, ratio)| goal.map(|goal| (goal, *ratio >= goal)))
        .collect();
    let words: Vec<String> = verdicts
        .iter()
        .map(|(goal, met)| format!("≥ {goal:.2} {}", if *met { "met" } else { "MISSED" }))
        .collect();
    println!(
        "| {} MB | {speed:.2} GB/s | {:.2} | {:.2} | {:.2} | {} |",
        case.megabytes,
        ratios[0],
        ratios[1],
        ratios[2],
        words.join(", ")
    );
    verdicts.iter().all(|(_, met)| *met)
}

fn whole(body: &[u8], buffer: &mut [u8]) {
    let received = receive(body, Options::default(), Sink::Buffer(buffer));
    assert!(received.is_ok_and(|received| received.signed));
}

fn pieces(body: &[u8], buffer: &mut [u8]) {
    let mut receiver = Receiver::open(Options::default(), Sink::Buffer(buffer)).unwrap();
    for piece in body.chunks(PIECE) {
        receiver.feed(piece).unwrap();
    }
    receiver.finish().unwrap();
}

fn body(document: &[u8], escaped: bool) -> Vec<u8> {
    let (before, after) = around(document.len(), &Sha256::digest(document));
    let content = STANDARD.encode(document);
    let content = if escaped { content.replace('/', "\\/") } else { content };
    [before, content.into_bytes(), after].concat()
}

/// What stands before and after the document's base64.
fn around(length: usize, sha256: &[u8]) -> (Vec<u8>, Vec<u8>) {
    let signid = "a367cded-6712-4f54-8991-b6e58ef86d30";
    let plan = push::signed(signid, "A-2026-001", (), length as u64, &hex::encode(sha256));
    match plan.segments.as_slice() {
        [Segment::Text(before), Segment::Encode { .. }, Segment::Text(after)] => {
            (before.to_vec(), after.to_vec())
        }
        _ => unreachable!("a push is text, a document, text"),
    }
}

/// Bytes without a pattern (xorshift64*).
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 8);
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    while bytes.len() < length {
        state ^= state >> 12;
        state ^= state << 25;
        state ^= state >> 27;
        bytes.extend_from_slice(&state.wrapping_mul(0x2545_f491_4f6c_dd1d).to_le_bytes());
    }
    bytes.truncate(length);
    bytes
}

// Memory.

/// Base64 of so many bytes is one piece of 64 KB.
const PIECE_BYTES: usize = PIECE / 4 * 3;
const MOST_GROWTH_KB: u64 = 1024;

fn memories() -> bool {
    println!("\nReceiving 100 MB in 64 KB pieces: growth of a process of its own (VmHWM)");
    println!("| into | growth | goal |\n|---|---|---|");
    let met = ["buffer", "file"].map(memory);
    met.iter().all(|met| *met)
}

fn memory(sink: &str) -> bool {
    let output = std::env::current_exe()
        .and_then(|program| Command::new(program).args(["--memory", sink]).output())
        .expect("the bench can start itself");
    let text = String::from_utf8_lossy(&output.stdout);
    let Ok(growth) = text.trim().parse::<u64>() else {
        println!("| {sink} | not measured: {} | |", text.trim());
        return cfg!(not(target_os = "linux"));
    };
    let met = growth <= MOST_GROWTH_KB;
    println!("| {sink} | {growth} KB | ≤ {MOST_GROWTH_KB} KB {} |", if met { "met" } else { "MISSED" });
    met
}

/// Makes a push of about 100 MB piece by piece, receives it, and prints how much the process grew. The
/// caller's buffer is there, written, before the measuring begins: it is the caller's.
fn memory_child(sink: &str) {
    let count = 100 * MB / PIECE_BYTES;
    let length = count * PIECE_BYTES;
    let mut hasher = Sha256::new();
    let document = noise(7, PIECE_BYTES);
    (0..count).for_each(|_| hasher.update(&document));
    let (head, tail) = around(length, &hasher.finalize());
    let content = STANDARD.encode(&document);
    let folder = tempfile::tempdir().unwrap();
    let mut buffer = vec![1; if sink == "buffer" { length } else { 0 }];
    let Some(before) = reset_peak() else {
        println!("no /proc/self/status here");
        return;
    };
    let sink = if sink == "buffer" {
        Sink::Buffer(&mut buffer)
    } else {
        Sink::File(folder.path().join("signed.pdf"))
    };
    let mut receiver = Receiver::open(Options::default(), sink).unwrap();
    receiver.feed(&head).unwrap();
    (0..count).for_each(|_| receiver.feed(content.as_bytes()).unwrap());
    receiver.feed(&tail).unwrap();
    let received = receiver.finish().unwrap();
    assert_eq!(received.length, length as u64);
    println!("{}", status("VmHWM:").unwrap().saturating_sub(before));
}

/// Forgets the peak so far; returns the memory in use, in KB.
fn reset_peak() -> Option<u64> {
    std::fs::write("/proc/self/clear_refs", "5").ok()?;
    status("VmRSS:")
}

fn status(name: &str) -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with(name))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
