//! Shadow attacks: what the signer saw was prepared so that a later revision, which looks harmless, shows something else.

use std::cell::Cell;

use wosigndoc::verify::changes::{ChangeKind, Verdict};

use crate::paper::{CATALOG, PAGE, Paper, Recipe, kinds};
use crate::support::Builder;

const COVER: &str = "/Type /XObject /Subtype /Form /BBox [0 0 595 842]";

/// A paper that was prepared before it was signed, and what was changed since the signature.
fn changed(prepare: impl FnOnce(&mut Builder), change: impl FnOnce(&mut Builder)) -> Vec<ChangeKind> {
    let changes = Paper::signed_after(&Recipe::default(), prepare).then(change).changes();
    assert_eq!(changes.verdict, Verdict::NotPermitted, "{:#?}", changes.changes);
    kinds(&changes, Verdict::NotPermitted)
}

/// The page's contents paint a cover over the hidden text.
fn covered(paper: &mut Builder) {
    paper.object(7, "<</Font <</F1 15 0 R>> /XObject <</Cover 30 0 R>>>>");
    paper.stream(4, "", b"BT /F1 12 Tf (the true price) Tj ET /Cover Do");
    paper.stream(30, COVER, b"1 g 0 0 595 842 re f");
}

/// Hide: a cover over the hidden text goes when its object is freed, emptied, or replaced.
#[test]
fn hide() {
    assert_eq!(changed(covered, |paper| _ = paper.free(30)), [ChangeKind::Page]);
    assert_eq!(changed(covered, |paper| _ = paper.stream(30, COVER, b"")), [ChangeKind::Page]);
    assert_eq!(changed(covered, |paper| _ = paper.object(30, "<</Type /Annot>>")), [ChangeKind::Page]);
    // By an annotation, and by a layer that is switched off.
    let note = "<</Type /Annot /Subtype /Square /Rect [0 0 595 842] /AP <</N 30 0 R>>>>";
    let by_note = |paper: &mut Builder| _ = paper.object(14, note).stream(30, COVER, b"1 g 0 0 595 842 re f");
    assert_eq!(changed(by_note, |paper| _ = paper.stream(30, COVER, b"")), [ChangeKind::Annotation]);
    let layered = |paper: &mut Builder| {
        covered(paper);
        paper.stream(30, &format!("{COVER} /OC 17 0 R"), b"1 g 0 0 595 842 re f");
    };
    let off = "<</OCGs [17 0 R] /D <</OFF [17 0 R]>>>>";
    assert_eq!(changed(layered, |paper| _ = paper.object(13, off)), [ChangeKind::Catalogue]);
}

/// Replace: what stands for the text becomes something else, while the text stays.
#[test]
fn replace() {
    // A font whose glyphs are others.
    let font = |encoding: &str| {
        format!(
            "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding <</Differences [49 {encoding}]>>>>"
        )
    };
    let prepared = |paper: &mut Builder| _ = paper.object(15, &font("/one"));
    assert_eq!(changed(prepared, |paper| _ = paper.object(15, &font("/nine"))), [ChangeKind::Page]);
    // A font's program, behind two references.
    let with_program = |paper: &mut Builder| {
        paper.object(15, "<</Type /Font /Subtype /TrueType /BaseFont /A /FontDescriptor 31 0 R>>");
        paper.object(31, "<</Type /FontDescriptor /FontName /A /FontFile2 32 0 R>>");
        paper.stream(32, "", b"glyphs");
    };
    assert_eq!(changed(with_program, |paper| _ = paper.stream(32, "", b"others")), [ChangeKind::Page]);
    // What a field shows while nobody is in it.
    let text = "<</Type /Annot /Subtype /Widget /FT /Tx /T (price) /Rect [9 9 99 29] /P 3 0 R /V (100) /AP <</N 33 0 R>>>>";
    let shows = |paper: &mut Builder| _ = paper.stream(33, COVER, b"BT (900) Tj ET");
    assert_eq!(changed(shows, |paper| _ = paper.object(10, text)), [ChangeKind::Appearance]);
}

/// Hide and replace: a second set of objects lies ready, and a later table leads to it.
#[test]
fn hide_and_replace() {
    let hidden = |paper: &mut Builder| {
        paper.object(40, "<</Type /Pages /Kids [41 0 R] /Count 1>>");
        paper.object(
            41,
            &format!(
                "<<{}>>",
                PAGE.replace("/Parent 2", "/Parent 40").replace("/Contents 4", "/Contents 42")
            ),
        );
        paper.stream(42, "", b"BT /F1 12 Tf (the other price) Tj ET");
    };
    let kinds = changed(hidden, |paper| {
        paper.object(1, &format!("<<{}>>", CATALOG.replace("/Pages 2", "/Pages 40")));
    });
    assert!(kinds.contains(&ChangeKind::Pages) || kinds.contains(&ChangeKind::Page), "{kinds:?}");
    // The page stays, its contents are exchanged for the hidden ones.
    let page = PAGE.replace("/Contents 4", "/Contents 42");
    assert_eq!(changed(hidden, |paper| _ = paper.object(3, &format!("<<{page}>>"))), [ChangeKind::Page]);
    // No object is written again: the table alone leads from the page's contents to the hidden ones.
    let at = Cell::new(0);
    let twice = |paper: &mut Builder| {
        at.set(paper.bytes.len());
        paper
            .bytes
            .extend_from_slice(b"4 0 obj\n<</Length 13>>\nstream\nBT (900) Tj ET\nendstream\nendobj\n");
    };
    let kinds = changed(twice, |paper| _ = paper.row(4, [1, at.get(), 0]));
    assert!(kinds.contains(&ChangeKind::Page), "{kinds:?}");
}
