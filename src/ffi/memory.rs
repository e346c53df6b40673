//! Memory for a document that the library hands over. Touching fresh memory page by page costs half as much
//! again as decoding into it; asked for in large pages, it costs next to nothing.

use crate::protocol::scan::DECODED_BLOCK;

/// From this size on, in bytes, large pages (2 MiB) are asked for.
const LARGE: usize = 4 * 1024 * 1024;

/// An empty vector with room for the document of a body of this length. Where there is no room it has
/// none: whoever fills it meets that error.
pub(super) fn for_body(body: usize) -> Vec<u8> {
    let mut memory = Vec::new();
    let room = body / 4 * 3 + DECODED_BLOCK;
    if room >= LARGE && memory.try_reserve_exact(room).is_ok() {
        advise(&mut memory);
    }
    memory
}

/// Asks for large pages. It is advice: a system without them ignores it.
#[cfg(target_os = "linux")]
fn advise(memory: &mut Vec<u8>) {
    const PAGE: usize = 4096;
    let spare = memory.spare_capacity_mut();
    let start = spare.as_mut_ptr().cast::<u8>();
    let skipped = start.align_offset(PAGE);
    let length = spare.len().saturating_sub(skipped) / PAGE * PAGE;
    if length > 0 {
        // SAFETY: the range lies within the vector's own allocation, and this advice changes neither what
        // the memory holds nor what may be done with it.
        unsafe { libc::madvise(start.wrapping_add(skipped).cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise(_memory: &mut Vec<u8>) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_what_a_body_can_hold() {
        for body in [0, 100, LARGE, 10 * LARGE + 1] {
            let mut memory = for_body(body);
            assert!(memory.is_empty());
            let large = body / 4 * 3 + DECODED_BLOCK >= LARGE;
            assert_eq!(memory.capacity() >= body / 4 * 3, large || body < 4);
            memory.resize(body / 4 * 3, 7);
            assert!(memory.iter().all(|byte| *byte == 7));
        }
    }
}
