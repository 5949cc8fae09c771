"""Three kinds of database: the store's tests on each, and databases that Ironic left behind.

`database/populated-*.sql` were dumped from a real Ironic 39.0.0 of each kind;
`database/expected-*.jsonl` is what its API answered from them.
"""
import json
import re

from contract import compare, corpus
from runner import prerequisites
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
    for kind, server in (("sqlite", Sqlite(stage.directory / "sqlite")), ("mariadb", maria), ("postgresql", postgres)):
        with stage.report.group(kind):
            existing(stage, kind, server)


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
