//! The body of a push, streamed: the document is read, encoded and sent piece by piece.

use std::fs::File;
use std::io::{Error, Read};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use wosigndoc::protocol::stream::{Pieces, Plan, Segment, Supply};

/// The lowest rate that a receiver may read at, in bytes a second, and how much may lie in the buffers of both ends.
/// Nothing tells when what lies there moves.
const MIN_RATE: u64 = 32 * 1024;
const MAX_BUFFERED: u64 = 16 * 1024 * 1024;

/// The time when a byte moved last, on either way, and how much was handed over that the receiver may still have to read.
#[derive(Clone, Debug)]
pub struct Progress {
    begun: Instant,
    last: Arc<AtomicU64>,
    unread: Arc<AtomicU64>,
}

impl Progress {
    /// Begins now.
    pub fn new() -> Progress {
        Progress { begun: Instant::now(), last: Arc::default(), unread: Arc::default() }
    }

    /// Notes that something moved.
    pub fn moved(&self) {
        let now = u64::try_from(self.begun.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last.store(now, Ordering::Relaxed);
    }

    /// Notes that so many bytes are on their way.
    fn sent(&self, bytes: usize) {
        self.unread.fetch_add(bytes as u64, Ordering::Relaxed);
    }

    /// Notes that the receiver answers: it has read what it wanted.
    pub fn answered(&self) {
        self.unread.store(0, Ordering::Relaxed);
        self.moved();
    }

    /// Returns how long nothing has moved.
    pub fn idle(&self) -> Duration {
        self.begun.elapsed().saturating_sub(Duration::from_millis(self.last.load(Ordering::Relaxed)))
    }

    /// Returns how long nothing may seem to move: so long, and as long as it takes to read what lies in buffers.
    fn patience(&self, limit: Duration) -> Duration {
        limit + Duration::from_secs(self.unread.load(Ordering::Relaxed).min(MAX_BUFFERED) / MIN_RATE)
    }

    /// Returns when nothing has moved for so long, with how long that was.
    pub async fn stalled(&self, limit: Duration) -> Duration {
        loop {
            let idle = self.idle();
            let left = self.patience(limit).saturating_sub(idle);
            if left.is_zero() {
                return idle;
            }
            // The answer, once it has begun, is waited for no longer than that.
            tokio::time::sleep(left.min(limit)).await;
        }
    }
}

/// The body of a push on its way.
pub struct PushBody {
    pieces: Pieces<DocumentFile>,
    left: u64,
    progress: Progress,
}

/// The signed document, open, and the piece of it that is being sent.
pub struct DocumentFile {
    file: File,
    piece: Vec<u8>,
}

impl DocumentFile {
    /// Makes a document that is read from here on.
    pub fn new(file: File) -> DocumentFile {
        DocumentFile { file, piece: Vec::new() }
    }
}

impl Supply for DocumentFile {
    type Error = Error;

    fn next(&mut self, count: usize, _last: bool) -> Result<&[u8], Error> {
        self.piece.resize(count, 0);
        self.file.read_exact(&mut self.piece)?;
        Ok(&self.piece)
    }
}

impl PushBody {
    /// Begins to send a body that is in memory.
    pub fn of(bytes: Bytes, progress: Progress) -> PushBody {
        PushBody::new(Plan { segments: vec![Segment::Text(bytes)] }, progress)
    }

    /// Begins to send what was laid out.
    pub fn new(plan: Plan<DocumentFile>, progress: Progress) -> PushBody {
        PushBody { left: plan.content_length(), pieces: plan.into_pieces(), progress }
    }
}

impl http_body::Body for PushBody {
    type Data = Bytes;
    type Error = Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        _context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Error>>> {
        let this = self.get_mut();
        this.progress.moved();
        Poll::Ready(match this.pieces.next_piece() {
            Ok(Some(piece)) => {
                this.left = this.left.saturating_sub(piece.len() as u64);
                this.progress.sent(piece.len());
                Some(Ok(Frame::data(piece)))
            }
            Ok(None) => None,
            Err(error) => Some(Err(error)),
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Covers P-34: 15 s and what it takes to read the buffers, which are not endless; no more once it answers.
    #[test]
    fn is_patient_while_the_receiver_may_be_reading() {
        let (progress, limit) = (Progress::new(), Duration::from_secs(15));
        assert_eq!(progress.patience(limit), limit);
        progress.sent(1024 * 1024);
        assert_eq!(progress.patience(limit).as_secs(), 15 + 32);
        progress.sent(100 * 1024 * 1024);
        assert_eq!(progress.patience(limit).as_secs(), 15 + 512);
        progress.answered();
        assert_eq!(progress.patience(limit), limit);
    }
}
