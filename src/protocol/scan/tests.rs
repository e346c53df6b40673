//! The scanner, cut into pieces in every way.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Bulk, Dialect, Limits, ScanFault, Scanner, Start};

/// Gathers bulk strings in memory.
#[derive(Debug, Default, PartialEq)]
struct Gather {
    found: Vec<(String, Vec<u8>)>,
    hash: Option<Vec<u8>>,
    ended: usize,
    space: Vec<u8>,
}

impl Bulk for Gather {
    type Error = String;

    fn begin(&mut self, start: &Start<'_>) -> Result<(), String> {
        assert_eq!((start.index, self.ended), (self.found.len(), self.found.len()));
        self.found.push((start.field.to_owned(), Vec::new()));
        self.hash = start.hash.map(<[u8]>::to_vec);
        Ok(())
    }

    fn space(&mut self) -> Result<&mut [u8], String> {
        self.space.resize(super::DECODED_BLOCK, 0);
        Ok(&mut self.space)
    }

    fn advance(&mut self, count: usize) -> Result<(), String> {
        let bytes = self.space[..count].to_vec();
        self.put(&bytes)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.found.last_mut().unwrap().1.extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self) -> Result<(), String> {
        self.ended += 1;
        Ok(())
    }
}

type Verdict = Result<(Value, Vec<(String, Vec<u8>)>), ScanFault<String>>;

fn scan_pieces(dialect: Dialect, limits: Limits, pieces: &[&[u8]]) -> Verdict {
    let mut scanner = Scanner::new(dialect, limits, Gather::default());
    for piece in pieces {
        scanner.feed(piece)?;
    }
    let (envelope, gather) = scanner.finish()?;
    assert_eq!(gather.ended, gather.found.len());
    Ok((envelope, gather.found))
}

fn scan(dialect: Dialect, body: impl AsRef<[u8]>) -> Verdict {
    scan_pieces(dialect, Limits::default(), &[body.as_ref()])
}

fn fault(dialect: Dialect, body: impl AsRef<[u8]>) -> ScanFault<String> {
    scan(dialect, body).unwrap_err()
}

fn malformed(fault: &ScanFault<String>) -> bool {
    matches!(fault, ScanFault::Malformed(..))
}

/// The verdict must not depend on where the body is cut: in two at every place, and byte by byte.
fn same_however_cut(dialect: Dialect, limits: Limits, body: &[u8]) -> Verdict {
    let whole = scan_pieces(dialect, limits, &[body]);
    let shown = String::from_utf8_lossy(body);
    for at in 0..=body.len() {
        let (head, tail) = body.split_at(at);
        assert_eq!(scan_pieces(dialect, limits, &[head, b"", tail]), whole, "cut at {at}: {shown}");
    }
    let bytes: Vec<&[u8]> = body.chunks(1).collect();
    assert_eq!(scan_pieces(dialect, limits, &bytes), whole, "byte by byte: {shown}");
    whole
}

const SMALL: &[&str] = &[
    r#"{"actiontype":"PushSignedDoc","status":1,"extendData":{"signid":"a","content":"JVBERi0xLjc=","hash":"00"}}"#,
    r#"{ "ExtendData" : [ { "CONTENT" : "AP\/\/\u0051\u0055FB\r\nQQ==" , "hash":null } ] , "x" : [1, -2.5e3, true, {}] } "#,
    r#"{"extendData":"{\"hash\":\"q\\u0041\",\"\\u0063ontent\":\"\\\/\\\/\\u0041A\\r\\nJV\u0042E\",\"s\":\"\ud83d\ude00\"}"}"#,
    r#"{"extendData":"{\"content\":\"JVBE!\"}"}"#,
    r#"{"extendData":{"content":"QUJD\q"}}"#,
    r#"{"extendData":{"content":"!!!!\q"}}"#,
    r#"{"extendData":{"content":"QQ==QQ=="}}"#,
    r#"{"extendData":{"content":"QQ="}}"#,
    r#"{"extendData":{"content":"Q"}}"#,
    r#"{"extendData":{"content":"QUI"}}"#,
    r#"{"extendData":{"content":12}}"#,
    r#"{"extendData":{"content":""},"a":"\ud800"}"#,
    r#"{"extendData":"{\"a\":1"}"#,
    r#"{"extendData":"  "}"#,
    r#"{"extendData":"{\"a\": nul}"}"#,
    r#"{"extendData":"null"}"#,
    "{\"extendData\":\"{\\\"content\\\":\\\"!!!!\\\"\u{1}\"}",
    r#"{"extendData":{"content":"QUJD","Content":"QUJD"}}"#,
    "\u{feff}{\"a\":\"中文\"}",
    r#"{"a":1}}"#,
    r#"{"a":1,}"#,
    r#"{"a":[1,]}"#,
    r#"{"a" 1}"#,
    r#"["a"]"#,
    r#"{"a":{"b":[{"c":1}]}}"#,
    r#"{"a":1"#,
    "",
];

/// Covers P-5: the verdict on a body does not depend on how the network cuts it.
#[test]
fn pieces_do_not_matter() {
    for body in SMALL {
        same_however_cut(Dialect::Push, Limits::default(), body.as_bytes()).ok();
    }
    let tight = Limits { body: 60, envelope: 40, depth: 3 };
    for body in SMALL {
        same_however_cut(Dialect::Push, tight, body.as_bytes()).ok();
    }
    let order = r#"{"FileBase":"JVBERi0xLjc=","signerList":[{"pic":"QUJD","otherpic":""},{"\u0070ic":"\u0051UI","STAMPBASE":"QQ=="}]}"#;
    same_however_cut(Dialect::Order, Limits::default(), order.as_bytes()).unwrap();
}

/// Covers P-5: field names in any letter case, escapes, arrays and strings that hold the object.
#[test]
fn takes_the_content_out_of_every_shape() {
    let inner = r#"{"signid":"s","content":"AP\/\u002fQQ==","hash":"h"}"#;
    let in_string = serde_json::to_string(inner).unwrap();
    for shape in [inner.to_owned(), format!("[{inner}]"), in_string] {
        let body = format!(r#"{{"status":1,"extendData":{shape}}}"#);
        let (envelope, found) = same_however_cut(Dialect::Push, Limits::default(), body.as_bytes()).unwrap();
        let object = json!({"signid": "s", "content": {"attachment": 0}, "hash": "h"});
        let expected = if shape.starts_with('[') { json!([object]) } else { object };
        assert_eq!(envelope, json!({"status": 1, "extendData": expected}));
        assert_eq!(found, [("extendData.content".to_owned(), vec![0, 0xff, 0xff, 0x41])]);
    }
}

/// Line breaks that encoders for MIME put into base64, and missing padding.
#[test]
fn base64_in_the_field() {
    let ok = |content: &str| {
        let body = format!(r#"{{"extendData":{{"content":"{content}"}}}}"#);
        scan(Dialect::Push, body).map(|(_, found)| found.into_iter().next().map(|(_, bytes)| bytes))
    };
    assert_eq!(ok("QUJD\\r\\nQUJD\\n"), Ok(Some(b"ABCABC".to_vec())));
    assert_eq!(ok("QQ"), Ok(Some(b"A".to_vec())));
    assert_eq!(ok("QQ==\\n"), Ok(Some(b"A".to_vec())));
    assert_eq!(ok(""), Ok(None));
    assert_eq!(ok("\\r\\n"), Ok(None));
    for bad in ["Q", "QQ=", "QR==", "QQ==QQ==", "QUJ-", "QU JD", "QUJD\n", "\\tQUJD", "QUJDé", "====", "="] {
        assert_eq!(ok(bad), Err(ScanFault::NotBase64("extendData.content".into())), "{bad:?}");
    }
}

/// Bulk larger than every block and piece, at every alignment, with and without escapes.
#[test]
fn long_content() {
    let document: Vec<u8> = (0..40_001u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
    let plain = STANDARD.encode(&document);
    let lines: Vec<&str> = plain.as_bytes().chunks(76).map(|l| std::str::from_utf8(l).unwrap()).collect();
    let unicode: String = plain.bytes().map(|byte| format!("\\u{byte:04x}")).collect();
    for content in [&plain, &plain.replace('/', "\\/"), &lines.join("\\r\\n"), &unicode] {
        let object = format!(r#"{{"content":"{content}"}}"#);
        let in_string = serde_json::to_string(&object).unwrap();
        for shape in [&object, &in_string] {
            let body = format!(r#"{{"extendData":{shape}}}"#);
            for size in [1, 3, 61, 100, 1000, 4095, 4096, 4097, 65_536, usize::MAX] {
                let pieces: Vec<&[u8]> = body.as_bytes().chunks(size.min(body.len())).collect();
                let (_, found) = scan_pieces(Dialect::Push, Limits::default(), &pieces).unwrap();
                assert!(found[0].1 == document, "pieces of {size}");
            }
        }
    }
}

/// What is not legal JSON anywhere in the body.
#[test]
fn refuses_what_is_not_json() {
    let bad = [
        "x",
        "12",
        "\"a\"",
        "[]",
        "{} x",
        "{}{}",
        "{]",
        "{\"a\"}",
        "{\"a\":}",
        "{\"a\":1 2}",
        "{a:1}",
        "{\"a\":01}",
        "{\"a\":tru}",
        "{\"a\":+1}",
        "{\"a\":\"\t\"}",
        "{\"a\":\"\\x\"}",
        "{\"a\":[1 2]}",
        "{,}",
        "{\"a\":1,,\"b\":2}",
        "{\"a\":.5}",
        "\u{feff}\u{feff}{}",
        "{\"extendData\":\"x\"}",
        "{\"extendData\":\"{}{}\"}",
        "{\"extendData\":\"\\\"{}\\\"\"}",
        "{\"extendData\":{\"content\":\"\\ud800\"}}",
        "{\"extendData\":{\"content\":\"\\u00g0\"}}",
        "{\"extendData\":\"{\\\"a\\\":\\\"\\n\\\"}\"}",
    ];
    for body in bad {
        let found = fault(Dialect::Push, body);
        assert!(malformed(&found), "{body:?}: {found:?}");
    }
    for body in [&b"\xef\xbb{}"[..], b"\xef{}"] {
        assert!(malformed(&fault(Dialect::Push, body)), "{body:?}");
    }
}

/// A body that ends early is told from one that is wrong.
#[test]
fn tells_cut_from_malformed() {
    let body = SMALL[0];
    for end in 0..body.len() {
        assert_eq!(fault(Dialect::Push, &body[..end]), ScanFault::Cut, "{}", &body[..end]);
    }
    assert!(scan(Dialect::Push, body).is_ok());
}

/// Bodies, envelopes and depths at their limits.
#[test]
fn keeps_the_limits() {
    let body = br#"{"a":[[1]],"extendData":"{\"content\":\"QUJD\",\"x\":[]}"}"#;
    let envelope = br#"{"a":[[1]],"extendData":{"content":{"attachment":0},"x":[]}}"#;
    let limits = Limits { body: body.len() as u64, envelope: envelope.len(), depth: 3 };
    let with = |limits| same_however_cut(Dialect::Push, limits, body);
    assert!(with(limits).is_ok());
    assert_eq!(with(Limits { body: limits.body - 1, ..limits }), Err(ScanFault::BodyTooLarge));
    assert_eq!(with(Limits { envelope: limits.envelope - 1, ..limits }), Err(ScanFault::EnvelopeTooLarge));
    assert_eq!(with(Limits { depth: 2, ..limits }), Err(ScanFault::TooDeep));
    let blank = format!("{{{}}}", " ".repeat(1 << 20));
    assert!(scan(Dialect::Push, blank).is_ok(), "blanks are not kept");
    let deep = "[".repeat(1 << 20);
    assert_eq!(fault(Dialect::Push, format!("{{\"a\":{deep}")), ScanFault::TooDeep);
    let deepest = Limits { depth: usize::MAX, ..Limits::default() };
    let body = format!("{{\"a\":{}{}}}", "[".repeat(super::MAX_DEPTH - 1), "]".repeat(super::MAX_DEPTH - 1));
    assert!(scan_pieces(Dialect::Push, deepest, &[body.as_bytes()]).is_ok());
}

/// Nothing from the network may say where bulk comes from: a string or null, or a refusal that names it.
#[test]
fn only_strings_are_bulk_in_an_order() {
    let text = |path: &str| ScanFault::NotText(path.to_owned());
    for (body, path) in [
        (r#"{"filebase":{"path":"/etc/passwd"}}"#, "filebase"),
        (r#"{"FILEBASE":{"attachment":0}}"#, "filebase"),
        (r#"{"f\u0069lebase":["x"]}"#, "filebase"),
        (r#"{"signerlist":[{},{"otherPic":{"path":"x"}}]}"#, "signerlist[1].otherpic"),
        (r#"{"signerlist":[{"a":[1,{"b":2}],"pic":true}]}"#, "signerlist[0].pic"),
        (r#"{"signerlist":[1,2,{"stampbase":0}]}"#, "signerlist[2].stampbase"),
    ] {
        assert_eq!(fault(Dialect::Order, body), text(path), "{body}");
    }
    let body = r#"{"filebase":null,"pic":{"path":"x"},"signerlist":[{"pic":"QQ==","a":{"pic":[1]}},{"pic":"","otherpic":"QUI="}]}"#;
    let (envelope, found) = scan(Dialect::Order, body).unwrap();
    assert_eq!(
        found,
        [("signerlist[0].pic".into(), b"A".to_vec()), ("signerlist[1].otherpic".into(), b"AB".to_vec())]
    );
    assert_eq!(envelope["signerlist"][0]["pic"], json!({"attachment": 0}));
    assert_eq!(envelope["signerlist"][1], json!({"pic": "", "otherpic": {"attachment": 1}}));
}

/// A field that leads to bulk stands once, whatever its letter case.
#[test]
fn refuses_bulk_given_twice() {
    for (dialect, body, path) in [
        (Dialect::Push, r#"{"extendData":{"content":"","CONTENT":"QQ=="}}"#, "extendData.content"),
        (Dialect::Push, r#"{"extendData":{},"extenddata":{"content":"QQ=="}}"#, "extendData"),
        (Dialect::Push, r#"{"extendData":{"hash":"a","hash":"b"}}"#, "extendData.hash"),
        (Dialect::Order, r#"{"filebase":"QQ==","filebase":"QQ=="}"#, "filebase"),
        (Dialect::Order, r#"{"signerlist":[],"SignerList":[]}"#, "signerlist"),
        (Dialect::Order, r#"{"signerlist":[{},{"pic":null,"Pic":""}]}"#, "signerlist[1].pic"),
    ] {
        assert_eq!(fault(dialect, body), ScanFault::Twice(path.into()), "{body}");
    }
}

/// A hash that stands before the content is known when the content begins.
#[test]
fn knows_an_early_hash() {
    for (body, hash) in [
        (r#"{"extendData":{"hash":"a\u0062","content":"QQ=="}}"#, Some(&br#""a\u0062""#[..])),
        (r#"{"extendData":"{\"hash\":\"ab\",\"content\":\"QQ==\"}"}"#, Some(br#""ab""#)),
        (r#"{"extendData":{"content":"QQ==","hash":"ab"}}"#, None),
        (r#"{"hash":"ab","extendData":{"content":"QQ=="}}"#, None),
    ] {
        let mut scanner = Scanner::new(Dialect::Push, Limits::default(), Gather::default());
        scanner.feed(body.as_bytes()).unwrap();
        assert_eq!(scanner.finish().unwrap().1.hash.as_deref(), hash, "{body}");
    }
}

/// After a failure nothing can make the body good again.
#[test]
fn stays_failed() {
    let mut scanner = Scanner::new(Dialect::Push, Limits::default(), Gather::default());
    assert!(scanner.feed(b"{]").is_err());
    assert_eq!(scanner.feed(b"{}"), Err(ScanFault::Spent));
    assert_eq!(scanner.finish().unwrap_err(), ScanFault::Spent);
}

/// A sink that notes faults and has the body read on.
#[derive(Default)]
struct Patient(Gather, Vec<ScanFault<String>>);

impl Bulk for Patient {
    type Error = String;

    fn begin(&mut self, start: &Start<'_>) -> Result<(), String> {
        self.0.begin(start)
    }

    fn space(&mut self) -> Result<&mut [u8], String> {
        self.0.space()
    }

    fn advance(&mut self, count: usize) -> Result<(), String> {
        self.0.advance(count)
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), String> {
        self.0.put(bytes)
    }

    fn end(&mut self) -> Result<(), String> {
        self.0.end()
    }

    fn fault(&mut self, fault: ScanFault<String>) -> Result<(), ScanFault<String>> {
        self.1.push(fault);
        Ok(())
    }
}

/// Covers P-18: a sink may take note of bulk that is none, and have the body read to its end, however it is cut.
#[test]
fn reads_on_past_faults_that_are_noted() {
    let long = "QUFB".repeat(3000);
    let body = format!(
        r#"{{"filebase":"{long}%{long}\/=","signerlist":[{{"pic":7,"otherpic":{{"path":"x"}}}},
           {{"pic":"QQ==","PIC":"QUI=","stampbase":"QQ==QQ==","otherpic":"Q"}}],"tokenid":"{long}"}}"#
    );
    for piece in [1, 7, 4096, 5000, body.len()] {
        let mut scanner = Scanner::new(Dialect::Order, Limits::default(), Patient::default());
        body.as_bytes().chunks(piece).for_each(|piece| scanner.feed(piece).unwrap());
        let (envelope, Patient(gather, faults)) = scanner.finish().unwrap();
        assert_eq!(envelope["tokenid"], long.as_str());
        assert_eq!(envelope["signerlist"][0], json!({"pic": 7, "otherpic": {"path": "x"}}));
        let field = str::to_owned;
        let expected = [
            ScanFault::NotBase64(field("filebase")),
            ScanFault::NotText(field("signerlist[0].pic")),
            ScanFault::NotText(field("signerlist[0].otherpic")),
            ScanFault::Twice(field("signerlist[1].pic")),
            ScanFault::NotBase64(field("signerlist[1].stampbase")),
            ScanFault::NotBase64(field("signerlist[1].otherpic")),
        ];
        assert_eq!(faults, expected, "in pieces of {piece}");
        // What comes after a fault is read as if nothing had been.
        assert!(gather.found.contains(&(field("signerlist[1].pic"), b"AB".to_vec())));
    }
}
