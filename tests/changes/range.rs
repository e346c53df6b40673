//! The shape of `/ByteRange`, and how far it reaches.

use wosigndoc::pdf::{PdfFile, signatures};
use wosigndoc::verify::changes::{Coverage, Verdict, signed_range};

use crate::paper::{Paper, Recipe, history};

/// The signed paper, with its four numbers, or some of them, written otherwise.
fn with(numbers: impl Fn([usize; 3]) -> String) -> Vec<u8> {
    let text = String::from_utf8(Paper::signed(&Recipe::default()).0.build()).unwrap();
    let at = text.find("/ByteRange [0 ").unwrap() + "/ByteRange ".len();
    let end = at + text[at..].find(']').unwrap() + 1;
    let parts: Vec<usize> = text[at + 3..end - 1].split(' ').map(|part| part.parse().unwrap()).collect();
    let new = numbers([parts[0], parts[1], parts[2]]);
    format!("{}{new:width$}{}", &text[..at], &text[end..], width = end - at).into_bytes()
}

#[test]
fn every_other_shape_is_malformed() {
    let shapes: [&dyn Fn([usize; 3]) -> String; 10] = [
        &|[a, b, c]| format!("[1 {a} {b} {c}]"),
        &|[a, b, c]| format!("[0 {} {b} {c}]", a - 1),
        &|[a, b, c]| format!("[0 {} {b} {c}]", a + 1),
        &|[a, b, c]| format!("[0 {a} {} {c}]", b - 1),
        &|[a, b, c]| format!("[0 {a} {} {}]", b + 1, c - 1),
        &|[a, b, c]| format!("[0 {a} {b} {}]", c + 1),
        &|[a, b, _]| format!("[0 {a} {b}]"),
        &|[a, _, _]| format!("[0 {a}]"),
        &|[a, b, _]| format!("[0 {a} {b} -1]"),
        &|_| String::from("(none)"),
    ];
    for (index, shape) in shapes.iter().enumerate() {
        let since = history(with(shape)).remove(0);
        assert_eq!(since.coverage, Coverage::Malformed, "{index}");
        assert_eq!(since.changes.verdict, Verdict::Undecided, "{index}");
        assert!(since.range.is_err(), "{index}");
    }
}

#[test]
fn the_end_is_that_of_a_revision_or_not() {
    let since = history(with(|[a, b, c]| format!("[0 {a} {b} {}]", c - 30))).remove(0);
    assert_eq!((since.coverage, since.changes.verdict), (Coverage::PartOfRevision, Verdict::Undecided));
    let since = history(with(|[a, b, c]| format!("[0 {a} {b} {}]", c - 1))).remove(0);
    assert_eq!((since.coverage, since.changes.verdict), (Coverage::WholeFile, Verdict::None));
}

#[test]
fn the_gap_is_this_signature_and_nothing_else() {
    let pdf = PdfFile::open(Paper::signed(&Recipe::default()).0.build()).unwrap();
    let signature = signatures(&pdf).unwrap().next().unwrap().unwrap();
    let range = signed_range(&pdf, &signature).unwrap();
    assert_eq!(&pdf.bytes()[range.gap.clone()], format!("<{}>", "0".repeat(64)).as_bytes());
    assert_eq!(range.parts(), [0..range.gap.start, range.gap.end..pdf.bytes().len()]);
    // A blank in the digits, and a missing one.
    for (from, to) in [("00>>>", "0 >>>"), ("<0000", "< 000")] {
        let text = String::from_utf8(pdf.bytes().to_vec()).unwrap().replacen(from, to, 1);
        assert!(history(text.into_bytes()).remove(0).range.is_err(), "{to}");
    }
}
