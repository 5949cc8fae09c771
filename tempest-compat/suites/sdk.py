"""openstacksdk's own functional tests for bare metal, from its source distribution."""
import os
import re
import shutil
import subprocess
import tarfile

from runner import prerequisites

VERSION = "4.22.0"
REQUIREMENTS = ("openstacksdk==" + VERSION, "stestr", "testtools", "fixtures", "oslotest", "requests-mock", "statsd",
                "prometheus-client", "ddt", "hacking", "jsonschema")
RESULT = re.compile(r"(?:\{\d+\} )?(\S+) \[[\d.]+s\] \.\.\. (ok|FAILED|SKIPPED)(.*)")
STATES = {"ok": "passed", "FAILED": "failed", "SKIPPED": "skipped"}
# Without has_*, the SDK believes that an endpoint given by hand serves everything else too.
CLOUD = """  {name}:
    auth_type: none
    auth: {{endpoint: {url}}}
    baremetal_endpoint_override: {url}
    region_name: RegionOne
    has_compute: false
    has_image: false
    has_network: false
"""
CLOUDS = {"OS_CLOUD": "devstack-admin", "OPENSTACKSDK_OPERATOR_CLOUD": "devstack-admin",
          "OPENSTACKSDK_SYSTEM_ADMIN_CLOUD": "devstack-system-admin", "OPENSTACKSDK_DEMO_CLOUD": "devstack",
          "OPENSTACKSDK_DEMO_CLOUD_ALT": "devstack-alt"}


def run(stage):
    binaries = stage.venv("sdk", *REQUIREMENTS)
    with stage.report.check("openstacksdk's source distribution", essential=True):
        source = _source(stage, binaries)
    with stage.report.check("the server starts", essential=True):
        _, url = stage.serve()
    clouds = stage.directory / "clouds.yaml"
    clouds.write_text("clouds:\n" + "".join(CLOUD.format(name=name, url=url) for name in sorted(set(CLOUDS.values()))))
    repository = (stage.directory / "results").resolve()
    env = {**os.environ, **CLOUDS, "OS_CLIENT_CONFIG_FILE": str(clouds.resolve()), "OS_TEST_TIMEOUT": "300", "OS_STDOUT_CAPTURE": "1",
           "OS_STDERR_CAPTURE": "1", "NO_PROXY": "*", "PATH": "%s:%s" % (binaries, os.environ["PATH"])}
    stestr = [binaries / "stestr", "--test-path", "./openstack/tests/functional/baremetal", "--top-dir", "./", "--repo-url", repository]
    repository.mkdir()
    subprocess.run([*stestr, "init"], cwd=source, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    said = []
    with subprocess.Popen([*stestr, "run", "--serial"], cwd=source, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace") as child:
        for line in child.stdout:
            said.append(line.rstrip("\n"))
            result = RESULT.match(line)
            if result:
                stage.report.progress(result.group(1))
    (stage.directory / "stestr.log").write_text("\n".join(said))
    count = 0
    for result in filter(None, map(RESULT.match, said)):
        count += 1
        name = result.group(1).removeprefix("openstack.tests.functional.baremetal.")
        state = STATES[result.group(2)]
        stage.report.add(name, state, "see stestr.log" if state == "failed" else result.group(3).strip(": "), show=state != "passed")
    with stage.report.check("the tests ran"):
        assert count, "\n".join(said[-30:])
    stage.report.note("%d tests of openstacksdk %s" % (count, VERSION))


def _source(stage, binaries):
    """The unpacked source distribution, fetched once; its library is taken from the wheel."""
    top = prerequisites.WORK / "openstacksdk"
    source = top / ("openstacksdk-" + VERSION)
    if not source.exists():
        top.mkdir(parents=True, exist_ok=True)
        done = subprocess.run([binaries / "pip", "download", "-q", "--no-deps", "--no-binary", ":all:", "--dest", top,
                               "openstacksdk==" + VERSION], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout[-1500:]
        with tarfile.open(next(top.glob("openstacksdk-*.tar.gz"))) as archive:
            archive.extractall(stage.directory, filter="data")
        shutil.move(stage.directory / source.name, source)
    return source
