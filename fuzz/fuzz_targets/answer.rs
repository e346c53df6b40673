//! An answer of any bytes to an order: a result, or an error whose document holds no raw bytes.

#![no_main]

use libfuzzer_sys::fuzz_target;
use wosigndoc::protocol::answer::MAX_ANSWER;
use wosigndoc::protocol::Answer;

fuzz_target!(|input: &[u8]| {
    match Answer::read(200, input) {
        Ok(answer) => {
            assert!(input.len() <= MAX_ANSWER);
            assert_eq!(answer.refusal().is_none(), answer.taken);
        }
        Err(error) => {
            let document = error.to_json();
            let shown = document["body_start"].as_str().expect("the beginning of the body");
            assert!(!shown.chars().any(char::is_control));
        }
    }
});
