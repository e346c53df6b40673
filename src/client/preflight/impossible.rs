//! The order that a live preflight sends. Whatever a platform looks at in it is wrong, so that nothing can come of it.

use serde_json::Value;

use crate::credentials::random_id;
use crate::protocol::Result;
use crate::protocol::wire::CREATE_SIGN_ORDER;

/// Writes an order that must be refused, with this tokenid. It holds nothing of the caller's besides, and each of these
/// alone is a reason to refuse it: its template does not exist (-43); its one signer is neither an organisation nor a
/// person (-49), and has no name, no number (-51 to -54) and no material (-57), so that no certificate could be issued;
/// its place lies on page 0 and has no size, and its document is no PDF (-79). No field is absent: a platform would say
/// so (-100) before it looked at the tokenid.
///
/// # Errors
/// `defect` where the system has no random numbers.
pub(super) fn order(tokenid: &str) -> Result<Vec<u8>> {
    let (tokenid, id) = (Value::from(tokenid), random_id()?);
    let order = format!(
        concat!(
            r#"{{"tokenid":{},"actiontype":"{}","tempid":"preflight-{}","#,
            r#""subject":"wosigndoc preflight: to be refused","password":"","#,
            r#""filebase":"bm8gZG9jdW1lbnQ=","fileformat":"pdf","orderNumber":"preflight-{}","#,
            r#""signerlist":[{{"signType":0,"orgName":"","orgNo":"","userName":"","userNo":"","stampbase":"","#,
            r#""pic":"","otherpic":"","signlist":[{{"pagenumber":0,"position":"0,0,0,0"}}]}}]}}"#,
        ),
        tokenid, CREATE_SIGN_ORDER, id, id
    );
    Ok(order.into_bytes())
}

/// Returns a tokenid that no platform has given anybody.
///
/// # Errors
/// `defect` where the system has no random numbers.
pub(super) fn unknown_token() -> Result<String> {
    Ok(format!("preflight-{}", random_id()?))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::SignOrder;
    use crate::protocol::validate::{Context, validate};

    /// Covers P-5, P-15: it is compact JSON whose fields are all there, and wrong in many ways.
    #[test]
    fn it_breaks_every_rule_that_an_order_can_break() {
        let text = order("T\"1").unwrap();
        let value: Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(value["tokenid"], "T\"1");
        assert!(!text.contains(&b'\n') && value["orderNumber"].as_str().unwrap().len() > 32);
        let map = value.as_object().unwrap().clone();
        let (order, findings) = SignOrder::from_map(&map);
        let context = Context { allow_empty_material: true, length_of: &|_| Some(11) };
        let codes: Vec<i32> = match validate(&order, findings, &context).outcome {
            Ok(_) => Vec::new(),
            Err(violations) => violations.iter().map(|violation| violation.code.number()).collect(),
        };
        assert!(codes.contains(&-49) && codes.contains(&-79) && !codes.contains(&-100), "{codes:?}");
        assert_ne!(unknown_token().unwrap(), unknown_token().unwrap());
    }
}
