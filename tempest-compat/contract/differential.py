#!/usr/bin/env python3
"""Asks the real Ironic and our server the same questions and compares the answers.

    differential.py --ironic http://127.0.0.1:6391 --server http://127.0.0.1:6385
    differential.py ... --cases 2000 --seed 7          random neighbours of the recorded cases
    differential.py ... --matrix --only 'patch-*'      systematic cases, too
    differential.py ... --cross bodies                 recorded cases crossed with each other (crossings.py)
    differential.py ... --cross states --databases A.sqlite B.sqlite
                                                       nodes put into states by writing to both databases
    differential.py ... --grid lists --grids 100       random walks over what the corpus touches a corner of (grids.py)
    differential.py ... --sample 1/20                  every so-many-th of the chosen cases

Both servers must be empty and run with the contract's configuration.  What
differs is asked again after everything was deleted, so that what a case left
behind is not taken for an answer.
"""
import argparse
import collections
import concurrent.futures
import contextlib
import fnmatch
import json
import random
import re
import sqlite3
import sys
import time

import compare
import corpus
import crossings
import grids
import matrix
from play import Player
from siblings import Siblings

WIPE_EVERY = 150


def chosen(options):
    """The cases to ask, in a fixed order."""
    cases = list(Siblings(corpus.load(), options.seed).take(options.cases))
    if options.matrix:
        cases += shuffled(matrix.everything(), options.seed)
    for name in options.cross or ():
        cases += shuffled(getattr(crossings, name)(corpus.load()), options.seed)
    for name in options.grid or ():
        cases += grids.EVERY[name](random.Random(options.seed), options.grids)
    cases = matching(cases, options.only)
    if options.sample:
        first, every = (int(part) for part in options.sample.split("/"))
        cases = cases[first - 1::every]
    return cases


def shuffled(cases, seed):
    """Cases in an order in which every part of them is a sample of all."""
    cases = list(cases)
    random.Random(seed).shuffle(cases)
    return cases


def matching(cases, patterns):
    """Those whose name fits one of the patterns; all without any."""
    return [c for c in cases if any(fnmatch.fnmatch(c["case"], p) for p in patterns)] if patterns else cases


class RowPlayer(Player):
    """Also looks into the server's database: a step ROW sets columns of the node, a step REST tells where it came to rest."""

    # What lets a node be deleted at once.
    FREE = {"provision_state": "available", "target_provision_state": None, "power_state": None, "target_power_state": None, "reservation": None, "maintenance": 1,
            "protected": 0, "retired": 0, "instance_uuid": None, "fault": None, "console_enabled": 0, "automated_clean": None}
    TOLD = ("provision_state", "target_provision_state", "power_state", "target_power_state", "reservation", "maintenance", "fault", "instance_uuid",
            "retired", "protected", "console_enabled", "raid_config", "target_raid_config", "clean_step", "deploy_step", "service_step", "boot_mode")

    def __init__(self, base, database):
        super().__init__(base)
        self._database = database

    def _step(self, step, variables, names, created, hopeless):
        if step.get("method") == "ROW":
            self._write({**self.FREE, "maintenance": 0, **step["row"]}, variables["node"])
            return {"status": 0}
        if step.get("method") == "REST":
            return {"status": 0, "body": self._rest(variables["node"])}
        return super()._step(step, variables, names, created, hopeless)

    def _clear(self, case, variables, created):
        if "node" in variables:
            self._write(self.FREE, variables["node"])
        super()._clear(case, variables, created)

    def _rest(self, node):
        end = time.monotonic() + 4
        while True:
            row = self._row(node)
            if not row or row["reservation"] != self.host or time.monotonic() > end:
                return row
            time.sleep(0.02)

    def _row(self, node):
        with contextlib.closing(sqlite3.connect(self._database, timeout=20)) as connection:
            found = connection.execute("SELECT %s FROM nodes WHERE uuid = ?" % ", ".join(self.TOLD), [node]).fetchone()
        return {name: None if said in ("{}", "null") else said for name, said in zip(self.TOLD, found)} if found else {}

    def _write(self, row, node):
        with contextlib.closing(sqlite3.connect(self._database, timeout=20)) as connection, connection:
            connection.execute("UPDATE nodes SET %s WHERE uuid = ?" % ", ".join(name + " = ?" for name in row), [*row.values(), node])


class Pair:
    """The two servers; their SQLite databases, if cases are to write there."""

    def __init__(self, ironic, server, databases=None):
        self._players = [RowPlayer(*both) for both in zip((ironic, server), databases)] if databases else [Player(ironic), Player(server)]
        self._pool = concurrent.futures.ThreadPoolExecutor(2)

    def ask(self, case):
        """What is wrong with our answers: lines, none when they pass; None when Ironic does not get that far."""
        wanted, got = self._pool.map(lambda player: player.play(case), self._players)
        if "stuck" in wanted[-1]:
            wanted = wanted[:-1]
            got = got[:len(wanted)]
            if not wanted:
                return None
        judged = {**case, "steps": case["steps"][:len(wanted)], "answers": wanted}
        return compare.judge(judged, got)

    def wipe(self):
        list(self._pool.map(lambda player: player.wipe(), self._players))

    def close(self):
        self._pool.shutdown()


def signature(lines):
    """What a difference looks like without the names in it."""
    text = lines[1] if len(lines) > 1 else lines[0]
    return re.sub(r"\b[\w-]*\d[\w-]*\b|<uuid:\w+>|\"[^\"]{12,}\"", "#", text.strip())[:160]


class Comparison:
    """One run: what was asked and what differed."""

    def __init__(self, pair, out=None):
        self.pair, self.out = pair, out
        self.passed, self.stuck, self.differences = [], 0, []

    def run(self, cases, progress=lambda text: None):
        self.pair.wipe()
        for number, case in enumerate(cases, 1):
            if number % WIPE_EVERY == 0:
                self.pair.wipe()
            wrong = self._careful(case)
            if wrong is None:
                self.stuck += 1
            elif wrong:
                self.differences.append({"case": case["case"], "wrong": wrong, "steps": case["steps"]})
                if self.out:
                    self.out.write(json.dumps(self.differences[-1], ensure_ascii=False) + "\n")
                    self.out.flush()
            else:
                self.passed.append(case["case"])
            progress("%d of %d, %d differ" % (number, len(cases), len(self.differences)))

    def _careful(self, case):
        wrong = self.pair.ask(case)
        if wrong:
            self.pair.wipe()
            wrong = self.pair.ask(case)
        return wrong

    def kinds(self):
        """[(how many, what, first case)], the most frequent first."""
        found = collections.defaultdict(list)
        for difference in self.differences:
            found[signature(difference["wrong"])].append(difference)
        return sorted(((len(group), what, group[0]) for what, group in found.items()), key=lambda row: -row[0])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ironic", required=True, metavar="URL")
    parser.add_argument("--server", required=True, metavar="URL")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cases", type=int, default=500, help="neighbours of recorded cases")
    parser.add_argument("--matrix", action="store_true", help="systematic cases, too")
    parser.add_argument("--cross", action="append", choices=("states", "versions", "bodies", "transports", "verbs_of_steps"), help="crossed cases, too")
    parser.add_argument("--grid", action="append", choices=sorted(grids.EVERY), help="random walks, too")
    parser.add_argument("--grids", type=int, default=30, metavar="N", help="how many of each")
    parser.add_argument("--databases", nargs=2, metavar="FILE", help="of the two servers")
    parser.add_argument("--only", action="append", metavar="GLOB")
    parser.add_argument("--sample", metavar="I/N")
    parser.add_argument("--out", metavar="FILE", help="a line for each difference")
    options = parser.parse_args()
    cases = chosen(options)
    out = open(options.out, "w", encoding="utf-8") if options.out else None
    pair = Pair(options.ironic, options.server, options.databases)
    comparison = Comparison(pair, out)
    try:
        comparison.run(cases, lambda text: print("\r\033[K" + text, end="", file=sys.stderr))
    finally:
        pair.close()
        print(file=sys.stderr)
        for count, what, first in comparison.kinds():
            print("%4d  %s\n      %s\n      %s" % (count, what, first["case"][:200], first["wrong"][0][:200]))
        print("%d alike, %d differ, %d not comparable" % (len(comparison.passed), len(comparison.differences), comparison.stuck))
    sys.exit(1 if comparison.differences else 0)


if __name__ == "__main__":
    main()
