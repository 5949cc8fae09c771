#!/usr/bin/env python3
"""Plays the recorded contract against a server and compares the answers.

    check.py --base http://127.0.0.1:6385                      everything
    check.py --base URL --only 'node-patch/*' --only 'port-*/*'
    check.py --base URL --base URL2 ...                         one worker a server
    check.py --base URL --workers 4                             several workers on one server
    check.py --base URL --instead mariadb.jsonl                 some cases as another kind of database answers them
    check.py --base URL --record                                take the answers as the new contract

The server must be empty.  With several workers on one server, cases that use
the same names, addresses or UUIDs never run at the same time, and those that
read whole collections run alone, after all others.
"""
import argparse
import fnmatch
import json
import pathlib
import re
import sys
import threading
import time

import compare
import corpus
from play import Player

COLLECTION = re.compile(
    r"/v1/(?:nodes|ports|portgroups|chassis|allocations|deploy_templates|runbooks|inspection_rules|shards|conductors"
    r"|volume/(?:connectors|targets))(?:/detail)?/?(?:\.json)?")
# What these need is the whole server: any node is a candidate for an allocation.
ALONE = ("allocation/", "lookup/", "conductor/", "lifecycle/")
IDENTIFIERS = ("name", "uuid", "address", "instance_uuid", "connector_id", "volume_id", "addresses", "node_uuid")


# --------------------------------------------------------------- scheduling

def _identifiers(value):
    if isinstance(value, dict):
        for name, item in value.items():
            if name in IDENTIFIERS and isinstance(item, str):
                yield item
            else:
                yield from _identifiers(item)
    elif isinstance(value, list):
        for item in value:
            yield from _identifiers(item)


def claims(case):
    """The identifiers a case occupies on its server, or None when it needs all of it."""
    if case["case"].startswith(ALONE) or any("sweep" in step for step in case.get("cleanup", ())):
        return None
    claimed = set()
    for step in case["steps"]:
        if step.get("method", "GET") == "GET" and COLLECTION.fullmatch(step["path"].split("?")[0]):
            return None
        claimed.update(_identifiers(step.get("body")))
    return claimed


class Queue:
    """Hands out cases; on a shared server never two that could meet."""

    def __init__(self, cases, shared):
        self._pending = [(case, claims(case) if shared else set()) for case in cases]
        self._pending.sort(key=lambda entry: entry[1] is None)     # stable: those alone come last
        self._busy = []
        self._turn = threading.Condition()

    def take(self):
        with self._turn:
            while self._pending:
                for index, (case, claimed) in enumerate(self._pending):
                    if self._free(claimed):
                        del self._pending[index]
                        self._busy.append(claimed)
                        return case, claimed
                self._turn.wait()
            return None, None

    def _free(self, claimed):
        if claimed is None:
            return not self._busy
        return all(other is not None and not other & claimed for other in self._busy)

    def done(self, claimed):
        with self._turn:
            self._busy.remove(claimed)
            self._turn.notify_all()


# ------------------------------------------------------------------ choosing

def chosen(cases, only, part, instead=None):
    if instead:
        others = {case["case"]: case for case in corpus.read(instead)}
        cases = [others.get(case["case"], case) for case in cases]
    if only:
        cases = [c for c in cases if any(fnmatch.fnmatch(c["case"], pattern) for pattern in only)]
    if part:
        first, every = (int(number) for number in part.split("/"))
        cases = [case for at, case in enumerate(cases) if at % every == first - 1 or instead and case["case"] in others]
    return cases


# ------------------------------------------------------------------- running

class Check:
    """One run: its cases, its workers and what they found."""

    def __init__(self, options):
        self.options = options
        self.cases = chosen(corpus.load(), options.only, options.part, options.instead)
        self.results = []
        self.recorded = []
        self._lock = threading.Lock()

    def run(self):
        bases = self.options.base * (self.options.workers if len(self.options.base) == 1 else 1)
        if self.options.wipe:
            for base in set(bases):
                Player(base).wipe()
        queue = Queue(self.cases, shared=len(bases) > len(set(bases)))
        workers = [threading.Thread(target=self._work, args=(Player(base), queue)) for base in bases]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()

    def _work(self, player, queue):
        while True:
            case, claimed = queue.take()
            if case is None:
                return
            started = time.monotonic()
            try:
                answers = player.play(case)
                wrong = compare.judge(case, answers, self.options.wording, self.options.crashes)
            except Exception as error:     # an answer nobody thought of must not end the run
                answers, wrong = [], ["%s: %s" % (type(error).__name__, error)]
            finally:
                queue.done(claimed)
            self._note(case, answers, wrong, time.monotonic() - started)

    def _note(self, case, answers, wrong, seconds):
        name = case["case"]
        state = "failed" if wrong else "passed"
        with self._lock:
            self.results.append({"case": name, "state": state, "wrong": wrong, "seconds": round(seconds, 3)})
            if answers and "stuck" not in answers[-1]:
                self.recorded.append({**case, "answers": answers})
            if state == "failed":
                print("FAIL " + name)
                for line in wrong[:self.options.lines]:
                    print("  " + line)
                if len(wrong) > self.options.lines:
                    print("  … %d more" % (len(wrong) - self.options.lines))
            elif not self.options.quiet:
                print("ok   " + name)
            sys.stdout.flush()

    def count(self, state, results=None):
        return sum(result["state"] == state for result in (self.results if results is None else results))

    def areas(self):
        """{area: [result, ...]} in alphabetical order."""
        found = {}
        for result in sorted(self.results, key=lambda r: r["case"]):
            found.setdefault(result["case"].split("/")[0], []).append(result)
        return found

    def report(self):
        for area, results in self.areas().items():
            print("%-22s %5d passed %4d failed %7.1f s" % (
                area, self.count("passed", results), self.count("failed", results), sum(r["seconds"] for r in results)))
        print("%d passed, %d failed" % tuple(map(self.count, ("passed", "failed"))))

    def save(self, path):
        document = {state: self.count(state) for state in ("passed", "failed")}
        document["cases"] = sorted(self.results, key=lambda r: r["case"])
        pathlib.Path(path).write_text(json.dumps(document, indent=1, ensure_ascii=False) + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--base", action="append", required=True, metavar="URL", help="the server, without /v1")
    parser.add_argument("--only", action="append", metavar="GLOB", help="cases by name, repeatable")
    parser.add_argument("--instead", metavar="FILE", help="cases that take the place of those of the same name")
    parser.add_argument("--part", metavar="I/N", help="every N-th case, from the I-th on, and those of --instead")
    parser.add_argument("--workers", type=int, default=1, help="workers on a single server")
    parser.add_argument("--wipe", action="store_true", help="first delete EVERYTHING on the server")
    parser.add_argument("--wording", action="store_true", help="compare the free text of errors too")
    parser.add_argument("--crashes", action="store_true", help="want a 5xx where Ironic answered one")
    parser.add_argument("--quiet", action="store_true", help="failures only")
    parser.add_argument("--lines", type=int, default=25, help="lines shown of one failure")
    parser.add_argument("--json", metavar="FILE", help="a report for programs")
    parser.add_argument("--record", action="store_true", help="replace the recorded answers by the server's")
    options = parser.parse_args()

    check = Check(options)
    if not check.cases:
        parser.error("no case matches")
    check.run()
    if options.record:
        names = {case["case"] for case in check.recorded}
        corpus.save([c for c in corpus.load() if c["case"] not in names] + check.recorded)
    check.report()
    if options.json:
        check.save(options.json)
    sys.exit(1 if check.count("failed") else 0)


if __name__ == "__main__":
    main()
