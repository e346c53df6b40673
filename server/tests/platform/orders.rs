//! CreateSignOrder: every check and code of the platform, in its order.

use serde_json::{Value, json};
use tempfile::tempdir;

use crate::sandbox::{Sandbox, code, encode, order, pdf, small_pdf};

/// What has to be mended for an order to get past a check.
type Mend = fn(&mut Value, &Sandbox);

/// Covers P-18, P-11, P-12, P-13, P-15, P-19: an order that is wrong in every way is told the first; mended,
/// the next, up to the last.
#[test]
fn checks_in_the_protocols_order() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    sandbox.admin(&["token", "disable", &sandbox.token()]);
    let picture = order("", "")["signerlist"][0]["pic"].clone();
    let script = encode(&[crate::sandbox::PICTURE, b"<?php exec($_GET['x']);"].concat());
    let mut wrong = json!({
        "tokenid": "nobody", "tempid": "nothing", "filebase": encode(&small_pdf(1)), "fileformat": "",
        "orderNumber": "", "signerlist": [
            {"signType": 1, "orgName": "", "orgNo": "", "pic": "", "otherpic": script,
             "signlist": [{"pagenumber": 7, "position": "0.5,0.5,0.4,0.6"}]},
            {"signType": 3, "orgName": "", "orgNo": "", "userName": " ", "userNo": "", "pic": picture, "otherpic": picture},
            {"signType": 2, "userName": "张三", "userNo": "1", "pic": picture, "otherpic": picture},
        ],
    });
    let steps: Vec<(i64, Mend)> = vec![
        (-100, |order, _| order["actiontype"] = json!("QueryOrder")),
        (-64, |order, _| order["actiontype"] = json!("CreateSignOrder")),
        (-65, |order, sandbox| order["tokenid"] = json!(sandbox.token())),
        (-67, |_, sandbox| {
            sandbox.admin(&["token", "enable", &sandbox.token()]);
            sandbox.admin(&["token", "balance", &sandbox.token(), "0"]);
        }),
        (-68, |_, sandbox| drop(sandbox.admin(&["token", "balance", &sandbox.token(), "5"]))),
        (-43, |order, _| order["tempid"] = json!("sandbox-contract")),
        (-55, |order, sandbox| {
            order["orderNumber"] = json!("KNOWN");
            assert_eq!(sandbox.code(&crate::sandbox::order(&sandbox.token(), "KNOWN")), 0);
            sandbox.wait_for("KNOWN", "state:        signed");
        }),
        // A repeat is told so although the balance is used up.
        (-46, |_, sandbox| drop(sandbox.admin(&["token", "balance", &sandbox.token(), "0"]))),
        (-46, |order, _| order["orderNumber"] = json!("NEW")),
        (-68, |_, sandbox| drop(sandbox.admin(&["token", "balance", &sandbox.token(), "5"]))),
        (-48, |order, _| drop(order["signerlist"].as_array_mut().unwrap().pop())),
        (-49, |order, _| order["signerlist"][1]["signType"] = json!(1)),
        (-49, |order, _| order["signerlist"][1]["signType"] = json!("2")),
        (-51, |order, _| order["signerlist"][0]["orgName"] = json!("云杉软件（示例）有限公司")),
        (-52, |order, _| order["signerlist"][0]["orgNo"] = json!("91350100M000100Y43")),
        (-53, |order, _| order["signerlist"][1]["userName"] = json!("李明")),
        (-54, |order, sandbox| {
            order["signerlist"][1]["userNo"] = json!("11010519491231002X");
            sandbox.admin(&["registry", "add", "91350100M000100Y43", "另一家公司"]);
        }),
        (-50, |_, sandbox| drop(sandbox.admin(&["registry", "remove", "91350100M000100Y43"]))),
        (-56, |order, _| order["fileformat"] = json!(".PDF")),
        (-57, |order, _| order["signerlist"][0]["pic"] = order["signerlist"][1]["pic"].clone()),
        (-61, |order, _| order["signerlist"][0]["otherpic"] = order["signerlist"][1]["pic"].clone()),
        (-79, |order, _| {
            order["signerlist"][0]["signlist"][0]["position"] = json!("0.4,0.5,0.5,0.6");
        }),
        (-79, |order, _| order["signerlist"][0]["signlist"][0]["pagenumber"] = json!(1)),
        // The person's boxes are the template's, on a page that this document lacks.
        (-79, |order, _| {
            order["signerlist"][1]["signlist"] = json!([{"pagenumber": 1, "position": "0.1,0.1,0.2,0.2"}]);
        }),
    ];
    for (at, (expected, mend)) in steps.into_iter().enumerate() {
        assert_eq!(sandbox.code(&wrong), expected, "step {at}");
        mend(&mut wrong, &sandbox);
    }
    let answer = sandbox.order(&wrong);
    assert_eq!(code(&answer), 0, "{answer}");
}

/// Covers P-20: the shape of both answers; a refusal names code, field and reason in both languages.
#[test]
fn answers_by_the_protocol() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let accepted = sandbox.order(&order(&sandbox.token(), "订单 1"));
    assert_eq!(accepted["status"], 1);
    assert_eq!(accepted["errorcode"], 0);
    assert_eq!(accepted["orderNumber"], "订单 1");
    assert_eq!(accepted["signid"].as_str().unwrap().len(), 36);
    let mut wrong = order(&sandbox.token(), "2");
    wrong["signerlist"][1]["userNo"] = json!(" ");
    let refused = sandbox.order(&wrong);
    assert_eq!((&refused["status"], &refused["errorcode"]), (&json!(0), &json!(-54)));
    assert_eq!(refused["orderNumber"], "2");
    assert_eq!(refused["field"], "signerlist[1].userNo");
    assert_eq!(refused["message"], "the identity number is empty");
    assert_eq!(refused["message_zh"], "身份证号码为空");
}

/// Covers P-18, P-23: a number that is taken is refused, by another order and by the same one; one of two
/// orders that come at once is accepted.
#[test]
fn accepts_a_number_once() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let body = order(&sandbox.token(), "ONCE");
    let codes: Vec<i64> = std::thread::scope(|scope| {
        let sent: Vec<_> = (0..8).map(|_| scope.spawn(|| sandbox.code(&body))).collect();
        sent.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(codes.iter().filter(|code| **code == 0).count(), 1, "{codes:?}");
    assert!(codes.iter().all(|code| [0, -46, -47].contains(code)), "{codes:?}");
    sandbox.wait_for("ONCE", "state:        signed");
    assert_eq!(sandbox.code(&body), -46);
    // The balance paid for one.
    assert!(sandbox.admin(&["token", "list"]).contains("balance 999999 "));
}

/// Covers P-18, P-40: an order whose document is still being signed is answered -47.
#[test]
fn tells_an_order_that_is_being_signed() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let short = order(&sandbox.token(), "SLOW");
    let mut long = short.clone();
    // So many signatures take a while.
    let place = json!({"pagenumber": 1, "position": "0.1,0.1,0.3,0.2"});
    long["signerlist"][0]["signlist"] = vec![place; 600].into();
    assert_eq!(sandbox.code(&long), 0);
    assert_eq!(sandbox.code(&short), -47);
}

/// Covers P-5, P-6: any legal JSON, names in any letter case, unknown fields, a byte order mark.
#[test]
fn reads_any_legal_json() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "JSON-1");
    let map = body.as_object_mut().unwrap();
    let (number, signers) = (map.remove("orderNumber").unwrap(), map.remove("signerlist").unwrap());
    map.insert("ordernumber".into(), number);
    map.insert("SIGNERLIST".into(), signers);
    map.insert("reserved".into(), json!({"for": ["later"]}));
    let pretty = serde_json::to_string_pretty(&body).unwrap().replace('\n', "\r\n").replace('/', "\\/");
    let (status, answer) = sandbox.post(format!("\u{feff}{pretty}").as_bytes(), "text/json");
    assert_eq!((status, code(&answer)), (200, 0), "{answer}");
}

/// Covers P-5: the same JSON in a form: bare or URL-encoded, as the body or as a field's value.
#[test]
fn reads_orders_in_forms() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let encoded = |text: &str| -> String {
        text.bytes()
            .map(|byte| match byte {
                b' ' => "+".to_owned(),
                byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect()
    };
    for at in 0..4 {
        let json = order(&sandbox.token(), &format!("FORM {at}")).to_string();
        let body = match at {
            0 => json,
            1 => format!("data={json}"),
            2 => encoded(&json),
            _ => format!("v=1&data={}&sign=none", encoded(&json)),
        };
        let kind = "application/x-www-form-urlencoded; charset=utf-8";
        let (status, answer) = sandbox.post(body.as_bytes(), kind);
        assert_eq!((status, code(&answer)), (200, 0), "shape {at}: {answer}");
    }
}

/// Covers P-18: what is no JSON, or no JSON object.
#[test]
fn refuses_what_is_no_json() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    for body in ["", "{", "[]", "null", "{\"a\":1,}", "{}x", "a=1", "\u{feff}", "{\"a\":\"\\x\"}"] {
        for kind in ["application/json", "application/x-www-form-urlencoded"] {
            let (status, answer) = sandbox.post(body.as_bytes(), kind);
            assert_eq!((status, code(&answer)), (200, -63), "{body} as {kind}: {answer}");
        }
    }
    assert_eq!(sandbox.code(&json!({})), -100);
}

/// Covers P-18: bulk that is not base64, or names a file of the platform's machine, is refused.
#[test]
fn takes_bulk_only_as_base64() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    for bulk in
        [json!("%%%%"), json!({"path": "/etc/passwd"}), json!({"attachment": 0}), json!(["QUJD"]), json!(7)]
    {
        for field in ["filebase", "signerlist[0].pic"] {
            let mut body = order(&sandbox.token(), "BULK");
            match field {
                "filebase" => body["filebase"] = bulk.clone(),
                _ => body["signerlist"][0]["pic"] = bulk.clone(),
            }
            let answer = sandbox.order(&body);
            assert_eq!((code(&answer), answer["field"].as_str()), (-79, Some(field)), "{answer}");
        }
    }
}

/// Covers P-18: documents that cannot be signed are refused when they come in, with the field.
#[test]
fn refuses_documents_that_cannot_be_signed() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let page = "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>".to_owned();
    let pages = "<< /Type /Pages /Kids [3 0 R] /Count 1 >>".to_owned();
    let acting = |action: &str| {
        pdf(&[format!("<< /Type /Catalog /Pages 2 0 R /OpenAction {action} >>"), pages.clone(), page.clone()])
    };
    let kind = |kind: &str| {
        let catalog = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S 4 0 R /F (cmd.exe) >> >>".to_owned();
        pdf(&[catalog, pages.clone(), page.clone(), kind.to_owned(), "/Launch".to_owned()])
    };
    let cases: [(&str, Vec<u8>, i64); 9] = [
        ("no PDF", b"PK\x03\x04 a Word document".to_vec(), -79),
        ("cut", small_pdf(2)[..200].to_vec(), -79),
        ("no pages", small_pdf(0), -79),
        ("JavaScript", acting("<< /S /JavaScript /JS (app.alert\\(1\\)) >>"), -61),
        (
            "twice",
            acting(
                "<< /S /GoTo /S /JavaScript /D [3 0 R /Fit] /JS (AFDate_Format\\(0\\)) /JS (app.alert\\(1\\)) >>",
            ),
            -61,
        ),
        ("Launch", acting("<< /S /Launch /F (cmd.exe) >>"), -61),
        ("Launch in an object of its own", kind("/Launch"), -61),
        ("Launch at the end of a chain", kind("5 0 R"), -61),
        ("a program", b"MZ\x90\x00".to_vec(), -61),
    ];
    for (what, document, expected) in cases {
        let mut body = order(&sandbox.token(), "DOC");
        body["filebase"] = json!(encode(&document));
        let answer = sandbox.order(&body);
        assert_eq!(code(&answer), expected, "{what}: {answer}");
    }
    let mut body = order(&sandbox.token(), "DOC");
    body["fileformat"] = json!("docx");
    assert_eq!(sandbox.order(&body)["field"], "fileformat");
    let mut body = order(&sandbox.token(), "DOC");
    body["signerlist"][1]["signlist"][0]["pagenumber"] = json!(3);
    assert_eq!(sandbox.order(&body)["field"], "signerlist[1].signlist[0].pagenumber");
    let mut body = order(&sandbox.token(), "DOC");
    body["signerlist"][1]["userName"] = json!("李\u{20bb7}");
    assert_eq!(sandbox.order(&body)["field"], "signerlist[1].userName");
}

/// Covers P-18: a seal picture that is too large is told with its field, its size and the limit, and the log has the
/// reason of every refusal.
#[test]
fn names_what_is_wrong_in_answer_and_log() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut large = Vec::new();
    let mut encoder = png::Encoder::new(&mut large, 9000, 9000);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::One);
    encoder.write_header().unwrap().write_image_data(&vec![0; 1125 * 9000]).unwrap();
    let mut body = order(&sandbox.token(), "LARGE");
    body["signerlist"][0]["stampbase"] = json!(encode(&large));
    let answer = sandbox.order(&body);
    assert_eq!((code(&answer), answer["field"].as_str()), (-61, Some("signerlist[0].stampbase")), "{answer}");
    let (en, zh) = (answer["message"].as_str().unwrap(), answer["message_zh"].as_str().unwrap());
    assert!(en.contains("9000 by 9000 pixels; at most 8192 a side") && en.is_ascii(), "{en}");
    assert!(zh.contains("9000×9000 像素；每边最多 8192 像素"), "{zh}");
    assert!(!zh.contains("picture") && !zh.contains("pixels"), "{zh}");
    // As a material it is not too large.
    let mut body = order(&sandbox.token(), "MATERIAL");
    body["signerlist"][0]["pic"] = json!(encode(&large));
    assert_eq!(sandbox.code(&body), 0);
    let script = "<< /Type /Catalog /Pages 2 0 R /OpenAction << /S /JavaScript /JS (app.alert\\(1\\)) >> >>";
    let pages = [
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] >>",
    ];
    let mut body = order(&sandbox.token(), "SCRIPT");
    body["filebase"] = json!(encode(&pdf(&[script.to_owned(), pages[0].to_owned(), pages[1].to_owned()])));
    let answer = sandbox.order(&body);
    assert!(
        answer["message"]
            .as_str()
            .unwrap()
            .contains("a script (JavaScript) under the catalogue's /OpenAction"),
        "{answer}"
    );
    let mut body = order(&sandbox.token(), "NAME");
    body["signerlist"][1]["userName"] = json!("李\u{20bb7}");
    sandbox.order(&body);
    let log = sandbox.log();
    for reason in ["9000 by 9000 pixels", "a script (JavaScript)", "order_number=\"NAME\""] {
        assert!(log.contains(reason), "{reason} in {log}");
    }
    assert!(!log.contains('\u{20bb7}'), "{log}");
}

/// Covers P-18: a thousand orders with bytes changed, cut and doubled: each is answered, nothing breaks down.
#[test]
fn survives_a_thousand_damaged_orders() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut chance = crate::crash::Chance(7);
    let mut codes = std::collections::BTreeMap::<i64, usize>::new();
    for at in 0..1000 {
        let mut bytes = order(&sandbox.token(), &format!("DAMAGED-{at}")).to_string().into_bytes();
        for _ in 0..=chance.below(4) {
            let place = chance.below(bytes.len() as u64) as usize;
            match chance.below(4) {
                0 => bytes.truncate(place.max(1)),
                1 => bytes.extend_from_within(place..),
                2 => drop(bytes.remove(place)),
                _ => bytes[place] = chance.below(256) as u8,
            }
        }
        let kind = if at % 2 == 0 { "application/json" } else { "application/x-www-form-urlencoded" };
        let (status, answer) = sandbox.post(&bytes, kind);
        assert_eq!(status, 200, "{at}: {answer}");
        *codes.entry(code(&answer)).or_default() += 1;
    }
    println!("answers by code: {codes:?}");
    assert!(!codes.contains_key(&-69), "{codes:?}: {}", sandbox.log());
    assert!(!sandbox.log().contains("panicked"), "{}", sandbox.log());
    assert_eq!(sandbox.code(&order(&sandbox.token(), "WHOLE")), 0);
}

/// Covers P-16: empty material is taken only where the platform is set to know its signers.
#[test]
fn takes_empty_material_by_a_setting() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let mut body = order(&sandbox.token(), "EMPTY");
    body["signerlist"][0]["pic"] = json!("");
    body["signerlist"][0]["otherpic"] = json!("");
    assert_eq!(sandbox.code(&body), -57);
    assert!(sandbox.signal("TERM").success());
    std::fs::write(data.join("settings.json"), r#"{"allow_empty_material": true}"#).unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    assert_eq!(sandbox.code(&body), 0);
}

/// No identity number, password, token or document is in the log.
#[test]
fn keeps_secrets_out_of_the_log() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let sandbox = Sandbox::start(&data, &[]);
    let mut body = order(&sandbox.token(), "LOG");
    body["password"] = json!("geheim-7731");
    assert_eq!(sandbox.code(&body), 0);
    sandbox.wait_for("LOG", "state:        signed");
    assert_eq!(sandbox.code(&body), -46);
    let token = sandbox.token();
    let log = sandbox.log();
    for secret in ["geheim-7731", "11010519491231002X", "91350100M000100Y43", "李明", &token] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
    // The password is forgotten once it has served.
    let database = rusqlite::Connection::open(data.join("wosigndoc.db")).unwrap();
    let password: Option<String> =
        database.query_row("SELECT password FROM orders", [], |row| row.get(0)).unwrap();
    assert_eq!(password, None);
    drop(database);
    // Nor is it anywhere in the file.
    assert!(sandbox.signal("TERM").success());
    let bytes = std::fs::read(data.join("wosigndoc.db")).unwrap();
    assert!(!bytes.windows(11).any(|window| window == b"geheim-7731"));
}
