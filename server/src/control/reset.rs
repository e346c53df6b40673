//! The sandbox as it was at the start.

use std::sync::Arc;

use axum::extract::State;
use axum::http::StatusCode;

use super::answer::{ApiError, Refusal, blocking};
use super::{Control, clock};
use crate::store::reset;
use crate::store::tokens::{self, Token};

/// The sandbox's token at the start.
#[derive(Clone)]
pub struct StartToken {
    /// TokenID.
    pub id: String,
    /// Where its documents were pushed to.
    pub callback: Option<String>,
}

/// Forgets orders, pushes, faults, journal, inbox and the time, and gives the sandbox's token back what it had at the start: enabled,
/// not manual, its callback. Other tokens, templates and companies stay.
#[utoipa::path(post, operation_id = "reset", path = "/reset", responses((status = 204), (status = 409, body = ApiError), (status = 504, body = ApiError)))]
pub async fn reset(State(control): State<Arc<Control>>) -> Result<StatusCode, Refusal> {
    let _moving = clock::turn(&control).await?;
    control.faults.take_back(None);
    // What is being signed or pushed would write into rows that are gone.
    clock::settle(&control).await?;
    let signids = control.store.run(reset::forget).await?;
    let folder = control.folder.clone();
    let remove =
        move || signids.iter().for_each(|signid| drop(std::fs::remove_dir_all(folder.order(signid))));
    blocking(remove).await?;
    if let Some(StartToken { id, callback }) = control.token.clone() {
        let restore = move |db: &mut rusqlite::Connection| match tokens::find(db, &id)? {
            Some(token) => tokens::save(db, &Token { enabled: true, manual: false, callback, ..token }),
            None => Ok(()),
        };
        control.store.run(restore).await?;
    }
    control.inbox.clear(&control.folder);
    control.journal.clear();
    crate::clock::reset();
    Ok(StatusCode::NO_CONTENT)
}
