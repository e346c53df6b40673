//! What a document consists of in one of its revisions: pages, annotations, fields.

use std::collections::{HashMap, HashSet};
use std::rc::Rc;
use std::sync::Arc;

use super::inherited;
use super::same::Result;
use crate::pdf::{Object, ObjectId, PdfError, PdfFile, Value, fields};

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
    /// Shared by all that list it.
    pub object: Rc<Object>,
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
    /// The objects that are listed as annotations, by their numbers and, if they are references, by those that they
    /// lead to.
    pub listed: HashMap<u32, Listed>,
}

/// An object that is listed as an annotation.
pub struct Listed {
    /// On which page, counted from 1; 0: some page may inherit it.
    pub page: usize,
    /// Whether it is listed more than once, on this page or on several.
    pub again: bool,
    /// Whether it is what an annotation is: no stream, and no reference to another object.
    pub is_plain: bool,
    /// Which object it is in the end.
    object: u32,
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
        let listed = HashMap::new();
        let mut snapshot = Snapshot { pdf, catalog, pages, branches, nodes, node_of, names, signed, listed };
        for (index, page) in snapshot.pages.iter().enumerate() {
            for item in snapshot.annotations(page)? {
                if let Value::Reference(id) = item {
                    list(pdf, &mut snapshot.listed, id, index + 1)?;
                }
            }
        }
        let pages = snapshot.pages.iter().map(|page| &*page.object);
        for id in inherited::annotations(pdf, pages)? {
            // On which of the pages it is seen, and how often, nobody can tell.
            let number = pdf.object(id)?.map_or(id.number, |object| object.id.number);
            let nowhere = Listed { page: 0, again: true, is_plain: false, object: number };
            snapshot.listed.entry(number).and_modify(|known| known.again = true).or_insert(nowhere);
        }
        Ok(snapshot)
    }

    /// Returns how many steps it took to make: for each part, and for each byte that was read of it.
    pub fn cost(&self) -> usize {
        let parts = self.pages.iter().map(|page| &*page.object).chain(&self.branches);
        let parts = parts.chain(self.nodes.iter().map(|node| &node.object)).chain([&self.catalog]);
        parts.map(|object| PART + object.item.span.len()).sum::<usize>() + PART * self.listed.len()
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
        self.listed(node).map(|listed| listed.page).filter(|page| *page > 0)
    }

    /// Returns where a field is listed as an annotation, if it is its own widget.
    pub fn listed(&self, node: &Node) -> Option<&Listed> {
        if node.is_direct { None } else { self.listed.get(&node.object.id.number) }
    }

    /// Returns the node above a field or a widget, by what it says itself.
    pub fn above(&self, node: &Node) -> Option<&Node> {
        let parent = node.object.dict().and_then(|dict| dict.get("Parent")?.value.reference());
        parent.and_then(|parent| self.node(parent.number))
    }
}

/// Notes what a page lists as an annotation.
fn list(pdf: &PdfFile, listed: &mut HashMap<u32, Listed>, id: ObjectId, page: usize) -> Result<()> {
    if let Some(known) = listed.get_mut(&id.number) {
        known.again = true;
        let object = known.object;
        if let Some(object) = listed.get_mut(&object) {
            object.again = true;
        }
        return Ok(());
    }
    let object = pdf.load(id.number)?;
    let leads_on = object.as_ref().is_some_and(|object| object.item.value.reference().is_some());
    let is_plain = !leads_on && object.is_none_or(|object| object.data.is_none());
    let object = if leads_on { pdf.object(id)?.map_or(id.number, |last| last.id.number) } else { id.number };
    if leads_on {
        let last = Listed { page, again: false, is_plain: false, object };
        listed.entry(object).and_modify(|known| known.again = true).or_insert(last);
    }
    listed.insert(id.number, Listed { page, again: false, is_plain, object });
    Ok(())
}

/// A node of the page tree, with its own values of [`INHERITED`].
type Leaf = (Rc<Object>, [Option<Rc<Value>>; 4]);

fn leaf(node: Object) -> Leaf {
    let value = |key| node.dict().and_then(|dict| dict.get(key)).map(|item| Rc::new(item.value.clone()));
    let own = INHERITED.map(value);
    (Rc::new(node), own)
}

/// Returns the pages in their order, and the nodes above them.
fn pages(pdf: &PdfFile, catalog: &Object) -> Result<(Vec<Page>, Vec<Object>)> {
    let broken = || PdfError::damaged("its page tree cannot be read", "页面树无法读取");
    let root = catalog.dict().and_then(|dict| dict.get("Pages")).and_then(|item| item.value.reference());
    let nothing: [Rc<Value>; 4] = std::array::from_fn(|_| Rc::new(Value::Null));
    let mut waiting = vec![(root.ok_or_else(broken)?, nothing, 0)];
    let mut pages = Vec::new();
    let mut visits = 0;
    // A page that is listed again is read and kept once.
    let mut known: HashMap<u32, Leaf> = HashMap::new();
    let (mut branches, mut above) = (HashSet::new(), Vec::new());
    while let Some((id, mut values, level)) = waiting.pop() {
        visits += 1;
        let (node, own) = match known.get(&id.number) {
            Some(leaf) => leaf.clone(),
            None => leaf(pdf.object(id)?.ok_or_else(broken)?),
        };
        for (value, own) in values.iter_mut().zip(&own) {
            if let Some(own) = own {
                *value = Rc::clone(own);
            }
        }
        let Value::Array(kids) = pdf.entry(node.dict().ok_or_else(broken)?, "Kids")? else {
            known.entry(id.number).or_insert_with(|| (Rc::clone(&node), own));
            pages.push(Page { number: id.number, object: node, values });
            continue;
        };
        // A branch that is listed twice has no end, or would be shown twice.
        let ends = branches.insert(id.number) && level < MAX_LEVELS && visits < 2 * MAX_PAGES;
        if !ends || waiting.len() + kids.len() > 2 * MAX_PAGES {
            return Err(PdfError::too_costly("its page tree is tangled", "页面树成环或过大").into());
        }
        above.push(Rc::unwrap_or_clone(node));
        for kid in kids.into_iter().rev() {
            let kid = kid.value.reference().ok_or_else(broken)?;
            waiting.push((kid, values.clone(), level + 1));
        }
    }
    if pages.is_empty() || pages.len() > MAX_PAGES { Err(broken().into()) } else { Ok((pages, above)) }
}
