//! What a start needs in the data folder. `dev` makes whatever is missing, step by step, so that a start
//! cut short is mended by the next; `serve` demands that it is there.

use anyhow::{Context, Result, bail};

use super::sandbox_template;
use crate::folder::{self, Folder};
use crate::given;
use crate::pki::{self, Pair};
use crate::server_identity::ServerIdentity;
use crate::settings::{Mode, Settings};
use crate::store::tokens::{self, Token};
use crate::store::{Store, remember, remembered, templates};

/// The number of orders that a sandbox's token may place.
const SANDBOX_BALANCE: i64 = 1_000_000;

/// A data folder that is ready to serve.
pub struct Ready {
    /// The database.
    pub store: Store,
    /// The CA that signs the signers' certificates.
    pub authority: Pair,
    /// The listener's certificate.
    pub identity: ServerIdentity,
    /// The sandbox's caller, where `dev` made one.
    pub sandbox: Option<Sandbox>,
}

/// The sandbox's caller.
pub struct Sandbox {
    /// Its TokenID.
    pub token: String,
    /// The passphrase of client.p12.
    pub passphrase: String,
}

/// Opens the folder's contents; `dev` makes what is missing first.
pub fn open(folder: &Folder, settings: &Settings, mode: &Mode) -> Result<Ready> {
    folder.prepare()?;
    let dev = matches!(mode, Mode::Dev(_));
    let database = folder.path("wosigndoc.db");
    if !dev && !database.exists() {
        bail!("there is no database {} (`wosigndoc-server dev` makes one)", database.display());
    }
    // SQLite gives its own files the mode of the database.
    drop(folder::private_file(&database, false).context("cannot make the database")?);
    let store = Store::open(&database)?;
    let authority = match Pair::read(folder, "ca")? {
        Some(pair) => pair,
        None if dev => make_authority(folder)?,
        None => bail!("there is no {} (`wosigndoc-server dev` makes one)", folder.path("ca.pem").display()),
    };
    let identity = ServerIdentity::open(folder, settings, &authority)?;
    if dev {
        caller(folder, &store, &authority)?;
        sample(folder, &store)?;
    }
    let token = store.with(|db| remembered(db, "sandbox_token"))?;
    let passphrase = store.with(|db| remembered(db, "sandbox_passphrase"))?;
    let sandbox = token.zip(passphrase).map(|(token, passphrase)| Sandbox { token, passphrase });
    Ok(Ready { store, authority, identity, sandbox })
}

/// Makes the CA of a new data folder.
fn make_authority(folder: &Folder) -> Result<Pair> {
    let pair = pki::authority().context("cannot make the CA")?;
    pair.write(folder, "ca")?;
    Ok(pair)
}

/// Makes the sandbox's client certificate, and the token bound to it, where they are missing.
fn caller(folder: &Folder, store: &Store, authority: &Pair) -> Result<()> {
    let client = match Pair::read(folder, "client")? {
        Some(pair) => pair,
        None => {
            let pair = pki::client(authority).context("cannot make the client's certificate")?;
            // Before the pair itself: a start cut short in between makes another.
            archive(folder, store, authority, &pair)?;
            bind(store, &pair)?;
            pair.write(folder, "client")?;
            pair
        }
    };
    let known = |name| store.with(|db| remembered(db, name)).map(|value| value.is_some());
    if !known("sandbox_passphrase")? || !folder.path("client.p12").exists() {
        archive(folder, store, authority, &client)?;
    }
    // One that is there may have been bound to another key by hand.
    if !known("sandbox_token")? {
        bind(store, &client)?;
    }
    Ok(())
}

/// Writes client.p12, with a new passphrase.
fn archive(folder: &Folder, store: &Store, authority: &Pair, client: &Pair) -> Result<()> {
    let passphrase = uuid::Uuid::new_v4().simple().to_string();
    store.with(|db| remember(db, "sandbox_passphrase", &passphrase))?;
    folder::write(&folder.path("client.p12"), &pki::pkcs12(client, authority, &passphrase)?)?;
    Ok(())
}

/// Binds the sandbox's token to the client's key; makes the token if there is none.
fn bind(store: &Store, client: &Pair) -> Result<()> {
    let spki = given::spki(client.certificate.as_bytes())?;
    store.with(|db| {
        let transaction = db.transaction()?;
        let known = remembered(&transaction, "sandbox_token")?;
        let known = known.map(|id| tokens::find(&transaction, &id)).transpose()?.flatten();
        if let Some(mut token) = known {
            token.spki = spki;
            tokens::save(&transaction, &token)?;
            return Ok(transaction.commit()?);
        }
        let token = Token {
            id: uuid::Uuid::new_v4().to_string(),
            label: "sandbox".to_owned(),
            spki,
            enabled: true,
            balance: SANDBOX_BALANCE,
            callback: None,
            manual: false,
        };
        tokens::save(&transaction, &token)?;
        remember(&transaction, "sandbox_token", &token.id)?;
        Ok(transaction.commit()?)
    })
}

fn sample(folder: &Folder, store: &Store) -> Result<()> {
    let path = folder.template(sandbox_template::ID);
    if !path.exists() {
        folder::write(&path, sandbox_template::DOCUMENT)?;
    }
    store.with(|db| match templates::find(db, sandbox_template::ID)? {
        Some(_) => Ok(()),
        None => templates::save(db, &sandbox_template::sandbox()),
    })
}
