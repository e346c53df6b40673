//! Scripts and programs in a document: named with their place, and told from what only looks like them.

#![allow(missing_docs, clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod signing_support;

use signing_support::{assemble, inspect};
use wosigndoc::protocol::Bilingual;

/// What acts in a document with these entries of its catalogue and its page, and with these objects from number 4 on.
fn acts(catalog: &str, page: &str, objects: &[&str]) -> Option<Bilingual> {
    let catalog = format!("<</Type /Catalog /Pages 2 0 R {catalog}>>");
    let page = format!("<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] {page}>>");
    let first = [&*catalog, "<</Type /Pages /Kids [3 0 R] /Count 1>>", &page];
    let objects: Vec<&[u8]> = first.iter().chain(objects).map(|object| object.as_bytes()).collect();
    inspect(&assemble(&objects, "")).unwrap().acts
}

fn stream(entries: &str, data: &str) -> String {
    format!("<<{entries} /Length {}>>stream\n{data}\nendstream", data.len())
}

#[test]
fn names_what_was_found_and_where() {
    let script = "<</S /JavaScript /JS (app.alert\\(1\\))>>";
    let launch = "<</S /Launch /F (calc.exe)>>";
    let link = "<</Subtype /Link /A <</S /URI /URI (JavaScript:alert\\(1\\))>>>>";
    let field = format!("<</FT /Tx /AA <</F {script}>>>>");
    let cases = [
        ("/OpenAction 4 0 R", "", script, ["JavaScript", "/OpenAction, in object 4"]),
        ("/OpenAction 4 0 R", "", launch, ["Launch", "/OpenAction, in object 4"]),
        ("/Names <</JavaScript <</Names [(a) 4 0 R]>>>>", "", script, ["JavaScript", "/Names, in object 4"]),
        ("", "/Annots [4 0 R]", link, ["javascript:", "page 1, in object 4"]),
        ("", "/Annots [<</A <</S /Launch>>>>]", "null", ["Launch", "page 1, in object 3"]),
        ("/AcroForm <</Fields [4 0 R]>>", "", &field, ["JavaScript", "/AcroForm, in object 4"]),
        // The first or the last of two: readers differ.
        ("/OpenAction <</S /GoTo /S /Launch>>", "", "null", ["Launch", "object 1"]),
        (
            "/OpenAction <</JS (AFNumber_Format\\(1\\)) /JS (app.x\\(\\)) /S /JavaScript>>",
            "",
            "null",
            ["JavaScript", "object 1"],
        ),
    ];
    for (catalog, page, object, words) in cases {
        let found = acts(catalog, page, &[object]).unwrap_or_else(|| panic!("{catalog} {page} {object}"));
        assert!(words.iter().all(|word| found.en.contains(word)), "{found:?}");
        assert!(found.zh.contains("对象") && found.zh.contains("请将其删除"), "{found:?}");
    }
}

#[test]
fn takes_what_only_formats_fields() {
    let format = "AFNumber_Format\\(2, 0, 0, 0, \"\", true\\);";
    let hex: String = "\u{feff}AFSimple_Calculate(\"SUM\", new Array(\"a\"));"
        .encode_utf16()
        .map(|unit| format!("{unit:04X}"))
        .collect();
    for script in [format!("({format})"), format!("<{hex}>"), "5 0 R".to_owned(), "6 0 R".to_owned()] {
        let field = format!("<</FT /Tx /AA <</F <</S /JavaScript /JS {script}>>>>>>");
        let plain = stream("", "AFDate_FormatEx(\"yyyy\")");
        let digits: String = "AFDate_FormatEx(0)".bytes().map(|byte| format!("{byte:02x}")).collect();
        let packed = stream("/Filter /ASCIIHexDecode", &digits);
        assert_eq!(acts("/AcroForm <</Fields [4 0 R]>>", "", &[&field, &plain, &packed]), None, "{script}");
    }
    // One that cannot be unpacked here may be anything.
    let field = "<</FT /Tx /AA <</F <</S /JavaScript /JS 5 0 R>>>>>>";
    for script in [stream("/Filter /JPXDecode", "AFDate_FormatEx(0)"), stream("", "app.alert(1)")] {
        assert!(acts("/AcroForm <</Fields [4 0 R]>>", "", &[field, &script]).is_some(), "{script}");
    }
}

#[test]
fn raises_no_false_alarm() {
    let script = "<</S /JavaScript /JS (app.alert\\(1\\))>>";
    assert_eq!(acts("", "", &[script]), None, "nothing refers to it");
    assert_eq!(acts("", "/B 9 0 R", &[script]), None, "an object that is not there");
    for address in
        ["javascript:void\\(0\\)", "javascript:void(0);", "javascript:;", "https://a.example/?javascript:x"]
    {
        let link = format!("<</Subtype /Link /A <</S /URI /URI ({address})>>>>");
        assert_eq!(acts("", "/Annots [4 0 R]", &[&link]), None, "{address}");
    }
    assert_eq!(acts("", "/X <</S /Transparency /JS null>>", &[]), None);
}
