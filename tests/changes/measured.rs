//! All that is seen since is measured: by whatever way a program comes to it, and of whatever kind it is.

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{PAGE, Paper, Recipe, TEXT, kinds, permitted};
use crate::permitted::certified;
use crate::support::Builder;

const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20]";
const COVER: &[u8] = b"1 g 0 0 90 20 re f";
const FIELDS: &str = "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>";
const HALF: &str = "/Rect [0 0 595 415]";

fn prepared(prepare: impl FnOnce(&mut Builder)) -> Paper {
    Paper::signed_after(&Recipe::default(), prepare)
}

fn page(annotations: &str) -> String {
    format!("<<{}>>", PAGE.replace("14 0 R]", &format!("14 0 R {annotations}]")))
}

#[track_caller]
fn undecided(changes: &Changes, kind: ChangeKind) {
    assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    assert_eq!(kinds(changes, Verdict::Undecided), [kind], "{:#?}", changes.changes);
}

/// What kind a signature is may stand in an object of its own.
#[test]
fn a_time_stamp_by_way_of_another_object() {
    let stamped = |kind: &str, rectangle: &str| {
        let mut paper = Paper::signed(&Recipe::default());
        let widget = format!("/Type /Annot /Subtype /Widget /FT /Sig /T (third) {rectangle}");
        paper.0.object(5, FIELDS).object(3, &page("20 0 R")).stream(22, FORM, COVER);
        paper.0.object(20, &format!("<<{widget} /V 21 0 R /AP <</N 22 0 R>>>>"));
        paper.0.object(23, "/ETSI.RFC3161");
        paper.seal_as(21, kind, "");
        let text = String::from_utf8(paper.0.bytes.clone()).unwrap();
        paper.0.bytes = text.replace("/SubFilter /xx   ", "/SubFilter 23 0 R").into_bytes();
        paper.changes()
    };
    // As long as what it is exchanged for, so that all stays in its place.
    let kind = "xx   ";
    let changes = stamped(kind, "/Rect [0 0 0 0]");
    assert_eq!(kinds(&changes, Verdict::Permitted), [ChangeKind::TimeStamp], "{:#?}", changes.changes);
    undecided(&stamped(kind, "/Rect [9 9 99 29]"), ChangeKind::Appearance);
}

/// A widget that shows a value is a field's among its kids, or because it says so itself.
#[test]
fn widgets_that_a_field_does_not_list() {
    let filled = |kids: &str, parent: &str, rectangle: &str| {
        let field = |entries: &str| format!("<</FT /Tx /T (ready) {kids} {entries}>>");
        let paper = prepared(|paper| {
            paper.object(5, FIELDS).object(3, &page("31 0 R")).object(20, &field(""));
            paper.object(32, "<</Parent 20 0 R>>");
            paper.object(31, &format!("<</Subtype /Widget /Parent {parent} {rectangle}>>"));
        });
        paper.then(|paper| _ = paper.object(20, &field("/V (999)"))).changes()
    };
    let whole = "/Rect [0 0 595 842]";
    for (kids, parent) in
        [("", "20 0 R"), ("/Kids [31 0 R]", "20 0 R"), ("", "32 0 R"), ("/Kids [31 0 R]", "32 0 R")]
    {
        permitted(&filled(kids, parent, "/Rect [9 9 99 29]"));
        undecided(&filled(kids, parent, whole), ChangeKind::Appearance);
        undecided(&filled(kids, parent, "/Rect [9 9 99]"), ChangeKind::Appearance);
    }
    // It belongs to another one, which nobody filled in.
    permitted(&filled("", "10 0 R", whole));
}

/// A signature over nearly half of a page and a note over the other half hide it together.
#[test]
fn pictures_of_several_kinds() {
    let changes = |note: &str| {
        let mut paper = certified(3);
        paper.0.object(5, FIELDS).object(3, &page("20 0 R 24 0 R")).stream(22, FORM, COVER);
        paper.0.object(24, &format!("<</Type /Annot /Subtype /Stamp {note} /AP <</N 22 0 R>>>>"));
        paper.0.object(
            20,
            &format!(
                "<</Type /Annot /Subtype /Widget /FT /Sig /T (third) {HALF} /V 21 0 R /AP <</N 22 0 R>>>>"
            ),
        );
        paper.seal(21, "");
        paper.changes()
    };
    permitted(&changes("/Rect [9 420 99 440]"));
    undecided(&changes("/Rect [0 427 595 842]"), ChangeKind::Appearance);
}

/// Some programs draw the border of a link though it has an appearance.
#[test]
fn borders_around_a_link() {
    let with = |border: &str| {
        let link = format!("/Type /Annot /Subtype /Link /Rect [290 400 310 410] /AP <</N 22 0 R>> {border}");
        let paper = certified(3).then(|paper| {
            paper.object(3, &page("24 0 R")).object(24, &format!("<<{link}>>")).stream(22, FORM, b"");
        });
        paper.changes()
    };
    for border in ["", "/Border [0 0 1]", "/Border [0 0 0] /BS <</W 2 /S /S>>"] {
        permitted(&with(border));
    }
    for border in
        ["/Border [0 0 1700]", "/BS <</W 1700>>", "/Border [0 0 (x)]", "/Border [0 0]", "/BS [1700]"]
    {
        undecided(&with(border), ChangeKind::Annotation);
    }
}

/// A widget of an empty signature field lies ready, and is listed once the field is signed.
#[test]
fn widgets_that_were_laid_ready() {
    let signed = |kind: &str, rectangle: &str, pages: [&str; 2]| {
        let field = |entries: &str| format!("<</FT /Sig /T (ready) /Kids [31 0 R] {entries}>>");
        let other = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [";
        let mut paper = prepared(|paper| {
            paper.object(5, FIELDS).object(20, &field("")).stream(22, FORM, COVER);
            paper.object(2, "<</Type /Pages /Kids [3 0 R 30 0 R] /Count 2>>");
            paper.object(3, &page(pages[0])).object(30, &format!("{other}]>>"));
            paper.object(31, &format!("<</Subtype /Widget /Parent 20 0 R {rectangle} /AP <</N 22 0 R>>>>"));
        });
        paper.0.object(20, &field("/V 21 0 R")).object(30, &format!("{other}{}]>>", pages[1]));
        paper.seal_as(21, kind, "");
        paper.changes()
    };
    let (small, whole) = ("/Rect [9 9 99 29]", "/Rect [0 0 595 842]");
    let (stamp, signature) = ("ETSI.RFC3161", "ETSI.CAdES.detached");
    permitted(&signed(signature, small, ["", "31 0 R"]));
    undecided(&signed(signature, whole, ["", "31 0 R"]), ChangeKind::Appearance);
    undecided(&signed(stamp, small, ["", "31 0 R"]), ChangeKind::Appearance);
    // It was seen before, and is seen on another page too.
    permitted(&signed(stamp, small, ["31 0 R", ""]));
    undecided(&signed(signature, small, ["31 0 R", "31 0 R"]), ChangeKind::Appearance);
}

/// Some programs take what a node above the pages lists for the annotations of each page below.
#[test]
fn annotations_that_pages_inherit() {
    let signed = |pages: &str, parent: &str| {
        let field = |entries: &str| {
            format!("<</Type /Annot /Subtype /Widget /FT /Sig /T (ready) /Rect [9 9 99 29] {entries}>>")
        };
        let mut paper = prepared(|paper| {
            paper.object(5, FIELDS).object(20, &field("")).object(2, &format!("<<{pages}>>"));
            paper.object(30, "<</Annots [20 0 R] /Parent 2 0 R>>");
            paper.object(3, &format!("<<{}>>", PAGE.replace("/Parent 2 0 R", parent)));
        });
        paper.0.object(20, &field("/AP <</N 22 0 R>> /V 21 0 R")).stream(22, FORM, COVER);
        paper.seal_as(21, "ETSI.RFC3161", "");
        paper.changes()
    };
    let pages = "/Type /Pages /Kids [3 0 R] /Count 1";
    permitted(&signed(pages, "/Parent 2 0 R"));
    undecided(&signed(&format!("{pages} /Annots [20 0 R]"), "/Parent 2 0 R"), ChangeKind::Appearance);
    undecided(&signed(pages, "/Parent 30 0 R"), ChangeKind::Appearance);
}

/// Another field inherits what a field hands down, by the form or by what it says itself, and shows something else then.
#[test]
fn what_is_handed_down() {
    let kid = "/Type /Annot /Subtype /Widget /FT /Tx /V (100) /Rect [9 100 99 120] /P 3 0 R /Parent 10 0 R";
    let with_kid = |kids: &str, kid: &str, appearance: &str| {
        let text = format!("{TEXT} {kids} /DA (/F1 9 Tf 0 g)");
        let after = text.replace("/F1 9 Tf 0 g", appearance);
        let paper = Paper::signed_after(&Recipe { price: "", ..Recipe::default() }, |paper| {
            let page = PAGE.replace("14 0 R]", "14 0 R 30 0 R]");
            paper.object(3, &format!("<<{page}>>")).object(10, &format!("<<{text}>>"));
            paper.object(30, &format!("<<{kid}>>"));
        });
        paper.then(|paper| _ = paper.object(10, &format!("<<{after} /V (99)>>"))).changes()
    };
    let named = format!("{kid} /T (kid)");
    let inherits = |changes: &Changes| {
        let mut kinds = changes.changes.iter().filter(|change| change.kind == ChangeKind::FormField);
        kinds.any(|change| change.verdict == Verdict::Undecided && change.object == Some(30))
    };
    for kids in ["/Kids [30 0 R]", ""] {
        assert!(!inherits(&with_kid(kids, &named, "/F1 9 Tf 0 g")));
        assert!(inherits(&with_kid(kids, &named, "/F2 9 Tf 0 g")));
    }
    // A field's own widget shows the value that was filled in.
    assert!(!inherits(&with_kid("/Kids [30 0 R]", kid, "/F2 9 Tf 0 g")));
}
