//! What only some programs can read, or read in one way alone: prepared before a paper was signed, or written behind it. Found
//! by attacks on this verifier, each shown here beside its honest form.

use wosigndoc::verify::changes::Verdict;

use crate::paper::{PAGE, Paper, Recipe, TEXT};
use crate::support::{Builder, zlib};

const FONTS: &str = "/Font <</F1 15 0 R>>";
const FONT: &str = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>";
const PRICE: &[u8] = b"BT /F1 12 Tf (the price is) Tj ET";

/// What is said of a paper that was prepared and then changed.
fn verdict(prepare: impl FnOnce(&mut Builder), change: impl FnOnce(&mut Builder)) -> Verdict {
    Paper::signed_after(&Recipe::default(), prepare).then(change).changes().verdict
}

/// Changes nothing that was there.
fn harmless(paper: &mut Builder) {
    paper.object(30, "<<>>");
}

/// An object that we cannot read may lead others to what was changed.
#[test]
fn what_cannot_be_read() {
    let resources = |text: &str| {
        let text = format!("<<{FONTS} /X {text}>>");
        move |paper: &mut Builder| _ = paper.object(7, &text)
    };
    assert_eq!(verdict(resources("<41>"), harmless), Verdict::Permitted);
    assert_eq!(verdict(resources("<4x>"), harmless), Verdict::Undecided);
}

/// Some programs find an object in its stream by its number, others by its place.
#[test]
fn objects_in_streams_under_a_wrong_place() {
    let packed = |objects: &'static [(u32, &'static str)], place: usize| {
        move |paper: &mut Builder| {
            paper.object(7, "<</Font <</F1 55 0 R>>>>");
            paper.packed(50, objects).row(55, [2, 50, place]).xref_stream(52, "");
        }
    };
    assert_eq!(verdict(packed(&[(55, FONT)], 0), harmless), Verdict::Permitted);
    assert_eq!(verdict(packed(&[(55, FONT)], 1), harmless), Verdict::Undecided);
    assert_eq!(verdict(packed(&[(55, "<<>>"), (55, FONT)], 1), harmless), Verdict::Undecided, "twice");
}

/// An object stream is read as far as its length says: past the signed bytes, if that is so long.
#[test]
fn object_streams_that_reach_past_the_signed_bytes() {
    let with_length = |length: usize| {
        move |paper: &mut Builder| {
            paper.object(7, "<</Font <</F1 55 0 R>>>>");
            paper.row(50, [1, paper.bytes.len(), 0]).row(55, [2, 50, 0]);
            let text = format!("55 0 {FONT}");
            let text = format!("<</Type /ObjStm /N 1 /First 5 /Length {length}>>\nstream\n{text}");
            paper.bytes.extend_from_slice(format!("50 0 obj\n{text}\nendstream\nendobj\n").as_bytes());
            paper.xref_stream(52, "");
        }
    };
    let long = |paper: &mut Builder| {
        let text = "x".repeat(200_000);
        paper.object(30, &format!("({text})"));
    };
    assert_eq!(verdict(with_length(5 + FONT.len()), long), Verdict::Permitted);
    assert!(verdict(with_length(100_000), long) >= Verdict::Undecided);
}

/// The length of a stream may be packed itself: without it no two streams are the same.
#[test]
fn lengths_in_object_streams() {
    let text = |data: &[u8]| {
        let text = [b"<</Length 51 0 R>>\nstream\n".as_slice(), data, b"\nendstream"].concat();
        String::from_utf8(text).unwrap()
    };
    let packed = |paper: &mut Builder| {
        paper.object(4, &text(PRICE)).packed(50, &[(51, "33")]).xref_stream(52, "");
    };
    assert_eq!(PRICE.len(), 33);
    assert_eq!(verdict(packed, |paper| _ = paper.object(4, &text(PRICE))), Verdict::Permitted);
    let other = PRICE.to_ascii_uppercase();
    assert_eq!(verdict(packed, |paper| _ = paper.object(4, &text(&other))), Verdict::NotPermitted);
    let without = |paper: &mut Builder| _ = paper.object(4, "<<>>\nstream\nBT ET\nendstream");
    assert!(
        verdict(without, |paper| _ = paper.object(4, "<<>>\nstream\nBT 1 ET\nendstream"))
            > Verdict::Permitted
    );
}

/// Of an entry that is there twice some programs take the first, others the last.
#[test]
fn entries_that_are_there_twice() {
    let page = |entries: &str| {
        let text = format!("<<{PAGE} {entries}>>");
        move |paper: &mut Builder| _ = paper.object(3, &text)
    };
    assert_eq!(verdict(page("/Rotate 0"), harmless), Verdict::Permitted);
    assert_eq!(verdict(page("/Rotate 0 /Rotate 0"), harmless), Verdict::Undecided, "where nobody touches it");
    assert_eq!(verdict(page("/Contents 9 0 R"), page("")), Verdict::NotPermitted, "one is gone");
    let twice = |paper: &mut Builder| _ = paper.object(7, &format!("<<{FONTS} {FONTS}>>"));
    assert_eq!(verdict(twice, harmless), Verdict::Undecided, "in an object that a page leads to");
    let length = |paper: &mut Builder| _ = paper.stream(4, "/Length 33", PRICE);
    assert!(verdict(length, |paper| _ = paper.stream(4, "", PRICE)) > Verdict::Permitted);
}

/// Whoever packs contents anew does it by Flate without parameters, or some programs show nothing.
#[test]
fn contents_packed_in_another_shape() {
    let padded = [PRICE, b"       "].concat();
    let rows: Vec<u8> = padded.chunks(8).flat_map(|row| [b"\0".as_slice(), row].concat()).collect();
    let plain = |paper: &mut Builder| _ = paper.stream(4, "", &padded);
    let packed = |entries: &'static str, data: Vec<u8>| {
        move |paper: &mut Builder| _ = paper.stream(4, entries, &zlib(&data))
    };
    assert_eq!(verdict(plain, packed("/Filter /FlateDecode", padded.clone())), Verdict::Permitted);
    assert_eq!(verdict(plain, packed("/Filter [/FlateDecode]", padded.clone())), Verdict::Permitted);
    for entries in [
        "/Filter [/FlateDecode] /DecodeParms <</Predictor 12 /Columns 8>>",
        "/Filter /FlateDecode /DecodeParms [<</Predictor 12 /Columns 8>>]",
        "/Filter /FlateDecode /DecodeParms <</Predictor 12.0 /Columns 8.0>>",
    ] {
        assert_eq!(verdict(plain, packed(entries, rows.clone())), Verdict::NotPermitted, "{entries}");
    }
    let digits: String = padded.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex = |paper: &mut Builder| _ = paper.stream(4, "/Filter /ASCIIHexDecode", digits.as_bytes());
    assert_eq!(verdict(hex, packed("/Filter /FlateDecode", padded.clone())), Verdict::NotPermitted);
}

/// The check sum of zlib (RFC 1950).
fn check_sum(data: &[u8]) -> [u8; 4] {
    let (mut a, mut b) = (1_u32, 0_u32);
    for byte in data {
        a = (a + u32::from(*byte)) % 65_521;
        b = (b + a) % 65_521;
    }
    (b << 16 | a).to_be_bytes()
}

/// A piece that is copied from before the beginning is zeros to some programs, and an error to others.
#[test]
fn pieces_from_before_the_beginning() {
    let data = [b"\0\0\0".as_slice(), PRICE].concat();
    let stored = |begin: &[u8], text: &[u8]| {
        let length = u16::try_from(text.len()).unwrap();
        let lengths = [length.to_le_bytes(), (!length).to_le_bytes()].concat();
        [b"\x78\x9c".as_slice(), begin, &lengths, text, &check_sum(&data)].concat()
    };
    let plain = |paper: &mut Builder| _ = paper.stream(4, "", &data);
    let packed =
        |bytes: Vec<u8>| move |paper: &mut Builder| _ = paper.stream(4, "/Filter /FlateDecode", &bytes);
    assert_eq!(verdict(plain, packed(stored(b"\x01", &data))), Verdict::Permitted);
    // Three bytes from one before the beginning, then the text.
    assert_eq!(verdict(plain, packed(stored(b"\x02\x02\x40\x00", PRICE))), Verdict::NotPermitted);
    let mut cut = stored(b"\x01", &data);
    cut.truncate(cut.len() - 2);
    assert_eq!(verdict(plain, packed(cut)), Verdict::NotPermitted, "the check sum is not all there");
}

/// Where a whole number belongs, some programs do not take one with a point.
#[test]
fn whole_numbers_with_a_point() {
    let page = |entries: &str| {
        let text = format!("<<{} {entries}>>", PAGE.replace("[0 0 595 842]", "[0 0 595.0 842]"));
        move |paper: &mut Builder| _ = paper.object(3, &text)
    };
    let turned = |paper: &mut Builder| _ = paper.object(3, &format!("<<{PAGE} /Rotate 90>>"));
    assert_eq!(verdict(turned, page("/Rotate 90")), Verdict::Permitted, "a rectangle is read alike");
    assert_eq!(verdict(turned, page("/Rotate 90.0")), Verdict::NotPermitted);
    let font = |first: &str| {
        let text = format!("<</Type /Font /Subtype /Type1 /Encoding <</Differences [{first} /nine]>>>>");
        move |paper: &mut Builder| _ = paper.object(15, &text)
    };
    assert_eq!(verdict(font("49"), font("49")), Verdict::Permitted);
    assert_eq!(verdict(font("49"), font("49.0")), Verdict::NotPermitted);
    // Beyond 32 bits some lose the high ones.
    let flags = |flags: &str| {
        let text = format!("<<{TEXT} /V (100) /AP <</N 9 0 R>> /F {flags}>>");
        move |paper: &mut Builder| _ = paper.object(10, &text)
    };
    assert_eq!(verdict(flags("4"), flags("4")), Verdict::Permitted);
    assert_eq!(verdict(flags("9007199254740992"), flags("9007199254740993")), Verdict::NotPermitted);
}

/// A table that was signed leads to a stream whose length the signed bytes do not tell.
#[test]
fn a_length_that_comes_later() {
    let long = |paper: &mut Builder| _ = paper.object(4, "<</Length 60 0 R>>\nstream\nBT ET\nendstream");
    let with_length = |paper: &mut Builder| _ = paper.object(60, "5");
    assert!(verdict(long, with_length) > Verdict::Permitted);
}
