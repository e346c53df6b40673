//! An order of any bytes, as a host writes it and as it comes over the network.

#![no_main]

use std::convert::Infallible;

use libfuzzer_sys::fuzz_target;
use serde_json::Value;
use wosigndoc::protocol::order::DocumentSource;
use wosigndoc::protocol::scan::{Bulk, Dialect, Limits, ScanFault, Scanner, Start};
use wosigndoc::protocol::validate::{Context, validate};
use wosigndoc::protocol::{SignOrder, wire};

fuzz_target!(|input: &[u8]| {
    if let Ok((order, findings)) = SignOrder::from_json(input) {
        let context = Context { allow_empty_material: false, length_of: &|_| Some(1) };
        if let Ok(valid) = validate(&order, findings, &context).outcome {
            // What is judged good can be laid out, and what is laid out can be read.
            let plan = wire::plan(&valid, "t", &|_, _| Ok(((), 1))).unwrap();
            assert!(plan.content_length() > 0);
        }
    }
    let whole = scan(&[input]);
    for size in [1, 7, 64] {
        let pieces: Vec<&[u8]> = input.chunks(size).collect();
        assert_eq!(scan(&pieces), whole);
    }
    if let Ok((Value::Object(envelope), bulk)) = whole {
        let (order, _) = SignOrder::from_map(&envelope);
        let signers = order.signers.iter().flatten();
        let sources = signers.flat_map(|signer| [&signer.stampbase, &signer.pic, &signer.otherpic]);
        for source in sources.chain([&order.filebase]).flatten() {
            match source {
                // Nothing from the network names a file, and attachments are those that came.
                DocumentSource::Path(_) => panic!("a path from the network"),
                DocumentSource::Attachment(at) => assert!(*at < bulk.len()),
                DocumentSource::Base64(text) => assert!(text.is_empty()),
                DocumentSource::Bytes(_) => {}
            }
        }
    }
});

type Scanned = Result<(Value, Vec<Vec<u8>>), ScanFault<Infallible>>;

fn scan(pieces: &[&[u8]]) -> Scanned {
    let gather = Gather { found: Vec::new(), space: [0; 4096] };
    let mut scanner = Scanner::new(Dialect::Order, Limits::default(), gather);
    for piece in pieces {
        scanner.feed(piece)?;
    }
    scanner.finish().map(|(envelope, gather)| (envelope, gather.found))
}

struct Gather {
    found: Vec<Vec<u8>>,
    space: [u8; 4096],
}

impl Bulk for Gather {
    type Error = Infallible;

    fn begin(&mut self, start: &Start<'_>) -> Result<(), Infallible> {
        assert_eq!(start.index, self.found.len());
        self.found.push(Vec::new());
        Ok(())
    }

    fn space(&mut self) -> Result<&mut [u8], Infallible> {
        Ok(&mut self.space)
    }

    fn advance(&mut self, count: usize) -> Result<(), Infallible> {
        let bytes = self.space;
        self.put(&bytes[..count])
    }

    fn put(&mut self, bytes: &[u8]) -> Result<(), Infallible> {
        self.found.last_mut().unwrap().extend_from_slice(bytes);
        Ok(())
    }

    fn end(&mut self) -> Result<(), Infallible> {
        Ok(())
    }
}
