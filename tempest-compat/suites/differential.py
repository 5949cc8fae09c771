"""The real Ironic and our server, asked the same questions that no recording has."""
import random
import sys

from runner import prerequisites
from servers import ironic

SEED = 39
NEIGHBOURS = 400        # random neighbours of recorded cases
SYSTEMATIC = 60         # every so-many-th systematic case
# How many cases of each kind of crossing; a case of states and of transports has a dozen requests.
CROSSED = {"states": 25, "versions": 60, "bodies": 25, "verbs_of_steps": 10}
# With --full; the walks over grids still meet numbers and line ends that are refused here, a hunt for whoever mends them.
MANY_NEIGHBOURS, MANY_SYSTEMATIC, MANY_CROSSED, WALKS = 6000, 4, 20, 100


def run(stage):
    sys.path.insert(0, str(prerequisites.HERE / "contract"))
    import corpus
    import crossings
    import differential
    import grids
    import matrix
    import siblings
    with stage.report.check("the real Ironic and our server start", essential=True):
        reference = ironic.start(stage.processes, "reference", drivers=4)[1]
        server = stage.serve()[1]
    neighbours, every = (MANY_NEIGHBOURS, MANY_SYSTEMATIC) if stage.full else (NEIGHBOURS, SYSTEMATIC)
    cases = list(siblings.Siblings(corpus.load(), SEED).take(neighbours))
    cases += differential.shuffled(matrix.everything(), SEED)[::every]
    for kind, count in CROSSED.items():
        crossed = differential.shuffled(getattr(crossings, kind)(corpus.load()), SEED)
        cases += crossed[:count * (MANY_CROSSED if stage.full else 1)]
    for kind in ("lists", "patches", "names", "links", "templates", "raid", "configdrives", "headers"):     # rules: suite flows
        cases += grids.EVERY[kind](random.Random(SEED), WALKS if stage.full else 0)
    databases = [stage.directory / name / "ironic.sqlite" for name in ("reference", "server")]
    pair = differential.Pair(reference, server, databases)
    comparison = differential.Comparison(pair)
    try:
        comparison.run(differential.matching(cases, stage.only), stage.report.progress)
    finally:
        pair.close()
    for difference in comparison.differences:
        stage.report.add(difference["case"], "failed", "\n".join(difference["wrong"][:8]), show=True)
    for name in comparison.passed:
        stage.report.add(name, "passed", show=False)
    stage.report.note("%d alike, %d differ, %d not comparable" % (
        len(comparison.passed), len(comparison.differences), comparison.stuck))
