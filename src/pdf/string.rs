//! What the text of a string stands for.

use crate::protocol::hex;

/// The characters of PDF's own encoding that Latin-1 has not, from this byte on; `\0`: there is none.
const LOW: (u8, &str) = (0x18, "˘ˇˆ˙˝˛˚˜");
const HIGH: (u8, &str) = (0x80, "•†‡…—–ƒ⁄‹›−‰„“”‘’‚™ﬁﬂŁŒŠŸŽıłœšž\0€");

/// Returns the bytes that hexadecimal digits stand for; blanks among them count for nothing.
pub fn hex(digits: &[u8]) -> Vec<u8> {
    let mut digits: Vec<u8> = digits.iter().copied().filter(u8::is_ascii_hexdigit).collect();
    if !digits.len().is_multiple_of(2) {
        // A digit that is missing at the end is 0.
        digits.push(b'0');
    }
    hex::decode(digits).unwrap_or_default()
}

/// Says whether readers take the inside of a string in parentheses for different ones: a line ends by a carriage return,
/// which is one byte or another, or a byte is named by a number that is none.
pub fn is_loose(inner: &[u8]) -> bool {
    let mut rest = inner;
    while let Some((byte, behind)) = rest.split_first() {
        rest = match (byte, behind) {
            (b'\r', _) | (b'\\', [b'4'..=b'7', b'0'..=b'7', b'0'..=b'7', ..]) => return true,
            // A line that goes on is none.
            (b'\\', [b'\r', b'\n', behind @ ..] | [_, behind @ ..]) => behind,
            _ => behind,
        };
    }
    false
}

/// Returns the bytes that the inside of a string in parentheses stands for.
pub fn literal(inner: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(inner.len());
    let mut bytes = inner.iter().copied().peekable();
    while let Some(byte) = bytes.next() {
        match byte {
            b'\\' => match bytes.next() {
                Some(b'n') => out.push(b'\n'),
                Some(b'r') => out.push(b'\r'),
                Some(b't') => out.push(b'\t'),
                Some(b'b') => out.push(8),
                Some(b'f') => out.push(12),
                // A line that goes on.
                Some(b'\r') => drop(bytes.next_if_eq(&b'\n')),
                Some(b'\n') | None => {}
                Some(digit @ b'0'..=b'7') => {
                    let mut code = u32::from(digit - b'0');
                    for _ in 0..2 {
                        if let Some(digit) = bytes.next_if(|byte| matches!(byte, b'0'..=b'7')) {
                            code = code * 8 + u32::from(digit - b'0');
                        }
                    }
                    out.push(u8::try_from(code & 0xff).unwrap_or_default());
                }
                Some(other) => out.push(other),
            },
            b'\r' => {
                bytes.next_if_eq(&b'\n');
                out.push(b'\n');
            }
            other => out.push(other),
        }
    }
    out
}

/// Returns the characters of a text string.
pub fn text(bytes: &[u8]) -> String {
    let units = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units: Vec<u16> = rest
            .chunks(2)
            .map(|pair| read([pair.first(), pair.get(1)].map(|b| b.copied().unwrap_or(0))))
            .collect();
        String::from_utf16_lossy(&units)
    };
    match bytes {
        [0xfe, 0xff, rest @ ..] => units(rest, u16::from_be_bytes),
        // Not in the standard, but some writers do it and all readers take it.
        [0xff, 0xfe, rest @ ..] => units(rest, u16::from_le_bytes),
        [0xef, 0xbb, 0xbf, rest @ ..] => String::from_utf8_lossy(rest).into_owned(),
        own => own.iter().map(|&byte| character(byte)).collect(),
    }
}

/// Returns a character of PDF's own encoding.
fn character(byte: u8) -> char {
    let special = [LOW, HIGH].into_iter().find_map(|(start, table)| {
        let index = usize::from(byte.checked_sub(start)?);
        table.chars().nth(index)
    });
    match special.unwrap_or(char::from(byte)) {
        '\0' | '\u{7f}' | '\u{ad}' => char::REPLACEMENT_CHARACTER,
        character => character,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_strings() {
        for (inner, bytes) in [
            (r"a\(b\)\\\n\053\0538\5", &b"a(b)\\\n++8\x05"[..]),
            ("a(b)c", b"a(b)c"),
            ("a\\\r\nb\r\nc\rd", b"ab\nc\nd"),
            (r"\x\400", b"x\0"),
            ("", b""),
        ] {
            assert_eq!(literal(inner.as_bytes()), bytes, "{inner}");
        }
        for (digits, bytes) in [("41 4 2 4", &b"AB@"[..]), ("fFe\n0", b"\xff\xe0"), ("", b"")] {
            assert_eq!(hex(digits.as_bytes()), bytes, "{digits}");
        }
    }

    #[test]
    fn knows_strings_that_readers_take_for_different_ones() {
        for inner in ["a\rb", "a\r\nb", r"\400", r"a\777"] {
            assert!(is_loose(inner.as_bytes()), "{inner}");
        }
        for inner in ["", "a\nb", "a\\\r\nb", r"\r\377\40x\\400\8", "\\\rb"] {
            assert!(!is_loose(inner.as_bytes()), "{inner}");
        }
    }

    #[test]
    fn reads_text_in_every_encoding() {
        for (bytes, expected) in [
            (&b"Signature1"[..], "Signature1"),
            (b"\xfe\xff\x53\x17\x4e\xac", "北京"),
            (b"\xff\xfe\x17\x53", "北"),
            (b"\xef\xbb\xbf\xe5\x8c\x97", "北"),
            (b"caf\xe9 \xa0 \x9e\x80\x18\x1f", "café € ž•˘˜"),
            (b"\xfe\xff\x53", "匀"),
            (b"\0\x9f\x7f\xad", "\u{fffd}\u{fffd}\u{fffd}\u{fffd}"),
            (b"", ""),
        ] {
            assert_eq!(text(bytes), expected);
        }
    }
}
