//! Signers who are asked: an order that is `manual` waits until each of them agrees, in signing order.

use anyhow::{Result, bail, ensure};
use rusqlite::{Connection, OptionalExtension};
use wosigndoc::protocol::Code;

use super::orders::{self, Outcome};
use crate::problem::Problem;

/// Notes that the next signer agrees; returns how many are still asked. `signer`, counted from 1, must be the next one.
pub fn agree(connection: &mut Connection, order: &str, signer: Option<usize>) -> Result<usize> {
    let transaction = connection.transaction()?;
    let Asked { order, place, waiting } = next(&transaction, order, signer)?;
    transaction
        .execute("UPDATE signers SET agreed = 1 WHERE order_id = ?1 AND place = ?2", [order, place])?;
    transaction.commit()?;
    Ok(waiting - 1)
}

/// Notes that the next signer declines: the order has failed with this code.
pub fn decline(connection: &mut Connection, order: &str, signer: Option<usize>, code: Code) -> Result<()> {
    let Asked { order, place, .. } = next(connection, order, signer)?;
    let error = format!("signer {} declined", place + 1);
    orders::finish(connection, order, &Outcome::Failed { code: code.number(), error })
}

/// A signer whose turn it is.
struct Asked {
    order: i64,
    place: i64,
    /// How many are asked, this one included.
    waiting: usize,
}

fn next(connection: &Connection, order: &str, signer: Option<usize>) -> Result<Asked> {
    let sql = "SELECT id, state FROM orders WHERE signid = ?1 OR number = ?1 ORDER BY id DESC LIMIT 1";
    let found: Option<(i64, String)> =
        connection.query_row(sql, [order], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
    let Some((id, state)) = found else {
        bail!(Problem::missing(format!("there is no order {order}"), format!("没有订单 {order}")));
    };
    let sql = "SELECT min(place), count(*) FROM signers WHERE order_id = ?1 AND NOT agreed";
    let (place, waiting): (Option<i64>, usize) =
        connection.query_row(sql, [id], |row| Ok((row.get(0)?, row.get(1)?)))?;
    let Some(place) = place.filter(|_| state == "accepted") else {
        bail!(Problem::conflict(
            format!(
                "nobody is asked any longer, or nobody ever was: the order's state is {state} (a token or template that is manual makes \
                 orders wait)"
            ),
            format!(
                "没有等待同意的签署人：订单状态为 {state}（TokenID 或模板设为 manual 时，订单才会等待签署人）"
            ),
        ));
    };
    let turn = usize::try_from(place)? + 1;
    ensure!(
        signer.is_none_or(|signer| signer == turn),
        Problem::conflict(
            format!("it is the turn of signer {turn}: they sign in their order"),
            format!("现在轮到第 {turn} 位签署人：须按顺序签署"),
        )
    );
    Ok(Asked { order: id, place, waiting })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::schema;

    #[test]
    fn signers_are_asked_in_turn() {
        let mut db = Connection::open_in_memory().unwrap();
        schema::migrate(&mut db).unwrap();
        db.execute_batch(
            "INSERT INTO tokens (id, label, spki, balance, created) VALUES ('t', '', '', 1, 0);
             INSERT INTO orders (id, signid, token, number, subject, state, created)
                VALUES (1, 's', 't', 'n', '', 'accepted', 0);
             INSERT INTO signers (order_id, place, sign_type, name, number, country, agreed)
                VALUES (1, 0, 1, '', '', 'CN', 0), (1, 1, 2, '', '', 'CN', 0)",
        )
        .unwrap();
        let waiting = |db: &Connection| orders::to_sign(db, 9).unwrap().is_empty();
        assert!(agree(&mut db, "none", None).is_err());
        assert!(agree(&mut db, "n", Some(2)).unwrap_err().to_string().contains("turn of signer 1"));
        assert_eq!(agree(&mut db, "n", Some(1)).unwrap(), 1);
        assert!(waiting(&db));
        assert_eq!(agree(&mut db, "s", None).unwrap(), 0);
        assert!(!waiting(&db), "everybody agrees");
        assert!(decline(&mut db, "s", None, Code::WrongParameter).is_err(), "nobody is asked any longer");
        db.execute("UPDATE signers SET agreed = 0 WHERE place = 1", []).unwrap();
        decline(&mut db, "s", Some(2), Code::WrongParameter).unwrap();
        let listed = orders::list(&db, Some("n"), None, 1).unwrap().remove(0);
        assert_eq!((listed.state.as_str(), listed.failure.unwrap().0), ("failed", -79));
        assert!(listed.push.is_some() && agree(&mut db, "n", None).is_err());
    }
}
