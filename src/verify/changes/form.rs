//! The form and its fields: filled in, signed, or made another.

use std::collections::{HashMap, HashSet, VecDeque};
use std::sync::Arc;

use super::entries::{are_alike, first_entries, is_measure, repeats};
use super::picture::part_of_page;
use super::report::Report;
use super::rules::Rules;
use super::same::{Depth, Result, Same};
use super::snapshot::{Node, Snapshot};
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::{Dict, Item, Object, PdfFile, Value};

/// What filling in a field may change of it and of its widgets.
const FILLING: [&str; 8] = ["V", "AP", "AS", "RV", "I", "TI", "M", "DA"];
/// What signing an empty field may change of it.
const SIGNING: [&str; 16] =
    ["V", "AP", "AS", "F", "M", "MK", "P", "Type", "Subtype", "DA", "DR", "Ff", "NM", "H", "Lock", "Kids"];
/// What says where something hangs, and shows nothing.
const HARMLESS: [&str; 4] = ["M", "P", "NM", "StructParent"];

/// Most levels of fields above a field that are looked at.
const MAX_LEVELS: usize = 64;

/// The form in the signed revision and now.
pub struct Forms<'a, 'b> {
    pub old: &'a Snapshot<'b>,
    pub new: &'a Snapshot<'b>,
    pub rules: &'a Rules,
    /// The names of fields whose value was changed.
    filled: HashSet<Arc<str>>,
    /// What part of each page the pictures of new signatures cover.
    covered: HashMap<usize, f64>,
}

impl<'a, 'b> Forms<'a, 'b> {
    pub fn new(old: &'a Snapshot<'b>, new: &'a Snapshot<'b>, rules: &'a Rules) -> Forms<'a, 'b> {
        Forms { old, new, rules, filled: HashSet::new(), covered: HashMap::new() }
    }

    /// Compares the form's settings and its fields.
    pub fn compare(&mut self, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        self.settings(same, report)?;
        let pairs = self.pairs(report);
        for (old, new) in &pairs {
            if same.entry(&old.object, &new.object, "V", Depth::Nodes)?.is_some() {
                self.filled.insert(Arc::clone(&old.name));
            }
        }
        for (old, new) in &pairs {
            self.node(old, new, same, report)?;
        }
        for node in self.added().collect::<Vec<_>>() {
            self.judge_added(node, report)?;
        }
        Ok(())
    }

    /// Compares what is set for the whole form. One that was not there had no settings.
    pub fn settings(&self, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        let old = self.old.pdf.get(&self.old.catalog, "AcroForm")?;
        let Some(new) = self.new.pdf.get(&self.new.catalog, "AcroForm")? else { return Ok(()) };
        let nothing = Item { value: Value::Dict(Dict::default()), span: 0..0 };
        let old = old.unwrap_or_else(|| new.part(&nothing));
        let old_entry = |key: &str| self.old.pdf.get(&old, key);
        let new_entry = |key: &str| self.new.pdf.get(&new, key);
        // What is set for fields to fill in matters to nobody where there were none.
        let is_bare = !same.is_continued() && self.old.nodes.iter().all(Node::is_signature);
        for key in differing(&old, &new, Depth::Nodes, &[], same)? {
            let verdict = match key.as_str() {
                "Fields" | "SigFlags" | "Type" => continue,
                "CO" if is_empty(new_entry(&key)?.as_ref()) && is_empty(old_entry(&key)?.as_ref()) => {
                    continue;
                }
                "XFA" | "CO" => Verdict::NotPermitted,
                key if is_bare && key != "NeedAppearances" => continue,
                // A signer who makes an appearance needs fonts for it.
                "DR" if only_adds(&old, &new, same)? => continue,
                "DA" if old.dict().is_none_or(|dict| dict.get("DA").is_none()) => continue,
                // Without it or with it, programs show the values or the appearances.
                "NeedAppearances" if !is_true(&old, &key) && !is_true(&new, &key) => continue,
                "NeedAppearances" => Verdict::Undecided,
                _ => Verdict::NotPermitted,
            };
            report.note(Change::new(ChangeKind::Form, verdict, words::form(&key)).of(Some(new.id.number)));
        }
        Ok(())
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

    fn added(&self) -> impl Iterator<Item = &'a Node> + use<'a, 'b> {
        let (old, new) = (self.old, self.new);
        let direct: HashSet<Arc<str>> =
            old.nodes.iter().filter(|node| node.is_direct).map(|node| Arc::clone(&node.name)).collect();
        new.nodes.iter().filter(move |node| {
            if node.is_direct {
                !direct.contains(&node.name)
            } else {
                old.node(node.object.id.number).is_none()
            }
        })
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
        let value = self.old.pdf.get(&old.object, "V")?;
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
        } else if self.filled.contains(&old.name) && !old.is_signature() && within(&FILLING) {
            let mut verdict = self.rules.filling(&old.name, is_empty(value.as_ref()));
            let mut what =
                if self.rules.is_locked(&old.name) { words::FIELD_LOCKED } else { words::FIELD_FILLED };
            if self.is_read_only(old)? {
                (verdict, what) = (Verdict::NotPermitted, words::READ_ONLY);
            }
            if self.covers_page(new) {
                let words = words::COVERED_BY_FIELD;
                report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, new, words));
            }
            if keys.iter().any(|key| key == "AP") {
                self.former_appearance(old, same, report)?;
            }
            report.note(self.about(ChangeKind::FormValue, verdict, new, what));
            return Ok(());
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

    /// Says whether a widget has a picture over half of its page or more.
    fn covers_page(&self, node: &Node) -> bool {
        part_of_page(self.new, node).is_some_and(|(_, part)| part >= 0.5)
    }

    /// Notes a picture of a new signature. All of them together may hide a page as one may.
    fn picture(&mut self, node: &Node, is_time_stamp: bool, report: &mut Report) {
        let Some((page, part)) = part_of_page(self.new, node) else { return };
        if is_time_stamp {
            // Who made it is nobody's signer, and need not be trusted.
            report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, node, words::SHOWN_STAMP));
        }
        let covered = self.covered.entry(page).or_default();
        *covered += part;
        if *covered >= 0.5 {
            report.note(self.about(ChangeKind::Appearance, Verdict::Undecided, node, words::COVERS));
        }
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
        let is_branch =
            dict.get("Kids").is_some() && dict.get("Subtype").is_none() && dict.get("V").is_none();
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
        if same.values(before, now, depth)?.is_some() {
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

/// Says whether the form's resources have all that they had.
fn only_adds(old: &Object, new: &Object, same: &mut Same<'_>) -> Result<bool> {
    let (Some(old), Some(new)) = (same.old.get(old, "DR")?, same.new.get(new, "DR")?) else {
        return Ok(same.old.get(old, "DR")?.is_none());
    };
    for key in differing(&old, &new, Depth::Nodes, &[], same)? {
        // A field's default appearance names fonts, but never draws what stands here.
        if matches!(key.as_str(), "XObject" | "ProcSet") {
            continue;
        }
        let Some(before) = same.old.get(&old, &key)? else { continue };
        let Some(now) = same.new.get(&new, &key)? else { return Ok(false) };
        for name in differing(&before, &now, Depth::Nodes, &[], same)? {
            if before.dict().is_none_or(|dict| dict.get(&name).is_some()) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn is_true(object: &Object, key: &str) -> bool {
    object.dict().and_then(|dict| dict.get(key)).is_some_and(|item| item.value == Value::Bool(true))
}

/// Says whether a value is none that people would see.
fn is_empty(value: Option<&Object>) -> bool {
    value.is_none_or(|value| match &value.item.value {
        Value::String(bytes) => bytes.is_empty() || bytes == b"\xfe\xff",
        Value::Name(name) => name.is_empty() || name == b"Off",
        Value::Array(items) => items.is_empty(),
        _ => false,
    })
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
