//! Whether the platform lives, whether it is fit to take an order, and figures for Prometheus.

use std::sync::Arc;

use anyhow::Context;
use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, header};
use axum::response::IntoResponse;
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::registry::{Registry, Unit};
use serde::Serialize;
use utoipa::ToSchema;

use super::Control;
use super::answer::Refusal;
use crate::clock;
use crate::store::figures::{self, Figures};

const DAY: i64 = 86_400;

/// Whether one thing that an order needs is as it should be.
#[derive(Serialize, ToSchema)]
pub struct Check {
    /// `database`, `disk` or `certificate`.
    name: &'static str,
    /// Whether it is.
    ok: bool,
    /// What is wrong.
    problem: Option<String>,
}

/// Answers as long as the platform lives.
#[utoipa::path(get, operation_id = "isAlive", path = "/healthz", responses((status = 200, body = String)))]
pub async fn lives() -> &'static str {
    "ok\n"
}

/// Looks whether an order could be taken: database, disk, and the listener's certificate.
#[utoipa::path(get, operation_id = "isReady", path = "/readyz", responses((status = 200, body = Vec<Check>), (status = 503, body = Vec<Check>)))]
pub async fn ready(State(control): State<Arc<Control>>) -> (StatusCode, Json<Vec<Check>>) {
    let work = {
        let control = Arc::clone(&control);
        move || {
            let database = control.store.with(figures::is_writable);
            vec![
                check("database", database),
                check("disk", disk(&control)),
                check("certificate", certificate(&control)),
            ]
        }
    };
    let checks = tokio::task::spawn_blocking(work).await.unwrap_or_default();
    let is_ready = !checks.is_empty() && checks.iter().all(|check| check.ok);
    (if is_ready { StatusCode::OK } else { StatusCode::SERVICE_UNAVAILABLE }, Json(checks))
}

fn check(name: &'static str, found: anyhow::Result<()>) -> Check {
    let problem = found.err().map(|cause| format!("{cause:#}"));
    Check { name, ok: problem.is_none(), problem }
}

/// Writes where orders come in.
fn disk(control: &Control) -> anyhow::Result<()> {
    let folder = control.folder.incoming();
    let named = || format!("cannot write into {}", folder.display());
    let mut file = tempfile::tempfile_in(&folder).with_context(named)?;
    std::io::Write::write_all(&mut file, &[0; 4096]).with_context(named)?;
    file.sync_all().with_context(named)
}

fn certificate(control: &Control) -> anyhow::Result<()> {
    control.identity.fault()?.map_or(Ok(()), |fault| Err(anyhow::anyhow!(fault)))
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfState {
    state: String,
}

#[derive(Clone, Debug, Hash, PartialEq, Eq, EncodeLabelSet)]
struct OfCertificate {
    certificate: &'static str,
}

/// Figures in the text format of Prometheus (OpenMetrics).
#[utoipa::path(get, operation_id = "getMetrics", path = "/metrics", responses((status = 200, content_type = "text/plain", body = String)))]
pub async fn metrics(State(control): State<Arc<Control>>) -> Result<impl IntoResponse, Refusal> {
    let figures = control.store.run(|db| figures::read(db)).await?;
    let text = written(&control, &figures)?;
    Ok(([(header::CONTENT_TYPE, "application/openmetrics-text; version=1.0.0; charset=utf-8")], text))
}

fn written(control: &Control, figures: &Figures) -> anyhow::Result<String> {
    let mut registry = Registry::with_prefix("wosigndoc");
    let by_state = |counts: &[(String, i64)]| {
        let family = Family::<OfState, Gauge>::default();
        for (state, count) in counts {
            family.get_or_create(&OfState { state: state.clone() }).set(*count);
        }
        family
    };
    registry.register("orders", "Orders, by their state", by_state(&figures.orders));
    registry.register("pushes", "Pushes, by their state", by_state(&figures.pushes));
    let age = Gauge::<i64>::default();
    age.set(figures.oldest_pending.map_or(0, |since| (clock::now() - since).max(0) / 1000));
    let (name, help) = ("oldest_pending_push", "How long the oldest push that is still tried has waited");
    registry.register_with_unit(name, help, Unit::Seconds, age);
    let left = Family::<OfCertificate, Gauge>::default();
    if let Ok(validity) = control.identity.validity() {
        let seconds = validity.not_after.unix_timestamp() - clock::now() / 1000;
        left.get_or_create(&OfCertificate { certificate: "listener" }).set(seconds.div_euclid(DAY));
    }
    registry.register("certificate_days_left", "Days until a certificate expires", left);
    control.journal.register(&mut registry);
    let mut text = String::new();
    encode(&mut text, &registry)?;
    Ok(text)
}
