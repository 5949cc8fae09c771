//! `[oslo_messaging_rabbit]`.

use crate::section::section;
use crate::value::choice;

choice! {
    /// In which order brokers are tried.
    pub enum FailoverStrategy {
        /// In the order given.
        RoundRobin = "round-robin",
        /// At random.
        Shuffle = "shuffle",
    }
}

choice! {
    /// SASL mechanisms.
    pub enum RabbitLogin {
        /// PLAIN.
        Plain = "PLAIN",
        /// AMQPLAIN.
        AmqPlain = "AMQPLAIN",
        /// The client certificate.
        External = "EXTERNAL",
        /// RabbitMQ's challenge-response demonstration.
        CrDemo = "RABBIT-CR-DEMO",
    }
}

section! {
    /// `[oslo_messaging_rabbit]`: RabbitMQ.
    OsloMessagingRabbit;

    /// Delete queues that nobody uses.
    amqp_auto_delete: bool = false;
    /// Make queues durable.
    amqp_durable_queues: bool = false;
    /// Idle connections kept in the pool.
    conn_pool_min_size: i64 = 2;
    /// Seconds after which an idle connection is closed.
    conn_pool_ttl: i64 = 1200;
    /// Demand that replies reach a queue.
    direct_mandatory_flag: bool = true, to_be_removed;
    /// Have consumers cancelled when a queue moves.
    enable_cancel_on_failover: bool = false;
    /// Send heartbeats from a thread of their own.
    heartbeat_in_pthread: bool = false;
    /// Heartbeats within `heartbeat_timeout_threshold`.
    heartbeat_rate: i64 = 3;
    /// Seconds without a heartbeat after which a connection is dead; 0 sends none.
    heartbeat_timeout_threshold: i64 = 60;
    /// Host name in queue names; that of the machine when unset.
    hostname: Option<String>;
    /// Compression of messages.
    kombu_compression: Option<String>;
    /// In which order brokers are tried.
    kombu_failover_strategy: FailoverStrategy = "round-robin";
    /// Seconds to wait for a caller whose reply queue is gone.
    kombu_missing_consumer_retry_timeout: i64 = 60, formerly(&[(None, "kombu_reconnect_timeout")]);
    /// Seconds to wait before connecting again.
    kombu_reconnect_delay: f64 = 1.0, min(0.0), max(4.5);
    /// Further seconds to wait, at random.
    kombu_reconnect_splay: f64 = 0.0, min(0.0);
    /// Program name in queue names; that of the process when unset.
    processname: Option<String>;
    /// Mirror queues.
    rabbit_ha_queues: bool = false;
    /// Longest pause between two tries to connect, in seconds.
    rabbit_interval_max: u64 = 30, min(1.0);
    /// SASL mechanism.
    rabbit_login_method: RabbitLogin = "AMQPLAIN";
    /// Messages fetched ahead; 0 sets no limit.
    rabbit_qos_prefetch_count: i64 = 0;
    /// Deliveries of a message in quorum queues; 0 sets no limit.
    rabbit_quorum_delivery_limit: i64 = 0;
    /// Bytes of a quorum queue kept in memory; 0 sets no limit.
    rabbit_quorum_max_memory_bytes: i64 = 0;
    /// Messages of a quorum queue kept in memory; 0 sets no limit.
    rabbit_quorum_max_memory_length: i64 = 0;
    /// Use quorum queues.
    rabbit_quorum_queue: bool = false;
    /// Seconds by which the pause grows with each try to connect.
    rabbit_retry_backoff: u64 = 2, min(0.0);
    /// Seconds before the second try to connect.
    rabbit_retry_interval: u64 = 1, min(1.0);
    /// Use streams for fanout.
    rabbit_stream_fanout: bool = false;
    /// Seconds after which an unused transient queue is deleted.
    rabbit_transient_queues_ttl: u64 = 1800, min(0.0);
    /// Use quorum queues for transient queues as well.
    rabbit_transient_quorum_queue: bool = false;
    /// Most connections.
    rpc_conn_pool_size: u64 = 30, min(1.0);
    /// Talk TLS.
    ssl: bool = false;
    /// CA file of the broker.
    ssl_ca_file: String = "";
    /// Client certificate.
    ssl_cert_file: String = "";
    /// Demand OpenSSL's FIPS mode.
    ssl_enforce_fips_mode: bool = false, to_be_removed;
    /// Demand that the broker's certificate has its host name.
    ssl_enforce_hostname_verification: bool = true, to_be_removed;
    /// Private key that belongs to `ssl_cert_file`.
    ssl_key_file: String = "";
    /// TLS version.
    ssl_version: String = "";
    /// Give queues names that survive a restart.
    use_queue_manager: bool = false;
}
