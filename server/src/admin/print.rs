//! Runs a command and prints what it answers.

use std::io::{Write, stdout};
use std::path::Path;

use anyhow::{Context, Result};
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;
use wosigndoc::protocol::Code;

use super::commands::{Admin, Data, OrderCommand, RegistryCommand, TemplateCommand, TokenCommand};
use super::questions::TokenChange;
use super::{questions, running};
use crate::folder::Folder;
use crate::settings::Settings;
use crate::store::Store;
use crate::store::orders::ListedOrder;
use crate::store::templates::Template;
use crate::terminal::visible;

/// Runs a command.
pub fn run(command: Admin) -> Result<()> {
    match command {
        Admin::Token(command) => token(command),
        Admin::Template(command) => template(command),
        Admin::Registry(command) => registry(command),
        Admin::Order(command) => order(command),
        Admin::Fault(command) => running::fault(command),
        Admin::Clock(command) => running::clock(command),
    }
}

fn open(data: &Data) -> Result<(Folder, Store)> {
    questions::open(&data.folder)
}

fn store(data: &Data) -> Result<Store> {
    Ok(open(data)?.1)
}

fn token(command: TokenCommand) -> Result<()> {
    match command {
        TokenCommand::List(data) => {
            for token in questions::tokens(&store(&data)?)? {
                let state = if token.enabled { "enabled" } else { "disabled" };
                let callback = token.callback.as_deref().unwrap_or("no callback");
                let (id, balance, label) = (token.id, token.balance, token.label);
                writeln!(stdout(), "{id}  {state}  balance {balance}  {callback}  {label}")?;
            }
            Ok(())
        }
        TokenCommand::Add { data, certificate, label, balance } => {
            let store = store(&data)?;
            let bind = |text: &[u8]| questions::add_token(&store, text, label, balance);
            let token = with_certificate(&certificate, bind)?;
            Ok(writeln!(stdout(), "{}", token.id)?)
        }
        TokenCommand::Key { data, token, certificate } => {
            let bind =
                |text: &[u8]| TokenChange { certificate: Some(text.to_vec()), ..TokenChange::default() };
            with_certificate(&certificate, |text| change(&data, &token, bind(text)))
        }
        TokenCommand::Enable { data, token } => {
            change(&data, &token, TokenChange { enabled: Some(true), ..TokenChange::default() })
        }
        TokenCommand::Disable { data, token } => {
            change(&data, &token, TokenChange { enabled: Some(false), ..TokenChange::default() })
        }
        TokenCommand::Balance { data, token, orders } => {
            change(&data, &token, TokenChange { balance: Some(orders), ..TokenChange::default() })
        }
        TokenCommand::Manual { data, token, wait } => {
            change(&data, &token, TokenChange { manual: Some(wait == "on"), ..TokenChange::default() })
        }
        TokenCommand::Callback { data, token, url } => {
            change(&data, &token, TokenChange { callback: Some(url), ..TokenChange::default() })
        }
    }
}

/// Changes a token, by the rules of the folder's settings.
fn change(data: &Data, token: &str, change: TokenChange) -> Result<()> {
    let (folder, store) = open(data)?;
    let allowed = Settings::from_folder(&folder)?.http_callbacks;
    questions::change_token(&store, token, change, allowed).map(drop)
}

/// Does something with the certificate in a file, and names the file where that fails.
fn with_certificate<T>(path: &Path, work: impl FnOnce(&[u8]) -> Result<T>) -> Result<T> {
    let text = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    work(&text).with_context(|| format!("{} cannot be used", path.display()))
}

fn template(command: TemplateCommand) -> Result<()> {
    match command {
        TemplateCommand::List(data) => {
            for (id, subject) in questions::templates(&store(&data)?)? {
                writeln!(stdout(), "{id}  {subject}")?;
            }
            Ok(())
        }
        TemplateCommand::Add { data, id, document, subject, signers, manual } => {
            let signers = serde_json::from_str(&signers).context("--signers is not right")?;
            let (folder, store) = open(&data)?;
            let name = document.display();
            let bytes = std::fs::read(&document).with_context(|| format!("cannot read {name}"))?;
            questions::add_template(&folder, &store, &Template { id, subject, signers, manual }, &bytes)
                .with_context(|| format!("{name} cannot be used"))
        }
        TemplateCommand::Remove { data, id } => questions::remove_template(&store(&data)?, &id),
    }
}

fn registry(command: RegistryCommand) -> Result<()> {
    match command {
        RegistryCommand::List(data) => {
            for (number, name) in questions::companies(&store(&data)?)? {
                writeln!(stdout(), "{number}  {name}")?;
            }
            Ok(())
        }
        RegistryCommand::Add { data, number, name } => {
            questions::register_company(&store(&data)?, &number, &name)
        }
        RegistryCommand::Remove { data, number } => questions::forget_company(&store(&data)?, &number),
    }
}

fn order(command: OrderCommand) -> Result<()> {
    match command {
        OrderCommand::List { data, limit } => {
            for order in questions::orders(&store(&data)?, limit)? {
                let push = order.push.map_or_else(
                    || "no push yet".to_owned(),
                    |push| format!("push {} after {}", push.state, tries(push.tries)),
                );
                let (created, number) = (time(order.created), visible(&order.number));
                writeln!(stdout(), "{}  {created}  {number}  {}  {push}", order.signid, order.state)?;
            }
            Ok(())
        }
        OrderCommand::Show { data, order } => {
            questions::order(&store(&data)?, &order)?.iter().try_for_each(show)
        }
        OrderCommand::Sign { data, order, signer } => {
            let left = questions::agree(&store(&data)?, &order, signer)?;
            writeln!(stdout(), "{left} of its signers are still asked")?;
            Ok(())
        }
        OrderCommand::Decline { data, order, signer, code } => {
            let known = Code::from_number(code.into());
            let code = known.with_context(|| format!("the protocol has no code {code}"))?;
            questions::decline(&store(&data)?, &order, signer, code)
        }
        OrderCommand::PushAgain { data, order } => questions::push_again(&store(&data)?, &order),
    }
}

fn show(order: &ListedOrder) -> Result<()> {
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
    if let Some(push) = &order.push {
        writeln!(stdout(), "push:         {} after {}", push.state, tries(push.tries))?;
        if push.state == "pending" && !push.has_callback {
            let set = format!("token callback {} URL, or dev --callback URL", order.token);
            writeln!(stdout(), "next try:     none, the token has no callback URL: {set}")?;
        } else if push.state == "pending" {
            writeln!(stdout(), "next try:     {}", time(push.next_try))?;
        }
        if let Some(error) = &push.last_error {
            writeln!(stdout(), "last error:   {}", visible(error))?;
        }
    }
    Ok(())
}

fn tries(count: u32) -> String {
    if count == 1 { "1 try".to_owned() } else { format!("{count} tries") }
}

fn time(milliseconds: i64) -> String {
    let time = OffsetDateTime::from_unix_timestamp(milliseconds / 1000);
    time.ok().and_then(|time| time.format(&Rfc3339).ok()).unwrap_or_default()
}
