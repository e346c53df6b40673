//! The command line.

use std::io::{self, ErrorKind};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::admin::Admin;
use crate::settings::{DevOptions, Mode, StartOptions};
use crate::{admin, serve};

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
        #[command(flatten)]
        options: StartOptions,
        #[command(flatten)]
        dev: DevOptions,
    },
    /// Serves an existing data folder.
    Serve(StartOptions),
    #[command(flatten)]
    Admin(Admin),
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Dev { options, dev } => serve::run(&options, &Mode::Dev(dev)),
        Command::Serve(options) => serve::run(&options, &Mode::Serve),
        Command::Admin(command) => admin::run(command),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever was reading has read enough, as `head` does.
        Err(error)
            if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == ErrorKind::BrokenPipe) =>
        {
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("wosigndoc-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
