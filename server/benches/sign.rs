//! Signing a PDF of 1 MB in one box, beside pyHanko doing the same: `cargo bench -p wosigndoc-server --bench sign`.
//!
//! Interleaved rounds, both warm and in memory, with a key on P-256; the best of each counts. The platform
//! issues the signer's certificate and draws the seal within its time.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::hint::black_box;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};
use std::time::Instant;

use time::OffsetDateTime;
use wosigndoc::protocol::Position;
use wosigndoc_server::signing::{
    CertificateAuthority, Fonts, SealRequest, SignerKind, SignerRequest, sign_document,
};

const ROUNDS: usize = 15;
/// Signing may take this part of pyHanko's time.
const TARGET: f64 = 0.2;

fn main() {
    let pdf = megabyte();
    let now = OffsetDateTime::now_utc();
    let (ca, fonts) = (CertificateAuthority::generate("Bench CA", now).unwrap(), Fonts::built_in());
    let place = SealRequest { page: 1, position: Position::parse("0.1,0.1,0.35,0.3").unwrap() };
    let signer = SignerRequest {
        name: "北京沃通信息技术有限公司".to_owned(),
        kind: SignerKind::Organisation,
        licence_number: None,
        country: "CN".to_owned(),
        picture: None,
        boxes: vec![place],
    };
    let signers = [signer];
    let mut peer = Peer::start(&pdf, &ca, &signers[0], now);
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        if let Some(peer) = &mut peer {
            theirs = theirs.min(peer.sign());
        }
        let input = pdf.clone();
        let start = Instant::now();
        black_box(sign_document(input, None, &signers, &ca, &fonts, now).unwrap());
        ours = ours.min(start.elapsed().as_secs_f64() * 1000.0);
    }
    println!("signing {} bytes, one box, best of {ROUNDS}: {ours:.2} ms", pdf.len());
    if peer.is_some() {
        let ratio = ours / theirs;
        let verdict = if ratio <= TARGET { "reached" } else { "MISSED" };
        println!("pyHanko: {theirs:.2} ms; ratio {ratio:.3}, target at most {TARGET}: {verdict}");
    }
}

/// A PDF of one megabyte: ten pages, each with a content that does not compress.
fn megabyte() -> Vec<u8> {
    let mut state = 0x2545_f491_u32;
    let mut noise = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        b'a' + (state % 26) as u8
    };
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut offsets = Vec::new();
    let mut put = |pdf: &mut Vec<u8>, body: &[u8]| {
        offsets.push(pdf.len());
        pdf.extend_from_slice(format!("{} 0 obj\n", offsets.len()).as_bytes());
        pdf.extend_from_slice(body);
        pdf.extend_from_slice(b"\nendobj\n");
    };
    put(&mut pdf, b"<</Type /Catalog /Pages 2 0 R>>");
    let kids: Vec<String> = (0..10).map(|page| format!("{} 0 R", 3 + 2 * page)).collect();
    let tree = format!("<</Type /Pages /Count 10 /MediaBox [0 0 595.28 841.89] /Kids [{}]>>", kids.join(" "));
    put(&mut pdf, tree.as_bytes());
    for page in 0..10 {
        let body = format!("<</Type /Page /Parent 2 0 R /Contents {} 0 R /Resources <<>>>>", 4 + 2 * page);
        put(&mut pdf, body.as_bytes());
        let mut stream = b"<</Length 104000>>\nstream\n%".to_vec();
        stream.extend(std::iter::repeat_with(&mut noise).take(103_999));
        stream.extend_from_slice(b"\nendstream");
        put(&mut pdf, &stream);
    }
    let start = pdf.len();
    let rows: String = offsets.iter().map(|offset| format!("{offset:010} 00000 n \n")).collect();
    let size = offsets.len() + 1;
    let tail = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{rows}trailer\n<</Size {size} /Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n"
    );
    pdf.extend_from_slice(tail.as_bytes());
    pdf
}

/// pyHanko in a process of its own, loaded once.
struct Peer {
    child: std::process::Child,
    answers: BufReader<std::process::ChildStdout>,
    _folder: tempfile::TempDir,
}

impl Peer {
    fn start(
        pdf: &[u8],
        ca: &CertificateAuthority,
        signer: &SignerRequest,
        now: OffsetDateTime,
    ) -> Option<Peer> {
        // `make` puts a Python with pyHanko there.
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/venv/bin/python3");
        let python = if std::path::Path::new(own).exists() { own } else { "python3" };
        let found = Command::new(python).args(["-c", "import pyhanko"]).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            println!("no pyHanko here to compare with (pip install pyhanko)");
            return None;
        }
        let identity = ca.issue(signer, now).unwrap();
        let folder = tempfile::tempdir().unwrap();
        let save = |name: &str, bytes: &[u8]| {
            let path = folder.path().join(name);
            std::fs::write(&path, bytes).unwrap();
            path
        };
        let mut child = Command::new(python)
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/benches/pyhanko_sign.py"))
            .arg(save("in.pdf", pdf))
            .arg(save("key.pem", identity.key.serialize_pem().as_bytes()))
            .arg(save("signer.der", &identity.certificate))
            .arg(save("ca.pem", ca.certificate_pem().as_bytes()))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Peer { child, answers, _folder: folder })
    }

    /// Milliseconds of one signature.
    fn sign(&mut self) -> f64 {
        self.child.stdin.as_mut().unwrap().write_all(b"sign\n").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().parse().expect("pyHanko signs")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
