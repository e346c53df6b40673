//! Templates, and the registry of known companies.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::Control;
use super::answer::{ApiError, Given, Named, Refusal, blocking};
use crate::admin::questions;
use crate::store::templates::{self, Template, TemplateBox, TemplateSigner};

/// A template in a list.
#[derive(Serialize, ToSchema)]
pub struct TemplateSummary {
    /// tempid.
    tempid: String,
    /// The subject of an order that has none.
    subject: String,
}

/// A template, without its document.
#[derive(Serialize, ToSchema)]
pub struct ShownTemplate {
    /// tempid.
    tempid: String,
    /// The subject of an order that has none.
    subject: String,
    /// Who signs, in signing order.
    signers: Vec<SignerPlaces>,
    /// Whether orders with it wait until each signer agrees.
    manual: bool,
}

/// One signer of a template.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SignerPlaces {
    /// 1 organisation, 2 person.
    #[serde(rename = "signType")]
    sign_type: i64,
    /// Where the seals go.
    signlist: Vec<Seal>,
}

/// A seal's place, as in an order.
#[derive(Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Seal {
    /// Page, counted from 1.
    pub pagenumber: u32,
    /// `left,bottom,right,top`: fractions of the page, from its lower left corner.
    pub position: String,
}

/// A template as it is to be.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemplate {
    /// tempid, if it is given here too: that of the path.
    tempid: Option<String>,
    /// The subject of an order that has none.
    #[serde(default)]
    subject: String,
    /// Who signs, in signing order.
    signers: Vec<SignerPlaces>,
    /// Whether orders with it wait until each signer agrees.
    #[serde(default)]
    manual: bool,
    /// Its document: a PDF in base64.
    document: String,
}

/// The name of a company.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Company {
    /// The name on its licence.
    name: String,
}

/// Lists the templates.
#[utoipa::path(get, operation_id = "listTemplates", path = "/templates", responses((status = 200, body = Vec<TemplateSummary>)))]
pub async fn list(State(control): State<Arc<Control>>) -> Result<Json<Vec<TemplateSummary>>, Refusal> {
    let store = control.store.clone();
    let all = blocking(move || questions::templates(&store)).await??;
    Ok(Json(all.into_iter().map(|(tempid, subject)| TemplateSummary { tempid, subject }).collect()))
}

/// Shows a template.
#[utoipa::path(get, operation_id = "showTemplate", path = "/templates/{tempid}", params(("tempid" = String, Path)),
    responses((status = 200, body = ShownTemplate), (status = 404, body = ApiError)))]
pub async fn show(
    State(control): State<Arc<Control>>,
    Named(tempid): Named<String>,
) -> Result<Json<ShownTemplate>, Refusal> {
    Ok(Json(find(&control, tempid).await?.into()))
}

/// Gives a template's document.
#[utoipa::path(get, operation_id = "getTemplateDocument", path = "/templates/{tempid}/document", params(("tempid" = String, Path)),
    responses((status = 200, content_type = "application/pdf", body = Vec<u8>), (status = 404, body = ApiError)))]
pub async fn document(
    State(control): State<Arc<Control>>,
    Named(tempid): Named<String>,
) -> Result<impl IntoResponse, Refusal> {
    let template = find(&control, tempid).await?;
    let bytes = tokio::fs::read(control.folder.template(&template.id)).await.map_err(anyhow::Error::from)?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes))
}

/// Adds or replaces a template, if orders with it can be signed.
#[utoipa::path(put, operation_id = "putTemplate", path = "/templates/{tempid}", params(("tempid" = String, Path)), request_body = NewTemplate,
    responses((status = 200, body = ShownTemplate), (status = 400, body = ApiError)))]
pub async fn put(
    State(control): State<Arc<Control>>,
    Named(tempid): Named<String>,
    Given(new): Given<NewTemplate>,
) -> Result<Json<ShownTemplate>, Refusal> {
    if new.tempid.is_some_and(|given| given != tempid) {
        return Err(Refusal::bad("tempid is another one than the path has", "tempid 与路径中的不一致"));
    }
    let document = STANDARD.decode(&new.document);
    let document = document.map_err(|_| Refusal::bad("document is not base64", "document 不是 base64"))?;
    let signers = new.signers.into_iter().map(TemplateSigner::from).collect();
    let template = Template { id: tempid, subject: new.subject, signers, manual: new.manual };
    let (folder, store, added) = (control.folder.clone(), control.store.clone(), template.clone());
    let add = move || questions::add_template(&folder, &store, &added, &document);
    blocking(add).await??;
    Ok(Json(template.into()))
}

/// Removes a template; orders made with it stay.
#[utoipa::path(delete, operation_id = "removeTemplate", path = "/templates/{tempid}", params(("tempid" = String, Path)),
    responses((status = 204), (status = 404, body = ApiError)))]
pub async fn remove(
    State(control): State<Arc<Control>>,
    Named(tempid): Named<String>,
) -> Result<StatusCode, Refusal> {
    let template = find(&control, tempid).await?;
    let store = control.store.clone();
    blocking(move || questions::remove_template(&store, &template.id)).await??;
    Ok(StatusCode::NO_CONTENT)
}

async fn find(control: &Control, tempid: String) -> Result<Template, Refusal> {
    let found = control.store.run(move |db| templates::find(db, &tempid)).await?;
    found.ok_or_else(|| Refusal::missing("no such template", "没有该模板"))
}

/// Lists the known companies: the name of each licence number.
#[utoipa::path(get, operation_id = "listCompanies", path = "/registry", responses((status = 200, body = BTreeMap<String, String>)))]
pub async fn companies(
    State(control): State<Arc<Control>>,
) -> Result<Json<BTreeMap<String, String>>, Refusal> {
    let store = control.store.clone();
    Ok(Json(blocking(move || questions::companies(&store)).await??.into_iter().collect()))
}

/// Registers a company, or changes its name: the number given with another name is refused (-50).
#[utoipa::path(put, operation_id = "registerCompany", path = "/registry/{number}", params(("number" = String, Path)), request_body = Company,
    responses((status = 204), (status = 400, body = ApiError)))]
pub async fn register(
    State(control): State<Arc<Control>>,
    Named(number): Named<String>,
    Given(company): Given<Company>,
) -> Result<StatusCode, Refusal> {
    let store = control.store.clone();
    blocking(move || questions::register_company(&store, &number, &company.name)).await??;
    Ok(StatusCode::NO_CONTENT)
}

/// Forgets a company.
#[utoipa::path(delete, operation_id = "forgetCompany", path = "/registry/{number}", params(("number" = String, Path)), responses((status = 204)))]
pub async fn forget(
    State(control): State<Arc<Control>>,
    Named(number): Named<String>,
) -> Result<StatusCode, Refusal> {
    let store = control.store.clone();
    blocking(move || questions::forget_company(&store, &number)).await??;
    Ok(StatusCode::NO_CONTENT)
}

impl From<Template> for ShownTemplate {
    fn from(template: Template) -> ShownTemplate {
        let Template { id, subject, signers, manual } = template;
        ShownTemplate {
            tempid: id,
            subject,
            signers: signers.into_iter().map(SignerPlaces::from).collect(),
            manual,
        }
    }
}

impl From<TemplateSigner> for SignerPlaces {
    fn from(signer: TemplateSigner) -> SignerPlaces {
        let seal = |TemplateBox { pagenumber, position }| Seal { pagenumber, position };
        SignerPlaces {
            sign_type: signer.sign_type,
            signlist: signer.signlist.into_iter().map(seal).collect(),
        }
    }
}

impl From<SignerPlaces> for TemplateSigner {
    fn from(part: SignerPlaces) -> TemplateSigner {
        let place = |Seal { pagenumber, position }| TemplateBox { pagenumber, position };
        TemplateSigner { sign_type: part.sign_type, signlist: part.signlist.into_iter().map(place).collect() }
    }
}
