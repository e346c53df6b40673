//! What could not be signed later, or hides something, is refused at once.

use crate::support::tools::tool;
use crate::support::{Signed, assemble, authority, check, inspect, person, sign};
use time::OffsetDateTime;
use wosigndoc_server::signing::{Fonts, SigningError, SigningReason, sign_document};

const OBJECTS: [&str; 3] = [
    "<</Type /Catalog /Pages 2 0 R>>",
    "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
];

/// A PDF whose objects from number 10 on, all of which its page refers to, stand where there is none.
fn rows_to_nothing(rows: usize) -> Vec<u8> {
    let references: String = (10..10 + rows).map(|number| format!(" {number} 0 R")).collect();
    let page = OBJECTS[2].replace(">>", &format!(" /X [{references}]>>"));
    let mut pdf = assemble(&[OBJECTS[0].as_bytes(), OBJECTS[1].as_bytes(), page.as_bytes()], "");
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
    assert_eq!(inspect(&rows_to_nothing(1000)).unwrap().acts, None);
    assert!(refused(&rows_to_nothing(1001)).what.en.contains("cannot be read"));
}

/// What this reader does not read, others may: it must not pass for harmless.
#[test]
fn refuses_objects_that_only_others_read() {
    let script = "<</S /JavaScript /JS (app.alert\\(1\\))>>";
    let catalog = OBJECTS[0].replace(">>", " /OpenAction 6 0 R>>");
    let file = |filter: &str, data: &str| {
        let packed = format!(
            "<</Type /ObjStm /N 1 /First 4 {filter} /Length {}>>stream\n{data}\nendstream",
            data.len()
        );
        let table =
            "<</Type /XRef /W [1 1 1] /Index [6 1] /Size 7 /Length 3>>stream\n\u{2}\u{4}\0\nendstream";
        let objects = [&catalog, OBJECTS[1], OBJECTS[2], &packed, table].map(str::as_bytes);
        let pdf = assemble(&objects, "");
        let at = pdf.windows(7).position(|window| window == b"5 0 obj").unwrap();
        assemble(&objects, &format!("/XRefStm {at}"))
    };
    let plain = format!("6 0 {script}");
    let digits: String = plain.bytes().map(|byte| format!("{byte:02x}")).collect();
    for (filter, data) in [
        ("", &plain),
        ("/Filter /ASCIIHexDecode", &digits),
        (
            "/Filter [/AHx /AHx]",
            &format!("{}3e", digits.bytes().map(|byte| format!("{byte:02x}")).collect::<String>()),
        ),
    ] {
        let acts = inspect(&file(filter, data)).unwrap().acts.expect(filter);
        assert!(acts.en.contains("JavaScript") && acts.en.contains("/OpenAction, in object 6"), "{acts:?}");
    }
    assert!(refused(&file("/Filter /JBIG2Decode", &digits)).what.en.contains("packed"));
    let deep = format!("{}{script}{}", "[".repeat(200), "]".repeat(200));
    let catalog = OBJECTS[0].replace(">>", " /OpenAction 4 0 R>>");
    let objects = [&*catalog, OBJECTS[1], OBJECTS[2], &*deep].map(str::as_bytes);
    assert!(refused(&assemble(&objects, "")).what.en.contains("nested"));
}

/// A seal in a box that viewers show nowhere, or each somewhere else.
#[test]
fn refuses_pages_that_are_cropped_away() {
    let file = |boxes: &str| {
        let page = format!("<</Type /Page /Parent 2 0 R {boxes}>>");
        let other = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 100 100]>>";
        let tree = "<</Type /Pages /Kids [3 0 R 4 0 R] /Count 2>>";
        assemble(&[OBJECTS[0].as_bytes(), tree.as_bytes(), page.as_bytes(), other.as_bytes()], "")
    };
    let check = |boxes: &str, page: u32| {
        check(&file(boxes), None, &[person(&[(page, "0.1,0.1,0.3,0.3")])], &Fonts::built_in())
    };
    let media = "/MediaBox [0 0 595 842]";
    for crop in [
        "[700 0 900 842]",
        "[0 900 595 1000]",
        "[100 100 100 500]",
        "[100 100 500 100]",
        "[0 0 0 0]",
        "[-50 -50 0 0]",
    ] {
        let boxes = format!("{media} /CropBox {crop}");
        let error = check(&boxes, 1).expect_err(crop);
        assert_eq!(error.reason, SigningReason::Position);
        assert!(error.what.en.contains("CropBox of page 1") && error.what.zh.contains("第 1 页"), "{error}");
        check(&boxes, 2).expect(crop);
    }
    for boxes in [
        media,
        "",
        &format!("{media} /CropBox [-50 -50 900 900]"),
        &format!("{media} /CropBox [500 842 100 100]"),
        &format!("{media} /CropBox null"),
    ] {
        check(boxes, 1).expect(boxes);
    }
}

/// Checking beforehand tells all that signing would.
#[test]
fn tells_beforehand_what_signing_would_refuse() {
    let catalog = |form: &str| format!("<</Type /Catalog /Pages 2 0 R {form}>>");
    let page = |more: &str| format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {more}>>");
    let (form, nothing) = ("/AcroForm 4 0 R", "<<>>".to_owned());
    let small = "/Size 4";
    let huge = format!("/Size {}", 1 << 21);
    let cases = [
        (catalog(""), page("/Annots <</a 1>>"), nothing.clone(), small, None),
        (catalog(""), page("/Annots 4 0 R"), nothing.clone(), small, None),
        (catalog("/AcroForm []"), page(""), nothing.clone(), small, None),
        (catalog("/AcroForm <</Fields /None>>"), page(""), nothing.clone(), small, None),
        (catalog(form), page(""), "<</Fields (a)>>".to_owned(), small, None),
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

/// With a password the document is written anew: what viewers bear does not stand in the way, and nothing that they
/// show gets lost.
#[test]
fn encrypts_what_viewers_read() {
    let page = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources <</Font <</F 5 0 R>>>>>>";
    let content = "BT /F 24 Tf 100 700 Td (Shown all the same) Tj ET";
    let font = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>";
    let signers = [person(&[(1, "0.1,0.1,0.3,0.3")])];
    let (fonts, ca) = (Fonts::built_in(), authority());
    for length in ["", "/Length 3", "/Length 3000", "/Length 9 0 R", "/Length 6 0 R"] {
        let stream = format!("<<{length}>>stream\r\n{content}\r\nendstream");
        let objects = [OBJECTS[0], OBJECTS[1], page, &stream, font, "99"].map(str::as_bytes);
        let whole = assemble(&objects, "");
        // The font's place is a few bytes off in the second.
        let place = whole.windows(7).position(|window| window == b"5 0 obj").unwrap();
        let (right, wrong) = (format!("{place:010} 00000 n"), format!("{:010} 00000 n", place - 4));
        let at = whole.windows(right.len()).position(|window| window == right.as_bytes()).unwrap();
        let misplaced = [&whole[..at], wrong.as_bytes(), &whole[at + right.len()..]].concat();
        for pdf in [whole, misplaced] {
            check(&pdf, None, &signers, &fonts).expect(length);
            check(&pdf, Some("secret"), &signers, &fonts).expect(length);
            let signed = Signed::new(&sign(&pdf, Some("secret"), &signers, &ca), &ca);
            signed.assert_valid(Some("secret"), 1, 0);
            let text = tool("mutool")
                .args(["draw", "-q", "-F", "txt", "-p", "secret"])
                .arg(&signed.pdf)
                .output()
                .unwrap();
            assert!(String::from_utf8_lossy(&text.stdout).contains("Shown all the same"), "{length}");
        }
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
