//! What programs find that look for objects themselves, because something in the tables makes them: found by an attack on this
//! verifier, each shown here beside its honest form.

use wosigndoc::verify::changes::{ChangeKind, Changes, Verdict};

use crate::paper::{PAGE, Paper, Recipe, history, kinds, permitted};
use crate::support::Builder;

/// Another object 4, which shows another price.
const OTHER: &str = "4 0 obj\n<</Length 14>>\nstream\nBT (900) Tj ET\nendstream\nendobj\n";

fn signed() -> Paper {
    Paper::signed(&Recipe::default())
}

fn changes(bytes: Vec<u8>) -> Changes {
    history(bytes).remove(0).changes
}

fn changed(change: impl FnOnce(&mut Builder)) -> Changes {
    signed().then(change).changes()
}

#[track_caller]
fn undecided(changes: &Changes, kind: ChangeKind) {
    assert_eq!(changes.verdict, Verdict::Undecided, "{:#?}", changes.changes);
    assert!(kinds(changes, Verdict::Undecided).contains(&kind), "{:#?}", changes.changes);
}

/// Where the first object of this number stands.
fn place(paper: &Builder, number: u32) -> usize {
    let word = format!("\n{number} 0 obj");
    paper.bytes.windows(word.len()).position(|window| window == word.as_bytes()).unwrap() + 1
}

/// Puts a text in the place of the last one of its kind.
fn replaced(mut bytes: Vec<u8>, old: &str, new: &str) -> Vec<u8> {
    let at = bytes.windows(old.len()).rposition(|window| window == old.as_bytes()).unwrap();
    bytes.splice(at..at + old.len(), new.bytes());
    bytes
}

/// A stream of its own, named by its table, may hold anything but what looks like an object.
#[test]
fn objects_within_a_stream() {
    permitted(&changed(|paper| _ = paper.stream(30, "", b"\nobj 4 object\n4 0 abj endobj\n")));
    for text in [
        format!("\n{OTHER}"),
        OTHER.replace("4 0 obj", "4\t00obj"),
        OTHER.replace("4 0 obj", "4 % a comment\n0 % another\nobj"),
        OTHER.replace("4 0 obj", "99 0 obj"),
    ] {
        let found = changed(|paper| _ = paper.stream(30, "", text.as_bytes()));
        undecided(&found, ChangeKind::Unreached);
    }
    // Nor what leads to objects.
    for text in ["trailer\n<</Root 30 0 R>>", "<</Type /XRef>>", "<</Type /X#52e#66>>"] {
        undecided(&changed(|paper| _ = paper.stream(30, "", text.as_bytes())), ChangeKind::Unreached);
    }
}

/// What was prepared before the signature lies ready all the same.
#[test]
fn objects_that_lay_ready() {
    let prepared = |number: &str| {
        let text = OTHER.replace("4 0", number);
        Paper::signed_after(&Recipe::default(), |paper| paper.bytes.extend_from_slice(text.as_bytes()))
            .then(|paper| _ = paper.object(30, "<<>>"))
            .changes()
    };
    permitted(&prepared("(a)"));
    undecided(&prepared("4 0"), ChangeKind::Unreached);
}

/// An object stream may hold an object that no table names there.
#[test]
fn objects_within_an_object_stream() {
    let packed = |is_named: bool| {
        let paper = signed();
        let mut builder = Builder::after(paper.0.build(), paper.0.newest(), 19);
        builder.packed(30, &[(31, "<<>>"), (32, "<<>>")]);
        if !is_named {
            builder.free(32);
        }
        builder.xref_stream(33, "");
        changes(builder.build())
    };
    permitted(&packed(true));
    undecided(&packed(false), ChangeKind::Unreached);
}

/// Two sections in one revision: what the first one says is in no state that is compared.
#[test]
fn two_sections_in_one_revision() {
    let mut paper = signed().0;
    let place = place(&paper, 4);
    paper.row(4, [1, paper.bytes.len(), 0]);
    paper.bytes.extend_from_slice(OTHER.as_bytes());
    paper.table("");
    let bytes = paper.build();
    let end = bytes.windows(9).rposition(|window| window == b"startxref").unwrap();
    let mut builder = Builder::after(bytes[..end].to_vec(), paper.newest(), 19);
    builder.row(4, [1, place, 0]).table("");
    undecided(&changes(builder.build()), ChangeKind::Damage);
}

/// Rows that lead to nothing, or to something else than they say.
#[test]
fn rows_that_lead_nowhere() {
    let row = |number: u32, [kind, generation]: [usize; 2], at: fn(&Builder) -> usize| {
        changed(|paper| _ = paper.row(number, [kind, at(paper), generation]))
    };
    permitted(&row(4, [1, 0], |paper| place(paper, 4)));
    undecided(&row(4, [1, 1], |paper| place(paper, 4)), ChangeKind::Damage);
    undecided(&row(98, [1, 0], |_| 99_999_999), ChangeKind::Damage);
    undecided(&row(98, [1, 0], |_| 20), ChangeKind::Damage);
    let packed = |stream: usize| {
        let paper = signed();
        let mut builder = Builder::after(paper.0.build(), paper.0.newest(), 19);
        builder.packed(30, &[(31, "<<>>")]).row(31, [2, stream, 0]).xref_stream(33, "");
        changes(builder.build())
    };
    permitted(&packed(30));
    assert!(packed(97).verdict > Verdict::Permitted);
}

/// A table stands as the standard has it, byte for byte, or some programs do not take it.
#[test]
fn tables_of_another_form() {
    let bytes = signed().then(|paper| _ = paper.object(30, "<<>>")).0.build();
    permitted(&changes(bytes.clone()));
    let newest = format!("/Prev {}", signed().0.newest());
    for (old, new) in [
        ("\nxref\n0 1", "\nxref %\n0 1"),
        (" n \n", " n\n"),
        ("\ntrailer", "\n2000000000 0\ntrailer"),
        ("\ntrailer", "\n8388608 1\n0000000000 00000 f \ntrailer"),
        (newest.as_str(), &format!("{newest}.0")),
        (newest.as_str(), &newest.replace(' ', " +")),
    ] {
        undecided(&changes(replaced(bytes.clone(), old, new)), ChangeKind::Damage);
    }
    // A comment before the table, where `startxref` leads.
    let mut paper = signed().0;
    let start = paper.bytes.len();
    paper.bytes.extend_from_slice(b"%x\n");
    let table = paper.bytes.len();
    paper.table("");
    let bytes = replaced(paper.build(), &table.to_string(), &start.to_string());
    undecided(&changes(bytes), ChangeKind::Damage);
}

/// A reference to what is not there makes some programs look for it.
#[test]
fn references_that_lead_nowhere() {
    let page = |group: u32| {
        let text = format!("<<{PAGE} /Group {group} 0 R>>");
        changed(|paper| _ = paper.object(3, &text).object(30, "null"))
    };
    permitted(&page(30));
    undecided(&page(99), ChangeKind::Damage);
    let information = |number: u32| {
        let mut paper = signed().0;
        paper.object(30, "<<>>").table(&format!("/Info {number} 0 R"));
        changes(paper.build())
    };
    permitted(&information(30));
    undecided(&information(99), ChangeKind::Damage);
}

/// A linearized file is read from its beginning by some programs, if it is as long as it says.
#[test]
fn a_file_that_says_how_long_it_is() {
    let appended = |length: usize| {
        let paper = Paper::signed_after(&Recipe::default(), |paper| {
            // The first object is one that is written again further on.
            let (old, new) =
                ("<</Type /Catalog /Pages 2 0 R >>", format!("<</Linearized 1 /L {length:06}     >>"));
            assert_eq!(old.len(), new.len());
            let at = place(paper, 1) + "1 0 obj\n".len();
            paper.bytes.splice(at..at + old.len(), new.bytes());
        });
        paper.then(|paper| _ = paper.object(30, "<<>>")).0.build()
    };
    let length = appended(1).len();
    permitted(&changes(appended(length - 1)));
    undecided(&changes(appended(length)), ChangeKind::Damage);
}

/// Programs that go through a stream by its length do not find what a table names within.
#[test]
fn objects_within_others() {
    let within = |is_within: bool| {
        changed(|paper| {
            let text = "<<>> % 31 0 abj <<>> endobj".replace("abj", if is_within { "obj" } else { "abj" });
            paper.stream(30, "", text.as_bytes());
            if is_within {
                let place = place_of(paper, "31 0 obj");
                paper.row(31, [1, place, 0]);
            }
        })
    };
    permitted(&within(false));
    undecided(&within(true), ChangeKind::Unreached);
}

fn place_of(paper: &Builder, word: &str) -> usize {
    paper.bytes.windows(word.len()).rposition(|window| window == word.as_bytes()).unwrap()
}
