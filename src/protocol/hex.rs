//! Bytes as hexadecimal digits: the one place that writes and reads them, for both halves.

use data_encoding::{HEXLOWER, HEXLOWER_PERMISSIVE};

/// Writes bytes as lower-case digits.
#[must_use]
pub fn encode(bytes: &[u8]) -> String {
    HEXLOWER.encode(bytes)
}

/// Reads digits of either letter case; `None` for anything else, and for an odd number of them.
#[must_use]
pub fn decode(digits: impl AsRef<[u8]>) -> Option<Vec<u8>> {
    HEXLOWER_PERMISSIVE.decode(digits.as_ref()).ok()
}

/// Reads one byte of two digits of either letter case.
#[must_use]
pub fn byte(high: u8, low: u8) -> Option<u8> {
    let mut byte = [0];
    HEXLOWER_PERMISSIVE.decode_mut(&[high, low], &mut byte).ok().map(|_| byte[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn writes_lower_case_and_reads_both() {
        assert_eq!(encode(&[0, 0x7f, 0xab]), "007fab");
        assert_eq!(decode("007fAb"), Some(vec![0, 0x7f, 0xab]));
        assert_eq!(decode(""), Some(vec![]));
        for none in ["0", "0g", " 00", "00 ", "é"] {
            assert_eq!(decode(none), None, "{none}");
        }
    }
}
