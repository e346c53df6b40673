//! What is printed for people.

use wosigndoc::protocol::Bilingual;

/// Returns a stranger's text without what a terminal would obey.
pub fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

/// Returns a sentence in both languages, without what a terminal would obey.
pub fn both(words: &Bilingual) -> String {
    visible(&format!("{} ({})", words.en, words.zh))
}
