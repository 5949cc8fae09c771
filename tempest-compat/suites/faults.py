"""Crashes and bad input: nothing acknowledged is lost, nothing stays locked, nothing answers 5xx."""
import concurrent.futures
import contextlib
import http.client
import itertools
import json
import random
import socket
import sqlite3
import threading
import time

from servers import bad_bmc, ferric, ironic
from servers.rest import Rest

FAKE = {"driver": "fake-hardware"}
DELAYS = ("power", "boot", "deploy", "vendor", "management", "inspect", "raid", "bios", "storage", "rescue", "firmware")


def run(stage):
    if not stage.oracle:
        stage.executable()
    for about, part in (("bad input", bad_input), ("kill -9 under load", killed_under_load),
                        ("kill -9 in a working state", killed_while_working), ("two on one file", second_process),
                        ("bad BMC", bad_bmcs)):
        with stage.report.group(about):
            part(stage)


def _serve(stage, name, changes=None, port=None, fresh=True):
    if stage.oracle:
        return ironic.start(stage.processes, name, changes=changes, port=port, create_schema=fresh)
    return ferric.configured(stage.processes, stage.executable(), name, changes=changes, port=port, create_schema=fresh)


# ----------------------------------------------------------------- bad input

JUNK = (None, True, 0, -1, 1.5, 10**30, "", " ", "a" * 5000, "\x00", "ü🦀", [], [[]], {}, {"a": {"b": [None]}}, "../../etc", "%00")
FIELDS = ("name", "driver", "uuid", "properties", "driver_info", "extra", "instance_info", "instance_uuid", "resource_class",
          "traits", "owner", "shard", "automated_clean", "network_data", "conductor_group", "chassis_uuid", "protected",
          "boot_interface", "parent_node", "description", "no_such_field")
QUERIES = ("limit=-1", "limit=x", "limit=99999999999999999999", "marker=x", "marker=00000000-0000-0000-0000-000000000000",
           "sort_key=nothing", "sort_key=driver_info", "sort_dir=up", "fields=nothing", "fields=", "fields=uuid,uuid", "instance_uuid=x",
           "maintenance=perhaps", "provision_state=%00", "chassis_uuid=x", "detail=true&fields=uuid", "associated=%F0%28",
           "%ff=%fe", "limit=1&limit=2", "a" * 4000 + "=1", "description_contains=%25%27%22%3B--", "shard=", "parent_node=x")
PATCHES = ("{}", "[[]]", '[{"op": "add"}]', '[{"op": "add", "path": "/extra/x"}]', '[{"op": "move", "path": "/extra", "from": "/uuid"}]',
           '[{"op": "replace", "path": "extra", "value": 1}]', '[{"op": "replace", "path": "/uuid", "value": "x"}]',
           '[{"op": "remove", "path": "/driver"}]', '[{"op": "replace", "path": "/provision_state", "value": "active"}]',
           '[{"op": "add", "path": "/extra/a/b/c/d", "value": 1}]', '[{"op": "replace", "path": "/maintenance", "value": {}}]',
           '[{"op": "add", "path": "/properties", "value": "x"}]', '[{"op": "remove", "path": "/nothing"}]', "null", '"text"', "[1]", "[",
           '[{"op": "test", "path": "/name", "value": "other"}]', '[{"op": "add", "path": "/extra/-", "value": 1}]',
           '[{"op": "replace", "path": "/extra/~2", "value": 1}]', '[{"op": "replace", "path": "", "value": {}}]')
BODIES = (b"", b"{", b"[]", b"null", b"1", b'"x"', b"\xff\xfe", b"{\"driver\": \"fake-hardware\"", b'{"driver": 1e999}', b'{"driver":"a","driver":"b"}',
          b'{"a":' * 26 + b"1" + b"}" * 26, b"[" * 100000, b'{"driver": "\\ud800"}', b'{"extra": "' + b"x" * (11 << 20) + b'"}', b"\0" * 100)
RAW = (b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"GET /v1/nodes HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
       b"POST /v1/nodes HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n", b"GET /" + b"a" * 200000 + b" HTTP/1.1\r\nHost: a\r\n\r\n",
       b"POST /v1/nodes HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\nhello\r\n0\r\n\r\n",
       b"GET / HTTP/1.1\r\nHost: a\r\n" + b"X-A: b\r\n" * 5000 + b"\r\n", b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + b"\xff" * 500,
       b"POST /v1/nodes HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{")


def bad_input(stage):
    report = stage.report
    with report.check("the server starts", essential=True):
        process, url = _serve(stage, "bad-input")
    rest = Rest(url)
    node = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "target"})["uuid"]
    ask = _Asker(url, crashes_are_known=stage.oracle)

    def all_refused(name, requests, also_fine=()):
        with report.check("%s: no 5xx, nothing half-written" % name):
            before = _count(rest)
            crashes = []
            for method, path, body in requests:
                status, made = ask(method, path, body)
                if status >= 500:
                    crashes.append("%d for %s %s %s" % (status, method, path[:80], (body or b"")[:80]))
                if made:
                    rest.call("PUT", "/v1/nodes/%s/maintenance" % made, {})
                    rest.call("DELETE", "/v1/nodes/" + made)
            assert not crashes, "%d crashes:\n%s" % (len(crashes), "\n".join(crashes[:15]))
            assert _count(rest) == before, "%d nodes before, %d now" % (before, _count(rest))

    def dumps(value):
        return json.dumps(value).encode()

    all_refused("node fields of wrong types", [
        ("POST", "/v1/nodes", dumps({**FAKE, field: value})) for field, value in itertools.product(FIELDS, JUNK)])
    all_refused("malformed bodies", [
        (method, path, body) for body in BODIES
        for method, path in (("POST", "/v1/nodes"), ("PATCH", "/v1/nodes/" + node), ("POST", "/v1/ports"), ("POST", "/v1/chassis"),
                             ("PUT", "/v1/nodes/%s/states/power" % node), ("PUT", "/v1/nodes/%s/states/provision" % node),
                             ("PUT", "/v1/nodes/%s/maintenance" % node), ("POST", "/v1/heartbeat/" + node))])
    all_refused("patches", [("PATCH", "/v1/nodes/" + node, patch.encode()) for patch in PATCHES])
    all_refused("patched values of wrong types", [
        ("PATCH", "/v1/nodes/" + node, dumps([{"op": "add", "path": "/" + field, "value": value}]))
        for field, value in itertools.product([f for f in FIELDS if f not in ("uuid", "name", "driver")], JUNK)])
    rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "replace", "path": "/name", "value": "target"}])
    all_refused("queries", [("GET", path + "?" + query, None) for query in QUERIES
                            for path in ("/v1/nodes", "/v1/ports", "/v1/nodes/detail", "/v1/chassis", "/v1/drivers", "/v1/lookup")])
    all_refused("identifiers", [
        (method, "/v1/%s/%s" % (collection, ident), None)
        for collection in ("nodes", "ports", "chassis", "drivers", "conductors")
        for ident in ("%00", "%ff", "..%2f..", "a" * 3000, "'%22%3B--", "00000000-0000-0000-0000-00000000000", "%20", "{}", "*")
        for method in ("GET", "DELETE")])
    all_refused("states and sub-resources", [
        ("PUT", "/v1/nodes/%s/%s" % (node, path), dumps(body))
        for path in ("states/power", "states/provision", "states/raid", "states/console", "states/boot_mode", "states/secure_boot",
                     "management/boot_device", "management/inject_nmi", "maintenance", "traits")
        for body in ([], {}, {"target": None}, {"target": 5}, {"target": "nothing"}, {"target": []}, {"target": "clean", "clean_steps": {}},
                     {"target": "clean", "clean_steps": [{"step": 1}]}, {"target": "active", "configdrive": 5}, {"timeout": -1, "target": "power on"},
                     {"boot_device": {}}, {"boot_device": "x"}, {"enabled": "maybe"}, {"traits": 5}, {"traits": ["x" * 300]}, {"no": "such"})])
    with report.check("garbage instead of HTTP is survived"):
        for data in RAW:
            with contextlib.suppress(OSError), socket.create_connection(ask.address, timeout=10) as connection:
                connection.settimeout(0.5)
                connection.sendall(data)
                connection.recv(4096)
        assert rest.node(node)["uuid"] == node
    with report.check("half a request holds nobody else up"):
        held = [socket.create_connection(ask.address) for _ in range(200)]
        for connection in held:
            connection.sendall(b"POST /v1/nodes HTTP/1.1\r\nHost: a\r\n")
        assert rest.node(node)["uuid"] == node
        for connection in held:
            connection.close()
    with report.check("the process still runs"):
        assert process.running(), process.tail()
        assert "panicked" not in process.log.read_text(errors="replace"), _grep(process.log, "panicked")
    stage.processes.stop(process)


def _grep(path, word):
    return "\n".join([line for line in path.read_text(errors="replace").splitlines() if word in line][:5])


def _count(rest):
    return len(rest.get("/v1/nodes?limit=1000")["nodes"])


class _Asker:
    """Sends raw bodies; gives the status and the uuid of a node that was made."""

    def __init__(self, url, crashes_are_known=False):
        host, port = url.rpartition("/")[2].split(":")
        self.address = host, int(port)
        self._forgive = crashes_are_known

    def __call__(self, method, path, body):
        connection = http.client.HTTPConnection(*self.address, timeout=60)
        try:
            connection.putrequest(method, path, skip_accept_encoding=True)
            connection.putheader("X-OpenStack-Ironic-API-Version", "1.115")
            connection.putheader("Content-Type", "application/json")
            if body is not None:
                connection.putheader("Content-Length", str(len(body)))
            connection.endheaders(body)
            answer = connection.getresponse()
            data = answer.read()
        except (BrokenPipeError, ConnectionResetError):
            return 413, None        # refused before it was all sent
        finally:
            connection.close()
        made = None
        if answer.status == 201 and path == "/v1/nodes":
            made = json.loads(data)["uuid"]
        return 400 if self._forgive and answer.status >= 500 else answer.status, made


# -------------------------------------------------------- kill -9 under load

def killed_under_load(stage):
    """Four writers create and patch; whatever they were told is done must be there after the crash."""
    report, chance = stage.report, random.Random(7)
    process, url = None, None
    promised, lock = {}, threading.Lock()
    for attempt in range(2 if stage.oracle else 5):
        with report.check("crash %d: every acknowledged change is there, no lock is held" % (attempt + 1), essential=True):
            port = int(url.rpartition(":")[2]) if url else None
            if process is None:
                process, url = _serve(stage, "load", port=port)
            halt = threading.Event()
            with concurrent.futures.ThreadPoolExecutor(4) as pool:
                writers = [pool.submit(_write, url, halt, promised, lock) for _ in range(4)]
                time.sleep(1 + chance.random())
                process.kill()
                halt.set()
            for writer in writers:
                writer.result()
            process, _ = _serve(stage, "load", port=int(url.rpartition(":")[2]), fresh=False)
            _kept(Rest(url), promised)
    report.note("%d nodes with acknowledged changes" % len(promised))
    stage.processes.stop(process)


def _write(url, halt, promised, lock):
    rest, mine = Rest(url, timeout=10), []
    with contextlib.suppress(OSError, http.client.HTTPException, ValueError, TypeError):
        while not halt.is_set():
            status, node = rest.call("POST", "/v1/nodes", {**FAKE, "extra": {"n": 0}})
            if status != 201:
                continue
            mine.append(node["uuid"])
            with lock:
                promised[node["uuid"]] = 0
            for n in range(1, 4):
                status, _ = rest.call("PATCH", "/v1/nodes/" + node["uuid"], [{"op": "replace", "path": "/extra/n", "value": n}])
                if status == 200:
                    with lock:
                        promised[node["uuid"]] = n


def _kept(rest, promised):
    stored, path = {}, "/v1/nodes/detail?limit=500"
    while path:
        page = rest.get(path.replace(rest.base, ""))
        stored.update((node["uuid"], node) for node in page["nodes"])
        path = page.get("next")
    assert promised, "the writers did nothing"
    lost = [uuid for uuid in promised if uuid not in stored]
    assert not lost, "%d of %d acknowledged nodes are gone" % (len(lost), len(promised))
    old = [uuid for uuid, n in promised.items() if stored[uuid]["extra"]["n"] < n]
    assert not old, "%d of %d acknowledged patches are gone" % (len(old), len(promised))
    locked = [uuid for uuid, node in stored.items() if node["reservation"]]
    assert not locked, "%d nodes are locked by %s" % (len(locked), stored[locked[0]]["reservation"])


# ------------------------------------------------ kill -9 in a working state

# verb, arguments, state before, state while working, what Ironic makes of it after a crash
WORKING = (
    ("manage", {}, "enroll", "verifying", {"provision_state": "enroll"}),
    ("inspect", {}, "manageable", "inspecting", {"provision_state": "inspect failed"}),
    ("provide", {}, "manageable", "cleaning", {"provision_state": "clean failed"}),
    ("clean", {"clean_steps": [{"interface": "bios", "step": "factory_reset"}]}, "manageable", "cleaning",
     {"provision_state": "clean failed"}),
    ("adopt", {}, "manageable", "adopting", {"provision_state": "adopt failed"}),
    ("active", {}, "available", "deploying", {"provision_state": "deploy failed"}),
    ("deleted", {}, "active", "deleting", {"provision_state": "error"}),
    ("rescue", {"rescue_password": "a-secret-word"}, "active", "rescuing", {"provision_state": "rescue failed"}),
    ("unrescue", {}, "rescue", "unrescuing", {"provision_state": "unrescue failed"}),
)
WAYS = {"enroll": (), "manageable": ("manage",), "available": ("manage", "provide"), "active": ("manage", "provide", "active"),
        "rescue": ("manage", "provide", "active", "rescue")}
ENDS = {"manage": "manageable", "provide": "available", "active": "active", "rescue": "rescue"}


def killed_while_working(stage):
    report = stage.report
    with report.check("nodes reach their starting states", essential=True):
        process, url = _serve(stage, "working")
        rest, port = Rest(url), int(url.rpartition(":")[2])
        nodes = {}
        for number, (verb, _, before, _, _) in enumerate(WORKING):
            uuid = nodes[number] = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "%s-%d" % (verb, number)})["uuid"]
            for step in WAYS[before]:
                rest.provision(uuid, step, ENDS[step], **({"rescue_password": "a-secret-word"} if step == "rescue" else {}))
        waiting = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "waiting", "inspect_interface": "agent"})["uuid"]
        rest.provision(waiting, "manage", "manageable")
        rest.provision(waiting, "inspect", "inspect wait")
        stage.processes.stop(process, 60)
    with report.check("every node is in its working state when the process is killed", essential=True):
        slow = {"fake": {name + "_delay": 600 for name in DELAYS}}
        process, _ = _serve(stage, "working", slow, port, fresh=False)
        for number, (verb, arguments, _, _, _) in enumerate(WORKING):
            rest.ok("PUT", "/v1/nodes/%s/states/provision" % nodes[number], {"target": verb, **arguments})
        for number, (_, _, _, working, _) in enumerate(WORKING):
            end = time.monotonic() + 30
            while rest.node(nodes[number])["provision_state"] != working:
                assert time.monotonic() < end, (working, rest.node(nodes[number])["provision_state"])
                time.sleep(0.1)
        process.kill()
    with report.check("it starts again", essential=True):
        process, _ = _serve(stage, "working", None, port, fresh=False)
    for number, (verb, _, _, working, wanted) in enumerate(WORKING):
        with report.check("%s (%s) ends as %s" % (working, verb, ", ".join("%s %s" % item for item in wanted.items()))):
            end = time.monotonic() + 30
            while True:
                node = rest.node(nodes[number])
                seen = {field: node[field] for field in wanted}
                if seen == wanted and node["reservation"] is None:
                    break
                assert time.monotonic() < end, "is %s, locked by %s" % (seen, node["reservation"])
                time.sleep(0.2)
            assert node["last_error"], "last_error is empty"
    with report.check("a node in a wait state goes on waiting"):
        node = rest.node(waiting)
        assert (node["provision_state"], node["reservation"]) == ("inspect wait", None), node
    with report.check("a node of it can be used again"):
        rest.provision(nodes[0], "manage", "manageable")
    stage.processes.stop(process)


# --------------------------------------------------- a second process on a file

def second_process(stage):
    report = stage.report
    if stage.oracle:
        return report.add("a second process", "skipped", "what Ironic does here is no example")
    with report.check("the first starts", essential=True):
        first, url = ferric.embedded(stage.processes, stage.executable(), "shared-file")
        rest = Rest(url)
        kept = rest.ok("POST", "/v1/nodes", {**FAKE, "name": "before"})["uuid"]
    with report.check("a second one is refused with a reason, or works"):
        try:
            second, other = ferric.embedded(stage.processes, stage.executable(), "shared-file")
        except Exception as refused:
            text = (stage.processes.directory / "shared-file.log").read_text(errors="replace")
            assert any(word in text.lower() for word in ("already", "lock", "in use", "another")), "%s\n%s" % (refused, text[-800:])
            assert "panicked" not in text
        else:
            assert Rest(other).node(kept)["name"] == "before"
            stage.processes.stop(second)
    with report.check("the first goes on serving and writing"):
        assert first.running(), first.tail()
        rest.ok("POST", "/v1/nodes", {**FAKE, "name": "after"})
    stage.processes.stop(first)
    with report.check("the file is whole"):
        files = [f for f in (stage.processes.directory / "shared-file").rglob("*") if f.is_file() and _is_sqlite(f)]
        assert files, "no SQLite file under the data directory"
        for path in files:
            connection = sqlite3.connect(path)
            assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
            names = {row[0] for row in connection.execute("SELECT name FROM nodes")}
            connection.close()
            assert {"before", "after"} <= names, names


def _is_sqlite(path):
    with open(path, "rb") as data:
        return data.read(16) == b"SQLite format 3\0"


# ------------------------------------------------------------------ bad BMCs

def bad_bmcs(stage):
    report = stage.report
    changes = {"redfish": {"connection_attempts": 1, "connection_retry_interval": 1},
               "ipmi": {"command_retry_timeout": 3, "min_command_interval": 1},
               "conductor": {"node_locked_retry_attempts": 1}}
    with report.check("the server starts", essential=True):
        process, url = _serve(stage, "bad-bmc", changes)
    rest = Rest(url)
    made = {}
    for kind, machine, driver in [(b, bad_bmc.BadRedfish, "redfish") for b in bad_bmc.HTTP] + [
            (b, bad_bmc.BadIpmi, "ipmi") for b in bad_bmc.UDP]:
        bmc = machine(kind)
        name = "%s BMC that %s" % ("a Redfish" if driver == "redfish" else "an IPMI", kind)
        made[name] = bmc, rest.ok("POST", "/v1/nodes", {"driver": driver, "driver_info": bmc.driver_info()})["uuid"]
    with report.check("manage is accepted for all %d" % len(made)):
        for _, uuid in made.values():
            rest.ok("PUT", "/v1/nodes/%s/states/provision" % uuid, {"target": "manage"})
    with report.check("other nodes are served meanwhile"):
        uuid = rest.ok("POST", "/v1/nodes", FAKE)["uuid"]
        rest.provision(uuid, "manage", "manageable", seconds=20)
        rest.provision(uuid, "provide", "available", seconds=20)
    for name, (_, uuid) in made.items():
        with report.check("%s costs its own node only, with a reason" % name):
            end = time.monotonic() + 150
            while True:
                node = rest.node(uuid)
                if node["provision_state"] == "enroll" and not node["reservation"]:
                    break
                assert time.monotonic() < end, (node["provision_state"], node["reservation"])
                time.sleep(0.2)
            assert node["last_error"], "last_error is empty"
            assert "a-secret-word" not in node["last_error"]
    with report.check("the password is in no log"):
        assert "a-secret-word" not in process.log.read_text(errors="replace")
    with report.check("the process still runs, without a panic"):
        assert process.running(), process.tail()
        assert "panicked" not in process.log.read_text(errors="replace"), _grep(process.log, "panicked")
    stage.processes.stop(process)
