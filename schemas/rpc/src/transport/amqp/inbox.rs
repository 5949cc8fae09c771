//! The reply queue of this process and the calls that wait for something in it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use lapin::Channel;
use lapin::message::Delivery;
use lapin::options::BasicAckOptions;
use tokio::sync::{oneshot, watch};
use tokio::time::{Instant, timeout_at};

use super::options::Options;
use super::subscription::Subscriber;
use super::topology::{DeclareError, declare_own_queue};
use crate::envelope::WireReply;

/// Replies go to whoever waits for them; those that nobody waits for are dropped.
pub(super) struct Inbox {
    options: Arc<Options>,
    pub(super) queue: String,
    waiting: Mutex<HashMap<String, oneshot::Sender<WireReply>>>,
    ready: watch::Sender<Result<(), String>>,
}

/// A call that waits. Dropping it makes room for another.
pub(super) struct Expected<'a> {
    inbox: &'a Inbox,
    msg_id: String,
    reply: oneshot::Receiver<WireReply>,
}

impl Inbox {
    pub(super) fn new(options: Arc<Options>) -> Self {
        Inbox {
            queue: options.own_queue("reply"),
            options,
            waiting: Mutex::default(),
            ready: watch::Sender::new(Err("not connected yet".to_owned())),
        }
    }

    /// Waits until replies can arrive; at `deadline` says why they cannot.
    pub(super) async fn ready(&self, deadline: Instant) -> Result<(), String> {
        let mut ready = self.ready.subscribe();
        // The sender lives as long as `self`, so the wait ends in no other way.
        if timeout_at(deadline, ready.wait_for(Result::is_ok))
            .await
            .is_ok()
        {
            return Ok(());
        }
        self.ready.borrow().clone()
    }

    /// Begins to wait for the reply to a message; `None` when too many wait already.
    pub(super) fn expect(&self, msg_id: String) -> Option<Expected<'_>> {
        let mut waiting = self.lock();
        if waiting.len() >= self.options.calls_in_flight {
            return None;
        }
        let (sender, reply) = oneshot::channel();
        waiting.insert(msg_id.clone(), sender);
        Some(Expected {
            inbox: self,
            msg_id,
            reply,
        })
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<String, oneshot::Sender<WireReply>>> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hand_over(&self, body: &[u8]) {
        match WireReply::decode(body) {
            Ok(None) => {}
            Ok(Some(reply)) => {
                let waiting = self.lock().remove(&reply.msg_id);
                match waiting {
                    // The caller may just have given up.
                    Some(caller) => drop(caller.send(reply)),
                    None => tracing::debug!(msg_id = reply.msg_id, "nobody waits for this reply"),
                }
            }
            Err(error) => tracing::warn!(%error, "dropped a malformed reply"),
        }
    }
}

impl Expected<'_> {
    /// The reply.
    pub(super) async fn reply(&mut self) -> Option<WireReply> {
        (&mut self.reply).await.ok()
    }
}

impl Drop for Expected<'_> {
    fn drop(&mut self) {
        self.inbox.lock().remove(&self.msg_id);
    }
}

#[async_trait::async_trait]
impl Subscriber for Inbox {
    const PURPOSE: &'static str = "replies";

    async fn declare(&self, channel: &Channel) -> Result<(), DeclareError> {
        declare_own_queue(channel, &self.options, &self.queue).await
    }

    fn queues(&self) -> Vec<String> {
        vec![self.queue.clone()]
    }

    fn prefetch(&self) -> u16 {
        0
    }

    fn listening(&self, state: Result<(), String>) {
        drop(self.ready.send_replace(state));
    }

    async fn deliver(&self, delivery: Delivery) {
        self.hand_over(&delivery.data);
        // If the acknowledgement is lost the reply comes again, and nobody waits for it then.
        let _ = delivery.ack(BasicAckOptions::default()).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inbox(limit: usize) -> Inbox {
        let mut options = Options::new("rabbit://h".parse().unwrap());
        options.calls_in_flight = limit;
        Inbox::new(Arc::new(options))
    }

    fn reply(msg_id: &str) -> Vec<u8> {
        WireReply {
            outcome: Ok(true.into()),
            msg_id: msg_id.into(),
            unique_id: "u".into(),
        }
        .encode()
    }

    #[tokio::test]
    async fn a_reply_finds_its_caller() {
        let inbox = inbox(2);
        let mut expected = inbox.expect("m".into()).unwrap();
        inbox.hand_over(b"rubbish");
        inbox.hand_over(&reply("other"));
        inbox.hand_over(&reply("m"));
        assert_eq!(expected.reply().await.unwrap().outcome, Ok(true.into()));
        inbox.hand_over(&reply("m"));
    }

    #[test]
    fn callers_are_bounded_and_make_room_when_they_give_up() {
        let inbox = inbox(1);
        let first = inbox.expect("a".into());
        assert!(first.is_some());
        assert!(inbox.expect("b".into()).is_none());
        drop(first);
        assert!(inbox.expect("b".into()).is_some());
    }
}
