"""Cargo, called the same way by every suite, and the one release build of a run."""
import json
import os
import pathlib
import subprocess

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


# Debian's compilers behind ccache: the two database clients and OpenSSL are compiled for the debug and for the release
# build, with the same flags.
CCACHE = pathlib.Path("/usr/lib/ccache")


def cached():
    """What makes C compilers remember, where ccache is installed."""
    if not CCACHE.is_dir():
        return {}
    return {"PATH": "%s:%s" % (CCACHE, os.environ["PATH"]), "CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}


def environment():
    return {**os.environ, **cached(), "CARGO_BUILD_JOBS": os.environ.get("CARGO_BUILD_JOBS", str(len(os.sched_getaffinity(0)))),
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


def build(arguments, progress=lambda text: None):
    """Run `cargo build`; the directory of the targets."""
    said = []
    for line in lines("build", "--locked", *arguments):
        if line == 0:
            break
        if isinstance(line, int):
            raise BuildFailed("cargo build %s failed:\n%s" % (" ".join(arguments), "\n".join(said[-25:])))
        said.append(line)
        progress(line.strip())
    metadata = subprocess.run(["cargo", "metadata", "--format-version", "1", "--no-deps", "--locked"], cwd=ROOT,
                              env=environment(), stdout=subprocess.PIPE, check=True)
    return pathlib.Path(json.loads(metadata.stdout)["target_directory"])


def executable(package, kind, name):
    """The path of a release binary or example, built."""
    said = list(lines("build", "--release", "--locked", "-p", package, "--" + kind, name, "--message-format", "json-render-diagnostics"))
    if said[-1] != 0:
        raise BuildFailed("cargo build of %s failed:\n%s" % (name, "\n".join(map(str, said[-25:]))))
    messages = [json.loads(line) for line in said[:-1] if line.startswith("{")]
    return next(message["executable"] for message in messages if message.get("executable"))


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
        try:
            return build(("--release", "--bin", "ferric"), progress) / "release" / "ferric"
        except BuildFailed as failure:
            self._failure = failure
            raise
