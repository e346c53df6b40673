//! A signed document of any bytes, whose signers are not trusted yet: the tops of their chains are named, or none.

#![no_main]

use std::collections::HashSet;

use libfuzzer_sys::fuzz_target;
use wosigndoc::verify::{Options, trust_of};

fuzz_target!(|input: &[u8]| {
    let found = trust_of(input, &Options::default());
    let tops: HashSet<&str> = found.trust.iter().map(|block| block.sha256.as_str()).collect();
    assert_eq!(tops.len(), found.trust.len(), "each top is named once");
});
