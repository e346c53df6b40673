//! Writes a revision of a PDF: new and changed objects, and a section of the same kind as the newest one.

use std::collections::BTreeMap;
use std::fmt::Write;

use wosigndoc::pdf::{ObjectId, PdfFile};

use super::error::{Result, SigningError};
use super::random::random_hex;

/// The largest offset that a table can hold.
const MAX_LENGTH: usize = 9_999_999_999;

/// Objects waiting to be written.
pub struct Increment {
    objects: BTreeMap<ObjectId, Vec<u8>>,
    next: u32,
}

/// Offset and generation of each object, by number.
type Rows = BTreeMap<u32, (usize, u16)>;

/// A revision as it is to be appended to the file.
pub struct Revision {
    /// What comes behind the file.
    pub bytes: Vec<u8>,
    /// The first byte of each object's text, counted from where the revision starts.
    pub starts: BTreeMap<u32, usize>,
}

impl Increment {
    /// Makes one with nothing in it yet.
    pub fn new(pdf: &PdfFile) -> Increment {
        Increment { objects: BTreeMap::new(), next: pdf.xref().next }
    }

    /// Returns a number that no object has.
    pub fn reserve(&mut self) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        number
    }

    /// Adds an object's text, or puts it in place of what was added under the same number.
    pub fn put(&mut self, id: ObjectId, text: Vec<u8>) {
        self.objects.insert(id, text);
    }

    /// Adds a stream: the dictionary's entries without brackets and length, and the data.
    pub fn put_stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        let mut text = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        text.extend_from_slice(data);
        text.extend_from_slice(b"\nendstream");
        self.put(ObjectId::new(number), text);
    }

    /// Writes the revision that is to follow this file.
    pub fn write(mut self, pdf: &PdfFile) -> Result<Revision> {
        // Counted as the file counts its own offsets.
        let base = pdf.bytes().len() - pdf.xref().base;
        let mut bytes = Vec::new();
        if !pdf.bytes().ends_with(b"\n") {
            bytes.push(b'\n');
        }
        let (mut starts, mut rows) = (BTreeMap::new(), BTreeMap::new());
        for (id, text) in &self.objects {
            rows.insert(id.number, (base + bytes.len(), id.generation));
            bytes.extend_from_slice(format!("{id} obj\n").as_bytes());
            starts.insert(id.number, bytes.len());
            bytes.extend_from_slice(text);
            bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = base + bytes.len();
        if pdf.xref().is_stream {
            let number = self.reserve();
            rows.insert(number, (start, 0));
            self.write_stream(pdf, number, &rows, &mut bytes)?;
        } else {
            self.write_table(pdf, &rows, &mut bytes)?;
        }
        bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        if base + bytes.len() > MAX_LENGTH {
            return Err(SigningError::too_long());
        }
        Ok(Revision { bytes, starts })
    }

    fn write_table(&self, pdf: &PdfFile, rows: &Rows, out: &mut Vec<u8>) -> Result<()> {
        let mut text = String::from("xref\n");
        for run in runs(rows) {
            let _ = writeln!(text, "{} {}", run.first().map_or(0, |row| row.0), run.len());
            for (_, offset, generation) in run {
                let _ = write!(text, "{offset:010} {generation:05} n\r\n");
            }
        }
        out.extend_from_slice(text.as_bytes());
        out.extend_from_slice(b"trailer\n<<");
        out.extend_from_slice(&self.trailer(pdf)?);
        out.extend_from_slice(b">>\n");
        Ok(())
    }

    fn write_stream(&self, pdf: &PdfFile, number: u32, rows: &Rows, out: &mut Vec<u8>) -> Result<()> {
        let mut index = String::new();
        let mut data = Vec::new();
        for run in runs(rows) {
            let _ = write!(index, "{} {} ", run.first().map_or(0, |row| row.0), run.len());
            for (_, offset, generation) in run {
                data.push(1);
                let offset = u64::try_from(offset).unwrap_or(u64::MAX).to_be_bytes();
                data.extend_from_slice(offset.get(3..).unwrap_or_default());
                data.extend_from_slice(&generation.to_be_bytes());
            }
        }
        let head = format!(
            "{number} 0 obj\n<</Type /XRef /W [1 5 2] /Index [{}] /Length {} ",
            index.trim_end(),
            data.len()
        );
        out.extend_from_slice(head.as_bytes());
        out.extend_from_slice(&self.trailer(pdf)?);
        out.extend_from_slice(b">>\nstream\n");
        out.extend_from_slice(&data);
        out.extend_from_slice(b"\nendstream\nendobj\n");
        Ok(())
    }

    /// Returns the trailer's entries: the old ones that stay, as they stand.
    fn trailer(&self, pdf: &PdfFile) -> Result<Vec<u8>> {
        let mut entries =
            format!("/Size {} /Prev {}", self.next, pdf.xref().start - pdf.xref().base).into_bytes();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(text) = pdf.trailer_text(key) {
                entries.extend_from_slice(format!(" /{key} ").as_bytes());
                entries.extend_from_slice(text);
            }
        }
        if let Some(first) = first_id(pdf) {
            entries.extend_from_slice(b" /ID [");
            entries.extend_from_slice(first);
            entries.extend_from_slice(format!(" <{}>]", random_hex()?).as_bytes());
        }
        Ok(entries)
    }
}

/// Returns the file's first identifier as it stands: the second one changes with every revision.
fn first_id(pdf: &PdfFile) -> Option<&[u8]> {
    let first = pdf.xref().trailer.get("ID")?.value.array()?.first()?;
    first.value.string()?;
    pdf.bytes().get(first.span.clone())
}

/// Puts rows of consecutive numbers together.
fn runs(rows: &Rows) -> Vec<Vec<(u32, usize, u16)>> {
    let mut runs: Vec<Vec<(u32, usize, u16)>> = Vec::new();
    for (&number, &(offset, generation)) in rows {
        let row = (number, offset, generation);
        match runs.last_mut() {
            Some(run) if run.last().is_some_and(|last| last.0.checked_add(1) == Some(number)) => {
                run.push(row)
            }
            _ => runs.push(vec![row]),
        }
    }
    runs
}
