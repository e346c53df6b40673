//! Makes what is pushed: contracts that are really signed, and the bodies that carry them.

use std::path::Path;

use anyhow::{Context, Result};
use bytes::Bytes;
use ring::digest::{SHA256, digest};
use serde_json::{Map, Value};
use wosigndoc::protocol::push::{failed, signed};
use wosigndoc::protocol::{Position, hex};

use super::cases::Case;
use super::paper;
use super::shot::{Print, Rule, Shot, Way};
use crate::clock;
use crate::faults::Push;
use crate::folder::Folder;
use crate::pki::{self, Pair};
use crate::push;
use crate::signing::{CertificateAuthority, Fonts, SealRequest, SignerKind, SignerRequest, sign_document};

/// The means.
pub struct Maker {
    authority: CertificateAuthority,
    stranger: CertificateAuthority,
    fonts: Fonts,
    signer: SignerRequest,
    prefix: String,
}

/// A push of a signed document.
pub struct Genuine {
    /// orderNumber.
    pub number: String,
    /// signid.
    pub signid: String,
    /// The document.
    pub document: Vec<u8>,
}

impl Maker {
    /// Makes one whose orderNumbers begin so, with the CA of a folder.
    pub fn new(folder: &Folder, prefix: &str) -> Result<Maker> {
        let authority = Pair::read(folder, "ca")?.context("there is no ca.pem")?;
        let position = Position::parse("0.6,0.1,0.8,0.24").context("this is no position")?;
        let signer = SignerRequest {
            name: "云杉软件（示例）有限公司".to_owned(),
            kind: SignerKind::Organisation,
            licence_number: Some("91350100M000100Y43".to_owned()),
            country: "CN".to_owned(),
            picture: None,
            boxes: vec![SealRequest { page: 1, position }],
        };
        // Of the same name as a sandbox's: a name proves nothing.
        let stranger = CertificateAuthority::generate("WoSignDoc Platform CA", clock::utc())?;
        Ok(Maker {
            authority: CertificateAuthority::load(&authority.certificate, &authority.key)
                .context("the CA in the data folder cannot be used")?,
            stranger,
            fonts: Fonts::built_in(),
            signer,
            prefix: prefix.to_owned(),
        })
    }

    /// Returns the orderNumber of a case's order, counted from 0.
    pub fn number(&self, case: &Case, at: usize) -> String {
        let more = if at == 0 { String::new() } else { format!("-{}", at + 1) };
        format!("{}{}{more}{}", self.prefix, case.id, case.tail)
    }

    /// Returns the signid of an order: the same whenever the number is.
    pub fn signid(number: &str) -> String {
        let mut bytes = [0; 16];
        bytes.iter_mut().zip(digest(&SHA256, number.as_bytes()).as_ref()).for_each(|(to, from)| *to = *from);
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }

    /// Makes the push of a case's order, counted from 0.
    pub fn genuine(&self, case: &Case, at: usize) -> Result<Genuine> {
        self.of_length(case, at, 0)
    }

    /// Makes the push of a document of so many bytes at least.
    pub fn of_length(&self, case: &Case, at: usize, length: usize) -> Result<Genuine> {
        let number = self.number(case, at);
        let document = self.sign(paper::contract(&number, length), &self.authority)?;
        Ok(Genuine { signid: Maker::signid(&number), number, document })
    }

    /// Makes one whose document somebody else has signed.
    pub fn by_stranger(&self, case: &Case) -> Result<Genuine> {
        let number = self.number(case, 0);
        let document = self.sign(paper::contract(&number, 0), &self.stranger)?;
        Ok(Genuine { signid: Maker::signid(&number), number, document })
    }

    fn sign(&self, contract: Vec<u8>, authority: &CertificateAuthority) -> Result<Vec<u8>> {
        let signers = std::slice::from_ref(&self.signer);
        Ok(sign_document(contract, None, signers, authority, &self.fonts, clock::utc())?)
    }

    /// Makes the push of an order that failed for these codes.
    pub fn failed(&self, case: &Case, codes: &[i32], rule: Rule) -> Result<Shot> {
        let number = self.number(case, 0);
        let signid = Maker::signid(&number);
        let body = failed::<&[u8]>(&signid, &number, codes).into_pieces().collect()?;
        Ok(shot(number, signid, None, body, rule))
    }
}

impl Genuine {
    /// Returns the body as the platform sends it.
    pub fn body(&self) -> Result<Vec<u8>> {
        let hash = hex::encode(digest(&SHA256, &self.document).as_ref());
        let plan =
            signed(&self.signid, &self.number, self.document.as_slice(), self.document.len() as u64, &hash);
        Ok(plan.into_pieces().collect()?)
    }

    /// Makes the request that carries it.
    pub fn shot(self, rule: Rule) -> Result<Shot> {
        let body = self.body()?;
        self.with(body, rule)
    }

    /// Makes a request with another body.
    pub fn with(self, body: Vec<u8>, rule: Rule) -> Result<Shot> {
        let print = Print::of(&self.document);
        Ok(shot(self.number, self.signid, Some(print), body, rule))
    }

    /// Makes a request whose body is odd or wrong in this way.
    pub fn twisted(self, fault: Push, rule: Rule) -> Result<Shot> {
        let body = push::changed(fault, &self.body()?, None)?;
        self.with(body, rule)
    }

    /// Makes a request whose body was changed as JSON: the whole, and its extendData.
    pub fn edited(self, edit: impl FnOnce(&mut Map<String, Value>, &[u8]), rule: Rule) -> Result<Shot> {
        let mut body: Value = serde_json::from_slice(&self.body()?)?;
        edit(body.as_object_mut().context("a push is an object")?, &self.document);
        self.with(body.to_string().into_bytes(), rule)
    }

    /// Makes a request whose extendData was changed.
    pub fn extended(self, edit: impl FnOnce(&mut Map<String, Value>, &[u8]), rule: Rule) -> Result<Shot> {
        let within = |body: &mut Map<String, Value>, document: &[u8]| {
            if let Some(extend) = body.get_mut("extendData").and_then(Value::as_object_mut) {
                edit(extend, document);
            }
        };
        self.edited(within, rule)
    }
}

fn shot(number: String, signid: String, document: Option<Print>, body: Vec<u8>, rule: Rule) -> Shot {
    let body = Bytes::from(body);
    Shot { number, signid, document, body, content_type: push::JSON, way: Way::Plain, rule }
}

/// Returns the folder of the CA, which is made where it is missing, and whether it was.
pub fn authority(path: &Path) -> Result<(Folder, bool)> {
    let folder = Folder::create(path)?;
    if Pair::read(&folder, "ca")?.is_some() {
        return Ok((folder, false));
    }
    pki::authority().context("cannot make the CA")?.write(&folder, "ca")?;
    Ok((folder, true))
}
