//! Pushes that are wrong, or odd, on purpose.

use anyhow::{Context, Result};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, SHA512, digest};
use serde_json::{Map, Value};
use wosigndoc::protocol::hex;

use crate::broken_body::Broken;
use crate::faults::Push;

/// Changes the body of a push as a fault asks. Such a body is held in memory. `other` is the document of another order.
pub fn twist(fault: Push, body: Vec<u8>, other: Option<&[u8]>) -> Result<reqwest::Body> {
    if fault == Push::Cut {
        return Ok(reqwest::Body::wrap(Broken::cut(body.into())));
    }
    Ok(changed(fault, &body, other).context("the push cannot be changed")?.into())
}

/// Returns the body of a push, changed as a fault asks that says what is wrong with it; `other` is the document of another order.
pub fn changed(fault: Push, body: &[u8], other: Option<&[u8]>) -> Result<Vec<u8>> {
    let mut push: Value = serde_json::from_slice(body)?;
    let extend = push.get_mut("extendData").and_then(Value::as_object_mut).context("it has no extendData")?;
    let document =
        extend.get("content").and_then(Value::as_str).map(|content| STANDARD.decode(content)).transpose()?;
    match (fault, document) {
        (Push::WrongHash, _) => put(extend, "hash", &hex::encode(&[0; 32])),
        (Push::Base64Hash, Some(document)) => {
            put(extend, "hash", &STANDARD.encode(digest(&SHA256, &document).as_ref()))
        }
        (Push::NoHash, _) => drop(extend.remove("hash")),
        (Push::Sha512, Some(document)) => {
            put(extend, "hash", &hex::encode(digest(&SHA512, &document).as_ref()))
        }
        (Push::Empty, Some(_)) => replace(extend, &[]),
        (Push::Other, Some(_)) => replace(extend, other.context("no other order of the token is signed")?),
        (Push::Altered, Some(mut document)) => {
            // In the first revision, which every signature covers: a letter of the header's comment or of an object.
            if let Some(byte) = document.get_mut(20) {
                *byte ^= 1;
            }
            replace(extend, &document);
        }
        (Push::ExtendString, _) => {
            let text = Value::Object(std::mem::take(extend)).to_string();
            put(push.as_object_mut().context("it is no object")?, "extendData", &text);
        }
        (Push::UpperNames, _) => push = upper(push),
        (Push::Gbk, _) => {
            let text = push.to_string();
            // 合同 in GBK.
            let field = b",\"message\":\"\xba\xcf\xcd\xac\"}";
            return Ok([text.trim_end_matches('}').as_bytes(), b"}", field].concat());
        }
        (Push::Escapes, _) => return Ok(escaped(&push.to_string()).into_bytes()),
        _ => {}
    }
    Ok(push.to_string().into_bytes())
}

fn put(map: &mut Map<String, Value>, name: &str, text: &str) {
    map.insert(name.to_owned(), text.into());
}

/// Puts another document in, with its own hash.
fn replace(extend: &mut Map<String, Value>, document: &[u8]) {
    put(extend, "content", &STANDARD.encode(document));
    put(extend, "hash", &hex::encode(digest(&SHA256, document).as_ref()));
}

fn upper(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            map.into_iter().map(|(name, value)| (name.to_uppercase(), upper(value))).collect()
        }
        other => other,
    }
}

/// Escapes slashes, and every letter A, which base64 is full of.
fn escaped(text: &str) -> String {
    text.replace('/', "\\/").replace('A', "\\u0041")
}

#[cfg(test)]
mod tests {
    use super::*;
    use wosigndoc::protocol::Reason;
    use wosigndoc::push::{Options, Sink, receive};

    fn body() -> Vec<u8> {
        let document = b"%PDF-1.7 a document that was signed, AAAA/AAAA";
        let mut extend = Map::new();
        put(&mut extend, "signid", "s-1");
        put(&mut extend, "ordernumber", "A-1");
        replace(&mut extend, document);
        serde_json::json!({"actiontype": "PushSignedDoc", "status": 1, "errorcode": "0", "extendData": extend})
            .to_string()
            .into_bytes()
    }

    /// What the library says of each: odd ones are taken, wrong ones are not.
    #[test]
    fn is_as_wrong_as_it_says() {
        let other = b"%PDF-1.7 another document";
        let judged =
            |fault| receive(&changed(fault, &body(), Some(other)).unwrap(), Options::default(), Sink::Owned);
        for odd in [Push::Sha512, Push::Base64Hash, Push::Escapes, Push::ExtendString, Push::UpperNames] {
            assert!(judged(odd).is_ok(), "{odd:?}: {:?}", judged(odd));
        }
        assert_eq!(judged(Push::Other).unwrap().document.unwrap(), other);
        assert!(changed(Push::Other, &body(), None).is_err());
        let altered = judged(Push::Altered).unwrap();
        assert_ne!(altered.sha256, judged(Push::Twice).unwrap().sha256);
        for (wrong, reason) in [
            (Push::WrongHash, Reason::HashMismatch),
            (Push::NoHash, Reason::HashUnusable),
            (Push::Empty, Reason::PushNotProtocol),
            (Push::Gbk, Reason::PushNotProtocol),
        ] {
            assert_eq!(judged(wrong).map(|_| ()).unwrap_err().reason(), reason, "{wrong:?}");
        }
    }
}
