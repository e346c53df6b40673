//! Orders, from accepted to signed or failed.

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, params};
use wosigndoc::protocol::Position;

use super::tokens;
use crate::clock::now;

/// An order that passed every check.
#[derive(Clone)]
pub struct NewOrder {
    /// Our id of it.
    pub signid: String,
    /// TokenID.
    pub token: String,
    /// orderNumber.
    pub number: String,
    /// tempid, if one was given.
    pub template: Option<String>,
    /// Its subject, the template's where it has none.
    pub subject: String,
    /// Open password, if one was given.
    pub password: Option<String>,
    /// Who signs, in signing order.
    pub signers: Vec<Signer>,
}

/// One signer of an order.
#[derive(Clone)]
pub struct Signer {
    /// 1 organisation, 2 person.
    pub sign_type: i64,
    /// The name that signs.
    pub name: String,
    /// Licence or identity number.
    pub number: String,
    /// ISO 3166-1 alpha-2.
    pub country: String,
    /// Page (from 1) and rectangle of each seal.
    pub boxes: Vec<(u32, Position)>,
    /// Whether the order need not wait for him (any longer).
    pub agreed: bool,
}

/// Where an order stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Being signed (-47).
    Accepted,
    /// Signed (-46).
    Signed,
}

/// The result of an attempt to put an order into the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Insertion {
    /// It is there.
    Done,
    /// Another order has this number.
    Known(State),
    /// The balance is too low.
    NoBalance,
}

/// Returns where the order with this number stands; `None`: there is none, or it failed.
pub fn state(connection: &Connection, token: &str, number: &str) -> Result<Option<State>> {
    let sql = "SELECT state = 'signed' FROM orders WHERE token = ?1 AND number = ?2 AND state <> 'failed'";
    let signed = connection.prepare_cached(sql)?.query_row([token, number], |row| row.get(0)).optional()?;
    Ok(signed.map(|signed: bool| if signed { State::Signed } else { State::Accepted }))
}

/// Puts an order into the database and charges for it. Its files are in place already.
pub fn insert(connection: &mut Connection, order: &NewOrder) -> Result<Insertion> {
    let transaction = connection.transaction()?;
    if let Some(state) = state(&transaction, &order.token, &order.number)? {
        return Ok(Insertion::Known(state));
    }
    if !tokens::charge(&transaction, &order.token)? {
        return Ok(Insertion::NoBalance);
    }
    transaction.execute(
        "INSERT INTO orders (signid, token, number, template, subject, password, state, created)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, 'accepted', ?7)",
        params![
            order.signid,
            order.token,
            order.number,
            order.template,
            order.subject,
            order.password,
            now()
        ],
    )?;
    let id = transaction.last_insert_rowid();
    for (place, signer) in order.signers.iter().enumerate() {
        insert_signer(&transaction, id, place, signer)?;
    }
    transaction.commit()?;
    Ok(Insertion::Done)
}

fn insert_signer(connection: &Connection, order: i64, place: usize, signer: &Signer) -> Result<()> {
    connection.execute(
        "INSERT INTO signers (order_id, place, sign_type, name, number, country, agreed)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![order, place, signer.sign_type, signer.name, signer.number, signer.country, signer.agreed],
    )?;
    for (at, (page, position)) in signer.boxes.iter().enumerate() {
        let Position { left, bottom, right, top } = position;
        connection.execute(
            "INSERT INTO boxes (order_id, signer, place, page, \"left\", bottom, \"right\", top)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
            params![order, place, at, page, left, bottom, right, top],
        )?;
    }
    Ok(())
}

/// An order that is to be signed.
#[derive(Clone)]
pub struct Work {
    /// How often signing it was begun before.
    pub attempts: u32,
    /// What was ordered.
    pub order: NewOrder,
}

/// Returns the rows of orders to sign that wait for nobody, oldest first, at most `limit`.
pub fn to_sign(connection: &Connection, limit: usize) -> Result<Vec<i64>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM orders o WHERE state = 'accepted'
         AND NOT EXISTS (SELECT 1 FROM signers WHERE order_id = o.id AND NOT agreed) ORDER BY id LIMIT ?1",
    )?;
    let rows = statement.query_map([limit], |row| row.get(0))?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Reads an order that is to be signed, counting the attempt.
pub fn begin(connection: &mut Connection, id: i64) -> Result<Work> {
    let transaction = connection.transaction()?;
    let (attempts, mut order) = transaction.query_row(
        "SELECT attempts, signid, token, number, template, subject, password FROM orders WHERE id = ?1",
        [id],
        |row| {
            let order = NewOrder {
                signid: row.get(1)?,
                token: row.get(2)?,
                number: row.get(3)?,
                template: row.get(4)?,
                subject: row.get(5)?,
                password: row.get(6)?,
                signers: Vec::new(),
            };
            Ok((row.get(0)?, order))
        },
    )?;
    order.signers = signers(&transaction, id)?;
    transaction.execute("UPDATE orders SET attempts = attempts + 1 WHERE id = ?1", [id])?;
    transaction.commit()?;
    Ok(Work { attempts, order })
}

/// Takes an attempt back that ended in good order: not the document's fault.
pub fn unbegin(connection: &Connection, id: i64) -> Result<()> {
    connection.execute("UPDATE orders SET attempts = attempts - 1 WHERE id = ?1 AND attempts > 0", [id])?;
    Ok(())
}

/// Returns who signs an order.
pub fn signers_of(connection: &Connection, signid: &str) -> Result<Vec<Signer>> {
    let id = connection.query_row("SELECT id FROM orders WHERE signid = ?1", [signid], |row| row.get(0))?;
    signers(connection, id)
}

fn signers(connection: &Connection, order: i64) -> Result<Vec<Signer>> {
    let mut statement = connection.prepare_cached(
        "SELECT sign_type, name, number, country, agreed FROM signers WHERE order_id = ?1 ORDER BY place",
    )?;
    let rows = statement.query_map([order], |row| {
        Ok(Signer {
            sign_type: row.get(0)?,
            name: row.get(1)?,
            number: row.get(2)?,
            country: row.get(3)?,
            boxes: Vec::new(),
            agreed: row.get(4)?,
        })
    })?;
    let mut signers: Vec<Signer> = rows.collect::<rusqlite::Result<_>>()?;
    let mut statement = connection.prepare_cached(
        "SELECT page, \"left\", bottom, \"right\", top FROM boxes
         WHERE order_id = ?1 AND signer = ?2 ORDER BY place",
    )?;
    for (place, signer) in signers.iter_mut().enumerate() {
        let rows = statement.query_map(params![order, place], |row| {
            let position =
                Position { left: row.get(1)?, bottom: row.get(2)?, right: row.get(3)?, top: row.get(4)? };
            Ok((row.get(0)?, position))
        })?;
        signer.boxes = rows.collect::<rusqlite::Result<_>>()?;
    }
    Ok(signers)
}

/// The end of signing.
pub enum Outcome {
    /// The signed document is in place.
    Signed {
        /// Its SHA-256, lower-case hex.
        sha256: String,
        /// Its length in bytes.
        length: u64,
    },
    /// It cannot be signed.
    Failed {
        /// The protocol's code.
        code: i32,
        /// Why, for the log and for people.
        error: String,
    },
}

/// Notes how signing ended, and what is to be pushed, in one step. The password is forgotten; an order that
/// failed costs nothing.
pub fn finish(connection: &mut Connection, id: i64, outcome: &Outcome) -> Result<()> {
    let transaction = connection.transaction()?;
    let sql = "UPDATE orders SET state = ?2, sha256 = ?3, length = ?4, errorcode = ?5, error = ?6,
               finished = ?7, password = NULL WHERE id = ?1 AND state = 'accepted'";
    let changed = match outcome {
        Outcome::Signed { sha256, length } => {
            let none = None::<String>;
            transaction.execute(sql, params![id, "signed", sha256, *length as i64, none, none, now()])?
        }
        Outcome::Failed { code, error } => {
            let none = None::<i64>;
            transaction.execute(sql, params![id, "failed", None::<String>, none, code, error, now()])?
        }
    };
    if changed == 1 {
        if matches!(outcome, Outcome::Failed { .. }) {
            tokens::refund(&transaction, id)?;
        }
        transaction.execute(
            "INSERT INTO pushes (order_id, state, next_try) VALUES (?1, 'pending', ?2)",
            params![id, now()],
        )?;
    }
    transaction.commit()?;
    Ok(())
}

/// Returns whether an order with this signid is in the database.
pub fn exists(connection: &Connection, signid: &str) -> Result<bool> {
    Ok(connection.prepare_cached("SELECT 1 FROM orders WHERE signid = ?1")?.exists([signid])?)
}

/// An order as a person sees it.
pub struct ListedOrder {
    /// Our id of it.
    pub signid: String,
    /// orderNumber.
    pub number: String,
    /// TokenID.
    pub token: String,
    /// Its subject.
    pub subject: String,
    /// `accepted`, `signed` or `failed`.
    pub state: String,
    /// When it came in, milliseconds since 1970.
    pub created: i64,
    /// Code and reason of a failure.
    pub failure: Option<(i32, String)>,
    /// SHA-256 of the signed document.
    pub sha256: Option<String>,
    /// Its push, once it is signed or failed.
    pub push: Option<ListedPush>,
}

/// A push as a person sees it.
pub struct ListedPush {
    /// `pending`, `acknowledged` or `undelivered`.
    pub state: String,
    /// Whether the token has a URL to push to.
    pub has_callback: bool,
    /// The number of tries.
    pub tries: u32,
    /// The time of the next try, milliseconds since 1970.
    pub next_try: i64,
    /// The reason why the last try was not acknowledged.
    pub last_error: Option<String>,
}

/// Returns orders, newest first: those with this signid or orderNumber, or of all; those in this state, or in any.
pub fn list(
    connection: &Connection,
    which: Option<&str>,
    state: Option<&str>,
    limit: usize,
) -> Result<Vec<ListedOrder>> {
    let mut statement = connection.prepare(
        "SELECT o.signid, o.number, o.token, o.subject, o.state, o.created, o.errorcode, o.error, o.sha256,
                p.state, p.tries, p.next_try, p.last_error, t.callback IS NOT NULL
         FROM orders o LEFT JOIN pushes p ON p.order_id = o.id LEFT JOIN tokens t ON t.id = o.token
         WHERE (?1 IS NULL OR o.signid = ?1 OR o.number = ?1) AND (?2 IS NULL OR o.state = ?2)
         ORDER BY o.id DESC LIMIT ?3",
    )?;
    let rows = statement.query_map(params![which, state, limit], |row| {
        let code: Option<i32> = row.get(6)?;
        let error: Option<String> = row.get(7)?;
        let state: Option<String> = row.get(9)?;
        let push = |state| -> rusqlite::Result<ListedPush> {
            Ok(ListedPush {
                state,
                has_callback: row.get(13)?,
                tries: row.get(10)?,
                next_try: row.get(11)?,
                last_error: row.get(12)?,
            })
        };
        Ok(ListedOrder {
            signid: row.get(0)?,
            number: row.get(1)?,
            token: row.get(2)?,
            subject: row.get(3)?,
            state: row.get(4)?,
            created: row.get(5)?,
            failure: code.zip(error),
            sha256: row.get(8)?,
            push: state.map(push).transpose()?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
