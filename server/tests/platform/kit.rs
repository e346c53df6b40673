//! The protocol kit of protocol/, tried: its requests work by curl, its schemas say what the platform does.

use std::io::Write;
use std::process::Stdio;

use serde_json::{Value, json};
use tempfile::tempdir;
use wosigndoc::push::{Options, Sink, receive};

use crate::receiver::Receiver;
use crate::sandbox::{Sandbox, code, order};
use crate::schema::Schema;
use crate::tools::{skip, tool};

fn collection() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/../protocol/postman.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

/// Puts the values of variables into a text of the collection.
fn filled(text: &Value, variables: &[(&str, &str)]) -> String {
    let put = |text: String, (name, value): &(&str, &str)| text.replace(&format!("{{{{{name}}}}}"), value);
    let text = variables.iter().fold(text.as_str().unwrap().to_owned(), put);
    assert!(!text.contains("{{"), "a variable has no value: {text}");
    text
}

/// Posts a body by curl, as README.md of the kit shows it.
fn curl(sandbox: &Sandbox, url: &str, header: &str, body: &str) -> Option<String> {
    let path = |name: &str| sandbox.path(name).to_str().unwrap().to_owned();
    let mut command = tool("curl");
    command.args(["--silent", "--show-error", "--fail-with-body", "--cacert", &path("ca.pem")]);
    command.args(["--cert", &path("client.pem"), "--key", &path("client.key"), "-H", header]);
    command.args(["--data-binary", "@-", url]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let Ok(mut child) = command.spawn() else {
        skip::skip("curl: scripts/setup installs it");
        return None;
    };
    child.stdin.take().unwrap().write_all(body.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success(), "{url}: {}", String::from_utf8_lossy(&output.stdout));
    Some(String::from_utf8(output.stdout).unwrap())
}

/// Covers P-4, P-5, P-30: each request of the collection, sent as it stands there: orders are signed and pushed back, pushes
/// are acknowledged.
#[test]
fn requests_of_the_collection_work() {
    let folder = tempdir().unwrap();
    let receiver = Receiver::acknowledging();
    let sandbox = Sandbox::start(&folder.path().join("data"), &["--callback", &receiver.url]);
    let (token, endpoint) = (sandbox.token(), format!("https://127.0.0.1:{}/", sandbox.port));
    let collection = collection();
    let template = collection["variable"][2]["value"].as_str().unwrap();
    let variables = [
        ("endpoint", endpoint.as_str()),
        ("tokenid", &token),
        ("tempid", template),
        ("callback", &receiver.url),
        ("$timestamp", "1700000000"),
    ];
    let (mut answers, mut pushes) = (Vec::new(), Vec::new());
    for item in collection["item"].as_array().unwrap() {
        let request = &item["request"];
        assert_eq!(request["method"], "POST");
        let header = &request["header"][0];
        let header = format!("{}: {}", header["key"].as_str().unwrap(), header["value"].as_str().unwrap());
        let (url, body) = (filled(&request["url"], &variables), filled(&request["body"]["raw"], &variables));
        let Some(answer) = curl(&sandbox, &url, &header, &body) else { return };
        let push = receiver.next();
        if url == endpoint {
            let answer: Value = serde_json::from_str(&answer).unwrap();
            assert_eq!(
                (code(&answer), &answer["orderNumber"]),
                (0, &json!(push.number())),
                "{}",
                item["name"]
            );
            answers.push(answer);
        } else {
            assert_eq!(answer, "1");
            receive(body.as_bytes(), Options::default(), Sink::Owned).unwrap();
        }
        pushes.push(push.body);
    }
    assert_eq!((answers.len(), pushes.len()), (2, 4));
    for (schema, bodies) in [("answer.schema.json", answers), ("push.schema.json", pushes)] {
        let bodies: Vec<&Value> = bodies.iter().collect();
        let Some(faults) = Schema::file(schema).faults(&bodies) else { return };
        assert!(faults.iter().all(Option::is_none), "{faults:?}");
    }
}

/// The fields of an order.
const FIELDS: [&str; 21] = [
    "/tokenid",
    "/actiontype",
    "/tempid",
    "/subject",
    "/password",
    "/filebase",
    "/fileformat",
    "/orderNumber",
    "/signerlist",
    "/signerlist/0/signType",
    "/signerlist/0/orgName",
    "/signerlist/0/orgNo",
    "/signerlist/1/userName",
    "/signerlist/1/userNo",
    "/signerlist/0/country",
    "/signerlist/0/stampbase",
    "/signerlist/0/pic",
    "/signerlist/0/otherpic",
    "/signerlist/0/signlist",
    "/signerlist/0/signlist/0/pagenumber",
    "/signerlist/0/signlist/0/position",
];

/// Values of every kind, and such as a field may nearly have; `None`: the field is not there.
fn changes() -> Vec<(&'static str, Option<Value>)> {
    let kinds = [
        json!(null),
        json!(""),
        json!(" "),
        json!("x"),
        json!(7),
        json!(true),
        json!([]),
        json!({}),
        json!("9".repeat(300)),
    ];
    let every = FIELDS.into_iter().flat_map(|field| {
        let some = kinds.clone().into_iter().map(Some);
        some.chain([None]).map(move |value| (field, value)).collect::<Vec<_>>()
    });
    let (place, signer) = ("/signerlist/0/signlist/0", "/signerlist/0");
    let near = [
        (
            format!("{place}/position"),
            vec![
                json!("0,0,1,1"),
                json!("0.0,0,1.0000,1"),
                json!("0,0,1.01,1"),
                json!("0.1, 0.1, 0.2, 0.2"),
                json!("0.10000,0.1,0.2,0.2"),
                json!("0.2,0.1,0.1,0.2"),
                json!("-0,0,1,1"),
            ],
        ),
        (
            format!("{place}/pagenumber"),
            vec![json!(1.0), json!(1.5), json!(0), json!(2), json!("1"), json!(1_u64 << 32)],
        ),
        (format!("{signer}/signType"), vec![json!("1"), json!(1.0), json!(0), json!(2)]),
        (format!("{signer}/country"), vec![json!("US"), json!("cn"), json!("CHN")]),
        (format!("{signer}/orgName"), vec![json!("云\u{7}杉"), json!("云杉\n"), json!("9".repeat(257))]),
        (format!("{signer}/orgNo"), vec![json!("9".repeat(256)), json!("9".repeat(257))]),
        ("/fileformat".to_owned(), vec![json!("PDF"), json!(".pdf")]),
        ("/password".to_owned(), vec![json!("9".repeat(127)), json!("9".repeat(128))]),
        ("/unknown".to_owned(), vec![json!({"for": "later"})]),
    ];
    let near = near.into_iter().flat_map(|(field, values)| {
        let field: &'static str = field.leak();
        values.into_iter().map(move |value| (field, Some(value))).collect::<Vec<_>>()
    });
    every.chain(near).collect()
}

/// Sets a field of an order, or removes it.
pub fn change(order: &mut Value, field: &str, value: Option<&Value>) {
    let (object, name) = field.rsplit_once('/').unwrap();
    let object = order.pointer_mut(object).unwrap().as_object_mut().unwrap();
    match value {
        Some(value) => drop(object.insert(name.to_owned(), value.clone())),
        None => drop(object.remove(name)),
    }
}

/// The platform reads more than is to be sent: null for what may be absent, numbers for texts, the spellings of P-5, P-14.
fn is_read_too(field: &str, value: Option<&Value>) -> bool {
    let Some(value) = value else { return false };
    let optional = ["tempid", "subject", "password", "country", "stampbase"];
    let texts = ["subject", "password", "orderNumber", "orgName", "orgNo", "userName", "userNo"];
    let name = field.rsplit('/').next().unwrap();
    let text = value.as_str().unwrap_or_default();
    value.is_null() && optional.contains(&name)
        || value.is_number() && texts.contains(&name)
        || match name {
            // Cut (P-10).
            "subject" => text.len() > 256,
            "country" => text.trim().is_empty() && value.is_string() || text == "cn",
            "signType" | "pagenumber" => text == "1",
            "position" => text.contains(' ') || text.contains("0000,") || text.starts_with('-'),
            "orgName" => text.ends_with('\n'),
            "fileformat" => text.starts_with('.'),
            _ => false,
        }
}

/// What no schema knows: tokens and templates, what is in bulk, how many pages there are, that one number is less than
/// another.
fn is_beyond_schemas(field: &str, value: Option<&Value>) -> bool {
    let name = field.rsplit('/').next().unwrap();
    match name {
        "tokenid" | "tempid" | "filebase" | "stampbase" | "pic" | "otherpic" | "fileformat" => {
            value.is_some_and(Value::is_string)
        }
        "pagenumber" => value == Some(&json!(7)),
        "position" => value == Some(&json!("0.2,0.1,0.1,0.2")),
        _ => false,
    }
}

/// Covers P-5, P-6, P-10, P-11, P-12, P-13, P-14, P-15, P-16, P-19: each field of an order with values of every kind: what keeps
/// to the schema is accepted, what does not is refused, but for what is named above.
#[test]
fn the_platform_takes_what_keeps_to_the_schema() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut sent = Vec::new();
    let mut answers = Vec::new();
    let changes = changes();
    for (at, (field, value)) in changes.iter().enumerate() {
        let mut order = order(&sandbox.token(), &format!("CHANGE-{at}"));
        order["signerlist"][1]["signlist"][0]["position"] = json!("0.65,0.47,0.82,0.59");
        change(&mut order, field, value.as_ref());
        answers.push(sandbox.order(&order));
        sent.push(order);
    }
    let sent: Vec<&Value> = sent.iter().collect();
    let Some(faults) = Schema::file("order.schema.json").faults(&sent) else { return };
    let mut wrong = Vec::new();
    for (((field, value), fault), answer) in changes.iter().zip(&faults).zip(&answers) {
        let differs = match (code(answer) == 0, fault) {
            (true, Some(_)) => !is_read_too(field, value.as_ref()),
            (false, None) => !is_beyond_schemas(field, value.as_ref()),
            _ => false,
        };
        if differs {
            wrong.push(format!("{field} {value:?}: {answer} {}", fault.as_deref().unwrap_or("taken")));
        }
    }
    assert!(wrong.is_empty(), "the schema and the platform differ:\n{}", wrong.join("\n"));
    assert!(answers.iter().filter(|answer| code(answer) == 0).count() > 40);
    let answers: Vec<&Value> = answers.iter().collect();
    let faults = Schema::file("answer.schema.json").faults(&answers).unwrap();
    assert!(faults.iter().all(Option::is_none), "{faults:?}");
}
