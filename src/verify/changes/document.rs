//! Pages, annotations and the catalogue of a document, compared with those of its signed revision.

use std::collections::{HashMap, HashSet};

use super::entries::{are_alike, is_measure, repeats};
use super::form::{Forms, differing};
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Difference, Result, Same};
use super::snapshot::{INHERITED, Page, Snapshot};
use super::{Change, ChangeKind, Verdict, structure, title, words};
use crate::pdf::{Object, Value};

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

/// What of a node above the pages is compared elsewhere: with the pages that inherit it.
const BESIDE: [&str; 5] = ["Parent", "Resources", "MediaBox", "CropBox", "Rotate"];

/// Compares all that two revisions show.
pub fn compare(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    same: &mut Same<'_>,
    rules: &Rules,
    report: &mut Report,
) -> Result<()> {
    pair(old, same)?;
    catalogue(old, new, same, report)?;
    if old.pages.len() == new.pages.len()
        && old.pages.iter().zip(&new.pages).all(|(a, b)| a.number == b.number)
    {
        for (index, (old_page, new_page)) in old.pages.iter().zip(&new.pages).enumerate() {
            page(index + 1, old_page, new_page, same, report)?;
            annotations(index + 1, (old, old_page), (new, new_page), same, rules, report)?;
        }
    } else {
        report.note(Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::PAGES));
    }
    branches(old, new, same, report)?;
    same.form_follows();
    Forms::new(old, new, rules).compare(same, report)?;
    title::compare(old, new, same, report)?;
    structure::compare(old, new, same, report)
}

/// Compares the nodes of the page tree above the pages: a number of pages that is wrong hides some of them.
fn branches(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let now: HashMap<u32, &Object> = new.branches.iter().map(|branch| (branch.id.number, branch)).collect();
    for before in &old.branches {
        let Some(branch) = now.get(&before.id.number) else { continue };
        let differs = branch.id.generation != before.id.generation
            || !differing(before, branch, Depth::Fields, &BESIDE, same)?.is_empty();
        if differs {
            let change = Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::TREE);
            report.note(change.of(Some(branch.id.number)));
        }
    }
    Ok(())
}

/// Notes what of the old document is compared for itself: pages, annotations, fields.
fn pair(old: &Snapshot<'_>, same: &mut Same<'_>) -> Result<()> {
    let pages = old.pages.iter().map(|page| page.number);
    let pages = pages.chain(old.branches.iter().map(|branch| branch.id.number));
    let nodes = old.nodes.iter().filter(|node| !node.is_direct && node.object.data.is_none());
    // The catalogue is one too: parameters of signatures refer to it.
    same.pair(old.catalog.id.number, old.catalog.id.number);
    for number in pages.chain(nodes.map(|node| node.object.id.number)) {
        same.pair(number, number);
    }
    for &number in old.page_of.keys() {
        // A stream is no annotation: what it shows is compared wherever it is named.
        if old.pdf.load(number)?.is_none_or(|object| object.data.is_none()) {
            same.pair_annotation(number, number);
        }
    }
    Ok(())
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
        if matches!(key.as_str(), "Pages" | "AcroForm" | "StructTreeRoot" | "Type") {
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
    let parent = |page: &Page| page.object.dict().and_then(|dict| dict.get("Parent")?.value.reference());
    if same.is_continued() && parent(old) != parent(new) {
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

/// Compares the annotations of a page, in their order.
fn annotations(
    number: usize,
    (old, old_page): (&Snapshot<'_>, &Page),
    (new, new_page): (&Snapshot<'_>, &Page),
    same: &mut Same<'_>,
    rules: &Rules,
    report: &mut Report,
) -> Result<()> {
    let (before, now) = (old.annotations(old_page)?, new.annotations(new_page)?);
    let mut note = |verdict: Verdict, object: Option<u32>, what| {
        report.note(Change::new(ChangeKind::Annotation, verdict, what).of(object).on(Some(number)));
    };
    let places: HashMap<u32, usize> =
        now.iter().enumerate().filter_map(|(at, item)| Some((item.reference()?.number, at))).collect();
    let known: HashSet<u32> = before.iter().filter_map(|item| Some(item.reference()?.number)).collect();
    let mut last = None;
    for item in &before {
        let Some(id) = item.reference() else { continue };
        let free = |snapshot: &Snapshot<'_>| is_free(snapshot, id.number);
        let Some(&at) = places.get(&id.number) else {
            if old.pdf.object(id)?.is_some() {
                let verdict = if free(old)? { rules.annotating() } else { Verdict::NotPermitted };
                note(verdict, Some(id.number), words::ANNOTATION_GONE);
            }
            continue;
        };
        if last.is_some_and(|last| at < last) {
            note(Verdict::NotPermitted, Some(id.number), words::ANNOTATION_ORDER);
        }
        last = Some(at);
        if old.node(id.number).is_some() {
            continue;
        }
        let differs = match (old.pdf.load(id.number)?, new.pdf.load(id.number)?) {
            (Some(before), Some(now)) if before.data.is_some() || now.data.is_some() => {
                let it = Value::Reference(id);
                same.values(&it, &it, Depth::Nodes)?.is_some()
            }
            (Some(old), Some(new)) => !differing(&old, &new, Depth::Nodes, &[], same)?.is_empty(),
            (old, new) => old.is_some() != new.is_some(),
        };
        if differs {
            let verdict = if free(old)? && free(new)? { rules.annotating() } else { Verdict::NotPermitted };
            note(verdict, Some(id.number), words::ANNOTATION_CHANGED);
        }
    }
    for id in now.iter().filter_map(Value::reference).filter(|id| !known.contains(&id.number)) {
        let is_signature = new.node(id.number).is_some_and(|node| {
            node.is_signature() && !old.signed.contains_key(&node.name) && new.signed.contains_key(&node.name)
        });
        if !is_signature && new.pdf.object(id)?.is_some() {
            let verdict = if is_free(new, id.number)? { rules.annotating() } else { Verdict::NotPermitted };
            note(verdict, Some(id.number), words::ANNOTATION_ADDED);
        }
    }
    // Those that are no objects of their own have nothing but their place.
    let direct =
        |items: &[Value]| items.iter().filter(|item| item.reference().is_none()).cloned().collect::<Vec<_>>();
    let (before, now) = (direct(&before), direct(&now));
    if before.len() != now.len() {
        note(rules.annotating(), Some(new_page.number), words::ANNOTATION_ADDED);
    }
    for (old, new) in before.iter().zip(&now) {
        if same.values(old, new, Depth::Nodes)?.is_some() {
            note(rules.annotating(), Some(new_page.number), words::ANNOTATION_CHANGED);
        }
    }
    Ok(())
}

/// Says whether an annotation belongs to no form, so that it may be changed where annotations may.
fn is_free(snapshot: &Snapshot<'_>, number: u32) -> Result<bool> {
    let object = snapshot.pdf.load(number)?;
    let kind = object.as_ref().and_then(|object| object.dict()?.get("Subtype"));
    Ok(snapshot.node(number).is_none() && kind.is_some_and(|kind| kind.value.name() != Some(b"Widget")))
}
