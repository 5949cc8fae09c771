//! Options that Ironic 39.0.0 and its libraries know, but that mean nothing here: who sets one is told.
//!
//! Three reasons: they are about Python's libraries (pools, formats of log lines, its asyncio engines),
//! about services and daemons that are not used (Neutron, Glance, Swift, container consoles, dnsmasq),
//! or about what is not done yet. A test of the executable compares this table with what its sources read.

/// Sections of which nothing is read.
const SECTIONS: &[&str] = &[
    "anaconda",
    "ansible",
    "audit",
    "cache",
    "cifs",
    "cinder",
    "dhcp",
    "disk_utils",
    "dnsmasq",
    "drac",
    "errors",
    "glance",
    "ironic_networking",
    "ironic_networking_json_rpc",
    "mdns",
    "neutron",
    "nfs",
    "nova",
    "oci",
    "oslo_concurrency",
    "oslo_messaging_kafka",
    "oslo_messaging_metrics",
    "oslo_messaging_tracing",
    "oslo_middleware_tracing",
    "oslo_reports",
    "profiler",
    "profiler_jaeger",
    "profiler_otlp",
    "pxe_filter",
    "swift",
    "vnc",
];

/// Sections of which little is read: section, and what is.
const LITTLE: &[(&str, &[&str])] = &[
    ("pxe", &["kernel_append_params"]),
    ("service_catalog", &["endpoint_override"]),
];

/// Single options of sections that are read: section, and names.
const OPTIONS: &[(&str, &[&str])] = &[
    (
        "DEFAULT",
        &[
            "allow_image_access_via_auth_token",
            "backdoor_port",
            "backdoor_socket",
            "config_source",
            "debug_tracebacks_in_api",
            "esp_image",
            "executor_thread_pool_size",
            "fatal_deprecations",
            "force_raw_images",
            "grub_config_path",
            "grub_config_template",
            "ignore_project_check_for_admin_tasks",
            "image_download_concurrency",
            "instance_format",
            "instance_uuid_format",
            "isolinux_bin",
            "isolinux_config_template",
            "ldlinux_c32",
            "log_color",
            "log_config_append",
            "log_date_format",
            "log_options",
            "log_rotate_interval",
            "log_rotate_interval_type",
            "logging_context_format_string",
            "logging_debug_format_suffix",
            "logging_default_format_string",
            "logging_exception_prefix",
            "logging_user_identity_format",
            "minimum_memory_wait_retries",
            "minimum_memory_wait_time",
            "minimum_memory_warning_only",
            "minimum_required_memory",
            "my_ipv6",
            "parallel_image_downloads",
            "pecan_debug",
            "publish_errors",
            "rate_limit_burst",
            "rate_limit_except_level",
            "rate_limit_interval",
            "raw_image_growth_factor",
            "rootwrap_config",
            "rpc_ping_enabled",
            "shell_completion",
            "tempdir",
            "use_rpc_for_database",
            "watch_log_file",
            "webserver_tls_ciphers",
            "webserver_tls_minimum_version",
            "webserver_verify_timeout",
        ],
    ),
    (
        "agent",
        &[
            "api_ca_file",
            "deploy_logs_swift_container",
            "deploy_logs_swift_days_to_expire",
            "image_download_source",
            "memory_consumed_by_agent",
            "neutron_agent_max_attempts",
            "neutron_agent_poll_interval",
            "neutron_agent_status_retry_interval",
        ],
    ),
    (
        "api",
        &[
            "middleware",
            "network_data_schema",
            "response_validation",
            "server_tls_ciphers",
        ],
    ),
    ("auto_discovery", &["inspection_scope"]),
    (
        "conductor",
        &[
            "bootloader",
            "bootloader_by_arch",
            "cache_clean_up_interval",
            "clear_image_cache_on_deploy_failure",
            "conductor_always_validates_images",
            "configdrive_swift_container",
            "configdrive_swift_temp_url_duration",
            "disable_configdrive_check",
            "disable_file_checksum",
            "disable_metadata_mtu_check",
            "disable_support_for_checksum_files",
            "disable_zstandard_decompression",
            "enable_mdns",
            "enable_trait_based_networking",
            "error_on_ramdisk_config_inconsistency",
            "require_rescue_password_hashed",
            "trait_based_networking_config_file",
            "trait_based_networking_enable_default_trait",
            "trait_based_networking_raise_when_no_match",
        ],
    ),
    (
        "console",
        &[
            "kill_timeout",
            "subprocess_checking_interval",
            "subprocess_timeout",
            "terminal_pid_dir",
        ],
    ),
    (
        "database",
        &[
            "asyncio_connection",
            "asyncio_slave_connection",
            "backend",
            "connection_debug",
            "connection_trace",
            "db_inc_retry_interval",
            "db_max_retries",
            "db_max_retry_interval",
            "db_retry_interval",
            "mysql_engine",
            "pool_timeout",
            "slave_connection",
            "sqlite_retries",
            "synchronous_reader",
            "use_db_reconnect",
        ],
    ),
    (
        "deploy",
        &[
            "configdrive_use_object_store",
            "http_image_subdir",
            "image_server_auth_hosts",
            "image_server_auth_permit_unknown_hosts",
            "image_server_auth_strategy",
            "image_server_password",
            "image_server_user",
            "iso_cache_size",
            "iso_cache_ttl",
            "iso_master_path",
            "ramdisk_image_download_source",
        ],
    ),
    ("fake", &["raid_delay"]),
    (
        "healthcheck",
        &["allowed_source_ranges", "backends", "detailed"],
    ),
    ("inspector", &["known_accelerators", "status_check_period"]),
    ("inventory", &["swift_data_container"]),
    (
        "ipmi",
        &[
            "kill_on_timeout",
            "store_cred_in_env",
            "use_ipmitool_retries",
        ],
    ),
    (
        "json_rpc",
        &[
            "certfile",
            "collect_timing",
            "connect_retries",
            "connect_retry_delay",
            "debug_log_request_id_only",
            "endpoint",
            "endpoint_override",
            "interface",
            "keyfile",
            "max_version",
            "min_version",
            "region_name",
            "retriable_status_codes",
            "server_tls_ciphers",
            "service_name",
            "service_type",
            "split_loggers",
            "status_code_retries",
            "status_code_retry_delay",
            "tls_ciphers",
            "tls_min_version",
            "trust_id",
            "valid_interfaces",
            "version",
        ],
    ),
    (
        "keystone_authtoken",
        &[
            "auth_version",
            "cache",
            "certfile",
            "enforce_token_bind",
            "include_service_catalog",
            "keyfile",
            "memcache_password",
            "memcache_pool_conn_get_timeout",
            "memcache_pool_dead_retry",
            "memcache_pool_maxsize",
            "memcache_pool_socket_timeout",
            "memcache_pool_unused_timeout",
            "memcache_sasl_enabled",
            "memcache_secret_key",
            "memcache_security_strategy",
            "memcache_tls_allowed_ciphers",
            "memcache_tls_cafile",
            "memcache_tls_certfile",
            "memcache_tls_enabled",
            "memcache_tls_keyfile",
            "memcache_use_advanced_pool",
            "memcache_username",
            "memcached_servers",
            "region_name",
            "service_type",
            "trust_id",
        ],
    ),
    (
        "metrics",
        &["global_prefix", "prepend_host", "prepend_host_reverse"],
    ),
    ("metrics_statsd", &["statsd_host", "statsd_port"]),
    (
        "oslo_messaging_rabbit",
        &[
            "amqp_auto_delete",
            "conn_pool_min_size",
            "conn_pool_ttl",
            "direct_mandatory_flag",
            "enable_cancel_on_failover",
            "heartbeat_in_pthread",
            "heartbeat_rate",
            "hostname",
            "kombu_compression",
            "kombu_failover_strategy",
            "kombu_missing_consumer_retry_timeout",
            "kombu_reconnect_delay",
            "kombu_reconnect_splay",
            "processname",
            "rabbit_ha_queues",
            "rabbit_interval_max",
            "rabbit_login_method",
            "rabbit_retry_backoff",
            "rabbit_retry_interval",
            "rabbit_stream_fanout",
            "rpc_conn_pool_size",
            "ssl_enforce_fips_mode",
            "ssl_enforce_hostname_verification",
            "ssl_version",
        ],
    ),
    (
        "oslo_middleware",
        &["http_basic_auth_user_file", "max_request_body_size"],
    ),
    (
        "oslo_policy",
        &[
            "remote_content_type",
            "remote_ssl_ca_crt_file",
            "remote_ssl_client_crt_file",
            "remote_ssl_client_key_file",
            "remote_ssl_verify_server_crt",
            "remote_timeout",
        ],
    ),
    (
        "redfish",
        &[
            "firmware_update_bmc_timeout",
            "firmware_update_wait_unresponsive_bmc",
            "swift_container",
            "swift_object_expiry_timeout",
            "use_swift",
        ],
    ),
];

/// Whether an option is known to mean nothing here.
pub(crate) fn contains(section: &str, option: &str) -> bool {
    let named = |table: &[(&str, &[&str])]| {
        let found = table.iter().find(|(name, _)| *name == section);
        found.map(|(_, names)| names.contains(&option))
    };
    SECTIONS.contains(&section) || named(LITTLE) == Some(false) || named(OPTIONS) == Some(true)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    #[test]
    fn only_options_that_exist_are_listed() {
        // These are known to oslo.config's libraries only, which read them from the command line.
        const ELSEWHERE: &[&str] = &[
            "config_source",
            "rootwrap_config",
            "shell_completion",
            "watch_log_file",
        ];
        for (section, names) in OPTIONS.iter().chain(LITTLE) {
            let table = Config::SECTIONS.iter().find(|table| table.name == *section);
            let table = table.unwrap_or_else(|| panic!("[{section}] is not a section"));
            for name in *names {
                let known = table.all_rows().any(|row| row.name == *name);
                assert!(known || ELSEWHERE.contains(name), "[{section}]{name}");
            }
        }
    }

    #[test]
    fn what_is_listed_is_not_what_is_read() {
        assert!(contains("neutron", "cleaning_network"));
        assert!(contains("pxe", "tftp_root") && !contains("pxe", "kernel_append_params"));
        assert!(contains("DEFAULT", "force_raw_images") && !contains("DEFAULT", "debug"));
        assert!(!contains("nonsense", "tftp_root"));
    }
}
