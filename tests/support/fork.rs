//! Running a part of a test in a child process.
#![allow(unsafe_code, reason = "fork itself")]
#![allow(dead_code, reason = "each test file uses a part")]

use std::panic::{AssertUnwindSafe, catch_unwind};

/// A child process that is running.
pub struct Child(i32);

/// Starts a child that runs this and then ends at once.
pub fn start(act: impl FnOnce() -> bool) -> Child {
    // SAFETY: the child runs the closure and leaves by _exit; locks that other threads held at the fork
    // are not touched, glibc's allocator is usable in a forked child.
    match unsafe { libc::fork() } {
        0 => {
            let good = catch_unwind(AssertUnwindSafe(act)).unwrap_or(false);
            // SAFETY: ends this process without running the parent's exit handlers.
            unsafe { libc::_exit(i32::from(!good)) }
        }
        child => {
            assert!(child > 0, "fork failed");
            Child(child)
        }
    }
}

impl Child {
    /// Waits for its end; true when it said that all was well.
    pub fn wait(self) -> bool {
        let mut status = -1;
        // SAFETY: waits for the child just made; `status` is a valid place.
        assert_eq!(unsafe { libc::waitpid(self.0, &raw mut status, 0) }, self.0);
        status == 0
    }

    /// Kills it, and waits for its end.
    pub fn kill(self) {
        // SAFETY: the child has not been waited for yet, so that the number is its own.
        assert_eq!(unsafe { libc::kill(self.0, libc::SIGKILL) }, 0);
        self.wait();
    }
}

/// Runs this in a child process; true when it said so.
pub fn in_child(act: impl FnOnce() -> bool) -> bool {
    start(act).wait()
}
