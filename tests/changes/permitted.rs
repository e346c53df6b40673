//! What may happen to a signed paper.

use wosigndoc::verify::changes::{ChangeKind, Coverage, Verdict};

use crate::paper::{CATALOG, EMPTY, PAGE, Paper, Recipe, TEXT, kinds};
use crate::support::Builder;

/// Says that this change is permitted, and for which reasons.
fn permitted(paper: &Paper, expected: &[ChangeKind]) {
    let changes = paper.changes();
    assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    assert_eq!(kinds(&changes, Verdict::Permitted), expected, "{:#?}", changes.changes);
}

const CERTIFIED: [&str; 3] = [
    "/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</P 1 /V /1.2>>>>]",
    "/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</P 2 /V /1.2>>>>]",
    "/Reference [<</Type /SigRef /TransformMethod /DocMDP /TransformParams <</P 3 /V /1.2>>>>]",
];

/// A paper whose first signature certifies it.
pub fn certified(level: usize) -> Paper {
    certified_after(level, |_| {})
}

/// The same, with objects that were changed before it was signed.
pub fn certified_after(level: usize, prepare: impl FnOnce(&mut Builder)) -> Paper {
    let recipe = Recipe { catalog: "/Perms <</DocMDP 8 0 R>>", ..Recipe::default() };
    let mut paper = Paper::signed_after(&recipe, prepare);
    // The same again, with a certification: a signature of its own covers both revisions.
    paper.seal(8, CERTIFIED[level - 1]);
    paper
}

#[test]
fn nothing_was_changed() {
    let paper = Paper::signed(&Recipe::default());
    let since = paper.history().remove(0);
    assert_eq!((since.coverage, since.changes.verdict), (Coverage::WholeFile, Verdict::None));
    assert_eq!(since.range.unwrap().end, paper.0.bytes.len());
    assert_eq!(since.certification, None);
}

#[test]
fn blanks_behind_the_end_are_nothing() {
    let mut paper = Paper::signed(&Recipe::default());
    paper.0.bytes.extend_from_slice(b"\r\n");
    assert_eq!(paper.history()[0].coverage, Coverage::WholeFile);
    paper.0.bytes.extend_from_slice(b"\n\n  \n");
    let since = paper.history().remove(0);
    assert_eq!((since.coverage, since.changes.verdict), (Coverage::Revision(1), Verdict::None));
}

#[test]
fn a_new_signature_field_may_be_signed() {
    let mut paper = Paper::signed(&Recipe::default());
    paper
        .0
        .object(5, "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>")
        .object(3, &format!("<<{}>>", PAGE.replace("14 0 R]", "14 0 R 20 0 R]")));
    paper.sign(20, 21, "third", "");
    permitted(&paper, &[ChangeKind::Signature]);
    let history = paper.history();
    assert_eq!(history[0].coverage, Coverage::Revision(1));
    assert_eq!((history[1].coverage, history[1].changes.verdict), (Coverage::WholeFile, Verdict::None));
}

#[test]
fn an_empty_signature_field_may_be_signed() {
    let mut paper = Paper::signed(&Recipe::default());
    paper.0.object(11, &format!("<<{EMPTY} /F 132 /V 21 0 R>>"));
    paper.seal(21, "");
    permitted(&paper, &[ChangeKind::Signature]);
}

#[test]
fn a_document_time_stamp_may_follow_even_what_allows_nothing() {
    for time_stamp in [true, false] {
        let mut paper = certified(1);
        paper.0.object(5, "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>");
        paper.0.object(20, "<</FT /Sig /T (stamp) /Subtype /Widget /Rect [0 0 0 0] /V 21 0 R>>");
        paper.seal(21, if time_stamp { "/SubFilter /ETSI.RFC3161" } else { "" });
        // Of an entry that is there twice readers take one or the other: here each names it.
        let text = String::from_utf8(paper.0.bytes.clone()).unwrap();
        if time_stamp {
            paper.0.bytes =
                text.replacen("/SubFilter /ETSI.RFC3161", "                        ", 1).into_bytes();
            let at = text.rfind("/SubFilter /adbe.pkcs7.detached").unwrap();
            let stamp = format!("{:31}", "/SubFilter /ETSI.RFC3161");
            paper.0.bytes[at..at + 31].copy_from_slice(stamp.as_bytes());
            permitted(&paper, &[ChangeKind::TimeStamp]);
        } else {
            assert_eq!(kinds(&paper.changes(), Verdict::NotPermitted), [ChangeKind::Signature]);
        }
    }
}

#[test]
fn proofs_metadata_and_extensions_may_be_added() {
    let catalog =
        format!("<<{CATALOG} /DSS <</Certs [20 0 R]>> /Metadata 21 0 R /Extensions <</ESIC 22 0 R>>>>");
    let paper = Paper::signed(&Recipe::default()).then(|paper| {
        paper.object(1, &catalog).stream(20, "", b"certificate").stream(21, "/Type /Metadata", b"<x/>");
        paper.object(22, "<</BaseVersion /1.7 /ExtensionLevel 2>>");
    });
    permitted(&paper, &[ChangeKind::SecurityStore, ChangeKind::Metadata, ChangeKind::Extensions]);
}

#[test]
fn an_empty_field_may_be_filled_in() {
    let paper = Paper::signed(&Recipe { price: "", ..Recipe::default() })
        .then(|paper| _ = paper.object(10, &format!("<<{TEXT} /V (900)>>")));
    permitted(&paper, &[ChangeKind::FormValue]);
}

#[test]
fn a_certified_paper_may_be_filled_in_at_levels_2_and_3() {
    for (level, verdict) in [(1, Verdict::NotPermitted), (2, Verdict::Permitted), (3, Verdict::Permitted)] {
        let paper = certified(level).then(|paper| _ = paper.object(10, &format!("<<{TEXT} /V (900)>>")));
        let since = paper.history().remove(0);
        assert_eq!(since.certification, Some(i64::try_from(level).unwrap()));
        assert_eq!(since.changes.verdict, verdict, "{level}: {:#?}", since.changes);
        assert_eq!(kinds(&since.changes, verdict), [ChangeKind::FormValue]);
    }
}

#[test]
fn annotations_may_be_changed_at_level_3() {
    for (level, verdict) in [(2, Verdict::NotPermitted), (3, Verdict::Permitted)] {
        let paper = certified(level).then(|paper| {
            paper.object(14, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (other)>>");
        });
        assert_eq!(paper.changes().verdict, verdict, "{level}");
        let paper = certified(level).then(|paper| {
            paper.object(20, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (new)>>");
            paper.object(3, &format!("<<{}>>", PAGE.replace("14 0 R]", "14 0 R 20 0 R]")));
        });
        assert_eq!(paper.changes().verdict, verdict, "{level}");
    }
}

#[test]
fn an_object_may_be_written_again_as_it_was() {
    let paper = Paper::signed(&Recipe::default()).then(|paper| {
        // In another order, with another packing, and an array as an object of its own.
        let page = "/Contents 4 0 R /Annots 20 0 R /Resources 7 0 R /MediaBox [0 0 595.0 842] /Parent 2 0 R /Type /Page";
        paper.object(3, &format!("<<{page}>>")).object(20, "[6 0 R 10 0 R 11 0 R 14 0 R]");
        let packed = crate::support::zlib(b"BT /F1 12 Tf (the price is) Tj ET");
        paper.stream(4, "/Filter /FlateDecode", &packed);
    });
    permitted(&paper, &[ChangeKind::Revisions]);
}
