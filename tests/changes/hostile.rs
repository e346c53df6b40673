//! Files that were made to take long: bounded, and never called permitted for it.

use wosigndoc::verify::changes::Verdict;

use crate::paper::{CATALOG, PAGE, Paper, Recipe, history};

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
