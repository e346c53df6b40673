//! Pushes into every sink, good ones and bad ones.

use std::fs;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256, Sha384, Sha512};

use super::*;
use crate::protocol::hash::{Algorithm, Encoding};
use crate::protocol::push::{failed, signed};
use crate::protocol::stream::Plan;

fn document(length: u32) -> Vec<u8> {
    (0..length).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

fn push_of(document: &[u8]) -> Vec<u8> {
    let sha256 = hex::encode(&Sha256::digest(document));
    signed("s-1", "A-1", document, document.len() as u64, &sha256).into_pieces().collect().unwrap()
}

/// A push with this hash, before or after the content.
fn push_with_hash(document: &[u8], hash: &str, before: bool) -> Vec<u8> {
    let (content, hash) =
        (format!("\"content\":\"{}\"", STANDARD.encode(document)), format!("\"hash\":\"{hash}\""));
    let fields = if before { format!("{hash},{content}") } else { format!("{content},{hash}") };
    let extend = format!("{{\"signid\":\"s\",\"ordernumber\":\"A\",{fields}}}");
    format!("{{\"actiontype\":\"PushSignedDoc\",\"status\":1,\"extendData\":{extend}}}").into_bytes()
}

fn in_pieces(body: &[u8], size: usize, options: &Options, sink: Sink<'_>) -> Result<Received> {
    let mut receiver = Receiver::open(options.clone(), sink)?;
    for piece in body.chunks(size) {
        receiver.feed(piece)?;
    }
    receiver.finish()
}

fn reason(result: Result<Received>) -> Reason {
    result.unwrap_err().reason()
}

/// The names in a folder, hidden ones included.
fn names(folder: &std::path::Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// Covers P-5, P-30, P-31: the document arrives in each sink, whole, however the body is cut.
#[test]
fn fills_every_sink() {
    let document = document(200_001);
    let body = push_of(&document);
    let options = Options::default();
    let folder = tempfile::tempdir().unwrap();
    for size in [1000, 4096, 65_536, body.len()] {
        let owned = in_pieces(&body, size, &options, Sink::Owned).unwrap();
        assert!(owned.document.as_deref() == Some(&document));
        assert_eq!(owned.length, document.len() as u64);
        assert_eq!(owned.sha256, Some(hex::encode(&Sha256::digest(&document))));
        assert_eq!((owned.signid.as_deref(), owned.ordernumber.as_deref()), (Some("s-1"), Some("A-1")));
        assert_eq!(owned.hash, Some((Algorithm::Sha256, Encoding::Hex)));

        let mut buffer = vec![0xaa; body.len() / 4 * 3];
        let received = in_pieces(&body, size, &options, Sink::Buffer(&mut buffer)).unwrap();
        assert_eq!(received.document, None);
        assert!(buffer[..document.len()] == document[..]);

        let path = folder.path().join("signed.pdf");
        let received = in_pieces(&body, size, &options, Sink::File(path.clone())).unwrap();
        assert_eq!((received.path.as_ref(), received.already_stored), (Some(&path), false));
        assert!(fs::read(&path).unwrap() == document);
        assert_eq!(names(folder.path()), ["signed.pdf"]);
    }
    assert!(receive(&body, options, Sink::Owned).unwrap().document == Some(document));
}

/// Covers P-5, P-30, P-31: a body that is large enough for two threads, in every sink, good and bad.
#[test]
fn fills_every_sink_from_a_large_body() {
    let document = document(2_500_000);
    let body = push_of(&document);
    let mut wrong = document.clone();
    wrong[5] ^= 1;
    let wrong = push_with_hash(&document, &hex::encode(&Sha256::digest(&wrong)), false);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.pdf");
    let mut buffer = vec![0xaa; body.len()];
    for sink in
        [Sink::Owned, Sink::Memory(vec![7; body.len()]), Sink::File(path.clone()), Sink::Buffer(&mut buffer)]
    {
        let received = receive(&body, Options::default(), sink).unwrap();
        assert_eq!(received.sha256, Some(hex::encode(&Sha256::digest(&document))));
        assert!(received.document.is_none_or(|received| received == document));
    }
    assert!(fs::read(&path).unwrap() == document);
    assert!(buffer.starts_with(&document));
    assert!(buffer.iter().skip(document.len() + 3072).all(|byte| *byte == 0xaa));
    for sink in [Sink::Memory(vec![7; body.len()]), Sink::Buffer(&mut buffer)] {
        assert_eq!(reason(receive(&wrong, Options::default(), sink)), Reason::HashMismatch);
    }
    assert!(buffer.iter().take(document.len()).all(|byte| *byte == 0));
    let options = Options { expect_signid: Some("s-2".into()), ..Options::default() };
    let sink = Sink::Memory(vec![0; body.len()]);
    assert_eq!(reason(receive(&body, options, sink)), Reason::UnexpectedOrder);
}

/// Covers P-31: each variant and encoding, before and after the content, in every sink.
#[test]
fn takes_every_hash() {
    let document = document(10_000);
    let folder = tempfile::tempdir().unwrap();
    let digests: [(Algorithm, Vec<u8>); 3] = [
        (Algorithm::Sha256, Sha256::digest(&document).to_vec()),
        (Algorithm::Sha384, Sha384::digest(&document).to_vec()),
        (Algorithm::Sha512, Sha512::digest(&document).to_vec()),
    ];
    for (algorithm, digest) in digests {
        for (text, encoding) in [
            (hex::encode(&digest), Encoding::Hex),
            (hex::encode(&digest).to_uppercase(), Encoding::Hex),
            (STANDARD.encode(&digest), Encoding::Base64),
        ] {
            for before in [true, false] {
                let body = push_with_hash(&document, &text, before);
                let mut buffer = vec![0; body.len()];
                for sink in [Sink::Owned, Sink::Buffer(&mut buffer), Sink::File(folder.path().join("a.pdf"))]
                {
                    let received = receive(&body, Options::default(), sink).unwrap();
                    assert_eq!(received.hash, Some((algorithm, encoding)));
                }
                let mut wrong = digest.clone();
                wrong[5] ^= 1;
                for text in [hex::encode(&wrong), STANDARD.encode(&wrong)] {
                    let body = push_with_hash(&document, &text, before);
                    for sink in
                        [Sink::Owned, Sink::Buffer(&mut buffer), Sink::File(folder.path().join("b.pdf"))]
                    {
                        assert_eq!(reason(receive(&body, Options::default(), sink)), Reason::HashMismatch);
                    }
                }
            }
        }
    }
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

/// Covers P-30: after a failure of any kind nothing is left of the document, in a file or a buffer.
#[test]
fn leaves_nothing_behind() {
    let document = document(150_000);
    let good = push_of(&document);
    let text = String::from_utf8(good.clone()).unwrap();
    let hash = hex::encode(&Sha256::digest(&document));
    let cases: Vec<(&str, Vec<u8>, Reason)> = vec![
        ("hash", text.replace(&hash, &"0".repeat(64)).into_bytes(), Reason::HashMismatch),
        ("no hash", text.replace("\"hash\"", "\"hush\"").into_bytes(), Reason::HashUnusable),
        ("cut", good[..good.len() - 1].to_vec(), Reason::PushCut),
        ("cut in the content", good[..150_000].to_vec(), Reason::PushCut),
        ("trailing", [good.as_slice(), b"x"].concat(), Reason::PushNotProtocol),
        ("base64", text.replace("\",\"hash\"", "!\",\"hash\"").into_bytes(), Reason::ContentNotBase64),
        ("action", text.replace("PushSigned", "PushSigne").into_bytes(), Reason::PushNotProtocol),
        ("order", text.replace("A-1", "A-2").into_bytes(), Reason::UnexpectedOrder),
        ("signid", text.replace("s-1", "s-2").into_bytes(), Reason::UnexpectedOrder),
        ("large", text.replace('{', &format!("{{{}", " ".repeat(60_000))).into_bytes(), Reason::PushTooLarge),
    ];
    let options = Options {
        expect_ordernumber: Some("A-1".into()),
        expect_signid: Some("s-1".into()),
        limits: crate::protocol::scan::Limits { body: good.len() as u64 + 100, ..Default::default() },
        ..Options::default()
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    fs::write(&path, "before").unwrap();
    for (name, body, expected) in cases {
        assert_eq!(reason(in_pieces(&body, 5000, &options, Sink::File(path.clone()))), expected, "{name}");
        assert_eq!(names(folder.path()), ["a.pdf"], "{name}");
        assert_eq!(fs::read(&path).unwrap(), b"before", "{name}");
        let mut buffer = vec![0; good.len()];
        assert_eq!(reason(receive(&body, options.clone(), Sink::Buffer(&mut buffer))), expected, "{name}");
        assert!(buffer.iter().all(|byte| *byte == 0), "{name}");
        assert_eq!(reason(receive(&body, options.clone(), Sink::Owned)), expected, "{name}");
    }
    assert!(in_pieces(&good, 5000, &options, Sink::File(path)).is_ok());
}

/// Covers P-30: a receiver that is dropped half way leaves nothing.
#[test]
fn abandons_when_dropped() {
    let body = push_of(&document(150_000));
    let folder = tempfile::tempdir().unwrap();
    let mut receiver = Receiver::open(Options::default(), Sink::File(folder.path().join("a.pdf"))).unwrap();
    receiver.feed(&body[..150_000]).unwrap();
    assert!(names(folder.path()).len() <= 1, "a temporary file at most");
    drop(receiver);
    assert!(names(folder.path()).is_empty());
    let mut buffer = vec![0; body.len()];
    let mut receiver = Receiver::open(Options::default(), Sink::Buffer(&mut buffer)).unwrap();
    receiver.feed(&body[..150_000]).unwrap();
    drop(receiver);
    assert!(buffer.iter().all(|byte| *byte == 0));
}

/// A receiver that has ended, well or badly, says so.
#[test]
fn ends_once() {
    let body = push_of(b"%PDF");
    let mut receiver = Receiver::open(Options::default(), Sink::Owned).unwrap();
    receiver.feed(&body).unwrap();
    receiver.finish().unwrap();
    assert_eq!(receiver.feed(&body).unwrap_err().reason(), Reason::HandleSpent);
    assert_eq!(reason(receiver.finish()), Reason::HandleSpent);
    let mut receiver = Receiver::open(Options::default(), Sink::Owned).unwrap();
    assert_eq!(receiver.feed(b"x").unwrap_err().reason(), Reason::PushNotProtocol);
    assert_eq!(receiver.feed(&body).unwrap_err().reason(), Reason::HandleSpent);
    assert_eq!(reason(receiver.finish()), Reason::HandleSpent);
}

/// A buffer that is one byte too small, exact, and larger.
#[test]
fn measures_the_callers_buffer() {
    for length in [1, 2, 3, 3071, 3072, 3073, 10_000] {
        let document = document(length);
        let body = push_of(&document);
        for size in [1, 4096, body.len()] {
            let mut exact = vec![0; document.len()];
            in_pieces(&body, size, &Options::default(), Sink::Buffer(&mut exact)).unwrap();
            assert!(exact == document);
            let mut small = vec![0xaa; document.len() - 1];
            let result = in_pieces(&body, size, &Options::default(), Sink::Buffer(&mut small));
            assert_eq!(reason(result), Reason::BufferTooSmall, "{length} in pieces of {size}");
            assert!(
                !small
                    .iter()
                    .zip(&document)
                    .any(|(kept, byte)| *kept == *byte && *byte != 0 && *byte != 0xaa)
            );
        }
    }
}

/// Covers P-30: a document that was stored before is replaced, or left when it is the same.
#[test]
fn stores_twice() {
    let (one, two) = (document(5000), document(5001));
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    let store = |document: &[u8], overwrite| {
        let options = Options { overwrite, ..Options::default() };
        receive(&push_of(document), options, Sink::File(path.clone()))
    };
    assert!(!store(&one, false).unwrap().already_stored);
    assert!(store(&one, false).unwrap().already_stored);
    let error = store(&two, false).unwrap_err();
    assert_eq!((error.reason(), error.entry().retry), (Reason::FileExists, false));
    assert!(fs::read(&path).unwrap() == one);
    assert!(!store(&two, true).unwrap().already_stored);
    assert!(fs::read(&path).unwrap() == two);
    assert_eq!(names(folder.path()), ["a.pdf"]);
}

/// Covers P-30: the longest name that a file can have is received too.
#[test]
fn stores_under_a_long_name() {
    let folder = tempfile::tempdir().unwrap();
    let name = format!("a{}.pdf", "合".repeat(83));
    let path = folder.path().join(&name);
    receive(&push_of(b"%PDF"), Options::default(), Sink::File(path)).unwrap();
    assert_eq!(names(folder.path()), [name]);
}

/// Covers P-30: what stands at the target and is no file is neither waited for nor taken for the document;
/// a link is judged by what it leads to.
#[cfg(unix)]
#[test]
fn is_not_held_up_by_what_is_no_file() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let status = std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap();
    assert!(status.success());
    fs::create_dir(at("folder")).unwrap();
    fs::write(at("same.pdf"), "%PDF").unwrap();
    for (link, to) in [("dangling", "none.pdf"), ("link", "same.pdf")] {
        std::os::unix::fs::symlink(at(to), at(link)).unwrap();
    }
    let before = names(folder.path());
    let store = |name: &str| {
        let options = Options { overwrite: false, ..Options::default() };
        receive(&push_of(b"%PDF"), options, Sink::File(at(name)))
    };
    for name in ["pipe", "dangling"] {
        assert_eq!(reason(store(name)), Reason::FileExists, "{name}");
    }
    assert_eq!(reason(store("folder")), Reason::FileUnwritable);
    assert!(store("link").unwrap().already_stored);
    assert_eq!(names(folder.path()), before);
}

/// A folder that is not there or is a file, and paths that name no file.
#[test]
fn says_when_a_file_cannot_be_written() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("file"), "").unwrap();
    for path in ["missing/a.pdf", "file/a.pdf", "..", ""] {
        let opened = Receiver::open(Options::default(), Sink::File(folder.path().join(path).join("")));
        let opened = if path.ends_with("pdf") {
            Receiver::open(Options::default(), Sink::File(folder.path().join(path)))
        } else {
            opened.and_then(|mut receiver| {
                receiver.feed(&push_of(b"%PDF"))?;
                receiver.finish().map(|_| receiver)
            })
        };
        assert_eq!(opened.err().map(|error| error.reason()), Some(Reason::FileUnwritable), "{path:?}");
    }
    assert_eq!(names(folder.path()), ["file"]);
}

/// Covers P-32: a failed order needs no document; one that comes along is not kept.
#[test]
fn receives_a_failed_order() {
    let plan: Plan<&[u8]> = failed("s-1", "A-1", &[-50, -999]);
    let failed = plan.into_pieces().collect().unwrap();
    let received = receive(&failed, Options::default(), Sink::Owned).unwrap();
    assert_eq!((received.signed, received.document.as_ref()), (false, None));
    assert_eq!(received.errorcodes, [-50, -999]);
    let json = received.to_json();
    assert_eq!(json["acknowledgement"], "1");
    assert_eq!(json["errors"][0]["code"], -50);
    assert_eq!(json["errors"][1]["message"], "unknown code");
    let body = String::from_utf8(push_of(b"%PDF")).unwrap().replace("\"status\":1", "\"status\":0");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.pdf");
    let received = receive(body.as_bytes(), Options::default(), Sink::File(path)).unwrap();
    assert_eq!((received.signed, received.length, received.path), (false, 0, None));
    assert!(names(folder.path()).is_empty());
    let mut buffer = [0; 100];
    receive(body.as_bytes(), Options::default(), Sink::Buffer(&mut buffer)).unwrap();
    assert_eq!(buffer, [0; 100]);
    let options = Options { expect_ordernumber: Some("B".into()), ..Options::default() };
    assert_eq!(reason(receive(&failed, options, Sink::Owned)), Reason::UnexpectedOrder);
}

/// A receiver can go to another thread between pieces.
#[test]
fn is_send() {
    fn send<T: Send>() {}
    send::<Receiver<'static>>();
}

/// Covers P-6: what nobody reads keeps no push out, whatever it is; what somebody reads is named.
#[test]
fn ignores_values_that_nobody_can_hold() {
    let digits = "9".repeat(400);
    let odd: [&[u8]; 6] =
        [b"1e999", b"-1e999", digits.as_bytes(), b"\"\\ud800\"", b"\"\\udc00x\"", b"\"\xba\xcf\xcd\xac\""];
    for value in odd {
        let failed = |field: &str| {
            let start = "{\"actiontype\":\"PushSignedDoc\",\"status\":0,\"extendData\":{\"signid\":\"s\",";
            [start.as_bytes(), b"\"", field.as_bytes(), b"\":", value, b"}}"].concat()
        };
        let received = receive(&failed("remark"), Options::default(), Sink::Owned).unwrap();
        assert_eq!(received.signid.as_deref(), Some("s"));
        if value.starts_with(b"\"") {
            let error = receive(&failed("ordernumber"), Options::default(), Sink::Owned).unwrap_err();
            assert_eq!(error.field_path(), Some("extendData.ordernumber"), "{error}");
            assert!(
                error.message().en.contains("surrogate") || error.message().en.contains("GBK"),
                "{error}"
            );
            assert!(
                receive(&[b"{", value, b":1,", &failed("x")[1..]].concat(), Options::default(), Sink::Owned)
                    .is_ok()
            );
        }
    }
    let twice = |names: &str| {
        let body = "{\"actiontype\":\"PushSignedDoc\",\"status\":0,\"extendData\":{\"signid\":\"s\",";
        receive(format!("{body}{names}}}}}").as_bytes(), Options::default(), Sink::Owned)
    };
    assert_eq!(twice("\"remark\":1,\"remark\":2").unwrap().signid.as_deref(), Some("s"));
    let error = twice("\"ordernumber\":\"a\",\"ordernumber\":\"b\"").unwrap_err();
    assert_eq!(error.field_path(), Some("extendData.ordernumber"), "{error}");
}
