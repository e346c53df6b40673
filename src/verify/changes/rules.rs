//! What may be changed after a signature: by the certification (DocMDP), and by locks on fields (FieldMDP).

use super::Verdict;
use super::same::Result;
use super::snapshot::{Node, Snapshot};
use crate::pdf::{Object, PdfFile, permission};

/// Most names of one lock that are looked at.
const MAX_NAMES: usize = 10_000;
/// Most references of one signature that are looked at.
const MAX_REFERENCES: usize = 64;

/// What the signatures of a revision allow.
#[derive(Debug, Default)]
pub struct Rules {
    /// What the certification allows, 1 to 3; `None`: nothing certifies the document.
    level: Option<i64>,
    locks: Vec<Lock>,
}

#[derive(Debug)]
enum Lock {
    All,
    Include(Vec<String>),
    Exclude(Vec<String>),
}

impl Rules {
    /// Reads the rules of a revision.
    pub fn of(snapshot: &Snapshot<'_>) -> Result<Rules> {
        let pdf = snapshot.pdf;
        let mut rules = Rules::default();
        if let Some(permissions) = pdf.get(&snapshot.catalog, "Perms")?
            && let Some(certifying) = pdf.get(&permissions, "DocMDP")?
        {
            rules.limit(permission(pdf, &certifying)?.unwrap_or(2));
        }
        for node in snapshot.nodes.iter().filter(|node| node.is_signature()) {
            let Some(signature) = snapshot.signed.get(&node.name) else { continue };
            if let Some(lock) = pdf.get(&node.object, "Lock")? {
                rules.lock(pdf, &lock)?;
                let level = pdf.get(&lock, "P")?.and_then(|level| level.item.value.integer());
                if let Some(level) = level.filter(|level| (1..=3).contains(level)) {
                    rules.limit(level);
                }
            }
            let Some(references) = pdf.get(signature, "Reference")? else { continue };
            let items = references.item.value.array().unwrap_or_default();
            for item in items.iter().take(MAX_REFERENCES) {
                let Some(reference) = pdf.follow(&references, item)? else { continue };
                let method = pdf.get(&reference, "TransformMethod")?;
                if method.is_some_and(|method| method.item.value.name() == Some(b"FieldMDP"))
                    && let Some(parameters) = pdf.get(&reference, "TransformParams")?
                {
                    rules.lock(pdf, &parameters)?;
                }
            }
        }
        Ok(rules)
    }

    fn limit(&mut self, level: i64) {
        self.level = Some(self.level.map_or(level, |before| before.min(level)));
    }

    fn lock(&mut self, pdf: &PdfFile, lock: &Object) -> Result<()> {
        let mut names = Vec::new();
        if let Some(fields) = pdf.get(lock, "Fields")? {
            for item in fields.item.value.array().unwrap_or_default().iter().take(MAX_NAMES) {
                names.extend(pdf.resolve(&item.value)?.text());
            }
        }
        let action = pdf.get(lock, "Action")?;
        match action.as_ref().and_then(|action| action.item.value.name()) {
            Some(b"All") => self.locks.push(Lock::All),
            Some(b"Include") => self.locks.push(Lock::Include(names)),
            Some(b"Exclude") => self.locks.push(Lock::Exclude(names)),
            _ => {}
        }
        Ok(())
    }

    /// Says whether a field of this name is locked: the lock of a field holds for those below it.
    pub fn is_locked(&self, name: &str) -> bool {
        let among = |names: &[String]| {
            names.iter().any(|lock| {
                name.strip_prefix(lock.as_str()).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
            })
        };
        self.locks.iter().any(|lock| match lock {
            Lock::All => true,
            Lock::Include(names) => among(names),
            Lock::Exclude(names) => !among(names),
        })
    }

    /// Judges that a field was filled in that was empty or not.
    pub fn filling(&self, name: &str, was_empty: bool) -> Verdict {
        match self.level {
            _ if self.is_locked(name) => Verdict::NotPermitted,
            Some(2 | 3) => Verdict::Permitted,
            None if was_empty => Verdict::Permitted,
            _ => Verdict::NotPermitted,
        }
    }

    /// Judges a further signature, in a field that was there or not.
    pub fn signing(&self, node: &Node, is_time_stamp: bool, was_there: bool) -> Verdict {
        if (was_there && self.is_locked(&node.name)) || (self.level == Some(1) && !is_time_stamp) {
            Verdict::NotPermitted
        } else {
            Verdict::Permitted
        }
    }

    /// Judges an annotation that is no widget.
    pub fn annotating(&self) -> Verdict {
        if self.level == Some(3) { Verdict::Permitted } else { Verdict::NotPermitted }
    }
}
