//! Signing a PDF of 1 MB in one box, beside pyHanko doing the same: `cargo bench -p wosigndoc-server --bench sign`.
//!
//! Interleaved rounds, both warm and in memory, with a key on P-256; the best of each counts. The platform
//! issues the signer's certificate and draws the seal within its time.

#![allow(clippy::unwrap_used, clippy::expect_used)]

mod support;

use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use support::{Peer, paper};
use time::OffsetDateTime;
use wosigndoc::protocol::Position;
use wosigndoc_server::signing::{
    CertificateAuthority, Fonts, SealRequest, SignerKind, SignerRequest, sign_document,
};

const ROUNDS: usize = 15;
/// Signing may take this part of pyHanko's time.
const TARGET: f64 = 0.2;

fn main() {
    let pdf = paper(10);
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
    let folder = tempfile::tempdir().unwrap();
    let mut peer = peer(&pdf, &ca, &signers[0], folder.path());
    let (mut ours, mut theirs) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..ROUNDS {
        if let Some(peer) = &mut peer {
            theirs = theirs.min(peer.round());
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

/// Starts pyHanko with a certificate of the same authority.
fn peer(pdf: &[u8], ca: &CertificateAuthority, signer: &SignerRequest, folder: &Path) -> Option<Peer> {
    let identity = ca.issue(signer, OffsetDateTime::now_utc()).unwrap();
    let save = |name: &str, bytes: &[u8]| {
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    };
    let files = [
        save("in.pdf", pdf),
        save("key.pem", identity.key.serialize_pem().as_bytes()),
        save("signer.der", &identity.certificate),
        save("ca.pem", ca.certificate_pem().as_bytes()),
    ];
    Peer::start("pyhanko_sign.py", &files.each_ref().map(|path| path.as_os_str()))
}
