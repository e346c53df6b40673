//! What the text of a string stands for.

/// What a string stands for: its text is given with delimiters.
pub fn string_bytes(raw: &[u8]) -> Vec<u8> {
    match raw.split_first() {
        Some((b'<', hex)) => hex_bytes(hex),
        Some((b'(', literal)) => literal_bytes(literal.strip_suffix(b")").unwrap_or(literal)),
        _ => Vec::new(),
    }
}

fn hex_bytes(hex: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = hex
        .iter()
        .filter_map(|&byte| char::from(byte).to_digit(16))
        .filter_map(|d| u8::try_from(d).ok())
        .collect();
    // A digit that is missing at the end is 0.
    digits
        .chunks(2)
        .map(|pair| pair.iter().fold(0, |sum, digit| sum * 16 + digit) << (8 - 4 * pair.len()))
        .collect()
}

fn literal_bytes(literal: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(literal.len());
    let mut bytes = literal.iter().copied().peekable();
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unescapes_strings() {
        for (raw, bytes) in [
            (r"(a\(b\)\\\n\053\0538\5)", &b"a(b)\\\n++8\x05"[..]),
            ("(a(b)c)", b"a(b)c"),
            ("(a\\\r\nb\r\nc\rd)", b"ab\nc\nd"),
            (r"(\x\400)", b"x\0"),
            ("<41 4 2 4>", b"AB@"),
            ("<>", b""),
            ("()", b""),
        ] {
            assert_eq!(string_bytes(raw.as_bytes()), bytes, "{raw}");
        }
    }
}
