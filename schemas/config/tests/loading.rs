//! Files, directories, environment and command line, as an operator meets them.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use schemas_config::section::default::{AuthStrategy, RpcTransport};
use schemas_config::value::TlsVersion;
use schemas_config::{
    AvailableDrivers, Config, ConfigError, Location, Machine, Sources, Warning, WarningKind,
};

fn machine() -> Machine {
    Machine {
        host_name: "node.example.org".to_owned(),
        ipv4: "192.0.2.7".to_owned(),
        temp_dir: "/tmp".to_owned(),
    }
}

/// A directory with files to load.
struct Files(tempfile::TempDir);

impl Files {
    fn new(files: &[(&str, &str)]) -> Self {
        let directory = tempfile::tempdir().unwrap();
        for (name, text) in files {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        Files(directory)
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn sources(&self, names: &[&str]) -> Sources {
        names.iter().fold(Sources::new(machine()), |sources, name| {
            sources.file(self.path(name))
        })
    }
}

fn load(text: &str) -> Result<(Config, Vec<Warning>), ConfigError> {
    Config::load(Files::new(&[("a.conf", text)]).sources(&["a.conf"]))
}

fn good(text: &str) -> Config {
    load(text).unwrap().0
}

fn refusal(text: &str) -> String {
    load(text).unwrap_err().to_string()
}

#[test]
fn defaults_come_from_the_machine_where_ironic_takes_them_there() {
    let config = Config::defaults(machine()).unwrap();
    assert_eq!(config.default.host, "node.example.org");
    assert_eq!(config.default.my_ip, "192.0.2.7");
    assert_eq!(
        config.default.state_path,
        "/usr/lib/python/site-packages/ironic/ironic"
    );
    assert_eq!(config.conductor.heartbeat_interval, 10);
    assert_eq!(config.default.rpc_transport, RpcTransport::Oslo);
    assert!(!config.is_set("DEFAULT", "host"));
}

#[test]
fn later_files_win_and_repeated_options_append() {
    let files = Files::new(&[
        (
            "a.conf",
            "[conductor]\nheartbeat_interval = 1\nclean_step_priority_override = a.b:1\n\
             heartbeat_interval = 2\n[DEFAULT]\nhost = a\n",
        ),
        (
            "b.conf",
            "[Conductor]\nclean_step_priority_override = c.d:2,a.b:3\n",
        ),
        ("d/2.conf", "[DEFAULT]\nhost = d2\n"),
        ("d/1.conf", "[DEFAULT]\nhost = d1\n"),
        ("d/3.txt", "not read\n"),
    ]);
    let sources = files
        .sources(&["a.conf", "b.conf"])
        .directory(files.path("d"));
    let (config, warnings) = Config::load(sources).unwrap();
    assert_eq!(config.conductor.heartbeat_interval, 2);
    assert_eq!(config.conductor.clean_step_priority_override.len(), 2);
    assert_eq!(
        config.conductor.clean_step_priority_override.merged()["a.b"],
        "3"
    );
    assert_eq!(config.default.host, "d2");
    assert_eq!(warnings, []);
}

#[test]
fn the_environment_beats_files_and_the_command_line_beats_both() {
    let files = Files::new(&[(
        "a.conf",
        "[api]\nport = 1\nhost_ip = ::1\n[DEFAULT]\nhost = a\n",
    )]);
    let environment = [
        ("OS_API__PORT", "2"),
        ("OS_DEFAULT__HOST", "b"),
        ("OS_AUTH_URL", "http://ignored"),
        ("PATH", "/bin"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()));
    let sources = files
        .sources(&["a.conf"])
        .environment(environment)
        .set("DEFAULT", "host", "c");
    let (config, _) = Config::load(sources).unwrap();
    assert_eq!(config.api.port, 2);
    assert_eq!(config.api.host_ip.to_string(), "::1");
    assert_eq!(config.default.host, "c");
    assert!(config.is_set("api", "port"));
}

#[test]
fn a_wrong_variable_is_named() {
    let environment = [("OS_API__PORT".to_owned(), "http".to_owned())];
    let error = Config::load(Sources::new(machine()).environment(environment)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "environment OS_API__PORT: [api]port = \"http\": not an integer"
    );
}

#[test]
fn references_are_looked_up_in_the_section_then_in_default() {
    let config = good(
        "[DEFAULT]\nstate_path = /srv\ntempdir = $state_path/tmp\nmy_ip = 10.0.0.1\nmy_ipv6 = a$$b\n\
         [deploy]\nhttp_url = http://${my_ip}:8080\nhttp_root = ${DEFAULT.state_path}/http\n\
         http_image_subdir = \\$x\n\
         [database]\nconnection = sqlite:///$state_path/${api.port}.sqlite\n",
    );
    assert_eq!(config.default.tempdir, "/srv/tmp");
    assert_eq!(config.default.my_ipv6.as_deref(), Some("a$b"));
    assert_eq!(
        config.deploy.http_url.as_deref(),
        Some("http://10.0.0.1:8080")
    );
    assert_eq!(config.deploy.http_root, "/srv/http");
    assert_eq!(config.deploy.http_image_subdir, "$x");
    let connection = config.database.connection.clone().unwrap();
    assert_eq!(connection.expose(), "sqlite:////srv/6385.sqlite");
}

#[test]
fn references_that_lead_nowhere_are_refused() {
    let text = refusal("[DEFAULT]\nhost = $nowhere\n");
    assert!(
        text.ends_with(
            "a.conf:2: [DEFAULT]host = \"$nowhere\": $nowhere refers to no known option"
        ),
        "{text}"
    );
    let text = refusal("[DEFAULT]\nhost = $my_ip\nmy_ip = $host\n");
    assert!(text.contains("refers back to itself"), "{text}");
    let text = refusal("[DEFAULT]\nhost = ${nothing.here}\n");
    assert!(
        text.contains("${nothing.here}") || text.contains("$nothing.here"),
        "{text}"
    );
}

#[test]
fn every_wrong_value_is_reported_with_file_and_line() {
    let text = refusal(
        "[conductor]\nheartbeat_interval = often\n\n[api]\nport = 70000\nmax_json_body_depth = 2\n\
         [DEFAULT]\nauth_strategy = password\n[redfish]\nkernel_append_params = a=\"b\n",
    );
    let lines: Vec<_> = text
        .lines()
        .map(|line| line.split_once("a.conf:").unwrap().1)
        .collect();
    assert_eq!(
        lines,
        [
            "8: [DEFAULT]auth_strategy = \"password\": must be one of noauth, keystone, http_basic",
            "6: [api]max_json_body_depth = \"2\": must be at least 8",
            "5: [api]port = \"70000\": must be at most 65535",
            "2: [conductor]heartbeat_interval = \"often\": not an integer",
        ]
    );
    let text = refusal("[redfish]\nkernel_append_params = a=\"b\n");
    assert!(
        text.contains("a.conf:2: [redfish]kernel_append_params"),
        "{text}"
    );
    let unchecked = "[conductor]\ndisable_kernel_parameter_parsing = 1\n\
                     [redfish]\nkernel_append_params = a=\"b\n";
    assert_eq!(&*good(unchecked).redfish.kernel_append_params, "a=\"b");
}

#[test]
fn a_narrower_choice_than_the_type_has() {
    let text = refusal("[api]\nserver_tls_minimum_version = 1.1\n");
    assert!(text.ends_with("must be one of 1.2, 1.3"), "{text}");
    assert!(load("[redfish]\ntls_minimum_version = 1.1\n").is_ok());
}

#[test]
fn secrets_are_shown_nowhere() {
    let config = good("[database]\nconnection = mysql+pymysql://ironic:hunter2@db/ironic\n");
    assert!(!format!("{:?}", config.database).contains("hunter2"));
    let text = refusal("[database]\nconnection = mysql://a:hunter2$nowhere@db/x\n");
    assert!(text.contains("[database]connection (secret)"), "{text}");
    assert!(!text.contains("hunter2"), "{text}");
}

#[test]
fn unknown_and_old_names_are_warned_about() {
    let (config, warnings) = load(
        "[api]\ntls_minimum_version = 1.2\nports = 1\n[cache]\nenabled = true\n[nonsense]\na = b\n\
         [DEFAULT]\nHost = a\ngraceful_shutdown_timeout = 7\nparallel_image_downloads = true\n\
         [conductor]\nautomatic_lessee = true\n[neutron]\nauth_plugin = password\n",
    )
    .unwrap();
    assert_eq!(config.api.server_tls_minimum_version, TlsVersion::V1_2);
    let seen: Vec<_> = warnings
        .iter()
        .map(|warning| {
            let Location::File { line, .. } = warning.location else {
                panic!("{warning}")
            };
            (line, warning.option.as_str(), &warning.kind)
        })
        .collect();
    let renamed = WarningKind::Deprecated {
        section: "api",
        option: "server_tls_minimum_version",
    };
    assert_eq!(
        seen,
        [
            (2, "tls_minimum_version", &renamed),
            (3, "ports", &WarningKind::Unknown),
            (5, "enabled", &WarningKind::NoEffect),
            (7, "a", &WarningKind::Unknown),
            (9, "Host", &WarningKind::Unknown),
            (11, "parallel_image_downloads", &WarningKind::NoEffect),
            (13, "automatic_lessee", &WarningKind::ToBeRemoved),
            (15, "auth_plugin", &WarningKind::NoEffect),
        ]
    );
    // The option exists in [DEFAULT], and [conductor] takes it from there by its old name.
    assert_eq!(config.default.graceful_shutdown_timeout, 7);
    assert_eq!(config.conductor.graceful_shutdown_timeout, 7);
}

#[test]
fn current_names_win_in_a_file_and_later_files_win_over_both() {
    let files = Files::new(&[
        (
            "a.conf",
            "[api]\ntls_ciphers = old\nserver_tls_ciphers = new\n",
        ),
        ("b.conf", "[api]\ntls_ciphers = later\n"),
    ]);
    let (config, _) = Config::load(files.sources(&["a.conf"])).unwrap();
    assert_eq!(config.api.server_tls_ciphers.as_deref(), Some("new"));
    let (config, _) = Config::load(files.sources(&["a.conf", "b.conf"])).unwrap();
    assert_eq!(config.api.server_tls_ciphers.as_deref(), Some("later"));
}

#[test]
fn an_empty_number_is_its_default() {
    let (config, warnings) =
        load("[conductor]\nheartbeat_interval =\n[api]\napi_workers =\n").unwrap();
    assert_eq!(config.conductor.heartbeat_interval, 10);
    assert_eq!(config.api.api_workers, None);
    assert_eq!(warnings.len(), 1);
    assert_eq!(warnings[0].kind, WarningKind::EmptyNumber);
}

#[test]
fn files_that_cannot_be_read() {
    let missing = Sources::new(machine()).file("/nonexistent/ironic.conf");
    assert!(matches!(
        Config::load(missing),
        Err(ConfigError::Unreadable { .. })
    ));
    let missing = Sources::new(machine()).directory("/nonexistent");
    assert!(matches!(
        Config::load(missing),
        Err(ConfigError::UnreadableDirectory { .. })
    ));
    let text = refusal("[api]\nport 1\n");
    assert!(
        text.ends_with("a.conf:2: neither a [section], a comment nor an `option = value`"),
        "{text}"
    );
    let files = Files::new(&[]);
    std::fs::write(files.path("a.conf"), b"[api]\n\xff = 1\n").unwrap();
    assert!(matches!(
        Config::load(files.sources(&["a.conf"])),
        Err(ConfigError::NotText { .. })
    ));
}

#[test]
fn the_argument_less_mode() {
    let available = AvailableDrivers {
        hardware_types: vec!["fake-hardware".to_owned(), "ipmi".to_owned()],
        interfaces: vec![(
            "power".to_owned(),
            vec!["fake".to_owned(), "ipmitool".to_owned()],
        )],
    };
    let directory = std::path::Path::new("/srv/$data");
    let sources = Sources::embedded(directory, &available, machine());
    let (config, warnings) = Config::load(sources.clone()).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(config.default.auth_strategy, AuthStrategy::Noauth);
    assert_eq!(config.default.rpc_transport, RpcTransport::None);
    assert_eq!(
        config.default.enabled_hardware_types,
        ["fake-hardware", "ipmi"]
    );
    let power = config.default.enabled_power_interfaces.clone().unwrap();
    assert_eq!(power, ["fake", "ipmitool"]);
    assert_eq!(
        (config.api.host_ip.to_string().as_str(), config.api.port),
        ("127.0.0.1", 6385)
    );
    let connection = config.database.connection.clone().unwrap();
    assert_eq!(connection.expose(), "sqlite:////srv/$data/ironic.sqlite");

    let environment = [("OS_API__PORT".to_owned(), "7000".to_owned())];
    let (config, _) = Config::load(sources.environment(environment)).unwrap();
    assert_eq!(config.api.port, 7000);
}

#[test]
fn credentials_may_stand_in_a_section_of_their_own() {
    let (config, warnings) = load(
        "[json_rpc]\nauth_section = shared\nusername = ignored\ncafile = /ca\n\
         [shared]\nuser-name = ironic\npassword = hunter2\nauth_type = password\n\
         [keystone_authtoken]\nusername = own\n",
    )
    .unwrap();
    let shared = &config.json_rpc.credentials;
    assert_eq!(shared.username.as_deref(), Some("ironic"));
    assert_eq!(shared.auth_type.as_deref(), Some("password"));
    assert!(
        shared
            .password
            .as_ref()
            .is_some_and(|password| password.matches("hunter2"))
    );
    assert_eq!(config.json_rpc.client.cafile.as_deref(), Some("/ca"));
    let own = &config.keystone_authtoken.credentials;
    assert_eq!(own.username.as_deref(), Some("own"));
    assert!(!format!("{config:?}").contains("hunter2"));
    assert_eq!(warnings, []);
}

#[test]
fn a_file_beside_the_configuration() {
    let files = Files::new(&[
        ("etc/ironic.conf", ""),
        ("etc/policy.yaml", ""),
        ("d/policy.yaml", ""),
    ]);
    let sources = files.sources(&["etc/ironic.conf"]);
    let name = std::path::Path::new("policy.yaml");
    assert_eq!(
        sources.find_beside(name, None),
        Some(files.path("etc/policy.yaml"))
    );
    let sources = sources.directory(files.path("d"));
    assert_eq!(
        sources.find_beside(name, None),
        Some(files.path("d/policy.yaml"))
    );
    let absent = std::path::Path::new("no-such-policy.yaml");
    assert_eq!(sources.find_beside(absent, None), None);
}

#[test]
fn a_variable_for_no_option_is_told() {
    let variables = [
        "OS_API__PROT",
        "OS_API__PORT",
        "OS_OTHER__PROGRAM",
        "OS_DEFAULT__LOGFILE",
        "OS_SWIFT__CONTAINER",
        "OS_PXE__TFTP_ROOT",
    ];
    let environment = variables.map(|name| (name.to_owned(), "1".to_owned()));
    let sources = Sources::new(machine()).environment(environment);
    let (_, warnings) = Config::load(sources).unwrap();
    let texts: Vec<_> = warnings.iter().map(Warning::to_string).collect();
    assert_eq!(
        texts,
        [
            "environment OS_DEFAULT__LOGFILE: [DEFAULT]logfile is not a known option; ignored",
            "environment OS_API__PROT: [api]prot is not a known option; ignored",
            "environment OS_PXE__TFTP_ROOT: [pxe]tftp_root has no effect here; ignored",
            "environment OS_SWIFT__CONTAINER: [swift]container is not a known option; ignored",
        ]
    );
}
