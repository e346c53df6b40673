//! Base64 text into a sink, piece by piece.

use base64::Engine;

use super::{BLOCK, Bulk, DECODED_BLOCK};
use crate::protocol::base64_text::{Base64, engine};

/// Shorter stretches are not worth trying without looking for the end of the string.
const SHORTEST: usize = 64;

/// The standard alphabet; padding may be missing at the end, since some encoders leave it out, but
/// nothing may follow it, and the bits that it leaves over must be 0.
pub(crate) struct Decoder {
    engine: Base64,
    /// Characters that do not make four yet.
    carry: [u8; 4],
    held: usize,
    /// Padding was seen: the end of the base64.
    padded: bool,
    /// The rest of the string is passed over.
    skipping: bool,
}

/// Why a text was refused.
pub(super) enum Refusal<E> {
    NotBase64,
    Sink(E),
}

impl Decoder {
    pub(super) fn new() -> Decoder {
        Decoder { engine: engine(), carry: [0; 4], held: 0, padded: false, skipping: false }
    }

    /// Passes over the rest of the string.
    pub(super) fn skip(&mut self) {
        (self.held, self.padded, self.skipping) = (0, false, true);
    }

    /// Decodes text.
    pub(super) fn feed<B: Bulk>(&mut self, text: &[u8], bulk: &mut B) -> Result<(), Refusal<B::Error>> {
        if self.skipping {
            return Ok(());
        }
        let mut rest = self.top_up(text, bulk)?;
        while rest.len() >= 4 {
            let (block, later) = rest.split_at(rest.len().min(BLOCK) & !3);
            self.block(block, bulk)?;
            rest = later;
        }
        if !rest.is_empty() && self.padded {
            return Err(Refusal::NotBase64);
        }
        self.hold(rest);
        Ok(())
    }

    /// Decodes as many whole blocks as stand at the beginning of raw bytes, without looking for the end
    /// of the string: neither a quote nor a backslash is base64, so a block that decodes holds neither.
    /// Returns how many bytes it took.
    pub(super) fn blocks<B: Bulk>(&mut self, raw: &[u8], bulk: &mut B) -> Result<usize, Refusal<B::Error>> {
        if self.skipping {
            return Ok(0);
        }
        let mut rest = self.top_up_direct(raw, bulk)?;
        while rest.len() >= SHORTEST && self.held == 0 && !self.padded {
            let (block, later) = rest.split_at(rest.len().min(BLOCK) & !3);
            match self.block(block, bulk) {
                Ok(()) => rest = later,
                Err(Refusal::NotBase64) => break,
                Err(failed) => return Err(failed),
            }
        }
        Ok(raw.len() - rest.len())
    }

    /// Ends the string: decodes what is left over, as if it were padded.
    pub(super) fn finish<B: Bulk>(&mut self, bulk: &mut B) -> Result<(), Refusal<B::Error>> {
        self.skipping = false;
        match std::mem::take(&mut self.held) {
            0 => {}
            1 => return Err(Refusal::NotBase64),
            held => {
                let mut last = self.carry;
                // Padding is there or not; half of it is a text that lost its end.
                if last.iter().take(held).any(|byte| *byte == b'=') {
                    return Err(Refusal::NotBase64);
                }
                last.iter_mut().skip(held).for_each(|missing| *missing = b'=');
                self.block(&last, bulk)?;
            }
        }
        self.padded = false;
        Ok(())
    }

    /// Completes the four characters that an earlier piece began.
    fn top_up<'a, B: Bulk>(&mut self, text: &'a [u8], bulk: &mut B) -> Result<&'a [u8], Refusal<B::Error>> {
        if self.held == 0 {
            return Ok(text);
        }
        let (head, rest) = text.split_at(text.len().min(4 - self.held));
        self.hold(head);
        if self.held == 4 {
            self.held = 0;
            let four = self.carry;
            self.block(&four, bulk)?;
        }
        Ok(rest)
    }

    fn hold(&mut self, text: &[u8]) {
        for (place, byte) in self.carry.iter_mut().skip(self.held).zip(text) {
            *place = *byte;
        }
        self.held += text.len();
    }

    /// Does the same with raw bytes, but only when they are plainly base64, else the bytes stay.
    fn top_up_direct<'a, B: Bulk>(
        &mut self,
        raw: &'a [u8],
        bulk: &mut B,
    ) -> Result<&'a [u8], Refusal<B::Error>> {
        let plain = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/');
        let wanted = 4 - self.held;
        if self.held == 0 || raw.get(..wanted).is_some_and(|head| head.iter().all(plain)) {
            return self.top_up(raw, bulk);
        }
        Ok(raw)
    }

    /// Decodes at most [`BLOCK`] characters, a multiple of four.
    fn block<B: Bulk>(&mut self, block: &[u8], bulk: &mut B) -> Result<(), Refusal<B::Error>> {
        if self.padded {
            return Err(Refusal::NotBase64);
        }
        let whole = block.len() / 4 * 3;
        let space = bulk.space().map_err(Refusal::Sink)?;
        let count = match space.get_mut(..whole) {
            Some(space) => {
                let count = self.engine.decode_slice(block, space).map_err(|_| Refusal::NotBase64)?;
                bulk.advance(count).map_err(Refusal::Sink)?;
                count
            }
            None => {
                let mut scratch = [0; DECODED_BLOCK];
                let count = self.engine.decode_slice(block, &mut scratch).map_err(|_| Refusal::NotBase64)?;
                bulk.put(scratch.get(..count).unwrap_or_default()).map_err(Refusal::Sink)?;
                count
            }
        };
        self.padded = count < whole;
        Ok(())
    }
}
