//! Documents flow, they are not held: memory does not grow with them. Alone in its process, since it
//! measures the process.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic

mod common;

use common::{Act, Server, World, file_of, order_of, peak_memory, taken};
use serde_json::json;
use wosigndoc::client::CreateOptions;

/// Covers P-5: base64 is made while sending, with the exact length, in constant memory; by path and by
/// attachment.
#[test]
fn sends_a_large_document_in_constant_memory() {
    let folder = tempfile::tempdir().unwrap();
    let server = Server::in_world(World::new(), [], Act::Answer(200, taken()), false);
    let client = server.client(|_| {});
    let send = |megabytes| {
        let path = file_of(folder.path(), megabytes);
        client.create_json(&order_of(json!({"path": path})), &CreateOptions::default()).unwrap();
    };
    send(1);
    let before = peak_memory();
    send(100);
    let grown = peak_memory() - before;
    assert!(grown <= 2048, "{grown} KB more for 100 MB than for 1 MB");

    let document = vec![7; 100 * 1024 * 1024];
    let before = peak_memory();
    client
        .create_json(
            &order_of(json!({"attachment": 0})),
            &CreateOptions { attachments: &[&document], timeout: None },
        )
        .unwrap();
    let grown = peak_memory() - before;
    assert!(grown <= 2048, "{grown} KB more while sending 100 MB from the caller's memory");

    let lengths: Vec<usize> = server.requests().iter().map(|request| request.length).collect();
    assert_eq!(lengths.len(), 3);
    assert!(lengths[1..].iter().all(|length| *length > 139_810_132 && *length < 139_812_000), "{lengths:?}");
}
