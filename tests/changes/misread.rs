//! What programs read in different ways, or only some of them see: found by an attack on this verifier, each shown here by a
//! paper of our own.

use std::cell::Cell;

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{CATALOG, EMPTY, PAGE, Paper, Recipe, TEXT, history, kinds};
use crate::support::Builder;

fn prepared(prepare: impl FnOnce(&mut Builder)) -> Paper {
    Paper::signed_after(&Recipe::default(), prepare)
}

fn signed() -> Paper {
    Paper::signed(&Recipe::default())
}

#[track_caller]
fn found(changes: &Changes, verdict: Verdict, kind: ChangeKind) {
    assert_eq!(changes.verdict, verdict, "{:#?}", changes.changes);
    assert!(kinds(changes, verdict).contains(&kind), "{:#?}", changes.changes);
}

fn refused(paper: Paper, change: impl FnOnce(&mut Builder), kind: ChangeKind) {
    found(&paper.then(change).changes(), Verdict::NotPermitted, kind);
}

fn undecided(paper: Paper, change: impl FnOnce(&mut Builder), kind: ChangeKind) {
    found(&paper.then(change).changes(), Verdict::Undecided, kind);
}

/// A revision shows another price, and the next one leads back: a program that repairs the file shows the other.
#[test]
fn what_is_undone_again() {
    let at = Cell::new(0);
    let paper = prepared(|paper| {
        at.set(paper.bytes.len());
        paper.stream(4, "", b"BT /F1 12 Tf (the price is) Tj ET");
    });
    let changed = paper.then(|paper| _ = paper.stream(4, "", b"BT /F1 12 Tf (the cost is) Tj ET"));
    undecided(changed, |paper| _ = paper.row(4, [1, at.get(), 0]), ChangeKind::Revisions);
}

/// An object that a table names under another number is reached by nobody, and found by who repairs.
#[test]
fn an_object_under_another_number() {
    refused(
        signed(),
        |paper| {
            let at = paper.bytes.len();
            paper.bytes.extend_from_slice(b"4 0 obj\n<</Length 0>>\nendobj\n");
            paper.row(99, [1, at, 0]);
        },
        ChangeKind::Unreached,
    );
}

/// Programs look for the table within the last kilobyte, and for a number behind `startxref`.
#[test]
fn an_end_that_is_none() {
    let with_end = |end: &[u8]| {
        let mut bytes = signed().then(|paper| _ = paper.object(30, "<<>>")).0.build();
        bytes.extend_from_slice(end);
        history(bytes).remove(0).changes
    };
    assert_eq!(with_end(b"\r\n").verdict, Verdict::Permitted);
    found(
        &with_end(&[b"%".as_slice(), &[b'x'; 1100], b"\n"].concat()),
        Verdict::Undecided,
        ChangeKind::Damage,
    );
    found(&with_end(b"% a comment\n"), Verdict::Undecided, ChangeKind::Damage);
}

/// A number of pages that is wrong hides some of them from some programs.
#[test]
fn the_tree_of_pages() {
    for tree in ["/Type /Pages /Kids [3 0 R] /Count 0", "/Type /Page /Kids [3 0 R] /Count 1"] {
        refused(signed(), |paper| _ = paper.object(2, &format!("<<{tree}>>")), ChangeKind::Pages);
    }
    let other = PAGE.replace("/Type /Page ", "/Type /Template ");
    refused(signed(), |paper| _ = paper.object(3, &format!("<<{other}>>")), ChangeKind::Page);
}

/// Programs that heed generations do not find an object by another one.
#[test]
fn generations() {
    let other = PAGE.replace("/Contents 4 0 R", "/Contents 4 1 R");
    refused(signed(), |paper| _ = paper.object(3, &format!("<<{other}>>")), ChangeKind::Page);
    refused(
        signed(),
        |paper| {
            paper.row(3, [1, paper.bytes.len(), 1]);
            paper.bytes.extend_from_slice(format!("3 1 obj\n<<{PAGE}>>\nendobj\n").as_bytes());
        },
        ChangeKind::Damage,
    );
}

/// What our decoders forgive, others do not: text vanishes.
#[test]
fn contents_packed_anew() {
    let text = b"BT /F1 12 Tf (the price is) Tj ET";
    let digits: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    let hex =
        |paper: &mut Builder| _ = paper.stream(4, "/Filter /ASCIIHexDecode", format!("{digits}>").as_bytes());
    refused(signed(), hex, ChangeKind::Page);
    let flate = crate::support::zlib(text);
    let packed = |paper: &mut Builder| _ = paper.stream(4, "/Filter /FlateDecode", &flate);
    assert_eq!(signed().then(packed).changes().verdict, Verdict::Permitted, "which all read alike");
}

#[test]
fn numbers_with_a_sign_within() {
    let other = PAGE.replace("595 842", "595-400 842");
    refused(signed(), |paper| _ = paper.object(3, &format!("<<{other}>>")), ChangeKind::Damage);
}

/// A table that was signed leads behind the signed bytes, where the object is written later.
#[test]
fn what_stood_there_only_later() {
    // The length reaches past the signed end: what follows becomes part of the picture.
    let long = |paper: &mut Builder| {
        paper.row(4, [1, paper.bytes.len(), 0]);
        paper.bytes.extend_from_slice(b"4 0 obj\n<</Length 99999>>\nstream\nBT ET\nendstream\nendobj\n");
    };
    let paper = prepared(long);
    let length = 100_000_usize.saturating_sub(paper.0.bytes.len());
    let mut bytes = paper.0.build();
    bytes.extend_from_slice(&[b"%".as_slice(), &vec![b' '; length + 5000], b"\n"].concat());
    let mut builder = Builder::after(bytes, paper.0.newest(), 19);
    builder.object(30, "<<>>").table("");
    let changes = history(builder.build()).remove(0).changes;
    assert!(changes.verdict >= Verdict::Undecided, "{changes:#?}");
}

/// A picture that is listed as an annotation, or as a field, is compared as a picture all the same.
#[test]
fn pictures_that_pass_for_something_else() {
    let other = |paper: &mut Builder| {
        paper.stream(9, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", b"BT (999) Tj ET");
    };
    let as_annotation = PAGE.replace("14 0 R]", "14 0 R 9 0 R]");
    let paper = prepared(|paper| _ = paper.object(3, &format!("<<{as_annotation}>>")));
    assert_eq!(paper.then(other).changes().verdict, Verdict::NotPermitted);
    let paper = prepared(|paper| _ = paper.object(5, "<</Fields [6 0 R 10 0 R 11 0 R 9 0 R] /SigFlags 3>>"));
    assert_eq!(paper.then(other).changes().verdict, Verdict::NotPermitted);
}

#[test]
fn values_or_appearances() {
    let paper = prepared(|paper| {
        _ = paper.object(5, "<</Fields [6 0 R 10 0 R 11 0 R] /SigFlags 3 /NeedAppearances true>>")
    });
    undecided(
        paper,
        |paper| _ = paper.object(5, "<</Fields [6 0 R 10 0 R 11 0 R] /SigFlags 3>>"),
        ChangeKind::Form,
    );
}

/// A picture over half of a page may hide what was signed.
#[test]
fn pictures_of_what_is_added() {
    let mut covering = signed();
    let half = EMPTY.replace("[9 40 99 60]", "[0 0 595 500]");
    covering.0.object(11, &format!("<<{half} /V 21 0 R /AP <</N 9 0 R>>>>"));
    covering.seal(21, "");
    let changes = covering.changes();
    assert!(changes.verdict >= Verdict::Undecided, "{changes:#?}");
}

#[test]
fn fields_that_are_filled_in_too_far() {
    let field = |entries: &str| format!("<<{TEXT} {entries}>>");
    let empty = |paper: &mut Builder| _ = paper.object(10, &field("/Ff 1"));
    let paper = Paper::signed_after(&Recipe { price: "", ..Recipe::default() }, empty);
    refused(paper, |paper| _ = paper.object(10, &field("/Ff 1 /V (1)")), ChangeKind::FormValue);
    let wide = TEXT.replace("[9 9 99 29]", "[0 0 595 842]");
    let paper = Paper::signed_after(&Recipe::default(), |paper| _ = paper.object(10, &format!("<<{wide}>>")));
    undecided(
        paper,
        |paper| _ = paper.object(10, &format!("<<{wide} /V (1) /AP <</N 9 0 R>>>>")),
        ChangeKind::Appearance,
    );
}

/// `/Prev` twice in a trailer that is not the newest.
#[test]
fn a_trailer_in_the_middle() {
    let paper = signed().then(|paper| _ = paper.object(30, "<<>>"));
    let mut bytes = paper.0.build();
    let text = String::from_utf8(bytes.clone()).unwrap();
    let at = text.rfind("/Root 1 0 R").unwrap();
    bytes.splice(at..at, b"/Root 1 0 R ".iter().copied());
    let start = paper.0.newest();
    let mut builder = Builder::after(bytes, start, 31);
    builder.object(1, &format!("<<{CATALOG}>>")).table("");
    found(&history(builder.build()).remove(0).changes, Verdict::NotPermitted, ChangeKind::Revisions);
}

/// What says which part of the structure a page's contents are, and a title that is shown above the document.
#[test]
fn what_stands_beside_the_pages() {
    let numbered = |number: &str| format!("<<{PAGE} /StructParents {number}>>");
    let paper = || prepared(|paper| _ = paper.object(3, &numbered("0")));
    assert_eq!(
        paper().then(|paper| _ = paper.object(3, &numbered("0"))).changes().verdict,
        Verdict::Permitted
    );
    undecided(paper(), |paper| _ = paper.object(3, &numbered("1")), ChangeKind::Structure);
    for (shows, verdict) in [("true", Verdict::Undecided), ("false", Verdict::Permitted)] {
        let catalog = format!("/ViewerPreferences <</DisplayDocTitle {shows}>> /Metadata 30 0 R");
        let metadata = |title: &str, time: &str| {
            let text = format!("<x><dc:title>{title}</dc:title><xmp:ModifyDate>{time}</xmp:ModifyDate></x>");
            move |paper: &mut Builder| _ = paper.stream(30, "/Type /Metadata", text.as_bytes())
        };
        let recipe = || Recipe { catalog: &catalog, ..Recipe::default() };
        let paper = || Paper::signed_after(&recipe(), metadata("contract", "12:00"));
        assert_eq!(paper().then(metadata("contract", "12:01")).changes().verdict, Verdict::Permitted);
        assert_eq!(paper().then(metadata("cancelled", "12:00")).changes().verdict, verdict, "{shows}");
    }
}
