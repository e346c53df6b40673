//! The sandbox's template: the contract that every example signs, with places for its two signers.

use wosigndoc::protocol::order::{ORGANISATION, PERSON};

use crate::store::templates::{Template, TemplateBox, TemplateSigner};

/// The template's tempid.
pub const ID: &str = "sandbox-contract";

/// The template's document.
pub const DOCUMENT: &[u8] = include_bytes!("../../../examples/contract.pdf");

/// Returns the template: an organisation signs pages 3 and 4, a person page 4.
pub fn sandbox() -> Template {
    let place = |pagenumber, position: &str| TemplateBox { pagenumber, position: position.to_owned() };
    Template {
        id: ID.to_owned(),
        subject: "沙箱合同".to_owned(),
        signers: vec![
            TemplateSigner {
                sign_type: ORGANISATION,
                signlist: vec![place(3, "0.62,0.32,0.82,0.4614"), place(4, "0.17,0.60,0.37,0.7414")],
            },
            TemplateSigner { sign_type: PERSON, signlist: vec![place(4, "0.56,0.62,0.70,0.719")] },
        ],
        manual: false,
    }
}
