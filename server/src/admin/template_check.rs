//! Whether orders with a template can be signed at all: better told when it is added than to every caller.

use wosigndoc::protocol::Bilingual;
use wosigndoc::protocol::order::{ORGANISATION, PERSON};

use crate::orders::material;
use crate::problem::Problem;
use crate::signing::{Document, Fonts, SealRequest, SignerKind, SignerRequest, SigningError};
use crate::store::templates::{TemplateBox, TemplateSigner};

/// Refuses a template whose every order would be refused.
pub fn check(document: &[u8], signers: &[TemplateSigner]) -> Result<(), Problem> {
    if let Some(what) = material::scripts(document) {
        return Err(refused(-61, &what));
    }
    let opened = Document::open(document.to_vec()).map_err(cannot)?;
    let inspection = opened.inspect().map_err(cannot)?;
    if let Some(what) = &inspection.acts {
        return Err(refused(-61, what));
    }
    if inspection.forbids_changes {
        return Err(refused(-79, &FORBIDDEN));
    }
    if signers.is_empty() {
        return Err(Problem::unusable("signers: there is none", "signers：没有签署人"));
    }
    for (at, signer) in signers.iter().enumerate() {
        if let Some(what) = signer_fault(signer, inspection.pages.len()) {
            let whom = format!("signers[{at}]");
            return Err(Problem::from(what.after(&whom, &whom)));
        }
    }
    let requests: Vec<SignerRequest> = signers.iter().map(request).collect();
    let checked = opened.check(None, &requests, &Fonts::built_in());
    checked.map_err(|error| refused(-79, &error.what))
}

const FORBIDDEN: Bilingual = Bilingual::fixed(
    "a signature in it forbids any change (DocMDP P=1)",
    "其中的签名禁止任何更改（DocMDP P=1）",
);

/// Says that every order would be refused, and with which code.
fn refused(code: i32, what: &Bilingual) -> Problem {
    let words = format!("every order would be refused ({code})");
    Problem::from(what.clone().after(words, format!("每个订单都会被拒绝（{code}）")))
}

fn cannot(error: SigningError) -> Problem {
    Problem::from(error.what)
}

/// Says what is wrong with a signer, of a document with so many pages.
fn signer_fault(signer: &TemplateSigner, pages: usize) -> Option<Bilingual> {
    if ![ORGANISATION, PERSON].contains(&signer.sign_type) {
        return Some(Bilingual::fixed(
            "signType is 1 (organisation) or 2 (person)",
            "signType 应为 1（单位）或 2（个人）",
        ));
    }
    signer.signlist.iter().find_map(|place| place_fault(place, pages))
}

fn place_fault(place: &TemplateBox, pages: usize) -> Option<Bilingual> {
    let Some(position) = place.rectangle() else {
        return Some(Bilingual::fixed(
            "a position is four decimals, \"left,bottom,right,top\"",
            "position 应为四个小数 \"left,bottom,right,top\"（左、下、右、上）",
        ));
    };
    if let Some(fault) = position.fault() {
        return Some(fault.after("position", "position"));
    }
    let page = place.pagenumber;
    let is_there = usize::try_from(page).is_ok_and(|page| (1..=pages).contains(&page));
    (!is_there).then(|| {
        Bilingual::new(
            format!("there is no page {page}: the document has {pages}"),
            format!("没有第 {page} 页：文档共 {pages} 页"),
        )
    })
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
