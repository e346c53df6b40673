//! Settings: defaults, then DIR/settings.json, then the command line.

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use clap::Args;
use serde::Deserialize;

use crate::faults::Faults;
use crate::folder::Folder;
use crate::given;

/// Settings of a start; each wins over the one of the same name in DIR/settings.json.
#[derive(Args)]
pub struct StartOptions {
    /// Address and port to listen on; port 0 picks a free one [default: 127.0.0.1:8443].
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub listen: Option<String>,
    /// A further host name or address for the server's certificate; may be repeated.
    #[arg(long = "host", value_name = "NAME")]
    pub hosts: Vec<String>,
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
    /// Write the log as JSON lines.
    #[arg(long)]
    pub log_json: bool,
    /// Let programs on this machine drive the platform over HTTP: orders, tokens, journal, a sandbox's clock and faults; described at
    /// /openapi.json. A loopback address, or `unix:PATH`; with `serve` an address needs --control-password.
    #[arg(long, value_name = "ADDRESS:PORT")]
    pub control: Option<String>,
    /// File with the password of the control API: it is asked for by HTTP Basic authentication, whatever the user's name.
    #[arg(long, value_name = "FILE")]
    pub control_password: Option<PathBuf>,
}

/// Options that only `dev` has.
#[derive(Args)]
pub struct DevOptions {
    /// Where signed documents are pushed to: registered for the sandbox's token at this start. `inbox`: to the control API, which
    /// keeps them.
    #[arg(long, value_name = "URL")]
    pub callback: Option<String>,
    /// Write the client's files to a folder that other users may read, such as www-data.
    #[arg(long, value_name = "DIR")]
    pub share: Option<PathBuf>,
    /// Obey faults that an orderNumber orders, such as `A-1!lose-answer`; docs/platform.md lists them. The control API orders
    /// them without that.
    #[arg(long)]
    pub faults: bool,
    /// A sandbox for one test run, in place of --data DIR: on free ports, with control API and inbox, in a temporary folder that is
    /// deleted at the end, which comes with the end of the standard input too. Prints one line of JSON.
    #[arg(long, conflicts_with = "data")]
    pub temporary: bool,
}

impl DevOptions {
    /// The callback that the control API offers itself.
    pub const INBOX: &str = "inbox";

    /// Fills in what a temporary sandbox has without being told.
    pub fn fill_in(&mut self, start: &mut StartOptions) {
        const FREE: &str = "127.0.0.1:0";
        if self.temporary {
            start.listen.get_or_insert_with(|| FREE.to_owned());
            start.control.get_or_insert_with(|| FREE.to_owned());
            self.callback.get_or_insert_with(|| Self::INBOX.to_owned());
        }
    }

    /// Whether documents are pushed to the control API.
    pub fn has_inbox(&self) -> bool {
        self.callback.as_deref() == Some(Self::INBOX)
    }
}

/// The purpose of a start.
pub enum Mode {
    /// A sandbox: whatever the data folder lacks is made.
    Dev(DevOptions),
    /// An existing data folder is served as it is.
    Serve,
}

impl Mode {
    /// Whether it is a sandbox: its clock may be moved, and things go wrong on purpose.
    pub fn is_sandbox(&self) -> bool {
        matches!(self, Mode::Dev(_))
    }

    /// Whether the platform ends with whoever started it.
    pub fn is_temporary(&self) -> bool {
        matches!(self, Mode::Dev(DevOptions { temporary: true, .. }))
    }

    /// Returns the faults, none ordered yet; whether those that an orderNumber orders are obeyed.
    pub fn faults(&self) -> Faults {
        Faults::new(matches!(self, Mode::Dev(DevOptions { faults: true, .. })))
    }
}

/// Everything that can be set. The names are those of settings.json.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settings {
    /// Address and port to listen on.
    pub listen: String,
    /// The further host names and addresses in the server's certificate.
    pub hosts: Vec<String>,
    /// The longest request body, in bytes.
    pub max_body: u64,
    /// The listener's certificate, its chain and its key, PEM; absent: one that the platform's CA issued.
    pub server_identity: Option<PathBuf>,
    /// The largest number of connections at a time.
    pub max_connections: usize,
    /// Whether material may be empty, because the signers are known (P-16).
    pub allow_empty_material: bool,
    /// A further font for names.
    pub font: Option<PathBuf>,
    /// Further CA certificates for callbacks, PEM.
    pub callback_ca: Option<PathBuf>,
    /// Certificate and key shown to callbacks, PEM.
    pub callback_identity: Option<PathBuf>,
    /// Whether callbacks may be plain http elsewhere than on a loopback address (P-36).
    pub http_callbacks: bool,
    /// The number of documents signed at a time; 0: as many as the machine has processors.
    pub signing_threads: usize,
    /// The largest number of pushes to one callback at a time.
    pub pushes_per_callback: usize,
    /// The largest number of pushes at a time.
    pub pushes: usize,
    /// The days that the materials of an order are kept once it is signed or failed.
    pub materials_days: u32,
    /// The days that a signed document is kept once its push was acknowledged; absent: for ever.
    pub documents_days: Option<u32>,
    /// Whether the log is JSON lines.
    pub log_json: bool,
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            listen: "127.0.0.1:8443".to_owned(),
            hosts: Vec::new(),
            max_body: 64 * 1024 * 1024,
            server_identity: None,
            max_connections: 512,
            allow_empty_material: false,
            font: None,
            callback_ca: None,
            callback_identity: None,
            http_callbacks: false,
            signing_threads: 0,
            pushes_per_callback: 4,
            pushes: 64,
            materials_days: 30,
            documents_days: None,
            log_json: false,
        }
    }
}

impl Settings {
    /// Returns the settings of this start.
    pub fn load(folder: &Folder, start: &StartOptions) -> Result<Settings> {
        let mut settings = Settings::from_folder(folder)?;
        settings.listen = start.listen.clone().unwrap_or(settings.listen);
        settings.hosts.extend(start.hosts.iter().cloned());
        settings.max_body = start.max_body.unwrap_or(settings.max_body);
        settings.font = start.font.clone().or(settings.font);
        settings.callback_ca = start.callback_ca.clone().or(settings.callback_ca);
        settings.callback_identity = start.callback_identity.clone().or(settings.callback_identity);
        settings.http_callbacks |= start.http_callbacks;
        settings.log_json |= start.log_json;
        settings.check()?;
        Ok(settings)
    }

    /// Returns what DIR/settings.json says; the defaults where there is none.
    pub fn from_folder(folder: &Folder) -> Result<Settings> {
        let path = folder.path("settings.json");
        match given::text(&path) {
            Ok(text) => {
                let mut settings: Settings = serde_json::from_str(&text?)
                    .with_context(|| format!("{} is not right", path.display()))?;
                let Settings { server_identity, font, callback_ca, callback_identity, .. } = &mut settings;
                // A service manager starts programs anywhere: files are named from the data folder on.
                for file in [server_identity, font, callback_ca, callback_identity].into_iter().flatten() {
                    *file = folder.path(&*file);
                }
                Ok(settings)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Settings::default()),
            Err(error) => Err(error).with_context(|| format!("cannot read {}", path.display())),
        }
    }

    fn check(&self) -> Result<()> {
        if self.max_body == 0
            || self.max_connections == 0
            || self.pushes == 0
            || self.pushes_per_callback == 0
        {
            bail!("max_body, max_connections, pushes and pushes_per_callback must be at least 1");
        }
        Ok(())
    }

    /// Returns how many documents are signed at a time.
    pub fn signing_threads(&self) -> usize {
        match self.signing_threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            given => given,
        }
    }
}
