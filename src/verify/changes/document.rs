//! Pages, annotations and the catalogue of a document, compared with those of its signed revision.

use std::collections::HashMap;

use super::annotations::Annotations;
use super::entries::{are_alike, is_measure, repeats};
use super::form::{Forms, differing};
use super::picture::Covered;
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Difference, Result, Same};
use super::snapshot::{INHERITED, Page, Snapshot};
use super::{Change, ChangeKind, Verdict, structure, title, words};
use crate::pdf::Object;

/// What of a page's own entries is compared elsewhere, or shows nothing.
const ASIDE: [&str; 12] = [
    "Annots",
    "Parent",
    "Metadata",
    "LastModified",
    "Resources",
    "MediaBox",
    "CropBox",
    "Rotate",
    "Tabs",
    "Contents",
    "Group",
    "StructParents",
];

/// What of a node above the pages is compared elsewhere, or to the end: what pages inherit.
const BESIDE: [&str; 4] = INHERITED;

/// Compares all that two revisions show.
pub fn compare(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    same: &mut Same<'_>,
    rules: &Rules,
    report: &mut Report,
) -> Result<()> {
    pair(old, same);
    catalogue(old, new, same, report)?;
    let mut covered = Covered::default();
    if old.pages.len() == new.pages.len()
        && old.pages.iter().zip(&new.pages).all(|(a, b)| a.number == b.number)
    {
        for (index, (old_page, new_page)) in old.pages.iter().zip(&new.pages).enumerate() {
            page(index + 1, old_page, new_page, same, report)?;
            let mut annotations = Annotations::new(index + 1, old, new, rules, &mut covered);
            annotations.compare((old_page, new_page), same, report)?;
        }
    } else {
        report.note(Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::PAGES));
    }
    branches(old, new, same, report)?;
    same.form_follows();
    Forms::new(old, new, rules, &mut covered).compare(same, report)?;
    title::compare(old, new, same, report)?;
    structure::compare(old, new, same, report)
}

/// Compares the nodes of the page tree above the pages: a number of pages that is wrong hides some of them.
fn branches(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let now: HashMap<u32, &Object> = new.branches.iter().map(|branch| (branch.id.number, branch)).collect();
    for before in &old.branches {
        let Some(branch) = now.get(&before.id.number) else { continue };
        let mut note = |kind: ChangeKind| {
            let change = Change::new(kind, Verdict::NotPermitted, words::TREE);
            report.note(change.of(Some(branch.id.number)));
        };
        if branch.id.generation != before.id.generation
            || !differing(before, branch, Depth::Fields, &BESIDE, same)?.is_empty()
        {
            note(ChangeKind::Pages);
        }
        // Some programs may take it for a page.
        for key in INHERITED {
            if same.entry(before, branch, key, Depth::All)?.is_some() {
                note(ChangeKind::Page);
            }
        }
    }
    let kind = |object: &Object| new.pdf.get(object, "Type").ok().flatten();
    let is =
        |object: &Object, name: &[u8]| kind(object).is_some_and(|kind| kind.item.value.name() == Some(name));
    let leaves = new.pages.iter().map(|page| &*page.object).filter(|page| is(page, b"Pages"));
    for object in new.branches.iter().filter(|branch| is(branch, b"Page")).chain(leaves) {
        // Some programs go by the type, others by the kids.
        let change = Change::new(ChangeKind::Pages, Verdict::Undecided, words::PAGE_OR_BRANCH);
        report.note(change.of(Some(object.id.number)));
    }
    Ok(())
}

/// Notes what of the old document is compared for itself: pages, annotations, fields.
fn pair(old: &Snapshot<'_>, same: &mut Same<'_>) {
    let pages = old.pages.iter().map(|page| (page.number, &*page.object));
    let pages = pages.chain(old.branches.iter().map(|branch| (branch.id.number, branch)));
    // The catalogue is one too: parameters of signatures refer to it. What has data could be a picture as well.
    for (number, object) in pages.chain([(old.catalog.id.number, &old.catalog)]) {
        if object.data.is_none() {
            same.pair(number, number);
        }
    }
    for node in old.nodes.iter().filter(|node| !node.is_direct && node.object.data.is_none()) {
        same.pair_field(node.object.id.number, node.object.id.number);
    }
    // Others are compared wherever they are named.
    for (&number, _) in old.listed.iter().filter(|(_, listed)| listed.is_plain) {
        same.pair_annotation(number, number);
    }
}

fn catalogue(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let has = |snapshot: &Snapshot<'_>, key: &str| {
        snapshot.catalog.dict().is_some_and(|dict| dict.get(key).is_some())
    };
    let reference = |snapshot: &Snapshot<'_>, key: &str| {
        snapshot.catalog.dict().and_then(|dict| dict.get(key)).and_then(|item| item.value.reference())
    };
    if reference(old, "Pages") != reference(new, "Pages") {
        report.note(Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::PAGES));
    }
    let number = Some(new.catalog.id.number);
    if [old, new].iter().any(|snapshot| snapshot.catalog.dict().is_some_and(repeats)) {
        same.doubt(words::REPEATED, number);
    }
    if new.catalog.dict().is_some_and(repeats) && old.catalog.dict() != new.catalog.dict() {
        let what = words::catalogue(words::TWICE);
        report.note(Change::new(ChangeKind::Catalogue, Verdict::NotPermitted, what).of(number));
    }
    for key in catalogue_keys(old, new) {
        if matches!(key.as_str(), "Pages" | "AcroForm" | "StructTreeRoot") {
            continue;
        }
        let Some(difference) = same.entry(&old.catalog, &new.catalog, &key, Depth::Fields)? else { continue };
        let gone = has(old, &key) && !has(new, &key);
        let (kind, verdict, what) = match key.as_str() {
            "DSS" if gone => (ChangeKind::SecurityStore, Verdict::NotPermitted, words::STORE_GONE),
            "DSS" => (ChangeKind::SecurityStore, Verdict::Permitted, words::STORE),
            "Metadata" => (ChangeKind::Metadata, Verdict::Permitted, words::METADATA),
            "Extensions" | "Version" => (ChangeKind::Extensions, Verdict::Permitted, words::EXTENSIONS),
            "Perms" if !has(old, "Perms") => {
                (ChangeKind::Permissions, Verdict::Undecided, words::CERTIFIED_LATER)
            }
            "Perms" => (ChangeKind::Permissions, Verdict::NotPermitted, words::PERMISSIONS),
            key => (ChangeKind::Catalogue, Verdict::NotPermitted, words::catalogue(key)),
        };
        report.note(Change::new(kind, verdict, what).of(difference.object.or(number)));
    }
    Ok(())
}

/// Returns the keys of both catalogues.
pub fn catalogue_keys(old: &Snapshot<'_>, new: &Snapshot<'_>) -> Vec<String> {
    let mut keys: Vec<String> = [&old.catalog, &new.catalog]
        .into_iter()
        .filter_map(Object::dict)
        .flat_map(|dict| dict.0.iter().map(|(key, _)| String::from_utf8_lossy(key).into_owned()))
        .collect();
    keys.sort_unstable();
    keys.dedup();
    keys
}

/// Compares what a page is, without its annotations.
pub fn page(number: usize, old: &Page, new: &Page, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let mut note = |key: &str, difference: Difference| {
        let object = difference.object.or(Some(new.number));
        let change = Change::new(ChangeKind::Page, Verdict::NotPermitted, words::page(number, key));
        report.note(change.of(object).on(Some(number)));
    };
    for (key, (old, new)) in INHERITED.iter().zip(old.values.iter().zip(&new.values)) {
        if is_measure(key.as_bytes()) && are_alike(old, new) {
            continue;
        }
        if let Some(difference) = same.inherited(old, new)? {
            note(key, difference);
        }
    }
    for key in ["Contents", "Group"] {
        if let Some(difference) = same.entry(&old.object, &new.object, key, Depth::All)? {
            note(key, difference);
        }
    }
    // Some programs look there for what a page inherits, whether that lists the page or not.
    if same.is_continued() && same.entry(&old.object, &new.object, "Parent", Depth::Fields)?.is_some() {
        note("Parent", Difference { object: None });
    }
    for key in differing(&old.object, &new.object, Depth::Fields, &ASIDE, same)? {
        note(&key, Difference { object: None });
    }
    // It says which part of the structure the page's contents are.
    if same.entry(&old.object, &new.object, "StructParents", Depth::All)?.is_some() {
        let change = Change::new(ChangeKind::Structure, Verdict::Undecided, words::STRUCTURE);
        report.note(change.of(Some(new.number)).on(Some(number)));
    }
    Ok(())
}
