//! Small PDFs whose pages are awkward: rotated, cropped, with reals of many digits.

#![allow(dead_code, reason = "each test file uses a part")]

use std::fmt::Write;

/// A document of so many pages. `page` is added to each page's dictionary, e.g. `/Rotate 90`.
pub fn pdf(pages: usize, page: &str) -> Vec<u8> {
    let kids: String = (0..pages).map(|at| format!("{} 0 R ", 4 + 2 * at)).collect();
    let mut objects = vec![
        "<</Type/Catalog/Pages 2 0 R>>".to_owned(),
        format!("<</Type/Pages/Count {pages}/Kids[{kids}]>>"),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>".to_owned(),
    ];
    for at in 0..pages {
        let content = format!("BT /F 20 Tf 60 400 Td (Page {}) Tj ET", at + 1);
        let contents = 5 + 2 * at;
        objects.push(format!(
            "<</Type/Page/Parent 2 0 R/MediaBox[0 0 595.29998779 841.89001465]{page}\
             /Resources<</Font<</F 3 0 R>>>>/Contents {contents} 0 R>>"
        ));
        objects.push(format!("<</Length {}>>stream\n{content}\nendstream", content.len()));
    }
    laid_out(&objects)
}

/// A file of these objects, counted from 1: the first is the catalogue.
pub fn laid_out(objects: &[String]) -> Vec<u8> {
    let mut text = "%PDF-1.7\n".to_owned();
    let mut table = format!("xref\n0 {}\n0000000000 65535 f \n", objects.len() + 1);
    for (at, object) in objects.iter().enumerate() {
        let _ = writeln!(table, "{:010} 00000 n ", text.len());
        let _ = writeln!(text, "{} 0 obj\n{object}\nendobj", at + 1);
    }
    let start = text.len();
    let size = objects.len() + 1;
    let _ = write!(text, "{table}trailer\n<</Size {size}/Root 1 0 R>>\nstartxref\n{start}\n%%EOF\n");
    text.into_bytes()
}
