//! A signed document of any bytes: verifying ends with a report, and nothing is called valid but what the one trusted
//! root has signed, which is one revision of one document.

#![no_main]

use std::sync::{Arc, LazyLock};

use libfuzzer_sys::fuzz_target;
use wosigndoc::verify::{Options, Verdict, verify};

/// The only document that the root of vectors/signed ever signed.
const SIGNED: &[u8] = include_bytes!("../../vectors/signed/valid.pdf");

static OPTIONS: LazyLock<Options> = LazyLock::new(|| {
    let roots = serde_json::json!({"ca": include_str!("../../vectors/signed/root.pem")});
    let options = serde_json::json!({"roots": roots, "at": "2026-06-01T00:00:00Z"}).to_string();
    let options = Options::from_json(options.as_bytes()).expect("the options are right");
    Options { sent: Some(Arc::new(SIGNED.to_vec())), ..options }
});

fuzz_target!(|input: &[u8]| {
    if verify(input, &OPTIONS).verdict == Verdict::Valid {
        let contents = SIGNED.windows(10).position(|window| window == b"/Contents ");
        let gap = contents.expect("it has a signature") + 10;
        let end = gap + SIGNED[gap..].iter().position(|byte| *byte == b'>').expect("which ends") + 1;
        assert!(input.len() >= SIGNED.len() && input[..gap] == SIGNED[..gap], "what was signed is what is valid");
        assert_eq!(input[end..SIGNED.len()], SIGNED[end..]);
    }
});
