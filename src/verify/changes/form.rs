//! The form and its fields: filled in, signed, or made another.

use std::collections::{HashMap, HashSet, VecDeque};

use super::entries::{are_alike, first_entries, is_measure, repeats};
use super::filled::Filled;
use super::picture::{Cover, Covered, Picture, is_plain_signature, of_field};
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Result, Same};
use super::snapshot::{Listed, Node, Snapshot};
use super::{Change, ChangeKind, Verdict, heirs, is_time_stamp, settings, words};
use crate::pdf::{Dict, Object, PdfFile, Value};
use crate::protocol::Bilingual;

/// What filling in a field may change of it and of its widgets.
const FILLING: [&str; 8] = ["V", "AP", "AS", "RV", "I", "TI", "M", "DA"];
/// What signing an empty field may change of it.
const SIGNING: [&str; 16] =
    ["V", "AP", "AS", "F", "M", "MK", "P", "Type", "Subtype", "DA", "DR", "Ff", "NM", "H", "Lock", "Kids"];
/// What says where something hangs, and shows nothing.
const HARMLESS: [&str; 4] = ["M", "P", "NM", "StructParent"];

/// The form in the signed revision and now.
pub struct Forms<'a, 'b> {
    pub old: &'a Snapshot<'b>,
    pub new: &'a Snapshot<'b>,
    pub rules: &'a Rules,
    /// What covers the pages so far.
    pub(super) covered: &'a mut Covered,
    pub(super) filled: Filled,
    handed_down: heirs::Changed,
    /// The widgets that were measured, by their numbers.
    pub(super) measured: HashSet<u32>,
}

impl<'a, 'b> Forms<'a, 'b> {
    pub fn new(
        old: &'a Snapshot<'b>,
        new: &'a Snapshot<'b>,
        rules: &'a Rules,
        covered: &'a mut Covered,
    ) -> Forms<'a, 'b> {
        let (filled, handed_down, measured) = Default::default();
        Forms { old, new, rules, covered, filled, handed_down, measured }
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
        self.handed_down.judge(self.new, same, report)?;
        self.widgets(same, report)
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

    pub(super) fn about(&self, kind: ChangeKind, verdict: Verdict, node: &Node, what: Bilingual) -> Change {
        let page = self.new.page_of_node(node).or_else(|| self.old.page_of_node(node));
        Change::new(kind, verdict, what).of(Some(node.object.id.number)).on(page).in_field(&node.name)
    }

    /// Compares a field, or a widget of one, with what it was.
    pub fn node(&mut self, old: &Node, new: &Node, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        if same.is_untouched(old.object.id.number) && !old.is_direct && self.is_deeply_untouched(old, same)? {
            self.listed_since(old, new, report);
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
            self.listed_since(old, new, report);
            return Ok(());
        }
        if self.is_signed_since(old, new) {
            if within(&SIGNING) {
                self.handed_down.note(new, &keys);
                if keys.iter().any(|key| key == "AP") {
                    self.former_appearance(old, same, report)?;
                }
                self.judge_signed(new, true, report);
                return Ok(());
            }
        } else if !old.is_signature() && within(&FILLING) && self.is_filled(old, new, same)? {
            self.handed_down.note(new, &keys);
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

    fn is_signed_since(&self, old: &Node, new: &Node) -> bool {
        old.is_signature()
            && !self.old.signed.contains_key(&old.name)
            && self.new.signed.contains_key(&new.name)
    }

    /// Judges a widget of a new signature that is as it was, but listed where it was not: it may have been laid ready.
    fn listed_since(&mut self, old: &Node, new: &Node, report: &mut Report) {
        let place = |listed: Option<&Listed>| listed.map(|listed| (listed.page, listed.again));
        if self.is_signed_since(old, new) && place(self.old.listed(old)) != place(self.new.listed(new)) {
            if !is_plain_signature(self.new, new) {
                self.cover(new, Picture::Unknown, words::COVERS, report);
            }
            self.judge_signed(new, true, report);
        }
    }

    /// Says whether nothing that a node refers to was changed either.
    fn is_deeply_untouched(&self, node: &Node, same: &mut Same<'_>) -> Result<bool> {
        let value = Value::Dict(node.object.dict().cloned().unwrap_or_default());
        Ok(same.values(&value, &value, Depth::Nodes)?.is_none())
    }

    /// Notes what a field covers of its page.
    pub(super) fn cover(&mut self, node: &Node, picture: Picture, what: Bilingual, report: &mut Report) {
        let what = match self.covered.add(picture) {
            Cover::Little => return,
            Cover::Most => what,
            Cover::Unknown => words::UNMEASURED,
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
        let signature = self.new.signed.get(&node.name);
        let is_time_stamp = signature.is_some_and(|signature| is_time_stamp(self.new.pdf, signature));
        let mut verdict = self.rules.signing(node, is_time_stamp, was_there);
        if signature.is_some_and(|signature| stands_behind(self.new.pdf, signature)) {
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
