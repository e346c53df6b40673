//! What a person does by hand. The platform may be running meanwhile: all of it goes through the
//! database.

mod template;

use std::io::{Write, stdout};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use clap::{Args, Subcommand};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::folder::Folder;
use crate::settings::Settings;
use crate::store::tokens::{self, Token};
use crate::store::{Store, orders, pushes};
use crate::{pki, push};

/// Groups of commands.
#[derive(Subcommand)]
pub enum Admin {
    /// Accounts of callers.
    #[command(subcommand)]
    Token(TokenCommand),
    /// Templates.
    #[command(subcommand)]
    Template(template::TemplateCommand),
    /// Companies that are known: a licence number given with another name is refused (-50).
    #[command(subcommand)]
    Registry(RegistryCommand),
    /// Orders and their pushes.
    #[command(subcommand)]
    Order(OrderCommand),
}

/// The data folder of a command.
#[derive(Args)]
pub struct Data {
    /// The data folder.
    #[arg(long = "data", value_name = "DIR")]
    folder: PathBuf,
}

/// Commands about tokens.
#[derive(Subcommand)]
pub enum TokenCommand {
    /// Lists the tokens.
    List(Data),
    /// Adds a token bound to the public key of a certificate, and prints it.
    Add {
        #[command(flatten)]
        data: Data,
        /// The caller's certificate, or its public key alone (PEM).
        #[arg(long, value_name = "FILE")]
        certificate: PathBuf,
        /// Who it belongs to.
        #[arg(long, default_value = "")]
        label: String,
        /// Orders that may be placed.
        #[arg(long, default_value_t = 0)]
        balance: i64,
    },
    /// Binds a token to another certificate's public key.
    Key {
        #[command(flatten)]
        data: Data,
        token: String,
        /// The caller's certificate, or its public key alone (PEM).
        certificate: PathBuf,
    },
    /// Lets a token be used.
    Enable {
        #[command(flatten)]
        data: Data,
        token: String,
    },
    /// Refuses a token's orders (-67).
    Disable {
        #[command(flatten)]
        data: Data,
        token: String,
    },
    /// Sets how many orders a token may still place; 0: they are refused (-68).
    Balance {
        #[command(flatten)]
        data: Data,
        token: String,
        orders: i64,
    },
    /// Sets where a token's documents are pushed to.
    Callback {
        #[command(flatten)]
        data: Data,
        token: String,
        url: String,
    },
}

/// Commands about known companies.
#[derive(Subcommand)]
pub enum RegistryCommand {
    /// Lists the companies.
    List(Data),
    /// Adds a company, or changes its name.
    Add {
        #[command(flatten)]
        data: Data,
        /// Licence number.
        number: String,
        /// The name on the licence.
        name: String,
    },
    /// Forgets a company.
    Remove {
        #[command(flatten)]
        data: Data,
        /// Licence number.
        number: String,
    },
}

/// Commands about orders.
#[derive(Subcommand)]
pub enum OrderCommand {
    /// Lists the newest orders and where their pushes stand.
    List {
        #[command(flatten)]
        data: Data,
        /// How many.
        #[arg(long, default_value_t = 50)]
        most: usize,
    },
    /// Shows an order.
    Show {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
    },
    /// Pushes an order's document again, whatever became of it before.
    PushAgain {
        #[command(flatten)]
        data: Data,
        /// signid or orderNumber.
        order: String,
    },
}

/// Runs a command.
pub fn run(command: Admin) -> Result<()> {
    match command {
        Admin::Token(command) => token(command),
        Admin::Template(command) => template::run(command),
        Admin::Registry(command) => registry(command),
        Admin::Order(command) => order(command),
    }
}

fn open(data: &Data) -> Result<(Folder, Store)> {
    let folder = Folder::open(&data.folder)?;
    let database = folder.path("wosigndoc.db");
    if !database.exists() {
        bail!("there is no database {}", database.display());
    }
    let store = Store::open(&database)?;
    Ok((folder, store))
}

fn token(command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::List(data) => {
            for token in open(&data)?.1.with(|db| tokens::all(db))? {
                let state = if token.enabled { "enabled" } else { "disabled" };
                let callback = token.callback.as_deref().unwrap_or("no callback");
                writeln!(
                    stdout(),
                    "{}  {state}  balance {}  {callback}  {}",
                    token.id,
                    token.balance,
                    token.label
                )?;
            }
            Ok(())
        }
        TokenCommand::Add { data, certificate, label, balance } => {
            let id = uuid::Uuid::new_v4().to_string();
            let spki = key(&certificate)?;
            let token = Token { id, label, spki, enabled: true, balance, callback: None };
            open(&data)?.1.with(|db| tokens::add(db, &token))?;
            writeln!(stdout(), "{}", token.id)?;
            Ok(())
        }
        TokenCommand::Key { data, token, certificate } => {
            let spki = key(&certificate)?;
            change(&data, &token, |token| token.spki = spki)
        }
        TokenCommand::Enable { data, token } => change(&data, &token, |token| token.enabled = true),
        TokenCommand::Disable { data, token } => change(&data, &token, |token| token.enabled = false),
        TokenCommand::Balance { data, token, orders } => {
            change(&data, &token, |token| token.balance = orders)
        }
        TokenCommand::Callback { data, token, url } => {
            let plain = Settings::from_folder(&open(&data)?.0)?.http_callbacks;
            let url = push::callback(&url, plain)?;
            change(&data, &token, |token| token.callback = Some(url.to_string()))
        }
    }
}

fn key(certificate: &Path) -> Result<String> {
    let text = std::fs::read_to_string(certificate)
        .with_context(|| format!("cannot read {}", certificate.display()))?;
    pki::spki_of_pem(&text).with_context(|| format!("{} cannot be used", certificate.display()))
}

fn change(data: &Data, id: &str, change: impl FnOnce(&mut Token)) -> Result<()> {
    open(data)?.1.with(|db| {
        let transaction = db.transaction()?;
        let mut token = tokens::find(&transaction, id)?.with_context(|| format!("there is no token {id}"))?;
        change(&mut token);
        tokens::save(&transaction, &token)?;
        Ok(transaction.commit()?)
    })
}

fn registry(command: RegistryCommand) -> Result<()> {
    match command {
        RegistryCommand::List(data) => {
            for (number, name) in open(&data)?.1.with(|db| tokens::companies(db))? {
                writeln!(stdout(), "{number}  {name}")?;
            }
            Ok(())
        }
        RegistryCommand::Add { data, number, name } => {
            open(&data)?.1.with(|db| tokens::register(db, &number.to_ascii_uppercase(), Some(&name)))
        }
        RegistryCommand::Remove { data, number } => {
            open(&data)?.1.with(|db| tokens::register(db, &number.to_ascii_uppercase(), None))
        }
    }
}

fn order(command: OrderCommand) -> Result<()> {
    match command {
        OrderCommand::List { data, most } => {
            for order in open(&data)?.1.with(|db| orders::list(db, None, most))? {
                let push = order.push.map_or_else(
                    || "no push yet".to_owned(),
                    |(state, tries, ..)| format!("push {state} after {tries} tries"),
                );
                let (created, number) = (time(order.created), visible(&order.number));
                writeln!(stdout(), "{}  {created}  {number}  {}  {push}", order.signid, order.state)?;
            }
            Ok(())
        }
        OrderCommand::Show { data, order } => {
            let found = open(&data)?.1.with(|db| orders::list(db, Some(&order), 10))?;
            if found.is_empty() {
                bail!("there is no order {order}");
            }
            found.iter().try_for_each(show)
        }
        OrderCommand::PushAgain { data, order } => {
            if !open(&data)?.1.with(|db| pushes::again(db, &order))? {
                bail!(
                    "there is nothing to push for {order}: no such order, it is still being signed, or its \
                     document was deleted (documents_days)"
                );
            }
            Ok(())
        }
    }
}

fn show(order: &orders::Listed) -> Result<()> {
    writeln!(stdout(), "signid:       {}", order.signid)?;
    writeln!(stdout(), "orderNumber:  {}", visible(&order.number))?;
    writeln!(stdout(), "tokenid:      {}", order.token)?;
    writeln!(stdout(), "subject:      {}", visible(&order.subject))?;
    writeln!(stdout(), "accepted:     {}", time(order.created))?;
    writeln!(stdout(), "state:        {}", order.state)?;
    if let Some((code, error)) = &order.failure {
        writeln!(stdout(), "failure:      [{code}] {}", visible(error))?;
    }
    if let Some(sha256) = &order.sha256 {
        writeln!(stdout(), "sha256:       {sha256}")?;
    }
    if let Some((state, tries, next, error)) = &order.push {
        writeln!(stdout(), "push:         {state} after {tries} tries")?;
        if state == "pending" {
            writeln!(stdout(), "next try:     {}", time(*next))?;
        }
        if let Some(error) = error {
            writeln!(stdout(), "last error:   {}", visible(error))?;
        }
    }
    Ok(())
}

/// A caller's text without what a terminal would obey.
fn visible(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}

fn time(milliseconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(milliseconds / 1000);
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}
