"""A few kept-alive connections that send requests as fast as they are answered."""
import asyncio
import json
import time
import urllib.parse

VERSION = "1.115"


class Refused(Exception):
    """An answer that was no success."""


class Connections:
    """`size` connections to one server; each carries one request at a time."""

    def __init__(self, url, size):
        parts = urllib.parse.urlsplit(url)
        self._address, self._size = (parts.hostname, parts.port), size
        self._free = asyncio.Queue()

    async def __aenter__(self):
        for _ in range(self._size):
            self._free.put_nowait(await asyncio.open_connection(*self._address))
        return self

    async def __aexit__(self, *_):
        while not self._free.empty():
            self._free.get_nowait()[1].close()

    async def send(self, method, path, body=None):
        """(status, body bytes)."""
        data = b"" if body is None else json.dumps(body).encode()
        reader, writer = await self._free.get()
        try:
            writer.write(("%s %s HTTP/1.1\r\nHost: bench\r\nX-OpenStack-Ironic-API-Version: %s\r\nAccept: application/json\r\n"
                          "Content-Type: application/json\r\nContent-Length: %d\r\n\r\n" % (method, path, VERSION, len(data))).encode() + data)
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
            status, answer = int(head.split(" ", 2)[1]), b""
            if "\r\ncontent-length:" in head:
                answer = await reader.readexactly(int(head.split("\r\ncontent-length:")[1].split("\r\n")[0]))
            elif "\r\ntransfer-encoding: chunked" in head:
                answer = await _chunks(reader)
            if "\r\nconnection: close" in head:
                writer.close()
                reader, writer = await asyncio.open_connection(*self._address)
            return status, answer
        finally:
            self._free.put_nowait((reader, writer))


async def _chunks(reader):
    parts = []
    while True:
        size = int((await reader.readline()).split(b";")[0], 16)
        parts.append((await reader.readexactly(size + 2))[:-2])
        if not size:
            return b"".join(parts)


async def _accepted(connections, method, path, body, status):
    while True:
        got, answer = await connections.send(method, path, body)
        if got == status:
            return answer
        if got not in (409, 503):       # locked or busy: ask again
            raise Refused("%s %s: %d %s" % (method, path, got, answer[:300]))
        await asyncio.sleep(0.02)


async def _create(url, count, cycled):
    async with Connections(url, 8) as connections:
        async def one(n):
            node = {"driver": "fake-hardware", "name": "bench-%d" % n, "resource_class": "cycle" if n < cycled else "bench",
                    "properties": {"cpus": 32, "memory_mb": 131072, "local_gb": 900, "capabilities": "boot_mode:uefi"},
                    "driver_info": {"deploy_kernel": "http://127.0.0.1/kernel", "deploy_ramdisk": "http://127.0.0.1/ramdisk"},
                    "extra": {"rack": n // 40, "n": n}}
            answer = json.loads(await _accepted(connections, "POST", "/v1/nodes", node, 201))
            return answer["uuid"]
        return await asyncio.gather(*(one(n) for n in range(count)))


def create(url, count, cycled):
    """Register nodes; the first `cycled` have the resource class `cycle`. Returns their UUIDs."""
    return asyncio.run(_create(url, count, cycled))


PHASES = (("manage", "manageable"), ("provide", "available"), ("active", "active"), ("deleted", "available"))


async def _cycle(url, uuids):
    async with Connections(url, 8) as connections:
        for verb, state in PHASES:
            started = time.monotonic()
            await asyncio.gather(*(_accepted(connections, "PUT", "/v1/nodes/%s/states/provision" % uuid, {"target": verb}, 202)
                                   for uuid in uuids))
            query = "/v1/nodes?resource_class=cycle&fields=uuid&limit=1000&provision_state="
            while True:
                _, answer = await connections.send("GET", query + state)
                if len(json.loads(answer)["nodes"]) == len(uuids):
                    break
                if time.monotonic() - started > 300:
                    raise Refused("nodes did not all reach %s" % state)
                # asking costs the server too: seldom, compared with what is waited for
                await asyncio.sleep(max(0.005, 0.05 * (time.monotonic() - started)))


def cycle(url, uuids):
    """Take every node through manage, provide, active and deleted; returns nodes per second."""
    started = time.monotonic()
    asyncio.run(_cycle(url, uuids))
    return len(uuids) / (time.monotonic() - started)
