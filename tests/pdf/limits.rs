//! Small files that would take a reader much time or memory: they are refused, and soon.

use std::time::{Duration, Instant};

use crate::support::{Builder, one_page, zlib};
use wosigndoc::pdf::{PdfError, PdfErrorKind, PdfFile, Result, fields, pages};

const OBJECTS: [&str; 3] = [
    "<</Type /Catalog /Pages 2 0 R>>",
    "<</Type /Pages /Kids [3 0 R] /Count 1>>",
    "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
];
const TRAILER: &str = "trailer\n<</Size 1000000 /Root 1 0 R>>\n";
/// Room for `startxref`'s number, so that what comes last can be told beforehand where it stands.
const ROOM: usize = 8;

/// Reads every object; damaged ones are passed over, and counted.
fn read_all(bytes: &[u8]) -> Result<usize> {
    let pdf = PdfFile::open(bytes.to_vec())?;
    let mut damaged = 0;
    for number in pdf.xref().numbers() {
        match pdf.load(number) {
            Err(error) if error.kind == PdfErrorKind::Damaged => damaged += 1,
            object => drop(object?),
        }
    }
    Ok(damaged)
}

/// Too costly, and found out without paying the cost.
fn too_costly<T: std::fmt::Debug>(read: impl FnOnce() -> Result<T>) -> PdfError {
    let begun = Instant::now();
    let error = read().expect_err("read");
    assert_eq!(error.kind, PdfErrorKind::TooCostly, "{error}");
    assert!(begun.elapsed() < Duration::from_secs(60), "{error} after {:?}", begun.elapsed());
    error
}

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
    let at = start + table.len() + format!("10 {rows}\n").len() + 20 * rows + TRAILER.len() + ROOM + 1;
    table.push_str(&format!("10 {rows}\n"));
    table.push_str(&format!("{at:010} 00000 n \n").repeat(rows));
    pdf.extend_from_slice(table.as_bytes());
    pdf.extend_from_slice(TRAILER.as_bytes());
    pdf.extend_from_slice(format!("{:ROOM$}\n", "").as_bytes());
    assert_eq!(pdf.len(), at);
    pdf.extend_from_slice(place);
    pdf.extend_from_slice(format!("\nstartxref\n{start}\n%%EOF\n").as_bytes());
    pdf
}

/// A PDF with all objects from number 10 on in one object stream, 4 0, of this dictionary and these bytes.
fn rows_into_one_stream(rows: usize, entries: &str, packed: &[u8]) -> Vec<u8> {
    let mut builder = one_page("", "");
    builder.stream(4, &format!("/Type /ObjStm {entries}"), packed);
    for row in 0..rows {
        builder.row(10 + u32::try_from(row).unwrap(), [2, 4, row]);
    }
    builder.xref_stream(9, "").build()
}

/// The same text for so many packed objects, from number 10 on.
fn shared(rows: usize, text: &str) -> Vec<u8> {
    let header: String = (0..rows).map(|row| format!("{} 0 ", 10 + row)).collect();
    let entries = format!("/N {rows} /First {} /Filter /FlateDecode", header.len());
    rows_into_one_stream(rows, &entries, &zlib([&header, text].concat().as_bytes()))
}

/// What is read in vain is counted too: strings without an end, blanks, comments, and what was looked at ahead.
#[test]
fn counts_what_was_read_in_vain() {
    let long = |head: &str, fill: &str| [head, &fill.repeat(1_000_000 / fill.len())].concat().into_bytes();
    for place in [
        long("10 0 obj (", "a"),
        long("10 0 obj <", "1"),
        long("", " "),
        long("%", "a"),
        long("10 0 obj 5 ", " "),
        long("10 0 obj [", "1    "),
    ] {
        let pdf = rows_to_one_place(100, &place);
        let error = too_costly(|| read_all(&pdf));
        assert!(error.what.en.contains("overlap"), "{error}");
    }
    // Once is no harm.
    assert_eq!(read_all(&rows_to_one_place(3, b"10 0 obj (")).unwrap(), 3);
}

#[test]
fn reads_nothing_twice_in_object_streams() {
    for (open, fill) in [("(", "aa"), ("[", "5    ")] {
        let pdf = shared(200, &[open, &fill.repeat(1_000_000 / fill.len())].concat());
        assert!(pdf.len() < 20_000);
        // Each begins behind the one before it, or there is none.
        assert_eq!(read_all(&pdf).unwrap(), 200);
    }
}

/// What lies behind an object stream that is too large would be passed over unseen.
#[test]
fn refuses_object_streams_that_unpack_without_end() {
    let unpacking = |length: usize, noise: usize| {
        let mut builder = one_page("", "");
        builder.stream(8, "", &b"noise".repeat(noise / 5));
        let data = zlib(&vec![b' '; length]);
        builder.stream(4, "/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode", &data).row(7, [2, 4, 0]);
        read_all(&builder.xref_stream(9, "").build())
    };
    for (length, noise) in [(300 << 20, 0), (300 << 20, 10 << 20), (40 << 20, 0)] {
        assert!(too_costly(|| unpacking(length, noise)).what.en.contains("too large"));
    }
    // The longer the file, the more of it is borne.
    assert_eq!(unpacking(40 << 20, 1 << 20).unwrap(), 1);
}

/// An object stream that cannot be read is not unpacked again for each of its objects.
#[test]
fn unpacks_an_object_stream_once() {
    let pdf = rows_into_one_stream(900, "/N 1 /First 5 /Filter /FlateDecode", &zlib(&vec![b' '; 30 << 20]));
    let begun = Instant::now();
    assert_eq!(read_all(&pdf).unwrap(), 900);
    // 900 times would be 27 GB.
    assert!(begun.elapsed().as_secs() < 10);
}

/// Two bytes of text become fifty in memory.
#[test]
fn refuses_objects_of_too_many_values() {
    for (open, fill) in [("[", "1 "), ("[", "/a"), ("[", "<<>>"), ("<<", "/a 1")] {
        let pdf = shared(1, &[open, &fill.repeat(2_000_000)].concat());
        assert!(pdf.len() < 20_000);
        assert!(too_costly(|| read_all(&pdf)).what.en.contains("an object is too large"));
    }
    let deep = shared(1, &"[".repeat(1_000_000));
    assert!(too_costly(|| read_all(&deep)).what.en.contains("nested"));
}

/// Sections that overlap, or unpack to much and say nothing, in many revisions.
#[test]
fn counts_what_sections_take() {
    let nothing = zlib(&vec![0; 40 << 20]);
    let mut builder = one_page("", "");
    let at = builder.bytes.len();
    builder.stream(4, "/Type /XRef /W [1 1 1] /Index [0 0] /Size 9 /Filter /FlateDecode", &nothing).table("");
    for _ in 0..6 {
        builder.table(&format!("/XRefStm {at}"));
    }
    assert!(too_costly(|| read_all(&builder.build())).what.en.contains("too large"));

    // Thousands of revisions, and a table of many rows that each of them is read through to.
    let mut builder = one_page("", "");
    for _ in 0..2_100 {
        builder.table("");
    }
    assert!(too_costly(|| read_all(&builder.build())).what.en.contains("revisions"));
}

#[test]
fn refuses_trees_that_are_too_large() {
    let many = "3 0 R ".repeat(200_000);
    let mut builder = Builder::new();
    builder
        .object(1, "<</Pages 2 0 R>>")
        .object(2, &format!("<</Kids [{many}]>>"))
        .object(3, "<<>>")
        .table("");
    let pdf = PdfFile::open(builder.build()).unwrap();
    assert!(too_costly(|| pages(&pdf)).what.en.contains("pages"));

    let all_fields = |roots: &str| {
        let form = format!("/AcroForm <</Fields [{roots}]>>");
        let pdf = PdfFile::open(one_page(&form, "").table("").build())?;
        fields(&pdf)?.try_fold(0, |count, field| field.map(|_| count + 1))
    };
    assert_eq!(all_fields(&"<<>>".repeat(1000)).unwrap(), 1000);
    assert!(too_costly(|| all_fields(&"<<>>".repeat(250_000))).what.en.contains("fields"));
    // Every kid would have a copy of its parent's name.
    let long = "a".repeat(10_000);
    let named = format!("<</T ({long}) /Kids [{}]>>", "<</T (b)>>".repeat(1000));
    assert!(too_costly(|| all_fields(&named)).what.en.contains("name"));
}

/// After a refusal nothing more is read.
#[test]
fn goes_on_refusing() {
    let place = ["10 0 obj (", &"a".repeat(2_000_000), ")"].concat();
    let pdf = PdfFile::open(rows_to_one_place(200, place.as_bytes())).unwrap();
    let is_refused =
        |number: u32| matches!(pdf.load(number), Err(error) if error.kind == PdfErrorKind::TooCostly);
    let read = (10..210).filter(|&number| !is_refused(number)).count();
    assert!((10..100).contains(&read), "{read} of 200 objects");
    let begun = Instant::now();
    for _ in 0..10_000 {
        too_costly(|| pdf.load(10));
    }
    // As many times two million bytes would be 20 GB.
    assert!(begun.elapsed() < Duration::from_secs(10));
}

/// A revision that was appended may be read as much as the first.
#[test]
fn counts_anew_after_an_appended_revision() {
    let mut builder = one_page("", "");
    builder.object(4, &format!("({})", "a".repeat(20 << 20))).table("");
    let (length, previous) = (builder.bytes.len(), builder.newest());
    let mut pdf = PdfFile::open(builder.build()).unwrap();
    let read = |pdf: &PdfFile| (0..20).find(|_| pdf.load(4).is_err());
    let first = read(&pdf).expect("a limit");
    let mut more = Builder::after(builder.build(), previous, 5);
    pdf.append(&more.table("").bytes[length..]).unwrap();
    assert_eq!(read(&pdf), Some(first));
}
