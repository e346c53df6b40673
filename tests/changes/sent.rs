//! A signed document beside the one that was submitted.

use wosigndoc::pdf::PdfFile;
use wosigndoc::verify::changes::{ChangeKind, Comparison, compare_with_sent};

use crate::paper::{EMPTY, PAGE as SIGNED_PAGE, Paper, Recipe, TEXT};
use crate::support::{Builder, one_page};

fn compared(sent: Vec<u8>, signed: Vec<u8>) -> Comparison {
    compare_with_sent(&PdfFile::open(sent).unwrap(), &PdfFile::open(signed).unwrap())
}

/// The document as it was before it was signed, with its objects numbered otherwise, and something changed in it.
fn sent_with(contents: &str, font: &str, price: &str, change: impl FnOnce(&mut Builder)) -> Vec<u8> {
    let mut builder = one_page(CATALOG, "");
    builder
        .object(1, &format!("<<{CATALOG}>>"))
        .object(3, &format!("<<{PAGE}>>"))
        .stream(24, "", contents.as_bytes())
        .object(25, "<</Fields [30 0 R 31 0 R]>>")
        .object(27, "<</Font <</F1 35 0 R>>>>")
        .stream(29, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", b"BT (100) Tj ET")
        .object(30, &format!("<<{} /V ({price}) /AP <</N 29 0 R>>>>", TEXT))
        .object(31, &format!("<<{}>>", EMPTY))
        .object(32, "<</EmbeddedFiles <</Names [(a) 36 0 R]>>>>")
        .object(33, "<</OCGs [37 0 R] /D <</ON [37 0 R]>>>>")
        .object(34, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note)>>")
        .object(35, &format!("<</Type /Font /Subtype /Type1 /BaseFont /{font}>>"))
        .object(36, "<</Type /Filespec /F (a.txt) /EF <</F 38 0 R>>>>")
        .object(37, "<</Type /OCG /Name (layer)>>")
        .stream(38, "/Type /EmbeddedFile", b"attached");
    change(&mut builder);
    builder.table("");
    builder.build()
}

const CATALOG: &str = "/Type /Catalog /Pages 2 0 R /AcroForm 25 0 R /Names 32 0 R /OCProperties 33 0 R";
const PAGE: &str = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 24 0 R /Resources 27 0 R \
                    /Annots [30 0 R 31 0 R 34 0 R]";

fn sent(contents: &str, font: &str, price: &str) -> Vec<u8> {
    sent_with(contents, font, price, |_| {})
}

const CONTENTS: &str = "BT /F1 12 Tf (the price is) Tj ET";

#[test]
fn shows_the_same_pages() {
    let signed = Paper::signed(&Recipe::default()).0.build();
    let same = compared(sent(CONTENTS, "Helvetica", "100"), signed);
    assert_eq!(same.same, Some(true), "{:#?}", same.differences);
    assert!(same.differences.is_empty());
}

#[test]
fn says_what_differs() {
    let signed = Paper::signed(&Recipe::default()).0.build();
    for (sent, kind, object) in [
        (sent("BT (other) Tj ET", "Helvetica", "100"), ChangeKind::Page, 4),
        (sent(CONTENTS, "Symbol", "100"), ChangeKind::Page, 15),
        (sent(CONTENTS, "Helvetica", "1"), ChangeKind::FormValue, 10),
    ] {
        let found = compared(sent, signed.clone());
        assert_eq!(found.same, Some(false));
        let change = found.differences.iter().find(|change| change.kind == kind).unwrap();
        assert_eq!((change.object, change.page), (Some(object), Some(1)), "{change:?}");
    }
    let mut two = Builder::new();
    two.object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, "<</Type /Pages /Kids [3 0 R 3 0 R] /Count 2>>")
        .object(3, "<</Type /Page /Parent 2 0 R>>")
        .table("");
    let found = compared(two.build(), signed);
    assert_eq!((found.same, found.differences[0].kind), (Some(false), ChangeKind::Pages));
}

/// Says that the document is the one that was sent, and is not any more once it is changed before it is signed.
#[track_caller]
fn not_the_same(what: &str, expected: Option<bool>, signed: Vec<u8>) {
    let found = compared(sent(CONTENTS, "Helvetica", "100"), signed);
    assert_eq!(found.same, expected, "{what}: {:#?}", found.differences);
}

fn changed(catalog: &str, change: impl FnOnce(&mut Builder)) -> Vec<u8> {
    Paper::signed_after(&Recipe { catalog, ..Recipe::default() }, change).0.build()
}

#[test]
fn the_catalogue_and_the_form_belong_to_it() {
    not_the_same("nothing", Some(true), changed("", |_| ()));
    let script = "/OpenAction <</S /JavaScript /JS (x)>>";
    for catalog in [script, "/AA <</WP <</S /JavaScript /JS (x)>>>>", "/Collection <</View /T>>"] {
        not_the_same(catalog, Some(false), changed(catalog, |_| ()));
    }
    let form = |entries: &str| format!("<</Fields [6 0 R 10 0 R 11 0 R] /SigFlags 3 {entries}>>");
    not_the_same("XFA", Some(false), changed("", |paper| _ = paper.object(5, &form("/XFA (other)"))));
    not_the_same("CO", Some(false), changed("", |paper| _ = paper.object(5, &form("/CO [10 0 R]"))));
    not_the_same(
        "a type",
        Some(true),
        changed("", |paper| _ = paper.object(5, &form("/Type /AcroForm /CO []"))),
    );
    let note = "<</Type /Pages /Kids [3 0 R] /Count 1 /ITXT (2.1.7)>>";
    not_the_same("who wrote it", Some(true), changed("", |paper| _ = paper.object(2, note)));
    let attachment = |paper: &mut Builder| _ = paper.stream(18, "/Type /EmbeddedFile", b"something else");
    not_the_same("an attachment", Some(false), changed("", attachment));
    // What a field looks like, by the form it is in.
    let before = sent_with(CONTENTS, "Helvetica", "100", |builder| {
        builder.object(25, "<</Fields [30 0 R 31 0 R] /DA (0 g /F1 9 Tf)>>");
    });
    for (colour, expected) in [("0 g", true), ("1 g", false)] {
        let form = form(&format!("/DA ({colour} /F1 9 Tf)"));
        let found = compared(before.clone(), changed("", |paper| _ = paper.object(5, &form)));
        assert_eq!(found.same, Some(expected), "{colour}: {:#?}", found.differences);
    }
}

#[test]
fn fields_are_the_same_ones() {
    let (kid, parent) = (TEXT.replace("/FT /Tx /T (price)", ""), |number: u32, entries: &str| {
        format!("<</FT /Tx {entries} /Kids [{number} 0 R]>>")
    });
    let before = sent_with(CONTENTS, "Helvetica", "100", |builder| {
        builder
            .object(25, "<</Fields [40 0 R 31 0 R]>>")
            .object(40, &parent(30, "/T (price) /V (100)"))
            .object(30, &format!("<<{kid} /Parent 40 0 R>>"));
    });
    let judged = |entries: &str, above: u32| {
        compared(
            before.clone(),
            changed("", |paper| {
                paper
                    .object(5, "<</Fields [6 0 R 40 0 R 11 0 R] /SigFlags 3>>")
                    .object(40, &parent(10, entries))
                    .object(41, &parent(10, "/T (price) /V (999)"))
                    .object(10, &format!("<<{kid} /Parent {above} 0 R>>"));
            }),
        )
    };
    let honest = judged("/T (price) /V (100)", 40);
    assert_eq!(honest.same, Some(true), "{:#?}", honest.differences);
    for (entries, above) in
        [("/T (price) /V (999)", 40), ("/T (other) /V (999)", 40), ("/T (price) /V (100)", 41)]
    {
        assert_eq!(judged(entries, above).same, Some(false), "{entries} {above}");
    }
}

/// A signature that was added is measured as in a later revision, and a field for one that nobody signed is an addition.
#[test]
fn signatures_that_were_added() {
    let with_field = |entries: &str| {
        let mut paper = Paper::signed(&Recipe::default());
        paper
            .0
            .object(5, "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>")
            .object(3, &format!("<<{}>>", SIGNED_PAGE.replace("14 0 R]", "14 0 R 20 0 R]")))
            .object(20, &format!("<</Type /Annot /FT /Sig /T (third) {entries}>>"));
        paper.seal(21, "");
        paper.0.build()
    };
    let seal = "/Subtype /Widget /V 21 0 R /AP <</N 9 0 R>> /P 3 0 R /F 132";
    not_the_same("a seal", Some(true), with_field(&format!("/Rect [9 100 99 190] {seal}")));
    let covering = with_field(&format!("/Rect [0 0 595 842] {seal}"));
    not_the_same("over the page", None, covering);
    let note = "/Subtype /FreeText /Rect [0 0 595 842] /AP <</N 9 0 R>>";
    not_the_same("not signed", Some(false), with_field(note));
}

/// What was signed may be read in different ways as well as what was appended.
#[test]
fn what_programs_read_differently() {
    let page = |from: &str, to: &str| {
        let other = SIGNED_PAGE.replace(from, to);
        changed("", move |paper| _ = paper.object(3, &format!("<<{other}>>")))
    };
    not_the_same("a generation", Some(false), page("/Contents 4 0 R", "/Contents 4 1 R"));
    not_the_same("a number with a sign", Some(false), page("595 842", "595-400 842"));
    let pages = |text: &str| changed("", |paper| _ = paper.object(2, text));
    not_the_same("no pages", Some(false), pages("<</Type /Pages /Kids [3 0 R] /Count 0>>"));
    let other = SIGNED_PAGE.replace("/Parent 2", "/Parent 44");
    let branch = changed("", |paper| {
        paper
            .object(2, "<</Type /Pages /Kids [44 0 R] /Count 1>>")
            .object(44, "<</Type /Page /Kids [3 0 R] /Parent 2 0 R /Count 1 /Contents 9 0 R>>")
            .object(3, &format!("<<{other}>>"));
    });
    not_the_same("a page that is a branch", None, branch);
    let digits: String = CONTENTS.bytes().map(|byte| format!("{byte:02x}")).collect();
    let hex =
        |paper: &mut Builder| _ = paper.stream(4, "/Filter /ASCIIHexDecode", format!("{digits}>").as_bytes());
    not_the_same("packed so that readers differ", Some(false), changed("", hex));
    let flate = crate::support::zlib(CONTENTS.as_bytes());
    let packed = changed("", |paper| _ = paper.stream(4, "/Filter /FlateDecode", &flate));
    not_the_same("packed", Some(true), packed);
    // Another object of the same number, and a row that makes programs look for objects themselves.
    let shadow = changed("", |paper| {
        let at = paper.bytes.len();
        paper.stream(4, "", CONTENTS.as_bytes()).stream(4, "", b"BT (other) Tj ET");
        paper.row(4, [1, at, 0]).row(99, [1, 99_999_999, 0]);
    });
    not_the_same("two of one number", None, shadow);
    let turned = sent_with(CONTENTS, "Helvetica", "100", |builder| {
        builder.object(3, &format!("<<{PAGE} /Rotate 90>>"));
    });
    for (angle, expected) in [("90", true), ("90.0", false)] {
        let page = format!("<<{SIGNED_PAGE} /Rotate {angle}>>");
        let found = compared(turned.clone(), changed("", |paper| _ = paper.object(3, &page)));
        assert_eq!(found.same, Some(expected), "{angle}: {:#?}", found.differences);
    }
    let mut end = changed("", |_| ());
    end.extend_from_slice(b"% a comment\n");
    not_the_same("an end that is none", None, end);
}
