//! Long bodies handed to the connection piece by piece.
//!
//! actix copies what a body yields into the connection's write buffer. A list of megabytes in one
//! piece would be in memory twice, until its slow reader has taken it; in pieces, the copy is never
//! larger than a few of them.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, MessageBody};
use actix_web::web::Bytes;

/// Bytes handed over at a time: with much less, server and client wake each other for every piece.
const PIECE: usize = 256 * 1024;

/// A body as the connection takes it: at once when it is short.
pub fn of(body: Vec<u8>) -> BoxBody {
    if body.len() <= PIECE {
        return body.boxed();
    }
    let left = Bytes::from(body);
    Pieces { left }.boxed()
}

/// A body that yields its bytes in pieces; its length is known beforehand.
struct Pieces {
    left: Bytes,
}

impl MessageBody for Pieces {
    type Error = Infallible;

    fn size(&self) -> BodySize {
        BodySize::Sized(u64::try_from(self.left.len()).unwrap_or(u64::MAX))
    }

    fn poll_next(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Bytes, Infallible>>> {
        if self.left.is_empty() {
            return Poll::Ready(None);
        }
        let piece = self.left.len().min(PIECE);
        Poll::Ready(Some(Ok(self.left.split_to(piece))))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_lost_and_nothing_comes_in_one_piece() {
        let whole: Vec<u8> = (0..800_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut body = of(whole.clone());
        assert_eq!(body.size(), BodySize::Sized(800_000));
        let (mut seen, mut pieces) = (Vec::new(), 0);
        let mut context = Context::from_waker(std::task::Waker::noop());
        while let Poll::Ready(Some(Ok(piece))) = Pin::new(&mut body).poll_next(&mut context) {
            assert!(piece.len() <= PIECE);
            seen.extend_from_slice(&piece);
            pieces += 1;
        }
        assert_eq!(seen, whole);
        assert_eq!(pieces, 4);
    }

    #[test]
    fn a_short_body_is_one_piece() {
        let body = of(b"{}".to_vec());
        assert_eq!(body.try_into_bytes().ok().as_deref(), Some(&b"{}"[..]));
    }
}
