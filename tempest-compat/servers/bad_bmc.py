"""BMCs that misbehave: they listen, and then are silent, lie, or never come to an end."""
import contextlib
import random
import socket
import threading

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
DEEP = b'{"a":' * 50000 + b"1" + b"}" * 50000


def _silent(connection):
    with contextlib.suppress(OSError):
        while connection.recv(4096):
            pass


def _resets(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")


def _says(data):
    def behave(connection):
        with contextlib.suppress(OSError):
            while connection.recv(65536):
                connection.sendall(data)
    return behave


def _endless(connection):
    with contextlib.suppress(OSError):
        connection.recv(65536)
        connection.sendall(HEAD + b"\r\n{\"Members\": [")
        while True:
            connection.sendall(b'{"@odata.id": "/redfish/v1/Systems/1"},' * 2000)


def _answer(body):
    return HEAD + b"Content-Length: %d\r\n\r\n%s" % (len(body), body)


HTTP = {
    "is silent": _silent,
    "resets the connection": _resets,
    "speaks no HTTP": _says(bytes(random.Random(1).randbytes(400))),
    "answers text": _says(_answer(b"<html>login</html>")),
    "answers a list": _says(_answer(b"[]")),
    "answers wrong types": _says(_answer(b'{"Systems": 7, "PowerState": {"a": []}, "@odata.id": null, "Links": "x"}')),
    "nests 50,000 levels": _says(_answer(DEEP)),
    "never ends": _endless,
    "truncates": _says(HEAD + b"Content-Length: 5000\r\n\r\n{\"Systems\": {"),
    "answers 503": _says(b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"),
    "redirects elsewhere": _says(b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/redfish/v1\r\nContent-Length: 0\r\n\r\n"),
    "redirects for ever": _says(b"HTTP/1.1 302 Found\r\nLocation: /redfish/v1/\r\nContent-Length: 0\r\n\r\n"),
}


class BadRedfish:
    """A TCP listener with one of the behaviours above."""

    def __init__(self, behaviour):
        self._behave = HTTP[behaviour]
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = "http://127.0.0.1:%d" % self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=self._serve, args=self._listener.accept()[:1], daemon=True).start()

    def _serve(self, connection):
        with contextlib.closing(connection):
            self._behave(connection)

    def driver_info(self):
        return {"redfish_address": self.url, "redfish_system_id": "/redfish/v1/Systems/1", "redfish_username": "admin",
                "redfish_password": "a-secret-word"}


UDP = {
    "is silent": lambda packet: b"",
    "echoes": lambda packet: packet,
    "answers noise": lambda packet: random.Random(len(packet)).randbytes(60),
    "answers a bare RMCP+ header": lambda packet: bytes.fromhex("0600ff070611") + b"\0" * 10,
    "announces more than it sends": lambda packet: bytes.fromhex("0600ff0706110000000000000000ffff") + b"\0" * 4,
}


class BadIpmi:
    """A UDP listener with one of the behaviours above."""

    def __init__(self, behaviour):
        self._behave = UDP[behaviour]
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        with contextlib.suppress(OSError):
            while True:
                packet, sender = self._socket.recvfrom(65536)
                reply = self._behave(packet)
                if reply:
                    self._socket.sendto(reply, sender)

    def driver_info(self):
        return {"ipmi_address": "127.0.0.1", "ipmi_port": str(self.port), "ipmi_username": "admin",
                "ipmi_password": "a-secret-word", "ipmi_cipher_suite": "3"}
