//! The pages of a PDF in their order, and how each is displayed (P-14).

use std::collections::HashMap;
use std::rc::Rc;

use super::error::{PdfError, Result};
use super::file::PdfFile;
use super::value::{Dict, ObjectId, Value};

/// Most pages that a document may have.
const MAX_PAGES: usize = 50_000;
/// Most levels of the page tree.
const MAX_LEVELS: usize = 64;
/// What a page without a size is taken to be, as viewers do: US Letter.
const NO_SIZE: [f64; 4] = [0.0, 0.0, 612.0, 792.0];

/// A page and how it is displayed.
#[derive(Clone, Debug)]
pub struct Page {
    /// The page's object.
    pub id: ObjectId,
    /// The visible part, in the page's own units: left, bottom, right, top.
    pub crop: [f64; 4],
    /// The angle by which it is turned for display, clockwise: 0, 90, 180 or 270.
    pub rotation: u16,
    /// Whether the page's own CropBox shows nothing of it, and viewers differ in what they show instead.
    pub is_cropped_away: bool,
    /// Whether another page has the very same list of annotations.
    pub shares_annotations: bool,
}

#[derive(Clone, Default)]
struct Inherited {
    media: Option<[f64; 4]>,
    crop: Option<[f64; 4]>,
    rotation: i64,
    above: Option<Rc<Node>>,
}

/// A node of the page tree that is being read, and those above it.
struct Node {
    number: u32,
    level: usize,
    above: Option<Rc<Node>>,
}

impl Node {
    /// Notes a node below these; `None` if it is among them, or too many are.
    fn below(above: Option<Rc<Node>>, number: u32) -> Option<Rc<Node>> {
        let level = above.as_ref().map_or(0, |node| node.level) + 1;
        let mut next = above.as_ref();
        while let Some(node) = next {
            if node.number == number {
                return None;
            }
            next = node.above.as_ref();
        }
        (level <= MAX_LEVELS).then(|| Rc::new(Node { number, level, above }))
    }
}

impl Page {
    /// Returns width and height as displayed, in the page's units.
    pub fn size(&self) -> (f64, f64) {
        let [left, bottom, right, top] = self.crop;
        let (width, height) = (right - left, top - bottom);
        if self.rotation.is_multiple_of(180) { (width, height) } else { (height, width) }
    }
}

/// Returns the pages in their order.
///
/// # Errors
/// When the page tree, or a page, cannot be read, or there are too many of them.
pub fn pages(pdf: &PdfFile) -> Result<Vec<Page>> {
    let catalog = pdf.catalog()?;
    let root = catalog.dict().and_then(|dict| dict.get("Pages")).map(|item| item.value.clone());
    let mut waiting = vec![(root.ok_or_else(no_pages)?, Inherited::default())];
    let mut visits = 0;
    let mut pages = Vec::new();
    let mut annotations: HashMap<u32, Vec<usize>> = HashMap::new();
    while let Some((value, inherited)) = waiting.pop() {
        let Value::Reference(id) = value else { return Err(no_pages()) };
        visits += 1;
        if visits > 2 * MAX_PAGES {
            return Err(too_many());
        }
        // A page or a branch may be listed twice, and is shown twice; one that holds itself has no end.
        let tangled = || PdfError::damaged("its page tree is tangled", "页面树成环或过深");
        let place = Node::below(inherited.above.clone(), id.number).ok_or_else(tangled)?;
        let node = pdf.object(id)?.ok_or_else(no_pages)?;
        let dict = node.dict().ok_or_else(no_pages)?;
        let inherited = inherit(pdf, dict, &inherited, place)?;
        if let Value::Array(kids) = pdf.entry(dict, "Kids")? {
            if waiting.len() + kids.len() > 2 * MAX_PAGES {
                return Err(too_many());
            }
            waiting.extend(kids.into_iter().rev().map(|kid| (kid.value, inherited.clone())));
        } else {
            if let Some(id) = dict.get("Annots").and_then(|item| item.value.reference()) {
                annotations.entry(id.number).or_default().push(pages.len());
            }
            pages.push(page(node.id, &inherited));
        }
        if pages.len() > MAX_PAGES {
            return Err(too_many());
        }
    }
    for users in annotations.into_values() {
        let page_of = |index: &usize| pages.get(*index).map(|page: &Page| page.id);
        let first = users.first().and_then(page_of);
        // One page that is listed twice shares its annotations with nobody else.
        if users.iter().any(|user| page_of(user) != first) {
            for index in users {
                if let Some(page) = pages.get_mut(index) {
                    page.shares_annotations = true;
                }
            }
        }
    }
    if pages.is_empty() { Err(no_pages()) } else { Ok(pages) }
}

fn inherit(pdf: &PdfFile, dict: &Dict, above: &Inherited, place: Rc<Node>) -> Result<Inherited> {
    let rotation = match pdf.entry(dict, "Rotate")? {
        Value::Null => above.rotation,
        value => value.integer().unwrap_or(0),
    };
    Ok(Inherited {
        media: rectangle(pdf, dict, "MediaBox")?.or(above.media),
        crop: rectangle(pdf, dict, "CropBox")?.or(above.crop),
        rotation,
        above: Some(place),
    })
}

/// Returns a rectangle with its corners in order, whatever order they were written in.
fn rectangle(pdf: &PdfFile, dict: &Dict, key: &str) -> Result<Option<[f64; 4]>> {
    let Value::Array(items) = pdf.entry(dict, key)? else { return Ok(None) };
    let mut corners = Vec::with_capacity(4);
    for item in items.iter().take(4) {
        if let Some(number) = pdf.resolve(&item.value)?.number() {
            corners.push(number.clamp(-1e6, 1e6));
        }
    }
    let &[a, b, c, d] = corners.as_slice() else { return Ok(None) };
    Ok(Some([a.min(c), b.min(d), a.max(c), b.max(d)]))
}

fn page(id: ObjectId, inherited: &Inherited) -> Page {
    let has_area = |r: &[f64; 4]| r[2] - r[0] > 0.5 && r[3] - r[1] > 0.5;
    let media = inherited.media.filter(has_area).unwrap_or(NO_SIZE);
    let crop = inherited.crop.map(|crop| {
        [crop[0].max(media[0]), crop[1].max(media[1]), crop[2].min(media[2]), crop[3].min(media[3])]
    });
    let turned = inherited.rotation.rem_euclid(360);
    let rotation = if turned % 90 == 0 { u16::try_from(turned).unwrap_or(0) } else { 0 };
    let is_cropped_away = crop.is_some_and(|crop| !has_area(&crop));
    let crop = crop.filter(has_area).unwrap_or(media);
    Page { id, crop, rotation, is_cropped_away, shares_annotations: false }
}

fn too_many() -> PdfError {
    PdfError::too_costly("it has too many pages", "页数过多")
}

fn no_pages() -> PdfError {
    PdfError::damaged("its pages cannot be found", "找不到页面")
}
