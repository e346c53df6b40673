//! Makes the kit of protocol/ from the code: for those who write the protocol in a language without a package.

mod agree;
mod answer;
mod codes;
mod examples;
mod openapi;
mod order;
mod postman;
mod print;
mod push;

use serde_json::{Value, json};
use wosigndoc::protocol::Bilingual;

/// The draft that the schemas are written by.
const DRAFT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Every file of the kit that is made, but for its README.
fn files() -> Vec<(&'static str, Value)> {
    vec![
        ("order.schema.json", order::schema()),
        ("answer.schema.json", answer::schema()),
        ("push.schema.json", push::schema()),
        ("openapi.json", openapi::document()),
        ("postman.json", postman::collection()),
        ("codes.json", codes::list()),
    ]
}

/// The files are what the code says.
#[test]
fn files_are_current() {
    for (name, file) in files() {
        crate::page::check(&format!("protocol/{name}"), &print::print(&file));
    }
}

/// The address that names a schema.
fn id(name: &str) -> String {
    format!("{}/raw/main/protocol/{name}.schema.json", env!("CARGO_PKG_REPOSITORY"))
}

/// A description in both languages, with the rules that it follows.
fn said(en: impl Into<String>, zh: impl Into<String>, rules: &[u32]) -> Value {
    let rules: Vec<String> = rules.iter().map(|rule| format!("P-{rule}")).collect();
    let rules = if rules.is_empty() { String::new() } else { format!(" [{}]", rules.join(", ")) };
    format!("{}{rules}\n{}{rules}", en.into(), zh.into()).into()
}

/// The same of a sentence that stands in the code.
fn both(words: &Bilingual) -> Value {
    said(words.en.clone(), words.zh.clone(), &[])
}

/// A schema with a description before it.
fn described(mut schema: Value, description: Value) -> Value {
    schema["description"] = description;
    schema
}

/// A text with a character that is no blank: what must be there and not empty.
fn not_blank() -> Value {
    json!({ "pattern": "\\S" })
}

/// Base64 as it is sent (the standard alphabet, padded).
///
/// Its pattern repeats characters and no groups: those overflow the stack of several languages' expressions at a document
/// of some megabytes. So it does not count the padding.
fn base64() -> Value {
    described(
        json!({ "type": "string", "contentEncoding": "base64", "pattern": "^[A-Za-z0-9+/]*={0,2}$" }),
        said(
            "Base64 of the standard alphabet, padded, without line breaks. The pattern does not count the padding: the length must be a multiple of 4.",
            "标准字母表的 base64，含填充，不含换行。pattern 不检查填充的个数：长度必须是 4 的倍数。",
            &[5],
        ),
    )
}
