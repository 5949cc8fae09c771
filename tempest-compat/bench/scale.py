"""100,000 nodes in MariaDB beside 1,000: what one request costs, and paging through all of them.

    tempest-compat/bench/run --scale [--nodes 100000]

Not compared with the real Ironic, but with ourselves: a request about one node or one page shall not cost more
because there are many others.
"""
import http.client
import json
import pathlib
import statistics
import threading
import time
import urllib.parse

from bench import measures, rows
from servers import mariadb, rest

SMALL = 1000
PAGE = 1000
WANTED = 1.5
SECONDS, MEGABYTES = 20, 100


def run(processes, executable, options, terminal):
    """Measure both sizes; returns the document for `--json`."""
    server = mariadb.start(processes)
    urls = {}
    for size in (SMALL, options.nodes):
        terminal.progress("%d nodes into MariaDB" % size)
        name = "scale_%d" % size
        url = server.create(name)
        process, base = measures.start(processes, "ferric", executable, suffix="-" + name, database=url)
        execute = lambda sql, name=name: server.execute(name, sql)      # noqa: E731
        for first in range(0, size, 20000):
            rows.into_mariadb(execute, [("nodes", [rows.node(n) for n in range(first, min(first + 20000, size))])])
        execute("ANALYZE TABLE nodes")
        urls[size] = process, base
    document = {"nodes": options.nodes, "requests": [], "paging": None}
    for about, make in REQUESTS.items():
        samples = {size: [] for size in urls}
        # alternating, so that both sizes see the same minutes
        for number in range(options.rounds * 40):
            for size, (_, base) in urls.items():
                method, path, body = make(size, number)
                samples[size].append(timed(base, method, path, body))
        few, many = (statistics.median(samples[size]) * 1000 for size in (SMALL, options.nodes))
        row = {"about": about, "few_ms": few, "many_ms": many, "ratio": many / few, "wanted": WANTED}
        document["requests"].append(row)
        terminal.line(terminal.paint("green" if row["ratio"] <= WANTED else "red", "%-40s %8.2f ms %8.2f ms  %5.2f×   (wanted at most %.1f×)" % (
            about, few, many, row["ratio"], WANTED)))
    process, base = urls[options.nodes]
    document["paging"] = paging = page_through(process, base, options.nodes)
    good = paging["seconds"] < SECONDS and paging["megabytes"] < MEGABYTES
    terminal.line(terminal.paint("green" if good else "red", "%d detail rows in pages of %d: %.1f s, server at most %.0f MB   (wanted %d s, %d MB)" % (
        paging["rows"], PAGE, paging["seconds"], paging["megabytes"], SECONDS, MEGABYTES)))
    return document


_clients = {}


def call(base, method, path, body=None):
    """The body of a successful answer, over a connection that is kept."""
    if base not in _clients:
        parts = urllib.parse.urlsplit(base)
        _clients[base] = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    connection = _clients[base]
    connection.request(method, path, None if body is None else json.dumps(body), {
        "Accept": "application/json", "Content-Type": "application/json", "X-OpenStack-Ironic-API-Version": rest.LATEST})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise OSError("%s %s: %s %s" % (method, path, answer.status, content[:300]))
    return content


def timed(base, method, path, body):
    started = time.perf_counter()
    call(base, method, path, body)
    return time.perf_counter() - started


def _some(size, number):
    return number * 7919 % size


REQUESTS = {
    "GET by UUID": lambda size, n: ("GET", "/v1/nodes/" + rows.identifier("node", _some(size, n)), None),
    "GET by name": lambda size, n: ("GET", "/v1/nodes/scale-%d" % _some(size, n), None),
    "a page of 1,000, filtered by driver": lambda size, n: ("GET", "/v1/nodes?driver=fake-hardware&limit=%d" % PAGE, None),
    "a page of 1,000, filtered by state": lambda size, n: ("GET", "/v1/nodes?provision_state=available&limit=%d" % PAGE, None),
    "PATCH": lambda size, n: ("PATCH", "/v1/nodes/" + rows.identifier("node", _some(size, n)),
                              [{"op": "replace", "path": "/extra/n", "value": n}]),
}


def page_through(process, base, size):
    """All detail rows, page by page, by the `next` links; time, rows and the most memory seen."""
    most, done = [0.0], threading.Event()

    def watch():
        while not done.wait(0.05):
            most[0] = max(most[0], resident(process.pid))
    watcher = threading.Thread(target=watch)
    watcher.start()
    seen, path = 0, "/v1/nodes/detail?limit=%d" % PAGE
    started = time.perf_counter()
    try:
        while path:
            page = json.loads(call(base, "GET", path))
            seen += len(page["nodes"])
            path = page.get("next", "").removeprefix(base) or None
    finally:
        took = time.perf_counter() - started
        done.set()
        watcher.join()
    if seen != size:
        raise OSError("paging showed %d of %d nodes" % (seen, size))
    return {"seconds": took, "rows": seen, "megabytes": most[0]}


def resident(pid):
    """MB of a process, pages it shares counted in part."""
    try:
        rollup = pathlib.Path("/proc/%d/smaps_rollup" % pid).read_text()
    except OSError:
        return 0.0
    return sum(int(line.split()[1]) for line in rollup.splitlines() if line.startswith("Pss:")) / 1000
