"""The OpenAPI document: current in the checkout, valid, and kept to by the server."""
import json
import subprocess

from clients.browser import Browser
from runner import cargo
from servers.rest import Rest

VALIDATOR = ("openapi-spec-validator",)
SCHEMATHESIS = ("schemathesis>=4",)
VERSIONS = ("1.1", "1.38", "1.50", "1.72", "1.89", "1.115")
# Those that schemathesis plays through, and how many examples of each operation it makes.
FUZZED = ("1.1", "1.31", "1.61", "1.80", "1.99", "1.115")
EXAMPLES, MANY_EXAMPLES = 6, 100
TITLE = "return document.querySelector('.info .title')?.innerText"
TAGS = "return [...document.querySelectorAll('.opblock-tag')].map(tag => tag.innerText).join()"


def run(stage):
    if stage.oracle:
        stage.report.add("the document", "skipped", "Ironic has none")
        return
    with stage.report.check("the committed document is what the code generates"):
        said = list(cargo.lines("run", "--quiet", "--locked", "-p", "openapi", "--", "check"))
        assert said[-1] == 0, "\n".join(map(str, said[-20:-1]))
    with stage.report.check("the server starts", essential=True):
        process, url = stage.serve()
    served(stage, Rest(url))
    fuzzed(stage, process, url)
    shown(stage, url)


def served(stage, rest):
    binaries = stage.venv("openapi", *VALIDATOR)
    for version in VERSIONS:
        with stage.report.check("/openapi.json?version=%s is valid" % version):
            document = rest.get("/openapi.json?version=" + version)
            assert document["paths"], "it has no paths"
            path = stage.directory / ("openapi-%s.json" % version)
            path.write_text(json.dumps(document))
            done = subprocess.run([binaries / "openapi-spec-validator", path], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
            assert done.returncode == 0, done.stdout[-1500:]


def shown(stage, url):
    """The page, in a browser: nothing of it comes from elsewhere."""
    stage.debian("chromium", "chromium-driver")
    with stage.report.check("Chromium shows the document of the last microversion", essential=True):
        browser = Browser(stage.processes)
        browser.open(url + "/swagger-ui")
        browser.until(TITLE, "microversion 1.115")
        browser.until(TAGS, "allocations")
    with stage.report.check("another microversion can be chosen"):
        browser.script("const one = document.getElementById('version'); one.value = '1.1'; one.dispatchEvent(new Event('change'))")
        browser.until(TITLE, "microversion 1.1")
        browser.until(TAGS, "nodes")
        assert "allocations" not in browser.script(TAGS)
    with stage.report.check("nothing on the page is blocked, missing or from elsewhere"):
        assert not browser.complaints(), browser.complaints()
        loaded = browser.script("return performance.getEntriesByType('resource').map(one => one.name)")
        assert loaded and all(name.startswith((url, "data:")) for name in loaded), loaded


def fuzzed(stage, process, url):
    """schemathesis: no 5xx, and no answer outside its schema."""
    binaries = stage.venv("schemathesis", *SCHEMATHESIS)
    for version in FUZZED:
        with stage.report.check("schemathesis finds no 5xx and no answer outside the schema of " + version):
            done = subprocess.run(
                [binaries / "schemathesis", "run", url + "/openapi.json?version=" + version, "--url", url,
                 "--checks", "not_a_server_error,response_schema_conformance", "--header", "X-OpenStack-Ironic-API-Version: " + version,
                 "--max-examples", str(MANY_EXAMPLES if stage.full else EXAMPLES), "--request-timeout", "30", "--seed", "1", "--no-color"],
                cwd=stage.directory, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=1800)
            (stage.directory / ("schemathesis-%s.log" % version)).write_text(done.stdout)
            assert done.returncode == 0, done.stdout[-3000:]
    with stage.report.check("the server survives it"):
        assert process.running(), process.tail()
        assert "panicked" not in process.log.read_text(errors="replace")
