//! Signed documents verified by hand: the library's report, printed for people.

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, anyhow};
use clap::Args;
use serde_json::{Map, Value, json};
use wosigndoc::verify::report::{Report, SignatureReport, Verdict};
use wosigndoc::verify::{Options, trust_of, verify};

use crate::terminal::{both, visible};

/// A document, and how it is opened.
#[derive(Args)]
pub struct Source {
    /// The document.
    file: PathBuf,
    /// The password of an encrypted document. Other users of this machine can see it: --options FILE hides it.
    #[arg(long)]
    password: Option<String>,
    /// A file of settings, as docs/verification.md has them; the other options go before it.
    #[arg(long, value_name = "FILE")]
    options: Option<PathBuf>,
}

/// The document, and what it is held against.
#[derive(Args)]
pub struct Document {
    #[command(flatten)]
    source: Source,
    /// Trusted roots: PEM, DER or PKCS#7. May be given more than once.
    #[arg(long, value_name = "FILE")]
    roots: Vec<PathBuf>,
    /// The document that was sent for signing, to be compared.
    #[arg(long, value_name = "FILE")]
    sent: Option<PathBuf>,
    /// Prints JSON for programs.
    #[arg(long)]
    json: bool,
}

/// Verifies a document and prints the report. Gives 0 for `valid`, 1 for `invalid`, 2 for `indeterminate`.
pub fn run(document: &Document) -> Result<ExitCode> {
    let more = [
        ("roots", (!document.roots.is_empty()).then(|| json!({ "ca_file": document.roots }))),
        ("sent", document.sent.as_ref().map(|path| json!(path))),
    ];
    let (options, bytes) = document.source.open(more)?;
    let report = verify(bytes, &options);
    if document.json {
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print(&report)?;
    }
    Ok(match report.verdict {
        Verdict::Valid => ExitCode::SUCCESS,
        Verdict::Invalid => ExitCode::from(1),
        Verdict::Indeterminate => ExitCode::from(2),
    })
}

/// Prints the top of each chain as settings, to be put into a configuration once a person has looked at it.
pub fn trust(source: &Source) -> Result<ExitCode> {
    let (options, bytes) = source.open([])?;
    let found = trust_of(bytes, &options);
    for reason in &found.reasons {
        eprintln!("{}", both(&reason.message));
    }
    writeln!(stdout(), "{}", serde_json::to_string_pretty(&json!({ "trust": found.trust }))?)?;
    Ok(if found.trust.is_empty() { ExitCode::from(1) } else { ExitCode::SUCCESS })
}

impl Source {
    /// Reads settings and document; `more` are settings of the command line.
    fn open<const N: usize>(&self, more: [(&str, Option<Value>); N]) -> Result<(Options, Vec<u8>)> {
        let mut settings = match &self.options {
            Some(path) => read_settings(path)?,
            None => Map::new(),
        };
        let own = [
            ("path", Some(json!(self.file))),
            ("password", self.password.as_ref().map(|password| json!(password))),
        ];
        for (name, value) in own.into_iter().chain(more) {
            if let Some(value) = value {
                settings.insert(name.to_owned(), value);
            }
        }
        let options = Options::from_json(Value::Object(settings).to_string().as_bytes());
        let options = options.map_err(|error| anyhow!("{}", both(&error.message())))?;
        let bytes = options.document(b"").map_err(|error| anyhow!("{}", both(&error.message())))?;
        Ok((options, bytes))
    }
}

fn read_settings(path: &PathBuf) -> Result<Map<String, Value>> {
    let name = path.display();
    let text = std::fs::read(path).with_context(|| format!("cannot read {name}"))?;
    serde_json::from_slice(&text).with_context(|| format!("{name} is no object of settings"))
}

/// Prints a report.
fn print(report: &Report) -> Result<()> {
    let out = &mut stdout().lock();
    writeln!(out, "{} ({})", word(&report.verdict), word(&report.state))?;
    for reason in &report.reasons {
        let field =
            reason.signature.as_ref().map(|field| format!("{}: ", visible(field))).unwrap_or_default();
        writeln!(out, "  {} ({})  {field}{}", reason.code, word(&reason.then), both(&reason.message))?;
    }
    if let Some(document) = &report.document {
        let pages = document.pages.map_or("?".to_owned(), |pages| pages.to_string());
        let (size, revisions, hash) = (document.size, document.revisions, &document.sha256);
        writeln!(out, "{size} bytes, {pages} pages, {revisions} revisions, SHA-256 {hash}")?;
    }
    report.signatures.iter().try_for_each(|signature| print_signature(out, signature))?;
    for required in report.signers.iter().flat_map(|signers| &signers.required) {
        writeln!(out, "signer  {}", both(&required.message))?;
    }
    if let Some(sent) = &report.sent {
        if sent.same == Some(true) {
            writeln!(out, "shows the same pages as what was sent")?;
        }
        for change in &sent.differences {
            writeln!(out, "differs from what was sent  {}", both(&change.message))?;
        }
    }
    Ok(())
}

fn print_signature(out: &mut impl Write, signature: &SignatureReport) -> Result<()> {
    let page = signature.page.map(|page| format!(", page {page}")).unwrap_or_default();
    writeln!(out, "{}  {}{page}", word(&signature.kind), visible(&signature.field))?;
    if let Some(signer) = &signature.signer {
        writeln!(out, "  signer      {}", visible(&signer.subject))?;
        writeln!(out, "  issuer      {}", visible(&signer.issuer))?;
        writeln!(out, "  SHA-256     {}", signer.sha256)?;
    }
    for (label, time) in [("claimed", &signature.claimed_time), ("proven", &signature.proven_time)] {
        if let Some(time) = time {
            writeln!(out, "  {label:<10}  {} ({})", time.time, time.source)?;
        }
    }
    let findings = [
        ("integrity", word(&signature.integrity.value), &signature.integrity.reasons),
        ("trust", word(&signature.trust.value), &signature.trust.reasons),
        ("revocation", word(&signature.revocation.value), &signature.revocation.reasons),
        ("covers", word(&signature.coverage.value), &signature.coverage.reasons),
        ("changes", word(&signature.changes.value), &signature.changes.reasons),
    ];
    for (label, value, reasons) in findings {
        writeln!(out, "  {label:<10}  {value}")?;
        // Those of the changes follow one by one.
        let reasons = reasons.iter().filter(|_| label != "changes" || signature.changed.is_empty());
        reasons.take(1).try_for_each(|reason| writeln!(out, "              {}", both(reason)))?;
    }
    if !signature.strength.weak.is_empty() {
        writeln!(out, "  weak        {}", signature.strength.weak.join(", "))?;
    }
    for warning in &signature.warnings {
        writeln!(out, "  warning     {}", both(warning))?;
    }
    for change in &signature.changed {
        writeln!(out, "  changed     {}: {}", word(&change.value), both(&change.message))?;
    }
    Ok(())
}

/// Returns the word that the JSON has.
fn word(value: &impl serde::Serialize) -> String {
    json!(value).as_str().unwrap_or_default().to_owned()
}
