//! An order as data: SignOrder, Signer, SignatureBox, and where their bulk bytes come from.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::limits::DEFAULT_COUNTRY;
use super::position::Position;

/// Where the bytes of a document, a seal or a material come from.
#[derive(Clone, PartialEq, Eq)]
pub enum DocumentSource {
    /// Base64 text, passed on as it is; empty: nothing given.
    Base64(Arc<str>),
    /// A file, read and encoded while the order is sent.
    Path(PathBuf),
    /// The n-th byte range passed beside the order, counted from 0.
    Attachment(usize),
    /// Bytes owned by the order.
    Bytes(bytes::Bytes),
}

/// A [`DocumentSource`] whose bytes are still to be encoded.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum RawSource<'a> {
    /// A file.
    Path(&'a Path),
    /// The n-th byte range passed beside the order, counted from 0.
    Attachment(usize),
    /// Bytes owned by the order.
    Bytes(&'a [u8]),
}

/// A signing order (CreateSignOrder). `None` is a field that is absent altogether.
#[derive(Clone, Default, PartialEq)]
pub struct SignOrder {
    /// Template id; empty: no template.
    pub tempid: Option<String>,
    /// Subject, at most 256 UTF-16 code units; a longer one is cut.
    pub subject: Option<String>,
    /// Open password of the signed document; empty: not encrypted.
    pub password: Option<String>,
    /// The document; none, or an empty text: the template's own.
    pub filebase: Option<DocumentSource>,
    /// Suffix of the document without its dot, lower case, e.g. `pdf`.
    pub fileformat: Option<String>,
    /// The caller's unique id of this contract.
    pub order_number: Option<String>,
    /// Who signs, in signing order.
    pub signers: Option<Vec<Signer>>,
}

/// `signType` of an organisation.
pub const ORGANISATION: i64 = 1;
/// `signType` of a person.
pub const PERSON: i64 = 2;

/// One signer of an order.
#[derive(Clone, Default, PartialEq)]
pub struct Signer {
    /// 1 organisation, 2 person; anything else is a violation.
    pub sign_type: Option<i64>,
    /// Organisation: its name on the business licence.
    pub org_name: Option<String>,
    /// Organisation: its licence number.
    pub org_no: Option<String>,
    /// Person: the name on the identity card.
    pub user_name: Option<String>,
    /// Person: the identity number.
    pub user_no: Option<String>,
    /// ISO 3166-1 alpha-2, upper case; absent: `CN`.
    pub country: Option<String>,
    /// The seal picture, PNG or JPEG; optional.
    pub stampbase: Option<DocumentSource>,
    /// Scan of the licence or identity card.
    pub pic: Option<DocumentSource>,
    /// Other material.
    pub otherpic: Option<DocumentSource>,
    /// Where the seals go.
    pub signlist: Option<Vec<SignatureBox>>,
}

/// A page that was given as something other than a whole number.
pub(crate) const NO_NUMBER: i64 = i64::MIN;

/// One place for a seal.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SignatureBox {
    /// Page, counted from 1. Kept as given; validation judges it.
    pub page: Option<i64>,
    /// The rectangle on the page as displayed. Kept as given; validation judges it.
    pub position: Option<Position>,
}

impl DocumentSource {
    /// Tells what is to be encoded from what is base64 already.
    ///
    /// # Errors
    /// The base64.
    pub fn raw(&self) -> Result<RawSource<'_>, &Arc<str>> {
        match self {
            DocumentSource::Base64(text) => Err(text),
            DocumentSource::Path(path) => Ok(RawSource::Path(path)),
            DocumentSource::Attachment(index) => Ok(RawSource::Attachment(*index)),
            DocumentSource::Bytes(bytes) => Ok(RawSource::Bytes(bytes)),
        }
    }

    /// Tells whether nothing was given; files and attachments are measured by whoever can.
    #[must_use]
    pub fn is_blank(&self) -> bool {
        match self {
            DocumentSource::Base64(text) => text.is_empty(),
            DocumentSource::Bytes(bytes) => bytes.is_empty(),
            DocumentSource::Path(_) | DocumentSource::Attachment(_) => false,
        }
    }
}

impl SignOrder {
    /// Begins an order under the caller's unique number.
    #[must_use]
    pub fn new(order_number: impl Into<String>) -> SignOrder {
        SignOrder { order_number: Some(order_number.into()), signers: Some(Vec::new()), ..Default::default() }
    }

    /// Sets the document to sign and its suffix, e.g. `pdf`.
    #[must_use]
    pub fn document(mut self, document: DocumentSource, fileformat: &str) -> SignOrder {
        self.filebase = Some(document);
        self.fileformat = Some(normal_suffix(fileformat));
        self
    }

    /// Sets the platform's template to use.
    #[must_use]
    pub fn template(mut self, tempid: impl Into<String>) -> SignOrder {
        self.tempid = Some(tempid.into());
        self
    }

    /// Sets the subject of the contract.
    #[must_use]
    pub fn subject(mut self, subject: impl Into<String>) -> SignOrder {
        self.subject = Some(subject.into());
        self
    }

    /// Sets the password that opens the signed document.
    #[must_use]
    pub fn password(mut self, password: impl Into<String>) -> SignOrder {
        self.password = Some(password.into());
        self
    }

    /// Adds the next signer.
    #[must_use]
    pub fn signer(mut self, signer: Signer) -> SignOrder {
        self.signers.get_or_insert_default().push(signer);
        self
    }
}

impl Signer {
    /// Makes a signer of an organisation, by its name and licence number.
    #[must_use]
    pub fn organisation(name: impl Into<String>, number: impl Into<String>) -> Signer {
        Signer {
            sign_type: Some(ORGANISATION),
            org_name: Some(name.into()),
            org_no: Some(number.into()),
            ..Default::default()
        }
    }

    /// Makes a signer of a person, by name and identity number.
    #[must_use]
    pub fn person(name: impl Into<String>, number: impl Into<String>) -> Signer {
        Signer {
            sign_type: Some(PERSON),
            user_name: Some(name.into()),
            user_no: Some(number.into()),
            ..Default::default()
        }
    }

    /// Sets the scan of the licence or identity card, and the other material.
    #[must_use]
    pub fn materials(mut self, pic: DocumentSource, otherpic: DocumentSource) -> Signer {
        self.pic = Some(pic);
        self.otherpic = Some(otherpic);
        self
    }

    /// Sets the seal picture, PNG or JPEG.
    #[must_use]
    pub fn stamp(mut self, picture: DocumentSource) -> Signer {
        self.stampbase = Some(picture);
        self
    }

    /// Sets the country, ISO 3166-1 alpha-2; `CN` unless set.
    #[must_use]
    pub fn country(mut self, country: &str) -> Signer {
        self.country = Some(country.to_ascii_uppercase());
        self
    }

    /// Adds a place for the seal: page counted from 1, fractions of the displayed page.
    #[must_use]
    pub fn sign_at(mut self, page: u32, left: f64, bottom: f64, right: f64, top: f64) -> Signer {
        self.signlist.get_or_insert_default().push(SignatureBox::new(page, left, bottom, right, top));
        self
    }

    /// Returns the country that applies.
    #[must_use]
    pub fn country_or_default(&self) -> &str {
        self.country.as_deref().filter(|country| !country.is_empty()).unwrap_or(DEFAULT_COUNTRY)
    }

    /// Returns the name that signs: the organisation's or the person's; empty when there is none.
    #[must_use]
    pub fn name(&self) -> &str {
        let name = if self.sign_type == Some(ORGANISATION) { &self.org_name } else { &self.user_name };
        name.as_deref().unwrap_or_default()
    }
}

impl SignatureBox {
    /// Makes a place on a page (counted from 1), as fractions of the displayed page's width and height.
    #[must_use]
    pub fn new(page: u32, left: f64, bottom: f64, right: f64, top: f64) -> SignatureBox {
        SignatureBox { page: Some(i64::from(page)), position: Some(Position { left, bottom, right, top }) }
    }
}

/// Returns a suffix without its leading dot, in lower case.
pub(crate) fn normal_suffix(text: &str) -> String {
    let text = text.trim();
    text.strip_prefix('.').unwrap_or(text).to_ascii_lowercase()
}

/// Tells whether a field is absent, empty or blank.
#[must_use]
pub fn is_blank(text: Option<&String>) -> bool {
    text.is_none_or(|text| text.trim().is_empty())
}

// Orders hold identity numbers, passwords and documents: Debug shows none of them.

impl fmt::Debug for DocumentSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            DocumentSource::Base64(text) => write!(f, "Base64({} characters)", text.len()),
            DocumentSource::Path(path) => write!(f, "Path({})", path.display()),
            DocumentSource::Attachment(index) => write!(f, "Attachment({index})"),
            DocumentSource::Bytes(bytes) => write!(f, "Bytes({} bytes)", bytes.len()),
        }
    }
}

impl fmt::Debug for SignOrder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignOrder")
            .field("order_number", &self.order_number)
            .field("tempid", &self.tempid)
            .field("filebase", &self.filebase)
            .field("signers", &self.signers)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("sign_type", &self.sign_type)
            .field("signlist", &self.signlist)
            .finish_non_exhaustive()
    }
}
