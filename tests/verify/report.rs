//! What a report says, and what follows from options.

use serde_json::{Value, json};
use wosigndoc::verify::{Options, Verdict, verify};

use crate::cms::Form;
use crate::paper::Paper;
use crate::pki::{ca, codes, person};

fn judged(name: &str, options: Value) -> wosigndoc::verify::Report {
    judged_on(&Paper::default(), name, options)
}

fn judged_on(paper: &Paper, name: &str, options: Value) -> wosigndoc::verify::Report {
    let root = ca("Root", |_| {});
    // Some subjects here have a number in place of a name.
    let number = name.strip_prefix("OU=");
    let person = person(&root, number.map_or(name, |_| "Li Ming"), |params| {
        let unit = rcgen::DnType::OrganizationalUnitName;
        number.into_iter().for_each(|number| params.distinguished_name.push(unit.clone(), number));
    });
    let signed = person.paper(paper, &[&root], Form { names: Some(Vec::new()), ..Form::default() });
    let mut all = json!({"roots": {"ca": root.pem()}, "at": "2026-06-01T00:00:00Z"});
    for (key, value) in options.as_object().unwrap() {
        all[key] = value.clone();
    }
    verify(signed, &Options::from_json(all.to_string().as_bytes()).unwrap())
}

#[test]
fn policy_decides() {
    for (options, verdict, code) in [
        (json!({}), Verdict::Valid, "revocation_unknown"),
        (json!({"preset": "report"}), Verdict::Valid, "revocation_unknown"),
        (json!({"preset": "strict"}), Verdict::Indeterminate, "revocation_unknown"),
        (json!({"policy": {"unknown_revocation": "invalid"}}), Verdict::Invalid, "revocation_unknown"),
        (json!({"policy": {"warnings": "indeterminate"}}), Verdict::Indeterminate, "warning"),
    ] {
        let report = judged("Li Ming", options.clone());
        assert_eq!(report.verdict, verdict, "{options}: {:?}", report.reasons);
        assert_eq!(codes(&report)[0], code, "{options}");
    }
}

#[test]
fn signers_are_compared() {
    let order = json!({"signerlist": [
        {"signType": 1, "orgName": "云杉软件（示例）有限公司", "orgNo": "91350100M000100Y43"}]});
    for (name, options, verdict) in [
        ("云杉软件(示例) 有限公司", json!({"order": order}), Verdict::Valid),
        ("云杉软件", json!({"order": order}), Verdict::Invalid),
        ("云杉软件", json!({"order": order, "signers": {"match": {"name": "ignore"}}}), Verdict::Valid),
        (
            "云杉软件(示例)有限公司",
            json!({"order": order, "signers": {"match": {"number": "required"}}}),
            Verdict::Invalid,
        ),
        (
            "Li Ming (seal)",
            json!({"signers": {"names": ["li ming"], "match": {"name": "contains"}}}),
            Verdict::Valid,
        ),
        ("Li Ming", json!({"signers": {"names": ["Li Ming", "Wang Fang"]}}), Verdict::Invalid),
        ("Li Ming", json!({"signers": {"count": 2}}), Verdict::Invalid),
    ] {
        let report = judged(name, options.clone());
        assert_eq!(report.verdict, verdict, "{name} {options}: {:?}", report.reasons);
        let text = serde_json::to_string(&report).unwrap();
        assert!(!text.contains("91350100M000100Y43"), "the number of the order is no part of the report");
    }
}

/// A signature is that of one signer, and what looks like a name or ends like a number is none.
#[test]
fn one_signature_is_one_signers() {
    let number = |no: &str| {
        json!({"order": {"signerlist": [{"userName": "91350100-12345678", "userNo": no}]},
               "signers": {"match": {"name": "ignore", "number": "required"}}})
    };
    let both = |in_order: bool| json!({"signers": {"names": ["Li Ming", "Li Ming"], "in_order": in_order}});
    let named = |name: &str, how: &str| json!({"signers": {"names": [name], "match": {"name": how}}});
    for (name, options, verdict) in [
        ("Li Ming", named("Li Ming", "folded"), Verdict::Valid),
        ("Li Ming", both(true), Verdict::Invalid),
        ("Li Ming", both(false), Verdict::Invalid),
        ("Li\u{1} Ming", named("Li Ming", "folded"), Verdict::Invalid),
        ("Li\u{1} Ming", named("Li Ming", "exact"), Verdict::Invalid),
        ("Li\u{1} Ming", named("Ming", "contains"), Verdict::Invalid),
        ("Kelvin", named("kelvin", "folded"), Verdict::Valid),
        ("\u{212a}elvin", named("Kelvin", "folded"), Verdict::Invalid),
        ("OU=91350100M000100Y43", number("91350100M000100Y43"), Verdict::Valid),
        ("OU=NTRCN-91350100M000100Y43", number("91350100M000100Y43"), Verdict::Valid),
        ("OU=统一社会信用代码：91350100M000100Y43", number("91350100M000100y43"), Verdict::Valid),
        ("OU=91350100M000100Y43", number("3"), Verdict::Invalid),
        ("OU=91350100M000100Y43", number("M000100Y43"), Verdict::Invalid),
        ("OU=12345678-9", number("9"), Verdict::Invalid),
        ("OU=MA01AAAA", number("01AAAA"), Verdict::Invalid),
    ] {
        let report = judged(name, options.clone());
        assert_eq!(report.verdict, verdict, "{name:?} {options}: {:?}", report.reasons);
    }
    // Two fields show it.
    let twice = Paper { fields: "<</FT /Sig /T (Other) /V 5 0 R>>", ..Paper::default() };
    let counted = |paper: &Paper, count: usize| {
        judged_on(paper, "Li Ming", json!({"signers": {"names": ["Li Ming"], "count": count}})).verdict
    };
    assert_eq!(counted(&twice, 1), Verdict::Valid);
    assert_eq!(counted(&twice, 2), Verdict::Invalid);
    assert_eq!(judged_on(&twice, "Li Ming", both(true)).verdict, Verdict::Invalid);
}

#[test]
fn names_are_those_of_json() {
    let report = serde_json::to_value(judged("Li Ming", json!({}))).unwrap();
    let signature = &report["signatures"][0];
    assert_eq!(report["verdict"], "valid");
    assert_eq!(report["state"], "intact");
    assert_eq!(signature["kind"], "signature");
    assert_eq!(signature["integrity"]["value"], "ok");
    assert_eq!(signature["coverage"]["value"], "whole_file");
    assert_eq!(signature["changes"]["value"], "none");
    assert_eq!(signature["trust"]["value"], "trusted");
    assert_eq!(signature["claimed_time"], json!({"time": "2026-01-01T00:00:00Z", "source": "signing_time"}));
    assert_eq!(signature["algorithms"]["curve"], "P-256");
    assert_eq!(signature["box"], json!([10.0, 20.0, 110.0, 70.0]));
    assert_eq!(report["reasons"][0]["then"], "accept");
}

#[test]
fn options_are_checked() {
    for (text, field) in [
        (r#"{"rots":{}}"#, "rots"),
        (r#"{"preset":"hard"}"#, "preset"),
        (r#"{"at":"yesterday"}"#, "at"),
        (r#"{"policy":{"expired":1}}"#, "policy.expired"),
        (r#"{"policy":{"rsa":1}}"#, "policy.rsa"),
        (r#"{"roots":{"ca":"none"}}"#, "roots.ca"),
        (r#"{"roots":{"ca_file":"/no/such/file"}}"#, "roots.ca_file"),
        (r#"{"trust":{"subject":"x"}}"#, "trust.sha256"),
        (r#"{"trust":[7]}"#, "trust"),
        (r#"{"signers":{"names":[""]}}"#, "signers.names"),
        (r#"{"signers":{"match":{"names":"exact"}}}"#, "signers.match.names"),
        (r#"{"sent":"/no/such/file"}"#, "sent"),
        // Whoever demands nobody would be content with everybody.
        (r#"{"order":{}}"#, "order.signerlist"),
        (r#"{"order":{"signerList":[{"orgName":"x"}]}}"#, "order.signerlist"),
        (r#"{"order":{"signerlist":[]}}"#, "order.signerlist"),
        (r#"{"order":{"signerlist":[{"userName":"x"},{"orgNo":"1"}]}}"#, "order.signerlist[1]"),
    ] {
        let error = Options::from_json(text.as_bytes()).unwrap_err();
        assert_eq!(error.field_path(), Some(field), "{text}");
    }
    let misspelt = Options::from_json(br#"{"preset":"strict","pasword":"x"}"#).unwrap_err();
    assert!(misspelt.message().en.ends_with("did you mean password?"), "{misspelt}");
}
