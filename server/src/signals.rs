//! What the system asks of the process: signals on Unix, the events of a console on Windows.

#[cfg(unix)]
pub use unix::Signals;
#[cfg(windows)]
pub use windows::Signals;

/// A request that the system makes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Request {
    /// The platform stops, for this reason.
    Stop(&'static str),
    /// The platform looks at its certificates again.
    #[cfg_attr(windows, allow(dead_code, reason = "Windows has no such signal: a restart does it"))]
    Reload,
}

#[cfg(unix)]
mod unix {
    use std::io::{self, IsTerminal, stdin};

    use tokio::signal::unix::{Signal, SignalKind, signal};

    use super::Request;

    /// The signals that have not come yet.
    pub struct Signals {
        interrupt: Signal,
        terminate: Signal,
        hangup: Signal,
        in_terminal: bool,
    }

    impl Signals {
        /// Listens to signals from now on.
        pub fn new() -> io::Result<Signals> {
            Ok(Signals {
                interrupt: signal(SignalKind::interrupt())?,
                terminate: signal(SignalKind::terminate())?,
                hangup: signal(SignalKind::hangup())?,
                in_terminal: stdin().is_terminal(),
            })
        }

        /// Waits for the next signal.
        pub async fn next(&mut self) -> Request {
            tokio::select! {
                _ = self.interrupt.recv() => Request::Stop("interrupted"),
                _ = self.terminate.recv() => Request::Stop("terminated"),
                _ = self.hangup.recv() => match self.in_terminal && !stdin().is_terminal() {
                    // The system says so when the terminal is closed: nobody would be there to stop it.
                    true => Request::Stop("its terminal is closed"),
                    false => Request::Reload,
                },
            }
        }
    }
}

#[cfg(windows)]
mod windows {
    use std::io;

    use tokio::signal::windows::{CtrlBreak, CtrlC, CtrlClose, CtrlShutdown};
    use tokio::signal::windows::{ctrl_break, ctrl_c, ctrl_close, ctrl_shutdown};

    use super::Request;

    /// The events that have not come yet. What runs a program as a service ends it by Ctrl-C or Ctrl-Break.
    pub struct Signals {
        interrupt: CtrlC,
        stop: CtrlBreak,
        closed: CtrlClose,
        shutdown: CtrlShutdown,
    }

    impl Signals {
        /// Listens to events from now on.
        pub fn new() -> io::Result<Signals> {
            Ok(Signals {
                interrupt: ctrl_c()?,
                stop: ctrl_break()?,
                closed: ctrl_close()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        /// Waits for the next event.
        pub async fn next(&mut self) -> Request {
            tokio::select! {
                _ = self.interrupt.recv() => Request::Stop("interrupted"),
                _ = self.stop.recv() => Request::Stop("terminated"),
                _ = self.closed.recv() => Request::Stop("its console is closed"),
                _ = self.shutdown.recv() => Request::Stop("the system shuts down"),
            }
        }
    }
}
