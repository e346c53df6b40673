//! What a later revision may add to a page, and what not: signatures, time stamps that nobody has to trust, annotations.

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{EMPTY, PAGE, Paper, Recipe, kinds};
use crate::permitted::certified;
use crate::support::Builder;

const FIELDS: &str = "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>";
const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20]";
const COVER: &[u8] = b"1 g 0 0 90 20 re f";

fn prepared(prepare: impl FnOnce(&mut Builder)) -> Paper {
    Paper::signed_after(&Recipe::default(), prepare)
}

fn page(annotations: &str) -> String {
    format!("<<{}>>", PAGE.replace("14 0 R]", &format!("14 0 R {annotations}]")))
}

#[track_caller]
fn permitted(changes: &Changes, expected: &[ChangeKind]) {
    assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    assert_eq!(kinds(changes, Verdict::Permitted), expected, "{:#?}", changes.changes);
}

#[track_caller]
fn undecided(changes: &Changes, kind: ChangeKind) {
    assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    assert_eq!(kinds(changes, Verdict::Undecided), [kind], "{:#?}", changes.changes);
}

#[track_caller]
fn refused(paper: Paper, change: impl FnOnce(&mut Builder), kind: ChangeKind) {
    let changes = paper.then(change).changes();
    assert_eq!(kinds(&changes, Verdict::NotPermitted), [kind], "{:#?}", changes.changes);
}

/// Adds a field with these entries that is signed at once.
fn signed_with(mut paper: Paper, kind: &str, entries: &str) -> Changes {
    paper
        .0
        .object(5, FIELDS)
        .object(3, &page("20 0 R"))
        .object(20, &format!("<</Type /Annot /FT /Sig /T (third) /V 21 0 R {entries}>>"))
        .stream(22, FORM, COVER);
    paper.seal_as(21, kind, "");
    paper.changes()
}

/// Anybody may add a time stamp, to what allows nothing else too: so it shows nothing.
#[test]
fn time_stamps_that_show_something() {
    let stamped = |paper: Paper, entries: &str| signed_with(paper, "ETSI.RFC3161", entries);
    for level in [None, Some(1)] {
        let paper = || level.map_or_else(|| Paper::signed(&Recipe::default()), certified);
        permitted(
            &stamped(paper(), "/Subtype /Widget /Rect [0 0 0 0] /F 132 /P 3 0 R"),
            &[ChangeKind::TimeStamp],
        );
        permitted(
            &stamped(paper(), "/Subtype /Widget /Rect [9 9 9 9] /AP <</N 22 0 R>> /MK <<>>"),
            &[ChangeKind::TimeStamp],
        );
        for entries in [
            "/Subtype /Widget /Rect [9 9 99 29] /AP <</N 22 0 R>>",
            "/Subtype /Widget /Rect [9 9 99 29] /MK <</BG [1 1 1]>>",
            "/Subtype /Widget /Rect [9 9 99 29 0] /AP <</N 22 0 R>>",
            "/Subtype /FreeText /Rect [9 9 99 29] /DA (0 g /Helv 24 Tf) /Contents (999)",
            "/Subtype /Square /Rect [0 0 0 0] /IC [1 1 1]",
            "/Subtype /Widget /Rect [0 0 0 0] /Vertices [0 0 9 9]",
            "/Rect [0 0 0 0] /AP <</N 22 0 R>>",
        ] {
            undecided(&stamped(paper(), entries), ChangeKind::Appearance);
        }
    }
}

/// A time stamp in a field that was there takes its picture away.
#[test]
fn time_stamps_that_uncover() {
    let signed = |kind: &str| {
        let field = |entries: &str| format!("<<{EMPTY} {entries}>>");
        let mut paper = prepared(|paper| _ = paper.object(11, &field("/AP <</N 9 0 R>>")));
        paper.0.object(11, &field("/V 21 0 R"));
        paper.seal_as(21, kind, "");
        paper.changes()
    };
    permitted(&signed("ETSI.CAdES.detached"), &[ChangeKind::Signature]);
    undecided(&signed("ETSI.RFC3161"), ChangeKind::Appearance);
}

/// What nobody can measure is not measured as nothing.
#[test]
fn signatures_that_cannot_be_measured() {
    let signed = |paper: Paper, entries: &str| signed_with(paper, "ETSI.CAdES.detached", entries);
    let small = "/Subtype /Widget /Rect [9 9 99 29] /AP <</N 22 0 R>>";
    permitted(&signed(Paper::signed(&Recipe::default()), small), &[ChangeKind::Signature]);
    for entries in [
        "/Subtype /Square /Rect [0 0 595 842] /IC [1 1 1]",
        "/Subtype /Widget /Rect [0 0 595 842 0] /AP <</N 22 0 R>>",
        "/Subtype /Widget /Rect [0 0 595 842]",
    ] {
        undecided(&signed(Paper::signed(&Recipe::default()), entries), ChangeKind::Appearance);
    }
    // The page shows less than it has.
    let cropped = PAGE.replace("/Contents", "/CropBox [0 0 99 40] /Contents");
    let mut paper = prepared(|paper| _ = paper.object(3, &format!("<<{cropped}>>")));
    paper.0.object(11, &format!("<<{} /V 21 0 R>>", EMPTY.replace("[9 40 99 60]", "[0 0 99 40]")));
    paper.seal(21, "");
    assert!(paper.changes().verdict >= Verdict::Undecided);
}

/// The same widget on two pages is measured on one of them.
#[test]
fn a_widget_on_two_pages() {
    let other = |annotations: &str| {
        format!("<</Type /Page /Parent 2 0 R /MediaBox [1000 0 1595 842] /Annots [{annotations}]>>")
    };
    let signed = |annotations: &str| {
        let mut paper = prepared(|paper| {
            paper.object(2, "<</Type /Pages /Kids [3 0 R 30 0 R] /Count 2>>").object(30, &other(""));
        });
        paper.0.object(30, &other(annotations));
        signed_with(paper, "ETSI.CAdES.detached", "/Subtype /Widget /Rect [1000 0 1100 20] /AP <</N 22 0 R>>")
    };
    permitted(&signed(""), &[ChangeKind::Signature]);
    undecided(&signed("20 0 R"), ChangeKind::Appearance);
}

const NOTE: &str = "/Type /Annot /Subtype /Stamp /Rect [0 0 90 20]";

/// Each annotation covers those before it, also those that are no objects of their own.
#[test]
fn annotations_in_another_order() {
    let direct = format!("<<{NOTE} /AP <</N 9 0 R>>>>");
    let paper =
        || prepared(|paper| _ = paper.object(3, &page(&format!("31 0 R {direct}"))).object(31, &direct));
    permitted(
        &paper().then(|paper| _ = paper.object(3, &page(&format!("31 0 R {direct}")))).changes(),
        &[ChangeKind::Revisions],
    );
    refused(paper(), |paper| _ = paper.object(3, &page(&format!("{direct} 31 0 R"))), ChangeKind::Annotation);
    // What is half transparent covers when it is there often.
    refused(
        paper(),
        |paper| _ = paper.object(3, &page(&format!("31 0 R {direct} 31 0 R 31 0 R"))),
        ChangeKind::Annotation,
    );
}

/// An annotation may be a reference to another object: another one is another annotation.
#[test]
fn an_annotation_by_way_of_another_object() {
    let paper = || {
        prepared(|paper| {
            paper.object(3, &page("31 0 R")).object(31, "32 0 R").object(32, &format!("<<{NOTE}>>"));
            paper.object(33, &format!("<<{NOTE} /AP <</N 9 0 R>>>>"));
        })
    };
    permitted(&paper().then(|paper| _ = paper.object(31, "32 0 R")).changes(), &[ChangeKind::Revisions]);
    refused(paper(), |paper| _ = paper.object(31, "33 0 R"), ChangeKind::Annotation);
}

/// Annotations may be added at level 3, but hide no page.
#[test]
fn annotations_that_cover_a_page() {
    let with = |annotation: &str| {
        let paper = certified(3).then(|paper| {
            paper.object(3, &page("31 0 R")).object(31, &format!("<<{annotation}>>"));
            paper.stream(22, FORM, COVER);
        });
        paper.changes()
    };
    permitted(&with(&format!("{NOTE} /AP <</N 22 0 R>>")), &[ChangeKind::Annotation]);
    for annotation in [
        "/Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /AP <</N 22 0 R>>",
        "/Type /Annot /Subtype /Stamp /Rect [0 0 595 842 0] /AP <</N 22 0 R>>",
        "/Type /Annot /Subtype /Polygon /Rect [0 0 9 9] /Vertices [0 0 0 842 595 842]",
        &format!("{NOTE} /A <</S /URI /URI (http://other)>>"),
    ] {
        undecided(&with(annotation), ChangeKind::Annotation);
    }
}

/// Whatever is a widget belongs to a form, and is no annotation that may be added.
#[test]
fn widgets_that_are_no_objects() {
    let with = |subtype: &str| {
        let added = page(&format!("<</Type /Annot /Subtype {subtype} /Rect [0 0 9 9]>>"));
        certified(3).then(|paper| _ = paper.object(3, &added)).changes()
    };
    permitted(&with("/Text"), &[ChangeKind::Annotation]);
    assert_eq!(kinds(&with("/Widget /FT /Tx"), Verdict::NotPermitted), [ChangeKind::Annotation]);
}
