"""Every test of the workspace; each counts as a check."""
import re

from runner import cargo

BINARY = re.compile(r"\s+Running (?:unittests )?(\S+) \(|\s+Doc-tests (\S+)")
TEST = re.compile(r"test (\S+)(?: - [^.]*)? \.\.\. (ok|FAILED|ignored)(?:, (.*))?")
STATES = {"ok": "passed", "FAILED": "failed", "ignored": "skipped"}


def run(stage):
    tests(stage, "test", "--workspace", "--locked", "--no-fail-fast")


def tests(stage, *arguments, env=None):
    """Run `cargo test`, count its tests, show those that fail with what they said."""
    report, binary, said, failed, seen = stage.report, "", [], [], 0
    for line in cargo.lines(*arguments, env=env):
        if isinstance(line, int):
            status = line
            break
        said.append(line)
        start, test = BINARY.match(line), TEST.match(line)
        if start:
            binary = start.group(1) or start.group(2)
        if test:
            seen += 1
            name = "%s %s" % (binary, test.group(1))
            state = STATES[test.group(2)]
            failed += [test.group(1)] if state == "failed" else []
            report.add(name, state, test.group(3) or "", show=state == "failed")
            report.progress("%d tests, %s" % (seen, name))
        elif not line.startswith("test "):
            report.progress(line.strip())
    report.note("%d tests, %d failed" % (seen, len(failed)))
    for name in failed:
        report.note("%s:\n%s" % (name, _words(said, name)))
    with report.check("cargo test ends well"):
        assert status == 0 or failed, "\n".join(said[-40:])
        assert seen, "cargo test ran no test"


def _words(said, test):
    """What a failed test printed, from cargo's summary."""
    head = "---- %s stdout ----" % test
    if head not in said:
        return ""
    body = said[said.index(head) + 1:]
    return "\n".join(body[:next((i for i, line in enumerate(body) if line.startswith("---- ")), len(body))][:25])
