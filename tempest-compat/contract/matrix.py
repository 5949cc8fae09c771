"""Systematic cases: each resource x field x value, each collection x parameter x value, each path x method x version.

Names are `area/what`, as in the corpus; a case creates what it needs.
"""
import json

import values

MASK = ["/last_error", "/driver_internal_info", "/nodes/*/last_error", "/nodes/*/driver_internal_info"]
NODE = {"method": "POST", "path": "/v1/nodes", "body": {"driver": "fake-hardware", "name": "mx-node", "extra": {"k": "v"}},
        "capture": {"node": "/uuid"}, "compare": "status"}
STEP = {"interface": "deploy", "step": "deploy", "args": {}, "priority": 10}
ORDER = {"interface": "bios", "step": "factory_reset", "args": {}, "order": 1}
RULE = {"actions": [{"op": "set-attribute", "args": {"path": "/extra/a", "value": 1}}], "conditions": [{"op": "eq", "args": {"values": [1, 1]}}]}


class Kind:
    """A resource: where it lives, what creates one, what must be there before."""

    def __init__(self, collection, key, body, schema, before=(), shown=None):
        self.collection, self.key, self.body, self.schema, self.before, self.shown = collection, key, body, schema, before, shown or collection

    def create(self, body=None, **more):
        return {"method": "POST", "path": "/v1/" + self.collection, "body": self.body if body is None else body, "mask": MASK, **more}

    def fields(self, api):
        schemas = api["components"]["schemas"]
        names = set(schemas[self.schema].get("properties", {})) | set(schemas[self.schema + "_create"].get("properties", {}))
        return sorted(names | {"nosuch", "id"})


KINDS = {
    "node": Kind("nodes", "uuid", {"driver": "fake-hardware", "name": "mx-node", "extra": {"k": "v"}}, "node"),
    "port": Kind("ports", "uuid", {"node_uuid": "${node}", "address": "52:54:00:cc:01:01"}, "port", (NODE,)),
    "portgroup": Kind("portgroups", "uuid", {"node_uuid": "${node}", "address": "52:54:00:cc:01:02", "name": "mx-pg"}, "portgroup", (NODE,)),
    "chassis": Kind("chassis", "uuid", {"description": "d"}, "chassis"),
    "connector": Kind("volume/connectors", "uuid", {"node_uuid": "${node}", "type": "iqn", "connector_id": "mx-c"}, "connector", (NODE,), "connectors"),
    "target": Kind("volume/targets", "uuid", {"node_uuid": "${node}", "volume_type": "iscsi", "boot_index": 0, "volume_id": "mx-v"}, "target", (NODE,), "targets"),
    "allocation": Kind("allocations", "uuid", {"resource_class": "mx-rc", "name": "mx-a"}, "allocation"),
    "deploy-template": Kind("deploy_templates", "uuid", {"name": "CUSTOM_MX", "steps": [STEP]}, "template"),
    "runbook": Kind("runbooks", "uuid", {"name": "CUSTOM_MX", "steps": [ORDER]}, "runbook"),
    "rule": Kind("inspection_rules", "uuid", RULE, "inspection_rule"),
}
# A refused request of these may leave something behind in the reference.
LEAVES_BEHIND = ("/v1/allocations", "/v1/inspection_rules")


def creates(api):
    """Each field of each resource, with each value, when it is created; left out; at the versions around its own."""
    for name, kind in KINDS.items():
        for field in kind.fields(api):
            for number, value in enumerate(values.for_name(field)):
                yield _case("create-%s/%s-%02d" % (name, field, number), [*kind.before, kind.create({**kind.body, field: value})])
            if field in kind.body:
                yield _case("create-%s/without-%s" % (name, field), [*kind.before, kind.create({k: v for k, v in kind.body.items() if k != field})])


def patches(api):
    """Each field of each resource patched: with each value, taken away, below it."""
    for name, kind in KINDS.items():
        before = [*kind.before, kind.create(capture={"it": "/uuid"}, compare="status")]
        path = "/v1/%s/${it}" % kind.collection

        def case(what, *changes, version=None):
            step = {"method": "PATCH", "path": path, "body": list(changes), "mask": MASK}
            if version:
                step["version"] = version
            return _case("patch-%s/%s" % (name, what), [*before, step, {"path": path, "mask": MASK}])

        for field in kind.fields(api):
            at = "/" + field
            for op in ("add", "replace"):
                for number, value in enumerate(values.for_name(field)):
                    yield case("%s-%s-%02d" % (field, op, number), {"op": op, "path": at, "value": value})
            yield case("%s-remove" % field, {"op": "remove", "path": at})
            yield case("%s-no-value" % field, {"op": "add", "path": at})
            for below in ("/a", "/0", "/-", "/a/b", "/0/args", "/k"):
                yield case("%s-below%s" % (field, below.replace("/", "-")), {"op": "add", "path": at + below, "value": "z"})
                yield case("%s-remove%s" % (field, below.replace("/", "-")), {"op": "remove", "path": at + below})
            yield case("%s-twice" % field, {"op": "remove", "path": at}, {"op": "add", "path": at, "value": None})


def gates(api):
    """Each field of each resource at each telling version, created and patched and chosen by `fields`."""
    versions = values.telling_versions(api)
    fit = {"extra": {"a": 1}, "properties": {"a": 1}, "uuid": values.SOME_UUID, "retired": True, "protected": True, "address": "52:54:00:cc:00:01"}
    for name, kind in KINDS.items():
        for field in kind.fields(api):
            value = fit.get(field) or values.for_name(field)[0] or "x"
            own = list(values._numbers(api["components"]["schemas"][kind.schema].get("properties", {}).get(field, {})))
            chosen = {v for n in own for v in ("1.%d" % (n - 1), "1.%d" % n) if n > 1} | {versions[0], versions[-1]}
            for version in sorted(chosen):
                for label, said in (("", value), ("-null", None)):
                    yield _case("gate-%s/create-%s%s-%s" % (name, field, label, version), [*kind.before, kind.create({**kind.body, field: said}, version=version)])
                before = [*kind.before, kind.create(capture={"it": "/uuid"}, compare="status")]
                path = "/v1/%s/${it}" % kind.collection
                steps = [{"method": "PATCH", "path": path, "body": [{"op": "add", "path": "/" + field, "value": value}], "mask": MASK, "version": version},
                         {"method": "PATCH", "path": path, "body": [{"op": "remove", "path": "/" + field}], "mask": MASK, "version": version},
                         {"path": "%s?fields=%s" % (path, field), "version": version, "mask": MASK},
                         {"path": "/v1/%s?fields=%s" % (kind.collection, field), "version": version, "mask": MASK},
                         {"path": "/v1/%s?sort_key=%s" % (kind.collection, field), "version": version, "mask": MASK}]
                yield _case("gate-%s/use-%s-%s" % (name, field, version), before + steps)
        for version in versions:
            path = "/v1/%s/${it}" % kind.collection
            yield _case("gate-%s/shown-%s" % (name, version), [*kind.before, kind.create(capture={"it": "/uuid"}, compare="status"),
                        {"path": path, "version": version, "mask": MASK}, {"path": "/v1/" + kind.collection, "version": version, "mask": MASK},
                        {"path": "/v1/%s/detail" % kind.collection, "version": version, "mask": MASK}, {"path": "/v1/%s?detail=true" % kind.collection, "version": version, "mask": MASK},
                        {"method": "DELETE", "path": path, "version": version}])


def lists(api):
    """Each parameter of each list with each value, on three members."""
    for name, kind in KINDS.items():
        before = [*kind.before]
        for number in range(3):
            body = {**kind.body}
            for key in ("name", "address", "connector_id", "boot_index"):
                if key in body:
                    body[key] = body[key] + number if isinstance(body[key], int) else body[key][:-1] + chr(ord(body[key][-1]) + number)
            # known UUIDs, so that an order by them is one
            body["uuid"] = "c0de0000-0000-4000-8000-0000000f000%d" % (7 - 3 * number)
            before.append(kind.create(body, capture={"it%d" % number: "/uuid"}, compare="status"))
            if name == "allocation":
                before.append({**DECIDED, "path": "/v1/allocations/${it%d}" % number})
        path = "/v1/" + kind.collection
        known = {p["name"] for p in api["paths"][path]["get"].get("parameters", ()) if p["in"] == "query"}
        for parameter in sorted(known | {"nosuch", "detail"}):
            texts = {_text(value) for value in values.for_name(parameter)} | {"${it1}", "${it2}"}
            for batch in range(0, len(texts), 12):
                chosen = sorted(texts)[batch:batch + 12]
                steps = [{"path": "%s?%s=%s" % (path, parameter, text), "mask": MASK} for text in chosen]
                steps += [{"path": "%s/detail?%s=%s" % (path, parameter, text), "mask": MASK} for text in chosen[:4]]
                yield _case("list-%s/%s-%02d" % (name, parameter, batch), before + steps)
        pairs = ["limit=1&marker=${it0}", "limit=1&sort_key=created_at&sort_dir=desc", "limit=2&detail=true", "limit=2&fields=uuid", "limit=1&limit=2", "fields=uuid&fields=extra",
                 "detail=true&fields=uuid", "sort_key=uuid&sort_key=name", "limit=3", "limit=4", "marker=${it2}", "limit=1&marker=${it2}", "limit=1&detail=false", "detail=true&detail=true", "limit=1&nosuch=1"]
        yield _case("list-%s/pairs" % name, before + [{"path": "%s?%s" % (path, pair), "mask": MASK} for pair in pairs])
        one = ["", "/", ".json", "?fields=uuid", "?fields=nosuch", "?nosuch=1", "/nosuch", "?detail=true", "?fields=uuid&fields=links", "?fields="]
        for version in ("1.1", "1.90", "1.91", "1.115"):
            yield _case("list-%s/one-%s" % (name, version), before + [{"path": "%s/${it0}%s" % (path, tail), "mask": MASK, "version": version} for tail in one])


def routes(api):
    """Each path with each method, at its first version, before it and at the last."""
    stage = [NODE, KINDS["port"].create(capture={"port": "/uuid"}, compare="status"), KINDS["portgroup"].create(capture={"portgroup": "/uuid"}, compare="status"),
             KINDS["chassis"].create(capture={"chassis": "/uuid"}, compare="status")]
    names = {"{node}": "${node}", "{port}": "${port}", "{portgroup}": "${portgroup}", "{chassis}": "${chassis}", "{driver}": "fake-hardware", "{hostname}": "${host}"}
    for path, operations in api["paths"].items():
        concrete = "/".join(names.get(part, "nosuch" if part.startswith("{") else part) for part in path.split("/"))
        numbers = set(values._numbers([op.get("x-openstack", {}) for op in operations.values()]))
        for version in ["1.%d" % n for n in sorted({1, 31, 91, values.LATEST} | numbers | {n - 1 for n in numbers}) if n]:
            steps = []
            for method in values.METHODS:
                step = {"method": method, "path": concrete, "version": version, "mask": MASK}
                if method in ("POST", "PUT"):
                    step["body"] = {}
                elif method == "PATCH":
                    step["body"] = []
                if method == "DELETE" and concrete.endswith("}"):
                    continue
                steps.append(step)
            for tail in ("/", "/nosuch", "/nosuch/x", ".json", "?nosuch=1", "/detail"):
                steps.append({"path": concrete + tail, "version": version, "mask": MASK})
            yield _case("route%s-%s" % (path.replace("{", "").replace("}", ""), version), stage + steps)


def keyword_bodies(api):
    """The operations whose body is a set of keywords: each keyword with each value, none, one too many, twice."""
    operations = {
        "/v1/nodes/${node}/states/power": {"target": "power on", "timeout": 5},
        "/v1/nodes/${node}/states/provision": {"target": "manage", "configdrive": None, "clean_steps": None, "deploy_steps": None, "service_steps": None, "rescue_password": None,
                                               "runbook": None, "disable_ramdisk": None},
        "/v1/nodes/${node}/states/raid": {"logical_disks": [{"size_gb": 1, "raid_level": "1"}]},
        "/v1/nodes/${node}/states/boot_mode": {"target": "uefi"}, "/v1/nodes/${node}/states/secure_boot": {"target": True},
        "/v1/nodes/${node}/states/console": {"enabled": True}, "/v1/nodes/${node}/maintenance": {"reason": "r"},
        "/v1/nodes/${node}/management/boot_device": {"boot_device": "pxe", "persistent": False}, "/v1/nodes/${node}/management/inject_nmi": {},
        "/v1/nodes/${node}/management/indicators/led@system": {"state": "ON"}, "/v1/nodes/${node}/traits": {"traits": ["CUSTOM_A"]},
        "POST /v1/nodes/${node}/vifs": {"id": "vif-1"}, "POST /v1/nodes/${node}/vmedia": {"device_type": "cdrom", "image_url": "http://127.0.0.1:9/x.iso", "image_download_source": "local"},
        "POST /v1/heartbeat/${node}": {"callback_url": "http://127.0.0.1:9/", "agent_version": "9.0.0", "agent_token": "t", "agent_verify_ca": "x", "agent_status": "start", "agent_status_message": "m"},
        "POST /v1/continue_inspection?node_uuid=${node}": {"inventory": {"interfaces": []}, "plugin_data": {}},
        "POST /v1/events": {"events": [{"event": "network.bind_port", "port_id": values.SOME_UUID, "mac_address": "52:54:00:cc:00:01", "status": "ACTIVE", "device_id": "d", "binding:host_id": "h", "binding:vnic_type": "baremetal"}]},
        "POST /v1/nodes/${node}/vendor_passthru/first_method": {"bar": "baz"}, "POST /v1/nodes/${node}/vendor_passthru?method=third_method_sync": {"bar": "meow"},
        "POST /v1/nodes/${node}/vendor_passthru": {"method": "second_method", "bar": "kazoo"}, "POST /v1/drivers/fake-hardware/vendor_passthru/first_method": {"bar": "x"},
    }
    for operation, body in operations.items():
        method, _, path = operation.rpartition(" ")
        method = method or "PUT"
        label = path.replace("/v1/", "").replace("${node}/", "").replace("/", "-")
        base = {"method": method, "path": path, "mask": MASK}
        after = {"path": "/v1/nodes/${node}/states", "mask": [*MASK, "/provision_updated_at"], "compare": "full",
                 "wait_for": [{"pointer": "/target_power_state", "equals": None}]}
        settled = {"path": "/v1/nodes/${node}", "mask": MASK, "wait_for": [{"pointer": "/reservation", "equals": None}]}
        bodies = [body, {}, {**body, "nosuch": 1}, [], None, "x", 5, [body]]
        for field in body:
            bodies += [{**{k: v for k, v in body.items() if v is not None}, field: value} for value in values.for_name(field)]
            bodies.append({k: v for k, v in body.items() if k != field})
        for number, said in enumerate(bodies):
            if not (isinstance(said, dict) and "target" in said and label.endswith("provision")):
                yield _case("keywords-%s/%03d" % (label, number), [NODE, {**base, "body": said}, settled, after])
            elif said["target"] in ("manage", "nosuch") or not isinstance(said["target"], str):
                yield _case("keywords-%s/%03d" % (label, number), [NODE, {**base, "body": said}])
        for field, value in body.items():
            text = _text(value)
            rest = {k: v for k, v in body.items() if k != field and v is not None}
            mark = "&" if "?" in path else "?"
            steps = [{**base, "path": "%s%s%s=%s" % (path, mark, field, text), "body": rest}, {**base, "path": "%s%s%s=%s" % (path, mark, field, text), "body": body},
                     {**base, "path": "%s%s%s=%s" % (path, mark, field, text)}, {**base, "body": body, "headers": {"Content-Type": "text/plain"}}, {**base, "body": body, "headers": {"Content-Type": None}}]
            for version in ("1.1", "1.115"):
                yield _case("keywords-%s/query-%s-%s" % (label, field, version), [NODE, *({**s, "version": version} for s in steps)])
        for version in values.telling_versions(api)[::3]:
            yield _case("keywords-%s/at-%s" % (label, version), [NODE, {**base, "body": {k: v for k, v in body.items() if v is not None}, "version": version}])


def everything(api=None):
    """Every systematic case."""
    api = api or values.document()
    for cases in (creates, patches, gates, lists, routes, keyword_bodies):
        yield from cases(api)


def _text(value):
    text = value if isinstance(value, str) else json.dumps(value) if isinstance(value, (list, dict)) else "" if value is None else str(value)
    return text.replace("%", "%25").replace("&", "%26").replace("#", "%23")


# Answered at once, decided in the background.
DECIDED = {"path": "/v1/allocations/${it}", "mask": MASK, "wait_for": [{"pointer": "/state", "in": ["error", "active"]}]}


def _case(name, steps):
    if name.startswith(("patch-allocation", "gate-allocation")):
        steps = [s for step in steps for s in ([step, DECIDED] if step.get("capture") == {"it": "/uuid"} else [step])]
    swept = {step["path"] for step in steps if step.get("method") == "POST"} & set(LEAVES_BEHIND)
    return {"case": name, "steps": [dict(step) for step in steps], "cleanup": [{"sweep": path} for path in sorted(swept)]}
