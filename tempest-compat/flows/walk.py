"""One node's random walk, on both servers at once, until they differ or the walk ends."""
import concurrent.futures
import json
import random
import time
import uuid

import agent
import steps
import view
from servers.rest import Rest

INTERFACES = {
    "bios": ("fake", "fake", "no-bios"), "console": ("fake", "no-console"), "deploy": ("fake", "fake", "direct", "direct", "ramdisk"),
    "firmware": ("fake", "no-firmware"), "inspect": ("fake", "no-inspect", "agent", "agent"), "raid": ("fake", "no-raid", "agent"),
    # The fake management boots from the network only, so that an image is never booted with it.
    "management": ("fake", "noop", "noop"), "rescue": ("fake", "no-rescue", "agent", "agent"), "storage": ("fake", "noop"), "vendor": ("fake", "no-vendor"),
}
PATIENCE = 40               # seconds for a node to come to rest
AGENT = "13.0.0"


class Side:
    """One of the two servers, with the agents it talks to."""

    def __init__(self, base):
        self.base = base.rstrip("/")
        self.rest = Rest(base, timeout=90)
        self.agent = agent.Agent()
        self.tokens = {}

    def ask(self, method, path, body=None, version=None):
        return self.rest.call(method, path, body, version=version)

    def rests(self, node):
        """Waits for the node to come to rest; returns it, or None when it is gone."""
        end = time.monotonic() + PATIENCE
        quiet = 0
        while True:
            status, seen = self.ask("GET", "/v1/nodes/" + node)
            if status == 404:
                return None
            quiet = quiet + 1 if status == 200 and view.settled(seen) else 0
            if quiet > 1 or time.monotonic() > end:
                return seen
            time.sleep(0.03 if quiet else 0.06)

    # What an agent does. Each returns a status.

    def lookup(self, node):
        status, answer = self.ask("GET", "/v1/lookup?node_uuid=" + node, version="1.62")
        token = ((answer or {}).get("config") or {}).get("agent_token")
        if status == 200 and token and "*" not in token:
            self.tokens[node] = token
        self.agent.reboots(node)
        return status, answer

    def heartbeat(self, node, changes):
        body = {"callback_url": "%s/%s" % (self.agent.url, node), "agent_token": self.tokens.get(node, "none"),
                "agent_version": AGENT, **changes}
        def last():
            return ((self.ask("GET", "/v1/nodes/" + node)[1] or {}).get("driver_internal_info") or {}).get("agent_last_heartbeat")
        before = last()
        answer = self.ask("POST", "/v1/heartbeat/" + node, body, version="1.68")
        # It is worked on after the answer; in some states it is not taken at all.
        end = time.monotonic() + 2.5
        while answer[0] == 202 and last() == before and time.monotonic() < end:
            time.sleep(0.05)
        return answer

    def inventory(self, node, body):
        return self.ask("POST", "/v1/continue_inspection?node_uuid=" + node, body)


class Stopped(Exception):
    """Ironic stumbled over its own database: there is nothing to compare with."""


class Walk:
    """One node, from enrolment to its end."""

    def __init__(self, sides, seed, length):
        self.sides, self.length = sides, length
        self.chance = random.Random("walk-%s" % seed)
        self.seed = seed
        self.trail = []         # what was done, and what came of it
        self.words = []         # (action, Ironic's words, ours): for people
        self._pool = concurrent.futures.ThreadPoolExecutor(2)
        fresh = lambda: str(uuid.UUID(int=self.chance.getrandbits(128), version=4))     # noqa: E731
        self.node = fresh()
        self._fresh = fresh
        number = "%08X" % self.chance.getrandbits(32)
        self.undecided = False
        self.names = {"{node}": self.node, "@child": fresh(), "@port": fresh(), "@allocation": fresh(), "@instance": fresh(),
                      "@runbook": fresh(), "CUSTOM_GOLD": "CUSTOM_GOLD_" + number, "CUSTOM_SILVER": "CUSTOM_SILVER_" + number,
                      "@name": "node-" + number.lower(), "vif-": "vif-%s-" % number.lower()}

    def both(self, action):
        """The same done on both sides at once."""
        return list(self._pool.map(action, self.sides))

    def ask(self, method, path, body=None, version=None):
        path, body = steps.filled(path, self.names), steps.filled(body, self.names)
        return self.both(lambda side: side.ask(method, path, body, version))

    def begin(self):
        chance = self.chance
        interfaces = {kind + "_interface": chance.choice(names) for kind, names in INTERFACES.items()}
        body = {"uuid": "{node}", "driver": "fake-hardware", **interfaces, "resource_class": chance.choice(("gold", "silver")),
                "automated_clean": chance.choice((True, True, False, None)),
                "properties": chance.choice(({}, {"cpu_arch": "x86_64"}, {"capabilities": "boot_mode:uefi"}))}
        image = {"image_source": "@image", "image_checksum": "0123456789abcdef0123456789abcdef", "image_disk_format": "raw", "root_gb": 1}
        body["instance_info"] = chance.choice((
            {}, image, image, {"image_source": "@image", "kernel": "http://127.0.0.1:9/k", "ramdisk": "http://127.0.0.1:9/r"},
            {"traits": ["CUSTOM_GOLD"]}, {**image, "traits": ["CUSTOM_GOLD"]}))

        def create(side):
            names = {**self.names, "@image": side.agent.url + "/image.raw"}
            return side.ask("POST", "/v1/nodes", steps.filled(body, names))
        lines = self.compared("create", self.both(create))
        lines += self.compared("port", self.ask("POST", "/v1/ports", {"uuid": "@port", "node_uuid": "{node}", "address": self._mac()}))
        lines += self.compared("child", self.ask("POST", "/v1/nodes", {"uuid": "@child", "driver": "fake-hardware"}))
        if chance.random() < 0.3:
            book = {"uuid": "@runbook", "name": "CUSTOM_GOLD", "steps": [{**chance.choice(steps.CLEAN_STEPS[:3]), "args": {}, "order": 1}]}
            book["steps"][0].pop("execute_on_child_nodes", None)
            lines += self.compared("runbook", self.ask("POST", "/v1/runbooks", book))
        return lines

    def _mac(self):
        return "52:54:%s" % ":".join("%02x" % self.chance.getrandbits(8) for _ in range(4))

    def compared(self, name, answers, bodies=False):
        """What differs between two answers; their bodies matter only where nothing else shows them."""
        (wanted, first), (got, second) = answers
        self.trail.append("%s: %d" % (name, wanted))
        if wanted >= 500 and "database is locked" in str(first):
            raise Stopped
        if wanted >= 500 and (name.startswith("/") or " GET " in name):
            return []           # nor does it show what it crashes on
        if wanted >= 500 and 400 <= got < 500:
            # Ironic crashed where it should refuse; the allocation it crashed on stays undecided there.
            self.undecided = self.undecided or "POST /v1/allocations" in name
            return []
        if wanted != got:
            return ["%s: status %d wanted, is %d: %s | %s" % (name, wanted, got, view.short(first), view.short(second))]
        if bodies and wanted < 300:
            return list(view.differences(view.canonical(first, self.sides[0]), view.canonical(second, self.sides[1]), name))
        if wanted >= 400:
            self.words.append((name, view.short(first), view.short(second)))
        return []

    def step(self, state):
        """Does the next thing; returns what differed in the answers."""
        chance = self.chance
        draw = chance.random()
        likely = steps.LIKELY.get(state, ["manage"])
        verb = chance.choice(likely) if draw < 0.68 else chance.choice(steps.VERBS) if draw < 0.78 else None
        if verb and verb.startswith("*"):
            return self.special(verb[1:])
        if verb:
            method, path, body = steps.provision(verb, chance)
            name = "%s %s" % (verb, json.dumps({k: v for k, v in body.items() if k != "target"}) if len(body) > 1 else "")
            return self.compared(name, self.ask(method, path, body, "1.115"))
        name, method, path, body = steps.other(chance)
        names = {"@new port": self._fresh(), "@new mac": self._mac()}
        path, body = steps.filled(path, names), steps.filled(body, names)
        return self.compared("%s %s %s %s" % (name, method, path.replace("/v1/nodes/{node}", ""), json.dumps(body)), self.ask(method, path, body),
                             bodies=name in ("vendor", "node deleted"))

    def special(self, what):
        chance, node = self.chance, self.node
        if what == "maintenance off":
            return self.compared("maintenance off", self.ask("DELETE", "/v1/nodes/{node}/maintenance"))
        if what == "inventory":
            body = {"inventory": {
                "cpu": {"count": 4, "architecture": chance.choice(("x86_64", "aarch64")), "model_name": "c", "frequency": "2000", "flags": ["vmx"]},
                "memory": {"physical_mb": 2048, "total": 2147483648}, "disks": [{"name": "/dev/sda", "size": 21474836480, "model": "m"}],
                "interfaces": [{"name": "eth0", "mac_address": self._mac(), "has_carrier": True, "ipv4_address": "192.0.2.5", "lldp": None,
                                "pci_address": "0000:00:01.0", "product": "0x1", "vendor": "0x2"}],
                "bmc_address": None, "boot": {"current_boot_mode": chance.choice(("bios", "uefi")), "pxe_interface": None},
                "system_vendor": {"product_name": "p", "manufacturer": "m", "serial_number": "s"}, "hostname": "h"}}
            body.update(chance.choice(({}, {"plugin": {"a": 1}}, {"error": "the agent found nothing"}, {"boot_interface": None})))
            if chance.random() < 0.08:
                body["inventory"].pop(chance.choice(("interfaces", "cpu", "memory", "disks")))
            return self.compared("inventory %s" % sorted(body), self.both(lambda side: side.inventory(node, body)))
        if chance.random() < 0.5:
            mood = chance.choice(agent.MOODS)
            for side in self.sides:
                side.agent.moods[node] = mood
        mood = self.sides[0].agent.moods[node]
        if node not in self.sides[0].tokens or chance.random() < 0.15:
            lines = self.compared("lookup", self.both(lambda side: side.lookup(node)))
            if lines:
                return lines
        changes = {}
        if chance.random() < 0.1:
            changes = chance.choice(({"agent_token": "wrong"}, {"callback_url": "http://127.0.0.1:9"}, {"agent_version": "1.0"}, {"agent_status": "error"},
                                     {"agent_status": "start"}, {"agent_status": "end", "agent_status_message": "done"}))
        return self.compared("heartbeat %s of an agent that %s" % (changes or "", mood), self.both(lambda side: side.heartbeat(node, changes)))

    def look(self):
        """(state, lines): where the node stands with Ironic, and what differs from ours."""
        wanted, got = self.both(lambda side: side.rests(self.node))
        if wanted is None or got is None:
            return None, [] if wanted is got else ["the node is gone on one side only: %s" % ("Ironic's" if wanted is None else "ours")]
        if not view.settled(wanted) and view.settled(got):
            return None, []         # Ironic's own worker crashed, and its node will not move again
        self.trail[-1] += " -> %s%s" % (wanted["provision_state"], " (maintenance)" if wanted["maintenance"] else "")
        if wanted.get("last_error") or got.get("last_error"):
            self.words.append((self.trail[-1], wanted.get("last_error"), got.get("last_error")))
        lines = list(view.differences(view.of_node(wanted, self.sides[0]), view.of_node(got, self.sides[1])))
        histories = [view.history(side.ask("GET", "/v1/nodes/%s/history?detail=true" % self.node)[1], side) for side in self.sides]
        lines += list(view.differences(*histories, "history"))
        calls = [side.agent.called(self.node) for side in self.sides]
        lines += list(view.differences(*calls, "commands of the agent"))
        # A node that was freed may have to be asked for again after a new boot.
        if wanted["provision_state"] not in ("clean wait", "wait call-back", "inspect wait", "rescue wait", "service wait", "clean hold",
                                             "deploy hold", "service hold", "rescue", "active"):
            for side in self.sides:
                side.tokens.pop(self.node, None)
        return wanted["provision_state"], lines

    def around(self):
        """What differs in everything that belongs to the node."""
        lines = []
        for path in ("/ports", "/vifs", "/bios", "/traits", "/firmware", "/inventory", "/validate", "/states", "/management/boot_device",
                     "/management/boot_device/supported", "/management/indicators", "/states/console", "/volume", "/allocation"):
            lines += self.compared(path, self.ask("GET", "/v1/nodes/{node}" + path), bodies=path != "/inventory")
            self.trail.pop()
        lines += self.compared("child", self.ask("GET", "/v1/nodes/@child"), bodies=True)
        self.trail.pop()
        lines += self.compared("ports", self.ask("GET", "/v1/ports/detail?node={node}"), bodies=True)
        self.trail.pop()
        if not self.undecided:
            self.both(self._allocated)
            lines += self.compared("allocation", self.ask("GET", "/v1/allocations/@allocation"), bodies=True)
            self.trail.pop()
        return lines

    def _allocated(self, side):
        """Waits until the allocation, if there is one, was decided on."""
        end = time.monotonic() + PATIENCE
        while (side.ask("GET", "/v1/allocations/" + self.names["@allocation"])[1] or {}).get("state") == "allocating" and time.monotonic() < end:
            time.sleep(0.1)

    def run(self):
        """What differed, as lines; none is what is hoped for."""
        try:
            lines = self.begin()
            state = None
            if not lines:
                state, lines = self.look()
            while not lines and state is not None and len(self.trail) < self.length:
                lines = self.step(state)
                state, seen = self.look()
                lines += seen
                # A node deep in another state is looked at from all sides now and then.
                if not lines and state is not None and (self.chance.random() < 0.12 or len(self.trail) >= self.length):
                    lines = self.around()
            return lines
        except Stopped:
            return []
        finally:
            self.end()
            self._pool.shutdown()

    def end(self):
        """Takes away what the walk made."""
        for path in ("/v1/allocations/@allocation", "/v1/deploy_templates/CUSTOM_GOLD", "/v1/runbooks/@runbook"):
            self.ask("DELETE", path)
        for node in ("{node}", "@child"):
            self.ask("PUT", "/v1/nodes/%s/maintenance" % node, {})
            self.ask("PATCH", "/v1/nodes/" + node, [{"op": "add", "path": "/protected", "value": False}])
            self.ask("DELETE", "/v1/nodes/" + node)
