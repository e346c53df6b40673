//! Fields that were filled in: what may be, and what their widgets show of it.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::appearance;
use super::form::Forms;
use super::picture::{Cover, Picture, of_field, of_widget};
use super::report::Report;
use super::same::{Depth, Result, Same};
use super::snapshot::Node;
use super::values::{MAX_LEVELS, is_empty, value_of};
use super::{Change, ChangeKind, Verdict, annotations, words};
use crate::pdf::Object;

/// What part of a page a button may cover with what marks it.
const MARK: f64 = 0.005;

/// The fields whose values were changed.
#[derive(Debug, Default)]
pub struct Filled {
    numbers: HashSet<u32>,
    names: HashSet<Arc<str>>,
}

impl Filled {
    fn note(&mut self, node: &Node) {
        if !node.is_direct {
            self.numbers.insert(node.object.id.number);
        }
        self.names.insert(Arc::clone(&node.name));
    }

    /// Says whether one of them has this name, or is above what has it.
    fn is_above(&self, name: &str) -> bool {
        let mut ends = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        ends.any(|end| name.get(..end).is_some_and(|name| self.names.contains(name)))
    }
}

impl Forms<'_, '_> {
    /// Says whether the value of a field was changed, or of the field that a widget belongs to.
    pub(super) fn is_filled(&self, old: &Node, new: &Node, same: &mut Same<'_>) -> Result<bool> {
        let (Some(before), Some(now)) = (value_of(self.old, old), value_of(self.new, new)) else {
            return Ok(false);
        };
        Ok(same.entry(&before.object, &now.object, "V", Depth::Nodes)?.is_some())
    }

    /// Judges a field that was filled in, or a widget of one.
    pub(super) fn judge_filled(
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
        let mut what = match verdict {
            Verdict::Undecided => words::LOCK_UNKNOWN,
            _ if self.rules.is_locked(&old.name) => words::FIELD_LOCKED,
            _ => words::FIELD_FILLED,
        };
        if self.is_read_only(old)? {
            (verdict, what) = (Verdict::NotPermitted, words::READ_ONLY);
        }
        if keys.iter().any(|key| key == "V") {
            self.filled.note(new);
        }
        let picture = of_field(self.new, new);
        if !new.is_direct {
            self.measured.insert(new.object.id.number);
        }
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

    /// Looks whether an appearance that was exchanged was part of something else too: then it is no field's alone, and
    /// who exchanges it may mean the other.
    pub(super) fn former_appearance(&self, old: &Node, same: &Same<'_>, report: &mut Report) -> Result<()> {
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

    /// Measures the widgets of fields that were filled in, which show a value though they were not changed: those among a
    /// field's kids, and those that name it by their `/Parent` alone.
    pub(super) fn widgets(&mut self, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        if self.filled.numbers.is_empty() && self.filled.names.is_empty() {
            return Ok(());
        }
        let new = self.new;
        let mut known = HashMap::new();
        for (index, page) in new.pages.iter().enumerate() {
            same.step(page.object.item.span.len())?;
            for (value, direct) in annotations::list(new.pdf, page)? {
                let widget = value.reference().map_or(Ok(direct), |id| new.pdf.object(id))?;
                let number = value.reference().and(widget.as_ref()).map(|widget| widget.id.number);
                if let Some(widget) = widget
                    && self.shows_filled(number, &widget, &mut known, same)?
                {
                    self.widget(Some(index + 1), number, &widget, report);
                }
            }
        }
        let mut elsewhere: Vec<u32> = new.listed.keys().copied().collect();
        elsewhere.retain(|number| new.listed.get(number).is_some_and(|listed| listed.page == 0));
        elsewhere.sort_unstable();
        for number in elsewhere {
            if let Some(widget) = new.pdf.load(number)?
                && self.shows_filled(Some(number), &widget, &mut known, same)?
            {
                self.widget(None, Some(number), &widget, report);
            }
        }
        Ok(())
    }

    /// Measures a widget, once.
    fn widget(&mut self, page: Option<usize>, number: Option<u32>, widget: &Object, report: &mut Report) {
        if number.is_some_and(|number| !self.measured.insert(number)) {
            return;
        }
        let is_again = number.and_then(|number| self.new.listed.get(&number)).is_some_and(|it| it.again);
        let picture = match page {
            Some(page) if !is_again => of_widget(self.new, page, widget),
            _ => Picture::Unknown,
        };
        let what = match self.covered.add(picture) {
            Cover::Little => return,
            Cover::Most => words::COVERED_BY_FIELD,
            Cover::Unknown => words::UNMEASURED,
        };
        report.note(Change::new(ChangeKind::Appearance, Verdict::Undecided, what).of(number).on(page));
    }

    /// Says whether a widget shows the value of a field that was filled in: its own or that of one above it, by the form
    /// or by what it says itself.
    fn shows_filled(
        &self,
        number: Option<u32>,
        widget: &Object,
        known: &mut HashMap<u32, bool>,
        same: &mut Same<'_>,
    ) -> Result<bool> {
        let new = self.new;
        let kind = new.pdf.get(widget, "Subtype")?;
        if kind.is_none_or(|kind| kind.item.value.name() != Some(b"Widget")) {
            return Ok(false);
        }
        let node = number.and_then(|number| new.node(number));
        if node.is_some_and(|node| self.filled.is_above(&node.name)) {
            return Ok(true);
        }
        let (mut object, mut number) = (widget.clone(), number);
        let mut passed = Vec::new();
        // Nobody knows what hangs below more fields than that.
        let mut answer = true;
        for _ in 0..MAX_LEVELS {
            same.step(object.item.span.len())?;
            if let Some(found) = number.and_then(|number| known.get(&number).copied()) {
                answer = found;
                break;
            }
            if number.is_some_and(|number| self.filled.numbers.contains(&number)) {
                break;
            }
            passed.extend(number);
            let Some(parent) = new.pdf.get(&object, "Parent")? else {
                answer = false;
                break;
            };
            let is_apart = object.dict().is_some_and(|dict| {
                dict.get("Parent").is_some_and(|parent| parent.value.reference().is_some())
            });
            number = is_apart.then_some(parent.id.number);
            object = parent;
        }
        known.extend(passed.into_iter().map(|number| (number, answer)));
        Ok(answer)
    }
}
