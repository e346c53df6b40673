//! The document of an order, judged before it is accepted: a PDF that can be signed as ordered (-79
//! otherwise), with nothing in it that acts when it is opened (-61).

use wosigndoc::protocol::{Code, Violation};

use super::material;
use crate::signing::{self, SealRequest, SignerRequest, SigningReason};
use crate::worker::{self, Means};

/// Judges a document for these signers.
pub fn judge(
    bytes: &[u8],
    password: Option<&str>,
    signers: &[SignerRequest],
    means: &Means,
) -> Option<Violation> {
    if let Some((en, zh)) = material::scripts(bytes) {
        return Some(Violation::new(Code::Dangerous, "filebase").detail(en, zh));
    }
    // What is dangerous is told before what is wrong (P-18).
    if signing::inspect(bytes).is_ok_and(|document| document.acts) {
        let (en, zh) = ("the PDF contains scripts or starts programs", "PDF 含有脚本或会启动程序");
        return Some(Violation::new(Code::Dangerous, "filebase").detail(en, zh));
    }
    if let Err(error) = signing::check(bytes, password, signers, &means.fonts) {
        let (code, field) = worker::code_of(&error);
        let field = match error.reason {
            SigningReason::Position => beyond(bytes, signers).unwrap_or_else(|| field.to_owned()),
            SigningReason::Name => unwritable(signers, means).unwrap_or_else(|| field.to_owned()),
            _ => field.to_owned(),
        };
        return Some(Violation::new(code, field).detail(error.en, error.zh));
    }
    None
}

/// The field of the first box on a page that the document lacks.
fn beyond(bytes: &[u8], signers: &[SignerRequest]) -> Option<String> {
    let pages = signing::inspect(bytes).ok()?.pages.len();
    let missing = |place: &SealRequest| usize::try_from(place.page).is_ok_and(|page| page > pages);
    signers.iter().enumerate().find_map(|(at, signer)| {
        let nth = signer.boxes.iter().position(missing)?;
        Some(format!("signerlist[{at}].signlist[{nth}].pagenumber"))
    })
}

/// The field of the first name that no font can write.
fn unwritable(signers: &[SignerRequest], means: &Means) -> Option<String> {
    let drawn =
        |signer: &SignerRequest| signer.picture.is_none() && means.fonts.check_name(&signer.name).is_err();
    let at = signers.iter().position(drawn)?;
    let kind = signers.get(at)?.kind;
    let name = if kind == signing::SignerKind::Organisation { "orgName" } else { "userName" };
    Some(format!("signerlist[{at}].{name}"))
}
