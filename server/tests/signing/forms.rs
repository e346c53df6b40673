//! Forms and annotations around a signature: the seal is seen, and every later signature only adds.

use crate::support::{
    Bitmap, Signed, assemble, authority, drawn_by_poppler, organisation, person, sign, tools::tool,
};

const PLACE: &str = "0.1,0.1,0.3,0.3";
const OTHER: &str = "0.6,0.1,0.8,0.3";
const HELVETICA: &str = "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica /Encoding /WinAnsiEncoding>>";

/// A form of one page with these fields, and further objects from number 11 on.
fn form(form: &str, fields: &[&str], more: &[&str]) -> Vec<u8> {
    let references: String = (5..5 + fields.len()).map(|number| format!(" {number} 0 R")).collect();
    let song = if more.len() > 2 { " /Song 13 0 R" } else { "" };
    let catalog = format!(
        "<</Type /Catalog /Pages 2 0 R /AcroForm <</Fields [{references}] /DR <</Font <</Helv 4 0 R{song}>>>> \
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

/// A page as poppler and mutool draw it.
fn drawn(pdf: &std::path::Path) -> Option<[Bitmap; 2]> {
    let out = pdf.with_extension("mutool.png");
    let status = tool("mutool").args(["draw", "-q", "-r", "72", "-o"]).arg(&out).arg(pdf).arg("1").status();
    assert!(status.unwrap().success());
    Some([drawn_by_poppler(pdf)?, Bitmap::read(&out)])
}

/// The number of pixels inside a rectangle of the page that are like this.
fn pixels(page: &Bitmap, rect: &str, like: fn([u8; 3]) -> bool) -> usize {
    let corners: Vec<u32> = rect.split(' ').map(|number| number.parse().unwrap()).collect();
    let inside = |x: u32, y: u32| {
        let y = page.height - y;
        corners[0] < x && x < corners[2] && corners[1] < y && y < corners[3]
    };
    page.enumerate().filter(|(x, y, pixel)| inside(*x, *y) && like(*pixel)).count()
}

fn is_dark(pixel: [u8; 3]) -> bool {
    pixel.iter().all(|part| *part < 150)
}

/// As one that was filled in by a program which leaves the drawing to viewers.
const EMPTY: &str = "<</Subtype /Form /BBox [0 0 100 60] /Length 13>>stream\n/Tx BMC EMC  \nendstream";

#[test]
fn lists_and_buttons_keep_their_look() {
    let [list, push, check, state, radio] =
        ["100 600 200 660", "220 600 320 624", "340 600 360 620", "370 600 390 620", "400 600 420 620"];
    let fields = [
        field(
            "Ch",
            list,
            "/Opt [(Apple) (Banana) [(c) (Cherry)]] /V (c) /I [0] /AP <</N 11 0 R>> /MK <</BC [0 0 1] /BG [1 1 0.8]>> \
             /DA (/Helv 12 Tf 0 g)",
        ),
        field(
            "Btn",
            push,
            "/Ff 65536 /MK <</CA (Press me) /BC [0] /BG [0.8]>> /BS <</W 2 /S /B>> /DA (/Helv 12 Tf 0 g)",
        ),
        field("Btn", check, "/V /On#20it /AS /On#20it /MK <</CA (4) /BC [0 0 1]>> /DA (/ZaDb 0 Tf 0 g)"),
        field("Btn", state, "/V /Yes /AS /Off /AP <</N <</Yes 12 0 R /Off 11 0 R>>>>"),
        field("Btn", radio, "/Ff 32768 /V /B /AS /B /MK <</CA (l) /BC [0 0 1]>> /DA (/ZaDb 0 Tf 0 g)"),
    ];
    let full = "<</Subtype /Form /BBox [0 0 20 20] /Length 21>>stream\n0 g 2 2 16 16 re f   \nendstream";
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let pdf = form("/NeedAppearances true", &fields, &[EMPTY, full]);
    let ca = authority();
    let signed = Signed::new(&sign(&pdf, None, &[organisation(&[(1, PLACE)])], &ca), &ca);
    signed.assert_valid(None, 1, 0);
    let texts = text_of(&signed.pdf);
    for text in ["Apple", "Banana", "Cherry", "Press me"] {
        assert!(texts.contains(text), "{text} in {texts}");
    }
    let appended = String::from_utf8_lossy(&std::fs::read(&signed.pdf).unwrap()[pdf.len()..]).into_owned();
    assert!(appended.contains("/AP <</N <</On#20it "), "viewers that draw nothing themselves show the mark");
    assert_eq!(appended.matches("/Subtype /Form /BBox [0 0 20 20]").count(), 4, "on and off, two buttons");
    assert!(appended.contains("/Subtype /Form /BBox [0 0 100 24]"), "the push button");
    let Some(pages) = drawn(&signed.pdf) else { return };
    for page in pages {
        let chosen = pixels(&page, "102 615 198 632", |[red, _, blue]| red < 190 && blue > 190);
        let others = pixels(&page, "102 636 198 658", |[red, _, blue]| red < 190 && blue > 190);
        assert!(chosen > 500 && others < 50, "{chosen} {others}: Cherry is chosen, whatever /I says");
        assert!(pixels(&page, push, |pixel| pixel.iter().all(|part| part.abs_diff(204) < 5)) > 1000);
        for place in [push, check, state, radio] {
            assert!(pixels(&page, place, is_dark) > 10, "{place}");
        }
    }
}

/// In outlines, as the form's fonts may lack these characters. What no font has keeps what it had.
#[test]
fn text_in_chinese_keeps_its_look() {
    let text = |text: &str| text.encode_utf16().map(|unit| format!("{unit:04X}")).collect::<String>();
    let chinese = text("合同编号 No. 5");
    let lines = text("本合同一式两份，双方各执一份。\r具有同等法律效力。");
    let [one, many, composite, other] =
        ["100 600 300 620", "320 560 420 620", "100 500 300 520", "320 500 420 520"];
    let fields = [
        field("Tx", one, &format!("/V <FEFF{chinese}>")),
        field("Tx", many, &format!("/Ff 4096 /V <FEFF{lines}> /AP <</N 11 0 R>> /DA (/Helv 10 Tf 0 g)")),
        field("Tx", composite, "/V (Latin text) /DA (/Song 12 Tf 0 g)"),
        field("Tx", other, "/V <FEFF0627> /AP <</N 11 0 R>>"),
    ];
    let fields: Vec<&str> = fields.iter().map(String::as_str).collect();
    let song = "<</Type /Font /Subtype /Type0 /BaseFont /STSong-Light /Encoding /UniGB-UCS2-H /DescendantFonts [<</Type \
                /Font /Subtype /CIDFontType0 /BaseFont /STSong-Light /CIDSystemInfo <</Registry (Adobe) /Ordering (GB1) \
                /Supplement 4>> /FontDescriptor <</Type /FontDescriptor /FontName /STSong-Light /Flags 4 /FontBBox [0 \
                -200 1000 900] /ItalicAngle 0 /Ascent 900 /Descent -200 /CapHeight 700 /StemV 80>>>>]>>";
    let pdf = form("/NeedAppearances true", &fields, &[EMPTY, "null", song]);
    let ca = authority();
    let signed = Signed::new(&sign(&pdf, None, &[organisation(&[(1, PLACE)])], &ca), &ca);
    signed.assert_valid(None, 1, 0);
    let appended = String::from_utf8_lossy(&std::fs::read(&signed.pdf).unwrap()[pdf.len()..]).into_owned();
    for (place, is_drawn) in [(one, true), (many, true), (composite, true), (other, false)] {
        assert_eq!(appended.contains(&format!("/T (f{place})")), is_drawn, "{place}");
    }
    let Some(pages) = drawn(&signed.pdf) else { return };
    for page in pages {
        for place in [one, many, composite] {
            assert!(pixels(&page, place, is_dark) > 40, "{place}");
        }
        // Broken into lines that stay inside.
        assert!(
            pixels(&page, "320 606 420 620", is_dark) > 10 && pixels(&page, "320 584 420 598", is_dark) > 10
        );
    }
}
