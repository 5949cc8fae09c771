"""Plain requests to a bare metal API, for suites and for waiting until it serves."""
import json
import time
import urllib.error
import urllib.request

LATEST = "1.115"


class Rest:
    """One bare metal API at one microversion."""

    def __init__(self, base, version=LATEST, timeout=60, headers=None):
        self.base, self._version, self._timeout = base.rstrip("/"), version, timeout
        self._headers = headers or {}

    def call(self, method, path, body=None, version=None):
        """(status, parsed body or None)."""
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.base + path, data=data, method=method, headers={
            "Accept": "application/json", "Content-Type": "application/json",
            "X-OpenStack-Ironic-API-Version": version or self._version, **self._headers})
        try:
            with urllib.request.urlopen(request, timeout=self._timeout) as answer:
                return answer.status, _parsed(answer.read())
        except urllib.error.HTTPError as error:
            return error.code, _parsed(error.read())

    def get(self, path, **options):
        return self.ok("GET", path, **options)

    def ok(self, method, path, body=None, **options):
        """The body of an answer that must be a success."""
        status, answer = self.call(method, path, body, **options)
        assert status < 300, "%s %s: %d %s" % (method, path, status, json.dumps(answer)[:600])
        return answer

    def node(self, ident):
        return self.get("/v1/nodes/" + ident)

    def provision(self, ident, verb, state, seconds=60, **arguments):
        """Ask for a provision verb and wait for the state it leads to."""
        end = time.monotonic() + seconds
        while True:     # a 409 only says that the last action is still being finished
            status, answer = self.call("PUT", "/v1/nodes/%s/states/provision" % ident, {"target": verb, **arguments})
            if status != 409 or time.monotonic() > end:
                break
            time.sleep(0.2)
        assert status == 202, "%s: %d %s" % (verb, status, json.dumps(answer)[:600])
        return self.reaches(ident, seconds, provision_state=state)

    def reaches(self, ident, seconds=60, **wanted):
        """Wait until the node's fields have these values; a field that ends in failure ends it."""
        end = time.monotonic() + seconds
        while True:
            node = self.node(ident)
            seen = {name: node[name] for name in wanted}
            if seen == wanted and not node["reservation"]:
                return node
            failed = str(node["provision_state"]).endswith("failed") and not str(wanted.get("provision_state")).endswith("failed")
            assert not failed and time.monotonic() < end, "wanted %s, is %s; last_error: %s" % (wanted, {
                **seen, "provision_state": node["provision_state"], "reservation": node["reservation"]}, node["last_error"])
            time.sleep(0.1)


def _parsed(body):
    try:
        return json.loads(body) if body else None
    except ValueError:
        return {"text": body.decode("utf-8", "replace")}


def serves(base, drivers=1):
    """Whether the API answers and at least so many hardware types are registered."""
    def ready():
        status, answer = Rest(base, "1.30", timeout=5).call("GET", "/v1/drivers")
        return status == 200 and len(answer["drivers"]) >= drivers
    return ready
