//! A PDF in memory, whose bytes are never changed, only added to.

use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use super::crypt;
use super::decrypt::Decrypt;
use super::error::{PdfError, PdfErrorKind, Result};
use super::object::{Object, ObjectStreams};
use super::section::Place;
use super::value::{Dict, Item, Value};
use super::xref::Xref;

/// A PDF, and where its objects stand.
///
/// Objects are read when they are asked for, so a file may open and still hold objects that cannot be read.
/// What is read counts: a file that takes more reading than an honest one does fails with
/// [`TooCostly`](super::PdfErrorKind::TooCostly), however often and from however many threads it is asked.
#[derive(Debug)]
pub struct PdfFile {
    /// The file, and maybe more behind it that belongs to later revisions.
    bytes: Arc<Vec<u8>>,
    length: usize,
    xref: Xref,
    /// How an encrypted file is read, by who has its key.
    pub(super) decrypt: Option<Arc<dyn Decrypt>>,
    pub(super) streams: Mutex<ObjectStreams>,
    /// Bytes of objects read in this revision so far, also in vain.
    pub(super) read: AtomicUsize,
}

/// One file may be read from many threads at once.
const _: () = {
    const fn shared<T: Send + Sync>() {}
    shared::<PdfFile>();
    shared::<Object>();
};

impl PdfFile {
    /// Reads the structure of a file.
    ///
    /// # Errors
    /// When it is no PDF, when the tables of its objects cannot be read, or when that is too costly.
    pub fn open(bytes: Vec<u8>) -> Result<PdfFile> {
        let length = bytes.len();
        PdfFile::part(Arc::new(bytes), length)
    }

    /// Reads the structure of a file, and decrypts it if it is encrypted: by the password, or without one as everybody
    /// may read it.
    ///
    /// # Errors
    /// As [`PdfFile::open`]; also when the password is wrong, or the encryption not known here.
    pub fn open_with(bytes: Vec<u8>, password: Option<&str>) -> Result<PdfFile> {
        let pdf = PdfFile::open(bytes)?;
        if pdf.xref().trailer.get("Encrypt").is_none() {
            return Ok(pdf);
        }
        for password in password.into_iter().chain([""]) {
            if let Some(key) = crypt::key_of(&pdf, password)? {
                return Ok(pdf.unlocked(Arc::new(key)));
            }
        }
        Err(PdfError::encrypted(
            "it is encrypted, and the password is missing, wrong, or no way to open it",
            "文件已加密，密码缺失、错误或无法用密码打开",
        ))
    }

    /// Returns the file as it was when this revision was the newest: `0` is the oldest.
    ///
    /// # Errors
    /// As [`PdfFile::open`]; also when there is no such revision.
    pub fn revision(&self, index: usize) -> Result<PdfFile> {
        let range = self.xref.revisions.get(index);
        let range = range.ok_or_else(|| PdfError::damaged("it has no such revision", "没有该修订版本"))?;
        let part = PdfFile::part(Arc::clone(&self.bytes), range.end)?;
        Ok(PdfFile { decrypt: self.decrypt.clone(), ..part })
    }

    /// Returns the file as it was when it ended at this byte, as whoever signed so much of it had it.
    ///
    /// # Errors
    /// As [`PdfFile::open`].
    pub fn until(&self, end: usize) -> Result<PdfFile> {
        let part = PdfFile::part(Arc::clone(&self.bytes), end.min(self.length))?;
        Ok(PdfFile { decrypt: self.decrypt.clone(), ..part })
    }

    /// Returns the file so that strings and streams are read decrypted. The text of its objects stays as it stands.
    #[must_use]
    pub fn unlocked(self, decrypt: Arc<dyn Decrypt>) -> PdfFile {
        let streams = Mutex::new(ObjectStreams::new(self.length));
        PdfFile { decrypt: Some(decrypt), streams, ..self }
    }

    fn part(bytes: Arc<Vec<u8>>, length: usize) -> Result<PdfFile> {
        let xref = Xref::load(bytes.get(..length).unwrap_or_default())?;
        Ok(PdfFile {
            bytes,
            length,
            xref,
            decrypt: None,
            streams: Mutex::new(ObjectStreams::new(length)),
            read: AtomicUsize::new(0),
        })
    }

    /// Adds a revision: changed objects, a section whose `/Prev` is where the newest one starts, and
    /// `startxref`. Its bytes follow those of the file, which may have to end with a line end first.
    ///
    /// # Errors
    /// When the section cannot be read or does not follow the newest one. The bytes are there all the same.
    pub fn append(&mut self, revision: &[u8]) -> Result<()> {
        let bytes = Arc::make_mut(&mut self.bytes);
        bytes.truncate(self.length);
        bytes.extend_from_slice(revision);
        self.length = bytes.len();
        // The new revision may be read as much as the one before.
        self.read = AtomicUsize::new(0);
        self.xref.extend(bytes)
    }

    /// Returns the bytes of the file.
    pub fn bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    /// Returns the bytes of the file, and is done with it.
    pub fn into_bytes(self) -> Vec<u8> {
        let mut bytes = Arc::unwrap_or_clone(self.bytes);
        bytes.truncate(self.length);
        bytes
    }

    /// Returns where the objects stand.
    pub fn xref(&self) -> &Xref {
        &self.xref
    }

    /// Returns what each revision added to the file, oldest first: the first starts at 0, each ends behind its
    /// `%%EOF` and the line end there, and the next one starts where it ends. What stands behind the newest one
    /// belongs to none.
    pub fn revisions(&self) -> &[Range<usize>] {
        &self.xref.revisions
    }

    /// Returns the numbers of the objects that are not where they were in an earlier revision of this file, or
    /// that one of the two lacks, in ascending order. An object in an object stream counts when that stream
    /// does.
    pub fn changed_since(&self, earlier: &PdfFile) -> Vec<u32> {
        let place = |file: &PdfFile, number: u32| match file.xref.places.get(&number) {
            None | Some(Place::Free) => None,
            Some(&Place::At(offset)) => Some((offset, 0)),
            Some(&Place::Packed(stream, index)) => match file.xref.places.get(&stream) {
                Some(&Place::At(offset)) => Some((offset, index + 1)),
                _ => None,
            },
        };
        let mut numbers = self.xref.numbers();
        numbers.extend(earlier.xref.numbers());
        numbers.sort_unstable();
        numbers.dedup();
        numbers.retain(|&number| place(self, number) != place(earlier, number));
        numbers
    }

    /// Returns how many bytes were read and unpacked so far: what the file cost.
    pub fn cost(&self) -> usize {
        self.read.load(Ordering::Relaxed).saturating_add(self.streams().unpacked())
    }

    /// Returns which bytes, from this one on, belong to something that a section of this file leads to: sections,
    /// and objects in any of their versions. In ascending order; they may overlap.
    ///
    /// # Errors
    /// When a section cannot be read, or it is too costly.
    pub fn reached_from(&self, from: usize) -> Result<Vec<Range<usize>>> {
        let mut reached: Vec<Range<usize>> =
            self.xref.sections.iter().filter(|range| range.end > from).cloned().collect();
        for (offset, number) in self.xref.places_behind(self.bytes(), from)? {
            match self.extent(number, offset) {
                Ok(end) => reached.push(offset..end),
                Err(error) if error.kind == PdfErrorKind::TooCostly => return Err(error),
                // What stands here is no object: it stays unreached.
                Err(_) => {}
            }
        }
        reached.sort_unstable_by_key(|range| range.start);
        Ok(reached)
    }

    /// Returns the document's catalogue.
    ///
    /// # Errors
    /// When there is none, or it cannot be read.
    pub fn catalog(&self) -> Result<Object> {
        let no_catalog = || PdfError::damaged("it has no catalogue", "缺少文档目录对象");
        let root = self.xref.trailer.get("Root").and_then(|item| item.value.reference());
        let object = self.object(root.ok_or_else(no_catalog)?)?.ok_or_else(no_catalog)?;
        if object.dict().is_none() {
            return Err(no_catalog());
        }
        Ok(object)
    }

    /// Returns the text of an entry of the trailer, byte for byte as it stands.
    pub fn trailer_text(&self, key: &str) -> Option<&[u8]> {
        self.xref.trailer.get(key).and_then(|item| self.bytes().get(item.span.clone()))
    }

    /// Returns what a value is or refers to; `Null` if that does not exist.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn resolve(&self, value: &Value) -> Result<Value> {
        match value {
            Value::Reference(id) => Ok(self.object(*id)?.map_or(Value::Null, |object| object.item.value)),
            value => Ok(value.clone()),
        }
    }

    /// Returns what an entry of a dictionary is or refers to; `Null` if it is absent.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn entry(&self, dict: &Dict, key: &str) -> Result<Value> {
        dict.get(key).map_or(Ok(Value::Null), |item| self.resolve(&item.value))
    }

    /// Returns what an item of an object is or refers to, with its place; `None` if that does not exist.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn follow(&self, holder: &Object, item: &Item) -> Result<Option<Object>> {
        match item.value {
            Value::Reference(id) => self.object(id),
            Value::Null => Ok(None),
            _ => Ok(Some(holder.part(item))),
        }
    }

    /// Returns what an entry of an object's dictionary is or refers to, with its place; `None` if that does not
    /// exist.
    ///
    /// # Errors
    /// When the object cannot be read.
    pub fn get(&self, holder: &Object, key: &str) -> Result<Option<Object>> {
        let item = holder.dict().and_then(|dict| dict.get(key));
        item.map_or(Ok(None), |item| self.follow(holder, item))
    }

    /// Locks what is known of the object streams. A thread that panicked left nothing half done there.
    pub(super) fn streams(&self) -> std::sync::MutexGuard<'_, ObjectStreams> {
        self.streams.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
