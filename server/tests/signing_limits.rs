//! What could not be signed later, or hides something, is refused at once.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signing_support;

use signing_support::{assemble, authority, check, inspect, person};
use time::OffsetDateTime;
use wosigndoc_server::signing::{Fonts, SigningError, SigningReason, sign_document};

const OBJECTS: [&str; 3] = [
    "<</Type /Catalog /Pages 2 0 R>>",
    "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
];

/// A PDF whose objects from number 10 on stand where there is none.
fn rows_to_nothing(rows: usize) -> Vec<u8> {
    let objects = OBJECTS.map(str::as_bytes);
    let mut pdf = assemble(&objects, "");
    let text = String::from_utf8_lossy(&pdf).into_owned();
    let previous = text.rsplit("startxref\n").next().unwrap().lines().next().unwrap();
    let start = pdf.len();
    let table = "0000000001 00000 n \n".repeat(rows);
    let trailer = format!("trailer\n<</Size {} /Root 1 0 R /Prev {previous}>>\n", 10 + rows);
    pdf.extend_from_slice(format!("xref\n10 {rows}\n{table}{trailer}startxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

fn refused(pdf: &[u8]) -> SigningError {
    let error = inspect(pdf).expect_err("inspected");
    assert_eq!(error.reason, SigningReason::Unsupported, "{error}");
    error
}

#[test]
fn bears_some_unreadable_objects() {
    assert!(!inspect(&rows_to_nothing(1000)).unwrap().acts);
    assert!(refused(&rows_to_nothing(1001)).what.en.contains("cannot be read"));
}

/// What this reader does not read, others may: it must not pass for harmless.
#[test]
fn refuses_objects_that_only_others_read() {
    let script = "<</S /JavaScript /JS (app.alert\\(1\\))>>";
    let digits: String = format!("6 0 {script}").bytes().map(|byte| format!("{byte:02x}")).collect();
    let packed = format!(
        "<</Type /ObjStm /N 1 /First 4 /Filter /ASCIIHexDecode /Length {}>>stream\n{digits}>\nendstream",
        digits.len() + 1
    );
    let table = "<</Type /XRef /W [1 1 1] /Index [6 1] /Size 7 /Length 3>>stream\n\u{2}\u{4}\0\nendstream";
    let objects: Vec<&[u8]> = OBJECTS.iter().copied().chain([&*packed, table]).map(str::as_bytes).collect();
    let pdf = assemble(&objects, "");
    let at = pdf.windows(7).position(|window| window == b"5 0 obj").unwrap();
    assert!(refused(&assemble(&objects, &format!("/XRefStm {at}"))).what.en.contains("packed"));
    let deep = format!("{}{script}{}", "[".repeat(200), "]".repeat(200));
    let objects: Vec<&[u8]> = OBJECTS.iter().copied().chain([&*deep]).map(str::as_bytes).collect();
    assert!(refused(&assemble(&objects, "")).what.en.contains("nested"));
}

/// Checking beforehand tells all that signing would.
#[test]
fn tells_beforehand_what_signing_would_refuse() {
    let catalog = |form: &str| format!("<</Type /Catalog /Pages 2 0 R {form}>>");
    let page = |more: &str| format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {more}>>");
    let stream = |length: &str| format!("<<{length}>>stream\n0 0 m\nendstream");
    let (form, nothing) = ("/AcroForm 4 0 R", "<<>>".to_owned());
    let small = "/Size 4";
    let huge = format!("/Size {}", 1 << 21);
    let cases = [
        (catalog(""), page("/Annots <</a 1>>"), nothing.clone(), small, None),
        (catalog(""), page("/Annots 4 0 R"), nothing.clone(), small, None),
        (catalog("/AcroForm []"), page(""), nothing.clone(), small, None),
        (catalog("/AcroForm <</Fields /None>>"), page(""), nothing.clone(), small, None),
        (catalog(form), page(""), "<</Fields (a)>>".to_owned(), small, None),
        (catalog(""), page("/Contents 4 0 R"), stream(""), small, Some("secret")),
        (catalog(""), page("/Contents 4 0 R"), stream("/Length 3"), small, Some("secret")),
        (catalog(""), page(""), nothing, &*huge, Some("secret")),
    ];
    let signers = [person(&[(1, "0.1,0.1,0.3,0.3")])];
    let (fonts, authority, now) = (Fonts::built_in(), authority(), OffsetDateTime::now_utc());
    for (catalog, page, object, size, password) in cases {
        let objects = [catalog.as_bytes(), OBJECTS[1].as_bytes(), page.as_bytes(), object.as_bytes()];
        let pdf = assemble(&objects, size);
        let error = check(&pdf, password, &signers, &fonts).expect_err(&format!("{catalog} {page} {object}"));
        let signed = sign_document(pdf, password, &signers, &authority, &fonts, now).expect_err("signed");
        assert_eq!(error, signed);
    }
}

/// Streams that overlap would make the encrypted file ever so much longer.
#[test]
fn refuses_to_encrypt_streams_that_overlap() {
    let end = format!("{}\nendstream", "a".repeat(1_000_000));
    let heads = 200;
    // Every stream holds the heads of those behind it, and all end at the same place.
    let head = |number: usize| {
        let length = (heads - number) * 60 + end.len() - "\nendstream".len();
        let head = format!("{number} 0 obj\n<</Length {length}>>stream\n");
        format!("{head:>60}")
    };
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = format!("xref\n1 {heads}\n");
    for (index, object) in OBJECTS.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    for number in 4..=heads {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(head(number).as_bytes());
    }
    pdf.extend_from_slice(format!("{end}\nendobj\n").as_bytes());
    let start = pdf.len();
    let trailer = "trailer\n<</Size 1000000 /Root 1 0 R>>\n";
    pdf.extend_from_slice(format!("{table}{trailer}startxref\n{start}\n%%EOF\n").as_bytes());
    let signers = [person(&[(1, "0.1,0.1,0.3,0.3")])];
    check(&pdf, None, &signers, &Fonts::built_in()).unwrap();
    let error = check(&pdf, Some("secret"), &signers, &Fonts::built_in()).expect_err("checked");
    assert!(error.what.en.contains("overlap"), "{error}");
}
