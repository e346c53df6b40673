//! The form and its fields: filled in, signed, or made another.

use std::collections::{HashMap, VecDeque};

use super::appearance;
use super::entries::{are_alike, first_entries, is_measure, repeats};
use super::picture::{Picture, is_plain_signature, of_field};
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Result, Same};
use super::snapshot::{Node, Snapshot};
use super::values::{MAX_LEVELS, is_empty, value_of};
use super::{Change, ChangeKind, Verdict, settings, words};
use crate::pdf::{Dict, Object, PdfFile, Value};

/// What filling in a field may change of it and of its widgets.
const FILLING: [&str; 8] = ["V", "AP", "AS", "RV", "I", "TI", "M", "DA"];
/// What signing an empty field may change of it.
const SIGNING: [&str; 16] =
    ["V", "AP", "AS", "F", "M", "MK", "P", "Type", "Subtype", "DA", "DR", "Ff", "NM", "H", "Lock", "Kids"];
/// What says where something hangs, and shows nothing.
const HARMLESS: [&str; 4] = ["M", "P", "NM", "StructParent"];

/// What part of a page a button may cover with what marks it.
const MARK: f64 = 0.005;

/// The form in the signed revision and now.
pub struct Forms<'a, 'b> {
    pub old: &'a Snapshot<'b>,
    pub new: &'a Snapshot<'b>,
    pub rules: &'a Rules,
    /// What part of each page the pictures of new signatures and of fields that were filled in cover.
    covered: HashMap<usize, f64>,
}

impl<'a, 'b> Forms<'a, 'b> {
    pub fn new(old: &'a Snapshot<'b>, new: &'a Snapshot<'b>, rules: &'a Rules) -> Forms<'a, 'b> {
        Forms { old, new, rules, covered: HashMap::new() }
    }

    /// Compares the form's settings and its fields.
    pub fn compare(&mut self, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        self.settings(same, report)?;
        let pairs = self.pairs(report);
        for (old, new) in &pairs {
            self.node(old, new, same, report)?;
        }
        for node in self.added() {
            self.judge_added(node, report)?;
        }
        Ok(())
    }

    /// Compares what is set for the whole form.
    pub fn settings(&self, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        settings::compare(self.old, self.new, same, report)
    }

    /// Returns the nodes that were there and are, and notes those that are gone.
    fn pairs(&self, report: &mut Report) -> Vec<(&'a Node, &'a Node)> {
        let mut pairs = Vec::new();
        let mut direct: HashMap<&str, VecDeque<&Node>> = HashMap::new();
        for node in self.new.nodes.iter().filter(|node| node.is_direct) {
            direct.entry(&node.name).or_default().push_back(node);
        }
        for old in &self.old.nodes {
            let new = if old.is_direct {
                direct.get_mut(&*old.name).and_then(VecDeque::pop_front)
            } else {
                self.new.node(old.object.id.number)
            };
            match new {
                Some(new) if new.name == old.name && new.kind == old.kind => pairs.push((old, new)),
                _ => report.note(self.about(
                    ChangeKind::FormField,
                    Verdict::NotPermitted,
                    old,
                    words::FIELD_GONE,
                )),
            }
        }
        pairs
    }

    fn added(&self) -> Vec<&'a Node> {
        let mut direct: HashMap<&str, usize> = HashMap::new();
        for node in self.old.nodes.iter().filter(|node| node.is_direct) {
            *direct.entry(&node.name).or_default() += 1;
        }
        let mut is_added = |node: &Node| {
            if !node.is_direct {
                return self.old.node(node.object.id.number).is_none();
            }
            // Of one name, as many are no news as there were.
            let left = direct.get_mut(&*node.name).filter(|left| **left > 0);
            left.map(|left| *left -= 1).is_none()
        };
        self.new.nodes.iter().filter(|node| is_added(node)).collect()
    }

    fn about(
        &self,
        kind: ChangeKind,
        verdict: Verdict,
        node: &Node,
        what: crate::protocol::Bilingual,
    ) -> Change {
        let page = self.new.page_of_node(node).or_else(|| self.old.page_of_node(node));
        Change::new(kind, verdict, what).of(Some(node.object.id.number)).on(page).in_field(&node.name)
    }

    /// Compares a field, or a widget of one, with what it was.
    pub fn node(&mut self, old: &Node, new: &Node, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        if same.is_untouched(old.object.id.number) && !old.is_direct && self.is_deeply_untouched(old, same)? {
            return Ok(());
        }
        if old.object.data.is_some() || new.object.data.is_some() {
            // No field is a stream: whoever lists one as a field wants it compared as one.
            report.note(self.about(ChangeKind::FormField, Verdict::NotPermitted, new, words::FIELD_GONE));
            return Ok(());
        }
        let mut keys = differing(&old.object, &new.object, Depth::Nodes, &[], same)?;
        keys.retain(|key| key != "Kids" || !self.keeps_kids(old, new));
        let within = |allowed: &[&str]| keys.iter().all(|key| allowed.contains(&key.as_str()));
        if within(&HARMLESS) {
            return Ok(());
        }
        if old.is_signature()
            && !self.old.signed.contains_key(&old.name)
            && self.new.signed.contains_key(&new.name)
        {
            if within(&SIGNING) {
                if keys.iter().any(|key| key == "AP") {
                    self.former_appearance(old, same, report)?;
                }
                self.judge_signed(new, true, report);
                return Ok(());
            }
        } else if !old.is_signature() && within(&FILLING) && self.is_filled(old, new, same)? {
            return self.judge_filled(old, new, &keys, same, report);
        }
        let appearance = keys.iter().any(|key| key == "AP" || key == "AS");
        let (kind, what) = if appearance && within(&["AP", "AS", "M", "MK", "P"]) {
            (ChangeKind::Appearance, words::APPEARANCE)
        } else {
            (ChangeKind::FormField, words::field(&keys))
        };
        report.note(self.about(kind, Verdict::NotPermitted, new, what));
        Ok(())
    }

    /// Says whether the value of a field was changed, or of the field that a widget belongs to.
    fn is_filled(&self, old: &Node, new: &Node, same: &mut Same<'_>) -> Result<bool> {
        let (Some(before), Some(now)) = (value_of(self.old, old), value_of(self.new, new)) else {
            return Ok(false);
        };
        Ok(same.entry(&before.object, &now.object, "V", Depth::Nodes)?.is_some())
    }

    /// Judges a field that was filled in, or a widget of one.
    fn judge_filled(
        &mut self,
        old: &Node,
        new: &Node,
        keys: &[String],
        same: &mut Same<'_>,
        report: &mut Report,
    ) -> Result<()> {
        let value =
            value_of(self.old, old).map_or(Ok(None), |holder| self.old.pdf.get(&holder.object, "V"))?;
        let was_empty = is_empty(value.as_ref());
        let mut verdict = self.rules.filling(&old.name, was_empty);
        let mut what =
            if self.rules.is_locked(&old.name) { words::FIELD_LOCKED } else { words::FIELD_FILLED };
        if self.is_read_only(old)? {
            (verdict, what) = (Verdict::NotPermitted, words::READ_ONLY);
        }
        let picture = of_field(self.new, new);
        self.cover(new, picture, words::COVERED_BY_FIELD, report);
        if keys.iter().any(|key| key == "AP" || key == "AS") && self.new.listed(new).is_some() {
            let drawn = appearance::compare((self.old, old), (self.new, new), same)?;
            // What marks a button is drawn, and small.
            let is_mark = new.kind.as_deref() == Some(b"Btn")
                && matches!(picture, Picture::Part(_, part) if part < MARK);
            let is_honest =
                drawn.is_some_and(|drawn| (drawn.keeps || !was_empty) && (drawn.is_text || is_mark));
            if !is_honest {
                report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, new, words::DRAWN_OVER));
            }
        }
        if keys.iter().any(|key| key == "AP") {
            self.former_appearance(old, same, report)?;
        }
        report.note(self.about(ChangeKind::FormValue, verdict, new, what));
        Ok(())
    }

    /// Says whether nobody may fill a field in: by its flags, its own or those of the fields above it.
    fn is_read_only(&self, node: &Node) -> Result<bool> {
        let pdf = self.old.pdf;
        let mut object = node.object.clone();
        for _ in 0..MAX_LEVELS {
            if let Some(flags) = pdf.get(&object, "Ff")? {
                return Ok(flags.item.value.integer().is_some_and(|flags| flags & 1 == 1));
            }
            match pdf.get(&object, "Parent")? {
                Some(parent) => object = parent,
                None => break,
            }
        }
        Ok(false)
    }

    /// Says whether nothing that a node refers to was changed either.
    fn is_deeply_untouched(&self, node: &Node, same: &mut Same<'_>) -> Result<bool> {
        let value = Value::Dict(node.object.dict().cloned().unwrap_or_default());
        Ok(same.values(&value, &value, Depth::Nodes)?.is_none())
    }

    /// Looks whether an appearance that was exchanged was part of something else too: then it is no field's alone, and
    /// who exchanges it may mean the other.
    fn former_appearance(&self, old: &Node, same: &Same<'_>, report: &mut Report) -> Result<()> {
        let mut numbers = Vec::new();
        numbers.extend(old.object.dict().and_then(|dict| dict.get("AP")?.value.reference()));
        if let Some(appearance) = self.old.pdf.get(&old.object, "AP")? {
            let entries = appearance.dict().map(|dict| dict.0.as_slice()).unwrap_or_default();
            numbers.extend(entries.iter().filter_map(|(_, item)| item.value.reference()));
        }
        if numbers.iter().any(|id| same.was_elsewhere(id.number)) {
            report.note(self.about(
                ChangeKind::Appearance,
                Verdict::Undecided,
                old,
                words::SHARED_APPEARANCE,
            ));
        }
        Ok(())
    }

    /// Notes what a field covers of its page. All of them together may hide a page as one may.
    fn cover(
        &mut self,
        node: &Node,
        picture: Picture,
        what: crate::protocol::Bilingual,
        report: &mut Report,
    ) {
        let what = match picture {
            Picture::None => return,
            Picture::Unknown => words::UNMEASURED,
            Picture::Part(page, part) => {
                let covered = self.covered.entry(page).or_default();
                *covered += part;
                if *covered < 0.5 {
                    return;
                }
                what
            }
        };
        report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, node, what));
    }

    /// Notes what a new signature shows.
    fn picture(&mut self, node: &Node, is_time_stamp: bool, report: &mut Report) {
        let picture = of_field(self.new, node);
        if is_time_stamp && matches!(picture, Picture::Part(..)) {
            // Who made it is nobody's signer, and need not be trusted.
            report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, node, words::SHOWN_STAMP));
        }
        self.cover(node, picture, words::COVERS, report);
    }

    /// Says whether a field still has its kids in their order, and only new ones beside them.
    fn keeps_kids(&self, old: &Node, new: &Node) -> bool {
        let kids = |pdf: &PdfFile, node: &Node| {
            let kids = pdf.get(&node.object, "Kids").ok().flatten();
            let numbers = kids.as_ref().and_then(|kids| {
                kids.item.value.array()?.iter().map(|kid| kid.value.reference()).collect::<Option<Vec<_>>>()
            });
            numbers.unwrap_or_default()
        };
        let before = kids(self.old.pdf, old);
        let mut now = kids(self.new.pdf, new).into_iter();
        before.iter().all(|kid| now.any(|other| other == *kid))
    }

    /// Judges a field that was not there, or a widget of one.
    pub fn judge_added(&mut self, node: &Node, report: &mut Report) -> Result<()> {
        let dict = node.object.dict().cloned().unwrap_or_default();
        let is_branch = dict.get("Kids").is_some()
            && dict.get("Subtype").is_none()
            && dict.get("V").is_none()
            && self.new.listed(node).is_none();
        let acts = dict.get("A").is_some() || dict.get("AA").is_some() || repeats(&dict);
        if is_branch && !acts && (node.kind.is_none() || node.is_signature()) {
            return Ok(());
        }
        if !node.is_signature() || acts || !self.new.signed.contains_key(&node.name) {
            let change = self.about(ChangeKind::FormField, Verdict::NotPermitted, node, words::FIELD_ADDED);
            report.note(change);
            return Ok(());
        }
        let was_there = self.old.names.contains(&node.name);
        if self.old.signed.contains_key(&node.name) {
            // A second widget of what was signed already.
            report.note(self.about(ChangeKind::FormField, Verdict::NotPermitted, node, words::FIELD_ADDED));
            return Ok(());
        }
        if !is_plain_signature(self.new, node) {
            self.cover(node, Picture::Unknown, words::COVERS, report);
        }
        self.judge_signed(node, was_there, report);
        Ok(())
    }

    /// Judges a signature that was not there.
    fn judge_signed(&mut self, node: &Node, was_there: bool, report: &mut Report) {
        let is_time_stamp = is_time_stamp(self.new, &node.name);
        let mut verdict = self.rules.signing(node, is_time_stamp, was_there);
        if self.new.signed.get(&node.name).is_some_and(|signature| stands_behind(self.new.pdf, signature)) {
            // It was exchanged after it was made, or copied from elsewhere.
            verdict = Verdict::NotPermitted;
        }
        self.picture(node, is_time_stamp, report);
        let kind = if is_time_stamp { ChangeKind::TimeStamp } else { ChangeKind::Signature };
        let what = match (verdict, is_time_stamp) {
            (Verdict::Permitted, true) => words::TIME_STAMP,
            (Verdict::Permitted, false) => words::SIGNED,
            _ => words::SIGNED_AGAINST,
        };
        report.note(self.about(kind, verdict, node, what));
    }
}

/// Returns the keys whose values are not the same in two dictionaries.
pub fn differing(
    old: &Object,
    new: &Object,
    depth: Depth,
    without: &[&str],
    same: &mut Same<'_>,
) -> Result<Vec<String>> {
    same.step(old.item.span.len() + new.item.span.len())?;
    let nothing = Dict::default();
    let (old, new) = (old.dict().unwrap_or(&nothing), new.dict().unwrap_or(&nothing));
    let (olds, news) = (first_entries(old), first_entries(new));
    let mut keys: Vec<&[u8]> = olds.keys().chain(news.keys()).copied().collect();
    keys.sort_unstable();
    keys.dedup();
    let mut differing = Vec::new();
    for key in keys {
        if without.iter().any(|name| name.as_bytes() == key) {
            continue;
        }
        let (before, now) = (olds.get(key).copied(), news.get(key).copied());
        let (before, now) = (before.unwrap_or(&Value::Null), now.unwrap_or(&Value::Null));
        if is_measure(key) && are_alike(before, now) {
            continue;
        }
        if same.keyed(key, before, now, depth)?.is_some() {
            differing.push(String::from_utf8_lossy(key).into_owned());
        }
    }
    if repeats(old) || repeats(new) {
        if texts(old) == texts(new) {
            same.doubt(words::REPEATED, None);
        } else {
            differing.push(words::TWICE.to_owned());
        }
    }
    Ok(differing)
}

/// Returns the entries of a dictionary, wherever they stand.
fn texts(dict: &Dict) -> Vec<(&[u8], &Value)> {
    dict.0.iter().map(|(key, item)| (key.as_slice(), &item.value)).collect()
}

/// Says whether a signature stands behind the bytes that it covers, where none can.
fn stands_behind(pdf: &PdfFile, signature: &Object) -> bool {
    let range = pdf.get(signature, "ByteRange").ok().flatten();
    let end = range.as_ref().and_then(|range| match range.item.value.array() {
        Some([_, _, start, length]) => start.value.index()?.checked_add(length.value.index()?),
        _ => None,
    });
    end.zip(signature.place()).is_some_and(|(end, place)| place.start >= end)
}

fn is_time_stamp(snapshot: &Snapshot<'_>, name: &str) -> bool {
    let kind = snapshot.signed.get(name).and_then(|signature| signature.dict()?.get("SubFilter"));
    kind.is_some_and(|item| item.value.name() == Some(b"ETSI.RFC3161"))
}
