//! What became of a document after it was signed: how far each signature reaches, what was changed since, and
//! whether that was allowed.
//!
//! - [`signed_range`] checks the shape of a signature's `/ByteRange` against the bytes of the file.
//! - [`History`] compares what each signature's revision shows with what the file shows now.
//! - [`certification`] tells what a certifying signature allows.
//! - [`compare_with_sent`] compares the pages of a signed document with those of the document that was submitted.
//!
//! Nothing here looks at a digest or a certificate: what is said holds if the signature itself does. Work, memory and
//! depth are bounded for the whole of a [`History`]; what is left out for that is `undecided`, never `permitted`.

mod annotations;
mod appearance;
mod document;
mod entries;
mod equal;
mod filled;
mod form;
mod heirs;
mod history;
mod inherited;
mod picture;
mod range;
mod report;
mod rules;
mod same;
mod scan;
mod sent;
mod settings;
mod snapshot;
mod stamp;
mod structure;
mod suspect;
mod text;
mod title;
mod unreached;
mod values;
mod via;
mod words;

use std::ops::Range;

use serde::Serialize;

use crate::protocol::Bilingual;

pub use history::{History, certification};
pub use range::signed_range;
pub use sent::{Comparison, compare_with_sent};
pub(super) use stamp::is_time_stamp;

/// The bytes that a signature covers: all from the beginning to [`end`](Self::end) but the gap.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedRange {
    /// The hexadecimal string of this signature's `/Contents`, `<` and `>` included.
    pub gap: Range<usize>,
    /// The first byte that is not signed any more.
    pub end: usize,
}

impl SignedRange {
    /// Returns the two parts that are signed.
    pub fn parts(&self) -> [Range<usize>; 2] {
        [0..self.gap.start, self.gap.end..self.end]
    }
}

/// How far the signed bytes reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coverage {
    /// The whole file, but for a line end at most.
    WholeFile,
    /// An earlier revision, complete: this one, counted from 1.
    Revision(usize),
    /// They end where no revision does.
    PartOfRevision,
    /// `/ByteRange` has not the shape that it must have.
    Malformed,
}

/// What is made of a change, or of all of them together, the worse behind the better.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// Nothing was changed.
    None,
    /// What was changed may be changed.
    Permitted,
    /// It cannot be told.
    Undecided,
    /// It may not be changed.
    NotPermitted,
}

/// What kind of thing was changed, for a policy that is stricter than the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// A further signature, in a field that was empty or in a new one.
    Signature,
    /// A document time stamp.
    TimeStamp,
    /// The document security store: certificates, OCSP answers, CRLs.
    SecurityStore,
    /// Metadata, or the document's information.
    Metadata,
    /// Declared extensions, or the version of PDF.
    Extensions,
    /// A form field was filled in.
    FormValue,
    /// A form field was added, removed or made another.
    FormField,
    /// The form as a whole: its settings, resources or calculation order.
    Form,
    /// An annotation was added, removed or made another.
    Annotation,
    /// What a widget shows, without a value that says so.
    Appearance,
    /// What a page shows: contents, resources, size, rotation.
    Page,
    /// Pages were added, removed, exchanged or put in another order.
    Pages,
    /// The structure that tells what is what: tags.
    Structure,
    /// Another part of the catalogue: names, attachments, layers, actions.
    Catalogue,
    /// The permissions that certify the document.
    Permissions,
    /// The encryption.
    Encryption,
    /// Bytes that no table of objects leads to; another reader may show them.
    Unreached,
    /// The later revisions do not continue the signed one.
    Revisions,
    /// The file is damaged, or had to be repaired to be read.
    Damage,
    /// It takes more time or memory to compare than an honest file does.
    Cost,
}

/// One thing that was changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// What was changed.
    pub kind: ChangeKind,
    /// Whether it may be.
    pub verdict: Verdict,
    /// The same in words, as a sentence without a full stop.
    pub what: Bilingual,
    /// The number of the object that was changed or holds the change.
    pub object: Option<u32>,
    /// The page, counted from 1.
    pub page: Option<usize>,
    /// The full name of the form field.
    pub field: Option<String>,
}

/// What was changed since a signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Changes {
    /// The worst of all changes.
    pub verdict: Verdict,
    /// Each of them, the worst first; at most [`MAX_LISTED`].
    pub changes: Vec<Change>,
    /// Whether more were found than are listed.
    pub more: bool,
}

/// Most changes that are listed of one signature.
pub const MAX_LISTED: usize = 50;

/// What is said of one signature in the history of its document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Since {
    /// The signed bytes; if `/ByteRange` has not its shape, what is wrong with it.
    pub range: Result<SignedRange, Bilingual>,
    /// How far they reach.
    pub coverage: Coverage,
    /// What was changed behind them.
    pub changes: Changes,
    /// What this signature, if it certifies the document, allows: 1 nothing, 2 filling in and signing, 3 also
    /// annotations.
    pub certification: Option<i64>,
}
