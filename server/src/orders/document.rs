//! The document of an order, judged before it is accepted: a PDF that can be signed as ordered (-79
//! otherwise), with nothing in it that acts when it is opened (-61).

use wosigndoc::protocol::{Code, Violation};

use super::means::Means;
use super::{material, request};
use crate::signing::{
    Document, Inspection, SealRequest, SignerKind, SignerRequest, SigningError, SigningReason,
};

/// Judges a document for these signers.
pub fn judge(
    bytes: Vec<u8>,
    password: Option<&str>,
    signers: &[SignerRequest],
    means: &Means,
) -> Option<Violation> {
    if let Some(what) = material::scripts(&bytes) {
        return Some(Violation::new(Code::Dangerous, "filebase").detailed(what));
    }
    let document = match Document::open(bytes) {
        Ok(document) => document,
        Err(error) => return Some(violation(error, None)),
    };
    // What is dangerous is told before what is wrong (P-18).
    let pages = match document.inspect() {
        Ok(Inspection { acts: Some(what), .. }) => {
            return Some(Violation::new(Code::Dangerous, "filebase").detailed(what));
        }
        Ok(inspection) => inspection.pages.len(),
        Err(error) => return Some(violation(error, None)),
    };
    let error = document.check(password, signers, &means.fonts).err()?;
    let field = match error.reason {
        SigningReason::Position => beyond(pages, signers),
        SigningReason::Name => error.signer.and_then(|at| named(at, signers)),
        SigningReason::Picture => error.signer.map(|at| format!("signerlist[{at}].stampbase")),
        _ => None,
    };
    Some(violation(error, field))
}

fn violation(error: SigningError, field: Option<String>) -> Violation {
    let (code, usual) = request::code_of(&error);
    Violation::new(code, field.unwrap_or_else(|| usual.to_owned())).detailed(error.what)
}

/// Returns the field of the first box on a page that the document lacks.
fn beyond(pages: usize, signers: &[SignerRequest]) -> Option<String> {
    let missing = |place: &SealRequest| usize::try_from(place.page).is_ok_and(|page| page > pages);
    signers.iter().enumerate().find_map(|(at, signer)| {
        let nth = signer.boxes.iter().position(missing)?;
        Some(format!("signerlist[{at}].signlist[{nth}].pagenumber"))
    })
}

/// Returns the field of a signer's name.
fn named(at: usize, signers: &[SignerRequest]) -> Option<String> {
    let kind = signers.get(at)?.kind;
    let name = if kind == SignerKind::Organisation { "orgName" } else { "userName" };
    Some(format!("signerlist[{at}].{name}"))
}
