"""Scaled out: one API and two conductors over RabbitMQ and MariaDB."""
import time

from servers import ferric, ironic, mariadb, postgresql, rabbitmq
from servers.rest import Rest
from suites import contract, interop

HOSTS = ("conductor-a", "conductor-b")
NODES = 24
# MariaDB compares text without regard to case (utf8mb4_unicode_ci), for Ironic as for us: a node is
# found under another case of its name or UUID, which SQLite, where the contract was recorded, does not do.
FOLDS_CASE = "MariaDB finds names and UUIDs in any case; recorded on SQLite"
UNLIKE = {"mariadb": {"lifecycle/by-name": FOLDS_CASE, "node-create/uuid": FOLDS_CASE}}
# every so-many-th case of the contract; --full plays all
SAMPLE = "1/6"


def run(stage):
    stage.debian("rabbitmq-server", "mariadb-server", *(["postgresql"] if stage.full else []))
    if not stage.oracle:
        stage.executable()
    with stage.report.check("RabbitMQ and MariaDB start", essential=True):
        broker, database = rabbitmq.start(stage.processes), mariadb.start(stage.processes)
    two_conductors(stage, broker, database)
    databases = [("MariaDB", database)]
    if stage.full:
        databases.append(("PostgreSQL", postgresql.start(stage.processes)))
    for kind, server in databases:
        with stage.report.group("contract on " + kind):
            recorded(stage, kind.lower(), broker, server)


def _start(stage, name, role, changes, create_schema=False, drivers=None):
    if stage.oracle:
        return ironic.start(stage.processes, name, "ironic-" + role, changes, create_schema=create_schema, drivers=drivers)
    return ferric.configured(stage.processes, stage.executable(), name, role, changes, create_schema=create_schema, drivers=drivers)


def two_conductors(stage, broker, database):
    report, connection = stage.report, database.create("cluster")

    def changes(host):
        common = interop.shared(broker, connection, host)
        common["conductor"].update({"heartbeat_interval": 1, "heartbeat_timeout": 8})
        return common

    with report.check("an API and two conductors start", essential=True):
        conductors = {}
        for host in HOSTS:
            conductors[host] = _start(stage, host, "conductor", changes(host), create_schema=host == HOSTS[0])[0]
        api, url = _start(stage, "api", "api", changes("api"), drivers=4)
        rest = Rest(url)
        _wait(lambda: _alive(rest) == set(HOSTS), 60, lambda: "alive are %s" % _alive(rest))
    with report.check("a hardware type names both hosts"):
        assert set(rest.get("/v1/drivers/fake-hardware")["hosts"]) == set(HOSTS)
    with report.check("the ring gives nodes to both", essential=True):
        uuids = [rest.ok("POST", "/v1/nodes", interop.FAKE)["uuid"] for _ in range(NODES)]
        owners = _owners(rest, uuids)
        assert set(owners.values()) == set(HOSTS), owners
    first, second = (next(u for u in uuids if owners[u] == host) for host in HOSTS)
    with report.check("a node of each reaches active"):
        for uuid in (first, second):
            rest.provision(uuid, "manage", "manageable")
            rest.provision(uuid, "provide", "available")
            rest.provision(uuid, "active", "active")
    with report.check("all nodes at once reach manageable"):
        rest_of = [u for u in uuids if u not in (first, second)]
        for uuid in rest_of:
            rest.ok("PUT", "/v1/nodes/%s/states/provision" % uuid, {"target": "manage"})
        for uuid in rest_of:
            rest.reaches(uuid, provision_state="manageable")
    with report.check("nodes move when their conductor stops"):
        stage.processes.stop(conductors[HOSTS[1]], seconds=30)
        _wait(lambda: set(_owners(rest, uuids).values()) == {HOSTS[0]}, 40, lambda: _owners(rest, uuids))
    with report.check("a moved node is served by its new conductor"):
        rest.provision(second, "deleted", "available")
    with report.check("nodes come back when it starts again"):
        conductors[HOSTS[1]] = _start(stage, HOSTS[1] + "-again", "conductor", changes(HOSTS[1]))[0]
        _wait(lambda: _owners(rest, uuids) == owners, 60, lambda: _owners(rest, uuids))
    with report.check("nodes move when their conductor is killed"):
        conductors[HOSTS[1]].kill()
        _wait(lambda: set(_owners(rest, uuids).values()) == {HOSTS[0]}, 60, lambda: _owners(rest, uuids))
    with report.check("a node of the dead one is served"):
        rest.provision(second, "active", "active")
    for process in (api, *conductors.values()):
        stage.processes.stop(process)


def _alive(rest):
    return {c["hostname"] for c in rest.get("/v1/conductors")["conductors"] if c["alive"]}


def _owners(rest, uuids):
    return {uuid: rest.node(uuid)["conductor"] for uuid in uuids}


def _wait(condition, seconds, seen):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not after %d s: %s" % (seconds, seen())
        time.sleep(0.3)


def recorded(stage, name, broker, server):
    """The contract, with API and conductor apart. One conductor, as when it was recorded."""
    changes = interop.shared(broker, server.create("contract"), "contract-conductor")
    with stage.report.check("API and conductor start", essential=True):
        conductor = _start(stage, "contract-conductor-" + name, "conductor", changes, create_schema=True)[0]
        api, url = _start(stage, "contract-api-" + name, "api", changes, drivers=4)
    contract.play(stage, [url], stage.only, None if stage.full or stage.only else SAMPLE, UNLIKE.get(name))
    for process in (api, conductor):
        stage.processes.stop(process)
