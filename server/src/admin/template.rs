//! Templates, by hand.

use std::io::{Write, stdout};
use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Subcommand;
use wosigndoc::protocol::order::{ORGANISATION, PERSON};

use super::{Data, open};
use crate::api::material;
use crate::folder;
use crate::signing::{self, Fonts, SealRequest, SignerKind, SignerRequest};
use crate::store::templates::{self, Part, Template};

/// Commands about templates.
#[derive(Subcommand)]
pub enum TemplateCommand {
    /// Lists the templates.
    List(Data),
    /// Adds or replaces a template.
    Add {
        #[command(flatten)]
        data: Data,
        /// tempid: letters, digits, - and _.
        id: String,
        /// Its document (PDF).
        #[arg(long, value_name = "FILE")]
        document: PathBuf,
        /// The subject of orders that have none.
        #[arg(long, default_value = "")]
        subject: String,
        /// JSON: `[{"signType":1,"signlist":[{"pagenumber":1,"position":"0.1,0.1,0.3,0.2"}]}]`.
        #[arg(long, value_name = "JSON")]
        signers: String,
    },
    /// Removes a template; orders made with it stay.
    Remove {
        #[command(flatten)]
        data: Data,
        id: String,
    },
}

/// Runs a command.
pub fn run(command: TemplateCommand) -> Result<()> {
    match command {
        TemplateCommand::List(data) => {
            for (id, subject) in open(&data)?.1.with(|db| templates::all(db))? {
                writeln!(stdout(), "{id}  {subject}")?;
            }
            Ok(())
        }
        TemplateCommand::Add { data, id, document, subject, signers } => {
            let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
            if id.is_empty() || !id.chars().all(plain) {
                bail!("a tempid has only letters, digits, - and _");
            }
            let signers: Vec<Part> = serde_json::from_str(&signers).context("--signers is not right")?;
            let (folder, store) = open(&data)?;
            let bytes =
                std::fs::read(&document).with_context(|| format!("cannot read {}", document.display()))?;
            check_template(&bytes, &signers).with_context(|| format!("{}", document.display()))?;
            folder::write(&folder.template(&id), &bytes)?;
            store.with(|db| templates::save(db, &Template { id, subject, signers }))
        }
        TemplateCommand::Remove { data, id } => {
            if !open(&data)?.1.with(|db| templates::remove(db, &id))? {
                bail!("there is no template {id}");
            }
            Ok(())
        }
    }
}

/// Whether orders with this template can be signed: better told now than to every caller.
fn check_template(document: &[u8], signers: &[Part]) -> Result<()> {
    if let Some((fault, _)) = material::scripts(document) {
        bail!("every order would be refused (-61): {fault}");
    }
    let inspection = signing::inspect(document)?;
    if inspection.acts {
        bail!("every order would be refused (-61): it contains scripts or starts programs");
    }
    if inspection.forbids_changes {
        bail!("every order would be refused (-79): a signature in it forbids any change (DocMDP P=1)");
    }
    let pages = inspection.pages.len();
    if signers.is_empty() {
        bail!("--signers: there is none");
    }
    for (at, signer) in signers.iter().enumerate() {
        if ![ORGANISATION, PERSON].contains(&signer.sign_type) {
            bail!("--signers[{at}]: signType is 1 (organisation) or 2 (person)");
        }
        for place in signer.boxes() {
            let Some(position) = place.position else {
                bail!("--signers[{at}]: a position is four decimals, \"left,bottom,right,top\"");
            };
            if let Some((fault, _)) = position.fault() {
                bail!("--signers[{at}]: a position {fault}");
            }
            let page = place.page.and_then(|page| usize::try_from(page).ok()).unwrap_or_default();
            if !(1..=pages).contains(&page) {
                bail!("--signers[{at}]: there is no page {page}: the document has {pages}");
            }
        }
    }
    let requests: Vec<SignerRequest> = signers.iter().map(request).collect();
    signing::check(document, None, &requests, &Fonts::built_in())
        .context("every order would be refused (-79)")
}

/// Some signer at these places.
fn request(part: &Part) -> SignerRequest {
    let places = part.boxes().into_iter().filter_map(|place| {
        Some(SealRequest { page: u32::try_from(place.page?).ok()?, position: place.position? })
    });
    SignerRequest {
        name: "甲".to_owned(),
        kind: SignerKind::Organisation,
        licence_number: None,
        country: String::new(),
        picture: None,
        boxes: places.collect(),
    }
}
