//! What earlier signatures allow: by certifying, whether the catalogue knows or not, and by locks of any length.

use wosigndoc::verify::changes::{Changes, Verdict};

use crate::paper::{PAGE, Paper, Recipe, TEXT, kinds};
use crate::permitted::certified;

fn reference(method: &str, parameters: &str) -> String {
    format!("<</Type /SigRef /TransformMethod /{method} /TransformParams <<{parameters}>>>>")
}

/// A paper whose first signature has these references, and an empty field.
fn with(references: &str) -> Paper {
    let mut paper = Paper::signed(&Recipe { price: "", ..Recipe::default() });
    paper.seal(8, &format!("/Reference [{references}]"));
    paper
}

fn filled(paper: Paper) -> Changes {
    paper.then(|paper| _ = paper.object(10, &format!("<<{TEXT} /V (900)>>"))).changes()
}

fn signed(mut paper: Paper) -> Changes {
    paper.0.object(5, "<</Fields [6 0 R 10 0 R 11 0 R 20 0 R] /SigFlags 3>>");
    paper.sign(20, 21, "third", "");
    paper.changes()
}

/// A signature that says so itself is bound by it, though `/Perms` does not name it. It grants nothing by that.
#[test]
fn a_certification_that_the_catalogue_does_not_name() {
    let level = |level: usize| with(&reference("DocMDP", &format!("/P {level} /V /1.2")));
    for changes in [filled(level(1)), signed(level(1))] {
        assert_eq!(changes.verdict, Verdict::NotPermitted, "{:#?}", changes.changes);
    }
    for changes in [filled(level(2)), signed(level(2))] {
        assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
    }
    let noted = |mut paper: Paper| {
        paper.0.object(20, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (new)>>");
        paper.then(|paper| _ = paper.object(3, &page("20 0 R"))).changes().verdict
    };
    assert_eq!(noted(level(3)), Verdict::NotPermitted);
    assert_eq!(noted(certified(3)), Verdict::Permitted);
}

fn page(annotations: &str) -> String {
    format!("<<{}>>", PAGE.replace("14 0 R]", &format!("14 0 R {annotations}]")))
}

/// A lock holds for all that it names, and for what nobody can read in it.
#[test]
fn locks_of_any_length() {
    let lock = |action: &str, count: usize, last: &str| {
        let names: Vec<String> = (0..count).map(|at| format!("(f{at})")).collect();
        let names = format!("{} {last}", names.join(" "));
        filled(with(&reference("FieldMDP", &format!("/Action /{action} /Fields [{names}]"))))
    };
    for count in [1, 10_000, 20_000] {
        assert_eq!(lock("Include", count, "(price)").verdict, Verdict::NotPermitted, "{count}");
        assert_eq!(lock("Include", count, "(prices)").verdict, Verdict::Permitted, "{count}");
        assert_eq!(lock("Exclude", count, "(price)").verdict, Verdict::Permitted, "{count}");
    }
    for changes in [lock("Some", 1, "(other)"), lock("Include", 1, "/price"), filled(with(&many(65)))] {
        assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    }
    assert_eq!(filled(with(&many(64))).verdict, Verdict::Permitted);
}

fn many(references: usize) -> String {
    reference("FieldMDP", "/Action /Include /Fields [(other)]").repeat(references)
}

/// One signature has one set of locks, however many widgets its field has.
#[test]
fn locks_of_a_field_with_many_widgets() {
    let locks = |widgets: u32| {
        let kids: Vec<String> = (0..widgets).map(|at| format!("{} 0 R", 100 + at)).collect();
        let names = "()".repeat(2000);
        let mut paper = Paper::signed_after(&Recipe::default(), |paper| {
            (0..widgets).for_each(|at| _ = paper.object(100 + at, "<<>>"));
        });
        paper.0.object(6, &format!("<</FT /Sig /T (first) /V 8 0 R /Kids [{}]>>", kids.join(" ")));
        let lock = reference("FieldMDP", &format!("/Action /Include /Fields [{names}]"));
        paper.seal(8, &format!("/Reference [{}]", lock.repeat(60)));
        let changes = paper.then(|paper| _ = paper.object(40, "null")).changes();
        assert_eq!(kinds(&changes, Verdict::Undecided), [], "{:#?}", changes.changes);
        changes.verdict
    };
    assert_eq!(locks(300), Verdict::Permitted);
}
