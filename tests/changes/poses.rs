//! Objects that pass for something that is compared elsewhere, or not at all: fields, annotations, branches of the page tree.

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{CATALOG, EMPTY, PAGE, Paper, Recipe, TEXT, kinds, permitted};
use crate::permitted::certified_after;
use crate::support::Builder;

const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20]";
const FIELDS: &str = "<</Fields [6 0 R 10 0 R 11 0 R 25 0 R] /SigFlags 3>>";

fn prepared(prepare: impl FnOnce(&mut Builder)) -> Paper {
    Paper::signed_after(&Recipe::default(), prepare)
}

#[track_caller]
fn refused(changes: &Changes, kind: ChangeKind) {
    assert_eq!(kinds(changes, Verdict::NotPermitted), [kind], "{:#?}", changes.changes);
}

/// A field whose time of change is a picture is also the resources of an appearance: there, all of it counts.
#[test]
fn resources_that_pass_for_a_field() {
    let changes = |user: &str, resources: &str| {
        let field = |picture: u32| format!("<</FT /Tx /T (x) /M {picture} 0 R>>");
        let paper = prepared(|paper| {
            paper.object(5, FIELDS).object(25, &field(9));
            paper.object(14, "<</Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP <</N 26 0 R>>>>");
            paper.object(10, &format!("<<{TEXT} /V (100) /AP <</N 27 0 R>>>>"));
            let number = if user == "note" { 26 } else { 27 };
            paper.stream(26, FORM, b"").stream(27, FORM, b"");
            paper.stream(number, &format!("{FORM} /Resources <</XObject {resources}>>"), b"/M Do");
            paper.stream(28, FORM, b"BT (999) Tj ET");
        });
        paper.then(|paper| _ = paper.object(25, &field(28))).changes()
    };
    for (user, kind) in [("note", ChangeKind::Annotation), ("field", ChangeKind::Appearance)] {
        permitted(&changes(user, "<</M 9 0 R>>"));
        let changes = changes(user, "25 0 R");
        assert!(kinds(&changes, Verdict::NotPermitted).contains(&kind), "{:#?}", changes.changes);
    }
}

/// The layers' settings pass for a field that is filled in, and files that are attached for one that is signed.
#[test]
fn parts_of_the_catalogue_that_pass_for_a_field() {
    let filled = |layers: &str| {
        let field = |entries: &str| format!("<</FT /Tx /T (x) /ON [17 0 R] {entries}>>");
        let paper = prepared(|paper| {
            paper.object(5, FIELDS).object(25, &field("")).object(13, layers);
        });
        paper.then(|paper| _ = paper.object(25, &field("/V (y) /AS [<</Event /View>>]"))).changes()
    };
    permitted(&filled("<</OCGs [17 0 R] /D <</ON [17 0 R]>>>>"));
    refused(&filled("<</OCGs [17 0 R] /D 25 0 R>>"), ChangeKind::Catalogue);
    let signed = |names: &str| {
        let mut paper = prepared(|paper| {
            paper.object(5, FIELDS).object(25, "<</FT /Sig /T (x) /Kids [26 0 R]>>").object(12, names);
            paper.object(26, "<</Limits [(a) (a)] /Names [(a) 16 0 R]>>");
        });
        paper.0.object(25, "<</FT /Sig /T (x) /Kids [26 0 R 27 0 R] /V 21 0 R>>");
        paper.0.object(27, "<</Limits [(b) (b)] /Names [(b) 16 0 R]>>");
        paper.seal(21, "");
        paper.changes()
    };
    permitted(&signed("<</EmbeddedFiles <</Names [(a) 16 0 R]>>>>"));
    refused(&signed("<</EmbeddedFiles 25 0 R>>"), ChangeKind::Catalogue);
    refused(&signed("<</EmbeddedFiles <</Kids [25 0 R]>>>>"), ChangeKind::Catalogue);
}

/// What allows annotations allows no changes of what only passes for one.
#[test]
fn resources_that_pass_for_an_annotation() {
    let changes = |resources: &str| {
        let note = |picture: u32| {
            format!("<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /XObject <</C {picture} 0 R>>>>")
        };
        let paper = certified_after(3, |paper| {
            paper.object(14, &note(9)).stream(28, FORM, b"BT (999) Tj ET");
            paper.stream(27, &format!("{FORM} /Resources {resources}"), b"/C Do");
            paper.object(10, &format!("<<{TEXT} /V (100) /AP <</N 27 0 R>>>>"));
        });
        paper.then(|paper| _ = paper.object(14, &note(28))).changes()
    };
    permitted(&changes("<<>>"));
    refused(&changes("14 0 R"), ChangeKind::Appearance);
}

/// Where a field is meant it may be signed: in the structure, in the outline that leads there, in actions.
#[test]
fn what_leads_to_a_field() {
    let catalog = format!("<<{CATALOG} /StructTreeRoot 30 0 R /Outlines 31 0 R /OpenAction [3 0 R /Fit]>>");
    let mut paper = prepared(|paper| {
        paper.object(1, &catalog).object(30, "<</Type /StructTreeRoot /K 32 0 R>>");
        paper.object(31, "<</First 33 0 R /Last 33 0 R>>");
        paper.object(32, "<</S /Form /P 30 0 R /Pg 3 0 R /K <</Type /OBJR /Obj 11 0 R>>>>");
        paper.object(33, "<</Title (sign) /Parent 31 0 R /SE 32 0 R /A <</S /Hide /T 11 0 R>>>>");
        paper.object(14, "<</Subtype /Link /Rect [0 0 9 9] /A <</S /SubmitForm /Fields [11 0 R]>>>>");
    });
    paper.0.object(11, &format!("<<{EMPTY} /V 21 0 R>>"));
    paper.seal(21, "");
    permitted(&paper.changes());
}

/// What is a page by its type has kids: some programs show it, others those.
#[test]
fn a_page_that_passes_for_a_branch() {
    let kid = PAGE.replace("/Parent 2", "/Parent 30");
    let tree = |kind: &str, resources: u32| {
        format!("<</Type {kind} /Parent 2 0 R /Kids [3 0 R] /Count 1 /Resources {resources} 0 R>>")
    };
    let changes = |kind: &str, resources: u32| {
        let paper = prepared(|paper| {
            paper.object(2, "<</Type /Pages /Kids [30 0 R] /Count 1>>").object(30, &tree(kind, 7));
            paper.object(3, &format!("<<{kid}>>")).object(31, "<</Font <<>>>>");
        });
        paper.then(|paper| _ = paper.object(30, &tree(kind, resources))).changes()
    };
    permitted(&changes("/Pages", 7));
    refused(&changes("/Pages", 31), ChangeKind::Page);
    let changes = changes("/Page", 7);
    assert_eq!(kinds(&changes, Verdict::Undecided), [ChangeKind::Pages], "{:#?}", changes.changes);
}

/// Some programs look for what a page inherits where it says that it hangs, and not where it does.
#[test]
fn a_parent_that_has_no_such_kid() {
    let changes = |parent: u32| {
        let page = PAGE.replace("/Parent 2 0 R", &format!("/Parent {parent} 0 R"));
        let paper = prepared(|paper| {
            paper.object(3, &format!("<<{page}>>")).object(30, "<</Type /Pages /Resources 7 0 R>>");
        });
        paper.then(|paper| _ = paper.object(30, "<</Type /Pages /Resources 12 0 R>>")).changes()
    };
    permitted(&changes(2));
    refused(&changes(30), ChangeKind::Page);
}
