//! Finds where a PDF's objects stand: tables, streams, and both at once, back through every revision.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::error::{PdfError, Result};
use super::lexer::Lexer;
use super::stream;
use super::value::{Dict, Item, Value};

/// Most objects that a file may have.
pub const MAX_OBJECTS: usize = 1 << 21;
/// Most rows that all sections together may have.
const MAX_ROWS: usize = 4 * MAX_OBJECTS;
/// Most bytes that all sections together may unpack to: rows that say nothing take time too.
const MAX_UNPACKED: usize = 96 * MAX_OBJECTS;
/// Most bytes that one section may unpack to.
const MAX_SECTION: usize = 24 * MAX_OBJECTS;
/// How many times its own length a file may be read in sections: they may overlap.
const MAX_READING: usize = 4;
/// What even a short file may be read in sections, in bytes.
const FREE_READING: usize = 1 << 20;
/// Most revisions that are followed back.
const MAX_SECTIONS: usize = 2_000;
/// How far from the end `startxref` is looked for.
const TAIL: usize = 2048;

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

/// What the newest revision says about the file.
#[derive(Clone, Debug)]
pub struct Xref {
    /// Where each object stands.
    pub places: HashMap<u32, Place>,
    /// The newest revision's trailer; its items stand in the file.
    pub trailer: Dict,
    /// Where the newest section starts.
    pub start: usize,
    /// Whether the newest section is a stream.
    pub is_stream: bool,
    /// The first object number never used.
    pub next: u32,
    /// Whether any revision's trailer names an encryption.
    pub encrypted: bool,
}

/// An object that stands by itself in the file.
#[derive(Clone, Debug)]
pub struct Indirect {
    /// Its number and generation.
    pub id: (u32, u16),
    /// What it is.
    pub item: Item,
    /// Where its data starts, if it is a stream.
    pub data: Option<usize>,
}

struct Section {
    trailer: Dict,
    places: Vec<(u32, Place)>,
    is_stream: bool,
}

/// Reads sections, as long as all of them together stay within limits.
struct Sections<'a> {
    bytes: &'a [u8],
    /// Rows, unpacked bytes and bytes of the file that may still be read.
    rows: usize,
    unpacked: usize,
    reading: usize,
}

impl Xref {
    /// Reads every section of the file.
    pub fn load(bytes: &[u8]) -> Result<Xref> {
        let header = bytes.get(..bytes.len().min(1024)).unwrap_or_default();
        if !header.windows(5).any(|window| window == b"%PDF-") {
            return Err(PdfError::damaged("it does not begin as a PDF does", "文件开头不是 PDF"));
        }
        let start = start_of_newest(bytes).ok_or_else(no_table)?;
        let mut sections = Sections::new(bytes);
        let newest = sections.read(start)?;
        let mut xref = Xref {
            places: HashMap::new(),
            trailer: newest.trailer.clone(),
            start,
            is_stream: newest.is_stream,
            next: 1,
            encrypted: false,
        };
        let mut seen = HashSet::from([start]);
        let mut older = xref.add(&mut sections, newest)?;
        while let Some(offset) = older.filter(|offset| seen.insert(*offset)) {
            if seen.len() > MAX_SECTIONS {
                return Err(PdfError::too_costly("it has too many revisions", "修订次数过多"));
            }
            let section = sections.read(offset)?;
            older = xref.add(&mut sections, section)?;
        }
        let highest = xref.places.keys().max().copied().unwrap_or(0);
        xref.next = xref.next.max(highest.saturating_add(1));
        Ok(xref)
    }

    /// Takes what newer sections left open; the offset of the section before.
    fn add(&mut self, sections: &mut Sections<'_>, section: Section) -> Result<Option<usize>> {
        let offset = |key: &str| match section.trailer.get(key) {
            None => Ok(None),
            Some(item) => item.value.index().map(Some).ok_or_else(no_table),
        };
        let (older, hidden) = (offset("Prev")?, offset("XRefStm")?);
        // What a hybrid file hides from old readers is free in its table and only the stream knows it.
        let (free, used): (Vec<_>, Vec<_>) =
            section.places.into_iter().partition(|(_, place)| hidden.is_some() && *place == Place::Free);
        let hidden =
            hidden.map_or(Ok(Vec::new()), |at| sections.read_hidden(at).map(|section| section.places))?;
        for (number, place) in used.into_iter().chain(hidden).chain(free) {
            self.places.entry(number).or_insert(place);
        }
        if self.places.len() > MAX_OBJECTS {
            return Err(too_many());
        }
        self.encrypted |= section.trailer.get("Encrypt").is_some();
        let size = section.trailer.get("Size").and_then(|item| item.value.index()).unwrap_or(0);
        if size > MAX_OBJECTS * 4 {
            return Err(PdfError::damaged("its size is given as impossible", "对象总数不合理"));
        }
        self.next = self.next.max(u32::try_from(size).unwrap_or(1));
        Ok(older)
    }
}

fn start_of_newest(bytes: &[u8]) -> Option<usize> {
    let from = bytes.len().saturating_sub(TAIL);
    let tail = bytes.get(from..)?;
    let word = b"startxref";
    let at = tail.windows(word.len()).rposition(|window| window == word)?;
    let offset = Lexer::new(tail, at + word.len()).unsigned()?;
    usize::try_from(offset).ok()
}

impl Sections<'_> {
    fn new(bytes: &[u8]) -> Sections<'_> {
        let reading = bytes.len().saturating_mul(MAX_READING).saturating_add(FREE_READING);
        Sections { bytes, rows: MAX_ROWS, unpacked: MAX_UNPACKED, reading }
    }

    /// The section at this byte.
    fn read(&mut self, offset: usize) -> Result<Section> {
        if offset >= self.bytes.len() {
            return Err(no_table());
        }
        let mut lexer = Lexer::new(self.bytes, offset);
        let section =
            if lexer.word(b"xref") { table(&mut lexer)? } else { packed(&mut lexer, &mut self.unpacked)? };
        self.count(section, lexer.reach().saturating_sub(offset))
    }

    /// The stream of a hybrid file, which stands beside a table.
    fn read_hidden(&mut self, offset: usize) -> Result<Section> {
        let mut lexer = Lexer::new(self.bytes, offset);
        let section = packed(&mut lexer, &mut self.unpacked)?;
        self.count(section, lexer.reach().saturating_sub(offset))
    }

    fn count(&mut self, section: Section, length: usize) -> Result<Section> {
        self.rows = self.rows.checked_sub(section.places.len()).ok_or_else(too_many)?;
        self.reading = self
            .reading
            .checked_sub(length)
            .ok_or_else(|| PdfError::too_costly("its revisions overlap", "修订内容相互重叠"))?;
        Ok(section)
    }
}

fn table(lexer: &mut Lexer<'_>) -> Result<Section> {
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
        Value::Dict(trailer) => Ok(Section { trailer, places, is_stream: false }),
        _ => Err(no_table()),
    }
}

/// A section that is a stream; what it unpacks to is taken from `unpacked`.
fn packed(lexer: &mut Lexer<'_>, unpacked: &mut usize) -> Result<Section> {
    let Indirect { item, data: Some(_), .. } = indirect(lexer).map_err(|_| no_table())? else {
        return Err(no_table());
    };
    let Value::Dict(dict) = item.value else { return Err(no_table()) };
    if dict.get("Type").and_then(|item| item.value.name()) != Some(b"XRef") {
        return Err(no_table());
    }
    let length = dict.get("Length").and_then(|item| item.value.index()).ok_or_else(no_table)?;
    let raw = lexer.bytes(length).ok_or_else(no_table)?;
    let most = MAX_SECTION.min(*unpacked);
    let mut left = most;
    let table = stream::unpack(&dict, raw, &mut left)?;
    *unpacked -= most - left;
    let places = packed_places(&dict, &table)?;
    Ok(Section { trailer: dict, places, is_stream: true })
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
    Ok(Indirect { id: (number, generation), item, data })
}

/// The text of an item in the file.
pub fn text_of(bytes: &[u8], span: &Range<usize>) -> Vec<u8> {
    bytes.get(span.clone()).unwrap_or_default().to_vec()
}

fn too_many() -> PdfError {
    PdfError::too_costly("it has too many objects", "对象过多")
}

fn no_table() -> PdfError {
    PdfError::damaged("the table of its objects cannot be read", "对象索引表无法读取")
}

fn misplaced() -> PdfError {
    PdfError::damaged("an object is not where the table says", "对象不在索引表所指的位置")
}
