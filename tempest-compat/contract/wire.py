"""A kept-alive HTTP/1.1 connection that sends exactly the headers it is told to."""
import http.client
import time
import urllib.parse

# What may stand in a request target as it is; the rest is percent-encoded.
TARGET_SAFE = "/?&=%:,.~@!$'()*+;[]-_"


class NoAnswer(Exception):
    """The server closed the connection, or said nothing in time."""


class Answer:
    """Status, headers by lower-case name (repeats joined) and raw body."""

    def __init__(self, response, body):
        self.status = response.status
        self.headers = {}
        for name, value in response.getheaders():
            name = name.lower()
            known = self.headers.get(name)
            self.headers[name] = value if known is None else known + ", " + value
        self.body = body


class Connection:
    """One connection to one server, opened when needed."""

    def __init__(self, base, timeout=60.0):
        parts = urllib.parse.urlsplit(base)
        self.base = base.rstrip("/")
        self._address = parts.hostname, parts.port or 80
        self._prefix = parts.path.rstrip("/")
        self._timeout = timeout
        self._http = None

    def close(self):
        if self._http:
            self._http.close()
        self._http = None

    def send(self, method, target, headers, body=None):
        """One request, one `Answer`; a kept connection found dead is replaced once."""
        if target.startswith(self.base):
            target = target[len(self.base):]
        target = self._prefix + urllib.parse.quote(target, safe=TARGET_SAFE)
        headers = dict(headers)
        if body is not None:
            headers["Content-Length"] = str(len(body))
        elif method in ("POST", "PUT", "PATCH"):
            headers["Content-Length"] = "0"
        while True:
            reused = self._http is not None
            if not reused:
                self._http = http.client.HTTPConnection(*self._address, timeout=self._timeout)
            try:
                return self._once(method, target, headers, body)
            except (OSError, http.client.HTTPException) as error:
                self.close()
                if not reused:
                    raise NoAnswer("%s: %s" % (type(error).__name__, error)) from error
                time.sleep(0.01)

    def _once(self, method, target, headers, body):
        self._http.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers.items():
            self._http.putheader(name, value)
        self._http.endheaders(body)
        response = self._http.getresponse()
        answer = Answer(response, response.read())
        if response.will_close:
            self.close()
        return answer
