//! What is decided by people: signers who are asked, templates, companies, tokens.

use serde_json::json;
use tempfile::tempdir;

use crate::control::Driven;
use crate::sandbox::{encode, order, small_pdf};

/// Covers P-32: an order of a manual token waits for each signer in turn; one that declines makes it fail.
#[test]
fn signers_agree_or_decline() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &["--callback", "inbox"]);
    let token = driven.sandbox.token();
    let (status, shown) = driven.json("PATCH", &format!("/tokens/{token}"), r#"{"manual": true}"#);
    assert_eq!((status, &shown["manual"]), (200, &json!(true)));
    for number in ["M-1", "M-2", "M-3"] {
        driven.sandbox.order(&order(&token, number));
    }
    assert_eq!(driven.json("GET", "/wait?number=M-1&until=signed&timeout=0.3", "").0, 408);
    assert_eq!(driven.sandbox.code(&order(&token, "M-1")), -47, "it is being signed");
    let agreed = |number: &str| {
        let shown = driven.get(&format!("/orders/{number}"));
        let signers = shown["signers"].as_array().unwrap().clone();
        signers.iter().map(|signer| signer["agreed"].as_bool().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(agreed("M-1"), [false, false]);
    assert_eq!(driven.json("POST", "/orders/M-1/sign", r#"{"signer": 2}"#).0, 409, "the first one's turn");
    assert_eq!(driven.json("POST", "/orders/M-1/sign", "").0, 200);
    assert_eq!(agreed("M-1"), [true, false]);
    assert_eq!(driven.json("POST", "/orders/M-1/sign", r#"{"signer": 2}"#).0, 200);
    assert_eq!(driven.get("/wait?number=M-1&until=acknowledged&timeout=60")["state"], "signed");
    assert_eq!(driven.json("POST", "/orders/M-1/sign", "{}").0, 409, "nobody is asked any longer");
    let (status, declined) = driven.json("POST", "/orders/M-2/decline", r#"{"code": -50}"#);
    assert_eq!((status, &declined["state"], &declined["errorcode"]), (200, &json!("failed"), &json!(-50)));
    driven.get("/wait?number=M-2&until=acknowledged&timeout=60");
    assert_eq!(driven.get("/orders/M-2/push")["status"], 0);
    // By hand, beside the running platform.
    driven.sandbox.admin(&["order", "sign", "M-3", "--signer", "1"]);
    driven.sandbox.admin(&["order", "decline", "M-3"]);
    assert_eq!(driven.get("/orders/M-3")["errorcode"], -79);
    assert_eq!(driven.json("POST", "/orders/none/sign", "").0, 404);
    assert_eq!(driven.json("POST", "/orders/M-3/decline", r#"{"code": 7}"#).0, 400);
    // A reset leaves no order waiting that comes later.
    assert_eq!(driven.json("POST", "/reset", "").0, 204);
    assert_eq!(driven.get("/tokens")[0]["manual"], false);
    driven.sandbox.admin(&["token", "manual", &token, "on"]);
    driven.sandbox.admin(&["token", "manual", &token, "off"]);
    driven.sandbox.order(&order(&token, "M-4"));
    driven.get("/wait?number=M-4&until=signed&timeout=60");
}

/// What `template`, `registry` and `token` do by hand can be done over HTTP.
#[test]
fn templates_companies_and_tokens_are_kept() {
    let folder = tempdir().unwrap();
    let driven = Driven::start(&folder.path().join("data"), &[]);
    let template = json!({
        "subject": "租约",
        "signers": [{"signType": 2, "signlist": [{"pagenumber": 1, "position": "0.1,0.1,0.3,0.2"}]}],
        "document": encode(&small_pdf(1)),
        "manual": true,
    });
    let (status, shown) = driven.json("PUT", "/templates/lease", &template.to_string());
    assert_eq!((status, &shown["subject"], &shown["manual"]), (200, &json!("租约"), &json!(true)), "{shown}");
    assert_eq!(driven.get("/templates/lease"), shown);
    assert_eq!(driven.bytes("/templates/lease/document"), small_pdf(1));
    assert!(driven.get("/templates").as_array().unwrap().iter().any(|one| one["tempid"] == "lease"));
    for (field, value) in [
        ("document", json!("%")),
        ("document", json!(encode(b"no PDF"))),
        ("signers", json!([{"signType": 2, "signlist": [{"pagenumber": 9, "position": "0.1,0.1,0.3,0.2"}]}])),
    ] {
        let mut wrong = template.clone();
        wrong[field] = value;
        assert_eq!(driven.json("PUT", "/templates/lease", &wrong.to_string()).0, 400, "{field}");
    }
    assert_eq!(driven.json("DELETE", "/templates/lease", "").0, 204);
    assert_eq!(driven.json("DELETE", "/templates/lease", "").0, 404);
    assert_eq!(driven.json("GET", "/templates/lease", "").0, 404);
    let number = "91350100M000100Y43";
    let company = json!({"name": "别的公司"}).to_string();
    assert_eq!(driven.json("PUT", &format!("/registry/{number}"), &company).0, 204);
    assert_eq!(driven.get("/registry")[number], "别的公司");
    let token = driven.sandbox.token();
    assert_eq!(driven.sandbox.code(&order(&token, "R-1")), -50);
    assert_eq!(driven.json("DELETE", &format!("/registry/{number}"), "").0, 204);
    assert_eq!(driven.sandbox.code(&order(&token, "R-1")), 0);
    let certificate = std::fs::read_to_string(driven.sandbox.path("client.pem")).unwrap();
    let new = json!({"certificate": certificate, "label": "second", "balance": 1}).to_string();
    let (status, added) = driven.json("POST", "/tokens", &new);
    assert_eq!(status, 201, "{added}");
    let second = added["tokenid"].as_str().unwrap();
    assert_eq!(["N-1", "N-2"].map(|number| driven.sandbox.code(&order(second, number))), [0, -68]);
    assert_eq!(driven.json("POST", "/tokens", r#"{"certificate": "none"}"#).0, 400);
}
