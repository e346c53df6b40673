//! Receiving pushes over the C ABI of the real shared object.

use crate::support::{Abi, Handle, lend, push, signed};
use serde_json::{Value, json};

/// Covers P-30, P-31: one that is large enough for a second thread and for memory that is zero from the start.
#[test]
fn a_large_push_is_received_into_an_owned_buffer_or_the_callers() {
    let abi = Abi::load();
    let document: Vec<u8> = (0..6_000_001u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect();
    let body = signed(&document, "A-1");
    assert!(abi.receive(&body, b"", None).bulk == document);
    let mut buffer = vec![0xaa; document.len()];
    abi.receive(&body, b"", Some(&mut buffer)).ok();
    assert!(buffer == document);
    abi.receive(&body[..body.len() - 9], b"", Some(&mut buffer)).failed("protocol", "push_cut");
    assert!(buffer.iter().all(|byte| *byte == 0), "what was written is wiped");
    abi.receive(&body[..body.len() - 9], b"", None).failed("protocol", "push_cut");
}

/// Covers P-30, P-31: a whole push, into each kind of place.
#[test]
fn a_push_is_received_into_an_owned_buffer_the_callers_or_a_file() {
    let abi = Abi::load();
    let (body, document) = push(1, "A-1");
    let owned = abi.receive(&body, b"", None);
    assert!(owned.bulk == document);
    let result = owned.ok();
    assert_eq!((&result["length"], &result["acknowledgement"]), (&json!(document.len()), &json!("1")));

    let mut buffer = vec![0; body.len() / 4 * 3];
    let filled = abi.receive(&body, b"", Some(&mut buffer));
    assert!(filled.bulk.is_empty());
    assert_eq!(filled.ok()["length"], document.len());
    assert!(buffer[..document.len()] == document);
    abi.receive(&body, b"", Some(&mut buffer[..100])).failed("argument", "buffer_too_small");
    abi.receive(&body, b"", Some(&mut [])).failed("argument", "buffer_too_small");

    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("签署 signed.pdf");
    let options = json!({ "path": path }).to_string();
    let filed = abi.receive(&body, options.as_bytes(), None);
    assert!(filed.bulk.is_empty());
    assert_eq!(filed.ok()["path"], json!(path));
    assert!(std::fs::read(&path).unwrap() == document);
}

/// Covers P-30: what was received into a file or memory stays under another name.
#[test]
fn a_document_is_moved_and_written() {
    let abi = Abi::load();
    let folder = tempfile::tempdir().unwrap();
    let [from, path] = ["received.pdf", "签署 signed.pdf"].map(|name| folder.path().join(name));
    let store = |from: &[u8], path: &str, function: unsafe extern "C" fn(_, _, _, _, _, _) -> i32| {
        let ((from, n), (path, m)) = (lend(from), lend(path.as_bytes()));
        // SAFETY: everything lives until the call returns.
        abi.call(|out, len| unsafe { function(from, n, path, m, out, len) })
    };
    let (from_text, path_text) = (from.to_str().unwrap(), path.to_str().unwrap());
    assert_eq!(store(b"%PDF", from_text, abi.document_write).ok(), Value::Null);
    assert_eq!(store(from_text.as_bytes(), path_text, abi.document_move).ok(), Value::Null);
    assert_eq!((std::fs::read(&path).unwrap(), from.exists()), (b"%PDF".to_vec(), false));
    let gone = store(from_text.as_bytes(), path_text, abi.document_move).failed("io", "file_unreadable");
    assert_eq!(gone["field"], "from");
    let under = format!("{path_text}/a.pdf");
    assert_eq!(store(b"%PDF", &under, abi.document_write).failed("io", "file_unwritable")["field"], "path");
    assert_eq!(store(b"", path_text, abi.document_move).failed("argument", "bad_option")["field"], "from");
    assert_eq!(store(b"%PDF", "", abi.document_write).failed("argument", "bad_option")["field"], "path");
    store(path_text.as_bytes(), "a\0b", abi.document_move).failed("io", "file_unwritable");
    assert_eq!(std::fs::read(&path).unwrap(), b"%PDF");
}

/// Covers P-32: a failed order has no document, and is acknowledged all the same.
#[test]
fn a_push_of_a_failed_order_is_received() {
    let result = Abi::load().receive(&push(0, "A-1").0, b"", None);
    assert!(result.bulk.is_empty());
    let result = result.ok();
    assert_eq!(result["errorcodes"], json!([-50, -61]));
    assert_eq!((&result["status"], &result["acknowledgement"]), (&json!(0), &json!("1")));
}

/// Covers P-30: nothing is left of a push that was abandoned, and a file appears only at the end.
#[test]
fn a_push_is_fed_in_pieces_of_any_size() {
    let abi = Abi::load();
    let (body, document) = push(1, "A-1");
    for size in [1, 7, 4096, body.len()] {
        let (handle, opened) = abi.open(b"", None);
        opened.ok();
        for piece in body.chunks(size) {
            assert_eq!(abi.feed(handle, piece).ok(), Value::Null);
        }
        assert_eq!(abi.feed(handle, b"").ok(), Value::Null);
        let finished = abi.finish(handle);
        assert!(finished.bulk == document);
        finished.ok();
        // SAFETY: the handle is live, and freed once.
        unsafe { (abi.push_abandon)(handle) };
    }

    let folder = tempfile::tempdir().unwrap();
    let entries = || std::fs::read_dir(folder.path()).unwrap().count();
    let path = folder.path().join("signed.pdf");
    let options = json!({ "path": path }).to_string();
    let (handle, _) = abi.open(options.as_bytes(), None);
    abi.feed(handle, &body[..body.len() / 2]).ok();
    assert!(!path.exists());
    // SAFETY: the handle is live, and freed once.
    unsafe { (abi.push_abandon)(handle) };
    assert_eq!(entries(), 0);
}

#[test]
fn a_spent_push_says_so() {
    let abi = Abi::load();
    let (body, _) = push(1, "A-1");
    let (finished, _) = abi.open(b"", None);
    abi.feed(finished, &body).ok();
    abi.finish(finished).ok();
    let (failed, _) = abi.open(b"", None);
    assert_eq!(abi.feed(failed, b"{]").failed("protocol", "push_not_protocol")["retry"], false);
    let (cut, _) = abi.open(b"", None);
    abi.feed(cut, &body[..body.len() / 2]).ok();
    abi.finish(cut).failed("protocol", "push_cut");
    for handle in [finished, failed, cut] {
        abi.feed(handle, b"{}").failed("argument", "handle_spent");
        abi.finish(handle).failed("argument", "handle_spent");
        // SAFETY: the handle is live, and freed once.
        unsafe { (abi.push_abandon)(handle) };
    }
}

/// Covers P-33: a push for another order than expected is refused.
#[test]
fn an_unexpected_push_is_refused() {
    let options = json!({ "expect": { "ordernumber": "A-1" } }).to_string();
    Abi::load().receive(&push(1, "B-2").0, options.as_bytes(), None).failed("untrusted", "unexpected_order");
}

#[test]
fn one_push_can_be_fed_by_several_threads_in_turn() {
    struct Shared(Handle);
    // SAFETY: the header allows a handle to be used from any thread.
    unsafe impl Sync for Shared {}
    let abi = Abi::load();
    let (handle, _) = abi.open(b"", None);
    let shared = &Shared(handle);
    std::thread::scope(|scope| {
        for _ in 0..8 {
            let abi = &abi;
            scope.spawn(move || {
                let Shared(handle) = shared;
                (0..100).for_each(|_| assert_eq!(abi.feed(*handle, b" ").ok(), Value::Null));
            });
        }
    });
    let (body, document) = push(1, "A-1");
    abi.feed(handle, &body).ok();
    assert!(abi.finish(handle).bulk == document);
    // SAFETY: the handle is live, and freed once.
    unsafe { (abi.push_abandon)(handle) };
}
