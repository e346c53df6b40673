//! Slips of writers that every reader bears: offsets that count from the header, `startxref` that names another place.
//! What others could read in another way stays refused.

use crate::support::{Builder, one_page};
use wosigndoc::pdf::{PdfErrorKind, PdfFile, pages};

const PAGE: &str = "/Contents 4 0 R";

/// A file of one page, whose newest section is a table or a stream.
fn file(stream: bool) -> Vec<u8> {
    let mut builder = one_page("", PAGE);
    if stream { builder.xref_stream(9, "").build() } else { builder.table("").build() }
}

/// The file with another number behind its last `startxref`.
fn naming(file: &[u8], start: impl std::fmt::Display) -> Vec<u8> {
    let at = file.windows(9).rposition(|window| window == b"startxref").unwrap();
    [&file[..at], format!("startxref\n{start}\n%%EOF\n").as_bytes()].concat()
}

fn start(file: &[u8]) -> usize {
    PdfFile::open(file.to_vec()).unwrap().xref().start
}

fn assert_reads(bytes: Vec<u8>, base: usize, what: &str) {
    let pdf = PdfFile::open(bytes).unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!((pages(&pdf).unwrap().len(), pdf.xref().base), (1, base), "{what}");
}

fn assert_refused(bytes: Vec<u8>, what: &str) {
    let error = PdfFile::open(bytes).and_then(|pdf| pages(&pdf)).err();
    assert_eq!(error.unwrap_or_else(|| panic!("{what}: read")).kind, PdfErrorKind::Damaged, "{what}");
}

#[test]
fn what_stands_before_the_header() {
    for stream in [false, true] {
        let file = file(stream);
        for junk in [&b"\n"[..], b"\xef\xbb\xbf", b"HTTP/1.1 200 OK\r\n\r\n", &[b'x'; 1000]] {
            let moved = [junk, &file].concat();
            assert_reads(moved, junk.len(), &format!("{stream}, {} bytes", junk.len()));
        }
        // Offsets that count from the beginning of the file all the same.
        let mut builder = Builder::after(b"junk\n%PDF-1.7\n".to_vec(), 0, 1);
        builder
            .object(1, "<</Type /Catalog /Pages 2 0 R>>")
            .object(2, "<</Type /Pages /Kids [3 0 R] /Count 1>>")
            .object(3, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 10 10]>>");
        let section = if stream { builder.xref_stream(9, "") } else { builder.table("") };
        assert_reads(section.build(), 0, "counted from the beginning");
        assert_refused([&[b'x'; 1100][..], &file].concat(), "a header too far from the beginning");
    }
}

#[test]
fn startxref_that_names_another_place() {
    for stream in [false, true] {
        let file = file(stream);
        let right = start(&file);
        for named in [0, 1, right - 1, right + 1, right + 3, right.saturating_sub(200), 5_000, 99_999_999] {
            assert_reads(naming(&file, named), 0, &format!("{stream}: {named} instead of {right}"));
        }
        for behind in [&[b'\0'; 5000][..], &b"<html></html>\n".repeat(1000)] {
            assert_reads([&file[..], behind].concat(), 0, "far from the end");
        }
        assert_reads([&b"junk"[..], &naming(&file, 7)].concat(), 4, "both");
    }
    // No number, no word.
    assert_refused(naming(&file(false), "x"), "no number");
    assert_refused(file(false)[..start(&file(false))].to_vec(), "no table");
}

/// A table may be there and belong to an earlier state than the one that others show.
#[test]
fn a_table_that_is_not_the_newest_or_not_right() {
    let file = file(false);
    let right = start(&file);
    let update = b"3 0 obj\n<</Type /Page /Parent 2 0 R /MediaBox [0 0 99 99]>>\nendobj\n";
    let trailer =
        format!("trailer\n<</Root 1 0 R /Size 5 /Prev {right}>>\nstartxref\n{}\n%%EOF\n", right + 3);
    assert_refused([&file[..], update, trailer.as_bytes()].concat(), "a revision without a table");
    assert_refused([&file[..], update, &[b' '; 5000]].concat(), "a revision that was cut off");
    // The table is near, but line ends were converted before it.
    let moved = [b"%PDF-1.7\r\n\r\n", &file[9..]].concat();
    assert_refused(moved, "every place is wrong");
}

#[test]
fn no_section_before_the_first() {
    let mut builder = one_page("", PAGE);
    assert_reads(builder.table("/Prev 0").build(), 0, "Prev 0");
    let mut builder = one_page("", PAGE);
    assert_reads(builder.table("/XRefStm 0").build(), 0, "XRefStm 0");
    let mut builder = one_page("", PAGE);
    assert_refused(builder.table("/Prev -1").build(), "Prev -1");
}

#[test]
fn pages_that_are_listed_twice() {
    let tree = |kids: &str, more: &[(u32, &str)]| {
        let mut builder = Builder::new();
        builder.object(1, "<</Type /Catalog /Pages 2 0 R>>");
        builder.object(2, &format!("<</Type /Pages /Kids [{kids}]>>"));
        builder.object(3, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 10 10] /Annots 9 0 R>>");
        for (number, text) in more {
            builder.object(*number, text);
        }
        builder.table("").build()
    };
    let count = |kids: &str, more: &[(u32, &str)]| {
        let found = pages(&PdfFile::open(tree(kids, more)).unwrap());
        found.map(|pages| (pages.len(), pages.iter().any(|page| page.shares_annotations)))
    };
    let empty = (4, "<</Type /Pages /Kids []>>");
    assert_eq!(count("3 0 R 3 0 R", &[]).unwrap(), (2, false));
    assert_eq!(count("4 0 R 3 0 R 4 0 R", &[empty]).unwrap(), (1, false));
    assert_eq!(count("4 0 R 4 0 R", &[(4, "<</Kids [3 0 R]>>")]).unwrap(), (2, false));
    let other = (5, "<</Type /Page /MediaBox [0 0 10 10] /Annots 9 0 R>>");
    assert_eq!(count("3 0 R 3 0 R 5 0 R", &[other]).unwrap(), (3, true));
    for (kids, more) in [
        ("2 0 R 3 0 R", &[][..]),
        ("3 0 R 4 0 R", &[(4, "<</Kids [5 0 R]>>"), (5, "<</Kids [4 0 R]>>")]),
        ("3 0 R 4 0 R", &[(4, "<</Kids [3 0 R 2 0 R]>>")]),
    ] {
        assert_eq!(count(kids, more).unwrap_err().kind, PdfErrorKind::Damaged, "{kids}");
    }
    // Every level names the next one twice: two to the power of its levels.
    let mut doubled: Vec<String> =
        (4..60).map(|next| format!("<</Kids [{0} 0 R {0} 0 R]>>", next + 1)).collect();
    doubled.push("<</Kids []>>".to_owned());
    let doubled: Vec<(u32, &str)> = (4..).zip(doubled.iter().map(String::as_str)).collect();
    assert_eq!(count("4 0 R", &doubled).unwrap_err().kind, PdfErrorKind::TooCostly);
}

/// Object streams by every filter that is not for pictures: what stands in them is read, and never passed over.
#[test]
fn object_streams_in_every_filter() {
    let text = "3 0 <</Type /Page /Parent 2 0 R /MediaBox [0 0 10 10]>>";
    let hex: String = text.bytes().map(|byte| format!("{byte:02x}")).chain([">".into()]).collect();
    let runs: Vec<u8> = text.bytes().flat_map(|byte| [0, byte]).chain([128]).collect();
    // Nine bits a code, and a new table before they grow.
    let mut bits = String::new();
    for piece in text.as_bytes().chunks(200) {
        bits.push_str(&format!("{:09b}", 256));
        piece.iter().for_each(|byte| bits.push_str(&format!("{byte:09b}")));
    }
    bits.push_str(&format!("{:09b}0000000", 257));
    let lzw: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|byte| byte.iter().fold(0, |sum, bit| sum << 1 | (bit - b'0')))
        .collect();
    let zlib = crate::support::zlib(text.as_bytes());
    let twice: String = zlib.iter().map(|byte| format!("{byte:02X} ")).collect();
    let mut base85 = Vec::new();
    for group in text.as_bytes().chunks(4) {
        let mut bytes = [0; 4];
        bytes[..group.len()].copy_from_slice(group);
        let number = u32::from_be_bytes(bytes);
        let digits = (0..5).rev().map(|power| u8::try_from(number / 85_u32.pow(power) % 85).unwrap() + b'!');
        base85.extend(digits.take(group.len() + 1));
    }
    base85.extend_from_slice(b"~>");
    let cases: [(&str, &[u8]); 9] = [
        ("", text.as_bytes()),
        ("/Filter /FlateDecode", &zlib),
        ("/F /FlateDecode", &zlib),
        ("/Filter /ASCIIHexDecode", hex.as_bytes()),
        ("/Filter [/AHx]", hex.as_bytes()),
        ("/Filter [/ASCIIHexDecode /FlateDecode]", twice.as_bytes()),
        ("/Filter /ASCII85Decode", &base85),
        ("/Filter /LZWDecode", &lzw),
        ("/Filter /RunLengthDecode", &runs),
    ];
    let file = |filter: &str, data: &[u8]| {
        let mut builder = Builder::new();
        builder.object(1, "<</Type /Catalog /Pages 2 0 R>>").object(2, "<</Type /Pages /Kids [3 0 R]>>");
        builder.stream(8, &format!("/Type /ObjStm /N 1 /First 4 {filter}"), data).row(3, [2, 8, 0]);
        builder.xref_stream(9, "").build()
    };
    for (filter, data) in cases {
        assert_reads(file(filter, data), 0, filter);
    }
    for filter in
        ["/Filter /DCTDecode", "/Filter /Unknown", "/Filter 7 0 R", "/Filter /FlateDecode /DecodeParms 7 0 R"]
    {
        let error = pages(&PdfFile::open(file(filter, &zlib)).unwrap()).unwrap_err();
        assert_eq!(error.kind, PdfErrorKind::Unsupported, "{filter}");
    }
}
