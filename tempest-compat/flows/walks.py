#!/usr/bin/env python3
"""Takes random walks on a real Ironic and on our server that run already, and shows where they part.

    walks.py --ironic http://127.0.0.1:6391 --server http://127.0.0.1:6385 --walks 50 [--seed 39] [--length 25] [--words FILE]

Both run with the contract's configuration.
"""
import argparse
import concurrent.futures
import pathlib
import sys

sys.path[:0] = [str(pathlib.Path(__file__).resolve().parents[1]), str(pathlib.Path(__file__).resolve().parent)]

from walk import Side, Walk  # noqa: E402

WALKERS = 4


def take(bases, seeds, length, tell):
    """Walks each seed; `tell(walk, lines)` hears of each end. A walk that breaks off is told as a difference."""
    sides = [Side(base) for base in bases]

    def one(seed):
        walk = Walk(sides, seed, length)
        try:
            return walk, walk.run()
        except Exception as error:      # noqa: BLE001: told with the walk it happened on
            return walk, ["the walk broke off: %s: %s" % (type(error).__name__, error)]
    try:
        with concurrent.futures.ThreadPoolExecutor(WALKERS) as pool:
            for done in concurrent.futures.as_completed([pool.submit(one, seed) for seed in seeds]):
                tell(*done.result())
    finally:
        for side in sides:
            side.agent.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--ironic", required=True)
    parser.add_argument("--server", required=True)
    parser.add_argument("--walks", type=int, default=50)
    parser.add_argument("--seed", type=int, default=39)
    parser.add_argument("--length", type=int, default=25)
    parser.add_argument("--words", metavar="FILE", help="the texts of both sides, for people to compare")
    options = parser.parse_args()
    counts, words = {"walks": 0, "steps": 0, "differ": 0}, []

    def tell(walk, lines):
        counts["walks"] += 1
        counts["steps"] += len(walk.trail)
        words.extend(walk.words)
        if lines:
            counts["differ"] += 1
            print("walk %s:" % walk.seed)
            print("".join("    %s\n" % line for line in walk.trail[-30:]), end="")
            print("".join("  ! %s\n" % line for line in lines[:12]), flush=True)
    take((options.ironic, options.server), ["%d-%d" % (options.seed, number) for number in range(options.walks)], options.length, tell)
    if options.words:
        with open(options.words, "w") as out:
            out.writelines("%s\n  ironic: %s\n  ours:   %s\n" % row for row in words)
    print(counts)
    return 1 if counts["differ"] else 0


if __name__ == "__main__":
    sys.exit(main())
