//! Is a signed contract what it claims to be? Prints the verdict and its reasons.
//!
//!     verify_contract signed.pdf [roots.pem]
//!
//! Exit status: 0 valid, 1 invalid, 2 indeterminate, 3 nothing could be verified. Nobody is trusted by itself: without roots
//! no document is valid. In the sandbox the root is `ca.pem` in the platform's data folder.

use std::process::ExitCode;

use serde_json::json;
use wosigndoc::verify::{Options, Report, Verdict, verify};

fn main() -> ExitCode {
    let values: Vec<String> = std::env::args().skip(1).collect();
    let report = match values.as_slice() {
        [file] => look(file, None),
        [file, roots] => look(file, Some(roots)),
        _ => {
            eprintln!("usage: verify_contract signed.pdf [roots.pem]");
            return ExitCode::from(3);
        }
    };
    match report {
        Ok(report) => say(&report),
        Err(error) => {
            eprintln!("{error}");
            ExitCode::from(3)
        }
    }
}

fn look(file: &str, roots: Option<&str>) -> wosigndoc::Result<Report> {
    let roots = roots.map(|roots| json!({"ca_file": roots}));
    let options = Options::from_json(json!({"path": file, "roots": roots}).to_string().as_bytes())?;
    Ok(verify(options.document(b"")?, &options))
}

fn say(report: &Report) -> ExitCode {
    let (word, status) = match report.verdict {
        Verdict::Valid => ("valid", 0),
        Verdict::Invalid => ("invalid", 1),
        Verdict::Indeterminate => ("indeterminate", 2),
    };
    println!("{word}");
    for signature in &report.signatures {
        let signer = signature.signer.as_ref().map_or("nobody knows whom", |signer| signer.subject.as_str());
        println!("{}: signed by {signer}", signature.field);
    }
    for reason in &report.reasons {
        println!("{}: {} ({})", reason.code, reason.message.en, reason.message.zh);
    }
    ExitCode::from(status)
}
