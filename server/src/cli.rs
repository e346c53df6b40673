//! The command line.

use std::io::{self, ErrorKind};
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Args, Parser, Subcommand};

use crate::admin::Admin;
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
    Dev(Start),
    /// Serves an existing data folder.
    Serve(Start),
    #[command(flatten)]
    Admin(Admin),
}

/// Settings of a start; each wins over the one of the same name in DIR/settings.json.
#[derive(Args)]
pub struct Start {
    /// The data folder.
    #[arg(long, value_name = "DIR")]
    pub data: PathBuf,
    /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8443].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// A further host name or address for the server's certificate; may be repeated.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
    /// Where signed documents are pushed to: registered for the sandbox's token at this start (dev only).
    #[arg(long, value_name = "URL")]
    pub callback: Option<String>,
    /// PEM file of further CA certificates that a callback's certificate may come from.
    #[arg(long, value_name = "FILE")]
    pub callback_ca: Option<PathBuf>,
    /// PEM file with a certificate and its key, shown to callbacks that ask for one.
    #[arg(long, value_name = "FILE")]
    pub callback_identity: Option<PathBuf>,
    /// Allow plain http to callbacks that are not loopback addresses.
    #[arg(long)]
    pub http_callbacks: bool,
    /// A further font (TrueType or OpenType) for names that the built-in one cannot write.
    #[arg(long, value_name = "FILE")]
    pub font: Option<PathBuf>,
    /// Longest request body, in bytes [default: 67108864].
    #[arg(long, value_name = "BYTES")]
    pub max_body: Option<u64>,
    /// Obey faults that an orderNumber orders, such as `A-1!lose-answer` (dev only): refuse=CODE, fail=CODE,
    /// lose-answer, slow=SECONDS, push-twice, wrong-hash.
    #[arg(long)]
    pub faults: bool,
    /// Write the log as JSON lines.
    #[arg(long)]
    pub log_json: bool,
}

/// Runs the command line of this process.
#[must_use]
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Dev(start) => serve::run(&start, true),
        Command::Serve(start) => serve::run(&start, false),
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
