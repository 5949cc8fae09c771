"""Formatting and lints of the whole workspace."""
from runner import cargo


def run(stage):
    for name, arguments in (
        ("cargo fmt --check", ["fmt", "--all", "--check"]),
        ("cargo clippy -D warnings", ["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"]),
    ):
        with stage.report.check(name):
            said = []
            for line in cargo.lines(*arguments):
                if isinstance(line, int):
                    assert line == 0, "\n".join(said[-30:])
                else:
                    said.append(line)
                    stage.report.progress(line.strip())
