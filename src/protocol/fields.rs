//! Reading a JSON object's fields in any letter case (P-5), gathering what is wrong with them.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value};

use super::catalogue::Code;
use super::error::{Detail, Violation, Warning};

/// What reading found besides the values.
#[derive(Debug, Default)]
pub struct Findings {
    /// Values of a wrong type, and fields given twice.
    pub violations: Vec<Violation>,
    /// Fields that nobody reads.
    pub warnings: Vec<Warning>,
}

/// One JSON object, read field by field.
pub struct Fields<'a> {
    map: &'a Map<String, Value>,
    path: String,
    read: Vec<&'static str>,
}

impl<'a> Fields<'a> {
    /// The object at this path; the outermost has the path "".
    pub fn new(map: &'a Map<String, Value>, path: impl Into<String>) -> Fields<'a> {
        Fields { map, path: path.into(), read: Vec::new() }
    }

    /// The path of one of its fields.
    #[must_use]
    pub fn path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// The value of a field; `None` when it is missing or null. The exact spelling wins over others.
    pub fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.read.push(name);
        self.map
            .get(name)
            .or_else(|| {
                self.map.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value)
            })
            .filter(|value| !value.is_null())
    }

    /// A text; a whole number is taken as its digits.
    pub fn text(&mut self, name: &'static str, findings: &mut Findings) -> Option<String> {
        match self.value(name)? {
            Value::String(text) => Some(text.clone()),
            Value::Number(number) if number.is_u64() => Some(number.to_string()),
            _ => {
                findings.wrong(self.path(name), "must be a string", "应为字符串");
                None
            }
        }
    }

    /// A whole number; a string of digits is taken too.
    pub fn integer(&mut self, name: &'static str) -> Option<Option<i64>> {
        Some(match self.value(name)? {
            Value::Number(number) => number
                .as_i64()
                .or_else(|| number.as_f64().filter(|n| n.fract() == 0.0 && n.abs() < 1e9).map(|n| n as i64)),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        })
    }

    /// A list.
    pub fn list(&mut self, name: &'static str, findings: &mut Findings) -> Option<&'a [Value]> {
        match self.value(name)? {
            Value::Array(list) => Some(list),
            _ => {
                findings.wrong(self.path(name), "must be an array", "应为数组");
                None
            }
        }
    }

    /// Reports fields that differ only in letter case, and, as warnings, those that nobody read (P-6).
    pub fn close(self, findings: &mut Findings) {
        let twins = differing_twins(self.map);
        for key in self.map.keys() {
            if twins.contains(&key.to_ascii_lowercase()) {
                let (en, zh) = ("is given twice, in different letter case", "以不同大小写重复给出");
                findings.wrong(self.path(key), en, zh);
            }
            if !self.read.iter().any(|name| name.eq_ignore_ascii_case(key)) {
                findings.warnings.push(Warning {
                    word: "unknown_field",
                    field: self.path(key),
                    message: Detail::new("the protocol has no such field: ignored", "协议没有该字段,已忽略"),
                });
            }
        }
    }
}

/// Up to so many fields, as every real order has, are compared pair by pair: quicker than a table of them.
const FEW: usize = 24;

/// The lower-case names of fields that stand there in several spellings with different values. Of many fields
/// a table is made, in one pass, so that they cost no more than reading them.
fn differing_twins(map: &Map<String, Value>) -> HashSet<String> {
    if map.len() <= FEW && !has_twins(map) {
        return HashSet::new();
    }
    let mut first: HashMap<String, &Value> = HashMap::new();
    let mut differing = HashSet::new();
    for (key, value) in map {
        let lower = key.to_ascii_lowercase();
        match first.get(&lower) {
            None => drop(first.insert(lower, value)),
            Some(known) if *known != value => drop(differing.insert(lower)),
            Some(_) => {}
        }
    }
    differing
}

fn has_twins(map: &Map<String, Value>) -> bool {
    let mut keys = map.keys();
    std::iter::from_fn(|| keys.next().map(|key| (key, keys.clone())))
        .any(|(key, mut others)| others.any(|other| other.eq_ignore_ascii_case(key)))
}

impl Findings {
    /// Adds a wrong parameter (-79) at a path.
    pub fn wrong(&mut self, path: String, en: impl Into<String>, zh: impl Into<String>) {
        self.violations.push(Violation::new(Code::WrongParameter, path).detail(en, zh));
    }
}
