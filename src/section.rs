//! One object of settings, read setting by setting; what is left over has no meaning. A client's configuration and
//! the options of a push are read by it.

use std::borrow::Cow;
use std::ops::RangeInclusive;

use serde_json::{Map, Value};
use zeroize::Zeroizing;

use crate::protocol::bilingual::{NO_OBJECT, NO_STRING};
use crate::protocol::json;
use crate::protocol::{Bilingual, Error, Reason, Result};

/// Reads a text that holds an object of settings; `name` is what the caller knows the text by.
///
/// # Errors
/// `bad_json`, `bad_option` where it is no object; the first problem that reading the settings found.
pub(crate) fn read_text<T>(
    text: &[u8],
    name: &str,
    read: impl FnOnce(Map<String, Value>, &mut Vec<Error>) -> T,
) -> Result<T> {
    let Value::Object(map) = json::value(text).map_err(|error| error.field(name))? else {
        return Err(Error::new(Reason::BadOption).field(name).detailed(NO_OBJECT));
    };
    first_problem(|problems| read(map, problems))
}

/// Returns what was read, unless that found a problem.
pub(crate) fn first_problem<T>(read: impl FnOnce(&mut Vec<Error>) -> T) -> Result<T> {
    let mut problems = Vec::new();
    let settings = read(&mut problems);
    problems.into_iter().next().map_or(Ok(settings), Err)
}

/// An object of settings and the problems found in it.
pub(crate) struct Section<'p> {
    map: Map<String, Value>,
    path: &'static str,
    known: Vec<&'static str>,
    problems: &'p mut Vec<Error>,
}

impl<'p> Section<'p> {
    /// Reads the settings at this path; the outermost has the path "".
    pub(crate) fn new(map: Map<String, Value>, path: &'static str, problems: &'p mut Vec<Error>) -> Self {
        Section { map, path, known: Vec::new(), problems }
    }

    /// Returns the full name of a setting.
    pub(crate) fn name(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Returns where problems go.
    pub(crate) fn problems(&mut self) -> &mut Vec<Error> {
        self.problems
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.known.push(name);
        self.map.remove(name).filter(|value| !value.is_null())
    }

    /// Says that a setting has a wrong value.
    pub(crate) fn wrong(
        &mut self,
        name: &str,
        en: impl Into<Cow<'static, str>>,
        zh: impl Into<Cow<'static, str>>,
    ) {
        self.wrong_by(name, Bilingual::new(en, zh));
    }

    fn wrong_by(&mut self, name: &str, words: Bilingual) {
        let path = self.name(name);
        self.problems.push(Error::new(Reason::BadOption).field(path).detailed(words));
    }

    /// Says that a required setting is missing.
    pub(crate) fn missing(&mut self, name: &str) {
        let path = self.name(name);
        self.problems.push(Error::new(Reason::MissingOption).field(path));
    }

    /// Reads a text, which is wiped when it is dropped.
    pub(crate) fn text(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        match self.take(name)? {
            Value::String(text) => Some(Zeroizing::new(text)),
            _ => {
                self.wrong_by(name, NO_STRING);
                None
            }
        }
    }

    /// Reads a text that must not be empty when it is there.
    pub(crate) fn some_text(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        match self.take(name)? {
            Value::String(text) if !text.is_empty() => Some(Zeroizing::new(text)),
            _ => {
                self.wrong(name, "must be a string that is not empty", "应为非空字符串");
                None
            }
        }
    }

    /// Reads a text of which an empty one counts as absent.
    pub(crate) fn filled(&mut self, name: &'static str) -> Option<Zeroizing<String>> {
        self.text(name).filter(|text| !text.trim().is_empty())
    }

    /// Reads true or false.
    pub(crate) fn flag(&mut self, name: &'static str) -> Option<bool> {
        let value = self.take(name)?;
        if value.as_bool().is_none() {
            self.wrong(name, "must be true or false", "应为 true 或 false");
        }
        value.as_bool()
    }

    /// Reads a whole number within a range.
    pub(crate) fn number(&mut self, name: &'static str, range: RangeInclusive<u64>) -> Option<u64> {
        let value = self.take(name)?;
        let number = value.as_u64().filter(|number| range.contains(number));
        if number.is_none() {
            let (low, high) = range.into_inner();
            let (en, zh) = match high {
                u64::MAX => {
                    (format!("must be a whole number from {low}"), format!("应为不小于 {low} 的整数"))
                }
                _ => (
                    format!("must be a whole number from {low} to {high}"),
                    format!("应为 {low} 到 {high} 之间的整数"),
                ),
            };
            self.wrong(name, en, zh);
        }
        number
    }

    /// Reads a list of texts, none of them empty; a single text stands for a list of one.
    pub(crate) fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let list = match self.take(name)? {
            Value::Array(list) => list,
            one => vec![one],
        };
        let texts = list.into_iter().map(|one| match one {
            Value::String(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        });
        let texts: Option<Vec<String>> = texts.collect();
        if texts.is_none() {
            self.wrong(name, "must be a list of strings that are not empty", "应为非空字符串的列表");
        }
        texts
    }

    /// Reads one of a few words, each with what it stands for.
    pub(crate) fn choice<T: Copy>(&mut self, name: &'static str, known: &[(&str, T)]) -> Option<T> {
        let value = self.take(name)?;
        let found = value.as_str().and_then(|word| known.iter().find(|(known, _)| *known == word));
        if found.is_none() {
            let words = |mark: &str| known.iter().map(|(word, _)| *word).collect::<Vec<_>>().join(mark);
            self.wrong(name, format!("must be one of {}", words(", ")), format!("应为 {} 之一", words("、")));
        }
        found.map(|(_, choice)| *choice)
    }

    /// Reads a list of sections; a single one stands for a list of one.
    pub(crate) fn sections(&mut self, name: &'static str) -> Option<Vec<Map<String, Value>>> {
        let list = match self.take(name)? {
            Value::Array(list) => list,
            one => vec![one],
        };
        let sections = list.into_iter().map(|one| match one {
            Value::Object(map) => Some(map),
            _ => None,
        });
        let sections: Option<Vec<_>> = sections.collect();
        if sections.is_none() {
            self.wrong_by(name, NO_OBJECT);
        }
        sections
    }

    /// Reads a section within this one.
    pub(crate) fn section(&mut self, name: &'static str) -> Option<Map<String, Value>> {
        match self.take(name)? {
            Value::Object(map) => Some(map),
            _ => {
                self.wrong_by(name, NO_OBJECT);
                None
            }
        }
    }

    /// Names every setting that nobody read.
    pub(crate) fn finish(self) {
        for key in self.map.keys() {
            let path = if self.path.is_empty() { key.clone() } else { format!("{}.{key}", self.path) };
            self.problems.push(unknown(path, key, &self.known));
        }
    }
}

/// Refuses an unknown name, with the known one that it looks like.
pub(crate) fn unknown(path: String, name: &str, known: &[&str]) -> Error {
    let error = Error::new(Reason::UnknownOption).field(path);
    let lower = name.to_lowercase();
    let near = known
        .iter()
        .map(|known| (strsim::jaro_winkler(&lower, &known.to_lowercase()), *known))
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|a, b| a.0.total_cmp(&b.0));
    match near {
        Some((_, near)) => error.detail(format!("did you mean {near}?"), format!("是否想写 {near}？")),
        None => error.detail(format!("known: {}", known.join(", ")), format!("可用：{}", known.join("、"))),
    }
}
