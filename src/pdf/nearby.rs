//! Tables that do not stand where `startxref` says, but near it.

use super::lexer::Lexer;

/// How far from the place that `startxref` names a table is looked for.
const NEAR: usize = 1024;

/// Returns where the newest section may start, the likeliest first: near the named place, or the last one before
/// `startxref`, which stands before this end.
pub fn sections(bytes: &[u8], named: usize, end: usize) -> Vec<usize> {
    let around = named.saturating_sub(NEAR)..named.saturating_add(NEAR).min(bytes.len());
    let mut near = tables(bytes, around.start, around.end);
    near.sort_by_key(|start| start.abs_diff(named));
    near.truncate(2);
    let before = |word: &[u8]| {
        let part = bytes.get(..end)?;
        part.windows(word.len()).rposition(|window| window == word)
    };
    if let Some(word) = before(b"startxref") {
        near.extend(last_table(bytes, word));
    }
    near.extend(before(b"/XRef").and_then(|kind| head_before(bytes, kind)));
    near
}

/// Returns where `xref` stands in this part, other than in `startxref`.
fn tables(bytes: &[u8], from: usize, to: usize) -> Vec<usize> {
    let part = bytes.get(from..to).unwrap_or_default();
    let found = part.windows(4).enumerate().filter(|(_, window)| *window == b"xref");
    found
        .map(|(at, _)| from + at)
        .filter(|&at| !bytes.get(..at).unwrap_or_default().ends_with(b"start"))
        .collect()
}

fn last_table(bytes: &[u8], before: usize) -> Option<usize> {
    let mut part = bytes.get(..before)?;
    while let Some(at) = part.windows(4).rposition(|window| window == b"xref") {
        part = part.get(..at)?;
        if !part.ends_with(b"start") {
            return Some(at);
        }
    }
    None
}

/// Returns where the object starts that this byte belongs to: its number before the last `obj`.
fn head_before(bytes: &[u8], at: usize) -> Option<usize> {
    let part = bytes.get(..at)?;
    let word = part.windows(4).rposition(|window| window == b" obj")?;
    let back = |end: usize, digits: bool| {
        let part = bytes.get(..end).unwrap_or_default();
        let fits = |byte: &&u8| if digits { byte.is_ascii_digit() } else { byte.is_ascii_whitespace() };
        end - part.iter().rev().take_while(fits).count()
    };
    Some(back(back(back(word, true), false), true))
}

/// Says whether the object of this number stands here.
pub fn stands_at(bytes: &[u8], offset: usize, number: u32) -> bool {
    let mut lexer = Lexer::new(bytes, offset);
    lexer.unsigned() == Some(u64::from(number)) && lexer.unsigned().is_some() && lexer.word(b"obj")
}
