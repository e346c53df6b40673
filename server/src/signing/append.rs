//! Appends a revision to a PDF: new and changed objects, and a section of the same kind as the newest one.

use std::collections::BTreeMap;
use std::fmt::Write;

use ring::rand::{SecureRandom, SystemRandom};
use wosigndoc::pdf::lexer::Lexer;
use wosigndoc::pdf::{ObjectId, PdfFile, Place, Value};

use super::error::{Result, SigningError};

/// The largest offset that a table can hold.
const MAX_LENGTH: usize = 9_999_999_999;

/// Objects waiting to be appended.
pub struct Increment {
    objects: BTreeMap<u32, (u16, Vec<u8>)>,
    next: u32,
}

impl Increment {
    /// A revision with nothing in it yet.
    pub fn new(pdf: &PdfFile) -> Increment {
        Increment { objects: BTreeMap::new(), next: pdf.xref.next }
    }

    /// A number that no object has.
    pub fn reserve(&mut self) -> u32 {
        let number = self.next;
        self.next = self.next.saturating_add(1);
        number
    }

    /// Adds an object's text, or puts it in place of what was added under the same number.
    pub fn put(&mut self, (number, generation): ObjectId, text: Vec<u8>) {
        self.objects.insert(number, (generation, text));
    }

    /// Adds a stream: the dictionary's entries without brackets and length, and the data.
    pub fn put_stream(&mut self, number: u32, entries: &str, data: &[u8]) {
        let mut text = format!("<<{entries} /Length {}>>\nstream\n", data.len()).into_bytes();
        text.extend_from_slice(data);
        text.extend_from_slice(b"\nendstream");
        self.put((number, 0), text);
    }

    /// Writes the revision; where the text of each object starts in the file.
    pub fn append(mut self, pdf: &mut PdfFile) -> Result<BTreeMap<u32, usize>> {
        if !pdf.bytes.ends_with(b"\n") {
            pdf.bytes.push(b'\n');
        }
        let mut starts = BTreeMap::new();
        let mut rows = BTreeMap::new();
        for (number, (generation, text)) in &self.objects {
            rows.insert(*number, (pdf.bytes.len(), *generation));
            pdf.bytes.extend_from_slice(format!("{number} {generation} obj\n").as_bytes());
            starts.insert(*number, pdf.bytes.len());
            pdf.bytes.extend_from_slice(text);
            pdf.bytes.extend_from_slice(b"\nendobj\n");
        }
        let start = pdf.bytes.len();
        if pdf.xref.is_stream {
            let number = self.reserve();
            rows.insert(number, (start, 0));
            self.write_stream(pdf, number, &rows)?;
        } else {
            self.write_table(pdf, &rows)?;
        }
        pdf.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        if pdf.bytes.len() > MAX_LENGTH {
            return Err(SigningError::unsupported("it is too long", "文件过大"));
        }
        for (number, (offset, _)) in rows {
            pdf.xref.places.insert(number, Place::At(offset));
        }
        pdf.xref.start = start;
        pdf.xref.next = self.next;
        pdf.begin_revision();
        Ok(starts)
    }

    fn write_table(&self, pdf: &mut PdfFile, rows: &BTreeMap<u32, (usize, u16)>) -> Result<()> {
        let mut text = String::from("xref\n");
        for run in runs(rows) {
            let _ = writeln!(text, "{} {}", run.first().map_or(0, |row| row.0), run.len());
            for (_, offset, generation) in run {
                let _ = write!(text, "{offset:010} {generation:05} n\r\n");
            }
        }
        let entries = self.trailer(pdf)?;
        pdf.bytes.extend_from_slice(text.as_bytes());
        pdf.bytes.extend_from_slice(b"trailer\n<<");
        pdf.bytes.extend_from_slice(&entries);
        pdf.bytes.extend_from_slice(b">>\n");
        Ok(())
    }

    fn write_stream(&self, pdf: &mut PdfFile, number: u32, rows: &BTreeMap<u32, (usize, u16)>) -> Result<()> {
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
        let entries = self.trailer(pdf)?;
        let head = format!(
            "{number} 0 obj\n<</Type /XRef /W [1 5 2] /Index [{}] /Length {} ",
            index.trim_end(),
            data.len()
        );
        pdf.bytes.extend_from_slice(head.as_bytes());
        pdf.bytes.extend_from_slice(&entries);
        pdf.bytes.extend_from_slice(b">>\nstream\n");
        pdf.bytes.extend_from_slice(&data);
        pdf.bytes.extend_from_slice(b"\nendstream\nendobj\n");
        Ok(())
    }

    /// The trailer's entries: the old ones that stay, as they stand.
    fn trailer(&self, pdf: &PdfFile) -> Result<Vec<u8>> {
        let mut entries = format!("/Size {} /Prev {}", self.next, pdf.xref.start).into_bytes();
        for key in ["Root", "Info", "Encrypt"] {
            if let Some(text) = pdf.trailer_text(key) {
                entries.extend_from_slice(format!(" /{key} ").as_bytes());
                entries.extend_from_slice(&text);
            }
        }
        if let Some(first) = first_id(pdf) {
            entries.extend_from_slice(b" /ID [");
            entries.extend_from_slice(&first);
            entries.extend_from_slice(format!(" <{}>]", random_hex(16)?).as_bytes());
        }
        Ok(entries)
    }
}

/// The file's first identifier, as it stands: the second one changes with every revision.
fn first_id(pdf: &PdfFile) -> Option<Vec<u8>> {
    let text = pdf.trailer_text("ID")?;
    let item = Lexer::new(&text, 0).object().ok()?;
    let first = item.value.array()?.first().filter(|item| item.value == Value::String)?;
    text.get(first.span.clone()).map(<[u8]>::to_vec)
}

/// Random bytes in hexadecimal.
pub fn random_hex(bytes: usize) -> Result<String> {
    let mut random = vec![0; bytes];
    SystemRandom::new().fill(&mut random).map_err(|error| SigningError::internal("random numbers", error))?;
    Ok(hex(&random))
}

/// Bytes in hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        let _ = write!(text, "{byte:02X}");
        text
    })
}

/// Rows of consecutive numbers together.
fn runs(rows: &BTreeMap<u32, (usize, u16)>) -> Vec<Vec<(u32, usize, u16)>> {
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
