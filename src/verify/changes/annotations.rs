//! The annotations of a page, compared with those of its signed revision.

use std::collections::{HashMap, HashSet, VecDeque};

use super::form::differing;
use super::picture::{Cover, Covered, Picture, of_annotation};
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Result, Same};
use super::snapshot::{Page, Snapshot};
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::{Item, Object, PdfFile, Value};
use crate::protocol::Bilingual;

/// What of an annotation does something.
const ACTS: [&str; 3] = ["A", "AA", "PA"];

/// A page whose annotations are compared.
pub struct Annotations<'a, 'b> {
    /// Which page, counted from 1.
    pub number: usize,
    pub old: &'a Snapshot<'b>,
    pub new: &'a Snapshot<'b>,
    pub rules: &'a Rules,
    /// What covers the pages so far.
    covered: &'a mut Covered,
}

impl<'a, 'b> Annotations<'a, 'b> {
    pub fn new(
        number: usize,
        old: &'a Snapshot<'b>,
        new: &'a Snapshot<'b>,
        rules: &'a Rules,
        covered: &'a mut Covered,
    ) -> Annotations<'a, 'b> {
        Annotations { number, old, new, rules, covered }
    }

    /// Compares the annotations in their order: each covers those before it.
    pub fn compare(&mut self, pages: (&Page, &Page), same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        let (before, now) = (list(self.old.pdf, pages.0)?, list(self.new.pdf, pages.1)?);
        // Those that are no objects of their own have nothing but their place among themselves.
        let number = |item: &Listed| item.0.reference().map(|id| id.number);
        let mut places: HashMap<Option<u32>, VecDeque<usize>> = HashMap::new();
        for (at, item) in now.iter().enumerate() {
            places.entry(number(item)).or_default().push_back(at);
        }
        let known: HashSet<u32> = before.iter().filter_map(number).collect();
        let mut last = None;
        for item in &before {
            let Some(at) = places.get_mut(&number(item)).and_then(VecDeque::pop_front) else {
                self.gone(item, report)?;
                continue;
            };
            if last.is_some_and(|last| at < last) {
                self.note(Verdict::NotPermitted, item, words::ANNOTATION_ORDER, report);
            }
            last = Some(at);
            if let Some(other) = now.get(at) {
                self.pair(item, other, same, report)?;
            }
        }
        let mut added: Vec<usize> = places.into_values().flatten().collect();
        added.sort_unstable();
        for item in added.into_iter().filter_map(|at| now.get(at)) {
            self.added(item, number(item).is_some_and(|number| known.contains(&number)), report)?;
        }
        Ok(())
    }

    fn note(&self, verdict: Verdict, item: &Listed, what: Bilingual, report: &mut Report) {
        let object = item.0.reference().map(|id| id.number);
        report.note(Change::new(ChangeKind::Annotation, verdict, what).of(object).on(Some(self.number)));
    }

    fn gone(&mut self, item: &Listed, report: &mut Report) -> Result<()> {
        let Some(old) = read(self.old.pdf, item)? else { return Ok(()) };
        let verdict =
            if is_free(self.old, item, &old) { self.rules.annotating() } else { Verdict::NotPermitted };
        self.note(verdict, item, words::ANNOTATION_GONE, report);
        if verdict == Verdict::Permitted {
            self.cover([of_annotation(self.old, self.number, &old)], item, report);
        }
        Ok(())
    }

    /// Compares an annotation with what it is now.
    fn pair(&mut self, item: &Listed, now: &Listed, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        if item.0.reference().is_some_and(|id| self.old.node(id.number).is_some()) {
            // It is compared as a part of the form.
            return Ok(());
        }
        let (old, new) = (read(self.old.pdf, item)?, read(self.new.pdf, now)?);
        let (Some(old), Some(new)) = (&old, &new) else {
            if old.is_some() != new.is_some() {
                self.note(Verdict::NotPermitted, item, words::ANNOTATION_CHANGED, report);
            }
            return Ok(());
        };
        let both = [old, new];
        let keys = if both.iter().all(|it| it.data.is_none() && it.dict().is_some()) {
            differing(old, new, Depth::Nodes, &[], same)?
        } else {
            let difference = same.values(&item.0, &now.0, Depth::Nodes)?;
            difference.map(|_| String::new()).into_iter().collect()
        };
        if keys.is_empty() {
            return Ok(());
        }
        let is_free = is_free(self.old, item, old) && is_free(self.new, now, new);
        let verdict = if is_free { self.rules.annotating() } else { Verdict::NotPermitted };
        self.note(verdict, item, words::ANNOTATION_CHANGED, report);
        if verdict == Verdict::Permitted {
            if keys.iter().any(|key| ACTS.contains(&key.as_str())) {
                self.note(Verdict::Undecided, item, words::ANNOTATION_ACTS, report);
            }
            let (before, now) =
                (of_annotation(self.old, self.number, old), of_annotation(self.new, self.number, new));
            // Where it stays in its place it covers that once.
            let pictures = if before == now { vec![now] } else { vec![before, now] };
            self.cover(pictures, item, report);
        }
        Ok(())
    }

    /// Judges an annotation that was not there, or less often.
    fn added(&mut self, item: &Listed, was_there: bool, report: &mut Report) -> Result<()> {
        let node = item.0.reference().and_then(|id| self.new.node(id.number)).filter(|_| !was_there);
        let is_signature = node.is_some_and(|node| {
            node.is_signature()
                && !self.old.signed.contains_key(&node.name)
                && self.new.signed.contains_key(&node.name)
        });
        let new = read(self.new.pdf, item)?.filter(|_| !is_signature);
        let Some(new) = new else { return Ok(()) };
        let is_free = !was_there && is_free(self.new, item, &new);
        let verdict = if is_free { self.rules.annotating() } else { Verdict::NotPermitted };
        self.note(verdict, item, words::ANNOTATION_ADDED, report);
        if verdict == Verdict::Permitted {
            if ACTS.iter().any(|key| new.dict().is_some_and(|dict| dict.get(key).is_some())) {
                self.note(Verdict::Undecided, item, words::ANNOTATION_ACTS, report);
            }
            self.cover([of_annotation(self.new, self.number, &new)], item, report);
        }
        Ok(())
    }

    /// Notes what is covered or uncovered by annotations that may be changed. All of them together may hide a page.
    fn cover(&mut self, pictures: impl IntoIterator<Item = Picture>, item: &Listed, report: &mut Report) {
        for picture in pictures {
            match self.covered.add(picture) {
                Cover::Little => {}
                Cover::Most => self.note(Verdict::Undecided, item, words::COVERED_BY_ANNOTATION, report),
                Cover::Unknown => self.note(Verdict::Undecided, item, words::UNMEASURED, report),
            }
        }
    }
}

/// An annotation as it is listed; if it is no object of its own, it stands there.
pub type Listed = (Value, Option<Object>);

/// Returns the annotations of a page as they are listed.
pub fn list(pdf: &PdfFile, page: &Page) -> Result<Vec<Listed>> {
    let Some(list) = pdf.get(&page.object, "Annots")? else { return Ok(Vec::new()) };
    let items = list.item.value.array().unwrap_or_default();
    let direct = |item: &Item| item.value.reference().is_none().then(|| list.part(item));
    Ok(items.iter().map(|item| (item.value.clone(), direct(item))).collect())
}

/// Returns an annotation itself: an object that is a reference to another one stays that.
fn read(pdf: &PdfFile, (value, direct): &Listed) -> Result<Option<Object>> {
    match value.reference() {
        Some(id) => Ok(pdf.load(id.number)?),
        None => Ok(direct.clone()),
    }
}

/// Says whether an annotation belongs to no form, so that it may be changed where annotations may.
fn is_free(snapshot: &Snapshot<'_>, item: &Listed, annotation: &Object) -> bool {
    let is_node = item.0.reference().is_some_and(|id| snapshot.node(id.number).is_some());
    let kind = annotation.dict().and_then(|dict| dict.get("Subtype")?.value.name());
    !is_node && annotation.data.is_none() && kind.is_some_and(|kind| kind != b"Widget")
}
