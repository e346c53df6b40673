//! What is hashed or signed, in pieces. The signatures of one document are over the same beginning, which is hashed once
//! for all of them.

use std::cell::RefCell;
use std::ops::Range;

use digest::DynDigest;

use super::Hash;

/// A document whose signatures are checked.
pub(crate) struct Document<'d> {
    bytes: &'d [u8],
    begun: RefCell<Vec<Begun>>,
}

/// The hash of a document's beginning, which can go on from there.
struct Begun {
    hash: Hash,
    end: usize,
    state: Box<dyn DynDigest>,
}

/// What is hashed or signed.
pub(crate) struct Message<'a> {
    pieces: Vec<&'a [u8]>,
    /// The document, if the first piece is its beginning.
    document: Option<&'a Document<'a>>,
}

impl<'d> Document<'d> {
    pub(crate) fn new(bytes: &'d [u8]) -> Document<'d> {
        Document { bytes, begun: RefCell::default() }
    }

    /// Returns what is over these parts of it; the first begins where the document does.
    pub(crate) fn parts<'a>(&'a self, parts: [Range<usize>; 2]) -> Message<'a> {
        let from_start = parts.first().is_some_and(|part| part.start == 0);
        let pieces = parts.map(|part| self.bytes.get(part).unwrap_or_default()).to_vec();
        Message { pieces, document: from_start.then_some(self) }
    }

    /// Returns the hash of all of it.
    pub(crate) fn digest(&self, hash: Hash) -> Vec<u8> {
        self.begin(hash, self.bytes.len()).finalize().to_vec()
    }

    /// Returns a hash that has taken the document up to `end`: out of what was hashed before, unless that went further.
    fn begin(&self, hash: Hash, end: usize) -> Box<dyn DynDigest> {
        let rest = |from: usize| self.bytes.get(from..end).unwrap_or_default();
        let mut begun = self.begun.borrow_mut();
        match begun.iter_mut().find(|one| one.hash == hash) {
            Some(one) if one.end <= end => {
                one.state.update(rest(one.end));
                one.end = end;
                one.state.clone()
            }
            found => {
                let mut state = hash.start();
                state.update(rest(0));
                if found.is_none() {
                    begun.push(Begun { hash, end, state: state.clone() });
                }
                state
            }
        }
    }
}

impl<'a> Message<'a> {
    /// Returns its hash.
    pub(crate) fn digest(&self, hash: Hash) -> Vec<u8> {
        match (self.document, self.pieces.as_slice()) {
            (Some(document), [first, rest @ ..]) => {
                let mut state = document.begin(hash, first.len());
                rest.iter().for_each(|piece| state.update(piece));
                state.finalize().to_vec()
            }
            (_, pieces) => hash.digest(pieces),
        }
    }

    pub(crate) fn pieces(&self) -> &[&'a [u8]] {
        &self.pieces
    }

    /// Returns its length in bytes.
    pub(crate) fn length(&self) -> usize {
        self.pieces.iter().map(|piece| piece.len()).sum()
    }
}

impl<'a, const N: usize> From<[&'a [u8]; N]> for Message<'a> {
    fn from(pieces: [&'a [u8]; N]) -> Message<'a> {
        Message { pieces: pieces.to_vec(), document: None }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hashed_once_is_what_is_hashed_anew() {
        let bytes: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let document = Document::new(&bytes);
        // Forward, the same again, backward, and all of it.
        for (first, second) in
            [(0..100, 200..300), (0..4000, 4100..5000), (0..4000, 4500..4600), (0..50, 60..70)]
        {
            let pieces = [&bytes[first.clone()], &bytes[second.clone()]];
            for hash in [Hash::Sha256, Hash::Sm3] {
                let message = document.parts([first.clone(), second.clone()]);
                assert_eq!(message.digest(hash), hash.digest(&pieces), "{first:?} {second:?}");
                assert_eq!(message.length(), first.len() + second.len());
            }
        }
        assert_eq!(document.digest(Hash::Sha256), Hash::Sha256.digest(&[&bytes]));
        let later = document.parts([10..20, 30..40]);
        assert_eq!(later.digest(Hash::Sha1), Hash::Sha1.digest(&[&bytes[10..20], &bytes[30..40]]));
    }
}
