//! Which way up a camera was held, out of the Exif data of its picture.

/// The tag of the orientation.
const ORIENTATION: u16 = 0x0112;
/// The type of a value of 16 bits.
const SHORT: u16 = 3;

/// Returns the orientation that Exif data tell of: 1 (as it is) to 8.
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let little = match exif.first_chunk::<4>()? {
        b"II*\0" => true,
        b"MM\0*" => false,
        _ => return None,
    };
    let short = |at: usize| {
        let bytes = *exif.get(at..)?.first_chunk()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| {
        let bytes = *exif.get(at..)?.first_chunk()?;
        usize::try_from(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) }).ok()
    };
    let directory = long(4)?;
    let count = usize::from(short(directory)?);
    let entry = (0..count)
        .map_while(|nth| directory.checked_add(2 + 12 * nth))
        .find(|at| short(*at) == Some(ORIENTATION) && at.checked_add(2).and_then(short) == Some(SHORT))?;
    u8::try_from(short(entry + 8)?).ok().filter(|value| (1..=8).contains(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_orientation() {
        let little = b"II*\0\x08\0\0\0\x02\0\x0f\x01\x02\0\0\0\0\0\0\0\0\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0";
        let big = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x03\0\0";
        assert_eq!(orientation(little), Some(6));
        assert_eq!(orientation(big), Some(3));
        // Cut short, of another kind, out of range, with a directory beyond the end or the largest number.
        for end in 0..little.len() - 2 {
            assert_eq!(orientation(&little[..end]), None, "{end}");
        }
        for (at, byte) in [(0, b'X'), (24, 4), (30, 9), (30, 0)] {
            let mut wrong = *little;
            wrong[at] = byte;
            assert_eq!(orientation(&wrong), None, "{at}");
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff\0\0"), None);
    }
}
