//! A signed document beside the one that was submitted.

use wosigndoc::pdf::PdfFile;
use wosigndoc::verify::changes::{ChangeKind, Comparison, compare_with_sent};

use crate::paper::{PAGE, Paper, Recipe};
use crate::support::{Builder, one_page};

fn compared(sent: Vec<u8>, signed: Vec<u8>) -> Comparison {
    compare_with_sent(&PdfFile::open(sent).unwrap(), &PdfFile::open(signed).unwrap())
}

/// The document as it was before it was signed, with its objects numbered otherwise.
fn sent(contents: &str, font: &str, price: &str) -> Vec<u8> {
    let mut builder = one_page("/AcroForm <</Fields [30 0 R]>> /OCProperties 33 0 R", "");
    builder
        .object(3, &format!("<<{}>>", PAGE.replace("4 0 R", "24 0 R").replace("[6 0 R 10 0 R 11 0 R 124 0 R]", "")))
        .object(3, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 24 0 R /Resources 27 0 R /Annots [30 0 R 34 0 R]>>")
        .stream(24, "", contents.as_bytes())
        .object(27, "<</Font <</F1 35 0 R>>>>")
        .stream(29, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", b"BT (100) Tj ET")
        .object(30, &format!("<<{} /V ({price}) /AP <</N 29 0 R>>>>", crate::paper::TEXT))
        .object(33, "<</OCGs [37 0 R] /D <</ON [37 0 R]>>>>")
        .object(34, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note)>>")
        .object(35, &format!("<</Type /Font /Subtype /Type1 /BaseFont /{font}>>"))
        .object(37, "<</Type /OCG /Name (layer)>>")
        .table("");
    builder.build()
}

const CONTENTS: &str = "BT /F1 12 Tf (the price is) Tj ET";

#[test]
fn shows_the_same_pages() {
    let signed = Paper::signed(&Recipe::default()).0.build();
    let same = compared(sent(CONTENTS, "Helvetica", "100"), signed);
    assert_eq!(same.same, Some(true), "{:#?}", same.differences);
    assert!(same.differences.is_empty());
}

#[test]
fn says_what_differs() {
    let signed = Paper::signed(&Recipe::default()).0.build();
    for (sent, kind, object) in [
        (sent("BT (other) Tj ET", "Helvetica", "100"), ChangeKind::Page, 4),
        (sent(CONTENTS, "Symbol", "100"), ChangeKind::Page, 15),
        (sent(CONTENTS, "Helvetica", "1"), ChangeKind::FormValue, 10),
    ] {
        let found = compared(sent, signed.clone());
        assert_eq!(found.same, Some(false));
        let change = found.differences.iter().find(|change| change.kind == kind).unwrap();
        assert_eq!((change.object, change.page), (Some(object), Some(1)), "{change:?}");
    }
    let mut two = Builder::new();
    two.object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>")
        .object(3, "<</Type /Page /Parent 2 0 R>>")
        .table("");
    let found = compared(two.build(), signed);
    assert_eq!((found.same, found.differences[0].kind), (Some(false), ChangeKind::Pages));
}
