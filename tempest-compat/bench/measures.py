"""THE table of measures, and the two servers they are taken on."""
import dataclasses
import json
import os
import pathlib
import sqlite3
import subprocess
import threading
import time
import typing
import urllib.request

from bench import load, rows
from runner import cargo, prerequisites
from runner.processes import free_port
from servers import bmc_ipmi, configuration, ferric, ironic, rest

HERE = pathlib.Path(__file__).resolve().parent
CYCLED = 100        # nodes that go through provisioning together
BMCS = 50
IPMITOOLS = 8       # processes at a time


class Bench:
    """Both servers with their nodes, started when first needed."""

    def __init__(self, processes, executable, options, terminal):
        self.processes, self.executable, self.options, self.terminal = processes, executable, options, terminal
        self._sides, self._filled, self._bmcs, self._reader = {}, set(), None, None

    def side(self, name):
        """(process, URL, file of UUIDs, UUIDs to cycle) of one server."""
        if name not in self._sides:
            self.terminal.progress("starting %s and registering %d nodes" % (name, self.options.nodes))
            process, url = start(self.processes, name, self.executable)
            uuids = load.create(url, self.options.nodes, CYCLED)
            listed = self.processes.directory / (name + ".uuids")
            listed.write_text("\n".join(uuids) + "\n")
            self._sides[name] = process, url, listed, uuids[:CYCLED]
        return self._sides[name]

    def fill(self, name):
        """Put as many rows as there are nodes into every other collection of one server; its URL and the UUID of the node
        that has parts."""
        _, url, _, uuids = self.side(name)
        if name not in self._filled:
            self.terminal.progress("filling the collections of %s" % name)
            file = sqlite3.connect(self.processes.directory / name / "ironic.sqlite", timeout=60)
            node_id = file.execute("SELECT id FROM nodes WHERE uuid = ?", (uuids[0],)).fetchone()[0]
            rows.into_sqlite(file, rows.collections(self.options.nodes, node_id))
            file.close()
            self._filled.add(name)
        return url, uuids[0]

    def bmcs(self):
        if self._bmcs is None:
            self.terminal.progress("starting %d BMCs" % BMCS)
            self._bmcs = [bmc_ipmi.start(self.processes, "bmc%d" % n, machine=False) for n in range(BMCS)]
        return self._bmcs

    def reader(self):
        """The example of the IPMI client that reads power states."""
        if self._reader is None:
            self._reader = cargo.executable("drivers-ipmi-client", "example", "power_reads")
        return self._reader


def start(processes, name, executable, port=None, suffix="", fresh=True, database=None):
    """Start one side; both get the same configuration."""
    changes = {"api": {"api_workers": len(os.sched_getaffinity(0))}}
    if database:
        changes["database"] = {"connection": database}
    if name == "ironic":
        return ironic.start(processes, name + suffix, changes=changes, port=port, create_schema=fresh, drivers=4)
    return ferric.configured(processes, executable, name + suffix, changes=changes, port=port, create_schema=fresh, drivers=4)


# ------------------------------------------------------------------ the takers

def wrk(kind, connections=16, stretch=1, filled=False):
    """Requests per second of one kind; an answer that is no success spoils the measure.

    What one side needs a second for is asked on few connections and for longer (`stretch`)."""
    def take(bench, side):
        process, url, listed, _ = bench.side(side)
        path = kind
        if filled:
            path = kind % {"node": bench.fill(side)[1]}
        prerequisites.debian("wrk")
        done = subprocess.run(
            [prerequisites.program("wrk"), "-t", "1", "-c", str(connections), "-d", "%ds" % max(1, round(stretch * bench.options.seconds)),
             "--timeout", "30s", "-s", str(HERE / "wrk.lua"), url, "--", path, str(listed)],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True)
        settle(process)
        counted = json.loads(next(line for line in done.stdout.splitlines() if line.startswith("{")))
        if not counted["requests"] and not counted["refused"]:
            return alone(url + path)        # none was answered in that time
        if counted["refused"] or not counted["requests"]:
            raise load.Refused("%s on %s: %s" % (path, side, counted))
        return counted["requests"] / counted["seconds"]
    return take


def alone(address):
    """Requests per second of one slow request, timed by itself."""
    started = time.monotonic()
    request = urllib.request.Request(address, headers={"X-OpenStack-Ironic-API-Version": rest.LATEST})
    with urllib.request.urlopen(request, timeout=120) as answer:
        answer.read()
    return 1 / (time.monotonic() - started)


def group_of(process):
    """/proc directories of a process group."""
    for entry in pathlib.Path("/proc").iterdir():
        try:
            if entry.name.isdigit() and os.getpgid(int(entry.name)) == process.pid:
                yield entry
        except ProcessLookupError:
            continue


def settle(process, seconds=30):
    """Wait until a server has done with requests that nobody waits for any more."""
    def ticks():
        total = 0
        for entry in group_of(process):
            try:
                total += sum(int(field) for field in (entry / "stat").read_text().rpartition(")")[2].split()[11:13])
            except OSError:
                continue
        return total
    end, before = time.monotonic() + seconds, ticks()
    while time.monotonic() < end:
        time.sleep(0.3)
        now = ticks()
        if now - before <= 3:       # a tenth of one CPU
            return
        before = now


def cycles(bench, side):
    _, url, _, uuids = bench.side(side)
    return load.cycle(url, uuids)


def memory(bench, side):
    """MB of the whole process group, pages shared between its processes counted once."""
    process = bench.side(side)[0]
    kilobytes = 0
    for entry in group_of(process):
        try:
            rollup = (entry / "smaps_rollup").read_text()
        except OSError:
            continue
        kilobytes += sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:"))
    return kilobytes / 1000


def first_answer(bench, side):
    """Seconds from starting the program until it answers `GET /`, with an empty database."""
    name, port = side + "-start", free_port()
    directory = (bench.processes.directory / name).resolve()
    database = "sqlite:///%s" % (directory / "ironic.sqlite")
    conf = configuration.write(directory / "ironic.conf", configuration.merge(
        configuration.contract(directory, port, database), {"api": {"api_workers": len(os.sched_getaffinity(0))}}))
    if side == "ironic":
        command = [ironic.binaries() / "ironic", "--config-file", conf]
        env = {"PATH": "%s:%s" % (ironic.shim(directory), os.environ["PATH"])}
        if not (directory / "ironic.sqlite").exists():
            ironic.dbsync(bench.processes, name, ironic.binaries() / "ironic-dbsync", conf)
    else:
        command, env = [bench.executable, "--config-file", conf], None
        if not (directory / "ironic.sqlite").exists():
            ferric.dbsync(bench.processes, bench.executable, conf, name)
    process = bench.processes.start(name, command, env=env)
    url, client = "http://127.0.0.1:%d" % port, None
    while True:
        try:
            client = rest.Rest(url, timeout=5)
            if client.call("GET", "/")[0] == 200:
                break
        except OSError:
            time.sleep(0.001)
        if not process.running() or time.monotonic() - process.started > 120:
            raise load.Refused("%s did not start:\n%s" % (side, process.tail()))
    took = time.monotonic() - process.started
    bench.processes.stop(process)
    return took


def ipmi_reads(bench, side):
    """Power states read a second, from 50 BMCs."""
    bmcs = bench.bmcs()
    if side == "ferric":
        done = subprocess.run([bench.reader(), str(bench.options.seconds), "64", bmcs[0].user, bmcs[0].password,
                               *(str(bmc.port) for bmc in bmcs)], stdout=subprocess.PIPE, text=True, check=True)
        counted = json.loads(done.stdout)
        return counted["reads"] / counted["seconds"]
    prerequisites.debian("ipmitool")
    program, end, reads = prerequisites.program("ipmitool"), time.monotonic() + bench.options.seconds, []
    started = time.monotonic()

    def worker(first):
        n = first
        while time.monotonic() < end:
            bmc = bmcs[n % len(bmcs)]
            n += IPMITOOLS
            subprocess.run([program, "-I", "lanplus", "-H", bmc.address, "-p", str(bmc.port), "-U", bmc.user, "-P", bmc.password,
                            "-C", "3", "-R", "3", "-N", "5", "power", "status"], stdout=subprocess.DEVNULL, check=True)
            reads.append(1)
    workers = [threading.Thread(target=worker, args=(n,)) for n in range(IPMITOOLS)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()
    return len(reads) / (time.monotonic() - started)


# ------------------------------------------------------------------- the table

@dataclasses.dataclass
class Measure:
    """What is measured, how, and how many times better than Ironic it shall be."""

    about: str
    unit: str
    wanted: int
    take: typing.Callable
    group: int
    more_is_better: bool = True


MEASURES = {
    "start": Measure("from start to the first answer", "s", 20, first_answer, 0, more_is_better=False),
    "get": Measure("GET one node by UUID", "requests/s", 80, wrk("get"), 1),
    "list": Measure("GET /v1/nodes, 1,000 nodes", "requests/s", 100, wrk("/v1/nodes?limit=1000", 4, 2), 1),
    "detail": Measure("GET /v1/nodes/detail, 1,000 nodes", "requests/s", 100, wrk("/v1/nodes/detail?limit=1000", 4, 3), 1),
    "patch": Measure("PATCH one field of a node", "requests/s", 40, wrk("patch"), 1),
    "provision": Measure("manage, provide, active, deleted on fake-hardware", "nodes/s", 20, cycles, 2),
    "memory": Measure("memory with 1,000 nodes, after all that", "MB", 8, memory, 2, more_is_better=False),
    "create": Measure("POST a node", "requests/s", 40, wrk("create"), 3),
    "ipmi": Measure("power states of 50 ipmi_sim BMCs, kept sessions against ipmitool processes", "reads/s", 500, ipmi_reads, 4),
}


COLLECTION_GROUP = 5
# Every other collection with as many rows as there are nodes, in short and with all fields.
COLLECTIONS = {
    "ports": "/v1/ports?limit=1000", "ports-detail": "/v1/ports/detail?limit=1000",
    "portgroups": "/v1/portgroups?limit=1000", "portgroups-detail": "/v1/portgroups/detail?limit=1000",
    "chassis": "/v1/chassis?limit=1000", "chassis-detail": "/v1/chassis/detail?limit=1000",
    "connectors": "/v1/volume/connectors?limit=1000", "connectors-detail": "/v1/volume/connectors?detail=True&limit=1000",
    "targets": "/v1/volume/targets?limit=1000", "targets-detail": "/v1/volume/targets?detail=True&limit=1000",
    "allocations": "/v1/allocations?limit=1000",
    "templates": "/v1/deploy_templates?limit=1000", "templates-detail": "/v1/deploy_templates?detail=True&limit=1000",
    "runbooks": "/v1/runbooks?limit=1000", "runbooks-detail": "/v1/runbooks?detail=True&limit=1000",
    "rules": "/v1/inspection_rules?limit=1000", "rules-detail": "/v1/inspection_rules?detail=True&limit=1000",
    "conductors": "/v1/conductors?limit=1000",
    "history": "/v1/nodes/%(node)s/history?limit=1000", "history-detail": "/v1/nodes/%(node)s/history?detail=True&limit=1000",
    "bios": "/v1/nodes/%(node)s/bios", "bios-detail": "/v1/nodes/%(node)s/bios?detail=True",
    "firmware": "/v1/nodes/%(node)s/firmware",
    "traits": "/v1/nodes/%(node)s/traits",
}
MEASURES.update({name: Measure("GET %s%s, %s rows" % (
    path.split("?")[0] % {"node": "..."}, " with all fields" if "detail" in path else "", "50" if name == "traits" else "1,000"),
                               "requests/s", 100, wrk(path, 4, filled=True), COLLECTION_GROUP) for name, path in COLLECTIONS.items()})


def groups(names):
    """The named measures, those that share rounds together."""
    for number in sorted({m.group for m in MEASURES.values()}):
        members = [name for name in MEASURES if name in names and MEASURES[name].group == number]
        if number == COLLECTION_GROUP:
            # each by itself: they do not depend on each other, and figures appear as they are taken
            yield from ([name] for name in members)
        elif members:
            yield members


def figure(value):
    """Three significant digits, with thousands apart."""
    if value >= 100:
        return "{:,.0f}".format(value)
    return "%.3g" % value
