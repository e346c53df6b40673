//! Verifying a PDF of 10 MB with three signatures, beside pyHanko doing the same, and one of 100 MB alone:
//! `cargo bench -p wosigndoc-server --bench verify`.
//!
//! Interleaved rounds, both warm and in memory; the best of each counts. Both check every signature, its chain to the root,
//! and what each later revision changed. The peak is that of the process, less what it held before.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::hint::black_box;
use std::time::Instant;

use support::{Peer, paper};
use time::OffsetDateTime;
use wosigndoc::protocol::Position;
use wosigndoc::verify::{Options, Verdict, verify};
use wosigndoc_server::signing::{
    CertificateAuthority, Fonts, SealRequest, SignerKind, SignerRequest, sign_document,
};

const ROUNDS: usize = 9;
/// Verifying may take this part of pyHanko's time.
const TARGET: f64 = 0.2;
/// And so many times the document's length, which is one of them, in memory.
const TIMES: f64 = 4.0;

fn main() {
    let now = OffsetDateTime::now_utc();
    let ca = CertificateAuthority::generate("Bench CA", now).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let roots = folder.path().join("ca.pem");
    std::fs::write(&roots, ca.certificate_pem()).unwrap();
    let options = serde_json::json!({ "roots": { "ca_file": roots } }).to_string();
    let options = Options::from_json(options.as_bytes()).unwrap();

    let pdf = signed(paper(100), &ca, now);
    let path = folder.path().join("signed.pdf");
    std::fs::write(&path, &pdf).unwrap();
    let mut peer = Peer::start("pyhanko_verify.py", &[path.as_os_str(), roots.as_os_str()]);
    let (mut ours, mut theirs, mut peak) = (f64::INFINITY, f64::INFINITY, 0);
    for _ in 0..ROUNDS {
        if let Some(peer) = &mut peer {
            theirs = theirs.min(peer.round());
        }
        let (taken, grown) = round(&pdf, &options);
        (ours, peak) = (ours.min(taken), peak.max(grown));
    }
    report(&pdf, ours, peak);
    let mut missed = over(&pdf, peak);
    if peer.is_some() {
        let ratio = ours / theirs;
        let verdict = if ratio <= TARGET { "reached" } else { "MISSED" };
        println!("pyHanko: {theirs:.1} ms; ratio {ratio:.3}, target at most {TARGET}: {verdict}");
        missed |= ratio > TARGET;
    }
    let large = signed(paper(1000), &ca, now);
    let (taken, grown) = round(&large, &options);
    report(&large, taken, grown);
    missed |= over(&large, grown);
    std::process::exit(i32::from(missed));
}

fn signed(pdf: Vec<u8>, ca: &CertificateAuthority, now: OffsetDateTime) -> Vec<u8> {
    let place =
        |text: &str| SealRequest { page: 1, position: Position::parse(text).expect("a place on the page") };
    let signer = SignerRequest {
        name: "北京沃通信息技术有限公司".to_owned(),
        kind: SignerKind::Organisation,
        licence_number: None,
        country: "CN".to_owned(),
        picture: None,
        boxes: ["0.1,0.1,0.3,0.25", "0.4,0.1,0.6,0.25", "0.7,0.1,0.9,0.25"].map(place).to_vec(),
    };
    sign_document(pdf, None, &[signer], ca, &Fonts::built_in(), now).unwrap()
}

/// Milliseconds of one document, and the bytes that the process grew by, the document's own copy included.
fn round(pdf: &[u8], options: &Options) -> (f64, u64) {
    let before = reset_peak();
    let start = Instant::now();
    let report = black_box(verify(pdf, options));
    let taken = start.elapsed().as_secs_f64() * 1000.0;
    assert_eq!((report.verdict, report.signatures.len()), (Verdict::Valid, 3), "{:?}", report.reasons);
    (taken, memory("VmHWM:").saturating_sub(before))
}

fn report(pdf: &[u8], taken: f64, grown: u64) {
    println!("verifying {} bytes, three signatures: {taken:.1} ms, {grown} bytes of memory", pdf.len());
}

fn over(pdf: &[u8], grown: u64) -> bool {
    #[allow(clippy::cast_precision_loss)]
    let times = grown as f64 / pdf.len() as f64;
    let verdict = if times <= TIMES { "reached" } else { "MISSED" };
    println!("memory: {times:.2} times the document, target at most {TIMES}: {verdict}");
    times > TIMES
}

/// Lets the peak begin anew, and returns what the process holds.
fn reset_peak() -> u64 {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
    memory("VmRSS:")
}

fn memory(name: &str) -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with(name)).unwrap();
    1024 * line.split_whitespace().nth(1).unwrap().parse::<u64>().unwrap()
}
