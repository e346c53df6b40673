//! The settings of the form, which its fields use: fonts, and how values are shown.

use std::collections::HashSet;

use super::appearance::{names, words};
use super::form::differing;
use super::report::Report;
use super::same::{Depth, Result, Same};
use super::snapshot::{Node, Snapshot};
use super::values::{MAX_LEVELS, is_empty, value_of};
use super::{Change, ChangeKind, Verdict, words as say};
use crate::pdf::{Dict, Item, Object, PdfFile, Value};

/// Compares the settings of the form. One that was not there had none.
pub fn compare(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    let form = |snapshot: &Snapshot<'_>| snapshot.pdf.get(&snapshot.catalog, "AcroForm");
    let Some(now) = form(new)? else { return Ok(()) };
    let nothing = Item { value: Value::Dict(Dict::default()), span: 0..0 };
    let before = form(old)?.unwrap_or_else(|| now.part(&nothing));
    // What is set for fields to fill in matters to nobody where there were none.
    let is_bare = !same.is_continued() && old.nodes.iter().all(Node::is_signature);
    let unset =
        |pdf: &PdfFile, form: &Object| -> Result<bool> { Ok(is_empty(pdf.get(form, "CO")?.as_ref())) };
    let shows_values = is_true(&before, "NeedAppearances") || is_true(&now, "NeedAppearances");
    for key in differing(&before, &now, Depth::Nodes, &[], same)? {
        let verdict = match key.as_str() {
            "Fields" | "SigFlags" | "Type" => continue,
            "CO" if unset(old.pdf, &before)? && unset(new.pdf, &now)? => continue,
            "XFA" | "CO" => Verdict::NotPermitted,
            key if is_bare && key != "NeedAppearances" => continue,
            // A signer who makes an appearance needs fonts for it; a name that fields use already would change these.
            "DR" if only_adds(&before, &now, same)? => {
                if !uses(old, &before, &added(old.pdf, &before, new.pdf, &now)?)? {
                    continue;
                }
                Verdict::Undecided
            }
            "DA" if before.dict().is_none_or(|dict| dict.get("DA").is_none()) => {
                if !lacks_appearance(old, shows_values)? {
                    continue;
                }
                Verdict::Undecided
            }
            // Without it or with it, programs show the values or the appearances.
            "NeedAppearances" if !shows_values => continue,
            "NeedAppearances" => Verdict::Undecided,
            _ => Verdict::NotPermitted,
        };
        report.note(Change::new(ChangeKind::Form, verdict, say::form(&key)).of(Some(now.id.number)));
    }
    Ok(())
}

/// Says whether the form's resources have all that they had.
fn only_adds(old: &Object, new: &Object, same: &mut Same<'_>) -> Result<bool> {
    let (Some(old), Some(new)) = (same.old.get(old, "DR")?, same.new.get(new, "DR")?) else {
        return Ok(same.old.get(old, "DR")?.is_none());
    };
    for key in differing(&old, &new, Depth::All, &[], same)? {
        // A field's default appearance names fonts, but never draws what stands here.
        if matches!(key.as_str(), "XObject" | "ProcSet") {
            continue;
        }
        let Some(before) = same.old.get(&old, &key)? else { continue };
        let Some(now) = same.new.get(&new, &key)? else { return Ok(false) };
        for name in differing(&before, &now, Depth::All, &[], same)? {
            if before.dict().is_none_or(|dict| dict.get(&name).is_some()) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

/// Returns the names, with their stroke, that the form's resources did not have.
fn added(old: &PdfFile, before: &Object, new: &PdfFile, now: &Object) -> Result<HashSet<Vec<u8>>> {
    let mut names = HashSet::new();
    let (before, now) = (old.get(before, "DR")?, new.get(now, "DR")?);
    let categories = now.as_ref().and_then(Object::dict).map(|dict| dict.0.as_slice()).unwrap_or_default();
    for (key, item) in categories {
        let key = String::from_utf8_lossy(key);
        let had = before.as_ref().map_or(Ok(None), |before| old.get(before, &key))?;
        let has = now.as_ref().map_or(Ok(None), |now| new.follow(now, item))?;
        for (name, _) in has.as_ref().and_then(Object::dict).map(|dict| dict.0.as_slice()).unwrap_or_default()
        {
            let is_old = |dict: &crate::pdf::Dict| dict.0.iter().any(|(old, _)| old == name);
            if !had.as_ref().and_then(Object::dict).is_some_and(is_old) {
                names.insert([b"/", name.as_slice()].concat());
            }
        }
    }
    Ok(names)
}

/// Says whether a field of the signed revision names one of these, so that it shows something else with them.
fn uses(old: &Snapshot<'_>, form: &Object, added: &HashSet<Vec<u8>>) -> Result<bool> {
    if added.is_empty() {
        return Ok(false);
    }
    // A name with `#` in it may be written in several ways.
    let is_added = |name: &[u8]| added.contains(name) || (name.starts_with(b"/") && name.contains(&b'#'));
    let holders = std::iter::once(form).chain(old.nodes.iter().map(|node| &node.object));
    for holder in holders {
        let appearance = old.pdf.get(holder, "DA")?;
        let text = appearance.as_ref().and_then(|it| it.item.value.string()).unwrap_or_default();
        if words(text).into_iter().any(is_added) {
            return Ok(true);
        }
    }
    for node in old.nodes.iter().filter(|node| shows_text(node)) {
        if names(old.pdf, &node.object)?.is_none_or(|names| names.iter().any(|name| is_added(name))) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says whether programs make the appearance of a field with a value by the form's default.
fn lacks_appearance(old: &Snapshot<'_>, shows_values: bool) -> Result<bool> {
    for node in old.nodes.iter().filter(|node| shows_text(node) && old.listed(node).is_some()) {
        let dict = node.object.dict();
        let has_picture = dict.is_some_and(|dict| dict.get("AP").is_some()) && !shows_values;
        if has_picture || has_default(old, node) {
            continue;
        }
        let Some(holder) = value_of(old, node) else { return Ok(true) };
        if !is_empty(old.pdf.get(&holder.object, "V")?.as_ref()) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Says whether a field has a default appearance that is not the form's.
fn has_default(snapshot: &Snapshot<'_>, node: &Node) -> bool {
    let mut next = Some(node);
    for _ in 0..MAX_LEVELS {
        let Some(node) = next else { return false };
        if node.object.dict().is_some_and(|dict| dict.get("DA").is_some()) {
            return true;
        }
        next = snapshot.above(node);
    }
    false
}

fn shows_text(node: &Node) -> bool {
    matches!(node.kind.as_deref(), Some(b"Tx" | b"Ch" | b"Btn"))
}

fn is_true(object: &Object, key: &str) -> bool {
    object.dict().and_then(|dict| dict.get(key)).is_some_and(|item| item.value == Value::Bool(true))
}
