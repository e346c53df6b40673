//! What the appearance of a form field draws: text alone, or also what hides the page beneath.

use super::entries::repeats;
use super::same::{Depth, Result, Same};
use super::snapshot::{Node, Snapshot};
use super::text;
use crate::pdf::{Item, Object, PdfFile, Value, is_regular};

/// Operators that draw nothing, and say nothing that another part of the file explains.
const QUIET: [&[u8]; 34] = [
    b"q", b"Q", b"cm", b"w", b"J", b"j", b"M", b"d", b"i", b"ri", b"BT", b"ET", b"Tc", b"Tw", b"Tz", b"TL",
    b"Tr", b"Ts", b"Td", b"TD", b"Tm", b"T*", b"BMC", b"EMC", b"MP", b"BX", b"EX", b"W", b"W*", b"n", b"re",
    b"m", b"l", b"h",
];
/// Operators that draw nothing either.
const SETTING: [&[u8]; 19] = [
    b"c", b"v", b"y", b"gs", b"Tf", b"BDC", b"DP", b"CS", b"cs", b"SC", b"SCN", b"sc", b"scn", b"G", b"g",
    b"RG", b"rg", b"K", b"k",
];
/// Those of them that say all themselves.
const COLOURS: [&[u8]; 9] = [b"c", b"v", b"y", b"G", b"g", b"RG", b"rg", b"K", b"k"];
/// Operators that draw paths.
const PATHS: [&[u8]; 9] = [b"f", b"F", b"f*", b"B", b"B*", b"b", b"b*", b"S", b"s"];
/// Operators that show text.
const TEXT: [&[u8]; 4] = [b"Tj", b"TJ", b"'", b"\""];

/// The longest appearance whose names are looked at, in bytes: its words take ten times that in memory.
const MAX_CONTENTS: usize = 4 << 20;
/// What an appearance has whatever it draws.
const FORM: [&str; 8] = ["Type", "Subtype", "FormType", "BBox", "Matrix", "Resources", "Length", "Filter"];

/// What a new appearance does with the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Drawn {
    /// Whether all stays that the former one drew.
    pub keeps: bool,
    /// Whether nothing is added but the value, as text.
    pub is_text: bool,
}

/// Compares what a widget draws in two revisions; `None` if one of them cannot be read.
pub fn compare(
    (old, old_node): (&Snapshot<'_>, &Node),
    (new, new_node): (&Snapshot<'_>, &Node),
    same: &mut Same<'_>,
) -> Result<Option<Drawn>> {
    let (before, now) = (picture(old.pdf, &old_node.object)?, picture(new.pdf, &new_node.object)?);
    let (Some(was), Some(is)) = (contents(old.pdf, before.as_ref()), contents(new.pdf, now.as_ref())) else {
        return Ok(None);
    };
    same.step(was.len() + is.len())?;
    if let Some(now) = &now
        && !is_plain_form(before.as_ref(), new.pdf, now, same)?
    {
        return Ok(None);
    }
    let (was, is) = (words(&was), words(&is));
    let mut shared = 0;
    if let (Some(before), Some(now)) = (&before, &now)
        && same_box(old.pdf, before, new.pdf, now)?
    {
        // What both begin with is drawn alike, if nothing else explains it.
        let plain = |word: &&[u8]| {
            is_operand(word) || [&QUIET[..], &COLOURS, &PATHS].iter().any(|known| known.contains(word))
        };
        shared = was.iter().zip(&is).take_while(|(was, is)| was == is && plain(was)).count();
    }
    let shows_value = text::is_value(new, new_node, now.as_ref(), &is)?;
    let (was, is) = (was.get(shared..).unwrap_or_default(), is.get(shared..).unwrap_or_default());
    let is_quiet = |word: &&[u8]| is_operand(word) || QUIET.contains(word) || SETTING.contains(word);
    let blank = |word: &&[u8]| is_quiet(word) && is_blank(word) || TEXT.contains(word);
    let keeps =
        was.iter().all(is_quiet) || (was.iter().all(blank) && has_plain_fonts(old.pdf, before.as_ref())?);
    let is_text = shows_value
        && is.iter().all(|word| is_quiet(word) || TEXT.contains(word))
        && !shows_otherwise(old.pdf, old_node, new.pdf, new_node, same)?;
    Ok(Some(Drawn { keeps, is_text }))
}

/// Says whether a widget shows something new while the mouse is over it or pressed.
fn shows_otherwise(
    old: &PdfFile,
    old_node: &Node,
    new: &PdfFile,
    new_node: &Node,
    same: &mut Same<'_>,
) -> Result<bool> {
    let Some(now) = new.get(&new_node.object, "AP")? else { return Ok(false) };
    let before = old.get(&old_node.object, "AP")?;
    for key in ["D", "R"] {
        let value = |appearance: Option<&Object>| {
            let item = appearance.and_then(|it| it.dict()?.get(key));
            item.map_or(Value::Null, |item| item.value.clone())
        };
        let (was, is) = (value(before.as_ref()), value(Some(&now)));
        if is != Value::Null && same.keyed(b"AP", &was, &is, Depth::Nodes)?.is_some() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Returns the names in a field's appearance that its form has to explain, because it has no resources of its own;
/// `None` if it cannot be read, or is longer than any that is written by hand or machine.
pub fn names(pdf: &PdfFile, widget: &Object) -> Result<Option<Vec<Vec<u8>>>> {
    let Some(appearance) = pdf.get(widget, "AP")? else { return Ok(Some(Vec::new())) };
    let Some(normal) = pdf.get(&appearance, "N")? else { return Ok(Some(Vec::new())) };
    let mut streams = Vec::new();
    if normal.data.is_some() {
        streams.push(normal);
    } else if let Some(states) = normal.dict() {
        for (_, item) in &states.0 {
            streams.extend(pdf.follow(&normal, item)?);
        }
    }
    let mut names = Vec::new();
    for stream in streams {
        if stream.dict().is_some_and(|dict| dict.get("Resources").is_some()) {
            continue;
        }
        let contents = contents(pdf, Some(&stream)).filter(|contents| contents.len() <= MAX_CONTENTS);
        let Some(contents) = contents else { return Ok(None) };
        names.extend(words(&contents).into_iter().filter(|word| word.starts_with(b"/")).map(<[u8]>::to_vec));
    }
    Ok(Some(names))
}

/// Returns the stream that a widget shows; of several the one that its state names.
fn picture(pdf: &PdfFile, widget: &Object) -> Result<Option<Object>> {
    let Some(appearance) = pdf.get(widget, "AP")? else { return Ok(None) };
    let Some(normal) = pdf.get(&appearance, "N")? else { return Ok(None) };
    if normal.data.is_some() {
        return Ok(Some(normal));
    }
    let state = pdf.get(widget, "AS")?;
    let state = state.as_ref().and_then(|state| state.item.value.name());
    let item = state.and_then(|state| {
        let states = normal.dict()?;
        states.0.iter().find(|(name, _)| name == state).map(|(_, item)| item)
    });
    Ok(item.map_or(Ok(None), |item| pdf.follow(&normal, item))?)
}

/// Returns what a stream says, nothing if there is none; `None` if it cannot be read, or is packed in a way that programs
/// may read otherwise.
fn contents(pdf: &PdfFile, stream: Option<&Object>) -> Option<Vec<u8>> {
    stream.map_or_else(|| Some(Vec::new()), |stream| pdf.plain_data(stream).ok().flatten())
}

/// Says whether an appearance is a form that nothing hides or changes which was not there before: no layer, and no key that
/// a program may heed.
fn is_plain_form(before: Option<&Object>, new: &PdfFile, now: &Object, same: &mut Same<'_>) -> Result<bool> {
    for (key, name) in [("Type", b"XObject".as_slice()), ("Subtype", b"Form")] {
        if new.get(now, key)?.is_some_and(|value| value.item.value.name() != Some(name)) {
            return Ok(false);
        }
    }
    let Some(dict) = now.dict().filter(|dict| !repeats(dict)) else { return Ok(false) };
    for (key, item) in &dict.0 {
        if FORM.iter().any(|known| known.as_bytes() == key.as_slice()) {
            continue;
        }
        let key = String::from_utf8_lossy(key);
        let was = before.and_then(|before| before.dict()?.get(&key));
        let Some(was) = was else { return Ok(false) };
        if same.keyed(key.as_bytes(), &was.value, &item.value, Depth::All)?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says whether two appearances stand in the same frame.
fn same_box(old: &PdfFile, before: &Object, new: &PdfFile, now: &Object) -> Result<bool> {
    for key in ["BBox", "Matrix"] {
        let (before, now) = (old.get(before, key)?, new.get(now, key)?);
        let numbers = |array: &Option<Object>| -> Option<Vec<f64>> {
            let items = array.as_ref().map_or(Some(&[][..]), |array| array.item.value.array())?;
            let number = |item: &Item| match item.value {
                Value::Number(number) => Some(number),
                _ => None,
            };
            items.iter().map(number).collect()
        };
        if numbers(&before).is_none_or(|numbers_then| numbers(&now) != Some(numbers_then)) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Says whether a word is a number, a name, a string, or a delimiter.
pub fn is_operand(word: &[u8]) -> bool {
    matches!(word, [b'/' | b'(' | b'<' | b'>' | b'[' | b']' | b'+' | b'-' | b'.' | b'0'..=b'9', ..])
        || matches!(word, b"true" | b"false" | b"null")
}

/// Says whether a word is no string, or one of blanks, which some writers show in an empty field.
fn is_blank(word: &[u8]) -> bool {
    match word {
        [b'(', text @ .., b')'] => text.iter().all(|byte| matches!(byte, b' ' | b'\xa0')),
        _ => !word.starts_with(b"(") && (word == b"<<" || !word.starts_with(b"<")),
    }
}

/// Says whether blanks are blank in all fonts of an appearance: in none of them a document's own glyphs stand for them.
fn has_plain_fonts(pdf: &PdfFile, stream: Option<&Object>) -> Result<bool> {
    let Some(resources) = stream.map_or(Ok(None), |stream| pdf.get(stream, "Resources"))? else {
        return Ok(false);
    };
    let Some(fonts) = pdf.get(&resources, "Font")? else { return Ok(false) };
    for (_, item) in fonts.dict().map(|dict| dict.0.as_slice()).unwrap_or_default() {
        let Some(font) = pdf.follow(&fonts, item)? else { return Ok(false) };
        let kind = pdf.get(&font, "Subtype")?;
        let is_simple =
            matches!(kind.as_ref().and_then(|it| it.item.value.name()), Some(b"Type1" | b"TrueType"));
        let encoding = pdf.get(&font, "Encoding")?;
        let is_named = encoding.is_none_or(|encoding| encoding.item.value.name().is_some());
        if !is_simple || !is_named || pdf.get(&font, "FontDescriptor")?.is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Returns the words of a content stream or of a default appearance, a string as one.
pub fn words(text: &[u8]) -> Vec<&[u8]> {
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&byte) = text.get(at) {
        let rest = text.get(at..).unwrap_or_default();
        let until = |is_end: fn(&u8) -> bool| rest.iter().position(is_end).unwrap_or(rest.len());
        let length = match byte {
            b'\0' | b'\t' | b'\n' | b'\x0c' | b'\r' | b' ' => 0,
            b'%' => {
                at += until(|byte| matches!(byte, b'\n' | b'\r')).max(1);
                continue;
            }
            b'(' => string(rest),
            b'<' if rest.starts_with(b"<<") => 2,
            b'<' => (until(|byte| *byte == b'>') + 1).min(rest.len()),
            b'>' if rest.starts_with(b">>") => 2,
            b'>' | b')' | b'[' | b']' | b'{' | b'}' => 1,
            _ => 1 + rest.iter().skip(1).take_while(|byte| is_regular(**byte)).count(),
        };
        words.extend(rest.get(..length).filter(|word| !word.is_empty()));
        at += length.max(1);
    }
    words
}

/// Returns how long a string in parentheses is.
fn string(text: &[u8]) -> usize {
    let (mut depth, mut escaped) = (0_usize, false);
    for (at, byte) in text.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 1 => return at + 1,
            b')' => depth -= 1,
            _ => {}
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn takes_strings_as_words() {
        let text = b"/Tx BMC(a \\) (f) f)Tj<66 20>Tj[(f)-3]TJ %f\n0 g<</A 1>>EMC";
        let expected = [
            "/Tx",
            "BMC",
            "(a \\) (f) f)",
            "Tj",
            "<66 20>",
            "Tj",
            "[",
            "(f)",
            "-3",
            "]",
            "TJ",
            "0",
            "g",
            "<<",
            "/A",
            "1",
            ">>",
            "EMC",
        ];
        assert_eq!(words(text), expected.map(str::as_bytes));
        assert_eq!(words(b"(never ends f"), [b"(never ends f"]);
    }
}
