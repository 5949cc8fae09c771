"""Plays one case of the contract against a server and clears up behind it."""
import json
import re
import time
import urllib.parse

import pointer
from canonical import VERSION, Names, canonical
from wire import Connection, NoAnswer

LATEST = "1.115"
WAIT_SECONDS = 30.0
HOPELESS_SECONDS = 1.0      # how long to wait for the effect of a request that was refused
VARIABLE = re.compile(r"\$\{([\w.]+)\}")
NOT_FOUND = (KeyError, IndexError, TypeError, ValueError)


class Stuck(Exception):
    """The case cannot go on: no answer, nothing to capture, a state never reached."""


def expand(value, variables):
    """`${name}` replaced in strings, wherever they stand."""
    if isinstance(value, str):
        alone = VARIABLE.fullmatch(value)
        if alone and alone.group(1) in variables:
            return variables[alone.group(1)]
        try:
            return VARIABLE.sub(lambda m: str(variables[m.group(1)]), value)
        except KeyError as unknown:
            raise Stuck("the case never set ${%s}" % unknown.args[0]) from unknown
    if isinstance(value, list):
        return [expand(item, variables) for item in value]
    if isinstance(value, dict):
        return {expand(k, variables): expand(v, variables) for k, v in value.items()}
    return value


def request_of(step, variables):
    """(method, target, headers, body) of a step."""
    headers = {"Accept": "application/json"}
    if step.get("version", LATEST) is not None:
        headers[VERSION] = step.get("version", LATEST)
    body = None
    if "body" in step:
        body = json.dumps(expand(step["body"], variables))
    elif "body_raw" in step:
        body = expand(step["body_raw"], variables)
    elif "body_repeat" in step:
        rule = step["body_repeat"]
        body = rule.get("head", "") + rule["unit"] * rule["times"] + rule.get("tail", "")
    if body is not None:
        headers["Content-Type"] = "application/json"
        body = body.encode()
    for name, value in step.get("headers", {}).items():
        headers.pop(name, None)
        if value is not None:
            headers[name] = expand(value, variables)
    return step.get("method", "GET"), expand(step["path"], variables), headers, body


def _parsed(answer):
    try:
        return json.loads(answer.body)
    except ValueError:
        return None


def _holds(condition, document):
    try:
        value = pointer.find(document, condition["pointer"])
    except NOT_FOUND:
        return False
    return (value == condition.get("equals", value)
            and value in condition.get("in", [value])
            and value not in condition.get("not_in", []))


def _refused(case, index, answer):
    """Whether a request was refused that the recorded server accepted."""
    recorded = case.get("answers", [])
    return index < len(recorded) and recorded[index]["status"] < 400 <= answer["status"]


class Player:
    """Plays cases, one after the other, on one connection."""

    def __init__(self, base):
        self.connection = Connection(base)
        self.base = self.connection.base
        self.host = self._conductor()

    def _conductor(self):
        try:
            answer = self._plain("GET", "/v1/conductors", version="1.49")
            return pointer.find(_parsed(answer), "/conductors/0/hostname")
        except (NoAnswer, *NOT_FOUND):
            return ""

    def play(self, case):
        """The answers to the steps, canonical; the last may be `{"stuck": reason}`."""
        names = Names(self.base, self.host, case)
        variables = {"base": self.base, "host": self.host}
        created, answers = [], []
        try:
            hopeless = False
            for index, step in enumerate(case["steps"]):
                answers.append(self._step(step, variables, names, created, hopeless))
                hopeless = hopeless or _refused(case, index, answers[-1])
        except (Stuck, NoAnswer) as reason:
            answers.append({"stuck": str(reason)})
        finally:
            self._clear(case, variables, created)
        return answers

    def _step(self, step, variables, names, created, hopeless):
        limit = HOPELESS_SECONDS if hopeless else step.get("timeout") or WAIT_SECONDS
        answer = self._until(step, request_of(step, variables), limit)
        if answer.status == 201 and step.get("method") == "POST" and "location" in answer.headers:
            created.append(answer.headers["location"])
        for variable, where in step.get("capture", {}).items():
            try:
                variables[variable] = pointer.find(_parsed(answer), where)
            except NOT_FOUND as error:
                raise Stuck("nothing at %s for ${%s}: status %d, %s" % (
                    where, variable, answer.status, answer.body[:300].decode("utf-8", "replace"))) from error
            names.learn(variable, variables[variable])
        return canonical(step, answer, names)

    def _until(self, step, request, limit):
        conditions = step.get("wait_for", [])
        if isinstance(conditions, dict):
            conditions = [conditions]
        end = time.monotonic() + limit
        pause = 0.02
        while True:
            answer = self.connection.send(*request)
            if not conditions:
                return answer
            document = _parsed(answer)
            if answer.status == 200 and all(_holds(c, document) for c in conditions):
                return answer
            if time.monotonic() > end:
                raise Stuck("never became %s: %s" % (json.dumps(conditions), self._last(conditions, document, answer)))
            time.sleep(pause)
            pause = min(pause * 1.4, 0.4)

    @staticmethod
    def _last(conditions, document, answer):
        values = {}
        for where in [c["pointer"] for c in conditions] + ["/last_error"]:
            try:
                values[where] = pointer.find(document, where)
            except NOT_FOUND:
                pass
        return "status %d, %s" % (answer.status, json.dumps(values))

    # ---------------------------------------------------------- clearing up

    def _plain(self, method, target, body=None, version=LATEST):
        headers = {"Accept": "application/json", VERSION: version}
        if body is not None:
            headers["Content-Type"] = "application/json"
            body = json.dumps(body).encode()
        return self.connection.send(method, target, headers, body)

    def _clear(self, case, variables, created):
        try:
            for step in case.get("cleanup", ()):
                if "sweep" in step:
                    self.sweep(step["sweep"])
                else:
                    self.connection.send(*request_of(step, variables))
            later = []
            for location in reversed(created):
                target = urllib.parse.urlsplit(location).path
                if "/nodes/" in target:
                    self.remove_node(target)
                elif not self._remove(target, seconds=0.5):
                    later.append(target)    # an allocation of a node still in use, say
            for target in later:
                self._remove(target, seconds=3)
        except (Stuck, NoAnswer):
            pass                            # the server is gone; the next case will say so

    def _remove(self, target, seconds):
        end = time.monotonic() + seconds
        while self._plain("DELETE", target).status not in (204, 404):
            if time.monotonic() > end:
                return False
            time.sleep(0.1)
        return True

    def remove_node(self, target):
        """Delete a node whatever state it is in."""
        end = time.monotonic() + 8
        while self._plain("DELETE", target).status not in (204, 404):
            if time.monotonic() > end:
                return
            self._plain("PUT", target + "/maintenance", {})
            self._plain("PATCH", target, [{"op": "replace", "path": "/protected", "value": False}])
            self._plain("PATCH", target, [{"op": "remove", "path": "/instance_uuid"}])
            time.sleep(0.1)

    def sweep(self, collection):
        """Delete every member: for what a refused POST may leave behind."""
        document = _parsed(self._plain("GET", collection))
        for members in document.values() if isinstance(document, dict) else ():
            for member in members if isinstance(members, list) else ():
                target = "%s/%s" % (collection.split("?")[0], member["uuid"])
                if target.startswith("/v1/nodes/"):
                    self.remove_node(target)
                else:
                    self._remove(target, seconds=0.5)

    def wipe(self):
        """Delete everything the server holds."""
        for collection in ("allocations", "deploy_templates", "runbooks", "inspection_rules",
                           "nodes?include_children=true", "portgroups", "ports", "chassis"):
            self.sweep("/v1/" + collection)
