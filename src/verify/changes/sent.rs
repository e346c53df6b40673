//! A signed document beside the one that was submitted.

use std::collections::{HashMap, HashSet};

use super::document;
use super::form::{Forms, differing};
use super::history::allowance;
use super::picture::Covered;
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Pairs, Result, Same};
use super::snapshot::{Node, Page, Snapshot};
use super::{Change, ChangeKind, Verdict, scan, structure, suspect, title, words};
use crate::pdf::{Object, PdfFile, Value};

/// What of an annotation only its place in the structure is told by.
const HANGING: [&str; 1] = ["StructParent"];
/// What signing programs note at the root of the pages: the version of iText.
const NOTES: [&str; 1] = ["ITXT"];
/// What of the catalogue signing changes, or is compared elsewhere.
const ASIDE: [&str; 7] = ["AcroForm", "DSS", "Perms", "Metadata", "Version", "Extensions", "StructTreeRoot"];

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
/// Pages are compared by what they show, whatever the numbers of their objects; annotations, form fields and all of the
/// catalogue belong to that. What was added is judged as if a later revision had added it.
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
    repaired(sent, signed, report)?;
    let (old, new) = (Snapshot::of(sent)?, Snapshot::of(signed)?);
    if old.pages.len() != new.pages.len() {
        report.note(Change::new(ChangeKind::Pages, Verdict::NotPermitted, words::PAGES));
        return Ok(());
    }
    let mut same = Same::new(sent, signed, Pairs::Separate, allowance(sent).max(allowance(signed)));
    let compared = parts(&old, &new, &mut same, report);
    same.take_doubts().into_iter().for_each(|doubt| report.note(doubt));
    compared
}

/// Compares all that the two documents show.
fn parts(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    same.step(old.cost() + new.cost())?;
    let fields = fields(old, new);
    let added = added(&fields, new);
    pair(old, new, &fields, &added, same)?;
    catalogue(old, new, same, report)?;
    branches(old, new, same, report)?;
    for (index, (old_page, new_page)) in old.pages.iter().zip(&new.pages).enumerate() {
        document::page(index + 1, old_page, new_page, same, report)?;
        annotations(index + 1, (old, old_page), (new, new_page), &fields, &added, same, report)?;
    }
    odd_numbers(&fields, old, new, report);
    same.form_follows();
    form(&fields, (old, new), same, report)?;
    title::compare(old, new, same, report)?;
    structure::compare(old, new, same, report)
}

/// Notes what makes other programs repair the signed document, and then maybe show something else.
fn repaired(sent: &PdfFile, signed: &PdfFile, report: &mut Report) -> Result<()> {
    for pdf in [sent, signed] {
        if pdf.xref().mended {
            report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::MENDED));
        }
    }
    suspect::tail(signed, report);
    let (before, now) = (sent.xref(), signed.xref());
    if now.hybrid.len() > before.hybrid.len() {
        report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::HYBRID));
    }
    if now.repeats && !before.repeats {
        report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::TRAILER));
    }
    // Only the last definition of each number matters: what stood there before, the sender had.
    scan::scan(signed, signed.bytes().len())?.into_iter().for_each(|change| report.note(change));
    // But how it is written, the sender has not seen, unless it stands there as it was sent.
    let from = if signed.bytes().starts_with(sent.bytes()) { sent.bytes().len() } else { 0 };
    if !scan::is_strict(signed, from)? {
        report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::LOOSE));
    }
    Ok(())
}

/// The fields of both documents by their names, with which of several of one name it is.
#[derive(Default)]
struct Fields<'a> {
    pairs: Vec<(&'a Node, &'a Node)>,
    gone: Vec<&'a Node>,
    added: Vec<&'a Node>,
    /// Which field of the signed document this is, by their numbers.
    now: HashMap<u32, u32>,
}

fn fields<'a>(old: &'a Snapshot<'_>, new: &'a Snapshot<'_>) -> Fields<'a> {
    let numbered = |snapshot: &'a Snapshot<'_>| {
        let mut count: HashMap<&str, usize> = HashMap::new();
        let each = snapshot.nodes.iter().map(move |node| {
            let nth = count.entry(&*node.name).or_default();
            *nth += 1;
            ((&*node.name, *nth), node)
        });
        each.collect::<Vec<_>>()
    };
    let (olds, news) = (numbered(old), numbered(new));
    let known: HashMap<(&str, usize), &Node> = news.iter().copied().collect();
    let mut fields = Fields::default();
    let mut taken = HashSet::new();
    for (key, before) in olds {
        match known.get(&key) {
            Some(now) if before.kind == now.kind && before.is_direct == now.is_direct => {
                taken.insert(key);
                fields.pairs.push((before, now));
                if !before.is_direct {
                    fields.now.insert(before.object.id.number, now.object.id.number);
                }
            }
            _ => fields.gone.push(before),
        }
    }
    fields.added = news.iter().filter(|(key, _)| !taken.contains(key)).map(|(_, node)| *node).collect();
    fields
}

/// Returns the numbers of signature fields and their widgets that are in the signed document alone.
fn added(fields: &Fields<'_>, new: &Snapshot<'_>) -> HashSet<u32> {
    let signatures = fields.added.iter().filter(|node| node.is_signature() && !node.is_direct);
    signatures.map(|node| node.object.id.number).filter(|number| new.node(*number).is_some()).collect()
}

/// Notes what belongs together and is compared for itself.
fn pair(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    fields: &Fields<'_>,
    added: &HashSet<u32>,
    same: &mut Same<'_>,
) -> Result<()> {
    same.pair(old.catalog.id.number, new.catalog.id.number);
    for (before, now) in fields.pairs.iter().filter(|(before, now)| !before.is_direct && !now.is_direct) {
        // A stream is no field: what it shows is compared wherever it is named.
        if before.object.data.is_none() && now.object.data.is_none() {
            same.pair_field(before.object.id.number, now.object.id.number);
        }
    }
    for (before, now) in old.branches.iter().zip(&new.branches) {
        same.pair(before.id.number, now.id.number);
    }
    for (old_page, new_page) in old.pages.iter().zip(&new.pages) {
        same.pair(old_page.number, new_page.number);
        let (before, now) = (old.annotations(old_page)?, listed(new, new_page, added)?);
        for (before, now) in before.iter().zip(&now) {
            let (Some(before), Some(now)) = (before.reference(), now.reference()) else { continue };
            let is_stream = |object: Option<Object>| object.is_some_and(|object| object.data.is_some());
            if !is_stream(old.pdf.load(before.number)?) && !is_stream(new.pdf.load(now.number)?) {
                same.pair_annotation(before.number, now.number);
            }
        }
    }
    Ok(())
}

/// Returns the annotations of a page without the signatures that were added.
fn listed(new: &Snapshot<'_>, page: &Page, added: &HashSet<u32>) -> Result<Vec<Value>> {
    let mut items = new.annotations(page)?;
    items.retain(|item| item.reference().is_none_or(|id| !added.contains(&id.number)));
    Ok(items)
}

/// Compares the catalogue: attachments, layers, actions and the like.
fn catalogue(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let number = Some(new.catalog.id.number);
    for key in document::catalogue_keys(old, new) {
        if ASIDE.contains(&key.as_str()) {
            continue;
        }
        if let Some(difference) = same.entry(&old.catalog, &new.catalog, &key, Depth::Fields)? {
            let change = Change::new(ChangeKind::Catalogue, Verdict::NotPermitted, words::catalogue(&key));
            report.note(change.of(difference.object.or(number)));
        }
    }
    Ok(())
}

/// Compares the nodes of the page tree above the pages, and that the pages hang below them.
fn branches(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let note = |verdict: Verdict, number: u32, report: &mut Report| {
        report.note(Change::new(ChangeKind::Pages, verdict, words::TREE).of(Some(number)));
    };
    if old.branches.len() != new.branches.len() {
        // Some programs take for a page what others take for a branch.
        note(Verdict::Undecided, new.catalog.id.number, report);
        return Ok(());
    }
    for (before, now) in old.branches.iter().zip(&new.branches) {
        if !differing(before, now, Depth::Fields, &NOTES, same)?.is_empty() {
            note(Verdict::NotPermitted, now.id.number, report);
        }
    }
    for (before, now) in old.pages.iter().zip(&new.pages) {
        if same.entry(&before.object, &now.object, "Parent", Depth::Fields)?.is_some() {
            note(Verdict::NotPermitted, now.number, report);
        }
    }
    Ok(())
}

/// Notes objects with numbers that readers take for different ones: those that are compared for themselves.
fn odd_numbers(fields: &Fields<'_>, old: &Snapshot<'_>, new: &Snapshot<'_>, report: &mut Report) {
    let pages = old.pages.iter().map(|page| &*page.object).zip(new.pages.iter().map(|page| &*page.object));
    let branches = old.branches.iter().zip(&new.branches);
    let nodes = fields.pairs.iter().map(|(before, now)| (&before.object, &now.object));
    let pairs = pages.chain(branches).chain(nodes).chain([(&old.catalog, &new.catalog)]);
    for (_, now) in pairs.filter(|(before, now)| now.is_odd && !before.is_odd) {
        let change = Change::new(ChangeKind::Damage, Verdict::NotPermitted, words::ODD_NUMBER);
        report.note(change.of(Some(now.id.number)));
    }
}

/// Compares the form and its fields, and judges the signatures that were added.
fn form(
    fields: &Fields<'_>,
    (old, new): (&Snapshot<'_>, &Snapshot<'_>),
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    // What the document was certified for binds who changes it, not who compares it.
    let rules = Rules::default();
    let mut covered = Covered::default();
    let mut forms = Forms::new(old, new, &rules, &mut covered);
    forms.settings(same, report)?;
    for (before, now) in &fields.pairs {
        if !before.is_signature()
            && let Some(difference) = same.entry(&before.object, &now.object, "V", Depth::Fields)?
        {
            let change =
                Change::new(ChangeKind::FormValue, Verdict::NotPermitted, words::field(&["V".to_owned()]));
            let object = difference.object.or(Some(now.object.id.number));
            report.note(change.of(object).on(new.page_of_node(now)).in_field(&now.name));
            continue;
        }
        forms.node(before, now, same, report)?;
    }
    for gone in &fields.gone {
        let change = Change::new(ChangeKind::FormField, Verdict::NotPermitted, words::FIELD_GONE);
        report.note(change.on(old.page_of_node(gone)).in_field(&gone.name));
    }
    for node in &fields.added {
        forms.judge_added(node, report)?;
    }
    Ok(())
}

/// Compares the annotations of a page one by one, without the signatures that were added. Fields among them are compared
/// for themselves, and have to be the same ones.
fn annotations(
    number: usize,
    (old, old_page): (&Snapshot<'_>, &Page),
    (new, new_page): (&Snapshot<'_>, &Page),
    fields: &Fields<'_>,
    added: &HashSet<u32>,
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    let (before, all) = (old.annotations(old_page)?, new.annotations(new_page)?);
    let now = listed(new, new_page, added)?;
    let mut note = |object: Option<u32>, what| {
        let change = Change::new(ChangeKind::Annotation, Verdict::NotPermitted, what);
        report.note(change.of(object).on(Some(number)));
    };
    let mut seen = HashSet::new();
    for id in all.iter().filter_map(Value::reference).filter(|id| added.contains(&id.number)) {
        // Each of them is measured once.
        let is_here = new.listed.get(&id.number).is_some_and(|listed| listed.page == number);
        if !seen.insert(id.number) || !is_here {
            note(Some(id.number), words::ANNOTATION_ADDED);
        }
    }
    let list =
        |page: &Page| page.object.dict().and_then(|dict| dict.get("Annots")).map(|item| item.value.clone());
    if before.len() != now.len() {
        let what = if before.len() < now.len() { words::ANNOTATION_ADDED } else { words::ANNOTATION_GONE };
        note(Some(new_page.number), what);
        return Ok(());
    }
    if let (Some(before), Some(now)) = (list(old_page), list(new_page))
        && !same.are_found_alike(&before, &now)?
    {
        note(Some(new_page.number), words::GENERATION);
    }
    for (before, now) in before.iter().zip(&now) {
        let object = now.reference().map(|id| id.number).or(Some(new_page.number));
        if !annotation((old, before), (new, now), fields, same)? {
            note(object, words::ANNOTATION_CHANGED);
        }
    }
    Ok(())
}

/// Says whether two annotations are the same.
fn annotation(
    (old, before): (&Snapshot<'_>, &Value),
    (new, now): (&Snapshot<'_>, &Value),
    fields: &Fields<'_>,
    same: &mut Same<'_>,
) -> Result<bool> {
    let (Some(from), Some(to)) = (before.reference(), now.reference()) else {
        return Ok(same.values(before, now, Depth::Nodes)?.is_none());
    };
    if !same.are_found_alike(before, now)? {
        return Ok(false);
    }
    if old.node(from.number).is_some() || new.node(to.number).is_some() {
        return Ok(fields.now.get(&from.number) == Some(&to.number));
    }
    match (old.pdf.object(from)?, new.pdf.object(to)?) {
        (Some(before), Some(now)) if before.data.is_some() || now.data.is_some() => {
            let (before, now) = (Value::Reference(before.id), Value::Reference(now.id));
            Ok(same.values(&before, &now, Depth::All)?.is_none())
        }
        (Some(before), Some(now)) => {
            let is_odd = now.is_odd && !before.is_odd;
            Ok(!is_odd && differing(&before, &now, Depth::Nodes, &HANGING, same)?.is_empty())
        }
        (before, now) => Ok(before.is_some() == now.is_some()),
    }
}
