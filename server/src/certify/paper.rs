//! The contracts that are pushed: one page that names its order and an amount, and a scan that makes it as long as is asked.

use std::fmt::Write as _;

/// What stands on the page of every contract, and what somebody would like to stand there.
pub const AMOUNT: &[u8] = b"Amount: 1000.00";
/// The same with another digit.
pub const OTHER_AMOUNT: &[u8] = b"Amount: 9000.00";

/// The width of the scan in dots, of which each is a byte.
const WIDTH: usize = 4096;

/// Returns an unsigned contract of about so many bytes, and of a few hundred at least.
pub fn contract(order_number: &str, length: usize) -> Vec<u8> {
    let amount = String::from_utf8_lossy(AMOUNT);
    // The number in hexadecimal: it may be Chinese, and the font is not.
    let number: String = order_number.bytes().map(|byte| format!("{byte:02x}")).collect();
    let scan = scan(length);
    let draw = if scan.is_empty() { "" } else { "q 400 0 0 400 90 90 cm /Scan Do Q\n" };
    let text = format!("{draw}BT /F 14 Tf 72 760 Td ({amount}) Tj /F 6 Tf 0 -24 Td ({number}) Tj ET");
    let xobject = if scan.is_empty() { "" } else { "/XObject << /Scan 6 0 R >>" };
    let mut objects = vec![
        b"<< /Type /Catalog /Pages 2 0 R >>".to_vec(),
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_vec(),
        format!(
            "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R \
             /Resources << /Font << /F 5 0 R >> {xobject} >> >>"
        )
        .into_bytes(),
        stream("", text.as_bytes()),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>".to_vec(),
    ];
    if !scan.is_empty() {
        let height = scan.len() / WIDTH;
        let picture = format!(
            "/Type /XObject /Subtype /Image /Width {WIDTH} /Height {height} /ColorSpace /DeviceGray \
             /BitsPerComponent 8 "
        );
        objects.push(stream(&picture, &scan));
    }
    file(&objects)
}

/// Returns dots that no compression on the way makes shorter, in whole rows.
fn scan(length: usize) -> Vec<u8> {
    let mut state: u64 = 0x9e37_79b9_7f4a_7c15;
    let mut dots = Vec::with_capacity(length / WIDTH * WIDTH);
    while dots.len() < length / WIDTH * WIDTH {
        // Xorshift.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        dots.extend_from_slice(&state.to_le_bytes());
    }
    dots
}

fn stream(entries: &str, bytes: &[u8]) -> Vec<u8> {
    let head = format!("<< {entries}/Length {} >>\nstream\n", bytes.len());
    [head.as_bytes(), bytes, b"\nendstream"].concat()
}

/// Returns a file of these objects, numbered from 1; the first is the catalogue.
fn file(objects: &[Vec<u8>]) -> Vec<u8> {
    let mut file = b"%PDF-1.7\n%\xe5\x90\x88\xe5\x90\x8c\n".to_vec();
    let mut table = String::new();
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", file.len());
        file.extend_from_slice(format!("{} 0 obj\n", at + 1).as_bytes());
        file.extend_from_slice(object);
        file.extend_from_slice(b"\nendobj\n");
    }
    let (start, size) = (file.len(), objects.len() + 1);
    let end = format!(
        "xref\n0 {size}\n0000000000 65535 f \n{table}trailer\n<< /Size {size} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    );
    file.extend_from_slice(end.as_bytes());
    file
}
