//! The look of form fields whose text their appearance does not show: some programs fill in fields and leave the drawing
//! to viewers (`NeedAppearances`), which then draw no seal.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt::Write;
use std::rc::Rc;

use wosigndoc::pdf::{self, Object, ObjectId, PdfFile, Value, fields};

use super::edit::Editor;
use super::error::Result;
use super::seal::number;

/// Bits of `/Ff`: several lines, a password, one character a cell, a list with a field for text.
const MULTILINE: i64 = 1 << 12;
const PASSWORD: i64 = 1 << 13;
const COMB: i64 = 1 << 24;
const COMBO: i64 = 1 << 17;
/// Most fields above a field.
const MAX_LEVELS: usize = 32;
/// Room between the border and the text, in points.
const MARGIN: f64 = 2.0;
/// The size that a text has whose size is left open, if there is room.
const USUAL_SIZE: f64 = 12.0;
/// The widths of Helvetica's characters from the blank on, in thousandths.
const WIDTHS: [u16; 95] = [
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556, 556, 556,
    556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667, 611, 778, 722, 278,
    500, 667, 556, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667, 667, 611, 278, 278, 278, 469,
    556, 333, 556, 556, 500, 556, 556, 278, 556, 556, 222, 222, 500, 222, 833, 556, 556, 556, 556, 333, 500,
    278, 556, 500, 722, 500, 500, 500, 334, 260, 334, 584,
];

/// Gives every field of text an appearance that shows its value, where it has none or one that shows another.
pub fn refresh(editor: &mut Editor<'_>) -> Result<()> {
    let pdf = editor.pdf;
    let Some(form) = pdf.get(&pdf.catalog()?, "AcroForm")? else { return Ok(()) };
    if pdf.get(&form, "NeedAppearances")?.is_none_or(|wish| wish.item.value != Value::Bool(true)) {
        return Ok(());
    }
    let fonts = resources(pdf, &form)?;
    let above = Above { pdf, known: RefCell::default() };
    for field in fields(pdf)? {
        let widget = field?;
        if !matches!(widget.kind.as_deref(), Some(b"Tx" | b"Ch")) {
            continue;
        }
        let widget = widget.object;
        let Some(look) = Look::of(&above, &form, &widget)? else { continue };
        // One that stands directly in another object is left alone.
        if !shows(pdf, &widget, &look.text)?
            && pdf.load(widget.id.number)?.is_some_and(|whole| whole.item.span == widget.item.span)
        {
            look.put(editor, &widget, &fonts)?;
        }
    }
    Ok(())
}

/// The fields above others, each read once: one may have thousands below it.
struct Above<'a> {
    pdf: &'a PdfFile,
    known: RefCell<HashMap<u32, Option<Rc<Object>>>>,
}

impl Above<'_> {
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

    fn read(&self, id: ObjectId) -> pdf::Result<Option<Rc<Object>>> {
        if let Some(known) = self.known.borrow().get(&id.number) {
            return Ok(known.clone());
        }
        let object = self.pdf.object(id)?.map(Rc::new);
        self.known.borrow_mut().insert(id.number, object.clone());
        Ok(object)
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

/// What a field of text looks like.
struct Look {
    text: String,
    /// Operators for colour and font, the size left out.
    style: String,
    font: String,
    size: f64,
    flags: i64,
    quadding: i64,
    cells: usize,
    width: f64,
    height: f64,
}

impl Look {
    /// Returns how a widget should look; `None` if it is none, or shows no text that can be written here.
    fn of(above: &Above<'_>, form: &Object, widget: &Object) -> Result<Option<Look>> {
        let pdf = above.pdf;
        let Some(rect) = pdf.get(widget, "Rect")? else { return Ok(None) };
        let corners: Vec<f64> =
            rect.item.value.array().unwrap_or_default().iter().filter_map(number_of).collect();
        let &[left, bottom, right, top] = corners.as_slice() else { return Ok(None) };
        let integer = |key: &str| {
            Ok::<_, pdf::PdfError>(above.inherited(widget, key)?.and_then(|value| value.integer()))
        };
        let flags = integer("Ff")?.unwrap_or(0);
        let is_choice = above.inherited(widget, "FT")?.is_some_and(|kind| kind.name() == Some(b"Ch"));
        if flags & PASSWORD != 0 || (is_choice && flags & COMBO == 0) {
            return Ok(None);
        }
        let value = above.inherited(widget, "V")?.and_then(|value| value.text()).unwrap_or_default();
        let text = if is_choice { shown_choice(above, widget, value)? } else { value };
        let style = match above.inherited(widget, "DA")? {
            Some(style) => Some(style),
            None => pdf.get(form, "DA")?.map(|style| style.item.value),
        };
        let Some((style, font, size)) = style.and_then(|style| style.text()).and_then(|style| parts(&style))
        else {
            return Ok(None);
        };
        // The fonts of forms have the characters of Latin-1; others cannot be told from here.
        if !text.chars().all(|character| u8::try_from(u32::from(character)).is_ok()) {
            return Ok(None);
        }
        let quadding = integer("Q")?.unwrap_or(0);
        let cells = integer("MaxLen")?.and_then(|cells| usize::try_from(cells).ok()).unwrap_or(0);
        let (width, height) = ((right - left).abs(), (top - bottom).abs());
        Ok(Some(Look { text, style, font, size, flags, quadding, cells, width, height }))
    }

    /// Puts the appearance into the revision.
    fn put(&self, editor: &mut Editor<'_>, widget: &Object, fonts: &str) -> Result<()> {
        let form = editor.increment.reserve();
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 {} {}] /Resources {fonts}",
            number(self.width),
            number(self.height)
        );
        let mut operators = self.operators();
        if let Some(crypt) = editor.crypt {
            operators = crypt.bytes(ObjectId::new(form), &operators)?;
        }
        editor.increment.put_stream(form, &entries, &operators);
        let mut patch = editor.patch(widget)?;
        let appearance = format!("<</N {form} 0 R>>");
        match widget.dict().and_then(|dict| dict.get_or_null("AP")) {
            Some(item) => patch.replace(&item.span, appearance),
            None => patch.insert_before_end(&widget.item, 2, format!(" /AP {appearance}")),
        }
        editor.apply(patch);
        Ok(())
    }

    fn operators(&self) -> Vec<u8> {
        let multiline = self.flags & MULTILINE != 0;
        let size = self.fitting_size(multiline);
        let mut out = format!(
            "/Tx BMC q {} {} {} {} re W n BT {} /{} {} Tf\n",
            1,
            1,
            number(self.width - 2.0),
            number(self.height - 2.0),
            self.style,
            self.font,
            number(size)
        )
        .into_bytes();
        if self.flags & COMB != 0 && self.cells > 0 {
            // As many cells as the field may have characters.
            #[allow(clippy::cast_precision_loss)] // small numbers
            let cell = self.width / self.cells as f64;
            let mut at = 0.0;
            for character in self.text.chars().take(self.cells) {
                let x = at + (cell - width(&character.to_string(), size)) / 2.0;
                show(&mut out, x, 0.5 * self.height - 0.4 * size, &character.to_string());
                at += cell;
            }
        } else {
            let lines = if multiline { self.lines(size) } else { vec![self.text.replace(['\r', '\n'], " ")] };
            let mut y = if multiline { self.height - MARGIN - size } else { 0.5 * self.height - 0.4 * size };
            for line in lines {
                let free = self.width - width(&line, size);
                let x = match self.quadding {
                    1 => free / 2.0,
                    2 => free - MARGIN,
                    _ => MARGIN,
                };
                show(&mut out, x, y, &line);
                y -= size;
            }
        }
        out.extend_from_slice(b"ET Q EMC");
        out
    }

    /// Returns the size of the text; one that is left open fits the field.
    fn fitting_size(&self, multiline: bool) -> f64 {
        if self.size > 0.0 {
            return self.size;
        }
        if multiline {
            let fits = |size: &f64| {
                #[allow(clippy::cast_precision_loss)] // few lines
                let lines = self.lines(*size).len() as f64;
                lines * size + 2.0 * MARGIN <= self.height
            };
            return [USUAL_SIZE, 10.0, 8.0, 6.0].into_iter().find(fits).unwrap_or(4.0);
        }
        let by_width = (self.width - 2.0 * MARGIN) / width(&self.text, 1.0).max(0.001);
        (0.67 * self.height).min(by_width).floor().max(4.0)
    }

    /// Breaks the text into lines.
    fn lines(&self, size: f64) -> Vec<String> {
        let room = self.width - 2.0 * MARGIN;
        let mut lines = Vec::new();
        for paragraph in self.text.replace("\r\n", "\n").split(['\r', '\n']) {
            let mut line = String::new();
            for word in paragraph.split(' ') {
                let longer = if line.is_empty() { word.to_owned() } else { format!("{line} {word}") };
                if width(&longer, size) > room && !line.is_empty() {
                    lines.push(std::mem::replace(&mut line, word.to_owned()));
                } else {
                    line = longer;
                }
            }
            lines.push(line);
        }
        lines
    }
}

/// Returns what a field of choices shows for its value.
fn shown_choice(above: &Above<'_>, widget: &Object, value: String) -> Result<String> {
    let Some(Value::Array(options)) = above.inherited(widget, "Opt")? else { return Ok(value) };
    let pdf = above.pdf;
    for option in &options {
        if let Value::Array(pair) = pdf.resolve(&option.value)?
            && let [export, shown] = pair.as_slice()
            && pdf.resolve(&export.value)?.text().as_ref() == Some(&value)
        {
            return Ok(pdf.resolve(&shown.value)?.text().unwrap_or(value));
        }
    }
    Ok(value)
}

/// Says whether a widget's appearance shows this text already, as far as that can be told.
fn shows(pdf: &PdfFile, widget: &Object, text: &str) -> Result<bool> {
    let appearance = match pdf.get(widget, "AP")? {
        Some(appearances) => pdf.get(&appearances, "N")?,
        None => None,
    };
    let Some(appearance) = appearance.filter(|appearance| appearance.data.is_some()) else {
        return Ok(text.trim().is_empty());
    };
    let content = pdf.data(&appearance).ok().flatten().unwrap_or_default();
    let plain = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    match strings(&content) {
        // Written in the codes of some font: it shows something, so it should.
        None => Ok(!text.trim().is_empty()),
        Some(shown) => Ok(plain(&shown) == plain(text) && shown.trim().is_empty() == text.trim().is_empty()),
    }
}

/// Returns the strings of a content stream, one after the other; `None` if some are in hexadecimal digits.
fn strings(content: &[u8]) -> Option<String> {
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

/// Takes a default appearance apart: operators without the font, the font's name, and its size.
fn parts(style: &str) -> Option<(String, String, f64)> {
    let words: Vec<&str> = style.split_ascii_whitespace().collect();
    let at = words.iter().position(|word| *word == "Tf")?;
    let font = words.get(at.checked_sub(2)?)?.strip_prefix('/')?;
    let size = words.get(at - 1)?.parse().ok()?;
    let plain =
        |word: &&&str| word.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
    let others = words.iter().take(at - 2).chain(words.iter().skip(at + 1)).filter(plain);
    let others: Vec<&str> = others.copied().collect();
    let is_name = !font.is_empty()
        && font.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-_.,#".contains(&byte));
    is_name.then(|| (others.join(" "), font.to_owned(), size))
}

fn number_of(item: &wosigndoc::pdf::Item) -> Option<f64> {
    match item.value {
        Value::Number(number) => Some(number),
        _ => None,
    }
}

/// Returns how wide a text is in Helvetica, or about so in another font.
fn width(text: &str, size: f64) -> f64 {
    let one = |character: char| {
        let index = u32::from(character).checked_sub(32).and_then(|index| usize::try_from(index).ok());
        f64::from(index.and_then(|index| WIDTHS.get(index)).copied().unwrap_or(556))
    };
    text.chars().map(one).sum::<f64>() * size / 1000.0
}

fn show(out: &mut Vec<u8>, x: f64, y: f64, text: &str) {
    let mut place = String::new();
    let _ = write!(place, "1 0 0 1 {} {} Tm (", number(x), number(y));
    out.extend_from_slice(place.as_bytes());
    for character in text.chars() {
        if matches!(character, '(' | ')' | '\\') {
            out.push(b'\\');
        }
        out.push(u8::try_from(u32::from(character)).unwrap_or(b'?'));
    }
    out.extend_from_slice(b") Tj\n");
}
