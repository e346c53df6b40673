//! Orders at the edges: bulk that is none, nothing to sign, no place to sign at, far too much of everything.

use serde_json::json;
use tempfile::tempdir;

use crate::sandbox::{Sandbox, code, exchange, order, request, small_pdf};

/// Covers P-18, P-3, P-19: what is wrong with bulk is told last, wherever it stands in the body: after action, token,
/// certificate, signers and material.
#[test]
fn tells_bad_bulk_in_its_turn() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let rest = order(&sandbox.token(), "TURN");
    let rest = rest.to_string();
    let rest = rest.trim_start_matches('{').replace("\"filebase\"", "\"old\"");
    for bulk in [
        r#""filebase":"%%""#,
        r#""filebase":{"path":"/etc/passwd"}"#,
        r#""filebase":"QQ==","FILEBASE":"QQ==""#,
    ] {
        let post = |from: &str, to: &str| {
            let body = format!("{{{bulk},{}", rest.replace(from, to));
            let answer = sandbox.post(body.as_bytes(), "application/json").1;
            (code(&answer), answer["field"].as_str().unwrap_or_default().to_owned())
        };
        assert_eq!(post("\"actiontype\"", "\"x\"").0, -100);
        assert_eq!(post("CreateSignOrder", "Query").0, -64);
        assert_eq!(post(&sandbox.token(), "nobody").0, -65);
        // One that is there but is no text is a name that nobody has.
        assert_eq!(post(&format!("\"{}\"", sandbox.token()), "{}").0, -65);
        assert_eq!(post("\"signType\":1", "\"signType\":3").0, -49);
        assert_eq!(post("李明", "").0, -53);
        assert_eq!(post("x", "x"), (-79, "filebase".to_owned()), "{bulk}");
        let body = format!("{{{bulk},{rest}");
        let anonymous =
            exchange(sandbox.connect_as(None), &request("POST", "/", "application/json", body.as_bytes()));
        assert_eq!(code(&anonymous.unwrap().1), -80);
    }
    assert_eq!(std::fs::read_dir(sandbox.path("documents/incoming")).unwrap().count(), 0);
}

/// A name goes into a certificate: no control characters, also where a picture spares the platform its drawing.
#[test]
fn refuses_control_characters_in_names() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    for (at, name, text) in
        [(0, "orgName", "云杉\u{0}软件"), (0, "orgNo", "9135\u{7}01"), (1, "userName", "李\u{85}明")]
    {
        let mut body = order(&sandbox.token(), "CONTROL");
        body["signerlist"][at]["stampbase"] = body["signerlist"][at]["pic"].clone();
        body["signerlist"][at][name] = text.into();
        let answer = sandbox.order(&body);
        assert_eq!(
            (code(&answer), answer["field"].as_str()),
            (-79, Some(&*format!("signerlist[{at}].{name}")))
        );
    }
    let mut body = order(&sandbox.token(), "CONTROL");
    body["signerlist"][1]["userName"] = "李明\n".into();
    assert_eq!(sandbox.code(&body), 0);
}

/// Covers P-11: an order with neither document nor template is told so.
#[test]
fn wants_a_document_or_a_template() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "NEITHER");
    body["filebase"] = json!("");
    let answer = sandbox.order(&body);
    assert_eq!((code(&answer), answer["field"].as_str()), (-79, Some("filebase")), "{answer}");
}

/// Covers P-13: a signer for whom neither order nor template has a place is refused: the document would come back
/// without its signature.
#[test]
fn wants_a_place_for_every_signer() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let document = folder.path().join("own.pdf");
    std::fs::write(&document, small_pdf(1)).unwrap();
    let add = |signers: &str| {
        let words =
            ["template", "add", "own", "--document", document.to_str().unwrap(), "--signers", signers];
        crate::sandbox::admin(&sandbox.path(""), &words)
    };
    for (wrong, told) in [
        (r#"[{"signType":3,"signlist":[]}]"#, "signType"),
        (r#"[{"signType":1,"signlist":[{"pagenumber":2,"position":"0,0,1,1"}]}]"#, "no page 2"),
        (r#"[{"signType":1,"signlist":[{"pagenumber":1,"position":"0.5,0,0.4,1"}]}]"#, "left"),
        ("[]", "none"),
    ] {
        let done = add(wrong);
        assert!(!done.status.success() && String::from_utf8(done.stderr).unwrap().contains(told), "{wrong}");
    }
    assert!(add(r#"[{"signType":1,"signlist":[]},{"signType":2,"signlist":[]}]"#).status.success());
    let mut body = order(&sandbox.token(), "NOWHERE");
    body["tempid"] = json!("own");
    body["signerlist"][1].as_object_mut().unwrap().remove("signlist");
    let answer = sandbox.order(&body);
    assert_eq!((code(&answer), answer["field"].as_str()), (-79, Some("signerlist[1].signlist")), "{answer}");
}

/// Covers P-18: lists and texts beyond all measure are refused, and quickly, whoever sends them.
#[test]
fn bounds_lists_and_texts() {
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let mut body = order(&sandbox.token(), "MANY");
    body["signerlist"] = vec![json!({}); 300_000].into();
    body["tokenid"] = json!("nobody");
    let request = request("POST", "/", "application/json", body.to_string().as_bytes());
    // Incomplete signers come first.
    assert_eq!(code(&exchange(sandbox.connect_as(None), &request).unwrap().1), -100);
    let mut body = order(&sandbox.token(), "MANY");
    body["signerlist"] = vec![body["signerlist"][1].clone(); 201].into();
    assert_eq!(sandbox.code(&body), -48);
    let mut body = order(&sandbox.token(), "MANY");
    let place = json!({"pagenumber": 1, "position": "0.1,0.1,0.3,0.2"});
    for (first, second) in [(1001, 1), (600, 401)] {
        body["signerlist"][0]["signlist"] = vec![place.clone(); first].into();
        body["signerlist"][1]["signlist"] = vec![place.clone(); second].into();
        assert_eq!(sandbox.code(&body), -79);
    }
    let long = json!("9".repeat(257));
    for (pointer, field) in [("/orderNumber", "orderNumber"), ("/signerlist/0/orgNo", "signerlist[0].orgNo")]
    {
        let mut body = order(&sandbox.token(), "LONG");
        *body.pointer_mut(pointer).unwrap() = long.clone();
        let answer = sandbox.order(&body);
        assert_eq!((code(&answer), answer["field"].as_str()), (-79, Some(field)), "{answer}");
    }
}

/// A stranger's documents are not written to the disk at all.
#[test]
fn keeps_nothing_of_strangers() {
    use std::io::Write;
    let folder = tempdir().unwrap();
    let sandbox = Sandbox::start(&folder.path().join("data"), &[]);
    let body = order(&sandbox.token(), "STRANGER").to_string();
    let half = &body[..body.len() / 2];
    let incoming = || std::fs::read_dir(sandbox.path("documents/incoming")).unwrap().count();
    let send = |identity: Option<&std::path::Path>| {
        let mut stream = sandbox.connect_as(identity);
        write!(stream, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: {}\r\n\r\n{half}", body.len())
            .unwrap();
        stream.flush().unwrap();
        stream
    };
    let _known = send(Some(&sandbox.path("client")));
    while incoming() == 0 {
        std::thread::sleep(std::time::Duration::from_millis(50));
    }
    let _stranger = send(None);
    // Long enough for the half to be read; an order that comes later is answered meanwhile.
    std::thread::sleep(std::time::Duration::from_millis(500));
    assert_eq!(sandbox.code(&order(&sandbox.token(), "LATER")), 0);
    assert_eq!(incoming(), 1);
}

/// A name that the built-in font cannot write is signed with a further one.
#[test]
fn writes_rare_names_with_a_further_font() {
    let folder = tempdir().unwrap();
    let data = folder.path().join("data");
    let font = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/rare.ttf");
    let sandbox = Sandbox::start(&data, &["--font", font]);
    let mut body = order(&sandbox.token(), "RARE");
    body["signerlist"][1]["userName"] = json!("王堃");
    assert_eq!(sandbox.code(&body), 0);
    sandbox.wait_for("RARE", "state:        signed");
    assert!(sandbox.signal("TERM").success());
    // From the settings, named from the data folder on.
    std::fs::copy(font, data.join("rare.ttf")).unwrap();
    std::fs::write(data.join("settings.json"), r#"{"font": "rare.ttf"}"#).unwrap();
    let sandbox = Sandbox::start(&data, &[]);
    body["orderNumber"] = json!("RARE-2");
    assert_eq!(sandbox.code(&body), 0);
}
