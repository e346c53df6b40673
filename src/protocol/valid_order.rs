//! An order that keeps every rule. Only [`super::validate()`] makes one, so that whoever takes it need not look again.

use std::borrow::Cow;

use super::order::{DocumentSource, ORGANISATION, PERSON};
use super::position::Position;

/// An order that was judged; a text that is not given is empty.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ValidOrder<'a> {
    /// Template id; empty: no template.
    pub tempid: &'a str,
    /// Subject, cut to what may be sent.
    pub subject: Cow<'a, str>,
    /// Open password of the signed document; empty: not encrypted.
    pub password: &'a str,
    /// The document; none: the template's own.
    pub filebase: Option<&'a DocumentSource>,
    /// Suffix of the document without its dot, lower case.
    pub fileformat: &'a str,
    /// The caller's unique id of this contract.
    pub order_number: &'a str,
    /// Who signs, in signing order; at least one.
    pub signers: Vec<ValidSigner<'a>>,
}

/// What a signer is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SignerKind {
    /// An organisation, by its name and licence number.
    Organisation,
    /// A person, by name and identity number.
    Person,
}

/// One signer of a valid order.
#[derive(Clone, PartialEq)]
#[non_exhaustive]
pub struct ValidSigner<'a> {
    /// Organisation or person.
    pub kind: SignerKind,
    /// The name that signs, without blanks around it.
    pub name: &'a str,
    /// Licence or identity number, without blanks around it.
    pub number: &'a str,
    /// ISO 3166-1 alpha-2, upper case.
    pub country: &'a str,
    /// The seal picture.
    pub stampbase: Option<&'a DocumentSource>,
    /// Scan of the licence or identity card.
    pub pic: Option<&'a DocumentSource>,
    /// Other material.
    pub otherpic: Option<&'a DocumentSource>,
    /// Where the seals go; none: where the template says.
    pub boxes: Vec<ValidBox>,
}

/// One place for a seal of a valid order.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub struct ValidBox {
    /// Page, counted from 1.
    pub page: u32,
    /// The rectangle on the page as displayed, as it is sent.
    pub position: Position,
}

impl SignerKind {
    /// Returns `signType` on the wire.
    #[must_use]
    pub const fn number(self) -> i64 {
        match self {
            SignerKind::Organisation => ORGANISATION,
            SignerKind::Person => PERSON,
        }
    }
}

// Orders hold identity numbers and passwords: Debug shows none of them.

impl std::fmt::Debug for ValidOrder<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValidOrder")
            .field("order_number", &self.order_number)
            .field("tempid", &self.tempid)
            .field("signers", &self.signers)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for ValidSigner<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ValidSigner")
            .field("kind", &self.kind)
            .field("boxes", &self.boxes)
            .finish_non_exhaustive()
    }
}
