//! Whether two values are the same, entry by entry, stream by stream.

use super::entries::{are_alike, first_entries, is_measure, repeats};
use super::same::{Result, Same};
use super::via::Queue;
use super::words;
use crate::pdf::{Dict, Object, PdfErrorKind, Value};

impl Same<'_> {
    /// Notes what an object refers to that is the same in both files.
    pub(super) fn references(&mut self, value: &Value, queue: &mut Queue) -> Result<()> {
        self.step(1)?;
        match value {
            Value::Reference(id) => queue.push((id.number, id.number)),
            Value::Array(items) => items.iter().try_for_each(|item| self.references(&item.value, queue))?,
            Value::Dict(dict) => {
                if repeats(dict) {
                    self.doubt(words::REPEATED, None);
                }
                for (key, item) in &dict.0 {
                    let before = queue.down(key);
                    self.references(&item.value, queue)?;
                    queue.up(before);
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// Compares two values; what they refer to is left to the queue.
    pub(super) fn value(&mut self, old: &Value, new: &Value, queue: &mut Queue) -> Result<bool> {
        self.step(1)?;
        if !self.are_found_alike(old, new)? {
            return Ok(false);
        }
        match (old, new) {
            (Value::Reference(old), Value::Reference(new)) => {
                // Readers do not find an object by another generation.
                if self.is_continued() && old.generation != new.generation {
                    return Ok(false);
                }
                queue.push((old.number, new.number));
                Ok(true)
            }
            (Value::Reference(id), new) => match self.old.object(*id)? {
                None => Ok(*new == Value::Null),
                Some(object) if object.data.is_some() => Ok(false),
                Some(object) => self.value(&object.item.value, new, queue),
            },
            (old, Value::Reference(id)) => match self.new.object(*id)? {
                None => {
                    self.dangling(id.number)?;
                    Ok(*old == Value::Null)
                }
                Some(object) if object.data.is_some() => Ok(false),
                Some(object) => self.value(old, &object.item.value, queue),
            },
            (Value::Array(old), Value::Array(new)) => {
                if old.len() != new.len() {
                    return Ok(false);
                }
                for (old, new) in old.iter().zip(new) {
                    if !self.value(&old.value, &new.value, queue)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            (Value::Dict(old), Value::Dict(new)) => self.dicts(old, new, &[], queue),
            (old, new) => Ok(old == new),
        }
    }

    /// Compares two dictionaries but for some of their entries.
    pub(super) fn dicts(
        &mut self,
        old: &Dict,
        new: &Dict,
        without: &[&[u8]],
        queue: &mut Queue,
    ) -> Result<bool> {
        self.step(old.0.len() + new.0.len())?;
        let (olds, news) = (first_entries(old), first_entries(new));
        if olds.len() != old.0.len() || news.len() != new.0.len() {
            self.doubt(words::REPEATED, None);
            if repeats(new) && old != new {
                return Ok(false);
            }
        }
        let null = Value::Null;
        for (key, value) in &olds {
            let other = news.get(key).copied().unwrap_or(&null);
            let skips = without.contains(key) || is_measure(key) && are_alike(value, other);
            if !skips && !self.under(key, value, other, queue)? {
                return Ok(false);
            }
        }
        for (key, value) in &news {
            if !without.contains(key) && !olds.contains_key(key) && !self.under(key, &null, value, queue)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn under(&mut self, key: &[u8], old: &Value, new: &Value, queue: &mut Queue) -> Result<bool> {
        let before = queue.down(key);
        let equal = self.value(old, new, queue);
        queue.up(before);
        equal
    }

    /// Compares two streams: their dictionaries, and what they hold.
    pub(super) fn streams(&mut self, old: &Object, new: &Object, queue: &mut Queue) -> Result<bool> {
        let (Some(old_dict), Some(new_dict)) = (old.dict(), new.dict()) else { return Ok(false) };
        if old.data.is_none() || new.data.is_none() {
            return Ok(false);
        }
        if !self.dicts(old_dict, new_dict, &[b"Length", b"Filter", b"DecodeParms"], queue)? {
            return Ok(false);
        }
        let packing =
            |dict: &Dict| ["Filter", "DecodeParms"].map(|key| dict.get(key).map(|item| item.value.clone()));
        let mut aside = Queue::new();
        let mut same_packing = true;
        for (old, new) in packing(old_dict).iter().zip(&packing(new_dict)) {
            let null = Value::Null;
            let (old, new) = (old.as_ref().unwrap_or(&null), new.as_ref().unwrap_or(&null));
            same_packing &= self.value(old, new, &mut aside)?;
        }
        // Its parameters may stand apart, and then they count as any other part.
        queue.append(&mut aside);
        let (packed, packed_anew) = (self.old.packed_data(old)?, self.new.packed_data(new)?);
        if packed.is_none() || packed_anew.is_none() {
            self.doubt(words::NO_LENGTH, Some(new.id.number));
            return Ok(true);
        }
        // Readers make different things of data that are not encrypted as they should be.
        if self.is_continued() && self.old.is_data_whole(old)? != self.new.is_data_whole(new)? {
            return Ok(false);
        }
        if same_packing && packed == packed_anew {
            return Ok(true);
        }
        // Programs read what is wrong in packings in different ways, and most packings allow for something wrong, so
        // packing anew is honest only from plain to plain.
        match (self.old.plain_data(old), self.new.plain_data(new)) {
            (Ok(old), Ok(new)) => Ok(old.is_some() && old == new),
            (Err(error), _) | (_, Err(error)) if error.kind == PdfErrorKind::TooCostly => Err(error.into()),
            _ => Ok(false),
        }
    }
}
