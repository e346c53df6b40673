//! The push queue: rows, not memory. A killed process loses nothing (P-34).

use anyhow::Result;
use rusqlite::{Connection, OptionalExtension, named_params, params};

use crate::clock::now;

/// The longest wait of a push, in milliseconds (P-34); one that seems to wait longer has seen the clock set back, and is
/// due.
const MAX_PAUSE: i64 = 3_600_000;

/// A push that is due.
#[derive(Clone, Debug)]
pub struct Due {
    /// Its row.
    pub id: i64,
    /// Where it goes.
    pub callback: String,
    /// TokenID of its order.
    pub token: String,
    /// Tries before this one.
    pub tries: u32,
    /// When it was tried first, milliseconds since 1970.
    pub first_try: Option<i64>,
    /// When it was to be tried, milliseconds since 1970.
    pub next_try: i64,
    /// What is pushed.
    pub order: Pushed,
    /// The signid of another order whose document is to come in its place, on purpose.
    pub other: Option<String>,
}

/// The order that a push is about.
#[derive(Clone, Debug)]
pub struct Pushed {
    /// Our id of it.
    pub signid: String,
    /// orderNumber.
    pub number: String,
    /// SHA-256 (hex) and length of the signed document; `None` when the order failed.
    pub document: Option<(String, u64)>,
    /// The code of a failed order.
    pub errorcode: Option<i32>,
}

/// Returns the pushes that are due, those waiting longest first, at most so many for each callback: one receiver's
/// backlog does not hide the others'.
pub fn due(connection: &Connection, per_callback: usize, limit: usize) -> Result<Vec<Due>> {
    let mut statement = connection.prepare_cached(
        "SELECT id, callback, tries, first_try, signid, number, sha256, length, errorcode, next_try, token FROM (
            SELECT p.id, t.callback, p.tries, p.first_try, o.signid, o.number, o.sha256, o.length,
                   o.errorcode, p.next_try, o.token,
                   row_number() OVER (PARTITION BY t.callback ORDER BY p.next_try, p.id) AS nth
            FROM pushes p JOIN orders o ON o.id = p.order_id JOIN tokens t ON t.id = o.token
            WHERE p.state = 'pending' AND (p.next_try <= ?1 OR p.next_try > ?1 + ?4)
                  AND t.callback IS NOT NULL)
         WHERE nth <= ?2 ORDER BY next_try, id LIMIT ?3",
    )?;
    let rows = statement.query_map(params![now(), per_callback, limit, MAX_PAUSE], read_due)?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Returns the push of an order, to be made once more beside the queue; `None`: there is none, nowhere to push it to, or its
/// document was deleted.
pub fn to_repeat(connection: &Connection, signid: &str) -> Result<Option<Due>> {
    let sql = "SELECT p.id, t.callback, p.tries, p.first_try, o.signid, o.number, o.sha256, o.length,
                      o.errorcode, p.next_try, o.token
               FROM pushes p JOIN orders o ON o.id = p.order_id JOIN tokens t ON t.id = o.token
               WHERE o.signid = ?1 AND t.callback IS NOT NULL AND o.document_gone IS NULL";
    Ok(connection.query_row(sql, [signid], read_due).optional()?)
}

/// Reads a push from the columns of [`due`].
fn read_due(row: &rusqlite::Row<'_>) -> rusqlite::Result<Due> {
    Ok(Due {
        id: row.get(0)?,
        callback: row.get(1)?,
        tries: row.get(2)?,
        first_try: row.get(3)?,
        next_try: row.get(9)?,
        token: row.get(10)?,
        order: pushed(row, 4)?,
        other: None,
    })
}

/// Returns what is pushed of an order; `None`: there is no such order.
pub fn of_order(connection: &Connection, signid: &str) -> Result<Option<Pushed>> {
    let sql = "SELECT signid, number, sha256, length, errorcode FROM orders WHERE signid = ?1";
    Ok(connection.query_row(sql, [signid], |row| pushed(row, 0)).optional()?)
}

/// Reads signid, number, sha256, length and errorcode from this column on.
fn pushed(row: &rusqlite::Row<'_>, from: usize) -> rusqlite::Result<Pushed> {
    let sha256: Option<String> = row.get(from + 2)?;
    let length: Option<i64> = row.get(from + 3)?;
    Ok(Pushed {
        signid: row.get(from)?,
        number: row.get(from + 1)?,
        document: sha256.zip(length.and_then(|length| u64::try_from(length).ok())),
        errorcode: row.get(from + 4)?,
    })
}

/// Returns the signid of the newest other order of the same token that is signed.
pub fn other(connection: &Connection, push: &Due) -> Result<Option<String>> {
    let sql = "SELECT signid FROM orders WHERE token = ?1 AND signid <> ?2 AND state = 'signed'
               AND document_gone IS NULL ORDER BY id DESC LIMIT 1";
    Ok(connection.query_row(sql, [&push.token, &push.order.signid], |row| row.get(0)).optional()?)
}

/// Returns whether the push of a later order of the same token was acknowledged.
pub fn is_later_acknowledged(connection: &Connection, push: &Due) -> Result<bool> {
    let sql = "SELECT 1 FROM pushes p JOIN orders o ON o.id = p.order_id
               WHERE o.token = ?1 AND p.state = 'acknowledged'
               AND o.id > (SELECT id FROM orders WHERE signid = ?2)";
    Ok(connection.prepare_cached(sql)?.exists([&push.token, &push.order.signid])?)
}

/// Returns when the next push will be due that is not yet, in milliseconds since 1970.
pub fn next(connection: &Connection) -> Result<Option<i64>> {
    let sql = "SELECT min(p.next_try) FROM pushes p JOIN orders o ON o.id = p.order_id
               JOIN tokens t ON t.id = o.token
               WHERE p.state = 'pending' AND p.next_try > ?1 AND t.callback IS NOT NULL";
    Ok(connection.prepare_cached(sql)?.query_row([now()], |row| row.get(0))?)
}

/// Whether a row is still that of a try: it was not asked for again since (another `next_try`), and orders were not forgotten, which
/// lets a later one have its id.
const STILL: &str =
    "id = :id AND next_try = :due AND order_id = (SELECT id FROM orders WHERE signid = :signid)";

/// Notes that the receiver acknowledged a push. One that was asked for again since stays due.
pub fn acknowledged(connection: &Connection, push: &Due) -> Result<()> {
    let sql = format!(
        "UPDATE pushes SET state = 'acknowledged', tries = tries + 1, first_try = coalesce(first_try, :now),
         acknowledged = :now, last_error = NULL WHERE {STILL}"
    );
    connection.execute(
        &sql,
        named_params! {":id": push.id, ":due": push.next_try, ":signid": push.order.signid, ":now": now()},
    )?;
    Ok(())
}

/// Notes that a push was tried and not acknowledged: again at `next_try`, or never of itself (`None`). One that was asked for again
/// since stays due.
pub fn failed(
    connection: &Connection,
    push: &Due,
    started: i64,
    error: &str,
    next_try: Option<i64>,
) -> Result<()> {
    let state = if next_try.is_some() { "pending" } else { "undelivered" };
    let sql = format!(
        "UPDATE pushes SET state = :state, tries = tries + 1, first_try = coalesce(first_try, :started),
         next_try = coalesce(:next, next_try), last_error = :error WHERE {STILL}"
    );
    connection.execute(
        &sql,
        named_params! {
            ":id": push.id, ":due": push.next_try, ":signid": push.order.signid,
            ":state": state, ":started": started, ":next": next_try, ":error": error
        },
    )?;
    Ok(())
}

/// Pushes an order again by hand, whatever became of it before. Returns false when there is nothing to push yet, or not
/// any longer.
pub fn again(connection: &Connection, signid: &str) -> Result<bool> {
    let order: Option<i64> = connection
        .query_row(
            "SELECT id FROM orders WHERE signid = ?1 OR number = ?1 ORDER BY id DESC LIMIT 1",
            [signid],
            |row| row.get(0),
        )
        .optional()?;
    let changed = connection.execute(
        "UPDATE pushes SET state = 'pending', tries = 0, first_try = NULL, next_try = ?2
         WHERE order_id = ?1 AND NOT EXISTS (SELECT 1 FROM orders WHERE id = ?1 AND document_gone IS NOT NULL)",
        params![order, now()],
    )?;
    Ok(changed == 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    fn with_a_push(signid: &str) -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        schema::migrate(&mut connection).unwrap();
        let token = "INSERT INTO tokens (id, label, spki, balance, callback, created)
                     VALUES ('t', '', '', 0, 'http://localhost/', 0)";
        connection.execute(token, []).unwrap();
        add_push(&connection, signid);
        connection
    }

    fn add_push(connection: &Connection, signid: &str) {
        let order = "INSERT INTO orders (signid, token, number, subject, state, created)
                     VALUES (?1, 't', 'n', '', 'failed', 0)";
        connection.execute(order, [signid]).unwrap();
        let push = "INSERT INTO pushes (order_id, state, next_try) VALUES (?1, 'pending', 1)";
        connection.execute(push, [connection.last_insert_rowid()]).unwrap();
    }

    /// What came of a try is noted on no other order, though orders were forgotten meanwhile and a new one has its ids and times.
    #[test]
    fn a_try_of_a_forgotten_order_is_noted_nowhere() {
        let mut connection = with_a_push("old");
        let under_way = due(&connection, 1, 1).unwrap().remove(0);
        crate::store::reset::forget(&mut connection).unwrap();
        add_push(&connection, "new");
        let before = due(&connection, 1, 1).unwrap().remove(0);
        assert_eq!((before.id, before.next_try), (under_way.id, under_way.next_try), "the test's premise");
        acknowledged(&connection, &under_way).unwrap();
        failed(&connection, &under_way, 5, "no answer", None).unwrap();
        let after = due(&connection, 1, 1).unwrap().remove(0);
        assert_eq!((after.order.signid.as_str(), after.tries), ("new", 0));
        acknowledged(&connection, &after).unwrap();
        assert!(due(&connection, 1, 1).unwrap().is_empty());
    }

    /// Covers P-34: a push asked for by hand while a try is under way is made, whatever becomes of that try.
    #[test]
    fn a_try_under_way_undoes_no_push_again() {
        let connection = with_a_push("s");
        let under_way = due(&connection, 1, 1).unwrap().remove(0);
        assert!(again(&connection, "n").unwrap());
        failed(&connection, &under_way, 5, "no answer", None).unwrap();
        acknowledged(&connection, &under_way).unwrap();
        let wanted = due(&connection, 1, 1).unwrap().remove(0);
        assert_eq!((wanted.tries, wanted.first_try), (0, None));
        failed(&connection, &wanted, 5, "no answer", Some(6)).unwrap();
        let wanted = due(&connection, 1, 1).unwrap().remove(0);
        assert_eq!((wanted.tries, wanted.first_try), (1, Some(5)));
        acknowledged(&connection, &wanted).unwrap();
        assert!(due(&connection, 1, 1).unwrap().is_empty());
    }
}
