//! Whether orders with a template can be signed at all: better told when it is added than to every caller.

use anyhow::{Context, Result, bail};
use wosigndoc::protocol::order::{ORGANISATION, PERSON};

use crate::orders::material;
use crate::signing::{Document, Fonts, SealRequest, SignerKind, SignerRequest};
use crate::store::templates::TemplateSigner;

/// Refuses a template whose every order would be refused.
pub fn check(document: &[u8], signers: &[TemplateSigner]) -> Result<()> {
    if let Some(what) = material::scripts(document) {
        bail!("every order would be refused (-61): {}", what.en);
    }
    let opened = Document::open(document.to_vec())?;
    let inspection = opened.inspect()?;
    if let Some(what) = &inspection.acts {
        bail!("every order would be refused (-61): {}", what.en);
    }
    if inspection.forbids_changes {
        bail!("every order would be refused (-79): a signature in it forbids any change (DocMDP P=1)");
    }
    let pages = inspection.pages.len();
    if signers.is_empty() {
        bail!("signers: there is none");
    }
    for (at, signer) in signers.iter().enumerate() {
        if ![ORGANISATION, PERSON].contains(&signer.sign_type) {
            bail!("signers[{at}]: signType is 1 (organisation) or 2 (person)");
        }
        for place in &signer.signlist {
            let Some(position) = place.rectangle() else {
                bail!("signers[{at}]: a position is four decimals, \"left,bottom,right,top\"");
            };
            if let Some(fault) = position.fault() {
                bail!("signers[{at}]: a position {}", fault.en);
            }
            let page = place.pagenumber;
            if !usize::try_from(page).is_ok_and(|page| (1..=pages).contains(&page)) {
                bail!("signers[{at}]: there is no page {page}: the document has {pages}");
            }
        }
    }
    let requests: Vec<SignerRequest> = signers.iter().map(request).collect();
    opened.check(None, &requests, &Fonts::built_in()).context("every order would be refused (-79)")
}

/// Returns some signer who seals at these places.
fn request(part: &TemplateSigner) -> SignerRequest {
    let places = part.places().unwrap_or_default().into_iter();
    SignerRequest {
        name: "甲".to_owned(),
        kind: SignerKind::Organisation,
        licence_number: None,
        country: String::new(),
        picture: None,
        boxes: places.map(|(page, position)| SealRequest { page, position }).collect(),
    }
}
