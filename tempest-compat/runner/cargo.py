"""Cargo, called the same way by every suite, and the one release build of a run."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


def environment():
    return {**os.environ, "CARGO_BUILD_JOBS": os.environ.get("CARGO_BUILD_JOBS", str(len(os.sched_getaffinity(0)))),
            "CARGO_TERM_COLOR": "never", "RUST_BACKTRACE": "0"}


def lines(*arguments, env=None):
    """Run cargo; yields the lines it prints, last of all its exit status as an int."""
    with subprocess.Popen(["cargo", *arguments], cwd=ROOT, env={**environment(), **(env or {})}, text=True,
                          errors="replace", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as child:
        for line in child.stdout:
            yield line.rstrip("\n")
        yield child.wait()


class BuildFailed(Exception):
    """cargo build did not make the server."""


class Build:
    """The server's executable: built once a run, or given ready-made."""

    def __init__(self, executable=None):
        self._executable = pathlib.Path(executable).resolve() if executable else None
        self._failure = None

    def executable(self, progress=lambda text: None):
        if self._failure:
            raise self._failure
        if self._executable is None:
            self._executable = self._build(progress)
        return self._executable

    def _build(self, progress):
        said = []
        for line in lines("build", "--release", "--locked", "--bin", "ferric"):
            if line == 0:
                break
            if isinstance(line, int):
                self._failure = BuildFailed("cargo build --release failed:\n" + "\n".join(said[-25:]))
                raise self._failure
            said.append(line)
            progress(line.strip())
        metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"], cwd=ROOT,
                                  env=environment(), stdout=subprocess.PIPE, check=True)
        return pathlib.Path(json.loads(metadata.stdout)["target_directory"]) / "release" / "ferric"
