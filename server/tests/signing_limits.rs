//! Small files that would take a reader for ever, and those that could not be signed later, are refused at once.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signing_support;

use signing_support::{assemble, authority, person, zlib};
use time::OffsetDateTime;
use wosigndoc_server::signing::{Fonts, SigningError, SigningReason, check, inspect, sign_document};

const OBJECTS: [&str; 3] = [
    "<</Type /Catalog /Pages 2 0 R>>",
    "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
];

/// A PDF whose objects from number 10 on all stand at the very same place.
fn rows_to_one_place(rows: usize, place: &[u8]) -> Vec<u8> {
    let mut pdf = b"%PDF-1.7\n".to_vec();
    let mut table = String::from("xref\n1 3\n");
    for (index, object) in OBJECTS.iter().enumerate() {
        table.push_str(&format!("{:010} 00000 n \n", pdf.len()));
        pdf.extend_from_slice(format!("{} 0 obj\n{object}\nendobj\n", index + 1).as_bytes());
    }
    // What has no end swallows all behind it, so the place comes last.
    let start = pdf.len();
    let at = start + table.len() + format!("10 {rows}\n").len() + 20 * rows + TRAILER.len() + START + 1;
    table.push_str(&format!("10 {rows}\n"));
    table.push_str(&format!("{at:010} 00000 n \n").repeat(rows));
    pdf.extend_from_slice(table.as_bytes());
    pdf.extend_from_slice(TRAILER.as_bytes());
    pdf.extend_from_slice(format!("{:START$}\n", "").as_bytes());
    assert_eq!(pdf.len(), at);
    pdf.extend_from_slice(place);
    pdf.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

const TRAILER: &str = "trailer\n<</Size 1000000 /Root 1 0 R>>\n";
const START: usize = 8;

/// A PDF with all objects from number 10 on in one object stream, 4 0, of this dictionary and these bytes.
fn rows_into_one_stream(rows: usize, dict: &str, packed: &[u8]) -> Vec<u8> {
    let stream = [
        format!("<</Type /ObjStm {dict} /Length {}>>stream\n", packed.len()).as_bytes(),
        packed,
        b"\nendstream",
    ]
    .concat();
    let objects: Vec<&[u8]> = OBJECTS.iter().map(|object| object.as_bytes()).chain([&stream[..]]).collect();
    let mut pdf = assemble(&objects, "");
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
    let previous = tail.split("startxref\n").nth(1).unwrap().lines().next().unwrap().to_owned();
    let table: Vec<u8> = (0..rows).flat_map(|row| [2, 4, (row >> 8) as u8, row as u8]).collect();
    let table = zlib(&table);
    let start = pdf.len();
    let head = format!(
        "9 0 obj\n<</Type /XRef /W [1 1 2] /Index [10 {rows}] /Size {} /Root 1 0 R /Prev {previous} \
         /Filter /FlateDecode /Length {}>>\nstream\n",
        10 + rows,
        table.len()
    );
    pdf.extend_from_slice(head.as_bytes());
    pdf.extend_from_slice(&table);
    pdf.extend_from_slice(format!("\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

fn refused(pdf: &[u8]) -> SigningError {
    let error = inspect(pdf).expect_err("inspected");
    assert_eq!(error.reason, SigningReason::Unsupported, "{error}");
    error
}

/// What is read in vain is counted too: strings without an end, blanks, comments, and what was looked at ahead.
#[test]
fn counts_what_was_read_in_vain() {
    let long = |head: &str, fill: &str| [head, &fill.repeat(1_000_000)].concat().into_bytes();
    for place in [
        long("10 0 obj (", "a"),
        long("10 0 obj <", "1"),
        long("", " "),
        long("%", "a"),
        long("10 0 obj 5 ", " "),
        long("10 0 obj [", "1 "),
    ] {
        let error = refused(&rows_to_one_place(100, &place));
        assert!(error.en.contains("overlap"), "{error}");
    }
    // Once is no harm.
    assert!(!inspect(&rows_to_one_place(3, b"10 0 obj (")).unwrap().acts);
}

#[test]
fn counts_what_was_read_in_object_streams() {
    let header: String = (0..100).map(|row| format!("{} 0 ", 10 + row)).collect();
    let dict = format!("/N 100 /First {} /Filter /FlateDecode", header.len());
    for (open, fill) in [("(", "a"), ("[", "5 ")] {
        let text = [&header, open, &fill.repeat(2_000_000)].concat();
        let pdf = rows_into_one_stream(100, &dict, &zlib(text.as_bytes()));
        assert!(pdf.len() < 20_000);
        assert!(refused(&pdf).en.contains("overlap"));
    }
}

/// What lies behind an object stream that is too large would be passed over unseen.
#[test]
fn refuses_object_streams_that_unpack_without_end() {
    let pdf = rows_into_one_stream(1, "/N 1 /First 5 /Filter /FlateDecode", &zlib(&vec![b' '; 300 << 20]));
    assert!(refused(&pdf).en.contains("too large"));
}

/// An object stream that cannot be read is not unpacked again for each of its objects.
#[test]
fn unpacks_an_object_stream_once() {
    let rows = 900;
    let pdf = rows_into_one_stream(rows, "/N 1 /First 5 /Filter /FlateDecode", &zlib(&vec![b' '; 100 << 20]));
    let begun = std::time::Instant::now();
    assert!(!inspect(&pdf).unwrap().acts);
    // 900 times would be 90 GB.
    assert!(begun.elapsed().as_secs() < 10);
}

#[test]
fn bears_some_unreadable_objects() {
    assert!(!inspect(&rows_to_one_place(1000, b"nothing")).unwrap().acts);
    assert!(refused(&rows_to_one_place(1001, b"nothing")).en.contains("cannot be read"));
}

/// Sections that overlap, or unpack to much and say nothing, in many revisions.
#[test]
fn counts_what_sections_take() {
    let nothing = zlib(&vec![0; 40 << 20]);
    let hidden = [
        format!(
            "<</Type /XRef /W [1 1 1] /Index [0 0] /Size 9 /Filter /FlateDecode /Length {}>>stream\n",
            nothing.len()
        )
        .as_bytes(),
        &nothing,
        b"\nendstream",
    ]
    .concat();
    let objects: Vec<&[u8]> = OBJECTS.iter().map(|object| object.as_bytes()).chain([&hidden[..]]).collect();
    let mut pdf = assemble(&objects, "");
    let at = pdf.windows(7).position(|window| window == b"4 0 obj").unwrap();
    let tail = String::from_utf8_lossy(&pdf[pdf.len() - 40..]).into_owned();
    let mut previous: usize =
        tail.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    for _ in 0..6 {
        let start = pdf.len();
        let revision = format!(
            "xref\n0 0\ntrailer\n<</Size 5 /Root 1 0 R /Prev {previous} /XRefStm {at}>>\nstartxref\n{start}\n%%EOF\n"
        );
        pdf.extend_from_slice(revision.as_bytes());
        previous = start;
    }
    assert!(refused(&pdf).en.contains("too large"));
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
    pdf.extend_from_slice(format!("{table}{TRAILER}startxref\n{start}\n%%EOF\n").as_bytes());
    let signers = [person(&[(1, "0.1,0.1,0.3,0.3")])];
    check(&pdf, None, &signers, &Fonts::built_in()).unwrap();
    let error = check(&pdf, Some("secret"), &signers, &Fonts::built_in()).expect_err("checked");
    assert!(error.en.contains("overlap"), "{error}");
}
