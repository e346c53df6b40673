//! How calls fail: a status, and words in both languages.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use serde_json::Value;
use utoipa::ToSchema;

/// A call that failed.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    error: Failure,
}

/// The body of a call that failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct Failure {
    /// What is wrong, and what to do.
    message: String,
    /// The same in Chinese.
    message_zh: String,
    /// Where things stand, if that is of use.
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Value>,
}

impl Refusal {
    pub fn new(status: StatusCode, en: impl Into<String>, zh: impl Into<String>) -> Refusal {
        Refusal { status, error: Failure { message: en.into(), message_zh: zh.into(), state: None } }
    }

    /// Says what is wrong with a parameter.
    pub fn bad(en: impl Into<String>, zh: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, en, zh)
    }

    pub fn missing(what: &str) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, format!("there is no {what}"), format!("不存在 {what}"))
    }

    /// Adds where things stand.
    pub fn standing(mut self, state: Value) -> Refusal {
        self.error.state = Some(state);
        self
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(self.error)).into_response()
    }
}

impl From<anyhow::Error> for Refusal {
    /// What the platform could not do itself.
    fn from(cause: anyhow::Error) -> Refusal {
        tracing::error!(error = format!("{cause:#}"), "the control API could not answer");
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{cause:#}"),
            format!("平台内部错误：{cause:#}"),
        )
    }
}

/// Answers a path that leads nowhere.
pub async fn unknown() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "there is no such call: see /openapi.json",
        "没有该接口：参见 /openapi.json",
    )
}
