"""Cases like the recorded ones: one request of a case is changed at random, deterministically by seed.

The rest of the case stays, so that a change meets nodes in every state, allocations, templates, rules.
"""
import copy
import random

import values

WAIT = 6        # seconds; a changed case often never reaches the recorded state


class Siblings:
    """Changes cases of a corpus."""

    def __init__(self, cases, seed):
        self._cases = cases
        self._random = random.Random(seed)
        self._versions = values.telling_versions()
        api = values.document()
        self._fields = sorted({name for schema in api["components"]["schemas"].values() for name in schema.get("properties", {})})
        self._parameters = sorted({p["name"] for path in api["paths"].values() for op in path.values() for p in op.get("parameters", ())
                                   if p.get("in") == "query"})
        self._paths = sorted({segment for path in api["paths"] for segment in path.split("/")[2:] if not segment.startswith("{")})

    def take(self, count):
        """So many cases, none with answers."""
        for number in range(count):
            case = copy.deepcopy(self._random.choice(self._cases))
            case.pop("answers", None)
            for step in case["steps"]:
                if "timeout" in step:
                    step["timeout"] = WAIT
            changed = [self._change(case) for _ in range(1 if self._random.random() < 0.85 else 2)]
            case["case"] = "%s+%d %s" % (case["case"], number, "; ".join(changed))
            yield case

    def _change(self, case):
        # requests that are compared are what a case is about; those before set the stage
        steps = [s for s in case["steps"] if s.get("compare") != "status" and "wait_for" not in s] or case["steps"]
        step = self._random.choice(steps)
        changes = [self._version, self._header, self._segment, self._suffix, self._query, self._query]
        if isinstance(step.get("body"), list) and step.get("method") == "PATCH":
            changes += [self._patch] * 6
        elif "body" in step:
            changes += [self._body] * 6
        if step.get("method") in ("POST", "PUT", "PATCH"):
            changes += [self._raw]
        if self._random.random() < 0.04:
            changes = [self._method]
        change = self._random.choice(changes)
        return "%s:%s" % (change.__name__.strip("_"), change(step))

    def _version(self, step):
        step["version"] = self._random.choice(self._versions)
        return step["version"]

    def _header(self, step):
        chosen = self._random.choice(values.HEADERS)
        step["headers"] = {**step.get("headers", {}), **chosen}
        return chosen

    def _method(self, step):
        step["method"] = self._random.choice(values.METHODS)
        return step["method"]

    def _raw(self, step):
        step.pop("body", None)
        step.pop("body_repeat", None)
        step["body_raw"] = self._random.choice(values.RAW_BODIES)
        return step["body_raw"]

    def _segment(self, step):
        path, mark, query = step["path"].partition("?")
        segments = path.split("/")
        at = self._random.randrange(1, len(segments))
        segments[at] = self._random.choice(
            [self._random.choice(self._paths), "nosuch", values.SOME_UUID, "a b", "a.json", "detail", "x~y", "CUSTOM_A", "52:54:00:cc:00:01", "fake-hardware"])
        step["path"] = "/".join(segments) + mark + query
        return segments[at]

    def _suffix(self, step):
        path, mark, query = step["path"].partition("?")
        suffix = self._random.choice(["/", ".json", "/detail", "//", "/nosuch", ".xml", ".json/", "/states", "/ports", "/%20", "/..", "%00", "/volume", "/" + values.SOME_UUID])
        step["path"] = path + suffix + mark + query
        return suffix

    def _query(self, step):
        path, _, query = step["path"].partition("?")
        pairs = [pair for pair in query.split("&") if pair]
        if pairs and self._random.random() < 0.6:
            at = self._random.randrange(len(pairs))
            name = pairs[at].partition("=")[0]
            how = self._random.choice(["value", "value", "value", "repeat", "drop", "bare"])
            if how == "drop":
                del pairs[at]
            elif how == "repeat":
                pairs.append(pairs[at])
            else:
                pairs[at] = name if how == "bare" else "%s=%s" % (name, self._text(name))
        else:
            how = "add"
            name = self._random.choice(self._parameters + ["nosuch", "limit", "marker", "sort_key", "fields", "detail"])
            pairs.append("%s=%s" % (name, self._text(name)))
        step["path"] = path + ("?" + "&".join(pairs) if pairs else "")
        return "%s %s" % (how, pairs)

    def _text(self, name):
        value = self._random.choice(values.for_name(name))
        text = value if isinstance(value, str) else "" if value is None else str(value)
        return text.replace("&", "%26").replace("#", "%23")

    def _patch(self, step):
        patch = step["body"]
        if not patch or self._random.random() < 0.15:
            patch.append({"op": "add", "path": "/extra/z", "value": 1})
        change = self._random.choice(patch)
        if not isinstance(change, dict):
            step["body"] = [{"op": "replace", "path": "/extra", "value": {}}]
            return "reset"
        how = self._random.choice(["op", "path", "field", "value", "value", "value", "sub", "drop"])
        name = str(change.get("path", "")).strip("/").split("/")[0]
        if how == "op":
            change["op"] = self._random.choice(["add", "replace", "remove", "test", "move", "ADD", "", None])
            if change["op"] == "remove":
                change.pop("value", None)
        elif how == "field":
            change["path"] = "/" + self._random.choice(self._fields)
            change.setdefault("value", self._random.choice(values.for_name(change["path"][1:])))
        elif how == "path":
            change["path"] = self._random.choice(["", "/", "extra", "/extra/", "//extra", "/a/b", "/extra/a/b", "/extra/~1", "/extra/a.b", "/extra/0", "/Extra", None, 5, "/extra/-", "/é"])
        elif how == "sub":
            change["path"] = str(change.get("path")) + self._random.choice(["/a", "/0", "/-", "/a/b", "/1", "/k"])
        elif how == "drop":
            change.pop(self._random.choice(["op", "path", "value"]), None)
        else:
            change["value"] = self._random.choice(values.for_name(name or "x"))
        return "%s %s" % (how, change)

    def _body(self, step):
        places = list(_places(step["body"]))
        how = self._random.choice(["value", "value", "value", "drop", "add", "add-known"])
        if not places or how in ("add", "add-known") and isinstance(step["body"], dict):
            if not isinstance(step["body"], dict):
                step["body"] = self._random.choice(values.ANY)
                return "whole %s" % (step["body"],)
            name = "nosuch" if how == "add" else self._random.choice(self._fields + self._parameters)
            step["body"][name] = self._random.choice(values.for_name(name))
            return "add %s=%s" % (name, step["body"][name])
        holder, key = self._random.choice(places)
        if how == "drop":
            del holder[key]
            return "drop %s" % key
        holder[key] = self._random.choice(values.for_name(key if isinstance(key, str) else "x"))
        return "%s=%s" % (key, holder[key])


def _places(value):
    """Every (container, key) below a value."""
    for key, item in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield value, key
        yield from _places(item)
