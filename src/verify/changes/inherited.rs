//! Annotations that nodes above the pages list: some programs take them for inherited.

use std::collections::HashSet;

use super::same::Result;
use crate::pdf::{Object, ObjectId, PdfFile};

/// Returns what the nodes above these list as annotations, by the way that each of them names its parent.
pub fn annotations<'o>(
    pdf: &PdfFile,
    objects: impl IntoIterator<Item = &'o Object>,
) -> Result<Vec<ObjectId>> {
    let (mut seen, mut found) = (HashSet::new(), Vec::new());
    for object in objects {
        let mut above = parent(pdf, object, &mut seen)?;
        while let Some(node) = above {
            if let Some(list) = pdf.get(&node, "Annots")? {
                let items = list.item.value.array().unwrap_or_default();
                found.extend(items.iter().filter_map(|item| item.value.reference()));
            }
            above = parent(pdf, &node, &mut seen)?;
        }
    }
    Ok(found)
}

/// Returns the node above this one, if it is not known yet.
fn parent(pdf: &PdfFile, object: &Object, seen: &mut HashSet<u32>) -> Result<Option<Object>> {
    let parent = object.dict().and_then(|dict| dict.get("Parent")?.value.reference());
    if parent.is_some_and(|parent| !seen.insert(parent.number)) {
        return Ok(None);
    }
    Ok(pdf.get(object, "Parent")?)
}
