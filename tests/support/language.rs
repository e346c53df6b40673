//! The language of messages: English has no Chinese in it, and Chinese no English sentence. The helpers of the tests pass
//! every error through this that a test brings about.

#![allow(dead_code, reason = "each test file uses a part")]

use serde_json::Value;

/// Fails for a document with a message or an advice in the wrong language.
#[track_caller]
pub fn assert_apart(document: &Value) {
    let mut found = Vec::new();
    keeps_languages_apart(document, &mut found);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Holds every message and advice of a document to its language. What a platform said itself stands in quotes.
pub fn keeps_languages_apart(document: &Value, found: &mut Vec<String>) {
    let chinese = |text: &str| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
    match document {
        Value::Array(list) => list.iter().for_each(|item| keeps_languages_apart(item, found)),
        Value::Object(map) => {
            for (name, value) in map {
                keeps_languages_apart(value, found);
                let Some(text) = value.as_str() else { continue };
                let own: String = text.split(['"', '“', '”']).step_by(2).collect();
                // A file's name is in its owner's language.
                let mut words = own.split(' ').filter(|word| !word.contains('/'));
                let wrong = match name.as_str() {
                    "message" | "advice" => words.any(chinese),
                    "message_zh" | "advice_zh" => !chinese(&own) || has_sentence(&own),
                    _ => false,
                };
                if wrong {
                    found.push(format!("{name}: {text}"));
                }
            }
        }
        _ => {}
    }
}

/// Tells whether four plain English words follow each other.
pub fn has_sentence(text: &str) -> bool {
    let mut row = 0;
    text.split(' ').any(|word| {
        let plain =
            word.len() > 1 && word.trim_end_matches([',', ';', ':']).bytes().all(|b| b.is_ascii_lowercase());
        row = if plain { row + 1 } else { 0 };
        row == 4
    })
}
