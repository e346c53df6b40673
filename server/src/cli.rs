//! The command line.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

use crate::admin::Admin;
use crate::settings::{DevOptions, Mode, StartOptions};
use crate::start::temporary::Temporary;
use crate::terminal::visible;
use crate::{admin, certify, serve, verify};

/// The WoSignDoc platform: takes signing orders, signs PDFs, pushes them back.
#[derive(Parser)]
#[command(version, name = "wosigndoc-server")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Sandbox: makes whatever DIR lacks (CA, certificates, token, template, database), then serves.
    Dev {
        /// The data folder.
        #[arg(long, value_name = "DIR", required_unless_present = "temporary")]
        data: Option<PathBuf>,
        #[command(flatten)]
        options: StartOptions,
        #[command(flatten)]
        dev: DevOptions,
    },
    /// Serves an existing data folder.
    Serve {
        /// The data folder.
        #[arg(long, value_name = "DIR")]
        data: PathBuf,
        #[command(flatten)]
        options: StartOptions,
    },
    /// Verifies a signed PDF. Exit status: 0 valid, 1 invalid, 2 indeterminate, 3 nothing could be verified.
    Verify(verify::Document),
    /// Names the top of each chain of certificates in a signed PDF, as a setting to paste once you have looked at it.
    Trust(verify::Source),
    /// Tries a site's callback with pushes that are right, odd, broken and forged. Exit status: 0 all right, 1 wrong, 2
    /// advice alone, 3 nothing could be tried.
    CertifyCallback(certify::Callback),
    #[command(flatten)]
    Admin(Admin),
}

/// The status of the commands that judge something when there is no verdict.
const NO_VERDICT: u8 = 3;

fn judges() -> bool {
    let judging = ["verify", "trust", "certify-callback"];
    std::env::args_os().nth(1).is_some_and(|word| judging.iter().any(|one| word == *one))
}

/// Runs a sandbox: in the folder that was named, or in one that goes with it.
fn develop(data: Option<PathBuf>, options: &StartOptions, dev: DevOptions) -> Result<()> {
    match data {
        Some(data) => serve::run(&data, options, &Mode::Dev(dev)),
        None => {
            let folder = Temporary::create()?;
            serve::run(folder.path(), options, &Mode::Dev(dev))
        }
    }
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let success = |()| ExitCode::SUCCESS;
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        // 2 is what usage errors are, but here it is a verdict.
        Err(error) if error.use_stderr() && judges() => {
            let _ = error.print();
            return ExitCode::from(NO_VERDICT);
        }
        Err(error) => error.exit(),
    };
    let (failure, done) = match cli.command {
        Command::Dev { data, mut options, mut dev } => {
            dev.fill_in(&mut options);
            (1, develop(data, &options, dev).map(success))
        }
        Command::Serve { data, options } => (1, serve::run(&data, &options, &Mode::Serve).map(success)),
        Command::Verify(document) => (NO_VERDICT, verify::run(&document)),
        Command::Trust(document) => (NO_VERDICT, verify::trust(&document)),
        Command::CertifyCallback(callback) => (NO_VERDICT, certify::run(&callback)),
        Command::Admin(command) => (1, admin::run(command).map(success)),
    };
    match done {
        Ok(code) => code,
        // Whoever was reading has read enough, as `head` does.
        Err(error)
            if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            // What others wrote, as in a certificate, may be part of it.
            eprintln!("wosigndoc-server: {}", visible(&format!("{error:#}")));
            ExitCode::from(failure)
        }
    }
}
