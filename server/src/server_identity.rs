//! The certificate that the listener shows: issued by the platform's CA or the operator's own, and looked at again
//! while the platform runs, so that neither its end nor a new one asks for a restart.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail};
use rustls::sign::CertifiedKey;
use tokio::sync::watch;
use tracing::{error, info, warn};
use wosigndoc::credentials::{Credentials, Given, Purpose};

use crate::clock;
use crate::folder::Folder;
use crate::given;
use crate::pki::{self, Pair, Validity};
use crate::settings::Settings;
use crate::stop::stopped;
use crate::tls::ShownCertificate;

/// The pause between two looks at the files and at the time that is left.
const POLL_INTERVAL: Duration = Duration::from_secs(10);
/// The pause between two warnings of the time of a certificate of the operator's own.
const WARNING_INTERVAL: Duration = Duration::from_secs(24 * 3600);

/// The listener's certificate, and where it comes from.
pub struct ServerIdentity {
    source: Source,
    shown: Arc<ShownCertificate>,
    said: Mutex<Said>,
}

enum Source {
    /// A file of the operator's own: certificate, chain and key.
    File(PathBuf),
    /// A pair in the data folder, which the platform's CA issues for these hosts.
    Issued { folder: Folder, authority: Pair, hosts: Vec<String> },
}

/// What the log says already: a look every few seconds must not say it again. Locked while one goes on, so that no two
/// issue a certificate at once.
#[derive(Default)]
struct Said {
    failure: Option<String>,
    warned: Option<Instant>,
}

impl ServerIdentity {
    /// Loads the certificate of these settings, or has one issued. One of the operator's own that has expired is shown all
    /// the same: orders and pushes under way go on, callers are told what is wrong, and its successor is read when it is
    /// there.
    pub fn open(folder: &Folder, settings: &Settings, authority: &Pair) -> Result<ServerIdentity> {
        let source = match &settings.server_identity {
            Some(path) => Source::File(path.clone()),
            None => Source::Issued {
                folder: folder.clone(),
                authority: authority.clone(),
                hosts: hosts(settings),
            },
        };
        let shown = Arc::new(ShownCertificate::new(source.load()?));
        let identity = ServerIdentity { source, shown, said: Mutex::default() };
        identity.warn_of_time(&mut identity.said());
        Ok(identity)
    }

    /// Returns what the listener asks for its certificate.
    pub fn shown(&self) -> Arc<ShownCertificate> {
        Arc::clone(&self.shown)
    }

    /// Returns how long the certificate is good that is shown now.
    pub fn validity(&self) -> Result<Validity> {
        validity(&self.shown.get())
    }

    /// Says what is wrong with the time of the certificate that is shown now.
    pub fn fault(&self) -> Result<Option<String>> {
        Ok(out_of_time(&self.validity()?))
    }

    /// Looks now and then whether there is another certificate, until `stop` turns true.
    pub async fn run(self: Arc<Self>, mut stop: watch::Receiver<bool>) {
        loop {
            tokio::select! {
                () = stopped(&mut stop) => return,
                () = tokio::time::sleep(POLL_INTERVAL) => {}
            }
            let this = Arc::clone(&self);
            if let Err(panic) = tokio::task::spawn_blocking(move || this.look(&mut this.said())).await {
                error!(%panic, "looking at the listener's certificate broke down");
            }
        }
    }

    /// Looks whether there is another certificate, and says what came of it even if it said so before.
    pub fn reload(&self) {
        let mut said = self.said();
        said.failure = None;
        self.look(&mut said);
    }

    /// Shows the certificate that is there now; a bad one leaves the old one in its place.
    fn look(&self, said: &mut Said) {
        match self.refresh() {
            Ok(()) => {
                said.failure = None;
                self.warn_of_time(said);
            }
            Err(cause) => {
                let failure = format!("{cause:#}");
                if said.failure.as_ref() != Some(&failure) {
                    error!(
                        error = failure,
                        "the listener keeps its certificate: there is a new one, but it cannot be used"
                    );
                    said.failure = Some(failure);
                }
            }
        }
    }

    fn refresh(&self) -> Result<()> {
        let key = self.source.load()?;
        if key.cert == self.shown.get().cert {
            return Ok(());
        }
        let (validity, file) = (validity(&key)?, self.source.file());
        if let Some(fault) = out_of_time(&validity) {
            bail!("{}: {fault}", file.display());
        }
        self.shown.replace(key);
        info!(file = %file.display(), not_after = %validity.not_after, "the listener shows a new certificate");
        Ok(())
    }

    /// Warns once a day of a certificate that the platform cannot renew, when it nears its end or is out of its time.
    fn warn_of_time(&self, said: &mut Said) {
        let Source::File(path) = &self.source else { return };
        let Ok(validity) = validity(&self.shown.get()) else { return };
        let fault = out_of_time(&validity);
        let near_end = validity.not_after - clock::utc() < pki::RENEWAL;
        let due = said.warned.is_none_or(|last| last.elapsed() >= WARNING_INTERVAL);
        if !due || (fault.is_none() && !near_end) {
            return;
        }
        let (file, not_after) = (path.display(), validity.not_after);
        match fault {
            Some(fault) => warn!(
                %file, fault,
                "callers will refuse the listener's certificate: replace the file, which is read anew without a restart"
            ),
            None => warn!(%file, %not_after, "the listener's certificate is near its end"),
        }
        said.warned = Some(Instant::now());
    }

    fn said(&self) -> MutexGuard<'_, Said> {
        self.said.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Source {
    /// Returns the file that holds the certificate.
    fn file(&self) -> PathBuf {
        match self {
            Source::File(path) => path.clone(),
            Source::Issued { folder, .. } => folder.path("server.pem"),
        }
    }

    /// Reads the pair that is there; one that the platform issues is made anew where it no longer serves.
    fn load(&self) -> Result<Arc<CertifiedKey>> {
        match self {
            Source::File(path) => Ok(given::pair(path, Purpose::Server)?.certified()),
            Source::Issued { folder, authority, hosts } => {
                let kept = Pair::read(folder, "server")?
                    .filter(|pair| pki::serves(&pair.certificate, hosts, &authority.certificate));
                // A crash between the two files of a renewal leaves a pair that does not go together.
                if let Some(Ok(key)) = kept.as_ref().map(certified) {
                    return Ok(key);
                }
                let pair = pki::server(authority, hosts).context("cannot issue a certificate")?;
                let key = certified(&pair)?;
                pair.write(folder, "server")?;
                Ok(key)
            }
        }
    }
}

/// Reads a pair that the platform issued, as the listener shows it.
fn certified(pair: &Pair) -> Result<Arc<CertifiedKey>> {
    let certificate = Given { bytes: pair.certificate.as_bytes(), setting: "server.pem" };
    let key = Given { bytes: pair.key.as_bytes(), setting: "server.key" };
    Ok(Credentials::read(certificate, Some(key), None, Purpose::Server)?.certified())
}

fn validity(key: &CertifiedKey) -> Result<Validity> {
    let certificate = key.cert.first().context("there is no certificate")?;
    pki::validity(certificate).context("the certificate cannot be read")
}

/// Says what is wrong with the time of a certificate.
fn out_of_time(validity: &Validity) -> Option<String> {
    let now = clock::utc();
    if now > validity.not_after {
        return Some(format!("it has expired on {}", validity.not_after));
    }
    (now < validity.not_before).then(|| format!("it begins on {}", validity.not_before))
}

/// Returns every name that clients may reach the listener by.
fn hosts(settings: &Settings) -> Vec<String> {
    let mut hosts = vec!["localhost".to_owned(), "127.0.0.1".to_owned(), "::1".to_owned()];
    for host in &settings.hosts {
        if !hosts.contains(host) {
            hosts.push(host.clone());
        }
    }
    hosts
}
