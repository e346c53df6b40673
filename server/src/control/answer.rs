//! How calls fail: a status, and words in both languages.

use axum::Json;
use axum::extract::rejection::{JsonRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

/// A call that failed.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    error: ApiError,
}

/// The body of a call that failed.
#[derive(Debug, Serialize, ToSchema)]
pub struct ApiError {
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
        Refusal { status, error: ApiError { message: en.into(), message_zh: zh.into(), state: None } }
    }

    /// Says what is wrong with a parameter.
    pub fn bad(en: impl Into<String>, zh: impl Into<String>) -> Refusal {
        Refusal::new(StatusCode::BAD_REQUEST, en, zh)
    }

    pub fn missing(en: &'static str, zh: &'static str) -> Refusal {
        Refusal::new(StatusCode::NOT_FOUND, format!("there is {en}"), zh)
    }

    /// Says that a call does not fit to where things stand.
    pub fn conflict(cause: anyhow::Error) -> Refusal {
        Refusal::new(StatusCode::CONFLICT, format!("{cause:#}"), format!("与当前状态不符：{cause:#}"))
    }

    /// Says that what was given cannot be used.
    pub fn unusable(cause: anyhow::Error) -> Refusal {
        Refusal::bad(format!("{cause:#}"), format!("无法使用：{cause:#}"))
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

/// Does what waits for the disk where nobody else has to wait for it.
pub async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Refusal> {
    Ok(tokio::task::spawn_blocking(work).await.map_err(anyhow::Error::from)?)
}

/// A body of JSON; an empty one stands for an object with nothing in it.
pub struct Given<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Given<T> {
    type Rejection = Refusal;

    async fn from_request(request: Request, state: &S) -> Result<Given<T>, Refusal> {
        let wrong = |status, words: String| {
            let zh = format!("请求体有误：{words}");
            Refusal::new(status, words, zh)
        };
        if request.body().size_hint().exact() == Some(0) {
            let given = serde_json::from_str("{}");
            return given.map(Given).map_err(|problem| wrong(StatusCode::BAD_REQUEST, problem.to_string()));
        }
        let given = Json::from_request(request, state).await;
        let Json(given) =
            given.map_err(|problem: JsonRejection| wrong(problem.status(), problem.body_text()))?;
        Ok(Given(given))
    }
}

/// What stands behind the question mark of a path.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Refusal> {
        let Query(asked) =
            Query::from_request_parts(parts, state).await.map_err(|problem: QueryRejection| {
                let words = problem.body_text();
                Refusal::bad(words.clone(), format!("参数有误：{words}"))
            })?;
        Ok(Asked(asked))
    }
}

/// Answers a method that a path does not have.
pub async fn no_method() -> Refusal {
    Refusal::new(
        StatusCode::METHOD_NOT_ALLOWED,
        "this path has no such method: see /openapi.json",
        "该路径没有此方法：参见 /openapi.json",
    )
}

/// Answers a path that leads nowhere.
pub async fn unknown() -> Refusal {
    Refusal::new(
        StatusCode::NOT_FOUND,
        "there is no such call: see /openapi.json",
        "没有该接口：参见 /openapi.json",
    )
}
