//! The request body of CreateSignOrder, compact, in the protocol's order of fields: ready text, and
//! places where a source's bytes go as base64 while the body is sent.

use std::io::Write;
use std::sync::Arc;

use bytes::Bytes;

use super::error::Result;
use super::limits::DEFAULT_COUNTRY;
use super::order::{DocumentSource, RawSource};
use super::stream::{Plan, Segment};
use super::valid_order::{SignerKind, ValidBox, ValidOrder, ValidSigner};

/// The action of an order on the wire.
pub const CREATE_SIGN_ORDER: &str = "CreateSignOrder";

/// What the text between two documents takes as a rule, in bytes.
const ROOM: usize = 256;

/// Says of a source and its field where its bytes are and how many.
type Locate<'f, 'a, S> = &'f (dyn Fn(RawSource<'a>, &str) -> Result<(S, u64)> + 'f);

/// Lays out the body of a valid order. `locate` says of a source and its field where its bytes are and how many.
///
/// # Errors
/// Those of `locate`.
pub fn plan<'a, S>(order: &ValidOrder<'a>, tokenid: &str, locate: Locate<'_, 'a, S>) -> Result<Plan<S>> {
    let mut body = Writer { segments: Vec::new(), text: Vec::with_capacity(ROOM), locate };
    body.raw("{\"tokenid\":");
    body.string(tokenid);
    body.field("actiontype", CREATE_SIGN_ORDER);
    body.field("tempid", order.tempid);
    body.field("subject", &order.subject);
    body.field("password", order.password);
    body.bulk("filebase", order.filebase, "")?;
    body.field("fileformat", order.fileformat);
    body.field("orderNumber", order.order_number);
    body.raw(",\"signerlist\":[");
    for (at, signer) in order.signers.iter().enumerate() {
        body.raw(if at == 0 { "{" } else { ",{" });
        body.signer(signer, &format!("signerlist[{at}]."))?;
    }
    body.raw("]}");
    Ok(body.finish())
}

struct Writer<'f, 'a, S> {
    segments: Vec<Segment<S>>,
    text: Vec<u8>,
    locate: Locate<'f, 'a, S>,
}

impl<'a, S> Writer<'_, 'a, S> {
    fn signer(&mut self, signer: &ValidSigner<'a>, path: &str) -> Result<()> {
        self.print(format_args!("\"signType\":{}", signer.kind.number()));
        let (name, number) = match signer.kind {
            SignerKind::Organisation => ("orgName", "orgNo"),
            SignerKind::Person => ("userName", "userNo"),
        };
        self.field(name, signer.name);
        self.field(number, signer.number);
        if signer.country != DEFAULT_COUNTRY {
            self.field("country", signer.country);
        }
        self.bulk("stampbase", signer.stampbase, path)?;
        self.bulk("pic", signer.pic, path)?;
        self.bulk("otherpic", signer.otherpic, path)?;
        self.raw(",\"signlist\":[");
        for (at, ValidBox { page, position }) in signer.boxes.iter().enumerate() {
            self.raw(if at == 0 { "" } else { "," });
            self.print(format_args!("{{\"pagenumber\":{page},\"position\":\"{position}\"}}"));
        }
        self.raw("]}");
        Ok(())
    }

    fn field(&mut self, name: &str, value: &str) {
        self.name(name);
        self.string(value);
    }

    /// Writes a source's base64; `path` is that of the object that the field is in, its dot included.
    fn bulk(&mut self, name: &str, source: Option<&'a DocumentSource>, path: &str) -> Result<()> {
        self.name(name);
        self.raw("\"");
        match source.map(DocumentSource::raw) {
            None => {}
            Some(Err(base64)) => self.segment(Segment::Text(Bytes::from_owner(Ready(Arc::clone(base64))))),
            Some(Ok(raw)) => {
                let (source, length) = (self.locate)(raw, &format!("{path}{name}"))?;
                self.segment(Segment::Encode { source, length });
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

    /// Writes text, which does not fail in memory.
    fn print(&mut self, text: std::fmt::Arguments<'_>) {
        let _ = self.text.write_fmt(text);
    }

    /// Writes a JSON string with its quotes, which does not fail in memory.
    fn string(&mut self, value: &str) {
        let _ = serde_json::to_writer(&mut self.text, value);
    }

    fn segment(&mut self, segment: Segment<S>) {
        self.finish_text();
        self.segments.push(segment);
    }

    fn finish_text(&mut self) {
        let text = std::mem::replace(&mut self.text, Vec::with_capacity(ROOM));
        self.segments.push(Segment::Text(text.into()));
    }

    fn finish(mut self) -> Plan<S> {
        self.finish_text();
        Plan { segments: self.segments }
    }
}

/// Base64 that the caller made, sent from where it is.
struct Ready(Arc<str>);

impl AsRef<[u8]> for Ready {
    fn as_ref(&self) -> &[u8] {
        self.0.as_bytes()
    }
}
