//! What is deleted once it need not be kept, and what never is.

use tempfile::tempdir;

use crate::receiver::Receiver;
use crate::sandbox::{Sandbox, order};

/// The files of an order as they lie in the data folder.
fn files(sandbox: &Sandbox, signid: &str) -> Vec<String> {
    let entries = std::fs::read_dir(sandbox.path("documents/orders").join(signid)).unwrap();
    let mut names: Vec<String> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// Waits until only these files of an order are left.
fn wait_for_files(sandbox: &Sandbox, signid: &str, expected: &[&str]) {
    for _ in 0..600 {
        if files(sandbox, signid) == expected {
            return;
        }
        std::thread::sleep(std::time::Duration::from_millis(100));
    }
    panic!("{:?}: {}", files(sandbox, signid), sandbox.log());
}

/// Covers P-34: materials and identity numbers go when they are out of date; a signed document only where that is
/// set, and never before it was delivered.
#[test]
fn forgets_what_need_not_be_kept() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let signid = sandbox.order(&order(&sandbox.token(), "KEPT"))["signid"].as_str().unwrap().to_owned();
    sandbox.wait_for("KEPT", "state:        signed");
    assert!(sandbox.signal("TERM").success());
    // By default they stay for a month, so that whoever is asked about an order can look.
    let sandbox = Sandbox::start(&data, &[]);
    assert!(files(&sandbox, &signid).len() > 4, "{:?}", files(&sandbox, &signid));
    assert!(sandbox.signal("TERM").success());
    std::fs::write(data.join("settings.json"), r#"{"materials_days": 0, "documents_days": 0}"#).unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    wait_for_files(&sandbox, &signid, &["signed.pdf"]);
    assert!(sandbox.signal("TERM").success());
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    let numbers: Vec<String> = database
        .prepare("SELECT number FROM signers ORDER BY place")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    // An organisation's number is public, and in its certificate.
    assert_eq!(numbers, ["91350100M000100Y43", ""]);
    drop(database);
    let bytes = std::fs::read(data.join("wosigndoc.db")).unwrap();
    assert!(!bytes.windows(18).any(|window| window == b"11010519491231002X"));
    // Delivered, the document goes too: at the next look, here the next start.
    let receiver = Receiver::acknowledging();
    let sandbox = Sandbox::start(&data, &["--callback", &receiver.url]);
    assert_eq!(receiver.next().number(), "KEPT");
    sandbox.wait_for("KEPT", "push:         acknowledged");
    assert!(sandbox.signal("TERM").success());
    let sandbox = Sandbox::start(&data, &[]);
    wait_for_files(&sandbox, &signid, &[]);
    let again = crate::sandbox::admin(&data, &["order", "push-again", "KEPT"]);
    assert!(String::from_utf8(again.stderr).unwrap().contains("its document was deleted"));
    assert_eq!(sandbox.code(&order(&sandbox.token(), "KEPT")), -46);
}

/// A signed document whose row says that it is gone, as a crash in between leaves it, goes at the next start.
#[test]
fn removes_a_document_that_is_said_to_be_gone() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let signids = ["GONE", "STAYS"].map(|number| {
        let signid = sandbox.order(&order(&sandbox.token(), number))["signid"].as_str().unwrap().to_owned();
        sandbox.wait_for(number, "state:        signed");
        signid
    });
    assert!(sandbox.signal("TERM").success());
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    database.execute("UPDATE orders SET document_gone = 1 WHERE number = 'GONE'", []).unwrap();
    drop(database);
    let sandbox = Sandbox::start(&data, &[]);
    let there = signids.map(|signid| files(&sandbox, &signid).contains(&"signed.pdf".to_owned()));
    assert_eq!(there, [false, true]);
}

/// A signed document that the database does not know, as after putting an older one back, is not thrown away.
#[test]
fn throws_no_signed_document_away() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(Sandbox::start(&data, &[]).signal("TERM").success());
    let order = data.join("documents/orders/0c9d");
    std::fs::create_dir_all(&order).unwrap();
    std::fs::write(order.join("signed.pdf"), "%PDF-").unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    assert!(order.join("signed.pdf").exists());
    assert!(sandbox.log().contains("does not know"));
}
