//! What can be asked and changed, as data: no words of a command line, nothing printed.

use std::sync::{Mutex, PoisonError};

use anyhow::{Context, Result, bail};
use wosigndoc::protocol::Code;

use super::template_check;
use crate::folder::{self, Folder};
use crate::settings::Settings;
use crate::store::orders::{self, ListedOrder};
use crate::store::templates::{self, Template};
use crate::store::tokens::{self, Token};
use crate::store::{Store, consent, pushes};
use crate::{given, push};

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
    let id = uuid::Uuid::new_v4().to_string();
    let token = Token { id, label, spki, enabled: true, balance, callback: None, manual: false };
    store.with(|db| tokens::add(db, &token))?;
    Ok(token)
}

/// Binds a token to another certificate's public key.
pub fn bind_token(store: &Store, id: &str, certificate: &[u8]) -> Result<()> {
    let spki = given::spki(certificate)?;
    change_token(store, id, |token| token.spki = spki)
}

/// Lets a token be used, or refuses its orders.
pub fn set_enabled(store: &Store, id: &str, enabled: bool) -> Result<()> {
    change_token(store, id, |token| token.enabled = enabled)
}

/// Sets how many orders a token may still place.
pub fn set_balance(store: &Store, id: &str, orders: i64) -> Result<()> {
    change_token(store, id, |token| token.balance = orders)
}

/// Sets where a token's documents are pushed to, by the rules of the folder's settings.
pub fn set_callback(folder: &Folder, store: &Store, id: &str, url: &str) -> Result<()> {
    let callback = Some(url.to_owned());
    change(folder, store, id, TokenChange { callback, ..TokenChange::default() })
}

/// Sets whether a token's orders wait until each signer agrees.
pub fn set_manual(store: &Store, id: &str, manual: bool) -> Result<()> {
    change_token(store, id, |token| token.manual = manual)
}

/// What is changed of a token; what is absent stays.
#[derive(Clone, Debug, Default)]
pub struct TokenChange {
    /// Whether its orders are taken.
    pub enabled: Option<bool>,
    /// Orders that may still be placed.
    pub balance: Option<i64>,
    /// Where documents are pushed to.
    pub callback: Option<String>,
    /// Whether its orders wait until each signer agrees.
    pub manual: Option<bool>,
}

/// Changes several things of a token, or none of them.
pub fn change(folder: &Folder, store: &Store, id: &str, change: TokenChange) -> Result<()> {
    let allowed = Settings::from_folder(folder)?.http_callbacks;
    let callback = change.callback.map(|url| push::callback(&url, allowed)).transpose()?;
    change_token(store, id, |token| {
        token.enabled = change.enabled.unwrap_or(token.enabled);
        token.balance = change.balance.unwrap_or(token.balance);
        token.callback = callback.map(String::from).or(token.callback.take());
        token.manual = change.manual.unwrap_or(token.manual);
    })
}

fn change_token(store: &Store, id: &str, change: impl FnOnce(&mut Token)) -> Result<()> {
    store.with(|db| {
        let transaction = db.transaction()?;
        let mut token = tokens::find(&transaction, id)?.with_context(|| format!("there is no token {id}"))?;
        change(&mut token);
        tokens::save(&transaction, &token)?;
        Ok(transaction.commit()?)
    })
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
    if template.id.is_empty() || !template.id.chars().all(plain) {
        bail!("a tempid has only letters, digits, - and _");
    }
    template_check::check(document, &template.signers)?;
    // Two at once would write one file, and its row might be the other's.
    let _alone = ADDING.lock().unwrap_or_else(PoisonError::into_inner);
    folder::write(&folder.template(&template.id), document)?;
    store.with(|db| templates::save(db, template))
}

/// Removes a template.
pub fn remove_template(store: &Store, id: &str) -> Result<()> {
    if !store.with(|db| templates::remove(db, id))? {
        bail!("there is no template {id}");
    }
    Ok(())
}

/// Returns the number and name of every known company.
pub fn companies(store: &Store) -> Result<Vec<(String, String)>> {
    store.with(|db| tokens::companies(db))
}

/// Registers a company under its licence number, or forgets it (`None`).
pub fn register_company(store: &Store, number: &str, name: Option<&str>) -> Result<()> {
    store.with(|db| tokens::register(db, &number.to_ascii_uppercase(), name))
}

/// Returns the newest orders, at most `limit`.
pub fn orders(store: &Store, limit: usize) -> Result<Vec<ListedOrder>> {
    store.with(|db| orders::list(db, None, None, limit))
}

/// Returns the orders with this signid or orderNumber, newest first: a number may be used again after a failure.
pub fn order(store: &Store, name: &str) -> Result<Vec<ListedOrder>> {
    let found = store.with(|db| orders::list(db, Some(name), None, 10))?;
    if found.is_empty() {
        bail!("there is no order {name}");
    }
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
    if !store.with(|db| pushes::again(db, order))? {
        bail!(
            "there is nothing to push for {order}: no such order, it is still being signed, or its \
             document was deleted (documents_days)"
        );
    }
    Ok(())
}
