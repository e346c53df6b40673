//! What may not happen to a signed paper: each is found, and named.

use wosigndoc::verify::changes::{ChangeKind, Coverage, Verdict};

use crate::paper::{CATALOG, EMPTY, PAGE, Paper, Recipe, TEXT, history, kinds};
use crate::support::Builder;

/// Says that this revision is not permitted, and for which reasons.
fn refused(change: impl FnOnce(&mut Builder), expected: &[ChangeKind]) {
    refused_after(Paper::signed(&Recipe::default()), change, expected);
}

fn refused_after(paper: Paper, change: impl FnOnce(&mut Builder), expected: &[ChangeKind]) {
    let changes = paper.then(change).changes();
    assert_eq!(changes.verdict, Verdict::NotPermitted, "{:#?}", changes.changes);
    assert_eq!(kinds(&changes, Verdict::NotPermitted), expected, "{:#?}", changes.changes);
}

#[test]
fn what_a_page_shows() {
    refused(|paper| _ = paper.stream(4, "", b"BT /F1 12 Tf (the cost is) Tj ET"), &[ChangeKind::Page]);
    refused(|paper| _ = paper.object(3, &format!("<<{PAGE} /Rotate 180>>")), &[ChangeKind::Page]);
    refused(|paper| _ = paper.object(3, &format!("<<{PAGE} /UserUnit 2>>")), &[ChangeKind::Page]);
    refused(|paper| _ = paper.object(3, &format!("<<{}>>", PAGE.replace("842", "84"))), &[ChangeKind::Page]);
    // By inheritance.
    refused(
        |paper| _ = paper.object(2, "<</Type /Pages /Kids [3 0 R] /Count 1 /Rotate 90>>"),
        &[ChangeKind::Page],
    );
}

#[test]
fn a_font_of_a_page() {
    let change =
        |paper: &mut Builder| _ = paper.object(15, "<</Type /Font /Subtype /Type1 /BaseFont /Symbol>>");
    refused(change, &[ChangeKind::Page]);
}

#[test]
fn the_object_and_the_page_are_named() {
    let paper = Paper::signed(&Recipe::default());
    let changes = paper.then(|paper| _ = paper.object(15, "<</Type /Font /BaseFont /Symbol>>")).changes();
    let change = &changes.changes[0];
    assert_eq!((change.object, change.page), (Some(15), Some(1)));
    assert_eq!(&*change.what.en, "page 1 was changed: /Resources");
    assert_eq!(&*change.what.zh, "第 1 页被修改：/Resources");
}

#[test]
fn pages_themselves() {
    let page = "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>";
    refused(
        |paper| _ = paper.object(2, "<</Type /Pages /Kids [3 0 R 20 0 R] /Count 2>>").object(20, page),
        &[ChangeKind::Pages],
    );
    // The same page again, as another object.
    refused(
        |paper| {
            paper.object(2, "<</Type /Pages /Kids [20 0 R] /Count 1>>").object(20, &format!("<<{PAGE}>>"));
        },
        &[ChangeKind::Pages],
    );
}

#[test]
fn parts_of_the_catalogue() {
    for entry in ["/OpenAction <</S /JavaScript /JS (1)>>", "/AA <</WC 20 0 R>>", "/Random 1"] {
        refused(|paper| _ = paper.object(1, &format!("<<{CATALOG} {entry}>>")), &[ChangeKind::Catalogue]);
    }
    // A name tree, an attachment, a layer.
    refused(
        |paper| _ = paper.object(12, "<</EmbeddedFiles <</Names [(b) 16 0 R]>>>>"),
        &[ChangeKind::Catalogue],
    );
    refused(|paper| _ = paper.stream(18, "/Type /EmbeddedFile", b"other"), &[ChangeKind::Catalogue]);
    refused(
        |paper| _ = paper.object(13, "<</OCGs [17 0 R] /D <</OFF [17 0 R]>>>>"),
        &[ChangeKind::Catalogue],
    );
}

#[test]
fn annotations_without_a_certification() {
    refused(
        |paper| _ = paper.object(14, "<</Type /Annot /Subtype /Text /Rect [0 0 500 800]>>"),
        &[ChangeKind::Annotation],
    );
    refused(
        |paper| {
            paper.object(3, &format!("<<{}>>", PAGE.replace("14 0 R]", "14 0 R 20 0 R]")));
            paper.object(20, "<</Type /Annot /Subtype /FreeText /Rect [0 0 99 99] /Contents (paid)>>");
        },
        &[ChangeKind::Annotation],
    );
    refused(
        |paper| _ = paper.object(3, &format!("<<{}>>", PAGE.replace(" 14 0 R]", "]"))),
        &[ChangeKind::Annotation],
    );
}

#[test]
fn values_and_what_stands_for_them() {
    let text = |entries: &str| format!("<<{TEXT} {entries}>>");
    refused(|paper| _ = paper.object(10, &text("/V (900) /AP <</N 9 0 R>>")), &[ChangeKind::FormValue]);
    // The stream alone, so that the value says something else.
    let stream = |paper: &mut Builder| {
        paper.stream(9, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", b"BT (900) Tj ET");
    };
    refused(stream, &[ChangeKind::Appearance]);
    refused(|paper| _ = paper.object(10, &text("/V (100) /F 2 /AP <</N 9 0 R>>")), &[ChangeKind::FormField]);
    refused(|paper| _ = paper.object(5, "<</Fields [6 0 R 11 0 R] /SigFlags 3>>"), &[ChangeKind::FormField]);
}

#[test]
fn fields_that_are_added_without_a_signature() {
    for kind in ["/Tx", "/Sig"] {
        let field = format!("<</Subtype /Widget /FT {kind} /T (new) /Rect [0 0 9 9]>>");
        refused(
            |paper| {
                paper.object(5, "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>").object(20, &field);
            },
            &[ChangeKind::FormField],
        );
    }
}

#[test]
fn a_signature_that_is_exchanged_or_removed() {
    let mut twice = Paper::signed(&Recipe::default());
    twice.0.object(11, &format!("<<{EMPTY} /V 21 0 R>>"));
    twice.seal(21, "");
    let first = "<</Type /Annot /Subtype /Widget /FT /Sig /T (first) /Rect [9 70 99 90] /P 3 0 R>>";
    refused_after(twice, |paper| _ = paper.object(6, first), &[ChangeKind::FormField]);
    let mut paper = Paper::signed(&Recipe::default());
    let copy = String::from_utf8_lossy(&paper.0.bytes).into_owned();
    let start = copy.find("<</Type /Sig ").unwrap();
    let end = start + copy[start..].find("endobj").unwrap();
    // A copy of the signature in the field that was empty: it covers what stands before it.
    paper.0.object(11, &format!("<<{EMPTY} /V 21 0 R>>")).object(21, copy[start..end].trim_end());
    paper.0.table("");
    let history = paper.history();
    assert_eq!(kinds(&history[0].changes, Verdict::NotPermitted), [ChangeKind::Signature]);
    assert_eq!(history[1].coverage, Coverage::Malformed);
}

/// Signature wrapping: a field that is added later holds a signature that was made, but not in it.
#[test]
fn a_signature_in_a_field_that_had_none() {
    let paper = Paper::signed(&Recipe::default()).then(|paper| {
        paper.object(5, "<</Fields [10 0 R 11 0 R 20 0 R] /SigFlags 3>>");
        paper.object(20, "<</Subtype /Widget /FT /Sig /T (first) /Rect [0 0 9 9] /V 8 0 R>>");
    });
    assert!(kinds(&paper.changes(), Verdict::NotPermitted).contains(&ChangeKind::FormField));
    let paper = Paper::signed(&Recipe::default())
        .then(|paper| _ = paper.object(11, &format!("<<{EMPTY} /V 8 0 R>>")));
    let history = paper.history();
    assert!(kinds(&history[1].changes, Verdict::NotPermitted).contains(&ChangeKind::Signature));
}

#[test]
fn locked_fields() {
    for (lock, verdict) in [
        ("/Action /All", Verdict::NotPermitted),
        ("/Action /Include /Fields [(price)]", Verdict::NotPermitted),
        ("/Action /Include /Fields [(pric)]", Verdict::Permitted),
        ("/Action /Exclude /Fields [(price)]", Verdict::Permitted),
        ("/Action /Exclude /Fields [(other)]", Verdict::NotPermitted),
    ] {
        let signature = format!("/Lock <</Type /SigFieldLock {lock}>>");
        let paper = Paper::signed(&Recipe { price: "", signature: &signature, ..Recipe::default() })
            .then(|paper| _ = paper.object(10, &format!("<<{TEXT} /V (1)>>")));
        assert_eq!(paper.changes().verdict, verdict, "{lock}");
    }
}

/// What a later signature forbids was not allowed after the first one either.
#[test]
fn what_a_later_signature_locks() {
    let mut paper = Paper::signed(&Recipe { price: "", ..Recipe::default() });
    paper.0.object(11, &format!("<<{EMPTY} /V 21 0 R /Lock <</Action /All>>>>"));
    paper.seal(21, "");
    let paper = paper.then(|paper| _ = paper.object(10, &format!("<<{TEXT} /V (1)>>")));
    for since in paper.history() {
        assert_eq!(kinds(&since.changes, Verdict::NotPermitted), [ChangeKind::FormValue]);
    }
}

#[test]
fn a_store_that_is_removed_and_permissions() {
    let with = Recipe { catalog: "/DSS <</Certs []>> /Perms <</UR3 8 0 R>>", ..Recipe::default() };
    refused_after(
        Paper::signed(&with),
        |paper| _ = paper.object(1, &format!("<<{CATALOG}>>")),
        &[ChangeKind::SecurityStore, ChangeKind::Permissions],
    );
}

#[test]
fn a_second_catalogue() {
    let paper = Paper::signed(&Recipe::default());
    let text = paper.0.bytes.clone();
    let mut paper = paper.then(|paper| _ = paper.object(20, &format!("<<{CATALOG}>>")));
    let tail = String::from_utf8(paper.0.bytes.split_off(text.len())).unwrap();
    let mut bytes = text.clone();
    bytes.extend_from_slice(tail.replace("/Root 1 0 R", "/Root 20 0 R").as_bytes());
    let changes = history(bytes).remove(0).changes;
    assert_eq!(kinds(&changes, Verdict::NotPermitted), [ChangeKind::Catalogue]);
    // Twice in the trailer: readers differ in which they take.
    let mut bytes = text;
    bytes.extend_from_slice(tail.replace("/Root 1 0 R", "/Root 1 0 R /Root 20 0 R").as_bytes());
    let changes = history(bytes).remove(0).changes;
    assert_eq!(kinds(&changes, Verdict::NotPermitted), [ChangeKind::Revisions]);
}

#[test]
fn a_key_that_is_there_twice() {
    let twice = format!("<<{CATALOG} /Pages 20 0 R>>");
    refused(|paper| _ = paper.object(1, &twice), &[ChangeKind::Catalogue]);
    refused(|paper| _ = paper.object(3, &format!("<<{PAGE} /Contents 9 0 R>>")), &[ChangeKind::Page]);
    refused(
        |paper| _ = paper.object(10, &format!("<<{TEXT} /V (100) /AP <</N 9 0 R>> /V (9)>>")),
        &[ChangeKind::FormField],
    );
}

#[test]
fn objects_that_a_table_hides() {
    refused(|paper| _ = paper.free(14), &[ChangeKind::Annotation]);
    refused(|paper| _ = paper.free(18), &[ChangeKind::Catalogue]);
    let paper = Paper::signed(&Recipe::default());
    let changes = paper.then(|paper| _ = paper.free(4)).changes();
    assert_eq!(kinds(&changes, Verdict::NotPermitted), [ChangeKind::Page]);
}

/// Objects that no table leads to, before a table and without one; a reader that repairs files shows them.
#[test]
fn objects_that_nothing_leads_to() {
    let hidden = b"4 0 obj\n<</Length 9>>\nstream\nBT ET 123\nendstream\nendobj\n";
    refused(|paper| paper.bytes.extend_from_slice(hidden), &[ChangeKind::Unreached]);
    let mut bytes = Paper::signed(&Recipe::default()).0.build();
    bytes.extend_from_slice(hidden);
    let since = history(bytes).remove(0);
    assert_eq!(since.coverage, Coverage::Revision(1));
    assert_eq!(kinds(&since.changes, Verdict::NotPermitted), [ChangeKind::Unreached]);
    let mut bytes = Paper::signed(&Recipe::default()).0.build();
    bytes.extend_from_slice(b"anything\n");
    let kinds = kinds(&history(bytes).remove(0).changes, Verdict::Undecided);
    assert_eq!(kinds, [ChangeKind::Unreached, ChangeKind::Damage]);
}

/// A revision that leads past the signed one.
#[test]
fn revisions_that_leave_the_signed_one_out() {
    let mut paper = Paper::signed(&Recipe::default());
    let first = paper.0.newest();
    paper.sign(6, 8, "first", "/P 3 0 R");
    let mut builder = Builder::after(paper.0.build(), first, 19);
    builder.object(30, "<<>>").table("");
    let changes = history(builder.build()).remove(0).changes;
    assert!(changes.verdict >= Verdict::Undecided, "{changes:#?}");
}

#[test]
fn a_file_that_had_to_be_repaired_says_so() {
    let paper = Paper::signed(&Recipe::default());
    let text = String::from_utf8(paper.0.build()).unwrap();
    let at = text.rfind("startxref\n").unwrap();
    let wrong = format!("{}startxref\n{}\n%%EOF\n", &text[..at], paper.0.newest() + 3);
    let since = history(wrong.into_bytes()).remove(0);
    assert_eq!(since.changes.verdict, Verdict::Undecided);
    assert_eq!(kinds(&since.changes, Verdict::Undecided), [ChangeKind::Damage]);
}
