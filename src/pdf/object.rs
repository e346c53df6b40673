//! Reads single objects: those that stand by themselves, and those in object streams.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::decrypt;
use super::error::{PdfError, PdfErrorKind, Result};
use super::file::PdfFile;
use super::lexer::Lexer;
use super::section::{self, Indirect, MAX_OBJECTS, Place, misplaced, too_many};
use super::stream;
use super::value::{Dict, Item, ObjectId, Value};

/// Most references from reference to reference that are followed.
const MAX_HOPS: usize = 16;
/// Most bytes that all streams together may unpack to.
const MAX_UNPACKED: usize = 256 << 20;
/// How many times the file's own length they may unpack to: packing makes a thousand of what says nothing.
const MAX_UNPACKING: usize = 100;
/// What even the streams of a short file may unpack to, in bytes.
const FREE_UNPACKING: usize = 32 << 20;
/// How many times its own length a file may be read in objects between two revisions: objects that overlap
/// could make it endless.
const MAX_READING: usize = 4;
/// What even a short file may be read in objects, in bytes.
const FREE_READING: usize = 32 << 20;

/// An object, or a part of one, and the text that it stands in.
#[derive(Clone, Debug)]
pub struct Object {
    /// Number and generation: at the end of a chain of references the last one's, of a part the whole's.
    pub id: ObjectId,
    /// The object itself; of a stream its dictionary.
    pub item: Item,
    /// The first byte of its data in the file, if it is a stream.
    pub data: Option<usize>,
    /// Whether it has a number that readers take for different ones, such as `595-400`.
    pub is_odd: bool,
    /// Whether it has a name or a string that readers take for different ones, as one that is not encrypted as it should be.
    pub is_loose: bool,
    packed: Option<Arc<ObjectStream>>,
}

/// An object stream, unpacked.
#[derive(Debug)]
pub(super) struct ObjectStream {
    pub(super) text: Vec<u8>,
    /// Number and start of each object, in the order of the stream.
    starts: Vec<(u32, usize)>,
}

/// The object streams of a file so far.
#[derive(Debug)]
pub struct ObjectStreams {
    /// Each is unpacked once, also if in vain.
    known: HashMap<u32, Result<Arc<ObjectStream>>>,
    /// What they and all other streams may still come to, and what they may come to altogether, in bytes.
    left: usize,
    limit: usize,
}

impl Object {
    /// Returns the dictionary, of a stream too.
    pub fn dict(&self) -> Option<&Dict> {
        self.item.value.dict()
    }

    /// Returns where this stands in the file, delimiters included, of a stream its dictionary; `None` if it
    /// stands in an object stream.
    pub fn place(&self) -> Option<Range<usize>> {
        self.packed.is_none().then(|| self.item.span.clone())
    }

    /// Takes an item of this object for itself.
    pub fn part(&self, item: &Item) -> Object {
        let packed = self.packed.clone();
        Object { item: item.clone(), data: None, packed, ..*self }
    }
}

impl ObjectStreams {
    /// Makes those of a file of this length, none of them known yet.
    pub fn new(length: usize) -> ObjectStreams {
        let limit = unpacking_limit(length);
        ObjectStreams { known: HashMap::new(), left: limit, limit }
    }

    /// Returns to how much streams were unpacked so far, in bytes.
    pub fn unpacked(&self) -> usize {
        self.limit.saturating_sub(self.left)
    }
}

impl PdfFile {
    /// Returns the object that a reference leads to, through further references; `None` if there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn object(&self, mut id: ObjectId) -> Result<Option<Object>> {
        for _ in 0..MAX_HOPS {
            let Some(object) = self.load(id.number)? else { return Ok(None) };
            match object.item.value {
                Value::Reference(next) => id = next,
                Value::Null => return Ok(None),
                _ => return Ok(Some(object)),
            }
        }
        Err(PdfError::damaged("references lead in a circle", "对象引用成环"))
    }

    /// Returns the object of this number itself, a reference included; `None` if there is none.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn load(&self, number: u32) -> Result<Option<Object>> {
        // Beforehand: whoever goes on after a refusal is not served either.
        self.check_limits()?;
        match self.xref().places.get(&number) {
            None | Some(Place::Free) => Ok(None),
            Some(&Place::At(offset)) => self.load_at(number, offset).map(Some),
            Some(&Place::Packed(stream, index)) => self.load_packed(number, stream, index).map(Some),
        }
    }

    /// Returns the text of an object or a part of one, byte for byte as it stands; of a stream its dictionary.
    pub fn text<'a>(&'a self, object: &'a Object) -> &'a [u8] {
        let text = object.packed.as_ref().map_or_else(|| self.bytes(), |packed| &packed.text);
        text.get(object.item.span.clone()).unwrap_or_default()
    }

    /// Returns where a stream's data stands in the file, packed as it is; `None` if it is no stream, or its
    /// length is not known. Counts as reading it.
    ///
    /// # Errors
    /// When its length, an object of its own, cannot be read, or when reading the data is too costly.
    pub fn data_range(&self, object: &Object) -> Result<Option<Range<usize>>> {
        let (Some(dict), Some(start)) = (object.dict(), object.data) else { return Ok(None) };
        let range = self.range_from(dict, start)?;
        self.count(range.as_ref().map_or(0, ExactSizeIterator::len));
        self.check_limits()?;
        Ok(range)
    }

    /// Returns a stream's data, decrypted, but packed as it is; `None` if it is no stream, or its length is not known.
    ///
    /// # Errors
    /// When it is encrypted and cannot be decrypted, or is too costly to read.
    pub fn packed_data(&self, object: &Object) -> Result<Option<Cow<'_, [u8]>>> {
        let Some(range) = self.data_range(object)? else { return Ok(None) };
        let Some(dict) = object.dict() else { return Ok(None) };
        self.plain(object.id, dict, self.bytes().get(range).unwrap_or_default()).map(Some)
    }

    /// Returns a stream's data, unpacked; `None` if it is no stream, or its length is not known. In an encrypted
    /// file it is packed too, and cannot be had.
    ///
    /// # Errors
    /// When it is encrypted, damaged, packed in a way that is not known here, or too large.
    pub fn data(&self, object: &Object) -> Result<Option<Vec<u8>>> {
        let Some(range) = self.data_range(object)? else { return Ok(None) };
        let Some(dict) = object.dict() else { return Ok(None) };
        let raw = self.plain(object.id, dict, self.bytes().get(range).unwrap_or_default())?;
        stream::unpack(dict, &raw, &mut self.streams().left).map(Some)
    }

    /// Returns a stream's data, unpacked, if it is packed in a way that all readers undo alike: not at all, or by Flate
    /// alone, without parameters, and right to its end. `None` for every other.
    ///
    /// # Errors
    /// As [`PdfFile::data`].
    pub fn plain_data(&self, object: &Object) -> Result<Option<Vec<u8>>> {
        let Some(dict) = object.dict() else { return Ok(None) };
        if ["F", "DP", "DecodeParms"].iter().any(|key| dict.get(key).is_some()) {
            return Ok(None);
        }
        let is_flate = |value: &Value| matches!(value.name(), Some(b"FlateDecode" | b"Fl"));
        let is_packed = match dict.get("Filter").map(|item| &item.value) {
            None => false,
            Some(Value::Array(filters)) => match filters.as_slice() {
                [] => false,
                [one] if is_flate(&one.value) => true,
                _ => return Ok(None),
            },
            Some(filter) if is_flate(filter) => true,
            Some(_) => return Ok(None),
        };
        let Some(packed) = self.packed_data(object)? else { return Ok(None) };
        let plain = stream::unpack(dict, &packed, &mut self.streams().left)?;
        Ok((!is_packed || stream::is_whole(&packed, &plain)).then_some(plain))
    }

    /// Returns the object of this number that stands at this byte, whatever the table says.
    ///
    /// # Errors
    /// When it does not stand there, or cannot be read.
    pub fn load_at(&self, number: u32, offset: usize) -> Result<Object> {
        let Indirect { id, mut item, data, is_odd, mut is_loose, .. } = self.indirect(offset)?;
        if id.number != number {
            return Err(misplaced());
        }
        // The dictionary that tells of the encryption is not encrypted itself.
        let table = self.xref().trailer.get("Encrypt").and_then(|item| item.value.reference());
        if let Some(decrypt) = self.decrypt.as_ref().filter(|_| table != Some(id)) {
            is_loose |= !decrypt::strings(&**decrypt, id, &mut item.value);
        }
        Ok(Object { id, item, data, is_odd, is_loose, packed: None })
    }

    pub(super) fn load_packed(&self, number: u32, stream: u32, index: usize) -> Result<Object> {
        let packed = self.object_stream(stream)?;
        // Some readers go by the number, others by the place: where the two differ there is no object for all.
        let start = packed.starts.get(index).filter(|(found, _)| *found == number);
        let &(_, start) = start.ok_or_else(misplaced)?;
        // Many readers end it where the next one begins.
        let next = packed.starts.get(index + 1).map_or(packed.text.len(), |(_, next)| *next);
        let mut lexer = Lexer::new(packed.text.get(..next).unwrap_or(&packed.text), start);
        let item = lexer.object();
        self.count(lexer.reach().saturating_sub(start));
        let (id, is_odd, is_loose) = (ObjectId::new(number), lexer.is_odd(), lexer.is_loose());
        Ok(Object { id, item: item?, data: None, is_odd, is_loose, packed: Some(packed) })
    }

    /// Returns the numbers of the objects in an object stream, in its order.
    ///
    /// # Errors
    /// When it is none, or cannot be read.
    pub(crate) fn packed_numbers(&self, stream: u32) -> Result<Vec<u32>> {
        self.check_limits()?;
        Ok(self.object_stream(stream)?.starts.iter().map(|(number, _)| *number).collect())
    }

    pub(super) fn object_stream(&self, number: u32) -> Result<Arc<ObjectStream>> {
        // Locked throughout: threads that want the same stream must not all unpack it.
        let mut streams = self.streams();
        if let Some(known) = streams.known.get(&number) {
            return known.clone();
        }
        let stream = self.unpack(number, &mut streams).map(Arc::new);
        streams.known.insert(number, stream.clone());
        stream
    }

    fn unpack(&self, number: u32, streams: &mut ObjectStreams) -> Result<ObjectStream> {
        let broken = || PdfError::damaged("an object stream cannot be read", "对象流无法读取");
        // An object stream stands by itself: were it packed in turn, reading would not end.
        let Some(&Place::At(offset)) = self.xref().places.get(&number) else { return Err(broken()) };
        let found = self.load_at(number, offset)?;
        let dict = found.dict().ok_or_else(broken)?;
        let raw = self.range_beside(dict, found.data.ok_or_else(broken)?)?.ok_or_else(broken)?;
        self.count(raw.len());
        let integer = |key: &str| dict.get(key).and_then(|item| item.value.index()).ok_or_else(broken);
        let (count, first) = (integer("N")?, integer("First")?);
        if count > MAX_OBJECTS {
            return Err(too_many());
        }
        let raw = self.bytes().get(raw).unwrap_or_default();
        let raw = if self.decrypt.is_some() { self.plain(found.id, dict, raw)? } else { raw.into() };
        let objects = stream::unpack(dict, &raw, &mut streams.left).and_then(|text| {
            stream::take(&mut streams.left, count.saturating_mul(size_of::<(u32, usize)>()))?;
            Ok(ObjectStream { starts: starts(&text, count, first).ok_or_else(broken)?, text })
        });
        objects.map_err(|error| match error.kind {
            PdfErrorKind::Damaged if self.xref().encrypted && self.decrypt.is_none() => encrypted(),
            _ => error,
        })
    }

    /// Returns a stream's bytes, decrypted where they are encrypted.
    fn plain<'a>(&self, id: ObjectId, dict: &Dict, raw: &'a [u8]) -> Result<Cow<'a, [u8]>> {
        if !self.xref().encrypted {
            return Ok(raw.into());
        }
        let decrypt = self.decrypt.as_ref().ok_or_else(encrypted)?;
        let broken = || PdfError::damaged("a stream cannot be decrypted", "有数据流无法解密");
        decrypt.data(id, dict, raw).map(Cow::Owned).ok_or_else(broken)
    }

    pub(super) fn indirect(&self, offset: usize) -> Result<Indirect> {
        let mut lexer = Lexer::new(self.bytes(), offset);
        let found = section::indirect(&mut lexer);
        self.count(lexer.reach().saturating_sub(offset));
        found
    }

    /// Returns where the object of this number ends that stands at this byte, its last word included.
    pub(super) fn extent(&self, number: u32, offset: usize) -> Result<usize> {
        self.check_limits()?;
        let found = self.indirect(offset)?;
        if found.id.number != number {
            return Err(misplaced());
        }
        let data = match (found.data, found.item.value.dict()) {
            (Some(start), Some(dict)) => self.range_from(dict, start)?,
            _ => None,
        };
        let mut lexer = Lexer::new(self.bytes(), data.as_ref().map_or(found.item.span.end, |data| data.end));
        if data.is_some() && !lexer.word(b"endstream") {
            return Err(misplaced());
        }
        // Without its last word it ends all the same.
        lexer.word(b"endobj");
        Ok(lexer.at)
    }

    /// Returns where a stream's data stands; its length may be an object of its own.
    pub(super) fn range_from(&self, dict: &Dict, start: usize) -> Result<Option<Range<usize>>> {
        let length = dict.get("Length").and_then(|item| item.value.reference());
        match length.map(|id| (id.number, self.xref().places.get(&id.number))) {
            Some((number, Some(Place::Packed(..)))) => {
                let length = self.load(number)?.and_then(|length| length.item.value.index());
                Ok(self.range(start, length))
            }
            _ => self.range_beside(dict, start),
        }
    }

    /// Returns where a stream's data stands; its length may be an object of its own, but no packed one.
    fn range_beside(&self, dict: &Dict, start: usize) -> Result<Option<Range<usize>>> {
        let length = match dict.get("Length").map(|item| &item.value) {
            Some(Value::Reference(id)) => match self.xref().places.get(&id.number) {
                Some(&Place::At(offset)) => self.indirect(offset)?.item.value.index(),
                _ => None,
            },
            Some(value) => value.index(),
            None => None,
        };
        Ok(self.range(start, length))
    }

    fn range(&self, start: usize, length: Option<usize>) -> Option<Range<usize>> {
        let end = length.and_then(|length| start.checked_add(length));
        end.filter(|&end| end <= self.bytes().len()).map(|end| start..end)
    }

    pub(super) fn count(&self, bytes: usize) {
        let add = |read: usize| Some(read.saturating_add(bytes));
        let _ = self.read.fetch_update(Ordering::Relaxed, Ordering::Relaxed, add);
    }

    /// Fails once the file took more reading than an honest one does.
    fn check_limits(&self) -> Result<()> {
        let (left, unpacked) = {
            let streams = self.streams();
            (streams.left, streams.unpacked())
        };
        let limit = self.bytes().len().saturating_add(unpacked).saturating_mul(MAX_READING);
        if self.read.load(Ordering::Relaxed) > limit.saturating_add(FREE_READING) {
            return Err(PdfError::too_costly("its objects overlap", "对象相互重叠"));
        }
        if left == 0 {
            return Err(stream::too_large());
        }
        Ok(())
    }
}

/// Returns what the streams of a file of this length may unpack to altogether, in bytes.
pub fn unpacking_limit(length: usize) -> usize {
    length.saturating_mul(MAX_UNPACKING).saturating_add(FREE_UNPACKING).min(MAX_UNPACKED)
}

/// Reads number and start of each object in an object stream, one behind the other; `None` if it cannot be read, or has a
/// number twice.
fn starts(text: &[u8], count: usize, first: usize) -> Option<Vec<(u32, usize)>> {
    let mut lexer = Lexer::new(text, 0);
    let mut starts = Vec::new();
    for _ in 0..count {
        let number = u32::try_from(lexer.unsigned()?).ok()?;
        let offset = usize::try_from(lexer.unsigned()?).ok()?;
        starts.push((number, first.checked_add(offset)?));
    }
    let mut numbers: Vec<u32> = starts.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    let is_each_once = numbers.windows(2).all(|pair| pair.first() != pair.last());
    let ascends = starts.is_sorted_by(|before, next| before.1 < next.1);
    (is_each_once && ascends).then_some(starts)
}

fn encrypted() -> PdfError {
    PdfError::encrypted("its streams are encrypted", "数据流已加密")
}
