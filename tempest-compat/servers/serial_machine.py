"""The serial port of a machine: a TCP port that greets, echoes and remembers what was typed."""
import socketserver
import threading

GREETING = b"\r\nwelcome to the machine\r\nlogin: "


class SerialMachine:
    """Runs until the suite ends; `typed` is everything that arrived."""

    def __init__(self):
        machine = self

        class Port(socketserver.BaseRequestHandler):
            def handle(self):
                machine.connected.append(self.request)
                while True:
                    data = self.request.recv(4096)
                    if not data:
                        return
                    machine.typed += data
                    self.request.sendall(data.replace(b"\r", GREETING))

        self.typed = bytearray()
        self.connected = []
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Port)
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def say(self, data):
        """Something the machine prints by itself."""
        for line in self.connected[-1:]:
            line.sendall(data)
