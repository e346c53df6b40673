//! What a push was found to be.

use std::fmt;
use std::path::PathBuf;

use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::protocol::catalogue::{Code, Reason};
use crate::protocol::hash::{Algorithm, Encoding, GivenHash};
use crate::protocol::hex;
use crate::protocol::push::{ACKNOWLEDGEMENT, Push};
use crate::verify::Report;

/// A push that is good. Answer it with [`ACKNOWLEDGEMENT`] once the document is stored.
#[derive(Clone, PartialEq)]
pub struct Received {
    /// True: the document is signed. False: the order failed, and there is no document.
    pub signed: bool,
    /// Why the order failed.
    pub errorcodes: Vec<i32>,
    /// The printable beginning of the reason, 512 bytes at most, when some of it is no code.
    pub unread_errorcode: Option<String>,
    /// The platform's opaque id of the order.
    pub signid: Option<String>,
    /// The caller's own number of the contract.
    pub ordernumber: Option<String>,
    /// Which hash the platform gave, and how it was written.
    pub hash: Option<(Algorithm, Encoding)>,
    /// SHA-256 of the document in lower-case hex, whichever hash the platform gave.
    pub sha256: Option<String>,
    /// Length of the document in bytes.
    pub length: u64,
    /// Where it is stored, when it went into a file.
    pub path: Option<PathBuf>,
    /// The file held this very document already and was left as it was.
    pub already_stored: bool,
    /// The document, when it went into memory of our own.
    pub document: Option<Vec<u8>>,
    /// What was found about its signatures, when it was verified: the verdict is `valid`.
    pub report: Option<Report>,
}

impl Received {
    /// Makes the result of an order that failed. A document that came along is not kept.
    pub(super) fn failed(push: Push) -> Received {
        Received {
            signed: false,
            errorcodes: push.errorcodes,
            unread_errorcode: push.unread_errorcode,
            signid: push.signid,
            ordernumber: push.order_number,
            hash: None,
            sha256: None,
            length: 0,
            path: None,
            already_stored: false,
            document: None,
            report: None,
        }
    }

    pub(super) fn signed(push: Push, hash: &GivenHash, length: u64, sha256: String) -> Received {
        Received {
            signed: true,
            hash: Some((hash.algorithm, hash.encoding)),
            sha256: Some(sha256),
            length,
            ..Received::failed(push)
        }
    }

    /// Returns the name under which a site remembers that it processed this push, because a push may come
    /// again: the same for the same document or failure of an order, another for any other. 64 lower-case
    /// hex digits, a digest of ids and hash: a database's collation may take `A-1` and `a-1` for one, or know
    /// no Chinese. `None` for a push that names no order: it could not be told from that of another order.
    #[must_use]
    pub fn delivery_key(&self) -> Option<String> {
        let order = [&self.signid, &self.ordernumber].into_iter().flatten().find(|id| !id.is_empty())?;
        let what = self.sha256.clone().unwrap_or_else(|| self.failure());
        Some(hex::encode(&Sha256::digest(format!("{order}:{what}"))))
    }

    fn failure(&self) -> String {
        let codes = || self.errorcodes.iter().map(i32::to_string).collect::<Vec<_>>().join("&");
        format!("failed:{}", self.unread_errorcode.clone().unwrap_or_else(codes))
    }

    /// Returns it as it crosses the C ABI; the document itself goes beside it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let mut document = self.facts();
        if let (Some(report), Some(map)) = (&self.report, document.as_object_mut()) {
            map.insert("report".to_owned(), json!(report));
        }
        document
    }

    /// Returns it without the report, which names people.
    fn facts(&self) -> Value {
        let errors: Vec<Value> = self.errorcodes.iter().map(|number| entry(*number)).collect();
        let mut document = json!({
            "status": i32::from(self.signed),
            "errorcodes": self.errorcodes,
            "errors": errors,
            "signid": self.signid,
            "ordernumber": self.ordernumber,
            "length": self.length,
            "delivery_key": self.delivery_key(),
            "acknowledgement": ACKNOWLEDGEMENT,
        });
        let mut put = |name: &str, value: Option<Value>| {
            if let (Some(value), Some(map)) = (value, document.as_object_mut()) {
                map.insert(name.to_owned(), value);
            }
        };
        let hash = |(algorithm, encoding): (Algorithm, Encoding)| json!({"algorithm": algorithm.word(), "encoding": encoding.word()});
        put("unread_errorcode", self.unread_errorcode.clone().map(Value::from));
        put("hash", self.hash.map(hash));
        put("sha256", self.sha256.clone().map(Value::from));
        put("path", self.path.as_ref().map(|path| Value::from(path.to_string_lossy())));
        put("already_stored", self.path.as_ref().map(|_| Value::from(self.already_stored)));
        document
    }
}

/// Returns the catalogue's entry of a code; an unknown one keeps its number here too (P-21).
fn entry(number: i32) -> Value {
    let entry = Code::from_number(i64::from(number)).map_or(Reason::UnknownCode.entry(), Code::entry);
    json!({
        "code": number,
        "message": entry.message.en,
        "message_zh": entry.message.zh,
        "advice": entry.advice.en,
        "advice_zh": entry.advice.zh,
        "retry": entry.retry,
    })
}

// Neither the document nor the report, which names who signed.
impl fmt::Debug for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Received({})", self.facts())
    }
}
