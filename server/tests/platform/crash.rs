//! The platform dies at any instant, and nothing that it answered for is lost.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tempfile::tempdir;

use crate::receiver::{Receiver, reply};
use crate::sandbox::{Sandbox, encode, exchange, order, request, small_pdf};

const ORDERS: usize = 200;
/// Fixed, so that a run can be repeated.
const SEED: u64 = 0x5eed_2026;

/// Numbers that look like chance (splitmix64).
pub struct Chance(pub u64);

impl Chance {
    /// A number below the limit.
    pub fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % limit
    }
}

/// Covers P-20, P-23, P-30, P-34, P-35: killed at random moments during 200 orders and started again until
/// every push is acknowledged: no order that was accepted is lost, each document arrives, every hash holds
/// (the receiver checks it), and no order is signed twice.
#[test]
fn loses_nothing_when_killed() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    // Some pushes are not acknowledged at first, so that retries meet crashes too.
    let seen: Arc<Mutex<HashMap<String, usize>>> = Arc::default();
    let counts = Arc::clone(&seen);
    let receiver = Receiver::start(move |push| {
        let mut counts = counts.lock().unwrap();
        let count = counts.entry(push.number()).or_default();
        *count += 1;
        let last = push.number().bytes().last().unwrap();
        if last == b'7' && *count == 1 { reply(500, "") } else { reply(200, "1") }
    });
    let mut chance = Chance(SEED);
    let mut sandbox = Sandbox::start(&data, &["--callback", &receiver.url]);
    let token = sandbox.token();
    let mut document = order(&token, "");
    document["filebase"] = json!(encode(&small_pdf(2)));
    let mut accepted = HashMap::new();
    let (mut kills, mut next_kill) = (0, 2 + chance.below(12) as usize);
    let mut at = 0;
    while at < ORDERS {
        document["orderNumber"] = json!(format!("CRASH-{at}"));
        if at >= next_kill {
            kills += 1;
            next_kill = at + 2 + chance.below(18) as usize;
            // While an order is on its way, at a moment that chance picks.
            let text = request("POST", "/", "application/json", document.to_string().as_bytes());
            let stream = sandbox.connect();
            let sent = std::thread::spawn(move || exchange(stream, &text));
            std::thread::sleep(Duration::from_micros(chance.below(30_000)));
            sandbox.signal("KILL");
            if let Ok((200, answer)) = sent.join().unwrap() {
                note(&mut accepted, at, &answer);
            }
            sandbox = Sandbox::start(&data, &["--callback", &receiver.url]);
        }
        // P-23: the same order again tells whether it had arrived.
        let answer = sandbox.order(&document);
        note(&mut accepted, at, &answer);
        at += 1;
    }
    assert!(kills >= 10, "{kills} kills");
    let mut arrived: HashMap<String, String> = HashMap::new();
    while arrived.len() < ORDERS {
        let push = receiver.next();
        assert_eq!(push.body["status"], 1, "{}", push.body["errorcode"]);
        assert!(push.document.is_some());
        let signid = push.body["extendData"]["signid"].as_str().unwrap().to_owned();
        let before = arrived.insert(push.number(), signid.clone());
        assert!(before.is_none_or(|before| before == signid), "{} was signed twice", push.number());
    }
    for (at, signid) in &accepted {
        assert_eq!(arrived.get(&format!("CRASH-{at}")), Some(signid));
    }
    wait_until_acknowledged(&sandbox);
    let listed = sandbox.admin(&["order", "list", "--limit", "1000"]);
    let numbers: HashSet<&str> = listed.lines().filter_map(|line| line.split("  ").nth(2)).collect();
    assert_eq!((listed.lines().count(), numbers.len()), (ORDERS, ORDERS));
    let folders = std::fs::read_dir(data.join("documents/orders")).unwrap().count();
    println!(
        "{ORDERS} orders, {kills} kills, {} answered with their signid, {folders} folders",
        accepted.len()
    );
}

/// What an answer promises: accepted now, or, after an answer that was lost, before.
fn note(accepted: &mut HashMap<usize, String>, at: usize, answer: &serde_json::Value) {
    match answer["errorcode"].as_i64().unwrap() {
        0 => drop(accepted.insert(at, answer["signid"].as_str().unwrap().to_owned())),
        -46 | -47 => {}
        _ => panic!("{answer}"),
    }
}

fn wait_until_acknowledged(sandbox: &Sandbox) {
    for _ in 0..600 {
        let listed = sandbox.admin(&["order", "list", "--limit", "1000"]);
        if listed.lines().all(|line| line.contains("push acknowledged")) {
            return;
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    panic!("not all acknowledged: {}", sandbox.admin(&["order", "list", "--limit", "1000"]));
}
