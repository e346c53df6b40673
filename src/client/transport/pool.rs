//! The drivers of a client: each is a single-threaded runtime with its kept-alive connection, and serves one call at
//! a time on the thread that makes it.
//!
//! Threads: a call takes an idle driver or makes a new one, so calls never wait for each other.
//!
//! Forks: a runtime's event queue and its sockets are shared with the parent. So drivers are kept per
//! process id: a child finds none of its own and makes some; the parent's stay untouched, and are not
//! dropped either, since closing would speak on the parent's connections.

use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use hyper::body::Incoming;
use hyper::header::{ACCEPT, HOST, HeaderValue, USER_AGENT};
use hyper::http::request::Builder as RequestBuilder;
use hyper::{Request, Response};
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout;
use url::Url;

use super::body::OrderBody;
use super::failure::of_request;
use super::route::{Route, Sender, host_header};
use crate::client::config::Config;
use crate::protocol::{Error, Reason, Result, system};

/// Most drivers kept for later; more calls at once are served all the same.
const MAX_IDLE: usize = 64;

/// A connection that has just answered is ready again within this time, or never.
const SETTLING: Duration = Duration::from_millis(50);

/// One runtime with its connection.
pub(crate) struct Driver {
    /// The connection, once there is one; used inside [`Driver::run`] only.
    connection: Mutex<Option<Sender>>,
    runtime: Option<Runtime>,
    route: Arc<Route>,
    tls: Arc<ClientConfig>,
    used: Instant,
}

/// The drivers of every process that this client came to live in.
pub(crate) struct Pool {
    recipe: Recipe,
    first: Process,
}

/// How a driver is made.
struct Recipe {
    route: Arc<Route>,
    idle: Duration,
    request: Head,
}

/// What every request says.
struct Head {
    target: String,
    host: HeaderValue,
    user_agent: HeaderValue,
}

/// The idle drivers and TLS sessions of one process, and the process of the next process. A child never touches
/// its parent's, not even their locks, which a thread of the parent may have held at the moment of the fork.
struct Process {
    pid: u32,
    tls: Arc<ClientConfig>,
    idle: Mutex<Vec<Driver>>,
    next: OnceLock<Box<Process>>,
}

impl Process {
    /// Makes the entry of this process, with these TLS settings but sessions of its own.
    fn new(tls: &ClientConfig) -> Process {
        let mut tls = tls.clone();
        tls.resumption = Resumption::default();
        Process {
            pid: std::process::id(),
            tls: Arc::new(tls),
            idle: Mutex::new(Vec::new()),
            next: OnceLock::new(),
        }
    }

    fn idle<T>(&self, act: impl FnOnce(&mut Vec<Driver>) -> T) -> T {
        act(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pool {
    /// Makes a pool that makes drivers with these settings; the first is made at once, to find mistakes early.
    pub(crate) fn new(config: &Config, tls: &ClientConfig) -> Result<Pool> {
        let route = Arc::new(Route::new(config)?);
        let request = Head::new(config.endpoint(), config.user_agent())?;
        let recipe = Recipe { route, idle: config.timeouts().idle, request };
        let pool = Pool { recipe, first: Process::new(tls) };
        pool.give_back(pool.recipe.driver(&pool.first.tls)?);
        Ok(pool)
    }

    /// Begins a request to the endpoint.
    pub(crate) fn request(&self) -> RequestBuilder {
        let Head { target, host, user_agent } = &self.recipe.request;
        Request::builder().uri(target).header(HOST, host).header(ACCEPT, "*/*").header(USER_AGENT, user_agent)
    }

    /// Returns `host:port` of the proxy on the way, if there is one.
    pub(crate) fn proxy(&self) -> Option<String> {
        self.recipe.route.proxy()
    }

    /// Takes an idle driver of this process, or makes one.
    pub(crate) fn take(&self) -> Result<Driver> {
        let idle = self.recipe.idle;
        let process = self.process();
        let (found, stale) = process.idle(|drivers| {
            // The most recently used serve first, so those that nobody needs gather at the front.
            let found = drivers.pop_if(|driver| driver.used.elapsed() < idle);
            let fresh = drivers.iter().position(|driver| driver.used.elapsed() < idle);
            let stale: Vec<Driver> = drivers.drain(..fresh.unwrap_or(drivers.len())).collect();
            (found, stale)
        });
        drop(stale);
        found.map_or_else(|| self.recipe.driver(&process.tls), Ok)
    }

    /// Keeps a driver, whose connection is in order, for the next call.
    pub(crate) fn give_back(&self, mut driver: Driver) {
        if self.recipe.idle.is_zero() {
            return;
        }
        driver.used = Instant::now();
        let surplus = self.process().idle(|drivers| {
            if drivers.len() < MAX_IDLE {
                drivers.push(driver);
                None
            } else {
                Some(driver)
            }
        });
        drop(surplus);
    }

    fn process(&self) -> &Process {
        let pid = std::process::id();
        let mut process = &self.first;
        while process.pid != pid {
            process = process.next.get_or_init(|| Box::new(Process::new(&process.tls)));
        }
        process
    }
}

impl Drop for Pool {
    /// Closes this process's connections. Another's are forgotten, not closed; where a thread of that
    /// process held the list at the fork, the list is forgotten with them.
    fn drop(&mut self) {
        let pid = std::process::id();
        let empty = Process::new(&self.first.tls);
        let mut process = Some(std::mem::replace(&mut self.first, empty));
        while let Some(Process { pid: owner, idle, next, .. }) = process {
            if owner != pid {
                let emptied =
                    idle.try_lock().map(|mut drivers| drivers.drain(..).for_each(std::mem::forget)).is_ok();
                if !emptied {
                    std::mem::forget(idle);
                }
            }
            process = next.into_inner().map(|next| *next);
        }
    }
}

impl Recipe {
    fn driver(&self, tls: &Arc<ClientConfig>) -> Result<Driver> {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| Error::of_system(Reason::Defect, "", &error))?;
        Ok(Driver {
            connection: Mutex::new(None),
            runtime: Some(runtime),
            route: Arc::clone(&self.route),
            tls: Arc::clone(tls),
            used: Instant::now(),
        })
    }
}

impl Head {
    fn new(endpoint: &Url, user_agent: &str) -> Result<Head> {
        let value = |text: &str, field: &str| {
            HeaderValue::from_str(text).map_err(|_| Error::new(Reason::BadOption).field(field))
        };
        let mut target = endpoint.path().to_owned();
        if let Some(query) = endpoint.query() {
            target.push('?');
            target.push_str(query);
        }
        let host = value(&host_header(endpoint), "endpoint")?;
        Ok(Head { target, host, user_agent: value(user_agent, "user_agent")? })
    }
}

impl Driver {
    /// Drives a future on this thread until it ends. Inside a host's own runtime, where blocking is not
    /// allowed, a thread is borrowed that ends with the call.
    pub(crate) fn run<T: Send>(&self, future: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let Some(runtime) = &self.runtime else { return Err(Error::new(Reason::Defect)) };
        let drive = || {
            runtime.block_on(async {
                // Lets the connection notice that its other end has closed while nobody drove it.
                tokio::task::yield_now().await;
                future.await
            })
        };
        if tokio::runtime::Handle::try_current().is_err() {
            return drive();
        }
        std::thread::scope(|scope| {
            let borrowed = std::thread::Builder::new().spawn_scoped(scope, drive);
            let borrowed = borrowed
                .map_err(|error| Error::new(Reason::SystemResources).detailed(system::words(&error)))?;
            borrowed.join().unwrap_or_else(|_| Err(Error::new(Reason::Defect)))
        })
    }

    /// Sends a request on the kept connection, or on a new one.
    ///
    /// # Errors
    /// Those of [`Driver::connect`]; `connection_lost`, `tls_failed` and the like, `answer_not_protocol`.
    pub(crate) async fn send(&self, mut request: Request<OrderBody>) -> Result<Response<Incoming>> {
        if let Some(mut kept) = self.ready().await {
            match kept.try_send_request(request).await {
                Ok(response) => return Ok(self.answered(kept, response)),
                // The other end had closed it before the request was taken: nothing has been sent.
                Err(mut failed) => match failed.take_message() {
                    Some(unsent) => request = unsent,
                    None => return Err(of_request(failed.error())),
                },
            }
        }
        let mut fresh = self.route.open(&self.tls).await?;
        let response = fresh.send_request(request).await.map_err(|error| of_request(&error))?;
        Ok(self.answered(fresh, response))
    }

    /// Opens a connection, and keeps it for the next request.
    ///
    /// # Errors
    /// Why there is none: the name, the network, the proxy, TLS.
    pub(crate) async fn connect(&self) -> Result<()> {
        let fresh = self.route.open(&self.tls).await?;
        *self.connection() = Some(fresh);
        Ok(())
    }

    /// Takes the kept connection, if it can take a request.
    async fn ready(&self) -> Option<Sender> {
        let mut kept = self.connection().take()?;
        let ready = timeout(SETTLING, kept.ready()).await;
        matches!(ready, Ok(Ok(()))).then_some(kept)
    }

    fn answered(&self, sender: Sender, response: Response<Incoming>) -> Response<Incoming> {
        *self.connection() = Some(sender);
        response
    }

    fn connection(&self) -> MutexGuard<'_, Option<Sender>> {
        self.connection.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Driver {
    /// Closes without waiting: a plain drop of a runtime panics inside another runtime. There is
    /// no thread to wait for.
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            runtime.shutdown_background();
        }
    }
}
