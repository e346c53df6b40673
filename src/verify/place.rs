//! Where a signature is seen: its page and its box.

use std::collections::HashMap;

use crate::pdf::{Field, Object, PdfFile, Value, pages};

/// The pages of a document by their objects, and by those of their annotations.
pub(super) struct Places {
    /// How many pages there are, if they can be read.
    pub(super) count: Option<usize>,
    pages: HashMap<u32, usize>,
    annotations: HashMap<u32, usize>,
}

/// Most items of the pages' lists of annotations that are read.
const MAX_ITEMS: usize = 2_000_000;
/// Most annotations that are looked at.
const MAX_ANNOTATIONS: usize = 100_000;

impl Places {
    /// Reads the pages, as far as they can be read.
    pub(super) fn read(pdf: &PdfFile) -> Places {
        let mut places = Places { count: None, pages: HashMap::new(), annotations: HashMap::new() };
        let Ok(pages) = pages(pdf) else { return places };
        places.count = Some(pages.len());
        let mut left = MAX_ITEMS;
        for (index, page) in pages.iter().enumerate() {
            places.pages.entry(page.id.number).or_insert(index + 1);
            let Ok(Some(page)) = pdf.object(page.id) else { continue };
            let Ok(Some(list)) = pdf.get(&page, "Annots") else { continue };
            let items = list.item.value.array().unwrap_or_default();
            left = left.saturating_sub(items.len());
            if left == 0 {
                break;
            }
            for item in items {
                if let Value::Reference(id) = item.value
                    && places.annotations.len() < MAX_ANNOTATIONS
                {
                    places.annotations.entry(id.number).or_insert(index + 1);
                }
            }
        }
        places
    }

    /// Returns page and box of a signature's field; a box without an area is not seen.
    pub(super) fn of(&self, pdf: &PdfFile, field: &Field) -> (Option<usize>, Option<[f64; 4]>) {
        let widget = self.widget(pdf, &field.object).unwrap_or_else(|| field.object.clone());
        let page = widget.dict().and_then(|dict| dict.get("P")?.value.reference());
        let page = page.and_then(|page| self.pages.get(&page.number));
        let page = self.annotations.get(&widget.id.number).or(page).copied();
        let rectangle =
            rectangle(pdf, &widget).filter(|[left, bottom, right, top]| right > left && top > bottom);
        (page, rectangle)
    }

    /// Returns the field's first widget, if that is an object of its own.
    fn widget(&self, pdf: &PdfFile, field: &Object) -> Option<Object> {
        if field.dict()?.get("Rect").is_some() {
            return None;
        }
        let kids = pdf.get(field, "Kids").ok()??;
        pdf.follow(&kids, kids.item.value.array()?.first()?).ok()?
    }
}

fn rectangle(pdf: &PdfFile, widget: &Object) -> Option<[f64; 4]> {
    let list = pdf.get(widget, "Rect").ok()??;
    let numbers = list.item.value.array()?.iter().take(4).map(|item| pdf.resolve(&item.value).ok()?.number());
    let numbers: Option<Vec<f64>> = numbers.collect();
    let &[a, b, c, d] = numbers?.as_slice() else { return None };
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}
