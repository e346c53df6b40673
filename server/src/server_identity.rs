//! The certificate that the listener shows: issued by the platform's CA or the operator's own, and looked at again
//! while the platform runs, so that neither its end nor a new one asks for a restart.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use rustls::sign::CertifiedKey;
use time::OffsetDateTime;
use tokio::sync::watch;
use tracing::{error, info, warn};
use wosigndoc::credentials::Purpose;

use crate::folder::Folder;
use crate::given;
use crate::pki::{self, Pair, Validity};
use crate::settings::Settings;
use crate::stop::stopped;
use crate::tls::{self, ShownCertificate};

/// The pause between two looks at the files and at the time that is left.
const POLL_INTERVAL: Duration = Duration::from_secs(10);
/// The pause between two warnings that a certificate of the operator's own is near its end.
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
    near_end: Option<Instant>,
}

impl ServerIdentity {
    /// Loads the certificate of these settings, or has one issued.
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
        identity.warn_near_end(&mut identity.said());
        Ok(identity)
    }

    /// Returns what the listener asks for its certificate.
    pub fn shown(&self) -> Arc<ShownCertificate> {
        Arc::clone(&self.shown)
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
                self.warn_near_end(said);
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
        let now = OffsetDateTime::now_utc();
        ensure!(now < validity.not_after, "{}: it ended on {}", file.display(), validity.not_after);
        ensure!(now >= validity.not_before, "{}: it begins on {}", file.display(), validity.not_before);
        self.shown.replace(key);
        info!(file = %file.display(), not_after = %validity.not_after, "the listener shows a new certificate");
        Ok(())
    }

    /// Warns once a day that a certificate nears its end which the platform cannot renew.
    fn warn_near_end(&self, said: &mut Said) {
        let Source::File(path) = &self.source else { return };
        let Ok(validity) = validity(&self.shown.get()) else { return };
        let due = said.near_end.is_none_or(|last| last.elapsed() >= WARNING_INTERVAL);
        if validity.not_after - OffsetDateTime::now_utc() < pki::RENEWAL && due {
            warn!(file = %path.display(), not_after = %validity.not_after, "the listener's certificate is near its end");
            said.near_end = Some(Instant::now());
        }
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
    fn load(&self) -> Result<CertifiedKey> {
        match self {
            Source::File(path) => given::pair(path, Purpose::Server).map(Arc::unwrap_or_clone),
            Source::Issued { folder, authority, hosts } => {
                let kept = Pair::read(folder, "server")?
                    .filter(|pair| pki::serves(&pair.certificate, hosts, &authority.certificate));
                // A crash between the two files of a renewal leaves a pair that does not go together.
                if let Some(Ok(key)) = kept.map(|pair| tls::certified_key(&pair)) {
                    return Ok(key);
                }
                let pair = pki::server(authority, hosts).context("cannot issue a certificate")?;
                let key = tls::certified_key(&pair)?;
                pair.write(folder, "server")?;
                Ok(key)
            }
        }
    }
}

fn validity(key: &CertifiedKey) -> Result<Validity> {
    let certificate = key.cert.first().context("there is no certificate")?;
    pki::validity(certificate).context("the certificate cannot be read")
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
