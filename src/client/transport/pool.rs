//! The drivers of a client: each is a single-threaded runtime with its kept-alive connection, and serves one call at
//! a time on the thread that makes it.
//!
//! Threads: a call takes an idle driver or makes a new one, so calls never wait for each other.
//!
//! Forks: a runtime's event queue and its sockets are shared with the parent. So drivers are kept per
//! process id: a child finds none of its own and makes some; the parent's stay untouched, and are not
//! dropped either, since closing would speak on the parent's connections.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use reqwest::header::{HOST, HeaderValue};
use reqwest::{Client, Method, RequestBuilder, Response, redirect};
use rustls::client::Resumption;
use rustls::{ClientConfig, RootCertStore};
use tokio::runtime::{Builder, Runtime};
use tokio::time::timeout_at;

use super::failure::of_request;
use super::route::{Resolver, Route, host_header};
use super::tls::{self, Handshake};
use crate::client::config::Config;
use crate::client::identity::Identity;
use crate::protocol::{Error, Reason, Result, system};

/// Most drivers kept for later; more calls at once are served all the same.
const MAX_IDLE: usize = 64;

/// How often a driver looks at its sockets before it uses them. What a proxy closed is noticed by the tunnel first,
/// which then closes the connection that leads into it, which is noticed by who uses that.
const NOTICES: usize = 4;

/// One runtime with its HTTP client.
pub(crate) struct Driver {
    /// The HTTP client; used inside [`Driver::run`] only.
    http: Client,
    runtime: Option<Runtime>,
    route: Arc<Route>,
    host: HeaderValue,
    used: Instant,
}

/// The drivers of every process that this client came to live in.
pub(crate) struct Pool {
    recipe: Recipe,
    first: Process,
}

/// How a driver is made.
struct Recipe {
    resolver: Arc<Resolver>,
    /// What the `Host` header says.
    host: HeaderValue,
    idle: Duration,
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
        act(&mut self.idle.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Pool {
    /// Makes a pool that makes drivers with these settings; the first is made at once, to find mistakes early.
    /// `handshake` is told what the handshakes show.
    pub(crate) fn new(
        config: &Config,
        identity: &Identity,
        roots: RootCertStore,
        handshake: Arc<Handshake>,
    ) -> Result<Pool> {
        let route = Arc::new(Route::new(config)?);
        let tls = tls::settings(identity, roots, route.judged_as(), handshake)?;
        let host = HeaderValue::from_str(&host_header(config.endpoint()));
        let recipe = Recipe {
            host: host.map_err(|_| Error::new(Reason::BadOption).field("endpoint"))?,
            idle: config.timeouts().idle,
            resolver: Arc::new(Resolver { route, tls: tls.proxy }),
        };
        let pool = Pool { recipe, first: Process::new(&tls.endpoint) };
        pool.give_back(pool.recipe.driver(&pool.first.tls)?);
        Ok(pool)
    }

    /// Returns `host:port` of the proxy on the way, if there is one.
    pub(crate) fn proxy(&self) -> Option<String> {
        self.recipe.resolver.route.proxy()
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
    fn driver(&self, tls: &ClientConfig) -> Result<Driver> {
        let runtime = Builder::new_current_thread()
            .enable_io()
            .enable_time()
            .build()
            .map_err(|error| Error::of_system(Reason::Defect, "", &error))?;
        let route = &self.resolver.route;
        // A proxy is the route's own to ask, since reqwest would hide what it answers.
        let http = Client::builder()
            .tls_backend_preconfigured(tls.clone())
            .https_only(true)
            .http1_only()
            .no_proxy()
            .redirect(redirect::Policy::none())
            .retry(reqwest::retry::never())
            .connect_timeout(route.limit)
            .pool_idle_timeout(self.idle)
            .pool_max_idle_per_host(usize::from(!self.idle.is_zero()))
            .tcp_nodelay(true)
            .dns_resolver(Arc::clone(&self.resolver))
            .user_agent(route.user_agent.clone())
            .build()
            .map_err(|error| Error::new(Reason::Defect).because(error))?;
        Ok(Driver {
            http,
            runtime: Some(runtime),
            route: Arc::clone(route),
            host: self.host.clone(),
            used: Instant::now(),
        })
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
                for _ in 0..NOTICES {
                    tokio::task::yield_now().await;
                }
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

    /// Runs a call until its deadline; whether it had come further than connecting by then, `begun` knows.
    ///
    /// # Errors
    /// Those of the call; `call_timeout`, `connect_timeout`.
    pub(crate) async fn within<T>(
        &self,
        deadline: Instant,
        begun: impl Fn() -> bool,
        call: impl Future<Output = Result<T>>,
    ) -> Result<T> {
        match timeout_at(deadline.into(), call).await {
            Ok(outcome) => outcome,
            Err(_) if begun() => Err(Error::new(Reason::CallTimeout).ambiguous()),
            Err(_) => Err(self.route.timed_out()),
        }
    }

    /// Begins a request to the endpoint.
    pub(crate) fn request(&self, method: Method) -> RequestBuilder {
        self.http.request(method, self.route.url().clone()).header(HOST, &self.host)
    }

    /// Sends a request, on the kept connection or a new one.
    ///
    /// # Errors
    /// Why there is no connection: the name, the network, the proxy, TLS; `connection_lost`, `answer_not_protocol`.
    pub(crate) async fn send(&self, request: RequestBuilder) -> Result<Response> {
        request.send().await.map_err(|error| of_request(&error, &self.route))
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
