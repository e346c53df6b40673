//! PDFs that the tests sign.

/// A PDF with one page and one signature that is still to be made.
pub struct Paper {
    pub sub_filter: &'static str,
    /// Streams of the document security store: their kind, `Certs`, `CRLs` or `OCSPs`, and their bytes.
    pub store: Vec<(&'static str, Vec<u8>)>,
    /// How many bytes of a signature there is room for.
    pub room: usize,
    /// Further entries of the signature.
    pub entries: String,
    /// Further fields of the form.
    pub fields: &'static str,
}

impl Default for Paper {
    fn default() -> Paper {
        let (store, entries) = (Vec::new(), String::new());
        Paper { sub_filter: "ETSI.CAdES.detached", store, room: 16_384, entries, fields: "" }
    }
}

impl Paper {
    /// Signs it: `sign` makes the signature over these bytes.
    pub fn sign(&self, sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
        let (mut bytes, mut places) = (b"%PDF-1.7\n".to_vec(), Vec::new());
        let mut object = |bytes: &mut Vec<u8>, body: &[u8]| {
            places.push(bytes.len());
            bytes.extend(format!("{} 0 obj\n", places.len()).as_bytes());
            bytes.extend(body);
            bytes.extend(b"\nendobj\n");
        };
        let first = 7;
        let list = |kind: &str| {
            let numbers = self.store.iter().enumerate().filter(|(_, (found, _))| *found == kind);
            numbers.map(|(index, _)| format!("{} 0 R ", first + index)).collect::<String>()
        };
        let store = format!(
            "/DSS <</Certs [{}] /CRLs [{}] /OCSPs [{}]>>",
            list("Certs"),
            list("CRLs"),
            list("OCSPs")
        );
        let form = format!("<</Fields [4 0 R {}] /SigFlags 3>>", self.fields);
        let catalog = format!("<</Type /Catalog /Pages 2 0 R /AcroForm {form} {store}>>");
        object(&mut bytes, catalog.as_bytes());
        object(&mut bytes, b"<</Type /Pages /Kids [3 0 R] /Count 1>>");
        object(
            &mut bytes,
            b"<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] /Contents 6 0 R>>",
        );
        object(
            &mut bytes,
            b"<</Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /Rect [10 20 110 70] /P 3 0 R /V 5 0 R /F 132>>",
        );
        let range = " ".repeat(60);
        let head = format!(
            "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /{} /M (D:20260101080000+08'00') {} /ByteRange",
            self.sub_filter, self.entries
        );
        let before = format!("{head}{range}/Contents <");
        object(&mut bytes, format!("{before}{}>>>", "0".repeat(2 * self.room)).as_bytes());
        object(&mut bytes, b"<</Length 9>>\nstream\n0 0 m 9 9\nendstream");
        for (_, data) in &self.store {
            let stream =
                [format!("<</Length {}>>\nstream\n", data.len()).as_bytes(), data, b"\nendstream"].concat();
            object(&mut bytes, &stream);
        }
        let start = bytes.len();
        let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", places.len() + 1);
        places.iter().for_each(|place| table.push_str(&format!("{place:010} 00000 n \n")));
        table.push_str(&format!(
            "trailer\n<</Size {} /Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n",
            places.len() + 1
        ));
        bytes.extend(table.as_bytes());
        fill(bytes, &format!("{range}/Contents <"), self.room, sign)
    }
}

/// Adds a revision with one more signature, in a field without a place, and further entries of the catalogue.
pub fn again(signed: &[u8], sub_filter: &str, entries: &str, sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let text = String::from_utf8_lossy(signed);
    let last = |word: &str| text.rfind(word).unwrap() + word.len();
    let number = |at: usize| -> usize { text[at..].split_whitespace().next().unwrap().parse().unwrap() };
    let (start, size) = (number(last("startxref\n")), number(last("/Size ")));
    let catalog = &text[last("\n1 0 obj\n<<")..];
    let catalog = catalog[..catalog.find("\nendobj").unwrap()].replacen(']', &format!(" {size} 0 R]"), 1);
    let catalog = catalog.strip_suffix(">>").unwrap();
    let room = 16_384;
    let (mut bytes, mut rows) = (signed.to_vec(), String::new());
    let mut object = |bytes: &mut Vec<u8>, number: usize, body: &str| {
        rows.push_str(&format!("{number} 1\n{:010} 00000 n \n", bytes.len()));
        bytes.extend(format!("{number} 0 obj\n{body}\nendobj\n").as_bytes());
    };
    object(&mut bytes, 1, &format!("<<{catalog} {entries}>>"));
    let field = format!("<</FT /Sig /T (Seal{size}) /V {} 0 R /Subtype /Widget /Rect [0 0 0 0]>>", size + 1);
    object(&mut bytes, size, &field);
    let range = " ".repeat(60);
    let before =
        format!("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /{sub_filter} /ByteRange{range}/Contents <");
    object(&mut bytes, size + 1, &format!("{before}{}>>>", "0".repeat(2 * room)));
    let at = bytes.len();
    let size = size + 2;
    let end =
        format!("xref\n{rows}trailer\n<</Size {size} /Root 1 0 R /Prev {start}>>\nstartxref\n{at}\n%%EOF\n");
    bytes.extend(end.as_bytes());
    fill(bytes, &format!("{range}/Contents <"), room, sign)
}

/// Fills in byte range and signature of the place that is still empty.
fn fill(mut bytes: Vec<u8>, before: &str, room: usize, sign: &dyn Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let at = bytes.windows(before.len()).position(|window| window == before.as_bytes()).unwrap();
    let (gap, end) = (at + before.len() - 1, at + before.len() + 2 * room + 1);
    let range = format!(" [0 {gap} {end} {}]", bytes.len() - end);
    bytes[at..at + range.len()].copy_from_slice(range.as_bytes());
    let signature = sign(&[&bytes[..gap], &bytes[end..]].concat());
    let digits: String = signature.iter().map(|byte| format!("{byte:02x}")).collect();
    bytes[gap + 1..gap + 1 + digits.len()].copy_from_slice(digits.as_bytes());
    bytes
}
