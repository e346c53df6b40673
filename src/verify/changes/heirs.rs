//! What fields hand down to those below them: whoever changes it changes what others show.

use std::collections::HashMap;
use std::sync::Arc;

use super::report::Report;
use super::same::{Result, Same};
use super::snapshot::{Node, Snapshot};
use super::values::MAX_LEVELS;
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::Object;

/// What filling in or signing a field may change of it that the fields below it inherit.
const HANDED_DOWN: [&str; 3] = ["DA", "DR", "Ff"];

/// The fields that hand down something else than before.
#[derive(Debug, Default)]
pub struct Changed(HashMap<u32, Arc<str>>);

impl Changed {
    /// Notes a field of which these entries were changed.
    pub fn note(&mut self, node: &Node, keys: &[String]) {
        if keys.iter().any(|key| HANDED_DOWN.contains(&key.as_str())) {
            self.0.insert(node.object.id.number, Arc::clone(&node.name));
        }
    }

    /// Notes each field and widget that inherits from one of them, by the form or by what it says itself, and is not one of
    /// that field's own widgets.
    pub fn judge(&self, new: &Snapshot<'_>, same: &mut Same<'_>, report: &mut Report) -> Result<()> {
        if self.0.is_empty() {
            return Ok(());
        }
        for node in &new.nodes {
            let number = (!node.is_direct).then_some(node.object.id.number);
            self.judge_one(new, (number, Some(&node.name)), node.object.clone(), same, report)?;
        }
        let mut others: Vec<u32> = new.listed.keys().copied().collect();
        others.retain(|number| new.node(*number).is_none());
        others.sort_unstable();
        for number in others {
            if let Some(widget) = new.pdf.load(number)? {
                self.judge_one(new, (Some(number), None), widget, same, report)?;
            }
        }
        Ok(())
    }

    fn judge_one(
        &self,
        new: &Snapshot<'_>,
        (number, name): (Option<u32>, Option<&Arc<str>>),
        mut object: Object,
        same: &mut Same<'_>,
        report: &mut Report,
    ) -> Result<()> {
        for _ in 0..MAX_LEVELS {
            same.step(object.item.span.len())?;
            let Some(parent) = new.pdf.get(&object, "Parent")? else { return Ok(()) };
            if self.0.get(&parent.id.number).is_some_and(|field| Some(field) != name) {
                let change = Change::new(ChangeKind::FormField, Verdict::Undecided, words::HANDED_DOWN);
                report.note(change.of(number));
                return Ok(());
            }
            object = parent;
        }
        Ok(())
    }
}
