//! Reading an order from JSON: as a host writes it, or as the platform finds it on the wire.
//!
//! Where the protocol takes base64, a string is base64, `{"path": "…"}` names a file and
//! `{"attachment": n}` the n-th byte range passed beside the JSON. A string is never a path.

use std::path::PathBuf;

use serde_json::{Map, Value};

use super::bilingual::NO_OBJECT;
use super::catalogue::Reason;
use super::error::{Error, Result};
use super::fields::{Fields, Findings};
use super::json;
use super::order::{DocumentSource, NO_NUMBER, SignOrder, SignatureBox, Signer, normal_suffix};
use super::position::Position;

impl SignOrder {
    /// Reads an order. What is wrong with single values is in the findings, for
    /// [`super::validate::validate`] to add to.
    ///
    /// # Errors
    /// `bad_json` when the text is not a JSON object.
    pub fn from_json(text: &[u8]) -> Result<(SignOrder, Findings)> {
        let Value::Object(map) = json::value(text)? else {
            return Err(Error::new(Reason::BadJson).detail("the order must be an object", "订单应为对象"));
        };
        Ok(SignOrder::from_map(&map))
    }

    /// Reads an order from a JSON object.
    #[must_use]
    pub fn from_map(map: &Map<String, Value>) -> (SignOrder, Findings) {
        let mut findings = Findings::default();
        let found = &mut findings;
        let mut fields = Fields::new(map, "");
        // Set by the client itself, never by the order.
        let _ = (fields.value("tokenid"), fields.value("actiontype"));
        let order = SignOrder {
            tempid: fields.trimmed("tempid", found),
            subject: fields.text("subject", found),
            password: fields.text("password", found),
            filebase: source(&mut fields, "filebase", found),
            fileformat: fields.text("fileformat", found).map(|text| normal_suffix(&text)),
            order_number: fields.text("orderNumber", found),
            signers: fields.list("signerlist", found).map(|list| {
                list.iter()
                    .enumerate()
                    .map(|(at, value)| signer(value, format!("signerlist[{at}]"), found))
                    .collect()
            }),
        };
        fields.refuse_foreign(found);
        fields.close(found);
        (order, findings)
    }
}

fn signer(value: &Value, path: String, found: &mut Findings) -> Signer {
    let Value::Object(map) = value else {
        found.wrong_by(path, NO_OBJECT);
        return Signer::default();
    };
    let mut fields = Fields::new(map, path);
    let signer = Signer {
        // A value that is no number at all is as wrong as 3: validation says -49.
        sign_type: fields.integer("signType").map(|number| number.unwrap_or(-1)),
        org_name: fields.trimmed("orgName", found),
        org_no: fields.trimmed("orgNo", found),
        user_name: fields.trimmed("userName", found),
        user_no: fields.trimmed("userNo", found),
        country: fields.trimmed("country", found).map(|text| text.to_ascii_uppercase()),
        stampbase: source(&mut fields, "stampbase", found),
        pic: source(&mut fields, "pic", found),
        otherpic: source(&mut fields, "otherpic", found),
        signlist: fields.list("signlist", found).map(|list| {
            let path = fields.path("signlist");
            list.iter()
                .enumerate()
                .map(|(at, value)| signature_box(value, format!("{path}[{at}]"), found))
                .collect()
        }),
    };
    fields.refuse_foreign(found);
    fields.close(found);
    signer
}

fn signature_box(value: &Value, path: String, found: &mut Findings) -> SignatureBox {
    let Value::Object(map) = value else {
        found.wrong_by(path, NO_OBJECT);
        return SignatureBox::default();
    };
    let mut fields = Fields::new(map, path);
    let page = fields.integer("pagenumber").or_else(|| fields.integer("page"));
    let position = match fields.value("position") {
        Some(Value::String(text)) => Some(Position::parse(text).unwrap_or(NOWHERE)),
        Some(_) => Some(NOWHERE),
        None => edges(&mut fields),
    };
    // The other way of writing a box is known too, even when it is not used.
    let _ = ["page", "left", "bottom", "right", "top"].map(|name| fields.value(name));
    fields.refuse_foreign(found);
    fields.close(found);
    SignatureBox { page: page.map(|number| number.unwrap_or(NO_NUMBER)), position }
}

/// A position that validation refuses: something was given, but no numbers.
const NOWHERE: Position = Position { left: f64::NAN, bottom: f64::NAN, right: f64::NAN, top: f64::NAN };

fn edges(fields: &mut Fields<'_>) -> Option<Position> {
    let [left, bottom, right, top] = ["left", "bottom", "right", "top"]
        .map(|name| fields.value(name).map(|v| v.as_f64().unwrap_or(f64::NAN)));
    left.or(bottom).or(right).or(top)?;
    let or_nan = |edge: Option<f64>| edge.unwrap_or(f64::NAN);
    Some(Position { left: or_nan(left), bottom: or_nan(bottom), right: or_nan(right), top: or_nan(top) })
}

fn source(fields: &mut Fields<'_>, name: &'static str, found: &mut Findings) -> Option<DocumentSource> {
    match fields.value(name)? {
        Value::String(text) => Some(DocumentSource::Base64(text.as_str().into())),
        Value::Object(map) => Some(located(map).unwrap_or_else(|| {
            let en = "must be base64, {\"path\": \"…\"} or {\"attachment\": n}";
            found.wrong(fields.path(name), en, "应为 base64、{\"path\": \"…\"} 或 {\"attachment\": n}");
            DocumentSource::Base64("".into())
        })),
        _ => {
            found.wrong(fields.path(name), "must be a string or an object", "应为字符串或对象");
            Some(DocumentSource::Base64("".into()))
        }
    }
}

fn located(map: &Map<String, Value>) -> Option<DocumentSource> {
    if map.len() != 1 {
        return None;
    }
    if let Some(path) = map.get("path") {
        return path
            .as_str()
            .filter(|path| !path.is_empty())
            .map(|path| DocumentSource::Path(PathBuf::from(path)));
    }
    let index = map.get("attachment")?.as_u64()?;
    usize::try_from(index).ok().map(DocumentSource::Attachment)
}
