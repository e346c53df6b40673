//! Writes a PDF anew, encrypted: every object's text as it stands, but for its strings and data.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::ops::Range;

use wosigndoc::pdf::{MAX_OBJECTS, Object, PdfFile};

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
    for number in pdf.xref().numbers() {
        let Some((object, data)) = whole_object(pdf, number)? else { continue };
        if data.is_some() && is_structure(&object) {
            continue;
        }
        rows.insert(number, (out.len(), object.id.generation));
        write_object(pdf, &object, data, crypt, &mut out)?;
    }
    let dictionary = pdf.xref().next;
    if usize::try_from(dictionary).is_ok_and(|number| number >= MAX_OBJECTS) {
        return Err(SigningError::unsupported("it has too many objects", "对象过多"));
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
            if let Some(length) = dict.and_then(|dict| dict.get_or_null("Length")) {
                changes.push((length.span.clone(), data.len().to_string().into_bytes()));
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

/// Returns an object with the place of its data, which must end where a stream ends.
fn whole_object(pdf: &PdfFile, number: u32) -> Result<Option<(Object, Option<Range<usize>>)>> {
    let Some(object) = pdf.load(number)? else { return Ok(None) };
    if object.data.is_none() {
        return Ok(Some((object, None)));
    }
    let cut = || SigningError::damaged("a stream has no end", "有数据流没有结尾");
    let range = pdf.data_range(&object)?.ok_or_else(cut)?;
    let after = pdf.bytes().get(range.end..).unwrap_or_default();
    let after = after.get(..after.len().min(16)).unwrap_or_default().trim_ascii_start();
    if !after.starts_with(b"endstream") {
        return Err(cut());
    }
    Ok(Some((object, Some(range))))
}
