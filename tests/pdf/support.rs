//! PDFs made by the tests, object by object and revision by revision.

use std::collections::BTreeMap;
use std::io::Write;

/// A PDF in the making. Objects come first, then a section that says where they stand; then the next revision.
pub struct Builder {
    pub bytes: Vec<u8>,
    rows: BTreeMap<u32, [usize; 3]>,
    size: u32,
    previous: Option<usize>,
}

impl Builder {
    pub fn new() -> Builder {
        Builder { bytes: b"%PDF-1.7\n".to_vec(), rows: BTreeMap::new(), size: 1, previous: None }
    }

    /// Goes on with a file whose newest section starts here.
    pub fn after(bytes: Vec<u8>, previous: usize, size: u32) -> Builder {
        Builder { bytes, rows: BTreeMap::new(), size, previous: Some(previous) }
    }

    /// Says where an object is: the three columns of a section that is a stream.
    pub fn row(&mut self, number: u32, row: [usize; 3]) -> &mut Builder {
        self.rows.insert(number, row);
        self.size = self.size.max(number + 1);
        self
    }

    pub fn object(&mut self, number: u32, text: &str) -> &mut Builder {
        self.row(number, [1, self.bytes.len(), 0]);
        self.bytes.extend_from_slice(format!("{number} 0 obj\n{text}\nendobj\n").as_bytes());
        self
    }

    pub fn stream(&mut self, number: u32, entries: &str, data: &[u8]) -> &mut Builder {
        self.row(number, [1, self.bytes.len(), 0]);
        let head = format!("{number} 0 obj\n<<{entries} /Length {}>>\nstream\n", data.len());
        self.bytes.extend_from_slice(head.as_bytes());
        self.bytes.extend_from_slice(data);
        self.bytes.extend_from_slice(b"\nendstream\nendobj\n");
        self
    }

    /// An object stream with these objects.
    pub fn packed(&mut self, number: u32, objects: &[(u32, &str)]) -> &mut Builder {
        let (mut head, mut body) = (String::new(), String::new());
        for (index, (object, text)) in objects.iter().enumerate() {
            head.push_str(&format!("{object} {} ", body.len()));
            body.push_str(&format!("{text} "));
            self.row(*object, [2, usize::try_from(number).unwrap(), index]);
        }
        let entries =
            format!("/Type /ObjStm /N {} /First {} /Filter /FlateDecode", objects.len(), head.len());
        self.stream(number, &entries, &zlib(format!("{head}{body}").as_bytes()))
    }

    pub fn free(&mut self, number: u32) -> &mut Builder {
        self.row(number, [0, 0, 65_535]);
        self
    }

    fn trailer(&self, entries: &str) -> String {
        let previous = self.previous.map_or(String::new(), |at| format!(" /Prev {at}"));
        format!("/Size {} /Root 1 0 R{previous} {entries}", self.size)
    }

    fn end(&mut self, start: usize) -> &mut Builder {
        self.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        self.previous = Some(start);
        self.rows.clear();
        self
    }

    /// Ends the revision with a table.
    pub fn table(&mut self, entries: &str) -> &mut Builder {
        let start = self.bytes.len();
        let mut text = String::from("xref\n0 1\n0000000000 65535 f \n");
        for (number, [kind, offset, generation]) in &self.rows {
            let kind = if *kind == 1 { 'n' } else { 'f' };
            text.push_str(&format!("{number} 1\n{offset:010} {generation:05} {kind} \n"));
        }
        text.push_str(&format!("trailer\n<<{}>>\n", self.trailer(entries)));
        self.bytes.extend_from_slice(text.as_bytes());
        self.end(start)
    }

    /// Ends the revision with a stream of this number.
    pub fn xref_stream(&mut self, number: u32, entries: &str) -> &mut Builder {
        let start = self.bytes.len();
        self.row(number, [1, start, 0]);
        let index: Vec<String> = self.rows.keys().map(|number| format!("{number} 1")).collect();
        let row = |[kind, second, third]: &[usize; 3]| {
            [&kind.to_be_bytes()[7..], &second.to_be_bytes()[4..], &third.to_be_bytes()[6..]].concat()
        };
        let data = zlib(&self.rows.values().flat_map(row).collect::<Vec<u8>>());
        let entries = format!(
            "/Type /XRef /W [1 4 2] /Index [{}] /Filter /FlateDecode {}",
            index.join(" "),
            self.trailer(entries)
        );
        self.stream(number, &entries, &data);
        self.end(start)
    }

    /// Where the newest section starts.
    pub fn newest(&self) -> usize {
        self.previous.unwrap()
    }

    pub fn build(&self) -> Vec<u8> {
        self.bytes.clone()
    }
}

/// The bytes packed by zlib.
pub fn zlib(data: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(data).unwrap();
    encoder.finish().unwrap()
}

/// Catalogue, page tree and one page, without a section.
pub fn one_page(catalog: &str, page: &str) -> Builder {
    let mut builder = Builder::new();
    builder
        .object(1, &format!("<</Type /Catalog /Pages 2 0 R {catalog}>>"))
        .object(2, "<</Type /Pages /Kids [3 0 R] /Count 1>>")
        .object(3, &format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page}>>"));
    builder
}
