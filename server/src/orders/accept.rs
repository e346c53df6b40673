//! Judges an order that came whole, and stores it: files first, then the row that names them.

use std::collections::HashSet;
use std::fs::{self, File};
use std::path::PathBuf;

use anyhow::{Context, Result};
use wosigndoc::protocol::validate::rank;
use wosigndoc::protocol::{Code, DocumentSource, SignatureBox, Violation};

use super::checks::{self, Asked, Known};
use super::means::Means;
use super::refusal::Failure;
use super::spool::{Spool, SpooledFile, Upload};
use super::{document, material, request};
use crate::faults::Fault;
use crate::folder::{self, Folder};
use crate::signing::SignerRequest;
use crate::signing::seal::PICTURE_LIMITS;
use crate::store::Store;
use crate::store::orders::{self, Insertion, NewOrder, Signer};
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
    let mut asked = Asked::read(envelope, &spool);
    let number = asked.number().cloned();
    let accept = || {
        let known = checks::check(store, &mut asked, &spool.parts, peer, allow_empty_material)?;
        let order = new_order(&asked, &known);
        judge_contents(folder, means, &asked, known, &order, &spool.parts)?;
        if let Some(Fault::Refuse(code)) = means.faults.of_order(&order.number) {
            return Err(Violation::new(code, "orderNumber").detail("as ordered", "按订单号要求").into());
        }
        store_order(folder, store, &asked, order, spool)
    };
    accept().map_err(|failure: Failure| failure.of_order(number))
}

/// Refuses an order for its first violation, the contents of documents and pictures included.
fn judge_contents(
    folder: &Folder,
    means: &Means,
    asked: &Asked,
    known: Known,
    order: &NewOrder,
    all: &[SpooledFile],
) -> Result<(), Failure> {
    let mut violations = known.violations;
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
        let path = document_path(folder, asked, order, all)?;
        let bytes = fs::read(path).context("cannot read the document")?;
        let signers = signers(order, &parts)?;
        violations.extend(document::judge(bytes, order.password.as_deref(), &signers, means));
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
fn document_path(folder: &Folder, asked: &Asked, order: &NewOrder, parts: &[SpooledFile]) -> Result<PathBuf> {
    if let Some(part) = part(asked.order.filebase.as_ref(), parts) {
        return Ok(part.path.clone());
    }
    let id = order.template.as_deref().context("an order without a document passed the checks")?;
    Ok(folder.template(id))
}

fn part<'a>(source: Option<&DocumentSource>, parts: &'a [SpooledFile]) -> Option<&'a SpooledFile> {
    match source? {
        DocumentSource::Attachment(index) => parts.get(*index).filter(|part| part.length > 0),
        _ => None,
    }
}

fn new_order(asked: &Asked, known: &Known) -> NewOrder {
    let order = &asked.order;
    let given = |text: &Option<String>| text.clone().filter(|text| !text.trim().is_empty());
    let template = known.template.as_ref();
    let subject = given(&order.subject)
        .map(|subject| wosigndoc::protocol::subject::cut(&subject).unwrap_or(subject))
        .or_else(|| template.map(|template| template.subject.clone()));
    let signers = order.signers.iter().flatten().enumerate().map(|(at, signer)| {
        // P-13: the given boxes win over the template's.
        let given = signer.signlist.as_deref().filter(|list| !list.is_empty());
        let boxes = given.map(<[_]>::to_vec).or_else(|| Some(template?.signers.get(at)?.boxes()));
        let number = if signer.org_no.is_some() && signer.sign_type == Some(1) {
            &signer.org_no
        } else {
            &signer.user_no
        };
        Signer {
            sign_type: signer.sign_type.unwrap_or_default(),
            name: signer.name().to_owned(),
            number: number.clone().unwrap_or_default(),
            country: signer.country_or_default().to_owned(),
            boxes: boxes.unwrap_or_default().iter().filter_map(placed).collect(),
        }
    });
    NewOrder {
        signid: uuid::Uuid::new_v4().to_string(),
        token: known.token.id.clone(),
        number: order.order_number.clone().unwrap_or_default(),
        template: template.map(|template| template.id.clone()),
        subject: subject.unwrap_or_default(),
        password: order.password.clone().filter(|password| !password.is_empty()),
        signers: signers.collect(),
    }
}

fn placed(place: &SignatureBox) -> Option<(u32, wosigndoc::protocol::Position)> {
    Some((u32::try_from(place.page?).ok()?, place.position?.rounded()))
}

/// Moves the files to their place, on disk, and adds the row that names them.
fn store_order(
    folder: &Folder,
    store: &Store,
    asked: &Asked,
    order: NewOrder,
    mut spool: Spool,
) -> Result<NewOrder, Failure> {
    spool.make()?;
    let document = document_path(folder, asked, &order, &spool.parts)?;
    if !document.starts_with(spool.folder()) {
        let name = spool.folder().join("filebase");
        fs::copy(&document, &name).context("cannot copy the template's document")?;
        File::open(&name)?.sync_all()?;
    }
    for part in &spool.parts {
        // `signerlist[1].pic` becomes `signer-1-pic`: the names that signing looks for.
        let name = part.field.replace("signerlist[", "signer-").replace("].", "-");
        File::open(&part.path)?.sync_all()?;
        fs::rename(&part.path, spool.folder().join(name))?;
    }
    File::open(spool.folder())?.sync_all()?;
    let place = folder.order(&order.signid);
    fs::rename(spool.folder(), &place).context("cannot keep the order's files")?;
    spool.hand_over();
    folder::sync_parent(&place)?;
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
