//! Certifies a site's callback: pushes that are right, odd, broken and forged, and a report of what it acknowledged.

mod cases;
mod hostile;
mod limits;
mod maker;
mod paper;
mod prepare;
mod print;
mod report;
mod shot;
mod site;
mod stored;
mod trial;
mod words;

use std::io::{Write, stdout};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context, Result, bail};
use clap::Args;
use wosigndoc::protocol::Bilingual;

use self::cases::Case;
use self::maker::Maker;
use self::report::Report;
use self::shot::Grade;
use self::site::Site;
use self::stored::Stored;
use self::trial::Trial;
use crate::clock;
use crate::settings::Settings;

/// A callback, and how it is certified.
#[derive(Args)]
pub struct Callback {
    /// The URL of the callback.
    #[arg(required_unless_present = "prepare")]
    url: Option<String>,
    /// A folder with the CA that the site trusts, ca.pem and ca.key: a sandbox's data folder, or one that is made.
    #[arg(long, value_name = "DIR", default_value = "wosigndoc-certify")]
    data: PathBuf,
    /// What the orderNumbers begin with, other than in the last run [default: CERTIFY- and the time].
    #[arg(long, value_name = "TEXT")]
    number_prefix: Option<String>,
    /// A folder in which the site stores documents, each as a file: it is compared after each `1`.
    #[arg(long, value_name = "FOLDER", conflicts_with = "stored_command")]
    stored: Option<PathBuf>,
    /// A command that prints the document which the site has stored for {number} or {signid}.
    #[arg(long, value_name = "COMMAND")]
    stored_command: Option<String>,
    /// The site does not verify signatures: that it takes forgeries is advice, and nothing worse.
    #[arg(long)]
    without_verification: bool,
    /// The longest document that is pushed, in megabytes.
    #[arg(long, value_name = "MB", default_value_t = 60)]
    largest: u64,
    /// Tries this case alone; may be repeated.
    #[arg(long, value_name = "CASE")]
    only: Vec<String>,
    /// Says what the site must be given, and pushes nothing.
    #[arg(long)]
    prepare: bool,
    /// PEM file of further CA certificates that the callback's certificate may come from.
    #[arg(long, value_name = "FILE")]
    callback_ca: Option<PathBuf>,
    /// PEM file with a certificate and its key, shown to a callback that asks for one.
    #[arg(long, value_name = "FILE")]
    callback_identity: Option<PathBuf>,
    /// Allow plain http to a callback that is no loopback address.
    #[arg(long)]
    http_callbacks: bool,
    /// Prints JSON for programs.
    #[arg(long)]
    json: bool,
}

/// The number of cases in a row without any answer after which the others are left out.
const MAX_UNANSWERED: usize = 3;

/// Certifies a callback and prints the report. Gives 0 when all is right, 1 when something is wrong, 2 for advice alone.
pub fn run(callback: &Callback) -> Result<ExitCode> {
    let (folder, is_new) = maker::authority(&callback.data)?;
    let maker = Maker::new(&folder, &callback.prefix()?)?;
    let cases = callback.cases()?;
    let prepared = prepare::Prepared::new(&maker, &cases, folder.path("ca.pem"));
    let Some(url) = callback.url.as_ref().filter(|_| !callback.prepare) else {
        let told = if callback.json { serde_json::to_string_pretty(&prepared)? } else { prepared.text() };
        writeln!(stdout(), "{told}")?;
        return Ok(ExitCode::SUCCESS);
    };
    let stored = Stored::new(callback.stored.as_ref(), callback.stored_command.as_ref())?;
    let site = Site::new(url, &callback.settings())?;
    prepared.tell(is_new)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let report = runtime.block_on(certify(&site, &stored, &maker, &cases, !callback.without_verification))?;
    if callback.json {
        writeln!(stdout(), "{}", serde_json::to_string_pretty(&report)?)?;
    } else {
        print::print(&mut stdout().lock(), &report)?;
    }
    Ok(match report.grade {
        Grade::Passed => ExitCode::SUCCESS,
        Grade::Wrong => ExitCode::from(1),
        Grade::Advice => ExitCode::from(2),
    })
}

impl Callback {
    fn prefix(&self) -> Result<String> {
        let Some(prefix) = &self.number_prefix else {
            // Of another run than the last, as a site keeps what it has.
            let time: String =
                clock::shown(clock::now()).chars().filter(char::is_ascii_alphanumeric).take(15).collect();
            return Ok(format!("CERTIFY-{time}-"));
        };
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        if prefix.is_empty() || prefix.len() > 100 || !prefix.chars().all(plain) {
            bail!("--number-prefix: write 1 to 100 letters, digits, - _ . such as TRY-7-");
        }
        Ok(prefix.clone())
    }

    fn cases(&self) -> Result<Vec<Case>> {
        let mut cases = cases::all(self.largest);
        if let Some(unknown) = self.only.iter().find(|id| cases.iter().all(|case| case.id != *id)) {
            let known: Vec<&str> = cases.iter().map(|case| case.id).collect();
            bail!("--only: there is no case {unknown}; there are {}", known.join(", "));
        }
        cases.retain(|case| self.only.is_empty() || self.only.iter().any(|id| id == case.id));
        Ok(cases)
    }

    fn settings(&self) -> Settings {
        Settings {
            callback_ca: self.callback_ca.clone(),
            callback_identity: self.callback_identity.clone(),
            http_callbacks: self.http_callbacks,
            ..Settings::default()
        }
    }
}

/// Tries all cases.
async fn certify(
    site: &Site,
    stored: &Stored,
    maker: &Maker,
    cases: &[Case],
    verifies: bool,
) -> Result<Report> {
    let mut trial = Trial::new(site, stored, verifies);
    let (mut reports, mut notes) = (Vec::new(), Vec::new());
    for (at, case) in cases.iter().enumerate() {
        let shots = (case.make)(maker, case).with_context(|| format!("cannot make the case {}", case.id))?;
        reports.push(trial.case(case, at, shots).await?);
        if let (0, Some(cause)) = (at, &trial.unreachable) {
            bail!("the callback cannot be reached: {cause}");
        }
        if trial.unanswered >= MAX_UNANSWERED && at + 1 < cases.len() {
            notes.push(left_out(cases.len() - at - 1));
            break;
        }
    }
    trial.look_at_the_end(&mut reports)?;
    if matches!(stored, Stored::Unknown) {
        notes.push(NOT_LOOKED_AT);
    }
    let grade = Report::worst(&reports);
    Ok(Report {
        grade,
        looked_at_stored: !matches!(stored, Stored::Unknown),
        with_verification: verifies,
        requests: trial.requests,
        cases: reports,
        notes,
    })
}

const NOT_LOOKED_AT: Bilingual = Bilingual::fixed(
    "nobody has looked whether what was acknowledged is stored: name --stored FOLDER or --stored-command COMMAND",
    "未检查已确认的文档是否真的存下：请用 --stored FOLDER 或 --stored-command COMMAND 指明",
);

fn left_out(count: usize) -> Bilingual {
    Bilingual::new(
        format!("{MAX_UNANSWERED} cases in a row got no answer at all, so the other {count} were left out"),
        format!("连续 {MAX_UNANSWERED} 项没有任何应答，其余 {count} 项未再尝试"),
    )
}
