//! Base64: the one choice of the engine, and texts that the caller made, checked before they are passed on.

use base64::Engine;
use base64::engine::general_purpose::PAD;

use super::bilingual::{Bilingual, NO_BASE64};

/// The engine for bulk: the processor's own instructions where the library has them.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
pub type Base64 = base64::engine::Simd;
/// The engine for bulk: the library has no faster one for this processor.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
pub type Base64 = base64::engine::GeneralPurpose;

/// Makes the engine for bulk: the standard alphabet, padded.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
#[must_use]
pub fn engine() -> Base64 {
    Base64::standard(PAD)
}

/// Makes the engine for bulk: the standard alphabet, padded.
#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
#[must_use]
pub fn engine() -> Base64 {
    Base64::new(&base64::alphabet::STANDARD, PAD)
}

/// Characters checked at a time; a multiple of four.
const BLOCK: usize = 4096;

/// Says what is wrong with a text that should be base64 (standard alphabet, padded).
#[must_use]
pub fn fault(text: &str) -> Option<Bilingual> {
    if text.starts_with("data:") {
        return Some(Bilingual::fixed(
            "must be base64 alone: remove the \"data:…;base64,\" before it",
            "只应为 base64：请去掉前面的 \"data:…;base64,\"",
        ));
    }
    if text.bytes().any(|byte| byte.is_ascii_whitespace()) {
        let (en, zh) = ("must be base64 without line breaks or blanks", "应为不含换行和空格的 base64");
        return Some(Bilingual::fixed(en, zh));
    }
    let engine = engine();
    let mut scratch = [0; BLOCK];
    let last = text.len().saturating_sub(1) / BLOCK;
    let whole = text.as_bytes().chunks(BLOCK).enumerate().all(|(at, block)| {
        // Padding may stand only at the very end.
        let padded_early = at < last && block.ends_with(b"=");
        !padded_early && engine.decode_slice(block, &mut scratch).is_ok()
    });
    (!whole).then_some(NO_BASE64)
}

/// Returns the number of bytes that a checked base64 text stands for.
#[must_use]
pub fn decoded_length(text: &str) -> u64 {
    let padding = text.bytes().rev().take(2).filter(|byte| *byte == b'=').count();
    (text.len() as u64 / 4 * 3).saturating_sub(padding as u64)
}

/// Returns the number of characters that so many bytes take in base64.
#[must_use]
pub const fn encoded_length(bytes: u64) -> u64 {
    bytes.div_ceil(3) * 4
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::STANDARD;

    use super::*;

    #[test]
    fn tells_base64_from_what_looks_like_it() {
        let long = STANDARD.encode(vec![7; 10_000]);
        for good in ["", "QQ==", "QUI=", "QUJD", &long] {
            assert_eq!(fault(good), None);
        }
        let padded_inside = format!("{}QQ=={}", &long[..BLOCK - 4], &long[..BLOCK]);
        for bad in
            ["Q", "QQ", "QQ=", "QU-_", "QUJD\n", "/etc/passwd", "data:image/png;base64,QUJD", &padded_inside]
        {
            assert!(fault(bad).is_some(), "{bad}");
        }
        assert_eq!(decoded_length(&long), 10_000);
        assert_eq!(encoded_length(10_000), long.len() as u64);
    }
}
