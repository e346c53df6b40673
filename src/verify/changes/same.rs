//! Whether two values show the same, with all that they refer to.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use super::via::{Queue, Via};
use super::{Change, ChangeKind, MAX_LISTED, Verdict, words};
use crate::pdf::{Object, PdfError, PdfErrorKind, PdfFile, Value};
use crate::protocol::Bilingual;

/// Most references from reference to reference that are followed.
const MAX_HOPS: usize = 16;

/// A result that can fail for want of steps, or because a file cannot be read.
pub type Result<T> = std::result::Result<T, Stop>;

/// Why a comparison ends without an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It takes too long.
    Costly,
    /// What has to be compared cannot be read.
    Unreadable(PdfError),
}

impl From<PdfError> for Stop {
    fn from(error: PdfError) -> Stop {
        if error.kind == PdfErrorKind::TooCostly { Stop::Costly } else { Stop::Unreadable(error) }
    }
}

/// Where two values differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Difference {
    /// The object that is not the same; `None`: it is the one whose part was compared.
    pub object: Option<u32>,
}

/// How far references are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Depth {
    /// To the end: what makes a page's picture.
    All,
    /// Up to pages, and to fields where an entry means one: they are compared for themselves.
    Fields,
    /// Up to annotations too, which some may change as they like: nothing else may pass for one.
    Nodes,
}

/// What in the two files belongs together.
#[derive(Debug)]
pub enum Pairs {
    /// One file continues the other: objects keep their numbers, and but for these they stand where they stood.
    Continued(HashSet<u32>),
    /// They are two files.
    Separate,
}

/// Compares values of two files, and remembers what was the same.
pub struct Same<'a> {
    pub old: &'a PdfFile,
    pub new: &'a PdfFile,
    pairs: Pairs,
    /// Pages of the old file, with what they are in the new one, fields and annotations.
    pages: HashMap<u32, u32>,
    fields: HashMap<u32, u32>,
    annotations: HashMap<u32, u32>,
    /// What was the same, how far and as what.
    equal: HashSet<(Depth, Via, u32, u32)>,
    /// The objects of the old file that belong to something beside the form.
    elsewhere: HashSet<u32>,
    /// How many values may still be looked at.
    steps: usize,
    /// What was taken for the same, though it cannot be told whether all readers do.
    doubts: Vec<Change>,
    /// What was found of values that many pages inherit.
    inherited: HashMap<(*const Value, *const Value), Option<Difference>>,
    /// The generations of objects, of the new file or the old one, where both number them for themselves.
    generations: HashMap<(bool, u32), Option<u16>>,
}

impl<'a> Same<'a> {
    pub fn new(old: &'a PdfFile, new: &'a PdfFile, pairs: Pairs, steps: usize) -> Same<'a> {
        let (pages, fields, annotations) = (HashMap::new(), HashMap::new(), HashMap::new());
        let (equal, elsewhere) = (HashSet::new(), HashSet::new());
        let (inherited, generations) = (HashMap::new(), HashMap::new());
        let doubts = Vec::new();
        Same {
            old,
            new,
            pairs,
            pages,
            fields,
            annotations,
            equal,
            elsewhere,
            steps,
            doubts,
            inherited,
            generations,
        }
    }

    /// Notes a page, or the catalogue, which is compared for itself in all its entries.
    pub fn pair(&mut self, old: u32, new: u32) {
        self.pages.entry(old).or_insert(new);
    }

    /// Notes a field that is compared for itself.
    pub fn pair_field(&mut self, old: u32, new: u32) {
        self.fields.entry(old).or_insert(new);
    }

    /// Notes an annotation that is compared for itself.
    pub fn pair_annotation(&mut self, old: u32, new: u32) {
        self.annotations.entry(old).or_insert(new);
    }

    /// Returns what a node is in the new file, if references are followed no further than to it.
    fn node(&self, old: u32, depth: Depth, via: Via) -> Option<u32> {
        if depth == Depth::All || via == Via::Picture {
            return None;
        }
        let page = self.pages.get(&old);
        let field = || self.fields.get(&old).filter(|_| via == Via::Node);
        let annotation = || self.annotations.get(&old).filter(|_| via == Via::Node && depth == Depth::Nodes);
        page.or_else(field).or_else(annotation).copied()
    }

    /// Notes that all that was compared so far belongs to something beside the form.
    pub fn form_follows(&mut self) {
        self.elsewhere = self.equal.iter().map(|(_, _, old, _)| *old).collect();
    }

    /// Says whether an object of the old file belongs to something beside the form.
    pub fn was_elsewhere(&self, number: u32) -> bool {
        self.elsewhere.contains(&number)
    }

    /// Notes what cannot be compared, but is no difference that could be named.
    pub fn doubt(&mut self, what: Bilingual, object: Option<u32>) {
        let doubt = Change::new(ChangeKind::Damage, Verdict::Undecided, what).of(object);
        if self.doubts.len() < MAX_LISTED && !self.doubts.contains(&doubt) {
            self.doubts.push(doubt);
        }
    }

    /// Returns what was noted so far, and forgets it.
    pub fn take_doubts(&mut self) -> Vec<Change> {
        std::mem::take(&mut self.doubts)
    }

    /// Returns how many steps are left.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// Says whether an object of the old file stands in the new one where it stood.
    pub fn is_untouched(&self, number: u32) -> bool {
        matches!(&self.pairs, Pairs::Continued(changed) if !changed.contains(&number))
    }

    /// Says whether the two files are revisions of one document.
    pub fn is_continued(&self) -> bool {
        matches!(self.pairs, Pairs::Continued(_))
    }

    /// Says whether readers that heed generations find what the two lead to, in both files or in none. In revisions of one
    /// file, generations are compared as they stand.
    pub fn are_found_alike(&mut self, old: &Value, new: &Value) -> Result<bool> {
        Ok(self.is_continued() || self.is_missed(false, old)? == self.is_missed(true, new)?)
    }

    /// Says whether a reference names another generation than that of the object.
    fn is_missed(&mut self, is_new: bool, value: &Value) -> Result<bool> {
        let Value::Reference(id) = value else { return Ok(false) };
        let known = self.generations.get(&(is_new, id.number)).copied();
        let generation = match known {
            Some(generation) => generation,
            None => {
                let object = if is_new { self.new } else { self.old }.load(id.number)?;
                self.step(object.as_ref().map_or(1, |object| object.item.span.len()))?;
                let generation = object.map(|object| object.id.generation);
                self.generations.insert((is_new, id.number), generation);
                generation
            }
        };
        Ok(generation.is_some_and(|generation| generation != id.generation))
    }

    /// Compares an entry of two dictionaries.
    pub fn entry(
        &mut self,
        old: &Object,
        new: &Object,
        key: &str,
        depth: Depth,
    ) -> Result<Option<Difference>> {
        fn value<'v>(object: &'v Object, key: &str) -> &'v Value {
            object.dict().and_then(|dict| dict.get(key)).map_or(&Value::Null, |item| &item.value)
        }
        self.keyed(key.as_bytes(), value(old, key), value(new, key), depth)
    }

    /// Compares two values of this entry.
    pub fn keyed(
        &mut self,
        key: &[u8],
        old: &Value,
        new: &Value,
        depth: Depth,
    ) -> Result<Option<Difference>> {
        self.reached(Via::Itself.under(key), old, new, depth)
    }

    /// Compares two values that pages may inherit, once for all pages that do. Nobody lets go of them meanwhile.
    pub fn inherited(&mut self, old: &Rc<Value>, new: &Rc<Value>) -> Result<Option<Difference>> {
        let key = (Rc::as_ptr(old), Rc::as_ptr(new));
        let are_shared = Rc::strong_count(old) > 1 && Rc::strong_count(new) > 1;
        if let Some(known) = self.inherited.get(&key).filter(|_| are_shared) {
            return Ok(*known);
        }
        let difference = self.values(old, new, Depth::All)?;
        if are_shared {
            self.inherited.insert(key, difference);
        }
        Ok(difference)
    }

    /// Compares two values.
    pub fn values(&mut self, old: &Value, new: &Value, depth: Depth) -> Result<Option<Difference>> {
        self.reached(Via::Itself, old, new, depth)
    }

    fn reached(&mut self, via: Via, old: &Value, new: &Value, depth: Depth) -> Result<Option<Difference>> {
        let mut queue = Queue::new();
        queue.via = via;
        if !self.value(old, new, &mut queue)? {
            return Ok(Some(Difference { object: None }));
        }
        let mut pending = HashSet::new();
        while let Some((old, new, via)) = queue.pop() {
            if let Some(expected) = self.node(old, depth, via) {
                if expected == new {
                    continue;
                }
                return Ok(Some(Difference { object: Some(new) }));
            }
            // What is the same as anything is so as a part of the others too.
            let known = [via, Via::Plain, Via::Picture].map(|via| (depth, via, old, new));
            let is_known = known
                .iter()
                .any(|known| (via != Via::Picture || known.1 == Via::Picture) && self.equal.contains(known));
            if is_known || !pending.insert((depth, via, old, new)) {
                continue;
            }
            if !self.objects(old, new, &mut queue)? {
                return Ok(Some(Difference { object: Some(new) }));
            }
        }
        self.equal.extend(pending);
        Ok(None)
    }

    pub fn step(&mut self, steps: usize) -> Result<()> {
        self.steps = self.steps.checked_sub(steps).ok_or(Stop::Costly)?;
        Ok(())
    }

    fn objects(&mut self, old: u32, new: u32, queue: &mut Queue) -> Result<bool> {
        self.step(1)?;
        if old == new && self.is_untouched(old) {
            return match self.new.load(new) {
                // What reaches past the signed bytes was not all there before.
                Ok(Some(object)) if !self.stood_whole(&object)? => Ok(false),
                Ok(Some(object)) => {
                    self.step(object.item.span.len())?;
                    self.references(&object.item.value, queue).map(|()| true)
                }
                Ok(None) => Ok(true),
                // Others may read it, and what it leads to may be another by now.
                Err(error) if error.kind != PdfErrorKind::TooCostly => {
                    self.doubt(words::unreadable(error), Some(old));
                    Ok(true)
                }
                Err(error) => Err(error.into()),
            };
        }
        match (self.old.load(old)?, self.new.load(new)?) {
            (Some(old), Some(new)) if !self.is_continued() && new.is_odd && !old.is_odd => Ok(false),
            (Some(old), Some(new)) if old.data.is_some() || new.data.is_some() => {
                self.streams(&old, &new, queue)
            }
            (Some(old), Some(new)) => self.value(&old.item.value, &new.item.value, queue),
            (None, None) => {
                if old != new {
                    self.dangling(new)?;
                }
                Ok(true)
            }
            (Some(old), None) => {
                self.dangling(new)?;
                Ok(old.item.value == Value::Null)
            }
            (None, Some(new)) => Ok(new.item.value == Value::Null),
        }
    }

    /// Notes a reference that leads nowhere where there was none: some readers repair the whole file for it.
    pub(super) fn dangling(&mut self, number: u32) -> Result<()> {
        let mut end = number;
        for _ in 0..MAX_HOPS {
            match self.new.load(end)?.map(|object| object.item.value) {
                Some(Value::Reference(next)) => end = next.number,
                Some(_) => return Ok(()),
                None => break,
            }
        }
        if self.is_continued() {
            self.doubt(words::DANGLING, Some(number));
        }
        Ok(())
    }

    /// Says whether an object that stands where it stood ended within the earlier file, with its data.
    fn stood_whole(&self, object: &Object) -> Result<bool> {
        let end = self.old.bytes().len();
        let ends_within = object.place().is_none_or(|place| place.end <= end);
        if object.data.is_none() {
            return Ok(ends_within);
        }
        let data = self.new.data_range(object)?;
        Ok(ends_within && data.is_some_and(|data| data.end <= end))
    }
}
