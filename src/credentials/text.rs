//! Text as editors and environments leave it: UTF-16, and line ends that were written out as two characters.

use zeroize::Zeroizing;

/// Returns the bytes with UTF-16 turned into UTF-8, and in PEM with `\n` and `\r` as the characters that they stand for: no PEM
/// text holds a backslash of its own. Other bytes stay as they are.
pub(super) fn plain(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let Some(order) = utf16(bytes) else { return unescaped(bytes) };
    let units = bytes.as_chunks::<2>().0.iter().map(|pair| order(*pair));
    let text: Zeroizing<String> =
        Zeroizing::new(char::decode_utf16(units).map(|unit| unit.unwrap_or('\u{fffd}')).collect());
    unescaped(text.as_bytes())
}

/// Returns how two bytes make a unit of UTF-16, where the text begins with its mark or with two ASCII characters.
fn utf16(bytes: &[u8]) -> Option<fn([u8; 2]) -> u16> {
    match bytes {
        [0xff, 0xfe, ..] | [1..=u8::MAX, 0, 1..=u8::MAX, 0, ..] => Some(u16::from_le_bytes),
        [0xfe, 0xff, ..] | [0, 1..=u8::MAX, 0, 1..=u8::MAX, ..] => Some(u16::from_be_bytes),
        _ => None,
    }
}

fn unescaped(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let mut plain = Zeroizing::new(Vec::with_capacity(bytes.len()));
    let is_pem = bytes.windows(11).any(|window| window == b"-----BEGIN ");
    let mut rest = bytes;
    while let [first, after @ ..] = rest {
        match (is_pem, rest) {
            (true, [b'\\', b'n' | b'r', after @ ..]) => {
                plain.push(b'\n');
                rest = after;
            }
            _ => {
                plain.push(*first);
                rest = after;
            }
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_editors_and_environments_write() {
        let pem = "-----BEGIN X-----\nQUJD";
        let units: Vec<u16> = pem.encode_utf16().collect();
        let (little, big): (Vec<u8>, Vec<u8>) = (
            units.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
            units.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        );
        for bytes in [&little, &big, &pem.replace('\n', "\\n").into_bytes()] {
            assert_eq!(&*plain(bytes), pem.as_bytes());
        }
        for mark in [&[0xff, 0xfe][..], &[0xfe, 0xff]] {
            let text = if mark[0] == 0xff { &little } else { &big };
            assert!(plain(&[mark, text].concat()).ends_with(pem.as_bytes()));
        }
        let other = b"\x30\x82\\n";
        assert_eq!(&*plain(other), other);
        assert!(plain(b"").is_empty());
    }
}
