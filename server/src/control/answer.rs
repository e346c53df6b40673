//! How calls are read, and how they fail: a status, and words in both languages.

use std::time::Duration;

use axum::Json;
use axum::extract::path::ErrorKind;
use axum::extract::rejection::{JsonRejection, PathRejection, QueryRejection};
use axum::extract::{FromRequest, FromRequestParts, Path, Query, Request};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use http_body::Body as _;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use utoipa::ToSchema;

use super::words;
use crate::problem::{Kind, Problem};

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

impl From<Problem> for Refusal {
    fn from(problem: Problem) -> Refusal {
        let status = match problem.kind {
            Kind::Missing => StatusCode::NOT_FOUND,
            Kind::Unusable => StatusCode::BAD_REQUEST,
            Kind::Conflict => StatusCode::CONFLICT,
        };
        Refusal::new(status, problem.words.en, problem.words.zh)
    }
}

impl From<anyhow::Error> for Refusal {
    /// Whoever asked is told what is wrong with that; anything else is what the platform could not do itself.
    fn from(cause: anyhow::Error) -> Refusal {
        let cause = match cause.downcast::<Problem>() {
            Ok(problem) => return problem.into(),
            Err(cause) => cause,
        };
        tracing::error!(error = format!("{cause:#}"), "the control API could not answer");
        Refusal::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            format!("{cause:#}"),
            format!("平台内部错误：“{cause:#}”"),
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
        if request.body().size_hint().exact() == Some(0) {
            let given = serde_json::from_str("{}").map(Given);
            return given.map_err(|problem| of_body(StatusCode::BAD_REQUEST, &problem.to_string()));
        }
        let given = in_time(MAX_READ, Json::from_request(request, state)).await?;
        given.map(|Json(given)| Given(given)).map_err(|problem: JsonRejection| match problem.status() {
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Refusal::new(
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "the body is JSON: send it with Content-Type: application/json",
                "请求体为 JSON：请加上 Content-Type: application/json",
            ),
            StatusCode::PAYLOAD_TOO_LARGE => Refusal::new(
                StatusCode::PAYLOAD_TOO_LARGE,
                "the body is longer than this call takes",
                "请求体超过该接口的上限",
            ),
            status => of_body(status, &problem.body_text()),
        })
    }
}

/// The longest time in which a body has to come.
pub const MAX_READ: Duration = Duration::from_secs(60);

/// Reads a body, if it comes in time: whoever sends less than he says would hold his connection for ever.
pub async fn in_time<T>(limit: Duration, reading: impl Future<Output = T>) -> Result<T, Refusal> {
    tokio::time::timeout(limit, reading).await.map_err(|_| {
        Refusal::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body has not come within a minute: is its Content-Length right?",
            "请求体在一分钟内没有传完：请检查 Content-Length",
        )
    })
}

/// Says what is wrong with a body.
fn of_body(status: StatusCode, what: &str) -> Refusal {
    let words = words::of_reader(what).after("the body is not right", "请求体有误");
    Refusal::new(status, words.en, words.zh)
}

/// What a path names.
pub struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Named<T>, Refusal> {
        let Path(named) = Path::from_request_parts(parts, state).await.map_err(of_path)?;
        Ok(Named(named))
    }
}

/// Says what is wrong with a path.
fn of_path(problem: PathRejection) -> Refusal {
    let kind = match &problem {
        PathRejection::FailedToDeserializePathParams(problem) => Some(problem.kind()),
        _ => None,
    };
    match kind {
        Some(ErrorKind::InvalidUtf8InPathParam { key }) => {
            Refusal::bad(format!("{key} in the path is not UTF-8"), format!("路径中的 {key} 不是 UTF-8"))
        }
        Some(
            ErrorKind::ParseError { value, .. }
            | ErrorKind::ParseErrorAtKey { value, .. }
            | ErrorKind::ParseErrorAtIndex { value, .. },
        ) => Refusal::bad(
            format!("\"{value}\" in the path is no id: these are numbers, counted from 1"),
            format!("路径中的 \"{value}\" 不是编号：编号为从 1 起的数字"),
        ),
        _ => Refusal::bad(
            format!("the path is not right: \"{}\"", problem.body_text()),
            format!("路径有误：“{}”", problem.body_text()),
        ),
    }
}

/// What stands behind the question mark of a path.
pub struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Asked<T>, Refusal> {
        let Query(asked) =
            Query::from_request_parts(parts, state).await.map_err(|problem: QueryRejection| {
                let words =
                    words::of_reader(&problem.body_text()).after("a parameter is not right", "参数有误");
                Refusal::bad(words.en, words.zh)
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

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_body_that_never_comes_is_not_waited_for() {
        let refusal = in_time(Duration::from_millis(1), std::future::pending::<()>()).await.unwrap_err();
        assert_eq!(refusal.status, StatusCode::REQUEST_TIMEOUT);
        assert!(in_time(MAX_READ, std::future::ready(1)).await.is_ok());
    }
}
