//! Names of exchanges and queues, and how they are declared (Ironic 39.0.0, observed).
//!
//! | queue | durable | arguments |
//! |---|---|---|
//! | topic | with `amqp_durable_queues` or quorum | `x-queue-type` with quorum |
//! | fanout, reply | with transient quorum | `x-expires`; `x-queue-type` with transient quorum |

use std::time::Duration;

use lapin::options::{ExchangeDeclareOptions, QueueBindOptions, QueueDeclareOptions};
use lapin::types::{AMQPValue, FieldTable, ShortString};
use lapin::{Channel, ExchangeKind};

use super::options::Options;
use crate::client::Destination;

/// The topic all conductors listen to.
pub(super) const TOPIC: &str = "ironic.conductor_manager";

/// A name over 255 bytes, which AMQP cannot carry.
#[derive(Debug, thiserror::Error)]
#[error("'{0}' is too long for a queue name")]
pub(super) struct NameTooLong(String);

/// Text as AMQP's short string. (Its `From` panics when the text is too long.)
pub(super) fn name(text: &str) -> Result<ShortString, NameTooLong> {
    ShortString::try_new(text).map_err(|_| NameTooLong(text.to_owned()))
}

/// The routing key of a request.
pub(super) fn routing_key(to: &Destination) -> String {
    match to {
        Destination::Any => TOPIC.to_owned(),
        Destination::Host(host) => format!("{TOPIC}.{host}"),
    }
}

/// Why something could not be declared.
#[derive(Debug, thiserror::Error)]
pub(super) enum DeclareError {
    #[error(transparent)]
    Name(#[from] NameTooLong),
    #[error(transparent)]
    Broker(#[from] lapin::Error),
}

/// Declares the control exchange, which both sides do.
pub(super) async fn declare_exchange(
    channel: &Channel,
    options: &Options,
) -> Result<(), DeclareError> {
    let durable = options.durable_queues || options.quorum_queue;
    channel
        .exchange_declare(
            name(&options.exchange)?,
            ExchangeKind::Topic,
            ExchangeDeclareOptions {
                durable,
                ..ExchangeDeclareOptions::default()
            },
            FieldTable::default(),
        )
        .await?;
    Ok(())
}

/// Declares a topic queue and binds it under its own name.
pub(super) async fn declare_topic_queue(
    channel: &Channel,
    options: &Options,
    queue: &str,
) -> Result<(), DeclareError> {
    let mut arguments = FieldTable::default();
    if options.quorum_queue {
        quorum(&mut arguments, options)?;
    }
    declare(
        channel,
        queue,
        options.durable_queues || options.quorum_queue,
        arguments,
    )
    .await?;
    bind(channel, queue, &options.exchange, queue).await
}

/// Declares a fanout queue of this process, and the fanout exchange.
pub(super) async fn declare_fanout_queue(
    channel: &Channel,
    options: &Options,
    queue: &str,
) -> Result<(), DeclareError> {
    let exchange = format!("{TOPIC}_fanout");
    channel
        .exchange_declare(
            name(&exchange)?,
            ExchangeKind::Fanout,
            ExchangeDeclareOptions {
                durable: options.transient_quorum_queue,
                auto_delete: true,
                ..ExchangeDeclareOptions::default()
            },
            FieldTable::default(),
        )
        .await?;
    declare_own_queue(channel, options, queue).await?;
    bind(channel, queue, &exchange, TOPIC).await
}

/// Declares a queue that belongs to this process and goes when it does. A reply queue needs no
/// binding: replies come through the default exchange.
pub(super) async fn declare_own_queue(
    channel: &Channel,
    options: &Options,
    queue: &str,
) -> Result<(), DeclareError> {
    let mut arguments = FieldTable::default();
    if options.transient_queues_ttl > Duration::ZERO {
        let milliseconds = options.transient_queues_ttl.as_millis();
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        arguments.insert(name("x-expires")?, AMQPValue::LongInt(milliseconds));
    }
    if options.transient_quorum_queue {
        quorum(&mut arguments, options)?;
    }
    declare(channel, queue, options.transient_quorum_queue, arguments).await
}

fn quorum(arguments: &mut FieldTable, options: &Options) -> Result<(), NameTooLong> {
    arguments.insert(
        name("x-queue-type")?,
        AMQPValue::LongString("quorum".into()),
    );
    for (key, value) in [
        ("x-delivery-limit", options.quorum_delivery_limit),
        ("x-max-in-memory-length", options.quorum_max_memory_length),
        ("x-max-in-memory-bytes", options.quorum_max_memory_bytes),
    ] {
        if value > 0 {
            arguments.insert(name(key)?, AMQPValue::LongLongInt(value.into()));
        }
    }
    Ok(())
}

async fn declare(
    channel: &Channel,
    queue: &str,
    durable: bool,
    arguments: FieldTable,
) -> Result<(), DeclareError> {
    let options = QueueDeclareOptions {
        durable,
        ..QueueDeclareOptions::default()
    };
    channel
        .queue_declare(name(queue)?, options, arguments)
        .await?;
    Ok(())
}

async fn bind(
    channel: &Channel,
    queue: &str,
    exchange: &str,
    key: &str,
) -> Result<(), DeclareError> {
    channel
        .queue_bind(
            name(queue)?,
            name(exchange)?,
            name(key)?,
            QueueBindOptions::default(),
            FieldTable::default(),
        )
        .await?;
    Ok(())
}
