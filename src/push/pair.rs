//! A large body in memory, read by two threads: a helping one scans and decodes, the calling one hashes what is
//! there already. Hashing alone takes seven eighths of the time that both take one after the other. The helper
//! ends with the call.

use std::num::NonZero;
use std::sync::OnceLock;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::{self, available_parallelism};

use serde_json::Value;

use crate::protocol::Error;
use crate::protocol::catalogue::Reason;
use crate::protocol::hash::GivenHash;
use crate::protocol::scan::{Bulk, DECODED_BLOCK, Dialect, Limits, ScanFault, Scanner, Start};

use super::digest::Digests;
use super::intake::{early_hash, fill, only_once};

/// From this length on, in bytes, a body is worth a thread, whose start takes as long as hashing 100 KB.
pub(crate) const LARGE: usize = 2 * 1024 * 1024;

/// The helper's stack, in bytes: scanning needs little, and the envelope is at most a hundred levels deep.
const STACK: usize = 1024 * 1024;

/// So many bytes are handed over at a time.
const CHUNK: usize = 64 * 1024;

/// What the reading thread tells the hashing one.
enum Told<'m> {
    /// The hash that stood before the content.
    Expect(GivenHash),
    /// The next bytes of the document.
    Bytes(&'m [u8]),
}

/// What became of a body.
pub(super) struct Outcome {
    /// The envelope and the document's length.
    pub(super) read: Result<(Value, usize), ScanFault<Error>>,
    /// How many bytes of the memory may have been written.
    pub(super) touched: usize,
}

/// Tells whether a second thread can help: on one processor it only gets in the way.
pub(super) fn can_help() -> bool {
    static HELPS: OnceLock<bool> = OnceLock::new();
    // Not get_or_init: a fork by another thread while it reads files would leave the child waiting for ever.
    HELPS.get().copied().unwrap_or_else(|| {
        let helps = available_parallelism().is_ok_and(|count| count > NonZero::<usize>::MIN);
        let _ = HELPS.set(helps);
        helps
    })
}

/// Reads a body, its document into `memory`. `None` when no thread is to be had: nothing was done then.
pub(super) fn read(body: &[u8], limits: Limits, memory: &mut [u8], digests: &mut Digests) -> Option<Outcome> {
    let length = memory.len();
    let (sender, told) = channel();
    let ahead = Ahead { rest: memory, ready: 0, sent: 0, touched: 0, sender };
    thread::scope(|scope| {
        let reader = thread::Builder::new()
            .stack_size(STACK)
            .spawn_scoped(scope, move || scan(body, limits, ahead))
            .ok()?;
        hash(&told, digests);
        let panicked =
            |_| Outcome { read: Err(ScanFault::Sink(Error::new(Reason::Defect))), touched: length };
        Some(reader.join().unwrap_or_else(panicked))
    })
}

fn scan(body: &[u8], limits: Limits, ahead: Ahead<'_>) -> Outcome {
    let mut scanner = Scanner::new(Dialect::Push, limits, ahead);
    let fed = scanner.feed(body);
    let touched = scanner.bulk().touched;
    let read = fed.and_then(|()| scanner.finish()).map(|(envelope, ahead)| (envelope, ahead.sent));
    Outcome { read, touched }
}

fn hash(told: &Receiver<Told<'_>>, digests: &mut Digests) {
    for told in told {
        match told {
            Told::Expect(hash) => digests.expect(&hash),
            Told::Bytes(bytes) => digests.update(bytes),
        }
    }
}

/// The memory that is left, and the beginning of it that waits to be handed over.
struct Ahead<'m> {
    rest: &'m mut [u8],
    ready: usize,
    sent: usize,
    touched: usize,
    sender: Sender<Told<'m>>,
}

impl<'m> Ahead<'m> {
    /// Hands a block over; nobody listens any more only when the hashing thread panicked, and then nobody looks at the result.
    fn tell(&self, told: Told<'m>) {
        let _ = self.sender.send(told);
    }

    fn hand_over(&mut self) {
        let (done, rest) = std::mem::take(&mut self.rest).split_at_mut(self.ready);
        self.rest = rest;
        self.sent += self.ready;
        self.ready = 0;
        self.tell(Told::Bytes(done));
    }
}

impl Bulk for Ahead<'_> {
    type Error = Error;

    fn begin(&mut self, start: &Start<'_>) -> Result<(), Error> {
        only_once(start)?;
        if let Some(hash) = early_hash(start) {
            self.tell(Told::Expect(hash));
        }
        Ok(())
    }

    fn space(&mut self) -> Result<&mut [u8], Error> {
        let (_, rest) = self.rest.split_at_mut(self.ready);
        let room = rest.len().min(DECODED_BLOCK);
        self.touched = self.sent + self.ready + room;
        Ok(rest.split_at_mut(room).0)
    }

    fn advance(&mut self, count: usize) -> Result<(), Error> {
        self.ready += count;
        if self.ready >= CHUNK {
            self.hand_over();
        }
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Error> {
        fill(self.space()?, bytes)?;
        self.advance(bytes.len())
    }

    fn end(&mut self) -> Result<(), Error> {
        self.hand_over();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use sha2::{Digest, Sha256, Sha512};

    use super::super::{Intake, Sink};
    use super::*;
    use crate::protocol::hex;

    const LENGTH: usize = 2_000_003;

    fn document() -> Vec<u8> {
        (0..LENGTH as u64).map(|n| (n.wrapping_mul(6_364_136_223_846_793_005) >> 33) as u8).collect()
    }

    fn body(content: &str, hash: &str) -> Vec<u8> {
        format!("{{\"extendData\":{{\"hash\":\"{hash}\",\"content\":\"{content}\"}}}}").into_bytes()
    }

    /// What is read, how many bytes of the memory were changed at most, and the memory.
    fn fill(body: &[u8], room: usize, digests: &mut Digests) -> (Outcome, Vec<u8>) {
        let mut memory = vec![0xaa; room];
        let outcome = read(body, Limits::default(), &mut memory, digests).unwrap();
        assert!(memory[outcome.touched..].iter().all(|byte| *byte == 0xaa));
        (outcome, memory)
    }

    /// Covers P-5, P-31: the document arrives, escaped or not, and its hashes are those of its bytes.
    #[test]
    fn reads_and_hashes_a_document() {
        let document = document();
        let content = STANDARD.encode(&document);
        let sha512 = hex::encode(&Sha512::digest(&document));
        for text in [content.clone(), content.replace('/', "\\/")] {
            let mut digests = Digests::new();
            let (outcome, memory) = fill(&body(&text, &sha512), LENGTH + 5000, &mut digests);
            let (envelope, length) = outcome.read.unwrap();
            assert!(memory[..length] == document[..]);
            assert_eq!(envelope["extendData"]["content"]["attachment"], 0);
            let computed = digests.finish();
            assert_eq!(computed.sha256, Sha256::digest(&document).to_vec());
            let given = GivenHash::parse(&sha512).unwrap();
            assert!(computed.digest(given.algorithm).is_some_and(|digest| given.matches(digest)));
        }
    }

    /// Memory that just suffices is filled to its last byte; one byte less is an error.
    #[test]
    fn keeps_within_the_memory() {
        let document = document();
        let body = body(&STANDARD.encode(&document), "");
        let (outcome, memory) = fill(&body, LENGTH, &mut Digests::new());
        assert_eq!(outcome.read.unwrap().1, LENGTH);
        assert!(memory == document);
        let (outcome, _) = fill(&body, LENGTH - 1, &mut Digests::new());
        let Err(ScanFault::Sink(error)) = outcome.read else { panic!("not refused") };
        assert_eq!(error.reason(), Reason::BufferTooSmall);
    }

    /// What is wrong with a body is found wherever it stands, and said as by one thread alone.
    #[test]
    fn refuses_what_one_thread_refuses() {
        let content = STANDARD.encode(document());
        let good = body(&content, "");
        let mut changed = good.clone();
        changed[LENGTH] = b'!';
        let twice = String::from_utf8(good.clone()).unwrap().replace("}}", ",\"content\":\"QUJD\"}}");
        for bad in [&good[..LENGTH], &changed, twice.as_bytes(), &[&good[..], b"x"].concat()] {
            let (outcome, _) = fill(bad, LENGTH + 5000, &mut Digests::new());
            let intake = Intake::new(Sink::Owned).unwrap();
            let mut alone = Scanner::new(Dialect::Push, Limits::default(), intake);
            let expected = alone.feed(bad).and_then(|()| alone.finish().map(drop)).unwrap_err();
            assert_eq!(outcome.read.unwrap_err(), expected);
        }
    }
}
