//! The request body of CreateSignOrder, compact, in the protocol's order of fields: ready text, and
//! places where a source's bytes go as base64 while the body is sent.

use std::io::Write;
use std::sync::Arc;

use super::base64_text::encoded_length;
use super::error::Result;
use super::order::{ORGANISATION, SignOrder, SignatureBox, Signer, Source};
use super::subject;

/// The action of an order on the wire.
pub const CREATE_SIGN_ORDER: &str = "CreateSignOrder";

/// One stretch of the body.
#[derive(Debug)]
pub enum Segment {
    /// Bytes to send as they are.
    Text(Vec<u8>),
    /// Base64 that the caller made, sent as it is.
    Ready(Arc<str>),
    /// A source whose bytes are encoded on the way.
    Encode {
        /// Where the bytes come from: a path, an attachment or owned bytes.
        source: Source,
        /// Path of the field, for messages.
        field: String,
        /// How many bytes the source has.
        length: u64,
    },
}

/// A whole body, ready to be sent.
#[derive(Debug)]
pub struct Plan {
    /// The stretches, in order.
    pub segments: Vec<Segment>,
}

impl Plan {
    /// The exact number of bytes on the wire.
    #[must_use]
    pub fn content_length(&self) -> u64 {
        self.segments.iter().map(Segment::length).sum()
    }
}

impl Segment {
    fn length(&self) -> u64 {
        match self {
            Segment::Text(text) => text.len() as u64,
            Segment::Ready(text) => text.len() as u64,
            Segment::Encode { length, .. } => encoded_length(*length),
        }
    }
}

/// What the text between two documents takes as a rule, in bytes.
const ROOM: usize = 256;

/// Lays out the body of a valid order. `length_of` measures a file or attachment: (source, field).
///
/// # Errors
/// Those of `length_of`.
pub fn plan(
    order: &SignOrder,
    tokenid: &str,
    length_of: &dyn Fn(&Source, &str) -> Result<u64>,
) -> Result<Plan> {
    let mut body = Body { segments: Vec::new(), text: Vec::with_capacity(ROOM), length_of };
    let cut = order.subject.as_deref().and_then(subject::cut);
    body.raw("{\"tokenid\":");
    body.string(tokenid);
    body.field("actiontype", CREATE_SIGN_ORDER);
    body.field("tempid", text(order.tempid.as_ref()));
    body.field("subject", cut.as_deref().unwrap_or(text(order.subject.as_ref())));
    body.field("password", text(order.password.as_ref()));
    body.bulk("filebase", order.filebase.as_ref(), "")?;
    body.field("fileformat", text(order.fileformat.as_ref()));
    body.field("orderNumber", text(order.order_number.as_ref()));
    body.raw(",\"signerlist\":[");
    for (at, signer) in order.signers.iter().flatten().enumerate() {
        body.raw(if at == 0 { "{" } else { ",{" });
        body.signer(signer, &format!("signerlist[{at}]."))?;
    }
    body.raw("]}");
    Ok(body.finish())
}

fn text(value: Option<&String>) -> &str {
    value.map_or("", String::as_str)
}

struct Body<'a> {
    segments: Vec<Segment>,
    text: Vec<u8>,
    length_of: &'a dyn Fn(&Source, &str) -> Result<u64>,
}

impl Body<'_> {
    fn signer(&mut self, signer: &Signer, path: &str) -> Result<()> {
        let sign_type = signer.sign_type.unwrap_or_default();
        self.print(format_args!("\"signType\":{sign_type}"));
        if sign_type == ORGANISATION {
            self.field("orgName", text(signer.org_name.as_ref()).trim());
            self.field("orgNo", text(signer.org_no.as_ref()).trim());
        } else {
            self.field("userName", text(signer.user_name.as_ref()).trim());
            self.field("userNo", text(signer.user_no.as_ref()).trim());
        }
        if signer.country_or_default() != "CN" {
            self.field("country", signer.country_or_default());
        }
        self.bulk("stampbase", signer.stampbase.as_ref(), path)?;
        self.bulk("pic", signer.pic.as_ref(), path)?;
        self.bulk("otherpic", signer.otherpic.as_ref(), path)?;
        self.raw(",\"signlist\":[");
        for (at, place) in signer.signlist.iter().flatten().enumerate() {
            self.raw(if at == 0 { "" } else { "," });
            self.place(*place);
        }
        self.raw("]}");
        Ok(())
    }

    fn place(&mut self, place: SignatureBox) {
        let (Some(page), Some(position)) = (place.page, place.position) else { return };
        self.print(format_args!("{{\"pagenumber\":{page},\"position\":\"{position}\"}}"));
    }

    fn field(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    /// A source's base64; `path` is that of the object that the field is in, its dot included.
    fn bulk(&mut self, name: &str, source: Option<&Source>, path: &str) -> Result<()> {
        self.name(name);
        self.raw("\"");
        match source {
            None => {}
            Some(Source::Base64(ready)) => self.segment(Segment::Ready(Arc::clone(ready))),
            Some(source) => {
                let field = format!("{path}{name}");
                let length = match source {
                    Source::Bytes(bytes) => bytes.len() as u64,
                    _ => (self.length_of)(source, &field)?,
                };
                self.segment(Segment::Encode { source: source.clone(), field, length });
            }
        }
        self.raw("\"");
        Ok(())
    }

    fn name(&mut self, name: &str) {
        self.raw(",\"");
        self.raw(name);
        self.raw("\":");
    }

    fn raw(&mut self, text: &str) {
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Writing to memory does not fail.
    fn print(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = self.text.write_fmt(text);
    }

    /// A JSON string with its quotes. Text written to memory does not fail.
    fn string(&mut self, value: &str) {
        let _ = serde_json::to_writer(&mut self.text, value);
    }

    fn segment(&mut self, segment: Segment) {
        self.segments.push(Segment::Text(std::mem::replace(&mut self.text, Vec::with_capacity(ROOM))));
        self.segments.push(segment);
    }

    fn finish(mut self) -> Plan {
        self.segments.push(Segment::Text(self.text));
        Plan { segments: self.segments }
    }
}
