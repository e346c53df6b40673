//! Each signature in the history of its document.

use std::collections::HashSet;

use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Pairs, Result, Same, Stop};
use super::snapshot::Snapshot;
use super::unreached::{self, Unreached};
use super::{
    Change, ChangeKind, Changes, Coverage, SignedRange, Since, Verdict, document, scan, signed_range,
    suspect, words,
};
use crate::pdf::{self, PdfFile, Place, Signature, Value};
use crate::protocol::Bilingual;

/// How many values may be looked at for all signatures together, and how many more for each byte of the file. What is
/// read counts by its bytes.
const FREE_STEPS: usize = 12_000_000;
const STEPS_PER_BYTE: usize = 2;
/// What reading one section of tables costs, when a revision is opened.
const SECTION: usize = 40;

/// Returns how many values may be looked at in a file.
pub fn allowance(pdf: &PdfFile) -> usize {
    pdf.bytes().len().saturating_mul(STEPS_PER_BYTE).saturating_add(FREE_STEPS)
}

/// A document, and what of its history was found out so far: signatures share it.
pub struct History<'a> {
    pdf: &'a PdfFile,
    steps: usize,
    /// The file as it is now, once it was needed.
    now: Option<Result<Snapshot<'a>>>,
    /// What nothing leads to, from this byte on, once it was needed.
    unreached: Option<(usize, Parts)>,
    /// What other programs would find, where the bytes from this one on are not signed, once it was needed.
    found: Option<(usize, Result<Vec<Change>>)>,
    /// Whether each revision, from this byte on, does what it may not, by where the one before it ends.
    between: Option<(usize, Steps)>,
}

/// Whether each revision does what it may not, by where the one before it ends.
type Steps = Result<Vec<(usize, bool)>>;
/// The parts that nothing leads to, by where they end.
type Parts = Result<Vec<(usize, Unreached)>>;

impl<'a> History<'a> {
    /// Makes the history of a file, opened with its password if it has one.
    pub fn new(pdf: &'a PdfFile) -> History<'a> {
        let steps = allowance(pdf);
        History { pdf, steps, now: None, unreached: None, found: None, between: None }
    }

    /// Says how far each signature of this file reaches, and what was changed since.
    ///
    /// What a later signature does not allow, was not allowed after an earlier one either.
    pub fn since_each(&mut self, signatures: &[Signature]) -> Vec<Since> {
        // The oldest first: what was found behind it serves all others.
        let ends = signatures.iter().filter_map(|signature| signed_range(self.pdf, signature).ok());
        let oldest = ends.map(|range| range.end).min().filter(|from| from + 2 < self.pdf.bytes().len());
        if let Some(from) = oldest {
            self.look_for_unreached(from);
            self.look_by_scan(from);
        }
        let mut all: Vec<Since> = signatures.iter().map(|signature| self.since(signature)).collect();
        let mut order: Vec<usize> = (0..all.len()).collect();
        let end = |since: &Since| since.range.as_ref().map_or(usize::MAX, |range| range.end);
        order.sort_by_key(|&index| all.get(index).map(end));
        let mut refused: Vec<Change> = Vec::new();
        for index in order.into_iter().rev() {
            let Some(since) = all.get_mut(index).filter(|since| since.range.is_ok()) else { continue };
            let mut report = Report::new();
            since.changes.changes.drain(..).chain(refused.clone()).for_each(|change| report.note(change));
            let more = since.changes.more;
            since.changes = report.finish();
            since.changes.more |= more;
            let not_permitted = since.changes.changes.iter().filter(|it| it.verdict == Verdict::NotPermitted);
            refused = not_permitted.cloned().collect();
        }
        all
    }

    /// Says how far one signature of this file reaches, and what was changed since, as it alone has it.
    fn since(&mut self, signature: &Signature) -> Since {
        let mut certification = certification(self.pdf, signature);
        match signed_range(self.pdf, signature) {
            Err(what) => {
                let changes = undecided(words::NO_RANGE);
                let certification = certification.unwrap_or_default();
                Since { range: Err(what), coverage: Coverage::Malformed, changes, certification }
            }
            Ok(range) => {
                let (coverage, changes) = self.compare(signature, &range);
                if certification.is_err() {
                    // What was done to the file since may keep it from being read there.
                    let then = self.pdf.until(range.end);
                    certification = then.and_then(|then| self::certification(&then, signature));
                }
                let certification = certification.unwrap_or_default();
                Since { range: Ok(range), coverage, changes, certification }
            }
        }
    }

    fn compare(&mut self, signature: &Signature, range: &SignedRange) -> (Coverage, Changes) {
        let mut report = Report::new();
        if self.pdf.xref().mended {
            report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::MENDED));
        }
        let rest = self.pdf.bytes().get(range.end..).unwrap_or_default();
        if matches!(rest, b"" | b"\n" | b"\r" | b"\r\n") {
            return (Coverage::WholeFile, report.finish());
        }
        suspect::tail(self.pdf, &mut report);
        if self.spend_opening().is_err() {
            report.stop(Stop::Costly);
            return (Coverage::PartOfRevision, report.finish());
        }
        let Ok(then) = self.pdf.until(range.end) else {
            self.unreached(range.end, &mut report);
            report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::NO_REVISION));
            return (Coverage::PartOfRevision, report.finish());
        };
        let coverage = coverage(&then, rest);
        if coverage == Coverage::PartOfRevision {
            report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::PART));
        }
        if let Err(stop) = self.between(&then, signature, &mut report) {
            report.stop(stop);
        }
        if report.worst() == Verdict::None && !rest.iter().all(u8::is_ascii_whitespace) {
            let change = Change::new(ChangeKind::Revisions, Verdict::Permitted, words::NOTHING_SHOWN);
            report.note(change);
        }
        (coverage, report.finish())
    }

    /// Compares the signed revision with the file as it is now.
    fn between(&mut self, then: &PdfFile, signature: &Signature, report: &mut Report) -> Result<()> {
        let now = self.pdf;
        self.unreached(then.bytes().len(), report);
        self.scan(then.bytes().len(), report);
        if then.xref().mended {
            report.note(Change::new(ChangeKind::Damage, Verdict::Undecided, words::MENDED));
        }
        if !now.xref().sections.iter().any(|section| section.start == then.xref().start) {
            report.note(Change::new(ChangeKind::Revisions, Verdict::NotPermitted, words::CHAIN));
        }
        if now.xref().hybrid.iter().any(|start| *start >= then.bytes().len()) {
            report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::HYBRID));
        }
        self.meanwhile(then.bytes().len(), report);
        let mut same = continued(then, now, self.steps, report)?;
        let new = self.now.get_or_insert_with(|| Snapshot::of(now)).as_ref().map_err(Clone::clone)?;
        let compared = compare_all(then, new, Some(signature), &mut same, report);
        self.steps = same.steps().saturating_sub(then.cost());
        compared
    }

    /// Takes the steps that opening a revision costs, which is no less than all of the file's sections do.
    fn spend_opening(&mut self) -> Result<()> {
        let xref = self.pdf.xref();
        let cost = 4 * xref.places.len() + SECTION * xref.sections.len() + self.pdf.bytes().len() / 64;
        self.steps = self.steps.checked_sub(cost).ok_or(Stop::Costly)?;
        Ok(())
    }

    /// Notes what a revision in between did, behind this byte, that it may not, though a later one undid it.
    fn meanwhile(&mut self, from: usize, report: &mut Report) {
        if self.between.as_ref().is_none_or(|(known, _)| *known > from) {
            self.between = Some((from, self.steps_between(from)));
        }
        match &self.between {
            None => {}
            Some((_, Err(stop))) => report.stop(stop.clone()),
            Some((_, Ok(steps))) if steps.iter().any(|(start, is_bad)| *is_bad && *start >= from) => {
                report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, words::MEANWHILE));
            }
            Some((_, Ok(_))) => {}
        }
    }

    /// Compares each revision behind this byte with the next one; all of them are compared with the file as it is now
    /// anyway.
    fn steps_between(&mut self, from: usize) -> Steps {
        let ends = self.pdf.revisions().iter().map(|range| range.end);
        let ends: Vec<usize> = ends.filter(|end| *end > from && *end < self.pdf.bytes().len()).collect();
        let mut steps = Vec::new();
        if ends.is_empty() {
            return Ok(steps);
        }
        self.now.get_or_insert_with(|| Snapshot::of(self.pdf));
        self.spend_opening()?;
        let mut then = self.pdf.until(from)?;
        for end in ends {
            self.spend_opening()?;
            let next = self.pdf.until(end)?;
            let mut report = Report::new();
            let mut same = continued(&then, &next, self.steps, &mut report)?;
            let snapshot = Snapshot::of(&next)?;
            same.step(snapshot.cost())?;
            compare_all(&then, &snapshot, None, &mut same, &mut report)?;
            drop(snapshot);
            self.steps = same.steps();
            let is_bad =
                |change: &Change| change.verdict >= Verdict::Undecided && !self.is_signed_since(change);
            let is_bad = report.finish().changes.iter().any(is_bad);
            steps.push((then.bytes().len(), is_bad));
            then = next;
        }
        Ok(steps)
    }

    /// Says whether a change added a signature field that was signed only later, which is how some writers sign.
    fn is_signed_since(&self, change: &Change) -> bool {
        let is_added = matches!(change.kind, ChangeKind::FormField | ChangeKind::Annotation);
        let Some(Ok(now)) = self.now.as_ref().filter(|_| is_added) else { return false };
        let node = change.object.and_then(|number| now.node(number));
        node.is_some_and(|node| node.is_signature() && now.signed.contains_key(&node.name))
    }

    /// Notes what programs would find that look for objects themselves. What was appended after the first signature counts for
    /// all others too: they are judged by one look.
    fn scan(&mut self, from: usize, report: &mut Report) {
        self.look_by_scan(from);
        match &self.found {
            Some((_, Ok(found))) => found.iter().for_each(|change| report.note(change.clone())),
            Some((_, Err(stop))) => report.stop(stop.clone()),
            None => {}
        }
    }

    fn look_by_scan(&mut self, from: usize) {
        if self.found.as_ref().is_none_or(|(known, _)| *known > from) {
            let found = self.spend_opening().and_then(|()| scan::scan(self.pdf, from));
            self.found = Some((from, found));
        }
    }

    fn look_for_unreached(&mut self, from: usize) {
        if self.unreached.as_ref().is_none_or(|(known, _)| *known > from) {
            self.unreached = Some((from, unreached::parts(self.pdf, from).map_err(Stop::from)));
        }
    }

    /// Notes what nothing leads to, behind this byte.
    fn unreached(&mut self, from: usize, report: &mut Report) {
        self.look_for_unreached(from);
        let parts = match &self.unreached {
            Some((_, Ok(parts))) => parts,
            Some((_, Err(stop))) => return report.stop(stop.clone()),
            None => return,
        };
        match parts.iter().filter(|(end, _)| *end > from).map(|(_, found)| *found).max() {
            None | Some(Unreached::Nothing) => {}
            Some(Unreached::Bytes) => {
                report.note(Change::new(ChangeKind::Unreached, Verdict::Undecided, words::UNREACHED_BYTES));
            }
            Some(Unreached::Overlap) => {
                report.note(Change::new(ChangeKind::Unreached, Verdict::Undecided, words::OVERLAP));
            }
            Some(Unreached::Objects) => {
                report.note(Change::new(ChangeKind::Unreached, Verdict::NotPermitted, words::UNREACHED));
            }
        }
    }
}

/// Begins to compare two revisions, with what of the objects that were written again is suspect.
fn continued<'a>(then: &'a PdfFile, now: &'a PdfFile, steps: usize, report: &mut Report) -> Result<Same<'a>> {
    let changed = changed(then, now)?;
    let mut same = Same::new(then, now, Pairs::Continued(changed.clone()), steps);
    suspect::objects(&changed, &mut same, report)?;
    Ok(same)
}

/// Compares two revisions; if the earlier one is what a signature covers, it has to be signed there.
fn compare_all(
    then: &PdfFile,
    new: &Snapshot<'_>,
    signature: Option<&Signature>,
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    trailer(then, new.pdf, same, report)?;
    let old = Snapshot::of(then)?;
    same.step(old.cost())?;
    let is_signed = |signature: &&Signature| {
        old.signed.get(&signature.field.name).is_some_and(|signed| {
            signed.item == signature.object.item && signed.place() == signature.object.place()
        })
    };
    if let Some(signature) = signature.filter(|signature| !is_signed(signature)) {
        let change = Change::new(ChangeKind::Signature, Verdict::NotPermitted, words::NOT_SIGNED_THEN);
        report.note(change.of(Some(signature.object.id.number)).in_field(&signature.field.name));
    }
    let rules = Rules::of(&old, same)?;
    let compared = document::compare(&old, new, same, &rules, report);
    same.take_doubts().into_iter().for_each(|doubt| report.note(doubt));
    compared
}

fn trailer(then: &PdfFile, now: &PdfFile, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
    let reference = |pdf: &PdfFile| pdf.xref().trailer.get("Root").and_then(|item| item.value.reference());
    if reference(then) != reference(now) {
        let object = reference(now).map(|id| id.number);
        report.note(Change::new(ChangeKind::Catalogue, Verdict::NotPermitted, words::ROOT).of(object));
    }
    if now.xref().repeats {
        report.note(Change::new(ChangeKind::Revisions, Verdict::NotPermitted, words::TRAILER));
    }
    let mut differs = |key: &str| {
        let value =
            |pdf: &PdfFile| pdf.xref().trailer.get(key).map_or(Value::Null, |item| item.value.clone());
        same.values(&value(then), &value(now), Depth::All)
    };
    if differs("Encrypt")?.is_some() {
        report.note(Change::new(ChangeKind::Encryption, Verdict::NotPermitted, words::ENCRYPTION));
    }
    if let Some(difference) = differs("Info")? {
        let change = Change::new(ChangeKind::Metadata, Verdict::Permitted, words::METADATA);
        report.note(change.of(difference.object));
    }
    Ok(())
}

/// Returns the numbers of objects that may be read otherwise than in the earlier revision.
fn changed(then: &PdfFile, now: &PdfFile) -> Result<HashSet<u32>> {
    let mut changed: HashSet<u32> = now.changed_since(then).into_iter().collect();
    // An object stream is read as far as its length says, which may be an object of its own.
    let mut streams = HashSet::new();
    for place in then.xref().places.values() {
        if let Place::Packed(stream, _) = place {
            streams.insert(*stream);
        }
    }
    streams.retain(|stream| {
        let Ok(Some(stream)) = then.load(*stream) else { return true };
        let length = stream.dict().and_then(|dict| dict.get("Length")?.value.reference());
        length.is_some_and(|length| changed.contains(&length.number))
            // What reaches past the signed bytes was not all there before.
            || !matches!(then.data_range(&stream), Ok(Some(_)))
    });
    if !streams.is_empty() {
        changed.extend(then.xref().places.iter().filter_map(|(number, place)| match place {
            Place::Packed(stream, _) if streams.contains(stream) => Some(*number),
            _ => None,
        }));
    }
    Ok(changed)
}

/// Says which revision the signed bytes are, if they end where one does: behind `%%EOF` on a line of its own.
fn coverage(then: &PdfFile, rest: &[u8]) -> Coverage {
    let text = then.bytes().trim_ascii_end();
    let revisions = then.revisions();
    let end = revisions.last().map_or(0, |last| last.end);
    let ends_line = text.len() < then.bytes().len() || rest.first().is_none_or(u8::is_ascii_whitespace);
    if text.ends_with(b"%%EOF") && ends_line && end >= text.len() {
        Coverage::Revision(revisions.len())
    } else {
        Coverage::PartOfRevision
    }
}

fn undecided(what: Bilingual) -> Changes {
    let mut report = Report::new();
    report.note(Change::new(ChangeKind::Revisions, Verdict::Undecided, what));
    report.finish()
}

/// Returns what a signature of this file allows if it certifies the document, that is if `/Perms` names it: 1
/// nothing, 2 filling in and signing, 3 also annotations.
///
/// # Errors
/// When an object cannot be read.
pub fn certification(pdf: &PdfFile, signature: &Signature) -> pdf::Result<Option<i64>> {
    let permissions = pdf.get(&pdf.catalog()?, "Perms")?;
    let certifying = permissions.map_or(Ok(None), |permissions| pdf.get(&permissions, "DocMDP"))?;
    let is_it = |certifying: &pdf::Object| {
        certifying.item == signature.object.item && certifying.place() == signature.object.place()
    };
    let Some(certifying) = certifying.filter(is_it) else { return Ok(None) };
    Ok(Some(pdf::permission(pdf, &certifying)?.unwrap_or(2)))
}
