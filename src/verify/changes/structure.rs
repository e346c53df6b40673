//! The structure of a tagged document.

use super::report::Report;
use super::same::{Depth, Result, Same};
use super::snapshot::Snapshot;
use super::{Change, ChangeKind, Verdict, words};

/// Compares the structure: it may be continued for what is new.
pub fn compare(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    let root = |snapshot: &Snapshot<'_>| snapshot.pdf.get(&snapshot.catalog, "StructTreeRoot");
    let (verdict, what) = match (root(old)?, root(new)?) {
        (None, None) => return Ok(()),
        (Some(_), None) => (Verdict::NotPermitted, words::STRUCTURE_GONE),
        (None, Some(_)) => (Verdict::Undecided, words::STRUCTURE),
        (Some(_), Some(_)) => {
            if same.entry(&old.catalog, &new.catalog, "StructTreeRoot", Depth::Nodes)?.is_none() {
                return Ok(());
            }
            (Verdict::Undecided, words::STRUCTURE)
        }
    };
    report.note(Change::new(ChangeKind::Structure, verdict, what));
    Ok(())
}
