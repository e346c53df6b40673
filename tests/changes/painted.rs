//! What the appearance of a field that was filled in may draw: the value as text, in a form that programs read alike.

use wosigndoc::verify::changes::Changes;

use crate::filled::{permitted, undecided};
use crate::paper::{Paper, Recipe, TEXT};
use crate::support::{Builder, zlib};

const BARE: &str = "/Type /XObject /Subtype /Form /BBox [0 0 90 20]";
const GLYPHS: &str = "<</Type /Font /Subtype /Type3 /FontBBox [0 0 90 20] /FontMatrix [1 0 0 1 0 0] \
                      /CharProcs <</a 28 0 R>> /Encoding <</Differences [57 /a]>> /FirstChar 57 /LastChar 57 \
                      /Widths [90]>>";

/// Fills in an empty field with this value, by an appearance with these resources, other entries and contents.
fn filled_with(value: &str, resources: &str, entries: &str, contents: &[u8]) -> Changes {
    let paper = Paper::signed_after(&Recipe { price: "", ..Recipe::default() }, |_| {});
    let paper = paper.then(|paper: &mut Builder| {
        paper.object(10, &format!("<<{TEXT} /V {value} /AP <</N 22 0 R>>>>"));
        paper.object(26, GLYPHS).stream(28, "", b"90 0 d0 1 g 0 0 90 20 re f");
        paper.stream(27, "/Type /Pattern /PatternType 1 /BBox [0 0 9 9] /XStep 9 /YStep 9", b"0 0 9 9 re f");
        paper.stream(22, &format!("{BARE} /Resources <<{resources}>> {entries}"), contents);
    });
    paper.changes()
}

fn filled(resources: &str, contents: &str) -> Changes {
    filled_with("(99)", resources, "", contents.as_bytes())
}

const FONT: &str = "/Font <</F1 15 0 R>>";

/// Text paints too: as large as a page, along its outlines, by glyphs of the document's own, in patterns or in white.
#[test]
fn text_that_paints() {
    permitted(&filled(FONT, "/Tx BMC q 1 1 88 18 re W n BT 0 0.2 0.4 rg /F1 12 Tf 2 6 Td (99) Tj ET Q EMC"));
    for contents in [
        "BT /F1 300 Tf (99) Tj ET",
        "BT /F1 3 Tf 100 0 0 100 0 0 Tm (99) Tj ET",
        "q 9 0 0 9 0 0 cm BT /F1 12 Tf (99) Tj ET Q",
        "BT /F1 12 Tf 9000 Tz (99) Tj ET",
        "BT 40 w 1 Tr /F1 12 Tf (99) Tj ET",
        "BT /F1 12 Tf 1 g (99) Tj ET",
        "BT /F1 12 Tf 0.9 1 0.9 rg (99) Tj ET",
        "BT /F1 12 Tf 0 0 0 0 k (99) Tj ET",
        "BT (99) Tj ET",
        "/OC /L BDC BT /F1 12 Tf (99) Tj ET EMC",
    ] {
        undecided(&filled(FONT, contents));
    }
    undecided(&filled("/Font <</F1 26 0 R>>", "BT /F1 1 Tf (9) Tj (9) Tj ET"));
    let pattern = format!("{FONT} /Pattern <</P 27 0 R>>");
    undecided(&filled(&pattern, "BT /Pattern cs /P scn /F1 12 Tf (99) Tj ET"));
    // Who changes his mind about the size in time is honest.
    permitted(&filled(FONT, "q BT /F1 300 Tf ET Q BT /F1 12 Tf (99) Tj ET"));
}

/// A font is known by what programs make of it, not by its name in the resources.
#[test]
fn fonts_of_what_was_filled_in() {
    let shown =
        |font: &str| filled(&format!("/Font <</F1 <</Type /Font {font}>>>>"), "BT /F1 9 Tf (99) Tj ET");
    let helvetica = "/Subtype /Type1 /BaseFont /Helvetica-Bold";
    for encoding in [
        "",
        "/Encoding /WinAnsiEncoding",
        "/Encoding <</Differences [24 /breve 39 /quotesingle 128 /bullet]>>",
    ] {
        permitted(&shown(&format!("{helvetica} {encoding}")));
    }
    permitted(&shown("/Subtype /TrueType /BaseFont /ArialMT /FontDescriptor <</Flags 32>>"));
    for font in [
        "/Subtype /Type1 /BaseFont /ZapfDingbats",
        "/Subtype /Type1 /BaseFont /Symbol",
        "/Subtype /TrueType /BaseFont /ArialMT /FontDescriptor <</Flags 32 /FontFile2 28 0 R>>",
        "/Subtype /Type0 /BaseFont /Helvetica /Encoding /Identity-H",
        &format!("{helvetica} /Encoding <</Differences [57 /bullet]>>"),
    ] {
        undecided(&shown(font));
    }
}

/// What is shown is the value, however it is cut, and not another text.
#[test]
fn text_that_is_not_the_value() {
    let shown =
        |value: &str, text: &str| filled_with(value, FONT, "", format!("BT /F1 9 Tf {text} ET").as_bytes());
    permitted(&shown("(a \\(b\\) c)", "(a \\050) Tj T* (b) ' [(\\)) -20 <63>] TJ"));
    permitted(&shown("<FEFF00fc0041>", "(\\374A) Tj"));
    permitted(&shown("(ok)", "() Tj"));
    undecided(&shown("(ok)", "(The price is 999) Tj"));
    undecided(&shown("(not agreed)", "(agreed) Tj"));
    undecided(&shown("(ok)", "(ok) Tj (ok) Tj"));
}

/// A graphics state may change all that is drawn.
#[test]
fn states_of_what_was_filled_in() {
    let drawn = |state: &str| {
        filled(&format!("{FONT} /ExtGState <</S <<{state}>>>>"), "/S gs BT /F1 9 Tf (99) Tj ET")
    };
    permitted(&drawn("/Type /ExtGState /ca 1 /BM /Normal"));
    undecided(&drawn("/Font [26 0 R 9]"));
    undecided(&drawn("/ca 0.1"));
    undecided(&filled(FONT, "/S gs BT /F1 9 Tf (99) Tj ET"));
}

/// Programs differ in what they unpack, and in what keeps them from showing a form.
#[test]
fn appearances_that_others_do_not_see() {
    let text = b"BT /F1 9 Tf (99) Tj ET";
    let drawn = |entries: &str, contents: &[u8]| filled_with("(99)", FONT, entries, contents);
    permitted(&drawn("/FormType 1 /Filter /FlateDecode", &zlib(text)));
    undecided(&drawn("/Filter /ASCIIHexDecode", b"x4254202f463120392054662028393929205446a204554>"));
    let hex: String = text.iter().map(|byte| format!("{byte:02x}")).collect();
    undecided(&drawn("/Filter /ASCIIHexDecode", format!("x{hex}>").as_bytes()));
    undecided(&drawn("/F (other.txt)", text));
    undecided(&drawn("/OC 17 0 R", text));
    undecided(&drawn("/Subtype /Image", text));
}
