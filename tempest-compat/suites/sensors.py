"""Sensors out: `/metrics` beside what ironic-prometheus-exporter makes of the notifications we send.

ipmi_sim and Redfish BMCs of every make are read; their readings go over RabbitMQ to a consumer of Ironic's, and
from there to the exporter, unmodified. Families, types, labels and values have to be those of `/metrics`.
"""
import json
import re
import time
import urllib.request

from servers import bmc_ipmi, bmc_sim, rabbitmq
from servers.rest import Rest

EXPORTER = "ironic-prometheus-exporter==4.10.0"
SERVERS = bmc_sim.__file__.rpartition("/")[0]
SAMPLE = re.compile(r'^([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{(.*)\})? (\S+)$')
LABEL = re.compile(r'([a-zA-Z_][a-zA-Z0-9_]*)="((?:[^"\\]|\\.)*)"')
MOMENTS = {"baremetal_last_payload_timestamp_seconds", "conductor_service_last_payload_timestamp_seconds"}


class Metrics:
    """A text that Prometheus reads: types by family, and values by family and labels."""

    def __init__(self, text):
        self.types, self.samples = {}, {}
        for line in text.splitlines():
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                self.types[name] = kind
            elif line and not line.startswith("#"):
                name, labels, value = SAMPLE.match(line).groups()
                self.samples[name, frozenset(LABEL.findall(labels or ""))] = float(value)

    def of(self, label, value):
        return {key: number for key, number in self.samples.items() if (label, value) in key[1]}


def run(stage):
    if stage.oracle:
        stage.report.add("the sensors of our server", "skipped", "the real Ironic has no /metrics")
        return
    report = stage.report
    stage.debian("rabbitmq-server", "openipmi")
    python = stage.venv("exporter", EXPORTER) / "python"
    seen, written = stage.directory.resolve() / "notifications.jsonl", stage.directory.resolve() / "exporter"
    seen.write_text("")
    with report.check("RabbitMQ, a consumer, the BMCs and the server start", essential=True):
        broker = rabbitmq.start(stage.processes)
        listener = stage.processes.start("listener", [python, SERVERS + "/bus_listener.py", broker.url, "ironic", seen, "notifications"])
        listener.wait_until(lambda: "listening" in listener.tail(), 60, "listening")
        bmcs = {"ipmi": ("ipmi", bmc_ipmi.start(stage.processes, "bmc").driver_info())}
        simulator = bmc_sim.build(report.progress)
        for model in bmc_sim.MODELS:
            bmcs[model] = ("redfish", bmc_sim.start(stage.processes, simulator, model).driver_info())
        _, url = stage.serve("server", {
            "DEFAULT": {"transport_url": broker.url},
            "oslo_messaging_notifications": {"driver": "messagingv2"},
            "metrics": {"backend": "collector"},
            "conductor": {"sync_power_state_interval": 1},
            "sensor_data": {"send_sensor_data": True, "interval": 1, "enable_for_undeployed_nodes": True, "enable_for_conductor": True}})
    rest, nodes = Rest(url), {}
    with report.check("every BMC's sensors come to the bus", essential=True):
        for name, (driver, info) in bmcs.items():
            nodes[name] = rest.ok("POST", "/v1/nodes", {"driver": driver, "name": "sensed-" + name, "driver_info": info})["uuid"]
        end = time.monotonic() + 60
        while True:
            senders = {row["payload"].get("node_uuid") for row in map(json.loads, seen.read_text().splitlines())}
            if senders >= {*nodes.values(), None}:
                break
            assert time.monotonic() < end, "silent: %s" % [name for name, uuid in nodes.items() if uuid not in senders]
            time.sleep(0.5)
    with report.check("the exporter digests all of it", essential=True):
        ours = Metrics(_metrics(url))
        written.mkdir(exist_ok=True)
        feed = stage.processes.start("exporter", [python, SERVERS + "/sensor_exporter.py", seen, written])
        feed.finish(60)
        complaints = [line for line in feed.log.read_text().splitlines() if line.startswith(("hardware.", "ironic."))]
        assert not complaints, "\n".join(complaints)
        theirs = {path.name: Metrics(path.read_text()) for path in written.iterdir()}
    for name in bmcs:
        with report.check("the sensors of %s are under the exporter's names and labels" % name):
            node = nodes[name]
            theirs_of = next(metrics for file, metrics in theirs.items() if file.startswith("sensed-%s-" % name))
            _compare(ours.of("node_uuid", node), theirs_of.samples)
            assert len(theirs_of.samples) > 3, theirs_of.samples
            wrong = {family: (kind, ours.types.get(family)) for family, kind in theirs_of.types.items() if ours.types.get(family) != kind}
            assert not wrong, wrong
    with report.check("so are the conductor's own numbers"):
        own = next(metrics for file, metrics in theirs.items() if file.endswith("-ironic.metrics"))
        known = {key for key in ours.samples if key[0] in own.types}
        assert known and set(own.samples) <= known, sorted(set(own.samples) - known, key=str)
        assert {ours.types[name] for name in own.types} == {"gauge"}
    with report.check("what a BMC says of its machine's health is the node's"):
        for node in nodes.values():
            rest.provision(node, "manage", "manageable")
        end = time.monotonic() + 30
        while True:
            health = {name: rest.node(nodes[name])["health"] for name, (driver, _) in bmcs.items() if driver == "redfish"}
            if set(health.values()) == {"OK"}:
                break
            assert time.monotonic() < end, health
            time.sleep(0.5)
        assert rest.node(nodes["ipmi"])["health"] is None
    with report.check("BMCs are timed by address and operation"):
        timed = {key for key in ours.samples if key[0] == "baremetal_bmc_request_duration_seconds_count"}
        assert {dict(labels)["operation"] for _, labels in timed} >= {"sensors"}, timed
        assert len({dict(labels)["bmc"] for _, labels in timed}) == len({_host(info) for _, info in bmcs.values()}), timed
    with report.check("a node that is gone is gone from /metrics"):
        rest.ok("DELETE", "/v1/nodes/" + nodes["ipmi"])
        end = time.monotonic() + 20
        while Metrics(_metrics(url)).of("node_uuid", nodes["ipmi"]):
            assert time.monotonic() < end, "it is still there"
            time.sleep(0.5)


def _host(info):
    if "ipmi_address" in info:
        return info["ipmi_address"]
    return info["redfish_address"].split("//")[1]


def _metrics(url):
    with urllib.request.urlopen(url + "/metrics", timeout=30) as answer:
        return answer.read().decode()


def _compare(ours, theirs):
    missing, more = sorted(set(theirs) - set(ours), key=str), sorted(set(ours) - set(theirs), key=str)
    assert not missing and not more, "only the exporter has %s;\nonly we have %s" % (missing[:5], more[:5])
    other = {key: (ours[key], value) for key, value in theirs.items() if key[0] not in MOMENTS and ours[key] != value}
    assert not other, other
