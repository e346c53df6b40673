//! The structure of a JSON text, byte by byte, and the way of its bulk strings.

use memchr::memchr2;

use super::dialect::{Dialect, Role};
use super::unescape::Unescape;
use super::{Bulk, Out, ScanFault, words};
use crate::protocol::foreign::{self, Pairs};

/// Reads one JSON text. The text inside an `extendData` that is a string has a machine of its own.
pub(super) struct Machine {
    dialect: Dialect,
    frames: Vec<Frame>,
    /// How many more arrays and objects may be open.
    depth: usize,
    state: State,
    /// The role of the value that comes next, or that is being read.
    role: Role,
    /// Where in the envelope the string or word that is being read begins.
    token: usize,
    /// The characters of that string, should they be in GBK.
    pairs: Pairs,
    inner: bool,
}

/// An open array or object.
struct Frame {
    array: bool,
    role: Role,
    /// Which of its fields with a role were given.
    seen: u8,
    /// How many elements an array has had before the present one.
    at: usize,
}

enum State {
    /// A value must come.
    Value,
    /// The same, or the end of the array that has just begun.
    FirstElement,
    /// A key must come.
    Key,
    /// The same, or the end of the object that has just begun.
    FirstKey,
    Colon,
    /// A comma must come, or the end of what is open.
    After,
    /// Inside a number, `true`, `false` or `null`.
    Word,
    /// Inside a string that the envelope keeps.
    Text {
        key: bool,
        escaped: bool,
    },
    /// Inside a bulk string.
    Bulk(Box<BulkText>),
    /// Inside a string that holds JSON.
    Nested(Box<(Unescape, Machine)>),
    Done,
}

struct BulkText {
    name: &'static str,
    unescape: Unescape,
    /// No escapes so far: whole blocks may be tried at once.
    plain: bool,
    begun: bool,
}

type Step<T, E> = Result<T, ScanFault<E>>;

fn unexpected<T, E>() -> Step<T, E> {
    Err(ScanFault::Malformed(&words::ILLEGAL_CHARACTER))
}

pub(super) fn not_an_object<E>() -> ScanFault<E> {
    ScanFault::Malformed(&words::NOT_AN_OBJECT)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\r' | b'\n')
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.')
}

impl Machine {
    pub(super) fn new(dialect: Dialect, depth: usize) -> Machine {
        let (frames, state) = (Vec::new(), State::Value);
        Machine {
            dialect,
            frames,
            depth,
            state,
            role: Role::Root,
            token: 0,
            pairs: Pairs::default(),
            inner: false,
        }
    }

    /// Makes the machine for the text of a string that stands for a value of this machine's present role.
    fn nested(&self) -> Machine {
        let depth = self.depth.saturating_sub(self.frames.len());
        Machine { role: self.role, inner: true, ..Machine::new(self.dialect, depth) }
    }

    pub(super) fn is_done(&self) -> bool {
        matches!(self.state, State::Done)
    }

    /// Reads the next piece of the text.
    pub(super) fn feed<B: Bulk>(&mut self, piece: &[u8], out: &mut Out<B>) -> Step<(), B::Error> {
        let mut rest = piece;
        while !rest.is_empty() {
            let used = match &mut self.state {
                State::Text { .. } => self.text(rest, out)?,
                State::Word => self.word(rest, out)?,
                State::Bulk(_) => self.bulk(rest, out)?,
                State::Nested(_) => self.nested_text(rest, out)?,
                _ => self.structure(rest, out)?,
            };
            rest = rest.get(used..).unwrap_or_default();
        }
        Ok(())
    }

    /// Takes one character between values. Blanks are not kept.
    fn structure<B: Bulk>(&mut self, rest: &[u8], out: &mut Out<B>) -> Step<usize, B::Error> {
        let blank = rest.iter().take_while(|byte| is_space(**byte)).count();
        let Some(&byte) = rest.get(blank) else { return Ok(blank) };
        match (&self.state, byte) {
            (State::Value | State::FirstElement, b'{' | b'[') => self.open(byte == b'[', out)?,
            (State::Value | State::FirstElement, b'"') => self.string(out)?,
            (State::Value | State::FirstElement, _) if is_word(byte) && self.role != Role::Root => {
                self.token = out.envelope.len();
                self.state = State::Word;
                return Ok(blank);
            }
            (State::FirstElement, b']') | (State::FirstKey, b'}') => self.close(byte, out)?,
            (State::Key | State::FirstKey, b'"') => {
                self.text_begins(true, out)?;
            }
            (State::Colon, b':') => {
                out.keep(b":")?;
                self.state = State::Value;
            }
            (State::After, b',') => self.comma(out)?,
            (State::After, b']' | b'}') => self.close(byte, out)?,
            _ if self.frames.is_empty() && matches!(self.state, State::Value) => return Err(not_an_object()),
            _ => return unexpected(),
        }
        Ok(blank + 1)
    }

    fn open<B: Bulk>(&mut self, array: bool, out: &mut Out<B>) -> Step<(), B::Error> {
        if self.role == Role::Root && array {
            return Err(not_an_object());
        }
        self.no_bulk_here(out)?;
        if self.frames.len() >= self.depth {
            return Err(ScanFault::TooDeep);
        }
        out.keep(if array { b"[" } else { b"{" })?;
        let role = self.role.container(array);
        self.frames.push(Frame { array, role, seen: 0, at: 0 });
        self.role = if array { role.element() } else { Role::Other };
        self.state = if array { State::FirstElement } else { State::FirstKey };
        Ok(())
    }

    fn close<B: Bulk>(&mut self, byte: u8, out: &mut Out<B>) -> Step<(), B::Error> {
        match self.frames.pop() {
            Some(frame) if frame.array == (byte == b']') => {}
            _ => return unexpected(),
        }
        out.keep(&[byte])?;
        self.after();
        Ok(())
    }

    fn comma<B: Bulk>(&mut self, out: &mut Out<B>) -> Step<(), B::Error> {
        let Some(frame) = self.frames.last_mut() else { return unexpected() };
        out.keep(b",")?;
        frame.at += 1;
        self.role = if frame.array { frame.role.element() } else { Role::Other };
        self.state = if frame.array { State::Value } else { State::Key };
        Ok(())
    }

    /// Goes on after a value has ended.
    fn after(&mut self) {
        self.state = if self.frames.is_empty() { State::Done } else { State::After };
    }

    /// Begins a string that is a value.
    fn string<B: Bulk>(&mut self, out: &mut Out<B>) -> Step<(), B::Error> {
        self.state = match self.role {
            Role::Root => return Err(not_an_object()),
            Role::Bulk(name) => {
                let unescape = Unescape::bulk();
                State::Bulk(Box::new(BulkText { name, unescape, plain: true, begun: false }))
            }
            // A string inside the string would be nesting without end.
            Role::Extend if self.inner => return unexpected(),
            Role::Extend => {
                self.token = out.envelope.len();
                State::Nested(Box::new((Unescape::text(), self.nested())))
            }
            _ => return self.text_begins(false, out),
        };
        Ok(())
    }

    fn text_begins<B: Bulk>(&mut self, key: bool, out: &mut Out<B>) -> Step<(), B::Error> {
        (self.token, self.pairs) = (out.envelope.len(), Pairs::default());
        self.state = State::Text { key, escaped: false };
        out.keep(b"\"")
    }

    fn text<B: Bulk>(&mut self, rest: &[u8], out: &mut Out<B>) -> Step<usize, B::Error> {
        let State::Text { key, escaped } = &mut self.state else { return unexpected() };
        if std::mem::take(escaped) {
            out.keep(rest.get(..1).unwrap_or_default())?;
            return Ok(1);
        }
        let found = memchr2(b'"', b'\\', rest);
        let used = found.map_or(rest.len(), |at| at + 1);
        let (run, _) = rest.split_at(used);
        out.keep(run)?;
        match (found, run.last(), *key) {
            (None, ..) => {}
            (Some(_), Some(b'\\'), _) => *escaped = !self.pairs.end_with(out.kept(self.token + 1)),
            (Some(_), _, true) => self.key(out)?,
            (Some(_), _, false) => {
                self.note(out);
                self.after();
            }
        }
        Ok(used)
    }

    /// Ends a key, and finds out what its value is.
    fn key<B: Bulk>(&mut self, out: &mut Out<B>) -> Step<(), B::Error> {
        let Some(key) = foreign::name(out.kept(self.token)) else {
            return Err(ScanFault::Malformed(&words::ILLEGAL_NAME));
        };
        let Some(frame) = self.frames.last_mut() else { return unexpected() };
        self.role = Role::Other;
        if let Some((role, name, bit)) = self.dialect.field(frame.role, &key) {
            let twice = frame.seen & bit != 0;
            frame.seen |= bit;
            self.role = role;
            if twice {
                out.bulk.fault(ScanFault::Twice(self.path(name)))?;
            }
        }
        self.state = State::Colon;
        Ok(())
    }

    /// Remembers where the hash stands in the envelope.
    fn note<B: Bulk>(&self, out: &mut Out<B>) {
        if self.role == Role::Hash {
            out.hash = Some(self.token..out.envelope.len());
        }
    }

    fn word<B: Bulk>(&mut self, rest: &[u8], out: &mut Out<B>) -> Step<usize, B::Error> {
        let used = rest.iter().take_while(|byte| is_word(**byte)).count();
        out.keep(rest.get(..used).unwrap_or_default())?;
        if used < rest.len() {
            self.end_word(out)?;
        }
        Ok(used)
    }

    fn end_word<B: Bulk>(&mut self, out: &mut Out<B>) -> Step<(), B::Error> {
        // Null is as good as a missing field.
        if out.kept(self.token) != b"null" {
            self.no_bulk_here(out)?;
        }
        self.note(out);
        self.after();
        Ok(())
    }

    fn no_bulk_here<B: Bulk>(&self, out: &mut Out<B>) -> Step<(), B::Error> {
        match self.role {
            Role::Bulk(name) => out.bulk.fault(ScanFault::NotText(self.path(name))),
            _ => Ok(()),
        }
    }

    fn bulk<B: Bulk>(&mut self, rest: &[u8], out: &mut Out<B>) -> Step<usize, B::Error> {
        let State::Bulk(mut text) = std::mem::replace(&mut self.state, State::Done) else {
            return unexpected();
        };
        let direct = self.whole_blocks(&mut text, rest, out)?;
        let (used, ended) = match rest.get(direct..) {
            Some(rest) if !rest.is_empty() => self.escaped_text(&mut text, rest, out)?,
            _ => (0, false),
        };
        if ended {
            self.end_bulk(&text, out)?;
        } else {
            self.state = State::Bulk(text);
        }
        Ok(direct + used)
    }

    /// Reads the fast way: base64 without escapes.
    fn whole_blocks<B: Bulk>(
        &self,
        text: &mut BulkText,
        rest: &[u8],
        out: &mut Out<B>,
    ) -> Step<usize, B::Error> {
        let first_is_text = rest.first().is_some_and(|byte| !matches!(byte, b'"' | b'\\'));
        if !(text.plain && first_is_text && text.unescape.is_idle()) {
            return Ok(0);
        }
        self.begin(text, out)?;
        out.decoder.blocks(rest, &mut out.bulk).or_else(|refusal| {
            out.refused(refusal, || self.path(text.name))?;
            out.decoder.skip();
            Ok(0)
        })
    }

    /// Reads what has escapes, and the end of the string. It reads one block at most, so that the
    /// fast way gets its turn.
    fn escaped_text<B: Bulk>(
        &self,
        text: &mut BulkText,
        rest: &[u8],
        out: &mut Out<B>,
    ) -> Step<(usize, bool), B::Error> {
        let window = if text.plain { rest.get(..super::BLOCK).unwrap_or(rest) } else { rest };
        let BulkText { name, unescape, begun, .. } = text;
        let done = unescape.feed(window, &mut |decoded| {
            if !std::mem::replace(begun, true) {
                out.begin(&self.path(name))?;
            }
            out.decoder.feed(decoded, &mut out.bulk).or_else(|refusal| {
                out.refused(refusal, || self.path(name))?;
                out.decoder.skip();
                Ok(())
            })
        })?;
        text.plain &= !(window.contains(&b'\\'));
        Ok(done)
    }

    fn begin<B: Bulk>(&self, text: &mut BulkText, out: &mut Out<B>) -> Step<(), B::Error> {
        if std::mem::replace(&mut text.begun, true) { Ok(()) } else { out.begin(&self.path(text.name)) }
    }

    fn end_bulk<B: Bulk>(&mut self, text: &BulkText, out: &mut Out<B>) -> Step<(), B::Error> {
        self.after();
        if !text.begun {
            return out.keep(b"\"\"");
        }
        if let Err(refusal) = out.decoder.finish(&mut out.bulk) {
            out.refused(refusal, || self.path(text.name))?;
        }
        out.bulk.end().map_err(ScanFault::Sink)?;
        out.keep(format!("{{\"attachment\":{}}}", out.count.saturating_sub(1)).as_bytes())
    }

    /// Reads the text of a string that holds JSON; its envelope stands in ours as if it had been no string.
    fn nested_text<B: Bulk>(&mut self, rest: &[u8], out: &mut Out<B>) -> Step<usize, B::Error> {
        let State::Nested(nested) = &mut self.state else { return unexpected() };
        let (unescape, inner) = &mut **nested;
        let (used, ended) = unescape.feed(rest, &mut |text| inner.feed(text, out))?;
        if !ended {
            return Ok(used);
        }
        if let State::Word = inner.state {
            inner.end_word(out)?;
        }
        if out.envelope.len() == self.token {
            // An empty string: nothing there.
            out.keep(b"null")?;
        } else if !inner.is_done() {
            return Err(ScanFault::Malformed(&words::INNER_JSON_CUT));
        }
        self.after();
        Ok(used)
    }

    /// Returns the path of a field of the object that is open.
    fn path(&self, name: &str) -> String {
        let signers = self.frames.iter().find(|frame| frame.role == Role::Signers);
        self.dialect.path(signers.map(|signers| signers.at), name)
    }
}
