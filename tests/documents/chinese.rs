//! Chinese text in pages and in string literals, and its punctuation.

/// Stands for code, or for a value that is put in, inside of Chinese text.
const CODE: char = '\u{fffc}';

/// Whether a text has a Chinese character.
pub fn is_chinese(text: &str) -> bool {
    text.chars().any(is_han)
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}')
}

/// Han characters, full-width forms and Chinese punctuation, and the code between them.
fn is_wide(c: char) -> bool {
    is_han(c) || c == CODE || matches!(c, '\u{3000}'..='\u{303f}' | '\u{ff00}'..='\u{ffef}')
}

/// The places where ASCII punctuation stands after Chinese text, each with what is before it; none in a text without
/// Chinese.
pub fn ascii_punctuation(text: &str) -> Vec<String> {
    if !is_chinese(text) {
        return Vec::new();
    }
    let (mut found, mut open, mut before) = (Vec::new(), Vec::new(), None);
    for (at, c) in text.char_indices() {
        // Between two quotation marks a value stands, which may be of any script.
        let next = text[at + c.len_utf8()..].chars().next();
        let after_wide = before.is_some_and(is_wide)
            || (before.is_some_and(|c| "\"”)".contains(c)) && next.is_some_and(is_han));
        let wrong = match c {
            ',' | ';' | ':' | '?' | '!' => after_wide,
            '(' | '（' => {
                open.push(c);
                c == '(' && after_wide
            }
            ')' | '）' => match open.pop() {
                Some(opened) => (opened == '（') != (c == '）'),
                None => c == ')' && after_wide,
            },
            _ => false,
        };
        if wrong {
            let start: String = text[..at].chars().rev().take(12).collect();
            found.push(format!("{}{c}", start.chars().rev().collect::<String>().replace(CODE, "`…`")));
        }
        // A line's end and the marks of emphasis and links stand between a character and its punctuation.
        if !matches!(c, '\n' | '*' | ']') {
            before = Some(c);
        }
    }
    found
}

/// The running text of a Markdown page: its paragraphs, list items and table cells, with `CODE` in the place of code,
/// and without the targets of links.
pub fn paragraphs(page: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut fenced = false;
    for line in page.lines() {
        let trimmed = line.trim_start();
        if trimmed.starts_with("```") {
            fenced = !fenced;
        }
        let starts =
            trimmed.is_empty() || ["|", "#", "- ", "```"].iter().any(|mark| trimmed.starts_with(mark));
        if starts || trimmed.split_once(". ").is_some_and(|(number, _)| number.parse::<u32>().is_ok()) {
            found.push(String::new());
        }
        if fenced || trimmed.starts_with("```") || trimmed.starts_with("<!--") {
            continue;
        }
        if let Some(paragraph) = found.last_mut() {
            paragraph.push_str(trimmed);
            paragraph.push('\n');
        }
    }
    found.iter().map(|paragraph| without_code_and_targets(paragraph)).flat_map(cells).collect()
}

fn cells(paragraph: String) -> Vec<String> {
    match paragraph.strip_prefix('|') {
        Some(row) => row.split('|').map(|cell| cell.trim().to_owned()).collect(),
        None => vec![paragraph],
    }
}

fn without_code_and_targets(paragraph: &str) -> String {
    let mut text = String::new();
    for (at, part) in paragraph.split('`').enumerate() {
        if at % 2 == 1 { text.push(CODE) } else { text.push_str(part) }
    }
    let mut plain = String::new();
    let mut rest = text.as_str();
    while let Some((before, after)) = rest.split_once("](") {
        plain.push_str(before);
        plain.push(']');
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain + rest
}

/// The string literals of a source file (Rust, PHP, Java, C#), with `CODE` in the place of `{…}`.
pub fn literals(source: &str, php: bool) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        let raw = ["r\"", "@\"", "r#\"", "\"\"\""].iter().find(|open| rest.starts_with(**open));
        let length = if rest.starts_with("//") || (php && c == '#' && !rest.starts_with("#[")) {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if let Some(open) = raw {
            let close = match *open {
                "r#\"" => "\"#",
                "\"\"\"" => "\"\"\"",
                _ => "\"",
            };
            let end = rest[open.len()..].find(close).map_or(rest.len(), |end| end + open.len());
            found.push(with_values_as_code(&rest[open.len()..end]));
            (end + close.len()).min(rest.len())
        } else if c == '"' || (php && c == '\'') {
            let end = end_of_literal(&rest[1..], c) + 1;
            found.push(with_values_as_code(&rest[1..end]));
            (end + 1).min(rest.len())
        } else if c == '\'' {
            character(rest)
        } else {
            c.len_utf8()
        };
        rest = &rest[length..];
    }
    found
}

/// Where the quote stands that ends a literal.
fn end_of_literal(text: &str, quote: char) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if c == quote => return at,
            _ => {}
        }
    }
    text.len()
}

/// The length of a character literal; of the quote alone where it begins a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text.char_indices().skip(1);
    let escaped = chars.next().is_some_and(|(_, c)| c == '\\');
    if escaped {
        return end_of_literal(&text[1..], '\'') + 2;
    }
    chars.next().filter(|(_, c)| *c == '\'').map_or(1, |(at, _)| at + 1)
}

fn with_values_as_code(literal: &str) -> String {
    let mut text = String::new();
    let mut depth = 0;
    for c in literal.chars() {
        match c {
            '{' => depth += 1,
            '}' if depth > 0 => {
                depth -= 1;
                if depth == 0 {
                    text.push(CODE);
                }
            }
            _ if depth == 0 => text.push(c),
            _ => {}
        }
    }
    text
}
