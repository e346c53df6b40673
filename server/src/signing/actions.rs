//! Whether anything in a PDF acts by itself: scripts, and programs that it starts.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;

use wosigndoc::pdf::{self, Item, Object, ObjectId, Page, PdfErrorKind, PdfFile, Value};
use wosigndoc::protocol::Bilingual;

use super::error::{Result, SigningError};
use super::script::{is_script_address, only_formats};
use super::xfa;

/// Most objects that may be unreadable.
const MAX_UNREADABLE: usize = 1000;

/// Finds the first script or program that the document holds, and says what and where. What Acrobat's own functions
/// do with the form's fields is none.
///
/// Only what the document's catalogue leads to counts: no reader comes to anything else. Objects that are damaged are
/// passed over: no reader that is not more forgiving follows them. What is merely beyond this reader others may
/// follow, so it must not pass for harmless.
pub fn acts(pdf: &PdfFile, pages: &[Page]) -> Result<Option<Bilingual>> {
    let numbers = pages.iter().zip(1..).map(|(page, number)| (page.id.number, number));
    let mut search = Search {
        pdf,
        pages: numbers.collect(),
        waiting: Vec::new(),
        seen: HashSet::new(),
        place: Rc::new(Place::Trailer),
        found: None,
    };
    for key in ["Info", "Root"] {
        if let Some(id) = pdf.xref().trailer.get(key).and_then(|item| item.value.reference()) {
            search.wait(id);
        }
    }
    search.run()
}

/// Where in the document something was found.
enum Place {
    Trailer,
    Page(u32),
    /// What an entry of the catalogue leads to.
    Catalogue(String),
}

struct Search<'a> {
    pdf: &'a PdfFile,
    /// The page that each page's object is.
    pages: HashMap<u32, u32>,
    /// Objects to look into, and the place that they belong to.
    waiting: Vec<(ObjectId, Rc<Place>)>,
    seen: HashSet<u32>,
    place: Rc<Place>,
    found: Option<Bilingual>,
}

impl Search<'_> {
    fn run(mut self) -> Result<Option<Bilingual>> {
        let mut unreadable = 0;
        while let (None, Some((id, place))) = (&self.found, self.waiting.pop()) {
            self.place = place;
            match self.pdf.load(id.number) {
                Ok(Some(object)) => self.look_into(&object)?,
                Ok(None) => {}
                Err(error) if error.kind == PdfErrorKind::Damaged => unreadable += 1,
                Err(error) => return Err(error.into()),
            }
            if unreadable > MAX_UNREADABLE {
                return Err(SigningError::unsupported(Bilingual::fixed(
                    "too many of its objects cannot be read",
                    "无法读取的对象过多",
                )));
            }
        }
        Ok(self.found)
    }

    fn wait(&mut self, id: ObjectId) {
        if self.seen.insert(id.number) {
            self.waiting.push((id, Rc::clone(&self.place)));
        }
    }

    fn look_into(&mut self, object: &Object) -> pdf::Result<()> {
        if let Some(&page) = self.pages.get(&object.id.number) {
            self.place = Rc::new(Place::Page(page));
        }
        let root = self.pdf.xref().trailer.get("Root").and_then(|item| item.value.reference());
        match object.dict() {
            Some(dict) if root.is_some_and(|root| root.number == object.id.number) => {
                // What is looked into last is what the page tree leads to.
                for (key, item) in &dict.0 {
                    self.place = Rc::new(Place::Catalogue(String::from_utf8_lossy(key).into_owned()));
                    self.entry(object, key, item)?;
                }
                Ok(())
            }
            _ => self.item(object, &object.item),
        }
    }

    fn item(&mut self, object: &Object, item: &Item) -> pdf::Result<()> {
        match &item.value {
            Value::Reference(id) => self.wait(*id),
            Value::Array(items) => {
                for item in items {
                    self.item(object, item)?;
                }
            }
            // Of a key that is there twice, readers take the first or the last: either may act.
            Value::Dict(dict) => {
                for (key, item) in &dict.0 {
                    self.entry(object, key, item)?;
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn entry(&mut self, object: &Object, key: &[u8], item: &Item) -> pdf::Result<()> {
        match key {
            b"S" if self.kind(&item.value)?.as_deref() == Some(b"Launch") => {
                self.note(
                    object,
                    "an action that starts a program or opens a file (Launch)",
                    "启动程序或打开文件的动作（Launch）",
                );
            }
            b"JS" if item.value != Value::Null && !self.formats(&item.value)? => {
                self.note(object, "a script (JavaScript)", "脚本（JavaScript）");
            }
            b"URI" if self.text(&item.value)?.is_some_and(|address| is_script_address(&address)) => {
                self.note(object, "a link that runs a script (javascript:)", "运行脚本的链接（javascript:）");
            }
            b"XFA" => match self.form_of_xml(&item.value)? {
                Some(form) if !xfa::holds_script(&form) => {}
                Some(_) => self.note(object, "a script in a form in XML (XFA)", "XML 表单（XFA）中的脚本"),
                // Others may read it.
                None => self.note(
                    object,
                    "a form in XML (XFA) that cannot be read and may hold scripts",
                    "无法读取、可能带有脚本的 XML 表单（XFA）",
                ),
            },
            _ => {}
        }
        self.item(object, item)
    }

    /// Returns the text of an XFA form, one stream or an array of names and streams; `None` if one of them cannot be
    /// unpacked.
    fn form_of_xml(&self, value: &Value) -> pdf::Result<Option<String>> {
        let mut text = String::new();
        let whole = self.resolve(value)?;
        let whole_value = whole.as_ref().map_or(value, |object| &object.item.value);
        let parts = whole_value.array().unwrap_or_default().iter().map(|item| self.resolve(&item.value));
        for object in std::iter::once(Ok(whole.clone())).chain(parts) {
            let Some(object) = object?.filter(|object| object.data.is_some()) else { continue };
            match self.pdf.data(&object) {
                Ok(Some(packet)) => text.push_str(&xfa::text(&packet)),
                _ => return Ok(None),
            }
        }
        Ok(Some(text))
    }

    fn note(&mut self, object: &Object, en: &str, zh: &str) {
        let number = object.id.number;
        let (where_en, where_zh) = match &*self.place {
            Place::Trailer => (String::new(), String::new()),
            Place::Page(page) => (format!(" on page {page},"), format!("第 {page} 页")),
            Place::Catalogue(key) => (format!(" under the catalogue's /{key},"), format!("文档目录 /{key} ")),
        };
        self.found.get_or_insert_with(|| {
            Bilingual::new(
                format!("the PDF holds {en}{where_en} in object {number}; remove it or print the document to PDF anew"),
                format!("PDF {where_zh}（对象 {number}）含有{zh}；请将其删除，或将文件重新打印为 PDF"),
            )
        });
    }

    /// Returns a name, which may be an object of its own.
    fn kind(&self, value: &Value) -> pdf::Result<Option<Vec<u8>>> {
        let found = self.resolve(value)?;
        let value = found.as_ref().map_or(value, |object| &object.item.value);
        Ok(value.name().map(<[u8]>::to_vec))
    }

    fn text(&self, value: &Value) -> pdf::Result<Option<String>> {
        let found = self.resolve(value)?;
        Ok(found.as_ref().map_or(value, |object| &object.item.value).text())
    }

    /// Says whether a script, a string or a stream, only formats fields.
    fn formats(&self, value: &Value) -> pdf::Result<bool> {
        if let Some(script) = value.text() {
            return Ok(only_formats(&script));
        }
        let Some(object) = self.resolve(value)? else { return Ok(true) };
        if let Some(script) = object.item.value.text() {
            return Ok(only_formats(&script));
        }
        // What cannot be unpacked here others may read.
        let script = self.pdf.data(&object).ok().flatten();
        Ok(script.and_then(|script| Value::String(script).text()).is_some_and(|script| only_formats(&script)))
    }

    /// Returns what a reference leads to; `None` if that does not exist or cannot be read, or if it is none.
    fn resolve(&self, value: &Value) -> pdf::Result<Option<Object>> {
        let Value::Reference(id) = value else { return Ok(None) };
        match self.pdf.object(*id) {
            Err(error) if error.kind == PdfErrorKind::Damaged => Ok(None),
            other => other,
        }
    }
}
