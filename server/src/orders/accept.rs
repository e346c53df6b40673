//! Judges an order that came whole, and stores it: files first, then the row that names them.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use wosigndoc::protocol::validate::rank;
use wosigndoc::protocol::{Code, DocumentSource, ValidOrder, Violation};

use super::checks::{self, Asked};
use super::means::Means;
use super::refusal::Failure;
use super::spool::{Spool, SpooledFile, Upload};
use super::{document, material, request};
use crate::faults::{Answer, Fault, Stage};
use crate::folder::{self, Folder};
use crate::signing::SignerRequest;
use crate::signing::seal::PICTURE_LIMITS;
use crate::store::Store;
use crate::store::orders::{self, Insertion, NewOrder, Signer};
use crate::store::templates::Template;
use crate::store::tokens::Token;
use crate::tls::Peer;

/// Judges and stores an order. When it returns, the order is on disk.
pub fn accept(
    folder: &Folder,
    store: &Store,
    means: &Means,
    allow_empty_material: bool,
    upload: Upload,
    peer: &Peer,
) -> Result<NewOrder, Failure> {
    let Upload { envelope, spool } = upload;
    let (asked, findings) = Asked::read(envelope, &spool);
    let accept = || {
        let known = checks::check(store, &asked, findings, &spool.parts, peer, allow_empty_material)?;
        // What breaks a rule has no row; its contents are judged all the same, as a worse fault may lie there.
        let kept = known.order.as_ref().filter(|_| known.violations.is_empty());
        let order = kept.map(|order| new_order(order, &known.token, known.template.as_ref())).transpose()?;
        let document = document_path(folder, &asked, known.template.as_ref(), &spool.parts);
        judge_contents(means, &asked, known.violations, order.as_ref(), &document, &spool.parts)?;
        let order = order.context("an order that breaks a rule passed the checks")?;
        match means.faults.take(Stage::Judge, &order.token, &order.number) {
            Some(Fault::Refuse(code)) => {
                return Err(Violation::new(code, "orderNumber").detail("as ordered", "按要求拒绝").into());
            }
            Some(Fault::Answer(Answer::LostMidway)) => {
                // As if the process had died there: what it leaves behind, the next start removes.
                store_files(folder, &document, &order, spool)?;
                return Err(Failure::Lost);
            }
            Some(_) => return Err(Failure::Lost),
            None => {}
        }
        store_order(folder, store, &document, order, spool)
    };
    accept().map_err(|failure: Failure| failure.of_order(asked.number().cloned()))
}

/// Refuses an order for its first violation, the contents of documents and pictures included.
fn judge_contents(
    means: &Means,
    asked: &Asked,
    mut violations: Vec<Violation>,
    order: Option<&NewOrder>,
    document: &Path,
    all: &[SpooledFile],
) -> Result<(), Failure> {
    // Contents are looked at only when nothing that is answered earlier is wrong.
    if violations.first().is_some_and(|first| rank(first.code) < rank(Code::Dangerous)) {
        return refuse_for_first(violations);
    }
    // What is not there as it should be has no contents to judge.
    let wrong: HashSet<String> = violations.iter().map(|violation| violation.field.clone()).collect();
    let parts: Vec<&SpooledFile> = all.iter().filter(|part| !wrong.contains(&part.field)).collect();
    for part in parts.iter().filter(|part| part.field != "filebase") {
        let bytes = fs::read(&part.path).context("cannot read a material")?;
        let limits = if part.field.ends_with(".stampbase") { PICTURE_LIMITS } else { material::LIMITS };
        if let Some(what) = material::picture(&bytes, limits) {
            violations.push(Violation::new(Code::Dangerous, part.field.clone()).detailed(what));
        }
    }
    // Without a plain suffix the document is not what it should be in the first place.
    if !wrong.contains("fileformat") && !wrong.contains("filebase") {
        let bytes = fs::read(document).context("cannot read the document")?;
        let signers = order.map(|order| signers(order, &parts)).transpose()?.unwrap_or_default();
        violations.extend(document::judge(bytes, asked.order.password.as_deref(), &signers, means));
    }
    violations.sort_by_key(|violation| rank(violation.code));
    refuse_for_first(violations)
}

fn refuse_for_first(violations: Vec<Violation>) -> Result<(), Failure> {
    violations.into_iter().next().map_or(Ok(()), |violation| Err(violation.into()))
}

/// Returns the signers as signing wants them, while their seals still lie where they came in.
fn signers(order: &NewOrder, parts: &[&SpooledFile]) -> Result<Vec<SignerRequest>> {
    let of_signer = |(at, signer): (usize, &Signer)| {
        let field = format!("signerlist[{at}].stampbase");
        let part = parts.iter().find(|part| part.field == field && part.length > 0);
        let picture = part.map(|part| fs::read(&part.path)).transpose().context("cannot read a seal")?;
        Ok(request::request(signer, picture))
    };
    order.signers.iter().enumerate().map(of_signer).collect()
}

/// Returns the path of the document that came with the order, or of the template's.
///
/// An order that breaks a rule may have neither: then the path leads nowhere.
fn document_path(
    folder: &Folder,
    asked: &Asked,
    template: Option<&Template>,
    parts: &[SpooledFile],
) -> PathBuf {
    match part(asked.order.filebase.as_ref(), parts) {
        Some(part) => part.path.clone(),
        None => folder.template(template.map_or("", |template| &template.id)),
    }
}

fn part<'a>(source: Option<&DocumentSource>, parts: &'a [SpooledFile]) -> Option<&'a SpooledFile> {
    match source? {
        DocumentSource::Attachment(index) => parts.get(*index).filter(|part| part.length > 0),
        _ => None,
    }
}

/// Returns the row of an order that keeps every rule.
fn new_order(order: &ValidOrder<'_>, token: &Token, template: Option<&Template>) -> Result<NewOrder> {
    let subject = match template {
        Some(template) if order.subject.trim().is_empty() => template.subject.clone(),
        _ => order.subject.to_string(),
    };
    let agreed = !token.manual && !template.is_some_and(|template| template.manual);
    let signers = order.signers.iter().enumerate().map(|(at, signer)| {
        // P-13: the given boxes win over the template's.
        let boxes = match template.and_then(|template| template.signers.get(at)) {
            Some(part) if signer.boxes.is_empty() => {
                part.places().context("a template's position is broken")?
            }
            _ => signer.boxes.iter().map(|place| (place.page, place.position)).collect(),
        };
        Ok(Signer {
            sign_type: signer.kind.number(),
            name: signer.name.to_owned(),
            number: signer.number.to_owned(),
            country: signer.country.to_owned(),
            boxes,
            agreed,
        })
    });
    Ok(NewOrder {
        signid: uuid::Uuid::new_v4().to_string(),
        token: token.id.clone(),
        number: order.order_number.to_owned(),
        template: template.map(|template| template.id.clone()),
        subject,
        password: Some(order.password.to_owned()).filter(|password| !password.is_empty()),
        signers: signers.collect::<Result<_>>()?,
    })
}

/// Moves the files to their place, on disk, and adds the row that names them.
fn store_order(
    folder: &Folder,
    store: &Store,
    document: &Path,
    order: NewOrder,
    spool: Spool,
) -> Result<NewOrder, Failure> {
    let place = store_files(folder, document, &order, spool)?;
    let inserted = store.with(|db| orders::insert(db, &order));
    let failure = match inserted {
        Ok(Insertion::Done) => return Ok(order),
        Ok(Insertion::Known(state)) => checks::known(state).into(),
        Ok(Insertion::NoBalance) => Violation::new(Code::NoBalance, "tokenid").into(),
        Err(error) => error.context("cannot store the order").into(),
    };
    // What cannot be removed now is removed at the next start.
    let _ = fs::remove_dir_all(&place);
    Err(failure)
}

/// Moves the files to their place, on disk; returns that.
fn store_files(folder: &Folder, document: &Path, order: &NewOrder, mut spool: Spool) -> Result<PathBuf> {
    spool.make()?;
    if !document.starts_with(spool.folder()) {
        let name = spool.folder().join("filebase");
        fs::copy(document, &name).context("cannot copy the template's document")?;
        folder::sync_file(&name)?;
    }
    for part in &spool.parts {
        // `signerlist[1].pic` becomes `signer-1-pic`: the names that signing looks for.
        let name = part.field.replace("signerlist[", "signer-").replace("].", "-");
        folder::sync_file(&part.path)?;
        fs::rename(&part.path, spool.folder().join(name))?;
    }
    folder::sync_folder(spool.folder())?;
    let place = folder.order(&order.signid);
    fs::rename(spool.folder(), &place).context("cannot keep the order's files")?;
    spool.hand_over();
    folder::sync_parent(&place)?;
    Ok(place)
}
