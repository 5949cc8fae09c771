"""A conductor that dies or hangs at work, beside one that lives: what becomes of its nodes, and of what it still wants to write.

They share MariaDB and talk JSON-RPC, so that nothing but a conductor can be slow here.
"""
import os
import signal
import sys
import time

from runner import prerequisites
from runner.processes import free_port
from servers import configuration, ferric, mariadb
from servers.rest import Rest
from suites import faults, flows, interop

LIVES, FALLS = "127.0.0.2", "127.0.0.3"
# How long a fake interface works. A hung conductor is let go on before its work is done.
DEAD, HUNG = 600, 25
QUICK = {"conductor": {"heartbeat_interval": 1, "heartbeat_timeout": 8, "check_provision_state_interval": 1}}


def run(stage):
    if stage.oracle:
        return stage.report.add("two conductors", "skipped", "Ironic leaves all but two kinds of such nodes as they are")
    sys.path.insert(0, str(prerequisites.HERE / "flows"))
    stage.debian("mariadb-server")
    stage.executable()
    with stage.report.check("MariaDB starts", essential=True):
        database = mariadb.start(stage.processes)
    for how, seconds in (("dies", DEAD), ("hangs and comes back", HUNG)):
        with stage.report.group("a conductor %s" % how):
            falls(stage, Cluster(stage, how.split()[0], database), how, seconds)
    with stage.report.group("an agent whose conductor dies"):
        agent(stage, Cluster(stage, "agent", database))


class Cluster:
    """An API and two conductors, one of which will fall."""

    def __init__(self, stage, name, database):
        self.stage, self.name = stage, name
        self._connection, self._port = database.create("takeover_" + name), free_port()
        self.processes = {}

    def _changes(self, host, more=None):
        own = {"DEFAULT": {"rpc_transport": "json-rpc", "host": host}, "database": {"connection": self._connection},
               "json_rpc": {"host_ip": host, "port": self._port, "auth_strategy": "noauth"}}
        for changes in (QUICK, flows.AGENTS, more or {}):
            own = configuration.merge(own, changes)
        return own

    def conductor(self, host, more=None, fresh=False):
        name = "%s-%s-%d" % (self.name, host, len(self.processes))
        self.processes[host] = ferric.configured(
            self.stage.processes, self.stage.executable(), name, "conductor", self._changes(host, more), create_schema=fresh, drivers=None)[0]

    def start(self):
        self.conductor(LIVES, fresh=True)
        self.conductor(FALLS)
        process, url = ferric.configured(self.stage.processes, self.stage.executable(), self.name + "-api", "api",
                                         self._changes("127.0.0.1"), create_schema=False, drivers=4)
        self.processes["api"], self.url, self.rest = process, url, Rest(url)
        self.until(lambda: self._hosts() == {LIVES, FALLS}, 90, self._hosts)

    def _hosts(self):
        status, driver = self.rest.call("GET", "/v1/drivers/fake-hardware")
        return {host.split(":")[0] for host in driver["hosts"]} if status == 200 else {status}

    def owner(self, node):
        """The host that the ring gives the node to; with JSON-RPC its port is a part of its name."""
        return str(self.rest.node(node)["conductor"]).split(":")[0]

    def stop(self):
        for process in self.processes.values():
            self.stage.processes.stop(process)

    def until(self, condition, seconds, seen=lambda: ""):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "not after %d s: %s" % (seconds, seen())
            time.sleep(0.2)

    def node_of(self, host, body):
        """A node that the ring gives to this conductor."""
        while True:
            uuid = self.rest.ok("POST", "/v1/nodes", {**interop.FAKE, **body})["uuid"]
            if self.owner(uuid) == host:
                return uuid
            self.rest.ok("DELETE", "/v1/nodes/" + uuid)


def falls(stage, cluster, how, seconds):
    report, nodes = stage.report, {}
    with report.check("nodes of it reach their starting states", essential=True):
        cluster.start()
        rest = cluster.rest
        for number, (verb, _, before, _, _) in enumerate(faults.WORKING):
            uuid = nodes[number] = cluster.node_of(FALLS, {"name": "%s-%d" % (verb, number)})
            for step in faults.WAYS[before]:
                rest.provision(uuid, step, faults.ENDS[step], **({"rescue_password": "a-secret-word"} if step == "rescue" else {}))
        switched = cluster.node_of(FALLS, {"name": "switched"})
    with report.check("all are worked on when it falls", essential=True):
        stage.processes.stop(cluster.processes[FALLS], 60)
        cluster.conductor(FALLS, {"fake": {name + "_delay": seconds for name in faults.DELAYS}})
        cluster.until(lambda: all(cluster.owner(uuid) == FALLS for uuid in nodes.values()), 60)
        for number, (verb, arguments, _, _, _) in enumerate(faults.WORKING):
            rest.ok("PUT", "/v1/nodes/%s/states/provision" % nodes[number], {"target": verb, **arguments})
        rest.ok("PUT", "/v1/nodes/%s/states/power" % switched, {"target": "power on"})
        for number, (_, _, _, working, _) in enumerate(faults.WORKING):
            cluster.until(lambda: rest.node(nodes[number])["provision_state"] == working, 10, lambda: rest.node(nodes[number])["provision_state"])
        if how == "dies":
            cluster.processes[FALLS].kill()
        else:
            os.kill(cluster.processes[FALLS].pid, signal.SIGSTOP)
        fell = time.monotonic()
    settled = {}
    for number, (verb, _, _, working, wanted) in enumerate(faults.WORKING):
        with report.check("%s (%s): the other one makes it %s" % (working, verb, ", ".join(wanted.values()))):
            def done():
                node = settled[number] = rest.node(nodes[number])
                return node["reservation"] is None and all(node[field] == value for field, value in wanted.items())
            cluster.until(done, 30, lambda: {key: settled[number][key] for key in ("provision_state", "reservation", "last_error")})
            node = settled[number]
            assert node["last_error"] and node["target_power_state"] is None, node
            # A cleaning that had begun a step goes into maintenance, as with Ironic.
            assert (node["fault"] == "clean failure") == node["maintenance"], (node["fault"], node["maintenance"])
    with report.check("a power change is given up"):
        cluster.until(lambda: rest.node(switched)["target_power_state"] is None and not rest.node(switched)["reservation"], 30)
        settled["switched"], nodes["switched"] = rest.node(switched), switched
    report.note("a conductor that %s: its nodes were free after %.1f s" % (how, time.monotonic() - fell))
    if how != "dies":
        with report.check("it comes back, and can write nothing of what it had begun"):
            assert time.monotonic() - fell < seconds, "its work would have ended by itself"
            os.kill(cluster.processes[FALLS].pid, signal.SIGCONT)
            cluster.until(lambda: all(cluster.owner(uuid) == FALLS for uuid in nodes.values()), 60)
            time.sleep(max(0, fell + seconds - time.monotonic()) + 5)
            for number, uuid in nodes.items():
                node = rest.node(uuid)
                changed = {key: (settled[number][key], node[key]) for key in node
                           if key not in ("updated_at", "conductor") and node[key] != settled[number][key]}
                assert not changed, "%s: %s" % (node["name"], changed)
    with report.check("the nodes can be used again"):
        rest.provision(nodes[0], "manage", "manageable", seconds=120)
    cluster.stop()


def agent(stage, cluster):
    from walk import Side
    report = stage.report
    with report.check("a deployment waits while its agent writes the image", essential=True):
        cluster.start()
        side = Side(cluster.url)
        body = {"deploy_interface": "direct", "management_interface": "noop", "automated_clean": False, "instance_info": {
            **flows.IMAGE, "image_type": "whole-disk", "image_source": side.agent.url + "/image.raw"}}
        node = cluster.node_of(FALLS, body)
        side.rest.ok("POST", "/v1/ports", {"node_uuid": node, "address": "52:54:00:fa:11:01"})
        for verb, state in (("manage", "manageable"), ("provide", "available"), ("active", "wait call-back")):
            side.rest.provision(node, verb, state)
        assert side.lookup(node)[0] == 200
        side.agent.moods[node] = "is busy"
        assert side.heartbeat(node, {})[0] == 202
        cluster.until(lambda: any("write_image" in call for call in side.agent.calls[node]), 20, lambda: side.agent.calls[node])
        side.rests(node)
    with report.check("another conductor takes the node over"):
        cluster.processes[FALLS].kill()
        cluster.until(lambda: cluster.owner(node) == LIVES, 40)
        seen = side.rests(node)
        assert seen["provision_state"] == "wait call-back" and not seen["last_error"], (seen["provision_state"], seen["last_error"])
    with report.check("the agent's next heartbeats end the deployment, with the token it has"):
        side.agent.moods[node] = "works"
        for _ in range(8):
            if side.rest.node(node)["provision_state"] == "active":
                break
            status, answer = side.heartbeat(node, {})
            assert status == 202, (status, answer)
            seen = side.rests(node)
            assert seen["provision_state"] in ("wait call-back", "active"), (seen["provision_state"], seen["last_error"])
        assert side.rest.node(node)["provision_state"] == "active", side.rest.node(node)["last_error"]
    with report.check("no step ran twice"):
        ran = [call for call in side.agent.calls[node] if "execute_" in call]
        assert ran and len(ran) == len(set(ran)), ran
    side.agent.close()
    cluster.stop()
