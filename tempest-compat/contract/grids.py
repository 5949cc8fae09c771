"""Random walks over what recorded cases touch one corner of: lists with several parameters at once, patches of several
changes deep in a document, inspection rules that run, and documents made of their parts.

Each function takes a random source and a number of cases and yields them; a case asks a dozen requests or more.
"""
import json
import string

import matrix
import values
from matrix import DECIDED, KINDS, MASK, NODE

REQUESTS = 16           # of one case; what stages it is shared by them
STATES = "/v1/nodes/${node}/states/provision"
SHORT = "/v1/nodes/${node}?fields=provision_state,reservation"
DEEP = {"k": "v", "list": [1, [2, {"x": None}], "é"], "a/b": 1, "m~n": {"o": []}, "": 0, "0": "zero", "é": {"ü": "ß"}, "n": None, "f": 1.5, "t": True}
WORDS = ("k", "list", "list/0", "list/1/1/x", "list/1/1", "list/-", "list/3", "list/2", "list/02", "list/-1", "list/1/9", "a~1b", "a/b", "m~0n", "m~0n/o/-", "m~n", "m~01n", "0", "é", "é/ü", "n", "n/x",
         "f/x", "t", "nosuch", "nosuch/x", "new", "a b", "a.b", "x~", "x~2", "-", "k/0", "list/1e0", "list/ 1", "list/+1", "list/１")
VALUES = (None, True, 0, -1, 1.5, 2 ** 63, 1e30, "", "x", "é", "☃" * 40, "0", [], [1, [2]], {}, {"a": {"b": 1}}, {"": None}, "a" * 300, "\u0000", "\U0001f600")


def _some(random, options, most):
    options = sorted(options, key=str)
    return random.sample(options, random.randint(0, min(most, len(options))))


def _mostly(random, good, bad):
    return random.choice(good if random.random() < 0.92 else bad)


def _batched(name, number, before, steps, after=()):
    return {"case": "grid-%s/%d" % (name, number), "steps": [dict(s) for s in (*before, *steps, *after)],
            "cleanup": [{"sweep": path} for path in sorted({s["path"] for s in (*before, *steps) if s.get("method") == "POST"} & set(matrix.LEAVES_BEHIND))]}


# ---------------------------------------------------------------- lists

def _members(kind, name):
    """Three members that differ, created in another order than that of their UUIDs."""
    more = {"node": ({"resource_class": "rc", "description": "One"}, {"lessee": "l1", "resource_class": "RC", "shard": "s1", "retired": True},
                     {"shard": "s2", "conductor_group": "", "description": "two%", "extra": {}, "instance_uuid": values.SOME_UUID}),
            "port": ({"extra": {"a": 1}, "pxe_enabled": False}, {"physical_network": "pn", "name": "b"}, {"name": "a", "local_link_connection": {"switch_id": "0a:1b:2c:3d:4e:5f", "port_id": "p"}}),
            "portgroup": ({"mode": "802.3ad"}, {"standalone_ports_supported": False}, {"properties": {"a": 1}}),
            "chassis": ({}, {"description": ""}, {"description": "D", "extra": {"a": 1}}), "connector": ({}, {"type": "ip"}, {"extra": {"a": [1]}}),
            "target": ({}, {"properties": {"a": 1}}, {"volume_type": "fibre_channel", "extra": {"a": 1}}), "allocation": ({"owner": None}, {"traits": ["CUSTOM_A"]}, {"resource_class": "x"}),
            "deploy-template": ({}, {"extra": {"a": 1}}, {"steps": [matrix.STEP, {**matrix.STEP, "priority": 5, "step": "b"}]}),
            "runbook": ({"description": "d"}, {"public": True}, {"extra": {"a": 1}}), "rule": ({"priority": 5}, {"priority": 7, "description": "z"}, {"phase": "main"})}[name]
    for number in range(3):
        body = {**kind.body, "uuid": "c0de0000-0000-4000-8000-0000000f000%d" % (7, 1, 4)[number], **more[number]}
        for key in ("name", "address", "connector_id", "boot_index"):
            if key in kind.body:
                body[key] = kind.body[key] + number if isinstance(kind.body[key], int) else kind.body[key][:-1] + chr(ord(kind.body[key][-1]) + number)
        yield kind.create(body, capture={"it%d" % number: "/uuid"}, compare="status")
        if name == "allocation":
            yield {**DECIDED, "path": "/v1/allocations/${it%d}" % number}
    if name == "node":
        yield {"method": "PATCH", "path": "/v1/nodes/${it0}", "body": [{"op": "add", "path": "/owner", "value": "o1"}], "compare": "status"}


def lists(random, count):
    """Lists with several parameters at once."""
    api = values.document()
    telling = values.telling_versions(api)
    for number in range(count):
        name = random.choice(sorted(KINDS) + ["node"] * 4 + ["port"] * 2)
        kind = KINDS[name]
        path = "/v1/" + kind.collection
        fields = sorted(set(api["components"]["schemas"][kind.schema].get("properties", {})) - {"links"})
        known = sorted({p["name"] for p in api["paths"][path]["get"].get("parameters", ()) if p["in"] == "query"} - {"limit", "marker", "sort_key", "sort_dir", "fields", "detail"})
        steps = []
        own = min(values._numbers(api["paths"][path]["get"].get("x-openstack", {})), default=1)
        for _ in range(REQUESTS):
            pairs = []
            if random.random() < 0.5:
                pairs.append("limit=%s" % _mostly(random, ("1", "2", "3", "4", "1000"), ("0", "-1", "x")))
            if random.random() < 0.4:
                pairs.append("marker=%s" % _mostly(random, ("${it0}", "${it1}", "${it2}"), (values.SOME_UUID, "mx-node", "")))
            if random.random() < 0.6:
                pairs.append("sort_key=%s" % _mostly(random, ["uuid", "id", "created_at", *fields], ("nosuch", "")))
            if random.random() < 0.4:
                pairs.append("sort_dir=%s" % _mostly(random, ("asc", "desc"), ("DESC",)))
            if random.random() < 0.35:
                pairs.append("fields=%s" % ",".join(random.sample(fields, random.randint(1, 3)) + _mostly(random, ([], ["uuid"], ["links"]), (["nosuch"],))))
            elif random.random() < 0.2:
                pairs.append("detail=%s" % _mostly(random, ("true", "false", "1"), ("x",)))
            for parameter in random.sample(known, min(len(known), random.choice((0, 0, 0, 1, 1, 2)))):
                pairs.append("%s=%s" % (parameter, _fit(random, parameter)))
            random.shuffle(pairs)
            where = path + random.choice(("", "", "", "", "/detail", "/", ".json", "/${it1}"))
            if name in ("port", "portgroup", "connector", "target") and random.random() < 0.2:
                where = "/v1/nodes/${node}/%s" % {"port": "ports", "portgroup": "portgroups", "connector": "volume/connectors", "target": "volume/targets"}[name] + random.choice(("", "", "/detail", "/${it0}"))
            step = {"path": where + ("?" + "&".join(pairs) if pairs else ""), "mask": MASK}
            if random.random() < 0.4:
                step["version"] = random.choice([v for v in telling if int(v[2:]) >= own])
            steps.append(step)
        yield _batched("lists-" + name, number, [*kind.before, *_members(kind, name)], steps)


def _fit(random, parameter):
    """A value that some member may have, as a rule."""
    fit = {"owner": ("o1", "x", ""), "lessee": ("l1", ""), "resource_class": ("rc", "RC", "mx-rc"), "shard": ("s1", "s1,s2", "S1", ""), "node": ("mx-node", "nosuch"), "node_uuid": (values.SOME_UUID, "mx-node"),
           "description_contains": ("o", "%25", "_", ""), "address": ("52:54:00:cc:01:01", "52:54:00:CC:01:02"), "instance_uuid": (values.SOME_UUID, "${it0}"), "project": ("o1", "l1"), "chassis_uuid": (values.SOME_UUID, ""),
           "state": ("error", "active"), "phase": ("main",), "scope": ("",), "portgroup": ("mx-pg",), "parent_node": ("${it0}", "mx-node", "")}.get(parameter)
    if fit and random.random() < 0.7:
        return random.choice(fit)
    if parameter in ("associated", "maintenance", "retired", "sharded", "include_children") and random.random() < 0.8:
        return random.choice(("true", "false", "True", "0"))
    return matrix._text(random.choice(values.for_name(parameter)))


# ---------------------------------------------------------------- patches

def patches(random, count):
    """Patches of several changes, some of them deep in a document."""
    api = values.document()
    telling = values.telling_versions(api)
    for number in range(count):
        name = random.choice(sorted(KINDS) + ["node"] * 4)
        kind = KINDS[name]
        body = {**kind.body, **({"extra": DEEP} if name != "rule" else {}), **({"properties": DEEP} if name in ("node", "portgroup", "target") else {})}
        if name == "node":
            body.update(instance_info=DEEP, driver_info={"fake_password": "x", **DEEP})
        path = "/v1/%s/${it}" % kind.collection
        schema = sorted(api["components"]["schemas"][kind.schema].get("properties", {}))
        deep = [f for f in ("extra", "properties", "instance_info", "driver_info", "steps", "actions", "conditions", "local_link_connection", "traits") if f in body or random.random() < 0.1]
        steps = []
        for _ in range(REQUESTS // 2):
            changes = []
            for _ in range(random.choice((1, 1, 2, 2, 3, 4))):
                field = random.choice(schema) if random.random() < 0.35 or not deep else random.choice(deep)
                deeper = field in deep and random.random() < 0.9
                if field in ("steps", "actions", "conditions") and deeper:
                    tail = random.choice(("/0", "/-", "/1", "/0/args", "/0/args/x", "/0/step", "/0/op", "/0/priority", "/0/interface", "/0/nosuch", ""))
                else:
                    tail = "/" + random.choice(WORDS) if deeper else ""
                op = random.choice(("add", "add", "replace", "remove", "remove"))
                change = {"op": op, "path": "/" + field + tail}
                if op != "remove" or random.random() < 0.1:
                    change["value"] = random.choice(VALUES if tail else values.for_name(field))
                changes.append(change)
            step = {"method": "PATCH", "path": path, "body": changes, "mask": MASK}
            if random.random() < 0.4:
                step["version"] = random.choice(telling)
            steps += [step, {"path": path, "mask": MASK}]
        before = [*kind.before, kind.create(body, capture={"it": "/uuid"}, compare="status")]
        if name == "allocation":
            before.append(DECIDED)
        yield _batched("patches-" + name, number, before, steps)


# ---------------------------------------------------------------- names and addresses

NAMES = ("n", "N", "n.1", "n_1", "n~1", "-n", "n-", ".n", "n..m", "a" * 63, "a" * 64, "a" * 63 + "." + "b" * 63, "a" * 255, "a" * 256, "é", "名", "n m", "n/m", "n%m", "n+m", "n:m", "n@m", "1", "1.2.3.4", "n.json",
         "null", "None", "true", " n", "n ", "\t", "", "detail", "states", "validate", "maintenance", "management", "vendor_passthru", "ports", "Detail", "CUSTOM_", "CUSTOM_A", "CUSTOM_a", "CUSTOM_A-B", "CUSTOM_É",
         "HW_CPU_X86_VMX", "COMPUTE_NODE", "MISC_SHARES_VIA_AGGREGATE", "CUSTOM_" + "A" * 248, "CUSTOM_" + "A" * 249, values.SOME_UUID, values.SOME_UUID.replace("-", ""), values.SOME_UUID.upper(),
         "{%s}" % values.SOME_UUID, "urn:uuid:" + values.SOME_UUID, "\u0000", "\u00df", "ｎ", "n\u0301", "xn--nxasmq6b", "n\\m", "n'm", 'n"m', "n;m", "n=m", "n#m", "n?m", "n&m", "a" * 4096)


def names(random, count):
    """Every kind of name for whatever has one, found again by it."""
    telling = values.telling_versions()
    named = [name for name, kind in sorted(KINDS.items()) if name in ("node", "port", "portgroup", "allocation", "deploy-template", "runbook")]
    for number in range(count):
        name = random.choice(named)
        kind = KINDS[name]
        steps = []
        for _ in range(REQUESTS // 4):
            said = random.choice(NAMES)
            version = random.choice(telling) if random.random() < 0.6 else "1.115"
            asked = matrix._text(said).replace("/", "%2F").replace("?", "%3F").replace("\n", "%0A").replace("\t", "%09").replace("\u0000", "%00").replace("\\", "%5C").replace('"', "%22")
            steps += [kind.create({**kind.body, "name": said}, version=version), {"path": "/v1/%s/%s" % (kind.collection, asked or "x"), "version": version, "mask": [*MASK, "/state", "/updated_at", "/last_error"]},
                      {"method": "PATCH", "path": "/v1/%s/%s" % (kind.collection, asked or "x"), "body": [{"op": "replace", "path": "/name", "value": random.choice(NAMES)}], "version": version, "mask": [*MASK, "/state", "/updated_at", "/last_error"]},
                      {"method": "DELETE", "path": "/v1/%s/%s" % (kind.collection, asked or "x"), "version": version}]
        yield _batched("names-" + name, number, kind.before, steps)


LINKS = {"switch_id": ("0a:1b:2c:3d:4e:5f", "0A:1B:2C:3D:4E:5F", "0a-1b-2c-3d-4e-5f", "0a1b.2c3d.4e5f", "0011223344556677", "001122334455667", "of:1", "x", "", None, 5), "port_id": ("p", "", None, 5, "Gig0/1", ["p"]),
         "switch_info": ("s", "", None, {"a": 1}, 5), "network_type": ("managed", "unmanaged", "MANAGED", "", None), "hostname": ("h", "h.example.org", "-h", "h_1", "", None), "vtep-logical-switch": ("a", None), "vtep-physical-switch": ("b", None), "nosuch": ("x",)}


def links(random, count):
    """Ports with random connections, groups and physical networks at random versions."""
    telling = values.telling_versions()
    for number in range(count):
        before = [NODE, KINDS["portgroup"].create(capture={"portgroup": "/uuid"}, compare="status"),
                  KINDS["portgroup"].create({"node_uuid": "${node}", "standalone_ports_supported": False, "mode": "balance-rr", "name": "mx-pg2"}, capture={"strict": "/uuid"}, compare="status"),
                  KINDS["port"].create({"node_uuid": "${node}", "address": "52:54:00:cc:02:00", "portgroup_uuid": "${portgroup}", "physical_network": "pn"}, capture={"port": "/uuid"}, compare="status")]
        steps = []
        for at in range(REQUESTS // 2):
            link = {key: random.choice(LINKS[key]) for key in _some(random, LINKS, 4)} if random.random() < 0.9 else random.choice(values.ANY)
            if isinstance(link, dict) and random.random() < 0.5:
                link.update(switch_id="0a:1b:2c:3d:4e:5f", port_id="p")
            body = {"local_link_connection": link}
            for key, options in (("portgroup_uuid", ("${portgroup}", "${strict}", None, "mx-pg")), ("physical_network", ("pn", "other", None, "", "x" * 64, "x" * 65)), ("pxe_enabled", (True, False, "no", None)),
                                 ("is_smartnic", (True, False, None)), ("vendor", ("v", None, "")), ("category", ("c", "x" * 81, None)), ("description", ("d", "x" * 256)), ("available_for_dynamic_portgroup", (True, False, None))):
                if random.random() < 0.3:
                    body[key] = random.choice(options)
            version = random.choice(telling) if random.random() < 0.5 else "1.115"
            if random.random() < 0.5:
                steps.append(KINDS["port"].create({"node_uuid": "${node}", "address": "52:54:00:cc:03:%02x" % at, **body}, version=version))
            else:
                steps.append({"method": "PATCH", "path": "/v1/ports/${port}", "mask": MASK, "version": version,
                              "body": [{"op": random.choice(("add", "replace")), "path": "/" + key, "value": value} for key, value in body.items()]})
            steps.append({"path": "/v1/ports/detail?sort_key=address", "mask": MASK})
        yield _batched("links", number, before, steps)


# ---------------------------------------------------------------- documents made of their parts

STEPS = {"interface": ("deploy", "bios", "raid", "power", "management", "firmware", "vendor", "boot", "network", "Deploy", "", None, 5), "step": ("deploy", "erase_devices", "apply_configuration", "hold", "wait", "reboot", "power_on", "a b", "é", "", None, 5, "x" * 256),
         "args": ({}, {"a": 1}, {"settings": [{"name": "n", "value": "v"}]}, None, [], "x", {"password": "p"}), "priority": (0, 1, 10, -1, "5", "x", "05", 1.0, 1.5, None, True),
         "order": (0, 1, 2, -1, "1", "x", 1.0, 1.5, None, True), "nosuch": (1,), "execute_on_child_nodes": (True, "x"), "limit_child_node_execution": ([values.SOME_UUID], [])}


def _steps(random, number):
    found = []
    for _ in range(random.choice((0, 1, 1, 2, 3))):
        step = {"interface": "deploy", "step": "s%d" % random.randint(0, 3), "args": {}, number: random.randint(0, 5)}
        if random.random() < 0.35:
            changed = random.choice(sorted(STEPS))
            step[changed] = random.choice(STEPS[changed])
        if random.random() < 0.08:
            step.pop(random.choice(sorted(step)))
        found.append(step)
    return found if random.random() < 0.95 else random.choice(values.ANY)


def templates(random, count):
    """Deploy templates and runbooks with random steps, created and patched."""
    telling = values.telling_versions()
    for number in range(count):
        name, key = random.choice((("deploy-template", "priority"), ("runbook", "order")))
        kind = KINDS[name]
        steps = []
        for at in range(REQUESTS // 2):
            body = {"name": "CUSTOM_G%d" % at, "steps": _steps(random, key)}
            for field, options in (("extra", values.ANY), ("description", ("d", None, "x" * 256)), ("public", (True, False, None, "x")), ("owner", ("o", None, "")), ("disable_ramdisk", (True, "x", None)), ("traits", (["CUSTOM_A"], ["x"], []))):
                if random.random() < 0.06:
                    body[field] = random.choice(options)
            version = {"version": random.choice([v for v in telling if int(v[2:]) >= (55 if name == "deploy-template" else 92)])} if random.random() < 0.3 else {}
            steps.append(kind.create(body, **version))
            steps.append({"method": "PATCH", "path": "/v1/%s/CUSTOM_G%d" % (kind.collection, random.randint(0, at)), "mask": MASK, **version,
                          "body": [{"op": random.choice(("add", "replace")), "path": random.choice(("/steps", "/steps", "/steps/0", "/steps/-", "/public", "/owner", "/extra", "/description", "/name")), "value": random.choice(
                              (_steps(random, key), {"interface": "bios", "step": "x", "args": {}, key: 3}, True, "CUSTOM_H", None, {"a": 1}))}]})
            if random.random() < 0.4 and name == "runbook":
                steps.append({"method": random.choice(("PUT", "DELETE", "GET")), "path": "/v1/runbooks/CUSTOM_G%d/traits%s" % (at, random.choice(("", "/CUSTOM_T", "/bad", "/HW_CPU_X86_VMX", "/CUSTOM_G%d" % at))), "mask": MASK, **version})
                steps.append({"method": "PUT", "path": "/v1/runbooks/CUSTOM_G%d/traits" % at, "body": {"traits": random.choice((["CUSTOM_T"], [], ["CUSTOM_T", "CUSTOM_T"], ["bad"], None, "CUSTOM_T"))}, "mask": MASK, **version})
        yield _batched(name, number, (), steps, [{"path": "/v1/%s?detail=true" % kind.collection, "mask": MASK}, *({"method": "DELETE", "path": "/v1/%s/CUSTOM_G%d" % (kind.collection, at)} for at in range(REQUESTS // 2)),
                                                 {"method": "DELETE", "path": "/v1/%s/CUSTOM_H" % kind.collection}])


DISK = {"size_gb": (1, 100, "MAX", "max", 0, -1, 1.5, "5", None, True), "raid_level": ("0", "1", "5", "6", "1+0", "5+0", "6+0", "JBOD", "2", 1, None), "volume_name": ("v", "", None, 5), "is_root_volume": (True, False, "true", None, 1),
        "share_physical_disks": (True, False, "no"), "disk_type": ("hdd", "ssd", "nvme", "HDD", None), "interface_type": ("sata", "scsi", "sas", "nvme", "x"), "number_of_physical_disks": (0, 1, 2, -1, "2", 1.5),
        "controller": ("c", "", {"a": 1}, None, 5), "physical_disks": (["a", "b"], [], [{"size": ">1"}], "x", [1], None, [["a"]]), "nosuch": (1,), "rotational": (True,)}


def raid(random, count):
    """RAID configurations made of random disks."""
    for number in range(count):
        steps = []
        for _ in range(REQUESTS // 2):
            disks = [{"size_gb": 10, "raid_level": random.choice(("0", "1", "5")), **{key: random.choice(DISK[key]) for key in _some(random, DISK, 3)}} for _ in range(random.choice((1, 1, 2, 3)))]
            if random.random() < 0.15:
                disks[0].pop(random.choice(("size_gb", "raid_level")), None)
            body = {"logical_disks": disks}
            if random.random() < 0.15:
                body = random.choice(({**body, "x": 1}, {"logical_disks": {}}, {"logical_disks": None}, {}, None, [], {"logical_disks": [1]}, {"logical_disks": [[]]}))
            steps += [{"method": "PUT", "path": "/v1/nodes/${node}/states/raid", "body": body, "mask": MASK}, {"path": "/v1/nodes/${node}?fields=target_raid_config,raid_config", "mask": MASK}]
        interface = random.choice(("fake", "fake", "no-raid", "agent"))
        yield _batched("raid-" + interface, number, [{**NODE, "body": {**NODE["body"], "raid_interface": interface}}], steps)


DRIVES = ("", "x", "YQ==", "Y Q = =", "YQ", "a\nb", "é", "{}", "[]", "null", "http://127.0.0.1:9/x", "ftp://x", "://", "file:///x", "H4sIAAAAAAAAA3XNMQqAMAwF0K2e", None, 5, True, [], ["x"], {}, {"meta_data": {}}, {"meta_data": {"a": 1}}, {"meta_data": None}, {"meta_data": []}, {"meta_data": "x"},
          {"network_data": {}}, {"network_data": None}, {"network_data": {"links": []}}, {"user_data": "x"}, {"user_data": {}}, {"user_data": []}, {"user_data": None}, {"user_data": 5}, {"user_data": True}, {"vendor_data": {}}, {"vendor_data": {"a": 1}},
          {"vendor_data": "x"}, {"vendor_data": None}, {"meta_data": {}, "nosuch": 1}, {"nosuch": {}}, {"meta_data": {"uuid": "x"}, "network_data": {}, "user_data": "#!", "vendor_data": {}}, {"META_DATA": {}})


def configdrives(random, count):
    """Provisioning requests with arguments of every form, at versions before and after them; the node stays where it is."""
    telling = values.telling_versions()
    step = {"interface": "deploy", "step": "erase_devices"}
    verbs = ("active", "active", "rebuild", "rebuild", "deploy", "clean", "service", "rescue", "inspect", "provide", "deleted", "undeploy", "unrescue", "abort", "adopt", "unhold", "manage", "ACTIVE", "")
    arguments = {"configdrive": DRIVES, "clean_steps": ([step], [], None, "x", {}, [{}], [5], [{**step, "args": None}], [{**step, "args": {}}], [{**step, "nosuch": 1}], [{**step, "priority": 1}], [{**step, "interface": "x"}], [{"step": "hold"}], [{"step": "wait", "args": {"seconds": 1}}]),
                 "deploy_steps": ([{**step, "priority": 1, "args": {}}], [step], [], None, "x", [{**step, "priority": 0, "args": {}}], [{**step, "priority": -1, "args": {}}], [{**step, "priority": "1", "args": {}}]),
                 "service_steps": ([step], [], None, "x", [{"step": "reboot"}], [{**step, "execute_on_child_nodes": True}]), "rescue_password": ("pw", "", " ", None, 5, ["x"]), "runbook": ("nosuch", "", None, 5, values.SOME_UUID, "a b"),
                 "disable_ramdisk": (True, False, "true", "x", None, 0), "nosuch": (1,)}
    for number in range(count):
        steps = []
        for _ in range(REQUESTS):
            # while it is verified, enrolled or in maintenance nothing of this starts
            body = {"target": random.choice(verbs), **{key: random.choice(arguments[key]) for key in random.sample(sorted(arguments), random.choice((0, 1, 1, 1, 2)))}}
            steps.append({"method": "PUT", "path": STATES, "body": body, "mask": MASK, **({"version": random.choice(telling)} if random.random() < 0.5 else {})})
        state = random.choice(("active", "available", "manageable", "rescue", "deploy failed", "service failed", "clean failed"))
        row = {"provision_state": state, "reservation": random.choice(("other-host", "other-host", None)), **({"maintenance": 1} if random.random() < 0.2 else {})}
        asked = [one for step in steps for one in ({"method": "ROW", "path": json.dumps(row), "row": row}, step, {"method": "REST", "path": "rest"})] if row["reservation"] is None \
            else [{"method": "ROW", "path": json.dumps(row), "row": row}, *steps]
        yield {"case": "grid-configdrives/%d" % number, "steps": [NODE, *asked]}


# ---------------------------------------------------------------- headers

VERSIONS = ("1.1", "1.31", "1.115", "1.116", "1.0", "1.999", "latest", "LATEST", "Latest", " latest", "latest ", "1", "1.", ".1", "1.1.1", "2.1", "0.1", "-1.1", "1.-1", "+1.1", "1.+5", "1. 5", " 1.5", "1.5 ", "01.5", "1.05", "1.5x", "x", "", "1,5", "1.5,1.6", "1.5, 1.6",
            "1e0.5", "１.５", "1.٥", "1_0.5", "1.1_5", "1.5\t", "None", "null", "1.99999999999999999999", "baremetal 1.5")
SERVICES = ("baremetal 1.5", "baremetal 1.115", "baremetal 1.999", "baremetal latest", "baremetal LATEST", "Baremetal 1.5", "bare-metal 1.5", "baremetal  1.5", "baremetal\t1.5", "baremetal", "baremetal ", "1.5", "latest", "compute 2.1", "compute 2.1, baremetal 1.5", "baremetal 1.5, compute 2.1",
            "baremetal 1.5,baremetal 1.6", "baremetal x", "", ",", "baremetal 1.5 x", "baremetal=1.5", "baremetal 1.0")
PLACES = ("/", "/v1", "/v1/", "/v1/nodes", "/v1/nodes/", "/v1/drivers", "/v1/nosuch", "/nosuch", "/v2", "/v1/nodes/nosuch", "/v1/portgroups", "/v1/allocations", "/v1/shards", "/v1/lookup?addresses=52:54:00:cc:00:01", "/v1/conductors", "/v1.json", "/v1/nodes.json", "/v1/nodes/detail", "//v1//nodes//",
          "/v1/./nodes", "/v1/nodes/..", "/V1/nodes", "/v1/NODES", "/v1/nodes;x", "/v1%2Fnodes", "/v1/nodes%20", "/v1/nodes.json/", "/v1/nodes.json.json", "/v1/.json", "/.json", "/v1/drivers/fake-hardware.json", "/v1/drivers/fake-hardware/properties.json", "/v1/drivers/fake-hardware//properties", "/v1/inspection_rules.json", "/v1/volume.json", "/v1/volume//targets", "/v1/nodes?", "/v1/nodes??limit=1", "/v1/nodes?limit=1?", "/v1?x=1", "/?x=1")
ACCEPTS = (None, "", "*/*", "application/json", "text/html", "text/plain", "application/xml", "application/*", "text/html, application/json;q=0.9", "application/json;q=0", "*/*;q=0", "application/json, */*;q=0.1", "text/*;q=0.5, application/json;q=0.4", "garbage", "application/json;version=1", "APPLICATION/JSON",
           "application/vnd.openstack+json", "text/html;level=1", "application/json,", ",", "*", "application", "a/b;q=x", "text/html,application/xhtml+xml,application/xml;q=0.9,image/webp,*/*;q=0.8")


def headers(random, count):
    """Both version headers, once or twice, and `Accept` on many paths, by every method."""
    for number in range(count):
        steps = []
        for _ in range(REQUESTS * 2):
            said = {}
            if random.random() < 0.6:
                said["X-OpenStack-Ironic-API-Version"] = random.choice((*VERSIONS, None))
            if random.random() < 0.4:
                said["OpenStack-API-Version"] = random.choice(SERVICES)
            if random.random() < 0.5:
                said["Accept"] = random.choice(ACCEPTS)
            if random.random() < 0.1:
                said["Content-Type"] = random.choice(("text/html", "application/json", ""))
            step = {"path": random.choice(PLACES), "headers": {name: value for name, value in said.items() if not (value and set(value) - set(string.printable))}, "mask": MASK}
            if random.random() < 0.35:
                step["method"] = random.choice(values.METHODS)
            if random.random() < 0.3:
                step["version"] = random.choice(("1.1", "1.90", "1.91", None))
            steps.append(step)
        yield _batched("headers", number, (), steps)


# ---------------------------------------------------------------- inspection rules that run

INVENTORY = {"cpu": {"architecture": "x86_64", "count": 2, "flags": ["a", "b"]}, "disks": [{"name": "/dev/sda", "size": 10 ** 11}, {"name": "/dev/sdb", "size": 5}], "memory": {"physical_mb": 1024},
             "interfaces": [{"mac_address": "52:54:00:cc:05:01", "name": "eth0", "ipv4_address": "192.0.2.7", "has_carrier": True}], "bmc_address": "192.0.2.1", "system_vendor": {"manufacturer": "M", "serial_number": None},
             "boot": {"current_boot_mode": "uefi"}, "hostname": "h"}
PLUGIN = {"n": 1, "s": "x", "l": [1, "b"], "d": {"e": {"f": 2}}, "t": True, "z": None, "empty": ""}
# What a value in a condition or an action may be.
SAID = ("{inventory[cpu][count]}", "{inventory[cpu][architecture]}", "{inventory[cpu][flags]}", "{inventory[nosuch]}", "{inventory[disks][0][size]}", "{inventory[interfaces][0][ipv4_address]}", "{inventory[system_vendor][serial_number]}", "{inventory[memory]}",
        "{plugin_data[n]}", "{plugin_data[t]}", "{plugin_data[z]}", "{plugin_data[l]}", "{plugin_data[d][e][f]}", "{plugin_data[empty]}", "{node.name}", "{node.driver}", "{node.extra}", "{node.extra[k]}", "{node.nosuch}", "{node.owner}", "{node.maintenance}",
        "cpu {inventory[cpu][count]} {node.name}", "{item}", "{item[a]}", "{}", "{{x}}", "{", "}", "x86_64", "2", 2, 2.0, 1024, "1024", "", None, True, False, "true", "no", "yes", [], {}, [1, 2], ["x86_64"], {"a": 1}, "192.0.2.7", "192.0.2.0/24", "::1", "é", -1, 1.5)


def _condition(random):
    say = lambda: random.choice(SAID)
    op, args = random.choice((
        lambda: (random.choice(("eq", "lt", "gt", "eq")), {"values": random.choice(([say(), say()], [say(), say(), say()], [say()], [], say())), **random.choice(({}, {}, {"force_strings": random.choice((True, False, "x"))}))}),
        lambda: ("in-net", {"address": random.choice(("{inventory[interfaces][0][ipv4_address]}", "192.0.2.9", say())), "subnet": random.choice(("192.0.2.0/24", "192.0.2.7/24", "192.0.2.7", "::/0", say()))}),
        lambda: (random.choice(("matches", "contains")), {"value": say(), "regex": random.choice(("x86", "x86.*", "^x86_64$", "[0-9]+", "", "(", "(?i)X86", "\\d", ".", "a|x86_64", "(?P<n>x)", "x$", "\\Ax", 5, None))}),
        lambda: ("one-of", {"value": say(), "values": random.choice((["x86_64", "2"], [2], [say(), say()], "x86_64 arm", say()))}),
        lambda: (random.choice(("is-empty", "is-none", "is-true", "is-false")), {"value": say()})))()
    if random.random() < 0.15:
        args = list(args.values())
    if random.random() < 0.06:
        args = random.choice(({}, [], {"nosuch": 1}, {**args, "x": 1} if isinstance(args, dict) else [*args, 1], None))
    found = {"op": random.choice(("", "", "!")) + op, "args": args}
    if random.random() < 0.2:
        found["loop"] = random.choice(([1, 2], ["x86_64", "y"], [{"a": 1}, {"a": 2}], {"a": 1}, [], "{inventory[disks]}", "x", None))
        if random.random() < 0.7:
            found["multiple"] = random.choice(("any", "all", "first", "last"))
    return found


def _action(random):
    say = lambda: random.choice(SAID)
    path = random.choice(("/extra/a", "/extra/b/c", "extra/a", "/properties/cpu_arch", "/properties/capabilities", "/description", "/resource_class", "/name", "/driver_info/x", "/nosuch", "/extra", "/extra/k", "/extra/list/0", "/extra/list", "/maintenance", "/uuid", "/traits", "/owner", "/", "", "/extra/a b"))
    op, args = random.choice((
        lambda: ("set-attribute", {"path": path, "value": say()}), lambda: ("set-attribute", {"path": path, "value": say()}), lambda: ("extend-attribute", {"path": random.choice((path, "/extra/list", "/extra/l")), "value": say(), **random.choice(({}, {"unique": True}, {"unique": False}))}),
        lambda: ("del-attribute", {"path": path}), lambda: (random.choice(("set-capability", "set-capability", "unset-capability")), {"name": random.choice(("c", "d", "a:b", "")), "value": say()}), lambda: ("unset-capability", {"name": "c"}),
        lambda: (random.choice(("add-trait", "remove-trait")), {"name": random.choice(("CUSTOM_A", "CUSTOM_B", "HW_CPU_X86_VMX", "bad", "CUSTOM_{inventory[cpu][count]}", ""))}),
        lambda: ("set-plugin-data", {"path": random.choice(("n", "/n", "/d/e/f", "/new", "/l/0", "")), "value": say()}), lambda: ("extend-plugin-data", {"path": random.choice(("/l", "l", "/new", "/s")), "value": say(), **random.choice(({}, {"unique": True}))}),
        lambda: ("unset-plugin-data", {"path": random.choice(("/n", "n", "/d/e", "/nosuch", "/l/0"))}), lambda: ("log", {"msg": say(), **random.choice(({}, {"level": random.choice(("info", "debug", "x", "ERROR"))}))}),
        lambda: ("set-port-attribute", {"port_id": random.choice(("${port}", "52:54:00:cc:05:01", "nosuch", "{inventory[interfaces][0][mac_address]}")), "path": random.choice(("/extra/a", "/pxe_enabled", "/name", "/physical_network", "extra/a")), "value": say()}),
        lambda: ("extend-port-attribute", {"port_id": "${port}", "path": random.choice(("/extra/l", "/extra/k")), "value": say(), **random.choice(({}, {"unique": True}))}), lambda: ("del-port-attribute", {"port_id": "${port}", "path": random.choice(("/extra/k", "/extra/nosuch", "/name"))}),
        lambda: ("fail", {"msg": say()})))()
    if random.random() < 0.12:
        args = list(args.values())
    if random.random() < 0.05:
        args = random.choice(({}, [], {"nosuch": 1}, {**args, "x": 1} if isinstance(args, dict) else [*args, 1]))
    found = {"op": op, "args": args}
    if random.random() < 0.2:
        found["loop"] = random.choice(([1, 2], ["CUSTOM_C", "CUSTOM_D"], [{"a": 1}, {"a": "z"}], {"a": 1}, [], "{inventory[disks]}", "x"))
    return found


def rules(random, count):
    """Inspection rules with random conditions and actions, run on a node; what they did is looked at."""
    wait = lambda **more: {"path": SHORT, "timeout": 8, "wait_for": [{"pointer": "/reservation", "equals": None}, {"pointer": "/provision_state", **more}]}
    for number in range(count):
        conditions = random.random() < 0.6
        made = []
        for at in range(5 if conditions else 2):
            body = {"priority": 90 - at, "conditions": [_condition(random)] if conditions else [],
                    "actions": [{"op": "set-attribute", "args": {"path": "/extra/r%d" % at, "value": at}}] if conditions else [_action(random) for _ in range(random.choice((1, 1, 2)))]}
            if random.random() < 0.1:
                body["phase"] = random.choice(("main", "preprocess", "x", None))
            if random.random() < 0.1:
                body["sensitive"] = True
            made.append({"method": "POST", "path": "/v1/inspection_rules", "body": body})
        before = [{**NODE, "body": {**NODE["body"], "inspect_interface": "agent", "extra": {"k": "v", "list": [1, 2]}, "properties": {"capabilities": "c:1"}}},
                  {"method": "POST", "path": "/v1/ports", "body": {"node_uuid": "${node}", "address": "52:54:00:cc:05:01", "extra": {"k": "v", "l": [1]}}, "capture": {"port": "/uuid"}, "compare": "status"},
                  {"method": "PUT", "path": STATES, "body": {"target": "manage"}, "compare": "status"}, wait(**{"in": ["manageable"]}), {"method": "PUT", "path": STATES, "body": {"target": "inspect"}, "compare": "status"}, wait(**{"in": ["inspect wait"]})]
        after = [{"method": "POST", "path": "/v1/continue_inspection?node_uuid=${node}", "body": {"inventory": INVENTORY, "plugin_data": PLUGIN}, "mask": ["/config/agent_token"]},
                 wait(not_in=["inspecting", "inspect wait"]), {"path": "/v1/nodes/${node}?fields=extra,properties,provision_state,traits,description,resource_class,name,owner,maintenance,driver_info"},
                 {"path": "/v1/ports/${port}", "mask": ["/updated_at"]}, {"path": "/v1/nodes/${node}/inventory"}]
        yield _batched("rules", number, before, made, after)


EVERY = {"lists": lists, "patches": patches, "names": names, "links": links, "templates": templates, "raid": raid, "configdrives": configdrives, "headers": headers, "rules": rules}
