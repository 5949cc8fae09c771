//! The API in front of a conductor that only stores what it is told: enough to try routing,
//! versions, validation and the shape of answers without any driver.
//!
//! `cargo run -p api --example bare_conductor -- 127.0.0.1:6385`
#![allow(
    clippy::print_stdout,
    reason = "a program for developers tells them where it listens"
)]

use std::sync::Arc;
use std::time::Duration;

use api::auth::noauth::NoAuth;
use api::serve::Address;
use api::{AppState, Listener};
use async_trait::async_trait;
use schemas_config::{Config, Machine, Sources};
use schemas_db::{ConductorRegistration, ConnectOptions, Database, NodeIdent};
use schemas_model::interface::InterfaceKind;
use schemas_model::{ConductorInterface, Fault};
use schemas_rpc::methods::{Answer, Reply, Request};
use schemas_rpc::transport::local::Local;
use schemas_rpc::{Client, Handler, NodeRef, RequestContext, Server, Versioned};
use tokio_util::sync::CancellationToken;

const HOST: &str = "bare-conductor";
const DRIVERS: &[&str] = &["fake-hardware", "manual-management", "ipmi", "redfish"];

type Outcome<T> = Result<T, Box<dyn std::error::Error>>;

#[actix_web::main]
async fn main() -> Outcome<()> {
    let address = std::env::args().nth(1).unwrap_or("127.0.0.1:6385".into());
    let db = Arc::new(Database::connect(&ConnectOptions::new("sqlite://")).await?);
    db.create_schema().await?;
    register(&db).await?;
    let handler = Arc::new(Bare {
        db: Arc::clone(&db),
    });
    let server = Arc::new(Server::new(handler, 100));
    let client = Client::new(Arc::new(Local::new(server, HOST)), Duration::from_secs(60));
    let (config, _) = Config::load(Sources::new(Machine::detect()))?;
    let state = AppState::new(db, client, Arc::new(config), Arc::new(NoAuth));
    println!("listening on {address}");
    let listener = Listener {
        address: Address::Tcp(address.parse()?),
        workers: Some(1),
        tls: None,
    };
    Ok(api::serve(state, listener, CancellationToken::new()).await?)
}

async fn register(db: &Database) -> Outcome<()> {
    let drivers = DRIVERS.iter().map(|name| (*name).to_owned());
    let registration = ConductorRegistration {
        hostname: HOST.into(),
        drivers: drivers.collect(),
        conductor_group: String::new(),
    };
    let conductor = db.conductor_register(&registration, true).await?;
    let mut interfaces = Vec::new();
    for driver in DRIVERS {
        for kind in InterfaceKind::ALL {
            interfaces.push(ConductorInterface {
                conductor_id: conductor.id,
                hardware_type: (*driver).to_owned(),
                kind: *kind,
                name: default_interface(*kind).to_owned(),
                default: true,
            });
        }
    }
    db.conductor_interfaces_register(conductor.id, &interfaces)
        .await?;
    Ok(())
}

fn default_interface(kind: InterfaceKind) -> &'static str {
    match kind {
        InterfaceKind::Network | InterfaceKind::Storage => "noop",
        _ => "fake",
    }
}

/// Stores nodes and ports, and knows nothing else.
struct Bare {
    db: Arc<Database>,
}

#[async_trait]
impl Handler for Bare {
    async fn handle(&self, _: RequestContext, request: Request) -> Result<Reply, Fault> {
        let db = &self.db;
        match request {
            Request::CreateNode(request) => {
                let mut node = request.node_obj.object;
                for kind in InterfaceKind::ALL {
                    if node.interfaces.get(*kind).is_none() {
                        let name = default_interface(*kind).to_owned();
                        node.interfaces.set(*kind, Some(name));
                    }
                }
                let created = db.node_insert(&node).await?;
                Ok(Box::new(Versioned::from(created)).into_reply())
            }
            Request::UpdateNode(request) => {
                let mut after = request.node_obj.object;
                let before = db.node_by_id(after.id).await?;
                db.node_save(&before, &mut after, None).await?;
                after.reservation = Some(HOST.to_owned());
                Ok(Box::new(Versioned::from(after)).into_reply())
            }
            Request::DestroyNode(request) => {
                db.node_destroy(ident(&request.node_id)).await?;
                Ok(Reply::None)
            }
            Request::CreatePort(request) => {
                let created = db.port_insert(&request.port_obj.object).await?;
                Ok(Box::new(Versioned::from(created)).into_reply())
            }
            Request::UpdatePort(request) => {
                let mut after = request.port_obj.object;
                let before = db.port_by_id(after.id).await?;
                db.port_save(&before, &mut after).await?;
                Ok(Box::new(Versioned::from(after)).into_reply())
            }
            Request::DestroyPort(request) => {
                db.port_destroy(&request.port.object.uuid).await?;
                Ok(Reply::None)
            }
            other => Err(Fault::unsupported(format!(
                "this conductor does not do {}",
                other.name()
            ))),
        }
    }
}

fn ident(node: &NodeRef) -> NodeIdent {
    match node {
        NodeRef::Uuid(uuid) => NodeIdent::parse(uuid),
        NodeRef::Id(id) => NodeIdent::Id(*id),
    }
}
