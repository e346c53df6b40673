//! Receiving a push: whole by [`receive`], or piece by piece by a [`Receiver`], in constant memory.
//!
//! The document flows through one scanner into a [`Sink`] while its hash is computed. A result means that
//! the document is whole, matches its hash, is the expected order's, is signed by whom the site trusts (if it says
//! whom) and, in a file, is on the disk. Only then may the push be acknowledged, and only after the caller's own store succeeded.

pub mod deliveries;
mod digest;
mod file;
mod file_name;
mod folder;
mod intake;
mod options;
mod pair;
mod received;
mod save;
mod temporary;
#[cfg(test)]
mod tests;
mod trusted;

pub use options::Options;
pub(crate) use pair::LARGE as LARGE_BODY;
pub use received::Received;
pub use save::{move_document, write_document};
pub use trusted::{Quarantine, Verification};

use std::path::PathBuf;

use serde_json::Value;

use crate::protocol::bilingual::{GIVEN_TWICE, NO_STRING};
use crate::protocol::catalogue::Reason;
use crate::protocol::hash::GivenHash;
use crate::protocol::hex;
use crate::protocol::push::Push;
use crate::protocol::scan::{DECODED_BLOCK, Dialect, ScanFault, Scanner};
use crate::protocol::{Error, Result};

use intake::{Destination, Intake};

/// Where the document goes.
#[derive(Debug)]
pub enum Sink<'a> {
    /// Memory that [`Received::document`] hands over.
    Owned,
    /// The same, in this vector's memory: what it holds is overwritten. One as long as three quarters of a large
    /// body, and 3,072 bytes, is filled sooner than one that must grow.
    Memory(Vec<u8>),
    /// The caller's memory; three quarters of the body's length always suffice. When anything fails, what
    /// was written is overwritten with zeros. Up to 3,072 bytes after the document may be changed.
    Buffer(&'a mut [u8]),
    /// A file. It appears under this name only when the document is good and on the disk; until then it
    /// has a temporary name beside it (`.name….part`), of which nothing is left after a failure.
    File(PathBuf),
}

/// Receives one push piece by piece. Dropping it before [`Receiver::finish`] abandons the push: nothing
/// of it is left.
pub struct Receiver<'a> {
    scanner: Option<Scanner<Intake<'a>>>,
    options: Options,
}

/// Receives a push whose body is in memory.
///
/// # Errors
/// Those of [`Receiver::open`], [`Receiver::feed`] and [`Receiver::finish`].
pub fn receive(body: &[u8], options: Options, sink: Sink<'_>) -> Result<Received> {
    let mut intake = Intake::new(sink)?;
    let within = body.len().min(usize::try_from(options.limits.body).unwrap_or(usize::MAX));
    let max = within / 4 * 3 + DECODED_BLOCK;
    intake.destination.reserve(max)?;
    if within >= pair::LARGE && pair::can_help() {
        let Intake { destination, digests } = &mut intake;
        // Until it is known better, in case of a panic.
        destination.filled_by(usize::MAX, 0);
        let outcome =
            destination.whole(max).and_then(|memory| pair::read(body, options.limits, memory, digests));
        if let Some(pair::Outcome { read, touched }) = outcome {
            destination.filled_by(touched, read.as_ref().map_or(0, |(_, length)| *length));
            let (envelope, _) = read.map_err(|fault| options.error(fault))?;
            return options.judge(&envelope, intake);
        }
        intake.destination.filled_by(0, 0);
    }
    let mut receiver = Receiver::over(options, intake);
    receiver.feed(body)?;
    receiver.finish()
}

impl<'a> Receiver<'a> {
    /// Begins to receive a push.
    ///
    /// # Errors
    /// `file_unwritable` when the file's folder cannot be written; on Windows `bad_file_name` for a name that means something
    /// else there.
    pub fn open(options: Options, sink: Sink<'a>) -> Result<Receiver<'a>> {
        Ok(Receiver::over(options, Intake::new(sink)?))
    }

    fn over(options: Options, intake: Intake<'a>) -> Receiver<'a> {
        Receiver { scanner: Some(Scanner::new(Dialect::Push, options.limits, intake)), options }
    }

    /// Reads the next piece of the body, of any size.
    ///
    /// # Errors
    /// `push_not_protocol`, `push_too_large`, `push_too_deep`, `content_not_base64`, `buffer_too_small`,
    /// `file_unwritable`. The receiver has then ended, nothing of the push is left, and every later call
    /// fails with `handle_spent`.
    pub fn feed(&mut self, piece: &[u8]) -> Result<()> {
        let Some(scanner) = &mut self.scanner else { return Err(Error::new(Reason::HandleSpent)) };
        scanner.feed(piece).map_err(|fault| {
            self.scanner = None;
            self.options.error(fault)
        })
    }

    /// Ends the body: checks the push and keeps its document. Ends the receiver.
    ///
    /// # Errors
    /// `push_cut`, `push_not_protocol`, `unexpected_order`, `hash_mismatch`, `hash_unusable`, `document_untrusted`,
    /// `file_unwritable`, `handle_spent`. Nothing of the push is left.
    pub fn finish(&mut self) -> Result<Received> {
        let scanner = self.scanner.take().ok_or_else(|| Error::new(Reason::HandleSpent))?;
        let (envelope, intake) = scanner.finish().map_err(|fault| self.options.error(fault))?;
        self.options.judge(&envelope, intake)
    }
}

/// What a push is measured by when it has been read.
impl Options {
    /// Checks the envelope and the document, and keeps that.
    fn judge(&self, envelope: &Value, intake: Intake<'_>) -> Result<Received> {
        let push = Push::read(envelope)?;
        expected("ordernumber", self.expect_ordernumber.as_ref(), push.order_number.as_ref())?;
        expected("signid", self.expect_signid.as_ref(), push.signid.as_ref())?;
        push.complete()?;
        if !push.signed {
            return Ok(Received::failed(push));
        }
        self.keep(push, intake)
    }

    /// Compares the hash, then keeps the document.
    fn keep(&self, push: Push, intake: Intake<'_>) -> Result<Received> {
        let Intake { mut destination, digests } = intake;
        let computed = digests.finish();
        let given = push.hash.as_deref().and_then(GivenHash::parse);
        let given = given.ok_or_else(|| Error::new(Reason::HashUnusable).field("extendData.hash"))?;
        let holds = match computed.digest(given.algorithm) {
            Some(digest) => given.matches(digest),
            None => given.matches(&destination.digest(given.algorithm)?),
        };
        if !holds {
            return Err(Error::new(Reason::HashMismatch).field("extendData.hash"));
        }
        let sha256 = hex::encode(&computed.sha256);
        let verification = self.verification.as_ref();
        let report = verification.map(|one| one.judge(&mut destination, &sha256, &push)).transpose()?;
        let mut received = Received::signed(push, &given, destination.length(), sha256);
        received.report = report;
        match destination {
            Destination::Owned { mut bytes, filled } => {
                bytes.truncate(filled);
                received.document = Some(bytes);
            }
            Destination::Buffer { bytes, .. } => bytes.release(),
            Destination::File(target) => {
                received.path = Some(target.path().to_owned());
                received.already_stored = target.keep(self.overwrite, &computed.sha256)?;
            }
        }
        Ok(received)
    }

    /// Turns a fault of the body into an error.
    fn error(&self, fault: ScanFault<Error>) -> Error {
        let limits = self.limits;
        let too_large = |setting: &str, limit: u64| {
            Error::new(Reason::PushTooLarge).detail(
                format!("more than {limit} bytes ({setting})"),
                format!("超过 {limit} 字节（{setting}）"),
            )
        };
        match fault {
            ScanFault::Malformed(words) => Error::new(Reason::PushNotProtocol).detailed(words.clone()),
            ScanFault::Cut => Error::new(Reason::PushCut),
            ScanFault::BodyTooLarge => too_large("limits.body", limits.body),
            ScanFault::EnvelopeTooLarge => too_large("limits.envelope", limits.envelope as u64),
            ScanFault::TooDeep => Error::new(Reason::PushTooDeep)
                .detail(format!("more than {} levels", limits.depth), format!("超过 {} 层", limits.depth)),
            ScanFault::NotBase64(field) => Error::new(Reason::ContentNotBase64).field(field),
            ScanFault::NotText(field) => Error::new(Reason::PushNotProtocol).field(field).detailed(NO_STRING),
            ScanFault::Twice(field) => Error::new(Reason::PushNotProtocol).field(field).detailed(GIVEN_TWICE),
            ScanFault::Sink(error) => error,
            ScanFault::Spent => Error::new(Reason::HandleSpent),
        }
    }
}

fn expected(field: &str, expected: Option<&String>, found: Option<&String>) -> Result<()> {
    if expected.is_none() || expected == found {
        return Ok(());
    }
    Err(Error::new(Reason::UnexpectedOrder).field(format!("extendData.{field}")))
}
