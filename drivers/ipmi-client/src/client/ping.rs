//! Is there a BMC? A presence ping needs no credentials.

use std::time::{Duration, Instant};

use tokio::time::{sleep_until, timeout_at};

use super::Client;
use crate::error::Failure;
use crate::wire::asf::{self, Pong};
use crate::wire::rmcp;

impl Client {
    /// Sends presence pings until one is answered or the deadline passes.
    pub async fn ping(&self, host: &str, port: u16, deadline: Instant) -> Result<Pong, Failure> {
        let began = Instant::now();
        let lookup = tokio::net::lookup_host((host, port));
        let peer = timeout_at(deadline.into(), lookup)
            .await
            .map_err(|_| Failure::Unresolved("the name service did not answer in time".into()))?
            .map_err(|error| Failure::Unresolved(error.to_string()))?
            .next()
            .ok_or_else(|| Failure::Unresolved("the name has no address".into()))?;
        let endpoint = self
            .shared
            .endpoints
            .towards(peer)
            .await
            .map_err(Failure::Socket)?;
        let mut wire = endpoint.subscribe(peer);
        let mut sent = 0u8;
        while Instant::now() < deadline {
            let tag = sent;
            sent = (sent + 1) % 255;
            wire.send(&asf::ping(tag)).await.map_err(Failure::Socket)?;
            let again = (Instant::now() + Duration::from_secs(1)).min(deadline);
            loop {
                tokio::select! {
                    () = self.shared.stop.cancelled() => return Err(Failure::ShuttingDown),
                    () = sleep_until(again.into()) => break,
                    datagram = wire.receive() => {
                        let pong = datagram.as_deref().and_then(|datagram| {
                            let (class, message) = rmcp::decode(datagram).ok()?;
                            (class == rmcp::Class::Asf).then(|| asf::decode_pong(message).ok())?
                        });
                        if let Some(pong) = pong {
                            return Ok(pong);
                        }
                    }
                }
            }
        }
        Err(Failure::Timeout {
            waited: began.elapsed(),
            unanswered: u32::from(sent),
        })
    }
}
