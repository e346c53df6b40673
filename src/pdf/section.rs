//! One section that says where objects stand: a table or a stream.

use std::collections::HashMap;

use super::error::{PdfError, PdfErrorKind, Result};
use super::lexer::Lexer;
use super::number::is_in_digits;
use super::stream;
use super::value::{Dict, Item, ObjectId, Value};

/// Most objects that a file may have.
pub const MAX_OBJECTS: usize = 1 << 21;
/// Most rows that all sections together may have.
const MAX_ROWS: usize = 4 * MAX_OBJECTS;
/// How many rows even a short file may have, and how many bytes of a longer one stand for one more: packed rows of objects
/// that are not there are a bomb.
const FREE_ROWS: usize = 100_000;
const ROW: usize = 4;
/// Most bytes that all sections together may unpack to: rows that say nothing take time too.
const MAX_UNPACKED: usize = 96 * MAX_OBJECTS;
/// Most bytes that one section may unpack to.
const MAX_SECTION: usize = 24 * MAX_OBJECTS;
/// How many times its own length a file may be read in sections: they may overlap.
const MAX_READING: usize = 4;
/// What even a short file may be read in sections, in bytes.
const FREE_READING: usize = 1 << 20;

/// The largest number of an object that all readers take.
const MAX_NUMBER: usize = (1 << 23) - 1;

/// Where an object stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Nowhere: it was freed.
    Free,
    /// At this byte of the file.
    At(usize),
    /// In an object stream: its number, and the place in it.
    Packed(u32, usize),
}

/// An object that stands by itself in the file.
#[derive(Clone, Debug)]
pub struct Indirect {
    /// Its number and generation.
    pub id: ObjectId,
    /// The object itself; of a stream its dictionary.
    pub item: Item,
    /// The first byte of its data, if it is a stream.
    pub data: Option<usize>,
    /// Whether it has a number that readers take for different ones.
    pub is_odd: bool,
    /// Whether it has a name or a string that readers take for different ones.
    pub is_loose: bool,
    /// Whether its data begin on a line of their own: where they do not, readers begin at different bytes.
    pub is_lined: bool,
}

/// What one section says.
pub struct XrefSection {
    pub trailer: Dict,
    pub places: Vec<(u32, Place)>,
    pub is_stream: bool,
    /// The generations of objects, by their numbers, that are not 0.
    pub generations: HashMap<u32, usize>,
    /// Whether it stands as the standard has it, byte for byte: readers repair a file where it does not.
    pub is_exact: bool,
    /// The byte behind its trailer or data.
    pub end: usize,
    /// How many bytes stand before the one that its offsets count from.
    base: usize,
}

/// Reads sections, as long as all of them together stay within limits.
pub struct XrefSections<'a> {
    bytes: &'a [u8],
    /// How many bytes stand before the one that offsets count from.
    base: usize,
    /// Rows, unpacked bytes and bytes of the file that may still be read.
    rows: usize,
    unpacked: usize,
    reading: usize,
}

impl XrefSection {
    /// Returns where the section before it starts. Some writers say 0 where there is none.
    pub fn previous(&self) -> Result<Option<usize>> {
        self.offset("Prev")
    }

    /// Returns where the stream of a hybrid file starts, which stands beside a table.
    pub fn hidden(&self) -> Result<Option<usize>> {
        self.offset("XRefStm")
    }

    fn offset(&self, key: &str) -> Result<Option<usize>> {
        let Some(item) = self.trailer.get(key) else { return Ok(None) };
        match item.value.index() {
            Some(0) => Ok(None),
            Some(offset) => Ok(Some(offset.saturating_add(self.base))),
            None => Err(no_table()),
        }
    }

    /// Says whether what its trailer counts is written in digits alone.
    fn has_plain_numbers(&self, bytes: &[u8]) -> bool {
        let keys = ["Size", "Prev", "XRefStm", "Length", "W", "Index"];
        let mut entries = keys.iter().filter_map(|key| self.trailer.get(key));
        let is_plain = |item: &Item| bytes.get(item.span.clone()).is_some_and(is_in_digits);
        entries.all(|item| match &item.value {
            Value::Array(items) => items.iter().all(is_plain),
            _ => is_plain(item),
        })
    }

    /// Counts its places as the file is counted.
    fn shifted(mut self, base: usize) -> XrefSection {
        self.base = base;
        for (_, place) in &mut self.places {
            if let Place::At(offset) = place {
                *offset = offset.saturating_add(base);
            }
        }
        self
    }
}

impl XrefSections<'_> {
    pub fn new(bytes: &[u8], base: usize) -> XrefSections<'_> {
        let reading = bytes.len().saturating_mul(MAX_READING).saturating_add(FREE_READING);
        XrefSections {
            bytes,
            base,
            rows: MAX_ROWS.min(FREE_ROWS.saturating_add(bytes.len() / ROW)),
            unpacked: MAX_UNPACKED,
            reading,
        }
    }

    /// Reads the section at this byte.
    pub fn read(&mut self, offset: usize) -> Result<XrefSection> {
        if offset >= self.bytes.len() {
            return Err(no_table());
        }
        let mut lexer = Lexer::new(self.bytes, offset);
        // Blanks before it are borne by all readers, a comment is not.
        let text = self.bytes.get(offset..).unwrap_or_default().trim_ascii_start();
        let mut section = if lexer.word(b"xref") {
            table(&mut lexer, text)?
        } else {
            packed(&mut lexer, &mut self.unpacked)?
        };
        section.is_exact &= section.has_plain_numbers(self.bytes);
        section.is_exact &= !section.is_stream || text.first().is_some_and(u8::is_ascii_digit);
        self.count(section, lexer.reach().saturating_sub(offset))
    }

    /// Reads the stream of a hybrid file.
    pub fn read_hidden(&mut self, offset: usize) -> Result<XrefSection> {
        let mut lexer = Lexer::new(self.bytes, offset);
        let section = packed(&mut lexer, &mut self.unpacked)?;
        self.count(section, lexer.reach().saturating_sub(offset))
    }

    fn count(&mut self, section: XrefSection, length: usize) -> Result<XrefSection> {
        self.rows = self.rows.checked_sub(section.places.len()).ok_or_else(too_many)?;
        self.reading = self
            .reading
            .checked_sub(length)
            .ok_or_else(|| PdfError::too_costly("its revisions overlap", "修订内容相互重叠"))?;
        Ok(section.shifted(self.base))
    }
}

/// Reads a section that is a table, which begins where this text does.
fn table(lexer: &mut Lexer<'_>, text: &[u8]) -> Result<XrefSection> {
    let start = lexer.at;
    let (mut places, mut generations) = (Vec::new(), HashMap::new());
    while !lexer.word(b"trailer") {
        let mut first = lexer.unsigned().ok_or_else(no_table)?;
        let count = lexer.unsigned().ok_or_else(no_table)?;
        for index in 0..count {
            let offset = lexer.unsigned().ok_or_else(no_table)?;
            let generation = lexer.unsigned().ok_or_else(no_table)?;
            let in_use = lexer.word(b"n");
            if !in_use && !lexer.word(b"f") {
                return Err(no_table());
            }
            // Some writers count the head of the free list, object 0, as object 1.
            if index == 0 && first == 1 && !in_use && generation == 65_535 {
                first = 0;
            }
            let number = first.checked_add(index).and_then(|n| u32::try_from(n).ok()).ok_or_else(no_table)?;
            let offset = usize::try_from(offset).map_err(|_| no_table())?;
            if in_use && generation != 0 {
                generations.insert(number, usize::try_from(generation).unwrap_or(usize::MAX));
            }
            places.push((number, if in_use && offset > 0 { Place::At(offset) } else { Place::Free }));
            if places.len() > MAX_OBJECTS {
                return Err(too_many());
            }
        }
    }
    let rows = (lexer.at - start + b"xref".len()).checked_sub(b"trailer".len());
    let is_exact = rows.and_then(|rows| text.get(..rows)).is_some_and(is_exact);
    let Value::Dict(trailer) = lexer.object()?.value else { return Err(no_table()) };
    Ok(XrefSection { trailer, places, is_stream: false, generations, is_exact, end: lexer.at, base: 0 })
}

/// Says whether a table, up to its trailer, is written as the standard has it: rows of twenty bytes.
fn is_exact(text: &[u8]) -> bool {
    let line = |text: &[u8]| text.iter().position(|byte| matches!(byte, b'\r' | b'\n')).unwrap_or(text.len());
    let Some(mut rest) = text.strip_prefix(b"xref") else { return false };
    if !rest.get(..line(rest)).unwrap_or_default().trim_ascii().is_empty() {
        return false;
    }
    loop {
        rest = rest.trim_ascii_start();
        if rest.is_empty() {
            return true;
        }
        let (head, rows) = rest.split_at(line(rest));
        let Some((first, count)) = head_of(head) else { return false };
        let rows = rows.strip_prefix(b"\r\n").or_else(|| rows.get(1..)).unwrap_or_default();
        let Some((rows, behind)) = count.checked_mul(20).and_then(|length| rows.split_at_checked(length))
        else {
            return false;
        };
        if first.saturating_add(count) > MAX_NUMBER + 1 || !rows.chunks_exact(20).all(is_row) {
            return false;
        }
        rest = behind;
    }
}

/// Reads two numbers in digits with one blank between them.
fn head_of(line: &[u8]) -> Option<(usize, usize)> {
    let line = std::str::from_utf8(line.trim_ascii_end()).ok()?;
    let (first, count) = line.split_once(' ')?;
    let number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit()).then(|| text.parse().ok())?;
    Some((number(first)?, number(count)?))
}

fn is_row(row: &[u8]) -> bool {
    row.iter().enumerate().all(|(at, byte)| match at {
        0..10 | 11..16 => byte.is_ascii_digit(),
        10 | 16 => *byte == b' ',
        17 => matches!(byte, b'n' | b'f'),
        _ => true,
    }) && matches!(row.get(18..), Some(b" \n" | b" \r" | b"\r\n"))
}

/// Reads a section that is a stream; what it unpacks to is taken from `unpacked`.
fn packed(lexer: &mut Lexer<'_>, unpacked: &mut usize) -> Result<XrefSection> {
    let unless_costly =
        |error: PdfError| if error.kind == PdfErrorKind::TooCostly { error } else { no_table() };
    let Indirect { item, data: Some(_), is_lined, .. } = indirect(lexer).map_err(unless_costly)? else {
        return Err(no_table());
    };
    let Value::Dict(dict) = item.value else { return Err(no_table()) };
    if dict.get("Type").and_then(|item| item.value.name()) != Some(b"XRef") {
        return Err(no_table());
    }
    let length = dict.get("Length").and_then(|item| item.value.index()).ok_or_else(no_table)?;
    let raw = lexer.bytes(length).ok_or_else(no_table)?;
    let limit = MAX_SECTION.min(*unpacked);
    let mut left = limit;
    let table = stream::unpack(&dict, raw, &mut left)?;
    *unpacked -= limit - left;
    let mut generations = HashMap::new();
    let places = packed_places(&dict, &table, &mut generations)?;
    let is_exact = is_lined
        && places.iter().all(|(number, _)| usize::try_from(*number).is_ok_and(|number| number <= MAX_NUMBER))
        && numbers(&dict, "Index").is_none_or(|ranges| ranges.iter().all(|number| *number <= MAX_NUMBER + 1));
    Ok(XrefSection { trailer: dict, places, is_stream: true, generations, is_exact, end: lexer.at, base: 0 })
}

fn packed_places(
    dict: &Dict,
    table: &[u8],
    generations: &mut HashMap<u32, usize>,
) -> Result<Vec<(u32, Place)>> {
    let widths = numbers(dict, "W").filter(|w| w.len() >= 3).ok_or_else(no_table)?;
    let &[kind_width, second_width, third_width, ..] = widths.as_slice() else { return Err(no_table()) };
    let width = kind_width.saturating_add(second_width).saturating_add(third_width);
    if !(1..=24).contains(&width) {
        return Err(no_table());
    }
    let size = dict.get("Size").and_then(|item| item.value.index()).ok_or_else(no_table)?;
    let ranges = numbers(dict, "Index").unwrap_or_else(|| vec![0, size]);
    let mut rows = table.chunks_exact(width);
    let mut places = Vec::new();
    for range in ranges.chunks_exact(2) {
        let &[first, count] = range else { continue };
        for (index, row) in rows.by_ref().take(count).enumerate() {
            let (kind, rest) = row.split_at_checked(kind_width).ok_or_else(no_table)?;
            let (second, third) = rest.split_at_checked(second_width).ok_or_else(no_table)?;
            let number = first.checked_add(index).and_then(|n| u32::try_from(n).ok()).ok_or_else(no_table)?;
            let place = match (if kind.is_empty() { Some(1) } else { big_endian(kind) }, big_endian(second)) {
                (Some(1), Some(offset)) if offset > 0 => {
                    if let Some(generation) = big_endian(third).filter(|generation| *generation != 0) {
                        generations.insert(number, generation);
                    }
                    Place::At(offset)
                }
                (Some(2), Some(stream)) => {
                    let stream = u32::try_from(stream).map_err(|_| no_table())?;
                    Place::Packed(stream, big_endian(third).ok_or_else(no_table)?)
                }
                _ => Place::Free,
            };
            places.push((number, place));
            if places.len() > MAX_OBJECTS {
                return Err(too_many());
            }
        }
    }
    Ok(places)
}

fn big_endian(bytes: &[u8]) -> Option<usize> {
    bytes.iter().try_fold(0_usize, |sum, &byte| sum.checked_mul(256)?.checked_add(usize::from(byte)))
}

fn numbers(dict: &Dict, key: &str) -> Option<Vec<usize>> {
    dict.get(key)?.value.array()?.iter().map(|item| item.value.index()).collect()
}

/// Reads the object that stands here; of a stream all before its data.
pub fn indirect(lexer: &mut Lexer<'_>) -> Result<Indirect> {
    let number = lexer.unsigned().and_then(|n| u32::try_from(n).ok()).ok_or_else(misplaced)?;
    let generation = lexer.unsigned().and_then(|n| u16::try_from(n).ok()).ok_or_else(misplaced)?;
    if !lexer.word(b"obj") {
        return Err(misplaced());
    }
    let item = lexer.object()?;
    let data = lexer.word(b"stream").then(|| {
        let word_end = lexer.at;
        lexer.skip_line_end();
        (lexer.at, lexer.text_from(word_end))
    });
    let is_lined = data.is_none_or(|(_, line_end)| matches!(line_end, b"\n" | b"\r\n"));
    let data = data.map(|(start, _)| start);
    let (is_odd, is_loose) = (lexer.is_odd(), lexer.is_loose());
    Ok(Indirect { id: ObjectId { number, generation }, item, data, is_odd, is_loose, is_lined })
}

pub fn too_many() -> PdfError {
    PdfError::too_costly("it has too many objects", "对象过多")
}

pub fn no_table() -> PdfError {
    PdfError::damaged("the table of its objects cannot be read", "对象索引表无法读取")
}

pub fn misplaced() -> PdfError {
    PdfError::damaged("an object is not where the table says", "对象不在索引表所指的位置")
}
