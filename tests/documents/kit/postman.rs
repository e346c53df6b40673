//! A Postman collection (v2.1, which Apifox imports too): both actions with what they need, as variables.

use serde_json::{Value, json};
use wosigndoc::protocol::push::ACKNOWLEDGEMENT;

use super::{examples, said};

pub fn collection() -> Value {
    let order =
        |body: String| (body, "{{endpoint}}", "pm.expect(pm.response.json().status).to.eql(1);".to_owned());
    let push = |body: String| {
        (body, "{{callback}}", format!("pm.expect(pm.response.text()).to.eql(\"{ACKNOWLEDGEMENT}\");"))
    };
    json!({
        "info": {
            "name": "WoSignDoc",
            "description": about(),
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "variable": variables(),
        "item": [
            item("CreateSignOrder: document", order(examples::order("{{tokenid}}", "A-{{$timestamp}}")),
                said("An order with its own document of one page.", "自带一页文档的订单。", &[11, 13])),
            item("CreateSignOrder: template", order(examples::by_template("{{tokenid}}", "T-{{$timestamp}}", "{{tempid}}")),
                said("An order by a template, which has document and places.", "使用模板的订单，文档和坐标取自模板。", &[11, 13])),
            item("PushSignedDoc: signed", push(examples::pushed()),
                said("The push of a document, posted at your callback: its hash is right, but nobody signed it.",
                    "把文档推送到您的回调地址：哈希正确，但文档未经签署。", &[30, 31])),
            item("PushSignedDoc: failed", push(examples::failed()),
                said("The push of an order that failed: it is acknowledged too.", "推送失败的订单：同样需要确认。", &[32])),
        ],
    })
}

fn about() -> Value {
    said(
        "Set the variables. Then the client certificate: in Postman under Settings, Certificates, Add Certificate, the host and port of the endpoint, with client.pem as CRT file and client.key as KEY file (or client.p12 as PFX file); for the sandbox also ca.pem under CA Certificates. In Apifox: Settings, Certificates.",
        "先设置变量，再设置客户端证书：Postman 中为 Settings → Certificates → Add Certificate，填写接口地址的主机和端口，CRT 文件选 client.pem，KEY 文件选 client.key（或 PFX 文件选 client.p12）；沙箱还需在 CA Certificates 中选择 ca.pem。Apifox 中为“设置”→“证书管理”。",
        &[3],
    )
}

fn variables() -> Value {
    let variable = |key: &str, value: &str, en: &str, zh: &str| json!({ "key": key, "value": value, "type": "string", "description": said(en, zh, &[]) });
    json!([
        variable(
            "endpoint",
            "https://127.0.0.1:8443/",
            "endpoint of client.json",
            "client.json 中的 endpoint"
        ),
        variable("tokenid", "", "tokenid of client.json", "client.json 中的 tokenid"),
        variable("tempid", "sandbox-contract", "a template of the platform", "平台上的模板"),
        variable("callback", "http://127.0.0.1:9000/push", "your callback URL", "您的回调地址"),
    ])
}

fn item(name: &str, (body, url, check): (String, &str, String), description: Value) -> Value {
    json!({
        "name": name,
        "event": [{ "listen": "test", "script": { "type": "text/javascript", "exec": [
            format!("pm.test(\"{name}\", () => {{ {check} }});"),
        ] } }],
        "request": {
            "method": "POST",
            "header": [{ "key": "Content-Type", "value": "application/json; charset=utf-8" }],
            "body": { "mode": "raw", "raw": body, "options": { "raw": { "language": "json" } } },
            "url": url,
            "description": description,
        },
        "response": [],
    })
}
