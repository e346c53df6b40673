//! A push of any bytes: the verdict is the same whole, in pieces and in every kind of memory, and what is
//! received matches its hash. The first byte chooses the pieces, the rest is the body.

#![no_main]

use libfuzzer_sys::fuzz_target;
use sha2::{Digest, Sha256};
use wosigndoc::protocol::hex;
use wosigndoc::protocol::{Error, Reason};
use wosigndoc::push::{Options, Received, Receiver, Sink, receive};

fuzz_target!(|input: &[u8]| {
    let Some((&first, body)) = input.split_first() else { return };
    let whole = receive(body, Options::default(), Sink::Owned);
    assert_eq!(in_pieces(body, first, Sink::Owned), whole);

    let mut buffer = vec![0; body.len()];
    let buffered = in_pieces(body, first.rotate_left(3), Sink::Buffer(&mut buffer));
    match (&whole, &buffered) {
        (Ok(whole), Ok(buffered)) => {
            assert_eq!(whole.to_json(), buffered.to_json());
            let document = whole.document.as_deref().unwrap_or_default();
            assert_eq!(&buffer[..document.len()], document);
            if whole.signed {
                assert_eq!(whole.sha256, Some(hex::encode(&Sha256::digest(document))));
            }
        }
        (Err(whole), Err(buffered)) => assert_eq!(whole, buffered),
        _ => panic!("{whole:?} in memory of its own, {buffered:?} in a buffer"),
    }
    if buffered.is_err() {
        assert!(buffer.iter().all(|byte| *byte == 0), "a refused document is wiped");
    }

    // A buffer too small is a refusal of its own, never a document cut short.
    let length = whole.as_ref().map_or(0, |received| received.length as usize);
    if let Some(short) = length.checked_sub(1) {
        let refused = receive(body, Options::default(), Sink::Buffer(&mut buffer[..short]));
        assert_eq!(refused.unwrap_err().reason(), Reason::BufferTooSmall);
    }
});

fn in_pieces(body: &[u8], choice: u8, sink: Sink<'_>) -> Result<Received, Error> {
    let mut receiver = Receiver::open(Options::default(), sink)?;
    let (mut rest, mut size) = (body, usize::from(choice));
    while !rest.is_empty() {
        let (piece, later) = rest.split_at(rest.len().min(size % 97 + 1));
        receiver.feed(piece)?;
        (rest, size) = (later, size * 31 + 7 & 0xffff);
    }
    receiver.finish()
}
