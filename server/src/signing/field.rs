//! Writes one signature: its dictionary, field and appearance, and then the hash over everything around it.

use std::fmt::Write;

use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use wosigndoc::pdf::{ObjectId, Page, PdfFile};
use wosigndoc::protocol::Position;
use wosigndoc::protocol::hex;

use super::append::Increment;
use super::authority::SignerIdentity;
use super::crypt::Crypt;
use super::edit::Editor;
use super::error::{Result, SigningError};
use super::placement::Placement;
use super::seal::{Fonts, Picture, Seal, deflate};
use super::{SignerRequest, appearance, cms};

/// Room for the signature in bytes: certificates and, some day, a time stamp.
const CONTENTS: usize = 16 << 10;
/// `/ByteRange` before its numbers are known.
const BYTE_RANGE: &str = "[0 0000000000 0000000000 0000000000]";
/// How hard drawings are packed: a higher level takes longer than all else together and saves little.
const DRAWING_LEVEL: u32 = 1;
/// Annotation flags: print it, lock it.
const FLAGS: u32 = 4 | 128;

/// Writes the signatures of one signer.
pub struct FieldWriter<'a> {
    signer: &'a SignerRequest,
    seal: &'a Seal,
    identity: &'a SignerIdentity,
    issuer: &'a [u8],
    crypt: Option<&'a Crypt>,
    now: OffsetDateTime,
    /// The picture's object, once it is in the file.
    picture: Option<u32>,
}

/// The hash of a file's beginning: a revision that is complete never changes, so no byte is hashed for every
/// signature anew.
pub struct Beginning<'a> {
    hash: Sha256,
    length: usize,
    /// The pages that will be sealed, until the first of them is. Empty also where earlier signatures would be harmed
    /// by making their annotations ready.
    pub first: Vec<Page>,
    /// What fields are written with whose own fonts lack a character.
    fonts: &'a Fonts,
}

impl Beginning<'_> {
    /// Makes the beginning of a file that is still to be read.
    pub fn new(fonts: &Fonts) -> Beginning<'_> {
        Beginning { hash: Sha256::new(), length: 0, first: Vec::new(), fonts }
    }

    /// Takes in what the file has more than before.
    fn reach(&mut self, bytes: &[u8]) {
        self.hash.update(bytes.get(self.length..).unwrap_or_default());
        self.length = self.length.max(bytes.len());
    }
}

impl<'a> FieldWriter<'a> {
    /// Makes a writer for this signer, seal and certificate.
    pub fn new(
        signer: &'a SignerRequest,
        seal: &'a Seal,
        identity: &'a SignerIdentity,
        issuer: &'a [u8],
        crypt: Option<&'a Crypt>,
        now: OffsetDateTime,
    ) -> FieldWriter<'a> {
        FieldWriter { signer, seal, identity, issuer, crypt, now, picture: None }
    }

    /// Appends a revision with one signature.
    pub fn sign(
        &mut self,
        file: &mut PdfFile,
        beginning: &mut Beginning<'_>,
        page: &Page,
        position: Position,
    ) -> Result<()> {
        beginning.reach(file.bytes());
        let mut increment = Increment::new(file);
        let placement = Placement::on(page, position);
        let appearance = self.put_appearance(&mut increment, &placement)?;
        let [signature, widget] = [increment.reserve(), increment.reserve()];
        let dictionary = self.dictionary(ObjectId::new(signature))?;
        let marks = marks(&dictionary)?;
        increment.put(ObjectId::new(signature), dictionary.into_bytes());
        let field = self.widget(page, &placement, signature, widget, appearance)?;
        increment.put(ObjectId::new(widget), field.into_bytes());
        let first = std::mem::take(&mut beginning.first);
        let mut editor =
            Editor { pdf: file, crypt: self.crypt, increment: &mut increment, is_first: !first.is_empty() };
        editor.add_annotation(page, widget)?;
        for other in first.iter().filter(|other| other.id != page.id) {
            editor.make_annotations_indirect(other)?;
        }
        if editor.is_first {
            appearance::refresh(&mut editor, beginning.fonts)?;
        }
        editor.add_field(widget)?;
        let mut revision = increment.write(file)?;
        let start = revision.starts.get(&signature).copied().unwrap_or_default();
        self.seal_bytes(&mut revision.bytes, beginning, start, marks)?;
        Ok(file.append(&revision.bytes)?)
    }

    fn dictionary(&self, id: ObjectId) -> Result<String> {
        let now = self.now.to_offset(time::UtcOffset::UTC);
        let time = format!(
            "D:{:04}{:02}{:02}{:02}{:02}{:02}+00'00'",
            now.year(),
            u8::from(now.month()),
            now.day(),
            now.hour(),
            now.minute(),
            now.second()
        );
        Ok(format!(
            "<</Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M {} /Name {} \
             /ByteRange {BYTE_RANGE} /Contents <{}>>>",
            self.string(id, time.as_bytes())?,
            self.string(id, &text_string(self.signer.name.trim()))?,
            "0".repeat(2 * CONTENTS)
        ))
    }

    fn widget(
        &self,
        page: &Page,
        placement: &Placement,
        signature: u32,
        widget: u32,
        appearance: u32,
    ) -> Result<String> {
        // The number is new in this file, so the name is too.
        let name = self.string(ObjectId::new(widget), format!("WoSignDoc-{widget}").as_bytes())?;
        let [left, bottom, right, top] = placement.rect.map(decimal);
        Ok(format!(
            "<</Type /Annot /Subtype /Widget /FT /Sig /T {name} /V {signature} 0 R /P {} R \
             /Rect [{left} {bottom} {right} {top}] /F {FLAGS} /AP <</N {appearance} 0 R>>>>",
            page.id
        ))
    }

    /// Adds the form that shows the seal, and returns its number.
    fn put_appearance(&mut self, increment: &mut Increment, placement: &Placement) -> Result<u32> {
        let resources = match self.seal {
            Seal::Picture(picture) => {
                let number = match self.picture {
                    Some(number) => number,
                    None => self.put_picture(increment, picture)?,
                };
                self.picture = Some(number);
                format!("<</XObject <</Seal {number} 0 R>>>>")
            }
            Seal::Drawing(_) => "<<>>".to_owned(),
        };
        let matrix = placement.matrix.map(decimal).join(" ");
        let entries = format!(
            "/Type /XObject /Subtype /Form /BBox [0 0 {} {}] /Matrix [{matrix}] /Resources {resources} \
             /Filter /FlateDecode",
            decimal(placement.width),
            decimal(placement.height)
        );
        let operators = self.seal.operators(placement.width, placement.height);
        let form = increment.reserve();
        increment.put_stream(form, &entries, &self.data(form, deflate(operators.as_bytes(), DRAWING_LEVEL))?);
        Ok(form)
    }

    fn put_picture(&self, increment: &mut Increment, picture: &Picture) -> Result<u32> {
        let size = format!(
            "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 /Filter /FlateDecode",
            picture.width, picture.height
        );
        let mut entries = format!("{size} /ColorSpace /DeviceRGB");
        if let Some(opacity) = &picture.opacity {
            let mask = increment.reserve();
            let data = self.data(mask, opacity.clone())?;
            increment.put_stream(mask, &format!("{size} /ColorSpace /DeviceGray"), &data);
            let _ = write!(entries, " /SMask {mask} 0 R");
        }
        let number = increment.reserve();
        increment.put_stream(number, &entries, &self.data(number, picture.colours.clone())?);
        Ok(number)
    }

    /// Hashes the file so far and all of the revision but the place of the signature, and puts the signature
    /// there.
    fn seal_bytes(
        &self,
        revision: &mut [u8],
        beginning: &Beginning<'_>,
        start: usize,
        marks: Marks,
    ) -> Result<()> {
        let (open, close) = (start + marks.contents, start + marks.contents + 2 * CONTENTS + 2);
        let rest = revision.len().saturating_sub(close);
        let range = format!("[0 {} {} {rest}]", beginning.length + open, beginning.length + close);
        let range = format!("{range:<width$}", width = BYTE_RANGE.len());
        overwrite(revision, start + marks.byte_range, range.as_bytes())?;
        let mut hash = beginning.hash.clone();
        hash.update(revision.get(..open).unwrap_or_default());
        hash.update(revision.get(close..).unwrap_or_default());
        let message = cms::sign(&hash.finalize(), self.identity, self.issuer)?;
        if message.len() > CONTENTS {
            return Err(SigningError::internal("signature", "longer than the room for it"));
        }
        overwrite(revision, open + 1, hex::encode(&message).as_bytes())
    }

    fn string(&self, id: ObjectId, plain: &[u8]) -> Result<String> {
        self.crypt.map_or_else(|| Ok(format!("<{}>", hex::encode(plain))), |crypt| crypt.string(id, plain))
    }

    fn data(&self, number: u32, plain: Vec<u8>) -> Result<Vec<u8>> {
        match self.crypt {
            Some(crypt) => crypt.bytes(ObjectId::new(number), &plain),
            None => Ok(plain),
        }
    }
}

/// Places in the signature dictionary's text that are filled in last.
#[derive(Clone, Copy)]
struct Marks {
    byte_range: usize,
    contents: usize,
}

fn marks(dictionary: &str) -> Result<Marks> {
    let byte_range = dictionary.find(BYTE_RANGE);
    let contents = dictionary.find("/Contents <").map(|at| at + "/Contents ".len());
    match (byte_range, contents) {
        (Some(byte_range), Some(contents)) => Ok(Marks { byte_range, contents }),
        _ => Err(SigningError::internal("signature dictionary", "without a place for the signature")),
    }
}

fn overwrite(bytes: &mut [u8], at: usize, with: &[u8]) -> Result<()> {
    let place = at.checked_add(with.len()).and_then(|end| bytes.get_mut(at..end));
    let place = place.ok_or_else(|| SigningError::internal("signature", "no room in the file"))?;
    place.copy_from_slice(with);
    Ok(())
}

/// Returns a text string: UTF-16 with its mark.
fn text_string(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_be_bytes).collect()
}

/// Writes a coordinate: five decimals at most, no exponent.
fn decimal(value: f64) -> String {
    let text = format!("{value:.5}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" || text.is_empty() { "0".to_owned() } else { text.to_owned() }
}
