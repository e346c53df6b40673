//! The title of a document: metadata, unless the document asks for it to be shown above its pages.

use super::report::Report;
use super::same::{Result, Same};
use super::snapshot::Snapshot;
use super::{Change, ChangeKind, Verdict, words};
use crate::pdf::{Object, PdfFile, Value};

/// Notes that a title is shown that may be another one by now.
pub fn compare(
    old: &Snapshot<'_>,
    new: &Snapshot<'_>,
    same: &mut Same<'_>,
    report: &mut Report,
) -> Result<()> {
    if !is_shown(new)? || (written(old.pdf)? == written(new.pdf)? && !differs(old, new, same)?) {
        return Ok(());
    }
    report.note(Change::new(ChangeKind::Metadata, Verdict::Undecided, words::TITLE));
    Ok(())
}

/// Says whether programs are asked to show the title in place of the file's name.
fn is_shown(snapshot: &Snapshot<'_>) -> Result<bool> {
    let Some(preferences) = snapshot.pdf.get(&snapshot.catalog, "ViewerPreferences")? else {
        return Ok(false);
    };
    let shows = snapshot.pdf.get(&preferences, "DisplayDocTitle")?;
    Ok(shows.is_some_and(|shows| shows.item.value == Value::Bool(true)))
}

/// Returns the title in the document's information.
fn written(pdf: &PdfFile) -> Result<Value> {
    let info = pdf.xref().trailer.get("Info").map_or(Ok(Value::Null), |item| pdf.resolve(&item.value))?;
    Ok(info.dict().map_or(Ok(Value::Null), |info| pdf.entry(info, "Title"))?)
}

/// Says whether the title in the metadata, which goes before, may be another.
fn differs(old: &Snapshot<'_>, new: &Snapshot<'_>, same: &mut Same<'_>) -> Result<bool> {
    let metadata = |snapshot: &Snapshot<'_>| snapshot.pdf.get(&snapshot.catalog, "Metadata");
    let (before, now) = (metadata(old)?, metadata(new)?);
    let is_untouched =
        |before: &Object, now: &Object| before.id == now.id && same.is_untouched(now.id.number);
    if before.as_ref().zip(now.as_ref()).is_some_and(|(before, now)| is_untouched(before, now)) {
        return Ok(false);
    }
    let mut text = |pdf: &PdfFile, object: Option<Object>| -> Result<Vec<u8>> {
        let data = object.map_or(Ok(None), |object| pdf.data(&object))?.unwrap_or_default();
        same.step(data.len())?;
        Ok(data)
    };
    let (before, now) = (text(old.pdf, before)?, text(new.pdf, now)?);
    // Other encodings, and names that are declared in the text, are not looked into.
    let is_plain = |text: &[u8]| !text.contains(&0) && !text.windows(2).any(|two| two == b"<!");
    Ok(before != now && (!is_plain(&before) || !is_plain(&now) || titles(&before) != titles(&now)))
}

/// Returns all between the first and the last time that something is called a title.
fn titles(text: &[u8]) -> &[u8] {
    let word = b"title";
    let first = text.windows(word.len()).position(|window| window == word);
    let last = text.windows(word.len()).rposition(|window| window == word);
    let Some((first, last)) = first.zip(last) else { return &[] };
    let rest = text.get(last..).unwrap_or_default();
    let end = rest.iter().position(|byte| *byte == b'<').unwrap_or(rest.len());
    text.get(first..last + end).unwrap_or_default()
}
