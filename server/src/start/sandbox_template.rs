//! The sandbox's template: the contract that every example signs, with places for its two signers.

use crate::store::templates::{Part, Place, Template};

/// Its tempid.
pub const ID: &str = "sandbox-contract";

/// Its document.
pub const DOCUMENT: &[u8] = include_bytes!("../../../examples/contract.pdf");

/// The template: an organisation signs pages 3 and 4, a person page 4.
pub fn sandbox() -> Template {
    let place = |pagenumber, position: &str| Place { pagenumber, position: position.to_owned() };
    Template {
        id: ID.to_owned(),
        subject: "沙箱合同".to_owned(),
        signers: vec![
            Part {
                sign_type: 1,
                signlist: vec![place(3, "0.62,0.32,0.82,0.4614"), place(4, "0.17,0.60,0.37,0.7414")],
            },
            Part { sign_type: 2, signlist: vec![place(4, "0.56,0.62,0.70,0.719")] },
        ],
    }
}
