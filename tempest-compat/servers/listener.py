"""An HTTP server of a few lines that remembers every request: an agent, or a host nobody should be sent to."""
import http.server
import threading


class Listener:
    """Listens on a free loopback port until the process ends; `heard` is every request as text."""

    def __init__(self, answer=lambda request: (404, b"")):
        listener = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                text = "%s\n%s\n%s" % (self.requestline, self.headers, body.decode("utf-8", "replace"))
                listener.heard.append(text)
                status, said = answer(text)
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = handle_any

            def log_message(self, *_):
                pass

        self.heard = []
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self.url = "http://127.0.0.1:%d" % self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
