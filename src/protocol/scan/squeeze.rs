//! Leaving out the backslashes of `\/` at the speed of copying: without a branch that depends on where they stand,
//! because nobody can foretell that. The vectors are written out, since the crate is built for size.

use wide::u8x16;

/// Bytes looked at together.
pub(super) const CHUNK: usize = 64;

/// Copies text from a string's raw bytes, `\/` as `/`, as long as a chunk and the escape that may follow
/// are there, there is room, and nothing else must be done: it stops at a quote and at any other escape.
/// Returns how many bytes were used, and how many were made. Bytes of `to` after those may change.
pub(super) fn squeeze(from: &[u8], to: &mut [u8]) -> (usize, usize) {
    let (mut used, mut made) = (0, 0);
    while let Some(ahead) = from.get(used..).and_then(|rest| rest.first_chunk::<{ CHUNK + 2 }>())
        && let Some(room) = to.get_mut(made..).and_then(|rest| rest.first_chunk_mut::<CHUNK>())
        && let Some(chunk) = ahead.first_chunk::<CHUNK>()
    {
        *room = *chunk;
        let text = first_special(chunk);
        let slash = (ahead.get(text) == Some(&b'\\')) & (ahead.get(text + 1) == Some(&b'/'));
        used += text;
        made += text;
        if !(slash | (text == CHUNK)) {
            break;
        }
        used += usize::from(text < CHUNK);
    }
    (used, made)
}

/// Finds the first quote or backslash; `CHUNK` when there is none. Every byte is compared, because a search that ends
/// early is a branch.
fn first_special(chunk: &[u8; CHUNK]) -> usize {
    let (quote, backslash) = (u8x16::splat(b'"'), u8x16::splat(b'\\'));
    let (lanes, _) = chunk.as_chunks::<16>();
    let special = lanes.iter().rev().fold(0_u64, |special, lanes| {
        let lanes = u8x16::new(*lanes);
        let found = lanes.cmp_eq(quote) | lanes.cmp_eq(backslash);
        // A bit for each of sixteen bytes.
        (special << 16) | u64::from(found.move_mask().cast_unsigned() & 0xffff)
    });
    // Where none is set, the zeros are as many as the bits.
    special.trailing_zeros() as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squeezed(from: &[u8]) -> (usize, Vec<u8>) {
        let mut to = vec![0; from.len() + CHUNK];
        let (used, made) = squeeze(from, &mut to);
        to.truncate(made);
        (used, to)
    }

    /// A special byte at every place of a chunk, and what may follow it.
    #[test]
    fn stops_where_it_must() {
        for at in 0..200 {
            let mut text = vec![b'A'; 300];
            text[at..at + 2].copy_from_slice(b"\\/");
            let (used, made) = squeezed(&text);
            assert!(used > 300 - CHUNK - 2 && made.len() == used - 1, "{at}");
            assert_eq!(made.iter().position(|byte| *byte == b'/'), Some(at));
            for stop in [&b"\""[..], b"\\n", b"\\\\", b"\\\""] {
                let mut text = text.clone();
                text[at..at + stop.len()].copy_from_slice(stop);
                assert_eq!(squeezed(&text), (at, vec![b'A'; at]), "{at}");
            }
        }
        assert_eq!(squeezed(&"\\/".repeat(100).into_bytes()), (135, vec![b'/'; 67]));
        assert_eq!(squeezed(b"short"), (0, Vec::new()));
        assert_eq!(squeeze(&[b'A'; 200], &mut [0; CHUNK - 1]), (0, 0));
    }
}
