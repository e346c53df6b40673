//! Turns PDF text into objects that know where they stand.

use crate::protocol::hex;

use super::error::{PdfError, Result};
use super::number::{self, is_numeric};
use super::string;
use super::value::{Dict, Item, ObjectId, Value};

/// Deepest nesting of arrays and dictionaries that is read.
const MAX_DEPTH: usize = 100;
/// Most values that one object may hold: two bytes of text become fifty in memory.
const MAX_ITEMS: usize = 1 << 18;

/// Reads objects from a text, one after the other.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a [u8],
    /// Where reading goes on.
    pub at: usize,
    /// Up to where it looked ahead.
    seen: usize,
    /// How many values the object that is being read may still hold.
    items_left: usize,
    /// Whether a number was too large, or had a sign where none belongs: readers take it for different ones.
    is_odd: bool,
    /// Whether a name or a string was written so that readers take it for different ones.
    is_loose: bool,
}

impl<'a> Lexer<'a> {
    /// Says whether a name or a string was read so far that readers take for different ones.
    pub fn is_loose(&self) -> bool {
        self.is_loose
    }

    /// Says whether a number was read so far that readers take for different ones.
    pub fn is_odd(&self) -> bool {
        self.is_odd
    }

    /// Makes a reader that starts at this byte.
    pub fn new(text: &'a [u8], at: usize) -> Lexer<'a> {
        Lexer { text, at, seen: at, items_left: 0, is_odd: false, is_loose: false }
    }

    /// Returns up to where the text was looked at, also in vain: what reading cost ends here.
    pub fn reach(&self) -> usize {
        self.at.max(self.seen)
    }

    /// Returns what was passed since this byte.
    pub fn text_from(&self, start: usize) -> &'a [u8] {
        self.text.get(start..self.at).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn rest(&self) -> &'a [u8] {
        self.text.get(self.at..).unwrap_or_default()
    }

    /// Passes white space and comments.
    pub fn skip_blanks(&mut self) {
        while let Some(byte) = self.peek() {
            if byte == b'%' {
                let line = self.rest().iter().position(|b| matches!(b, b'\r' | b'\n'));
                self.at += line.unwrap_or(self.rest().len());
            } else if is_blank(byte) {
                self.at += 1;
            } else {
                break;
            }
        }
    }

    /// Passes white space alone.
    pub fn skip_white_space(&mut self) {
        self.at += self.rest().iter().take_while(|&&byte| is_blank(byte)).count();
    }

    /// Passes blanks and then this word, and says whether it is there as a whole.
    pub fn word(&mut self, word: &[u8]) -> bool {
        self.skip_blanks();
        let found = self.rest().starts_with(word)
            && self.text.get(self.at + word.len()).is_none_or(|&b| !is_regular(b));
        if found {
            self.at += word.len();
        }
        found
    }

    /// Passes so many bytes and returns them; `None` if there are not so many.
    pub fn bytes(&mut self, count: usize) -> Option<&'a [u8]> {
        let bytes = self.rest().get(..count)?;
        self.at += count;
        Some(bytes)
    }

    /// Passes one line end.
    pub fn skip_line_end(&mut self) {
        let rest = self.rest();
        let one = usize::from(matches!(rest.first(), Some(b'\n' | b'\r')));
        self.at += if rest.starts_with(b"\r\n") { 2 } else { one };
    }

    /// Reads a whole number that is not negative; blanks before it are passed.
    pub fn unsigned(&mut self) -> Option<u64> {
        self.skip_blanks();
        let (mut value, mut digits) = (0_u64, 0);
        for byte in self.rest().iter().take(20).take_while(|byte| byte.is_ascii_digit()) {
            // Twenty digits may be too many, and are refused below.
            value = value.wrapping_mul(10).wrapping_add(u64::from(byte - b'0'));
            digits += 1;
        }
        self.at += digits;
        (1..=19).contains(&digits).then_some(value)
    }

    /// Reads the next object.
    pub fn object(&mut self) -> Result<Item> {
        self.items_left = MAX_ITEMS;
        self.nested(0)
    }

    fn nested(&mut self, depth: usize) -> Result<Item> {
        if depth > MAX_DEPTH {
            return Err(PdfError::too_costly("objects are nested too deeply", "对象嵌套过深"));
        }
        self.items_left = self
            .items_left
            .checked_sub(1)
            .ok_or_else(|| PdfError::too_costly("an object is too large", "对象过大"))?;
        self.skip_blanks();
        let start = self.at;
        let value = match self.peek() {
            Some(b'/') => Value::Name(self.name()),
            Some(b'(') => self.literal_string()?,
            Some(b'<') if self.rest().starts_with(b"<<") => self.dict(depth)?,
            Some(b'<') => self.hex_string()?,
            Some(b'[') => self.array(depth)?,
            Some(byte) if is_numeric(byte) => self.number_or_reference()?,
            _ => self.keyword()?,
        };
        Ok(Item { value, span: start..self.at })
    }

    fn keyword(&mut self) -> Result<Value> {
        for (word, value) in
            [("null", Value::Null), ("true", Value::Bool(true)), ("false", Value::Bool(false))]
        {
            if self.word(word.as_bytes()) {
                return Ok(value);
            }
        }
        Err(syntax())
    }

    fn name(&mut self) -> Vec<u8> {
        self.at += 1;
        let length = self.rest().iter().take_while(|&&b| is_regular(b)).count();
        let raw = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        // Some readers take such bytes for blanks.
        self.is_loose |= !raw.iter().all(u8::is_ascii_graphic);
        if raw.contains(&b'#') { unescape_name(raw) } else { raw.to_vec() }
    }

    fn literal_string(&mut self) -> Result<Value> {
        let mut open = 0_usize;
        let mut bytes = self.rest().iter().enumerate();
        while let Some((offset, byte)) = bytes.next() {
            match byte {
                b'\\' => {
                    bytes.next();
                }
                b'(' => open += 1,
                b')' if open == 1 => {
                    let inner = self.rest().get(1..offset).unwrap_or_default();
                    self.at += offset + 1;
                    self.is_loose |= string::is_loose(inner);
                    return Ok(Value::String(string::literal(inner)));
                }
                b')' => open -= 1,
                _ => {}
            }
        }
        self.seen = self.text.len();
        Err(syntax())
    }

    fn hex_string(&mut self) -> Result<Value> {
        let end = self.rest().iter().position(|&b| b == b'>');
        self.seen = end.map_or(self.text.len(), |end| self.at + end);
        let end = end.ok_or_else(syntax)?;
        let inner = self.rest().get(1..end).unwrap_or_default();
        if !inner.iter().all(|&b| b.is_ascii_hexdigit() || is_blank(b)) {
            return Err(syntax());
        }
        self.at += end + 1;
        Ok(Value::String(string::hex(inner)))
    }

    fn array(&mut self, depth: usize) -> Result<Value> {
        self.at += 1;
        let mut items = Vec::new();
        loop {
            self.skip_blanks();
            if self.peek() == Some(b']') {
                self.at += 1;
                return Ok(Value::Array(items));
            }
            items.push(self.nested(depth + 1)?);
        }
    }

    fn dict(&mut self, depth: usize) -> Result<Value> {
        self.at += 2;
        let mut entries = Vec::new();
        loop {
            self.skip_blanks();
            if self.rest().starts_with(b">>") {
                self.at += 2;
                return Ok(Value::Dict(Dict(entries)));
            }
            if self.peek() != Some(b'/') {
                return Err(syntax());
            }
            let key = self.name();
            entries.push((key, self.nested(depth + 1)?));
        }
    }

    fn number_or_reference(&mut self) -> Result<Value> {
        let before = self.at;
        // By far the most numbers are whole, and references begin with one.
        if let Some(whole) = self.unsigned() {
            let end = self.at;
            if self.peek().is_some_and(is_blank) {
                if let Some(reference) = self.reference(whole) {
                    return Ok(reference);
                }
                self.seen = self.reach();
                self.at = end;
            }
            if !self.peek().is_some_and(is_numeric) {
                self.is_odd |= whole > number::MAX_WHOLE;
                return Ok(Value::Number(whole as f64));
            }
        }
        self.at = before;
        let length = self.rest().iter().take_while(|&&byte| is_numeric(byte)).count();
        let text = self.rest().get(..length).unwrap_or_default();
        self.at += length;
        let (value, is_odd) = number::read(text).ok_or_else(syntax)?;
        self.is_odd |= is_odd;
        Ok(value)
    }

    /// Reads the rest of a reference, behind its object's number.
    fn reference(&mut self, number: u64) -> Option<Value> {
        let number = u32::try_from(number).ok()?;
        let generation = u16::try_from(self.unsigned()?).ok()?;
        if !self.peek().is_some_and(is_blank) {
            return None;
        }
        self.word(b"R").then_some(Value::Reference(ObjectId { number, generation }))
    }
}

fn unescape_name(raw: &[u8]) -> Vec<u8> {
    let mut name = Vec::with_capacity(raw.len());
    let mut rest = raw;
    while let Some((&byte, tail)) = rest.split_first() {
        let escaped = match tail {
            [high, low, ..] if byte == b'#' => hex::byte(*high, *low),
            _ => None,
        };
        name.push(escaped.unwrap_or(byte));
        rest = if escaped.is_some() { tail.get(2..).unwrap_or_default() } else { tail };
    }
    name
}

/// Says whether this is white space by ISO 32000.
fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 0x0c | b'\r' | b' ')
}

/// Says whether a byte may stand within a word or a name.
pub fn is_regular(byte: u8) -> bool {
    !is_blank(byte) && !matches!(byte, b'(' | b')' | b'<' | b'>' | b'[' | b']' | b'{' | b'}' | b'/' | b'%')
}

fn syntax() -> PdfError {
    PdfError::damaged("an object cannot be read", "有对象无法读取")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pdf::PdfErrorKind;

    fn read(text: &str) -> Result<Item> {
        Lexer::new(text.as_bytes(), 0).object()
    }

    #[test]
    fn reads_every_kind_of_object() {
        let item =
            read("  << /A#42 [1 -2.50 +3 .5 12 0 R true null] /S (a\\)(b)) /H <4 1> % end\n>> tail").unwrap();
        let dict = item.value.dict().unwrap();
        let array = dict.get("AB").and_then(|i| i.value.array()).unwrap();
        let numbers: Vec<_> = array.iter().map(|i| i.value.clone()).collect();
        assert_eq!(
            numbers,
            [
                Value::Number(1.0),
                Value::Real(-2.5),
                Value::Number(3.0),
                Value::Real(0.5),
                Value::Reference(ObjectId::new(12)),
                Value::Bool(true),
                Value::Null
            ]
        );
        assert_eq!(dict.get("S").unwrap().value, Value::String(b"a)(b)".to_vec()));
        assert_eq!(dict.get("H").unwrap().value, Value::String(b"A".to_vec()));
        assert_eq!(dict.get("S").unwrap().span.len(), "(a\\)(b))".len());
        assert_eq!(
            item.span,
            2..(2 + "<< /A#42 [1 -2.50 +3 .5 12 0 R true null] /S (a\\)(b)) /H <4 1> % end\n>>".len())
        );
    }

    #[test]
    fn unescapes_names() {
        for (text, name) in [("/A#42#", "AB#"), ("/#2F#2f", "//"), ("/#+1#4", "#+1#4"), ("/ ", "")] {
            assert_eq!(read(text).unwrap().value, Value::Name(name.into()), "{text}");
        }
    }

    #[test]
    fn reads_numbers_of_every_shape() {
        let numbers = [
            ("0", 0.0),
            ("007", 7.0),
            ("1.", 1.0),
            ("-.5", -0.5),
            ("--3", -3.0),
            ("4-2", 4.0),
            ("9999999999999999999", 1e19),
            ("99999999999999999999999", 1e23),
            ("4294967296 0 R", 4_294_967_296.0),
            ("1 65536 R", 1.0),
            ("1 0R", 1.0),
            ("1 0 Rest", 1.0),
        ];
        for (text, number) in numbers {
            let value = read(text).unwrap().value;
            assert_eq!(value.number(), Some(number), "{text}");
            assert_eq!(matches!(value, Value::Real(_)), text.contains('.'), "{text}");
        }
        for text in ["12 3 R", "12\t%comment\n3\r\nR", "12 3 R/Next"] {
            let id = ObjectId { number: 12, generation: 3 };
            assert_eq!(read(text).unwrap().value, Value::Reference(id), "{text}");
        }
        for text in [".", "+", "-", &"1".repeat(65)] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    /// What is charged for reading: also what was read in vain.
    #[test]
    fn tells_how_far_it_looked() {
        for text in ["(aaaa", "<1111", "<11x1>", "[5      ]", "5      ", "%%%%\n(", "[1 [2 (((("] {
            let mut lexer = Lexer::new(text.as_bytes(), 0);
            let _ = lexer.object();
            assert!(lexer.reach() + 1 >= text.len(), "{text}: {}", lexer.reach());
        }
    }

    #[test]
    fn refuses_what_is_no_object() {
        for text in ["", "<<", "[1", "(a", "<4x>", "<</A>>", "<<1 2>>", "-", "nul", "endobj", "{", ")"] {
            assert!(read(text).is_err(), "{text}");
        }
        assert!(read(&"[".repeat(100_000)).is_err());
        assert!(read(&"<</A".repeat(100_000)).is_err());
        for (length, kind) in [(MAX_ITEMS, PdfErrorKind::TooCostly), (MAX_ITEMS - 2, PdfErrorKind::Damaged)] {
            assert_eq!(read(&format!("[{}", "1 ".repeat(length))).unwrap_err().kind, kind);
        }
    }
}
