"""The real Ironic and our server, asked the same questions that no recording has."""
import sys

from runner import prerequisites
from servers import ironic

SEED = 39
NEIGHBOURS = 400        # random neighbours of recorded cases
SYSTEMATIC = 60         # every so-many-th systematic case
# With --full.
MANY_NEIGHBOURS, MANY_SYSTEMATIC = 6000, 4


def run(stage):
    sys.path.insert(0, str(prerequisites.HERE / "contract"))
    import corpus
    import differential
    import matrix
    import siblings
    with stage.report.check("the real Ironic and our server start", essential=True):
        reference = ironic.start(stage.processes, "reference", drivers=4)[1]
        server = stage.serve()[1]
    neighbours, every = (MANY_NEIGHBOURS, MANY_SYSTEMATIC) if stage.full else (NEIGHBOURS, SYSTEMATIC)
    cases = list(siblings.Siblings(corpus.load(), SEED).take(neighbours))
    cases += differential.shuffled(matrix.everything(), SEED)[::every]
    pair = differential.Pair(reference, server)
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
