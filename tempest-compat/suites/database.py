"""Three kinds of database: the store's tests on each, and databases that Ironic left behind.

`database/populated-*.sql` were dumped from a real Ironic 39.0.0 of each kind;
`database/expected-*.jsonl` is what its API answered from them.
"""
import json
import re

from contract import compare, corpus
from runner import prerequisites
from runner.processes import free_port
from servers import ferric, ironic, mariadb, postgresql
from servers.rest import Rest
from servers.sqlite import Sqlite
from suites import unit

RECORDED = prerequisites.HERE / "database"
ENDPOINT = "http://127.0.0.1:6385"      # [api]public_endpoint when it was recorded
OFFLINE = "UPDATE conductors SET updated_at = '2020-01-01 00:00:00'"
OFFLINE_SQLITE = "UPDATE conductors SET online = 0"
ALIVE = "UPDATE conductors SET online = %s, updated_at = '2100-01-01 00:00:00'"
# Read without an order: these come as the database gives them.
UNORDERED = re.compile(r"traits|bios|firmware|enabled_\w+_interfaces")


def run(stage):
    stage.debian("postgresql", "mariadb-server")
    with stage.report.check("PostgreSQL starts", essential=True):
        postgres = postgresql.start(stage.processes)
    with stage.report.check("MariaDB starts", essential=True):
        maria = mariadb.start(stage.processes)
    if not stage.oracle:
        with stage.report.group("store"):
            unit.tests(stage, "test", "-p", "schemas-db", "--locked", "--no-fail-fast", "--", "--include-ignored", env={
                "FERRIC_TEST_POSTGRESQL_URL": postgres.url(), "FERRIC_TEST_MYSQL_URL": maria.url()})
    for kind, server in (("sqlite", Sqlite(stage.directory / "taken-in-turns")), ("mariadb", maria), ("postgresql", postgres)):
        with stage.report.group("in turns, %s" % kind):
            in_turns(stage, kind, server)
    for kind, server in (("sqlite", Sqlite(stage.directory / "sqlite")), ("mariadb", maria), ("postgresql", postgres)):
        with stage.report.group(kind):
            existing(stage, kind, server)


# ------------------------------------------------------ one writes, the other reads

NODE, CHILD, PORT, GROUP, TARGET, CONNECTOR, ALLOCATION, RUNBOOK, RULE, TEMPLATE, CHASSIS = (
    "00000000-0000-4000-8000-%012x" % number for number in range(11))
TRICKY = {"text": "ü🦀\\ \"quoted\" \n'single' %s {x}", "big": 10 ** 18, "small": -1, "fraction": 1.5, "tiny": 1e-7, "null": None, "yes": True,
          "empty": {}, "none": [], "nested": {"a": [{"b": [1, "2", None]}]}, "é": "é", "url": "http://[::1]:80/?a=b&c=d"}
STEPS = [{"interface": "bios", "step": "factory_reset", "args": {"ü": [1, {"a": None}]}, "order": 1}]
MADE = (
    ("chassis", {"uuid": CHASSIS, "description": "ü", "extra": TRICKY}),
    ("nodes", {"uuid": NODE, "driver": "fake-hardware", "name": "one", "chassis_uuid": CHASSIS, "driver_info": {**TRICKY, "password": "secret"},
               "properties": {"cpus": "4", "memory_mb": 1024, "capabilities": "a:b"}, "extra": TRICKY, "resource_class": "gold",
               "network_data": {"links": [], "networks": [], "services": []}, "description": "ü" * 200, "owner": None, "instance_info": TRICKY,
               "automated_clean": False, "shard": "s1", "bios_interface": "no-bios"}),
    ("nodes", {"uuid": CHILD, "driver": "fake-hardware", "parent_node": NODE}),
    ("portgroups", {"uuid": GROUP, "node_uuid": NODE, "address": "52:54:00:00:00:0f", "mode": "802.3ad", "properties": TRICKY, "extra": {"a": 1}, "name": "bond"}),
    ("ports", {"uuid": PORT, "node_uuid": NODE, "address": "52:54:00:00:00:01", "portgroup_uuid": GROUP, "extra": TRICKY, "physical_network": "net",
               "local_link_connection": {"switch_id": "52:54:00:00:00:aa", "port_id": "Gi/1", "switch_info": "s"}, "pxe_enabled": False}),
    ("volume/connectors", {"uuid": CONNECTOR, "node_uuid": NODE, "type": "iqn", "connector_id": "iqn.2017-05.org:x", "extra": TRICKY}),
    ("volume/targets", {"uuid": TARGET, "node_uuid": NODE, "volume_type": "iscsi", "boot_index": 0, "volume_id": "v", "properties": TRICKY, "extra": {}}),
    ("deploy_templates", {"uuid": TEMPLATE, "name": "CUSTOM_T", "extra": TRICKY,
                          "steps": [{"interface": "bios", "step": "factory_reset", "args": {"ü": [1, None]}, "priority": 10}]}),
    ("runbooks", {"uuid": RUNBOOK, "name": "CUSTOM_R", "extra": TRICKY, "steps": STEPS}),
    ("inspection_rules", {"uuid": RULE, "description": "ü", "priority": 5, "phase": "main", "sensitive": False,
                          "conditions": [{"op": "eq", "args": {"values": ["{inventory[cpu][count]}", 4]}}],
                          "actions": [{"op": "set-attribute", "args": {"path": "/extra/x", "value": {"a": [1, None, "ü"]}}}]}),
    ("allocations", {"uuid": ALLOCATION, "resource_class": "none-has-it", "traits": ["CUSTOM_A"], "extra": TRICKY, "name": "wanted"}),
)
READ = ["/v1/nodes/detail?include_children=true", "/v1/nodes/" + NODE, "/v1/ports/detail", "/v1/portgroups/detail", "/v1/chassis/detail",
        "/v1/volume/connectors?detail=true", "/v1/volume/targets?detail=true", "/v1/deploy_templates?detail=true", "/v1/runbooks?detail=true",
        "/v1/inspection_rules?detail=true", "/v1/inspection_rules/" + RULE, "/v1/allocations", "/v1/nodes/%s/traits" % NODE, "/v1/nodes/%s/history?detail=true" % NODE,
        "/v1/nodes/%s/children" % NODE, "/v1/shards", "/v1/nodes/%s/vifs" % NODE, "/v1/nodes/%s/states" % NODE, "/v1/nodes/%s/bios" % NODE]


def _write(rest, turn):
    """Everything that can be changed, changed; what cannot be patched is made anew. A verb sets a node going."""
    for path, body in MADE if turn == 0 else ():
        rest.ok("POST", "/v1/" + path, body)
    extra = [{"op": "add", "path": "/extra/turn", "value": {"n": turn, "ü": [None, 10 ** 15]}}]
    for path in ("nodes/" + NODE, "ports/" + PORT, "portgroups/" + GROUP, "chassis/" + CHASSIS, "deploy_templates/" + TEMPLATE, "runbooks/" + RUNBOOK,
                 "allocations/" + ALLOCATION):
        rest.ok("PATCH", "/v1/" + path, extra)
    rest.ok("PATCH", "/v1/nodes/" + NODE, [
        {"op": "add", "path": "/driver_info/turn", "value": {"n": turn}}, {"op": "add", "path": "/instance_info/turn", "value": "%d" % turn},
        {"op": "add", "path": "/description", "value": "turn %d ü" % turn}, {"op": "add", "path": "/protected", "value": turn == 2},
        {"op": "add", "path": "/retired", "value": not turn % 2}, {"op": "add", "path": "/automated_clean", "value": (None, False, True)[turn % 3]},
        {"op": "add", "path": "/lessee", "value": ("a", None)[turn % 2]}] if turn else extra)
    rest.ok("PATCH", "/v1/inspection_rules/" + RULE, [{"op": "replace", "path": "/priority", "value": 5 + turn}])
    rest.ok("PATCH", "/v1/deploy_templates/" + TEMPLATE, [{"op": "replace", "path": "/steps", "value": [
        {"interface": "raid", "step": "create_configuration", "args": {"turn": turn}, "priority": turn}]}])
    rest.ok("PATCH", "/v1/runbooks/" + RUNBOOK, [{"op": "replace", "path": "/steps", "value": [{**STEPS[0], "args": {"turn": turn}, "order": turn}]}])
    rest.ok("PUT", "/v1/nodes/%s/traits" % NODE, {"traits": ["CUSTOM_A", "CUSTOM_TURN_%d" % turn]})
    rest.ok("PUT", "/v1/nodes/%s/maintenance" % CHILD, {"reason": "turn %d" % turn})
    rest.ok("POST", "/v1/nodes/%s/vifs" % NODE, {"id": "vif-%d" % turn}) if turn < 2 else rest.ok("DELETE", "/v1/nodes/%s/vifs/vif-1" % NODE)
    for verb, state in ((("manage", "manageable"),), (("adopt", "active"),), ())[turn]:
        rest.provision(NODE, verb, state)
    rest.ok("PUT", "/v1/nodes/%s/states/power" % NODE, {"target": ("power on", "power off", "power on")[turn]})
    rest.reaches(NODE, target_power_state=None)


def in_turns(stage, kind, server):
    """Ours and the real Ironic take turns on one database: what one writes, the other reads alike."""
    connection, port = server.create("turns"), free_port()
    changes = {"database": {"connection": connection}, "api": {"public_endpoint": ENDPOINT}}

    def start(who, turn):
        name = "turns-%s-%d-%s" % (kind, turn, who)
        if who == "Ironic" or stage.oracle:
            return ironic.start(stage.processes, name, changes=changes, port=port, create_schema=turn == 0, drivers=4)
        return ferric.configured(stage.processes, stage.executable(), name, changes=changes, port=port, create_schema=turn == 0, drivers=4)

    before = None
    for turn, who in enumerate(("ours", "Ironic", "ours", "Ironic")):
        with stage.report.check("%s starts on it" % who, essential=True):
            process, url = start(who, turn)
        rest = Rest(url)
        if before is not None:
            for path, wanted in before.items():
                with stage.report.check("%s reads %s as it was written" % (who, path.partition("?")[0].replace(NODE, "NODE"))):
                    wrong = list(compare.differences(wanted, _shape(*rest.call("GET", path))))
                    assert not wrong, "\n".join(wrong[:8])
        if turn < 3:
            with stage.report.check("%s writes" % who, essential=True):
                _write(rest, turn)
            before = {path: _shape(*rest.call("GET", path)) for path in READ}
        stage.processes.stop(process)


def existing(stage, kind, server):
    """Serve a database that Ironic filled and compare every answer."""
    rows = corpus.read(RECORDED / ("expected-%s.jsonl" % kind))
    with stage.report.check("the populated database loads"):
        connection = server.create("ironic")
        server.load("ironic", RECORDED / ("populated-%s.sql" % kind))
    for state, sql in (("offline", OFFLINE_SQLITE if kind == "sqlite" else OFFLINE),
                       ("alive", ALIVE % ("true" if kind == "postgresql" else "1"))):
        process = None
        with stage.report.check("an API serves it, conductors %s" % state):
            server.execute("ironic", sql)
            process, url = _serve(stage, "%s-%s" % (kind, state), connection)
        if not process:
            continue
        wanted = [row for row in rows if row["conductors"] == state]
        _compare(stage.report, Rest(url), wanted)
        stage.processes.stop(process)


def _serve(stage, name, connection):
    changes = {"DEFAULT": {"rpc_transport": "json-rpc"}, "database": {"connection": connection},
               "api": {"public_endpoint": ENDPOINT}}
    if stage.oracle:
        return ironic.start(stage.processes, name, program="ironic-api", changes=changes, create_schema=False, drivers=0)
    return ferric.configured(stage.processes, stage.executable(), name, role="api", changes=changes, create_schema=False,
                             drivers=0)


def _compare(report, rest, rows):
    for row in rows:
        version = row.get("version")
        label = "GET %s%s%s" % (row["path"], " @" + version if version else "",
                                "" if row["conductors"] == "offline" else " (conductors alive)")
        try:
            status, body = _ask(rest, row["path"], version)
            wanted = compare.without_wording(_shape(row["status"], row["body"]))
            got = compare.without_wording(_shape(status, body))
            wrong = list(compare.differences(wanted, got))
        except OSError as error:
            wrong = ["%s: %s" % (type(error).__name__, error)]
        report.add(label, "failed" if wrong else "passed", "\n".join(wrong[:8]), show=bool(wrong))
        report.progress(label)


def _ask(rest, path, version):
    """A GET; the row `node_conductors` stands for the conductor of every node."""
    if path.startswith("/"):
        return rest.call("GET", path, version=version)
    status, body = rest.call("GET", "/v1/nodes?fields=uuid,conductor")
    if status >= 400:       # Ironic's own lists cannot (500); ours say so (400)
        status, body = rest.call("GET", "/v1/nodes/detail")
    return status, {node["uuid"]: node["conductor"] for node in body["nodes"]} if status == 200 else body


def _shape(status, body):
    if status >= 400 and isinstance(body, dict) and isinstance(body.get("error_message"), str):
        try:
            body = {**body, "error_message": json.loads(body["error_message"])}
        except ValueError:
            pass
    return {"status": status, "body_kind": "json", "body": _sets(body)}


def _sets(value, name=None):
    """Lists without an order, sorted."""
    if isinstance(value, dict):
        return {key: _sets(item, key) for key, item in value.items()}
    if isinstance(value, list):
        items = [_sets(item) for item in value]
        return sorted(items, key=lambda item: json.dumps(item, sort_keys=True)) if UNORDERED.fullmatch(name or "") else items
    return value
