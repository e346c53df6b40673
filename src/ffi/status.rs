//! What a function returns, as numbers for C. The same numbers as `Kind::status`.

// Read by cbindgen and by C; Rust code uses `Kind`.
#![allow(dead_code)]

/// Success.
pub const WSD_OK: i32 = 0;
/// A call was made wrongly, or a configuration does not hold together.
pub const WSD_ARGUMENT: i32 = -1;
/// The order breaks rules of the protocol; "violations" lists them all.
pub const WSD_INVALID_ORDER: i32 = -2;
/// The platform answered, and said no; "code" is its number.
pub const WSD_PLATFORM: i32 = -3;
/// The network failed; "may_have_arrived" says whether the order may have been received.
pub const WSD_TRANSPORT: i32 = -4;
/// No trusted TLS connection came about.
pub const WSD_TLS: i32 = -5;
/// A time limit ran out.
pub const WSD_TIMEOUT: i32 = -6;
/// The other side sent something that is not the protocol.
pub const WSD_PROTOCOL: i32 = -7;
/// The document that arrived does not match its hash.
pub const WSD_INTEGRITY: i32 = -8;
/// The document or its sender is not who was expected.
pub const WSD_UNTRUSTED: i32 = -9;
/// A file could not be read or written, or the system has run out of something.
pub const WSD_IO: i32 = -10;
/// A defect in this library.
pub const WSD_INTERNAL: i32 = -11;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::Kind;

    #[test]
    fn the_numbers_are_those_of_the_kinds() {
        let numbers = [
            WSD_ARGUMENT,
            WSD_INVALID_ORDER,
            WSD_PLATFORM,
            WSD_TRANSPORT,
            WSD_TLS,
            WSD_TIMEOUT,
            WSD_PROTOCOL,
            WSD_INTEGRITY,
            WSD_UNTRUSTED,
            WSD_IO,
            WSD_INTERNAL,
        ];
        assert_eq!(numbers.to_vec(), Kind::ALL.map(Kind::status).to_vec());
    }
}
