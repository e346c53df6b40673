//! Scripts and programs in a document: named with their place, and told from what only looks like them.

use crate::support::{assemble, inspect, zlib};
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

/// The entries and the data of streams.
type Packets<'a> = Vec<(&'a str, &'a [u8])>;

/// A form in XML, whose dictionary has this entry and stands in a packed object stream, and its packets from object 6 on.
fn form_of_xml(entry: &str, packets: &[(&str, &[u8])]) -> Vec<u8> {
    let form = zlib(format!("8 0 <</Fields [] {entry}>>").as_bytes());
    let packed = |entries: &str, data: &[u8]| {
        let head = format!("<<{entries} /Length {}>>stream\n", data.len());
        [head.as_bytes(), data, b"\nendstream"].concat()
    };
    let mut objects: Vec<Vec<u8>> = [
        "<</Type /Catalog /Pages 2 0 R /AcroForm 8 0 R>>",
        "<</Type /Pages /Kids [3 0 R] /Count 1>>",
        "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>",
    ]
    .map(|object| object.as_bytes().to_vec())
    .to_vec();
    objects.push(packed("/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", &form));
    objects.push(packed("/Type /XRef /W [1 1 1] /Index [8 1] /Size 9", b"\x02\x04\0"));
    objects.extend(packets.iter().map(|(entries, data)| packed(entries, data)));
    let objects: Vec<&[u8]> = objects.iter().map(Vec::as_slice).collect();
    let at = assemble(&objects, "").windows(7).position(|window| window == b"5 0 obj").unwrap();
    assemble(&objects, &format!("/XRefStm {at}"))
}

#[test]
fn finds_scripts_of_forms_in_xml_however_they_are_packed() {
    let form = "<xdp><template><event><script contentType=\"application/x-javascript\">app.alert(1)</script></event>\
                </template></xdp>";
    let (head, tail) = form.split_at(form.find("ipt").unwrap());
    let digits: String = form.bytes().map(|byte| format!("{byte:02x}")).collect();
    let wide: Vec<u8> = form.encode_utf16().flat_map(u16::to_be_bytes).collect();
    let flate = "/Filter /FlateDecode";
    let [whole, wide, head, tail] = [form.as_bytes(), &wide, head.as_bytes(), tail.as_bytes()].map(zlib);
    let cases: [(&str, Packets<'_>); 5] = [
        ("6 0 R", vec![("", form.as_bytes())]),
        ("6 0 R", vec![(flate, &whole)]),
        ("[(template) 6 0 R]", vec![("/Filter /AHx", digits.as_bytes())]),
        ("[(template) 6 0 R]", vec![(flate, &wide)]),
        ("[(a) 6 0 R (b) 7 0 R]", vec![(flate, &head), (flate, &tail)]),
    ];
    for (entry, packets) in cases {
        let found = inspect(&form_of_xml(&format!("/XFA {entry}"), &packets)).unwrap().acts.expect(entry);
        let place = "a script in a form in XML (XFA) under the catalogue's /AcroForm, in object 8";
        assert!(found.en.contains(place), "{found:?}");
        assert!(found.zh.contains("XML 表单（XFA）中的脚本"), "{found:?}");
    }
    let unread = inspect(&form_of_xml("/XFA 6 0 R", &[("/Filter /JPXDecode", b"x")])).unwrap().acts.unwrap();
    assert!(unread.en.contains("cannot be read and may hold scripts"), "{unread:?}");
    let harmless = zlib(form.replace("app.alert(1)", " ").as_bytes());
    assert_eq!(inspect(&form_of_xml("/XFA [(template) 6 0 R]", &[(flate, &harmless)])).unwrap().acts, None);
}
