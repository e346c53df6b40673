//! Forms and annotations around a signature: the seal is seen, and every later signature only adds.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signing_support;

use signing_support::{
    Signed, assemble, authority, drawn_by_poppler, organisation, person, sign, tools::tool,
};

const PLACE: &str = "0.1,0.1,0.3,0.3";
const OTHER: &str = "0.6,0.1,0.8,0.3";
const HELVETICA: &str = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>";

/// A form of one page with these fields, and further objects from number 11 on.
fn form(form: &str, fields: &[&str], more: &[&str]) -> Vec<u8> {
    let references: String = (5..5 + fields.len()).map(|number| format!(" {number} 0 R")).collect();
    let catalog = format!(
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [{references}] /DR <</Font <</Helv 4 0 R>>>> \
         /DA (/Helv 0 Tf 0 g) {form}>>>>"
    );
    let page = format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [{references}]>>");
    let mut objects = vec![&*catalog, "<</Type /Pages /Kids [3 0 R] /Count 1>>", &page, HELVETICA];
    objects.extend(fields);
    objects.resize(10, "null");
    objects.extend(more);
    let objects: Vec<&[u8]> = objects.iter().map(|object| object.as_bytes()).collect();
    assemble(&objects, "")
}

/// The text that mutool finds in a file, its fields' included.
fn text_of(pdf: &std::path::Path) -> String {
    let out = tool("mutool").args(["draw", "-q", "-F", "txt"]).arg(pdf).output().unwrap();
    String::from_utf8_lossy(&out.stdout).into_owned()
}

fn field(kind: &str, rect: &str, more: &str) -> String {
    format!("<</Type /Annot /Subtype /Widget /FT /{kind} /T (f{rect}) /F 4 /Rect [{rect}] {more}>>")
}

#[test]
fn seals_are_seen_where_appearances_are_asked_for() {
    let appearance = "<</Subtype /Form /BBox [0 0 200 20] /Resources <</Font <</Helv 4 0 R>>>> /Length 66>>stream\n\
                      /Tx BMC q BT /Helv 12 Tf 0 0 0 rg 2 6 Td (In its appearance) Tj ET Q EMC\nendstream";
    let appearance = appearance.replace("/Length 66", "/Length 73");
    let with =
        field("Tx", "100 700 300 720", "/V (In its appearance) /AP <</N 11 0 R>> /DA (/Helv 12 Tf 0 g)");
    // As programs leave it that fill in fields and do not draw them.
    let empty =
        field("Tx", "320 650 500 670", "/V (Filled in later) /AP <</N 12 0 R>> /DA (/Helv 12 Tf 0 g)");
    let old = field("Tx", "320 600 500 620", "/V (The new value) /AP <</N 11 0 R>> /DA (/Helv 12 Tf 0 g)");
    let nothing = "<</Subtype /Form /BBox [0 0 180 20] /Length 13>>stream\n/Tx BMC EMC  \nendstream";
    let without = field("Tx", "100 650 300 670", "/V (Without any) /DA (/Helv 12 Tf 0 g)");
    let automatic = field("Tx", "100 600 300 620", "/V (As large as fits) /Q 1");
    let lines = field(
        "Tx",
        "100 480 300 560",
        "/Ff 4096 /V (One line and\rthe next one, which is too long for the field) /DA (/Helv 10 Tf 0 0 1 rg)",
    );
    let fields = [&*with, &without, &automatic, &lines, &empty, &old];
    let pdf = form("/NeedAppearances true", &fields, &[&appearance, nothing]);
    let ca = authority();
    let before = Signed::new(&pdf, &ca);
    let signed =
        Signed::new(&sign(&pdf, None, &[organisation(&[(1, PLACE)]), person(&[(1, OTHER)])], &ca), &ca);
    signed.assert_valid(None, 2, 0);
    let (Some(before), Some(after)) = (drawn_by_poppler(&before.pdf), drawn_by_poppler(&signed.pdf)) else {
        return;
    };
    assert!(after.red_in(PLACE) > 50 && after.red_in(OTHER) > 50);
    // Glyphs may lie a pixel off where this platform draws what a viewer drew.
    let share = before.difference(&after, &[PLACE, OTHER]);
    assert!(share < 0.002, "{share} of the pixels differ");
    let texts = text_of(&signed.pdf);
    for text in [
        "In its appearance",
        "Without any",
        "As large as fits",
        "One line and",
        "Filled in later",
        "The new value",
    ] {
        assert!(texts.contains(text), "{text} in {texts}");
    }
}

/// As gofpdf and fpdf2 write links: in the page itself, or in a list that is an object.
#[test]
fn annotations_that_stand_in_the_page_itself() {
    let link = "<</Type /Annot /Subtype /Link /Rect [10 10 90 30] /Border [0 0 0] /A <</S /URI /URI (https://a.example/\\(b\\))>>>>";
    let direct = format!("[{link} {link}]");
    for annotations in [&direct, "4 0 R"] {
        let page =
            |list: &str| format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots {list}>>");
        let pages = [page(annotations), page(&direct)];
        let objects = [
            "<</Type /Catalog /Pages 2 0 R>>",
            "<</Type /Pages /Kids [3 0 R 5 0 R] /Count 2>>",
            &pages[0],
            &direct,
            &pages[1],
        ];
        let pdf = assemble(&objects.map(str::as_bytes), "");
        let ca = authority();
        let signers =
            [organisation(&[(1, PLACE), (1, OTHER)]), person(&[(2, PLACE), (1, "0.4,0.6,0.5,0.7")])];
        let signed = sign(&pdf, None, &signers, &ca);
        assert!(signed.starts_with(&pdf));
        Signed::new(&signed, &ca).assert_valid(None, 4, 0);
    }
}

/// One field with thousands of places on the page: what stands above it is read once.
#[test]
fn many_widgets_of_one_field() {
    let kids: String = (5..6005).map(|number| format!("{number} 0 R ")).collect();
    let catalog = "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [4 0 R] /NeedAppearances true /DA (/Helv 9 Tf)>>>>";
    let field = format!("<</FT /Tx /T (a) /V (b) /Kids [{kids}]>>");
    let page = format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [{kids}]>>");
    let widget = "<</Type /Annot /Subtype /Widget /Parent 4 0 R /Rect [9 9 99 29] /F 4>>";
    let mut objects = vec![catalog, "<</Type /Pages /Kids [3 0 R] /Count 1>>", &page, &field];
    objects.resize(6004, widget);
    let objects: Vec<&[u8]> = objects.iter().map(|object| object.as_bytes()).collect();
    let signed = sign(&assemble(&objects, ""), None, &[organisation(&[(1, PLACE)])], &authority());
    assert_eq!(signed.windows(7).filter(|window| *window == b"/Tx BMC").count(), 6000);
}
