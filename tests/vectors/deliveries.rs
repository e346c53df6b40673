//! Every case of vectors/deliveries.json through the core's store, and of vectors/endpoint.json through the rules that
//! docs/deliveries.md states, written down once more here: the languages' endpoints are measured by those cases.

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::time::Duration;

use serde_json::{Value, json};
use tempfile::TempDir;
use wosigndoc::protocol::Reason;
use wosigndoc::push::deliveries::{Claim, Ledger};
use wosigndoc::push::{Options, Sink, receive};

fn cases(file: &str) -> Value {
    let path = format!("{}/vectors/{file}.json", env!("CARGO_MANIFEST_DIR"));
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

/// An empty store, and its steps as the vectors write them.
struct Store {
    folder: TempDir,
    ledger: Ledger,
    expiry: Duration,
}

impl Store {
    fn new(expire_seconds: &Value) -> Store {
        let folder = tempfile::tempdir().unwrap();
        let ledger = Ledger::new(folder.path());
        let expiry = Duration::from_secs(expire_seconds.as_u64().unwrap_or(900));
        Store { folder, ledger, expiry }
    }

    fn claim(&self, key: &str, owner: &str) -> &'static str {
        self.ledger.claim(key, owner, self.expiry).unwrap().word()
    }

    fn complete(&self, key: &str, owner: &str) -> &'static str {
        match self.ledger.complete(key, owner) {
            Ok(completed) if completed.taken_over => "taken_over",
            Ok(_) => "completed",
            Err(error) if error.reason() == Reason::ClaimLost => "lost",
            Err(error) => panic!("{error}"),
        }
    }

    fn take(&self, step: &Value, key: &str) {
        let owner = |name: &str| step[name].as_str();
        let gives = if let Some(owner) = owner("claim") {
            self.claim(key, owner).into()
        } else if let Some(owner) = owner("complete") {
            self.complete(key, owner).into()
        } else if let Some(owner) = owner("release") {
            self.ledger.release(key, owner).unwrap();
            Value::Null
        } else if let Some(owner) = owner("renew") {
            if self.ledger.renew(key, owner).unwrap() { "renewed" } else { "not_renewed" }.into()
        } else {
            self.pass(step["pass_seconds"].as_i64().unwrap());
            Value::Null
        };
        assert_eq!(gives, step["gives"], "{step}");
    }

    fn pass(&self, seconds: i64) {
        for path in claims(self.folder.path()) {
            let mut claim: Value = serde_json::from_slice(&fs::read(&path).unwrap()).unwrap();
            claim["claimed_at"] = (claim["claimed_at"].as_i64().unwrap() - seconds).into();
            fs::write(&path, claim.to_string()).unwrap();
        }
    }

    /// What it says of a push, as a look from outside finds it.
    fn state(&self, key: &str) -> &'static str {
        match self.ledger.claim(key, "a look", self.expiry).unwrap() {
            Claim::Busy => "open",
            Claim::Done => "done",
            Claim::Granted | Claim::GrantedAgain => {
                self.ledger.release(key, "a look").unwrap();
                "none"
            }
        }
    }
}

fn claims(folder: &Path) -> Vec<std::path::PathBuf> {
    let inside =
        |path: &Path| fs::read_dir(path).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
    let all = inside(folder).into_iter().flat_map(|path| inside(&path));
    all.filter(|path| path.extension().is_some_and(|ending| ending == "claim")).collect()
}

#[test]
fn deliveries() {
    let vectors = cases("deliveries");
    for case in vectors["cases"].as_array().unwrap() {
        println!("{}", case["name"]);
        let store = Store::new(&case["expire_seconds"]);
        for step in case["steps"].as_array().unwrap() {
            store.take(step, step["key"].as_str().unwrap_or("key"));
        }
    }
}

/// A site, as far as a case can see it.
struct Site<'a> {
    bodies: &'a Value,
    options: String,
    store: Option<Store>,
    /// The bodies that its function has kept.
    stored: RefCell<BTreeSet<String>>,
    owners: Cell<u32>,
}

/// Status, word, and calls of the function.
type Answer = (u16, String, u32);

impl Site<'_> {
    fn take(&self, step: &Value) {
        if !step["push"].is_string() {
            let key = self.bodies["signed"]["delivery_key"].as_str().unwrap();
            return self.store.as_ref().unwrap().take(step, key);
        }
        let name = step["push"].as_str().unwrap();
        let (status, word, calls) = self.answer(step, name);
        let body = if status == 200 { word } else { format!("not acknowledged: {word}") };
        let mut found = json!({
            "status": status, "body": body, "calls": calls, "stored": self.stored.borrow().contains(name),
        });
        match status {
            405 => found["headers"] = json!({"Allow": "POST"}),
            503 => found["headers"] = json!({"Retry-After": "5"}),
            _ => {}
        }
        if let (Some(store), Some(key)) = (&self.store, self.bodies[name]["delivery_key"].as_str()) {
            found["claim"] = store.state(key).into();
        }
        assert_eq!(found, step["expect"], "{step}");
    }

    fn answer(&self, step: &Value, name: &str) -> Answer {
        let refuse = |status: u16, word: &str| (status, word.to_owned(), 0);
        if step["method"].as_str().unwrap_or("POST") != "POST" {
            return refuse(405, "method_not_allowed");
        }
        let options = Options::from_json(self.options.as_bytes()).unwrap();
        if step["breaks_after"].is_u64() {
            return refuse(500, "receiving_failed");
        }
        let body = self.bodies[name]["text"].as_str().unwrap();
        let key = match receive(body.as_bytes(), options, Sink::Owned) {
            Ok(received) => received.delivery_key(),
            Err(error) => return refuse(error.answer_status(), error.reason().word()),
        };
        assert_eq!(key.as_deref(), self.bodies[name]["delivery_key"].as_str());
        match (&self.store, key) {
            (Some(store), Some(key)) => self.deliver(step, name, store, &key),
            _ if self.function(step, name) => (200, "1".to_owned(), 1),
            _ => (500, "not_stored".to_owned(), 1),
        }
    }

    fn deliver(&self, step: &Value, name: &str, store: &Store, key: &str) -> Answer {
        self.owners.set(self.owners.get() + 1);
        let owner = &format!("request {}", self.owners.get());
        let answer = |status: u16, word: &str, calls| (status, word.to_owned(), calls);
        let release = || {
            let _ = faulty(step, "release", || store.ledger.release(key, owner).unwrap());
        };
        match faulty(step, "claim", || store.claim(key, owner)) {
            Ok("done") => return answer(200, "1", 0),
            Ok("busy") => return answer(503, "busy", 0),
            Ok(_) => {}
            Err(()) => {
                release();
                return answer(500, "store_failed", 0);
            }
        }
        if !self.function(step, name) {
            release();
            return answer(500, "not_stored", 1);
        }
        match faulty(step, "complete", || store.complete(key, owner)) {
            Ok("completed" | "taken_over") => answer(200, "1", 1),
            _ => {
                release();
                answer(500, "store_failed", 1)
            }
        }
    }

    /// The site's function; false when it throws.
    fn function(&self, step: &Value, name: &str) -> bool {
        let default = vec![json!("store")];
        step["function"].as_array().unwrap_or(&default).iter().all(|act| {
            match act.as_str() {
                Some("store") => {
                    self.stored.borrow_mut().insert(name.to_owned());
                }
                Some(word) => assert_eq!(word, "throw"),
                None => self.take(act),
            }
            act != "throw"
        })
    }
}

/// A step of the store, which throws before or after it where the push says so.
fn faulty<T>(push: &Value, name: &str, step: impl FnOnce() -> T) -> Result<T, ()> {
    match push["store_throws"][name].as_str() {
        None => Ok(step()),
        Some("before") => Err(()),
        Some(when) => {
            assert_eq!(when, "after");
            step();
            Err(())
        }
    }
}

#[test]
fn endpoint() {
    let vectors = cases("endpoint");
    for case in vectors["cases"].as_array().unwrap() {
        println!("{}", case["name"]);
        let site = Site {
            bodies: &vectors["bodies"],
            options: case.get("options").map(Value::to_string).unwrap_or_default(),
            store: (case["without_store"] != true).then(|| Store::new(&Value::Null)),
            stored: RefCell::default(),
            owners: Cell::default(),
        };
        case["steps"].as_array().unwrap().iter().for_each(|step| site.take(step));
    }
}

/// A word that is misspelt in a vector would silently mean nothing.
#[test]
fn steps_hold_only_what_is_known() {
    let known = |allowed: &[&str], value: &Value| {
        let names = value.as_object().unwrap().keys();
        names.for_each(|name| assert!(allowed.contains(&name.as_str()), "{name}: {value}"));
    };
    let step = ["claim", "complete", "release", "renew", "key", "gives", "pass_seconds"];
    for case in cases("deliveries")["cases"].as_array().unwrap() {
        known(&["name", "rules", "expire_seconds", "steps"], case);
        case["steps"].as_array().unwrap().iter().for_each(|found| known(&step, found));
    }
    fn endpoint_step(found: &Value, known: &dyn Fn(&[&str], &Value), step: &[&str]) {
        if !found["push"].is_string() {
            return known(step, found);
        }
        let push = ["push", "method", "breaks_after", "function", "store_throws", "expect"];
        known(&push, found);
        if found["store_throws"].is_object() {
            known(&["claim", "complete", "release"], &found["store_throws"]);
        }
        let acts = found["function"].as_array().into_iter().flatten();
        acts.filter(|act| act.is_object()).for_each(|act| endpoint_step(act, known, step));
    }
    for case in cases("endpoint")["cases"].as_array().unwrap() {
        known(&["name", "rules", "without_store", "options", "steps"], case);
        case["steps"].as_array().unwrap().iter().for_each(|found| endpoint_step(found, &known, &step));
    }
}
