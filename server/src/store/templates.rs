//! Templates: a document, its subject, and who signs where.

use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::{Deserialize, Serialize};
use wosigndoc::protocol::Position;

use crate::clock::now;

/// A template. Its document lies in the data folder.
#[derive(Clone, Debug, PartialEq)]
pub struct Template {
    /// tempid.
    pub id: String,
    /// The subject of an order that has none.
    pub subject: String,
    /// Who signs, in signing order.
    pub signers: Vec<TemplateSigner>,
    /// Whether orders with it wait until each signer agrees.
    pub manual: bool,
}

/// One signer of a template.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateSigner {
    /// 1 organisation, 2 person.
    #[serde(rename = "signType")]
    pub sign_type: i64,
    /// Where the seals go.
    pub signlist: Vec<TemplateBox>,
}

/// A signature box, as in an order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TemplateBox {
    /// Page, counted from 1.
    pub pagenumber: u32,
    /// `left,bottom,right,top`.
    pub position: String,
}

impl TemplateBox {
    /// Returns the rectangle; `None`: the position is not four decimals.
    pub fn rectangle(&self) -> Option<Position> {
        Position::parse(&self.position)
    }
}

impl TemplateSigner {
    /// Returns page and rectangle of each of its seals; `None`: a position is not four decimals.
    pub fn places(&self) -> Option<Vec<(u32, Position)>> {
        self.signlist.iter().map(|place| Some((place.pagenumber, place.rectangle()?))).collect()
    }
}

/// Returns the template with this id.
pub fn find(connection: &Connection, id: &str) -> Result<Option<Template>> {
    let sql = "SELECT subject, signers, manual FROM templates WHERE id = ?1";
    let read = |row: &Row<'_>| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
    let row: Option<(String, String, bool)> =
        connection.prepare_cached(sql)?.query_row([id], read).optional()?;
    row.map(|(subject, signers, manual)| {
        let signers = serde_json::from_str(&signers).with_context(|| format!("template {id} is broken"))?;
        Ok(Template { id: id.to_owned(), subject, signers, manual })
    })
    .transpose()
}

/// Returns the ids and subjects of all templates.
pub fn all(connection: &Connection) -> Result<Vec<(String, String)>> {
    let mut statement = connection.prepare("SELECT id, subject FROM templates ORDER BY created, id")?;
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Adds or replaces a template whose document is in place already.
pub fn save(connection: &Connection, template: &Template) -> Result<()> {
    connection.execute(
        "INSERT OR REPLACE INTO templates (id, subject, signers, manual, created) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            template.id,
            template.subject,
            serde_json::to_string(&template.signers)?,
            template.manual,
            now()
        ],
    )?;
    Ok(())
}

/// Removes a template; orders made with it have their own copy of its document.
pub fn remove(connection: &Connection, id: &str) -> Result<bool> {
    Ok(connection.execute("DELETE FROM templates WHERE id = ?1", [id])? == 1)
}
