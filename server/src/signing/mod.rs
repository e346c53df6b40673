//! Signs PDFs: one visible signature per box, in the order of the signers.
//!
//! - [`sign_document`] does it; a [`Document`] tells beforehand what would stop it.
//! - [`CertificateAuthority`] vouches for the signers, [`Fonts`] are what seals are written with.
//!
//! A signature is a field, a widget and a revision of its own: nothing that stands in the file is rewritten,
//! so that earlier signatures stay valid.

mod actions;
mod appearance;
mod append;
pub mod authority;
mod cms;
mod crypt;
mod edit;
pub mod error;
mod existing;
mod field;
mod placement;
mod random;
mod rewrite;
mod script;
pub mod seal;
mod splice;
mod xfa;

pub use authority::{CertificateAuthority, SignerIdentity};
pub use error::{SigningError, SigningReason};
pub use seal::Fonts;
pub use wosigndoc::protocol::valid_order::SignerKind;

use std::collections::HashSet;

use time::OffsetDateTime;
use wosigndoc::pdf::{Page, PdfFile, Value, pages};
use wosigndoc::protocol::limits::MAX_PLACES;
use wosigndoc::protocol::{Bilingual, Position};

use actions::acts;
use append::Increment;
use crypt::Crypt;
use edit::Editor;
use error::Result;
use existing::{Existing, existing};
use field::{Beginning, FieldWriter};
use rewrite::encrypted;
use seal::Seal;

/// Longest document that is taken, in bytes.
const MAX_LENGTH: usize = 1 << 30;

/// A place for one signature.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SealRequest {
    /// The page, counted from 1.
    pub page: u32,
    /// The place on the page as displayed (P-14).
    pub position: Position,
}

/// One signer and the places where it signs.
#[derive(Clone)]
pub struct SignerRequest {
    /// Name of the organisation or person.
    pub name: String,
    /// The kind of signer.
    pub kind: SignerKind,
    /// An organisation's licence number; a person has none here, whatever identity number is known.
    pub licence_number: Option<String>,
    /// The country by ISO 3166-1 alpha-2, in upper case.
    pub country: String,
    /// The seal as PNG or JPEG; `None`: the platform draws one.
    pub picture: Option<Vec<u8>>,
    /// The places where it signs, in this order.
    pub boxes: Vec<SealRequest>,
}

impl std::fmt::Debug for SignerRequest {
    /// Shows it without names and numbers, which belong in no log.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SignerRequest")
            .field("kind", &self.kind)
            .field("boxes", &self.boxes)
            .finish_non_exhaustive()
    }
}

/// What a document is, as far as signing goes.
#[derive(Clone, Debug, PartialEq)]
pub struct Inspection {
    /// Width and height of each page as displayed, in the page's units (P-14).
    pub pages: Vec<(f64, f64)>,
    /// The number of signatures that it carries.
    pub signatures: usize,
    /// Whether one of them forbids any change, so that nobody can sign any more.
    pub forbids_changes: bool,
    /// What it holds that acts by itself, a script or a program that it starts, and where; `None` if there is nothing.
    pub acts: Option<Bilingual>,
}

/// A document that was opened for signing.
pub struct Document {
    file: PdfFile,
    /// The encryption that it has already, which it keeps.
    crypt: Option<Crypt>,
    existing: Existing,
    pages: Vec<Page>,
}

impl Document {
    /// Opens a document.
    ///
    /// # Errors
    /// When it takes a password to open, forbids signing, is damaged, or of a kind that cannot be signed.
    pub fn open(pdf: Vec<u8>) -> Result<Document> {
        let (file, crypt) = open(pdf)?;
        let (existing, pages) = (existing(&file)?, pages(&file)?);
        Ok(Document { file, crypt, existing, pages })
    }

    /// Tells what the document is, without changing it.
    ///
    /// # Errors
    /// When too many of its objects cannot be read to say whether it acts.
    pub fn inspect(&self) -> Result<Inspection> {
        Ok(Inspection {
            pages: self.pages.iter().map(Page::size).collect(),
            signatures: self.existing.signed,
            forbids_changes: self.existing.forbids_changes,
            acts: acts(&self.file, &self.pages)?,
        })
    }

    /// Finds everything that [`sign_document`] would refuse, without signing: for the moment when an order comes
    /// in.
    ///
    /// # Errors
    /// As [`sign_document`].
    pub fn check(&self, password: Option<&str>, signers: &[SignerRequest], fonts: &Fonts) -> Result<()> {
        let locked = self.locked(password)?;
        let (file, crypt) = match &locked {
            Some((file, crypt)) => (file, Some(crypt)),
            None => (&self.file, self.crypt.as_ref()),
        };
        check_boxes(&self.pages, signers)?;
        let mut done = HashSet::new();
        for (at, signer) in signers.iter().enumerate() {
            Seal::of(signer, fonts).map_err(|error| error.of_signer(at))?;
            for request in &signer.boxes {
                if done.insert(request.page) {
                    let form = (done.len() == 1).then_some(fonts);
                    rehearse(file, crypt, page_of(&self.pages, request)?, form)?;
                }
            }
        }
        Ok(())
    }

    /// Returns the file encrypted with a new key, if a password asks for it.
    fn locked(&self, password: Option<&str>) -> Result<Option<(PdfFile, Crypt)>> {
        let password = password.filter(|password| !password.is_empty());
        permitted(self.existing, password)?;
        let Some(password) = password else { return Ok(None) };
        if self.crypt.is_some() {
            return Err(SigningError::new(
                SigningReason::Encrypted,
                "the PDF has an owner password already, which the order's password cannot replace; leave the password \
                 out, or send the PDF unprotected",
                "PDF 已设有权限密码，订单的密码无法取代它；请不要设置密码，或提交未加密的文件",
            ));
        }
        let key = Crypt::new()?;
        Ok(Some((PdfFile::open(encrypted(&self.file, &key, password)?)?, key)))
    }
}

/// Does all that could fail in adding a signature to a page, for nothing. The form is the same for all pages.
fn rehearse(file: &PdfFile, crypt: Option<&Crypt>, page: &Page, form: Option<&Fonts>) -> Result<()> {
    let mut increment = Increment::new(file);
    let widget = increment.reserve();
    let mut editor = Editor { pdf: file, crypt, increment: &mut increment, is_first: true };
    editor.add_annotation(page, widget)?;
    if let Some(fonts) = form {
        appearance::refresh(&mut editor, fonts)?;
        editor.add_field(widget)?;
    }
    Ok(())
}

/// Signs a document for every signer in turn, and returns the whole signed file.
///
/// With a password the document is encrypted first; an empty one counts as none.
///
/// # Errors
/// When the document cannot be signed (encrypted, damaged, of an unknown kind, forbidden by a signature), a
/// box lies on no page, a name is in no font, or a seal picture cannot be read.
pub fn sign_document(
    pdf: Vec<u8>,
    password: Option<&str>,
    signers: &[SignerRequest],
    ca: &CertificateAuthority,
    fonts: &Fonts,
    now: OffsetDateTime,
) -> Result<Vec<u8>> {
    let document = Document::open(pdf)?;
    let (mut file, crypt) = match document.locked(password)? {
        Some((file, crypt)) => (file, Some(crypt)),
        None => (document.file, document.crypt),
    };
    check_boxes(&document.pages, signers)?;
    let mut beginning = Beginning::new(fonts);
    if document.existing.signed == 0 {
        beginning.first = pages_to_seal(&document.pages, signers)?;
    }
    for (at, signer) in signers.iter().enumerate() {
        let seal = Seal::of(signer, fonts).map_err(|error| error.of_signer(at))?;
        let identity = ca.issue(signer, now)?;
        let mut writer =
            FieldWriter::new(signer, &seal, &identity, ca.certificate_der(), crypt.as_ref(), now);
        for request in &signer.boxes {
            let page = page_of(&document.pages, request)?;
            writer.sign(&mut file, &mut beginning, page, request.position.rounded())?;
        }
    }
    Ok(file.into_bytes())
}

/// Returns the pages where someone signs, each once.
fn pages_to_seal(pages: &[Page], signers: &[SignerRequest]) -> Result<Vec<Page>> {
    let mut seen = HashSet::new();
    let requests = signers.iter().flat_map(|signer| &signer.boxes);
    let pages: Vec<&Page> = requests.map(|request| page_of(pages, request)).collect::<Result<_>>()?;
    Ok(pages.into_iter().filter(|page| seen.insert(page.id.number)).cloned().collect())
}

fn open(pdf: Vec<u8>) -> Result<(PdfFile, Option<Crypt>)> {
    if pdf.len() > MAX_LENGTH {
        return Err(SigningError::too_long());
    }
    let mut file = PdfFile::open(pdf)?;
    let mut crypt = None;
    if file.xref().encrypted {
        let opened = crypt::open(&file)?;
        file = file.unlocked(opened.decrypt());
        crypt = Some(opened);
    }
    let catalog = file.catalog()?;
    let rendering = catalog.dict().and_then(|dict| dict.get("NeedsRendering"));
    if rendering.is_some_and(|item| item.value == Value::Bool(true)) {
        return Err(SigningError::unsupported(Bilingual::fixed(
            "a dynamic XFA form has no pages of its own; print it to PDF first",
            "动态 XFA 表单没有固定页面，请先打印为 PDF",
        )));
    }
    Ok((file, crypt))
}

fn permitted(existing: Existing, password: Option<&str>) -> Result<()> {
    if existing.forbids_changes {
        return Err(SigningError::new(
            SigningReason::Forbidden,
            "a signature in the PDF forbids any change (DocMDP P=1), so nothing can be signed in it",
            "PDF 中已有的签名禁止任何更改（DocMDP P=1），无法再签署",
        ));
    }
    if existing.signed > 0 && password.is_some() {
        return Err(SigningError::new(
            SigningReason::Forbidden,
            "the PDF carries signatures that encryption would break; leave the password out",
            "PDF 中已有签名，加密会使其失效；请不要设置密码",
        ));
    }
    Ok(())
}

fn check_boxes(pages: &[Page], signers: &[SignerRequest]) -> Result<()> {
    if signers.iter().map(|signer| signer.boxes.len()).sum::<usize>() > MAX_PLACES {
        return Err(SigningError::new(
            SigningReason::Position,
            format!("there are more than {MAX_PLACES} places to seal"),
            format!("签署位置超过 {MAX_PLACES} 处"),
        ));
    }
    for request in signers.iter().flat_map(|signer| &signer.boxes) {
        if page_of(pages, request)?.is_cropped_away {
            return Err(cropped_away(request.page));
        }
        if let Some(fault) = request.position.fault() {
            let what = fault.after("position", "位置");
            return Err(SigningError { reason: SigningReason::Position, what, signer: None });
        }
    }
    Ok(())
}

/// Refuses to seal what some viewers do not show at all, and others elsewhere.
fn cropped_away(page: u32) -> SigningError {
    SigningError::new(
        SigningReason::Position,
        format!(
            "the CropBox of page {page} lies outside its MediaBox or has no area, so that viewers differ in what they \
             show; print the document to PDF anew"
        ),
        format!(
            "第 {page} 页的 CropBox 在 MediaBox 之外或面积为零，各阅读器的显示不一致；请将文件重新打印为 PDF"
        ),
    )
}

fn page_of<'a>(pages: &'a [Page], request: &SealRequest) -> Result<&'a Page> {
    let index = usize::try_from(request.page).ok().and_then(|page| page.checked_sub(1));
    index.and_then(|index| pages.get(index)).ok_or_else(|| {
        let (page, count) = (request.page, pages.len());
        SigningError::new(
            SigningReason::Position,
            format!("there is no page {page}: the document has {count}"),
            format!("没有第 {page} 页：文件共 {count} 页"),
        )
    })
}
