//! Whether a signature is a document time stamp: trust and what it may show are judged by the same answer.

use crate::pdf::{Object, PdfFile};

/// Says whether a signature dictionary is a document time stamp, which anybody may make. Its entries may stand apart.
pub fn is_time_stamp(pdf: &PdfFile, signature: &Object) -> bool {
    let is = |key: &str, name: &[u8]| {
        let value = signature.dict().and_then(|dict| pdf.entry(dict, key).ok());
        value.and_then(|value| value.name().map(|value| value == name))
    };
    match is("SubFilter", b"ETSI.RFC3161") {
        Some(is_stamp) => is_stamp,
        None => is("Type", b"DocTimeStamp") == Some(true),
    }
}
