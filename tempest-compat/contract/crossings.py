"""Recorded cases crossed with each other: what one case asks, in the state of another, at the version of a third.

A recorded corpus is a sample of grids (a state x a verb, a field x a value, a request x a version).  This finds the
rows and columns in it and makes the cells that nobody recorded.
"""
import copy
import json
import random
import re

import matrix
import values

MASK = ["/last_error", "/driver_internal_info", "/nodes/*/last_error", "/nodes/*/driver_internal_info"]
# Provision states in which a node may be found, and what else is then true of its row.
STATES = {
    "enroll": {}, "verifying": {"target_provision_state": "manageable"}, "manageable": {}, "available": {}, "active": {}, "error": {},
    "deploying": {"target_provision_state": "active"}, "wait call-back": {"target_provision_state": "active"},
    "deploy failed": {"target_provision_state": "active"}, "deploy hold": {"target_provision_state": "active"},
    "cleaning": {"target_provision_state": "available"}, "clean wait": {"target_provision_state": "available"},
    "clean failed": {"target_provision_state": "manageable"}, "clean hold": {"target_provision_state": "manageable"},
    "deleting": {"target_provision_state": "available"}, "inspecting": {"target_provision_state": "manageable"},
    "inspect wait": {"target_provision_state": "manageable"}, "inspect failed": {"target_provision_state": "manageable"},
    "adopting": {"target_provision_state": "active"}, "adopt failed": {"target_provision_state": "active"},
    "rescue": {}, "rescuing": {"target_provision_state": "rescue"}, "rescue wait": {"target_provision_state": "rescue"},
    "rescue failed": {"target_provision_state": "rescue"}, "unrescuing": {"target_provision_state": "active"},
    "unrescue failed": {"target_provision_state": "active"}, "servicing": {"target_provision_state": "active"},
    "service wait": {"target_provision_state": "active"}, "service failed": {"target_provision_state": "active"},
    "service hold": {"target_provision_state": "active"},
}
# What else a row may say.
CIRCUMSTANCES = ({}, {"maintenance": 1}, {"power_state": "power on"}, {"power_state": "power off"}, {"retired": 1}, {"protected": 1},
                 {"instance_uuid": values.SOME_UUID}, {"maintenance": 1, "fault": "clean failure"}, {"console_enabled": 1},
                 {"reservation": "other-host"}, {"power_state": "error"}, {"target_power_state": "power on"}, {"automated_clean": 0})
BATCH = 12          # requests of one case: a node is made once for all of them


def _stage_length(steps):
    """How many leading steps only bring a node into a state."""
    length = 0
    for index, step in enumerate(steps):
        if "wait_for" in step or step.get("compare") == "status":
            length = index + 1
        else:
            break
    return length


def requests(cases):
    """Every distinct request on one node that is not the staging of its case: [(case name, step)]."""
    seen, found = set(), []
    for case in cases:
        for step in case["steps"][_stage_length(case["steps"]):]:
            if "${node}" not in step["path"] or set(re.findall(r"\$\{(\w+)\}", json.dumps([step["path"], step.get("body")]))) - {"node", "base", "host"}:
                continue
            step = {k: v for k, v in step.items() if k not in ("wait_for", "timeout", "capture", "compare")}
            text = json.dumps(step, sort_keys=True)
            if text not in seen:
                seen.add(text)
                found.append((case["case"], step))
    return found


def states(cases):
    """Each request of the corpus on one node, with the node in each state and circumstance; needs a player that writes rows."""
    asked = requests(cases) + list(_verbs())
    cells = []
    for name, step in asked:
        for state, columns in STATES.items():
            for number, circumstance in enumerate(CIRCUMSTANCES):
                if step.get("method", "GET") != "GET" or not number:
                    cells.append((name, step, {"provision_state": state, **columns, **circumstance}))
    random.Random(1).shuffle(cells)
    for number, batch in enumerate(_batches(cells)):
        steps = [matrix.NODE]
        for name, step, row in batch:
            steps += [{"method": "ROW", "path": json.dumps(row), "row": row}, {**step, "from": name}, {"method": "REST", "path": "rest"}]
        yield {"case": "state/%d" % number, "steps": steps}


def _batches(cells):
    for start in range(0, len(cells), BATCH):
        yield cells[start:start + BATCH]


def _verbs():
    """Every verb with each of the arguments that it may have."""
    step = {"interface": "deploy", "step": "erase_devices"}
    arguments = {
        "configdrive": ["x", {"meta_data": {"a": 1}}, "http://127.0.0.1:9/x"], "clean_steps": [[step], [], [{**step, "step": "nosuch"}], [{"interface": "raid", "step": "delete_configuration"}]],
        "deploy_steps": [[{**step, "step": "deploy", "priority": 1, "args": {}}], []], "service_steps": [[step], [{"interface": "vendor", "step": "log_passthrough"}], []],
        "rescue_password": ["pw", ""], "runbook": ["nosuch", values.SOME_UUID], "disable_ramdisk": [True, False],
    }
    verbs = ("active", "deploy", "deleted", "undeploy", "rebuild", "manage", "provide", "inspect", "abort", "clean", "adopt", "rescue", "unrescue", "service", "unhold")
    for verb in verbs:
        for name, said in [(None, None)] + [(n, v) for n, options in arguments.items() for v in options]:
            body = {"target": verb, **({name: said} if name else {})}
            yield "%s %s" % (verb, json.dumps(body)), {"method": "PUT", "path": "/v1/nodes/${node}/states/provision", "body": body}


def versions(cases):
    """Each case at each telling version in place of its own."""
    telling = values.telling_versions()
    for case in cases:
        start = _stage_length(case["steps"])
        own = {step["version"] for step in case["steps"] if step.get("version")}
        for version in telling:
            if version in own:
                continue
            other = _unanswered(case)
            for index, step in enumerate(other["steps"]):
                if step.get("version") or (not own and index >= start and "wait_for" not in step):
                    step["version"] = version
            other["case"] = "version/%s @%s" % (case["case"], version)
            yield other


def said_values(cases):
    """Every distinct value of the corpus by the field it was said of, and what said it."""
    found = {}
    for case in cases:
        for step in case["steps"]:
            body = step.get("body")
            pairs = body.items() if isinstance(body, dict) else [(str(c.get("path", "")).strip("/").split("/")[0], c.get("value")) for c in body if isinstance(c, dict)] if isinstance(body, list) else ()
            for name, value in pairs:
                text = json.dumps(value, sort_keys=True)
                if len(text) < 600 and "${" not in text:
                    found.setdefault(name, {})[text] = value
    return {name: list(texts.values()) for name, texts in found.items()}


def bodies(cases):
    """Each member of each body with each value that the corpus says of any member of that name, and some of others."""
    pool = said_values(cases)
    strangers = [value for options in pool.values() for value in options]
    seen = set()
    for case in cases:
        start = _stage_length(case["steps"])
        for index, step in enumerate(case["steps"]):
            if index < start and not case["case"].startswith(("node-create", "port-create", "portgroup-create")):
                continue
            body = step.get("body")
            places = [(name, name) for name in body] if isinstance(body, dict) else \
                [(at, str(change.get("path", "")).strip("/").split("/")[0]) for at, change in enumerate(body) if isinstance(change, dict)] if isinstance(body, list) else []
            for place, name in places:
                kind = (step.get("method"), re.sub(r"\$\{\w+\}", "$", step["path"]), name, isinstance(body, list) and body[place].get("op"))
                if kind in seen:
                    continue
                seen.add(kind)
                options = pool.get(name, []) + values.for_name(name) + strangers[hash_of(kind) % 31::31]
                for number, batch in enumerate(_batches(options)):
                    other = _unanswered(case)
                    asked = [copy.deepcopy(step) for _ in batch]
                    for one, value in zip(asked, batch):
                        for key in ("wait_for", "capture", "compare"):
                            one.pop(key, None)
                        one["mask"] = MASK
                        if isinstance(body, dict):
                            one["body"][place] = value
                        else:
                            one["body"][place]["value"] = value
                    after = [s for s in other["steps"][index + 1:] if s.get("method", "GET") == "GET" and "wait_for" not in s][:1]
                    other["steps"] = other["steps"][:index] + asked + after
                    other["case"] = "body/%s %s=%d" % (case["case"], name, number)
                    yield other


def hash_of(kind):
    """A number for a tuple of texts, the same in every run."""
    return sum(json.dumps(kind).encode())


def transports(cases):
    """Each distinct request with each header, each raw body and each method."""
    seen = set()
    for case in cases:
        for index, step in enumerate(case["steps"]):
            kind = (step.get("method", "GET"), re.sub(r"\$\{\w+\}", "$", step["path"].partition("?")[0]), "?" in step["path"])
            if kind in seen:
                continue
            seen.add(kind)
            changes = [{"headers": {**step.get("headers", {}), **headers}} for headers in values.HEADERS]
            changes += [{"headers": {**a, **b}} for a in values.HEADERS[:6] for b in values.HEADERS[16:26]]
            changes += [{"method": method} for method in values.METHODS if method != kind[0]]
            changes += [{"path": _tailed(step["path"], tail)} for tail in TAILS]
            changes += [{"path": step["path"] + ("&" if "?" in step["path"] else "?") + query} for query in QUERIES]
            if kind[0] in ("POST", "PUT", "PATCH"):
                changes += [{"body_raw": raw} for raw in values.RAW_BODIES]
                changes += [{"body_raw": raw, "headers": {"Content-Type": said}} for raw in values.RAW_BODIES[::2] for said in ("text/plain", "application/x-www-form-urlencoded", None)]
            else:
                changes += [{"body_raw": raw} for raw in ("", "{", "{\"a\":1}", "[]", "x=1")]
                changes += [{"body_raw": "{\"limit\": 1}", "headers": {"Content-Type": said}} for said in ("text/plain", "application/x-www-form-urlencoded", None)]
            for number, batch in enumerate(_batches(changes)):
                other = _unanswered(case)
                asked = []
                for change in batch:
                    one = {k: v for k, v in copy.deepcopy(step).items() if k not in ("capture", "wait_for", "compare")}
                    if "body_raw" in change:
                        one.pop("body", None)
                        one.pop("body_repeat", None)
                    asked.append({**one, **change, "mask": MASK})
                other["steps"] = other["steps"][:index] + asked
                other["case"] = "transport/%s %d" % (case["case"], number)
                yield other


TAILS = ("/", "//", ".json", ".json/", "/detail", "/nosuch", "/nosuch/x", "/%20", "/..", "/.", "/%2F", "%00", "/" + values.SOME_UUID, ".xml", "/é", "/%C3%A9", "/%FF", "/" + "x" * 300, "/a.json", ";x=1", "/states", "/-", "/0")
QUERIES = ("nosuch=1", "fields=uuid", "fields=nosuch", "limit=1", "limit=x", "marker=x", "marker=" + values.SOME_UUID, "sort_key=nosuch", "sort_key=uuid", "sort_dir=x", "detail=true", "detail=x",
           "a=1&a=2", "fields=uuid&fields=uuid", "fields=", "=1", "&", "%FF=1", "nosuch", "fields=uuid,", "resource_url=x", "uuid=x", "method=x", "_method=DELETE", "target=x", "body=1", "self=1", "owner=x", "project=x")


def _tailed(path, tail):
    path, mark, query = path.partition("?")
    return path + tail + mark + query


def verbs_of_steps(cases):
    """What is said of clean steps, said of service and deploy steps and of templates and runbooks, and so on."""
    words = ("clean", "service", "deploy")
    for case in cases:
        text = json.dumps(case["steps"])
        for one in words:
            for other in words:
                if one != other and '"%s_steps"' % one in text:
                    changed = text.replace('"%s_steps"' % one, '"%s_steps"' % other)
                    target = {"deploy": "active"}.get(one, one), {"deploy": "active"}.get(other, other)
                    for name, swapped in (("arg", changed), ("both", changed.replace('"target": "%s"' % target[0], '"target": "%s"' % target[1]))):
                        yield {**_unanswered(case), "case": "steps/%s %s for %s %s" % (case["case"], other, one, name), "steps": _hurried(json.loads(swapped))}


def _hurried(steps):
    for step in steps:
        if "wait_for" in step:
            step["timeout"] = 4
    return steps


def _unanswered(case):
    case = copy.deepcopy({k: v for k, v in case.items() if k != "answers"})
    _hurried(case["steps"])
    return case
