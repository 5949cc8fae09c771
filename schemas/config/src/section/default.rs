//! `[DEFAULT]`.

use schemas_model::secret::Secret;

use crate::machine::Fact;
use crate::section::section;
use crate::value::{TlsVersion, choice};

choice! {
    /// How users are authenticated.
    pub enum AuthStrategy {
        /// Not at all: everybody is an administrator.
        Noauth = "noauth",
        /// By tokens of the Identity service.
        Keystone = "keystone",
        /// By user name and password.
        HttpBasic = "http_basic",
    }
}

choice! {
    /// Digests for the hash ring.
    pub enum HashAlgorithm {
        /// MD5.
        Md5 = "md5",
        /// SHA-1.
        Sha1 = "sha1",
        /// SHA-224.
        Sha224 = "sha224",
        /// SHA-256.
        Sha256 = "sha256",
        /// SHA-384.
        Sha384 = "sha384",
        /// SHA-512.
        Sha512 = "sha512",
        /// SHA3-224.
        Sha3_224 = "sha3_224",
        /// SHA3-256.
        Sha3_256 = "sha3_256",
        /// SHA3-384.
        Sha3_384 = "sha3_384",
        /// SHA3-512.
        Sha3_512 = "sha3_512",
        /// SHAKE128.
        Shake128 = "shake_128",
        /// SHAKE256.
        Shake256 = "shake_256",
        /// BLAKE2b.
        Blake2b = "blake2b",
        /// BLAKE2s.
        Blake2s = "blake2s",
    }
}

choice! {
    /// The least level of notifications to send.
    pub enum NotificationLevel {
        /// Everything.
        Debug = "debug",
        /// Events and worse.
        Info = "info",
        /// Warnings and worse.
        Warning = "warning",
        /// Errors and worse.
        Error = "error",
        /// Nothing that Ironic sends.
        Critical = "critical",
    }
}

choice! {
    /// How API and conductor talk to each other.
    pub enum RpcTransport {
        /// Over a message broker.
        Oslo = "oslo",
        /// By JSON-RPC over HTTP.
        JsonRpc = "json-rpc",
        /// Within one process.
        None = "none",
    }
}

choice! {
    /// Units of a log file's life.
    pub enum RotationUnit (any case) {
        /// Seconds.
        Seconds = "Seconds",
        /// Minutes.
        Minutes = "Minutes",
        /// Hours.
        Hours = "Hours",
        /// Days.
        Days = "Days",
        /// A day of the week.
        Weekday = "Weekday",
        /// Each midnight.
        Midnight = "Midnight",
    }
}

choice! {
    /// What log files are rotated by.
    pub enum RotationType (any case) {
        /// Age.
        Interval = "interval",
        /// Size.
        Size = "size",
        /// Nothing.
        None = "none",
    }
}

section! {
    /// `[DEFAULT]`: what concerns the whole service, logging and RPC.
    DefaultSection;

    /// Fetch images with the token of the user who asked.
    allow_image_access_via_auth_token: bool = false, to_be_removed;
    /// How API users are authenticated.
    auth_strategy: AuthStrategy = "keystone";
    /// Deploy interfaces that `autodetect` tries, in this order.
    autodetect_deploy_interfaces: Vec<String> = "ramdisk,bootc,direct";
    /// Debugging port of the Python services.
    backdoor_port: Option<String>, to_be_removed;
    /// Debugging socket of the Python services.
    backdoor_socket: Option<String>, to_be_removed;
    /// Where Ironic's programs are installed.
    bindir: String = "$pybasedir/bin";
    /// The exchange that RPC topics belong to.
    control_exchange: String = "ironic";
    /// Log at level DEBUG instead of INFO.
    debug: bool = false, mutable;
    /// Put tracebacks into error answers.
    debug_tracebacks_in_api: bool = false;
    /// BIOS interface of new nodes; the hardware type decides when unset.
    default_bios_interface: Option<String>;
    /// Boot interface of new nodes; the hardware type decides when unset.
    default_boot_interface: Option<String>;
    /// Conductor group of new nodes.
    default_conductor_group: String = "", mutable;
    /// Console interface of new nodes; the hardware type decides when unset.
    default_console_interface: Option<String>;
    /// Deploy interface of new nodes; the hardware type decides when unset.
    default_deploy_interface: Option<String>;
    /// Firmware interface of new nodes; the hardware type decides when unset.
    default_firmware_interface: Option<String>;
    /// Inspect interface of new nodes; the hardware type decides when unset.
    default_inspect_interface: Option<String>;
    /// Log levels by logger, as `logger=LEVEL`.
    default_log_levels: Vec<String> =
        "amqp=WARNING,amqplib=WARNING,qpid.messaging=INFO,oslo.messaging=INFO,oslo_messaging=INFO,stevedore=INFO,iso8601=WARNING,requests=WARNING,urllib3.connectionpool=WARNING,keystonemiddleware.auth_token=INFO,keystoneauth.session=INFO,openstack=WARNING,oslo_policy=WARNING,oslo_concurrency.lockutils=WARNING";
    /// Management interface of new nodes; the hardware type decides when unset.
    default_management_interface: Option<String>;
    /// Network interface of new nodes; the hardware type decides when unset.
    default_network_interface: Option<String>;
    /// Bonding mode of new port groups.
    default_portgroup_mode: String = "active-backup", mutable;
    /// Power interface of new nodes; the hardware type decides when unset.
    default_power_interface: Option<String>;
    /// RAID interface of new nodes; the hardware type decides when unset.
    default_raid_interface: Option<String>;
    /// Rescue interface of new nodes; the hardware type decides when unset.
    default_rescue_interface: Option<String>;
    /// Resource class of new nodes.
    default_resource_class: Option<String>, mutable;
    /// Storage interface of new nodes; the hardware type decides when unset.
    default_storage_interface: String = "noop";
    /// Vendor interface of new nodes; the hardware type decides when unset.
    default_vendor_interface: Option<String>;
    /// Seconds that a draining conductor waits for its nodes (SIGUSR2); 0 waits for ever.
    drain_shutdown_timeout: i64 = 1800, mutable;
    /// BIOS interfaces that nodes may use.
    enabled_bios_interfaces: Vec<String> = "no-bios,redfish";
    /// Boot interfaces that nodes may use.
    enabled_boot_interfaces: Vec<String> = "ipxe,pxe,redfish-virtual-media";
    /// Console interfaces that nodes may use.
    enabled_console_interfaces: Vec<String> = "no-console";
    /// Deploy interfaces that nodes may use.
    enabled_deploy_interfaces: Vec<String> = "autodetect,direct,ramdisk,bootc";
    /// Firmware interfaces that nodes may use.
    enabled_firmware_interfaces: Vec<String> = "no-firmware";
    /// Hardware types that nodes may use.
    enabled_hardware_types: Vec<String> = "ipmi,redfish";
    /// Inspect interfaces that nodes may use.
    enabled_inspect_interfaces: Vec<String> = "no-inspect,redfish";
    /// Management interfaces that nodes may use; those of the hardware types when unset.
    enabled_management_interfaces: Option<Vec<String>>;
    /// Network interfaces that nodes may use.
    enabled_network_interfaces: Vec<String> = "flat,noop";
    /// Power interfaces that nodes may use; those of the hardware types when unset.
    enabled_power_interfaces: Option<Vec<String>>;
    /// RAID interfaces that nodes may use.
    enabled_raid_interfaces: Vec<String> = "agent,no-raid,redfish";
    /// Rescue interfaces that nodes may use.
    enabled_rescue_interfaces: Vec<String> = "no-rescue";
    /// Storage interfaces that nodes may use.
    enabled_storage_interfaces: Vec<String> = "cinder,noop";
    /// Vendor interfaces that nodes may use.
    enabled_vendor_interfaces: Vec<String> = "ipmitool,redfish,no-vendor";
    /// File with the EFI system partition for ISO images.
    esp_image: Option<String>;
    /// RPC requests that are handled at the same time.
    executor_thread_pool_size: i64 = 64, formerly(&[(None, "rpc_thread_pool_size")]);
    /// Treat the use of deprecated features as an error.
    fatal_deprecations: bool = false;
    /// Convert images to raw before they are served.
    force_raw_images: bool = true, mutable;
    /// Seconds that a stopping service waits for its work; 0 waits for ever.
    graceful_shutdown_timeout: i64 = 60;
    /// Path of grub's configuration within UEFI ISO images.
    grub_config_path: String = "EFI/BOOT/grub.cfg";
    /// Template of grub's configuration in ISO images.
    grub_config_template: String = "$pybasedir/common/grub_conf.template";
    /// Points of each conductor on the hash ring, as a power of two.
    hash_partition_exponent: i64 = 5;
    /// Digest that places nodes on the hash ring.
    hash_ring_algorithm: HashAlgorithm = "md5";
    /// Seconds after which the hash ring is built anew.
    hash_ring_reset_interval: i64 = 15;
    /// Name of this conductor in the cluster; nodes stay with a name.
    host: String = "localhost", fact(Fact::HostName);
    /// File with user names and bcrypt hashes for `http_basic`.
    http_basic_auth_user_file: String = "/etc/ironic/htpasswd";
    /// Do not demand a project of administrative requests.
    ignore_project_check_for_admin_tasks: bool = true;
    /// Images downloaded at the same time.
    image_download_concurrency: u64 = 20, min(1.0);
    /// How an instance is shown in log lines.
    instance_format: String = "[instance: %(uuid)s] ";
    /// How the UUID of an instance is shown in log lines.
    instance_uuid_format: String = "[instance: %(uuid)s] ";
    /// The isolinux boot loader for BIOS ISO images.
    isolinux_bin: String = "/usr/lib/syslinux/isolinux.bin";
    /// Template of isolinux's configuration in ISO images.
    isolinux_config_template: String = "$pybasedir/common/isolinux_config.template";
    /// The ldlinux.c32 that belongs to `isolinux_bin`; found beside it when unset.
    ldlinux_c32: Option<String>;
    /// Colour the log.
    log_color: bool = false;
    /// File with a Python logging configuration.
    log_config_append: Option<String>,
        formerly(&[(None, "log-config"), (None, "log_config")]),
        mutable;
    /// Format of the date in log lines.
    log_date_format: String = "%Y-%m-%d %H:%M:%S";
    /// Directory that relative log files are in.
    log_dir: Option<String>, formerly(&[(None, "logdir")]);
    /// File to log to; standard error when unset.
    log_file: Option<String>, formerly(&[(None, "logfile")]);
    /// Longest error text kept in the database, in characters.
    log_in_db_max_size: i64 = 4096;
    /// Log all options at start.
    log_options: bool = true;
    /// Length of a log file's life, in the unit of `log_rotate_interval_type`.
    log_rotate_interval: i64 = 1;
    /// Unit of `log_rotate_interval`.
    log_rotate_interval_type: RotationUnit = "days";
    /// What log files are rotated by.
    log_rotation_type: RotationType = "none";
    /// Format of log lines that belong to a request.
    logging_context_format_string: String =
        "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [%(global_request_id)s %(request_id)s %(user_identity)s] %(instance)s%(message)s";
    /// What DEBUG lines end with.
    logging_debug_format_suffix: String = "%(funcName)s %(pathname)s:%(lineno)d";
    /// Format of log lines that belong to no request.
    logging_default_format_string: String =
        "%(asctime)s.%(msecs)03d %(process)d %(levelname)s %(name)s [-] %(instance)s%(message)s";
    /// What each line of an exception starts with.
    logging_exception_prefix: String =
        "%(asctime)s.%(msecs)03d %(process)d ERROR %(name)s %(instance)s";
    /// How a user is shown in log lines.
    logging_user_identity_format: String =
        "%(user)s %(project)s %(domain)s %(system_scope)s %(user_domain)s %(project_domain)s";
    /// Rotated log files to keep.
    max_logfile_count: i64 = 30;
    /// Size at which a log file is rotated, in MiB.
    max_logfile_size_mb: i64 = 200;
    /// How often to look again for free memory.
    minimum_memory_wait_retries: i64 = 6, mutable;
    /// Seconds between two looks for free memory.
    minimum_memory_wait_time: i64 = 15, mutable;
    /// Only warn when memory is short.
    minimum_memory_warning_only: bool = false, mutable;
    /// Free memory that image conversion needs, in MiB.
    minimum_required_memory: i64 = 1024, mutable;
    /// Address of this conductor that machines can reach.
    my_ip: String = "127.0.0.1", fact(Fact::Ipv4);
    /// IPv6 address of this conductor that machines can reach.
    my_ipv6: Option<String>;
    /// Least level of notifications to send; none are sent when unset.
    notification_level: Option<NotificationLevel>;
    /// Download several images at the same time.
    parallel_image_downloads: bool = true, mutable, to_be_removed;
    /// Debug mode of the Python web framework.
    pecan_debug: bool = false;
    /// Release whose RPC and object versions are spoken during an upgrade.
    pin_release_version: Option<String>,
        choices(&[
            "zed", "yoga", "antelope", "9.2", "39.0", "38.0", "37.0", "36.0", "35.0", "34.0",
            "33.0", "32.0", "31.0", "30.0", "29.0", "28.0", "27.0", "26.1", "26.0", "25.0",
            "24.1", "24.0", "23.1", "23.0", "22.1", "22.0", "21.4", "21.3", "21.2", "21.1",
            "21.0", "2026.2", "2026.1", "2025.2", "2025.1", "2024.2", "2024.1", "2023.2",
            "2023.1", "20.2", "20.1", "20.0", "19.0", "18.2", "18.1", "18.0", "17.0", "16.2",
            "16.1", "16.0", "15.1", "15.0", "14.0", "13.0", "12.2", "12.1", "12.0", "11.1",
            "11.0", "10.1", "10.0",
        ]),
        mutable;
    /// Send errors as notifications.
    publish_errors: bool = false;
    /// Where Ironic's Python package is, for templates.
    pybasedir: String = "/usr/lib/python/site-packages/ironic/ironic";
    /// Log messages allowed in `rate_limit_interval`; 0 allows all.
    rate_limit_burst: i64 = 0;
    /// Log level that is never limited.
    rate_limit_except_level: String = "CRITICAL",
        choices(&["CRITICAL", "ERROR", "INFO", "WARNING", "DEBUG", ""]);
    /// Seconds in which `rate_limit_burst` messages are allowed.
    rate_limit_interval: i64 = 0;
    /// Size of a raw image over that of its source, for the cache's room.
    raw_image_growth_factor: f64 = 2.0, min(1.0);
    /// Project whose `service` users are Ironic's peers.
    rbac_service_project_name: String = "service";
    /// Let the `service` role of any project act for all nodes.
    rbac_service_role_elevated_access: bool = false;
    /// Answer pings on the RPC topics.
    rpc_ping_enabled: bool = false;
    /// Seconds to wait for the answer to an RPC call.
    rpc_response_timeout: i64 = 60;
    /// How API and conductor talk to each other.
    rpc_transport: RpcTransport = "oslo";
    /// Directory for Ironic's own state.
    state_path: String = "$pybasedir";
    /// Syslog facility of log lines.
    syslog_log_facility: String = "LOG_USER";
    /// Directory for temporary files.
    tempdir: String = "/tmp", fact(Fact::TempDir);
    /// Broker address with user and password.
    transport_url: Secret<String> = "rabbit://";
    /// Log to systemd's journal.
    use_journal: bool = false;
    /// Log as JSON.
    use_json: bool = false;
    /// Let the API read and write nodes through a conductor.
    use_rpc_for_database: bool = false;
    /// Log to standard error.
    use_stderr: bool = false;
    /// Log to syslog.
    use_syslog: bool = false;
    /// Topics that notifications are sent to.
    versioned_notifications_topics: Vec<String> = "ironic_versioned_notifications";
    /// Seconds to connect to an image server.
    webserver_connection_timeout: i64 = 60;
    /// Ciphers for image servers, in OpenSSL's format.
    webserver_tls_ciphers: Option<String>;
    /// Lowest TLS version for image servers.
    webserver_tls_minimum_version: TlsVersion = "1.3", choices(&["1.2", "1.3"]);
    /// Whether image servers' certificates are verified: a boolean or a CA file.
    webserver_verify_ca: String = "True", mutable;
    /// Seconds to wait for an image server to confirm that an image exists.
    webserver_verify_timeout: i64 = 5;
}
