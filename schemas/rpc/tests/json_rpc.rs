//! The JSON-RPC transport: our client against our server over loopback, and bodies by hand.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::Write;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use schemas_model::Node;
use schemas_model::error::{Class, Fault};
use schemas_model::ids::Uuid;
use schemas_model::secret::Secret;
use schemas_rpc::methods::{ContinueNodeClean, GetBootDevice, UpdateNode};
use schemas_rpc::objects::release::Pin;
use schemas_rpc::transport::json_rpc::{
    ClientOptions, Credentials, Denied, Gate, Htpasswd, JsonRpc, Listen, Listener, ListenerOptions,
    Login, Open, Tokens, protocol,
};
use schemas_rpc::{
    Client, Destination, Handler, NodeRef, Reply, Request, RequestContext, Server, Versioned,
};
use serde_json::{Value, json};
use tokio_util::sync::CancellationToken;

struct Conductor;

#[async_trait]
impl Handler for Conductor {
    async fn handle(&self, context: RequestContext, request: Request) -> Result<Reply, Fault> {
        match request {
            Request::UpdateNode(update) => {
                assert_eq!(
                    update.node_obj.changed_fields().collect::<Vec<_>>(),
                    ["extra"]
                );
                Ok(Reply::Node(Box::new(update.node_obj.object.into())))
            }
            Request::ContinueNodeClean(_) => Ok(Reply::None),
            Request::GetBootDevice(_) => Err(Fault::new(
                Class::NodeLocked,
                format!("locked, {}", context.user.unwrap_or_default()),
            )
            .with_code(423)),
            other => Err(Fault::unsupported(other.name())),
        }
    }
}

fn server() -> Arc<Server> {
    Arc::new(Server::new(Arc::new(Conductor), 4))
}

struct Running {
    here: Destination,
    url: String,
    cancel: CancellationToken,
    task: tokio::task::JoinHandle<()>,
}

fn start(gate: Arc<dyn Gate>) -> Running {
    // Fails when a test before has done so; either way there is one.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let options = ListenerOptions {
        listen: Listen::Tcp("127.0.0.1".into(), 0),
        tls: None,
        gate,
        max_body: 1 << 20,
    };
    let listener = Listener::bind(options, server(), Pin::NONE).unwrap();
    let address = listener.addresses()[0].to_string();
    let cancel = CancellationToken::new();
    let task = tokio::spawn({
        let cancel = cancel.clone();
        async move { listener.run(&cancel).await.unwrap() }
    });
    Running {
        here: Destination::Host(address.clone()),
        url: format!("http://{address}/anything"),
        cancel,
        task,
    }
}

impl Running {
    async fn stop(self) {
        self.cancel.cancel();
        tokio::time::timeout(Duration::from_secs(10), self.task)
            .await
            .expect("stops in time")
            .unwrap();
    }
}

fn client(options: ClientOptions) -> Client {
    let transport = JsonRpc::new(options, Pin::NONE).unwrap();
    Client::new(Arc::new(transport), Duration::from_secs(10))
}

fn boot_device() -> GetBootDevice {
    GetBootDevice {
        node_id: NodeRef::Uuid("n".into()),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn requests_are_answered() {
    let running = start(Arc::new(Open));
    let client = client(ClientOptions::default());
    let context = RequestContext {
        user: Some("u-1".into()),
        ..RequestContext::default()
    };

    let node = Node::new(Uuid::random(), "fake-hardware");
    let update = UpdateNode {
        node_obj: Box::new(Versioned::changed(node.clone(), ["extra"])),
        reset_interfaces: None,
    };
    let reply = client.call(&context, &running.here, update).await.unwrap();
    assert_eq!(reply.object, node);

    let fault = client
        .call(&context, &running.here, boot_device())
        .await
        .unwrap_err();
    assert_eq!((fault.class, fault.code()), (Class::NodeLocked, 423));
    assert_eq!(fault.message, "locked, u-1", "the context travels");

    let clean = ContinueNodeClean {
        node_id: NodeRef::Uuid("n".into()),
    };
    client.cast(&context, &running.here, clean).await.unwrap();

    let nowhere = Destination::host("127.0.0.1:1");
    let fault = client
        .call(&context, &nowhere, boot_device())
        .await
        .unwrap_err();
    assert_eq!(fault.code(), 503, "{fault}");
    let fault = client
        .call(&context, &Destination::Any, boot_device())
        .await
        .unwrap_err();
    assert!(fault.message.contains("must name its conductor"), "{fault}");
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http_basic_lets_in_who_knows_the_password() {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    writeln!(
        file,
        "other:$2y$04$invalid\nironic:{}",
        bcrypt::hash("p:ss", 4).unwrap()
    )
    .unwrap();
    let running = start(Arc::new(Htpasswd::open(file.path()).unwrap()));
    let ask = async |login: Login| {
        let client = client(ClientOptions {
            login,
            ..ClientOptions::default()
        });
        let context = RequestContext::default();
        let fault = client
            .call(&context, &running.here, boot_device())
            .await
            .unwrap_err();
        (fault.class, fault.message.into_owned())
    };
    let with = |user: &str, password: &str| {
        Login::Basic(Credentials {
            user: user.into(),
            password: password.into(),
        })
    };
    // Twice, because what was right is remembered.
    for _ in 0..2 {
        assert_eq!(ask(with("ironic", "p:ss")).await.0, Class::NodeLocked);
    }
    for wrong in [
        Login::Nobody,
        with("ironic", "p:s"),
        with("nobody", "p:ss"),
        with("other", ""),
    ] {
        let (class, message) = ask(wrong.clone()).await;
        assert_eq!(class, Class::IronicException, "{wrong:?}");
        assert!(message.contains("401"), "{message}");
    }
    running.stop().await;
}

/// Lets in who has the token that is good now.
struct OneToken(&'static str);

#[async_trait]
impl Gate for OneToken {
    async fn admit(
        &self,
        header: &(dyn for<'a> Fn(&'a str) -> Option<String> + Send + Sync),
    ) -> Result<(), Denied> {
        match header("x-auth-token") {
            Some(token) if token == self.0 => Ok(()),
            _ => Err(Denied {
                status: 401,
                message: "Authentication required".to_owned(),
                challenge: Some("Keystone uri=\"http://k/v3\"".into()),
            }),
        }
    }
}

/// A token that ended early, and its successor.
#[derive(Debug)]
struct TwoTokens;

#[async_trait]
impl Tokens for TwoTokens {
    async fn token(&self, refused: Option<&Secret>) -> Result<Secret, Fault> {
        Ok(match refused {
            None => Secret::from("first"),
            Some(refused) => {
                assert!(refused.matches("first"));
                Secret::from("second")
            }
        })
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refused_token_is_replaced_once() {
    let context = RequestContext::default();
    for (good, class, said) in [
        ("first", Class::NodeLocked, "locked"),
        ("second", Class::NodeLocked, "locked"),
        ("third", Class::IronicException, "HTTP 401"),
    ] {
        let running = start(Arc::new(OneToken(good)));
        let client = client(ClientOptions {
            login: Login::Tokens(Arc::new(TwoTokens)),
            ..ClientOptions::default()
        });
        let fault = client
            .call(&context, &running.here, boot_device())
            .await
            .unwrap_err();
        assert_eq!(fault.class, class, "{good}");
        assert!(fault.message.contains(said), "{fault}");
        running.stop().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_call_is_told_nothing_else() {
    let running = start(Arc::new(OneToken("t")));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for request in [
        http.get(&running.url),
        http.post(&running.url).body("{"),
        http.post(&running.url).header("x-auth-token", "other"),
    ] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(
            answer.headers()["www-authenticate"],
            "Keystone uri=\"http://k/v3\""
        );
    }
    let get = http.get(&running.url).header("x-auth-token", "t");
    assert_eq!(get.send().await.unwrap().status(), 405);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn http_is_held_to() {
    let running = start(Arc::new(Open));
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let get = http.get(&running.url).send().await.unwrap();
    assert_eq!(get.status(), 405);
    let large = http
        .post(&running.url)
        .body(vec![b' '; 2 << 20])
        .send()
        .await
        .unwrap();
    assert_eq!(large.status(), 413);
    let notification = json!({
        "jsonrpc": "2.0", "method": "get_boot_device", "params": {"node_id": "n"}
    });
    let cast = http
        .post(&running.url)
        .body(notification.to_string())
        .send()
        .await
        .unwrap();
    assert_eq!(cast.status(), 204, "a notification is never answered");
    running.stop().await;
}

#[tokio::test]
async fn what_is_refused_has_the_codes_of_the_specification() {
    let server = server();
    let dispatch = async |body: &str| {
        let answer = protocol::dispatch(&server, Pin::NONE, body.as_bytes())
            .await
            .unwrap();
        assert_eq!(answer["jsonrpc"], "2.0");
        let id = answer["id"].clone();
        let error = &answer["error"];
        assert!(error["data"].is_null(), "{answer}");
        (id, error["code"].as_i64().unwrap())
    };
    for (body, code, id) in [
        ("{", -32700, Value::Null),
        ("[]", -32600, Value::Null),
        (
            r#"{"id": 1, "method": "get_boot_device"}"#,
            -32600,
            json!(1),
        ),
        (
            r#"{"jsonrpc": "2.0", "id": "a", "method": ""}"#,
            -32600,
            json!("a"),
        ),
        (
            r#"{"jsonrpc": "2.0", "id": 1, "method": "get_boot_device", "params": []}"#,
            -32600,
            json!(1),
        ),
        (
            r#"{"jsonrpc": "2.0", "id": 1, "method": "get_boot_device", "params": {"context": 1}}"#,
            -32602,
            json!(1),
        ),
        (
            r#"{"jsonrpc": "2.0", "id": 1, "method": "nope"}"#,
            -32601,
            json!(1),
        ),
        (
            r#"{"jsonrpc": "2.0", "id": 1, "method": "get_boot_device"}"#,
            -32602,
            json!(1),
        ),
    ] {
        assert_eq!(dispatch(body).await, (id, code), "{body}");
    }
}

#[test]
fn errors_of_strangers_are_not_trusted() {
    let foreign = json!({"error": {"code": 404, "message": "x", "data": {"class": "os.system"}}});
    let fault = protocol::decode_response(foreign.to_string().as_bytes()).unwrap_err();
    assert_eq!(fault, Fault::internal("Unexpected error raised by RPC"));
    for rubbish in ["", "[]", "null", "<html>"] {
        assert!(protocol::decode_response(rubbish.as_bytes()).is_err());
    }
}
