"""ironic.conf as the suites need it, for our server and for the real Ironic alike."""
import pathlib

# What was enabled when the contract was recorded.
INTERFACES = {
    "bios": "fake,no-bios,redfish",
    "boot": "fake,ipxe,pxe,redfish-virtual-media",
    "console": "fake,no-console",
    "deploy": "fake,direct,ramdisk",
    "firmware": "fake,no-firmware,redfish",
    "inspect": "fake,no-inspect,agent,redfish",
    "management": "fake,noop,ipmitool,redfish",
    "network": "noop,flat",
    "power": "fake,ipmitool,redfish",
    "raid": "fake,no-raid,agent,redfish",
    "rescue": "fake,no-rescue,agent",
    "storage": "fake,noop",
    "vendor": "fake,no-vendor,ipmitool,redfish",
}
NOWHERE = "http://127.0.0.1:9"      # nothing answers there
NETWORK = "11111111-2222-3333-4444-555555555555"


def contract(directory, port, connection=None):
    """The sections of the configuration that the contract was recorded with."""
    directory = pathlib.Path(directory)
    images = {kind + "_" + part: "%s/%s.%s" % (NOWHERE, kind, part)
              for kind in ("deploy", "rescue") for part in ("kernel", "ramdisk")}
    return {
        "DEFAULT": {
            "host": "contract-conductor", "my_ip": "127.0.0.1", "auth_strategy": "noauth", "rpc_transport": "none",
            "state_path": directory, "tempdir": directory / "tmp", "hash_ring_reset_interval": 1,
            "minimum_memory_warning_only": True, "enabled_hardware_types": "fake-hardware,manual-management,ipmi,redfish",
            "default_network_interface": "noop",
            **{"enabled_%s_interfaces" % kind: names for kind, names in INTERFACES.items()},
        },
        "api": {"host_ip": "127.0.0.1", "port": port, "api_workers": 1},
        "database": {"connection": connection or "sqlite:///%s" % (directory / "ironic.sqlite")},
        "oslo_concurrency": {"lock_path": directory / "locks"},
        # Nothing changes a node behind the caller's back.
        "conductor": {
            "sync_power_state_interval": 0, "check_provision_state_interval": 0, "check_rescue_state_interval": 1,
            "check_allocations_interval": 0, "power_failure_recovery_interval": 0, "sync_local_state_interval": 3600,
            "node_history_cleanup_interval": 0, "conductor_cleanup_interval": 0, "heartbeat_interval": 10,
            "heartbeat_timeout": 3600, "automated_clean": True, "node_locked_retry_attempts": 3,
            "node_locked_retry_interval": 1, **images,
        },
        "dhcp": {"dhcp_provider": "none"},
        "deploy": {"http_url": NOWHERE, "http_root": directory / "http"},
        "pxe": {"tftp_root": directory / "tftp", "tftp_server": "127.0.0.1", "tftp_master_path": directory / "master",
                "images_path": directory / "images", "instance_master_path": directory / "master"},
        "neutron": {"cleaning_network": NETWORK, "provisioning_network": NETWORK},
        "service_catalog": {"endpoint_override": "http://127.0.0.1:%d" % port},
        "ipmi": {"command_retry_timeout": 1, "min_command_interval": 1},
        "inspector": {"require_managed_boot": False},
        "sensor_data": {"send_sensor_data": False},
        "oslo_messaging_notifications": {"driver": "noop"},
    }


def merge(sections, changes):
    """`sections` with the options of `changes` replaced or added."""
    return {name: {**sections.get(name, {}), **changes.get(name, {})} for name in {**sections, **changes}}


def write(path, sections):
    """Write ironic.conf and make the directories it names."""
    path = pathlib.Path(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    text = []
    for section, options in sections.items():
        text.append("[%s]" % section)
        for name, value in options.items():
            if isinstance(value, pathlib.Path):
                value.mkdir(parents=True, exist_ok=True)
            elif isinstance(value, bool):
                value = str(value).lower()
            text.append("%s = %s" % (name, value))
        text.append("")
    path.write_text("\n".join(text))
    return path
