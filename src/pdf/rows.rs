//! What all sections of a file say, each for itself: for those who look whether other programs may read them otherwise.

use std::collections::HashSet;

use super::error::Result;
use super::section::{MAX_OBJECTS, Place, XrefSections, too_many};
use super::strict;
use super::value::Dict;
use super::xref::Xref;

/// What all sections of a file say together, also what newer ones say otherwise.
#[derive(Debug, Default)]
pub struct Rows {
    /// Objects that stand by themselves: where, their number and generation, and whether a late section names them.
    pub at: Vec<(usize, u32, usize, bool)>,
    /// Objects in object streams: their number, their stream and their place in it, and whether a late section names
    /// them.
    pub packed: Vec<(u32, u32, usize, bool)>,
    /// Whether all late sections stand as the standard has it.
    pub is_exact: bool,
}

/// Says whether a section names no object twice: of two rows, readers take one or the other.
fn names_each_once(places: &[(u32, Place)]) -> bool {
    let mut numbers: Vec<u32> = places.iter().map(|(number, _)| *number).collect();
    numbers.sort_unstable();
    numbers.is_sorted_by(|before, next| before < next)
}

impl Xref {
    /// Returns what all sections say. Those from this byte on are late ones.
    ///
    /// # Errors
    /// As [`Xref::load`].
    pub(crate) fn rows(&self, bytes: &[u8], from: usize) -> Result<Rows> {
        let mut sections = XrefSections::new(bytes, self.base);
        let mut rows = Rows { is_exact: true, ..Rows::default() };
        for range in &self.sections {
            let section = sections.read(range.start)?;
            let is_late = range.start >= from;
            rows.is_exact &= !is_late
                || section.is_exact
                    && names_each_once(&section.places)
                    && strict::is_strict_section(bytes, range.start);
            for (number, place) in section.places {
                match place {
                    Place::At(offset) => {
                        let generation = section.generations.get(&number).copied().unwrap_or(0);
                        rows.at.push((offset, number, generation, is_late));
                    }
                    Place::Packed(stream, index) => rows.packed.push((number, stream, index, is_late)),
                    Place::Free => {}
                }
            }
            // Most sections repeat nothing; those of files that were made to cost do.
            if rows.at.len() + rows.packed.len() > MAX_OBJECTS / 2 {
                return Err(too_many());
            }
        }
        Ok(rows)
    }

    /// Says whether the streams that stand here say of where objects stand nothing but what these rows say too, and lead to
    /// the catalogue that counts: some writers write a section twice, once as a table and once as a stream.
    pub(crate) fn are_said_again(&self, bytes: &[u8], starts: &[usize], rows: &Rows) -> bool {
        let alone: HashSet<(usize, u32)> = rows.at.iter().map(|row| (row.0, row.1)).collect();
        let packed: HashSet<(u32, u32, usize)> =
            rows.packed.iter().map(|row| (row.0, row.1, row.2)).collect();
        let mut sections = XrefSections::new(bytes, self.base);
        let root =
            |trailer: &Dict| ["Root", "Encrypt"].map(|key| trailer.get(key).map(|item| item.value.clone()));
        starts.iter().all(|start| {
            let Ok(section) = sections.read(*start) else { return false };
            root(&section.trailer) == root(&self.trailer)
                && section.is_stream
                && section.places.iter().all(|(number, place)| match place {
                    Place::At(offset) => alone.contains(&(*offset, *number)),
                    Place::Packed(stream, index) => packed.contains(&(*number, *stream, *index)),
                    Place::Free => true,
                })
        })
    }
}
