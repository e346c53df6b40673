//! Every check of P-18 that needs the database or the order's own values, in that order.

use anyhow::Result;
use rusqlite::Connection;
use serde_json::{Map, Value};
use wosigndoc::protocol::bilingual::NO_BASE64_STRING;
use wosigndoc::protocol::fields::{Fields, Findings};
use wosigndoc::protocol::limits::{MAX_CHARACTERS, MAX_PLACES, MAX_SIGNERS, SUFFIX};
use wosigndoc::protocol::order::{ORGANISATION, is_blank};
use wosigndoc::protocol::validate::{Context, rank};
use wosigndoc::protocol::wire::CREATE_SIGN_ORDER;
use wosigndoc::protocol::{
    Bilingual, Code, DocumentSource, RawSource, SignOrder, Signer, ValidOrder, Violation, validate,
};

use super::refusal::Failure;
use super::spool::{Spool, SpooledFile};
use crate::clock;
use crate::store::Store;
use crate::store::orders::{self, State};
use crate::store::templates::{self, Template};
use crate::store::tokens::{self, Token};
use crate::tls::Peer;

/// What a request asks for, read but not judged.
pub struct Asked {
    /// tokenid as given.
    pub token: Option<String>,
    action: Option<String>,
    /// The order.
    pub order: SignOrder,
}

/// An order that passed the checks so far.
pub struct Known<'a> {
    /// Whose it is.
    pub token: Token,
    /// The template that it names.
    pub template: Option<Template>,
    /// The order; `None`: it breaks a rule of those that follow.
    pub order: Option<ValidOrder<'a>>,
    /// What is wrong with it besides, first what is answered first.
    pub violations: Vec<Violation>,
}

impl Asked {
    /// Reads the envelope, and says what is wrong with its fields. A bulk field that is not the bulk string that came
    /// there is refused: nobody outside names files of this machine.
    pub fn read(mut envelope: Map<String, Value>, spool: &Spool) -> (Asked, Findings) {
        let mut before = Findings::default();
        for (field, what) in &spool.faults {
            before.wrong_by(field.clone(), what.clone());
        }
        bound(&mut envelope, &mut before);
        let (order, mut findings) = SignOrder::from_map(&envelope);
        findings.violations.splice(0..0, before.violations);
        let mut fields = Fields::new(&envelope, "");
        let mut named = |name| {
            // P-19: one that is there, but no text, is not absent; it is a name that nobody has.
            let given = fields.value(name).is_some();
            fields.text(name, &mut findings).or_else(|| given.then(String::new))
        };
        let (token, action) = (named("tokenid"), named("actiontype"));
        for (field, source) in sources(&order) {
            if !is_own(source, &field, &spool.parts) {
                findings.wrong_by(field, NO_BASE64_STRING);
            }
        }
        (Asked { token, action, order }, findings)
    }

    /// Returns orderNumber, if it can be told.
    pub fn number(&self) -> Option<&String> {
        self.order.order_number.as_ref()
    }
}

/// Cuts lists that are too long, and says so.
fn bound(envelope: &mut Map<String, Value>, findings: &mut Findings) {
    for signers in lists(envelope, "signerlist") {
        if signers.len() > MAX_SIGNERS {
            let (en, zh) = (format!("at most {MAX_SIGNERS}"), format!("最多 {MAX_SIGNERS} 个"));
            findings.violations.push(Violation::new(Code::SignerCount, "signerlist").detail(en, zh));
            signers.truncate(MAX_SIGNERS);
        }
        for (at, signer) in signers.iter_mut().enumerate() {
            let Value::Object(signer) = signer else { continue };
            for boxes in lists(signer, "signlist").filter(|boxes| boxes.len() > MAX_PLACES) {
                let (en, zh) =
                    (format!("has more than {MAX_PLACES} places"), format!("超过 {MAX_PLACES} 处"));
                findings.wrong(format!("signerlist[{at}].signlist"), en, zh);
                boxes.truncate(MAX_PLACES);
            }
        }
    }
}

/// Returns the lists of this name, in any letter case.
fn lists<'a>(
    map: &'a mut Map<String, Value>,
    name: &'static str,
) -> impl Iterator<Item = &'a mut Vec<Value>> {
    map.iter_mut().filter(move |(key, _)| key.eq_ignore_ascii_case(name)).filter_map(|(_, value)| match value
    {
        Value::Array(list) => Some(list),
        _ => None,
    })
}

fn sources(order: &SignOrder) -> impl Iterator<Item = (String, &DocumentSource)> {
    let signers = order.signers.iter().flatten().enumerate().flat_map(|(at, signer)| {
        let field = move |name: &str| format!("signerlist[{at}].{name}");
        [("stampbase", &signer.stampbase), ("pic", &signer.pic), ("otherpic", &signer.otherpic)]
            .into_iter()
            .filter_map(move |(name, source)| Some((field(name), source.as_ref()?)))
    });
    order.filebase.iter().map(|source| ("filebase".to_owned(), source)).chain(signers)
}

fn is_own(source: &DocumentSource, field: &str, parts: &[SpooledFile]) -> bool {
    match source {
        DocumentSource::Base64(text) => text.is_empty(),
        DocumentSource::Attachment(index) => parts.get(*index).is_some_and(|part| part.field == field),
        DocumentSource::Path(_) | DocumentSource::Bytes(_) => false,
    }
}

/// Judges an order by its own values and by the database. The first violation is the one to answer with.
pub fn check<'a>(
    store: &Store,
    asked: &'a Asked,
    findings: Findings,
    parts: &[SpooledFile],
    peer: &Peer,
    allow_empty_material: bool,
) -> Result<Known<'a>, Failure> {
    let length_of = |source: RawSource<'_>| match source {
        RawSource::Attachment(index) => parts.get(index).map(|part| part.length),
        _ => None,
    };
    let context = Context { allow_empty_material, length_of: &length_of };
    let (order, mut violations) = match validate(&asked.order, findings, &context).outcome {
        Ok(order) => (Some(order), Vec::new()),
        Err(violations) => (None, violations),
    };
    if let Some(malformed) = violations.iter().find(|violation| violation.code == Code::MalformedJson) {
        return Err(malformed.clone().into());
    }
    if let Some(missing) = missing(asked, &violations) {
        return Err(missing.into());
    }
    violations.extend(too_long(&asked.order));
    violations.extend(unprintable(&asked.order));
    violations.extend(suffix(&asked.order));
    let (token, template) = store.with(|db| look_up(db, asked, peer, &mut violations))?;
    violations.sort_by_key(|violation| rank(violation.code));
    Ok(Known { token, template, order, violations })
}

/// Judges what only the database knows, and returns the token and the template that are named.
fn look_up(
    db: &Connection,
    asked: &Asked,
    peer: &Peer,
    violations: &mut Vec<Violation>,
) -> Result<(Token, Option<Template>), Failure> {
    let token = token(db, asked, peer)?;
    // Before the balance: a repeat after a lost answer must not read as a refusal.
    if let Some(known) = state(db, asked, &token)? {
        return Err(known.into());
    }
    if token.balance <= 0 {
        return Err(Violation::new(Code::NoBalance, "tokenid").into());
    }
    let template = match asked.order.tempid.as_deref().filter(|id| !id.is_empty()) {
        None => None,
        Some(id) => match templates::find(db, id)? {
            None => return Err(Violation::new(Code::NoTemplate, "tempid").into()),
            found => found,
        },
    };
    violations.extend(against_template(&asked.order, template.as_ref()));
    violations.extend(without_place(&asked.order, template.as_ref()));
    for (at, signer) in asked.order.signers.iter().flatten().enumerate() {
        violations.extend(company(db, signer, at)?);
    }
    Ok((token, template))
}

/// Finds a field that is absent altogether (P-19).
fn missing(asked: &Asked, violations: &[Violation]) -> Option<Violation> {
    let absent =
        |name, value: &Option<String>| value.is_none().then(|| Violation::new(Code::Incomplete, name));
    absent("tokenid", &asked.token)
        .or_else(|| absent("actiontype", &asked.action))
        .or_else(|| violations.iter().find(|violation| violation.code == Code::Incomplete).cloned())
}

/// Checks action, token and certificate.
fn token(db: &Connection, asked: &Asked, peer: &Peer) -> Result<Token, Failure> {
    let refuse = |code, field| Err(Violation::new(code, field).into());
    if asked.action.as_deref() != Some(CREATE_SIGN_ORDER) {
        return refuse(Code::UnknownAction, "actiontype");
    }
    let Some(token) = tokens::find(db, asked.token.as_deref().unwrap_or_default())? else {
        return refuse(Code::NoToken, "tokenid");
    };
    if !token.enabled {
        return refuse(Code::TokenDisabled, "tokenid");
    }
    match certificate(peer, &token) {
        Some(wrong) => Err(Violation::new(Code::WrongCertificate, "").detailed(wrong).into()),
        None => Ok(token),
    }
}

/// Says what is wrong with the caller's certificate: its key must be the token's. It may not have expired; that it is not
/// valid yet is no fault, since a test may have set the clock back.
fn certificate(peer: &Peer, token: &Token) -> Option<Bilingual> {
    let Some(shown) = &peer.0 else {
        return Some(Bilingual::fixed("the connection shows no client certificate", "连接未出示客户端证书"));
    };
    if shown.spki != token.spki {
        return Some(Bilingual::fixed(
            "the certificate shown has another public key",
            "所出示证书的公钥与登记的不同",
        ));
    }
    let day = shown.not_after.date();
    (shown.not_after < clock::utc()).then(|| {
        Bilingual::new(
            format!("the certificate shown expired on {day}: have it renewed; its key may stay the same"),
            format!("所出示的证书已于 {day} 过期：请续期，密钥可以不变"),
        )
    })
}

fn state(db: &Connection, asked: &Asked, token: &Token) -> Result<Option<Violation>> {
    let Some(number) = asked.number().filter(|number| !number.trim().is_empty()) else { return Ok(None) };
    Ok(orders::state(db, &token.id, number)?.map(known))
}

/// Refuses a number that another order has.
pub fn known(state: State) -> Violation {
    let code = match state {
        State::Signed => Code::AlreadySigned,
        State::Accepted => Code::BeingSigned,
    };
    Violation::new(code, "orderNumber")
}

/// Wants as many signers as the template has (-48), each of the same kind (-49).
fn against_template(order: &SignOrder, template: Option<&Template>) -> Vec<Violation> {
    let (Some(template), Some(signers)) = (template, order.signers.as_deref()) else { return Vec::new() };
    let wanted = template.signers.len();
    if signers.len() != wanted && !signers.is_empty() {
        let en = format!("the template has {wanted} signers, the order {}", signers.len());
        let zh = format!("模板有 {wanted} 个签署人，订单有 {} 个", signers.len());
        return vec![Violation::new(Code::SignerCount, "signerlist").detail(en, zh)];
    }
    let differs = |(at, (signer, part)): (usize, (&Signer, &templates::TemplateSigner))| {
        let wanted = part.sign_type;
        (signer.sign_type != Some(wanted)).then(|| {
            Violation::new(Code::SignerType, format!("signerlist[{at}].signType"))
                .detail(format!("the template has {wanted} here"), format!("模板此处为 {wanted}"))
        })
    };
    signers.iter().zip(&template.signers).enumerate().filter_map(differs).collect()
}

/// Finds a signer with no place at all, neither its own nor the template's: the document would come back as if it
/// had signed.
fn without_place(order: &SignOrder, template: Option<&Template>) -> Option<Violation> {
    let signers = order.signers.iter().flatten().zip(&template?.signers);
    let nowhere = |(signer, part): (&Signer, &templates::TemplateSigner)| {
        signer.signlist.as_deref().unwrap_or_default().is_empty() && part.signlist.is_empty()
    };
    let at = signers.enumerate().find_map(|(at, pair)| nowhere(pair).then_some(at))?;
    let (en, zh) = ("neither the order nor its template has a place to seal", "订单和模板都没有签署坐标");
    Some(Violation::new(Code::WrongParameter, format!("signerlist[{at}].signlist")).detail(en, zh))
}

/// Finds texts that are too long to be kept, logged and pushed.
fn too_long(order: &SignOrder) -> Vec<Violation> {
    let signers = order.signers.iter().flatten().enumerate().flat_map(|(at, signer)| {
        let named = move |name: &str| format!("signerlist[{at}].{name}");
        let Signer { org_name, org_no, user_name, user_no, .. } = signer;
        [("orgName", org_name), ("orgNo", org_no), ("userName", user_name), ("userNo", user_no)]
            .map(|(name, text)| (named(name), text))
    });
    std::iter::once(("orderNumber".to_owned(), &order.order_number))
        .chain(signers)
        .filter(|(_, text)| text.as_ref().is_some_and(|text| text.chars().nth(MAX_CHARACTERS).is_some()))
        .map(|(field, _)| {
            let (en, zh) = (
                format!("is longer than {MAX_CHARACTERS} characters"),
                format!("超过 {MAX_CHARACTERS} 个字符"),
            );
            Violation::new(Code::WrongParameter, field).detail(en, zh)
        })
        .collect()
}

/// Finds control characters in what a certificate will say.
fn unprintable(order: &SignOrder) -> Vec<Violation> {
    let signers = order.signers.iter().flatten().enumerate().flat_map(|(at, signer)| {
        let Signer { org_name, org_no, user_name, .. } = signer;
        [("orgName", org_name), ("orgNo", org_no), ("userName", user_name)]
            .map(|(name, text)| (format!("signerlist[{at}].{name}"), text.as_deref().unwrap_or_default()))
    });
    signers
        // Blanks and line ends around it are left out of the certificate.
        .filter(|(_, text)| text.trim().chars().any(char::is_control))
        .map(|(field, _)| {
            Violation::new(Code::WrongParameter, field).detail("contains control characters", "含有控制字符")
        })
        .collect()
}

/// Finds a licence number that is registered under another name (-50).
fn company(db: &Connection, signer: &Signer, at: usize) -> Result<Option<Violation>> {
    if signer.sign_type != Some(ORGANISATION) {
        return Ok(None);
    }
    let number = signer.org_no.as_deref().unwrap_or_default();
    let registered = tokens::company(db, &number.to_ascii_uppercase())?;
    Ok(registered
        .filter(|name| Some(name) != signer.org_name.as_ref())
        .map(|_| Violation::new(Code::LicenceMismatch, format!("signerlist[{at}].orgName"))))
}

fn suffix(order: &SignOrder) -> Option<Violation> {
    let given = order.filebase.as_ref().is_some_and(|source| !source.is_blank());
    let suffix = order.fileformat.as_ref().filter(|_| given)?;
    (!is_blank(Some(suffix)) && suffix != SUFFIX).then(|| {
        Violation::new(Code::WrongParameter, "fileformat")
            .detail(format!("only {SUFFIX} is supported"), format!("仅支持 {SUFFIX}"))
    })
}
