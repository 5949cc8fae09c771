"""Scaled out: one API and two conductors over RabbitMQ and MariaDB."""
import base64
import collections
import concurrent.futures
import signal
import threading
import time

from runner.processes import answers, free_port
from servers import ferric, ironic, mariadb, postgresql, rabbitmq
from servers.rest import Rest
from suites import contract, interop

HOSTS = ("conductor-a", "conductor-b")
NODES = 24
# MariaDB compares text without regard to case, for Ironic as for us: a node is found under another case of
# its name or UUID; PostgreSQL sorts nulls last, and both refuse what is too long.  The corpus was recorded on
# SQLite; these are the answers of the real Ironic on the others.
INSTEAD = {kind: contract.CHECK.parent / (kind + ".jsonl") for kind in ("mariadb", "postgresql")}
# Every so-many-th case of the contract, and each case that has answers of its own there; --full plays all.
SAMPLE = {"mariadb": "1/6", "postgresql": "4/12"}


def run(stage):
    stage.debian("rabbitmq-server", "mariadb-server", "postgresql")
    if not stage.oracle:
        stage.executable()
    with stage.report.check("RabbitMQ and MariaDB start", essential=True):
        broker, database = rabbitmq.start(stage.processes), mariadb.start(stage.processes)
    two_conductors(stage, broker, database)
    with stage.report.group("the broker goes away"):
        broker_outage(stage, broker, database)
    with stage.report.group("JSON-RPC and passwords"):
        json_rpc(stage, database)
    for kind, server in (("MariaDB", database), ("PostgreSQL", postgresql.start(stage.processes))):
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
        # a conductor is alive before its interfaces are known
        _wait(lambda: _hosts(rest) == set(HOSTS), 20, lambda: "hosts are %s" % _hosts(rest))
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


WRITERS, OUTAGE = 3, 8


def broker_outage(stage, broker, database):
    """The broker is killed and comes back while clients write: clean errors meanwhile, nothing acknowledged is lost."""
    report = stage.report
    changes = interop.shared(broker, database.create("outage"), "conductor-outage")
    changes["DEFAULT"]["rpc_response_timeout"] = 4
    with report.check("an API and a conductor start", essential=True):
        conductor = _start(stage, "outage-conductor", "conductor", changes, create_schema=True)[0]
        api, url = _start(stage, "outage-api", "api", changes, drivers=4)
        rest = Rest(url, timeout=40)
        uuids = [rest.ok("POST", "/v1/nodes", {**interop.FAKE, "extra": {"n": 0}})["uuid"] for _ in range(WRITERS)]
    promised, seen, slowest, halt = dict.fromkeys(uuids, 0), collections.Counter(), [0.0], threading.Event()

    def write(uuid):
        number = 0
        while not halt.is_set():
            number += 1
            began = time.monotonic()
            status, answer = rest.call("PATCH", "/v1/nodes/" + uuid, [{"op": "replace", "path": "/extra/n", "value": number}])
            slowest[0] = max(slowest[0], time.monotonic() - began)
            seen[status, isinstance(answer, dict) and ("error_message" in answer or "uuid" in answer)] += 1
            if status == 200:
                promised[uuid] = number

    with concurrent.futures.ThreadPoolExecutor(WRITERS) as pool:
        writers = [pool.submit(write, uuid) for uuid in uuids]
        try:
            time.sleep(1)
            with report.check("reads are answered without it"):
                broker.process.kill()
                end = time.monotonic() + OUTAGE
                while time.monotonic() < end:
                    assert rest.node(uuids[0])["uuid"] == uuids[0]
                    time.sleep(0.2)
            with report.check("writes succeed again within 60 s of its return", essential=True):
                broker.again()
                before = dict(promised)
                _wait(lambda: all(promised[uuid] > before[uuid] for uuid in uuids), 60, lambda: "%s then, %s now; %s" % (before, promised, seen))
        finally:
            halt.set()
        for writer in writers:
            writer.result()
    with report.check("every refusal meanwhile was a fault with a reason, in time"):
        assert {status for status, _ in seen} <= {200, 409, 500, 503, 504} and all(whole for _, whole in seen), seen
        assert seen[200, True] and len(seen) > 1, "nobody noticed: %s" % seen
        assert slowest[0] < 30, "an answer took %.1f s" % slowest[0]
    with report.check("every acknowledged change is there, no node is locked"):
        for uuid in uuids:
            node = rest.node(uuid)
            assert node["extra"]["n"] >= promised[uuid] and not node["reservation"], (node["extra"], promised[uuid], node["reservation"])
    with report.check("a node goes through its life"):
        rest.provision(uuids[0], "manage", "manageable")
        rest.provision(uuids[0], "provide", "available")
        rest.provision(uuids[0], "active", "active")
    report.note("%s; the slowest answer took %.1f s" % (dict(seen), slowest[0]))
    for process in (api, conductor):
        stage.processes.stop(process)


# The password is "myPassword", hashed with bcrypt.
PASSWORDS = "myName:$2y$05$lE3eGtyj41jZwrzS87KTqe6.JETVCWBkc32C63UP2aYrGoYOEpbJm\n"
HEADER = {"Authorization": "Basic " + base64.b64encode(b"myName:myPassword").decode()}


def json_rpc(stage, database):
    """Without a broker, as Metal3 and Bifrost run it: JSON-RPC between the processes, http_basic in front of both."""
    report, connection = stage.report, database.create("jsonrpc")
    passwords = stage.directory.resolve() / "htpasswd"
    passwords.write_text(PASSWORDS)
    passwords.chmod(0o600)
    port = free_port()
    changes = {
        "DEFAULT": {"rpc_transport": "json-rpc", "host": "127.0.0.1", "auth_strategy": "http_basic",
                    "http_basic_auth_user_file": str(passwords)},
        "database": {"connection": connection},
        "conductor": {"heartbeat_interval": 2, "heartbeat_timeout": 60},
        "json_rpc": {"host_ip": "127.0.0.1", "port": port, "auth_strategy": "http_basic", "http_basic_auth_user_file": str(passwords),
                     "auth_type": "http_basic", "username": "myName", "password": "myPassword"},
    }
    with report.check("API and conductor start", essential=True):
        conductor = _start(stage, "conductor-json-rpc", "conductor", changes, create_schema=True)[0]
        conductor.wait_until(lambda: answers(port), 60, "listening")
        api, url = _start(stage, "api-json-rpc", "api", changes)
        api.wait_until(lambda: Rest(url).call("GET", "/v1")[0] == 200, 60, "serving")
    rest = Rest(url, headers=HEADER)
    with report.check("nobody gets in without the password, and discovery is open"):
        for headers in ({}, {"Authorization": "Basic " + base64.b64encode(b"myName:wrong").decode()}):
            assert Rest(url, headers=headers).call("GET", "/v1/nodes")[0] == 401
        assert Rest(url).call("GET", "/")[0] == 200
        assert Rest(url).call("GET", "/v1/lookup?addresses=52:54:00:00:00:99")[0] == 404
    with report.check("the conductor asks for it as well"):
        body = {"jsonrpc": "2.0", "id": 1, "method": "get_driver_properties", "params": {"driver_name": "fake-hardware", "context": {}}}
        status, _ = Rest("http://127.0.0.1:%d" % port).call("POST", "/", body)
        assert status == 401, status
    with report.check("a node goes through its life"):
        _wait(lambda: rest.call("GET", "/v1/drivers/fake-hardware")[0] == 200, 30, lambda: rest.get("/v1/drivers"))
        uuid = rest.ok("POST", "/v1/nodes", interop.FAKE)["uuid"]
        rest.provision(uuid, "manage", "manageable")
        rest.provision(uuid, "provide", "available")
        rest.provision(uuid, "active", "active")
        rest.provision(uuid, "deleted", "available")
        assert rest.call("DELETE", "/v1/nodes/" + uuid)[0] == 204
    with report.check("the conductor drains on SIGUSR2"):
        conductor.signal(signal.SIGUSR2)
        _wait(lambda: not conductor.running(), 30, lambda: "it runs")
        assert conductor.status() == 0, conductor.status()
        assert not rest.get("/v1/conductors")["conductors"] or not any(c["alive"] for c in rest.get("/v1/conductors")["conductors"])
    stage.processes.stop(api)


def _alive(rest):
    return {c["hostname"] for c in rest.get("/v1/conductors")["conductors"] if c["alive"]}


def _hosts(rest):
    return set(rest.get("/v1/drivers/fake-hardware")["hosts"])


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
    contract.play(stage, [url], stage.only, None if stage.full or stage.only else SAMPLE[name], INSTEAD[name])
    for process in (api, conductor):
        stage.processes.stop(process)
