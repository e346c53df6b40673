//! Answers that are wrong, late or broken on purpose.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use http_body_util::BodyExt;

use crate::broken_body::Broken;
use crate::faults::Answer;

/// The length of an answer that is longer than anybody should read.
const HUGE: usize = 2 * 1024 * 1024;

/// Answers as a fault asks; `right` is what would have been answered.
pub async fn twist(fault: Answer, right: Response<Body>) -> Response<Body> {
    match fault {
        Answer::Lost | Answer::LostBefore | Answer::LostMidway => lost(),
        Answer::Slow(late) => {
            tokio::time::sleep(late).await;
            right
        }
        Answer::Html(status) => gateway(status),
        Answer::Huge => Response::new(Body::from(vec![b' '; HUGE])),
        Answer::Cut | Answer::Dribble | Answer::Gbk => {
            let (parts, body) = right.into_parts();
            let bytes = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
            let body = match fault {
                Answer::Cut => Body::new(Broken::cut(bytes)),
                Answer::Dribble => Body::new(Broken::dribbling(bytes)),
                _ => Body::from(with_gbk(&bytes)),
            };
            Response::from_parts(parts, body)
        }
    }
}

/// Answers with something that breaks off before its first byte, and the connection with it.
pub fn lost() -> Response<Body> {
    Response::new(Body::new(Broken::lost()))
}

/// Adds a message in GBK (成功) to an answer.
fn with_gbk(answer: &[u8]) -> Vec<u8> {
    let open = answer.strip_suffix(b"}").unwrap_or(answer);
    [open, b",\"message\":\"\xb3\xc9\xb9\xa6\"}"].concat()
}

/// A gateway's page, as nginx writes one.
fn gateway(status: u16) -> Response<Body> {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    let page = format!(
        "<html>\r\n<head><title>{status}</title></head>\r\n<body><center><h1>{status}</h1></center></body>\r\n</html>\r\n"
    );
    let mut response = Response::new(Body::from(page));
    *response.status_mut() = status;
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html"));
    response
}
