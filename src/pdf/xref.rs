//! Finds where a PDF's objects stand, back through every revision.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use super::error::{PdfError, PdfErrorKind, Result};
use super::lexer::Lexer;
use super::nearby;
use super::section::{MAX_OBJECTS, Place, XrefSection, XrefSections, no_table, too_many};
use super::value::{Dict, Value};

/// Most revisions that are followed back.
const MAX_SECTIONS: usize = 2_000;
/// How far from the end of a file or of a section `startxref` is looked for first.
const TAIL: usize = 2048;
/// How many places are worth being sorted while more are read.
const MIN_SORTED: usize = 100_000;
/// How far from the beginning of a file its header may stand.
const HEAD: usize = 1024;

/// What a file says, in its newest revision, about where its objects stand.
#[derive(Clone, Debug)]
pub struct Xref {
    /// The place of each object, by number.
    pub places: HashMap<u32, Place>,
    /// The newest revision's trailer; its items stand in the file.
    pub trailer: Dict,
    /// The first byte of the newest section, counted from the beginning of the file like all places here.
    pub start: usize,
    /// How many bytes stand before the one that the file's own offsets count from.
    pub base: usize,
    /// Whether the newest section is a stream.
    pub is_stream: bool,
    /// The first object number never used.
    pub next: u32,
    /// Whether any revision's trailer names an encryption.
    pub encrypted: bool,
    /// What each revision added to the file, oldest first.
    pub revisions: Vec<Range<usize>>,
    /// Where every section stands, newest first, those that a hybrid file hides among them.
    pub sections: Vec<Range<usize>>,
    /// Which of them are tables that have a stream beside them, which older readers do not know.
    pub hybrid: Vec<usize>,
    /// Whether the newest section stands elsewhere than the file says: it was found near that place.
    pub mended: bool,
    /// Whether a section's trailer has an entry twice, of which readers take one or the other.
    pub repeats: bool,
}

impl Xref {
    /// Reads every section of the file.
    ///
    /// # Errors
    /// When it is no PDF, a section cannot be read, or the sections are too costly to read.
    pub fn load(bytes: &[u8]) -> Result<Xref> {
        let head = bytes.get(..bytes.len().min(HEAD)).unwrap_or_default();
        let header = head.windows(5).position(|window| window == b"%PDF-");
        let header =
            header.ok_or_else(|| PdfError::damaged("it does not begin as a PDF does", "文件开头不是 PDF"))?;
        let (start, end) = newest(bytes).ok_or_else(no_table)?;
        // Where something stands before the header, readers count offsets from there; a few writers do not.
        if header > 0
            && let Ok(xref) = Xref::from(bytes, start.saturating_add(header), end, header)
            && xref.leads_to_root(bytes)
        {
            return Ok(xref);
        }
        let first = Xref::from(bytes, start, end, 0);
        match first {
            Err(error) if error.kind == PdfErrorKind::Damaged => {
                Xref::nearby(bytes, start, end, header).ok_or(error)
            }
            other => other,
        }
    }

    /// Reads the file by a table near the place that `startxref` names or near `startxref` itself, if such a table is
    /// right throughout.
    fn nearby(bytes: &[u8], start: usize, end: usize, header: usize) -> Option<Xref> {
        let bases = if header > 0 { &[0, header][..] } else { &[0] };
        nearby::sections(bytes, start, end).into_iter().find_map(|start| {
            bases.iter().find_map(|&base| {
                let section = XrefSections::new(bytes, base).read(start).ok()?;
                // What else stands before the last `startxref` belongs to a later state, which others may read.
                let between = bytes.get(section.end..end)?;
                let found =
                    |word: &[u8]| between.windows(word.len()).filter(|window| *window == word).count();
                if found(b" obj") > 0 || found(b"startxref") != 1 {
                    return None;
                }
                let xref = Xref::from(bytes, start, end, base).ok()?;
                xref.is_right(bytes).then_some(Xref { mended: true, ..xref })
            })
        })
    }

    /// Says whether every object stands where this says.
    fn is_right(&self, bytes: &[u8]) -> bool {
        self.trailer.get("Root").is_some()
            && self.places.iter().all(|(&number, place)| match *place {
                Place::At(offset) => number == 0 || nearby::stands_at(bytes, offset, number),
                Place::Free | Place::Packed(..) => true,
            })
    }

    /// Says whether the catalogue is where it should be.
    fn leads_to_root(&self, bytes: &[u8]) -> bool {
        let Some(Value::Reference(root)) = self.trailer.get("Root").map(|item| &item.value) else {
            return false;
        };
        match self.places.get(&root.number) {
            Some(&Place::At(offset)) => nearby::stands_at(bytes, offset, root.number),
            Some(&Place::Packed(stream, _)) => match self.places.get(&stream) {
                Some(&Place::At(offset)) => nearby::stands_at(bytes, offset, stream),
                _ => false,
            },
            _ => false,
        }
    }

    /// Reads every section, of which the newest starts here.
    fn from(bytes: &[u8], start: usize, end: usize, base: usize) -> Result<Xref> {
        let mut sections = XrefSections::new(bytes, base);
        let section = sections.read(start)?;
        let mut xref = Xref {
            places: HashMap::new(),
            trailer: section.trailer.clone(),
            start,
            base,
            is_stream: section.is_stream,
            next: 1,
            encrypted: false,
            revisions: Vec::new(),
            sections: Vec::new(),
            hybrid: Vec::new(),
            mended: false,
            repeats: false,
        };
        let mut seen = HashSet::from([start]);
        let mut ends = Ends { lowest: start, ends: vec![end] };
        let mut older = xref.add(&mut sections, start, section)?;
        while let Some(offset) = older.filter(|offset| seen.insert(*offset)) {
            if seen.len() > MAX_SECTIONS {
                return Err(PdfError::too_costly("it has too many revisions", "修订次数过多"));
            }
            let section = sections.read(offset)?;
            ends.add(bytes, offset, section.end);
            older = xref.add(&mut sections, offset, section)?;
        }
        let highest = xref.places.keys().max().copied().unwrap_or(0);
        xref.next = xref.next.max(highest.saturating_add(1));
        xref.revisions = ends.ranges();
        Ok(xref)
    }

    /// Takes in the one revision that was added to the file since this was read.
    ///
    /// # Errors
    /// When its section cannot be read, or does not follow the one that was newest.
    pub fn extend(&mut self, bytes: &[u8]) -> Result<()> {
        let (start, end) = newest(bytes).ok_or_else(no_table)?;
        let start = start.checked_add(self.base).filter(|start| *start > self.start).ok_or_else(no_table)?;
        let section = XrefSections::new(bytes, self.base).read(start)?;
        if section.previous()? != Some(self.start) || section.hidden()?.is_some() {
            return Err(no_table());
        }
        self.places.extend(section.places);
        self.sections.insert(0, start..section.end);
        self.note(&section.trailer)?;
        (self.trailer, self.start, self.is_stream) = (section.trailer, start, section.is_stream);
        let before = self.revisions.last().map_or(0, |range| range.end);
        self.revisions.push(before..end);
        Ok(())
    }

    /// Returns the numbers of all objects that are there, in ascending order.
    pub fn numbers(&self) -> Vec<u32> {
        let used = self.places.iter().filter(|(number, place)| **number != 0 && **place != Place::Free);
        let mut numbers: Vec<u32> = used.map(|(number, _)| *number).collect();
        numbers.sort_unstable();
        numbers
    }

    /// Returns the places, from this byte on, that any section names, and of which object; also those that a newer one
    /// names elsewhere.
    ///
    /// # Errors
    /// As [`Xref::load`].
    pub fn places_behind(&self, bytes: &[u8], from: usize) -> Result<Vec<(usize, u32)>> {
        let mut sections = XrefSections::new(bytes, self.base);
        let (mut offsets, mut sorted) = (Vec::new(), MIN_SORTED);
        for range in &self.sections {
            let places = sections.read(range.start)?.places;
            offsets.extend(places.into_iter().filter_map(|(number, place)| match place {
                Place::At(offset) if offset >= from => Some((offset, number)),
                _ => None,
            }));
            // Sections that say the same again and again are not to fill the memory, nor each of them to be sorted.
            if offsets.len() > 2 * sorted {
                offsets.sort_unstable();
                offsets.dedup();
                sorted = offsets.len().max(MIN_SORTED);
            }
        }
        offsets.sort_unstable();
        offsets.dedup();
        Ok(offsets)
    }

    /// Takes what newer sections left open, and returns the offset of the section before.
    fn add(
        &mut self,
        sections: &mut XrefSections<'_>,
        start: usize,
        section: XrefSection,
    ) -> Result<Option<usize>> {
        self.sections.push(start..section.end);
        let (older, hidden) = (section.previous()?, section.hidden()?);
        // What a hybrid file hides from old readers is free in its table and only the stream knows it.
        let (free, used): (Vec<_>, Vec<_>) =
            section.places.into_iter().partition(|(_, place)| hidden.is_some() && *place == Place::Free);
        let hidden = match hidden {
            None => Vec::new(),
            Some(at) => {
                self.hybrid.push(start);
                let section = sections.read_hidden(at)?;
                self.sections.push(at..section.end);
                section.places
            }
        };
        for (number, place) in used.into_iter().chain(hidden).chain(free) {
            self.places.entry(number).or_insert(place);
        }
        self.note(&section.trailer)?;
        Ok(older)
    }

    /// Takes from a trailer what is kept of all of them.
    fn note(&mut self, trailer: &Dict) -> Result<()> {
        if self.places.len() > MAX_OBJECTS {
            return Err(too_many());
        }
        self.encrypted |= trailer.get("Encrypt").is_some();
        let keys: HashSet<&[u8]> = trailer.0.iter().map(|(key, _)| key.as_slice()).collect();
        self.repeats |= keys.len() != trailer.0.len();
        let size = trailer.get("Size").and_then(|item| item.value.index()).unwrap_or(0);
        if size > MAX_OBJECTS * 4 {
            return Err(PdfError::damaged("its size is given as impossible", "对象总数不合理"));
        }
        self.next = self.next.max(u32::try_from(size).unwrap_or(1));
        Ok(())
    }
}

/// The ends of revisions, newest first, as the chain of sections is followed back.
struct Ends {
    /// The first byte of all sections so far.
    lowest: usize,
    ends: Vec<usize>,
}

impl Ends {
    /// Notes an older section. One that stands behind a newer one belongs to the same revision, as in a
    /// linearized file; so does one whose revision has no end of its own.
    fn add(&mut self, bytes: &[u8], start: usize, section_end: usize) {
        let is_earlier = start < self.lowest;
        self.lowest = self.lowest.min(start);
        let Some(end) = end_of_revision(bytes, section_end) else { return };
        match self.ends.as_mut_slice() {
            [.., last] if is_earlier && end < *last => self.ends.push(end),
            [.., newer, last] if !is_earlier && (*last..*newer).contains(&end) => *last = end,
            _ => {}
        }
    }

    fn ranges(mut self) -> Vec<Range<usize>> {
        self.ends.reverse();
        let starts = std::iter::once(0).chain(self.ends.iter().copied());
        starts.zip(&self.ends).map(|(start, &end)| start..end).collect()
    }
}

/// Returns where the newest section starts, as it stands there, and where its revision ends, by the last `startxref`.
fn newest(bytes: &[u8]) -> Option<(usize, usize)> {
    let word = b"startxref";
    let last = |part: &[u8]| part.windows(word.len()).rposition(|window| window == word);
    let from = bytes.len().saturating_sub(TAIL);
    let at = match last(bytes.get(from..)?) {
        Some(at) => from + at,
        None => {
            let at = last(bytes)?;
            // A revision that was cut off may stand behind it: others may read that.
            let behind = bytes.get(at..)?;
            if behind.windows(6).any(|window| window == b"endobj") {
                return None;
            }
            at
        }
    };
    let mut lexer = Lexer::new(bytes, at + word.len());
    let start = usize::try_from(lexer.unsigned()?).ok()?;
    Some((start, end_of_file_mark(&mut lexer).unwrap_or(bytes.len())))
}

/// Returns where the revision ends whose section ends here.
fn end_of_revision(bytes: &[u8], section_end: usize) -> Option<usize> {
    let tail = bytes.get(section_end..)?;
    let word = b"startxref";
    let mut windows = tail.get(..tail.len().min(TAIL))?.windows(word.len());
    let at = windows.position(|window| window == word)?;
    let mut lexer = Lexer::new(bytes, section_end + at + word.len());
    lexer.unsigned()?;
    end_of_file_mark(&mut lexer)
}

/// Passes `%%EOF` with the line end behind it, and returns where they end.
fn end_of_file_mark(lexer: &mut Lexer<'_>) -> Option<usize> {
    lexer.skip_white_space();
    (lexer.bytes(5)? == b"%%EOF").then(|| {
        lexer.skip_line_end();
        lexer.at
    })
}
