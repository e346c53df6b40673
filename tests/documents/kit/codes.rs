//! The catalogue of the protocol's codes as data.

use serde_json::{Value, json};
use wosigndoc::protocol::Code;
use wosigndoc::protocol::catalogue::to_json;
use wosigndoc::protocol::validate::rank;

pub fn list() -> Value {
    let mut codes = to_json()["codes"].take();
    for (code, entry) in Code::ALL.iter().zip(codes.as_array_mut().unwrap()) {
        entry["name"] = format!("{code:?}").into();
        entry["rank"] = (rank(*code) + 1).into();
    }
    json!({
        "about": "The protocol's error codes. retry: the same call, made again later, can succeed. rank: of several faults the platform answers the one with the lowest (P-18).",
        "about_zh": "协议的错误码。retry：稍后重复同样的调用可能成功。rank：有多处错误时，平台应答 rank 最小的一个（P-18）。",
        "codes": codes,
    })
}
