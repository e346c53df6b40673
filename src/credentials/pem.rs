//! PEM blocks. Own code, because the usual readers skip or misread what must be named to the user:
//! `ENCRYPTED PRIVATE KEY`, and the `DEK-Info` headers of OpenSSL's old encryption.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use zeroize::Zeroizing;

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// One block of a PEM text.
pub(super) struct Block {
    /// What stands after BEGIN, e.g. `CERTIFICATE`.
    pub(super) label: String,
    /// True when its headers say that it is encrypted in OpenSSL's old way.
    pub(super) old_encryption: bool,
    /// Its bytes; `None` when they are not base64 or the END line is missing.
    pub(super) bytes: Option<Zeroizing<Vec<u8>>>,
}

/// Returns every block of the text, in order; what stands between blocks is ignored. A block ends before the next
/// one begins, at the latest.
pub(super) fn blocks(text: &[u8]) -> Vec<Block> {
    let text = Zeroizing::new(String::from_utf8_lossy(text).into_owned());
    let stretches = text.split("-----BEGIN ").skip(1);
    let labelled = stretches.filter_map(|stretch| stretch.split_once("-----"));
    labelled
        .map(|(label, rest)| {
            let body = rest.split_once(&format!("-----END {label}-----"));
            block(label, body.map(|(body, _)| body))
        })
        .collect()
}

fn block(label: &str, body: Option<&str>) -> Block {
    let body = body.unwrap_or_default();
    let is_header = |line: &&str| line.contains(':');
    let old_encryption = body.lines().filter(is_header).any(|line| {
        line.starts_with("DEK-Info:") || (line.starts_with("Proc-Type:") && line.contains("ENCRYPTED"))
    });
    let mut packed = Zeroizing::new(String::with_capacity(body.len()));
    body.lines()
        .filter(|line| !is_header(line))
        .flat_map(str::split_whitespace)
        .for_each(|s| packed.push_str(s));
    let bytes = if packed.is_empty() { None } else { LENIENT.decode(packed.as_str()).ok() };
    Block { label: label.trim().to_owned(), old_encryption, bytes: bytes.map(Zeroizing::new) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_blocks_and_survives_what_is_none() {
        let text = b"\xef\xbb\xbfBag Attributes: x\n-----BEGIN CERTIFICATE-----\r\nQU\r\nJD\r\n-----END CERTIFICATE-----\n\
            -----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,00\n\nQUJD\n-----END RSA PRIVATE KEY-----\n\
            -----BEGIN X-----\n!\n-----END X-----\n-----BEGIN CUT-----\nQUJD\n\
            -----BEGIN CUT-----\nQUJD\n-----END CUT-----\n-----BEGIN CUT-----\nQUJD";
        let found = blocks(text);
        let seen: Vec<_> = found
            .iter()
            .map(|b| (b.label.as_str(), b.old_encryption, b.bytes.as_ref().map(|bytes| bytes.len())))
            .collect();
        assert_eq!(
            seen,
            [
                ("CERTIFICATE", false, Some(3)),
                ("RSA PRIVATE KEY", true, Some(3)),
                ("X", false, None),
                ("CUT", false, None),
                ("CUT", false, Some(3)),
                ("CUT", false, None)
            ]
        );
        assert!(blocks(b"-----BEGIN ").is_empty());
    }
}
