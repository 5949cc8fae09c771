#!/usr/bin/env python3
"""Inspection rules drawn at random, run on what an agent found, by the real Ironic and by our server.

    rules.py --ironic http://127.0.0.1:6391 --server http://127.0.0.1:6385 --cases 200 [--seed 39]

Both run with the contract's configuration. A rule begins with a condition that only its own case's node meets, so
cases don't disturb each other.
"""
import argparse
import concurrent.futures
import json
import pathlib
import random
import sys
import time
import uuid

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1]), str(pathlib.Path(__file__).resolve().parent)]

import view  # noqa: E402
from walk import Side  # noqa: E402

TEXTS = (
    "{inventory[cpu][architecture]}", "{inventory[cpu][count]}", "{inventory[memory][physical_mb]}", "{inventory[disks][0][name]}",
    "{inventory[disks][9][name]}", "{inventory[disks][-1][name]}", "{inventory[nosuch]}", "{inventory[nothing]}", "{inventory[flag]}",
    "{inventory[float]}", "{inventory[words]}", "{inventory[cpu]}", "{inventory[empty]}", "{inventory[none][x]}", "{inventory[text]}",
    "{inventory[bmc_password]}", "{inventory[nested][password]}", "{inventory[nested]}", "{inventory[interfaces][0][mac_address]}",
    "{plugin_data[a]}", "{plugin_data[deep][b]}", "{plugin_data[list]}", "{plugin_data[nosuch]}", "{plugin_data[auth_token]}",
    "{node.driver}", "{node.uuid}", "{node.name}", "{node.resource_class}", "{node.extra[old]}", "{node.extra[nosuch]}", "{node.nosuch}",
    "{node.properties[cpu_arch]}", "{node.maintenance}", "{node.automated_clean}", "{node.driver_info[ipmi_password]}",
    "{inventory[cpu][count]:>5}", "{inventory[cpu][count]:03d}", "{inventory[text]!r}", "{inventory[text]!s:.2}", "{{literal}}", "{", "}", "{}",
    "{0}", "{item}", "{item[name]}", "{inventory}", "plain", "", "x86_64", "4", "Yes", "no", "TRUE", "gold", "10.1.2.3", "a, {node.driver} b")
VALUES = (1, 0, 4, 4.0, 2.5, True, False, None, [], {}, [1, "a"], {"k": "{node.driver}"}, ["{inventory[cpu][count]}", 4], "4", -1)
REGEXES = ("x86.*", "^x86_64$", "[a-z]+", "64", "(?i)X86", r"\d+", "", "[", "a|b", "(?P<n>x)86", r"\bx86", "x86_6", ".", "^$", "(?=x)x86.*")
PATHS = ("/extra/a", "/extra/old", "extra.b", "/extra/deep/er/c", "/extra/list", "/properties/cpu_arch", "/properties/capabilities", "description",
         "/description", "resource_class", "/resource_class", "/name", "name", "/driver_info/ipmi_address", "/instance_info/x", "/maintenance",
         "/extra", "extra", "/nosuch", "/nosuch/x", "/description/x", "/automated_clean", "/lessee", "/owner", "/retired", "/protected", "/shard",
         "/conductor_group", "/driver_internal_info/mine", "/extra/old/x", "/extra/list/0", "/properties", "/instance_uuid", "/fault",
         "/disable_power_off", "/", "", "/extra/", "//extra//a", "/boot_mode", "/last_error", "/bios_interface")
PORT_PATHS = ("/extra/a", "extra.b", "/extra/deep/c", "/extra/list", "/pxe_enabled", "/physical_network", "/local_link_connection/switch_id", "/nosuch",
              "/name", "/address", "/extra", "/is_smartnic", "/description", "/category", "/internal_info/x")
PLUGIN_PATHS = ("a", "deep.b", "deep.new.er", "new", "list", "list.x", "deep", "a.x", ["deep", "b"], ["x", "y"], "nosuch.b", "deep.only", "")
ITEMS = (["a", "b"], [1, 2, 3], [{"name": "n1", "path": "/extra/n1", "value": "{inventory[cpu][count]}"}, {"name": "n2", "path": "/extra/n2", "value": 5}],
         {"name": "one", "path": "/extra/one", "value": "v"}, [], ["/extra/l1", "/extra/l2"], [None, True], [["x"]], ["{node.driver}", "{inventory[text]}"])
OPERATORS = ("eq", "lt", "gt", "is-empty", "in-net", "matches", "contains", "one-of", "is-none", "is-true", "is-false")
ACTIONS = ("log", "set-attribute", "set-attribute", "set-attribute", "extend-attribute", "extend-attribute", "del-attribute", "set-capability",
           "unset-capability", "add-trait", "remove-trait", "set-plugin-data", "extend-plugin-data", "unset-plugin-data", "set-port-attribute",
           "extend-port-attribute", "del-port-attribute", "fail", "api-call")


def value(chance):
    return chance.choice(TEXTS) if chance.random() < 0.7 else chance.choice(VALUES)


def condition(chance):
    kind = chance.choice(OPERATORS)
    pick = chance.choice
    if kind in ("eq", "lt", "gt"):
        args = {"values": [value(chance) for _ in range(pick((2, 2, 2, 3, 1, 0)))]}
        if chance.random() < 0.4:
            args["values"] = [pick(TEXTS[:6]), pick(("x86_64", "4", 4, "2048", "/dev/sda"))]
        if chance.random() < 0.3:
            args["force_strings"] = pick((True, False))
    elif kind == "in-net":
        args = {"address": pick(("10.1.2.3", "{inventory[bmc_address]}", "fe80::1", "x", "10.1.2.300", "", "{inventory[nosuch]}")),
                "subnet": pick(("10.1.0.0/16", "10.0.0.0/255.0.0.0", "fe80::/10", "10.1.2.3", "10.1.2.0/33", "x", "192.0.2.0/24", "10/8", "10.1"))}
    elif kind in ("matches", "contains"):
        args = {"value": value(chance), "regex": pick(REGEXES)}
    elif kind == "one-of":
        args = {"value": value(chance), "values": pick(([], ["x86_64", "4"], [4, True], ["{inventory[cpu][architecture]}"], "x86_64 4", [None, "plain"]))}
    else:
        args = {"value": value(chance)}
    if chance.random() < 0.1:
        args = list(args.values())
    made = {"op": pick(("", "", "", "!", "! ")) + kind, "args": args}
    if chance.random() < 0.25:
        made["loop"] = pick(ITEMS)
        if chance.random() < 0.7:
            made["multiple"] = pick(("any", "all", "first", "last"))
        if kind == "eq" and chance.random() < 0.7:
            made["args"] = {"values": ["{item}", pick(("a", "b", "1", 2, "{inventory[cpu][count]}"))]}
    return made


def action(chance, urls):
    kind, pick = chance.choice(ACTIONS), chance.choice
    unique = {"unique": pick((True, False))} if chance.random() < 0.5 else {}
    args = {
        "log": lambda: {"msg": value(chance), **({"level": pick(("debug", "WARNING", "loud", "critical"))} if chance.random() < 0.5 else {})},
        "fail": lambda: {"msg": value(chance)},
        "set-attribute": lambda: {"path": pick(PATHS), "value": value(chance)},
        "extend-attribute": lambda: {"path": pick(PATHS), "value": value(chance), **unique},
        "del-attribute": lambda: {"path": pick(PATHS)},
        "set-capability": lambda: {"name": pick(("boot_mode", "disk", "a:b", "", "{node.driver}")), "value": value(chance)},
        "unset-capability": lambda: {"name": pick(("boot_mode", "disk", "old", "ol"))},
        "add-trait": lambda: {"name": pick(("CUSTOM_RULED", "CUSTOM_OLD", "HW_CPU_X86_VMX", "not a trait", "{node.driver}", "CUSTOM_" + "X" * 260))},
        "remove-trait": lambda: {"name": pick(("CUSTOM_OLD", "CUSTOM_NOSUCH"))},
        "set-plugin-data": lambda: {"path": pick(PLUGIN_PATHS), "value": value(chance)},
        "extend-plugin-data": lambda: {"path": pick(PLUGIN_PATHS), "value": value(chance), **unique},
        "unset-plugin-data": lambda: {"path": pick(PLUGIN_PATHS)},
        "set-port-attribute": lambda: {"port_id": pick(("@port", "@port", "@port", "nosuch")), "path": pick(PORT_PATHS), "value": value(chance)},
        "extend-port-attribute": lambda: {"port_id": "@port", "path": pick(PORT_PATHS), "value": value(chance), **unique},
        "del-port-attribute": lambda: {"port_id": "@port", "path": pick(PORT_PATHS)},
        "api-call": lambda: {"url": pick(urls), **pick(({}, {"retries": 0, "backoff_factor": 0}, {"timeout": "2"}, {"timeout": -1}, {"timeout": "x"},
                                                        {"headers": {"X-A": "b"}}))},
    }[kind]()
    if chance.random() < 0.08 and kind not in ("api-call", "log"):
        args = list(args.values())
    made = {"op": kind, "args": args}
    if chance.random() < 0.25:
        made["loop"] = pick(ITEMS)
        if isinstance(args, dict) and "path" in args and chance.random() < 0.7:
            args["path"] = pick(("{item}", "{item[path]}", "/extra/{item}", "/extra/{item[name]}"))
            if "value" in args:
                args["value"] = pick(("{item}", "{item[value]}", "{item[name]} of {node.driver}", 5))
    return made


def rules(chance, node, urls):
    own = {"op": "eq", "args": {"values": ["{node.uuid}", node]}}
    return [{"priority": chance.choice((0, 0, 1, 50, 9999)), "description": "rule %d" % number,
             **({"sensitive": chance.choice((True, False))} if chance.random() < 0.3 else {}),
             "conditions": [own, *(condition(chance) for _ in range(chance.choice((0, 0, 1, 1, 2))))],
             "actions": [action(chance, urls) for _ in range(chance.choice((1, 1, 2, 3)))]}
            for number in range(chance.choice((1, 1, 2, 3)))]


def inventory(mac):
    return {"inventory": {
        "cpu": {"count": 4, "architecture": "x86_64", "flags": []}, "memory": {"physical_mb": 2048}, "text": "it's \"ok\"", "flag": True, "float": 2.5,
        "disks": [{"name": "/dev/sda", "size": 21474836480}, {"name": "/dev/sdb", "size": 1}], "words": ["a", "b"], "nothing": None, "empty": {},
        "bmc_password": "secret1", "nested": {"password": "secret2", "deeper": {"auth_token": "secret3"}}, "bmc_address": "10.1.2.3",
        "interfaces": [{"name": "eth0", "mac_address": mac, "has_carrier": True, "ipv4_address": "192.0.2.5"}], "system_vendor": {},
        "boot": {"current_boot_mode": "uefi"}},
        "a": "pa", "deep": {"b": "pb", "only": {"one": 1}}, "list": [1, "x"], "auth_token": "secret4"}


class Case:
    """One node and its rules on both sides."""

    def __init__(self, sides, seed):
        self.sides, self.seed = sides, seed
        self.chance = random.Random("rules-%s" % seed)
        fresh = lambda: str(uuid.UUID(int=self.chance.getrandbits(128), version=4))     # noqa: E731
        self.node, self.port = fresh(), fresh()
        self.mac = "52:54:%s" % ":".join("%02x" % self.chance.getrandbits(8) for _ in range(4))
        self.rules = rules(self.chance, self.node, ("@agent/image.raw", "@agent/image.raw?{node.driver}", "http://127.0.0.1:9/x", "no url"))

    def run(self):
        """Lines that say what differs."""
        seen = [self._on(side) for side in self.sides]
        return [line for part in range(len(seen[0])) for line in view.differences(seen[0][part], seen[1][part])]

    @staticmethod
    def _made(side, method, path, body):
        """Ironic's SQLite is locked now and then."""
        for _ in range(20):
            status, answer = side.ask(method, path, body)
            if status < 500:
                break
            time.sleep(0.2)
        assert status < 300, "%s %s: %d %s" % (method, path, status, answer)

    def _on(self, side):
        def text(value):
            return json.loads(json.dumps(value).replace("@agent", side.agent.url).replace("@port", self.port))
        self._made(side, "POST", "/v1/nodes", {
            "uuid": self.node, "driver": "fake-hardware", "inspect_interface": "agent", "extra": {"old": "was", "list": ["a"]}, "resource_class": "old",
            "properties": {"capabilities": "old:1,disk:ssd", "cpu_arch": "x"}, "driver_info": {"ipmi_password": "secret5"}})
        self._made(side, "POST", "/v1/ports", {"uuid": self.port, "node_uuid": self.node, "address": self.mac, "extra": {"list": [1]}})
        self._made(side, "PUT", "/v1/nodes/%s/traits" % self.node, {"traits": ["CUSTOM_OLD"]})
        made, statuses = [], []
        for rule in self.rules:
            status, answer = side.ask("POST", "/v1/inspection_rules", text(rule))
            statuses.append("refused" if status >= 400 else status)
            made += [answer["uuid"]] if status == 201 else []
        for verb in ("manage", "inspect"):
            side.ask("PUT", "/v1/nodes/%s/states/provision" % self.node, {"target": verb})
            side.rests(self.node)
        side.inventory(self.node, inventory(self.mac))
        node = side.rests(self.node)
        ports = side.ask("GET", "/v1/ports/detail?node=" + self.node)[1]
        status, stored = side.ask("GET", "/v1/nodes/%s/inventory" % self.node)
        for one in made:
            side.ask("DELETE", "/v1/inspection_rules/" + one)
        side.ask("PUT", "/v1/nodes/%s/maintenance" % self.node, {})
        side.ask("PATCH", "/v1/nodes/" + self.node, [{"op": "add", "path": "/protected", "value": False}])
        side.ask("DELETE", "/v1/nodes/" + self.node)
        return {"rules": statuses}, view.of_node(node, side), view.canonical(ports, side), {"inventory": view.canonical(stored, side) if status == 200 else None}


def take(bases, seeds, tell):
    """Runs each case; `tell(case, lines)` hears of each end."""
    sides = [Side(base) for base in bases]

    def one(seed):
        case = Case(sides, seed)
        try:
            return case, case.run()
        except Exception as error:      # noqa: BLE001: told with the case it happened in
            return case, ["the case broke off: %s: %s" % (type(error).__name__, error)]
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            for done in concurrent.futures.as_completed([pool.submit(one, seed) for seed in seeds]):
                tell(*done.result())
    finally:
        for side in sides:
            side.agent.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ironic", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--cases", type=int, default=100)
    parser.add_argument("--seed", type=int, default=39)
    options = parser.parse_args()
    counts = {"cases": 0, "differ": 0}

    def tell(case, lines):
        counts["cases"] += 1
        if lines:
            counts["differ"] += 1
            print("case %s:" % case.seed)
            print("".join("    %s\n" % json.dumps({k: v for k, v in rule.items() if k not in ("description",)}) for rule in case.rules), end="")
            print("".join("  ! %s\n" % line for line in lines[:8]), flush=True)
    take((options.ironic, options.server), ["%d-%d" % (options.seed, number) for number in range(options.cases)], tell)
    print(counts)
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
