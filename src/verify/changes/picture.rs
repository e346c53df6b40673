//! How much of a page the picture of a form field covers.

use super::snapshot::{Node, Snapshot};
use crate::pdf::{Item, PdfFile, Value};

/// Returns the page of a widget, counted from 1, and what part of it its picture covers; `None` if it has none.
pub fn part_of_page(snapshot: &Snapshot<'_>, node: &Node) -> Option<(usize, f64)> {
    let pdf = snapshot.pdf;
    let number = snapshot.page_of_node(node)?;
    let [_, media, _, _] = &snapshot.pages.get(number - 1)?.values;
    let rectangle = pdf.get(&node.object, "Rect").ok().flatten()?;
    let [left, bottom, right, top] = corners(pdf, &rectangle.item.value)?;
    let media = corners(pdf, &pdf.resolve(media).ok()?)?;
    let width = right.min(media[2]) - left.max(media[0]);
    let height = top.min(media[3]) - bottom.max(media[1]);
    let whole = (media[2] - media[0]) * (media[3] - media[1]);
    let has_picture = node.object.dict().is_some_and(|dict| dict.get("AP").is_some());
    (has_picture && width > 0.0 && height > 0.0 && whole > 0.0).then(|| (number, width * height / whole))
}

/// Returns a rectangle: left, bottom, right, top.
fn corners(pdf: &PdfFile, value: &Value) -> Option<[f64; 4]> {
    let [a, b, c, d] = value.array()? else { return None };
    let number = |item: &Item| pdf.resolve(&item.value).ok()?.number();
    let (a, b, c, d) = (number(a)?, number(b)?, number(c)?, number(d)?);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}
