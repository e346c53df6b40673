//! Memory for a document that the library hands over. Touching fresh memory page by page costs half as much
//! again as decoding into it; asked for in large pages, it costs next to nothing.

use std::alloc::{Layout, alloc_zeroed};

use crate::protocol::scan::DECODED_BLOCK;
use crate::push::LARGE_BODY;

/// From this size on, in bytes, large pages (2 MiB) are asked for.
const LARGE: usize = 4 * 1024 * 1024;

/// Returns zeros, as many as the document of a body of this length can have bytes. A small one gets none, and so does
/// one that there is no room for: whoever fills the vector meets that error.
pub(super) fn for_body(body: usize) -> Vec<u8> {
    let room = body / 4 * 3 + DECODED_BLOCK;
    let mut memory = if body >= LARGE_BODY { zeros(room) } else { Vec::new() };
    if room >= LARGE {
        advise(&mut memory);
    }
    memory
}

/// Does what `vec![0; length]` does, which takes memory that is zero already where the system has some; but that ends the
/// process when there is none.
fn zeros(length: usize) -> Vec<u8> {
    let Ok(layout) = Layout::array::<u8>(length) else { return Vec::new() };
    // SAFETY: the layout's size is not zero: what is asked for is a block more than a body may hold.
    let start = unsafe { alloc_zeroed(layout) };
    if start.is_null() {
        return Vec::new();
    }
    // SAFETY: allocated just now by the global allocator with this layout, and all of it is initialised.
    unsafe { Vec::from_raw_parts(start, length, length) }
}

/// Asks for large pages. It is advice: a system without them ignores it.
#[cfg(target_os = "linux")]
fn advise(memory: &mut [u8]) {
    // SAFETY: this asks for a number. It is 4096, or 65536 on some arm64 kernels, where less is refused.
    let page = usize::try_from(unsafe { libc::sysconf(libc::_SC_PAGESIZE) }).unwrap_or_default();
    if !page.is_power_of_two() {
        return;
    }
    let start = memory.as_mut_ptr();
    let skipped = start.align_offset(page);
    let length = memory.len().saturating_sub(skipped) / page * page;
    if length > 0 {
        // SAFETY: the range lies within the vector's own allocation, and this advice changes neither what
        // the memory holds nor what may be done with it.
        unsafe { libc::madvise(start.wrapping_add(skipped).cast(), length, libc::MADV_HUGEPAGE) };
    }
}

#[cfg(not(target_os = "linux"))]
fn advise(_memory: &mut [u8]) {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_is_room_for_what_a_body_can_hold() {
        for body in [0, 100, LARGE_BODY, LARGE, 10 * LARGE + 1] {
            let memory = for_body(body);
            let large = body >= LARGE_BODY;
            assert_eq!(memory.len(), if large { body / 4 * 3 + DECODED_BLOCK } else { 0 });
            assert!(memory.iter().all(|byte| *byte == 0));
        }
    }
}
