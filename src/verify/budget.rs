//! How much work one document may make: files are written by others, and could make it endless.

use std::cell::Cell;

use crate::protocol::Bilingual;

/// What every document may cost, in about nanoseconds.
const FREE: usize = 500_000_000;
/// What each of its bytes adds.
const PER_BYTE: usize = 60;

/// Said of what is left out.
pub(crate) const TOO_COSTLY: Bilingual = Bilingual::fixed(
    "the document has more to check than is looked at",
    "文档需要检查的内容过多，超出处理上限",
);

/// What is left.
#[derive(Debug)]
pub(crate) struct Budget {
    left: Cell<usize>,
    refused: Cell<bool>,
}

impl Budget {
    /// Makes that of a document of this length.
    pub(crate) fn new(length: usize) -> Budget {
        let left = FREE.saturating_add(length.saturating_mul(PER_BYTE));
        Budget { left: Cell::new(left), refused: Cell::new(false) }
    }

    /// Takes this much; `false` once nothing is left.
    pub(crate) fn spend(&self, cost: usize) -> bool {
        let left = self.left.get().checked_sub(cost);
        self.left.set(left.unwrap_or_default());
        self.refused.set(self.refused.get() || left.is_none());
        left.is_some()
    }

    /// Says whether something was left out because it would have cost too much.
    pub(crate) fn has_refused(&self) -> bool {
        self.refused.get()
    }
}
