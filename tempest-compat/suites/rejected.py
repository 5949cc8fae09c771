"""Every rejected request leaves nothing behind: the database is the same before and after it."""
import sqlite3
import sys

from runner import prerequisites

SEED = 41
NEIGHBOURS = 150        # random neighbours of recorded cases
SYSTEMATIC = 120        # every so-many-th systematic case
ENOUGH = 300            # rejected requests, at least
# What the server writes by itself; a node's time also tells when it was locked, as it does in Ironic.
OWN = {"conductors": ("updated_at",), "nodes": ("updated_at",)}


def run(stage):
    sys.path.insert(0, str(prerequisites.HERE / "contract"))
    import corpus
    import differential
    import matrix
    import play
    import siblings
    if stage.oracle:
        stage.report.add("rejected requests", "skipped", "a crash of Ironic leaves allocations and rules behind")
        return
    with stage.report.check("the server starts", essential=True):
        process, url = stage.serve()

    class Watching(play.Player):
        """Looks at the database around every request that changes something."""

        def __init__(self, base, database):
            super().__init__(base)
            self._database, self.rejected, self.left = database, 0, []

        def _until(self, step, request, limit):
            if request[0] in ("GET", "HEAD") or "wait_for" in step:
                return super()._until(step, request, limit)
            before = dump(self._database)
            answer = super()._until(step, request, limit)
            if answer.status >= 400:
                self.rejected += 1
                changed = difference(before, dump(self._database))
                if changed:
                    self.left.append("%s %s -> %d: %s" % (request[0], request[1], answer.status, changed))
            return answer

    player = Watching(url, stage.directory / "server" / "ironic.sqlite")
    # Nodes at work change their rows while a request is rejected, so only cases whose nodes rest.
    cases = [case for case in siblings.Siblings(corpus.load(), SEED).take(NEIGHBOURS) if not moves(case)]
    cases += differential.shuffled((case for case in matrix.everything() if not moves(case)), SEED)[::SYSTEMATIC]
    for case in cases:
        player.play(case)
        stage.report.progress("%d requests rejected" % player.rejected)
    with stage.report.check("%d rejected requests leave nothing behind" % player.rejected):
        assert not player.left, "\n".join(player.left[:20])
        assert player.rejected >= ENOUGH, "only %d requests were rejected" % player.rejected
    with stage.report.check("none of them was answered with a 5xx, and the server is alive"):
        assert process.running(), process.tail()
        assert "panicked" not in process.log.read_text(errors="replace")


def moves(case):
    """Whether something goes on in the background of a case."""
    return any("wait_for" in step or "/states/" in step["path"] or "allocations" in step["path"] for step in case["steps"])


def dump(database):
    """Every row of every table."""
    connection = sqlite3.connect("file:%s?mode=ro" % database, uri=True, timeout=10)
    try:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        found = {}
        for table in tables:
            cursor = connection.execute('SELECT * FROM "%s"' % table)
            kept = [at for at, column in enumerate(cursor.description) if column[0] not in OWN.get(table, ())]
            found[table] = sorted(repr([row[at] for at in kept]) for row in cursor)
        return found
    finally:
        connection.close()


def difference(before, after):
    """What changed, briefly; empty when nothing did."""
    lines = []
    for table in sorted(before.keys() | after.keys()):
        gone = set(before.get(table, ())) - set(after.get(table, ()))
        new = set(after.get(table, ())) - set(before.get(table, ()))
        if gone or new:
            lines.append("%s -%s +%s" % (table, sorted(gone)[:1], sorted(new)[:1]))
    return "; ".join(lines)[:600]
