//! What was appended and is not written as the standard has it, so that programs take it for different things: found by an
//! attack on this verifier, each shown here beside its honest form.

use wosigndoc::pdf::{Cipher, ObjectId, PdfFile};
use wosigndoc::verify::changes::{Changes, Verdict, compare_with_sent};

use crate::encrypted;
use crate::paper::{PAGE, Paper, Recipe, TEXT, history, permitted};
use crate::support::{Builder, zlib};

const CONTENTS: &str = "BT /F1 12 Tf (the price is) Tj ET";

fn changes(bytes: Vec<u8>) -> Changes {
    history(bytes).remove(0).changes
}

fn changed(change: impl FnOnce(&mut Builder)) -> Changes {
    Paper::signed(&Recipe::default()).then(change).changes()
}

/// Changes a paper in which more was prepared before it was signed.
fn prepared(prepare: impl FnOnce(&mut Builder), change: impl FnOnce(&mut Builder)) -> Changes {
    Paper::signed_after(&Recipe::default(), prepare).then(change).changes()
}

/// Appends what a section of streams leads to.
fn packed(change: impl FnOnce(&mut Builder)) -> Changes {
    packed_by(change, |builder| _ = builder.xref_stream(40, ""))
}

fn packed_by(change: impl FnOnce(&mut Builder), end: impl FnOnce(&mut Builder)) -> Changes {
    let paper = Paper::signed(&Recipe::default());
    let mut builder = Builder::after(paper.0.build(), paper.0.newest(), 19);
    change(&mut builder);
    end(&mut builder);
    changes(builder.build())
}

#[track_caller]
fn not_permitted(changes: &Changes) {
    assert!(changes.verdict >= Verdict::Undecided, "{:#?}", changes.changes);
}

/// Adds an object as it stands.
fn raw(paper: &mut Builder, number: u32, text: &str) {
    paper.row(number, [1, paper.bytes.len(), 0]);
    paper.bytes.extend_from_slice(text.as_bytes());
}

/// Readers begin a stream's data at different bytes where no line ends before them, and end an object at different words.
#[test]
fn words_around_data() {
    let length = CONTENTS.len();
    let contents = |between: &str, length: &str, end: &str| {
        let text = format!("4 0 obj\n<</Length {length}>>\nstream{between}{CONTENTS}\n{end}\n");
        changed(|paper| raw(paper, 4, &text))
    };
    let (plain, end) = (length.to_string(), "endstream\nendobj");
    permitted(&contents("\n", &plain, end));
    permitted(&contents("\r\n", &plain, end));
    for between in ["", " ", "\r", " \n"] {
        not_permitted(&contents(between, &plain, end));
    }
    for length in [format!("{length}.0"), format!("+{length}")] {
        not_permitted(&contents("\n", &length, end));
    }
    for end in ["endstream", "endstream\n12\nendobj", "% \nendstream\nendobj"] {
        not_permitted(&contents("\n", &plain, end));
    }
}

/// A number with more digits behind it is none for some readers.
#[test]
fn digits_behind_an_object() {
    let page = format!("<<{PAGE} /Rotate 20 0 R>>");
    let turned = |text: &str| {
        prepared(|paper| _ = paper.object(20, "90").object(3, &page), |paper| raw(paper, 20, text))
    };
    permitted(&turned("20 0 obj\n90\nendobj\n"));
    not_permitted(&turned("20 0 obj\n90\n12\nendobj\n"));
    not_permitted(&turned("20 0 obj\n90\n"));
}

/// The same annotation, packed so that it ends elsewhere for some readers, or in a stream that is no object stream for them.
#[test]
fn object_streams_by_the_book() {
    const NOTE: &str = "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note)>>";
    let of = |entries: &str, data: &[u8]| {
        packed(|builder| _ = builder.row(14, [2, 30, 0]).row(31, [2, 30, 1]).stream(30, entries, data))
    };
    let text = |second: usize| format!("14 0 31 {second} {NOTE} null");
    let first = text(NOTE.len() + 1).find('<').unwrap();
    let stream = |entries: &str, second: usize| of(entries, text(second).as_bytes());
    let end = NOTE.len() + 1;
    permitted(&stream(&format!("/Type /ObjStm /N 2 /First {first}"), end));
    for entries in [
        format!("/N 2 /First {first}"),
        format!("/Type /Other /N 2 /First {first}"),
        format!("/Type /ObjStm /N 2.0 /First {first}"),
        format!("/Type /ObjStm /N 2 /First {first}.0"),
    ] {
        not_permitted(&stream(&entries, end));
    }
    // The second object begins within the first one, or before it.
    for second in [10, 0] {
        let first = text(second).find('<').unwrap();
        not_permitted(&stream(&format!("/Type /ObjStm /N 2 /First {first}"), second));
    }
    // Packings that not all readers undo alike.
    let plain = text(end);
    let hex: String = plain.bytes().map(|byte| format!("{byte:02x}")).collect();
    let head = format!("/Type /ObjStm /N 2 /First {first}");
    permitted(&of(&format!("{head} /Filter /FlateDecode"), &zlib(plain.as_bytes())));
    not_permitted(&of(&format!("{head} /Filter /ASCIIHexDecode"), format!("{hex}>").as_bytes()));
    // No line before the data.
    not_permitted(&packed(|builder| {
        builder.row(14, [2, 30, 0]).row(31, [2, 30, 1]);
        let length = plain.len();
        raw(
            builder,
            30,
            &format!("30 0 obj\n<<{head} /Length {length}>>\nstream{plain}\nendstream\nendobj\n"),
        );
    }));
}

/// A number goes on behind the place where the next object begins.
#[test]
fn numbers_that_go_on() {
    let page = format!("<<{PAGE} /Rotate 20 0 R>>");
    let turned = |next: &str, second: usize| {
        let paper = Paper::signed_after(&Recipe::default(), |paper| {
            paper.object(20, "90").object(3, &page);
        });
        let mut builder = Builder::after(paper.0.build(), paper.0.newest(), 21);
        let text = format!("20 0 31 {second} 90{next}");
        let first = "20 0 31 3 ".len();
        builder.row(20, [2, 30, 0]).row(31, [2, 30, 1]);
        builder.stream(30, &format!("/Type /ObjStm /N 2 /First {first}"), text.as_bytes());
        builder.xref_stream(40, "");
        changes(builder.build())
    };
    permitted(&turned(" null", 3));
    not_permitted(&turned("12", 2));
    not_permitted(&turned(" 0 R", 3));
}

/// Of two rows for one object, readers take the first or the last.
#[test]
fn two_rows_for_one_object() {
    let twice = |by_stream: bool| {
        let paper = Paper::signed(&Recipe::default());
        let mut builder = Builder::after(paper.0.build(), paper.0.newest(), 19);
        let first = builder.bytes.len();
        builder.stream(4, "", CONTENTS.as_bytes());
        let second = builder.bytes.len();
        builder.stream(4, "", b"BT (900) Tj ET");
        let start = builder.bytes.len();
        let previous = paper.0.newest();
        if by_stream {
            let rows: Vec<u8> = [first, second, start]
                .iter()
                .flat_map(|at| [&[1][..], &at.to_be_bytes()[4..], &[0, 0]].concat())
                .collect();
            let entries = format!(
                "/Type /XRef /W [1 4 2] /Index [4 1 4 1 40 1] /Size 41 /Root 1 0 R /Prev {previous} /Filter /FlateDecode"
            );
            builder.stream(40, &entries, &zlib(&rows));
        } else {
            let table = format!(
                "xref\n4 1\n{first:010} 00000 n \n4 1\n{second:010} 00000 n \n\
                 trailer\n<</Size 19 /Root 1 0 R /Prev {previous}>>\n"
            );
            builder.bytes.extend_from_slice(table.as_bytes());
        }
        builder.bytes.extend_from_slice(format!("startxref\n{start}\n%%EOF\n").as_bytes());
        changes(builder.build())
    };
    not_permitted(&twice(false));
    not_permitted(&twice(true));
}

/// A section whose predictor is written so that some readers do not heed it, whose rows are of no kind, or which is numbered
/// with points.
#[test]
fn sections_by_the_book() {
    let section = |parameters: &str, widths: &str, kind: u8| {
        packed_by(
            |builder| _ = builder.stream(4, "", CONTENTS.as_bytes()),
            |builder| {
                let start = builder.bytes.len();
                let contents = builder.bytes.windows(8).rposition(|window| window == b"4 0 obj\n").unwrap();
                let rows: Vec<u8> = [contents, start]
                    .iter()
                    .flat_map(|at| [&[kind, 1][..], &at.to_be_bytes()[4..], &[0, 0]].concat())
                    .collect();
                let previous = Paper::signed(&Recipe::default()).0.newest();
                let entries = format!(
                    "/Type /XRef /W [{widths}] /Index [4 1 40 1] /Size 41 /Root 1 0 R /Prev {previous} \
                     /Filter /FlateDecode /DecodeParms <<{parameters}>>"
                );
                builder.stream(40, &entries, &zlib(&rows));
                let end = format!("startxref\n{start}\n%%EOF\n");
                builder.bytes.extend_from_slice(end.as_bytes());
            },
        )
    };
    permitted(&section("/Predictor 12 /Columns 7", "1 4 2", 0));
    not_permitted(&section("/Predictor 12.0 /Columns 7", "1 4 2", 0));
    not_permitted(&section("/Predictor 12 /Columns 7.0", "1 4 2", 0));
    not_permitted(&section("/Predictor 12 /Columns 7", "1 4.0 2", 0));
    not_permitted(&section("/Predictor 12 /Columns 7", "1 4 2", 9));
}

/// Names and strings that readers take for different ones.
#[test]
fn names_and_strings() {
    let value = |value: &str| {
        prepared(
            |paper| _ = paper.object(10, &format!("<<{TEXT} /V (1\\n0\\0053)>>")),
            |paper| _ = paper.object(10, &format!("<<{TEXT} /V {value}>>")),
        )
    };
    permitted(&value("(1\\0120\\0053)"));
    permitted(&value("<310a300533>"));
    not_permitted(&value("(1\r0\\0053)"));
    not_permitted(&value("(1\\n\\460\\0053)"));
    let name = |name: &[u8]| {
        let page = PAGE.replace("/Resources 7 0 R", "/Resources <</XObject <</X#ff 9 0 R>>>>");
        let after = page.replace("X#ff", "X@");
        let at = after.find('@').unwrap();
        prepared(
            |paper| _ = paper.object(3, &format!("<<{page}>>")),
            |paper| {
                paper.row(3, [1, paper.bytes.len(), 0]);
                let [before, behind] = [&after[..at], &after[at + 1..]].map(str::as_bytes);
                let text = [b"3 0 obj\n<<", before, name, behind, b">>\nendobj\n"].concat();
                paper.bytes.extend_from_slice(&text);
            },
        )
    };
    permitted(&name(b"#FF"));
    not_permitted(&name(b"\xff"));
}

/// Whoever signs may have written the whole file anew, and is no less to write it by the book.
#[test]
fn against_what_was_sent() {
    let paper = |between: &str| {
        let mut builder = crate::support::one_page("", "/Contents 4 0 R");
        let length = CONTENTS.len();
        let text = format!("4 0 obj\n<</Length {length}>>\nstream{between}{CONTENTS}\nendstream\nendobj\n");
        raw(&mut builder, 4, &text);
        builder.table("");
        builder.build()
    };
    let compared = |sent: Vec<u8>, signed: Vec<u8>| {
        compare_with_sent(&PdfFile::open(sent).unwrap(), &PdfFile::open(signed).unwrap()).same
    };
    assert_eq!(compared(paper("\r\n"), paper("\n")), Some(true));
    assert_eq!(compared(paper("\n"), paper("\r")), None);
    // What was sent may be as it is.
    assert_eq!(compared(paper("\r"), paper("\r")), Some(true));
}

/// What is encrypted otherwise than the standard has it is read in different ways.
#[test]
fn encrypted_by_the_book() {
    let compared = |cut: usize| {
        let document = encrypted::by_aes_256_with("", "owner", |number, bytes| {
            let mut data =
                Cipher::Aes256.encrypt(&encrypted::KEY, [3; 16], ObjectId::new(number), bytes).unwrap();
            data.truncate(data.len() - cut);
            data
        });
        compare_with_sent(&encrypted::plain(), &PdfFile::open_with(document, None).unwrap())
    };
    assert_eq!(compared(0).same, Some(true));
    // The contents are whole without the last block, which is padding alone.
    assert_ne!(compared(1).same, Some(true));
}

/// Nothing that paints may pass for a page or for the catalogue, of which something may change.
#[test]
fn pages_that_paint() {
    let stamp = |form: &str, change: fn(&mut Builder)| {
        prepared(
            |paper| {
                paper
                    .object(14, "<</Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP <</N 20 0 R>>>>")
                    .stream(
                        20,
                        &format!("/Type /XObject /Subtype /Form /BBox [0 0 9 9] {form}"),
                        b"/Metadata Do",
                    )
                    .stream(22, "/Type /XObject /Subtype /Form /BBox [0 0 9 9]", b"0 g");
            },
            change,
        )
    };
    let metadata: fn(&mut Builder) = |paper| {
        paper.object(1, &format!("<<{} /Metadata 22 0 R>>", crate::paper::CATALOG));
    };
    permitted(&stamp("/Resources <</XObject <</Metadata 22 0 R>>>>", metadata));
    not_permitted(&stamp("/Resources <</XObject 1 0 R>>", metadata));
    let tabs: fn(&mut Builder) = |paper| {
        paper.object(3, &format!("<<{PAGE} /Tabs 22 0 R>>"));
    };
    permitted(&stamp("/Resources <<>>", tabs));
    not_permitted(&stamp("/Resources <</XObject 3 0 R>>", tabs));
}

/// Nor may a page be a picture.
#[test]
fn a_page_that_is_a_stream() {
    let picture = |data: &[u8], number: u32| {
        prepared(
            |paper| {
                paper
                    .object(2, "<</Type /Pages /Kids [3 0 R 20 0 R] /Count 2>>")
                    .object(
                        14,
                        &format!("<</Type /Annot /Subtype /Stamp /Rect [0 0 9 9] /AP <</N {number} 0 R>>>>"),
                    )
                    .stream(
                        20,
                        "/Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /BBox [0 0 9 9]",
                        b"0 g 0 0 1 1 re f",
                    );
            },
            |paper| {
                paper.stream(20, "/Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /BBox [0 0 9 9]", data);
            },
        )
    };
    permitted(&picture(b"0 g 0 0 1 1 re f", 20));
    not_permitted(&picture(b"1 g 0 0 1 1 re f", 20));
}

/// What was undone again stays in the file, also what could only be doubted.
#[test]
fn doubts_that_are_undone() {
    let form = |entries: &str| format!("<</Fields [6 0 R 10 0 R 11 0 R] /SigFlags 3 {entries}>>");
    let twice = |between: &str| {
        Paper::signed(&Recipe::default())
            .then(|paper| _ = paper.object(5, &form(between)))
            .then(|paper| _ = paper.object(5, &form("")))
            .changes()
    };
    permitted(&twice(""));
    not_permitted(&twice("/NeedAppearances true"));
}
