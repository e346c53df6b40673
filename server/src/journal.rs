//! What came in and what went out: the newest orders and pushes, with heads, sizes, answers and times. No document, identity
//! number, password or token is in it.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use prometheus_client::metrics::histogram::{Histogram, exponential_buckets};
use prometheus_client::registry::{Registry, Unit};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How many entries are kept.
const KEPT: usize = 1000;

/// The newest exchanges, and how long all of them took.
pub struct Journal {
    entries: Mutex<VecDeque<Entry>>,
    count: AtomicU64,
    orders: Histogram,
    pushes: Histogram,
}

/// What kind of exchange it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A request that came in (CreateSignOrder).
    Order,
    /// A push that went out (PushSignedDoc).
    Push,
}

/// One exchange.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Entry {
    /// Its number in this journal, counted from 1.
    pub id: u64,
    /// What it was.
    pub kind: Kind,
    /// When it began, by the platform's clock (RFC 3339).
    pub at: String,
    /// How long it took, in milliseconds, by the machine's.
    pub took_ms: u64,
    /// orderNumber, where it is known.
    pub order_number: Option<String>,
    /// The platform's id of the order, where it is known.
    pub signid: Option<String>,
    /// How often this push was tried, this try included; only of a push.
    pub tries: Option<u32>,
    /// What was sent.
    pub request: Message,
    /// What was answered; null where nothing came.
    pub answer: Option<Message>,
    /// What went wrong: why an order was refused, or a push not acknowledged.
    pub error: Option<String>,
}

/// One side of an exchange.
#[derive(Clone, Debug, Default, Serialize, ToSchema)]
pub struct Message {
    /// The status, of an answer.
    pub status: Option<u16>,
    /// The head, without what is secret.
    pub headers: Vec<(String, String)>,
    /// The length of the body in bytes, where it is known.
    pub bytes: Option<u64>,
    /// The printable beginning of the body, where it can hold nothing that is secret.
    pub start: Option<String>,
}

impl Entry {
    /// Begins an entry about a request that came in.
    pub fn order(at: String, head: &axum::http::HeaderMap) -> Entry {
        let length = head.get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
        let request = Message { headers: headers(head), bytes: length, ..Message::default() };
        Entry { request, ..Entry::new(Kind::Order, at) }
    }

    /// Begins an entry.
    pub fn new(kind: Kind, at: String) -> Entry {
        Entry {
            id: 0,
            kind,
            at,
            took_ms: 0,
            order_number: None,
            signid: None,
            tries: None,
            request: Message::default(),
            answer: None,
            error: None,
        }
    }
}

impl Entry {
    /// Whether it is about this orderNumber, or signid.
    pub fn is_about(&self, number: &str) -> bool {
        [&self.order_number, &self.signid].into_iter().any(|name| name.as_deref() == Some(number))
    }
}

impl Default for Journal {
    fn default() -> Journal {
        // From 5 ms doubling up to 80 s.
        let histogram = || Histogram::new(exponential_buckets(0.005, 2.0, 15));
        let (orders, pushes) = (histogram(), histogram());
        Journal { entries: Mutex::default(), count: AtomicU64::new(0), orders, pushes }
    }
}

impl Journal {
    /// Lets the times be read.
    pub fn register(&self, registry: &mut Registry) {
        let (orders, pushes) = (self.orders.clone(), self.pushes.clone());
        registry.register_with_unit("order", "Times of requests that came in", Unit::Seconds, orders);
        registry.register_with_unit("push", "Times of pushes", Unit::Seconds, pushes);
    }

    /// Writes an exchange down; its number is given here.
    pub fn note(&self, mut entry: Entry) {
        entry.id = self.count.fetch_add(1, Ordering::Relaxed) + 1;
        let times = match entry.kind {
            Kind::Order => &self.orders,
            Kind::Push => &self.pushes,
        };
        times.observe(Duration::from_millis(entry.took_ms).as_secs_f64());
        let mut entries = self.entries();
        if entries.len() == KEPT {
            entries.pop_front();
        }
        entries.push_back(entry);
    }

    /// Returns the newest entries, newest first.
    pub fn newest(&self, wanted: impl Fn(&Entry) -> bool, limit: usize) -> Vec<Entry> {
        self.entries().iter().rev().filter(|entry| wanted(entry)).take(limit).cloned().collect()
    }

    /// Forgets everything.
    pub fn clear(&self) {
        self.entries().clear();
    }

    fn entries(&self) -> MutexGuard<'_, VecDeque<Entry>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns a head as it may be shown: values of headers that carry secrets are left out.
pub fn headers(head: &axum::http::HeaderMap) -> Vec<(String, String)> {
    let shown = |name: &str, value: &[u8]| match name {
        "authorization" | "cookie" | "set-cookie" | "proxy-authorization" => "…".to_owned(),
        _ => String::from_utf8_lossy(value).chars().take(200).collect(),
    };
    head.iter().map(|(name, value)| (name.to_string(), shown(name.as_str(), value.as_bytes()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry() -> Entry {
        Entry::new(Kind::Push, String::new())
    }

    #[test]
    fn keeps_the_newest() {
        let journal = Journal::default();
        (0..KEPT + 5).for_each(|_| journal.note(entry()));
        let kept = journal.newest(|_| true, usize::MAX);
        assert_eq!((kept.len(), kept[0].id, kept[KEPT - 1].id), (KEPT, 1005, 6));
        assert_eq!(journal.newest(|entry| entry.id % 2 == 0, 2).len(), 2);
        journal.clear();
        journal.note(entry());
        assert_eq!(journal.newest(|_| true, 9)[0].id, 1006, "a number is never given twice");
    }

    #[test]
    fn shows_no_secret_of_a_head() {
        let mut head = axum::http::HeaderMap::new();
        head.insert("authorization", "Basic c2VjcmV0".parse().unwrap());
        head.insert("user-agent", "x".repeat(500).parse().unwrap());
        let shown = headers(&head);
        assert_eq!(shown[0], ("authorization".to_owned(), "…".to_owned()));
        assert_eq!(shown[1].1.len(), 200);
    }
}
