//! Whether a JPEG has all of its picture, whatever its end says.
//!
//! Every decoder makes up what is missing. So the picture is decoded twice, once with other bytes behind what each scan
//! has: those change nothing where nothing is missing.

use jpeg_decoder::Decoder;
use sha2::{Digest, Sha256};

/// The number of other bytes: enough to fill some blocks with them.
const FILLING: usize = 2048;

/// Says whether all of a JPEG's picture is there. Decoding may take this many bytes.
pub fn is_whole(bytes: &[u8], memory: usize) -> bool {
    let Some((ends, end)) = scans(bytes) else { return false };
    let mut filled = Vec::with_capacity(end + ends.len() * FILLING);
    let mut done = 0;
    for at in ends {
        filled.extend_from_slice(bytes.get(done..at).unwrap_or_default());
        filled.extend(filling());
        done = at;
    }
    filled.extend_from_slice(bytes.get(done..end).unwrap_or_default());
    let picture = pixels(bytes.get(..end).unwrap_or_default(), memory);
    picture.is_some() && picture == pixels(&filled, memory)
}

/// Returns the first byte behind a JPEG; `None` if it has no end.
pub fn end(bytes: &[u8]) -> Option<usize> {
    scans(bytes).map(|(_, end)| end)
}

/// Returns the hash of the pixels.
fn pixels(bytes: &[u8], memory: usize) -> Option<Vec<u8>> {
    let mut decoder = Decoder::new(bytes);
    decoder.set_max_decoding_buffer_size(memory);
    decoder.decode().ok().map(|pixels| Sha256::digest(pixels).to_vec())
}

/// Returns bytes that are no marker and repeat no pattern.
fn filling() -> impl Iterator<Item = u8> {
    let next = |number: &u32| Some(number.wrapping_mul(1_664_525).wrapping_add(1_013_904_223));
    std::iter::successors(Some(1_u32), next).map(|number| number.to_be_bytes()[0] & 0xfe).take(FILLING)
}

/// Returns where the data of each scan end, and where the picture ends. Goes from segment to segment: a preview in one
/// of them has an end of its own.
fn scans(bytes: &[u8]) -> Option<(Vec<usize>, usize)> {
    let (mut at, mut ends, mut in_scan) = (2_usize, Vec::new(), false);
    loop {
        let is_marker = |pair: &[u8]| matches!(pair, [0xff, 2..=0xcf | 0xd8..=0xfe]);
        at += bytes.get(at..)?.windows(2).position(is_marker)?;
        if in_scan {
            // Markers may begin with more bytes of 0xff.
            let before = bytes.get(..at)?;
            ends.push(at - before.iter().rev().take_while(|byte| **byte == 0xff).count());
        }
        at += 2;
        let kind = *bytes.get(at - 1)?;
        in_scan = kind == 0xda;
        match kind {
            0xd9 => return Some((ends, at)),
            0xd8 => {}
            _ => at += usize::from(u16::from_be_bytes(*bytes.get(at..)?.first_chunk()?)),
        }
    }
}
