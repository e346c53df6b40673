//! How far a form may be filled in: with text, in fields that showed nothing, and without hiding a page.

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{PAGE, Paper, Recipe, TEXT, kinds};
use crate::support::Builder;

const BARE: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20]";
const FORM: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20] /Resources <</Font <</F1 15 0 R>>>>";
const FIELDS: &str = "[6 0 R 10 0 R 11 0 R]";
const BOX: &str = "/Type /Annot /Subtype /Widget /FT /Btn /T (agreed) /Rect [9 9 19 19] /P 3 0 R";

fn prepared(prepare: impl FnOnce(&mut Builder)) -> Paper {
    Paper::signed_after(&Recipe { price: "", ..Recipe::default() }, prepare)
}

#[track_caller]
pub fn permitted(changes: &Changes) {
    assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    assert!(kinds(changes, Verdict::Permitted).contains(&ChangeKind::FormValue), "{:#?}", changes.changes);
}

#[track_caller]
pub fn undecided(changes: &Changes) {
    assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    assert_eq!(kinds(changes, Verdict::Undecided), [ChangeKind::Appearance], "{:#?}", changes.changes);
}

/// Fills in a field that had these entries, on such a page, which makes it have those.
fn filled(page: &str, widget: &str, before: &str, after: &str, drawn: [&str; 2]) -> Changes {
    let field = |entries: &str| format!("<<{widget} {entries}>>");
    let paper = prepared(|paper| {
        paper.object(3, &format!("<<{page}>>")).object(10, &field(before));
        paper.stream(9, FORM, drawn[0].as_bytes());
    });
    let paper = paper.then(|paper| {
        paper.object(10, &field(after)).stream(22, FORM, drawn[1].as_bytes());
    });
    paper.changes()
}

const TYPED: &str = "/V (900) /AP <</N 22 0 R>>";

#[test]
fn fields_that_cover_what_is_shown() {
    let wide = TEXT.replace("[9 9 99 29]", "[0 0 400 30]");
    let small = "BT /F1 9 Tf (900) Tj ET";
    permitted(&filled(PAGE, &wide, "", TYPED, ["", small]));
    permitted(&filled(PAGE, &wide, "", "/V (900)", ["", small]));
    let cropped = PAGE.replace("/Contents", "/CropBox [0 0 400 40] /Contents");
    undecided(&filled(&cropped, &wide, "", TYPED, ["", small]));
    undecided(&filled(&PAGE.replace("842]", "842 0]"), &wide, "", TYPED, ["", small]));
    let whole = TEXT.replace("[9 9 99 29]", "[0 0 595 842]");
    undecided(&filled(PAGE, &whole, "", "/V (900)", ["", small]));
    // All together.
    let half = |entries: &str| format!("<<{} {entries}>>", TEXT.replace("[9 9 99 29]", "[0 0 595 300]"));
    let other = |entries: &str| half(entries).replace("(price)", "(other)");
    let both = |second: &str| {
        let paper = prepared(|paper| {
            paper.object(3, &format!("<<{}>>", PAGE.replace("14 0 R]", "14 0 R 30 0 R]")));
            paper.object(5, "<</Fields [6 0 R 10 0 R 11 0 R 30 0 R]>>").object(10, &half(""));
            paper.object(30, &other(""));
        });
        paper.then(|paper| _ = paper.object(10, &half("/V (1)")).object(30, &other(second))).changes()
    };
    permitted(&both(""));
    undecided(&both("/V (1)"));
}

/// What is painted hides the text of the page beneath; text does not.
#[test]
fn fields_that_paint() {
    let text = "/Tx BMC q BT 0 g /F1 9 Tf 2 6 Td (9 00) Tj ET Q EMC";
    let ground = "0.9 g 0 0 90 20 re f /Tx BMC";
    let picture = "/AP <</N 9 0 R>>";
    permitted(&filled(PAGE, TEXT, "", TYPED, ["", text]));
    permitted(&filled(
        PAGE,
        TEXT,
        picture,
        TYPED,
        [&format!("{ground} EMC"), &format!("{ground} {text} EMC")],
    ));
    // What is seen while the mouse is over it.
    let over = "/V (900) /AP <</N 22 0 R /R 9 0 R>>";
    undecided(&filled(PAGE, TEXT, "", over, ["1 g 0 0 90 20 re f", text]));
    for painted in [format!("{ground} EMC {text}"), format!("q 9 w 0 9 m 90 9 l S Q {text}"), "/Im Do".into()]
    {
        undecided(&filled(PAGE, TEXT, "", TYPED, ["", &painted]));
    }
}

/// An empty field may show something all the same, which a value takes away.
#[test]
fn empty_fields_that_show_something() {
    let text = "BT /F1 9 Tf (900) Tj ET";
    let picture = "/AP <</N 9 0 R>>";
    permitted(&filled(PAGE, TEXT, picture, TYPED, ["/Tx BMC EMC", text]));
    // Some writers show a blank, which is one only in a font that brings no glyphs.
    let blank = |font: &str| {
        let paper = prepared(|paper| {
            paper.object(10, &format!("<<{TEXT} {picture}>>")).object(26, font);
            let resources = "/Resources <</Font <</F1 26 0 R>>>>";
            paper.stream(9, &format!("{BARE} {resources}"), b"BT /F1 9 Tf (\xa0) Tj ET");
        });
        let field = format!("<<{TEXT} {TYPED}>>");
        paper.then(|paper| _ = paper.object(10, &field).stream(22, FORM, text.as_bytes())).changes()
    };
    permitted(&blank("<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>"));
    undecided(&blank("<</Type /Font /Subtype /Type3>>"));
    for shown in ["BT (100) Tj ET", "1 g 0 0 90 20 re f"] {
        undecided(&filled(PAGE, TEXT, picture, TYPED, [shown, text]));
        undecided(&filled(PAGE, TEXT, picture, "/V (900)", [shown, text]));
    }
    let states = |state: &str| format!("{state} /AP <</N <</Off 9 0 R /On 22 0 R>>>>");
    let checked = |off: &str| {
        let paper = prepared(|paper| {
            paper.object(10, &format!("<<{BOX} {}>>", states("/AS /Off"))).stream(9, FORM, off.as_bytes());
            paper.stream(22, FORM, b"0 0 10 10 re s 2 2 6 6 re f");
        });
        paper.then(|paper| _ = paper.object(10, &format!("<<{BOX} {}>>", states("/AS /On /V /On")))).changes()
    };
    permitted(&checked(""));
    permitted(&checked("0 0 10 10 re s"));
    undecided(&checked("1 g 0 0 10 10 re f"));
}

/// Two fields of one name: what is filled in is one of them, and not the widget of the other.
#[test]
fn two_fields_of_one_name() {
    let widget = |picture: u32| {
        format!("<</Subtype /Widget /Rect [9 9 99 29] /Parent 20 0 R /AP <</N {picture} 0 R>>>>")
    };
    let changes = |picture: u32| {
        let paper = prepared(|paper| {
            paper.object(5, "<</Fields [6 0 R 20 0 R 11 0 R 25 0 R]>>");
            paper.object(20, "<</FT /Tx /T (price) /V (100) /Kids [10 0 R]>>").object(10, &widget(9));
            paper.object(25, "<</FT /Tx /T (price)>>").stream(22, FORM, b"BT /F1 9 Tf (900) Tj ET");
        });
        let field = "<</FT /Tx /T (price) /V (x)>>";
        paper.then(|paper| _ = paper.object(25, field).object(10, &widget(picture))).changes()
    };
    permitted(&changes(9));
    assert_eq!(kinds(&changes(22), Verdict::NotPermitted), [ChangeKind::Appearance]);
}

/// What a signer adds to the form for his own picture changes no field that others filled in.
#[test]
fn settings_that_fields_use() {
    let set = |field: &str, settings: [&str; 2]| {
        let form = |settings: &str| format!("<</Fields {FIELDS} /SigFlags 3 {settings}>>");
        let paper = prepared(|paper| {
            paper.object(5, &form(settings[0])).object(10, &format!("<<{TEXT} /V (100) {field}>>"));
        });
        paper.then(|paper| _ = paper.object(5, &form(settings[1]))).changes()
    };
    let fonts = |names: &str| format!("/NeedAppearances true /DR <</Font <<{names}>>>>");
    let needed = "/NeedAppearances true";
    for (field, before, after) in [
        ("/DA (0 g /Helv 9 Tf)", needed.to_owned(), format!("{needed} /DA (1 g /Helv 24 Tf)")),
        ("/AP <</N 9 0 R>>", String::new(), "/DA (1 g /Helv 24 Tf)".to_owned()),
        ("/DA (0 g /Helv 9 Tf)", fonts("/Helv 15 0 R"), fonts("/Helv 15 0 R /Other 15 0 R")),
        ("/AP <</N 9 0 R>>", String::new(), "/DR <</Font <</Other 15 0 R>>>>".to_owned()),
    ] {
        let changes = set(field, [&before, &after]);
        assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    }
    for (field, before, after) in [
        ("", needed.to_owned(), format!("{needed} /DA (1 g /Helv 24 Tf)")),
        ("", String::new(), "/DA (1 g /Helv 24 Tf)".to_owned()),
        ("/DA (0 g /Other 9 Tf)", fonts("/Helv 15 0 R"), fonts("/Helv 15 0 R /Other 15 0 R")),
        ("/DA (0 g /Other 9 Tf)", needed.to_owned(), fonts("/Other 15 0 R")),
    ] {
        let changes = set(field, [&before, &after]);
        assert_eq!(kinds(&changes, Verdict::Undecided), [ChangeKind::Form], "{:#?}", changes.changes);
    }
}

/// Fields that are no objects of their own have nothing but their names.
#[test]
fn a_second_field_of_the_same_name() {
    let form = |fields: &str| format!("<</Fields [6 0 R 10 0 R 11 0 R {fields}]>>");
    let note = |value: &str| format!("<</FT /Tx /T (note) /V ({value})>>");
    let changes = |fields: &str| {
        let paper = prepared(|paper| _ = paper.object(5, &form(&note("100"))));
        paper.then(|paper| _ = paper.object(5, &form(fields))).changes()
    };
    assert_eq!(changes(&note("100")).verdict, Verdict::Permitted);
    let two = format!("{} {}", note("100"), note("999"));
    assert_eq!(kinds(&changes(&two), Verdict::NotPermitted), [ChangeKind::FormField]);
}
