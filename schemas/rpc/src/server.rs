//! Answering requests.
//!
//! Invariants
//! * at most a fixed number of requests are handled at once, and ramdisks reporting in have places
//!   of their own, so they never wait behind slow BMCs;
//! * a request that was begun is finished: a caller that gives up, or a broken connection, cancels
//!   nothing;
//! * a panic in one request is a failure of that request.

use std::sync::Arc;

use async_trait::async_trait;
use schemas_model::error::Fault;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::task::TaskTracker;

use crate::context::RequestContext;
use crate::envelope::WireRequest;
use crate::faults::Failure;
use crate::methods::{Lane, Refused, Reply, Request};
use crate::objects::release::Pin;
use crate::version;
use serde_json::Value;

/// Places for [`Lane::Agent`], as a share of all.
const AGENT_SHARE: usize = 4;

/// What a conductor does with requests.
#[async_trait]
pub trait Handler: Send + Sync + 'static {
    /// Does what is asked, or begins to.
    ///
    /// # Errors
    /// What the caller is told.
    async fn handle(&self, context: RequestContext, request: Request) -> Result<Reply, Fault>;
}

/// A request from the wire: understood or refused.
pub struct Incoming {
    method: String,
    context: RequestContext,
    request: Result<Request, Refused>,
}

impl Incoming {
    /// Checks version and arguments.
    pub fn decode(wire: WireRequest) -> Self {
        let spoken = match &wire.version {
            // Absent means 1.0, which every 1.x speaks.
            None => true,
            Some(asked) => asked
                .parse()
                .is_ok_and(|asked| version::RPC.understands(asked)),
        };
        let request = match (spoken, wire.namespace) {
            (true, None) => Request::decode(&wire.method, wire.args),
            (_, _) => Err(Refused::Version {
                version: wire.version.unwrap_or_default(),
                method: wire.method.clone(),
            }),
        };
        Incoming {
            method: wire.method,
            context: wire.context,
            request,
        }
    }

    /// The method asked for.
    pub fn method(&self) -> &str {
        &self.method
    }

    /// Where it waits.
    pub fn lane(&self) -> Lane {
        self.request.as_ref().map_or(Lane::Operator, Request::lane)
    }
}

/// A handler with bounded concurrency, shared by all transports of a process.
pub struct Server {
    handler: Arc<dyn Handler>,
    agents: Arc<Semaphore>,
    operators: Arc<Semaphore>,
    running: TaskTracker,
}

/// A place among the requests that are handled at once.
pub struct Place(#[allow(dead_code, reason = "held for its Drop")] Option<OwnedSemaphorePermit>);

impl Server {
    /// A server that handles up to `places` requests at once (`[conductor]workers_pool_size`), and
    /// a quarter more from ramdisks.
    pub fn new(handler: Arc<dyn Handler>, places: usize) -> Self {
        let places = places.max(1);
        Server {
            handler,
            agents: Arc::new(Semaphore::new((places / AGENT_SHARE).max(1))),
            operators: Arc::new(Semaphore::new(places)),
            running: TaskTracker::new(),
        }
    }

    /// Waits for a place in the lane.
    pub async fn place(&self, lane: Lane) -> Place {
        let lane = match lane {
            Lane::Agent => &self.agents,
            Lane::Operator => &self.operators,
        };
        // The semaphores are never closed, so there is always a permit to wait for.
        Place(Arc::clone(lane).acquire_owned().await.ok())
    }

    /// Handles a request in a task of its own, so that it outlives its caller.
    ///
    /// # Errors
    /// The handler's fault; 500 if it panicked.
    pub async fn handle(
        &self,
        place: Place,
        context: RequestContext,
        request: Request,
    ) -> Result<Reply, Fault> {
        let name = request.name();
        let handler = Arc::clone(&self.handler);
        let task = self.running.spawn(async move {
            let _place = place;
            handler.handle(context, request).await
        });
        task.await.unwrap_or_else(|error| {
            tracing::error!(rpc.method = name, %error, "a request ended without an answer");
            Err(Fault::internal(format!(
                "{name}: the conductor failed while handling the request; its log says why"
            )))
        })
    }

    /// Answers a request from the wire in the versions of the pinned release.
    ///
    /// # Errors
    /// The failure the caller is told.
    pub async fn answer(
        &self,
        place: Place,
        incoming: Incoming,
        pin: Pin,
    ) -> Result<Value, Failure> {
        let request = incoming.request.map_err(|refused| {
            tracing::warn!(rpc.method = incoming.method, %refused, "refused a request");
            Failure::from(&refused)
        })?;
        match self.handle(place, incoming.context, request).await {
            Ok(reply) => Ok(reply.to_wire(pin)),
            Err(fault) => Err(Failure::from(&fault)),
        }
    }

    /// Waits until every request that was begun has ended. Transports must have stopped taking new
    /// ones.
    pub async fn drained(&self) {
        self.running.close();
        self.running.wait().await;
    }
}
