//! A body that breaks off before its end, or dribbles: for faults that are committed on purpose.

use std::io::{Error, ErrorKind};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use tokio::time::{Interval, MissedTickBehavior, interval};

/// The pause between two bytes that dribble, and before a connection breaks: what was sent is on its way then.
const PAUSE: Duration = Duration::from_millis(20);

/// The body.
pub struct Broken {
    left: Bytes,
    /// The length that was promised.
    length: u64,
    ticks: Option<Interval>,
    /// How many bytes come at a time.
    step: usize,
    is_whole: bool,
}

impl Broken {
    /// Breaks off before its first byte, and the head with it.
    pub fn lost() -> Broken {
        Broken { left: Bytes::new(), length: 1, ticks: None, step: 0, is_whole: false }
    }

    /// Breaks off in the middle of these bytes.
    pub fn cut(bytes: Bytes) -> Broken {
        let length = bytes.len() as u64;
        let half = bytes.slice(..bytes.len() / 2);
        Broken { step: half.len(), left: half, length, ticks: Some(ticks()), is_whole: false }
    }

    /// Comes byte by byte.
    pub fn dribbling(bytes: Bytes) -> Broken {
        Broken::trickling(bytes, u32::MAX)
    }

    /// Comes in so many pieces, and in bytes where there are fewer.
    pub fn trickling(bytes: Bytes, pieces: u32) -> Broken {
        let step = bytes.len().div_ceil(pieces.max(1) as usize).max(1);
        Broken { length: bytes.len() as u64, left: bytes, ticks: Some(ticks()), step, is_whole: true }
    }
}

fn ticks() -> Interval {
    let mut ticks = interval(PAUSE);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

impl http_body::Body for Broken {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        if let Some(ticks) = &mut this.ticks {
            ready!(ticks.poll_tick(context));
        }
        let count = this.step.min(this.left.len());
        Poll::Ready(match (this.left.is_empty(), this.is_whole) {
            (false, _) => Some(Ok(Frame::data(this.left.split_to(count)))),
            (true, true) => None,
            (true, false) => Some(Err(ErrorKind::ConnectionAborted.into())),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.is_whole && self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.length)
    }
}
