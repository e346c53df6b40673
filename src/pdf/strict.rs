//! Whether an object is written as the standard has it. Readers forgive much, each something else, so that they may see
//! different things where it is not.

use super::error::Result;
use super::file::PdfFile;
use super::lexer::Lexer;
use super::number::is_in_digits;
use super::object::{Object, unpacking_limit};
use super::section::{self, Indirect, Place};
use super::stream;
use super::value::{Dict, Item, ObjectId, Value};

impl PdfFile {
    /// Says whether the object that stands at this byte is written as the standard has it: with its words, and of a stream
    /// with its length and encrypted where the file is.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn is_strict_at(&self, offset: usize) -> Result<bool> {
        let found = self.indirect(offset)?;
        let mut lexer = Lexer::new(self.bytes(), found.item.span.end);
        if let (Some(start), Some(dict)) = (found.data, found.item.value.dict()) {
            let range = self.range_from(dict, start)?.filter(|_| found.is_lined);
            let Some(range) = range else { return Ok(false) };
            let raw = self.bytes().get(range.clone()).unwrap_or_default();
            if !self.has_plain_length(dict)? || !self.is_encrypted_whole(found.id, dict, raw) {
                return Ok(false);
            }
            lexer.at = range.end;
            lexer.skip_white_space();
            if self.bytes().get(lexer.at) == Some(&b'%') || !lexer.word(b"endstream") {
                return Ok(false);
            }
        }
        Ok(lexer.word(b"endobj"))
    }

    /// Says whether an object stream is one for all readers, and unpacked alike by all.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn is_strict_object_stream(&self, number: u32) -> Result<bool> {
        let Some(stream) = self.load(number)? else { return Ok(false) };
        let Some(dict) = stream.dict() else { return Ok(false) };
        let is_one = dict.get("Type").and_then(|item| item.value.name()) == Some(b"ObjStm");
        let counts = ["N", "First"].map(|key| dict.get(key).is_some_and(|item| self.is_in_digits(item)));
        Ok(is_one && counts == [true, true] && self.plain_data(&stream)?.is_some())
    }

    /// Says whether an object in an object stream ends for readers that do not heed where the next one begins, too.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) fn ends_within(&self, number: u32, stream: u32, index: usize) -> Result<bool> {
        let found = self.load_packed(number, stream, index)?;
        let packed = self.object_stream(stream)?;
        let is_open = !matches!(found.item.value, Value::Array(_) | Value::Dict(_) | Value::String(_));
        if !is_open {
            return Ok(true);
        }
        let mut lexer = Lexer::new(&packed.text, found.item.span.start);
        let further = lexer.object();
        self.count(lexer.reach().saturating_sub(found.item.span.start));
        Ok(further.is_ok_and(|further| further == found.item))
    }

    /// Says whether a stream's data are encrypted as the standard has it, to their last byte, if they are to be.
    ///
    /// # Errors
    /// As [`PdfFile::data_range`].
    pub(crate) fn is_data_whole(&self, object: &Object) -> Result<bool> {
        let (Some(range), Some(dict)) = (self.data_range(object)?, object.dict()) else { return Ok(true) };
        Ok(self.is_encrypted_whole(object.id, dict, self.bytes().get(range).unwrap_or_default()))
    }

    fn is_encrypted_whole(&self, id: ObjectId, dict: &Dict, data: &[u8]) -> bool {
        self.decrypt.as_ref().is_none_or(|decrypt| decrypt.is_whole(id, Some(dict), data))
    }

    fn has_plain_length(&self, dict: &Dict) -> Result<bool> {
        let Some(item) = dict.get("Length") else { return Ok(false) };
        let Some(id) = item.value.reference() else { return Ok(self.is_in_digits(item)) };
        if !matches!(self.xref().places.get(&id.number), Some(Place::At(_) | Place::Packed(..))) {
            return Ok(false);
        }
        let length = self.load(id.number)?;
        Ok(length.is_some_and(|length| length.id == id && is_in_digits(self.text(&length))))
    }

    fn is_in_digits(&self, item: &Item) -> bool {
        self.bytes().get(item.span.clone()).is_some_and(is_in_digits)
    }
}

/// Says whether a section that stands here, if it is a stream, is packed as all readers unpack it: not at all or by Flate,
/// right to its end, with a predictor that is written in digits.
pub(super) fn is_strict_section(bytes: &[u8], start: usize) -> bool {
    let mut lexer = Lexer::new(bytes, start);
    if lexer.word(b"xref") {
        return true;
    }
    let Ok(Indirect { item, data: Some(data), .. }) = section::indirect(&mut lexer) else { return false };
    let Some(dict) = item.value.dict() else { return false };
    let length = dict.get("Length").and_then(|item| item.value.index());
    let Some(raw) = length.and_then(|length| bytes.get(data..data.checked_add(length)?)) else {
        return false;
    };
    let filter = dict.get("Filter");
    let only = |item: &Item| match item.value.array() {
        None => Some(item.value.clone()),
        Some([one]) => Some(one.value.clone()),
        Some(_) => None,
    };
    let Some(filter) = filter else { return dict.get("DecodeParms").is_none() };
    if only(filter).as_ref().and_then(Value::name) != Some(b"FlateDecode") {
        return false;
    }
    let mut left = unpacking_limit(bytes.len());
    let plain = Dict(vec![(b"Filter".to_vec(), filter.clone())]);
    let Ok(rows) = stream::unpack(&plain, raw, &mut left) else { return false };
    let predicted = match dict.get("DecodeParms").map(only) {
        None => Some(true),
        Some(parameters) => parameters.as_ref().and_then(Value::dict).map(|parameters| {
            parameters.0.iter().all(|(_, item)| bytes.get(item.span.clone()).is_some_and(is_in_digits))
                && is_predicted(parameters, &rows)
        }),
    };
    predicted == Some(true) && stream::is_whole(raw, &rows)
}

/// Says whether these are whole rows of PNG's kinds, if there is a predictor.
fn is_predicted(parameters: &Dict, rows: &[u8]) -> bool {
    let number = |key, default| stream::parameter(parameters, key, default);
    match number("Predictor", 1) {
        Some(1) => true,
        Some(10..=15) => {
            let columns = number("Columns", 1).filter(|columns| *columns > 0 && *columns < rows.len().max(2));
            columns.is_some_and(|columns| {
                let mut lines = rows.chunks(columns + 1);
                lines.all(|line| line.len() == columns + 1 && line.first().is_some_and(|kind| *kind <= 4))
            })
        }
        _ => false,
    }
}
