//! Writing to a connection that its other end has closed raises SIGPIPE, which ends a process that has not said
//! otherwise. Programs in Rust, Java, .NET and PHP have; those in C and C++ need not have.

/// Runs `call` with SIGPIPE held back from this thread. What the host has arranged for the signal, and one that
/// waited for the host before, are left as they were.
pub(super) fn held<T>(call: impl FnOnce() -> T) -> T {
    #[cfg(unix)]
    let _held = unix::Held::new();
    call()
}

#[cfg(unix)]
mod unix {
    use std::mem::MaybeUninit;
    use std::ptr;

    use libc::{SIG_BLOCK, SIG_SETMASK, SIGPIPE, c_int, sigset_t};

    /// Restores the thread's signals when dropped.
    pub(super) struct Held {
        before: sigset_t,
    }

    impl Held {
        /// Holds the signal back; `None` where nothing need be done: the host itself holds one back.
        pub(super) fn new() -> Option<Held> {
            if waits() {
                return None;
            }
            let mut before = MaybeUninit::uninit();
            // SAFETY: both point to sets of this function, the first of which is initialised; on success the
            // second is.
            unsafe {
                (libc::pthread_sigmask(SIG_BLOCK, &only_it(), before.as_mut_ptr()) == 0)
                    .then(|| Held { before: before.assume_init() })
            }
        }
    }

    impl Drop for Held {
        fn drop(&mut self) {
            if waits() {
                let mut taken: c_int = 0;
                // SAFETY: an initialised set and a number of this function; the signal waits, so this does not.
                unsafe { libc::sigwait(&only_it(), &raw mut taken) };
            }
            // SAFETY: the set is what pthread_sigmask gave for this thread, which a guard does not leave.
            unsafe { libc::pthread_sigmask(SIG_SETMASK, &self.before, ptr::null_mut()) };
        }
    }

    fn waits() -> bool {
        let mut waiting = MaybeUninit::uninit();
        // SAFETY: on success the set is initialised.
        unsafe {
            libc::sigpending(waiting.as_mut_ptr()) == 0 && libc::sigismember(waiting.as_ptr(), SIGPIPE) == 1
        }
    }

    fn only_it() -> sigset_t {
        let mut set = MaybeUninit::<sigset_t>::uninit();
        // SAFETY: sigemptyset initialises the set, which sigaddset then changes.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), SIGPIPE);
            set.assume_init()
        }
    }
}
