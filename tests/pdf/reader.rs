//! The PDF reader by itself: objects and their places, pages, fields, signatures, revisions.

use crate::support::{Builder, one_page};
use wosigndoc::pdf::{
    Dict, ObjectId, PdfError, PdfErrorKind, PdfFile, Place, Value, fields, pages, permission, signatures,
};

fn open(builder: &Builder) -> PdfFile {
    PdfFile::open(builder.build()).unwrap()
}

fn fails<T: std::fmt::Debug>(result: Result<T, PdfError>, kind: PdfErrorKind) -> PdfError {
    let error = result.expect_err("read");
    assert_eq!(error.kind, kind, "{error}");
    assert!(!error.what.en.is_empty() && error.what.zh.chars().any(|c| c >= '\u{4e00}'), "{error}");
    error
}

#[test]
fn every_value_knows_its_place() {
    let text = "<</Name /A#20B /Number -1.50 /Text (a\\(b\\)\\101) /Hex <4 1 4> /List [true null 7 0 R]>>";
    let mut builder = one_page("", "");
    let pdf = open(builder.object(4, text).packed(5, &[(6, text), (7, "<</In 4 0 R>>")]).xref_stream(8, ""));
    let values = [
        ("Name", Value::Name(b"A B".to_vec()), "/A#20B"),
        ("Number", Value::Real(-1.5), "-1.50"),
        ("Text", Value::String(b"a(b)A".to_vec()), "(a\\(b\\)\\101)"),
        ("Hex", Value::String(b"A@".to_vec()), "<4 1 4>"),
    ];
    let object = pdf.load(4).unwrap().unwrap();
    assert_eq!(pdf.text(&object), text.as_bytes());
    for (key, value, raw) in &values {
        let entry = pdf.get(&object, key).unwrap().unwrap();
        assert_eq!((&entry.item.value, entry.id), (value, ObjectId::new(4)), "{key}");
        assert_eq!(pdf.bytes()[entry.place().unwrap()], *raw.as_bytes(), "{key}");
        assert_eq!(pdf.text(&entry), raw.as_bytes(), "{key}");
    }
    // The same in an object stream: the text is there, but has no place in the file.
    let packed = pdf.load(6).unwrap().unwrap();
    assert_eq!(pdf.text(&packed), text.as_bytes());
    for (key, value, raw) in &values {
        let entry = pdf.get(&packed, key).unwrap().unwrap();
        assert_eq!((&entry.item.value, entry.place()), (value, None), "{key}");
        assert_eq!(pdf.text(&entry), raw.as_bytes(), "{key}");
    }
    // A reference leads from the one to the other, and back.
    let list = pdf.get(&packed, "List").unwrap().unwrap();
    let items = list.item.value.array().unwrap();
    assert_eq!(items[0].value, Value::Bool(true));
    assert!(pdf.follow(&list, &items[1]).unwrap().is_none());
    let there = pdf.follow(&list, &items[2]).unwrap().unwrap();
    let back = pdf.get(&there, "In").unwrap().unwrap();
    assert_eq!((back.id, back.place()), (ObjectId::new(4), object.place()));
}

#[test]
fn streams_are_unpacked() {
    let mut builder = one_page("", "");
    builder
        .stream(4, "/Filter /FlateDecode", &crate::support::zlib(b"packed"))
        .stream(5, "", b"plain")
        .stream(6, "/Filter /DCTDecode", b"?")
        .stream(7, "/Filter /FlateDecode", b"no zlib");
    let pdf = open(builder.table(""));
    let data = |number: u32| pdf.data(&pdf.load(number).unwrap().unwrap());
    assert_eq!(data(4).unwrap().unwrap(), b"packed");
    assert_eq!(data(5).unwrap().unwrap(), b"plain");
    assert_eq!(data(3).unwrap(), None);
    fails(data(6), PdfErrorKind::Unsupported);
    fails(data(7), PdfErrorKind::Damaged);
    let range = pdf.data_range(&pdf.load(5).unwrap().unwrap()).unwrap().unwrap();
    assert_eq!(&pdf.bytes()[range], b"plain");
}

#[test]
fn pages_have_boxes_and_rotation() {
    let mut builder = Builder::new();
    builder
        .object(1, "<</Type /Catalog /Pages 2 0 R>>")
        .object(2, "<</Kids [3 0 R 4 0 R 7 0 R] /MediaBox [0 0 600 800] /Rotate 90>>")
        .object(3, "<</CropBox [700 10 100 -50] /Annots 9 0 R>>")
        .object(4, "<</Kids [5 0 R 6 0 R] /Rotate -90>>")
        .object(5, "<</MediaBox [100 100 300 200] /Annots 9 0 R>>")
        .object(6, "<</Rotate 45 /CropBox 8 0 R /Annots []>>")
        .object(7, "<</MediaBox [0 0 0 0]>>")
        .object(8, "[1 2 3.5 8 0 R]")
        .object(9, "[]");
    let pdf = open(builder.table(""));
    let found: Vec<_> = pages(&pdf)
        .unwrap()
        .iter()
        .map(|page| (page.id.number, page.crop, page.rotation, page.size(), page.shares_annotations))
        .collect();
    let expected = [
        (3, [100.0, 0.0, 600.0, 10.0], 90, (10.0, 500.0), true),
        (5, [100.0, 100.0, 300.0, 200.0], 270, (100.0, 200.0), true),
        (6, [0.0, 0.0, 600.0, 800.0], 0, (600.0, 800.0), false),
        (7, [0.0, 0.0, 612.0, 792.0], 90, (792.0, 612.0), false),
    ];
    assert_eq!(found, expected);
}

#[test]
fn fields_have_full_names_and_kinds() {
    let mut builder = one_page("/AcroForm <</Fields 4 0 R>>", "");
    builder
        .object(4, "[5 0 R <</T (direct) /FT /Btn>> 8 0 R 99 0 R 5 0 R null 7]")
        .object(5, "<</T (form) /FT /Tx /Kids [6 0 R <</T <feff7b7e> /FT /Sig>>]>>")
        .object(6, "<</T (line) /Kids [7 0 R 5 0 R]>>")
        .object(7, "<</Subtype /Widget /Parent 6 0 R>>")
        .object(8, "<<>>");
    let pdf = open(builder.table(""));
    let found: Vec<_> = fields(&pdf)
        .unwrap()
        .map(|field| field.unwrap())
        .map(|field| {
            let kind = field.kind.as_deref().map(|kind| String::from_utf8_lossy(kind).into_owned());
            (field.name.to_string(), kind.unwrap_or_default(), field.object.id.number)
        })
        .collect();
    let expected = [
        ("form", "Tx", 5),
        ("form.line", "Tx", 6),
        ("form.line", "Tx", 7),
        ("form.签", "Sig", 5),
        ("direct", "Btn", 4),
        ("", "", 8),
    ];
    let expected: Vec<_> =
        expected.iter().map(|(name, kind, id)| ((*name).into(), (*kind).into(), *id)).collect();
    assert_eq!(found, expected);
    assert_eq!(fields(&open(one_page("", "").table(""))).unwrap().count(), 0);
}

#[test]
fn signatures_have_places() {
    let value = "<</Type /Sig /ByteRange [0 10 20 30] /Contents <30820100> /Reference [\
                 <</TransformMethod /DocMDP /TransformParams <</P 3>>>> \
                 <</TransformMethod /FieldMDP /TransformParams <</P 1>>>> \
                 <</TransformMethod /DocMDP>>]>>";
    let mut builder = one_page("/AcroForm <</Fields [4 0 R 5 0 R 6 0 R 8 0 R]>>", "");
    builder
        .object(4, &format!("<</FT /Sig /T (one) /V {value}>>"))
        .object(5, "<</FT /Sig /T (two) /V 7 0 R>>")
        .object(6, "<</FT /Sig /T (empty)>>")
        .object(7, "<</Type /DocTimeStamp /ByteRange [0 1 2 3.5] /Contents (0)>>")
        .object(8, "<</FT /Tx /T (text) /V <</Type /Sig>>>>");
    let pdf = open(builder.table(""));
    let found: Vec<_> = signatures(&pdf).unwrap().map(|signature| signature.unwrap()).collect();
    let names: Vec<&str> = found.iter().map(|signature| &*signature.field.name).collect();
    assert_eq!(names, ["one", "two"]);
    assert_eq!(found[0].byte_range(&pdf).unwrap(), Some(vec![0, 10, 20, 30]));
    assert_eq!(found[1].byte_range(&pdf).unwrap(), None);
    for (signature, raw, bytes) in [(&found[0], "<30820100>", &b"0\x82\x01\0"[..]), (&found[1], "(0)", b"0")]
    {
        let contents = pdf.get(&signature.object, "Contents").unwrap().unwrap();
        assert_eq!(&pdf.bytes()[contents.place().unwrap()], raw.as_bytes());
        assert_eq!(contents.item.value.string(), Some(bytes));
    }
    assert_eq!(permission(&pdf, &found[0].object).unwrap(), Some(2));
    assert_eq!(permission(&pdf, &found[1].object).unwrap(), None);
}

/// Three revisions, of both kinds: each is there as it was.
#[test]
fn revisions_are_there_as_they_were() {
    let mut builder = one_page("", "");
    builder.object(4, "(first)").object(5, "(gone)").table("");
    let first = builder.bytes.len();
    builder.packed(7, &[(4, "(second)"), (6, "(packed)")]).free(5).xref_stream(8, "");
    let second = builder.bytes.len();
    builder.packed(7, &[(4, "(third)"), (6, "(packed)")]).xref_stream(8, "");
    let third = builder.bytes.len();
    builder.bytes.extend_from_slice(b"junk");
    let pdf = open(&builder);
    assert_eq!(pdf.revisions(), [0..first, first..second, second..third]);

    let text = |file: &PdfFile, number: u32| {
        file.load(number).unwrap().map(|object| object.item.value.text().unwrap_or_default())
    };
    let file = |index: usize| pdf.revision(index).unwrap();
    assert_eq!(file(0).bytes(), &pdf.bytes()[..first]);
    for (index, four, five, six) in [
        (0, "first", Some("gone"), None),
        (1, "second", None, Some("packed")),
        (2, "third", None, Some("packed")),
    ] {
        let file = file(index);
        assert_eq!(file.revisions().len(), index + 1);
        assert_eq!(text(&file, 4).as_deref(), Some(four));
        assert_eq!(text(&file, 5).as_deref(), five);
        assert_eq!(text(&file, 6).as_deref(), six);
        assert_eq!(pages(&file).unwrap().len(), 1);
    }
    // Freed, changed, and new; in the last one nothing moved but the stream that holds them.
    assert_eq!(file(1).changed_since(&file(0)), [4, 5, 6, 7, 8]);
    assert_eq!(pdf.changed_since(&file(1)), [4, 6, 7, 8]);
    assert_eq!(pdf.changed_since(&file(2)), [0_u32; 0]);
    fails(pdf.revision(3).map(drop), PdfErrorKind::Damaged);
}

/// A linearized file has two sections, the newer one in front of the older one: they are one revision.
#[test]
fn a_linearized_file_is_one_revision() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/server/tests/fixtures");
    for (name, revisions) in [
        ("linear.pdf", 1),
        ("plain.pdf", 1),
        ("objects.pdf", 1),
        ("hybrid.pdf", 2),
        ("signed.pdf", 2),
        ("certified.pdf", 3),
    ] {
        let bytes = std::fs::read(format!("{folder}/{name}")).unwrap();
        let length = bytes.len();
        let pdf = PdfFile::open(bytes).unwrap();
        assert_eq!(pdf.revisions().len(), revisions, "{name}: {:?}", pdf.revisions());
        assert_eq!(pdf.revisions().last().unwrap().end, length, "{name}");
        // It stays so when another one follows.
        let mut more = Builder::after(pdf.bytes().to_vec(), pdf.xref().start, pdf.xref().next);
        let pdf = open(more.object(3, "(changed)").table(""));
        let range = pdf.revisions()[revisions - 1].clone();
        assert_eq!((range.end, pdf.revisions().len()), (length, revisions + 1), "{name}");
    }
}

/// A section that skips what came in between makes no revision of it.
#[test]
fn a_revision_ends_where_its_section_says() {
    let mut builder = one_page("", "");
    builder.object(4, "(one)").table("");
    let (first, start) =
        (builder.bytes.len(), builder.bytes.windows(5).rposition(|w| w == b"xref\n").unwrap());
    // `startxref` itself ends in the same letters, so the table is the one before it.
    let start = builder.bytes[..start].windows(5).rposition(|w| w == b"xref\n").unwrap_or(start);
    builder.object(4, "(hidden)").table("");
    let mut bytes = builder.build();
    bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
    let length = bytes.len();
    let pdf = PdfFile::open(bytes).unwrap();
    assert_eq!(pdf.load(4).unwrap().unwrap().item.value.text().unwrap(), "one");
    assert_eq!((pdf.revisions().len(), &pdf.revisions()[0]), (1, &(0..length)));
    assert!(first < length);
}

#[test]
fn a_revision_is_appended() {
    let mut builder = one_page("", "");
    builder.object(4, "(old)").table("");
    let mut pdf = open(&builder);
    let (start, size, length) = (pdf.xref().start, pdf.xref().next, pdf.bytes().len());
    let before = pdf.revision(0).unwrap();

    let mut more = Builder::after(builder.build(), start, size);
    more.object(4, "(new)").object(9, "(more)").table("");
    pdf.append(&more.bytes[length..]).unwrap();
    assert_eq!(pdf.bytes(), more.bytes);
    assert_eq!(pdf.revisions(), [0..length, length..more.bytes.len()]);
    assert_eq!(pdf.xref().next, 10);
    assert!(matches!(pdf.xref().places[&9], Place::At(_)));
    for (file, text) in [(&pdf, "new"), (&before, "old")] {
        assert_eq!(file.load(4).unwrap().unwrap().item.value.text().unwrap(), text);
    }
    // It is the same as if it had been opened so.
    let opened = PdfFile::open(more.build()).unwrap();
    assert_eq!((opened.revisions(), &opened.xref().places), (pdf.revisions(), &pdf.xref().places));
    // The older one goes on by itself.
    let mut before = before;
    before.append(&more.bytes[length..]).unwrap();
    assert_eq!(before.into_bytes(), pdf.into_bytes());

    let mut pdf = open(&builder);
    fails(pdf.append(b"nothing"), PdfErrorKind::Damaged);
    let mut elsewhere = Builder::after(builder.build(), 9, size);
    fails(open(&builder).append(&elsewhere.table("").bytes[length..]), PdfErrorKind::Damaged);
}

#[test]
fn many_threads_read_one_file() {
    let objects: Vec<(u32, String)> = (100..1100).map(|number| (number, format!("({number})"))).collect();
    let mut builder = one_page("", "");
    for (index, part) in objects.chunks(100).enumerate() {
        let part: Vec<(u32, &str)> = part.iter().map(|(number, text)| (*number, text.as_str())).collect();
        builder.packed(10 + u32::try_from(index).unwrap(), &part);
    }
    let pdf = open(builder.xref_stream(99, ""));
    std::thread::scope(|scope| {
        for offset in 0..8 {
            let pdf = &pdf;
            scope.spawn(move || {
                for number in (100..1100).map(|number| 100 + (number + offset * 131) % 1000) {
                    let object = pdf.load(number).unwrap().unwrap();
                    assert_eq!(object.item.value.text().unwrap(), number.to_string());
                }
            });
        }
    });
}

#[test]
fn an_encrypted_file_is_opened_but_not_decrypted() {
    let mut builder = one_page("", "");
    builder
        .stream(4, "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode", b"encrypted, and no zlib")
        .stream(5, "", b"encrypted")
        .object(6, "<</Filter /Standard>>");
    // Object 7 lies in the object stream.
    let mut bytes = builder.xref_stream(8, "/Encrypt 6 0 R").build();
    let pdf = PdfFile::open(bytes.clone()).unwrap();
    assert!(pdf.xref().encrypted);
    assert_eq!(pages(&pdf).unwrap().len(), 1);
    fails(pdf.data(&pdf.load(5).unwrap().unwrap()), PdfErrorKind::Encrypted);
    let start = bytes.len();
    let previous = pdf.xref().start;
    let section = format!(
        "9 0 obj\n<</Type /XRef /W [1 1 1] /Index [7 1] /Size 10 /Root 1 0 R /Prev {previous} /Length 3>>\n\
         stream\n\u{2}\u{4}\0\nendstream\nendobj\nstartxref\n{start}\n%%EOF\n"
    );
    bytes.extend_from_slice(section.as_bytes());
    let pdf = PdfFile::open(bytes).unwrap();
    fails(pdf.load(7), PdfErrorKind::Encrypted);
}

#[test]
fn failures_say_why() {
    let plain = one_page("", "").table("").build();
    for damaged in [&b""[..], b"%PDF-1.7", b"<html></html>", &plain[..plain.len() / 2], &plain[5..]] {
        fails(PdfFile::open(damaged.to_vec()), PdfErrorKind::Damaged);
    }
    let mut builder = one_page("/AcroForm <</Fields [5 0 R]>>", "");
    let pdf = open(builder.object(4, "5 0 R").object(5, "4 0 R").object(6, "<<").table(""));
    for number in [4, 5] {
        assert!(fails(pdf.object(ObjectId::new(number)), PdfErrorKind::Damaged).what.en.contains("circle"));
    }
    fails(pdf.load(6), PdfErrorKind::Damaged);
    let mut fields = fields(&pdf).unwrap();
    fails(fields.next().unwrap().map(drop), PdfErrorKind::Damaged);
    assert!(fields.next().is_none());
    assert_eq!(pdf.resolve(&Value::Reference(ObjectId::new(77))).unwrap(), Value::Null);
    assert_eq!(pdf.entry(&Dict::default(), "Any").unwrap(), Value::Null);
    let circle = open(Builder::new().object(1, "<</Pages 2 0 R>>").object(2, "<</Kids [2 0 R]>>").table(""));
    fails(pages(&circle), PdfErrorKind::Damaged);
}
