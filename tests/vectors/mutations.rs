//! A thousand damaged pushes and orders: never a panic, and never a document that is not the one that
//! was sent. Seeded, so that every run tries the same ones.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use wosigndoc::protocol::hex;
use wosigndoc::protocol::order::DocumentSource;
use wosigndoc::protocol::push;
use wosigndoc::protocol::scan::{Bulk, Dialect, Limits, Scanner, Start};
use wosigndoc::protocol::stream::Plan;
use wosigndoc::protocol::validate::{Context, validate};
use wosigndoc::protocol::{Reason, SignOrder, wire};
use wosigndoc::push::{Options, Received, Receiver, Sink, receive};

const MUTATIONS: usize = 1000;

/// xorshift64*.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        (self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 33) as usize % limit.max(1)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }
}

const PIECES: &[&[u8]] = &[
    b"\"",
    b"\\",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"null",
    b"true",
    b"0",
    b"-1e999",
    b"\\u0000",
    b"\\ud800",
    b"\\/",
    b"=",
    b"\xff",
    b"\xef\xbb\xbf",
    b"\n",
    b"\"content\":",
    b"\"pic\":{\"path\":\"/etc/passwd\"}",
    b"&",
    b"99999999999999999999",
    b"\\\\",
    b"/",
    b"A",
];

/// One to three changes of one kind each: a bit, a byte, something in or out, two places swapped, the end.
fn mutate(original: &[u8], random: &mut Random) -> Vec<u8> {
    let mut text = original.to_vec();
    for _ in 0..=random.below(3) {
        let at = random.below(text.len());
        let other = random.below(text.len());
        match random.below(7) {
            0 => text[at] ^= 1 << random.below(8),
            1 => text[at] = random.below(256) as u8,
            2 => drop(text.splice(at..at, random.pick(PIECES).iter().copied())),
            3 => drop(text.drain(at..text.len().min(at + 1 + random.below(8)))),
            4 => text.swap(at, other),
            5 => drop(text.splice(at..at, original[..other.min(original.len())].to_vec())),
            _ => text.truncate(at),
        }
        if text.is_empty() {
            break;
        }
    }
    text
}

fn document() -> Vec<u8> {
    (0..9000u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 11) as u8).collect()
}

/// The same push in the shapes that the field knows.
fn pushes() -> Vec<Vec<u8>> {
    let document = document();
    let written = |plan: Plan<&[u8]>| plan.into_pieces().collect().unwrap();
    let sha256 = hex::encode(&Sha256::digest(&document));
    let plain = written(push::signed("s-1", "A-1", document.as_slice(), document.len() as u64, &sha256));
    let text = String::from_utf8(plain.clone()).unwrap();
    let start = text.find("{\"signid\"").unwrap();
    let extend = &text[start..text.len() - 1];
    let in_string = format!("{}{}}}", &text[..start], serde_json::Value::from(extend));
    let in_array = format!("{}[{extend}]}}", &text[..start]);
    let failed = written(push::failed("s-1", "A-1", &[-50, -61]));
    vec![plain, text.replace('/', "\\/").into_bytes(), in_string.into_bytes(), in_array.into_bytes(), failed]
}

fn in_pieces(body: &[u8], random: &mut Random) -> Result<Received, wosigndoc::protocol::Error> {
    let mut receiver = Receiver::open(Options::default(), Sink::Owned)?;
    let mut rest = body;
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(1 + random.below(rest.len().min(5000)));
        receiver.feed(piece)?;
        rest = later;
    }
    receiver.finish()
}

/// Covers P-30, P-31: a damaged push is refused, or it still holds the very document; whole or in pieces.
#[test]
fn damaged_pushes_never_pass_for_whole() {
    let mut random = Random(20_261_124);
    let originals = pushes();
    let document = document();
    let (mut refused, mut unharmed) = (0, 0);
    for n in 0..MUTATIONS {
        let body = mutate(&originals[n % originals.len()], &mut random);
        let whole = receive(&body, Options::default(), Sink::Owned);
        let pieces = in_pieces(&body, &mut random);
        assert_eq!(whole, pieces, "mutation {n}");
        match whole {
            Ok(received) if received.signed => {
                assert!(received.document.as_ref() == Some(&document), "mutation {n}");
                unharmed += 1;
            }
            Ok(received) => assert_eq!(received.document, None, "mutation {n}"),
            Err(_) => refused += 1,
        }
    }
    // Most changes hurt; some hit a blank place (an unknown field, a letter's case) and must not.
    assert!(refused > MUTATIONS * 3 / 4 && unharmed > 0, "{refused} refused, {unharmed} unharmed");
}

fn order() -> Vec<u8> {
    let material = STANDARD.encode(&document()[..300]);
    format!(
        r#"{{"tokenid":"t","actiontype":"CreateSignOrder","tempid":"","subject":"租赁合同","password":"pw",
        "filebase":"{material}","fileformat":"pdf","orderNumber":"A-1","signerlist":[
        {{"signType":1,"orgName":"沃通","orgNo":"440301103308619","stampbase":"{material}","pic":"{material}",
          "otherpic":"QQ==","signlist":[{{"pagenumber":1,"position":"0.3,0.57,0.46,0.69"}}]}},
        {{"signType":"2","userName":"张三","userNo":"11010519491231002X","country":"CN","pic":"QUI=",
          "otherpic":"QUJD","Signlist":[{{"page":2,"left":0.1,"bottom":0.1,"right":0.2,"top":0.2}}]}}]}}"#
    )
    .into_bytes()
}

/// Covers P-18: a damaged order is read and judged, or refused; what is judged good can be laid out.
#[test]
fn damaged_orders_are_judged() {
    let mut random = Random(4711);
    let original = order();
    let (mut refused, mut good) = (0, 0);
    for _ in 0..MUTATIONS {
        let body = mutate(&original, &mut random);
        let (order, findings) = match SignOrder::from_json(&body) {
            Ok(read) => read,
            Err(error) => {
                assert_eq!(error.reason(), Reason::BadJson);
                refused += 1;
                continue;
            }
        };
        let context = Context { allow_empty_material: false, length_of: &|_| Some(1) };
        if let Ok(valid) = validate(&order, findings, &context).outcome {
            wire::plan(&valid, "t", &|_, _| Ok(((), 1))).unwrap();
            good += 1;
        }
    }
    assert!(refused > MUTATIONS / 4 && good > 0, "{refused} refused, {good} good");
}

/// Takes bulk and forgets it.
struct Nowhere([u8; 4096]);

impl Bulk for Nowhere {
    type Error = std::convert::Infallible;

    fn begin(&mut self, _: &Start<'_>) -> Result<(), Self::Error> {
        Ok(())
    }

    fn space(&mut self) -> Result<&mut [u8], Self::Error> {
        Ok(&mut self.0)
    }

    fn advance(&mut self, _: usize) -> Result<(), Self::Error> {
        Ok(())
    }

    fn put(&mut self, _: &[u8]) -> Result<(), Self::Error> {
        Ok(())
    }

    fn end(&mut self) -> Result<(), Self::Error> {
        Ok(())
    }
}

/// Covers P-5, P-18: whatever comes over the network, no order that the scanner lets pass names a file.
#[test]
fn damaged_orders_never_name_a_file() {
    let mut random = Random(815);
    let original = order();
    let mut passed = 0;
    for n in 0..MUTATIONS {
        let body = mutate(&original, &mut random);
        let mut scanner = Scanner::new(Dialect::Order, Limits::default(), Nowhere([0; 4096]));
        if scanner.feed(&body).is_err() {
            continue;
        }
        let Ok((serde_json::Value::Object(envelope), _)) = scanner.finish() else { continue };
        let (order, _) = SignOrder::from_map(&envelope);
        let signers = order.signers.iter().flatten();
        let sources = signers.flat_map(|signer| [&signer.stampbase, &signer.pic, &signer.otherpic]);
        for source in sources.chain([&order.filebase]).flatten() {
            assert!(!matches!(source, DocumentSource::Path(_)), "mutation {n}");
        }
        passed += 1;
    }
    assert!(passed > 0);
}
