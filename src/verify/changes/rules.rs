//! What may be changed after a signature: by the certification (DocMDP), and by locks on fields (FieldMDP).

use std::collections::HashSet;

use super::Verdict;
use super::same::{Result, Same, Stop};
use super::snapshot::{Node, Snapshot};
use crate::pdf::{Object, PdfFile, permission};

/// Most references of one signature that are looked at: with more of them nothing can be told.
const MAX_REFERENCES: usize = 64;
/// Most locks that are looked at, beside those that name the fields they lock.
const MAX_LOCKS: usize = 1000;
/// What a name in a lock costs beside its letters.
const NAME: usize = 8;

/// What the signatures of a revision allow.
#[derive(Debug, Default)]
pub struct Rules {
    /// What the certification allows, 1 to 3; `None`: nothing certifies the document.
    level: Option<i64>,
    /// The least that any signature allows, whether the catalogue names it or not: it grants nothing by itself.
    bound: Option<i64>,
    /// The fields that locks name.
    included: HashSet<String>,
    /// The other locks.
    locks: Vec<Lock>,
}

#[derive(Debug)]
enum Lock {
    All,
    Exclude(HashSet<String>),
    /// What it locks cannot be told.
    Unknown,
}

impl Rules {
    /// Reads the rules of a revision.
    pub fn of(snapshot: &Snapshot<'_>, same: &mut Same<'_>) -> Result<Rules> {
        let pdf = snapshot.pdf;
        let mut rules = Rules::default();
        if let Some(permissions) = pdf.get(&snapshot.catalog, "Perms")?
            && let Some(certifying) = pdf.get(&permissions, "DocMDP")?
        {
            references(pdf, &certifying)?;
            rules.limit(permission(pdf, &certifying)?.unwrap_or(2));
        }
        let mut seen: HashSet<&str> = HashSet::new();
        for node in snapshot.nodes.iter().filter(|node| node.is_signature()) {
            let Some(signature) = snapshot.signed.get(&node.name) else { continue };
            same.step(1)?;
            if let Some(lock) = pdf.get(&node.object, "Lock")? {
                same.step(lock.item.span.len())?;
                rules.lock(pdf, &lock, same)?;
                let level = pdf.get(&lock, "P")?.and_then(|level| level.item.value.integer());
                if let Some(level) = level.filter(|level| (1..=3).contains(level)) {
                    rules.limit(level);
                }
            }
            // A field may have many widgets, and its signature is one.
            if seen.insert(&node.name) {
                rules.signature(pdf, signature, same)?;
            }
        }
        Ok(rules)
    }

    /// Reads what a signature says itself.
    fn signature(&mut self, pdf: &PdfFile, signature: &Object, same: &mut Same<'_>) -> Result<()> {
        let references = references(pdf, signature)?;
        if let Some(level) = permission(pdf, signature)? {
            self.bound = Some(self.bound.map_or(level, |before| before.min(level)));
        }
        for reference in references {
            same.step(reference.item.span.len())?;
            let method = pdf.get(&reference, "TransformMethod")?;
            if method.is_some_and(|method| method.item.value.name() == Some(b"FieldMDP")) {
                match pdf.get(&reference, "TransformParams")? {
                    Some(parameters) => self.lock(pdf, &parameters, same)?,
                    None => self.add(Lock::Unknown)?,
                }
            }
        }
        Ok(())
    }

    fn limit(&mut self, level: i64) {
        self.level = Some(self.level.map_or(level, |before| before.min(level)));
    }

    fn lock(&mut self, pdf: &PdfFile, lock: &Object, same: &mut Same<'_>) -> Result<()> {
        let action = pdf.get(lock, "Action")?;
        match action.as_ref().and_then(|action| action.item.value.name()) {
            Some(b"All") => self.add(Lock::All),
            Some(b"Include") => match names(pdf, lock, same)? {
                Some(names) => {
                    self.included.extend(names);
                    Ok(())
                }
                None => self.add(Lock::Unknown),
            },
            Some(b"Exclude") => self.add(names(pdf, lock, same)?.map_or(Lock::Unknown, Lock::Exclude)),
            _ => self.add(Lock::Unknown),
        }
    }

    fn add(&mut self, lock: Lock) -> Result<()> {
        if self.locks.len() >= MAX_LOCKS {
            return Err(Stop::Costly);
        }
        self.locks.push(lock);
        Ok(())
    }

    /// Says what the locks leave of changing a field of this name: the lock of a field holds for those below it.
    fn unlocked(&self, name: &str) -> Verdict {
        let dots = name.match_indices('.').map(|(at, _)| at).chain([name.len()]);
        let prefixes: Vec<&str> = dots.filter_map(|at| name.get(..at)).collect();
        let among = |names: &HashSet<String>| prefixes.iter().any(|prefix| names.contains(*prefix));
        if among(&self.included) {
            return Verdict::NotPermitted;
        }
        let verdict = |lock: &Lock| match lock {
            Lock::Exclude(names) if among(names) => Verdict::Permitted,
            Lock::All | Lock::Exclude(_) => Verdict::NotPermitted,
            Lock::Unknown => Verdict::Undecided,
        };
        self.locks.iter().map(verdict).max().unwrap_or(Verdict::Permitted)
    }

    /// Says whether a field of this name is locked.
    pub fn is_locked(&self, name: &str) -> bool {
        self.unlocked(name) == Verdict::NotPermitted
    }

    /// Judges that a field was filled in that was empty or not.
    pub fn filling(&self, name: &str, was_empty: bool) -> Verdict {
        match self.level {
            _ if self.bound == Some(1) => Verdict::NotPermitted,
            Some(2 | 3) => self.unlocked(name),
            None if was_empty => self.unlocked(name),
            _ => Verdict::NotPermitted,
        }
    }

    /// Judges a further signature, in a field that was there or not.
    pub fn signing(&self, node: &Node, is_time_stamp: bool, was_there: bool) -> Verdict {
        if [self.level, self.bound].contains(&Some(1)) && !is_time_stamp {
            return Verdict::NotPermitted;
        }
        if was_there { self.unlocked(&node.name) } else { Verdict::Permitted }
    }

    /// Judges an annotation that is no widget.
    pub fn annotating(&self) -> Verdict {
        let is_bound = self.bound.is_some_and(|level| level < 3);
        if self.level == Some(3) && !is_bound { Verdict::Permitted } else { Verdict::NotPermitted }
    }
}

/// Returns the references of a signature.
fn references(pdf: &PdfFile, signature: &Object) -> Result<Vec<Object>> {
    let Some(list) = pdf.get(signature, "Reference")? else { return Ok(Vec::new()) };
    let items = list.item.value.array().unwrap_or_default();
    if items.len() > MAX_REFERENCES {
        return Err(Stop::Costly);
    }
    let mut references = Vec::new();
    for item in items {
        references.extend(pdf.follow(&list, item)?);
    }
    Ok(references)
}

/// Returns the names of the fields in a lock; `None` if one of them cannot be read.
fn names(pdf: &PdfFile, lock: &Object, same: &mut Same<'_>) -> Result<Option<HashSet<String>>> {
    let Some(fields) = pdf.get(lock, "Fields")? else { return Ok(None) };
    let Some(items) = fields.item.value.array() else { return Ok(None) };
    let mut names = HashSet::new();
    for item in items {
        let name = pdf.resolve(&item.value)?;
        same.step(NAME + name.string().map_or(0, <[u8]>::len))?;
        let Some(name) = name.text() else { return Ok(None) };
        names.insert(name);
    }
    Ok(Some(names))
}
