//! Starts the platform, and stops it in good order.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail, ensure};
use tokio::net::TcpListener;
use tokio::sync::{Mutex, Notify, watch};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use tracing::{error, info};

use crate::api::{self, Api};
use crate::control::door::Door;
use crate::control::inbox::Inbox;
use crate::control::reset::StartToken;
use crate::control::{self, Control};
use crate::faults::Faults;
use crate::folder::Folder;
use crate::journal::Journal;
use crate::lifeline::{self, Lifeline};
use crate::listener::{self, Served};
use crate::orders::means::Means;
use crate::orders::retention::Retention;
use crate::orders::worker::Worker;
use crate::pki::Pair;
use crate::push::{self, Queue, Sender};
use crate::server_identity::ServerIdentity;
use crate::settings::{DevOptions, Mode, Settings, StartOptions};
use crate::signals::{Request, Signals};
use crate::signing::{CertificateAuthority, Fonts};
use crate::start::bootstrap::{self, Ready};
use crate::start::told::Told;
use crate::start::{client_files, leftovers};
use crate::store::{Store, tokens};
use crate::tls;

/// Runs the platform until a signal ends it; a temporary sandbox ends with its standard input too.
pub fn run(data: &Path, options: &StartOptions, mode: &Mode) -> Result<()> {
    let folder = match mode {
        Mode::Dev(_) => Folder::create(data)?,
        Mode::Serve => Folder::open(data)?,
    };
    let settings = Settings::load(&folder, options)?;
    log(settings.log_json);
    let _lock = folder.lock()?;
    let ready = bootstrap::open(&folder, &settings, mode)?;
    leftovers::remove(&folder, &ready.store)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    let served = runtime.block_on(serve(folder, options, settings, ready, mode));
    // What still blocks now only waits for the disk; everything durable is in place.
    runtime.shutdown_timeout(std::time::Duration::from_secs(1));
    served
}

fn log(json: bool) {
    use tracing_subscriber::filter::Targets;
    use tracing_subscriber::prelude::*;
    let wanted = std::env::var("WOSIGNDOC_LOG").ok().and_then(|text| text.parse::<Targets>().ok());
    let wanted = wanted.unwrap_or_else(|| Targets::new().with_default(tracing::Level::INFO));
    let lines = tracing_subscriber::fmt::layer()
        .with_writer(std::io::stderr)
        // They would be written where the log cannot be written either, and that is a panic.
        .log_internal_errors(false);
    let log = tracing_subscriber::registry().with(wanted);
    // Set once; a second start in one process (there is none) would keep the first.
    let _ = if json { log.with(lines.json()).try_init() } else { log.with(lines).try_init() };
}

/// Gives the sandbox's token the URL of `dev --callback`.
fn register_callback(
    ready: &Ready,
    settings: &Settings,
    mode: &Mode,
    control: Option<SocketAddr>,
) -> Result<()> {
    let Mode::Dev(options @ DevOptions { callback: Some(given), .. }) = mode else { return Ok(()) };
    let sandbox = ready.sandbox.as_ref().context("the sandbox has no token")?;
    let url = match options.has_inbox() {
        true => {
            let address = control.context(
                "the inbox, which takes the pushes without --callback URL, is at the control API, and no push goes to a socket: \
                 add --callback URL, or let the control API listen on an address, --control 127.0.0.1:0",
            )?;
            format!("http://{address}{}", control::inbox::PATH)
        }
        false => given.clone(),
    };
    let url = push::callback(&url, settings.http_callbacks)?;
    ready.store.with(|db| {
        let mut token = tokens::find(db, &sandbox.token)?.context("the sandbox's token is gone")?;
        token.callback = Some(url.to_string());
        tokens::save(db, &token)
    })
}

/// Loads the CA and the fonts that signing needs.
fn means(settings: &Settings, authority: &Pair, faults: Arc<Faults>) -> Result<Means> {
    let authority = CertificateAuthority::load(&authority.certificate, &authority.key)?;
    let mut fonts = Fonts::built_in();
    if let Some(path) = &settings.font {
        let font = std::fs::read(path).with_context(|| format!("cannot read the font {}", path.display()))?;
        fonts = fonts.with(font).with_context(|| format!("{} cannot be used", path.display()))?;
    }
    Ok(Means { authority, fonts, faults })
}

async fn serve(
    folder: Folder,
    start: &StartOptions,
    settings: Settings,
    mut ready: Ready,
    mode: &Mode,
) -> Result<()> {
    let listener = TcpListener::bind(&settings.listen)
        .await
        .with_context(|| format!("cannot listen on {} (port 0 takes one that is free)", settings.listen))?;
    let address = listener.local_addr()?;
    let control = match &start.control {
        Some(place) => Some(Door::open(place, start.control_password.as_deref(), mode.is_sandbox()).await?),
        None => {
            ensure!(start.control_password.is_none(), "--control-password needs --control ADDRESS:PORT");
            None
        }
    };
    let shown = control.as_ref().map(Door::shown);
    register_callback(&ready, &settings, mode, control.as_ref().and_then(Door::address))?;
    let signals = Signals::new()?;
    let sandbox = ready.sandbox.take();
    let callback = match &sandbox {
        Some(sandbox) => {
            ready.store.with(|db| tokens::find(db, &sandbox.token))?.and_then(|token| token.callback)
        }
        None => None,
    };
    let token = sandbox.as_ref().map(|it| StartToken { id: it.token.clone(), callback: callback.clone() });
    let lifeline = mode.is_temporary().then(Lifeline::standard_input);
    let shared = Shared::new(&folder, &settings, ready, mode)?;
    let running = Running::start(shared, &settings, mode, listener, control, token)?;
    if let Some(sandbox) = &sandbox {
        client_files::write(&folder, sandbox, address, shown.as_deref())?;
    }
    let told = Told { folder: &folder, sandbox: sandbox.as_ref(), callback, address, control: shown };
    told.tell(mode)?;
    info!(%address, "serving");
    running.until_stopped(signals, lifeline).await
}

/// What the parts of the platform share.
struct Shared {
    folder: Folder,
    store: Store,
    means: Arc<Means>,
    faults: Arc<Faults>,
    journal: Arc<Journal>,
    sender: Arc<Sender>,
    identity: Arc<ServerIdentity>,
    retention: Arc<Retention>,
    /// Wakes the worker that signs.
    accepted: Arc<Notify>,
    /// Wakes the push queue.
    finished: Arc<Notify>,
}

impl Shared {
    fn new(folder: &Folder, settings: &Settings, ready: Ready, mode: &Mode) -> Result<Shared> {
        let Ready { store, authority, identity, .. } = ready;
        let faults = Arc::new(mode.faults());
        Ok(Shared {
            folder: folder.clone(),
            means: Arc::new(means(settings, &authority, Arc::clone(&faults))?),
            faults,
            journal: Arc::default(),
            sender: Arc::new(Sender::new(settings)?),
            identity: Arc::new(identity),
            retention: Arc::new(Retention::new(folder.clone(), settings, store.clone())),
            store,
            accepted: Arc::default(),
            finished: Arc::default(),
        })
    }

    fn worker(&self, settings: &Settings) -> Worker {
        Worker {
            folder: self.folder.clone(),
            store: self.store.clone(),
            means: Arc::clone(&self.means),
            accepted: Arc::clone(&self.accepted),
            finished: Arc::clone(&self.finished),
            threads: settings.signing_threads(),
        }
    }

    fn queue(&self, settings: &Settings) -> Queue {
        Queue::new(
            self.folder.clone(),
            settings,
            self.store.clone(),
            Arc::clone(&self.sender),
            Arc::clone(&self.finished),
            Arc::clone(&self.faults),
            Arc::clone(&self.journal),
        )
    }

    fn served(&self, settings: &Settings) -> Result<Served> {
        let api = Api::new(
            self.folder.clone(),
            settings,
            self.store.clone(),
            Arc::clone(&self.means),
            Arc::clone(&self.accepted),
            Arc::clone(&self.journal),
        );
        Ok(Served {
            tls: TlsAcceptor::from(tls::server_config(self.identity.shown())?),
            app: api::router(api),
            max_connections: settings.max_connections,
            faults: Arc::clone(&self.faults),
        })
    }

    /// Returns the means of the control API behind this door.
    fn control(
        self,
        door: &Door,
        token: Option<StartToken>,
        is_sandbox: bool,
        stop: watch::Receiver<bool>,
    ) -> Control {
        Control {
            folder: self.folder,
            store: self.store,
            journal: self.journal,
            inbox: Inbox::default(),
            faults: self.faults,
            accepted: self.accepted,
            finished: self.finished,
            identity: self.identity,
            retention: self.retention,
            stop,
            sender: self.sender,
            token,
            is_sandbox,
            address: door.address(),
            curl: door.curl(),
            moving: Mutex::default(),
        }
    }
}

/// The parts of the platform at work.
struct Running {
    tasks: JoinSet<()>,
    stopper: watch::Sender<bool>,
    /// What is read anew when the system asks.
    identity: Arc<ServerIdentity>,
    sender: Arc<Sender>,
}

impl Running {
    /// Starts every part.
    fn start(
        shared: Shared,
        settings: &Settings,
        mode: &Mode,
        listener: TcpListener,
        control: Option<Door>,
        token: Option<StartToken>,
    ) -> Result<Running> {
        let (stopper, stop) = watch::channel(false);
        let (identity, sender) = (Arc::clone(&shared.identity), Arc::clone(&shared.sender));
        let served = shared.served(settings)?;
        let mut tasks = JoinSet::new();
        tasks.spawn(shared.worker(settings).run(stop.clone()));
        tasks.spawn(shared.queue(settings).run(stop.clone()));
        tasks.spawn(Arc::clone(&shared.retention).run(stop.clone()));
        tasks.spawn(Arc::clone(&identity).run(stop.clone()));
        if let Some(door) = control {
            let control = shared.control(&door, token, mode.is_sandbox(), stop.clone());
            tasks.spawn(control::serve(door, Arc::new(control)));
        }
        tasks.spawn(listener::serve(listener, served, stop));
        Ok(Running { tasks, stopper, identity, sender })
    }

    /// Does what signals ask, until one ends the platform, whoever started it ends or a part of it breaks down; then stops
    /// every part.
    async fn until_stopped(mut self, mut signals: Signals, mut lifeline: Option<Lifeline>) -> Result<()> {
        let mut broken = false;
        loop {
            tokio::select! {
                () = lifeline::ended(&mut lifeline) => break info!("its standard input ended: stopping"),
                request = signals.next() => match request {
                    Request::Reload => reload(Arc::clone(&self.identity), Arc::clone(&self.sender)).await,
                    Request::Stop(reason) => break info!(reason, "stopping"),
                },
                // Without one of its parts it would take orders and never deliver: better to end, and be started anew.
                Some(ended) = self.tasks.join_next() => {
                    error!(?ended, "a part of the platform broke down: stopping");
                    broken = true;
                    break;
                }
            }
        }
        let _ = self.stopper.send(true);
        while let Some(ended) = self.tasks.join_next().await {
            broken |= ended.is_err();
        }
        if broken {
            bail!("a part of the platform broke down");
        }
        info!("stopped");
        Ok(())
    }
}

/// Reads the certificates anew that the platform shows and trusts; where that fails, the old ones stay.
async fn reload(identity: Arc<ServerIdentity>, sender: Arc<Sender>) {
    info!("asked to reload");
    let reload = move || {
        identity.reload();
        match sender.reload() {
            Ok(()) => info!("the certificates for callbacks are read anew"),
            Err(cause) => error!(error = format!("{cause:#}"), "callbacks keep their certificates"),
        }
    };
    if let Err(panic) = tokio::task::spawn_blocking(reload).await {
        error!(%panic, "reloading broke down");
    }
}
