//! A live preflight of the library against the platform: what each fault of an account looks like.

use std::path::Path;

use serde_json::{Value, json};
use tempfile::tempdir;
use wosigndoc::client::{PreflightOptions, preflight_with};

use crate::language::assert_apart;
use crate::sandbox::Sandbox;

fn look(config: &Value) -> Value {
    let options = PreflightOptions { live: true, ..PreflightOptions::default() };
    let report = preflight_with(config.to_string().as_bytes(), &options);
    assert_apart(&report);
    report
}

/// The checks that only orders tell, as `check=level`.
fn told(report: &Value) -> Vec<String> {
    let checks = report["checks"].as_array().unwrap().iter();
    let live = checks.skip_while(|check| check["check"] != "live");
    live.map(|check| format!("{}={}", check["check"].as_str().unwrap(), check["level"].as_str().unwrap()))
        .collect()
}

/// A configuration with another certificate of the platform's CA.
fn stranger(config: &Value, folder: &Path) -> Value {
    let key = rcgen::KeyPair::generate().unwrap();
    let certificate = rcgen::CertificateParams::default().self_signed(&key).unwrap();
    let path = folder.join("stranger.pem");
    std::fs::write(&path, certificate.pem() + &key.serialize_pem()).unwrap();
    let mut config = config.clone();
    config["identity"] = json!({"certificate_file": path});
    config
}

/// Covers P-3, P-18: the codes come in the order in which the platform judges, and nothing is created.
#[test]
fn the_answers_tell_token_and_certificate() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let (config, token) = (sandbox.client(), sandbox.token());
    let right = ["live=ok", "token=ok", "registration=ok"];

    let report = look(&config);
    assert_eq!(
        (told(&report), &report["ok"]),
        (right.map(str::to_owned).to_vec(), &json!(true)),
        "{report:#}"
    );
    let text = report["text"].as_str().unwrap();
    for answer in ["tokenid (-65)", "made for this call (-80)", "template (-43)"] {
        assert!(text.contains(answer), "{text}");
    }
    assert!(!text.contains(&token), "{text}");

    let mut unknown = config.clone();
    unknown["tokenid"] = json!("nobody-has-this-one");
    assert_eq!(told(&look(&unknown)), ["live=ok", "token=error", "registration=warning"]);

    let report = look(&stranger(&config, folder.path()));
    assert_eq!(told(&report), ["live=ok", "token=ok", "registration=error"], "{report:#}");

    sandbox.admin(&["token", "balance", &token, "0"]);
    assert_eq!(told(&look(&config)), ["live=ok", "token=ok", "registration=ok", "balance=error"]);

    sandbox.admin(&["token", "disable", &token]);
    let report = look(&config);
    assert_eq!(told(&report), ["live=ok", "token=error", "registration=warning"], "{report:#}");
    assert!(report["text"].as_str().unwrap().contains("is disabled (-67)"), "{report:#}");

    sandbox.admin(&["token", "enable", &token]);
    sandbox.admin(&["token", "balance", &token, "1"]);
    assert_eq!(told(&look(&config)), right, "nothing was charged, and all is well again");
    assert!(!sandbox.admin(&["order", "list"]).contains("preflight-"));
    assert!(!sandbox.log().contains("order accepted"), "{}", sandbox.log());
}
