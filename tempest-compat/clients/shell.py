"""Runs many `openstack baremetal` commands in one process: starting the client takes a second each time.

Run by the Python that has python-openstackclient, with the endpoint as argument; reads
JSON lists of words, one a line, and answers each with {"status", "out", "error"}.
"""
import contextlib
import io
import json
import sys

from openstackclient import shell


def run(endpoint, words):
    out, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(error):
        try:
            status = shell.main(["--os-auth-type", "none", "--os-endpoint", endpoint, "baremetal", *words])
        except SystemExit as end:
            status = end.code
        except Exception as crash:      # the client itself gave up
            status = "%s: %s" % (type(crash).__name__, crash)
    return {"status": status, "out": out.getvalue(), "error": error.getvalue()}


for line in sys.stdin:
    sys.stdout.write(json.dumps(run(sys.argv[1], json.loads(line))) + "\n")
    sys.stdout.flush()
