//! A process that forks goes on using its client, in the parent and in the child, and receiving its pushes.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)] // a test may panic
#![allow(unsafe_code)] // an object dropped in the child alone

mod common;
#[path = "support/fork.rs"]
mod fork;

use common::{Server, fails, order};
use fork::in_child;
use sha2::{Digest, Sha256};
use wosigndoc::client::{Client, CreateOptions};
use wosigndoc::protocol::{Kind, Reason, push};
use wosigndoc::push::{Options, Receiver, Sink, receive};

fn send(client: &Client) -> bool {
    client.create_json(&order(), &CreateOptions::default()).is_ok()
}

/// The child opens its own connection; the parent's stays in order, whatever the child does, dropping the
/// client included.
#[test]
fn goes_on_after_a_fork() {
    let server = Server::start([]);
    let client = server.client(|_| {});
    assert!(send(&client));
    assert_eq!(server.connections(), 1);

    assert!(in_child(|| send(&client) && send(&client)));
    assert_eq!(server.connections(), 2, "the child opened one connection and kept it");

    let mut client = Some(client);
    assert!(in_child(|| {
        let ours = client.take().unwrap();
        let sent = send(&ours);
        drop(ours);
        sent
    }));
    // Dropping before the first use of its own, too.
    assert!(in_child(|| {
        drop(client.take());
        true
    }));
    let client = client.unwrap();
    let parents: Vec<_> = {
        assert!(send(&client) && send(&client));
        server.requests().iter().filter(|request| request.connection == 0).cloned().collect()
    };
    assert_eq!(parents.len(), 3, "the parent still uses its first connection");
    assert_eq!(server.connections(), 3);

    // A grandchild finds neither its parent's nor its grandparent's connections.
    assert!(in_child(|| send(&client) && in_child(|| send(&client)) && send(&client)));
    assert_eq!(server.connections(), 5);
}

/// Covers P-30: a child that drops a push which its parent is receiving leaves the parent's file alone.
#[test]
fn a_child_leaves_a_push_to_its_parent() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("signed.pdf");
    // "%PDF" and its SHA-256.
    let hash = "315d429b7714cedb6ad04ac31240145257692630457f3c88253c5beceac76027";
    let body = push::signed("s", "A-1", &b"%PDF"[..], 4, hash).into_pieces().collect().unwrap();
    let (begun, rest) = body.split_at(body.len() - "\",\"hash\":\"\"}}".len() - hash.len());
    let mut receiver =
        std::mem::ManuallyDrop::new(Receiver::open(Options::default(), Sink::File(path.clone())).unwrap());
    receiver.feed(begun).unwrap();
    assert!(in_child(|| {
        // SAFETY: the child's own copy, dropped once; the child ends without using it again.
        unsafe { std::mem::ManuallyDrop::drop(&mut receiver) };
        true
    }));
    receiver.feed(rest).unwrap();
    receiver.finish().unwrap();
    assert_eq!(std::fs::read(&path).unwrap(), b"%PDF");
    drop(std::mem::ManuallyDrop::into_inner(receiver));
}

/// A child that may start no thread. Root may always start one: it becomes somebody else first.
fn without_threads(act: impl FnOnce(&dyn Fn()) -> bool) -> bool {
    in_child(|| {
        let mut before = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: the structure lives through the call, which fills it; the child is somebody else until it ends.
        let set = unsafe {
            libc::getrlimit(libc::RLIMIT_NPROC, &raw mut before) == 0
                && (libc::getuid() != 0 || libc::setresuid(65_534, 65_534, 65_534) == 0)
        };
        let most = |threads| {
            let limit = libc::rlimit { rlim_cur: threads, ..before };
            // SAFETY: the structure lives through the call, which reads it.
            unsafe { libc::setrlimit(libc::RLIMIT_NPROC, &raw const limit) == 0 }
        };
        assert!(set && most(0) && std::thread::Builder::new().spawn(|| ()).is_err(), "a thread was started");
        act(&|| assert!(most(before.rlim_cur)))
    })
}

/// Inside a host's own runtime a call borrows a thread: where there is none it says so, and the next one works. A large
/// push, read by two threads elsewhere, is read by one.
#[test]
fn tells_that_threads_have_run_out() {
    let server = Server::start([]);
    let client = server.client(|_| {});
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let document = vec![b'%'; 4 * 1024 * 1024];
    let hash = wosigndoc::protocol::hex::encode(&Sha256::digest(&document));
    let body = push::signed("s", "A-1", &document[..], document.len() as u64, &hash);
    let body = body.into_pieces().collect().unwrap();
    assert!(without_threads(|enough| {
        let error = runtime.block_on(async { fails(&client) });
        assert_eq!((error.kind(), error.reason()), (Kind::Io, Reason::SystemResources), "{error}");
        let told = error.to_json();
        assert_eq!((&told["retry"], &told["may_have_arrived"]), (&true.into(), &false.into()));
        assert!(told["message"].as_str().unwrap().contains("os error 11"), "{told}");
        assert!(told["message_zh"].as_str().unwrap().contains("资源暂时不可用"), "{told}");
        assert_eq!(receive(&body, Options::default(), Sink::Owned).unwrap().length, document.len() as u64);
        enough();
        runtime.block_on(async { send(&client) })
    }));
    assert_eq!(server.requests().len(), 1);
}
