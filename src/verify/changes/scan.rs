//! What a program would find that looks for objects itself, because it takes the tables for damaged: the same as the tables
//! say, or something else.

use std::collections::{HashMap, HashSet};

use super::same::{Result, Stop};
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::{PdfErrorKind, PdfFile, Place, Rows};
use crate::protocol::Bilingual;

/// Most heads of objects that are looked at.
const MAX_HEADS: usize = 1 << 20;
/// Most blanks between the place that a table names and the object there.
const MAX_BLANKS: usize = 64;
/// The longest way to write one of the names that are looked for: every letter by its number.
const MAX_NAME: usize = 3 * 6;

/// What looks like the beginning of an object.
#[derive(Clone, Copy, Debug)]
struct Head {
    offset: usize,
    number: u32,
    generation: u32,
    /// Whether a section names it, or it is one.
    is_named: bool,
}

/// What stands in a file, whatever its tables say.
#[derive(Debug, Default)]
struct Found {
    /// In their order.
    heads: Vec<Head>,
    /// Where trailers begin.
    trailers: Vec<usize>,
    /// Where streams are named that are sections.
    sections: Vec<usize>,
    /// Where object streams are named.
    object_streams: Vec<usize>,
}

impl Found {
    /// Returns how many names of what leads to objects were found.
    fn leads(&self) -> usize {
        self.trailers.len() + self.sections.len() + self.object_streams.len()
    }

    /// Returns the object that this byte belongs to.
    fn holder(&self, at: usize) -> Option<Head> {
        let behind = self.heads.partition_point(|head| head.offset <= at);
        self.heads.get(behind.checked_sub(1)?).copied()
    }
}

/// Looks for what other programs would find in a file of which the bytes from this one on are not signed, and returns what
/// is wrong.
pub fn scan(pdf: &PdfFile, from: usize) -> Result<Vec<Change>> {
    let mut wrong = Vec::new();
    let mut note = |kind, what: Bilingual| wrong.push(Change::new(kind, Verdict::Undecided, what));
    let rows = pdf.xref().rows(pdf.bytes(), from)?;
    let mut found = find(pdf.bytes())?;
    if !rows.is_exact
        || begins_anew(pdf, &found)
        || !follow(pdf, &rows, &mut found.heads)?
        || !are_apart(pdf, from)
    {
        note(ChangeKind::Damage, words::TABLES);
    }
    if !are_strict(pdf, from, &rows)? {
        note(ChangeKind::Damage, words::LOOSE);
    }
    if has_strays(pdf, from, &found) || has_hidden(pdf, &rows, &found)? {
        note(ChangeKind::Unreached, words::STRAYS);
    }
    Ok(wrong)
}

/// Says whether what stands from this byte on, and the sections that lead to it, are written as the standard has it.
pub fn is_strict(pdf: &PdfFile, from: usize) -> Result<bool> {
    let rows = pdf.xref().rows(pdf.bytes(), from)?;
    Ok(rows.is_exact && are_strict(pdf, from, &rows)?)
}

/// Looks for the beginnings of objects, and for the names of what leads to objects.
fn find(bytes: &[u8]) -> Result<Found> {
    let mut found = Found::default();
    for at in memchr::memchr3_iter(b'o', b't', b'/', bytes) {
        let rest = bytes.get(at..).unwrap_or_default();
        if rest.starts_with(b"obj") {
            found.heads.extend(head(bytes, at));
        } else if rest.starts_with(b"trailer") {
            found.trailers.push(at);
        } else if rest.first() == Some(&b'/') && is_name(rest, b"XRef") {
            found.sections.push(at);
        } else if rest.first() == Some(&b'/') && is_name(rest, b"ObjStm") {
            found.object_streams.push(at);
        }
        if found.heads.len() > MAX_HEADS || found.leads() > MAX_HEADS {
            return Err(Stop::Costly);
        }
    }
    Ok(found)
}

/// Returns the beginning of the object whose word `obj` stands here; `None` if no numbers stand before it.
fn head(bytes: &[u8], at: usize) -> Option<Head> {
    let (before, generation) = number_before(bytes.get(..at)?)?;
    let blanks = before.len();
    let (before, number) = number_before(before)?;
    // Two numbers need something between them.
    let (offset, digits) = (before.len(), bytes.get(before.len()..blanks)?);
    digits.last().is_some_and(|byte| !byte.is_ascii_digit()).then_some(Head {
        offset,
        number,
        generation,
        is_named: false,
    })
}

/// Returns the number that a text ends with, blanks and comments behind it, and what stands before it.
fn number_before(text: &[u8]) -> Option<(&[u8], u32)> {
    let text = without_blanks(text);
    let digits = text.iter().rev().take_while(|byte| byte.is_ascii_digit()).count();
    let (before, digits) = text.split_at_checked(text.len() - digits)?;
    let value = digits.iter().fold(0_u32, |sum, digit| {
        sum.saturating_mul(10).saturating_add(u32::from(digit.saturating_sub(b'0')))
    });
    (!digits.is_empty()).then_some((before, value))
}

/// Returns a text without the blanks and comments at its end.
fn without_blanks(mut text: &[u8]) -> &[u8] {
    loop {
        let end = text.iter().rposition(|byte| !is_blank(*byte)).map_or(0, |at| at + 1);
        let (rest, blanks) = text.split_at_checked(end).unwrap_or_default();
        text = rest;
        if !blanks.iter().any(|byte| is_line_end(*byte)) {
            return text;
        }
        let line = text.iter().rposition(|byte| is_line_end(*byte)).map_or(0, |at| at + 1);
        let comment = text.get(line..).and_then(|line| line.iter().position(|byte| *byte == b'%'));
        let Some(comment) = comment else { return text };
        text = text.get(..line + comment).unwrap_or_default();
    }
}

fn is_line_end(byte: u8) -> bool {
    matches!(byte, b'\r' | b'\n')
}

fn is_blank(byte: u8) -> bool {
    // The vertical tab is one to some programs.
    matches!(byte, 0 | b'\t' | b'\n' | 0x0b | 0x0c | b'\r' | b' ')
}

/// Says whether a name stands here, in whatever way it is written.
fn is_name(text: &[u8], name: &[u8]) -> bool {
    let text = text.get(1..text.len().min(1 + MAX_NAME)).unwrap_or_default();
    if text.first().is_some_and(|byte| *byte != b'#' && Some(byte) != name.first()) {
        return false;
    }
    let mut rest = text;
    for wanted in name {
        let (byte, behind) = match rest {
            [b'#', high, low, behind @ ..] => (crate::protocol::hex::byte(*high, *low), behind),
            [byte, behind @ ..] => (Some(*byte), behind),
            [] => return false,
        };
        if byte != Some(*wanted) {
            return false;
        }
        rest = behind;
    }
    rest.first().is_none_or(|byte| !byte.is_ascii_alphanumeric() && *byte != b'#')
}

/// Marks the heads that the sections name, and says whether all that late ones name is there as they name it.
fn follow(pdf: &PdfFile, rows: &Rows, heads: &mut [Head]) -> Result<bool> {
    let mut is_right = true;
    for (offset, number, generation, is_late) in &rows.at {
        let head = start_of(pdf.bytes(), *offset)
            .and_then(|offset| heads.binary_search_by_key(&offset, |head| head.offset).ok())
            .and_then(|at| heads.get_mut(at))
            .filter(|head| head.number == *number);
        let fits = head.is_some_and(|head| {
            head.is_named = true;
            usize::try_from(head.generation) == Ok(*generation)
        });
        is_right &= fits || !is_late;
    }
    for start in starts_of_sections(pdf) {
        if let Ok(at) = heads.binary_search_by_key(&start, |head| head.offset)
            && let Some(head) = heads.get_mut(at)
        {
            head.is_named = true;
        }
    }
    let alone: HashSet<u32> = rows.at.iter().map(|row| row.1).collect();
    for (number, stream, index, _) in rows.packed.iter().filter(|row| row.3) {
        is_right &= alone.contains(stream);
        if pdf.xref().places.get(number) == Some(&Place::Packed(*stream, *index)) {
            match pdf.load(*number) {
                Ok(_) => {}
                Err(error) if error.kind == PdfErrorKind::TooCostly => return Err(error.into()),
                Err(_) => is_right = false,
            }
        }
    }
    Ok(is_right)
}

/// Says whether all that late sections name is written as the standard has it, from this byte on.
fn are_strict(pdf: &PdfFile, from: usize, rows: &Rows) -> Result<bool> {
    let sections = starts_of_sections(pdf);
    let late: HashSet<usize> = rows.at.iter().map(|row| row.0).filter(|offset| *offset >= from).collect();
    for offset in late {
        let is_section = start_of(pdf.bytes(), offset).is_some_and(|start| sections.contains(&start));
        if !is_section && !is_right(pdf.is_strict_at(offset))? {
            return Ok(false);
        }
    }
    let known: HashSet<(u32, u32, usize)> =
        rows.packed.iter().filter(|row| !row.3).map(|row| (row.0, row.1, row.2)).collect();
    let mut streams = HashSet::new();
    for &(number, stream, index, is_late) in &rows.packed {
        // What newer sections say otherwise is nowhere.
        let is_now = pdf.xref().places.get(&number) == Some(&Place::Packed(stream, index));
        if !is_late || !is_now || known.contains(&(number, stream, index)) {
            continue;
        }
        if streams.insert(stream) && !is_right(pdf.is_strict_object_stream(stream))? {
            return Ok(false);
        }
        if !is_right(pdf.ends_within(number, stream, index))? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Takes what cannot be read for wrong, unless it is too costly to read.
fn is_right(found: crate::pdf::Result<bool>) -> Result<bool> {
    match found {
        Err(error) if error.kind == PdfErrorKind::TooCostly => Err(error.into()),
        found => Ok(found.unwrap_or(false)),
    }
}

fn starts_of_sections(pdf: &PdfFile) -> HashSet<usize> {
    pdf.xref().sections.iter().filter_map(|section| start_of(pdf.bytes(), section.start)).collect()
}

/// Returns where an object starts that a table names here, behind a few blanks at most.
fn start_of(bytes: &[u8], offset: usize) -> Option<usize> {
    let blanks = bytes.get(offset..)?.iter().take(MAX_BLANKS).take_while(|byte| is_blank(**byte)).count();
    Some(offset + blanks)
}

/// Says whether the file says of itself that it is linearized, and as long as it is now that something was appended: some
/// programs begin with its first section then, and not with its last.
fn begins_anew(pdf: &PdfFile, found: &Found) -> bool {
    let first = found.heads.first().and_then(|head| pdf.load_at(head.number, head.offset).ok());
    let dict =
        first.as_ref().and_then(|object| object.dict()).filter(|dict| dict.get("Linearized").is_some());
    dict.is_some_and(|dict| {
        pdf.entry(dict, "L")
            .map_or(true, |length| length.index().is_none_or(|length| length == pdf.bytes().len()))
    })
}

/// Says whether each section from this byte on ends a revision of its own, in their order: what stands between two of them
/// is in no state that anybody compares.
fn are_apart(pdf: &PdfFile, from: usize) -> bool {
    let xref = pdf.xref();
    let revision = |start: usize| xref.revisions.iter().position(|range| range.contains(&start));
    let late = xref.sections.iter().filter(|section| section.start >= from);
    let revisions: Vec<Option<usize>> = late.map(|section| revision(section.start)).collect();
    revisions.windows(2).all(|pair| pair.first() > pair.last())
}

/// Says whether the last object of some number is not the one that the tables name, or one that none names stands from this
/// byte on. Of what was signed, writers leave what they wrote again.
fn has_strays(pdf: &PdfFile, from: usize, found: &Found) -> bool {
    let places = &pdf.xref().places;
    let sections = starts_of_sections(pdf);
    let mut last: HashMap<u32, Head> = HashMap::new();
    for head in found.heads.iter().filter(|head| !sections.contains(&head.offset)) {
        let before = last.insert(head.number, *head);
        let is_new = !head.is_named && head.offset >= from;
        if is_new || before.is_some_and(|before| before.generation > head.generation) {
            return true;
        }
    }
    let at = |number: &u32| match places.get(number) {
        Some(&Place::At(offset)) => start_of(pdf.bytes(), offset),
        _ => None,
    };
    last.iter().any(|(number, head)| match places.get(number) {
        _ if !head.is_named => true,
        Some(Place::At(_)) => at(number) != Some(head.offset),
        // What was packed since stands behind what it replaces.
        Some(Place::Packed(stream, _)) => at(stream).is_none_or(|stream| stream < head.offset),
        Some(Place::Free) | None => false,
    })
}

/// Says whether something leads to objects that no section of the file's chain names.
fn has_hidden(pdf: &PdfFile, rows: &Rows, found: &Found) -> Result<bool> {
    let mut sections = pdf.xref().sections.clone();
    sections.sort_unstable_by_key(|section| section.start);
    let is_in_section = |at: &usize| {
        let behind = sections.partition_point(|section| section.start <= *at);
        behind.checked_sub(1).and_then(|at| sections.get(at)).is_some_and(|section| section.contains(at))
    };
    if !found.trailers.iter().all(is_in_section) {
        return Ok(true);
    }
    let mut again = Vec::new();
    for at in found.sections.iter().filter(|at| !is_in_section(at)) {
        match found.holder(*at) {
            Some(head) if head.is_named => again.push(head.offset),
            _ => return Ok(true),
        }
    }
    if !again.is_empty() && !pdf.xref().are_said_again(pdf.bytes(), &again, rows) {
        return Ok(true);
    }
    hides_packed(pdf, rows, found)
}

/// Says whether an object stream holds what no section names there.
fn hides_packed(pdf: &PdfFile, rows: &Rows, found: &Found) -> Result<bool> {
    let places = &pdf.xref().places;
    let packed: HashSet<(u32, u32, usize)> = rows.packed.iter().map(|row| (row.0, row.1, row.2)).collect();
    let mut seen = HashSet::new();
    for at in &found.object_streams {
        let Some(head) = found.holder(*at) else { return Ok(true) };
        let is_newest = matches!(places.get(&head.number), Some(&Place::At(offset)) if start_of(pdf.bytes(), offset) == Some(head.offset));
        if !is_newest || !seen.insert(head.number) {
            continue;
        }
        let numbers = match pdf.packed_numbers(head.number) {
            Err(error) if error.kind == PdfErrorKind::TooCostly => return Err(error.into()),
            Err(_) => return Ok(true),
            Ok(numbers) => numbers,
        };
        if !numbers.iter().enumerate().all(|(index, number)| packed.contains(&(*number, head.number, index)))
        {
            return Ok(true);
        }
    }
    Ok(false)
}
