"""What generated requests say: values that fit somewhere and values that fit nowhere."""
import json
import pathlib
import re

DOCUMENT = pathlib.Path(__file__).resolve().parents[2] / "openapi" / "bare-metal.json"
LATEST = 115
SOME_UUID = "c0de0000-0000-4000-8000-000000000abc"

ANY = (
    None, True, False, 0, 1, -1, 5, 1.5, 2 ** 40, "", " ", "x", "X-y.z_~", "a b", "a/b", "é", "x" * 255, "x" * 256,
    "true", "False", "yes", "off", "1", "None", "null", SOME_UUID, SOME_UUID.upper(), SOME_UUID.replace("-", ""),
    [], ["x"], [1], [None], [{}], {}, {"a": 1}, {"a": {"b": [None]}}, {"": 1},
)
# Beside those, by the name of the field or parameter (a pattern).
FITTING = (
    (r".*_interface", ("fake", "noop", "no-bios", "no-inspect", "agent", "direct", "pxe", "ipxe", "flat", "ipmitool", "FAKE", "redfish")),
    (r"driver", ("fake-hardware", "ipmi", "redfish", "manual-management", "FAKE-HARDWARE", "fake_hardware")),
    (r"address|addresses|mac_address", ("52:54:00:cc:00:01", "52-54-00-CC-00-01", "52:54:00:CC:00:0A", "525400cc0001", "52:54:00:cc:00", "52:54:00:cc:00:01:02",
                          "00:11:22:33:44:55:66:77:88:99:aa:bb:cc:dd:ee:ff:00:11:22:33", "52:54:00:cc:00:01,x")),
    (r"name|.*_name|hostname", ("n1", "N1", "n.1", "n_1", "n~1", "-n", "n-", ".n", "n.json", "detail", "states", "validate", "CUSTOM_A", "custom_a", "CUSTOM_", "HW_CPU_X86_VMX", "127.0.0.1", "a" * 63 + ".b", "a" * 64)),
    (r"traits?", (["CUSTOM_A"], ["CUSTOM_A", "CUSTOM_A"], ["HW_CPU_X86_VMX"], ["bad"], ["CUSTOM_" + "X" * 248], ["CUSTOM_" + "X" * 249], "CUSTOM_A")),
    (r"steps|.*_steps", (
        [{"interface": "deploy", "step": "deploy", "args": {}, "priority": 10}], [{"interface": "deploy", "step": "deploy", "args": {}, "order": 1}],
        [{"interface": "bios", "step": "apply_configuration", "args": {"settings": []}, "priority": "10"}],
        [{"interface": "raid", "step": "create_configuration", "args": {}, "order": 1}, {"interface": "raid", "step": "create_configuration", "args": {}, "order": 1}],
        [{"interface": "power", "step": "x", "args": {}, "priority": 0, "order": 0}], [{"interface": "nosuch", "step": "x", "args": {}, "priority": 1, "order": 1}],
        [{"interface": "vendor", "step": "log_passthrough"}], [{"step": "hold"}], [{"interface": "firmware", "step": "update", "args": None, "priority": -1, "order": -1}],
        [{"interface": "power", "step": "power_on", "args": {}, "priority": 1.5, "order": "x"}])),
    (r"conditions", ([{"op": "eq", "args": {"values": [1, 1]}}], [{"op": "!eq", "args": [1, 1]}], [{"op": "nosuch", "args": {}}], [{"op": "is-empty", "args": {"value": "{node.extra}"}}],
                     [{"op": "eq", "args": {"values": [1, 1]}, "loop": [1, 2], "multiple": "any"}], [{"op": "matches", "args": {"value": "x", "regex": "("}}],
                     [{"op": "one-of", "args": {"value": 1, "values": [1]}, "multiple": "x"}], [{"op": "in-net", "args": {"address": "x", "subnet": "y"}}])),
    (r"actions", ([{"op": "fail", "args": {"msg": "m"}}], [{"op": "log", "args": {"msg": "m", "level": "x"}}], [{"op": "set-attribute", "args": ["/extra/a", 1]}],
                  [{"op": "set-capability", "args": {"name": "a", "value": 1, "z": 1}}], [{"op": "nosuch", "args": {}}], [{"op": "add-trait", "args": {"name": "CUSTOM_A"}, "loop": {"a": 1}}],
                  [{"op": "extend-attribute", "args": {"path": "/extra/l", "value": 1, "unique": True}}], [{"op": "del-attribute", "args": {"path": "extra"}}])),
    (r"phase", ("main", "MAIN", "preprocess", "early")),
    (r"scope", ("inspection", "s")),
    (r"mode", ("active-backup", "802.3ad", "balance-rr", "nosuch", "bios", "uefi", "UEFI")),
    (r"local_link_connection", ({"switch_id": "0a:1b:2c:3d:4e:5f", "port_id": "p"}, {"switch_id": "0a:1b:2c:3d:4e:5f", "port_id": "p", "switch_info": None}, {"switch_id": "x", "port_id": "p"},
                                {"network_type": "managed"}, {"network_type": "unmanaged"}, {"network_type": "unmanaged", "port_id": "x"}, {"port_id": "p", "hostname": "h"}, {"hostname": "h", "port_id": "rep0"},
                                {"switch_id": "aabb.ccdd.eeff", "port_id": 1}, {"vtep-logical-switch": "a", "vtep-physical-switch": "b", "port_id": "p"}, {"switch_id": "of:0000000000000001", "port_id": "p"}, {"nosuch": "x"})),
    (r"type|volume_type", ("iqn", "ip", "mac", "wwnn", "wwpn", "port", "portgroup", "iscsi", "fibre_channel", "IQN", "dynamic", "classic")),
    (r"network_data", ({"links": [], "networks": [], "services": []}, {"links": [{"id": "l", "type": "phy", "ethernet_mac_address": "52:54:00:cc:00:01"}], "networks": []}, {"nosuch": []})),
    (r"properties", ({"capabilities": "a:b"}, {"capabilities": "a"}, {"memory_mb": "x"}, {"memory_mb": "-1"}, {"cpus": 1, "local_gb": "10"}, {"capabilities": {"a": "b"}}, {"cpu_arch": "x"}, {"root_device": {"size": 1}}, {"cpus": True}, {"memory_mb": None})),
    (r"provision_state|state", ("available", "active", "enroll", "manageable", "AVAILABLE", "noState", "clean wait", "error", "allocating")),
    (r"target", ("manage", "provide", "active", "deleted", "inspect", "abort", "rescue", "unrescue", "adopt", "clean", "rebuild", "undeploy", "service", "unhold", "nosuch", "power on", "power off", "rebooting",
                 "soft power off", "soft rebooting", "POWER ON", "on", "uefi", "bios", True)),
    (r"fault", ("none", "power failure", "clean failure", "rescue abort failure", "service failure")),
    (r"limit", ("0", "1", "2", "-1", "1.5", "x", "", "1001", "99999999999999999999", " 1 ", "+1", "１")),
    (r"sort_dir", ("asc", "desc", "ASC", "x", "")),
    (r"sort_key", ("uuid", "name", "id", "created_at", "updated_at", "extra", "driver", "node_uuid", "chassis_uuid", "links", "traits", "nosuch", "address", "UUID", "provision_state", "owner", "node_id", "version", "host", "priority", "")),
    (r"fields", ("uuid", "uuid,name", "UUID", "links", "nosuch", "", ",", "uuid,,extra", "uuid,uuid", "traits", "node_uuid", "extra", "steps", "properties", "created_at,updated_at", "portgroup_uuid", "chassis_uuid", "conductor", "allocation_uuid", "name,description", "value", "owner", "internal_info", "states", "ports")),
    (r"marker", (SOME_UUID, "x", "", "1")),
    (r"boot_device", ("pxe", "disk", "cdrom", "PXE", "nosuch")),
    (r"persistent|enabled|public|.*", ()),
)
HEADERS = (
    {"Accept": "text/html"}, {"Accept": "*/*"}, {"Accept": "application/xml"}, {"Accept": "application/json; charset=utf-8"}, {"Accept": "text/plain, application/json;q=0.1"}, {"Accept": ""}, {"Accept": None},
    {"Content-Type": "application/xml"}, {"Content-Type": "text/plain"}, {"Content-Type": "application/json; charset=utf-8"}, {"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "application/JSON"}, {"Content-Type": ""}, {"Content-Type": None},
    {"Content-Type": "application/json-patch+json"}, {"Content-Type": "multipart/form-data; boundary=x"},
    {"X-OpenStack-Ironic-API-Version": "latest"}, {"X-OpenStack-Ironic-API-Version": "1.0"}, {"X-OpenStack-Ironic-API-Version": "1.999"}, {"X-OpenStack-Ironic-API-Version": "x"}, {"X-OpenStack-Ironic-API-Version": "1"},
    {"OpenStack-API-Version": "baremetal 1.50"}, {"OpenStack-API-Version": "compute 2.1"}, {"OpenStack-API-Version": "baremetal latest"}, {"OpenStack-API-Version": "baremetal 1.999"}, {"OpenStack-API-Version": "baremetal"},
    {"X-OpenStack-Request-Id": "x"}, {"X-Auth-Token": "x"}, {"Origin": "http://example.org"},
)
RAW_BODIES = ("", "{", "[", "null", "1", "\"x\"", "true", "[]", "{}", "{\"a\":1,}", "{\"a\":1,\"a\":2}", "NaN", "[1,2", "\u0000", "{\"driver\": NaN}", "a=b", " ", "[[[[]]]]")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "FOO")


def for_name(name):
    """Values for a field or parameter."""
    special = next(values for pattern, values in FITTING if re.fullmatch(pattern, name))
    return list(special) + list(ANY)


def document():
    """The API as data: paths, parameters and fields with their versions."""
    return json.loads(DOCUMENT.read_text())


def _numbers(value):
    if isinstance(value, dict):
        for name, item in value.items():
            if name in ("min-ver", "max-ver") and isinstance(item, str):
                yield int(item.split(".")[1])
            else:
                yield from _numbers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _numbers(item)


def telling_versions(api=None):
    """Microversions at which something begins or ends, and those just before; the first and the last."""
    numbers = set(_numbers(api or document()))
    return ["1.%d" % n for n in sorted({1, LATEST} | numbers | {n - 1 for n in numbers}) if 1 <= n <= LATEST]
