//! The delivery store in a folder: threads and processes that claim at once, death at any moment, clocks, bad folders.
#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing)]
#![cfg(unix)]

#[path = "support/fork.rs"]
mod fork;

use std::fs::{self, File};
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::sync::Barrier;
use std::thread;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;
use wosigndoc::protocol::{Error, Reason};
use wosigndoc::push::deliveries::{Claim, Completed, DEFAULT_EXPIRY, Ledger};

fn ledger() -> (TempDir, Ledger) {
    let folder = tempfile::tempdir().unwrap();
    let ledger = Ledger::new(folder.path().join("deliveries"));
    (folder, ledger)
}

fn claim(ledger: &Ledger, key: &str, owner: &str) -> Claim {
    ledger.claim(key, owner, DEFAULT_EXPIRY).unwrap()
}

/// Every file with this ending.
fn files(folder: &Path, ending: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path());
    let found = entries.flat_map(|path| if path.is_dir() { files(&path, ending) } else { vec![path] });
    found.filter(|path| path.to_string_lossy().ends_with(ending)).collect()
}

/// Moves the time of the only claim.
fn move_claim(folder: &TempDir, by_seconds: i64) {
    let path = files(folder.path(), ".claim").pop().unwrap();
    let mut claim: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
    claim["claimed_at"] = (claim["claimed_at"].as_i64().unwrap() + by_seconds).into();
    fs::write(&path, claim.to_string()).unwrap();
}

/// What many threads that claim a push at once are given.
fn race(ledger: &Ledger, key: &str, threads: usize) -> Vec<Claim> {
    let start = Barrier::new(threads);
    let one = |n: usize| {
        start.wait();
        claim(ledger, key, &format!("o-{n}"))
    };
    thread::scope(|scope| {
        let threads: Vec<_> = (0..threads)
            .map(|n| {
                scope.spawn({
                    let one = &one;
                    move || one(n)
                })
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

#[track_caller]
fn assert_one_is_granted(claims: &[Claim]) {
    let count = |wanted: Claim| claims.iter().filter(|claim| **claim == wanted).count();
    assert_eq!((count(Claim::Granted), count(Claim::Busy)), (1, claims.len() - 1), "{claims:?}");
}

/// Covers P-30: of many threads that claim a push at once, one gets it.
#[test]
fn one_of_many_threads_is_granted_a_claim() {
    let (_folder, ledger) = ledger();
    for round in 0..20 {
        assert_one_is_granted(&race(&ledger, &format!("k-{round}"), 8));
    }
}

/// Covers P-30: many processes that see the same pushes run the site's function once for each.
#[test]
fn many_processes_run_a_function_once() {
    let (folder, ledger) = ledger();
    let work = |owner: usize| {
        (0..40).all(|n| {
            let (key, owner) = (format!("k-{n}"), format!("o-{owner}"));
            if claim(&ledger, &key, &owner) == Claim::Granted {
                let run = folder.path().join(format!("{n}.run"));
                File::options().append(true).create(true).open(run).unwrap().write_all(b"x").unwrap();
                assert_eq!(ledger.complete(&key, &owner), Ok(Completed { taken_over: false }));
            }
            true
        })
    };
    let children: Vec<_> = (0..8).map(|owner| fork::start(|| work(owner))).collect();
    children.into_iter().for_each(|child| assert!(child.wait()));
    let runs = files(folder.path(), ".run");
    assert_eq!(runs.len(), 40);
    assert!(runs.iter().all(|run| fs::read(run).unwrap() == b"x"));
    assert_eq!(files(folder.path(), ".done").len(), 40);
    assert!(files(folder.path(), ".claim").is_empty() && files(folder.path(), ".part").is_empty());
}

/// Covers P-30: a process that is killed, in whatever step, leaves each push processable, and none forgotten.
#[test]
fn a_process_may_be_killed_at_any_moment() {
    let (_folder, ledger) = ledger();
    for round in 0..60u64 {
        let (mut said, mut says) = std::io::pipe().unwrap();
        let child = fork::start(|| {
            for n in 0.. {
                let (key, owner) = (format!("{round}-{n}"), "dead");
                assert_eq!(claim(&ledger, &key, owner), Claim::Granted);
                says.write_all(b"g").unwrap();
                ledger.complete(&key, owner).unwrap();
                says.write_all(b"c").unwrap();
            }
            true
        });
        // It is at work, and then a moment passes, a longer one each time.
        let mut steps = vec![0; 1 + usize::try_from(round % 4).unwrap()];
        said.read_exact(&mut steps).unwrap();
        thread::sleep(Duration::from_micros(round * 50));
        child.kill();
        drop(says);
        said.read_to_end(&mut steps).unwrap();
        for (at, step) in steps.iter().enumerate() {
            let key = format!("{round}-{}", at / 2);
            if *step == b'c' {
                assert_eq!(claim(&ledger, &key, "next"), Claim::Done);
            } else if at + 1 == steps.len() {
                // It may have been completed without a word; else the claim holds, and can be taken over.
                let found = claim(&ledger, &key, "next");
                assert!(matches!(found, Claim::Busy | Claim::Done), "{found:?}");
                ledger.release(&key, "dead").unwrap();
            }
        }
        // The one at which it was at work, about which it did not say a word.
        let key = format!("{round}-{}", steps.len().div_ceil(2));
        assert!(matches!(claim(&ledger, &key, "next"), Claim::Busy | Claim::Granted | Claim::Done));
    }
}

/// Covers P-30: a claim holds as long as it said itself, whoever asks, and can be renewed.
#[test]
fn a_claim_expires_as_it_said() {
    let (folder, ledger) = ledger();
    assert_eq!(ledger.claim("k", "a", Duration::from_secs(60)), Ok(Claim::Granted));
    move_claim(&folder, -55);
    assert_eq!(
        ledger.claim("k", "b", Duration::from_secs(1)),
        Ok(Claim::Busy),
        "by the settings of its maker"
    );
    assert_eq!(ledger.renew("k", "b"), Ok(false));
    assert_eq!(ledger.renew("k", "a"), Ok(true));
    move_claim(&folder, -55);
    assert_eq!(ledger.claim("k", "b", Duration::from_secs(1)), Ok(Claim::Busy));
    move_claim(&folder, -6);
    assert_eq!(ledger.claim("k", "b", DEFAULT_EXPIRY), Ok(Claim::GrantedAgain));
    // The first one comes to its end all the same.
    assert_eq!(ledger.renew("k", "a"), Ok(false));
    assert_eq!(ledger.release("k", "a"), Ok(()));
    assert_eq!(claim(&ledger, "k", "c"), Claim::Busy);
    assert_eq!(ledger.complete("k", "a"), Ok(Completed { taken_over: true }));
    assert_eq!(claim(&ledger, "k", "c"), Claim::Done);
    assert_eq!(ledger.complete("k", "b"), Ok(Completed { taken_over: false }));
    assert_eq!(ledger.renew("k", "b"), Ok(false));
    assert_eq!(ledger.release("k", "b"), Ok(()));
    assert_eq!(claim(&ledger, "k", "c"), Claim::Done);
}

/// A claim that ends as soon as it is made would run the function twice.
#[test]
fn an_expiry_below_a_second_is_refused() {
    let (folder, ledger) = ledger();
    for short in [Duration::ZERO, Duration::from_millis(999)] {
        let error = ledger.claim("k", "a", short).unwrap_err();
        assert_eq!((error.reason(), error.field_path()), (Reason::BadOption, Some("expire_after")));
    }
    assert!(!folder.path().join("deliveries").exists());
}

/// In real time, to the second: never early.
#[test]
fn a_second_is_a_whole_one() {
    let (_folder, ledger) = ledger();
    let second = Duration::from_secs(1);
    let since = std::time::Instant::now();
    assert_eq!(ledger.claim("k", "a", second), Ok(Claim::Granted));
    while ledger.claim("k", "b", second) == Ok(Claim::Busy) {
        thread::sleep(Duration::from_millis(5));
    }
    assert!((second..second * 3).contains(&since.elapsed()), "{:?}", since.elapsed());
}

/// The clock was set back by a year: the claim holds for its time from now on, not for a year.
#[test]
fn a_claim_of_the_future_counts_from_now() {
    let (folder, ledger) = ledger();
    assert_eq!(claim(&ledger, "k", "a"), Claim::Granted);
    move_claim(&folder, 365 * 86400);
    assert_eq!(claim(&ledger, "k", "b"), Claim::Busy);
    move_claim(&folder, -890);
    assert_eq!(claim(&ledger, "k", "b"), Claim::Busy);
    move_claim(&folder, -20);
    assert_eq!(claim(&ledger, "k", "b"), Claim::GrantedAgain);
}

#[test]
fn nothing_is_there_before_the_first_claim() {
    let (folder, ledger) = ledger();
    assert_eq!(ledger.release("k", "a"), Ok(()));
    assert_eq!(ledger.renew("k", "a"), Ok(false));
    assert_eq!(ledger.complete("k", "a").unwrap_err().reason(), Reason::ClaimLost);
    assert!(!folder.path().join("deliveries").exists());
    assert_eq!(claim(&ledger, "k", "a"), Claim::Granted);
    let mode = |path: &str| fs::metadata(folder.path().join(path)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("deliveries"), 0o700);
    assert_eq!(ledger.complete("other", "a").unwrap_err().reason(), Reason::ClaimLost);
}

#[track_caller]
fn assert_names(error: &Error, reason: Reason, place: &Path) {
    assert_eq!((error.reason(), error.field_path()), (reason, Some("folder")));
    let document = error.to_json();
    for text in ["message", "message_zh"] {
        let text = document[text].as_str().unwrap();
        assert!(text.contains(place.to_str().unwrap()), "{text}");
    }
    assert!(!document["advice"].as_str().unwrap().is_empty());
}

#[test]
fn bad_folders_are_named() {
    let (folder, _) = ledger();
    let file = folder.path().join("file");
    fs::write(&file, "").unwrap();
    for place in [&file, &file.join("deliveries")] {
        let error = Ledger::new(place).claim("k", "a", DEFAULT_EXPIRY).unwrap_err();
        assert_names(&error, Reason::FileUnwritable, place);
    }
    let ledger = Ledger::new(folder.path().join("deliveries"));
    assert_eq!(claim(&ledger, "k", "a"), Claim::Granted);
    let torn = files(folder.path(), ".claim").pop().unwrap();
    fs::write(&torn, "{").unwrap();
    for error in [
        ledger.claim("k", "b", DEFAULT_EXPIRY).unwrap_err(),
        ledger.complete("k", "a").unwrap_err(),
        ledger.release("k", "a").unwrap_err(),
        ledger.renew("k", "a").unwrap_err(),
    ] {
        assert_names(&error, Reason::FileUnreadable, &torn);
    }
}

/// Gives up the privileges of a test that runs as root, to which no folder is read-only.
#[allow(unsafe_code, reason = "a child process changes its user")]
fn become_nobody() {
    // SAFETY: these calls change nothing but who this process, a child made for it, is.
    let good = unsafe { libc::geteuid() != 0 || (libc::setgid(65534) == 0 && libc::setuid(65534) == 0) };
    assert!(good);
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let (folder, _) = ledger();
    let place = folder.path().join("read-only");
    fs::create_dir(&place).unwrap();
    fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o755)).unwrap();
    fs::set_permissions(&place, fs::Permissions::from_mode(0o555)).unwrap();
    assert!(fork::in_child(|| {
        become_nobody();
        for place in [&place, &place.join("deliveries")] {
            let error = Ledger::new(place).claim("k", "a", DEFAULT_EXPIRY).unwrap_err();
            assert_names(&error, Reason::FileUnwritable, place);
        }
        true
    }));
}

/// Covers P-30: on a full disk nothing is claimed, and what the function has stored can still be marked.
#[test]
#[allow(unsafe_code, reason = "a child process limits the size of its files")]
fn a_full_disk_grants_nothing_and_forgets_nothing() {
    let (folder, ledger) = ledger();
    assert!(fork::in_child(|| {
        assert_eq!(claim(&ledger, "k", "a"), Claim::Granted);
        assert_eq!(claim(&ledger, "renewed", "a"), Claim::Granted);
        let none = libc::rlimit { rlim_cur: 0, rlim_max: 0 };
        // SAFETY: they change only this child process, which from now on fails to write into files.
        assert!(unsafe {
            libc::signal(libc::SIGXFSZ, libc::SIG_IGN) != libc::SIG_ERR
                && libc::setrlimit(libc::RLIMIT_FSIZE, &raw const none) == 0
        });
        assert_names(
            &ledger.claim("new", "a", DEFAULT_EXPIRY).unwrap_err(),
            Reason::FileUnwritable,
            &folder.path().join("deliveries"),
        );
        assert_eq!(ledger.renew("renewed", "a").unwrap_err().reason(), Reason::FileUnwritable);
        assert_eq!(claim(&ledger, "renewed", "b"), Claim::Busy);
        assert_eq!(ledger.complete("k", "a"), Ok(Completed { taken_over: false }));
        true
    }));
    assert_eq!(claim(&ledger, "k", "b"), Claim::Done);
    assert_eq!(claim(&ledger, "new", "b"), Claim::Granted);
    assert!(files(folder.path(), ".part").is_empty());
}
