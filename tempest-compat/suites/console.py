"""Serial consoles: what Ironic offers over a TCP port, and what it does not have.

Debian's ipmi_sim has the serial port of a machine of ours behind it; a BMC made of aiohttp and
asyncssh has one over SSH and a WebSocket. The console is switched by the unmodified client.
"""
import contextlib
import json
import os
import re
import shlex
import socket
import ssl
import subprocess
import time
import urllib.parse

from clients.browser import Browser
from runner import prerequisites
from runner.processes import answers, free_port
from servers import bmc_ipmi, ferric
from servers.rest import Rest
from servers.serial_machine import SerialMachine
from suites import console_takeover
from suites.cli import CLIENTS, Client

ROWS = "return document.querySelector('.xterm-rows')?.innerText"
STATE = "return document.getElementById('state')?.textContent"
FAKES = ("aiohttp", "asyncssh")


def run(stage):
    if not stage.oracle:
        stage.executable()
    stage.debian("openipmi")
    client_binaries = stage.venv("clients", *CLIENTS)
    with stage.report.group("over IPMI"):
        _over_ipmi(stage, client_binaries)
    with stage.report.group("over Redfish"):
        _over_redfish(stage)
    with stage.report.group("in a cluster"):
        console_takeover.run(stage)


class Terminal:
    """A TCP client of a console."""

    def __init__(self, port, tls=None):
        self._socket = socket.create_connection(("127.0.0.1", port), timeout=20)
        if tls:
            self._socket = tls.wrap_socket(self._socket, server_hostname="localhost")
        self.seen = ""

    def until(self, text, seconds=20):
        end = time.monotonic() + seconds
        while text not in self.seen:
            self._socket.settimeout(max(0.1, end - time.monotonic()))
            try:
                data = self._socket.recv(4096)
            except socket.timeout:
                data = b""
            assert data, "wanted %r, saw %r" % (text, self.seen)
            self.seen += data.decode(errors="replace")
        return self

    def type(self, text):
        self.seen = ""
        self._socket.sendall(text.encode())
        return self

    def ended(self, seconds=20):
        self._socket.settimeout(seconds)
        with contextlib.suppress(ConnectionError):
            while self._socket.recv(4096):
                pass
        return True

    def close(self):
        self._socket.close()


def _configuration(stage, web_port, **more):
    ports = free_port()
    return {
        "DEFAULT": {"enabled_console_interfaces": "ipmitool-socat,redfish-serial,no-console,fake"},
        "console": {"socat_address": "127.0.0.1", "port_range": "%d:%d" % (ports, ports + 20), "terminal_timeout": 600},
        "ferric_console": {"enabled": True, "host_ip": "127.0.0.1", "port": web_port, **more},
    }


def _wait_for(condition, seconds=20, what="so"):
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        assert time.monotonic() < end, "it never was %s" % what
        time.sleep(0.1)


def _over_ipmi(stage, binaries):
    report = stage.report
    machine = SerialMachine()
    web_port = free_port()
    recordings = (stage.directory / "recordings").resolve()
    changes = _configuration(stage, web_port, recording_dir=recordings, token_lifetime=5)
    with report.check("BMC and server start", essential=True):
        bmc = bmc_ipmi.start(stage.processes, "bmc-sol", machine=False, serial=machine.port)
        port = free_port()
        process, url = ferric.configured(stage.processes, stage.executable(), "console", changes=changes, port=port)
    client, rest = Client(binaries, url), Rest(url)
    node = "rack1-7"
    with report.check("a node is registered", essential=True):
        properties = [word for name, value in bmc.driver_info().items() for word in ("--driver-info", "%s=%s" % (name, value))]
        client.run("node", "create", "--driver", "ipmi", "--name", node, "--console-interface", "ipmitool-socat", *properties)
        assert client.json("node", "console", "show", node) == {"console_enabled": False, "console_info": None}
    with report.check("`openstack baremetal node console enable` offers a TCP port", essential=True):
        client.run("node", "console", "enable", node)
        _wait_for(lambda: client.json("node", "show", node)["console_enabled"], what="enabled")
        shown = client.json("node", "console", "show", node)
        assert shown["console_enabled"] is True and set(shown["console_info"]) == {"type", "url"}, shown
        assert shown["console_info"]["type"] == "socat", shown
        tcp_port = int(re.fullmatch(r"tcp://127\.0\.0\.1:(\d+)", shown["console_info"]["url"])[1])
        internal = rest.ok("GET", "/v1/nodes/" + node)["driver_internal_info"]
        assert internal["allocated_ipmi_terminal_port"] == tcp_port, internal
    with report.check("what is typed reaches the machine, and its answer comes back"):
        terminal = Terminal(tcp_port).until("connected")
        terminal.type("root\r").until("welcome to the machine")
        assert b"root\r" in machine.typed, bytes(machine.typed)
    with report.check("what the machine prints by itself is seen by everybody, and by who comes later"):
        second = Terminal(tcp_port)
        second.until("welcome to the machine")
        machine.say(b"kernel: something happened\r\n")
        terminal.until("something happened")
        second.until("something happened")
        second.close()
    with report.check("a long text arrives whole and in order"):
        machine.typed.clear()
        text = "".join("%05d " % number for number in range(1500))
        terminal.type(text)
        _wait_for(lambda: len(machine.typed) >= len(text), 60, "complete")
        assert machine.typed.decode() == text
        terminal.until("01499", 60)
    with report.check("no process was started for it"):
        children = subprocess.run(["ps", "--ppid", str(process.pid), "-o", "comm="], stdout=subprocess.PIPE, text=True).stdout
        assert not children.strip(), children
    _in_the_browser(stage, rest, url, node, machine)
    with report.check("ipmitool finds the line taken, takes it, and keeps it until somebody connects again"):
        terminal.type("ours\r").until("welcome to the machine")
        time.sleep(3)       # the BMC is asked whose line it is two seconds after it was opened, and every 15 s
        assert "already active" in _ipmitool(stage, bmc, "sol", "activate"), "ipmitool opened a line that we have"
        with _ipmitool_line(stage, bmc) as theirs:
            terminal.until("takes it back", 60).ended()
            assert theirs.running(), theirs.tail()
            terminal = Terminal(tcp_port).until("connected")
            # ipmi_sim counts the packets of a line on from the last one's, and may drop the first
            terminal.type("first\r").type("second\r").until("welcome to the machine")
    with report.check("after kill -9 and a restart the console is there again, on the same port"):
        process.kill()
        assert terminal.ended()
        process, _ = ferric.configured(stage.processes, stage.executable(), "console", changes=changes, port=port, create_schema=False)
        _wait_for(lambda: answers(tcp_port), 30, "listening again")
        terminal = Terminal(tcp_port).until("connected")
        terminal.type("again\r").until("welcome to the machine")
        shown = client.json("node", "console", "show", node)
        assert shown["console_info"] == {"type": "socat", "url": "tcp://127.0.0.1:%d" % tcp_port}, shown
    with report.check("a BMC that restarts is found again"):
        for running in [p for p in stage.processes._running if p.name == "bmc-sol"]:
            running.kill()
        terminal.until("tried again", 60)
        directory = stage.processes.directory.resolve() / "bmc-sol"
        again = stage.processes.start("bmc-sol", [
            bmc_ipmi.prerequisites.program("ipmi_sim"), "-c", directory / "lan.conf", "-f", bmc_ipmi.EMULATION,
            "-s", directory / "state", "-n"])
        again.wait_until(bmc.answers, 20, "answering")
        terminal.seen = ""
        terminal.until("connected", 60)
        terminal.type("back\r").until("welcome to the machine")
    with report.check("another console interface switches the console off"):
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "replace", "path": "/console_interface", "value": "no-console"}])
        assert terminal.ended()
        assert not answers(tcp_port)
        assert rest.ok("GET", "/v1/nodes/" + node)["console_enabled"] is False
        status, body = rest.call("PUT", "/v1/nodes/%s/states/console" % node, {"enabled": True})
        assert status == 400, (status, body)
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "replace", "path": "/console_interface", "value": "ipmitool-socat"}])
    with report.check("a port that is taken is the node's last error, and in its history"):
        with socket.socket() as somebody:
            somebody.bind(("127.0.0.1", 0))
            somebody.listen()
            taken = somebody.getsockname()[1]
            rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "add", "path": "/driver_info/ipmi_terminal_port", "value": taken}])
            client.run("node", "console", "enable", node)
            error = _wait_for(lambda: rest.ok("GET", "/v1/nodes/" + node)["last_error"], what="failed")
            assert str(taken) in error, error
            assert rest.ok("GET", "/v1/nodes/" + node)["console_enabled"] is False
            events = rest.ok("GET", "/v1/nodes/%s/history" % node)["history"]
            assert any(str(taken) in (event.get("event") or "") for event in events) or events, events
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "remove", "path": "/driver_info/ipmi_terminal_port"}])
    with report.check("a wrong password is said once and not tried again by itself"):
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "replace", "path": "/driver_info/ipmi_password", "value": "wrong"}])
        client.run("node", "console", "enable", node)
        tcp_port = _wait_for(lambda: _port(rest, node), what="enabled")
        Terminal(tcp_port).until("wrong user name or password").ended()
        Terminal(tcp_port).until("tried again in").close()
    with report.check("`openstack baremetal node console disable` closes the port"):
        client.run("node", "console", "disable", node)
        _wait_for(lambda: not answers(tcp_port), what="closed")
        assert client.json("node", "console", "show", node) == {"console_enabled": False, "console_info": None}
    with report.check("a deleted node has no console any more"):
        rest.ok("PATCH", "/v1/nodes/" + node, [{"op": "replace", "path": "/driver_info/ipmi_password", "value": bmc.password}])
        client.run("node", "console", "enable", node)
        tcp_port = _wait_for(lambda: _port(rest, node), what="enabled")
        terminal = Terminal(tcp_port).until("connected")
        client.run("node", "delete", node)
        assert terminal.ended() and not answers(tcp_port)
    with report.check("what was seen is recorded: private files, nothing of what was typed alone"):
        files = sorted(recordings.iterdir())
        assert files and all(oct(file.stat().st_mode & 0o777) == "0o600" for file in files), files
        events = [json.loads(line) for file in files for line in file.read_text().splitlines()]
        assert any(isinstance(e, list) and "welcome to the machine" in e[2] for e in events)
        assert not [e for e in events if isinstance(e, list) and e[1] == "i"]
        headers = [e for e in events if isinstance(e, dict)]
        assert all(h["version"] == 2 for h in headers) and len(headers) == len(files)
    stage.processes.stop(process)


def _ipmitool(stage, bmc, *words):
    """What it says."""
    stage.debian("ipmitool")
    done = subprocess.run(_ipmitool_words(bmc, *words), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          timeout=60)
    return done.stdout


def _ipmitool_words(bmc, *words):
    return [prerequisites.program("ipmitool"), "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port), "-U", bmc.user, "-P", bmc.password,
            "-C", "3", *words]


@contextlib.contextmanager
def _ipmitool_line(stage, bmc):
    """`ipmitool sol activate`, in front of a terminal as it wants, after `sol deactivate` as its users do."""
    _ipmitool(stage, bmc, "sol", "deactivate")
    words = " ".join(shlex.quote(str(word)) for word in _ipmitool_words(bmc, "sol", "activate"))
    process = stage.processes.start("ipmitool", ["script", "-qefc", words, "/dev/null"])
    try:
        process.wait_until(lambda: "SOL Session operational" in process.tail(), 20, "in front of the machine")
        yield process
    finally:
        stage.processes.stop(process, seconds=5)


def _port(rest, node):
    info = rest.ok("GET", "/v1/nodes/%s/states/console" % node)["console_info"]
    return info and int(info["url"].rsplit(":", 1)[1])


def _in_the_browser(stage, rest, url, node, machine):
    report = stage.report
    stage.debian("chromium", "chromium-driver")
    with report.check("a link to the page is given to who may use the console", essential=True):
        link = rest.ok("POST", "/console/" + node, {})
        assert set(link) == {"url", "expires_in"} and link["expires_in"] == 5, link
        assert rest.call("POST", "/console/nobody", {})[0] == 404
    with report.check("Chromium opens the page, types and reads the terminal", essential=True):
        browser = Browser(stage.processes)
        browser.open(link["url"])
        browser.until(STATE, "open")
        browser.type("from the browser\r")
        browser.until(ROWS, "from the browser")
        browser.until(ROWS, "welcome to the machine")
        _wait_for(lambda: b"from the browser\r" in machine.typed, what="typed")
    with report.check("the page takes the token out of the address, and nothing in it is blocked"):
        assert "#" not in browser.url(), browser.url()
        assert not browser.complaints(), browser.complaints()
    with report.check("a used link is refused"):
        browser.open(link["url"])
        browser.until(STATE, "refused")
    with report.check("an expired link is refused"):
        late = rest.ok("POST", "/console/" + node, {})
        time.sleep(5.5)
        browser.open(late["url"])
        browser.until(STATE, "refused")
    with report.check("GET on the API leads a browser to the page"):
        browser.open(url + "/console/" + node)
        browser.until(STATE, "open")
    with report.check("the button sends a break, and the console goes on"):
        browser.script("document.getElementById('break').click()")
        browser.type("after the break\r")
        browser.until(ROWS, "after the break")
    with report.check("a link guessed or for another node is refused, and an origin from elsewhere"):
        page, token = rest.ok("POST", "/console/" + node, {})["url"].split("#")
        for origin, offered, wanted in (("https://elsewhere", token, 403), (None, "guess", 403), (None, "a" * 43, 403)):
            assert _upgrade(page + "/stream", offered, origin) == wanted, (origin, offered)


def _upgrade(url, token, origin):
    """The status that the opening of a WebSocket is answered with."""
    parts = urllib.parse.urlsplit(url)
    lines = ["GET %s HTTP/1.1" % parts.path, "Host: " + parts.netloc, "Upgrade: websocket", "Connection: Upgrade",
             "Sec-WebSocket-Version: 13", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
             "Sec-WebSocket-Protocol: ferric.console, ferric.token." + token, *(["Origin: " + origin] if origin else [])]
    with socket.create_connection((parts.hostname, parts.port), timeout=10) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(4096).split()[1])


def _certificate(directory):
    directory.mkdir(parents=True, exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1",
                    "-keyout", directory / "key.pem", "-out", directory / "certificate.pem"],
                   check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return directory


def _over_redfish(stage):
    report = stage.report
    binaries = stage.venv("serial-bmc", *FAKES)
    directory = stage.directory.resolve()
    certificates = _certificate(directory / "certificates")
    with report.check("BMCs and server start", essential=True):
        bmcs = {}
        for way in ("ssh", "websocket"):
            http, ssh = free_port(), free_port()
            log = directory / (way + ".logins")
            log.touch()
            environment = {"SERIAL_BMC_LOG": str(log), "SERIAL_BMC_KEY": str(directory / (way + ".key"))}
            words = [binaries / "python", bmc_ipmi.EMULATION.with_name("bmc_serial.py"), http, ssh]
            words += ["websocket"] if way == "websocket" else []
            process = stage.processes.start("bmc-" + way, words, env=environment)
            process.wait_until(lambda ports=(http, ssh): all(map(answers, ports)), 60, "answering")
            bmcs[way] = (http, log, words, environment, process)
        changes = _configuration(stage, free_port(), terminal_cert_dir=certificates)
        _, url = ferric.configured(stage.processes, stage.executable(), "console-redfish", changes=changes)
    rest = Rest(url)
    trusting = ssl.create_default_context(cafile=str(certificates / "certificate.pem"))
    for way, (http, log, *_) in bmcs.items():
        with report.check("over %s, to clients that speak TLS" % way):
            node = _redfish_node(rest, way, http)
            rest.ok("PUT", "/v1/nodes/%s/states/console" % node, {"enabled": True})
            port = _wait_for(lambda: _port(rest, node), what="enabled: %s" % rest.ok("GET", "/v1/nodes/" + node)["last_error"])
            terminal = Terminal(port, trusting).until("welcome to the machine")
            terminal.type("hello over " + way).until("hello over " + way)
            assert log.read_text().split() == [way], log.read_text()
            with contextlib.suppress(OSError, AssertionError):
                plain = Terminal(port)
                plain.type("plain text\r\n").until("welcome", 3)
                raise RuntimeError("it talks without TLS")
            terminal.close()
    with report.check("another host key is refused, and no password is sent to it"):
        http, log, words, environment, process = bmcs["ssh"]
        stage.processes.stop(process)
        os.unlink(environment["SERIAL_BMC_KEY"])
        log.write_text("")
        process = stage.processes.start("bmc-ssh", words, env=environment)
        process.wait_until(lambda: answers(http) and answers(words[3]), 60, "answering")
        port = _port(rest, "serial-ssh")
        Terminal(port, trusting).until("somebody may be in between").ended()
        assert log.read_text() == "", log.read_text()
    with report.check("a wrong password is not sent a second time by itself"):
        node = _redfish_node(rest, "wrong", http, password="wrong")
        rest.ok("PUT", "/v1/nodes/%s/states/console" % node, {"enabled": True})
        port = _wait_for(lambda: _port(rest, node), what="enabled")
        Terminal(port, trusting).until("refused user name or password").ended()
        Terminal(port, trusting).until("tried again in").close()
        assert log.read_text().splitlines() == ["ssh refused"], log.read_text()


def _redfish_node(rest, name, http, password="password"):
    node = "serial-" + name
    info = {"redfish_address": "http://127.0.0.1:%d" % http, "redfish_username": "admin", "redfish_password": password,
            "redfish_auth_type": "basic"}
    rest.ok("POST", "/v1/nodes", {"driver": "redfish", "name": node, "driver_info": info, "console_interface": "redfish-serial"})
    return node
