"""What is compared of a node after each step, with what must differ between two servers taken out."""
import json
import re

TIME = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")
# Texts of which only the presence is compared: the wording is each server's own.
WORDS = {"last_error", "maintenance_reason", "event", "reason", "statement"}
DROPPED = {"links", "updated_at", "created_at"}

WORKING = {"verifying", "cleaning", "deploying", "deleting", "inspecting", "adopting", "rescuing", "unrescuing", "servicing"}


def settled(node):
    """Whether nothing will happen to the node by itself."""
    return node["provision_state"] not in WORKING and not node["reservation"] and not node["target_power_state"]


def of_node(node, side):
    """The node without what two servers cannot have in common.

    What a refused step is like stays behind in Ironic's list when something else happens to be saved with it.
    """
    seen = canonical(node, side)
    for step in seen["driver_internal_info"].get("clean_steps") or []:
        step.pop("abortable", None), step.pop("priority", None)
    return seen


def canonical(value, side, key=None):
    """The value without what two servers cannot have in common."""
    if isinstance(value, dict):
        # A port is told by its address: that of an inspection has a uuid of the server's making.
        dropped = DROPPED | {"uuid"} if "address" in value else DROPPED
        return {k: canonical(v, side, k) for k, v in value.items() if k not in dropped}
    if isinstance(value, list):
        values = [canonical(v, side, key) for v in value]
        return sorted(values, key=lambda row: row["address"]) if values and all("address" in row for row in values if isinstance(row, dict)) and isinstance(values[0], dict) else values
    if isinstance(value, str):
        if key in WORDS:
            return "(words)" if value else value
        if TIME.match(value):
            return "(time)"
        return value.replace(side.base, "(base)").replace(side.agent.url, "(agent)")
    return value


def differences(wanted, got, where=""):
    """Lines that say where two canonical values differ."""
    if isinstance(wanted, dict) and isinstance(got, dict):
        for key in sorted({*wanted, *got}):
            path = "%s.%s" % (where, key) if where else str(key)
            if key not in got:
                yield "%s: %s is missing" % (path, short(wanted[key]))
            elif key not in wanted:
                yield "%s: %s is too much" % (path, short(got[key]))
            else:
                yield from differences(wanted[key], got[key], path)
    elif isinstance(wanted, list) and isinstance(got, list) and len(wanted) == len(got):
        for number, pair in enumerate(zip(wanted, got)):
            yield from differences(*pair, "%s[%d]" % (where, number))
    elif wanted != got or type(wanted) is not type(got):
        yield "%s: %s wanted, is %s" % (where, short(wanted), short(got))


def short(value):
    text = json.dumps(value, sort_keys=True)
    return text if len(text) < 300 else text[:297] + "..."


def history(answer, side):
    """What happened to the node, oldest first."""
    rows = [{k: row[k] for k in ("event_type", "severity", "event", "conductor", "user")} for row in answer.get("history", [])]
    rows = [canonical(row, side) for row in rows]
    return sorted(rows, key=lambda row: json.dumps(row, sort_keys=True))
