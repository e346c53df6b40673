//! The look of form fields whose value their appearance does not show: some programs fill in fields and leave the
//! drawing to viewers (`NeedAppearances`), which then draw no seal. What cannot be drawn here is left as it stands.

mod button;
mod frame;
mod hand;
mod list;
mod text;

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;

use wosigndoc::pdf::{self, Object, ObjectId, PdfFile, Value, fields};

use super::edit::Editor;
use super::error::Result;
use super::seal::{Fonts, Glyph, number};

/// A list with a field for text, among the bits of `/Ff`.
const COMBO: i64 = 1 << 17;
/// Most fields above a field.
const MAX_LEVELS: usize = 32;
/// Most characters that are drawn in outlines, each of which is some hundred bytes long.
const MAX_OUTLINES: usize = 20_000;
/// The size of a text whose size is left open, if there is room.
const USUAL_SIZE: f64 = 12.0;

/// Gives every field an appearance that shows its value, where it has none or one that shows another.
pub fn refresh(editor: &mut Editor<'_>, fonts: &Fonts) -> Result<()> {
    let pdf = editor.pdf;
    let Some(form) = pdf.get(&pdf.catalog()?, "AcroForm")? else { return Ok(()) };
    if pdf.get(&form, "NeedAppearances")?.is_none_or(|wish| wish.item.value != Value::Bool(true)) {
        return Ok(());
    }
    let resources = resources(pdf, &form)?;
    let form = Form {
        pdf,
        form,
        fonts,
        known: RefCell::default(),
        composite: RefCell::default(),
        outlines_left: Cell::new(MAX_OUTLINES),
    };
    for field in fields(pdf)? {
        let field = field?;
        let change = form.change(&field.object, field.kind.as_deref())?;
        // One that stands directly in another object is left alone.
        if !matches!(change, Change::None)
            && pdf
                .load(field.object.id.number)?
                .is_some_and(|whole| whole.item.span == field.object.item.span)
        {
            put(editor, &field.object, change, &resources)?;
        }
    }
    Ok(())
}

/// What a field needs to show its value.
enum Change {
    None,
    /// Operators that show it.
    Look(Vec<u8>),
    /// Operators for a button that is on and off, and what it is called when it is on.
    States {
        on: Vec<u8>,
        with: Vec<u8>,
        without: Vec<u8>,
    },
    /// Another of the states that it has.
    State(Vec<u8>),
}

/// A form whose fields are to be drawn.
struct Form<'a> {
    pdf: &'a PdfFile,
    form: Object,
    fonts: &'a Fonts,
    /// The fields above others, each read once: one may have thousands below it.
    known: RefCell<HashMap<u32, Option<Rc<Object>>>>,
    /// Which of the form's fonts have codes of several bytes.
    composite: RefCell<HashMap<String, bool>>,
    outlines_left: Cell<usize>,
}

impl Form<'_> {
    fn change(&self, widget: &Object, kind: Option<&[u8]>) -> Result<Change> {
        if self.pdf.get(widget, "Rect")?.is_none() {
            return Ok(Change::None);
        }
        let flags = self.integer(widget, "Ff")?;
        let look = match kind {
            Some(b"Btn") => return button::change(self, widget, flags),
            Some(b"Ch") if flags & COMBO == 0 => list::draw(self, widget)?,
            Some(kind @ (b"Tx" | b"Ch")) => text::draw(self, widget, flags, kind == b"Ch")?,
            _ => None,
        };
        Ok(look.map_or(Change::None, Change::Look))
    }

    /// Returns an entry of a field or of one above it.
    fn inherited(&self, field: &Object, key: &str) -> pdf::Result<Option<Value>> {
        if let Some(found) = self.pdf.get(field, key)? {
            return Ok(Some(found.item.value));
        }
        let mut next = parent_of(field);
        for _ in 0..MAX_LEVELS {
            let Some(parent) = next.map_or(Ok(None), |id| self.read(id))? else { break };
            if let Some(found) = self.pdf.get(&parent, key)? {
                return Ok(Some(found.item.value));
            }
            next = parent_of(&parent);
        }
        Ok(None)
    }

    fn integer(&self, field: &Object, key: &str) -> pdf::Result<i64> {
        Ok(self.inherited(field, key)?.and_then(|value| value.integer()).unwrap_or(0))
    }

    fn read(&self, id: ObjectId) -> pdf::Result<Option<Rc<Object>>> {
        if let Some(known) = self.known.borrow().get(&id.number) {
            return Ok(known.clone());
        }
        let object = self.pdf.object(id)?.map(Rc::new);
        self.known.borrow_mut().insert(id.number, object.clone());
        Ok(object)
    }

    /// Returns a field's operators for its text without the font, the font's name, and the size.
    fn style(&self, widget: &Object) -> pdf::Result<Option<(String, String, f64)>> {
        let style = match self.inherited(widget, "DA")? {
            Some(style) => Some(style),
            None => self.pdf.get(&self.form, "DA")?.map(|style| style.item.value),
        };
        Ok(style.and_then(|style| style.text()).and_then(|style| hand::parts(&style)))
    }

    /// Returns the choices of a list: the value of each, and what is shown for it.
    fn choices(&self, widget: &Object) -> pdf::Result<Vec<(String, String)>> {
        let Some(Value::Array(options)) = self.inherited(widget, "Opt")? else { return Ok(Vec::new()) };
        let text =
            |value: &Value| Ok::<_, pdf::PdfError>(self.pdf.resolve(value)?.text().unwrap_or_default());
        let mut choices = Vec::with_capacity(options.len());
        for option in &options {
            let (value, shown) = match self.pdf.resolve(&option.value)? {
                Value::Array(pair) => match pair.as_slice() {
                    [value, shown] => (text(&value.value)?, text(&shown.value)?),
                    _ => continue,
                },
                value => (text(&value)?, text(&value)?),
            };
            choices.push((value, shown));
        }
        Ok(choices)
    }

    /// Says whether one of the form's fonts has codes of several bytes, which only the font can tell.
    fn is_composite(&self, name: &str) -> pdf::Result<bool> {
        if let Some(known) = self.composite.borrow().get(name) {
            return Ok(*known);
        }
        let mut font = Some(self.form.clone());
        for key in ["DR", "Font", name] {
            font = font.map_or(Ok(None), |holder| self.pdf.get(&holder, key))?;
        }
        let kind = font.map_or(Ok(None), |font| self.pdf.get(&font, "Subtype"))?;
        let is_composite = kind.is_some_and(|kind| kind.item.value.name() == Some(b"Type0"));
        self.composite.borrow_mut().insert(name.to_owned(), is_composite);
        Ok(is_composite)
    }

    /// Returns the outlines of a text's characters; `None` if one is in no font, or there were too many.
    fn outlines(&self, text: &str) -> Option<HashMap<char, Glyph>> {
        let left = self.outlines_left.get().checked_sub(text.chars().count())?;
        let outlines = self.fonts.outlines(text)?;
        self.outlines_left.set(left);
        Some(outlines)
    }
}

fn parent_of(field: &Object) -> Option<ObjectId> {
    field.dict()?.get("Parent")?.value.reference()
}

/// Returns the form's resources as they are written: their text holds names and references alone.
fn resources(pdf: &PdfFile, form: &Object) -> pdf::Result<String> {
    let item = form.dict().and_then(|dict| dict.get("DR"));
    let text = match item.map(|item| &item.value) {
        Some(Value::Reference(id)) => Some(format!("{id} R")),
        Some(_) => pdf.get(form, "DR")?.map(|part| String::from_utf8_lossy(pdf.text(&part)).into_owned()),
        None => None,
    };
    Ok(text.unwrap_or_else(|| "<<>>".to_owned()))
}

/// Returns a widget's usual appearance, or those of its states; `None` if it has none.
fn normal(pdf: &PdfFile, widget: &Object) -> pdf::Result<Option<Object>> {
    pdf.get(widget, "AP")?.map_or(Ok(None), |looks| pdf.get(&looks, "N"))
}

/// Returns the content of a widget's usual appearance; `None` if it has none.
fn content(pdf: &PdfFile, widget: &Object) -> Result<Option<Vec<u8>>> {
    let normal = normal(pdf, widget)?.filter(|normal| normal.data.is_some());
    Ok(normal.map(|normal| pdf.data(&normal).ok().flatten().unwrap_or_default()))
}

/// Returns the strings of a content stream, one after the other; `None` if some are in hexadecimal digits.
fn strings_shown(content: &[u8]) -> Option<String> {
    let (mut out, mut depth, mut bytes) = (String::new(), 0_usize, content.iter().peekable());
    while let Some(&byte) = bytes.next() {
        match (byte, depth) {
            (b'\\', 1..) => out.extend(bytes.next().map(|byte| char::from(*byte))),
            (b'(', _) => depth += 1,
            (b')', 1..) => depth -= 1,
            (b'<', 0) if bytes.peek() == Some(&&b'<') => drop(bytes.next()),
            (b'<', 0) => return None,
            (byte, 1..) => out.push(char::from(byte)),
            _ => {}
        }
    }
    Some(out)
}

/// Puts a field's new look into the revision.
fn put(editor: &mut Editor<'_>, widget: &Object, change: Change, resources: &str) -> Result<()> {
    let mut patch = editor.patch(widget)?;
    let (key, value) = match change {
        Change::None => return Ok(()),
        Change::State(state) => ("AS", name(&state)),
        Change::Look(operators) => {
            ("AP", format!("<</N {}>>", put_form(editor, widget, &operators, resources)?))
        }
        Change::States { on, with, without } => {
            let with = put_form(editor, widget, &with, button::MARKS)?;
            let without = put_form(editor, widget, &without, button::MARKS)?;
            if widget.dict().and_then(|dict| dict.get_or_null("AS")).is_none() {
                patch.insert_before_end(&widget.item, 2, format!(" /AS {}", name(&on)));
            }
            ("AP", format!("<</N <<{} {with} /Off {without}>>>>", name(&on)))
        }
    };
    match widget.dict().and_then(|dict| dict.get_or_null(key)) {
        Some(item) => patch.replace(&item.span, value),
        None => patch.insert_before_end(&widget.item, 2, format!(" /{key} {value}")),
    }
    editor.apply(patch);
    Ok(())
}

/// Puts operators into an object of their own, as large as the widget, and returns a reference to it.
fn put_form(editor: &mut Editor<'_>, widget: &Object, operators: &[u8], resources: &str) -> Result<String> {
    let Some(frame) = frame::Frame::of(editor.pdf, widget)? else { return Ok("null".to_owned()) };
    let form = editor.increment.reserve();
    let entries = format!(
        "/Type /XObject /Subtype /Form /BBox [0 0 {} {}] /Resources {resources}",
        number(frame.width),
        number(frame.height)
    );
    let operators = match editor.crypt {
        Some(crypt) => crypt.bytes(ObjectId::new(form), operators)?,
        None => operators.to_vec(),
    };
    editor.increment.put_stream(form, &entries, &operators);
    Ok(format!("{form} 0 R"))
}

/// Writes a name.
fn name(name: &[u8]) -> String {
    let mut out = "/".to_owned();
    for byte in name {
        if byte.is_ascii_alphanumeric() {
            out.push(char::from(*byte));
        } else {
            out.push_str(&format!("#{byte:02x}"));
        }
    }
    out
}
