//! The AMQP transport against a real RabbitMQ, named by `FERRIC_TEST_AMQP_URL`
//! (`rabbit://user:password@host:port/`).
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use lapin::options::{BasicConsumeOptions, BasicPublishOptions, QueueDeclareOptions};
use lapin::types::FieldTable;
use lapin::{BasicProperties, Connection, ConnectionProperties};
use schemas_model::Node;
use schemas_model::error::{Class, Fault};
use schemas_model::ids::Uuid;
use schemas_rpc::envelope::{ReplyTo, WireReply, WireRequest};
use schemas_rpc::methods::{
    Answer, BootDevice, ContinueNodeClean, DestroyNode, GetBootDevice, UpdateNode,
};
use schemas_rpc::objects::release::Pin;
use schemas_rpc::transport::amqp::{Amqp, Listener, Options, TransportUrl};
use schemas_rpc::{
    Client, Destination, Handler, NodeRef, Reply, Request, RequestContext, Server, Versioned,
};
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

fn broker() -> TransportUrl {
    let url = std::env::var("FERRIC_TEST_AMQP_URL").expect("FERRIC_TEST_AMQP_URL=rabbit://...");
    url.parse().unwrap()
}

/// Each test has a host name of its own, so that they do not answer each other.
fn options(url: &TransportUrl) -> Arc<Options> {
    Arc::new(Options::new(url.clone()))
}

#[derive(Default)]
struct Conductor {
    casts: AtomicUsize,
    calls: AtomicUsize,
}

#[async_trait]
impl Handler for Conductor {
    async fn handle(&self, context: RequestContext, request: Request) -> Result<Reply, Fault> {
        self.calls.fetch_add(1, Ordering::SeqCst);
        match request {
            Request::GetBootDevice(_) => Ok(BootDevice {
                boot_device: context.user,
                persistent: Some(true),
            }
            .into_reply()),
            Request::UpdateNode(update) => {
                let node = update.node_obj.object;
                Ok(Box::new(Versioned::from(node)).into_reply())
            }
            Request::DestroyNode(_) => std::future::pending().await,
            Request::ContinueNodeClean(_) => {
                self.casts.fetch_add(1, Ordering::SeqCst);
                Ok(Reply::None)
            }
            other => Err(Fault::new(
                Class::NodeLocked,
                format!("{}: busy", other.name()),
            )),
        }
    }
}

struct Running {
    conductor: Arc<Conductor>,
    client: Client,
    amqp: Arc<Amqp>,
    here: Destination,
    cancel: CancellationToken,
    listener: JoinHandle<()>,
}

async fn start(url: &TransportUrl, timeout: Duration) -> Running {
    let host = format!("test-{}", Uuid::random());
    let conductor = Arc::new(Conductor::default());
    let server = Arc::new(Server::new(conductor.clone(), 8));
    let cancel = CancellationToken::new();
    let listener = tokio::spawn({
        let (host, cancel) = (host.clone(), cancel.clone());
        let options = options(url);
        async move {
            let listener = Listener::new(options, server, &host, Pin::NONE).unwrap();
            listener.run(&cancel).await;
        }
    });
    let amqp = Arc::new(Amqp::start(options(url), Pin::NONE).unwrap());
    let running = Running {
        conductor,
        client: Client::new(amqp.clone(), timeout),
        amqp,
        here: Destination::Host(host),
        cancel,
        listener,
    };
    // Until its queue is declared, requests come back as unroutable.
    for _ in 0..100 {
        if ask(&running, &running.here).await.is_ok() {
            return running;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the conductor does not listen");
}

impl Running {
    async fn stop(self) {
        self.cancel.cancel();
        self.amqp.stop().await;
        tokio::time::timeout(Duration::from_secs(10), self.listener)
            .await
            .expect("stops in time")
            .unwrap();
    }
}

fn context() -> RequestContext {
    RequestContext {
        user: Some("u-1".into()),
        ..RequestContext::default()
    }
}

async fn ask(running: &Running, to: &Destination) -> Result<BootDevice, Fault> {
    let request = GetBootDevice {
        node_id: NodeRef::Uuid("n".into()),
    };
    running.client.call(&context(), to, request).await
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a RabbitMQ: FERRIC_TEST_AMQP_URL"]
async fn requests_are_answered() {
    let url = broker();
    let running = start(&url, Duration::from_secs(10)).await;

    let device = ask(&running, &running.here).await.unwrap();
    assert_eq!(
        device.boot_device.as_deref(),
        Some("u-1"),
        "the context travels"
    );

    let mut node = Node::new(Uuid::random(), "fake-hardware");
    node.extra.set("größe", 5);
    let update = UpdateNode {
        node_obj: Box::new(Versioned::changed(node.clone(), ["extra"])),
        reset_interfaces: None,
    };
    let updated = running
        .client
        .call(&context(), &running.here, update)
        .await
        .unwrap();
    assert_eq!(updated.object, node);

    let refused = running
        .client
        .send(
            &context(),
            &running.here,
            Request::decode(
                "vif_list",
                serde_json::Map::from_iter([("node_id".into(), 1.into())]),
            )
            .unwrap(),
        )
        .await;
    assert_eq!(refused.unwrap_err(), Fault::node_locked("vif_list: busy"));

    let clean = ContinueNodeClean {
        node_id: NodeRef::Uuid("n".into()),
    };
    running
        .client
        .cast(&context(), &running.here, clean)
        .await
        .unwrap();
    for _ in 0..100 {
        if running.conductor.casts.load(Ordering::SeqCst) == 1 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(running.conductor.casts.load(Ordering::SeqCst), 1);

    let fault = ask(&running, &Destination::host("nobody-is-here"))
        .await
        .unwrap_err();
    assert_eq!(fault.code(), 503, "{fault}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a RabbitMQ: FERRIC_TEST_AMQP_URL"]
async fn many_calls_at_once_keep_their_answers() {
    let url = broker();
    let running = Arc::new(start(&url, Duration::from_secs(30)).await);
    let calls = (0..500).map(|number: i32| {
        let running = Arc::clone(&running);
        async move {
            let mut node = Node::new(Uuid::random(), "fake-hardware");
            node.extra.set("number", number);
            let update = UpdateNode {
                node_obj: Box::new(Versioned::from(node.clone())),
                reset_interfaces: None,
            };
            let reply = running.client.call(&context(), &running.here, update).await;
            assert_eq!(reply.unwrap().object, node);
        }
    });
    futures::future::join_all(calls).await;
    Arc::into_inner(running).unwrap().stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a RabbitMQ: FERRIC_TEST_AMQP_URL"]
async fn a_silent_conductor_is_a_timeout() {
    let url = broker();
    let running = start(&url, Duration::from_secs(2)).await;
    let destroy = DestroyNode {
        node_id: NodeRef::Uuid("n".into()),
    };
    let fault = running
        .client
        .call(&context(), &running.here, destroy)
        .await
        .unwrap_err();
    assert_eq!(fault.code(), 500);
    assert!(
        fault
            .message
            .starts_with("Timed out waiting for a reply to message ID "),
        "{fault}"
    );
    // The handler never ends, and requests that were begun are never cancelled.
    running.listener.abort();
    running.amqp.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs a RabbitMQ: FERRIC_TEST_AMQP_URL"]
async fn the_second_copy_of_a_message_is_dropped_and_rubbish_does_no_harm() {
    let url = broker();
    let running = start(&url, Duration::from_secs(10)).await;
    let before = running.conductor.calls.load(Ordering::SeqCst);

    let host = &url.hosts[0];
    let uri = format!(
        "amqp://{}:{}@{}:{}/%2f",
        host.user,
        host.password.expose(),
        host.host,
        host.port
    );
    let connection = Connection::connect(&uri, ConnectionProperties::default())
        .await
        .unwrap();
    let channel = connection.create_channel().await.unwrap();
    let own = QueueDeclareOptions {
        exclusive: true,
        auto_delete: true,
        ..QueueDeclareOptions::default()
    };
    let queue = channel
        .queue_declare("".into(), own, FieldTable::default())
        .await
        .unwrap();
    let Destination::Host(name) = &running.here else {
        unreachable!()
    };
    let key = format!("ironic.conductor_manager.{name}");
    let copy = WireRequest {
        method: "get_boot_device".into(),
        args: serde_json::Map::from_iter([("node_id".into(), "n".into())]),
        version: Some("1.17".into()),
        namespace: None,
        reply_to: Some(ReplyTo {
            queue: queue.name().to_string(),
            msg_id: "m".into(),
        }),
        unique_id: Some("twice".into()),
        context: context(),
    };
    let mut future = copy.clone();
    future.version = Some("1.99".into());
    future.unique_id = Some("other".into());
    let bodies = [
        b"rubbish".to_vec(),
        copy.clone().encode(),
        copy.encode(),
        future.encode(),
    ];
    for body in bodies {
        channel
            .basic_publish(
                "ironic".into(),
                key.as_str().into(),
                BasicPublishOptions::default(),
                &body,
                BasicProperties::default(),
            )
            .await
            .unwrap();
    }
    let mut replies = channel
        .basic_consume(
            queue.name().clone(),
            "".into(),
            BasicConsumeOptions {
                no_ack: true,
                ..BasicConsumeOptions::default()
            },
            FieldTable::default(),
        )
        .await
        .unwrap();
    let mut outcomes = Vec::new();
    while let Ok(Some(reply)) = tokio::time::timeout(
        Duration::from_secs(1),
        futures::StreamExt::next(&mut replies),
    )
    .await
    {
        let reply = WireReply::decode(&reply.unwrap().data).unwrap().unwrap();
        assert_eq!(reply.msg_id, "m");
        outcomes.push(reply.outcome);
    }
    assert_eq!(outcomes.len(), 2, "{outcomes:?}");
    let refused = outcomes
        .iter()
        .find_map(|outcome| outcome.as_ref().err())
        .unwrap();
    assert_eq!(refused.class, "UnsupportedVersion");
    assert_eq!(running.conductor.calls.load(Ordering::SeqCst), before + 1);
    running.stop().await;
}
