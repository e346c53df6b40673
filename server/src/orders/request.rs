//! An order in the words of signing, and what signing says in the words of the protocol.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use wosigndoc::protocol::Code;
use wosigndoc::protocol::order::ORGANISATION;

use crate::signing::{SealRequest, SignerKind, SignerRequest, SigningError, SigningReason};
use crate::store::orders::{NewOrder, Signer};

/// Returns the signers as signing wants them. Their seal pictures lie beside the document.
pub fn requests(order: &NewOrder, place: &Path) -> Result<Vec<SignerRequest>> {
    let picture = |at: usize| match fs::read(place.join(format!("signer-{at}-stampbase"))) {
        Ok(bytes) => Ok(Some(bytes).filter(|bytes| !bytes.is_empty())),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error).context("cannot read a seal picture"),
    };
    order.signers.iter().enumerate().map(|(at, signer)| Ok(request(signer, picture(at)?))).collect()
}

/// Returns one signer as signing wants it.
pub fn request(signer: &Signer, picture: Option<Vec<u8>>) -> SignerRequest {
    let kind = if signer.sign_type == ORGANISATION { SignerKind::Organisation } else { SignerKind::Person };
    let boxes = signer.boxes.iter().map(|(page, position)| SealRequest { page: *page, position: *position });
    SignerRequest {
        name: signer.name.clone(),
        kind,
        licence_number: (kind == SignerKind::Organisation).then(|| signer.number.clone()),
        country: signer.country.clone(),
        picture,
        boxes: boxes.collect(),
    }
}

/// Returns the protocol's code of a refusal to sign, and the field of the order that it is about.
pub fn code_of(error: &SigningError) -> (Code, &'static str) {
    match error.reason {
        SigningReason::Damaged
        | SigningReason::Encrypted
        | SigningReason::Unsupported
        | SigningReason::Forbidden => (Code::WrongParameter, "filebase"),
        SigningReason::Position | SigningReason::Name => (Code::WrongParameter, "signerlist"),
        SigningReason::Picture => (Code::Dangerous, "signerlist"),
        SigningReason::Password => (Code::WrongParameter, "password"),
        SigningReason::Internal => (Code::PlatformInternal, ""),
    }
}
