//! A signed document beside the one that was submitted.

use std::collections::HashMap;

use super::document;
use super::form::differing;
use super::report::Report;
use super::same::{Depth, Pairs, Result, Same};
use super::snapshot::{Node, Page, Snapshot};
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::{PdfFile, Value};

/// How many values may be looked at.
const MAX_STEPS: usize = 20_000_000;

/// What says where an annotation hangs, and shows nothing.
const HANGING: [&str; 5] = ["P", "Parent", "Popup", "IRT", "StructParent"];

/// How a signed document differs from the one that was submitted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Comparison {
    /// Whether it shows the same pages, and only signatures were added. `None`: it cannot be told, and a difference
    /// says why.
    pub same: Option<bool>,
    /// What differs, by page and object of the signed document; at most [`MAX_LISTED`](super::MAX_LISTED).
    pub differences: Vec<Change>,
    /// Whether more were found than are listed.
    pub more: bool,
}

/// Compares a signed document with the one that was submitted: it may have been encrypted, and signatures added. Both
/// are opened with their passwords.
///
/// Pages are compared by what they show, whatever the numbers of their objects; annotations and form values belong
/// to that.
pub fn compare_with_sent(sent: &PdfFile, signed: &PdfFile) -> Comparison {
    let mut report = Report::new();
    if let Err(stop) = compare(sent, signed, &mut report) {
        report.stop(stop);
    }
    let found = report.finish();
    let same = match found.verdict {
        Verdict::None | Verdict::Permitted => Some(true),
        Verdict::Undecided => None,
        Verdict::NotPermitted => Some(false),
    };
    let differences =
        found.changes.into_iter().filter(|change| change.verdict > Verdict::Permitted).collect();
    Comparison { same, differences, more: found.more }
}

fn compare(sent: &PdfFile, signed: &PdfFile, report: &mut Report) -> Result<()> {
    for pdf in [sent, signed] {
        if pdf.xref().mended {
            report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::MENDED));
        }
    }
    let (old, new) = (Snapshot::of(sent)?, Snapshot::of(signed)?);
    if old.pages.len() != new.pages.len() {
        report.note(Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::PAGES));
        return Ok(());
    }
    let mut same = Same::new(sent, signed, Pairs::Separate, MAX_STEPS);
    same.pair(old.catalog.id.number, new.catalog.id.number);
    let fields = fields(&old, &new);
    for (old, new) in fields.values().filter(|(old, new)| !old.is_direct && !new.is_direct) {
        same.pair_field(old.object.id.number, new.object.id.number);
    }
    for (old, new) in old.pages.iter().zip(&new.pages) {
        same.pair(old.number, new.number);
    }
    for (index, (old_page, new_page)) in old.pages.iter().zip(&new.pages).enumerate() {
        document::page(index + 1, old_page, new_page, &mut same, report)?;
        annotations(index + 1, (&old, old_page), (&new, new_page), &mut same, report)?;
    }
    values(&fields, &new, &mut same, report)?;
    // Layers may hide what the pages have.
    if let Some(difference) = same.entry(&old.catalog, &new.catalog, "OCProperties", Depth::Fields)? {
        let what = words::catalogue("OCProperties");
        report.note(Change::new(ChangeKind::Catalogue, Verdict::NotPermitted, what).of(difference.object));
    }
    same.take_doubts().into_iter().for_each(|doubt| report.note(doubt));
    Ok(())
}

/// Returns the fields of both documents by their names, with which of several of one name it is.
type Fields<'a> = HashMap<(&'a str, usize), (&'a Node, &'a Node)>;

fn fields<'a>(old: &'a Snapshot<'_>, new: &'a Snapshot<'_>) -> Fields<'a> {
    let numbered = |snapshot: &'a Snapshot<'_>| {
        let mut count: HashMap<&str, usize> = HashMap::new();
        let mut nodes = HashMap::new();
        for node in &snapshot.nodes {
            let nth = count.entry(&*node.name).or_default();
            nodes.insert((&*node.name, *nth), node);
            *nth += 1;
        }
        nodes
    };
    let news = numbered(new);
    let pairs = numbered(old).into_iter().filter_map(|(key, old)| Some((key, (old, *news.get(&key)?))));
    pairs.collect()
}

/// Compares the values of fields that are no signatures.
fn values(fields: &Fields<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    for (old, now) in fields.values().filter(|(old, _)| !old.is_signature()) {
        if let Some(difference) = same.entry(&old.object, &now.object, "V", Depth::Fields)? {
            let change =
                Change::new(ChangeKind::FormValue, Verdict::NotPermitted, words::field(&["V".to_owned()]));
            let object = difference.object.or(Some(now.object.id.number));
            report.note(change.of(object).on(new.page_of_node(now)).in_field(&now.name));
        }
    }
    Ok(())
}

/// Compares the annotations of a page one by one: signatures are left out, signed or not.
fn annotations(
    number: usize,
    (old, old_page): (&Snapshot<'_>, &Page),
    (new, new_page): (&Snapshot<'_>, &Page),
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    let shown = |snapshot: &Snapshot<'_>, page: &Page| -> Result<Vec<Value>> {
        let mut items = snapshot.annotations(page)?;
        items.retain(|item| {
            let node = item.reference().and_then(|id| snapshot.node(id.number));
            !node.is_some_and(Node::is_signature)
        });
        Ok(items)
    };
    let (before, now) = (shown(old, old_page)?, shown(new, new_page)?);
    let mut note = |object: Option<u32>, what| {
        let change = Change::new(ChangeKind::Annotation, Verdict::NotPermitted, what);
        report.note(change.of(object).on(Some(number)));
    };
    if before.len() != now.len() {
        let what = if before.len() < now.len() { words::ANNOTATION_ADDED } else { words::ANNOTATION_GONE };
        note(Some(new_page.number), what);
        return Ok(());
    }
    for (before, now) in before.iter().zip(&now) {
        let object = now.reference().map(|id| id.number).or(Some(new_page.number));
        let differs = match (before.reference(), now.reference()) {
            (Some(before), Some(now)) => match (old.pdf.object(before)?, new.pdf.object(now)?) {
                (Some(before), Some(now)) => {
                    !differing(&before, &now, Depth::Fields, &HANGING, same)?.is_empty()
                }
                (before, now) => before.is_some() != now.is_some(),
            },
            _ => same.values(before, now, Depth::Fields)?.is_some(),
        };
        if differs {
            note(object, words::ANNOTATION_CHANGED);
        }
    }
    Ok(())
}
