//! A signed paper made by the tests: a page, a form, and a signature that covers everything so far. Nobody looks at the
//! signature's value here.

use wosigndoc::pdf::{PdfFile, Signature, signatures};
use wosigndoc::verify::changes::{ChangeKind, Changes, History, Since, Verdict};

use crate::support::{Builder, one_page};

/// The catalogue's entries, as every revision repeats them.
pub const CATALOG: &str = "/Type /Catalog /Pages 2 0 R /AcroForm 5 0 R /Names 12 0 R /OCProperties 13 0 R";
/// The page's entries.
pub const PAGE: &str = "/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 7 0 R \
                        /Annots [6 0 R 10 0 R 11 0 R 14 0 R]";
/// The text field, without its value.
pub const TEXT: &str = "/Type /Annot /Subtype /Widget /FT /Tx /T (price) /Rect [9 9 99 29] /P 3 0 R";
/// The field that is still to be signed.
pub const EMPTY: &str = "/Type /Annot /Subtype /Widget /FT /Sig /T (second) /Rect [9 40 99 60] /P 3 0 R";

/// What a signed paper is made of.
pub struct Recipe<'a> {
    pub catalog: &'a str,
    pub price: &'a str,
    pub signature: &'a str,
}

impl Default for Recipe<'_> {
    fn default() -> Self {
        Recipe { catalog: "", price: "/V (100) /AP <</N 9 0 R>>", signature: "" }
    }
}

/// A paper in the making.
pub struct Paper(pub Builder);

impl Paper {
    /// A paper that is signed in its first revision.
    pub fn signed(recipe: &Recipe<'_>) -> Paper {
        Paper::signed_after(recipe, |_| {})
    }

    /// The same, with objects that were changed before it was signed.
    pub fn signed_after(recipe: &Recipe<'_>, prepare: impl FnOnce(&mut Builder)) -> Paper {
        let mut builder = one_page("", "");
        builder
            .object(1, &format!("<<{CATALOG} {}>>", recipe.catalog))
            .object(3, &format!("<<{PAGE}>>"))
            .stream(4, "", b"BT /F1 12 Tf (the price is) Tj ET")
            .object(5, "<</Fields [6 0 R 10 0 R 11 0 R] /SigFlags 3>>")
            .object(7, "<</Font <</F1 15 0 R>>>>")
            .stream(9, "/Type /XObject /Subtype /Form /BBox [0 0 90 20]", b"BT (100) Tj ET")
            .object(10, &format!("<<{TEXT} {}>>", recipe.price))
            .object(11, &format!("<<{EMPTY}>>"))
            .object(12, "<</EmbeddedFiles <</Names [(a) 16 0 R]>>>>")
            .object(13, "<</OCGs [17 0 R] /D <</ON [17 0 R]>>>>")
            .object(14, "<</Type /Annot /Subtype /Text /Rect [0 0 9 9] /Contents (note)>>")
            .object(15, "<</Type /Font /Subtype /Type1 /BaseFont /Helvetica>>")
            .object(16, "<</Type /Filespec /F (a.txt) /EF <</F 18 0 R>>>>")
            .object(17, "<</Type /OCG /Name (layer)>>")
            .stream(18, "/Type /EmbeddedFile", b"attached");
        prepare(&mut builder);
        let mut paper = Paper(builder);
        paper.sign(6, 8, "first", &format!("/P 3 0 R {}", recipe.signature));
        paper
    }

    /// Adds a signature field with its signature, and ends the revision.
    pub fn sign(&mut self, field: u32, number: u32, name: &str, entries: &str) {
        let widget =
            format!("/Type /Annot /Subtype /Widget /FT /Sig /T ({name}) /Rect [9 70 99 90] /V {number} 0 R");
        self.0.object(field, &format!("<<{widget} {entries}>>"));
        self.seal(number, "");
    }

    /// Adds a signature of this number that covers all up to the end of the revision, which it ends.
    pub fn seal(&mut self, number: u32, entries: &str) {
        self.seal_as(number, "adbe.pkcs7.detached", entries);
    }

    /// The same of another kind.
    pub fn seal_as(&mut self, number: u32, kind: &str, entries: &str) {
        let range = "/ByteRange [0 0000000001 0000000002 0000000003]";
        let start = self.0.bytes.len();
        let text = format!("<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /{kind} {range} {entries}");
        self.0.object(number, &format!("{text} /Contents <{}>>>", "0".repeat(64)));
        self.0.table("");
        let bytes = &mut self.0.bytes;
        let find = |word: &[u8]| start + bytes[start..].windows(word.len()).position(|w| w == word).unwrap();
        let gap = find(b"/Contents <") + "/Contents ".len();
        let behind = gap + 66;
        let numbers = [gap, behind, bytes.len() - behind];
        let mut at = find(b"[0 0000000001") + 3;
        for number in numbers {
            bytes[at..at + 10].copy_from_slice(format!("{number:010}").as_bytes());
            at += 11;
        }
    }

    /// Adds a revision.
    pub fn then(mut self, change: impl FnOnce(&mut Builder)) -> Paper {
        change(&mut self.0);
        self.0.table("");
        self
    }

    /// What is said of each signature, in the order of the form.
    pub fn history(&self) -> Vec<Since> {
        history(self.0.build())
    }

    /// What was changed since the first one.
    pub fn changes(&self) -> Changes {
        self.history().remove(0).changes
    }
}

/// What is said of each signature of a file.
pub fn history(bytes: Vec<u8>) -> Vec<Since> {
    let pdf = PdfFile::open(bytes).unwrap();
    let signatures: Vec<Signature> = signatures(&pdf).unwrap().map(Result::unwrap).collect();
    History::new(&pdf).since_each(&signatures)
}

/// The kinds of the changes that have this verdict.
pub fn kinds(changes: &Changes, verdict: Verdict) -> Vec<ChangeKind> {
    let mut kinds: Vec<_> =
        changes.changes.iter().filter(|change| change.verdict == verdict).map(|change| change.kind).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Nothing was changed but what may be.
#[track_caller]
pub fn permitted(changes: &Changes) {
    assert_eq!(changes.verdict, Verdict::Permitted, "{:#?}", changes.changes);
}
