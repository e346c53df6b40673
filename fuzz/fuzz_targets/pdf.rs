//! A PDF of any bytes: all that is asked of the reader ends with a result or an error, every value stands where
//! it says, and what a revision was opened from can be opened again.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wosigndoc::pdf::{Item, PdfFile, Value, fields, pages, permission, signatures};

fuzz_target!(|input: &[u8]| {
    let Ok(pdf) = PdfFile::open(input.to_vec()) else { return };
    read(&pdf);
    let mut end = 0;
    for (index, range) in pdf.revisions().iter().enumerate() {
        assert!(range.start == end && range.start < range.end && range.end <= input.len());
        end = range.end;
        if index < 4
            && let Ok(revision) = pdf.revision(index)
        {
            assert_eq!(revision.bytes(), &input[..range.end]);
            read(&revision);
            pdf.changed_since(&revision);
        }
    }
});

fn read(pdf: &PdfFile) {
    let _ = pages(pdf);
    for field in fields(pdf).into_iter().flatten().flatten() {
        assert!(field.object.dict().is_some());
    }
    for signature in signatures(pdf).into_iter().flatten().flatten() {
        let _ = permission(pdf, &signature.object);
        let _ = signature.byte_range(pdf);
        if let Ok(Some(contents)) = pdf.get(&signature.object, "Contents")
            && let Some(place) = contents.place()
        {
            assert_eq!(&pdf.bytes()[place], pdf.text(&contents));
        }
    }
    for number in pdf.xref().numbers() {
        let Ok(Some(object)) = pdf.load(number) else { continue };
        assert_eq!(pdf.text(&object).len(), object.item.span.len());
        check(&object.item);
        if let Ok(Some(range)) = pdf.data_range(&object) {
            assert!(range.end <= pdf.bytes().len());
        }
        let _ = pdf.data(&object);
    }
}

/// Values stand inside those that hold them, one behind the other.
fn check(item: &Item) {
    let inner: Vec<&Item> = match &item.value {
        Value::Array(items) => items.iter().collect(),
        Value::Dict(dict) => dict.0.iter().map(|(_, item)| item).collect(),
        _ => return,
    };
    let mut at = item.span.start;
    for item in inner {
        assert!(at <= item.span.start && item.span.start < item.span.end);
        at = item.span.end;
        check(item);
    }
    assert!(at < item.span.end);
}
