//! Files that were made to take long: bounded, and never called permitted for it.

use wosigndoc::verify::changes::{ChangeKind, Verdict};

use crate::paper::{CATALOG, PAGE, Paper, Recipe, history, kinds};

/// The verdict on the first signature. One that takes too long shows in the time of the whole run: none is measured here.
fn judged(bytes: Vec<u8>) -> Verdict {
    history(bytes).remove(0).changes.verdict
}

#[test]
fn objects_that_refer_to_each_other_end() {
    let recipe = Recipe { catalog: "/Outlines 20 0 R", ..Recipe::default() };
    let mut paper = Paper::signed(&recipe);
    paper.0.object(20, "<</First 21 0 R /Last [[20 0 R]]>>").object(21, "<</Parent 20 0 R /Next 21 0 R>>");
    let paper = paper.then(|_| ());
    assert_eq!(judged(paper.0.build()), Verdict::NotPermitted);
}

#[test]
fn a_deep_and_wide_graph_ends() {
    let mut paper = Paper::signed(&Recipe::default()).0;
    paper.object(1, &format!("<<{CATALOG} /Outlines 100 0 R>>"));
    for number in 100..3100_u32 {
        let kids: Vec<String> =
            (1..40).map(|step| format!("{} 0 R", 100 + (number * 7 + step) % 3000)).collect();
        paper.object(number, &format!("[{}]", kids.join(" ")));
    }
    paper.table("");
    assert_eq!(judged(paper.build()), Verdict::NotPermitted);
}

#[test]
fn many_signatures_over_one_file_end() {
    let mut paper = Paper::signed(&Recipe::default());
    let fields: Vec<String> = (0..400).map(|at| format!("{} 0 R", 100 + 2 * at)).collect();
    let rest = format!("[6 0 R 10 0 R 11 0 R {}]", fields.join(" "));
    paper.0.object(5, &format!("<</Fields {rest} /SigFlags 3>>"));
    for at in 0..400_u32 {
        paper.sign(100 + 2 * at, 101 + 2 * at, &format!("s{at}"), "");
    }
    // Fields that were named before they were there are unsigned then: whatever is said, it ends.
    judged(paper.0.build());
}

#[test]
fn every_cut_and_every_byte_is_borne() {
    let paper = Paper::signed(&Recipe::default())
        .then(|paper| _ = paper.object(3, &format!("<<{PAGE} /Rotate 90>>")));
    let bytes = paper.0.build();
    let look = |bytes: Vec<u8>| {
        let Ok(pdf) = wosigndoc::pdf::PdfFile::open(bytes) else { return };
        let Ok(found) = wosigndoc::pdf::signatures(&pdf) else { return };
        let signatures: Vec<_> = found.filter_map(Result::ok).collect();
        for since in wosigndoc::verify::changes::History::new(&pdf).since_each(&signatures) {
            // A byte of what was appended may become a blank, but never makes the turned page permitted.
            let _ = since.changes.verdict;
        }
    };
    for at in (0..bytes.len()).step_by(3) {
        look(bytes[..at].to_vec());
        for byte in [0, b'9', b'<', b' '] {
            let mut other = bytes.clone();
            other[at] = byte;
            look(other);
        }
    }
}

/// What many pages inherit is compared once: a long list of fonts is no attack.
#[test]
fn what_pages_inherit_is_compared_once() {
    let paper = |pages: u32, resources: &str| {
        let kids: Vec<String> = (100..100 + pages).map(|number| format!("{number} 0 R")).collect();
        let tree = format!("<</Type /Pages /Count {pages} /Kids [{}] {resources}>>", kids.join(" "));
        Paper::signed_after(&Recipe::default(), |paper| {
            paper.object(2, &tree);
            for number in 100..100 + pages {
                paper.object(number, "<</Type /Page /Parent 2 0 R /MediaBox [0 0 595 842]>>");
            }
        })
    };
    let fonts: Vec<String> = (0..20_000).map(|number| format!("/F{number} 15 0 R")).collect();
    let fonts = format!("/Resources <</Font <<{}>>>>", fonts.join(" "));
    let inherited = paper(300, &fonts).then(|paper| _ = paper.object(30, "<<>>"));
    let changes = inherited.changes();
    assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    // But to look through thousands of pages again and again is one.
    let mut many = paper(5000, "");
    for _ in 0..60 {
        many = many.then(|paper| _ = paper.object(30, "<<>>"));
    }
    costly(&many);
}

#[test]
fn many_revisions_end() {
    let mut paper = Paper::signed(&Recipe::default());
    for _ in 0..1900 {
        paper = paper.then(|paper| _ = paper.object(30, "<<>>"));
    }
    costly(&paper);
}

fn costly(paper: &Paper) {
    let changes = paper.changes();
    assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    assert!(kinds(&changes, Verdict::Undecided).contains(&ChangeKind::Cost), "{:#?}", changes.changes);
}
