//! The fields of a document's form.

use std::collections::HashSet;
use std::sync::Arc;

use super::error::{PdfError, Result};
use super::file::PdfFile;
use super::object::Object;
use super::value::{ObjectId, Value};

/// Most form fields that are looked at.
const MAX_FIELDS: usize = 200_000;
/// Most bytes that the names of all fields may come to.
const MAX_NAMES: usize = 32 << 20;
/// Longest full name of a field, in bytes.
const MAX_NAME: usize = 8192;

/// One node of the form's tree: a field, or a widget of the field above it.
#[derive(Clone, Debug)]
pub struct Field {
    /// The full name: those from the root down to here, joined by full stops. A widget has its field's.
    pub name: Arc<str>,
    /// What kind of field it is by `/FT`, here or above: `Sig`, `Tx`, `Btn` or `Ch`.
    pub kind: Option<Arc<[u8]>>,
    /// The field's dictionary.
    pub object: Object,
    /// Whether it is no object of its own, but stands in that of the node above it or of the form.
    pub is_direct: bool,
}

/// The nodes of a form's tree, parents first, each read when it is asked for.
pub struct FormFields<'a> {
    pdf: &'a PdfFile,
    waiting: Vec<Waiting>,
    seen: HashSet<u32>,
    /// How many bytes names may still come to.
    names_left: usize,
}

struct Waiting {
    node: Node,
    name: Arc<str>,
    kind: Option<Arc<[u8]>>,
}

/// A field that is still to be read.
enum Node {
    Reference(ObjectId),
    Direct(Box<Object>),
}

/// Returns the form's fields; none if the document has no form.
///
/// # Errors
/// When the catalogue or the form cannot be read. A field that cannot be read ends the fields with its error, and
/// so do more fields than an honest form has.
pub fn fields(pdf: &PdfFile) -> Result<FormFields<'_>> {
    let mut fields = FormFields { pdf, waiting: Vec::new(), seen: HashSet::new(), names_left: MAX_NAMES };
    if let Some(form) = pdf.get(&pdf.catalog()?, "AcroForm")?
        && let Some(roots) = pdf.get(&form, "Fields")?
    {
        fields.push(&roots, &Arc::from(""), None)?;
    }
    Ok(fields)
}

impl Iterator for FormFields<'_> {
    type Item = Result<Field>;

    fn next(&mut self) -> Option<Result<Field>> {
        while let Some(waiting) = self.waiting.pop() {
            match self.read(waiting) {
                Ok(None) => {}
                Ok(Some(field)) => return Some(Ok(field)),
                Err(error) => {
                    self.waiting.clear();
                    return Some(Err(error));
                }
            }
        }
        None
    }
}

impl FormFields<'_> {
    /// Reads a node and notes its kids; `None` if it is no field, or was there before.
    fn read(&mut self, waiting: Waiting) -> Result<Option<Field>> {
        let is_direct = matches!(waiting.node, Node::Direct(_));
        let object = match waiting.node {
            Node::Direct(object) => *object,
            Node::Reference(id) if !self.seen.insert(id.number) => return Ok(None),
            Node::Reference(id) => match self.pdf.object(id)? {
                Some(object) => object,
                None => return Ok(None),
            },
        };
        let Some(dict) = object.dict() else { return Ok(None) };
        let kind = match self.pdf.entry(dict, "FT")? {
            Value::Name(kind) => Some(Arc::from(kind)),
            _ => waiting.kind,
        };
        let name = match self.pdf.entry(dict, "T")? {
            Value::String(part) if part.len() > MAX_NAME => return Err(name_too_long()),
            part => match part.text() {
                Some(part) => {
                    let name = joined(&waiting.name, &part)?;
                    self.names_left = self.names_left.checked_sub(name.len()).ok_or_else(name_too_long)?;
                    name
                }
                None => waiting.name,
            },
        };
        if let Some(kids) = self.pdf.get(&object, "Kids")? {
            self.push(&kids, &name, kind.as_ref())?;
        }
        Ok(Some(Field { name, kind, object, is_direct }))
    }

    /// Notes the nodes of an array, the first to be read next.
    fn push(&mut self, array: &Object, name: &Arc<str>, kind: Option<&Arc<[u8]>>) -> Result<()> {
        let items = array.item.value.array().unwrap_or_default();
        if self.seen.len().max(self.waiting.len() + items.len()) > MAX_FIELDS {
            return Err(PdfError::too_costly("it has too many form fields", "表单域过多"));
        }
        for item in items.iter().rev() {
            let node = match item.value {
                Value::Reference(id) => Node::Reference(id),
                Value::Dict(_) => Node::Direct(Box::new(array.part(item))),
                _ => continue,
            };
            self.waiting.push(Waiting { node, name: Arc::clone(name), kind: kind.cloned() });
        }
        Ok(())
    }
}

fn joined(above: &Arc<str>, part: &str) -> Result<Arc<str>> {
    let name = if above.is_empty() { part.to_owned() } else { format!("{above}.{part}") };
    if name.len() > MAX_NAME { Err(name_too_long()) } else { Ok(Arc::from(name)) }
}

fn name_too_long() -> PdfError {
    PdfError::too_costly("the name of a form field is too long", "表单域名称过长")
}
