//! The drivers of a client: each is a single-threaded runtime with an HTTP client and its kept-alive
//! connection, and serves one call at a time on the thread that makes it.
//!
//! Threads: a call takes an idle driver or makes a new one, so calls never wait for each other.
//!
//! Forks: a runtime's event queue and its sockets are shared with the parent. So drivers are kept per
//! process id: a child finds none of its own and makes some; the parent's stay untouched, and are not
//! dropped either, since closing would speak on the parent's connections.

use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

use reqwest::redirect;
use rustls::ClientConfig;
use rustls::client::Resumption;
use tokio::runtime::{Builder, Runtime};

use super::resolver::Lookup;
use crate::client::config::Config;
use crate::client::proxy::Proxy;
use crate::protocol::{Error, Reason, Result};

/// Most drivers kept for later; more calls at once are served all the same.
const MAX_IDLE: usize = 64;

/// One runtime with its HTTP client.
pub(crate) struct Driver {
    runtime: Option<Runtime>,
    /// The HTTP client; used inside [`Driver::run`] only.
    pub(crate) http: reqwest::Client,
    used: Instant,
}

/// The drivers of every process that this client came to live in.
pub(crate) struct Pool {
    recipe: Recipe,
    first: Process,
}

/// How a driver is made.
struct Recipe {
    connect: Duration,
    idle: Duration,
    proxy: Proxy,
    user_agent: String,
}

/// The idle drivers and TLS sessions of one process, and the process of the next process. A child never touches
/// its parent's, not even their locks, which a thread of the parent may have held at the moment of the fork.
struct Process {
    pid: u32,
    tls: ClientConfig,
    idle: Mutex<Vec<Driver>>,
    next: OnceLock<Box<Process>>,
}

impl Process {
    /// Makes the entry of this process, with these TLS settings but sessions of its own.
    fn new(tls: &ClientConfig) -> Process {
        let mut tls = tls.clone();
        tls.resumption = Resumption::default();
        Process { pid: std::process::id(), tls, idle: Mutex::new(Vec::new()), next: OnceLock::new() }
    }

    fn idle<T>(&self, act: impl FnOnce(&mut Vec<Driver>) -> T) -> T {
        act(&mut self.idle.lock().unwrap_or_else(std::sync::PoisonError::into_inner))
    }
}

impl Pool {
    /// Makes a pool that makes drivers with these settings; the first is made at once, to find mistakes early.
    pub(crate) fn new(config: &Config, tls: &ClientConfig) -> Result<Pool> {
        let recipe = Recipe {
            connect: config.timeouts().connect,
            idle: config.timeouts().idle,
            proxy: config.proxy().clone(),
            user_agent: config.user_agent().to_owned(),
        };
        let pool = Pool { recipe, first: Process::new(tls) };
        pool.give_back(pool.recipe.driver(&pool.first.tls)?);
        Ok(pool)
    }

    /// Takes an idle driver of this process, or makes one.
    pub(crate) fn take(&self) -> Result<Driver> {
        let idle = self.recipe.idle;
        let process = self.process();
        let (found, stale) = process.idle(|drivers| {
            let found = drivers.pop();
            // The most recently used serve first, so those that nobody needs gather at the front.
            let fresh = drivers.iter().position(|driver| driver.used.elapsed() < idle);
            let stale: Vec<Driver> = drivers.drain(..fresh.unwrap_or(drivers.len())).collect();
            (found, stale)
        });
        drop(stale);
        found.map_or_else(|| self.recipe.driver(&process.tls), Ok)
    }

    /// Keeps a driver, whose connection is in order, for the next call.
    pub(crate) fn give_back(&self, mut driver: Driver) {
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
    fn driver(&self, tls: &ClientConfig) -> Result<Driver> {
        let defect = |error: &dyn std::fmt::Display| Error::new(Reason::Defect).because(error);
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| defect(&error))?;
        let builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .https_only(true)
            .http1_only()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(self.connect)
            .pool_idle_timeout(self.idle)
            .pool_max_idle_per_host(usize::from(!self.idle.is_zero()))
            .tcp_nodelay(true)
            .dns_resolver(Arc::new(Lookup))
            .user_agent(&self.user_agent);
        let http = self.proxy.apply(builder)?.build().map_err(|error| defect(&error))?;
        Ok(Driver { runtime: Some(runtime), http, used: Instant::now() })
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
        let borrowed = std::thread::scope(|scope| scope.spawn(drive).join());
        borrowed.unwrap_or_else(|_| Err(Error::new(Reason::Defect)))
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
