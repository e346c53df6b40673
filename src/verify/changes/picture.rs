//! How much of a page the picture of a form field or of an annotation covers.

use std::collections::HashMap;

use super::snapshot::{Node, Page, Snapshot};
use crate::pdf::{Item, Object, PdfFile, Value};

/// What of a signature's widget says how it looks, or nothing that is seen.
const KNOWN: [&str; 29] = [
    "Type",
    "Subtype",
    "FT",
    "T",
    "TU",
    "TM",
    "Ff",
    "V",
    "DV",
    "Rect",
    "P",
    "F",
    "AP",
    "AS",
    "M",
    "MK",
    "NM",
    "H",
    "Lock",
    "SV",
    "DA",
    "DR",
    "Kids",
    "Parent",
    "BS",
    "Border",
    "C",
    "Q",
    "StructParent",
];
/// Annotations that programs draw within their rectangle if they have no appearance.
const WITHIN: [&[u8]; 7] =
    [b"Text", b"Popup", b"FreeText", b"Square", b"Circle", b"Stamp", b"FileAttachment"];

/// What is seen of something on a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Picture {
    /// Nothing.
    None,
    /// Something on this page, counted from 1, which covers this part of it.
    Part(usize, f64),
    /// It cannot be told what.
    Unknown,
}

/// What part of each page is covered by all that was added or changed, of whatever kind: together they may hide a page
/// as one may.
#[derive(Debug, Default)]
pub struct Covered(HashMap<usize, f64>);

/// What is said of what covers a page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cover {
    /// It leaves most of the page.
    Little,
    /// With all others it covers most of the page.
    Most,
    /// It cannot be told how much it covers.
    Unknown,
}

impl Covered {
    /// Adds a picture to what covers its page.
    pub fn add(&mut self, picture: Picture) -> Cover {
        match picture {
            Picture::None => Cover::Little,
            Picture::Unknown => Cover::Unknown,
            Picture::Part(page, part) => {
                let covered = self.0.entry(page).or_default();
                *covered += part;
                if *covered < 0.5 { Cover::Little } else { Cover::Most }
            }
        }
    }
}

/// Returns what is seen of a field, which may be hidden: somebody may print it.
///
/// What programs make themselves of a widget without an appearance stays within its rectangle too.
pub fn of_field(snapshot: &Snapshot<'_>, node: &Node) -> Picture {
    let Some(listed) = snapshot.listed(node) else { return Picture::None };
    let subtype = snapshot.pdf.get(&node.object, "Subtype").ok().flatten();
    let is_widget = subtype.is_some_and(|subtype| subtype.item.value.name() == Some(b"Widget"));
    // What is listed twice is drawn twice.
    if listed.again || !is_widget { Picture::Unknown } else { of(snapshot, listed.page, &node.object, 0.0) }
}

/// Returns what is seen of a widget on this page.
pub fn of_widget(snapshot: &Snapshot<'_>, page: usize, widget: &Object) -> Picture {
    of(snapshot, page, widget, 0.0)
}

/// Says whether a signature's widget has nothing that programs may draw otherwise than by its appearance.
pub fn is_plain_signature(snapshot: &Snapshot<'_>, node: &Node) -> bool {
    let entries = node.object.dict().map(|dict| dict.0.as_slice()).unwrap_or_default();
    snapshot.listed(node).is_none()
        || entries.iter().all(|(key, _)| KNOWN.iter().any(|known| known.as_bytes() == key.as_slice()))
}

/// Returns what is seen of an annotation that belongs to no form.
pub fn of_annotation(snapshot: &Snapshot<'_>, page: usize, annotation: &Object) -> Picture {
    let entry = |key: &str| snapshot.pdf.get(annotation, key).ok().flatten();
    let kind = entry("Subtype");
    let kind = kind.as_ref().and_then(|kind| kind.item.value.name()).unwrap_or_default();
    let is_within = WITHIN.contains(&kind) && entry("CL").is_none();
    if entry("AP").is_none() && !is_within {
        return Picture::Unknown;
    }
    // Some programs draw the border of a link beside its appearance, and around the rectangle.
    border(snapshot.pdf, annotation).map_or(Picture::Unknown, |border| of(snapshot, page, annotation, border))
}

/// Returns how wide the border of an annotation is, if it says so; `None` if that cannot be read.
fn border(pdf: &PdfFile, annotation: &Object) -> Option<f64> {
    let mut widest = 0.0_f64;
    if let Some(border) = pdf.get(annotation, "Border").ok()? {
        let width = border.item.value.array()?.get(2)?;
        widest = pdf.resolve(&width.value).ok()?.number()?.abs();
    }
    if let Some(style) = pdf.get(annotation, "BS").ok()? {
        style.dict()?;
        if let Some(width) = pdf.get(&style, "W").ok()? {
            widest = widest.max(width.item.value.number()?.abs());
        }
    }
    Some(widest)
}

/// Returns what is seen of an object with a rectangle and a border around it: of the page as it is printed, or of what is
/// shown of it.
fn of(snapshot: &Snapshot<'_>, number: usize, object: &Object, border: f64) -> Picture {
    let pdf = snapshot.pdf;
    let rectangle = pdf.get(object, "Rect").ok().flatten();
    let Some(rectangle) = rectangle.and_then(|it| corners(pdf, &it.item.value)).filter(|_| !object.is_odd)
    else {
        return Picture::Unknown;
    };
    let [left, bottom, right, top] = rectangle;
    let rectangle = [left - border, bottom - border, right + border, top + border];
    if area(rectangle) <= 0.0 {
        return Picture::None;
    }
    let Some(boxes) = number.checked_sub(1).and_then(|index| boxes(pdf, snapshot.pages.get(index)?)) else {
        return Picture::Unknown;
    };
    let part = |whole: [f64; 4]| area(common(rectangle, whole)).max(0.0) / area(whole);
    let part = boxes.into_iter().map(part).fold(0.0, f64::max);
    if part > 0.0 { Picture::Part(number, part) } else { Picture::None }
}

/// Returns all of a page, and what is shown of it.
fn boxes(pdf: &PdfFile, page: &Page) -> Option<[[f64; 4]; 2]> {
    let [_, media, crop, _] = &page.values;
    let media = corners(pdf, &pdf.resolve(media).ok()?)?;
    let shown = match pdf.resolve(crop).ok()? {
        Value::Null => media,
        crop => common(media, corners(pdf, &crop)?),
    };
    (area(media) > 0.0 && area(shown) > 0.0).then_some([media, shown])
}

fn common(one: [f64; 4], other: [f64; 4]) -> [f64; 4] {
    [one[0].max(other[0]), one[1].max(other[1]), one[2].min(other[2]), one[3].min(other[3])]
}

/// Returns the area of a rectangle; of one that is none, 0.
fn area([left, bottom, right, top]: [f64; 4]) -> f64 {
    (right - left).max(0.0) * (top - bottom).max(0.0)
}

/// Returns a rectangle: left, bottom, right, top.
fn corners(pdf: &PdfFile, value: &Value) -> Option<[f64; 4]> {
    let [a, b, c, d] = value.array()? else { return None };
    // Programs count in single precision.
    let number = |item: &Item| pdf.resolve(&item.value).ok()?.number().filter(|number| number.abs() < 1e9);
    let (a, b, c, d) = (number(a)?, number(b)?, number(c)?, number(d)?);
    Some([a.min(c), b.min(d), a.max(c), b.max(d)])
}
