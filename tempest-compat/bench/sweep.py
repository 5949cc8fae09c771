"""One conductor and thousands of BMCs: how long its sweep over their power states takes.

Simulators, server and the client that asks meanwhile share the machine. The nodes are written into the
database as they are after `manage`; the server then does what it always does, its power sync.
"""
import dataclasses
import http.client
import json
import os
import pathlib
import re
import resource
import sqlite3
import statistics
import subprocess
import threading
import time
import urllib.request

from bench import chart, measures, rows
from runner import cargo, prerequisites
from servers import configuration, ferric

USER, PASSWORD = "admin", "password"
INTERVAL = 30           # seconds between two sweeps
SWEEPS = 3              # the first opens the sessions
PROBES = {"reads": 100, "changes": 50}      # requests a second, asked beside the sweep
FEWEST = 300            # requests of a kind of which a p99 is made
UNKNOWN = 100           # nodes of which no power state is recorded yet
LINE = re.compile(r"power states are synchronised")


@dataclasses.dataclass
class Scene:
    """Some BMCs of one protocol and what is wanted of their sweeps."""

    name: str
    about: str
    driver: str
    first: str              # address of the first simulator
    port: int
    kept: float             # seconds with kept sessions
    fresh: float            # seconds with fresh ones
    dead_every: int = 0
    megabytes: float = 0


SCENES = [
    Scene("ipmi", "IPMI BMCs", "ipmi", "127.64.0.1", 16230, 10, 60, megabytes=150),
    Scene("ipmi-dead", "IPMI BMCs, 5 % of them dead", "ipmi", "127.65.0.1", 16231, INTERVAL, 60, dead_every=20),
    Scene("redfish", "Redfish BMCs", "redfish", "127.66.0.1", 16232, 20, 20),
    Scene("redfish-dead", "Redfish BMCs, 5 % of them dead", "redfish", "127.67.0.1", 16233, INTERVAL, 60, dead_every=20),
]


def address(first, index):
    """The address that many after the first."""
    parts = [int(part) for part in first.split(".")]
    number = (parts[0] << 24 | parts[1] << 16 | parts[2] << 8 | parts[3]) + index
    return ".".join(str(number >> shift & 0xff) for shift in (24, 16, 8, 0))


def node(scene, number):
    """A node as `manage` leaves it."""
    host = address(scene.first, number)
    if scene.driver == "ipmi":
        info = {"ipmi_address": host, "ipmi_port": scene.port, "ipmi_username": USER, "ipmi_password": PASSWORD}
        interface = {"power": "ipmitool", "management": "ipmitool", "vendor": "ipmitool"}
    else:
        info = {"redfish_address": "http://%s:%d" % (host, scene.port), "redfish_system_id": "/redfish/v1/Systems/1",
                "redfish_username": USER, "redfish_password": PASSWORD}
        interface = {"power": "redfish", "management": "redfish", "vendor": "no-vendor"}
    others = {"bios": "no-bios", "boot": "ipxe", "console": "no-console", "deploy": "direct", "firmware": "no-firmware",
              "inspect": "no-inspect", "raid": "no-raid", "rescue": "no-rescue"}
    row = rows.node(number, scene.driver)
    row.update({kind + "_interface": name for kind, name in {**others, **interface}.items()})
    row.update(driver_info=json.dumps(info), name="%s-%d" % (scene.name, number), provision_state="manageable",
               power_state="power on" if number >= UNKNOWN else None,
               properties=json.dumps({"vendor": "contoso", "cpus": 32, "capabilities": "boot_mode:uefi"}))
    return row


def start(processes, executable, scene, count):
    """A server with its nodes; returns (process, URL, database file)."""
    changes = {"conductor": {"sync_power_state_interval": INTERVAL, "power_failure_recovery_interval": 0},
               "ipmi": {"command_retry_timeout": 60, "min_command_interval": 5}}
    directory = (processes.directory / scene.name).resolve()
    directory.mkdir(parents=True, exist_ok=True)
    conf = configuration.write(directory / "ironic.conf", configuration.merge(configuration.contract(directory, 0), changes))
    ferric.dbsync(processes, executable, conf, scene.name)
    database = directory / "ironic.sqlite"
    with sqlite3.connect(database) as connection:
        bystander = {**rows.node(count), "maintenance": 1}
        rows.into_sqlite(connection, [("nodes", [node(scene, n) for n in range(count)]), ("nodes", [bystander])])
    process, url = ferric.configured(processes, executable, scene.name, changes=changes, create_schema=False)
    return process, url, database


def resident(process):
    """Resident memory of a process in MB."""
    status = pathlib.Path("/proc/%d/status" % process.pid).read_text()
    return int(re.search(r"VmRSS:\s+(\d+)", status).group(1)) / 1000


class Prober:
    """One client that asks for other things at a steady rate, in a sweep and between sweeps alike: for a node and a page
    of nodes in turn, or for a change of a node that no sweep reads.

    A request's time counts from when it was due, so that a stall is as long for everybody it holds up."""

    def __init__(self, kind, url, paths):
        host, port = url.split("//")[1].split(":")
        self._connection = http.client.HTTPConnection(host, int(port), timeout=60)
        self.kind, self._paths, self._taken = kind, paths, []
        self._stop, self._failure = threading.Event(), None
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        begin, number = time.monotonic(), 0
        try:
            while not self._stop.is_set():
                number += 1
                due = begin + number / PROBES[self.kind]
                time.sleep(max(0, due - time.monotonic()))
                self._ask(number)
                self._taken.append((due, time.monotonic() - due))
        except Exception as error:      # told by `stop`
            self._failure = error

    def _ask(self, number):
        headers = {"X-OpenStack-Ironic-API-Version": "1.115", "Content-Type": "application/json"}
        method, body = "GET", None
        if self.kind == "changes":
            method, body = "PATCH", json.dumps([{"op": "add", "path": "/extra/probe", "value": number}])
        path = self._paths[number % len(self._paths)]
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        text = answer.read()
        assert answer.status == 200, (method, path, answer.status, text[:300])

    def stop(self):
        self._stop.set()
        self._thread.join()
        if self._failure:
            raise self._failure

    def p99(self, windows):
        """(milliseconds, how many) of the requests that were due in one of the windows."""
        took = sorted(took for due, took in self._taken if any(a <= due <= b for a, b in windows))
        return (1000 * took[int(len(took) * 0.99)] if took else 0), len(took)


def slow_reads(url):
    """How many power states took longer than a second to read, as `/metrics` tells."""
    with urllib.request.urlopen(url + "/metrics", timeout=30) as answer:
        lines = [line for line in answer.read().decode().splitlines() if "operation=\"power_state\"" in line]
    total = lambda mark: sum(float(line.rpartition(" ")[2]) for line in lines if mark in line)      # noqa: E731
    return total("_seconds_count{") - total('le="1"')


def sweeps(process, wanted, progress):
    """Wait for so many sweeps; returns (end, seconds, nodes, failed) of each."""
    found = []
    end = time.monotonic() + (wanted + 2) * INTERVAL * 2
    while len(found) < wanted:
        lines = [line for line in process.log.read_text(errors="replace").splitlines() if LINE.search(line)]
        for line in lines[len(found):]:
            field = lambda name, line=line: float(re.search(r"%s[\"]?[=:]\s*([0-9.e-]+)" % name, strip(line)).group(1))     # noqa: E731
            found.append((time.monotonic(), field("seconds"), int(field("nodes")), int(field("failed"))))
            progress("sweep %d of %d took %.1f s" % (len(found), wanted, found[-1][1]))
        assert process.running() and time.monotonic() < end, "no sweep:\n" + process.tail()
        time.sleep(0.05)
    return found


def strip(line):
    """A log line without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", line)


def take(processes, executable, simulator, scene, count, terminal):
    """Measure one scene; returns its rows."""
    terminal.progress("%s: starting %d simulators" % (scene.name, count))
    command = [simulator, scene.driver, "--count", str(count), "--first", scene.first, "--port", str(scene.port), "--on",
               "--user", USER, "--password", PASSWORD, "--dead-every", str(scene.dead_every)]
    bmcs = processes.start(scene.name + "-bmcs", command)
    bmcs.wait_until(lambda: "ready" in bmcs.log.read_text(), 120, "ready")
    process, url, database = start(processes, executable, scene, count)
    began = time.monotonic()
    probers = [
        Prober("reads", url, ["/v1/nodes/" + rows.identifier("node", count - 1),
                              "/v1/nodes?limit=50&fields=uuid,name,power_state,provision_state"]),
        Prober("changes", url, ["/v1/nodes/" + rows.identifier("node", count)]),
    ]
    try:
        done = sweeps(process, SWEEPS, lambda text: terminal.progress("%s: %s" % (scene.name, text)))
    finally:
        for prober in probers:
            prober.stop()
    memory, late = resident(process), slow_reads(url)
    windows = [(end - seconds, end) for end, seconds, _, _ in done]
    idle = [(began + 2, windows[0][0] - 1)] + [(a[1] + 1, b[0] - 1) for a, b in zip(windows, windows[1:])]
    with sqlite3.connect("file:%s?mode=ro" % database, uri=True) as connection:
        known = connection.execute("SELECT count(*) FROM nodes WHERE power_state = 'power on'").fetchone()[0]
    processes.stop(process)
    processes.stop(bmcs)
    dead = count // scene.dead_every if scene.dead_every else 0
    unknown_dead = UNKNOWN // scene.dead_every if scene.dead_every else 0
    kept = statistics.median(seconds for _, seconds, _, _ in done[1:])
    label = "%d %s" % (count, scene.about)
    result = [
        row(label, "fresh sessions", done[0][1], "s", scene.fresh),
        row(label, "kept sessions", kept, "s", scene.kept),
        row(label, "nodes that failed", max(failed for *_, failed in done), "", dead),
        row(label, "states unknown before and known now", known - (count - UNKNOWN), "", UNKNOWN - unknown_dead, least=True),
    ]
    # each dead one is late once a sweep; nobody else is
    result.append(row(label, "readings that took more than a second", late, "", dead * SWEEPS))
    if scene.megabytes:
        result.append(row(label, "memory of the server", memory, "MB", scene.megabytes))
    for prober in probers:
        (calm, quiet), (busy, asked) = prober.p99(idle), prober.p99(windows)
        if min(quiet, asked) >= FEWEST:
            about = "API p99 in a sweep, %s (idle: %.1f ms; %d and %d)" % (prober.kind, calm, asked, quiet)
            result.append(row(label, about, busy, "ms", 2 * calm))
        else:
            terminal.line("%s: %d %s in the sweeps and %d between them are too few for a p99" % (label, asked, prober.kind, quiet))
    return result


def row(scene, about, value, unit, wanted, least=False):
    good = value >= wanted if least else value <= wanted
    return {"scene": scene, "about": about, "value": value, "unit": unit, "wanted": wanted, "least": least, "good": good}


def against_ipmitool(processes, simulator, reader, terminal, count=50, runs=40):
    """CPU of one read, ours over kept sessions and ipmitool's; the ratio."""
    terminal.progress("CPU of a read, beside ipmitool")
    prerequisites.debian("ipmitool")
    port = 26230
    bmcs = processes.start("cpu-bmcs", [simulator, "ipmi", "--count", str(count), "--port", str(port), "--ports", "--on"])
    bmcs.wait_until(lambda: "ready" in bmcs.log.read_text(), 60, "ready")

    def children():
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return used.ru_utime + used.ru_stime
    before = children()
    done = subprocess.run([reader, "5", "64", USER, PASSWORD, *(str(port + n) for n in range(count))], stdout=subprocess.PIPE,
                          text=True, check=True)
    ours = (children() - before) / json.loads(done.stdout)["reads"]
    before = children()
    for number in range(runs):
        subprocess.run([prerequisites.program("ipmitool"), "-I", "lanplus", "-H", "127.0.0.1", "-p", str(port + number % count), "-U", USER,
                        "-P", PASSWORD, "-C", "3", "power", "status"], stdout=subprocess.DEVNULL, check=True)
    theirs = (children() - before) / runs
    processes.stop(bmcs)
    label = "%d IPMI BMCs" % count
    return [row(label, "CPU of a read against ipmitool's (%.1f µs, %.1f ms)" % (ours * 1e6, theirs * 1e3), theirs / ours, "×", 500, least=True)]


def show(terminal, result):
    sign = "at least" if result["least"] else "at most"
    line = "%-44s %-70s %10s %-3s (wanted %s %s)" % (
        result["scene"], result["about"], measures.figure(result["value"]), result["unit"], sign, measures.figure(result["wanted"]))
    terminal.line(terminal.paint("green" if result["good"] else "red", line))


# Runs in a venv with matplotlib; reads the document on its standard input.
DRAW = """
import json, sys
import matplotlib
matplotlib.use("Agg")
import matplotlib.pyplot as plt
rows = json.load(sys.stdin)["rows"][::-1]
share = [(r["wanted"] / r["value"] if r["least"] else r["value"] / r["wanted"]) if r["value"] and r["wanted"] else 0 for r in rows]
figure, axes = plt.subplots(figsize=(11, 0.45 * len(rows) + 1.2))
axes.barh(range(len(rows)), share, color=["#2a7f62" if r["good"] else "#b3432b" for r in rows])
axes.set_yticks(range(len(rows)), ["%s: %s" % (r["scene"], r["about"]) for r in rows], fontsize=7)
for at, row in enumerate(rows):
    axes.text(share[at] + 0.02, at, "%.3g %s" % (row["value"], row["unit"]), va="center", fontsize=7)
axes.axvline(1, color="black", linewidth=1.5)
axes.set_xlabel("share of what is allowed (left of the line: good)")
axes.spines[["top", "right"]].set_visible(False)
figure.tight_layout()
figure.savefig(sys.argv[1])
"""


def write(document, directory):
    """Write `sweep.md` and `sweep.svg` into a directory."""
    chart.draw(DRAW, document, directory / "sweep.svg")
    lines = ["# Sweeps over many BMCs", "", "One process with API and conductor, the simulators on the same %d CPUs." % document["cpus"], "",
             "| BMCs | what | value | wanted |", "| --- | --- | ---: | ---: |"]
    for result in document["rows"]:
        lines.append("| %s | %s | %s %s | %s %s |" % (result["scene"], result["about"], measures.figure(result["value"]), result["unit"],
                                                   "≥" if result["least"] else "≤", measures.figure(result["wanted"])))
    lines += ["", "![shares](sweep.svg)", "", "Made by `tempest-compat/bench/sweep --report DIRECTORY`.", ""]
    (directory / "sweep.md").write_text("\n".join(lines))
