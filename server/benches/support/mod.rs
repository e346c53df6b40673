//! What the benches share: a PDF whose contents do not compress, and pyHanko in a process of its own.
#![allow(dead_code, clippy::unwrap_used, clippy::expect_used)] // each bench uses its part

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

/// Bytes of a page's content.
const PAGE: usize = 104_000;

/// A PDF of so many pages, each with a content of 104 KB that does not compress.
pub fn paper(pages: usize) -> Vec<u8> {
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
    let kids: Vec<String> = (0..pages).map(|page| format!("{} 0 R", 3 + 2 * page)).collect();
    let kids = kids.join(" ");
    let tree = format!("<</Type /Pages /Count {pages} /MediaBox [0 0 595.28 841.89] /Kids [{kids}]>>");
    put(&mut pdf, tree.as_bytes());
    for page in 0..pages {
        let body = format!("<</Type /Page /Parent 2 0 R /Contents {} 0 R /Resources <<>>>>", 4 + 2 * page);
        put(&mut pdf, body.as_bytes());
        let mut stream = format!("<</Length {PAGE}>>\nstream\n%").into_bytes();
        stream.extend(std::iter::repeat_with(&mut noise).take(PAGE - 1));
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

/// pyHanko in a process of its own, loaded once: a script that answers each line with a line.
pub struct Peer {
    child: std::process::Child,
    answers: BufReader<std::process::ChildStdout>,
}

impl Peer {
    /// Starts a script of this folder; `None`, and it is said, where there is no pyHanko.
    pub fn start(script: &str, arguments: &[&OsStr]) -> Option<Peer> {
        // `make` puts a Python with pyHanko there.
        let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../target/venv/bin/python3");
        let python = if std::path::Path::new(own).exists() { own } else { "python3" };
        let found = Command::new(python).args(["-c", "import pyhanko"]).stderr(Stdio::null()).status();
        if !found.is_ok_and(|status| status.success()) {
            println!("no pyHanko here to compare with (pip install pyhanko)");
            return None;
        }
        let mut child = Command::new(python)
            .arg(format!("{}/benches/{script}", env!("CARGO_MANIFEST_DIR")))
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let answers = BufReader::new(child.stdout.take().unwrap());
        Some(Peer { child, answers })
    }

    /// Milliseconds of one round.
    pub fn round(&mut self) -> f64 {
        self.child.stdin.as_mut().unwrap().write_all(b"go\n").unwrap();
        let mut line = String::new();
        self.answers.read_line(&mut line).unwrap();
        line.trim().parse().expect("pyHanko does its part")
    }
}

impl Drop for Peer {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        let _ = self.child.wait();
    }
}
