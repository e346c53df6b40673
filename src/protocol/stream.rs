//! A body as both halves send it: text, and places where bytes go as base64, cut into pieces on the way. One piece
//! is held at a time, never a document; its exact length is known beforehand.

use std::convert::Infallible;

use base64::Engine;
use bytes::Bytes;

use super::base64_text::{Base64, encoded_length, engine};

/// The size of a piece, in bytes: what one TLS record carries. Larger ones fall out of the processor's cache.
pub const PIECE: usize = 16 * 1024;

/// One stretch of a body; `S` says where bytes come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Segment<S> {
    /// Text, sent as it is.
    Text(Bytes),
    /// Bytes, sent as base64.
    Encode {
        /// Where they come from.
        source: S,
        /// How many there are.
        length: u64,
    },
}

/// A whole body, ready to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan<S> {
    /// The stretches, in order.
    pub segments: Vec<Segment<S>>,
}

/// Gives the bytes of one [`Segment::Encode`], front to back.
pub trait Supply {
    /// Why bytes cannot be had.
    type Error;

    /// Returns exactly the next `count` bytes; with `last`, also sees to it that no others follow.
    ///
    /// # Errors
    /// When there are fewer or more, or they cannot be read.
    fn next(&mut self, count: usize, last: bool) -> Result<&[u8], Self::Error>;
}

/// Bytes in memory: a plan gives their own number.
impl Supply for &[u8] {
    type Error = Infallible;

    fn next(&mut self, count: usize, _last: bool) -> Result<&[u8], Infallible> {
        let (next, rest) = self.split_at(count.min(self.len()));
        *self = rest;
        Ok(next)
    }
}

impl<S> Segment<S> {
    fn length(&self) -> u64 {
        match self {
            Segment::Text(text) => text.len() as u64,
            Segment::Encode { length, .. } => encoded_length(*length),
        }
    }
}

impl<S> Plan<S> {
    /// Returns the exact number of bytes on the wire.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        self.segments.iter().map(Segment::length).sum()
    }

    /// Begins to send the body, and keeps the plan for another try; `open` makes a supply of each source.
    pub fn pieces<'a, T: Supply>(&'a self, open: impl Fn(&'a S) -> T) -> Pieces<T> {
        let opened = |segment: &'a Segment<S>| match segment {
            Segment::Text(text) => Segment::Text(text.clone()),
            Segment::Encode { source, length } => Segment::Encode { source: open(source), length: *length },
        };
        Plan { segments: self.segments.iter().map(opened).collect() }.into_pieces()
    }
}

impl<S: Supply> Plan<S> {
    /// Begins to send a body whose sources are open.
    #[must_use]
    pub fn into_pieces(self) -> Pieces<S> {
        let left = usize::try_from(self.content_length()).unwrap_or(usize::MAX);
        Pieces { segments: self.segments.into_iter(), current: None, left, engine: engine() }
    }
}

/// The pieces of one body, in order.
pub struct Pieces<S> {
    segments: std::vec::IntoIter<Segment<S>>,
    /// What is left of the segment that is being sent.
    current: Option<Segment<S>>,
    /// How many bytes of the body are still to come.
    left: usize,
    engine: Base64,
}

impl<S: Supply> Pieces<S> {
    /// Returns the next piece, of at most [`PIECE`] bytes; `None` after the last.
    ///
    /// # Errors
    /// Those of the supplies.
    pub fn next_piece(&mut self) -> Result<Option<Bytes>, S::Error> {
        let mut out = Vec::with_capacity(PIECE.min(self.left));
        loop {
            if self.current.is_none() {
                self.current = self.segments.next();
            }
            let room = PIECE - out.len();
            let finished = match &mut self.current {
                None => break,
                Some(Segment::Text(text)) => {
                    out.extend_from_slice(&text.split_to(room.min(text.len())));
                    text.is_empty()
                }
                Some(Segment::Encode { source, length }) => {
                    // Whole groups of three bytes, except at the end.
                    let wanted = (*length).min((room / 4 * 3) as u64);
                    let last = wanted == *length;
                    *length -= wanted;
                    let raw = source.next(usize::try_from(wanted).unwrap_or_default(), last)?;
                    append(&self.engine, raw, &mut out);
                    last
                }
            };
            if !finished {
                break;
            }
            self.current = None;
        }
        self.left = self.left.saturating_sub(out.len());
        Ok((!out.is_empty()).then(|| Bytes::from(out)))
    }

    /// Returns all that is left in one piece.
    ///
    /// # Errors
    /// Those of the supplies.
    pub fn collect(mut self) -> Result<Vec<u8>, S::Error> {
        let mut body = Vec::new();
        while let Some(piece) = self.next_piece()? {
            body.extend_from_slice(&piece);
        }
        Ok(body)
    }
}

/// Encodes bytes, which cannot fail: room is made for all of them.
fn append(engine: &Base64, raw: &[u8], out: &mut Vec<u8>) {
    let start = out.len();
    out.resize(start + raw.len().div_ceil(3) * 4, 0);
    let written = out.get_mut(start..).and_then(|place| engine.encode_slice(raw, place).ok());
    out.truncate(start + written.unwrap_or_default());
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    /// Covers P-5: bytes become their base64, whatever their number, in pieces that are no longer than they may
    /// be, and the length announced beforehand is exact.
    #[test]
    fn encodes_exactly() {
        for length in [0, 1, 2, 3, 4, 12_285, 12_286, 12_287, 12_288, 12_289, 50_000] {
            let bytes: Vec<u8> = (0..length).map(|at| (at * 7 % 251) as u8).collect();
            let ready = "QUJD".repeat(5000);
            let encode = || Segment::Encode { source: (), length: length as u64 };
            let text = |text: &str| Segment::Text(Bytes::copy_from_slice(text.as_bytes()));
            let plan =
                Plan { segments: vec![text("{\"a\":\""), encode(), text(&ready), encode(), text("\"}")] };
            let mut pieces = plan.pieces(|()| bytes.as_slice());
            let mut body = Vec::new();
            while let Some(piece) = pieces.next_piece().unwrap() {
                assert!(piece.len() <= PIECE);
                body.extend_from_slice(&piece);
            }
            let coded = STANDARD.encode(&bytes);
            assert!(body == format!("{{\"a\":\"{coded}{ready}{coded}\"}}").as_bytes(), "{length}");
            assert_eq!(plan.content_length(), body.len() as u64);
            assert!(plan.pieces(|()| bytes.as_slice()).collect().unwrap() == body);
        }
    }
}
