//! PushSignedDoc: the durable queue that hands signed documents over (P-30, P-32, P-34, P-36).

mod attempt;
mod body;
mod call;
mod callback;
mod schedule;
mod sender;
mod twist;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::Result;
use tokio::sync::{Notify, watch};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tracing::{error, info, warn};

pub use self::attempt::{JSON, Tried, whole_body};
pub use self::body::{Progress, PushBody};
pub use self::call::{Answer, Called, Failure, call};
pub use self::callback::callback;
pub use self::sender::Sender;
pub use self::twist::changed;
use crate::clock;
use crate::faults::{self, Fault, Faults, Push, Stage};
use crate::folder::Folder;
use crate::journal::{Entry, Journal, Kind, Message};
use crate::settings::Settings;
use crate::stop::{GRACE, stopped};
use crate::store::Store;
use crate::store::pushes::{self, Due};

/// The pause between two looks into the database without being told: a person may have changed something.
const POLL_INTERVAL: Duration = Duration::from_secs(1);
/// The same while a push waits for another on purpose.
const LOOK_INTERVAL: Duration = Duration::from_millis(20);

/// The queue.
pub struct Queue {
    folder: Folder,
    store: Store,
    sender: Arc<Sender>,
    finished: Arc<Notify>,
    per_callback: usize,
    max_pushes: usize,
    faults: Arc<Faults>,
    journal: Arc<Journal>,
}

/// The pushes that are under way.
#[derive(Default)]
struct Running {
    tasks: JoinSet<(String, String)>,
    /// Their orders' signids: ids of rows are given again once orders are forgotten.
    orders: HashSet<String>,
    callbacks: HashMap<String, usize>,
}

impl Queue {
    /// Makes a queue; `finished` tells it of orders that are ready to be pushed.
    pub fn new(
        folder: Folder,
        settings: &Settings,
        store: Store,
        sender: Arc<Sender>,
        finished: Arc<Notify>,
        faults: Arc<Faults>,
        journal: Arc<Journal>,
    ) -> Queue {
        Queue {
            folder,
            store,
            sender,
            finished,
            per_callback: settings.pushes_per_callback,
            max_pushes: settings.pushes,
            faults,
            journal,
        }
    }

    /// Pushes until `stop` turns true; tries under way are waited for, at most [`GRACE`].
    pub async fn run(self, mut stop: watch::Receiver<bool>) {
        let mut running = Running::default();
        loop {
            let pause = match self.start(&mut running).await {
                Ok(pause) => pause,
                Err(cause) => {
                    error!(error = format!("{cause:#}"), "cannot read the push queue");
                    POLL_INTERVAL
                }
            };
            tokio::select! {
                () = stopped(&mut stop) => break,
                Some(ended) = running.tasks.join_next(), if !running.orders.is_empty() => running.ended(ended),
                () = self.finished.notified() => {}
                () = tokio::time::sleep(pause) => {}
            }
        }
        let finish = async { while running.tasks.join_next().await.is_some() {} };
        if timeout(GRACE, finish).await.is_err() {
            info!("pushes under way are given up; they are tried again after the next start");
        }
    }

    /// Starts what is due and has a place. Returns how long to wait for the next.
    async fn start(&self, running: &mut Running) -> Result<Duration> {
        // Those under way are still due by their rows: twice as many leaves enough others.
        let (each, limit) = (2 * self.per_callback, 2 * self.max_pushes + running.orders.len());
        let (due, next) =
            self.store.run(move |db| Ok((pushes::due(db, each, limit)?, pushes::next(db)?))).await?;
        for push in due {
            let places = self.per_callback.saturating_sub(running.of(&push.callback));
            if places > 0
                && running.orders.len() < self.max_pushes
                && running.orders.insert(push.order.signid.clone())
            {
                *running.callbacks.entry(push.callback.clone()).or_default() += 1;
                let (sender, folder, store) =
                    (Arc::clone(&self.sender), self.folder.clone(), self.store.clone());
                let journal = Arc::clone(&self.journal);
                let taken_back = self.faults.taken_back();
                let fault = self.fault(&push);
                running.tasks.spawn(async move {
                    let (signid, callback) = (push.order.signid.clone(), push.callback.clone());
                    let _under_way = sender.begin();
                    late(&store, &push, fault, taken_back).await;
                    if let Err(cause) = send_one(&sender, &folder, &store, &journal, push, fault).await {
                        error!(error = format!("{cause:#}"), "cannot note the result of a push");
                        // It will be pushed again: better twice than never.
                        tokio::time::sleep(POLL_INTERVAL).await;
                    }
                    (signid, callback)
                });
            }
        }
        let wait = next.map_or(POLL_INTERVAL, |at| {
            Duration::from_millis(u64::try_from(at - clock::now()).unwrap_or_default())
        });
        Ok(wait.min(POLL_INTERVAL))
    }
}

impl Queue {
    /// Returns what goes wrong with this try: an orderNumber orders it for the first try alone.
    fn fault(&self, push: &Due) -> Option<Push> {
        let (token, number) = (push.token.as_str(), push.order.number.as_str());
        let named = self.faults.of_number(Stage::Push, number).filter(|_| push.tries == 0);
        match named.or_else(|| self.faults.take_ordered(Stage::Push, token, number)) {
            Some(Fault::Push(fault)) => Some(fault),
            _ => None,
        }
    }
}

impl Running {
    fn of(&self, callback: &str) -> usize {
        self.callbacks.get(callback).copied().unwrap_or_default()
    }

    fn ended(&mut self, ended: Result<(String, String), tokio::task::JoinError>) {
        // A push that panicked keeps its place until the next start, so that it is not tried in a circle.
        let Ok((signid, callback)) = ended else { return };
        self.orders.remove(&signid);
        if let Some(count) = self.callbacks.get_mut(&callback) {
            *count -= 1;
            if *count == 0 {
                self.callbacks.remove(&callback);
            }
        }
    }
}

/// Tries a push once more, beside the queue: nothing is noted but in the journal.
pub async fn repeat(sender: &Sender, folder: &Folder, journal: &Journal, push: &Due) -> Tried {
    let _under_way = sender.begin();
    let (begun, started) = (clock::now(), Instant::now());
    let tried = attempt::attempt(sender, folder, push, None).await;
    note(journal, push, begun, started, &tried);
    tried
}

/// Writes a try down.
fn note(journal: &Journal, push: &Due, begun: i64, started: Instant, tried: &Tried) {
    journal.note(Entry {
        took_ms: u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX),
        order_number: Some(push.order.number.clone()),
        signid: Some(push.order.signid.clone()),
        tries: Some(push.tries + 1),
        request: Message { bytes: tried.sent, ..Message::default() },
        answer: tried.answer.clone(),
        error: tried.result.clone().err(),
        ..Entry::new(Kind::Push, clock::shown(begun))
    });
}

/// Waits as long as a push is late on purpose, or until that is taken back.
async fn late(store: &Store, push: &Due, fault: Option<Push>, mut taken_back: watch::Receiver<()>) {
    let late = async {
        match fault {
            Some(Push::Late(late)) => tokio::time::sleep(late).await,
            Some(Push::AfterNext) => after_next(store, push).await,
            _ => {}
        }
    };
    tokio::select! {
        () = late => {}
        _ = taken_back.changed() => {}
    }
}

/// Waits until the push of a later order was acknowledged, as long as anything may be late.
async fn after_next(store: &Store, push: &Due) {
    let end = Instant::now() + faults::MAX_LATE;
    while Instant::now() < end {
        let this = push.clone();
        match store.run(move |db| pushes::is_later_acknowledged(db, &this)).await {
            Ok(true) => break,
            Ok(false) => {}
            Err(cause) => {
                error!(error = format!("{cause:#}"), "cannot read whether a later push was acknowledged")
            }
        }
        tokio::time::sleep(LOOK_INTERVAL).await;
    }
}

/// Tries once, and notes in the row what came of it.
async fn send_one(
    sender: &Sender,
    folder: &Folder,
    store: &Store,
    journal: &Journal,
    mut push: Due,
    fault: Option<Push>,
) -> Result<()> {
    if fault == Some(Push::Other) {
        let this = push.clone();
        push.other = store.run(move |db| pushes::other(db, &this)).await?;
    }
    let (begun, started) = (clock::now(), Instant::now());
    let tried = match fault {
        Some(Push::AtOnce) => {
            let once = || attempt::attempt(sender, folder, &push, None);
            let (one, other) = tokio::join!(once(), once());
            note(journal, &push, begun, started, &other);
            one
        }
        fault => attempt::attempt(sender, folder, &push, fault).await,
    };
    note(journal, &push, begun, started, &tried);
    let result = match tried.result {
        Ok(()) if fault == Some(Push::Twice) => Err("acknowledged; once more, as ordered".to_owned()),
        result => result,
    };
    record(store, push, begun, result).await
}

/// Notes in the row what came of a try that began then: acknowledged, or when it is tried again.
async fn record(store: &Store, push: Due, begun: i64, result: Result<(), String>) -> Result<()> {
    let tries = push.tries + 1;
    let (signid, order_number) = (push.order.signid.as_str(), push.order.number.as_str());
    let Err(cause) = result else {
        info!(signid, order_number, tries, "push acknowledged");
        return store.run(move |db| pushes::acknowledged(db, &push)).await;
    };
    let chance = uuid::Uuid::new_v4().as_fields().0;
    let next = schedule::next(clock::now(), push.first_try.unwrap_or(begun), tries, chance);
    match next {
        Some(at) => {
            let seconds = (at - clock::now()) as f64 / 1000.0;
            info!(signid, order_number, tries, cause, again_in_s = seconds, "push not acknowledged");
        }
        None => warn!(signid, order_number, tries, cause, "push parked as undelivered"),
    }
    store.run(move |db| pushes::failed(db, &push, begun, &cause, next)).await
}
