//! JSON Schemas, judged by a validator that is not ours.
#![allow(dead_code)] // each test uses its part

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::{Map, Value, json};

use crate::tools::skip::skip;

/// A schema that values are held against.
pub struct Schema(pub Value);

impl Schema {
    /// Reads a file of protocol/.
    ///
    /// # Panics
    /// When it is not there.
    pub fn file(name: &str) -> Schema {
        let text = std::fs::read(root().join("protocol").join(name)).unwrap();
        Schema(serde_json::from_slice(&text).unwrap())
    }

    /// Says of each value why it does not keep to the schema. `None` where the validator is not installed, which is said.
    ///
    /// # Panics
    /// When the schema is none.
    #[track_caller]
    pub fn faults(&self, values: &[&Value]) -> Option<Vec<Option<String>>> {
        let python = root().join("target/venv/bin/python3");
        let installed = Command::new(&python).args(["-c", "import jsonschema"]).output();
        if !installed.is_ok_and(|output| output.status.success()) {
            skip(
                "there is no jsonschema in target/venv, so nobody checks the schemas; scripts/setup installs it",
            );
            return None;
        }
        let script = root().join("tests/support/schema.py");
        let mut command = Command::new(python);
        command.arg(script).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let given = json!({ "schema": self.0, "values": values }).to_string();
        // Read whole before anything is printed.
        child.stdin.take().unwrap().write_all(given.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        assert!(output.status.success(), "the schema cannot be used");
        Some(serde_json::from_slice(&output.stdout).unwrap())
    }

    /// Returns a value with the names of its fields as the schema spells them: readers take any letter case (P-5).
    pub fn spelt(&self, value: &Value) -> Value {
        let mut names = Vec::new();
        gather(&self.0, &mut names);
        spell(value, &names)
    }
}

/// The project's folder: the tests of both packages come here, and each stands in a folder of its own.
fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    if here.join("protocol").exists() { here.to_owned() } else { here.join("..") }
}

/// The names of all properties in a schema.
fn gather(schema: &Value, names: &mut Vec<String>) {
    match schema {
        Value::Object(map) => {
            if let Some(properties) = map.get("properties").and_then(Value::as_object) {
                names.extend(properties.keys().cloned());
            }
            map.iter().filter(|(key, _)| *key != "examples").for_each(|(_, value)| gather(value, names));
        }
        Value::Array(list) => list.iter().for_each(|value| gather(value, names)),
        _ => {}
    }
}

fn spell(value: &Value, names: &[String]) -> Value {
    match value {
        Value::Object(map) => {
            let known = |key: &String| names.iter().find(|name| name.eq_ignore_ascii_case(key));
            let fields =
                map.iter().map(|(key, value)| (known(key).unwrap_or(key).clone(), spell(value, names)));
            Value::Object(fields.collect::<Map<_, _>>())
        }
        Value::Array(list) => list.iter().map(|value| spell(value, names)).collect(),
        other => other.clone(),
    }
}
