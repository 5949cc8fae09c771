"""An HTTP relay that remembers what passed through: to see what a BMC was really told."""
import http.client
import http.server
import json
import threading

NOT_PASSED = {"connection", "transfer-encoding", "content-length", "keep-alive", "server", "date"}


class Relay:
    """Listens on a port of its own and passes every request on to another one."""

    def __init__(self, port):
        self.requests = []      # (method, path, parsed body or None)
        relay = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def _pass_on(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                relay.requests.append((self.command, self.path, _parsed(body)))
                upstream = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                try:
                    upstream.request(self.command, self.path, body or None, dict(self.headers))
                    answer = upstream.getresponse()
                    data = answer.read()
                finally:
                    upstream.close()
                self.send_response(answer.status)
                for name, value in answer.getheaders():
                    if name.lower() not in NOT_PASSED:
                        self.send_header(name, value)
                if answer.status != 204:
                    self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(data)

            do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = _pass_on

            def log_message(self, *_):
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self._server.server_port
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def last(self, method, path):
        """The body of the newest such request."""
        return next((b for m, p, b in reversed(self.requests) if m == method and p.rstrip("/") == path), None)

    def count(self, method, ending):
        return sum(m == method and p.rstrip("/").endswith(ending) for m, p, _ in self.requests)


def _parsed(body):
    try:
        return json.loads(body) if body else None
    except ValueError:
        return None
