"""Rows for every collection, as both servers would have written them: the same SQL for both.

Registering a thousand of everything over Ironic's API takes many minutes; the tables are the same on both
sides, so rows are put there directly.
"""
import json
import uuid

CREATED = "2026-01-02 03:04:05.000678"
_SPACE = uuid.UUID("6f1a2c1e-0000-4000-8000-000000000000")


def identifier(kind, number):
    """The UUID of a row: the same on both sides and in every run."""
    return str(uuid.uuid5(_SPACE, "%s %d" % (kind, number)))


def _text(value):
    return json.dumps(value)


def node(number, driver="fake-hardware"):
    """A node as it stands in the table, with documents of a usual size."""
    interfaces = {kind: "fake" for kind in ("bios", "boot", "console", "deploy", "firmware", "inspect", "management", "power", "raid",
                                            "rescue", "vendor")}
    return {
        "uuid": identifier("node", number), "name": "scale-%d" % number, "driver": driver, "provision_state": "available",
        "power_state": "power off", "resource_class": "class-%d" % (number % 100), "conductor_group": "",
        "properties": _text({"cpus": 32, "memory_mb": 131072, "local_gb": 900, "capabilities": "boot_mode:uefi"}),
        "driver_info": _text({"deploy_kernel": "http://127.0.0.1/kernel", "deploy_ramdisk": "http://127.0.0.1/ramdisk"}),
        "extra": _text({"rack": number // 40, "n": number}), "driver_internal_info": "{}", "instance_info": "{}",
        "clean_step": "{}", "deploy_step": "{}", "service_step": "{}", "raid_config": "{}", "target_raid_config": "{}",
        "network_data": "{}", "maintenance": 0, "console_enabled": 0, "protected": 0, "retired": 0, "disable_power_off": 0,
        **{kind + "_interface": name for kind, name in interfaces.items()}, "network_interface": "noop", "storage_interface": "noop",
        "version": "1.44",
    }


def collections(count, node_id):
    """(table, rows) of every collection; what belongs to a node belongs to this one."""
    numbers = range(1, count + 1)
    step = {"interface": "bios", "step": "apply_configuration", "args": _text({"settings": [{"name": "a", "value": "b"}]})}

    def rows(kind, make):
        return [{"uuid": identifier(kind, n), **make(n)} for n in numbers]
    return [
        ("chassis", rows("chassis", lambda n: {"description": "rack %d" % n, "extra": _text({"row": n}), "version": "1.4"})),
        ("portgroups", rows("portgroup", lambda n: {
            "name": "bond%d" % n, "node_id": node_id, "address": _mac(0x20, n), "mode": "802.3ad", "standalone_ports_supported": 1,
            "properties": _text({"bond_miimon": "100"}), "extra": "{}", "internal_info": "{}", "dynamic_portgroup": 0, "version": "1.9"})),
        ("ports", rows("port", lambda n: {
            "address": _mac(0x10, n), "node_id": node_id, "extra": _text({"n": n}), "internal_info": "{}", "pxe_enabled": 1, "is_smartnic": 0,
            "local_link_connection": _text({"switch_id": "0a:1b:2c:3d:4e:5f", "port_id": "eth%d" % n, "switch_info": "s"}),
            "physical_network": "physnet1", "available_for_dynamic_portgroup": 1, "version": "1.16"})),
        ("volume_connectors", rows("connector", lambda n: {
            "node_id": node_id, "type": "iqn", "connector_id": "iqn.2026-01.org.example:%d" % n, "extra": "{}", "version": "1.1"})),
        ("volume_targets", rows("target", lambda n: {
            "node_id": node_id, "volume_type": "iscsi", "volume_id": "vol-%d" % n, "boot_index": n,
            "properties": _text({"target_iqn": "iqn.2026-01.org.example:vol", "target_lun": n}), "extra": "{}", "version": "1.1"})),
        ("allocations", rows("allocation", lambda n: {
            "name": "allocation-%d" % n, "state": "error", "last_error": "no node matches", "resource_class": "large",
            "traits": _text(["CUSTOM_A"]), "candidate_nodes": "[]", "extra": _text({"n": n}), "version": "1.3"})),
        ("deploy_templates", rows("template", lambda n: {"id": n, "name": "CUSTOM_T%d" % n, "extra": "{}", "version": "1.2"})),
        ("deploy_template_steps", [{"deploy_template_id": n, "priority": 100 + part, **step} for n in numbers for part in (1, 2)]),
        ("runbooks", rows("runbook", lambda n: {
            "id": n, "name": "CUSTOM_R%d" % n, "description": "what it does", "public": 1, "disable_ramdisk": 0, "extra": "{}", "version": "1.2"})),
        ("runbook_steps", [{"runbook_id": n, "order": part, **step} for n in numbers for part in (1, 2)]),
        ("runbook_traits", [{"runbook_id": n, "trait": "CUSTOM_R%d" % n, "version": "1.0"} for n in numbers]),
        ("inspection_rules", rows("rule", lambda n: {
            "priority": n % 100, "description": "rule %d" % n, "sensitive": 0, "phase": "main",
            "conditions": _text([{"op": "eq", "args": {"values": ["{inventory[cpu][count]}", n]}}]),
            "actions": _text([{"op": "set-attribute", "args": {"path": "/extra/n", "value": "yes"}}]), "version": "1.1"})),
        ("conductors", [{"hostname": "gone-%d" % n, "drivers": _text(["fake-hardware"]), "online": 0, "conductor_group": "", "version": "1.6",
                         "updated_at": CREATED} for n in numbers]),
        ("node_history", rows("history", lambda n: {
            "conductor": "one", "event_type": "deploying", "severity": "INFO", "event": "something happened", "user": "admin",
            "node_id": node_id, "version": "1.3"})),
        ("bios_settings", [{"node_id": node_id, "name": "setting-%d" % n, "value": "on", "allowable_values": "[]", "version": "1.2"}
                           for n in numbers]),
        ("firmware_information", [{"node_id": node_id, "component": "nic:%d" % n, "initial_version": "1.0", "current_version": "1.1",
                                   "last_version_flashed": "1.1", "version": "1.2"} for n in numbers]),
        ("node_traits", [{"node_id": node_id, "trait": "CUSTOM_%d" % n, "version": "1.1"} for n in range(50)]),
    ]


def _mac(first, number):
    return "52:54:%02x:%02x:%02x:%02x" % (first, number >> 16, number >> 8 & 0xff, number & 0xff)


def insert(table, rows, quote):
    """(statement with `%s` for the values, tuples) for rows that all have the same columns."""
    columns = ["created_at", *(name for name in rows[0] if name != "created_at")]
    names = ", ".join(quote + name + quote for name in columns)
    return "INSERT INTO %s (%s) VALUES " % (table, names), [tuple(row.get(name, CREATED) for name in columns) for row in rows]


def into_sqlite(connection, tables):
    """Write tables into a SQLite file, which a server may have open."""
    for table, rows in tables:
        statement, values = insert(table, rows, '"')
        connection.executemany(statement + "(%s)" % ", ".join("?" * len(values[0])), values)
    connection.commit()


def into_mariadb(execute, tables, batch=500):
    """Write tables by SQL text."""
    for table, rows in tables:
        statement, values = insert(table, rows, "`")
        for start in range(0, len(values), batch):
            execute(statement + ",\n".join(_literal(row) for row in values[start:start + batch]) + ";")


def _literal(row):
    return "(%s)" % ", ".join(
        "NULL" if value is None else str(value) if isinstance(value, int) else
        "'%s'" % str(value).replace("\\", "\\\\").replace("'", "''") for value in row)
