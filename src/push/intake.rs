//! Where a document goes while it arrives: the caller's buffer, memory of our own, or a file.

use crate::protocol::bilingual::GIVEN_TWICE;
use crate::protocol::catalogue::Reason;
use crate::protocol::hash::{Algorithm, GivenHash};
use crate::protocol::scan::{Bulk, DECODED_BLOCK, Start};
use crate::protocol::{Error, Result};

use super::Sink;
use super::digest::{Digests, Hasher};
use super::file::Target;

/// Fresh memory taken at a time.
const GROWTH: usize = 64 * 1024;

/// The bytes that have arrived, and their hashes.
pub(super) struct Intake<'a> {
    pub(super) destination: Destination<'a>,
    pub(super) digests: Digests,
}

pub(super) enum Destination<'a> {
    Owned { bytes: Vec<u8>, filled: usize },
    Buffer { bytes: Wiped<'a>, filled: usize },
    File(Box<Target>),
}

/// The caller's buffer: wiped when it is dropped, unless the document was found good. A caller that
/// overlooks an error then holds zeros, not something that looks like a document.
pub(super) struct Wiped<'a> {
    bytes: &'a mut [u8],
    /// How far it was written.
    touched: usize,
    good: bool,
}

impl Drop for Wiped<'_> {
    fn drop(&mut self) {
        if !self.good {
            self.bytes.iter_mut().take(self.touched).for_each(|byte| *byte = 0);
        }
    }
}

impl<'a> Intake<'a> {
    pub(super) fn new(sink: Sink<'a>) -> Result<Intake<'a>> {
        let destination = match sink {
            Sink::Owned => Destination::Owned { bytes: Vec::new(), filled: 0 },
            Sink::Memory(bytes) => Destination::Owned { bytes, filled: 0 },
            Sink::Buffer(bytes) => {
                Destination::Buffer { bytes: Wiped { bytes, touched: 0, good: false }, filled: 0 }
            }
            Sink::File(path) => Destination::File(Box::new(Target::create(&path)?)),
        };
        Ok(Intake { destination, digests: Digests::new() })
    }
}

impl Destination<'_> {
    /// Makes room for a document that is about to come, of this length at most.
    pub(super) fn reserve(&mut self, max: usize) -> Result<()> {
        match self {
            Destination::Owned { bytes, .. } => {
                bytes.try_reserve_exact(max.saturating_sub(bytes.len())).map_err(out_of_memory)
            }
            _ => Ok(()),
        }
    }

    /// Returns the memory for a document of this length at most, where it is there from the beginning.
    pub(super) fn whole(&mut self, max: usize) -> Option<&mut [u8]> {
        match self {
            Destination::Owned { bytes, .. } => (bytes.len() >= max).then_some(bytes),
            Destination::Buffer { bytes, .. } => Some(bytes.bytes),
            Destination::File(_) => None,
        }
    }

    /// Notes how much of [`Destination::whole`] was touched, and how much of that is the document.
    pub(super) fn filled_by(&mut self, touched: usize, document: usize) {
        match self {
            Destination::Owned { filled, .. } => *filled = document,
            Destination::Buffer { bytes, filled } => (bytes.touched, *filled) = (touched, document),
            Destination::File(_) => {}
        }
    }

    pub(super) fn length(&self) -> u64 {
        match self {
            Destination::Owned { filled, .. } | Destination::Buffer { filled, .. } => *filled as u64,
            Destination::File(target) => target.length(),
        }
    }

    /// Hashes what is stored, for a hash that was not computed on the way.
    pub(super) fn digest(&mut self, algorithm: Algorithm) -> Result<Vec<u8>> {
        let stored = match self {
            Destination::Owned { bytes, filled } => bytes.get(..*filled),
            Destination::Buffer { bytes, filled } => bytes.bytes.get(..*filled),
            Destination::File(target) => return target.digest(algorithm),
        };
        let mut hasher = Hasher::new(algorithm);
        hasher.update(stored.unwrap_or_default());
        Ok(hasher.finish())
    }

    /// Returns a copy of what is stored.
    pub(super) fn copy(&mut self) -> Result<Vec<u8>> {
        match self {
            Destination::Owned { bytes, filled } => Ok(bytes.get(..*filled).unwrap_or_default().to_vec()),
            Destination::Buffer { bytes, filled } => {
                Ok(bytes.bytes.get(..*filled).unwrap_or_default().to_vec())
            }
            Destination::File(target) => target.copy(),
        }
    }

    fn space(&mut self) -> Result<&mut [u8]> {
        match self {
            Destination::Owned { bytes, filled } => {
                grow(bytes, *filled)?;
                Ok(bytes.get_mut(*filled..).unwrap_or_default())
            }
            Destination::Buffer { bytes, filled } => {
                bytes.touched = bytes.bytes.len().min(*filled + DECODED_BLOCK);
                let (_, rest) = bytes.bytes.split_at_mut(*filled);
                let room = rest.len().min(DECODED_BLOCK);
                Ok(rest.split_at_mut(room).0)
            }
            Destination::File(target) => target.space(),
        }
    }

    fn advance(&mut self, count: usize) -> &[u8] {
        let (bytes, filled) = match self {
            Destination::Owned { bytes, filled } => (bytes.as_slice(), filled),
            Destination::Buffer { bytes, filled } => (&*bytes.bytes, filled),
            Destination::File(target) => return target.advance(count),
        };
        let from = *filled;
        *filled = bytes.len().min(from + count);
        bytes.get(from..*filled).unwrap_or_default()
    }
}

/// Makes room for a block: doubling, as vectors do, but written only a little ahead.
fn grow(bytes: &mut Vec<u8>, filled: usize) -> Result<()> {
    if bytes.len() - filled >= DECODED_BLOCK {
        return Ok(());
    }
    if bytes.capacity() - filled < DECODED_BLOCK {
        bytes.try_reserve(GROWTH.max(DECODED_BLOCK)).map_err(out_of_memory)?;
    }
    bytes.resize(bytes.capacity().min(filled + GROWTH), 0);
    Ok(())
}

/// Copies bytes to the beginning of the space that a sink has for them.
pub(super) fn fill(space: &mut [u8], bytes: &[u8]) -> Result<()> {
    let space = space.get_mut(..bytes.len()).ok_or_else(|| Error::new(Reason::BufferTooSmall))?;
    space.copy_from_slice(bytes);
    Ok(())
}

/// Refuses a second document: a push has one.
pub(super) fn only_once(start: &Start<'_>) -> Result<()> {
    if start.index == 0 {
        return Ok(());
    }
    Err(Error::new(Reason::PushNotProtocol).field(start.field).detailed(GIVEN_TWICE))
}

/// Reads the hash that stood before the content, if it is one.
pub(super) fn early_hash(start: &Start<'_>) -> Option<GivenHash> {
    let text: String = serde_json::from_slice(start.hash?).ok()?;
    GivenHash::parse(&text)
}

fn out_of_memory(_: std::collections::TryReserveError) -> Error {
    Error::new(Reason::SystemResources)
}

impl Bulk for Intake<'_> {
    type Error = Error;

    fn begin(&mut self, start: &Start<'_>) -> Result<()> {
        only_once(start)?;
        if let Some(hash) = early_hash(start) {
            self.digests.expect(&hash);
        }
        Ok(())
    }

    fn space(&mut self) -> Result<&mut [u8]> {
        self.destination.space()
    }

    fn advance(&mut self, count: usize) -> Result<()> {
        self.digests.update(self.destination.advance(count));
        Ok(())
    }

    fn put(&mut self, bytes: &[u8]) -> Result<()> {
        fill(self.space()?, bytes)?;
        self.advance(bytes.len())
    }

    fn end(&mut self) -> Result<()> {
        Ok(())
    }
}

impl Wiped<'_> {
    /// Lets the document stay: it is good.
    pub(super) fn release(mut self) {
        self.good = true;
    }
}
