//! One section that says where objects stand: a table or a stream.

use super::error::{PdfError, PdfErrorKind, Result};
use super::lexer::Lexer;
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
}

/// What one section says.
pub struct XrefSection {
    pub trailer: Dict,
    pub places: Vec<(u32, Place)>,
    pub is_stream: bool,
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
        let section =
            if lexer.word(b"xref") { table(&mut lexer)? } else { packed(&mut lexer, &mut self.unpacked)? };
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

fn table(lexer: &mut Lexer<'_>) -> Result<XrefSection> {
    let mut places = Vec::new();
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
            places.push((number, if in_use && offset > 0 { Place::At(offset) } else { Place::Free }));
            if places.len() > MAX_OBJECTS {
                return Err(too_many());
            }
        }
    }
    match lexer.object()?.value {
        Value::Dict(trailer) => Ok(XrefSection { trailer, places, is_stream: false, end: lexer.at, base: 0 }),
        _ => Err(no_table()),
    }
}

/// Reads a section that is a stream; what it unpacks to is taken from `unpacked`.
fn packed(lexer: &mut Lexer<'_>, unpacked: &mut usize) -> Result<XrefSection> {
    let unless_costly =
        |error: PdfError| if error.kind == PdfErrorKind::TooCostly { error } else { no_table() };
    let Indirect { item, data: Some(_), .. } = indirect(lexer).map_err(unless_costly)? else {
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
    let places = packed_places(&dict, &table)?;
    Ok(XrefSection { trailer: dict, places, is_stream: true, end: lexer.at, base: 0 })
}

fn packed_places(dict: &Dict, table: &[u8]) -> Result<Vec<(u32, Place)>> {
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
                (Some(1), Some(offset)) if offset > 0 => Place::At(offset),
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
        lexer.skip_line_end();
        lexer.at
    });
    Ok(Indirect { id: ObjectId { number, generation }, item, data, is_odd: lexer.is_odd() })
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
