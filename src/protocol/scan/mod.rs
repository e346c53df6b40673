//! An incremental JSON scanner that both halves read bodies with: fed pieces of any size, it takes the
//! *bulk strings* (documents, seals, materials) out of the body in constant memory, unescapes and
//! base64-decodes them straight into a [`Bulk`] sink, and keeps everything else, bounded, as the
//! *envelope*: JSON in which the n-th non-empty bulk string stands as `{"attachment":n}`.
//!
//! The scanner checks the structure around the bulk strings; the envelope goes through serde_json when
//! the body has ended, so that a body is accepted only when the whole of it is legal JSON.

mod decode;
mod dialect;
mod machine;
mod squeeze;
#[cfg(test)]
mod tests;
mod unescape;
mod words;

pub use dialect::Dialect;

use decode::{Decoder, Refusal};
use machine::Machine;

use super::bilingual::Bilingual;
use super::foreign;
use super::json::BYTE_ORDER_MARK;

/// Raw bytes worked on at a time: small enough to stay in the processor's first cache between the
/// steps, and a multiple of four, so that a block of base64 decodes to whole SHA-2 blocks.
pub(crate) const BLOCK: usize = 4096;

/// The most bytes that one block of base64 decodes to.
pub const DECODED_BLOCK: usize = BLOCK / 4 * 3;

/// Where the decoded bytes of bulk strings go.
pub trait Bulk {
    /// What the sink itself can fail with.
    type Error;

    /// Hears that a bulk string with at least one character begins.
    ///
    /// # Errors
    /// The sink does not take it.
    fn begin(&mut self, start: &Start<'_>) -> Result<(), Self::Error>;

    /// Gives room for decoded bytes, wherever the sink wants them: up to [`DECODED_BLOCK`] are written at its
    /// beginning, then [`Bulk::advance`] says how many count. A sink may give less room, or none; the
    /// bytes then come through [`Bulk::put`].
    ///
    /// # Errors
    /// The sink cannot go on.
    fn space(&mut self) -> Result<&mut [u8], Self::Error>;

    /// Takes so many bytes at the beginning of the last [`Bulk::space`] as the next of the string.
    ///
    /// # Errors
    /// The sink cannot go on.
    fn advance(&mut self, count: usize) -> Result<(), Self::Error>;

    /// Takes the next bytes of the string, from elsewhere; at most [`DECODED_BLOCK`].
    ///
    /// # Errors
    /// The sink cannot go on, or has no room for them.
    fn put(&mut self, bytes: &[u8]) -> Result<(), Self::Error>;

    /// Hears that the string is complete, and was base64 unless [`Bulk::fault`] said otherwise.
    ///
    /// # Errors
    /// The sink cannot keep it.
    fn end(&mut self) -> Result<(), Self::Error>;

    /// Hears that a bulk field holds no base64 ([`ScanFault::NotBase64`]) or no string ([`ScanFault::NotText`]), or
    /// is given twice ([`ScanFault::Twice`]). A sink that takes note of it and returns `Ok` has the body
    /// read on: the rest of such a string is passed over, other values stay in the envelope.
    ///
    /// # Errors
    /// The fault itself: reading ends there, as it does unless a sink has this method of its own.
    fn fault(&mut self, fault: ScanFault<Self::Error>) -> Result<(), ScanFault<Self::Error>> {
        Err(fault)
    }
}

/// What is known of a bulk string when it begins.
#[derive(Debug)]
pub struct Start<'a> {
    /// Path of the field, e.g. `signerlist[1].pic`, in the protocol's spelling.
    pub field: &'a str,
    /// Counted from 0 in order of appearance; the envelope has `{"attachment":index}`.
    pub index: usize,
    /// Push only: `extendData.hash` as a JSON value, when it stood before the content.
    pub hash: Option<&'a [u8]>,
}

/// How much of a body is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the whole body.
    pub body: u64,
    /// Bytes of the envelope: what is not bulk.
    pub envelope: usize,
    /// Arrays and objects inside each other, those inside a string that holds JSON included; at most
    /// [`MAX_DEPTH`].
    pub depth: usize,
}

/// The deepest nesting that can be allowed: serde_json's own limit, less the placeholders.
pub const MAX_DEPTH: usize = 100;

impl Default for Limits {
    /// Allows 256 MiB of body, 64 KiB of envelope, 32 levels.
    fn default() -> Limits {
        Limits { body: 256 << 20, envelope: 64 << 10, depth: 32 }
    }
}

/// Why a body was refused. Each half has its own codes for these.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanFault<E> {
    /// Not legal JSON, or not an object; what is wrong.
    Malformed(&'static Bilingual),
    /// Legal so far, but it ended too early.
    Cut,
    /// Longer than [`Limits::body`].
    BodyTooLarge,
    /// More around the bulk strings than [`Limits::envelope`].
    EnvelopeTooLarge,
    /// Nested deeper than [`Limits::depth`].
    TooDeep,
    /// A bulk string is not base64; the path of its field.
    NotBase64(String),
    /// Something other than a string or null stands where a bulk string belongs; the path of the field.
    NotText(String),
    /// A field that leads to bulk is given twice; its path.
    Twice(String),
    /// The sink failed.
    Sink(E),
    /// It was fed after it had failed.
    Spent,
}

/// The scanner. See the module's description.
pub struct Scanner<B: Bulk> {
    machine: Machine,
    out: Out<B>,
    limits: Limits,
    read: u64,
    mark: usize,
    /// The first two bytes, as far as they have come.
    head: [u8; 2],
    spent: bool,
}

/// What the machine writes to.
pub(crate) struct Out<B> {
    pub(crate) envelope: Vec<u8>,
    pub(crate) max_envelope: usize,
    pub(crate) bulk: B,
    pub(crate) decoder: Decoder,
    /// How many bulk strings have begun.
    pub(crate) count: usize,
    /// Where in the envelope the value of `hash` stands.
    pub(crate) hash: Option<std::ops::Range<usize>>,
}

impl<B: Bulk> Scanner<B> {
    /// Makes a scanner of one body.
    pub fn new(dialect: Dialect, limits: Limits, bulk: B) -> Scanner<B> {
        let depth = limits.depth.min(MAX_DEPTH);
        Scanner {
            machine: Machine::new(dialect, depth),
            out: Out {
                envelope: Vec::new(),
                max_envelope: limits.envelope,
                bulk,
                decoder: Decoder::new(),
                count: 0,
                hash: None,
            },
            limits,
            read: 0,
            mark: 0,
            head: *b"  ",
            spent: false,
        }
    }

    /// Reads the next piece of the body, of any size.
    ///
    /// # Errors
    /// Why the body is refused; from then on every call fails with [`ScanFault::Spent`].
    pub fn feed(&mut self, piece: &[u8]) -> Result<(), ScanFault<B::Error>> {
        if self.spent {
            return Err(ScanFault::Spent);
        }
        // What is within the limit is read first: the verdict does not depend on how a body is cut.
        let left = usize::try_from(self.limits.body - self.read).unwrap_or(usize::MAX);
        let (within, beyond) = piece.split_at(piece.len().min(left));
        if let Some(missing) = usize::try_from(self.read).ok().and_then(|read| self.head.get_mut(read..)) {
            missing.iter_mut().zip(within).for_each(|(kept, byte)| *kept = *byte);
        }
        self.read += within.len() as u64;
        let done = self.skip_mark(within).and_then(|rest| self.machine.feed(rest, &mut self.out));
        let done = if beyond.is_empty() { done } else { done.and(Err(ScanFault::BodyTooLarge)) };
        self.spent = done.is_err();
        done.map_err(|fault| self.explained(fault))
    }

    /// Says that a body which is not legal JSON is in another encoding, if it is: then that is the cause.
    fn explained(&self, fault: ScanFault<B::Error>) -> ScanFault<B::Error> {
        let because = matches!(fault, ScanFault::Malformed(_) | ScanFault::Cut);
        if because && foreign::is_utf16(&self.head) {
            return ScanFault::Malformed(&words::UTF_16);
        }
        if because && foreign::is_foreign(&self.out.envelope) {
            return ScanFault::Malformed(&words::NOT_UTF8);
        }
        fault
    }

    /// Ends the body: hands over the envelope, which is legal JSON with an object at its top, and
    /// the sink.
    ///
    /// # Errors
    /// [`ScanFault::Cut`] when more should have come, [`ScanFault::Malformed`] when the envelope is not
    /// legal JSON.
    pub fn finish(self) -> Result<(serde_json::Value, B), ScanFault<B::Error>> {
        self.end().map_err(|fault| self.explained(fault))?;
        match foreign::parse(&self.out.envelope) {
            Ok(envelope) => Ok((envelope, self.out.bulk)),
            Err(_) => Err(self.explained(ScanFault::Malformed(&words::ILLEGAL_VALUE))),
        }
    }

    /// Returns the sink.
    pub fn bulk(&self) -> &B {
        &self.out.bulk
    }

    /// Gives the sink back, whatever became of the body.
    pub fn into_bulk(self) -> B {
        self.out.bulk
    }

    fn end(&self) -> Result<(), ScanFault<B::Error>> {
        if self.spent {
            return Err(ScanFault::Spent);
        }
        if self.machine.is_done() { Ok(()) } else { Err(ScanFault::Cut) }
    }

    /// Passes a byte order mark at the very beginning (P-5), however it is cut into pieces.
    fn skip_mark<'a>(&mut self, mut piece: &'a [u8]) -> Result<&'a [u8], ScanFault<B::Error>> {
        while let Some(expected) = BYTE_ORDER_MARK.get(self.mark) {
            match piece.split_first() {
                None => break,
                Some((byte, rest)) if byte == expected => {
                    self.mark += 1;
                    piece = rest;
                }
                Some(_) if self.mark == 0 => self.mark = BYTE_ORDER_MARK.len(),
                Some(_) => return Err(machine::not_an_object()),
            }
        }
        Ok(piece)
    }
}

impl<B: Bulk> Out<B> {
    /// Keeps bytes in the envelope.
    pub(crate) fn keep(&mut self, bytes: &[u8]) -> Result<(), ScanFault<B::Error>> {
        if bytes.len() > self.max_envelope.saturating_sub(self.envelope.len()) {
            return Err(ScanFault::EnvelopeTooLarge);
        }
        self.envelope.extend_from_slice(bytes);
        Ok(())
    }

    /// Returns the part of the envelope from here on.
    pub(crate) fn kept(&self, from: usize) -> &[u8] {
        self.envelope.get(from..).unwrap_or_default()
    }

    /// Passes on what the decoder refused: the sink's own failure, or text that the sink may have passed over.
    fn refused(
        &mut self,
        refusal: Refusal<B::Error>,
        field: impl FnOnce() -> String,
    ) -> Result<(), ScanFault<B::Error>> {
        match refusal {
            Refusal::Sink(error) => Err(ScanFault::Sink(error)),
            Refusal::NotBase64 => self.bulk.fault(ScanFault::NotBase64(field())),
        }
    }

    /// Tells the sink that a bulk string begins.
    pub(crate) fn begin(&mut self, field: &str) -> Result<(), ScanFault<B::Error>> {
        let hash = self.hash.clone().and_then(|range| self.envelope.get(range));
        let start = Start { field, index: self.count, hash };
        self.bulk.begin(&start).map_err(ScanFault::Sink)?;
        self.count += 1;
        Ok(())
    }
}
