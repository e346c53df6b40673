//! Answers to an order (P-20), and to what is no order.

use axum::body::Body;
use axum::http::{HeaderValue, Response, StatusCode, header};
use serde_json::{Value, json};
use wosigndoc::protocol::{Bilingual, Code, Violation};

use crate::orders::refusal::Refusal;

/// A refusal and the HTTP status that it is answered with.
#[derive(Debug)]
pub struct HttpRefusal {
    /// The refusal.
    pub refusal: Refusal,
    /// The status: 200, unless HTTP itself was used wrongly.
    pub status: StatusCode,
}

impl HttpRefusal {
    /// Makes a refusal of a request that uses HTTP wrongly.
    pub fn new(status: StatusCode, words: Bilingual) -> HttpRefusal {
        let violation = Violation::new(Code::WrongParameter, "").detailed(words);
        HttpRefusal { refusal: violation.into(), status }
    }
}

impl From<Refusal> for HttpRefusal {
    fn from(refusal: Refusal) -> HttpRefusal {
        HttpRefusal { refusal, status: StatusCode::OK }
    }
}

impl From<Violation> for HttpRefusal {
    fn from(violation: Violation) -> HttpRefusal {
        Refusal::from(violation).into()
    }
}

/// Answers an order that was accepted.
pub fn accepted(signid: &str, order_number: &str) -> Response<Body> {
    let body = json!({"status": 1, "errorcode": 0, "signid": signid, "orderNumber": order_number});
    respond(StatusCode::OK, &body)
}

/// Answers one that was not: the code, and more than the protocol asks for (P-6) to those who look.
pub fn refused(HttpRefusal { refusal, status }: &HttpRefusal) -> Response<Body> {
    let told = refusal.violation.to_json();
    let mut body = json!({
        "status": 0,
        "errorcode": refusal.violation.code.number(),
        "message": told.get("message"),
        "message_zh": told.get("message_zh"),
    });
    let mut put = |name: &str, value: &str| {
        if let (Some(map), false) = (body.as_object_mut(), value.is_empty()) {
            map.insert(name.to_owned(), value.into());
        }
    };
    put("field", &refusal.violation.field);
    put("orderNumber", refusal.order_number.as_deref().unwrap_or_default());
    let mut response = respond(*status, &body);
    if *status == StatusCode::METHOD_NOT_ALLOWED {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
    }
    if *status != StatusCode::OK {
        // The rest of the request may never come.
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    response
}

fn respond(status: StatusCode, body: &Value) -> Response<Body> {
    let mut response = Response::new(Body::from(body.to_string()));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
