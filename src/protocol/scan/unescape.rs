//! The text of a JSON string from its raw bytes, piece by piece.

use memchr::memchr2;

use super::squeeze::{CHUNK, squeeze};
use super::{BLOCK, ScanFault, words};

/// Reads a string's raw bytes up to its closing quote and passes its text on in blocks.
pub(super) struct Unescape {
    state: State,
    /// The first half of a surrogate pair, until the second has come.
    high: Option<u32>,
    /// Text that is gathered because escapes cut it into short runs: a block, and room for one more chunk.
    scratch: Vec<u8>,
    filled: usize,
    bulk: bool,
}

#[derive(Clone, Copy)]
enum State {
    Text,
    Backslash,
    Hex { value: u32, left: u8 },
}

type Done<T, E> = Result<T, ScanFault<E>>;

fn bad_escape<T, E>() -> Done<T, E> {
    Err(ScanFault::Malformed(&words::ILLEGAL_ESCAPE))
}

impl Unescape {
    /// Makes one for a bulk string: escaped line breaks are left out, because encoders for MIME put them into
    /// base64, and raw control characters are left to the decoder, to which they are as illegal.
    pub(super) fn bulk() -> Unescape {
        Unescape { bulk: true, ..Unescape::text() }
    }

    /// Makes one for a string whose text is JSON again. Half a surrogate pair stays an escape, and is judged there like
    /// any other: where nobody reads it, it does no harm (P-6).
    pub(super) fn text() -> Unescape {
        Unescape { state: State::Text, high: None, scratch: Vec::new(), filled: 0, bulk: false }
    }

    /// Tells whether it is between two whole characters.
    pub(super) fn is_idle(&self) -> bool {
        matches!(self.state, State::Text) && self.high.is_none()
    }

    /// Reads raw bytes; the text goes to `sink`. Returns how many bytes were used, and whether the last
    /// of them was the closing quote. A failure comes after the text before it has been passed on, so
    /// that the first fault is reported however the bytes are cut into pieces.
    pub(super) fn feed<E>(
        &mut self,
        raw: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Done<(), E>,
    ) -> Done<(usize, bool), E> {
        let done = self.read(raw, sink);
        self.flush(sink)?;
        done
    }

    fn read<E>(&mut self, raw: &[u8], sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(usize, bool), E> {
        let mut rest = raw;
        while !rest.is_empty() {
            if self.bulk && self.is_idle() {
                rest = self.slashes(rest, sink)?;
            }
            let Some(&first) = rest.first() else { break };
            match self.state {
                State::Text if first == b'"' => {
                    self.lone_high(sink)?;
                    return Ok((raw.len() - rest.len() + 1, true));
                }
                State::Text if first == b'\\' => self.state = State::Backslash,
                State::Text => {
                    rest = self.run(rest, sink)?;
                    continue;
                }
                State::Backslash | State::Hex { .. } => self.escape(first, sink)?,
            }
            rest = rest.get(1..).unwrap_or_default();
        }
        Ok((raw.len(), false))
    }

    /// Passes on text whose only escapes are `\/`, as far as it reaches: the escape that nearly every
    /// encoder of base64 in JSON makes, one in 64 characters.
    fn slashes<'a, E>(
        &mut self,
        mut rest: &'a [u8],
        sink: &mut dyn FnMut(&[u8]) -> Done<(), E>,
    ) -> Done<&'a [u8], E> {
        loop {
            self.prepare();
            let room = self.scratch.get_mut(self.filled..).unwrap_or_default();
            let (used, made) = squeeze(rest, room);
            rest = rest.get(used..).unwrap_or_default();
            self.filled += made;
            if self.filled < BLOCK {
                return Ok(rest);
            }
            self.flush_block(sink)?;
        }
    }

    /// Passes on what stands before the next quote or backslash; the first byte is neither.
    fn run<'a, E>(
        &mut self,
        rest: &'a [u8],
        sink: &mut dyn FnMut(&[u8]) -> Done<(), E>,
    ) -> Done<&'a [u8], E> {
        self.lone_high(sink)?;
        let window = rest.get(..BLOCK).unwrap_or(rest);
        let length = memchr2(b'"', b'\\', window).unwrap_or(window.len());
        let (run, _) = window.split_at(length);
        if let Some(at) = run.iter().position(|byte| !self.bulk && *byte < 0x20) {
            self.push(run.split_at(at).0, sink)?;
            return Err(ScanFault::Malformed(&words::CONTROL_CHARACTER));
        }
        self.push(run, sink)?;
        Ok(rest.get(length..).unwrap_or_default())
    }

    fn push<E>(&mut self, mut run: &[u8], sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        // A long run goes on as it stands.
        if self.filled == 0 && run.len() >= BLOCK / 4 {
            return sink(run);
        }
        self.prepare();
        loop {
            let (now, later) = run.split_at(run.len().min(BLOCK - self.filled));
            if let Some(room) = self.scratch.get_mut(self.filled..self.filled + now.len()) {
                room.copy_from_slice(now);
            }
            self.filled += now.len();
            if self.filled < BLOCK {
                return Ok(());
            }
            self.flush_block(sink)?;
            run = later;
        }
    }

    fn prepare(&mut self) {
        if self.scratch.is_empty() {
            self.scratch.resize(BLOCK + CHUNK, 0);
        }
    }

    /// Passes on a whole block; what goes beyond it stays.
    fn flush_block<E>(&mut self, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        let done = sink(self.scratch.get(..BLOCK).unwrap_or_default());
        self.scratch.copy_within(BLOCK..self.filled, 0);
        self.filled -= BLOCK;
        done
    }

    fn flush<E>(&mut self, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        match std::mem::take(&mut self.filled) {
            0 => Ok(()),
            filled => sink(self.scratch.get(..filled).unwrap_or_default()),
        }
    }

    fn escape<E>(&mut self, byte: u8, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        if let State::Hex { value, left } = self.state {
            let Some(digit) = char::from(byte).to_digit(16) else { return bad_escape() };
            let value = value << 4 | digit;
            if left > 1 {
                self.state = State::Hex { value, left: left - 1 };
                return Ok(());
            }
            self.state = State::Text;
            return self.unit(value, sink);
        }
        self.state = State::Text;
        let text = match byte {
            b'u' => {
                self.state = State::Hex { value: 0, left: 4 };
                return Ok(());
            }
            b'"' | b'\\' | b'/' => byte,
            b'b' => 0x08,
            b'f' => 0x0c,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            _ => return bad_escape(),
        };
        self.character(char::from(text), sink)
    }

    /// Takes one UTF-16 code unit.
    fn unit<E>(&mut self, unit: u32, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        let high = self.high.take();
        let scalar = match (high, unit) {
            (None, 0xd800..=0xdbff) => {
                self.high = Some(unit);
                return Ok(());
            }
            (Some(high), 0xdc00..=0xdfff) => 0x10000 + ((high - 0xd800) << 10) + (unit - 0xdc00),
            (Some(high), _) => {
                self.half(high, sink)?;
                return self.unit(unit, sink);
            }
            (None, unit) => unit,
        };
        match char::from_u32(scalar) {
            Some(character) => self.character(character, sink),
            None => self.half(unit, sink),
        }
    }

    /// Passes on a first half that no second one follows.
    fn lone_high<E>(&mut self, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        self.high.take().map_or(Ok(()), |high| self.half(high, sink))
    }

    fn half<E>(&mut self, unit: u32, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        if self.bulk {
            return Err(ScanFault::Malformed(&words::HALF_SURROGATE));
        }
        self.push(format!("\\u{unit:04x}").as_bytes(), sink)
    }

    fn character<E>(&mut self, text: char, sink: &mut dyn FnMut(&[u8]) -> Done<(), E>) -> Done<(), E> {
        self.lone_high(sink)?;
        if self.bulk && matches!(text, '\r' | '\n') {
            return Ok(());
        }
        self.push(text.encode_utf8(&mut [0; 4]).as_bytes(), sink)
    }
}
