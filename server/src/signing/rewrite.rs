//! Writes a PDF anew, encrypted: every object's text as it stands, but for its strings and data.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Write;
use std::ops::Range;

use wosigndoc::pdf::{MAX_OBJECTS, Object, PdfErrorKind, PdfFile};
use wosigndoc::protocol::Bilingual;

use super::crypt::{Crypt, is_exempt};
use super::error::{Result, SigningError};
use super::random::random_hex;
use super::splice::spliced;

/// Revision 6 of the encryption belongs to PDF 2.0.
const HEADER: &[u8] = b"%PDF-2.0\n%\xe2\xe3\xcf\xd3\n";

/// Writes the file encrypted with this key, to be opened with this password. Only its newest state is kept.
pub fn encrypted(pdf: &PdfFile, crypt: &Crypt, password: &str) -> Result<Vec<u8>> {
    let locked = crypt.dictionary(password)?;
    let mut out = Vec::with_capacity(pdf.bytes().len() + pdf.bytes().len() / 8 + 4096);
    out.extend_from_slice(HEADER);
    let mut rows = BTreeMap::new();
    let mut source = Source { pdf, headers: None, left: pdf.bytes().len() };
    for number in pdf.xref().numbers() {
        let Some((object, data)) = source.whole_object(number)? else { continue };
        if data.is_some() && is_structure(&object) {
            continue;
        }
        rows.insert(number, (out.len(), object.id.generation));
        write_object(pdf, &object, data, crypt, &mut out)?;
    }
    let dictionary = pdf.xref().next;
    if usize::try_from(dictionary).is_ok_and(|number| number >= MAX_OBJECTS) {
        return Err(SigningError::unsupported(Bilingual::fixed("it has too many objects", "对象过多")));
    }
    rows.insert(dictionary, (out.len(), 0));
    out.extend_from_slice(format!("{dictionary} 0 obj\n{locked}\nendobj\n").as_bytes());
    write_table(pdf, &rows, dictionary, &mut out)?;
    Ok(out)
}

/// Says whether this is a stream that only says where other objects are.
fn is_structure(object: &Object) -> bool {
    let kind = object.dict().and_then(|dict| dict.get("Type"));
    matches!(kind.and_then(|item| item.value.name()), Some(b"XRef" | b"ObjStm"))
}

fn write_object(
    pdf: &PdfFile,
    object: &Object,
    data: Option<Range<usize>>,
    crypt: &Crypt,
    out: &mut Vec<u8>,
) -> Result<()> {
    let text = pdf.text(object);
    let mut changes = Vec::new();
    crypt.strings(object.id, &object.item, &mut changes)?;
    let data = match data {
        None => None,
        Some(range) => {
            let plain = pdf.bytes().get(range).unwrap_or_default();
            let dict = object.dict();
            let data =
                if dict.is_some_and(is_exempt) { plain.to_vec() } else { crypt.bytes(object.id, plain)? };
            let length = data.len().to_string();
            match dict.and_then(|dict| dict.get_or_null("Length")) {
                Some(item) => changes.push((item.span.clone(), length.into_bytes())),
                None => {
                    let end = object.item.span.end - 2;
                    changes.push((end..end, format!(" /Length {length}").into_bytes()));
                }
            }
            Some(data)
        }
    };
    let text = spliced(text, object.item.span.start, changes);
    out.extend_from_slice(format!("{} obj\n", object.id).as_bytes());
    out.extend_from_slice(&text);
    if let Some(data) = data {
        out.extend_from_slice(b"\nstream\n");
        out.extend_from_slice(&data);
        out.extend_from_slice(b"\nendstream");
    }
    out.extend_from_slice(b"\nendobj\n");
    Ok(())
}

fn write_table(
    pdf: &PdfFile,
    rows: &BTreeMap<u32, (usize, u16)>,
    dictionary: u32,
    out: &mut Vec<u8>,
) -> Result<()> {
    let start = out.len();
    let size = dictionary.saturating_add(1);
    let mut table = format!("xref\n0 {size}\n0000000000 65535 f\r\n");
    for number in 1..size {
        let _ = match rows.get(&number) {
            Some((offset, generation)) => write!(table, "{offset:010} {generation:05} n\r\n"),
            None => write!(table, "0000000000 65535 f\r\n"),
        };
    }
    let root = pdf.trailer_text("Root").unwrap_or_default();
    let _ = write!(table, "trailer\n<</Size {size} /Encrypt {dictionary} 0 R /Root ");
    out.extend_from_slice(table.as_bytes());
    out.extend_from_slice(root);
    // One that stands in the trailer itself would have to be encrypted there: hardly ever seen.
    if let Some(id) = pdf.xref().trailer.get("Info").and_then(|item| item.value.reference()) {
        out.extend_from_slice(format!(" /Info {id} R").as_bytes());
    }
    let identity = random_hex()?;
    out.extend_from_slice(
        format!(" /ID [<{identity}> <{identity}>]>>\nstartxref\n{start}\n%%EOF\n").as_bytes(),
    );
    Ok(())
}

/// The file's objects, read as forgivingly as viewers read them: what is shown must not be less for the password.
struct Source<'a> {
    pdf: &'a PdfFile,
    /// Where each object's head stands, whatever the table says; looked for when one is not at its place.
    headers: Option<HashMap<u32, usize>>,
    /// How many bytes of data may still be found by their end: streams do not overlap.
    left: usize,
}

impl Source<'_> {
    /// Returns an object with the place of its data; `None` if there is none, or no reader finds it.
    fn whole_object(&mut self, number: u32) -> Result<Option<(Object, Option<Range<usize>>)>> {
        let object = match self.pdf.load(number) {
            Err(error) if error.kind == PdfErrorKind::Damaged => self.found_elsewhere(number),
            other => other?,
        };
        let Some(object) = object else { return Ok(None) };
        let range = match object.data {
            None => None,
            Some(start) => Some(self.data(&object, start)?),
        };
        Ok(Some((object, range)))
    }

    /// Looks for an object that is not where the table says; of several the last counts, as for who repairs the file.
    fn found_elsewhere(&mut self, number: u32) -> Option<Object> {
        let bytes = self.pdf.bytes();
        let headers = self.headers.get_or_insert_with(|| headers(bytes));
        self.pdf.load_at(number, *headers.get(&number)?).ok()
    }

    /// Returns the place of a stream's data. Where they are not as long as they should be, they end before `endstream`.
    fn data(&mut self, object: &Object, start: usize) -> Result<Range<usize>> {
        let bytes = self.pdf.bytes();
        let range = match self.pdf.data_range(object) {
            Err(error) if error.kind == PdfErrorKind::Damaged => None,
            other => other?,
        };
        if let Some(range) = range.filter(|range| is_end(bytes.get(range.end..).unwrap_or_default())) {
            return Ok(range);
        }
        let rest = bytes.get(start..).unwrap_or_default();
        let rest = rest.get(..rest.len().min(self.left + END.len())).unwrap_or_default();
        let end = rest.windows(END.len()).position(|window| window == END);
        let end = end.ok_or_else(|| {
            SigningError::damaged(Bilingual::fixed("a stream has no end", "有数据流没有结尾"))
        })?;
        self.left = self.left.saturating_sub(end);
        let data = rest.get(..end).unwrap_or_default();
        let data = data.strip_suffix(b"\n").unwrap_or(data);
        let data = data.strip_suffix(b"\r").unwrap_or(data);
        Ok(start..start + data.len())
    }
}

const END: &[u8] = b"endstream";

fn is_end(after: &[u8]) -> bool {
    after.get(..after.len().min(16)).unwrap_or_default().trim_ascii_start().starts_with(END)
}

/// Returns where the head of each object stands: its number and generation before `obj`.
fn headers(bytes: &[u8]) -> HashMap<u32, usize> {
    let back = |end: usize, fits: fn(&u8) -> bool| {
        let part = bytes.get(..end).unwrap_or_default();
        end - part.iter().rev().take(11).take_while(|byte| fits(byte)).count()
    };
    let words = bytes.windows(4).enumerate().filter(|(_, window)| *window == b" obj");
    let head = |(at, _): (usize, &[u8])| {
        let behind = back(back(at, u8::is_ascii_digit), u8::is_ascii_whitespace);
        let start = back(behind, u8::is_ascii_digit);
        let digits = bytes.get(start..behind).and_then(|digits| std::str::from_utf8(digits).ok())?;
        Some((digits.parse().ok()?, start))
    };
    words.filter_map(head).collect()
}
