//! What can be asked and changed, as data: no words of a command line, nothing printed.

use std::sync::{Mutex, PoisonError};

use anyhow::{Result, bail, ensure};
use wosigndoc::protocol::Code;
use wosigndoc::protocol::limits::MAX_CHARACTERS;

use super::template_check;
use crate::folder::{self, Folder};
use crate::problem::Problem;
use crate::store::orders::{self, ListedOrder};
use crate::store::templates::{self, Template};
use crate::store::tokens::{self, Token};
use crate::store::{Store, consent, pushes};
use crate::{given, push};

/// The longest tempid: it names a file.
const MAX_TEMPID: usize = 128;

/// Opens the data folder and its database, both of which must be there.
pub fn open(root: &std::path::Path) -> Result<(Folder, Store)> {
    let folder = Folder::open(root)?;
    let database = folder.path("wosigndoc.db");
    if !database.exists() {
        bail!("there is no database {}", database.display());
    }
    let store = Store::open(&database)?;
    Ok((folder, store))
}

/// Returns all tokens.
pub fn tokens(store: &Store) -> Result<Vec<Token>> {
    store.with(|db| tokens::all(db))
}

/// Adds a token that is bound to a certificate's public key.
pub fn add_token(store: &Store, certificate: &[u8], label: String, balance: i64) -> Result<Token> {
    let spki = given::spki(certificate)?;
    short("label", &label)?;
    not_negative(balance)?;
    let id = uuid::Uuid::new_v4().to_string();
    let token = Token { id, label, spki, enabled: true, balance, callback: None, manual: false };
    store.with(|db| tokens::save(db, &token))?;
    Ok(token)
}

/// What is changed of a token; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct TokenChange {
    /// The certificate, or the public key, that it is bound to.
    pub certificate: Option<Vec<u8>>,
    /// Whether its orders are taken.
    pub enabled: Option<bool>,
    /// Orders that may still be placed.
    pub balance: Option<i64>,
    /// Where documents are pushed to.
    pub callback: Option<String>,
    /// Whether its orders wait until each signer agrees.
    pub manual: Option<bool>,
}

/// Changes several things of a token, or none of them; `http_callbacks` allows plain http to others than this machine.
pub fn change_token(store: &Store, id: &str, change: TokenChange, http_callbacks: bool) -> Result<Token> {
    let TokenChange { certificate, enabled, balance, callback, manual } = change;
    let spki = certificate.map(|certificate| given::spki(&certificate)).transpose()?;
    let callback = callback.map(|url| push::callback(&url, http_callbacks)).transpose()?;
    balance.map_or(Ok(()), not_negative)?;
    store.with(|db| {
        let transaction = db.transaction()?;
        let Some(old) = tokens::find(&transaction, id)? else { bail!(no_token(id)) };
        let token = Token {
            id: old.id,
            label: old.label,
            spki: spki.unwrap_or(old.spki),
            enabled: enabled.unwrap_or(old.enabled),
            balance: balance.unwrap_or(old.balance),
            callback: callback.map(String::from).or(old.callback),
            manual: manual.unwrap_or(old.manual),
        };
        tokens::save(&transaction, &token)?;
        transaction.commit()?;
        Ok(token)
    })
}

fn no_token(id: &str) -> Problem {
    Problem::missing(format!("there is no token {id}"), format!("没有 TokenID {id}"))
}

fn not_negative(balance: i64) -> Result<(), Problem> {
    if balance >= 0 {
        return Ok(());
    }
    Err(Problem::unusable("balance is a number from 0", "balance 应为不小于 0 的数"))
}

/// Refuses a text that is longer than those of orders may be, or has control characters.
fn short(field: &str, text: &str) -> Result<(), Problem> {
    if text.chars().count() <= MAX_CHARACTERS && !text.chars().any(char::is_control) {
        return Ok(());
    }
    Err(Problem::unusable(
        format!("{field} has at most {MAX_CHARACTERS} characters, and no control characters"),
        format!("{field} 最长 {MAX_CHARACTERS} 个字符，且不能含控制字符"),
    ))
}

/// The same, of one that may not be blank.
fn named(field: &str, text: &str) -> Result<(), Problem> {
    short(field, text)?;
    if !text.trim().is_empty() {
        return Ok(());
    }
    Err(Problem::unusable(format!("{field} is empty"), format!("{field} 为空")))
}

/// Returns the ids and subjects of all templates.
pub fn templates(store: &Store) -> Result<Vec<(String, String)>> {
    store.with(|db| templates::all(db))
}

/// Held while a template is added.
static ADDING: Mutex<()> = Mutex::new(());

/// Adds or replaces a template, if orders with it can be signed.
pub fn add_template(folder: &Folder, store: &Store, template: &Template, document: &[u8]) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    let is_right = (1..=MAX_TEMPID).contains(&template.id.len()) && template.id.chars().all(plain);
    ensure!(
        is_right,
        Problem::unusable(
            format!("a tempid has 1 to {MAX_TEMPID} letters, digits, - and _, and nothing else"),
            format!("tempid 为 1 到 {MAX_TEMPID} 个字母、数字、- 和 _，不能含其他字符"),
        )
    );
    short("subject", &template.subject)?;
    template_check::check(document, &template.signers)?;
    // Two at once would write one file, and its row might be the other's.
    let _alone = ADDING.lock().unwrap_or_else(PoisonError::into_inner);
    folder::write(&folder.template(&template.id), document)?;
    store.with(|db| templates::save(db, template))
}

/// Removes a template.
pub fn remove_template(store: &Store, id: &str) -> Result<()> {
    let is_gone = store.with(|db| templates::remove(db, id))?;
    ensure!(is_gone, Problem::missing(format!("there is no template {id}"), format!("没有模板 {id}")));
    Ok(())
}

/// Returns the number and name of every known company.
pub fn companies(store: &Store) -> Result<Vec<(String, String)>> {
    store.with(|db| tokens::companies(db))
}

/// Registers a company under its licence number, or changes its name.
pub fn register_company(store: &Store, number: &str, name: &str) -> Result<()> {
    named("number", number)?;
    named("name", name)?;
    store.with(|db| tokens::register(db, &number.to_ascii_uppercase(), Some(name)))
}

/// Forgets a company, if it is known.
pub fn forget_company(store: &Store, number: &str) -> Result<()> {
    store.with(|db| tokens::register(db, &number.to_ascii_uppercase(), None))
}

/// Returns the newest orders, at most `limit`.
pub fn orders(store: &Store, limit: usize) -> Result<Vec<ListedOrder>> {
    store.with(|db| orders::list(db, None, None, limit))
}

/// Returns the orders with this signid or orderNumber, newest first: a number may be used again after a failure.
pub fn order(store: &Store, name: &str) -> Result<Vec<ListedOrder>> {
    let found = store.with(|db| orders::list(db, Some(name), None, 10))?;
    ensure!(
        !found.is_empty(),
        Problem::missing(format!("there is no order {name}"), format!("没有订单 {name}"))
    );
    Ok(found)
}

/// Notes that the next signer of an order agrees to sign; returns how many are still asked. `signer`, counted from 1, must be the
/// next one.
pub fn agree(store: &Store, order: &str, signer: Option<usize>) -> Result<usize> {
    store.with(|db| consent::agree(db, order, signer))
}

/// Notes that the next signer of an order declines: it has failed, and that is pushed. The protocol has no code for it; `code` is
/// what is pushed.
pub fn decline(store: &Store, order: &str, signer: Option<usize>, code: Code) -> Result<()> {
    store.with(|db| consent::decline(db, order, signer, code))
}

/// Pushes an order's document again, whatever became of it before.
pub fn push_again(store: &Store, order: &str) -> Result<()> {
    let is_due = store.with(|db| pushes::again(db, order))?;
    ensure!(
        is_due,
        Problem::conflict(
            format!(
                "there is nothing to push for {order}: no such order, it is still being signed, or its \
                 document was deleted (documents_days)"
            ),
            format!("{order} 没有可推送的内容：没有该订单、仍在签署中，或文档已被删除（documents_days）"),
        )
    );
    Ok(())
}
