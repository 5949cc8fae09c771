//! API and conductor in one process: values pass as they are.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_model::error::{Class, Fault};
use tokio::time::timeout as deadline;
use tokio_util::task::TaskTracker;

use super::{Answered, Transport};
use crate::client::Destination;
use crate::context::RequestContext;
use crate::methods::{Reply, Request};
use crate::server::Server;

/// The way to the conductor of this process, and to no other.
pub struct Local {
    server: Arc<Server>,
    host: String,
    casts: TaskTracker,
}

impl Local {
    /// `host` is the name the conductor is registered under.
    pub fn new(server: Arc<Server>, host: impl Into<String>) -> Self {
        Local {
            server,
            host: host.into(),
            casts: TaskTracker::new(),
        }
    }

    fn check(&self, to: &Destination) -> Result<(), Fault> {
        match to {
            Destination::Host(host) if *host != self.host => Err(Fault::new(
                Class::ServiceUnavailable,
                format!(
                    "conductor '{host}' is in another process; [DEFAULT]rpc_transport of this one \
                     reaches only its own ('{}')",
                    self.host
                ),
            )),
            _ => Ok(()),
        }
    }

    /// Waits until every cast that was taken has been handed to the server.
    pub async fn drained(&self) {
        self.casts.close();
        self.casts.wait().await;
    }
}

async fn answer(
    server: &Server,
    context: RequestContext,
    request: Request,
) -> Result<Reply, Fault> {
    let place = server.place(request.lane()).await;
    server.handle(place, context, request).await
}

#[async_trait]
impl Transport for Local {
    async fn call(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        timeout: Duration,
    ) -> Result<Answered, Fault> {
        self.check(to)?;
        let name = request.name();
        deadline(timeout, answer(&self.server, context.clone(), request))
            .await
            .unwrap_or_else(|_| {
                Err(Fault::internal(format!(
                    "Timed out waiting for a reply to {name} after {} s; it may still go on",
                    timeout.as_secs()
                )))
            })
            .map(Answered::Typed)
    }

    async fn cast(
        &self,
        context: &RequestContext,
        to: &Destination,
        request: Request,
        _timeout: Duration,
    ) -> Result<(), Fault> {
        self.check(to)?;
        let (server, context) = (Arc::clone(&self.server), context.clone());
        self.casts.spawn(async move {
            let name = request.name();
            if let Err(fault) = answer(&server, context, request).await {
                tracing::warn!(rpc.method = name, error = %fault, "a cast failed");
            }
        });
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Client;
    use crate::methods::{Answer, BootDevice, ContinueNodeClean, GetBootDevice, NodeRef};
    use crate::server::Handler;
    use std::sync::atomic::{AtomicUsize, Ordering};

    #[derive(Default)]
    struct Conductor {
        continued: AtomicUsize,
    }

    #[async_trait]
    impl Handler for Conductor {
        async fn handle(&self, _: RequestContext, request: Request) -> Result<Reply, Fault> {
            match request {
                Request::GetBootDevice(request) => match request.node_id {
                    NodeRef::Uuid(uuid) if uuid == "gone" => Err(Fault::not_found("gone")),
                    NodeRef::Uuid(uuid) if uuid == "crash" => panic!("on purpose"),
                    NodeRef::Uuid(uuid) if uuid == "slow" => std::future::pending().await,
                    _ => Ok(BootDevice {
                        boot_device: Some("pxe".into()),
                        persistent: Some(false),
                    }
                    .into_reply()),
                },
                Request::ContinueNodeClean(_) => {
                    self.continued.fetch_add(1, Ordering::SeqCst);
                    Ok(Reply::None)
                }
                other => Err(Fault::unsupported(other.name())),
            }
        }
    }

    fn ask(node: &str) -> GetBootDevice {
        GetBootDevice {
            node_id: NodeRef::Uuid(node.into()),
        }
    }

    fn client(places: usize) -> (Client, Arc<Conductor>, Arc<Local>) {
        let conductor = Arc::new(Conductor::default());
        let server = Arc::new(Server::new(conductor.clone(), places));
        let local = Arc::new(Local::new(server, "here"));
        (
            Client::new(local.clone(), Duration::from_secs(60)),
            conductor,
            local,
        )
    }

    #[tokio::test(start_paused = true)]
    async fn calls_answer_or_fail() {
        let (client, _, _) = client(2);
        let (context, here) = (RequestContext::default(), Destination::host("here"));
        let device = client.call(&context, &here, ask("n")).await.unwrap();
        assert_eq!(device.boot_device.as_deref(), Some("pxe"));
        let fault = client.call(&context, &here, ask("gone")).await.unwrap_err();
        assert_eq!(fault.code(), 404);
        let fault = client
            .call(&context, &here, ask("crash"))
            .await
            .unwrap_err();
        assert_eq!(fault.code(), 500);
        let elsewhere = Destination::host("there");
        let fault = client
            .call(&context, &elsewhere, ask("n"))
            .await
            .unwrap_err();
        assert_eq!(fault.class, Class::ServiceUnavailable);
    }

    #[tokio::test(start_paused = true)]
    async fn a_silent_handler_costs_its_place_but_not_its_caller() {
        let (client, _, _) = client(1);
        let (context, here) = (RequestContext::default(), Destination::Any);
        for _ in 0..2 {
            let fault = client.call(&context, &here, ask("slow")).await.unwrap_err();
            assert!(fault.message.contains("Timed out"), "{fault}");
        }
    }

    #[tokio::test]
    async fn casts_are_carried_out() {
        let (client, conductor, local) = client(1);
        let request = ContinueNodeClean {
            node_id: NodeRef::Uuid("n".into()),
        };
        client
            .cast(&RequestContext::default(), &Destination::Any, request)
            .await
            .unwrap();
        local.drained().await;
        assert_eq!(conductor.continued.load(Ordering::SeqCst), 1);
    }
}
