//! Clients that stay when their handle is freed.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::common::{Server, order};
use serde_json::{Value, json};
use wosigndoc::client::{Client, CreateOptions, shared};
use wosigndoc::protocol::Reason;

/// The list is the process's: one test at a time.
fn alone() -> MutexGuard<'static, ()> {
    static ONE: Mutex<()> = Mutex::new(());
    ONE.lock().unwrap_or_else(PoisonError::into_inner)
}

fn open(config: &Value) -> Arc<Client> {
    shared(config.to_string().as_bytes()).unwrap()
}

/// Opens, sends and closes, as one request of a web server's worker.
fn request(config: &Value) {
    open(config).create_json(&order(), &CreateOptions::default()).unwrap();
}

/// The same configuration takes the connection over; another one never does.
#[test]
fn a_later_client_takes_the_connection_over() {
    let _alone = alone();
    let server = Server::start([]);
    let mut config = server.config();
    for _ in 0..5 {
        request(&config);
    }
    assert_eq!(server.connections(), 1);
    config["user_agent"] = json!("another/1.0");
    request(&config);
    assert_eq!(server.connections(), 2);
    assert_eq!(server.requests().len(), 6);
}

/// A certificate that was renewed counts at once.
#[test]
fn a_changed_file_makes_a_new_client() {
    let _alone = alone();
    let server = Server::start([]);
    let mut config = server.config();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.pem");
    let text = |name: &str| config["identity"][name].as_str().unwrap_or_default().to_owned();
    let pem = text("certificate") + &text("key");
    std::fs::write(&path, &pem).unwrap();
    config["identity"] = json!({ "certificate_file": path });
    // As it is, and after a byte order mark.
    for mark in ["", "\u{feff}"] {
        let open = || shared(format!("{mark}{config}").as_bytes()).unwrap();
        std::fs::write(&path, &pem).unwrap();
        let first = open();
        assert!(Arc::ptr_eq(&first, &open()));
        std::fs::write(&path, format!("{pem}\n")).unwrap();
        assert!(!Arc::ptr_eq(&first, &open()));
    }
}

/// A configuration that is kept in a file, alone or named by the environment: a change of it counts at once.
#[test]
fn a_changed_configuration_file_makes_a_new_client() {
    let _alone = alone();
    let server = Server::start([]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.json");
    let config = server.config().to_string();
    for place in [json!({ "file": path }), json!({"environment": { "WOSIGNDOC_CONFIG": path }})] {
        std::fs::write(&path, &config).unwrap();
        let first = open(&place);
        assert!(Arc::ptr_eq(&first, &open(&place)));
        std::fs::write(&path, format!("{config}\n")).unwrap();
        assert!(!Arc::ptr_eq(&first, &open(&place)));
        std::fs::remove_file(&path).unwrap();
        assert_eq!(shared(place.to_string().as_bytes()).unwrap_err().reason(), Reason::FileUnreadable);
    }
}

/// Scripts of several folders share a client, unless a path is relative to the folder.
#[test]
fn a_folder_counts_only_for_relative_paths() {
    let _alone = alone();
    let server = Server::start([]);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("client.json");
    std::fs::write(&path, server.config().to_string()).unwrap();
    let before = std::env::current_dir().unwrap();
    std::env::set_current_dir(folder.path()).unwrap();
    let [whole, relative] = [json!({ "file": path }), json!({ "file": "client.json" })];
    let clients = [open(&whole), open(&relative), open(&relative)];
    std::env::set_current_dir(&before).unwrap();
    assert!(Arc::ptr_eq(&clients[0], &open(&whole)));
    assert!(Arc::ptr_eq(&clients[1], &clients[2]));
    assert_eq!(shared(relative.to_string().as_bytes()).unwrap_err().reason(), Reason::FileUnreadable);
}

/// A configuration that is wrong is an error every time.
#[test]
fn a_wrong_configuration_is_not_kept() {
    let _alone = alone();
    for _ in 0..2 {
        assert!(shared(b"{\"endpoint\": \"http://127.0.0.1/\"}").is_err());
        assert!(shared(b"rubbish").is_err());
    }
}

/// Many configurations: no more than a few are kept, and each still works.
#[test]
fn only_a_few_are_kept() {
    let _alone = alone();
    let server = Server::start([]);
    for round in 0..20 {
        let mut config = server.config();
        config["user_agent"] = json!(format!("round/{round}"));
        request(&config);
    }
    let mut config = server.config();
    config["user_agent"] = json!("round/0");
    request(&config);
    assert_eq!(server.connections(), 21);
}

/// Threads that open the same configuration at once.
#[test]
fn threads_may_open_at_once() {
    let _alone = alone();
    let server = Server::start([]);
    let config = server.config();
    std::thread::scope(|scope| {
        for _ in 0..8 {
            scope.spawn(|| (0..10).for_each(|_| request(&config)));
        }
    });
    assert_eq!(server.requests().len(), 80);
}
