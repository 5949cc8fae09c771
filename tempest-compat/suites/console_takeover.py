"""Consoles of a cluster: an API and two conductors over RabbitMQ and MariaDB.

A console is where its node is: it goes to the other conductor when its own stops, dies or hangs, and comes
back with it. Each conductor has an address of its own, so what `console_info` says tells where it is.
"""
import contextlib
import signal
import socket
import time
import urllib.parse

from runner.processes import free_port
from servers import bmc_ipmi, ferric, mariadb, rabbitmq
from servers.rest import Rest
from servers.serial_machine import SerialMachine
from suites import interop

ADDRESSES = {"conductor-a": "127.0.0.1", "conductor-b": "127.0.0.2"}
FIRST, SECOND = ADDRESSES
IMAGE = {"image_source": "http://127.0.0.1:9/image.raw", "image_checksum": "0" * 64, "capabilities": {"boot_option": "local"}}
HANDSHAKE = "\r\n".join([
    "GET {path} HTTP/1.1", "Host: {host}", "Upgrade: websocket", "Connection: Upgrade", "Sec-WebSocket-Version: 13",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol: ferric.console, ferric.token.{token}", "", ""])


class Terminal:
    """A TCP client of a console, wherever it is."""

    def __init__(self, url):
        place = urllib.parse.urlsplit(url)
        self._socket = socket.create_connection((place.hostname, place.port), timeout=20)
        self._seen = ""

    def until(self, text, seconds=30):
        end = time.monotonic() + seconds
        while text not in self._seen:
            self._socket.settimeout(max(0.1, end - time.monotonic()))
            data = self._socket.recv(4096)
            assert data, "wanted %r, saw %r" % (text, self._seen)
            self._seen += data.decode(errors="replace")
        return self

    def type(self, text):
        self._seen = ""
        self._socket.sendall(text.encode())
        return self

    def ended(self, seconds):
        """Whether the other side lets go of us."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self._socket.settimeout(max(0.1, end - time.monotonic()))
            try:
                if not self._socket.recv(4096):
                    return True
            except socket.timeout:
                return False
            except ConnectionError:
                return True
        return False


class Cluster:
    """The processes, and what the API says of the consoles."""

    def __init__(self, stage):
        self._stage = stage
        broker, database = rabbitmq.start(stage.processes), mariadb.start(stage.processes).create("consoles")
        self._ports, self._conductors, self._starts = free_port(), {}, 0
        self._web = {host: free_port() for host in ADDRESSES}
        self._changes = {host: self._changes_of(host, broker, database) for host in (*ADDRESSES, "api")}
        self.start(FIRST, create_schema=True)
        self.start(SECOND)
        _, url = ferric.configured(stage.processes, stage.executable(), "api", "api", self._changes["api"], create_schema=False, drivers=4)
        self.rest = Rest(url)

    def _changes_of(self, host, broker, database):
        changes = interop.shared(broker, database, host)
        changes["DEFAULT"].update({"enabled_console_interfaces": "ipmitool-socat,no-console,fake", "rpc_response_timeout": 8})
        changes["conductor"].update({"heartbeat_interval": 1, "heartbeat_timeout": 6, "sync_local_state_interval": 2,
                                     "automated_clean": False, "graceful_shutdown_timeout": 20})
        address = ADDRESSES.get(host, "127.0.0.3")
        changes["console"] = {"socat_address": address, "port_range": "%d:%d" % (self._ports, self._ports + 20), "terminal_timeout": 600}
        changes["ferric_console"] = {"enabled": True, "host_ip": address, "port": self._web.get(host, 0)}
        return changes

    def start(self, host, create_schema=False):
        self._starts += 1
        name = "%s-%d" % (host, self._starts)
        self._conductors[host] = ferric.configured(self._stage.processes, self._stage.executable(), name, "conductor", self._changes[host],
                                                   create_schema=create_schema, drivers=None)[0]

    def stop(self, host):
        """SIGTERM; returns the seconds it took."""
        began = time.monotonic()
        self._stage.processes.stop(self._conductors[host], seconds=40)
        return time.monotonic() - began

    def kill(self, host):
        self._conductors[host].kill()

    def signal(self, host, number):
        self._conductors[host].signal(number)

    def alive(self):
        return {c["hostname"] for c in self.rest.get("/v1/conductors")["conductors"] if c["alive"]}

    def node_of(self, host, bmc, name):
        """A node of this BMC that the ring gives to the host."""
        for _ in range(64):
            body = {"driver": "ipmi", "name": name, "driver_info": bmc.driver_info(), "console_interface": "ipmitool-socat",
                    "automated_clean": False}
            uuid = self.rest.ok("POST", "/v1/nodes", body)["uuid"]
            if self.rest.node(uuid)["conductor"] == host:
                return uuid
            self.rest.ok("DELETE", "/v1/nodes/" + uuid)
        raise AssertionError("the ring gives nothing to " + host)

    def console(self, node):
        """Its URL; None while it is off, or nobody has it."""
        status, shown = self.rest.call("GET", "/v1/nodes/%s/states/console" % node)
        return shown["console_info"] and shown["console_info"]["url"] if status == 200 and shown["console_enabled"] else None

    def listens(self, node, host, seconds=45):
        """Waits until the node's console listens at its conductor; returns its URL."""
        end = time.monotonic() + seconds
        while True:
            url = self.console(node)
            if url and url.startswith("tcp://%s:" % ADDRESSES[host]) and _listens(url):
                break
            shown = self.rest.node(node)
            assert time.monotonic() < end, "the console is %s; %s" % (url, {k: shown[k] for k in (
                "conductor", "console_enabled", "last_error", "reservation", "provision_state")})
            time.sleep(0.2)
        shown = self.rest.node(node)
        assert shown["console_enabled"] is True and shown["last_error"] is None, shown
        return url

    def link(self, node):
        return self.rest.ok("POST", "/console/" + node, {})["url"]

    def web(self, host):
        return "%s:%d" % (ADDRESSES[host], self._web[host])


def _listens(url):
    place = urllib.parse.urlsplit(url)
    try:
        socket.create_connection((place.hostname, place.port), timeout=1).close()
        return True
    except OSError:
        return False


def _closes(url, seconds):
    end = time.monotonic() + seconds
    while _listens(url):
        assert time.monotonic() < end, "%s still listens" % url
        time.sleep(0.2)


def _opened(host, path, token):
    """The status that the opening of a WebSocket is answered with."""
    address, port = host.split(":")
    with socket.create_connection((address, int(port)), timeout=10) as connection:
        connection.sendall(HANDSHAKE.format(path=path, host=host, token=token).encode())
        return int(connection.recv(4096).split()[1])


def run(stage):
    stage.debian("rabbitmq-server", "mariadb-server", "openipmi")
    report = stage.report
    with report.check("RabbitMQ, MariaDB, an API, two conductors and two BMCs start", essential=True):
        machines = [SerialMachine(), SerialMachine()]
        bmcs = [bmc_ipmi.start(stage.processes, "bmc-sol-%d" % n, machine=n == 1, serial=machine.port) for n, machine in enumerate(machines)]
        cluster = Cluster(stage)
        _until(lambda: cluster.alive() == set(ADDRESSES), 60, cluster.alive)
    rest = cluster.rest
    with report.check("nodes of one conductor, one of them active, have consoles", essential=True):
        nodes = [cluster.node_of(FIRST, bmc, "serial-%d" % n) for n, bmc in enumerate(bmcs)]
        rest.provision(nodes[1], "manage", "manageable")
        rest.ok("PATCH", "/v1/nodes/" + nodes[1], [{"op": "add", "path": "/instance_info", "value": IMAGE}])
        rest.provision(nodes[1], "adopt", "active")
        for node in nodes:
            rest.ok("PUT", "/v1/nodes/%s/states/console" % node, {"enabled": True})
        before = [cluster.listens(node, FIRST) for node in nodes]
        assert before[0] != before[1], before
    with report.check("the machine answers over the TCP port"):
        terminals = [_talk(url, machine, "one") for url, machine in zip(before, machines)]
    with report.check("the API hands out links that the conductor's web console takes, once and nowhere else"):
        page, token = cluster.link(nodes[0]).split("#")
        path = urllib.parse.urlsplit(page).path + "/stream"
        assert urllib.parse.urlsplit(page).netloc == cluster.web(FIRST), page
        assert _opened(cluster.web(SECOND), path, token) == 403
        assert _opened(cluster.web(FIRST), path.replace(nodes[0], nodes[1]), "a" * 43) == 403
        assert _opened(cluster.web(FIRST), path, token) == 101
        assert _opened(cluster.web(FIRST), path, token) == 403
    with report.check("a conductor that stops lets go of its consoles at once"):
        seconds = cluster.stop(FIRST)
        assert seconds < 15, seconds
        assert all(terminal.ended(5) for terminal in terminals)
        for url in before:
            _closes(url, 1)
    with report.check("they come up at the other conductor, of the node that is active and of the one that is not"):
        after = [cluster.listens(node, SECOND) for node in nodes]
        terminals = [_talk(url, machine, "two") for url, machine in zip(after, machines)]
        internal = [rest.node(node)["driver_internal_info"]["allocated_ipmi_terminal_port"] for node in nodes]
        assert [urllib.parse.urlsplit(url).port for url in after] == internal, (after, internal)
    with report.check("links lead to the new one"):
        page, token = cluster.link(nodes[0]).split("#")
        assert urllib.parse.urlsplit(page).netloc == cluster.web(SECOND), page
        assert _opened(cluster.web(SECOND), urllib.parse.urlsplit(page).path + "/stream", token) == 101
    with report.check("they come back when it starts again, and the other lets go of them"):
        cluster.start(FIRST)
        _until(lambda: cluster.alive() == set(ADDRESSES), 60, cluster.alive)
        back = [cluster.listens(node, FIRST) for node in nodes]
        for url in after:
            _closes(url, 20)
        assert all(terminal.ended(5) for terminal in terminals)
        terminals = [_talk(url, machine, "three") for url, machine in zip(back, machines)]
    with report.check("kill -9 with lines open: the other one takes the lines from the dead sessions"):
        cluster.kill(FIRST)
        after = [cluster.listens(node, SECOND) for node in nodes]
        terminals = [_talk(url, machine, "four") for url, machine in zip(after, machines)]
    with report.check("after its restart they are where their nodes are"):
        cluster.start(FIRST)
        _until(lambda: cluster.alive() == set(ADDRESSES), 60, cluster.alive)
        back = [cluster.listens(node, FIRST) for node in nodes]
        for url in after:
            _closes(url, 20)
        terminals = [_talk(url, machine, "five") for url, machine in zip(back, machines)]
    with report.check("a conductor that hangs loses them, and does not take them back from its successor's people"):
        cluster.signal(FIRST, signal.SIGSTOP)
        try:
            after = [cluster.listens(node, SECOND) for node in nodes]
            others = [_talk(url, machine, "six") for url, machine in zip(after, machines)]
        finally:
            cluster.signal(FIRST, signal.SIGCONT)
        # it is alive again, so the nodes are its own, and nobody else has their consoles
        back = [cluster.listens(node, FIRST) for node in nodes]
        for url in after:
            _closes(url, 20)
        assert all(terminal.ended(5) for terminal in others)
        [_talk(url, machine, "seven") for url, machine in zip(back, machines)]
    with report.check("the only conductor restarts: the consoles are there again, on their ports"):
        cluster.stop(SECOND)
        cluster.stop(FIRST)
        cluster.start(FIRST)
        again = [cluster.listens(node, FIRST) for node in nodes]
        assert again == back, (again, back)
        [_talk(url, machine, "eight") for url, machine in zip(again, machines)]
    with report.check("a console that cannot come up after a restart is off, and the node and its history say why"):
        port = free_port()
        rest.ok("PATCH", "/v1/nodes/" + nodes[0], [{"op": "add", "path": "/driver_info/ipmi_terminal_port", "value": port}])
        assert cluster.listens(nodes[0], FIRST) == "tcp://127.0.0.1:%d" % port
        cluster.stop(FIRST)
        with socket.socket() as somebody:
            somebody.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            somebody.bind(("127.0.0.1", port))
            somebody.listen()
            cluster.start(FIRST)
            _until(lambda: str(port) in (rest.node(nodes[0])["last_error"] or ""), 30, lambda: rest.node(nodes[0])["last_error"])
        assert rest.node(nodes[0])["console_enabled"] is False
        assert rest.get("/v1/nodes/%s/states/console" % nodes[0]) == {"console_enabled": False, "console_info": None}
        history = rest.get("/v1/nodes/%s/history?detail=True" % nodes[0])["history"]
        assert [h for h in history if h["event_type"] == "startup failure" and str(port) in h["event"]], history
        cluster.listens(nodes[1], FIRST)


def _talk(url, machine, word):
    """Somebody who types a word, and sees the machine's answer."""
    terminal = Terminal(url).until("connected")
    # ipmi_sim takes the first packet of a line for a repetition of the last line's, if their numbers are the same,
    # and drops as many characters as that had
    for _ in range(3):
        terminal.type(word + "\r")
        with contextlib.suppress(socket.timeout):
            terminal.until("welcome to the machine", 5)
            if word.encode() in machine.typed:
                return terminal
    raise AssertionError("typed was %r" % bytes(machine.typed))


def _until(condition, seconds, seen):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "not after %d s: %s" % (seconds, seen())
        time.sleep(0.2)
