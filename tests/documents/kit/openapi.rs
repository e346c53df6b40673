//! OpenAPI 3.1 of the two actions: the order as a call, the push as a webhook.

use serde_json::{Map, Value, json};
use wosigndoc::protocol::push::{ACKNOWLEDGEMENT, PUSH_SIGNED_DOC};
use wosigndoc::protocol::wire::CREATE_SIGN_ORDER;

use super::{answer, examples, order, push, said};

pub fn document() -> Value {
    let mut schemas = Map::new();
    for schema in [order::schema(), answer::schema(), push::schema()] {
        put(&mut schemas, schema);
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "WoSignDoc",
            "version": env!("CARGO_PKG_VERSION"),
            "license": { "name": "MIT OR Apache-2.0", "identifier": env!("CARGO_PKG_LICENSE") },
            "description": said(
                "Electronic signing of contracts: a caller creates a signing order, the platform pushes the signed document to the caller's callback URL. Rules are cited as P-1 to P-41: see docs/protocol.md.",
                "合同电子签署：调用方创建签署订单，平台把已签署的文档推送到调用方的回调地址。规则以 P-1 至 P-41 引用：见 docs/protocol.zh.md。",
                &[]),
        },
        "servers": servers(),
        "security": [{ "clientCertificate": [] }],
        "paths": { "/": { "post": create() } },
        "webhooks": { PUSH_SIGNED_DOC: { "post": pushed() } },
        "components": {
            "schemas": schemas,
            "securitySchemes": { "clientCertificate": {
                "type": "mutualTLS",
                "description": said(
                    "A certificate whose public key is registered for the TokenID; another one is answered -80, as JSON.",
                    "公钥已为该 TokenID 登记的证书；其他证书得到 JSON 应答 -80。", &[3]),
            } },
        },
    })
}

fn servers() -> Value {
    let server = |url: &str, en: &str, zh: &str| json!({ "url": url, "description": said(en, zh, &[4]) });
    json!([
        server(
            "https://127.0.0.1:8443",
            "The sandbox: wosigndoc-server dev.",
            "沙箱：wosigndoc-server dev。"
        ),
        server("https://docapitest.wosign.com", "Test.", "测试环境。"),
        server("https://docapi.wosign.com", "Production.", "生产环境。"),
    ])
}

fn create() -> Value {
    let refused = |en: &str, zh: &str, rules: &[u32]| {
        let mut response = answered(en, zh, rules);
        response["content"]["application/json"]["examples"] =
            json!({ "refused": { "value": examples::refused() } });
        response
    };
    let mut done = answered(
        "Accepted (status 1) or refused (status 0).",
        "已接受（status 1）或已拒绝（status 0）。",
        &[20],
    );
    done["content"]["application/json"]["examples"] = json!({
        "accepted": { "value": examples::accepted() },
        "refused": { "value": examples::refused() },
    });
    json!({
        "operationId": "createSignOrder",
        "summary": CREATE_SIGN_ORDER,
        "description": said(
            "Creates a signing order. The POST goes to the endpoint as configured: the action is in the body. After a failure in which the request may have arrived, the same order may be sent again.",
            "创建签署订单。POST 发往所配置的接口地址：动作在请求体中。若失败时请求可能已送达，可以再次发送同一订单。",
            &[1, 2, 3, 4, 23]),
        "requestBody": { "required": true, "content": {
            "application/json": { "schema": of(CREATE_SIGN_ORDER), "examples": {
                "document": { "value": examples::parsed(&examples::order("T-0001", "A-1")) },
                "template": { "value": examples::parsed(&examples::by_template("T-0001", "A-2", "sandbox-contract")) },
            } },
            "application/x-www-form-urlencoded": { "schema": form() },
        } },
        "responses": {
            "200": done,
            "400": refused("The request was cut short.", "请求不完整。", &[]),
            "405": refused("Not a POST.", "不是 POST。", &[2]),
            "408": refused("The request came too slowly.", "请求发送过慢。", &[]),
            "413": refused("The request is too large.", "请求过大。", &[]),
        },
    })
}

fn answered(en: &str, zh: &str, rules: &[u32]) -> Value {
    json!({ "description": said(en, zh, rules), "content": { "application/json": { "schema": of("Answer") } } })
}

/// The order as the value of a form's field, whatever its name.
fn form() -> Value {
    json!({
        "type": "object",
        "description": said(
            "Read too: the same JSON as the value of a form's field, bare or URL-encoded. Send application/json.",
            "也接受：同样的 JSON 作为表单字段的值，可以 URL 编码。发送时请用 application/json。", &[5]),
        "additionalProperties": { "type": "string", "contentMediaType": "application/json", "contentSchema": of(CREATE_SIGN_ORDER) },
    })
}

fn pushed() -> Value {
    json!({
        "operationId": "pushSignedDoc",
        "summary": PUSH_SIGNED_DOC,
        "description": said(
            "What the platform posts to the callback URL that is registered for the TokenID, until it is acknowledged. Who pushes is not known: the signatures in the document are the proof.",
            "平台向为该 TokenID 登记的回调地址发送的请求，直至得到确认。协议不验证推送方：证明是文档中的签名。",
            &[30, 33, 34, 36]),
        "security": [],
        "requestBody": { "required": true, "content": { "application/json": {
            "schema": of(PUSH_SIGNED_DOC),
            "examples": {
                "signed": { "value": examples::parsed(&examples::pushed()) },
                "failed": { "value": examples::parsed(&examples::failed()) },
            },
        } } },
        "responses": {
            "200": {
                "description": said("Acknowledged: the document is stored.", "已确认：文档已保存。", &[30]),
                "content": { "text/plain": { "schema": { "type": "string", "const": ACKNOWLEDGEMENT } } },
            },
            "default": { "description": said("Not acknowledged: the push comes again.", "未确认：平台会再次推送。", &[30, 34]) },
        },
    })
}

fn of(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// Puts a schema and what it is made of among the components, where one name is one schema.
fn put(schemas: &mut Map<String, Value>, mut schema: Value) {
    let map = schema.as_object_mut().unwrap();
    for key in ["$schema", "$id", "examples"] {
        map.remove(key);
    }
    let parts = map.remove("$defs").and_then(|parts| parts.as_object().cloned()).unwrap_or_default();
    let title = map["title"].as_str().unwrap().to_owned();
    for (name, mut part) in parts.into_iter().chain([(title, schema)]) {
        refer(&mut part);
        let known = schemas.insert(name.clone(), part.clone());
        assert!(known.is_none_or(|known| known == part), "two schemas are called {name}");
    }
}

fn refer(schema: &mut Value) {
    match schema {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| match value {
            Value::String(target) if key == "$ref" => {
                *target = target.replace("#/$defs/", "#/components/schemas/")
            }
            other => refer(other),
        }),
        Value::Array(list) => list.iter_mut().for_each(refer),
        _ => {}
    }
}
