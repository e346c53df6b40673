//! Reading a JSON object's fields in any letter case, gathering what is wrong with them.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::num::{IntErrorKind, ParseIntError};

use serde_json::{Map, Value};

use super::bilingual::{Bilingual, NO_STRING};
use super::catalogue::Code;
use super::error::{Violation, Warning};
use super::foreign;

/// What reading found besides the values.
#[derive(Clone, Debug, Default)]
pub struct Findings {
    /// Values of a wrong type, and fields given twice.
    pub violations: Vec<Violation>,
    /// Fields that nobody reads.
    pub warnings: Vec<Warning>,
}

/// One JSON object, read field by field.
pub struct Fields<'a> {
    path: String,
    /// The object's fields in a row, quicker to go through than its map, and whether each was asked for.
    row: Vec<Field<'a>>,
}

struct Field<'a> {
    key: &'a str,
    value: &'a Value,
    read: bool,
}

impl<'a> Fields<'a> {
    /// Reads the object at this path; the outermost has the path "".
    pub fn new(map: &'a Map<String, Value>, path: impl Into<String>) -> Fields<'a> {
        let row = map.iter().map(|(key, value)| Field { key, value, read: false }).collect();
        Fields { path: path.into(), row }
    }

    /// Returns the path of one of its fields.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Reads the value of a field; `None` when it is missing or null. The exact spelling wins over others.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        let mut found = None;
        for field in &mut self.row {
            if field.key.eq_ignore_ascii_case(name) {
                field.read = true;
                if field.key == name || found.is_none() {
                    found = Some(field.value);
                }
            }
        }
        found.filter(|value| !value.is_null())
    }

    /// Reads a text; a whole number is taken as its digits.
    pub fn text(&mut self, name: &'static str, findings: &mut Findings) -> Option<String> {
        self.borrowed(name, findings).map(Cow::into_owned)
    }

    /// Reads a text without the blanks around it.
    pub fn trimmed(&mut self, name: &'static str, findings: &mut Findings) -> Option<String> {
        self.borrowed(name, findings).map(|text| text.trim().to_owned())
    }

    fn borrowed(&mut self, name: &'static str, findings: &mut Findings) -> Option<Cow<'a, str>> {
        match self.value(name)? {
            Value::String(text) => Some(text.into()),
            Value::Number(number) if number.is_u64() => Some(number.to_string().into()),
            other => {
                findings.wrong_by(self.path(name), foreign::fault(other).unwrap_or(NO_STRING));
                None
            }
        }
    }

    /// Reads a whole number; a string of digits is taken too. One beyond the range is the range's end: what is wrong
    /// with it is its size, not that it were no number.
    pub fn integer(&mut self, name: &'static str) -> Option<Option<i64>> {
        Some(match self.value(name)? {
            Value::Number(number) => {
                number.as_i64().or_else(|| number.as_f64().filter(|n| n.fract() == 0.0).map(|n| n as i64))
            }
            Value::String(text) => whole(text.trim()),
            _ => None,
        })
    }

    /// Reads a list.
    pub fn list(&mut self, name: &'static str, findings: &mut Findings) -> Option<&'a [Value]> {
        match self.value(name)? {
            Value::Array(list) => Some(list),
            _ => {
                findings.wrong(self.path(name), "must be an array", "应为数组");
                None
            }
        }
    }

    /// Reports fields that were read and hold what no JSON text can: for an order that is JSON's own fault (-63, P-18),
    /// whatever else its reader said of it.
    pub fn refuse_foreign(&self, findings: &mut Findings) {
        for Field { key, value, .. } in self.row.iter().filter(|field| field.read) {
            let Some(fault) = foreign::fault(value) else { continue };
            let path = self.path(key);
            findings.violations.retain(|violation| violation.field != path);
            findings.violations.push(Violation::new(Code::MalformedJson, path).detailed(fault));
        }
    }

    /// Reports fields that differ only in letter case, and, as warnings, those that nobody read.
    pub fn close(self, findings: &mut Findings) {
        let twins = differing_twins(&self.row);
        for Field { key, read, .. } in &self.row {
            if !twins.is_empty() && twins.contains(&key.to_ascii_lowercase()) {
                let (en, zh) = ("is given twice, in different letter case", "以不同大小写重复给出");
                findings.wrong(self.path(key), en, zh);
            }
            if !read {
                findings.warnings.push(Warning {
                    word: "unknown_field",
                    field: self.path(key),
                    message: Bilingual::fixed(
                        "the protocol has no such field: ignored",
                        "协议没有该字段，已忽略",
                    ),
                });
            }
        }
    }
}

fn whole(text: &str) -> Option<i64> {
    text.parse().map_or_else(
        |error: ParseIntError| match error.kind() {
            IntErrorKind::PosOverflow => Some(i64::MAX),
            IntErrorKind::NegOverflow => Some(-i64::MAX),
            _ => None,
        },
        Some,
    )
}

/// Up to so many fields, as every real order has, are compared pair by pair: quicker than a table of them.
const FEW: usize = 24;

/// Finds the lower-case names of fields that stand there in several spellings with different values. Of many fields
/// a table is made, in one pass, so that they cost no more than reading them.
fn differing_twins(row: &[Field<'_>]) -> HashSet<String> {
    if row.len() <= FEW && !has_twins(row) {
        return HashSet::new();
    }
    let mut first: HashMap<String, &Value> = HashMap::new();
    let mut differing = HashSet::new();
    for Field { key, value, .. } in row {
        let lower = key.to_ascii_lowercase();
        match first.get(&lower) {
            None => drop(first.insert(lower, value)),
            Some(known) if known != value => drop(differing.insert(lower)),
            Some(_) => {}
        }
    }
    differing
}

fn has_twins(row: &[Field<'_>]) -> bool {
    let mut rest = row;
    while let Some((field, later)) = rest.split_first() {
        if later.iter().any(|other| other.key.eq_ignore_ascii_case(field.key)) {
            return true;
        }
        rest = later;
    }
    false
}

impl Findings {
    /// Adds a wrong parameter (-79) at a path.
    pub fn wrong(
        &mut self,
        path: String,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) {
        self.wrong_by(path, Bilingual::new(en, zh));
    }

    /// Adds that a field has a wrong value, in these words.
    pub fn wrong_by(&mut self, path: String, words: Bilingual) {
        self.violations.push(Violation::new(Code::WrongParameter, path).detailed(words));
    }
}
