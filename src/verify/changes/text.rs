//! Whether what a form field shows of its value is text and nothing else: glyphs that programs bring themselves, dark, no
//! larger than the field, and together the value.

use super::appearance::is_operand;
use super::same::Result;
use super::snapshot::{Node, Snapshot};
use super::values::value_of;
use crate::pdf::{Object, PdfFile, Value};

/// How much higher than its field text may be: fields are often a little low for theirs.
const HIGHER: f64 = 1.5;
/// How far text may be stretched.
const STRETCHED: f64 = 150.0;
/// How light text may be, where 1 is white: what is as light as paper may take away what stands beneath.
const LIGHTEST: f64 = 0.7;
/// Fonts that every program has, or has something like: letters, and no shapes that fill a field.
const FONTS: [&[u8]; 11] = [
    b"Helvetica",
    b"Times",
    b"Courier",
    b"Arial",
    b"Verdana",
    b"Tahoma",
    b"Calibri",
    b"Cambria",
    b"Georgia",
    b"Myriad",
    b"Minion",
];
/// Whether a text field hides what is typed into it.
const PASSWORD: i64 = 1 << 13;

/// What content is drawn with.
#[derive(Clone, Copy)]
struct State {
    /// The matrices of the content and of the text, without what they move by.
    matrix: [f64; 4],
    text: [f64; 4],
    size: f64,
    has_font: bool,
    is_light: bool,
}

const UNIT: [f64; 4] = [1.0, 0.0, 0.0, 1.0];

/// An appearance, as it is read.
struct Reader<'a> {
    pdf: &'a PdfFile,
    resources: Option<Object>,
    height: f64,
    state: State,
    saved: Vec<State>,
    /// What it shows, but for blanks.
    shown: Vec<u8>,
}

/// Says whether an appearance draws the value of its field as text and nothing else, in these words.
pub fn is_value(
    snapshot: &Snapshot<'_>,
    node: &Node,
    appearance: Option<&Object>,
    content: &[&[u8]],
) -> Result<bool> {
    let Some(appearance) = appearance else { return Ok(true) };
    let pdf = snapshot.pdf;
    let Some(height) = height(pdf, appearance)? else { return Ok(false) };
    let resources = pdf.get(appearance, "Resources")?;
    let state = State { matrix: UNIT, text: UNIT, size: 0.0, has_font: false, is_light: false };
    let (saved, shown) = (Vec::new(), Vec::new());
    let mut reader = Reader { pdf, resources, height, state, saved, shown };
    let mut operands = Vec::new();
    for word in content {
        if is_operand(word) {
            operands.push(*word);
        } else if !reader.operator(word, &operands)? {
            return Ok(false);
        } else {
            operands.clear();
        }
    }
    shows(snapshot, node, &reader.shown)
}

/// Returns how high the box of an appearance is.
fn height(pdf: &PdfFile, appearance: &Object) -> Result<Option<f64>> {
    let Some(corners) = pdf.get(appearance, "BBox")? else { return Ok(None) };
    let Some([_, bottom, _, top]) = corners.item.value.array() else { return Ok(None) };
    let (bottom, top) = (pdf.resolve(&bottom.value)?.number(), pdf.resolve(&top.value)?.number());
    Ok(bottom.zip(top).map(|(bottom, top)| (top - bottom).abs()))
}

impl Reader<'_> {
    /// Follows an operator; `false`: it may do more than show text.
    fn operator(&mut self, operator: &[u8], operands: &[&[u8]]) -> Result<bool> {
        match operator {
            b"q" => self.saved.push(self.state),
            b"Q" => self.state = self.saved.pop().unwrap_or(self.state),
            b"BT" => self.state.text = UNIT,
            b"cm" | b"Tm" => {
                let Some([a, b, c, d, _, _]) = numbers(operands) else { return Ok(false) };
                let matrix = [a, b, c, d];
                if operator == b"Tm" {
                    self.state.text = matrix;
                } else {
                    self.state.matrix = product(matrix, self.state.matrix);
                }
            }
            b"Tf" => {
                let [name, size] = operands else { return Ok(false) };
                let Some([size]) = numbers(&[*size]) else { return Ok(false) };
                self.state.size = size.abs();
                self.state.has_font = has_letters(self.pdf, self.resources.as_ref(), name)?;
            }
            b"Tr" => return Ok(numbers(operands) == Some([0.0])),
            b"Tz" => return Ok(numbers(operands).is_some_and(|[width]| (0.0..=STRETCHED).contains(&width))),
            b"g" => self.state.is_light = is_light::<1>(operands),
            b"rg" => self.state.is_light = is_light::<3>(operands),
            b"k" => self.state.is_light = is_light::<4>(operands),
            b"cs" | b"sc" | b"scn" | b"CS" | b"SC" | b"SCN" => return Ok(false),
            // A layer may be hidden.
            b"BDC" | b"DP" => {
                return Ok(operands.first().is_none_or(|tag| *tag != b"/OC" && !tag.contains(&b'#')));
            }
            b"gs" => return self.is_plain_state(operands),
            b"Tj" | b"TJ" | b"'" | b"\"" => return Ok(self.show(operands)),
            _ => {}
        }
        Ok(true)
    }

    /// Says whether a graphics state changes nothing.
    fn is_plain_state(&self, operands: &[&[u8]]) -> Result<bool> {
        let Some(state) = resource(self.pdf, self.resources.as_ref(), "ExtGState", operands.first())? else {
            return Ok(false);
        };
        let entries = state.dict().map(|dict| dict.0.as_slice()).unwrap_or_default();
        Ok(entries.iter().all(|(key, item)| match key.as_slice() {
            b"Type" | b"SA" => true,
            b"ca" | b"CA" => item.value.number() == Some(1.0),
            b"BM" => matches!(item.value.name(), Some(b"Normal" | b"Compatible")),
            _ => false,
        }))
    }

    /// Notes what an operator shows; `false`: not as plain text.
    fn show(&mut self, operands: &[&[u8]]) -> bool {
        let mut text = Vec::new();
        for operand in operands {
            match operand {
                [b'(', ..] | [b'<', ..] => match string(operand) {
                    Some(bytes) => text.extend(bytes),
                    None => return false,
                },
                _ => {}
            }
        }
        text.retain(|byte| !matches!(byte, b' ' | b'\xa0' | b'\t' | b'\n' | b'\r'));
        if text.is_empty() {
            return true;
        }
        self.shown.extend(text);
        let [a, b, c, d] = product(self.state.text, self.state.matrix);
        let size = self.state.size * a.hypot(b).max(c.hypot(d));
        self.state.has_font && !self.state.is_light && size <= HIGHER * self.height
    }
}

/// Returns what becomes of a matrix within another one.
fn product([a, b, c, d]: [f64; 4], [e, f, g, h]: [f64; 4]) -> [f64; 4] {
    [a * e + b * g, a * f + b * h, c * e + d * g, c * f + d * h]
}

/// Returns the numbers of an operator, if they are so many.
fn numbers<const COUNT: usize>(operands: &[&[u8]]) -> Option<[f64; COUNT]> {
    let number =
        |word: &&[u8]| std::str::from_utf8(word).ok()?.parse().ok().filter(|it: &f64| it.is_finite());
    let numbers: Vec<f64> = operands.iter().map(number).collect::<Option<_>>()?;
    numbers.try_into().ok()
}

/// Says whether a colour is about as light as paper, or cannot be told.
fn is_light<const COUNT: usize>(operands: &[&[u8]]) -> bool {
    numbers::<COUNT>(operands).is_none_or(|parts| match parts.as_slice() {
        [cyan, magenta, yellow, black] => cyan.max(*magenta).max(*yellow) + black < 1.0 - LIGHTEST,
        parts => parts.iter().all(|part| *part > LIGHTEST),
    })
}

/// Returns what a name of these resources stands for.
fn resource(
    pdf: &PdfFile,
    resources: Option<&Object>,
    category: &str,
    name: Option<&&[u8]>,
) -> Result<Option<Object>> {
    let Some(category) = resources.map_or(Ok(None), |resources| pdf.get(resources, category))? else {
        return Ok(None);
    };
    let name = name.and_then(|name| name.strip_prefix(b"/"));
    let entries = category.dict().map(|dict| dict.0.as_slice()).unwrap_or_default();
    // What is there twice may be either.
    let mut items = entries.iter().filter(|(key, _)| Some(key.as_slice()) == name).map(|(_, item)| item);
    match (items.next(), items.next()) {
        (Some(item), None) => Ok(pdf.follow(&category, item)?),
        _ => Ok(None),
    }
}

/// Says whether a font has letters that programs bring themselves, and has them where ASCII has them.
fn has_letters(pdf: &PdfFile, resources: Option<&Object>, name: &[u8]) -> Result<bool> {
    let Some(font) = resource(pdf, resources, "Font", Some(&name))? else { return Ok(false) };
    let (kind, base) = (pdf.get(&font, "Subtype")?, pdf.get(&font, "BaseFont")?);
    let is_simple = kind.is_some_and(|kind| matches!(kind.item.value.name(), Some(b"Type1" | b"TrueType")));
    let base = base.as_ref().and_then(|base| base.item.value.name()).unwrap_or_default();
    if !is_simple || !FONTS.iter().any(|known| base.starts_with(known)) {
        return Ok(false);
    }
    if let Some(descriptor) = pdf.get(&font, "FontDescriptor")? {
        let brings = |key: &&str| descriptor.dict().is_none_or(|dict| dict.get(key).is_some());
        if ["FontFile", "FontFile2", "FontFile3"].iter().any(brings) {
            return Ok(false);
        }
    }
    let Some(encoding) = pdf.get(&font, "Encoding")? else { return Ok(true) };
    if encoding.item.value.name().is_some() {
        return Ok(true);
    }
    let Some(differences) = pdf.get(&encoding, "Differences")? else { return Ok(encoding.dict().is_some()) };
    Ok(differences.item.value.array().is_some_and(|items| keeps_ascii(items.iter().map(|item| &item.value))))
}

/// Says whether an encoding leaves the letters of ASCII where they are.
fn keeps_ascii<'v>(differences: impl Iterator<Item = &'v Value>) -> bool {
    let mut code = 0_i64;
    for value in differences {
        match (value.integer(), value.name()) {
            (Some(number), _) => code = number,
            (None, Some(name)) => {
                // PDF's own encoding has these two where others have typographic ones.
                let is_own = matches!((code, name), (39, b"quotesingle") | (96, b"grave") | (32, b"space"));
                if (32..127).contains(&code) && !is_own {
                    return false;
                }
                code += 1;
            }
            (None, None) => return false,
        }
    }
    true
}

/// Returns the bytes of a string in content; `None` where programs may read it in different ways.
fn string(word: &[u8]) -> Option<Vec<u8>> {
    if let [b'<', digits @ .., b'>'] = word {
        let digits: Vec<u8> = digits.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
        return crate::protocol::hex::decode(&digits);
    }
    let [b'(', inner @ .., b')'] = word else { return None };
    let mut bytes = Vec::new();
    let mut rest = inner.iter().copied();
    while let Some(byte) = rest.next() {
        if byte != b'\\' {
            bytes.push(byte);
            continue;
        }
        bytes.push(match rest.next()? {
            byte @ (b'(' | b')' | b'\\') => byte,
            b'n' | b'r' | b't' => b' ',
            digit @ b'0'..=b'3' => {
                let digits = [Some(digit), rest.next(), rest.next()];
                let octal = |code: u8, digit: Option<u8>| {
                    digit
                        .filter(|digit| (b'0'..=b'7').contains(digit))
                        .map(|digit| code << 3 | (digit - b'0'))
                };
                digits.into_iter().try_fold(0, octal)?
            }
            _ => return None,
        });
    }
    Some(bytes)
}

/// Says whether these are the letters of a field's value, as they are shown. Not to show it hides nothing.
fn shows(snapshot: &Snapshot<'_>, node: &Node, shown: &[u8]) -> Result<bool> {
    if shown.is_empty() {
        return Ok(true);
    }
    let pdf = snapshot.pdf;
    let value = value_of(snapshot, node).map_or(Ok(None), |holder| pdf.get(&holder.object, "V"))?;
    let Some(value) = value else { return Ok(false) };
    let flags = pdf.get(&node.object, "Ff")?.and_then(|flags| flags.item.value.integer()).unwrap_or_default();
    if node.kind.as_deref() == Some(b"Tx") && flags & PASSWORD != 0 && shown.iter().all(|byte| *byte == b'*')
    {
        return Ok(true);
    }
    let Some(text) = value.item.value.text() else { return Ok(false) };
    if is_text(&text, shown) {
        return Ok(true);
    }
    Ok(option(pdf, node, &text)?.is_some_and(|text| is_text(&text, shown)))
}

/// Returns as what an option with this value is shown.
fn option(pdf: &PdfFile, node: &Node, value: &str) -> Result<Option<String>> {
    let Some(options) = pdf.get(&node.object, "Opt")? else { return Ok(None) };
    for item in options.item.value.array().unwrap_or_default() {
        if let Some(pair) = pdf.follow(&options, item)?
            && let Some([exported, displayed]) = pair.item.value.array()
            && pdf.resolve(&exported.value)?.text().is_some_and(|exported| exported == value)
        {
            return Ok(pdf.resolve(&displayed.value)?.text());
        }
    }
    Ok(None)
}

/// Says whether bytes of a font's encoding are this text, but for blanks. Encodings differ beyond Latin-1 alone.
fn is_text(text: &str, shown: &[u8]) -> bool {
    let mut letters = text.chars().filter(|letter| !letter.is_whitespace());
    let is_letter = |byte: &u8| {
        letters.next().is_some_and(|letter| match byte {
            0x80..=0x9f => u32::from(letter) > 0xff,
            byte => letter == char::from(*byte),
        })
    };
    shown.iter().all(is_letter) && letters.next().is_none()
}
