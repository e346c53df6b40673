//! `certify-callback`: a right site gets no finding, and each wrong one what it deserves.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tempfile::{TempDir, tempdir};

use crate::sandbox::command;
use crate::site::{Answer, NO, ONE, Place, start};

/// Runs it with a CA in this folder.
pub fn certify(folder: &Path, words: &[&str]) -> (Option<i32>, String, String) {
    let data = ["certify-callback", "--data", folder.to_str().unwrap()];
    let done = command(&[&data, words].concat());
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// A folder with the CA that a site trusts.
pub fn prepared() -> (TempDir, Place) {
    let folder = tempdir().unwrap();
    let (code, told, said) = certify(folder.path(), &["--prepare"]);
    assert_eq!(code, Some(0), "{said}");
    assert!(told.contains("ca.pem"), "{told}");
    let place = Place::new(folder.path());
    (folder, place)
}

/// The findings of a run: exit status, and case, grade and kind of each.
fn findings(folder: &TempDir, url: &str, words: &[&str]) -> (Option<i32>, Vec<String>) {
    let stored = folder.path().join("stored");
    let stored = ["--stored", stored.to_str().unwrap(), "--json", url];
    let (code, report, said) = certify(folder.path(), &[&stored, words].concat());
    let report: Value = serde_json::from_str(&report).unwrap_or_else(|_| panic!("{report}{said}"));
    let mut found = Vec::new();
    for case in report["cases"].as_array().unwrap() {
        for finding in case["findings"].as_array().unwrap() {
            let word = |value: &Value| value.as_str().unwrap().to_owned();
            for text in [&finding["message"], &finding["advice"]] {
                assert!(!word(&text["en"]).is_empty() && !word(&text["zh"]).is_empty(), "{finding}");
            }
            found.push(format!(
                "{} {} {}",
                word(&case["case"]),
                word(&finding["grade"]),
                word(&finding["kind"])
            ));
        }
    }
    (code, found)
}

/// Certifies a site in the cases named, and expects exactly these findings.
fn expect(site: impl Fn(&Place, &[u8]) -> Answer + Send + Sync + 'static, words: &[&str], expected: &[&str]) {
    let (folder, place) = prepared();
    let url = start(move |body| site(&place, body));
    let (code, found) = findings(&folder, &url, words);
    assert_eq!(found, expected, "{words:?}");
    let worst = match () {
        () if found.iter().any(|finding| finding.contains(" wrong ")) => 1,
        () if !found.is_empty() => 2,
        () => 0,
    };
    assert_eq!(code, Some(worst), "{words:?}");
}

/// Turns names of cases into options.
macro_rules! only {
    ($($case:literal),*) => { &["--largest", "8", $("--only", $case),*] };
}

/// Covers P-30, P-31, P-32: the library, with whom it trusts, does everything right; a person reads so in both languages.
#[test]
fn a_right_site_is_all_right() {
    let (folder, place) = prepared();
    let (stored, right) = (place.stored.clone(), place.clone());
    let url = start(move |body| right.right(body));
    let words = ["--largest", "8", "--stored", stored.to_str().unwrap(), &url];
    let (code, said, before) = certify(folder.path(), &words);
    assert_eq!(code, Some(0), "{said}");
    assert!(said.starts_with("all right (全部正确)\n"), "{said}");
    assert!(said.contains("0 advice, 0 wrong") && said.contains("passed  plain, failed, "), "{said}");
    assert!(before.contains("ca.pem") && before.contains("CERTIFY-"), "{before}");
    // Once more, with other numbers, and documents that a command shows.
    let show =
        format!("cat $(grep -l $(printf {{number}} | od -An -tx1 | tr -d ' \\n') {}/*)", stored.display());
    let words = [
        "--largest",
        "1",
        "--only",
        "plain",
        "--only",
        "failed",
        "--only",
        "altered",
        "--stored-command",
        &show,
        &url,
    ];
    let (code, said, _) = certify(folder.path(), &words);
    assert_eq!(code, Some(0), "{said}");
}

/// Covers P-30, P-35: `success` acknowledges nothing, and nor does a 1 with a line break behind it.
#[test]
fn an_answer_that_is_not_1_is_pushed_for_ever() {
    expect(
        |place, body| place.right(body).map(|answer| if answer.0 == 200 { (200, "success") } else { answer }),
        only!["plain", "failed", "wrong-hash"],
        &["plain wrong missing", "failed wrong missing"],
    );
    expect(
        |place, body| place.right(body).map(|answer| if answer.0 == 200 { (200, "1\n") } else { answer }),
        only!["plain"],
        &["plain wrong missing"],
    );
}

/// Covers P-30: a site that acknowledges before it stores loses what it cannot store.
#[test]
fn a_1_before_storing_loses_contracts() {
    expect(
        |_, _| ONE,
        only!["plain", "failed", "wrong-hash", "empty", "broken-json", "no-body", "altered", "cut"],
        &[
            "plain wrong lost",
            "altered wrong forgery",
            "wrong-hash wrong accepted",
            "empty wrong accepted",
            "cut wrong lost",
            "broken-json wrong accepted",
            "no-body wrong accepted",
        ],
    );
}

/// Covers P-32: a site that knows failed orders only, or signed ones only.
#[test]
fn each_status_is_acknowledged() {
    let signed = |body: &[u8]| body.windows(10).any(|window| window == b"\"status\":1");
    expect(
        move |place, body| if signed(body) { Some((500, "")) } else { place.right(body) },
        only!["plain", "failed"],
        &["plain wrong missing"],
    );
    expect(
        move |place, body| if signed(body) { place.right(body) } else { Some((200, "0")) },
        only!["plain", "failed", "failed-twice"],
        &["failed wrong missing", "failed-twice wrong missing", "failed-twice wrong missing"],
    );
}

/// A document that was taken for text is another document.
#[test]
fn a_document_that_is_stored_otherwise_is_lost() {
    expect(
        |place, body| {
            let Some(mut received) = place.judge(body) else { return NO };
            received.document =
                received.document.map(|bytes| String::from_utf8_lossy(&bytes).into_owned().into_bytes());
            place.store(&received, &received.delivery_key().unwrap());
            ONE
        },
        only!["plain", "chinese", "wrong-hash"],
        &["plain wrong lost", "chinese wrong lost"],
    );
}

/// Files that are named by the order alone: the second document is lost, or takes the place of the first.
#[test]
fn two_documents_of_one_order_are_kept() {
    expect(
        |place, body| {
            let Some(received) = place.judge(body) else { return NO };
            let name = received.ordernumber.clone().unwrap();
            if !place.stored.join(&name).exists() {
                place.store(&received, &name);
            }
            ONE
        },
        only!["plain", "again", "second-document"],
        &["second-document wrong lost"],
    );
    expect(
        |place, body| {
            let Some(received) = place.judge(body) else { return NO };
            place.store(&received, received.ordernumber.as_deref().unwrap());
            ONE
        },
        only!["plain", "again", "second-document"],
        &["second-document advice replaced"],
    );
    expect(
        |place, body| {
            let Some(received) = place.judge(body) else { return NO };
            place.store(&received, "contract.pdf");
            ONE
        },
        only!["plain", "again", "chinese"],
        &["plain wrong gone", "again wrong gone"],
    );
}

/// Covers P-31: a site that never looks at the hash takes what arrived damaged.
#[test]
fn the_hash_is_looked_at() {
    expect(
        |place, body| {
            let Ok(mut push) = serde_json::from_slice::<Value>(body) else { return NO };
            if let Some(content) =
                push["extendData"]["content"].as_str().and_then(|text| STANDARD.decode(text).ok())
            {
                let hash = wosigndoc::protocol::hex::encode(&Sha256::digest(content));
                push["extendData"]["hash"] = json!(hash);
            }
            place.right(push.to_string().as_bytes())
        },
        only!["plain", "wrong-hash", "no-hash", "hash-sha512", "empty", "altered"],
        &["wrong-hash wrong accepted", "no-hash advice accepted"],
    );
}

/// A limit that the site's web server sets is named, and what lies below it passes.
#[test]
fn limits_are_named() {
    const PAGE: &str = "<h1>413 Request Entity Too Large</h1><hr><center>nginx</center>";
    expect(
        |place, body| if body.len() > 8 << 20 { Some((413, PAGE)) } else { place.right(body) },
        only!["plain", "size-1", "size-8"],
        &["size-8 wrong limit"],
    );
    let (folder, place) = prepared();
    let url = start(move |body| if body.len() > 1 << 20 { Some((413, PAGE)) } else { place.right(body) });
    let (code, said, _) = certify(folder.path(), &["--only", "size-1", &url]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("client_max_body_size") && said.contains("调大"), "{said}");
    assert!(said.contains("--stored"), "{said}");
}

/// Covers P-34: two pushes at once that block each other are found; the limit of the platform is the queue's own.
#[test]
fn a_site_that_blocks_is_found() {
    let seen = Arc::new((Mutex::new(0), Condvar::new()));
    expect(
        move |place, body| {
            if !String::from_utf8_lossy(body).contains("two-at-once") {
                return place.right(body);
            }
            let (count, changed) = &*seen;
            let mut count = count.lock().unwrap();
            *count += 1;
            changed.notify_all();
            let alone = *count > 2;
            drop(changed.wait_while(count, |count| *count < 2).unwrap());
            if alone { place.right(body) } else { None }
        },
        only!["plain", "two-at-once"],
        &["two-at-once wrong busy", "two-at-once wrong busy"],
    );
}

/// Covers P-34: a site that never answers is waited for as long as the queue waits.
#[test]
fn a_site_that_never_answers_is_not_waited_for() {
    expect(|_, _| None, only!["plain"], &["plain wrong slow"]);
}

/// A site that takes one push at a time and says so is given advice; for the same push that is right.
#[test]
fn a_site_that_is_busy_is_given_advice() {
    let (count, refused) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    expect(
        move |place, body| {
            let text = String::from_utf8_lossy(body);
            let counter = if text.contains("two-at-once") { &count } else { &refused };
            if text.contains("at-once") && counter.fetch_add(1, Ordering::SeqCst) == 0 {
                return Some((503, "busy"));
            }
            place.right(body)
        },
        only!["plain", "same-at-once", "two-at-once"],
        &["two-at-once advice busy"],
    );
}

/// Covers P-33: who does not look at signatures takes every forgery; advice where the site says so.
#[test]
fn forgeries_that_are_taken_are_found() {
    let believing = |place: &Place, body: &[u8]| {
        let Some(received) = place.believe(body) else { return NO };
        place.store(&received, &received.delivery_key().unwrap());
        ONE
    };
    let forgeries = only!["plain", "altered", "stranger", "unsigned", "no-pdf", "wrong-hash"];
    expect(
        believing,
        forgeries,
        &[
            "altered wrong forgery",
            "stranger wrong forgery",
            "unsigned wrong forgery",
            "no-pdf wrong forgery",
        ],
    );
    expect(
        believing,
        &[&["--without-verification"][..], forgeries].concat(),
        &[
            "altered advice forgery",
            "stranger advice forgery",
            "unsigned advice forgery",
            "no-pdf advice forgery",
        ],
    );
}

/// What is stored anew at each push, and what is stored before it is looked at.
#[test]
fn what_is_stored_needlessly_is_advice() {
    let count = AtomicUsize::new(0);
    expect(
        move |place, body| {
            let Some(received) = place.judge(body) else { return NO };
            place.store(&received, &count.fetch_add(1, Ordering::SeqCst).to_string());
            ONE
        },
        only!["plain", "again", "same-at-once"],
        &["again advice doubled", "same-at-once advice doubled"],
    );
    expect(
        |place, body| {
            if let Some(received) = place.believe(body) {
                place.store(&received, &received.delivery_key().unwrap());
            }
            place.right(body)
        },
        only!["plain", "altered"],
        &["altered advice kept"],
    );
}
