//! A PKCS#12 archive of any bytes: an identity or an error, never a crash nor an endless computation. The
//! first byte chooses the passphrase, the rest is the archive.

#![no_main]

use std::sync::Once;

use libfuzzer_sys::fuzz_target;
use wosigndoc::client::Identity;

const PASSPHRASES: [&str; 4] = ["", "secret", "密码口令", "x9#kQ"];

fuzz_target!(|input: &[u8]| {
    // The library turns a panic of the reader underneath into an error; libFuzzer's hook would abort
    // before it can. A panic that gets out still ends the run.
    static QUIET: Once = Once::new();
    QUIET.call_once(|| std::panic::set_hook(Box::new(|_| {})));
    let Some((&first, archive)) = input.split_first() else { return };
    let passphrase = PASSPHRASES[usize::from(first) % PASSPHRASES.len()];
    if let Err(error) = Identity::from_pkcs12(archive, passphrase) {
        assert!(error.to_json()["reason"].is_string());
    }
});
