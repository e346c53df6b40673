//! Where a configuration comes from: a file, or variables of an environment, turned into its JSON.

use std::path::{Path, PathBuf};

use serde_json::{Map, Value};

use super::origin::Origin;
use crate::protocol::bilingual::NO_STRING;
use crate::protocol::json;
use crate::protocol::{Bilingual, Error, Reason, Result};
use crate::section::unknown;

/// What every variable begins with.
const PREFIX: &str = "WOSIGNDOC_";

/// Where a configuration may be kept.
const PLACES: [&str; 2] = ["file", "environment"];

/// How a variable's text becomes a setting's value.
#[derive(Clone, Copy)]
pub(crate) enum VariableKind {
    Text,
    Number,
    Flag,
    /// Where the configuration starts from.
    Start,
    /// A .p12/.pfx or PEM file.
    Identity,
    /// Read by others than this library's core.
    Foreign,
}

/// The settings that name a file, by section.
pub(crate) const FILES: [(&str, &str); 4] = [
    ("identity", "certificate_file"),
    ("identity", "key_file"),
    ("identity", "pkcs12_file"),
    ("roots", "ca_file"),
];

/// Variable (without its prefix), setting, kind: the one table of the environment.
pub(crate) const VARIABLES: [(&str, &str, VariableKind); 18] = [
    ("CONFIG", "", VariableKind::Start),
    ("ENDPOINT", "endpoint", VariableKind::Text),
    ("TOKEN", "tokenid", VariableKind::Text),
    ("IDENTITY", "identity", VariableKind::Identity),
    ("KEY", "identity.key_file", VariableKind::Text),
    ("PASSPHRASE", "identity.passphrase", VariableKind::Text),
    ("CA_FILE", "roots.ca_file", VariableKind::Text),
    ("SYSTEM_ROOTS", "roots.system", VariableKind::Flag),
    ("CONNECT_TIMEOUT_MS", "timeouts.connect_ms", VariableKind::Number),
    ("TOTAL_TIMEOUT_MS", "timeouts.total_ms", VariableKind::Number),
    ("IDLE_TIMEOUT_MS", "timeouts.idle_ms", VariableKind::Number),
    ("PROXY", "proxy", VariableKind::Text),
    ("USER_AGENT", "user_agent", VariableKind::Text),
    ("ALLOW_EMPTY_MATERIAL", "allow_empty_material", VariableKind::Flag),
    ("RETRY_ATTEMPTS", "retry.attempts", VariableKind::Number),
    // The bindings' own, and the platform's: in the environment of a laptop that runs both.
    ("LIBRARY", "", VariableKind::Foreign),
    ("SERVER", "", VariableKind::Foreign),
    ("LOG", "", VariableKind::Foreign),
];

/// Turns `{"file": path}` or `{"environment": {name: value}}` into a configuration's JSON. Relative paths
/// in a file are taken relative to that file. Variables that do not begin with `WOSIGNDOC_` are ignored, so a
/// host may pass its whole environment; an empty one counts as absent.
///
/// # Errors
/// `file_unreadable`, `bad_json`; `unknown_option` and `bad_option` naming the variable.
pub fn resolve(source: &Value) -> Result<Value> {
    settings_of(source.as_object()).map(Value::Object)
}

/// Reads the JSON object that a configuration must be.
pub(crate) fn object(text: &[u8]) -> Result<Map<String, Value>> {
    match json::value(text)? {
        Value::Object(map) => Ok(map),
        _ => Err(Error::new(Reason::BadJson).detail("the configuration must be an object", "配置应为对象")),
    }
}

/// Returns the settings that a configuration's object holds, or says the place of, as [`resolve`] takes it.
///
/// # Errors
/// Those of [`resolve`].
pub(crate) fn settings(map: Map<String, Value>) -> Result<Map<String, Value>> {
    // Beside other settings they are settings that do not exist.
    let kept_elsewhere = map.len() == 1 && PLACES.iter().any(|name| map.contains_key(*name));
    if kept_elsewhere { settings_of(Some(&map)) } else { Ok(map) }
}

/// Returns the file that such an object begins with, if there is one.
pub(crate) fn starting_file(map: &Map<String, Value>) -> Option<&str> {
    let variable = || map.get("environment")?.get("WOSIGNDOC_CONFIG");
    map.get("file").or_else(variable)?.as_str()
}

fn settings_of(source: Option<&Map<String, Value>>) -> Result<Map<String, Value>> {
    let shape = || {
        Error::new(Reason::BadOption).field("source").detail(
            "must be {\"file\": path} or {\"environment\": {name: value}}",
            "应为 {\"file\": 路径} 或 {\"environment\": {名称：值}}",
        )
    };
    let map = source.filter(|map| map.len() == 1).ok_or_else(shape)?;
    match (map.get("file"), map.get("environment")) {
        (Some(Value::String(path)), None) => from_file(Path::new(path)),
        (None, Some(Value::Object(variables))) => from_environment(variables),
        _ => Err(shape()),
    }
}

/// Reads the settings of a file.
///
/// # Errors
/// `file_unreadable`, `bad_json`.
pub(crate) fn from_file(path: &Path) -> Result<Map<String, Value>> {
    named_file(path, "file")
}

/// Reads the settings that this process's variables hold.
///
/// # Errors
/// Those of [`resolve`]; `bad_option` for a variable that is not UTF-8.
pub(crate) fn from_process() -> Result<Map<String, Value>> {
    let mut variables = Map::new();
    for (name, value) in std::env::vars_os() {
        let Some(name) = name.to_str().filter(|name| name.starts_with(PREFIX)) else { continue };
        let value = value
            .into_string()
            .map_err(|_| Error::new(Reason::BadOption).field(name).detail("must be UTF-8", "应为 UTF-8"))?;
        variables.insert(name.to_owned(), value.into());
    }
    from_environment(&variables)
}

fn named_file(path: &Path, field: &str) -> Result<Map<String, Value>> {
    let text = Origin::File(path.to_owned()).bytes(field)?;
    let mut map = object(&text)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for (section, name) in FILES {
        let Some(Value::String(given)) = map.get_mut(section).and_then(|section| section.get_mut(name))
        else {
            continue;
        };
        let there: PathBuf = folder.join(&*given);
        if let Some(there) = there.to_str() {
            *given = there.to_owned();
        }
    }
    Ok(map)
}

fn from_environment(variables: &Map<String, Value>) -> Result<Map<String, Value>> {
    reject_unknown(variables)?;
    let given = |name: &str| -> Result<Option<&str>> {
        match variables.get(&format!("{PREFIX}{name}")) {
            None | Some(Value::Null) => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.as_str()).filter(|text| !text.is_empty())),
            Some(_) => Err(wrong(name, NO_STRING)),
        }
    };
    let mut config = match given("CONFIG")? {
        Some(path) => named_file(Path::new(path), "WOSIGNDOC_CONFIG")?,
        None => Map::new(),
    };
    for (name, setting, kind) in VARIABLES {
        let Some(text) = given(name)? else { continue };
        match kind {
            VariableKind::Start | VariableKind::Foreign => {}
            VariableKind::Text => put(&mut config, setting, text.into()),
            VariableKind::Number => {
                let number = text.trim().parse::<u64>();
                let number = number
                    .map_err(|_| wrong(name, Bilingual::fixed("must be a whole number", "应为整数")))?;
                put(&mut config, setting, number.into());
            }
            VariableKind::Flag => put(&mut config, setting, flag(name, text)?.into()),
            VariableKind::Identity => identity(&mut config, text),
        }
    }
    Ok(config)
}

fn reject_unknown(variables: &Map<String, Value>) -> Result<()> {
    let known: Vec<String> = VARIABLES.iter().map(|(name, ..)| format!("{PREFIX}{name}")).collect();
    let known: Vec<&str> = known.iter().map(String::as_str).collect();
    let stranger = variables.keys().find(|name| name.starts_with(PREFIX) && !known.contains(&name.as_str()));
    stranger.map_or(Ok(()), |name| Err(unknown(name.clone(), name, &known)))
}

fn wrong(name: &str, words: Bilingual) -> Error {
    Error::new(Reason::BadOption).field(format!("{PREFIX}{name}")).detailed(words)
}

fn flag(name: &str, text: &str) -> Result<bool> {
    match text.trim().to_ascii_lowercase().as_str() {
        "1" | "true" => Ok(true),
        "0" | "false" => Ok(false),
        _ => Err(wrong(name, Bilingual::fixed("must be 0 or 1", "应为 0 或 1"))),
    }
}

/// Replaces whatever certificate and key the starting file names by what the variable names; a passphrase stays.
fn identity(config: &mut Map<String, Value>, path: &str) {
    if let Some(Value::Object(section)) = config.get_mut("identity") {
        section.retain(|name, _| name == "passphrase");
    }
    let extension = Path::new(path).extension().and_then(|it| it.to_str()).unwrap_or_default();
    let archive = ["p12", "pfx"].iter().any(|known| extension.eq_ignore_ascii_case(known));
    let setting = if archive { "identity.pkcs12_file" } else { "identity.certificate_file" };
    put(config, setting, path.into());
}

/// Sets `name` or `section.name`.
fn put(config: &mut Map<String, Value>, setting: &str, value: Value) {
    let Some((section, name)) = setting.split_once('.') else {
        config.insert(setting.to_owned(), value);
        return;
    };
    let entry = config.entry(section).or_insert_with(|| Value::Object(Map::new()));
    if let Value::Object(map) = entry {
        // What the starting file gives as text gives way to a file.
        if let Some(text) = name.strip_suffix("_file") {
            map.remove(text);
        }
        map.insert(name.to_owned(), value);
    }
}
