//! What a document consists of in one of its revisions: pages, annotations, fields.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::same::Result;
use crate::pdf::{Object, PdfError, PdfFile, Value, fields};

/// Most pages, and most levels of their tree.
const MAX_PAGES: usize = 50_000;
const MAX_LEVELS: usize = 64;
/// What a page, a field or an annotation costs beside its bytes.
const PART: usize = 24;
/// What pages inherit from the nodes above them.
pub const INHERITED: [&str; 4] = ["Resources", "MediaBox", "CropBox", "Rotate"];

/// A page, with what it inherits.
pub struct Page {
    pub number: u32,
    pub object: Object,
    /// The values of [`INHERITED`], its own or inherited.
    pub values: [Rc<Value>; 4],
}

/// A node of the form's tree.
pub struct Node {
    pub name: Arc<str>,
    pub kind: Option<Arc<[u8]>>,
    pub object: Object,
    pub is_direct: bool,
}

/// A document in one of its revisions.
pub struct Snapshot<'a> {
    pub pdf: &'a PdfFile,
    pub catalog: Object,
    pub pages: Vec<Page>,
    /// The nodes of the page tree above the pages.
    pub branches: Vec<Object>,
    pub nodes: Vec<Node>,
    /// Which node has this number.
    pub node_of: HashMap<u32, usize>,
    /// The names of all fields.
    pub names: HashSet<Arc<str>>,
    /// The signatures of the fields that are signed, by the names of these.
    pub signed: HashMap<Arc<str>, Object>,
    /// On which page, counted from 1, an annotation is.
    pub page_of: HashMap<u32, usize>,
}

impl Node {
    /// Says whether it is a signature field or a widget of one.
    pub fn is_signature(&self) -> bool {
        self.kind.as_deref() == Some(b"Sig")
    }
}

impl<'a> Snapshot<'a> {
    pub fn of(pdf: &'a PdfFile) -> Result<Snapshot<'a>> {
        let catalog = pdf.catalog()?;
        let (pages, branches) = pages(pdf, &catalog)?;
        let mut nodes = Vec::new();
        let mut node_of = HashMap::new();
        let (mut names, mut signed) = (HashSet::new(), HashMap::new());
        for field in fields(pdf)? {
            let field = field?;
            names.insert(Arc::clone(&field.name));
            if field.kind.as_deref() == Some(b"Sig")
                && let Some(signature) = pdf.get(&field.object, "V")?.filter(|value| value.dict().is_some())
            {
                signed.entry(Arc::clone(&field.name)).or_insert(signature);
            }
            if !field.is_direct {
                node_of.insert(field.object.id.number, nodes.len());
            }
            let is_direct = field.is_direct;
            nodes.push(Node { name: field.name, kind: field.kind, object: field.object, is_direct });
        }
        let page_of = HashMap::new();
        let mut snapshot = Snapshot { pdf, catalog, pages, branches, nodes, node_of, names, signed, page_of };
        for (index, page) in snapshot.pages.iter().enumerate() {
            for item in snapshot.annotations(page)? {
                if let Value::Reference(id) = item {
                    snapshot.page_of.entry(id.number).or_insert(index + 1);
                }
            }
        }
        Ok(snapshot)
    }

    /// Returns how many steps it took to make: for each part, and for each byte that was read of it.
    pub fn cost(&self) -> usize {
        let parts = self.pages.iter().map(|page| &page.object).chain(&self.branches);
        let parts = parts.chain(self.nodes.iter().map(|node| &node.object)).chain([&self.catalog]);
        parts.map(|object| PART + object.item.span.len()).sum::<usize>() + PART * self.page_of.len()
    }

    /// Returns the annotations of a page as they are listed.
    pub fn annotations(&self, page: &Page) -> Result<Vec<Value>> {
        let list = self.pdf.get(&page.object, "Annots")?;
        let items = list.as_ref().and_then(|list| list.item.value.array()).unwrap_or_default();
        Ok(items.iter().map(|item| item.value.clone()).collect())
    }

    /// Returns the node of this number.
    pub fn node(&self, number: u32) -> Option<&Node> {
        self.node_of.get(&number).and_then(|&index| self.nodes.get(index))
    }

    /// Returns the page of a field, counted from 1, by its widget.
    pub fn page_of_node(&self, node: &Node) -> Option<usize> {
        if node.is_direct { None } else { self.page_of.get(&node.object.id.number).copied() }
    }
}

/// Returns the pages in their order, and the nodes above them.
fn pages(pdf: &PdfFile, catalog: &Object) -> Result<(Vec<Page>, Vec<Object>)> {
    let broken = || PdfError::damaged("its page tree cannot be read", "页面树无法读取");
    let root = catalog.dict().and_then(|dict| dict.get("Pages")).and_then(|item| item.value.reference());
    let nothing: [Rc<Value>; 4] = std::array::from_fn(|_| Rc::new(Value::Null));
    let mut waiting = vec![(root.ok_or_else(broken)?, nothing, 0)];
    let mut pages = Vec::new();
    let mut visits = 0;
    let (mut branches, mut above) = (HashSet::new(), Vec::new());
    while let Some((id, mut values, level)) = waiting.pop() {
        visits += 1;
        let node = pdf.object(id)?.ok_or_else(broken)?;
        let dict = node.dict().ok_or_else(broken)?;
        for (value, key) in values.iter_mut().zip(INHERITED) {
            if let Some(item) = dict.get(key) {
                *value = Rc::new(item.value.clone());
            }
        }
        let Value::Array(kids) = pdf.entry(dict, "Kids")? else {
            pages.push(Page { number: id.number, object: node, values });
            continue;
        };
        // A branch that is listed twice has no end, or would be shown twice.
        let ends = branches.insert(id.number) && level < MAX_LEVELS && visits < 2 * MAX_PAGES;
        if !ends || waiting.len() + kids.len() > 2 * MAX_PAGES {
            return Err(PdfError::too_costly("its page tree is tangled", "页面树成环或过大").into());
        }
        above.push(node.clone());
        for kid in kids.into_iter().rev() {
            let kid = kid.value.reference().ok_or_else(broken)?;
            waiting.push((kid, values.clone(), level + 1));
        }
    }
    if pages.is_empty() || pages.len() > MAX_PAGES { Err(broken().into()) } else { Ok((pages, above)) }
}
