//! The request body as the HTTP library wants it: owned and `'static`, while the bytes it carries are the
//! caller's own. A small order is one piece, made beforehand. For more, a short channel joins the two: [`feed`]
//! reads and encodes the caller's bytes within the blocking call, [`OrderBody`] hands the pieces on. Both run on
//! the calling thread, so nothing is copied but the encoded piece.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use tokio::sync::mpsc::{Receiver, Sender, channel};

use super::supply::Supplied;
use crate::protocol::Result;
use crate::protocol::stream::Pieces;

/// Pieces that may wait in the channel: one being sent, one ready.
const WAITING: usize = 2;

/// The sending end of a body.
pub(crate) struct OrderBody {
    first: Option<Bytes>,
    rest: Option<Receiver<Bytes>>,
    left: u64,
    begun: Arc<AtomicBool>,
}

impl OrderBody {
    /// Makes a body of exactly so many bytes that begins with this piece; when it is not the whole, also where to feed
    /// the others. `begun` is set once a connection asks for the body.
    pub(crate) fn new(
        first: Bytes,
        length: u64,
        begun: Arc<AtomicBool>,
    ) -> (OrderBody, Option<Sender<Bytes>>) {
        let (sender, rest) = if first.len() as u64 == length {
            (None, None)
        } else {
            let (sender, pieces) = channel(WAITING);
            (Some(sender), Some(pieces))
        };
        (OrderBody { first: Some(first), rest, left: length, begun }, sender)
    }
}

/// Feeds every further piece. Ends early, and well, when the other end no longer wants them: the answer, or the
/// failure of the connection, says why.
///
/// # Errors
/// Those of [`Pieces::next_piece`].
pub(crate) async fn feed(mut pieces: Pieces<Supplied<'_>>, sender: Sender<Bytes>) -> Result<()> {
    while let Some(piece) = pieces.next_piece()? {
        if sender.send(piece).await.is_err() {
            break;
        }
    }
    Ok(())
}

impl Body for OrderBody {
    type Data = Bytes;
    /// A body that ends early is noticed by the HTTP library itself: it announced the length.
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.begun.store(true, Ordering::Relaxed);
        let piece = match (self.first.take(), &mut self.rest) {
            (Some(first), _) => Poll::Ready(Some(first)),
            (None, Some(rest)) => rest.poll_recv(context),
            (None, None) => Poll::Ready(None),
        };
        piece.map(|piece| {
            piece.map(|piece| {
                self.left = self.left.saturating_sub(piece.len() as u64);
                Ok(Frame::data(piece))
            })
        })
    }

    fn is_end_stream(&self) -> bool {
        self.left == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.left)
    }
}
