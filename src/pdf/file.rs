//! A PDF in memory, whose objects are read on demand and whose bytes are never changed, only added to.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::ops::Range;
use std::rc::Rc;

use super::error::{PdfError, Result};
use super::lexer::Lexer;
use super::stream;
use super::value::{Dict, Item, Value};
use super::xref::{self, Indirect, Place, Xref};

/// Most references from reference to reference that are followed.
const MAX_HOPS: usize = 16;
/// Most bytes that all object streams together may unpack to.
const MAX_UNPACKED: usize = 256 << 20;
/// How many times its own length a file may be read in objects between two revisions: objects that overlap
/// could make it endless.
const MAX_READING: usize = 4;
/// What even a short file may be read in objects, in bytes.
const FREE_READING: usize = 64 << 20;

/// Number and generation of an object.
pub type ObjectId = (u32, u16);

/// A PDF, and where its objects stand.
pub struct PdfFile {
    /// The file, with whatever was appended so far.
    pub bytes: Vec<u8>,
    /// Where its objects stand.
    pub xref: Xref,
    /// Each object stream is unpacked once, also if in vain.
    packed: RefCell<HashMap<u32, Result<Rc<PackedObjects>>>>,
    unpacked: Cell<usize>,
    /// Bytes of objects read in this revision so far, also in vain.
    read: Cell<usize>,
}

/// The objects of an object stream.
struct PackedObjects {
    text: Vec<u8>,
    /// Number and start of each, in the order of the stream.
    starts: Vec<(u32, usize)>,
}

/// An object and the text it stands in.
#[derive(Clone)]
pub struct Object {
    /// Number and generation, when it has some: the last one of a chain of references.
    pub id: ObjectId,
    /// What it is.
    pub item: Item,
    /// Where its data starts in the file, if it is a stream.
    pub data: Option<usize>,
    text: Option<Rc<PackedObjects>>,
}

impl PdfFile {
    /// Reads the structure of a file.
    pub fn open(bytes: Vec<u8>) -> Result<PdfFile> {
        let xref = Xref::load(&bytes)?;
        Ok(PdfFile { bytes, xref, packed: RefCell::default(), unpacked: Cell::new(0), read: Cell::new(0) })
    }

    /// The object that a reference leads to; `None` if there is none.
    pub fn object(&self, mut id: ObjectId) -> Result<Option<Object>> {
        for _ in 0..MAX_HOPS {
            let Some(object) = self.load(id.0)? else { return Ok(None) };
            match object.item.value {
                Value::Reference(number, generation) => id = (number, generation),
                Value::Null => return Ok(None),
                _ => return Ok(Some(object)),
            }
        }
        Err(PdfError::damaged("references lead in a circle", "对象引用成环"))
    }

    /// The value itself, or what it refers to; `Null` if that does not exist.
    pub fn resolve(&self, value: &Value) -> Result<Value> {
        match value {
            Value::Reference(number, generation) => {
                Ok(self.object((*number, *generation))?.map_or(Value::Null, |object| object.item.value))
            }
            value => Ok(value.clone()),
        }
    }

    /// What an entry of a dictionary is or refers to; `Null` if it is absent.
    pub fn entry(&self, dict: &Dict, key: &str) -> Result<Value> {
        dict.get(key).map_or(Ok(Value::Null), |item| self.resolve(&item.value))
    }

    /// The catalogue.
    pub fn catalog(&self) -> Result<Object> {
        let root = self.xref.trailer.get("Root").map(|item| &item.value);
        let Some(&Value::Reference(number, generation)) = root else { return Err(no_catalog()) };
        let object = self.object((number, generation))?.ok_or_else(no_catalog)?;
        if object.item.value.dict().is_none() {
            return Err(no_catalog());
        }
        Ok(object)
    }

    /// The text of an object, byte for byte as it stands.
    pub fn text(&self, object: &Object) -> Vec<u8> {
        let text = object.text.as_ref().map_or(self.bytes.as_slice(), |packed| &packed.text);
        xref::text_of(text, &object.item.span)
    }

    /// The text of an item of the trailer.
    pub fn trailer_text(&self, key: &str) -> Option<Vec<u8>> {
        self.xref.trailer.get(key).map(|item| xref::text_of(&self.bytes, &item.span))
    }

    /// The object of this number itself, a reference included.
    pub fn load(&self, number: u32) -> Result<Option<Object>> {
        let object = self.find(number);
        self.check_limits()?;
        object
    }

    /// Fails once the file took more reading than an honest one does. Whoever passes over objects that cannot
    /// be read must ask this.
    pub fn check_limits(&self) -> Result<()> {
        let most = self.bytes.len().saturating_add(self.unpacked.get()).saturating_mul(MAX_READING);
        if self.read.get() > most.saturating_add(FREE_READING) {
            return Err(PdfError::too_costly("its objects overlap", "对象相互重叠"));
        }
        if self.unpacked.get() >= MAX_UNPACKED {
            return Err(PdfError::too_costly("a stream of its structure is too large", "结构流过大"));
        }
        Ok(())
    }

    /// Lets the next revision read as much as the first.
    pub fn begin_revision(&self) {
        self.read.set(0);
    }

    /// Counts bytes as read.
    pub fn count(&self, bytes: usize) {
        self.read.set(self.read.get().saturating_add(bytes));
    }

    fn indirect(&self, offset: usize) -> Result<Indirect> {
        let mut lexer = Lexer::new(&self.bytes, offset);
        let found = xref::indirect(&mut lexer);
        self.count(lexer.reach().saturating_sub(offset));
        found
    }

    fn find(&self, number: u32) -> Result<Option<Object>> {
        match self.xref.places.get(&number) {
            None | Some(Place::Free) => Ok(None),
            Some(&Place::At(offset)) => {
                let found = self.indirect(offset)?;
                if found.id.0 != number {
                    return Err(PdfError::damaged(
                        "an object is not where the table says",
                        "对象不在索引表所指的位置",
                    ));
                }
                Ok(Some(Object { id: found.id, item: found.item, data: found.data, text: None }))
            }
            Some(&Place::Packed(stream, index)) => self.load_packed(number, stream, index),
        }
    }

    fn load_packed(&self, number: u32, stream: u32, index: usize) -> Result<Option<Object>> {
        let known = self.packed.borrow().get(&stream).cloned();
        let packed = match known {
            Some(packed) => packed,
            None => {
                let packed = self.unpack(stream).map(Rc::new);
                self.packed.borrow_mut().insert(stream, packed.clone());
                packed
            }
        }?;
        let start = packed.starts.get(index).filter(|(found, _)| *found == number);
        let Some(&(_, start)) = start else { return Ok(None) };
        let mut lexer = Lexer::new(&packed.text, start);
        let item = lexer.object();
        self.count(lexer.reach().saturating_sub(start));
        Ok(Some(Object { id: (number, 0), item: item?, data: None, text: Some(packed) }))
    }

    fn unpack(&self, number: u32) -> Result<PackedObjects> {
        let broken = || PdfError::damaged("an object stream cannot be read", "对象流无法读取");
        // An object stream stands by itself: were it packed in turn, reading would not end.
        let Some(&Place::At(offset)) = self.xref.places.get(&number) else { return Err(broken()) };
        let found = self.indirect(offset)?;
        if found.id.0 != number {
            return Err(broken());
        }
        let dict = found.item.value.dict().ok_or_else(broken)?;
        let raw = self.stream_data(dict, found.data.ok_or_else(broken)?)?.ok_or_else(broken)?;
        self.count(raw.len());
        let mut left = MAX_UNPACKED.saturating_sub(self.unpacked.get());
        let text = stream::unpack(dict, self.bytes.get(raw).unwrap_or_default(), &mut left);
        self.unpacked.set(MAX_UNPACKED.saturating_sub(left));
        let text = text?;
        let integer = |key: &str| dict.get(key).and_then(|item| item.value.index()).ok_or_else(broken);
        let (count, first) = (integer("N")?, integer("First")?);
        let mut lexer = Lexer::new(&text, 0);
        let mut starts = Vec::new();
        for _ in 0..count {
            let object = lexer.unsigned().and_then(|n| u32::try_from(n).ok()).ok_or_else(broken)?;
            let offset = lexer.unsigned().and_then(|n| usize::try_from(n).ok()).ok_or_else(broken)?;
            starts.push((object, first.checked_add(offset).ok_or_else(broken)?));
        }
        Ok(PackedObjects { text, starts })
    }

    /// Where a stream's data stands; its length may be an object of its own, but no packed one.
    pub fn stream_data(&self, dict: &Dict, start: usize) -> Result<Option<Range<usize>>> {
        let length = match dict.get("Length").map(|item| &item.value) {
            Some(Value::Reference(number, _)) => match self.xref.places.get(number) {
                Some(&Place::At(offset)) => self.indirect(offset)?.item.value.index(),
                _ => None,
            },
            Some(value) => value.index(),
            None => None,
        };
        let end = length.and_then(|length| start.checked_add(length));
        Ok(end.filter(|&end| end <= self.bytes.len()).map(|end| start..end))
    }
}

fn no_catalog() -> PdfError {
    PdfError::damaged("it has no catalogue", "缺少文档目录对象")
}
